//! Text to tree and back.
//!
//! A part of `rulebook`, which is what to depend on: nothing here keeps its shape from version to version.
//!
//! # What holds here
//!
//! - **pest stays in this crate.** A file is parsed piece by piece (`recover.rs` finds where a piece starts),
//!   so one slip does not hide the rest; items of a policy that are well formed are read many to a run. Depth
//!   is limited, and comments are blanked, before pest sees a piece. Tokens take the gap behind them,
//!   `matched.rs` lays out what pest matched as one row, and the tree borrows its texts from the file.
//! - **Trees are used up.** `check` frees what is written of a rule once it has its typed form, and `compile`
//!   that once it has its nodes: each takes its input, and memory stays near what is kept.

// The parser that pest derives without `std` names it.
extern crate alloc;

pub mod ast;
mod build;
mod calendar;
mod cell;
mod counter;
mod csv;
mod expected;
mod expression;
mod grammar;
mod letter;
mod literal;
mod matched;
mod parse;
mod plain;
pub mod print;
mod reading;
mod recover;
mod slip;
mod table;
mod template;
mod words;

pub use csv::parse_table;
pub use literal::{LiteralError, LiteralValue};
pub use parse::{Parsed, parse, parse_value};
pub use recover::without_comments;
pub use slip::currency_of;
pub use words::foreign_words;
