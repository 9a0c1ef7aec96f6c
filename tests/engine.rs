//! The engine beside naive references, its pages of tables and its golden files: one program for all, since
//! linking each by itself takes longer than running it.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    missing_docs,
    reason = "tests fail by panicking"
)]

#[path = "agree.rs"]
mod agree;
#[path = "reference/batches.rs"]
mod batches;
#[path = "calendars.rs"]
mod calendars;
#[path = "columns/main.rs"]
mod columns;
#[path = "format_properties.rs"]
mod format_properties;
mod generate;
#[path = "golden.rs"]
mod golden;
#[path = "index/main.rs"]
mod index;
#[path = "made.rs"]
mod made;
#[path = "profiles.rs"]
mod profiles;
#[path = "properties.rs"]
mod properties;
mod reference;
#[path = "report.rs"]
mod report;
#[path = "scripts.rs"]
mod scripts;
#[path = "steps.rs"]
mod steps;
#[path = "tables.rs"]
mod tables;
#[path = "told/main.rs"]
mod told;
