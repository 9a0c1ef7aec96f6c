//! Rows to decisions.

mod combine;
mod decision;
pub mod explain;
mod judge;
mod machine;
mod nearest;
mod render;
mod report;

pub use combine::{Conflict, Fell, Outcome, Source};
pub use decision::{Applied, Decision, Fault, Obligation, Overridden, RulebookName, Verdict};
pub use judge::{Involved, Judgement, State, Workspace, judge, state_of};
pub use machine::{Machine, NodeFault};
pub use nearest::{Change, nearest_changes};
pub use render::display;
pub(crate) use report::told_time;
