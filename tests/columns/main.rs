//! Records in columns mean what they mean in JSON.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    missing_docs,
    reason = "tests fail by panicking"
)]

mod infer;
mod physical;
use crate::batches as reference;
mod schemas;
mod shipped;
