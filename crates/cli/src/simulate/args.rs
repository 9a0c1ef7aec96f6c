//! The arguments of `rulebook simulate`.

use std::path::PathBuf;

use clap::{Args as ClapArgs, ValueEnum};

use crate::args::CompareArgs;
use crate::args::{CellArgs, NumbersArgs, count};
use rulebook_stream::Content;

#[derive(Debug, ClapArgs)]
#[command(after_help = concat!(
    "\
Each record is judged twice, as of its own date: by what is compared with, and by the candidate. That \
is another rulebook (`--baseline`), the rules of another time (`--at A --at B`), or the same rulebook \
with other parameters (`--set`). With none of these, the rulebook alone is told.

Examples:
  rulebook simulate policies/marketplace --policy delivery_goodwill \\
    --input orders.jsonl --set late_pays=60% --by order.purchased_at \\
    --sum order.freight
  rulebook simulate new_rules --baseline policies/marketplace \\
    --policy purchase_review --input orders.jsonl --by order.category \\
    --sum order.amount --format json > impact.json
  rulebook simulate policies/taobao --policy refund_only --input orders.jsonl \\
    --at 2024-08-08 --at 2024-08-09
  rulebook simulate policies/marketplace --policy purchase_review \\
    --input 'years/*.parquet' --set large_amount=800 \\
    --flips flips.parquet --report report.html

",
    exit_codes!()
))]
pub(crate) struct SimulateArgs {
    #[command(flatten)]
    pub(crate) compare: CompareArgs,
    /// Give a parameter of the candidate another value; may be repeated
    #[arg(long = "set", value_name = "PARAMETER=VALUE")]
    pub(crate) set: Vec<String>,
    /// How many of the records that are decided differently are told with both explanations
    #[arg(long, value_name = "N", default_value_t = 3, value_parser = count::<usize>)]
    pub(crate) sample: usize,
    /// How to tell it
    #[arg(long, value_enum, default_value_t = SimulateFormat::Text)]
    pub(crate) format: SimulateFormat,
    #[command(flatten)]
    pub(crate) json: NumbersArgs,
    /// Write to this file instead of standard output
    #[arg(long, value_name = "FILE")]
    pub(crate) output: Option<PathBuf>,
    #[command(flatten)]
    pub(crate) cells: CellArgs,
    /// Write every record that is decided differently to this file, as its ending says: `.jsonl`, `.json`,
    /// `.parquet`, `.csv` or `.tsv`
    #[arg(long, value_name = "FILE")]
    pub(crate) flips: Option<PathBuf>,
    /// Write a page about it to this file too, for a browser; it needs no server and no network
    #[arg(long, value_name = "FILE")]
    pub(crate) report: Option<PathBuf>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum SimulateFormat {
    /// For people
    Text,
    /// For programs: all of it
    Json,
    /// For tables: how many records go from which outcome to which, over all and in each group
    Parquet,
}

impl SimulateFormat {
    /// What a file in this format holds.
    pub(crate) fn content(self) -> Content {
        match self {
            Self::Text => Content::TEXT,
            Self::Json => Content::JSON,
            Self::Parquet => Content::PARQUET,
        }
    }
}
