//! In which order a policy decides, where its rules read what it decides itself.

use super::{DecisionId, PolicyId, RuleId};
use crate::ids::IdVec;

/// The order in which the decisions of a policy fall: those of a stage need only those of earlier ones.
#[derive(Debug)]
pub struct Stages {
    /// The policy itself.
    pub policy: PolicyId,
    /// For each rule the stage from which on its conditions have a value.
    pub rules: IdVec<RuleId, u32>,
    /// For each decision the stage in which it falls.
    pub decisions: IdVec<DecisionId, u32>,
    /// The decisions of each stage.
    pub falling: Vec<Vec<DecisionId>>,
    /// Whether rules of the policy read the decision.
    pub read: IdVec<DecisionId, bool>,
}
