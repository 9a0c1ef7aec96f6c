//! Where a record stands in the text of its block.

use rulebook_core::facts::InputError;

/// A record as it stands in the text of its block.
#[derive(Debug)]
pub(crate) struct Entry {
    /// The line of the input on which it starts, counted from 1.
    pub(crate) line: u64,
    /// Where its text starts and ends.
    pub(crate) range: (usize, usize),
    /// What is wrong, where it is not even JSON.
    pub(crate) broken: Option<Box<InputError>>,
}
