//! Finds the comments of a text, so that the formatter can put each of them back.

use std::ops::Range;

use crate::recover::string_end;

/// One comment, from its slashes to the end of its line.
#[derive(Debug)]
pub(super) struct Comment {
    /// The first byte.
    pub(super) start: usize,
    /// The byte after the last, white space at the end of the line left out.
    pub(super) end: usize,
    /// Whether nothing stands before it on its line.
    pub(super) alone: bool,
}

/// All comments of a text, in order.
pub(super) struct Comments<'s> {
    text: &'s str,
    all: Vec<Comment>,
}

impl<'s> Comments<'s> {
    /// Finds them; slashes within a text such as `"https://…"` are none.
    pub(super) fn of(text: &'s str) -> Self {
        let bytes = text.as_bytes();
        let mut all = Vec::new();
        let mut at = 0;
        while let Some(byte) = bytes.get(at) {
            at = match byte {
                b'"' => string_end(bytes, at) + 1,
                b'/' if bytes.get(at + 1) == Some(&b'/') => {
                    let end = line_end(bytes, at);
                    all.push(comment(text, at, end));
                    end
                }
                _ => at + 1,
            };
        }
        Self { text, all }
    }

    /// The comment with this number.
    pub(super) fn get(&self, number: usize) -> Option<&Comment> {
        self.all.get(number)
    }

    /// The text of a comment, with its slashes.
    pub(super) fn text(&self, comment: &Comment) -> &'s str {
        self.text.get(comment.start..comment.end).unwrap_or("")
    }

    /// How many comments start before a place.
    pub(super) fn before(&self, at: usize) -> usize {
        self.all.partition_point(|comment| comment.start < at)
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

fn comment(text: &str, start: usize, end: usize) -> Comment {
    let length = text.get(start..end).unwrap_or("").trim_end().len();
    let line = text.get(..start).unwrap_or("").rsplit('\n').next().unwrap_or("");
    Comment { start, end: start + length, alone: line.trim().is_empty() }
}

fn line_end(bytes: &[u8], from: usize) -> usize {
    let rest = bytes.get(from..).unwrap_or(&[]);
    rest.iter().position(|byte| *byte == b'\n').map_or(bytes.len(), |length| from + length)
}

#[cfg(test)]
mod tests {
    use super::Comments;

    #[test]
    fn finds_comments_but_not_within_texts() {
        let text = "a \"// no \\\" // no\" // yes  \n  /// doc\nb";
        let comments = Comments::of(text);
        let found: Vec<_> = comments.all.iter().map(|c| (comments.text(c), c.alone)).collect();
        assert_eq!(found, [("// yes", false), ("/// doc", true)]);
    }

    #[test]
    fn code_ends_before_trailing_comments() {
        let text = "a // one\n // two\n\n b";
        assert_eq!(Comments::of(text).code_end(text.len() - 1), 1);
    }
}
