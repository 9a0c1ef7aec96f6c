//! Finds the comments of a text and the tokens that they stand between, so that the formatter can
//! put each of them back.

use std::ops::Range;

use super::tokens::{Piece, pieces};

/// One comment, from its slashes to the end of its line.
#[derive(Debug)]
pub(super) struct Comment {
    /// The first byte.
    pub(super) start: usize,
    /// The byte after the last, white space at the end of the line left out.
    pub(super) end: usize,
    /// Whether nothing stands before it on its line.
    pub(super) alone: bool,
    /// The number of the token that comes after it, counted from the first of the text.
    pub(super) token: usize,
}

/// All comments of a text, in order.
pub(super) struct Comments<'s> {
    text: &'s str,
    all: Vec<Comment>,
    /// Where each token of the text starts.
    tokens: Vec<usize>,
}

impl<'s> Comments<'s> {
    /// Finds them; slashes within a text such as `"https://…"` are none.
    pub(super) fn of(text: &'s str) -> Self {
        let (mut all, mut tokens) = (Vec::new(), Vec::new());
        for piece in pieces(text) {
            match piece {
                Piece::Token(start) => tokens.push(start),
                Piece::Comment(range) => all.push(comment(text, range, tokens.len())),
            }
        }
        Self { text, all, tokens }
    }

    /// The comment with this number.
    pub(super) fn get(&self, number: usize) -> Option<&Comment> {
        self.all.get(number)
    }

    /// The text of a comment, with its slashes.
    pub(super) fn text(&self, comment: &Comment) -> &'s str {
        self.text.get(comment.start..comment.end).unwrap_or("")
    }

    /// Where a token starts in the text.
    pub(super) fn place(&self, token: usize) -> usize {
        self.tokens.get(token).copied().unwrap_or(self.text.len())
    }

    /// How many comments start before a place.
    fn before(&self, at: usize) -> usize {
        self.all.partition_point(|comment| comment.start < at)
    }

    /// How many comments come before the token with this number.
    pub(super) fn before_token(&self, token: usize) -> usize {
        self.all.partition_point(|comment| comment.token <= token)
    }

    /// Whether a comment stands right before the token with this number.
    pub(super) fn stands_before(&self, token: usize) -> bool {
        self.all.binary_search_by_key(&token, |comment| comment.token).is_ok()
    }

    /// Whether a comment starts within a range.
    pub(super) fn within(&self, range: Range<usize>) -> bool {
        self.before(range.end) > self.before(range.start)
    }

    /// The end of what is written before a place, without comments and white space: the tree's
    /// spans may reach over both.
    pub(super) fn code_end(&self, at: usize) -> usize {
        let mut end = at;
        loop {
            end = self.text.get(..end).unwrap_or("").trim_end().len();
            let last = self.before(end).checked_sub(1).and_then(|number| self.get(number));
            match last {
                Some(comment) if comment.end >= end => end = comment.start,
                _ => return end,
            }
        }
    }
}

fn comment(text: &str, range: Range<usize>, token: usize) -> Comment {
    let line = text.get(..range.start).unwrap_or("").rsplit('\n').next().unwrap_or("");
    let length = text.get(range.clone()).unwrap_or("").trim_end().len();
    let (start, end) = (range.start, range.start + length);
    Comment { start, end, alone: line.trim().is_empty(), token }
}

#[cfg(test)]
mod tests {
    use super::Comments;

    #[test]
    fn finds_comments_but_not_within_texts() {
        let text = "a, \"// no \\\" // no\" // yes  \n  /// doc\nb";
        let comments = Comments::of(text);
        let found: Vec<_> =
            comments.all.iter().map(|c| (comments.text(c), c.alone, c.token)).collect();
        assert_eq!(found, [("// yes", false, 2), ("/// doc", true, 2)]);
    }

    #[test]
    fn code_ends_before_trailing_comments() {
        let text = "a // one\n // two\n\n b";
        assert_eq!(Comments::of(text).code_end(text.len() - 1), 1);
    }
}
