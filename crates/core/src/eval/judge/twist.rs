//! A rule that is taken for another when a record is judged again.

use super::judgement::Involved;
use crate::program::{Effect, RuleId};

/// In what a rule is another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Twist {
    /// It is not there.
    Without(RuleId),
    /// It is enforced in the phase in which it is.
    Enforced(RuleId),
}

impl Twist {
    /// Changes what is found to have fired.
    pub(super) fn apply(self, involved: &mut Vec<Involved>) {
        match self {
            Self::Without(rule) => involved.retain(|involved| involved.rule != rule),
            Self::Enforced(rule) => {
                let matched = involved.iter_mut().filter(|involved| involved.rule == rule);
                matched.for_each(|involved| involved.effect = Effect::Enforce);
            }
        }
    }
}
