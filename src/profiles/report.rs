//! What is told of a file of profiles that was read.

use rulebook_core::facts::InputError;
use rulebook_lang::model::Time;

/// A profile that is not as its record is declared.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BadProfile {
    /// Its file with the line or row: `shops.csv line 3`.
    pub place: String,
    /// All that is wrong with it, with paths that start at the profile.
    pub errors: Vec<InputError>,
}

/// What was read of a file.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ProfileReport {
    /// How many profiles can be joined.
    pub good: usize,
    /// Those that cannot; a record that needs one of them is rejected.
    pub bad: Vec<BadProfile>,
}

/// A stretch of time in which no profile of a key holds, though some do before and after.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProfileGap {
    /// The key in a sentence.
    pub key: String,
    /// From when none holds.
    pub from: Time,
    /// From when one does again.
    pub until: Time,
}
