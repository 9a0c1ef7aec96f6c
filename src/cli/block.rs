//! Some consecutive records of an input, and what came of them: what goes from thread to thread.

use std::sync::Arc;

use super::table::Tables;
use crate::facts::InputError;

/// About how many bytes of input a block holds; a longer line makes a longer block.
pub(super) const SIZE: usize = 1 << 17;

/// Some consecutive records of an input. Blocks are used again and again, with their memory.
#[derive(Default)]
pub(super) struct Block {
    /// The number of the first record.
    pub(super) first: u64,
    /// The name of the input, where there are several.
    pub(super) file: Option<Arc<str>>,
    /// How many bytes of the input the block takes.
    pub(super) size: u64,
    /// The records.
    pub(super) entries: Vec<Entry>,
    /// The text of the records, and behind `filled` room for more.
    text: Vec<u8>,
    filled: usize,
    /// What came of the records.
    pub(super) told: Told,
}

/// A record as it stands in the text of its block.
#[derive(Debug)]
pub(super) struct Entry {
    /// The line of the input on which it starts, counted from 1.
    pub(super) line: u64,
    /// Where its text starts and ends.
    pub(super) range: (usize, usize),
    /// What is wrong, where it is not even JSON.
    pub(super) broken: Option<Box<InputError>>,
}

/// What came of the records of a block, ready to be written.
#[derive(Default)]
pub(super) struct Told {
    /// The decisions as JSON.
    pub(super) decisions: Vec<u8>,
    /// The rejected records.
    pub(super) rejects: Vec<u8>,
    /// The first decisions in rows.
    pub(super) tables: Tables,
}

impl Block {
    /// Empties the block and keeps its memory.
    pub(super) fn clear(&mut self) {
        (self.filled, self.size) = (0, 0);
        self.entries.clear();
        self.told.decisions.clear();
        self.told.rejects.clear();
        self.told.tables.clear();
    }

    /// The text so far.
    pub(super) fn text(&self) -> &[u8] {
        self.text.get(..self.filled).unwrap_or_default()
    }

    /// The text of a record.
    pub(super) fn text_of(&self, entry: &Entry) -> &[u8] {
        let (start, end) = entry.range;
        self.text.get(start..end).unwrap_or_default()
    }

    /// Where to put more text; [`Block::take`] then says how much it was.
    pub(super) fn room(&mut self) -> &mut [u8] {
        let wanted = self.filled + SIZE;
        if self.text.len() < wanted {
            self.text.resize(wanted, 0);
        }
        self.text.get_mut(self.filled..wanted).unwrap_or_default()
    }

    /// Takes so much of the room as text.
    pub(super) fn take(&mut self, bytes: usize) {
        self.filled += bytes;
    }

    /// Cuts the text off.
    pub(super) fn cut(&mut self, end: usize) {
        self.filled = self.filled.min(end);
    }

    /// Appends a text, and tells where it stands.
    pub(super) fn append(&mut self, text: &[u8]) -> (usize, usize) {
        let (start, end) = (self.filled, self.filled + text.len());
        if self.text.len() < end {
            self.text.resize(end, 0);
        }
        if let Some(place) = self.text.get_mut(start..end) {
            place.copy_from_slice(text);
        }
        self.filled = end;
        (start, end)
    }

    /// Whether the block holds about as much as it should.
    pub(super) fn is_full(&self) -> bool {
        self.filled >= SIZE
    }
}
