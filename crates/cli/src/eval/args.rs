//! The arguments of `rulebook eval`.

use std::num::NonZeroUsize;
use std::path::PathBuf;

use clap::{Args as ClapArgs, ValueEnum};

use crate::args::{
    CellArgs, HistoryArgs, InputArgs, JudgeArgs, NumbersArgs, RulebookArgs, count, some,
};
use rulebook_stream::Format;

#[derive(Debug, ClapArgs)]
#[command(after_help = concat!(
    "\
Input is JSON (an object or an array of them), JSON lines, YAML, Parquet or CSV, told apart by \
`--input-format`, else by the file's ending, else by its first bytes (JSON only); `-` is standard \
input. Columns hold fields by their names, nested ones as structs or as `order.amount`. Columns that \
can never hold their fields are refused before anything runs. A record that breaks its declared types \
is rejected as a whole with every error in it, and the rest is carried on: records in = decided + \
rejected.

Memory stays below 64 MB, and 64 MB more for each thread, however long the input is, as long as no \
record takes more than a megabyte. Counters are kept for every record on top. Of a Parquet file, pages \
of plain values are read little by little; any other page is held as a whole, and refused beyond \
256 MB. A record of more than 64 MB in JSON, or 16 MB in YAML, is rejected.

Examples:
  rulebook eval policies/taobao --policy refund_only \\
    --input policies/taobao/data/refund_only.jsonl
  rulebook eval policies/taobao --policy refund_only --input orders.jsonl \\
    --set trusted_score=4.7
  rulebook eval policies/wechat --policy links --input links.json \\
    --lang zh --format json
  cat orders.jsonl | rulebook eval policies/marketplace --input - \\
    --rejects bad.jsonl > out.jsonl
  rulebook eval policies/taobao --input today.jsonl --fail-on refund=reject
  rulebook eval policies/taobao --input today.jsonl --history counted.sqlite
  rulebook eval policies/marketplace --input orders.jsonl \\
    --profile Merchant=merchants.csv
  rulebook eval policies/marketplace --policy purchase_review \\
    --input 'years/*.parquet' --format counts
  rulebook eval policies/marketplace --input orders.csv --delimiter ';' \\
    --output decided.parquet
  rulebook eval policies/wechat --policy links --input taps.jsonl \\
    --format dsa --rejects bad.jsonl

",
    exit_codes!()
))]
pub(crate) struct EvalArgs {
    #[command(flatten)]
    pub(crate) rulebook: RulebookArgs,
    /// The policy to judge by; may be repeated [default: every policy whose record fits]
    #[arg(long = "policy", value_name = "NAME")]
    pub(crate) policies: Vec<String>,
    #[command(flatten)]
    pub(crate) input: InputArgs,
    #[command(flatten)]
    pub(crate) judge: JudgeArgs,
    /// How to write decisions [default: told by the ending of `--output`; without one, a table on a
    /// terminal, and JSON lines elsewhere]
    #[arg(long, value_enum)]
    pub(crate) format: Option<DecisionFormat>,
    #[command(flatten)]
    pub(crate) json: NumbersArgs,
    /// What columns tell besides the outcomes
    #[arg(long = "with", value_name = "WHAT", value_enum, value_delimiter = ',')]
    pub(crate) extras: Vec<Extra>,
    /// How many records the table shows for each policy; 0 for all
    #[arg(long, value_name = "N", default_value_t = 20, value_parser = count::<usize>)]
    pub(crate) rows: usize,
    /// Write decisions to this file instead of standard output
    #[arg(long, value_name = "FILE")]
    pub(crate) output: Option<PathBuf>,
    #[command(flatten)]
    pub(crate) cells: CellArgs,
    /// Keep rejected records in this file, as JSON lines
    #[arg(long, value_name = "FILE")]
    pub(crate) rejects: Option<PathBuf>,
    #[command(flatten)]
    pub(crate) history: HistoryArgs,
    /// Judge inputs again that the history has counted, as they were judged the first time; nothing
    /// is added
    #[arg(long, requires = "history")]
    pub(crate) again: bool,
    /// Exit with 1 if any record is decided so; may be repeated
    #[arg(long = "fail-on", value_name = "DECISION=OUTCOME")]
    pub(crate) fail_on: Vec<String>,
    /// How many threads judge; the output is the same for any number [default: as many as the
    /// machine runs side by side]
    #[arg(long, value_name = "N", value_parser = some)]
    pub(crate) threads: Option<NonZeroUsize>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum DecisionFormat {
    /// For people: a table and a summary
    Table,
    /// For people: how often each outcome was decided, and the summary
    Counts,
    /// One JSON object a line
    Jsonl,
    /// One JSON array
    Json,
    /// One statement of reasons (EU Digital Services Act) a line, for the decisions that `dsa` in
    /// `rulebook.yaml` names
    Dsa,
    /// Columns in a Parquet file: one for each decision
    Parquet,
    /// The same columns as cells parted by commas
    Csv,
    /// The same columns as cells parted by tabs
    Tsv,
}

impl DecisionFormat {
    pub(crate) fn stream(self) -> Format {
        match self {
            Self::Table => Format::Table,
            Self::Counts => Format::Counts,
            Self::Jsonl => Format::Jsonl,
            Self::Json => Format::Json,
            Self::Dsa => Format::Statements,
            Self::Parquet => Format::Parquet,
            Self::Csv => Format::Csv,
            Self::Tsv => Format::Tsv,
        }
    }
}

/// What columns tell besides outcomes and faults.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Extra {
    /// The names of the rules that gave the outcomes
    Rules,
    /// The reasons
    Reasons,
    /// A row for each element of a list that a policy judges, instead of a list of them; cells of CSV
    /// and TSV have it always
    Elements,
}
