//! Some consecutive records of an input, and what came of them: what goes from thread to thread.

use std::sync::Arc;

use arrow_array::RecordBatch;

use super::Stop;
use super::input::{Bound, Part, PartRows, Sheet, Table};
use super::output::Encoded;
use super::table::Tables;
use rulebook::batch;
use rulebook_core::facts::InputError;

/// About how many bytes of input a block holds; a longer line makes a longer block.
pub(super) const SIZE: usize = 1 << 17;

/// Of a block so much memory is kept.
const LARGE: usize = 1 << 22;

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

/// Some consecutive records of a block as columns.
pub(super) struct Batch {
    pub(super) rows: RecordBatch,
    /// From which columns each policy reads.
    pub(super) bound: Bound,
    /// The place in the block of the record in the first row.
    start: u32,
    /// For each row the place of its record in the block, where records between have none.
    places: Option<Vec<u32>>,
}

/// The records of a block, batch by batch.
pub(super) enum BatchReader {
    /// The next rows of a part of a Parquet file, and how many have been before.
    Part(PartRows, Bound, u32),
    /// All of them.
    One(Option<Batch>),
}

impl Iterator for BatchReader {
    type Item = Result<Batch, Stop>;

    fn next(&mut self) -> Option<Self::Item> {
        match self {
            Self::Part(rows, bound, next) => Some(rows.next()?.map(|rows| {
                let (bound, start) = (bound.clone(), *next);
                *next += u32::try_from(rows.num_rows()).unwrap_or_default();
                Batch { rows, bound, start, places: None }
            })),
            Self::One(batch) => batch.take().map(Ok),
        }
    }
}

impl Batch {
    /// The place in the block of the record in a row.
    pub(super) fn place(&self, row: u32) -> u32 {
        let place = self.places.as_ref().and_then(|places| places.get(row as usize));
        place.copied().unwrap_or(self.start + row)
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

impl Told {
    /// Forgets all and keeps the memory.
    pub(super) fn clear(&mut self) {
        self.decisions.clear();
        self.rejects.clear();
        self.tables.clear();
        self.columns = None;
    }

    /// Whether so much has been told in text that it should be written before there is more.
    pub(super) fn is_much(&self) -> bool {
        /// A few blocks of such a size for each thread are well within what is promised of memory.
        const MUCH: usize = 1 << 22;
        self.decisions.len() + self.rejects.len() > MUCH
    }
}

impl Block {
    /// Some of what comes of the records of another block, which has them.
    pub(super) fn piece(told: Told) -> Self {
        Self { told, ..Self::default() }
    }

    /// Empties the block and keeps its memory.
    pub(super) fn clear(&mut self) {
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
    pub(super) fn batches(&mut self) -> Result<Option<BatchReader>, Stop> {
        match self.rows.take() {
            None => Ok(None),
            Some(Rows::Part(table, part)) => {
                let (rows, bound) = (table.read(&part)?, table.bound.clone());
                self.rows = Some(Rows::Part(table, part));
                Ok(Some(BatchReader::Part(rows, bound, 0)))
            }
            Some(Rows::Cells(sheet)) => {
                let rows = sheet.read(self)?;
                let whole = (0..).zip(&self.entries).filter(|(_, entry)| entry.broken.is_none());
                let places = (rows.num_rows() < self.entries.len())
                    .then(|| whole.map(|(place, _)| place).collect());
                let bound = sheet.bound.clone();
                self.rows = Some(Rows::Cells(sheet));
                Ok(Some(BatchReader::One(Some(Batch { rows, bound, start: 0, places }))))
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

    /// Enters what was appended from a place on as a record.
    pub(super) fn enter(&mut self, line: u64, start: usize, broken: Option<InputError>) {
        let range = (start, self.filled);
        self.entries.push(Entry { line, range, broken: broken.map(Box::new) });
    }

    /// Whether the block holds about as much as it should.
    pub(super) fn is_full(&self) -> bool {
        self.filled >= SIZE
    }
}
