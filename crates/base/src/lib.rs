//! The ground that `rulebook` stands on: where texts stand ([`source`]), what is wrong with them
//! ([`diagnostic`]), how texts of others are shown ([`visible`]), and how their files are read ([`file`]).
//!
//! A part of `rulebook`, which is what to depend on: nothing here keeps its shape from version to version.

pub mod contain;
pub mod diagnostic;
pub mod file;
pub mod source;
pub mod visible;
