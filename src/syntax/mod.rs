//! Text to tree and back.

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
pub(crate) use recover::without_comments;
