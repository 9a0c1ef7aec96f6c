//! A place at which something did not fit, and what is said of it.

use super::around::Around;
use super::foreign::{Row, row};
use crate::grammar::Rule;

/// What a text is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Read {
    /// A whole file.
    File,
    /// The cell of a table.
    Cell,
    /// Another piece that is read by itself, such as a value within a text.
    Alone,
}

/// A place at which something did not fit.
#[derive(Clone, Copy)]
pub(super) struct Site<'s> {
    pub(super) text: &'s str,
    pub(super) around: Around<'s>,
    pub(super) read: Read,
    pub(super) wanted: &'s [Rule],
}

/// What is said of a slip.
pub(super) struct Slip {
    pub(super) help: String,
    /// What to say instead of what was expected.
    pub(super) message: Option<String>,
    /// How much of it stands before the place, in bytes.
    pub(super) before: usize,
    /// The length behind the place, where it is more than the token.
    pub(super) length: Option<usize>,
    /// How much lies between its end and the place, where it ends before that.
    pub(super) gap: usize,
}

impl From<String> for Slip {
    fn from(help: String) -> Self {
        Self { help, message: None, before: 0, length: None, gap: 0 }
    }
}

impl From<&str> for Slip {
    fn from(help: &str) -> Self {
        help.to_string().into()
    }
}

impl Site<'_> {
    pub(super) fn wants(self, rule: Rule) -> bool {
        self.wanted.contains(&rule)
    }

    /// The help of a row, with what stands around the place; it is so long behind the place.
    pub(super) fn fill(self, help: &str, length: usize) -> String {
        help.replace("{a}", self.around.left()).replace("{b}", self.around.right(length))
    }

    /// Of the row with which the text at the place begins, behind an operand.
    pub(super) fn behind(self, rows: &[Row]) -> Option<Slip> {
        let (help, length) = row(rows, self.around.rest)?;
        Some(self.misfit(length, self.fill(help, length)))
    }

    /// Of what stands around the place, so long before and behind it, that is no number.
    pub(super) fn no_number(self, before: usize, length: usize, help: String) -> Slip {
        let start = self.around.before.get(self.around.before.len() - before..).unwrap_or("");
        let message =
            format!("`{start}{}` is no number", self.around.rest.get(..length).unwrap_or(""));
        Slip { help, message: Some(message), before, length: Some(length), gap: 0 }
    }

    /// Of so much text at the place that does not fit behind the operand before it.
    pub(super) fn misfit(self, length: usize, help: String) -> Slip {
        let written = self.around.rest.get(..length).unwrap_or("");
        let message = format!("`{written}` does not fit behind `{}`", self.around.left());
        Slip { help, message: Some(message), before: 0, length: Some(length), gap: 0 }
    }
}
