//! Checks policies, compiles them, reads records and judges them.
//!
//! A part of `rulebook`, which is what to depend on: nothing here keeps its shape from version to version.

pub mod check;
pub mod eval;
pub mod facts;
pub mod history;
pub mod program;
pub mod script;
pub mod settings;
