//! What needs both the library and the command: the pages' examples, damaged files, counters every way.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    missing_docs,
    reason = "tests fail by panicking"
)]

#[path = "counters/main.rs"]
mod counters;
#[path = "damaged/main.rs"]
mod damaged;
#[path = "docs/main.rs"]
mod docs;
#[path = "readme.rs"]
mod readme;
