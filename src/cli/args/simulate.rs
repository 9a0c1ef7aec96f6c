//! The arguments of `rulebook simulate`.

use std::num::NonZeroUsize;
use std::path::PathBuf;

use clap::Args as ClapArgs;

use super::shared::{ReadingArgs, RulebookArgs, TextFormat};
use crate::cli::profiles::ProfileArgs;

#[derive(Debug, ClapArgs)]
#[command(after_help = concat!(
    "\
Each record is judged twice, as of its own date: by what is compared with, and by the candidate. That
is another rulebook (`--baseline`), another time (`--at A --at B`), or the same rulebook with other
parameters (`--set`). With none of these, the rulebook alone is told.

Examples:
  rulebook simulate policies/marketplace --policy delivery_goodwill --input orders.jsonl \\
    --set late_pays=60% --by order.purchased_at --sum order.freight
  rulebook simulate new_rules --baseline policies/marketplace --policy purchase_review \\
    --input orders.jsonl --by order.category --sum order.amount --format json > impact.json
  rulebook simulate policies/taobao --policy refund_only --input orders.jsonl \\
    --at 2024-08-08 --at 2024-08-09

",
    exit_codes!()
))]
pub(in crate::cli) struct SimulateArgs {
    #[command(flatten)]
    pub(in crate::cli) rulebook: RulebookArgs,
    /// The policy to simulate [default: the only one]
    #[arg(long, value_name = "NAME")]
    pub(in crate::cli) policy: Option<String>,
    /// A file of records, a pattern in quotes such as 'data/*.jsonl', or `-` for standard input; may
    /// be repeated
    #[arg(long = "input", value_name = "FILE", required = true)]
    pub(in crate::cli) inputs: Vec<PathBuf>,
    #[command(flatten)]
    pub(in crate::cli) reading: ReadingArgs,
    /// Compare with this rulebook
    #[arg(long, value_name = "RULEBOOK")]
    pub(in crate::cli) baseline: Option<PathBuf>,
    /// Judge every record at this time; twice to compare two times [default: each record's own date]
    #[arg(long, value_name = "TIME")]
    pub(in crate::cli) at: Vec<String>,
    /// Give a parameter of the candidate another value; may be repeated
    #[arg(long = "set", value_name = "PARAMETER=VALUE")]
    pub(in crate::cli) set: Vec<String>,
    /// Tell the same by the values of a field, or by the months of a time; may be repeated
    #[arg(long = "by", value_name = "FIELD")]
    pub(in crate::cli) by: Vec<String>,
    /// Add up a field, a number or an amount; may be repeated
    #[arg(long = "sum", value_name = "FIELD")]
    pub(in crate::cli) sum: Vec<String>,
    /// How many of the records that are decided otherwise are told with both explanations
    #[arg(long, value_name = "N", default_value_t = 3)]
    pub(in crate::cli) sample: usize,
    /// The language of titles and reasons [default: the rulebook's first]
    #[arg(long, value_name = "LANG")]
    pub(in crate::cli) lang: Option<String>,
    #[command(flatten)]
    pub(in crate::cli) profiles: ProfileArgs,
    /// How to tell it
    #[arg(long, value_enum, default_value_t = TextFormat::Text)]
    pub(in crate::cli) format: TextFormat,
    /// Write to this file instead of standard output
    #[arg(long, value_name = "FILE")]
    pub(in crate::cli) output: Option<PathBuf>,
    /// Write a page about it to this file too, for a browser; it needs no server and no network
    #[arg(long, value_name = "FILE")]
    pub(in crate::cli) report: Option<PathBuf>,
    /// How many threads judge; the result is the same for any number [default: as many as the
    /// machine runs side by side]
    #[arg(long, value_name = "N")]
    pub(in crate::cli) threads: Option<NonZeroUsize>,
}
