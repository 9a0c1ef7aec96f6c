//! The records of a block as rows of columns.

use std::sync::Arc;

use arrow_array::RecordBatch;
use serde_json::value::{RawValue, to_raw_value};

use super::bind::Bound;
use super::read::{Part, PartRows, Sheet, Table};
use crate::StreamError;
use crate::block::Block;
use crate::entry::Entry;
use rulebook::batch::{self, SchemaError};
use rulebook::inside::Counts;
use rulebook::{Decision, Evaluation, Policy, Rejection};
use rulebook_core::program;

/// Records that are read as rows of columns, by whoever works on the block.
pub(crate) enum Rows {
    /// Rows of a Parquet file.
    Part(Arc<Table>, Part),
    /// The entries of the block, which are records of a CSV file.
    Cells(Arc<Sheet>),
}

/// Some consecutive records of a block as columns.
pub(crate) struct Batch {
    pub(crate) rows: RecordBatch,
    /// From which columns each policy reads.
    pub(crate) bound: Bound,
    /// The place in the block of the record in the first row.
    start: u32,
    /// For each row the place of its record in the block, where records between have none.
    places: Option<Vec<u32>>,
}

/// The records of a block, batch by batch.
pub(crate) enum BatchReader {
    /// The next rows of a part of a Parquet file, and how many have been before.
    Part(PartRows, Bound, u32),
    /// All of them.
    One(Option<Batch>),
}

impl Iterator for BatchReader {
    type Item = Result<Batch, StreamError>;

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
    pub(crate) fn place(&self, row: u32) -> u32 {
        let place = self.places.as_ref().and_then(|places| places.get(row as usize));
        place.copied().unwrap_or(self.start + row)
    }

    /// The rows as each policy reads them; nothing for those that do not judge them.
    fn opened(&self) -> Result<Vec<Option<batch::Rows<'_>>>, StreamError> {
        let bound = self.bound.iter();
        let opened = bound
            .map(|columns| columns.as_ref().map(|columns| columns.rows(&self.rows)).transpose());
        let opened: Result<_, SchemaError> = opened.collect();
        opened.map_err(|error| StreamError::Broken(error.to_string()))
    }
}

impl Rows {
    /// How many records there are, of which these are entered in the block.
    pub(crate) fn len(&self, entries: &[Entry]) -> u64 {
        match self {
            Self::Part(_, part) => part.len(),
            Self::Cells(_) => entries.len() as u64,
        }
    }

    /// Reads the records of a block. What is no record of a CSV file becomes a broken entry and has no
    /// row.
    ///
    /// # Errors
    /// When the input is damaged.
    pub(super) fn batches(&self, block: &mut Block) -> Result<BatchReader, StreamError> {
        match self {
            Self::Part(table, part) => {
                Ok(BatchReader::Part(table.read(part)?, table.bound.clone(), 0))
            }
            Self::Cells(sheet) => {
                let rows = sheet.read(block)?;
                let whole = (0..).zip(&block.entries).filter(|(_, entry)| entry.broken.is_none());
                let places = (rows.num_rows() < block.entries.len())
                    .then(|| whole.map(|(place, _)| place).collect());
                let bound = sheet.bound.clone();
                Ok(BatchReader::One(Some(Batch { rows, bound, start: 0, places })))
            }
        }
    }
}

/// A row, with the columns from which each policy reads it.
#[derive(Clone, Copy)]
pub(crate) struct Row<'r> {
    opened: &'r [Option<batch::Rows<'r>>],
    number: usize,
}

impl Row<'_> {
    /// The columns of the policy at a place; nothing where it does not judge such rows.
    fn of(&self, place: usize) -> Option<&batch::Rows<'_>> {
        self.opened.get(place)?.as_ref()
    }

    /// Whether the policy at a place judges it.
    pub(crate) fn is_for(self, place: usize) -> bool {
        self.of(place).is_some()
    }

    /// Decides about it by the policy at a place.
    pub(crate) fn decide<'e>(
        self,
        place: usize,
        evaluation: &'e mut Evaluation,
        counts: Counts<'_>,
    ) -> Option<Result<&'e Decision, Rejection>> {
        Some(evaluation.decide_row_counted(self.of(place)?, self.number, counts))
    }

    /// Reads it for the policy at a place.
    pub(crate) fn read(
        self,
        (place, policy): (usize, &Policy),
        row: &mut program::Row,
        key: &mut String,
    ) -> Option<Result<(), Rejection>> {
        Some(policy.read_row(self.of(place)?, self.number, row, key, Counts::Later))
    }

    /// The object that it stands for.
    pub(crate) fn to_json(self) -> Option<Box<RawValue>> {
        let rows = self.opened.iter().rev().flatten().next()?;
        to_raw_value(&rows.object(self.number)).ok()
    }
}

/// Hands over each record of a block that is a row, with its number.
///
/// # Errors
/// When the input is damaged.
pub(crate) fn each_row(
    block: &mut Block,
    mut each: impl FnMut(u64, Row<'_>),
) -> Result<(), StreamError> {
    let Some(rows) = block.rows.take() else { return Ok(()) };
    for batch in rows.batches(block)? {
        let batch = batch?;
        let opened = batch.opened()?;
        for (place, number) in (0..u32::MAX).zip(0..batch.rows.num_rows()) {
            let record = block.first + u64::from(batch.place(place));
            each(record, Row { opened: &opened, number });
        }
    }
    block.rows = Some(rows);
    Ok(())
}
