//! A CSV text into its records: where each ends.

use memchr::{memchr, memchr_iter, memchr3};

/// Finds the ends of records, in a text that may grow: those line ends that stand outside of quotes.
/// Quotes are such as readers of CSV take for quotes: one opens at the start of a cell, and two within
/// it are one that is meant.
pub(super) struct Lines {
    delimiter: u8,
    /// Where the record at hand starts, and up to where it was looked at.
    start: usize,
    at: usize,
    quoted: bool,
}

/// Where a record ends.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct End {
    /// Where its text ends.
    pub(super) text: usize,
    /// Where the next one starts.
    pub(super) behind: usize,
    /// How many lines end in it or with it.
    pub(super) breaks: u64,
}

impl Lines {
    pub(super) fn new(delimiter: u8) -> Self {
        Self { delimiter, start: 0, at: 0, quoted: false }
    }

    /// Whether a quote was open where the text ended.
    pub(super) fn is_quoted(&self) -> bool {
        self.quoted
    }

    /// The end of the next record; nothing where the text has to grow first. With `ended` it does not
    /// grow any more, and what is left is a record.
    pub(super) fn next(&mut self, text: &[u8], ended: bool) -> Option<End> {
        loop {
            let rest = text.get(self.at..).unwrap_or_default();
            let found = match self.quoted {
                true => memchr(b'"', rest),
                false => memchr3(b'"', b'\n', b'\r', rest),
            };
            let Some(found) = found else {
                self.at = text.len();
                break;
            };
            let at = self.at + found;
            let next = text.get(at + 1);
            let may_go_on = self.quoted || text.get(at) == Some(&b'\r');
            if may_go_on && next.is_none() && !ended {
                // What follows decides.
                self.at = at;
                break;
            }
            match (text.get(at), self.quoted) {
                (Some(b'"'), true) if next == Some(&b'"') => self.at = at + 2,
                (Some(b'"'), true) => (self.quoted, self.at) = (false, at + 1),
                (Some(b'"'), false) => {
                    let before = at.checked_sub(1).and_then(|before| text.get(before));
                    self.quoted = at == self.start || before == Some(&self.delimiter);
                    self.at = at + 1;
                }
                (Some(b'\r'), _) if next == Some(&b'\n') => {
                    return Some(self.end(text, at, at + 2));
                }
                _ => return Some(self.end(text, at, at + 1)),
            }
        }
        let is_left = ended && self.start < text.len();
        is_left.then(|| self.end(text, text.len(), text.len()))
    }

    /// Goes on in the midst of a record behind its first bytes, which are gone.
    pub(super) fn pass(&mut self, bytes: usize) {
        (self.start, self.at) = (usize::MAX, self.at.saturating_sub(bytes));
    }

    fn end(&mut self, text: &[u8], end: usize, behind: usize) -> End {
        let within = text.get(self.start..end).unwrap_or_default();
        let breaks = memchr_iter(b'\n', within).count() as u64 + 1;
        (self.start, self.at) = (behind, behind);
        End { text: end, behind, breaks }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests fail by panicking")]

    use super::*;

    /// The records of a text that comes in pieces of some size.
    fn records(text: &str, step: usize) -> Vec<&str> {
        let mut lines = Lines::new(b',');
        let (mut found, mut start, mut there) = (Vec::new(), 0, 0);
        loop {
            there = text.len().min(there + step);
            let ended = there == text.len();
            while let Some(end) = lines.next(&text.as_bytes()[..there], ended) {
                found.push(&text[start..end.text]);
                start = end.behind;
            }
            if ended {
                return found;
            }
        }
    }

    #[test]
    fn records_end_at_line_ends_outside_of_quotes() {
        let text = "a,b\r\n\"x\ny\",\"say \"\"so\"\"\"\n5\",6\n\n7,8\r9,\"\"\r\n\"open\n";
        let expected =
            ["a,b", "\"x\ny\",\"say \"\"so\"\"\"", "5\",6", "", "7,8", "9,\"\"", "\"open\n"];
        for step in 1..=text.len() {
            assert_eq!(records(text, step), expected, "{step}");
        }
    }

    #[test]
    fn readers_of_csv_find_the_same_records() {
        let pieces = ["a", "\"", "\"\"", ",", "\n", "\r\n", "\r", "b"];
        for number in 0..40_000_usize {
            let mut rest = number;
            let mut text = String::new();
            while rest > 0 {
                text.push_str(pieces[rest % 8]);
                rest /= 8;
            }
            let mut reader = csv::ReaderBuilder::new();
            let mut reader = reader.has_headers(false).flexible(true).from_reader(text.as_bytes());
            let expected = reader.byte_records().map(Result::unwrap).count();
            let counted = records(&text, 1).into_iter().filter(|record| !record.is_empty()).count();
            assert_eq!(counted, expected, "{text:?}");
        }
    }
}
