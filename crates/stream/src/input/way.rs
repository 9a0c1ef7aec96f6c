//! The way through a document of JSON down to its records, on which nothing is held but names.

use std::io;

use super::bytes::{breaks, filled};
use super::lost::{has, not_there};
use super::values::{Ends, Place, Values};
use crate::block::Block;

/// Names are longer nowhere.
const LONGEST_NAME: usize = 1 << 16;
/// So many names of what stands around are kept.
const KEPT: usize = 100;

/// Where the records of each document stand, and how far the way to them has been gone.
pub(super) struct Way {
    /// The names of the fields that lead there.
    names: Vec<String>,
    /// Whether they are the items of what stands there, which is then no record by itself.
    are_items: bool,
    /// What has been opened on the way.
    open: Vec<Opened>,
    /// Whether the document at hand has had records, and whether any before it had.
    found: bool,
    begun: bool,
    /// Of the document, how far it led, and what was there.
    reached: usize,
    there: Vec<(String, u8)>,
}

/// Something that has been opened, and how many members of it have been passed.
#[derive(Clone, Copy)]
struct Opened {
    is_list: bool,
    /// Whether its members are the records.
    holds: bool,
    members: u64,
}

/// What a step on the way has come to.
pub(super) enum Approach {
    /// There are no more documents.
    Ended,
    /// Something was put into the block.
    Record,
    /// The next bytes tell.
    Onward,
}

impl Way {
    pub(super) fn new(names: Vec<String>, are_items: bool) -> Self {
        let (open, there) = (Vec::new(), Vec::new());
        Self { names, are_items, open, found: false, begun: false, reached: 0, there }
    }

    /// Notes what stands where the way has been lost so far.
    fn note(&mut self, name: String, first: u8) {
        let depth = self.open.len();
        if depth > self.reached {
            self.reached = depth;
            self.there.clear();
        }
        if depth == self.reached && self.there.len() < KEPT {
            self.there.push((name, first));
        }
    }
}

impl Values {
    /// Goes through each document to where its records stand, before the first is read.
    #[must_use]
    pub(super) fn on(self, way: Way) -> Self {
        Self { way: Some(way), ..self }
    }

    /// Where the reader stands behind a list of records.
    pub(super) fn behind_list(&self) -> Place {
        let is_within = self.way.as_ref().is_some_and(|way| !way.open.is_empty());
        if is_within { Place::Around } else { Place::Top }
    }

    /// Goes on towards the records; `next` comes next.
    pub(super) fn approach(&mut self, next: Option<u8>, block: &mut Block) -> io::Result<Approach> {
        let Some(mut way) = self.way.take() else { return Ok(Approach::Ended) };
        let approach = self.approach_on(&mut way, next, block);
        self.way = Some(way);
        approach
    }

    fn approach_on(
        &mut self,
        way: &mut Way,
        next: Option<u8>,
        block: &mut Block,
    ) -> io::Result<Approach> {
        let broken = |values: &mut Self, wrong: &str, block: &mut Block| {
            values.place = Place::End;
            values.rest(wrong, block).map(|()| Approach::Record)
        };
        let Some(inner) = way.open.last_mut() else {
            (way.found, way.reached) = (false, 0);
            way.there.clear();
            return match next {
                None => Ok(Approach::Ended),
                Some(first @ (b'{' | b'[')) => {
                    self.open(way, first);
                    Ok(Approach::Onward)
                }
                Some(b'}' | b']' | b',' | b':') => broken(self, "expected value", block),
                Some(_) => {
                    let start = block.text().len();
                    self.take(block)?;
                    block.cut(start);
                    self.lost(way, block)
                }
            };
        };
        match next {
            None => return broken(self, "EOF while parsing an object", block),
            Some(closing @ (b'}' | b']')) => {
                if inner.is_list != (closing == b']') {
                    return broken(self, "expected `,` or the end", block);
                }
                self.reader.consume(1);
                way.open.pop();
                let is_lost = way.open.is_empty() && !way.found;
                if way.open.is_empty() {
                    self.place = Place::Top;
                    way.begun |= way.found;
                }
                return if is_lost { self.lost(way, block) } else { Ok(Approach::Onward) };
            }
            Some(b',') if inner.members > 0 => self.reader.consume(1),
            Some(_) if inner.members > 0 => {
                return broken(self, "expected `,` or the end", block);
            }
            Some(_) => {}
        }
        inner.members += 1;
        let Opened { is_list, holds, members } = *inner;
        let name = match is_list {
            true => (members - 1).to_string(),
            false => match self.name()? {
                Some(name) => name,
                None => return broken(self, "expected a name and `:`", block),
            },
        };
        let depth = way.open.len();
        let is_on = way.names.get(depth - 1) == Some(&name);
        let Some(first) = self.peek()? else {
            return broken(self, "EOF while parsing a value", block);
        };
        if holds {
            return self.take(block).map(|()| Approach::Record);
        }
        way.note(name, first);
        match (is_on, depth == way.names.len(), first) {
            (true, true, b'[') => {
                way.found = true;
                self.reader.consume(1);
                self.place = Place::Begin;
                Ok(Approach::Onward)
            }
            (true, true, b'{') if way.are_items => {
                way.found = true;
                self.open(way, first);
                way.open.iter_mut().skip(depth).for_each(|opened| opened.holds = true);
                Ok(Approach::Onward)
            }
            (true, true, _) if !way.are_items => {
                way.found = true;
                self.take(block).map(|()| Approach::Record)
            }
            (true, false, b'{' | b'[') => {
                self.open(way, first);
                Ok(Approach::Onward)
            }
            _ => self.pass().map(|()| Approach::Onward),
        }
    }

    fn open(&mut self, way: &mut Way, first: u8) {
        self.reader.consume(1);
        self.place = Place::Around;
        way.open.push(Opened { is_list: first == b'[', holds: false, members: 0 });
    }

    /// Tells that a document has no records where they are to stand; where that is the first, nobody reads on.
    fn lost(&mut self, way: &mut Way, block: &mut Block) -> io::Result<Approach> {
        let at = way.reached.saturating_sub(1);
        let name = way.names.get(at).map_or("", String::as_str);
        let there = has(way.there.iter().map(|(name, first)| (name.as_str(), Some(*first))));
        let error = not_there(name, way.names.get(..at).unwrap_or_default(), &there);
        if !way.begun {
            return Err(io::Error::other(error.message));
        }
        block.enter(self.line, block.text().len(), Some(error));
        Ok(Approach::Record)
    }

    /// Takes a name and the colon behind it; nothing where there is none.
    fn name(&mut self) -> io::Result<Option<String>> {
        if self.peek()? != Some(b'"') {
            return Ok(None);
        }
        let mut text = Vec::new();
        self.go_through(|bytes| {
            if text.len() <= LONGEST_NAME {
                text.extend_from_slice(bytes);
            }
        })?;
        let name = serde_json::from_slice::<String>(&text).ok();
        if self.peek()? != Some(b':') {
            return Ok(None);
        }
        self.reader.consume(1);
        Ok(name)
    }

    /// Passes a value by.
    fn pass(&mut self) -> io::Result<()> {
        self.go_through(|_| {})
    }

    /// Goes through a value, piece by piece.
    fn go_through(&mut self, mut see: impl FnMut(&[u8])) -> io::Result<()> {
        let mut ends = Ends::default();
        loop {
            let bytes = filled(&mut *self.reader)?;
            if bytes.is_empty() {
                return Ok(());
            }
            let found = ends.find(bytes);
            let taken = found.unwrap_or(bytes.len());
            let text = bytes.get(..taken).unwrap_or_default();
            see(text);
            self.line += breaks(text);
            self.reader.consume(taken);
            if found.is_some() {
                return Ok(());
            }
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests fail by panicking")]

    use std::io::{BufReader, Cursor};

    use super::*;

    fn records(text: &str, names: &str, are_items: bool, step: usize) -> io::Result<Vec<String>> {
        let reader = BufReader::with_capacity(step, Cursor::new(text.to_string()));
        let names = names.split('.').map(str::to_string).collect();
        let mut values = Values::new(Box::new(reader)).on(Way::new(names, are_items));
        let mut block = Block::default();
        while values.next(&mut block)? {}
        let told = |entry: &crate::entry::Entry| {
            let text = String::from_utf8(block.text_of(entry).to_vec()).unwrap();
            let mark = if entry.broken.is_some() { "!" } else { "" };
            format!("{}{mark}{text}", entry.line)
        };
        Ok(block.entries.iter().map(told).collect())
    }

    #[test]
    fn records_are_found_however_the_document_is_read() {
        let text = "{\"a\": {\"orders\": 1}, \"n\": [{\"data\": 2}],\n \"data\": {\"x\": \"}\", \"orders\": [{\"i\": 1}, 2],\n \"orders\": []}, \"z\": {}}\n{\"data\": {\"orders\": {\"i\": 3}}} {\"data\": {\"next\": null}}";
        for step in 1..=text.len() {
            let found = records(text, "data.orders", false, step).unwrap();
            assert_eq!(found, ["2{\"i\": 1}", "22", "4{\"i\": 3}", "4!"], "{step}");
        }
        let by_name = "{\"data\": {\"a\": {\"i\": 1}, \"b\": 2}, \"n\": 3}";
        for step in 1..=by_name.len() {
            assert_eq!(records(by_name, "data", true, step).unwrap(), ["1{\"i\": 1}", "12"]);
        }
        assert_eq!(records("[[1], [{}, 5]]", "1", false, 3).unwrap(), ["1{}", "15"]);
    }

    #[test]
    fn a_first_document_without_records_ends_the_run() {
        let told = |text: &str, are_items| {
            records(text, "data.orders", are_items, 7).unwrap_err().to_string()
        };
        let page = "{\"data\": {\"items\": [1], \"next\": null}, \"of\": 3}";
        assert_eq!(
            told(page, false),
            "there is no `orders` in `data`, where stand `items` (a list), `next` (null)"
        );
        let other = "there is no `data` at its top, where stand `items` (a list), `a` (a text)";
        assert_eq!(told("{\"items\": [{}], \"a\": \"b\"}", false), other);
        assert!(told("{\"data\": {\"orders\": 3}}", true).contains("`orders` (a number)"));
        assert!(told("42", false).contains("there is no `data` at its top"));
    }

    #[test]
    fn what_breaks_off_is_one_record() {
        for text in [
            "{\"data\": {\"orders\": [{}], \"b\"",
            "{\"data\": {\"orders\": [{}], ]",
            "{\"data\": {\"orders\": [{}]",
        ] {
            for step in 1..text.len() {
                let found = records(text, "data.orders", false, step).unwrap();
                assert!(
                    found.len() == 2 && found[0] == "1{}" && found[1].starts_with("1!"),
                    "{found:?}"
                );
            }
        }
    }
}
