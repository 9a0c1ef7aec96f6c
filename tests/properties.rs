//! Properties that hold for any text, any record and any number.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    missing_docs,
    reason = "tests fail by panicking"
)]

#[allow(dead_code, reason = "each test uses a part of it")]
use crate::batches;
use crate::reference::decimal;

#[path = "properties/cohorts.rs"]
mod cohorts;
#[path = "properties/coverage.rs"]
mod coverage;
#[path = "properties/exact.rs"]
mod exact;
#[allow(dead_code, reason = "each test uses a part of it")]
#[path = "properties/invariants.rs"]
mod invariants;
#[path = "properties/numbers.rs"]
mod numbers;
#[path = "properties/records.rs"]
mod records;
#[path = "properties/tables.rs"]
mod tables;
#[path = "properties/texts.rs"]
mod texts;
#[path = "properties/work.rs"]
mod work;

use proptest::prelude::ProptestConfig;

fn cases(cases: u32) -> ProptestConfig {
    ProptestConfig { cases, failure_persistence: None, ..ProptestConfig::default() }
}
