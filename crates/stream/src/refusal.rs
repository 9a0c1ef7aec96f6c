//! Refusals that have a way out, in words of the stream: whoever asked knows how to ask for that.

use rulebook_base::visible::visible;

use crate::StreamError;

/// What was asked for cannot be done, but something beside it can. How that is asked for (a flag, an
/// argument) is for the caller to say. Files are named in it as they are shown.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Refusal {
    /// A pattern for files is none, or stands for none that can be read.
    #[error("`{pattern}`: {why}")]
    Pattern {
        /// The pattern as it was given.
        pattern: String,
        /// What is wrong with it.
        why: String,
    },
    /// An input is neither a file nor a stream that was handed over.
    #[error("cannot read {input}: {why}; hand it over as standard input")]
    NoFile {
        /// Its path.
        input: String,
        /// What it is.
        why: String,
    },
    /// An input whose format was not named turns out to be Parquet.
    #[error("cannot read {input}: it is a Parquet file; name its format")]
    UnnamedParquet {
        /// Its path.
        input: String,
    },
    /// Nobody named a policy, and none takes the columns of an input.
    #[error("{input}: no policy takes records with these columns; name one to learn why: {}", .policies.join(", "))]
    NoPolicy {
        /// Its path.
        input: String,
        /// The names of the policies that there are.
        policies: Vec<String>,
    },
    /// An input is one object, in which a list holds what policies take.
    #[error("{input} is one object with a list `{list}`; say that its records stand there")]
    Envelope {
        /// Its path.
        input: String,
        /// The way to the list.
        list: String,
    },
    /// A workbook has no such sheet.
    #[error("{input} has no sheet `{}`; it has {}", visible(.sheet), quoted(.sheets))]
    NoSheet {
        /// Its path.
        input: String,
        /// What was asked for.
        sheet: String,
        /// Those that there are.
        sheets: Vec<String>,
    },
    /// The columns of several sheets of a workbook fit.
    #[error("{input}: the sheets {} fit alike; name the one that is meant", quoted(.sheets))]
    Sheets {
        /// Its path.
        input: String,
        /// Those that fit.
        sheets: Vec<String>,
    },
    /// The columns of an input of cells do not fit.
    #[error("{}\nits line of names reads {found}; say where it stands or what parts it, if that is not so",
        shown(.refused))]
    Columns {
        /// Why they do not fit.
        refused: Box<StreamError>,
        /// The names that were found, and on which line.
        found: String,
    },
    /// A file is called like one that holds something else than what is to be written.
    #[error("{file}: `.{ending}` is no ending for {what}; let its name end in {}{}",
        listed(.endings), if *.can_be_named { ", or name the format that is meant" } else { "" })]
    Ending {
        /// The file.
        file: String,
        /// How its name ends, without the point.
        ending: String,
        /// What is to be written.
        what: &'static str,
        /// How the name may end.
        endings: Vec<&'static str>,
        /// Whether anything that is written may have this ending.
        is_written: bool,
        /// Whether the format of such a file can be named beside it.
        can_be_named: bool,
    },
    /// A history is to be read, but no counter is.
    #[error("a history holds what counters count, and this policy reads none")]
    NoCounters,
    /// A history has counted an input already.
    #[error(
        "{history}: {input} has been counted already, and would count twice; judged again, as the first \
         time, it counts nothing"
    )]
    CountedAlready {
        /// Its path.
        history: String,
        /// The input.
        input: String,
    },
    /// What is to be judged again is not what one run has counted.
    #[error("{history}: judging again takes the inputs of one earlier run, and these are others")]
    OtherInputs {
        /// Its path.
        history: String,
    },
    /// The rulebook does not say how decisions of the policies become statements of reasons.
    #[error(
        "statements of reasons need to know how decisions become statements; add `dsa` to rulebook.yaml, \
         as docs/statements.md shows"
    )]
    NoMapping,
}

impl Refusal {
    /// The same where a format may be named, too.
    #[must_use]
    pub fn with_choice(mut self) -> Self {
        if let Self::Ending { can_be_named, is_written: true, .. } = &mut self {
            *can_be_named = true;
        }
        self
    }
}

/// Names of sheets in a sentence.
fn quoted(names: &[String]) -> String {
    let names: Vec<_> = names.iter().map(|name| format!("`{}`", visible(name))).collect();
    names.join(", ")
}

/// Endings in a sentence.
fn listed(endings: &[&str]) -> String {
    let named: Vec<_> = endings.iter().map(|ending| format!("`.{ending}`")).collect();
    match named.as_slice() {
        [all @ .., last] if !all.is_empty() => format!("{} or {last}", all.join(", ")),
        all => all.concat(),
    }
}

/// An error on its lines; what it quotes has been made visible.
fn shown(error: &StreamError) -> String {
    match error {
        StreamError::Several(lines) => lines.clone(),
        error => visible(&error.to_string()).into_owned(),
    }
}
