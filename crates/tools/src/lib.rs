//! What is done with policies beside deciding by them: tested, measured, simulated and published.
//!
//! A part of `rulebook`, which is what to depend on: nothing here keeps its shape from version to version.
//!
//! # What holds here
//!
//! - **A sweep is many simulations in one pass.** Each point has a rulebook of its own and is counted by the
//!   same `Simulation` (`crates/stream/src/compare/mod.rs`), so a point is what `simulate --set` shows. Sides
//!   that count alike share the values of counters.
//! - **Texts stay texts.** `markup.rs` alone writes marks: `maud` escapes what stands between and in them, and
//!   every page carries a policy that names its style and script by digest. What leads elsewhere is read by
//!   `parse_link`, what becomes a path or a link to one goes through `document/path.rs`, and
//!   `crates/cli/src/doc.rs` opens nothing but beneath its folder. `tests/cli/hostile_pages.rs` feeds hostile
//!   texts into every page.

pub mod document;
pub mod markup;
pub mod report;
pub mod scenario;
pub mod simulate;
