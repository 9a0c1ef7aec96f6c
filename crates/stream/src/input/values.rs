//! JSON values one behind the other, and the elements of arrays of them, into blocks of records: each is
//! taken as it stands, up to where its brackets close, so that no more is held than a block.

use std::io::{self, BufRead};

use memchr::memchr2;

use super::bytes::{breaks, filled};
use super::large::{LONGEST_JSON, broken, too_large};
use super::way::{Approach, Way};
use crate::block::Block;
use rulebook_core::facts::InputCode;

/// So much is kept of what stands behind the place from which nothing can be told apart.
const KEPT: usize = 1 << 20;

/// A text of JSON values that is being read.
pub(super) struct Values {
    pub(super) reader: Box<dyn BufRead + Send>,
    pub(super) place: Place,
    /// The line at hand, counted from 1.
    pub(super) line: u64,
    /// Where in each value its records stand, if not at its top.
    pub(super) way: Option<Way>,
}

/// Where in the text the next byte stands.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Place {
    Top,
    /// In what stands around records, before or behind a member of it.
    Around,
    /// Behind a bracket, a comma or an element of an array.
    Begin,
    Comma,
    Behind,
    End,
}

impl Values {
    pub(super) fn new(reader: Box<dyn BufRead + Send>) -> Self {
        Self { reader, place: Place::Top, line: 1, way: None }
    }

    /// Puts the next records into a block until it is full; `false` where there are no more.
    pub(super) fn fill(&mut self, block: &mut Block) -> io::Result<bool> {
        while !block.is_full() && self.next(block)? {}
        block.size = block.text().len() as u64;
        Ok(!block.entries.is_empty())
    }

    /// Puts the next record into a block; `false` at the end.
    pub(super) fn next(&mut self, block: &mut Block) -> io::Result<bool> {
        loop {
            let next = self.peek()?;
            if self.way.is_some() && matches!(self.place, Place::Top | Place::Around) {
                match self.approach(next, block)? {
                    Approach::Ended => return Ok(false),
                    Approach::Record => return Ok(true),
                    Approach::Onward => continue,
                }
            }
            let (place, wrong) = match (self.place, next) {
                (Place::End, _) | (Place::Top, None) => return Ok(false),
                (Place::Around, _) => (Place::End, "expected value"),
                (Place::Top, Some(b'[')) => (Place::Begin, ""),
                (Place::Top, Some(b'{' | b'"' | b'-' | b'0'..=b'9' | b't' | b'f' | b'n')) => {
                    return self.take(block).map(|()| true);
                }
                (Place::Begin | Place::Behind, Some(b']')) => (self.behind_list(), ""),
                (Place::Behind, Some(b',')) => (Place::Comma, ""),
                (Place::Comma, Some(b']')) => (Place::End, "trailing comma"),
                (Place::Behind, Some(_)) => (Place::End, "expected `,` or `]`"),
                (Place::Top, Some(_)) | (_, Some(b',' | b'}' | b':')) => {
                    (Place::End, "expected value")
                }
                (_, None) => (Place::End, "EOF while parsing a list"),
                (Place::Begin | Place::Comma, Some(_)) => {
                    self.place = Place::Behind;
                    return self.take(block).map(|()| true);
                }
            };
            self.place = place;
            if !wrong.is_empty() {
                return self.rest(wrong, block).map(|()| true);
            }
            self.reader.consume(1);
        }
    }

    /// The next byte that is no space; it is not taken.
    pub(super) fn peek(&mut self) -> io::Result<Option<u8>> {
        loop {
            let bytes = filled(&mut *self.reader)?;
            let is_space = |byte: &u8| matches!(byte, b' ' | b'\n' | b'\r' | b'\t');
            let spaces = bytes.iter().take_while(|byte| is_space(byte)).count();
            let next = bytes.get(spaces).copied();
            let ended = bytes.is_empty();
            self.line += breaks(bytes.get(..spaces).unwrap_or_default());
            self.reader.consume(spaces);
            if next.is_some() || ended {
                return Ok(next);
            }
        }
    }

    /// Takes the value that comes next. Whether it is sound is seen by who reads it.
    pub(super) fn take(&mut self, block: &mut Block) -> io::Result<()> {
        let (line, start) = (self.line, block.text().len());
        let (mut ends, mut length, mut whole) = (Ends::default(), 0, false);
        while !whole {
            let bytes = filled(&mut *self.reader)?;
            if bytes.is_empty() {
                // The text breaks off.
                self.place = Place::End;
                break;
            }
            let found = ends.find(bytes);
            whole = found.is_some();
            let taken = found.unwrap_or(bytes.len());
            let text = bytes.get(..taken).unwrap_or_default();
            if length <= LONGEST_JSON {
                block.append(text);
            }
            length += taken;
            self.line += breaks(text);
            self.reader.consume(taken);
        }
        let broken = (length > LONGEST_JSON).then(|| {
            block.keep_start(start);
            too_large(LONGEST_JSON)
        });
        block.enter(line, start, broken);
        Ok(())
    }

    /// Takes what is left as one record, which cannot be read.
    pub(super) fn rest(&mut self, wrong: &str, block: &mut Block) -> io::Result<()> {
        let start = block.text().len();
        while block.text().len() - start < KEPT {
            let bytes = filled(&mut *self.reader)?;
            if bytes.is_empty() {
                break;
            }
            let taken = bytes.len();
            block.append(bytes);
            self.reader.consume(taken);
        }
        block.cut(block.text().len().min(start + KEPT));
        let more = if block.text().len() > start { "; the rest is not read" } else { "" };
        let wrong = format!("this is not JSON: {wrong}{more}");
        block.enter(self.line, start, Some(broken(InputCode::BadJson, wrong)));
        Ok(())
    }
}

/// Finds where a value ends that comes in pieces.
#[derive(Default)]
pub(super) struct Ends {
    begun: bool,
    depth: u64,
    within: Within,
}

#[derive(Default, Clone, Copy, PartialEq, Eq)]
enum Within {
    /// A value without brackets or quotes, which ends before what follows.
    #[default]
    Word,
    Brackets,
    Text,
    Escape,
}

impl Ends {
    /// The place behind the value in the next bytes, if it ends there.
    pub(super) fn find(&mut self, bytes: &[u8]) -> Option<usize> {
        let mut at = 0;
        while let Some(byte) = bytes.get(at) {
            match (self.within, byte) {
                (Within::Escape, _) => self.within = Within::Text,
                (Within::Text, _) => {
                    // Most of a file are texts.
                    let special = memchr2(b'"', b'\\', bytes.get(at..)?)?;
                    at += special;
                    match (bytes.get(at), self.depth) {
                        (Some(b'\\'), _) => self.within = Within::Escape,
                        (_, 0) => return Some(at + 1),
                        _ => self.within = Within::Brackets,
                    }
                }
                (Within::Word, b' ' | b'\n' | b'\r' | b'\t' | b',' | b']' | b'}') if self.begun => {
                    return Some(at);
                }
                (Within::Brackets, b'"') => self.within = Within::Text,
                (Within::Word, b'"') if !self.begun => self.within = Within::Text,
                (Within::Word, b'{' | b'[') if !self.begun => {
                    (self.within, self.depth) = (Within::Brackets, 1);
                }
                (Within::Brackets, b'{' | b'[') => self.depth += 1,
                (Within::Brackets, b'}' | b']') => {
                    self.depth -= 1;
                    if self.depth == 0 {
                        return Some(at + 1);
                    }
                }
                _ => {}
            }
            self.begun = true;
            at += 1;
        }
        None
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests fail by panicking")]

    use std::io::BufReader;

    use super::*;

    fn records(text: &str, step: usize) -> Vec<String> {
        let reader = BufReader::with_capacity(step, io::Cursor::new(text.to_string()));
        let mut values = Values::new(Box::new(reader));
        let mut block = Block::default();
        while values.next(&mut block).unwrap() {}
        let told = |entry: &crate::entry::Entry| {
            let text = String::from_utf8(block.text_of(entry).to_vec()).unwrap();
            let mark = if entry.broken.is_some() { "!" } else { "" };
            format!("{}{mark}{text}", entry.line)
        };
        block.entries.iter().map(told).collect()
    }

    #[test]
    fn values_end_where_they_close_however_they_are_read() {
        let text = "[{\"a\": \"]}\\\"\"},\n [1, {}],\"x\\\\\",42 ,tru,{\"b\":1]]\n{\"c\n\": 2} 7\n[]oops, [1]";
        let expected = [
            "1{\"a\": \"]}\\\"\"}",
            "2[1, {}]",
            "2\"x\\\\\"",
            "242",
            "2tru",
            "2{\"b\":1]",
            "3{\"c\n\": 2}",
            "47",
            "5!oops, [1]",
        ];
        for step in 1..=text.len() {
            assert_eq!(records(text, step), expected, "{step}");
        }
    }

    #[test]
    fn what_breaks_off_is_one_record() {
        for (text, expected) in [
            ("[1, {\"a\": [", vec!["11", "1{\"a\": ["]),
            ("[1, ", vec!["11", "1!"]),
            ("[1", vec!["11"]),
            ("[1,]", vec!["11", "1!]"]),
            ("[{} {}]", vec!["1{}", "1!{}]"]),
            ("{\"a\": \"b", vec!["1{\"a\": \"b"]),
            ("}{}", vec!["1!}{}"]),
            ("", vec![]),
        ] {
            for step in 1..8 {
                assert_eq!(records(text, step), expected, "{text}");
            }
        }
    }
}
