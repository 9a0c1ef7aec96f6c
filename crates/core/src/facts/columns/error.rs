//! What is wrong with columns that are to hold records.

use std::fmt;

use thiserror::Error;

use rulebook_base::visible::visible;

/// Columns that cannot hold a record, whatever their values: every problem, each with the path of the
/// field.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub struct SchemaError {
    /// The name of the record that they were to hold.
    pub record: String,
    /// What is wrong, in the order of the fields; never empty.
    pub problems: Vec<SchemaProblem>,
}

/// What is wrong with the column of one field.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SchemaProblem {
    /// The field, such as `order.amount`.
    pub path: String,
    /// The stable name of this kind of problem: `missing-column`, `wrong-column-type`,
    /// `duplicate-column`, `other-columns`.
    pub code: &'static str,
    /// What is wrong, in words, and what to give instead.
    pub message: String,
}

impl fmt::Display for SchemaError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the columns do not fit the record `{}`", self.record)?;
        for SchemaProblem { path, code, message } in &self.problems {
            write!(f, "\n  {}", visible(&format!("{path}: {message} ({code})")))?;
        }
        Ok(())
    }
}
