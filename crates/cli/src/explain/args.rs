//! The arguments of `rulebook explain`.

use std::path::PathBuf;

use clap::Args as ClapArgs;

use crate::args::{
    HistoryArgs, JudgeArgs, NumbersArgs, ReadingArgs, RulebookArgs, TextFormat, count,
};

#[derive(Debug, ClapArgs)]
#[command(after_help = concat!(
    "\
Examples:
  rulebook explain policies/taobao --policy refund_only --input policies/taobao/data/refund_only.jsonl
  rulebook explain policies/taobao --policy refund_only --input orders.jsonl --record 41
  rulebook explain policies/wechat --policy links --input link.json --now 2021-09-16 --format json

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
    /// Which record of the input, counted from 0
    #[arg(long, value_name = "N", default_value_t = 0, value_parser = count::<u64>)]
    pub(crate) record: u64,
    #[command(flatten)]
    pub(crate) judge: JudgeArgs,
    /// How to tell it
    #[arg(long, value_enum, default_value_t = TextFormat::Text)]
    pub(crate) format: TextFormat,
    #[command(flatten)]
    pub(crate) json: NumbersArgs,
}
