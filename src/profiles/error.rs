//! Why profiles are not taken.

use thiserror::Error;

use crate::Rejection;
use rulebook_base::diagnostic::did_you_mean;
use rulebook_base::visible::visible;
use rulebook_core::program::Program;

/// Why profiles are not taken; those that were taken before stay.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum ProfileError {
    /// No policy joins such a record.
    #[error("no policy joins a record `{}`{help}", visible(record))]
    UnknownRecord {
        /// The name that was given.
        record: String,
        /// A near name, or the names that there are, as the end of the sentence.
        help: String,
    },
    /// A file cannot be read, or not as the format that it seems to have.
    #[error("cannot read {}: {}", visible(file), visible(message))]
    Unreadable {
        /// The file, or what else the text is called.
        file: String,
        /// What is wrong with it as a whole.
        message: String,
    },
    /// A file is an SQLite database, and the library is built without its feature `sqlite`.
    #[error(
        "cannot read {}: SQLite databases are read only with the feature `sqlite`",
        visible(file)
    )]
    NoDatabases {
        /// The file.
        file: String,
    },
    /// Several profiles of one record have the same key, at the same time where they hold for a time: the
    /// first of each is kept.
    #[error("{}", duplicates_text(record, duplicates))]
    Duplicates {
        /// The record whose profiles they are.
        record: String,
        /// Each key that stands again, with both places.
        duplicates: Vec<DuplicateProfile>,
    },
    /// A value that was inserted is not as its record is declared.
    #[error(transparent)]
    Rejected(#[from] Rejection),
}

/// A key that two profiles of one record have.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DuplicateProfile {
    /// The key, as people write it, and from when both hold, where they hold for a time.
    pub key: String,
    /// The place of the profile that is kept, such as `shops.csv line 3`.
    pub first: String,
    /// The place of the one that is not.
    pub again: String,
}

impl ProfileError {
    /// No policy of a program joins such a record.
    pub(super) fn unknown_record(program: &Program, record: &str) -> Self {
        let records = program.profiles.iter().map(|profile| profile.layout.record.as_ref());
        let near = did_you_mean(record, records.clone());
        let all = records.map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ");
        let help = match (near, all.as_str()) {
            (Some(near), _) => format!("; {near}"),
            (None, "") => "; they join none".to_string(),
            (None, all) => format!("; they join {all}"),
        };
        Self::UnknownRecord { record: record.to_string(), help }
    }
}

fn duplicates_text(record: &str, duplicates: &[DuplicateProfile]) -> String {
    const SHOWN: usize = 10;
    let mut text = format!("profiles of `{record}` have the same key");
    for DuplicateProfile { key, first, again } in duplicates.iter().take(SHOWN) {
        text.push_str(&format!("\n  {}", visible(&format!("{key}: {first} and {again}"))));
    }
    if duplicates.len() > SHOWN {
        text.push_str(&format!("\n  … and {} more", duplicates.len() - SHOWN));
    }
    text
}
