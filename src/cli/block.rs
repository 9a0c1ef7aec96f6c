//! Some consecutive records of an input, and what came of them: what goes from thread to thread.

use std::sync::Arc;

use arrow::record_batch::RecordBatch;

use super::Stop;
use super::input::{Bound, Part, Sheet, Table};
use super::output::Encoded;
use super::table::Tables;
use crate::batch;
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
    /// The records that are there as text.
    pub(super) entries: Vec<Entry>,
    /// The text of the records, and behind `filled` room for more.
    text: Vec<u8>,
    filled: usize,
    /// Where the records are rows of columns, which.
    pub(super) rows: Option<Rows>,
    /// What came of the records.
    pub(super) told: Told,
}

/// Records that are read as rows of columns, by whoever works on the block.
pub(super) enum Rows {
    /// Rows of a Parquet file.
    Part(Arc<Table>, Part),
    /// The entries of the block, which are records of a CSV file.
    Cells(Arc<Sheet>),
}

/// The records of a block as columns.
pub(super) struct Batch {
    pub(super) rows: RecordBatch,
    /// From which columns each policy reads.
    pub(super) bound: Bound,
    /// For each row the place of its record in the block, where that is another one.
    places: Option<Vec<u32>>,
}

impl Batch {
    /// The place in the block of the record in a row.
    pub(super) fn place(&self, row: u32) -> u32 {
        let place = self.places.as_ref().and_then(|places| places.get(row as usize));
        place.copied().unwrap_or(row)
    }

    /// The number of each record, and its row.
    pub(super) fn records(&self, block: &Block) -> impl Iterator<Item = (u64, usize)> {
        let numbered = (0..u32::MAX).zip(0..self.rows.num_rows());
        let first = block.first;
        numbered.map(move |(row, number)| (first + u64::from(self.place(row)), number))
    }

    /// The rows as each policy that judges them reads them.
    pub(super) fn opened(&self) -> Result<Vec<batch::Rows<'_>>, Stop> {
        let opened: Result<_, _> =
            self.bound.iter().flatten().map(|own| own.rows(&self.rows)).collect();
        opened.map_err(|error: batch::SchemaError| Stop::Broken(error.to_string()))
    }
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
    /// The decisions in columns.
    pub(super) columns: Option<Encoded>,
}

impl Block {
    /// Empties the block and keeps its memory.
    pub(super) fn clear(&mut self) {
        (self.filled, self.size) = (0, 0);
        self.entries.clear();
        self.rows = None;
        self.told.decisions.clear();
        self.told.rejects.clear();
        self.told.tables.clear();
        self.told.columns = None;
    }

    /// How many records there are.
    pub(super) fn len(&self) -> u64 {
        match &self.rows {
            Some(Rows::Part(_, part)) => part.len(),
            _ => self.entries.len() as u64,
        }
    }

    /// Reads records that are rows of columns; nothing where they are JSON. What is no record of a
    /// CSV file becomes a broken entry and has no row.
    ///
    /// # Errors
    /// When the input is damaged.
    pub(super) fn batch(&mut self) -> Result<Option<Batch>, Stop> {
        match self.rows.take() {
            None => Ok(None),
            Some(Rows::Part(table, part)) => {
                let rows = table.read(&part)?;
                self.rows = Some(Rows::Part(table.clone(), part));
                Ok(Some(Batch { rows, bound: table.bound.clone(), places: None }))
            }
            Some(Rows::Cells(sheet)) => {
                let rows = sheet.read(self)?;
                let whole = (0..).zip(&self.entries).filter(|(_, entry)| entry.broken.is_none());
                let places = (rows.num_rows() < self.entries.len())
                    .then(|| whole.map(|(place, _)| place).collect());
                let bound = sheet.bound.clone();
                self.rows = Some(Rows::Cells(sheet));
                Ok(Some(Batch { rows, bound, places }))
            }
        }
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
