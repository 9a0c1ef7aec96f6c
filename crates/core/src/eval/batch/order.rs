//! What the rows of a batch are sorted by.

use crate::eval::judge::When;
use crate::program::{Policy, Program};
use rulebook_lang::model::Time;

/// What rows are sorted by.
#[derive(Debug, Clone, Copy)]
pub struct Order<'p> {
    /// The rulebook's.
    pub program: &'p Program,
    /// The one that is asked.
    pub policy: &'p Policy,
    /// What is said of the times from outside.
    pub when: When,
    /// The time where nothing else tells it.
    pub clock: Time,
}
