//! Text to tree and back.

pub mod ast;
mod build;
mod counter;
mod expected;
mod expression;
mod grammar;
mod literal;
mod matched;
mod parse;
pub mod print;
mod recover;
mod slip;

pub use literal::{LiteralError, LiteralValue};
pub use parse::{Parsed, parse, parse_value};
