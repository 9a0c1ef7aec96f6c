//! Scenarios: tests that policy authors write in YAML, read and run.

pub mod coverage;
mod earlier;
mod elements;
mod expect;
mod junit;
pub mod mutation;
mod outcome;
mod read;
mod run;

pub use expect::Mismatch;
pub use junit::{Ran, junit};
pub use read::{Expectation, Lines, Scenario, ScenarioFile, read};
pub use run::{CaseResult, run};
