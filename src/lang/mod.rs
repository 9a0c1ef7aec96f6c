//! What operations mean, each said once: operators, functions, combiners, windows, hashing, and how
//! values print.

pub(crate) mod coded;
pub mod combiner;
pub mod fault;
pub mod function;
pub mod hash;
pub mod kernel;
pub mod locale;
pub mod operator;
pub mod signature;
pub mod window;

pub use kernel::{Context, Problem, ScriptFault};
