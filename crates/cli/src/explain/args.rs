//! The arguments of `rulebook explain`.

use std::path::PathBuf;

use clap::Args as ClapArgs;

use crate::args::{HistoryArgs, JudgeArgs, NumbersArgs, ReadingArgs, RulebookArgs, TextFormat};
use crate::shell;

#[derive(Debug, ClapArgs)]
#[command(after_help = concat!(
    "\
Examples:
  rulebook explain policies/taobao --policy refund_only \\
    --input policies/taobao/data/refund_only.jsonl
  rulebook explain policies/taobao --policy refund_only --input orders.jsonl \\
    --id o-2041
  rulebook explain policies/wechat --policy links --input link.json \\
    --now 2021-09-16 --format json

",
    exit_codes!()
))]
pub(crate) struct ExplainArgs {
    #[command(flatten)]
    pub(crate) rulebook: RulebookArgs,
    /// The policy to explain [default: the first whose record fits]
    #[arg(long, value_name = "NAME")]
    pub(crate) policy: Option<String>,
    /// A file of records, or `-` for standard input
    #[arg(long, value_name = "FILE")]
    pub(crate) input: PathBuf,
    #[command(flatten)]
    pub(crate) reading: ReadingArgs,
    #[command(flatten)]
    pub(crate) history: HistoryArgs,
    /// Which record of the input, counted from 0 on
    #[arg(long, value_name = "N", default_value_t = 0, value_parser = place)]
    pub(crate) record: u64,
    /// The record whose field `id` is this, text or number
    #[arg(long, value_name = "ID", conflicts_with = "record", allow_hyphen_values = true)]
    pub(crate) id: Option<String>,
    /// Which element of a list, by its id or its position from 1 on, where the policy judges each; all
    /// of them without it
    #[arg(long, value_name = "ID", allow_hyphen_values = true)]
    pub(crate) element: Option<String>,
    #[command(flatten)]
    pub(crate) judge: JudgeArgs,
    /// Also tell changes to what nobody can change: fields that are `fixed`, and those by which policies
    /// and rules are dated
    #[arg(long)]
    pub(crate) any_field: bool,
    /// How to tell it
    #[arg(long, value_enum, default_value_t = TextFormat::Text)]
    pub(crate) format: TextFormat,
    #[command(flatten)]
    pub(crate) json: NumbersArgs,
}

/// The place of a record.
fn place(text: &str) -> Result<u64, String> {
    text.parse().map_err(|_| {
        let id = shell::text(text);
        format!("it counts records, from 0 on; `--id {id}` finds a record by its id")
    })
}
