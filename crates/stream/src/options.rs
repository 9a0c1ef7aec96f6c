//! How records are read and decisions are written.

use std::path::PathBuf;

use rulebook::Policy;
use rulebook_core::settings::{FileForm, Settings};

/// Which records are read, and how.
#[derive(Debug, Clone, Default)]
pub struct Inputs {
    /// Files, patterns for files, and `-` for standard input, one behind the other.
    pub files: Vec<PathBuf>,
    /// The format of all of them; without it each tells its own, by its ending or else its first bytes.
    pub format: Option<InputFormat>,
    /// How they hold records, as far as they do not tell it themselves.
    pub form: FileForm,
}

impl Inputs {
    /// The same, and what settings say of the record that policies judge, where it was not said otherwise.
    /// Of policies that judge different records nothing is said, unless it is the same.
    #[must_use]
    pub fn told_by(mut self, settings: &Settings, policies: &[Policy]) -> Self {
        let form_of = |policy: &Policy| {
            let record = &policy.compiled().layout.record;
            let found = settings.inputs.iter().find(|input| *input.record == **record);
            found.map(|input| &input.form)
        };
        let mut forms = policies.iter().map(form_of);
        if let Some(Some(first)) = forms.next()
            && forms.all(|form| form == Some(first))
        {
            self.form = self.form.or(first);
        }
        self
    }
}

/// The format of an input.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum InputFormat {
    /// One JSON object a line.
    Jsonl,
    /// A JSON object or an array of them.
    Json,
    /// A YAML mapping or a list of them.
    Yaml,
    /// Columns in a Parquet file.
    Parquet,
    /// Cells parted by commas; the first line names the columns.
    Csv,
    /// The same, parted by tabs.
    Tsv,
    /// A sheet of a workbook of Excel.
    Xlsx,
}

/// How decisions are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// For people: the first of them as rows of texts, which whoever calls draws.
    Table,
    /// For people: nothing but how often each outcome was decided.
    Counts,
    /// One JSON object a line.
    Jsonl,
    /// One JSON array.
    Json,
    /// One statement of reasons (EU Digital Services Act) a line.
    Statements,
    /// Columns in a Parquet file: one for each decision.
    Parquet,
    /// The same columns as cells parted by commas.
    Csv,
    /// The same columns as cells parted by tabs.
    Tsv,
}

impl InputFormat {
    /// All of them, by the names that people write.
    pub const NAMED: &[(&str, Self)] = &[
        ("jsonl", Self::Jsonl),
        ("json", Self::Json),
        ("yaml", Self::Yaml),
        ("parquet", Self::Parquet),
        ("csv", Self::Csv),
        ("tsv", Self::Tsv),
        ("xlsx", Self::Xlsx),
    ];
}

impl Format {
    /// Those that are for programs, by the names that people write.
    pub const NAMED: &[(&str, Self)] = &[
        ("jsonl", Self::Jsonl),
        ("json", Self::Json),
        ("dsa", Self::Statements),
        ("parquet", Self::Parquet),
        ("csv", Self::Csv),
        ("tsv", Self::Tsv),
    ];

    /// Whether it is told how often each outcome was decided.
    pub(crate) fn counts_outcomes(self) -> bool {
        matches!(self, Self::Table | Self::Counts)
    }

    /// Whether decisions are told in columns.
    pub fn is_columns(self) -> bool {
        matches!(self, Self::Parquet | Self::Csv | Self::Tsv)
    }

    /// Whether more is told of a record than its outcomes, rules and faults, so that each has to be
    /// judged by itself.
    pub(crate) fn tells_rows(self, wanted: Wanted) -> bool {
        self != Self::Counts && (!self.is_columns() || wanted.reasons)
    }
}

/// How JSON has numbers.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Numbers {
    /// As JSON numbers, with every digit.
    #[default]
    Digits,
    /// As texts, for readers that make doubles of JSON numbers; counts stay numbers.
    Text,
}

/// How texts stand in cells of CSV and TSV.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum CellForm {
    /// With a `'` before one that a spreadsheet would run.
    #[default]
    Safe,
    /// As they are, for readers that run nothing.
    Exact,
}

/// What columns tell besides outcomes and faults.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Wanted {
    /// The names of the rules that gave the outcomes.
    pub rules: bool,
    /// The reasons.
    pub reasons: bool,
    /// A row for each element of a list that a policy judges, instead of a list for each record. Cells of CSV
    /// and TSV hold no lists: there it is always so.
    pub elements: bool,
}

/// How inputs are taken that the history knows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Known {
    /// They would count twice, and are refused.
    Refused,
    /// They are judged as they were the first time, and nothing is added.
    JudgedAgain,
    /// Either way nothing is added.
    OnlyRead,
}
