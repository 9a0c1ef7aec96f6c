//! Arguments that several commands have.

use std::num::NonZeroUsize;
use std::path::PathBuf;
use std::time::Duration;

use clap::{Args as ClapArgs, ValueEnum};

use crate::profiles::ProfileArgs;
use rulebook::inside::Trust;
use rulebook::{Policy, Rulebook};
use rulebook_base::encoding::Encoding;
use rulebook_core::settings;
use rulebook_stream::{self as stream, FileForm, Inputs, RecordPath};

/// Where the rulebook lies and how far it is trusted.
#[derive(Debug, ClapArgs)]
pub(crate) struct RulebookArgs {
    /// A folder with `rulebook.yaml` and `.policy` files, or one `.policy` file
    #[arg(value_name = "RULEBOOK")]
    pub(crate) path: PathBuf,
    #[command(flatten)]
    pub(crate) trust: TrustArgs,
}

impl RulebookArgs {
    /// How far the authors of the rulebook are trusted.
    pub(crate) fn trust(&self) -> Trust {
        self.trust.trust()
    }
}

/// Several rulebooks, for commands that only look at them.
#[derive(Debug, ClapArgs)]
pub(crate) struct RulebooksArgs {
    /// Folders with `rulebook.yaml` and `.policy` files, single `.policy` files, or `-` for a policy
    /// on standard input
    #[arg(value_name = "RULEBOOK", required = true)]
    pub(crate) paths: Vec<PathBuf>,
    #[command(flatten)]
    pub(crate) trust: TrustArgs,
}

/// How far a rulebook is trusted.
#[derive(Debug, Clone, Copy, ClapArgs)]
pub(crate) struct TrustArgs {
    /// The rulebook is a stranger's: nothing outside of its folder is read, no link is followed, narrow
    /// bounds hold for what it contains, and the run is ended if it has not come to the records, or
    /// to its end, after this time [without a number: 60], or takes a gigabyte until then
    #[arg(
        long,
        value_name = "SECONDS",
        num_args = 0..=1,
        require_equals = true,
        default_missing_value = "60",
        value_parser = seconds
    )]
    pub(crate) untrusted: Option<Duration>,
}

impl TrustArgs {
    /// How far the authors of the rulebook are trusted.
    pub(crate) fn trust(self) -> Trust {
        self.untrusted.map_or(Trust::Colleague, |_| Trust::Stranger)
    }
}

fn seconds(text: &str) -> Result<Duration, String> {
    let seconds = text.parse().ok().and_then(|seconds| Duration::try_from_secs_f64(seconds).ok());
    seconds.filter(|time| !time.is_zero()).ok_or_else(|| "give a number of seconds".into())
}

/// Which records are read, and how.
#[derive(Debug, ClapArgs)]
pub(crate) struct InputArgs {
    /// A file of records, a folder of such files, a pattern in quotes such as 'data/*.jsonl', or `-` for standard
    /// input; may be repeated
    #[arg(long = "input", value_name = "FILE", required = true)]
    pub(crate) files: Vec<PathBuf>,
    #[command(flatten)]
    pub(crate) reading: ReadingArgs,
}

impl InputArgs {
    pub(crate) fn inputs(&self, rulebook: &Rulebook, policies: &[Policy]) -> Inputs {
        self.reading.inputs(&self.files, rulebook, policies)
    }
}

/// How records are read.
#[derive(Debug, ClapArgs)]
pub(crate) struct ReadingArgs {
    /// The format of every input [default: told by its ending, else by its first bytes]
    #[arg(long = "input-format", value_name = "FORMAT", value_enum)]
    pub(crate) input_format: Option<InputFormat>,
    /// The character between the cells of CSV inputs, or `tab` [default: the one by which the columns fit]
    #[arg(long, value_name = "CHARACTER", value_parser = settings::delimiter)]
    pub(crate) delimiter: Option<u8>,
    /// The line of CSV inputs that names the columns [default: the first whose names fit]
    #[arg(long, value_name = "LINE", value_parser = settings::header_line)]
    pub(crate) header_line: Option<u64>,
    /// The encoding of text inputs, such as gbk, latin1 or utf-16 [default: told by the first bytes]
    #[arg(long, value_name = "NAME", value_parser = Encoding::named)]
    pub(crate) encoding: Option<Encoding>,
    /// The sheet of Excel inputs; `--input orders.xlsx#Sheet1` says the same [default: the one whose columns fit]
    #[arg(long, value_name = "NAME")]
    pub(crate) sheet: Option<String>,
    /// Where the records stand in documents of JSON and YAML: `orders`, `data.items`, `/data/items`, or
    /// `orders[*].lines` for the lines of each order [default: at the top]
    #[arg(long, value_name = "PATH")]
    pub(crate) records: Option<RecordPath>,
}

impl ReadingArgs {
    /// The inputs of policies of a rulebook, whose settings tell what the command line does not.
    pub(crate) fn inputs(
        &self,
        files: &[PathBuf],
        rulebook: &Rulebook,
        policies: &[Policy],
    ) -> Inputs {
        let format = self.input_format.map(InputFormat::stream);
        let form = FileForm {
            records: self.records.clone(),
            encoding: self.encoding,
            delimiter: self.delimiter,
            header_line: self.header_line,
            sheet: self.sheet.clone(),
        };
        Inputs { files: files.to_vec(), format, form }.told_by(rulebook.settings(), policies)
    }
}

/// A whole number that is not below 0.
pub(crate) fn count<N: std::str::FromStr>(text: &str) -> Result<N, String> {
    text.parse().map_err(|_| "give a whole number, such as 20".into())
}

/// A whole number from 1 on.
pub(crate) fn some(text: &str) -> Result<NonZeroUsize, String> {
    text.parse().map_err(|_| "give a whole number from 1 on".into())
}

/// Where counters find what earlier runs have counted.
#[derive(Debug, ClapArgs)]
pub(crate) struct HistoryArgs {
    /// Count the records of earlier runs too, which are kept in this file [default: only those of
    /// the input count]
    #[arg(long, value_name = "FILE")]
    pub(crate) history: Option<PathBuf>,
}

/// What `eval` and `explain` share.
#[derive(Debug, ClapArgs)]
pub(crate) struct JudgeArgs {
    /// The time of the evaluation [default: each record's own `dated by` time, else the clock]
    #[arg(long, value_name = "TIME")]
    pub(crate) now: Option<String>,
    /// Give a parameter another value; may be repeated
    #[arg(long = "set", value_name = "PARAMETER=VALUE")]
    pub(crate) set: Vec<String>,
    /// The language of titles and reasons [default: the rulebook's first]
    #[arg(long, value_name = "LANG")]
    pub(crate) lang: Option<String>,
    #[command(flatten)]
    pub(crate) profiles: ProfileArgs,
}

/// How JSON has numbers.
#[derive(Debug, ClapArgs)]
pub(crate) struct NumbersArgs {
    /// How JSON has the numbers of records and decisions
    #[arg(long, value_name = "FORM", value_enum, default_value_t = Numbers::Digits)]
    pub(crate) numbers: Numbers,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Numbers {
    /// As JSON numbers, with every digit
    Digits,
    /// As texts, for readers that make doubles of JSON numbers; counts stay numbers
    Text,
}

impl NumbersArgs {
    pub(crate) fn stream(&self) -> stream::Numbers {
        match self.numbers {
            Numbers::Digits => stream::Numbers::Digits,
            Numbers::Text => stream::Numbers::Text,
        }
    }
}

/// How cells are written.
#[derive(Debug, ClapArgs)]
pub(crate) struct CellArgs {
    /// How texts stand in cells of CSV and TSV
    #[arg(long, value_name = "FORM", value_enum, default_value_t = CellForm::Safe)]
    pub(crate) cells: CellForm,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum CellForm {
    /// With a `'` before one that a spreadsheet would run: =, +, -, @, a tab or a line end begins it, and
    /// it is no number
    Safe,
    /// As they are, for readers that run nothing
    Exact,
}

impl CellArgs {
    pub(crate) fn stream(&self) -> stream::CellForm {
        match self.cells {
            CellForm::Safe => stream::CellForm::Safe,
            CellForm::Exact => stream::CellForm::Exact,
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum TextFormat {
    /// For people
    Text,
    /// For programs
    Json,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum InputFormat {
    /// One JSON object a line
    Jsonl,
    /// A JSON object or an array of them
    Json,
    /// A YAML mapping or a list of them
    Yaml,
    /// Columns in a Parquet file
    Parquet,
    /// Cells parted by commas, or by `--delimiter`; the first line names the columns
    Csv,
    /// The same, parted by tabs
    Tsv,
    /// A sheet of a workbook of Excel
    Xlsx,
}

impl InputFormat {
    fn stream(self) -> stream::InputFormat {
        match self {
            Self::Jsonl => stream::InputFormat::Jsonl,
            Self::Json => stream::InputFormat::Json,
            Self::Yaml => stream::InputFormat::Yaml,
            Self::Parquet => stream::InputFormat::Parquet,
            Self::Csv => stream::InputFormat::Csv,
            Self::Tsv => stream::InputFormat::Tsv,
            Self::Xlsx => stream::InputFormat::Xlsx,
        }
    }
}
