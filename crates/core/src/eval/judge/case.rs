//! What is judged, and by what.

use super::readings::Readings;
use crate::program::{Keyed, Policy, Program};

/// What is judged, and by what.
#[derive(Debug, Clone, Copy)]
pub struct Case<'r> {
    /// The rulebook.
    pub program: &'r Program,
    /// The policy of it that judges.
    pub policy: &'r Policy,
    /// The record.
    pub row: Keyed<'r>,
    /// Room for the decisions of other policies that the policy reads; nothing of another record
    /// may be in it.
    pub readings: &'r Readings,
}
