//! Rows to decisions: what judges stands below what tells, and that below what asks again.

pub mod again;
#[cfg(feature = "batch")]
pub mod batch;
pub mod judge;
pub mod tell;

pub use again::{
    Change, Changeable, Retrial, WatchedRule, explain, nearest_changes, watch_defaults, watch_rule,
};
pub use judge::{
    Case, Conflict, Involved, Judgement, Machine, NodeFault, Origin, Outcome, Readings, Resolution,
    State, Times, Together, Twist, Unwatched, Watch, When, Workspace, counting, state_of, work,
};
pub use tell::{
    Applied, Decision, Element, Fault, NoOutcome, Obligation, Overridden, RulebookName, Verdict,
    VerdictRef, display, display_titled, json_of, time_text,
};
