//! What the ending of a file's name says of what it holds: nothing is written under a name that says otherwise.

use std::path::Path;

use crate::Refusal;
use crate::options::Format;
use rulebook_base::visible::visible_path;

/// What a file may hold: how to call it, and how the names of such files end, the usual ending first.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Content {
    /// What to call it in a sentence.
    pub what: &'static str,
    /// How names may end, without the point.
    pub endings: &'static [&'static str],
}

/// Endings of files that are never written: packed ones, sheets, documents and databases.
#[rustfmt::skip]
const OTHERS: &[&str] = &[
    "7z", "br", "bz2", "gz", "lz4", "snappy", "tar", "tgz", "xz", "z", "zip", "zst",
    "numbers", "ods", "xls", "xlsb", "xlsm", "xlsx",
    "doc", "docx", "md", "odt", "pdf", "png", "rtf",
    "arrow", "avro", "db", "duckdb", "feather", "orc", "pkl", "sqlite", "sqlite3",
    "policy", "rhai", "toml", "yaml", "yml",
];

impl Content {
    /// Text for people.
    pub const TEXT: Self = Self { what: "text for people", endings: &["txt"] };
    /// One JSON value.
    pub const JSON: Self = Self { what: "JSON", endings: &["json"] };
    /// JSON values, each on a line.
    pub const LINES: Self = Self { what: "JSON lines", endings: &["jsonl", "ndjson"] };
    /// Columns.
    pub const PARQUET: Self = Self { what: "Parquet", endings: &["parquet"] };
    /// Cells parted by commas.
    pub const CSV: Self = Self { what: "CSV", endings: &["csv"] };
    /// Cells parted by tabs.
    pub const TSV: Self = Self { what: "TSV", endings: &["tsv", "tab"] };
    /// A page for a browser.
    pub const PAGE: Self = Self { what: "a page", endings: &["html", "htm"] };
    /// A drawing.
    pub const DRAWING: Self = Self { what: "a drawing", endings: &["svg"] };

    /// What counters have counted.
    pub const HISTORY: Self = Self { what: "a history", endings: &["sqlite", "sqlite3", "db"] };

    /// All that is written.
    const WRITTEN: &[Self] = &[
        Self::TEXT,
        Self::JSON,
        Self::LINES,
        Self::PARQUET,
        Self::CSV,
        Self::TSV,
        Self::PAGE,
        Self::DRAWING,
    ];

    /// Makes sure that a file is not called like one that holds something else. An ending that says nothing
    /// fits anything.
    ///
    /// # Errors
    /// [`Refusal::Ending`], which says how such a file may be called.
    pub fn fits(self, path: &Path) -> Result<(), Refusal> {
        let Some(ending) = ending(path) else { return Ok(()) };
        let has = |content: &Self| content.endings.contains(&ending.as_str());
        let says_otherwise = OTHERS.contains(&ending.as_str()) || Self::WRITTEN.iter().any(has);
        match says_otherwise && !has(&self) {
            true => Err(refused(path, &ending, self.what, self.endings.to_vec())),
            false => Ok(()),
        }
    }
}

/// The ending of a name in small letters, without the point.
fn ending(path: &Path) -> Option<String> {
    Some(path.extension()?.to_string_lossy().to_lowercase())
}

fn refused(path: &Path, ending: &str, what: &'static str, endings: Vec<&'static str>) -> Refusal {
    let is_written = !OTHERS.contains(&ending);
    let (file, ending) = (visible_path(path), ending.to_string());
    Refusal::Ending { file, ending, what, endings, is_written, can_be_named: false }
}

impl Format {
    /// What a file of decisions in this format holds.
    pub fn content(self) -> Content {
        match self {
            Self::Table | Self::Counts => Content::TEXT,
            Self::Jsonl | Self::Statements => Content::LINES,
            Self::Json => Content::JSON,
            Self::Parquet => Content::PARQUET,
            Self::Csv => Content::CSV,
            Self::Tsv => Content::TSV,
        }
    }

    /// The format that the ending of a file stands for: JSON lines where it has none.
    ///
    /// # Errors
    /// [`Refusal::Ending`] for an ending that stands for none.
    pub fn by_ending(path: &Path) -> Result<Self, Refusal> {
        const BY_ENDING: [Format; 5] =
            [Format::Jsonl, Format::Json, Format::Parquet, Format::Csv, Format::Tsv];
        let Some(ending) = ending(path) else { return Ok(Self::Jsonl) };
        let endings = |format: &Self| format.content().endings;
        let found = BY_ENDING.into_iter().find(|format| endings(format).contains(&ending.as_str()));
        let all = || BY_ENDING.iter().flat_map(endings).copied().collect();
        found.ok_or_else(|| refused(path, &ending, "decisions", all()))
    }

    /// The format of a file of decisions: the one that is named, if the file may be called so, else the one
    /// that its ending stands for.
    ///
    /// # Errors
    /// [`Refusal::Ending`] for an ending that stands for none, or for another one.
    pub fn of_file(path: &Path, named: Option<Self>) -> Result<Self, Refusal> {
        let format = match named {
            Some(format) => format.content().fits(path).map(|()| format),
            None => Self::by_ending(path),
        };
        format.map_err(Refusal::with_choice)
    }
}
