//! What operations mean, each said once: operators, functions, combiners, windows, hashing, and how
//! values print.
//!
//! A part of `rulebook`, which is what to depend on: nothing here keeps its shape from version to version.

pub mod coded;
pub mod combiner;
pub mod fault;
pub mod figures;
pub mod function;
pub mod hash;
pub mod kernel;
pub mod locale;
pub mod model;
pub mod operator;
pub mod signature;
pub mod window;
pub mod yaml;

pub use kernel::{Context, Problem, ScriptFault};
