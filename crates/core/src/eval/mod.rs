//! Rows to decisions.

#[cfg(feature = "batch")]
pub mod batch;
mod combine;
pub mod counting;
mod decision;
pub mod explain;
mod judge;
mod judgement;
mod machine;
mod nearest;
mod obligation;
mod outcome;
mod readings;
mod render;
mod report;
mod retrial;
mod state;
mod table;
mod times;
mod watch;
pub mod work;

pub use combine::{Conflict, Fell, Outcome, Source};
pub use counting::seconds;
pub use decision::Standing;
pub use decision::{Applied, Decision, Fault, Overridden, RulebookName, Verdict};
pub use judge::{Case, Workspace, judge};
pub use judgement::{Involved, Judgement};
pub use machine::{Machine, NodeFault};
pub use nearest::{Change, nearest_changes};
pub use obligation::Obligation;
pub use outcome::NoOutcome;
pub use readings::Readings;
pub use render::display;
pub use report::told_time;
pub use retrial::{Retrial, Twist};
pub use state::{State, state_of};
pub use times::{Times, When};
pub use watch::{Seen, Unwatched, Watch, watch_defaults, watch_rule};
