//! Where a value of the input stands.

use std::fmt;

/// Where a value stands. Each step points at the one around it, and words are made of them only
/// when something is wrong.
#[derive(Debug, Clone, Copy)]
pub(super) enum Path<'a> {
    Record,
    Field(&'a Path<'a>, &'a str),
    Index(&'a Path<'a>, usize),
}

impl fmt::Display for Path<'_> {
    /// Prints `order.items[2].amount`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Record => Ok(()),
            Self::Field(Self::Record, name) => f.write_str(name),
            Self::Field(outer, name) => write!(f, "{outer}.{name}"),
            Self::Index(outer, index) => write!(f, "{outer}[{index}]"),
        }
    }
}
