//! Takes a text apart into its tokens, the same way for what was written and for what is printed, so
//! that a comment finds the token again that it stood beside.

use std::ops::Range;

use crate::letter::belongs;
use crate::recover::string_end;

/// A piece of a text that is no white space.
pub(crate) enum Piece {
    /// A word, a text in quotes or a sign. A comma is none: one may come or go where a line breaks.
    Token(usize),
    /// A comment, from its slashes to the end of its line.
    Comment(Range<usize>),
}

/// The pieces of a text, in order.
pub(crate) struct Pieces<'s> {
    text: &'s str,
    at: usize,
}

/// All pieces of a text.
pub(crate) fn pieces(text: &str) -> Pieces<'_> {
    Pieces { text, at: 0 }
}

impl Iterator for Pieces<'_> {
    type Item = Piece;

    fn next(&mut self) -> Option<Piece> {
        let rest = self.text.get(self.at..)?;
        let gap = |c: char| c.is_whitespace() || c == ',';
        let trimmed = rest.trim_start_matches(gap);
        let first = trimmed.chars().next()?;
        let start = self.at + rest.len() - trimmed.len();
        let bytes = self.text.as_bytes();
        let run = |belongs: fn(char) -> bool| {
            start + trimmed.find(|c| !belongs(c)).unwrap_or(trimmed.len())
        };
        if trimmed.starts_with("//") {
            self.at = run(|c| c != '\n');
            return Some(Piece::Comment(start..self.at));
        }
        self.at = match first {
            '"' => (string_end(bytes, start) + 1).min(bytes.len()),
            '$' if trimmed.starts_with("$\"") => {
                (string_end(bytes, start + 1) + 1).min(bytes.len())
            }
            _ if is_word(first) => run(is_word),
            _ => start + first.len_utf8(),
        };
        Some(Piece::Token(start))
    }
}

fn is_word(c: char) -> bool {
    belongs(c) || c.is_alphanumeric()
}
