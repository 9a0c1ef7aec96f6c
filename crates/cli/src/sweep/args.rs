//! The arguments of `rulebook sweep`.

use std::path::PathBuf;

use clap::{Args as ClapArgs, ValueEnum};

use crate::args::CompareArgs;
use crate::args::{CellArgs, NumbersArgs};
use rulebook_stream::Content;

#[derive(Debug, ClapArgs)]
#[command(after_help = concat!(
    "\
Each record is judged by the rulebook as it is, and once for every value of the range: what `simulate \
--set` tells of one value, as a curve. FROM..TO/STEP is exact, and written like the parameter: \
4.5..4.9/0.1, 50%..90%/10%, 100 CNY..300 CNY/50 CNY, 3 days..10 days/1 day. Several ranges are crossed, \
with no more than 200 points together; `--set PARAMETER=VALUE` holds for all of them.

Examples:
  rulebook sweep policies/taobao --policy refund_only --input orders.jsonl \\
    --set trusted_score=4.5..4.9/0.1 --sum order.amount
  rulebook sweep policies/taobao --policy return_treasure_savings \\
    --input policies/taobao/data/return_treasure_savings.jsonl \\
    --set 'insured_share=40%..80%/10%' --set 'least_saved=10%..30%/10%' \\
    --format svg --output saved.svg

",
    exit_codes!()
))]
pub(crate) struct SweepArgs {
    #[command(flatten)]
    pub(crate) compare: CompareArgs,
    /// Give a parameter of the candidate each value of a range, `FROM..TO/STEP`, or one value for all; may
    /// be repeated
    #[arg(long = "set", value_name = "NAME=RANGE", required = true)]
    pub(crate) set: Vec<String>,
    /// How to tell it
    #[arg(long, value_enum, default_value_t = SweepFormat::Text)]
    pub(crate) format: SweepFormat,
    /// Write to this file instead of standard output
    #[arg(long, value_name = "FILE")]
    pub(crate) output: Option<PathBuf>,
    #[command(flatten)]
    pub(crate) json: NumbersArgs,
    #[command(flatten)]
    pub(crate) cells: CellArgs,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum SweepFormat {
    /// For people: a line for each value, with bars
    Text,
    /// For programs: for each value what `simulate` tells, without rules and examples
    Json,
    /// For spreadsheets: a line for each value, and with `--by` one for each group
    Csv,
    /// Drawings of the curves
    Svg,
}

impl SweepFormat {
    /// What a file in this format holds.
    pub(crate) fn content(self) -> Content {
        match self {
            Self::Text => Content::TEXT,
            Self::Json => Content::JSON,
            Self::Csv => Content::CSV,
            Self::Svg => Content::DRAWING,
        }
    }
}
