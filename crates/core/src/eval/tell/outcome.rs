//! The outcome of one decision, by the type that is expected of it, or why there is none.

use super::decision::{Decision, Verdict};
use crate::program::DecisionId;
use rulebook_base::diagnostic::did_you_mean;
use rulebook_lang::model::{Cell, Currency, Number, Type, Value};

/// Why a decision has no outcome to give.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum NoOutcome {
    /// The policy has no decision of this name.
    #[error("the policy `{policy}` has no decision `{decision}`; {help}")]
    Unknown {
        /// The policy that decided.
        policy: String,
        /// The name that was asked for.
        decision: String,
        /// The nearest name, or all of them.
        help: String,
    },
    /// No rule decided it, and there is no `otherwise`.
    #[error("no rule decided it")]
    Undecided,
    /// A rule that could have changed it has no value; [`Decision::faults`] says which.
    #[error("a fault left it open")]
    Fault,
    /// It came to values of another type, or to several; [`Decision::verdict`] has them.
    #[error("its outcomes are of another type, or several")]
    OtherType,
}

impl Decision {
    /// The outcome of a decision whose outcomes are names or texts: `Ok("negotiate")`.
    ///
    /// # Errors
    /// [`NoOutcome`] tells a slip in the name from a decision that was not made, and that from a fault.
    pub fn outcome(&self, decision: &str) -> Result<&str, NoOutcome> {
        match self.policy().decision(decision).and_then(|id| self.outcome_of(id)) {
            Some(outcome) => Ok(outcome),
            None => Err(self.no_outcome(decision)),
        }
    }

    /// The same, for those who have asked for the number of the decision once:
    /// [`Policy::decision`](crate::program::Policy::decision).
    #[doc(hidden)]
    pub fn outcome_of(&self, decision: DecisionId) -> Option<&str> {
        let ty = &self.policy().decisions[decision].ty;
        let judgement = self.judgement();
        let outcome = judgement.outcomes.get(decision.index())?;
        match (judgement.values(outcome).first()?, ty) {
            (Cell::Member(position), Type::Enum(members)) => members.member(*position),
            (Cell::Text { start, end }, _) => Some(judgement.results.text_between(*start, *end)),
            _ => None,
        }
    }

    /// The number of a decision whose outcomes are numbers.
    ///
    /// # Errors
    /// As [`Decision::outcome`].
    pub fn number(&self, decision: &str) -> Result<Number, NoOutcome> {
        match self.verdict(decision) {
            Some(Verdict::Value(Value::Number(number), Type::Number)) => Ok(number),
            _ => Err(self.no_outcome(decision)),
        }
    }

    /// The amount of a decision whose outcomes are money.
    ///
    /// # Errors
    /// As [`Decision::outcome`].
    pub fn money(&self, decision: &str) -> Result<(Number, Currency), NoOutcome> {
        match self.verdict(decision) {
            Some(Verdict::Value(Value::Number(amount), Type::Money(currency))) => {
                Ok((amount, *currency))
            }
            _ => Err(self.no_outcome(decision)),
        }
    }

    /// The truth of a decision whose outcomes are true or false.
    ///
    /// # Errors
    /// As [`Decision::outcome`].
    pub fn truth(&self, decision: &str) -> Result<bool, NoOutcome> {
        match self.verdict(decision) {
            Some(Verdict::Value(Value::Bool(value), _)) => Ok(value),
            _ => Err(self.no_outcome(decision)),
        }
    }

    /// Why a decision has no outcome of the type that was asked for.
    #[cold]
    fn no_outcome(&self, decision: &str) -> NoOutcome {
        match self.verdict(decision) {
            Some(Verdict::Undecided) => NoOutcome::Undecided,
            Some(Verdict::Fault) => NoOutcome::Fault,
            Some(Verdict::Value(..) | Verdict::Values(..)) => NoOutcome::OtherType,
            None => {
                let names = self.verdicts().map(|(name, _)| name).collect::<Vec<_>>();
                let help = did_you_mean(decision, names.iter().copied())
                    .unwrap_or_else(|| format!("it decides {}", names.join(", ")));
                let policy = self.policy_name().to_string();
                NoOutcome::Unknown { policy, decision: decision.to_string(), help }
            }
        }
    }
}
