//! x
pub mod check;
#[cfg(feature = "cli")]
#[doc(hidden)]
pub mod cli;
pub mod diagnostic;
pub mod eval;
pub mod facts;
pub mod lang;
pub mod model;
pub mod program;
mod rulebook;
pub mod scenario;
pub mod settings;
pub mod source;
pub mod syntax;
pub mod yaml;

pub use eval::{Decision, Verdict};
pub use rulebook::{
    Files, Inspection, LoadError, Options, Policy, Rejection, Rulebook, SETTINGS_FILE,
    UnknownPolicy,
};
