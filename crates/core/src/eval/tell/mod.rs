//! Tells what was judged: a decision with its outcomes, reasons, obligations and faults.

mod decision;
mod explanation;
mod fault;
mod obligation;
mod outcome;
mod render;
mod report;

pub use decision::{Applied, Decision, Overridden, RulebookName, Verdict, VerdictRef};
pub use explanation::{
    ClauseExplanation, DecisionExplanation, Explanation, Flip, PhaseExplanation, RuleExplanation,
    Status,
};
pub use fault::Fault;
pub use obligation::Obligation;
pub use outcome::NoOutcome;
pub use render::display;
pub(crate) use report::day_or_time;
pub use report::time_text;
