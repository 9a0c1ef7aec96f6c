//! Why a run stops, and what a build lacks.

use std::fmt;
use std::io;

use crate::refusal::Refusal;

/// Why a run has stopped. What was written aside is gone, and every file is as it was.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum StreamError {
    /// What was asked for cannot be done, told on one line.
    #[error("{0}")]
    Unusable(String),
    /// The same, told on several lines. What they quote has been made visible.
    #[error("{0}")]
    Several(String),
    /// What was asked for cannot be done, but something beside it can.
    #[error(transparent)]
    Refused(#[from] Refusal),
    /// What was asked for needs a feature that is not built in.
    #[error("{0}")]
    NotBuilt(Feature),
    /// Whoever watches wants it to end.
    #[error("interrupted")]
    Interrupted,
    /// An error of ours: whatever was asked for, this should not have happened.
    #[error("{0}; this is an error in Rulebook, and nothing has been written")]
    Broken(String),
    /// Reading or writing failed.
    #[error(transparent)]
    Io(#[from] io::Error),
}

/// What a build may lack. As a text it is the whole sentence about its lack.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Feature {
    /// Files of columns.
    Parquet,
    /// Histories, and profiles in databases.
    Sqlite,
    /// Functions from scripts.
    Scripts,
    /// Archives of gzip and Zstandard.
    Packed,
    /// Texts in other encodings than UTF-8.
    Encodings,
}

impl Feature {
    /// All of them.
    pub const ALL: [Self; 5] =
        [Self::Parquet, Self::Sqlite, Self::Scripts, Self::Packed, Self::Encodings];

    /// Whether it is built in.
    pub fn is_built(self) -> bool {
        match self {
            Self::Parquet => cfg!(feature = "parquet"),
            Self::Sqlite => cfg!(feature = "sqlite"),
            Self::Scripts => cfg!(feature = "scripts"),
            Self::Packed => cfg!(feature = "packed"),
            Self::Encodings => cfg!(feature = "encodings"),
        }
    }

    /// Makes sure that it is built in.
    ///
    /// # Errors
    /// [`StreamError::NotBuilt`] where it is not.
    pub fn require(self) -> Result<(), StreamError> {
        match self.is_built() {
            true => Ok(()),
            false => Err(StreamError::NotBuilt(self)),
        }
    }

    /// As Cargo calls it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Parquet => "parquet",
            Self::Sqlite => "sqlite",
            Self::Scripts => "scripts",
            Self::Packed => "packed",
            Self::Encodings => "encodings",
        }
    }

    fn purpose(self) -> &'static str {
        match self {
            Self::Parquet => "files of columns (Parquet, CSV, TSV)",
            Self::Sqlite => "histories, and profiles in SQLite databases",
            Self::Scripts => "functions from scripts",
            Self::Packed => "files that gzip or Zstandard has packed",
            Self::Encodings => "texts in other encodings than UTF-8",
        }
    }
}

impl fmt::Display for Feature {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (name, purpose) = (self.name(), self.purpose());
        write!(
            f,
            "built without `{name}`, which is for {purpose}; install with \
             `cargo install --locked --path crates/cli --features {name}`"
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_lacking_is_told_on_one_line_with_the_way_to_have_it() {
        for feature in Feature::ALL {
            let sentence = StreamError::NotBuilt(feature).to_string();
            assert!(
                sentence.starts_with(&format!("built without `{}`", feature.name())),
                "{sentence}"
            );
            assert!(sentence.ends_with(&format!("--features {}`", feature.name())), "{sentence}");
            assert!(!sentence.contains('\n'));
            assert_eq!(feature.require().is_ok(), feature.is_built());
        }
    }
}
