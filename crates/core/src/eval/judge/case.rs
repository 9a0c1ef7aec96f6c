//! What is judged, and by what.

use super::readings::Readings;
use crate::program::{Keyed, Policy, Program};

/// What is judged, and by what.
#[derive(Debug, Clone, Copy)]
pub struct Case<'r> {
    /// The rulebook, compiled.
    pub program: &'r Program,
    /// The policy of it that judges.
    pub policy: &'r Policy,
    /// The record in its slots, with the keys by which the index finds rules.
    pub row: Keyed<'r>,
    /// Room for the decisions of other policies that the policy reads; nothing of another record
    /// may be in it.
    pub readings: &'r Readings,
}
