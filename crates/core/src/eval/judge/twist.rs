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
            Self::Enforced(_) => involved.iter_mut().for_each(|involved| self.enforce(involved)),
        }
    }

    /// Enforces a rule, if it is the one that is to be.
    pub(super) fn enforce(self, involved: &mut Involved) {
        if let Self::Enforced(rule) = self
            && involved.rule == rule
        {
            involved.effect = Effect::Enforce;
        }
    }
}
