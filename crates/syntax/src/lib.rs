//! Text to tree and back.
//!
//! A part of `rulebook`, which is what to depend on: nothing here keeps its shape from version to version.

// The parser that pest derives without `std` names it.
extern crate alloc;

pub mod ast;
mod build;
mod counter;
mod csv;
mod expected;
mod expression;
mod grammar;
mod literal;
mod matched;
mod parse;
pub mod print;
mod recover;
mod slip;
mod table;

pub use csv::parse_table;
pub use literal::{LiteralError, LiteralValue};
pub use parse::{Parsed, parse, parse_value};
pub use recover::without_comments;
