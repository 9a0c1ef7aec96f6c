//! What is done with policies beside deciding by them: tested, measured, simulated, proved and published.
//!
//! A part of `rulebook`, which is what to depend on: nothing here keeps its shape from version to version.

pub mod analyse;
pub mod document;
pub mod markup;
pub mod report;
pub mod scenario;
pub mod simulate;
