//! Tells what was judged: a decision with its outcomes, reasons, obligations and faults.

mod decision;
mod element;
mod explanation;
mod fault;
mod field_data;
mod obligation;
mod outcome;
mod render;
mod report;
mod told_value;

pub use decision::{Applied, Decision, Overridden, RulebookName, Verdict, VerdictRef};
pub use element::Element;
pub(crate) use element::ElementBudgets;
pub use explanation::{
    ClauseExplanation, ConditionExplanation, DecisionExplanation, ElementExplanation, Explanation,
    Flip, Joined, NamedExplanation, PhaseExplanation, ReadExplanation, RuleExplanation, Status,
};
pub use fault::Fault;
pub use obligation::Obligation;
pub use outcome::NoOutcome;
pub use render::{display, display_titled};
pub(crate) use report::{Cited, day_or_time};
pub use report::{json_of, time_text};
pub use told_value::ToldValue;
