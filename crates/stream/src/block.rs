//! Some consecutive records of an input, and what came of them: what goes from thread to thread.

use std::sync::Arc;

use serde_json::value::RawValue;

use crate::columns::{self, Encoded, Row, Rows};
use crate::entry::Entry;
use crate::input::KEPT;
use crate::observer::Rejected;
use crate::sample::Tables;
use crate::{StreamError, json};
use rulebook::inside::Counts;
use rulebook::{Decision, Evaluation, Rejection};
use rulebook_core::facts::InputError;

/// About how many bytes of input a block holds; a longer line makes a longer block.
pub(crate) const SIZE: usize = 1 << 17;

/// Of a block so much memory is kept.
const LARGE: usize = 1 << 22;

/// Some consecutive records of an input. Blocks are used again and again, with their memory.
#[derive(Default)]
pub(crate) struct Block {
    /// The number of the first record.
    pub(crate) first: u64,
    /// The name of the input, where there are several.
    pub(crate) file: Option<Arc<str>>,
    /// How many bytes of the input the block takes.
    pub(crate) size: u64,
    /// The records that are there as text.
    pub(crate) entries: Vec<Entry>,
    /// The text of the records, and behind `filled` room for more.
    text: Vec<u8>,
    filled: usize,
    /// Where the records are rows of columns, which.
    pub(crate) rows: Option<Rows>,
    /// What came of the records.
    pub(crate) told: Told,
}

/// A record of a block, as it is judged.
#[derive(Clone, Copy)]
pub(crate) enum Record<'r> {
    Json(&'r [u8]),
    /// A row of columns.
    Row(Row<'r>),
    /// It is no record, and why.
    Broken {
        text: &'r [u8],
        error: &'r InputError,
    },
}

impl Record<'_> {
    /// Decides about the record by the policy at a place among those that read the input; nothing where
    /// that policy does not judge such rows, or where it is no record.
    pub(crate) fn decide<'e>(
        self,
        place: usize,
        evaluation: &'e mut Evaluation,
        counts: Counts<'_>,
    ) -> Option<Result<&'e Decision, Rejection>> {
        match self {
            Self::Json(json) => Some(evaluation.decide_counted(json, counts)),
            Self::Row(row) => row.decide(place, evaluation, counts),
            Self::Broken { .. } => None,
        }
    }

    /// The record as JSON on one line; nothing where it is none.
    pub(crate) fn to_json(self) -> Option<Box<RawValue>> {
        match self {
            Self::Json(text) | Self::Broken { text, .. } => json::on_one_line(text),
            Self::Row(row) => row.to_json(),
        }
    }
}

/// What came of the records of a block, ready to be written.
#[derive(Default)]
pub(crate) struct Told {
    /// The decisions as JSON.
    pub(crate) decisions: Vec<u8>,
    /// The rejected records as lines of JSON, for a file that keeps them.
    pub(crate) rejects: Vec<u8>,
    /// Those that no file keeps, and about how much memory they take.
    pub(crate) rejected: Vec<Rejected>,
    pub(crate) rejected_size: usize,
    /// The first decisions in rows.
    pub(crate) tables: Tables,
    /// The decisions in columns.
    pub(crate) columns: Option<Encoded>,
}

impl Told {
    /// Forgets all and keeps the memory.
    pub(crate) fn clear(&mut self) {
        self.decisions.clear();
        self.rejects.clear();
        self.rejected.clear();
        self.rejected_size = 0;
        self.tables.clear();
        self.columns = None;
    }

    /// Whether so much has been told in text that it should be written before there is more.
    pub(crate) fn is_much(&self) -> bool {
        /// A few blocks of such a size for each thread are well within what is promised of memory.
        const MUCH: usize = 1 << 22;
        self.decisions.len() + self.rejects.len() + self.rejected_size > MUCH
    }
}

impl Block {
    /// Some of what comes of the records of another block, which has them.
    pub(crate) fn piece(told: Told) -> Self {
        Self { told, ..Self::default() }
    }

    /// Empties the block and keeps its memory.
    pub(crate) fn clear(&mut self) {
        (self.filled, self.size) = (0, 0);
        // A record that was very long is no reason to hold so much for ever.
        if self.text.len() > LARGE {
            self.text = Vec::new();
        }
        self.entries.clear();
        self.rows = None;
        self.told.clear();
    }

    /// How many records there are.
    pub(crate) fn len(&self) -> u64 {
        match &self.rows {
            Some(rows) => rows.len(&self.entries),
            None => self.entries.len() as u64,
        }
    }

    /// Hands over each record with its number: those that are rows first, and then those that stand as
    /// text, or are none.
    ///
    /// # Errors
    /// When the input is damaged.
    pub(crate) fn each(
        &mut self,
        mut each: impl FnMut(u64, Record<'_>),
    ) -> Result<(), StreamError> {
        columns::each_row(self, |record, row| each(record, Record::Row(row)))?;
        let is_text = self.rows.is_none();
        for (record, entry) in (self.first..).zip(&self.entries) {
            let text = self.text_of(entry);
            match &entry.broken {
                Some(error) => each(record, Record::Broken { text, error }),
                None if is_text => each(record, Record::Json(text)),
                None => {}
            }
        }
        Ok(())
    }

    /// The text so far.
    pub(crate) fn text(&self) -> &[u8] {
        self.text.get(..self.filled).unwrap_or_default()
    }

    /// The text of a record.
    pub(crate) fn text_of(&self, entry: &Entry) -> &[u8] {
        let (start, end) = entry.range;
        self.text.get(start..end).unwrap_or_default()
    }

    /// Where to put more text; [`Block::take`] then says how much it was.
    pub(crate) fn room(&mut self) -> &mut [u8] {
        let wanted = self.filled + SIZE;
        if self.text.len() < wanted {
            self.text.resize(wanted, 0);
        }
        self.text.get_mut(self.filled..wanted).unwrap_or_default()
    }

    /// Takes so much of the room as text.
    pub(crate) fn take(&mut self, bytes: usize) {
        self.filled += bytes;
    }

    /// Cuts the text off.
    pub(crate) fn cut(&mut self, end: usize) {
        self.filled = self.filled.min(end);
    }

    /// Keeps the start of a record that is too large.
    pub(crate) fn keep_start(&mut self, start: usize) {
        self.cut(start + KEPT);
    }

    /// Appends a text, and tells where it stands.
    pub(crate) fn append(&mut self, text: &[u8]) -> (usize, usize) {
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

    /// Enters what was appended from a place on as a record.
    pub(crate) fn enter(&mut self, line: u64, start: usize, broken: Option<InputError>) {
        let range = (start, self.filled);
        self.entries.push(Entry { line, range, broken: broken.map(Box::new) });
    }

    /// Whether the block holds about as much as it should.
    pub(crate) fn is_full(&self) -> bool {
        self.filled >= SIZE
    }
}
