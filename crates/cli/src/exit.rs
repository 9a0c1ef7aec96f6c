//! How a command ends, and why it stops.

use std::io;

use super::refusal;
use rulebook_stream::{Refusal, StreamError};

/// How a command ended; `--help` tells what each means.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Exit {
    /// Done.
    Done = 0,
    /// What was asked about failed.
    Failed = 1,
    /// The command cannot be carried out: usage, or input that cannot be read.
    Unusable = 2,
    /// An error of ours; Rust ends with this code, too, when it panics.
    Broken = 101,
    /// Somebody interrupted the run.
    Interrupted = 130,
}

/// A reason to stop: the message has been (or will be) printed on standard error.
#[derive(Debug, thiserror::Error)]
pub(super) enum Stop {
    /// The command cannot be carried out, told on one line.
    #[error("{0}")]
    Unusable(String),
    /// The same, told on several lines. What they quote has been made visible.
    #[error("{0}")]
    Several(String),
    /// An error of ours: whatever the command was given, this should not have happened.
    #[error("{0}; this is an error in Rulebook, and nothing has been written")]
    Broken(String),
    /// The problem has been told already.
    #[error("")]
    Told(Exit),
    /// Reading or writing failed.
    #[error(transparent)]
    Io(#[from] io::Error),
}

impl From<StreamError> for Stop {
    fn from(error: StreamError) -> Self {
        match error {
            StreamError::Several(lines) => Self::Several(lines),
            StreamError::Refused(refusal @ Refusal::Columns { .. }) => {
                Self::Several(refusal::words(refusal))
            }
            StreamError::Refused(refusal) => Self::Unusable(refusal::words(refusal)),
            StreamError::Broken(why) => Self::Broken(why),
            StreamError::Io(error) => Self::Io(error),
            other => Self::Unusable(other.to_string()),
        }
    }
}

/// What a command comes to.
pub(super) type Outcome = Result<Exit, Stop>;
