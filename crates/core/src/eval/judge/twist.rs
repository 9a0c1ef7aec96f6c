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
            Self::Without(rule) => involved.retain(|own| own.rule != rule),
            Self::Enforced(rule) => {
                let own = involved.iter_mut().filter(|own| own.rule == rule);
                own.for_each(|own| own.effect = Effect::Enforce);
            }
        }
    }
}
