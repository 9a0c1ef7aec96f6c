//! Drives the `rulebook` binary as its users do: arguments and files in, text and exit codes out.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    missing_docs,
    reason = "tests fail by panicking"
)]

mod bad_columns;
mod bad_input;
mod bad_policies;
mod cells;
mod check;
mod claims;
mod columns;
mod confidence;
mod counter_kinds;
mod counters;
mod counts;
mod digits;
mod doc;
mod elements;
mod encodings;
mod endings;
mod envelopes;
mod eval;
mod exact;
mod explain;
mod figures;
mod files;
mod flips;
mod fmt;
mod functions;
mod gate;
mod general;
mod harness;
mod help;
mod histories;
mod hostile;
mod hostile_pages;
mod impact;
mod include;
#[path = "../columns/infer.rs"]
mod infer;
mod last_day;
mod memory;
mod money_of_any;
mod named;
mod names;
mod outputs;
mod packed;
mod partitions;
mod problems;
mod profiles;
mod profiles_in_time;
mod read_as;
mod readings;
mod rejects;
mod rounded_input;
mod scenarios;
mod scripts;
mod sheets;
mod shop;
mod simulate;
mod slips;
mod statements;
mod streams;
mod sweep;
mod tabular;
mod threads;
mod timeline;
mod told_changes;
mod trust;
mod two_billion;
mod versions;
mod words;
mod workbooks;
