//! What operations mean, each said once: operators, functions, combiners, windows, hashing, and how
//! values print.
//!
//! A part of `rulebook`, which is what to depend on: nothing here keeps its shape from version to version.
//!
//! # What holds here
//!
//! - **One meaning.** What `+` or `round` does stands in one kernel. The checker, the constant folder, the
//!   evaluator, explanations and the reference all read the same table row. Only `and`, `or`, `if` and `??` are
//!   spelled by the evaluator, since they decide what is looked at.
//! - **Numbers are digits.** `model/number/written.rs` says how one is written: JSON has its digits. JSON that
//!   is kept keeps them too (`model::Json`, not `serde_json::Value`), and a float becomes a number at one
//!   place, by the digits that JSON has for it (`tests/cli/digits.rs`).
//! - **An instant is our own.** `model/instant.rs` reaches to the end of 9999-12-31 at every offset, where
//!   those of jiff do not; local times come from `Time::local`, which has none behind the end
//!   (`tests/cli/last_day.rs`).
//! - **A figure is one text.** People read figures that `figures/` writes, by the locale table (`figures/locale.rs`);
//!   `simulate/readable.rs` makes readers' values of those of a simulation. Machines get digits and codes: in
//!   cells, amounts have the digits of their currency, which the metadata of the column names.

pub mod coded;
pub mod combiner;
pub mod fault;
pub mod figures;
pub mod fold;
pub mod function;
pub mod hash;
pub mod kernel;
pub mod model;
pub mod operator;
pub mod reading;
pub mod scalar;
pub mod signature;
pub mod tally;
pub mod window;
pub mod yaml;

pub use kernel::{Context, Problem, ScriptFault};
