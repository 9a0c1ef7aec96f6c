//! What the index leads to: rules in one phase, and what they set.

use crate::program::{DecisionId, Effect, NodeId, RuleId};
use rulebook_lang::model::Cell;

/// A rule in one phase, as far as tests of single values tell whether it fires.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Entry {
    /// Which rule.
    pub rule: RuleId,
    /// Its phase, if it has phases and is certain.
    pub phase: Option<u16>,
    /// What it does in that phase.
    pub effect: Effect,
    /// Whether the rule fires wherever its tests hold; otherwise its conditions are evaluated.
    pub certain: bool,
    /// What it sets.
    pub sets: Sets,
}

/// Where the index keeps what a rule sets.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Sets {
    /// The number of the first.
    pub start: u32,
    pub(super) count: u16,
}

/// What a rule sets when it fires.
#[derive(Debug, Clone, Copy)]
pub struct Set {
    /// Which decision.
    pub decision: DecisionId,
    /// What gives the value.
    pub node: NodeId,
    /// The value, where it is the same for every record and needs no store.
    pub value: Option<Cell>,
}
