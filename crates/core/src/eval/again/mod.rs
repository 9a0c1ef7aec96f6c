//! Asks again: as if a rule or a value were another, and with somebody who looks on.

pub mod explain;
mod nearest;
mod retrial;
mod watch;

pub use nearest::{Change, Changeable, nearest_changes};
pub use retrial::Retrial;
pub use watch::{WatchedRule, watch_defaults, watch_rule};
