//! Files of columns, opened for those who read them, and their rows.

pub(crate) mod bounds;
mod compact;
mod constant;
mod csv;
mod footer;
mod groups;
mod guarded;
mod head;
mod lines;
mod pages;
mod parquet;
mod slices;
mod stored;

use std::sync::Arc;

use super::Rows;
use crate::StreamError;
use crate::block::Block;
use crate::input::Readers;
use crate::input::bytes::Source;
use crate::observer::Note;
use crate::options::InputFormat;
use rulebook_core::settings::FileForm;

pub(super) use csv::Sheet;
pub(super) use parquet::{Part, PartRows, Table};

/// A file of columns, opened for the policies that read it.
pub(crate) enum Opened {
    Parquet(Arc<Table>),
    Csv(Arc<Sheet>),
}

/// One that is being read.
pub(crate) enum Reading {
    Parquet(Arc<Table>, Box<dyn Iterator<Item = Part> + Send>),
    Csv(csv::Reading),
}

impl Opened {
    /// Finds the columns that policies read.
    ///
    /// # Errors
    /// When it is no such file, and when its columns do not fit.
    pub(crate) fn open(
        source: &Source,
        format: InputFormat,
        form: &FileForm,
        readers: Readers<'_>,
    ) -> Result<Self, StreamError> {
        if format == InputFormat::Parquet {
            source.refuse_packed()?;
            return Ok(Self::Parquet(Arc::new(Table::open(source, readers)?)));
        }
        let usual = if format == InputFormat::Tsv { b'\t' } else { b',' };
        Ok(Self::Csv(Arc::new(Sheet::open(source, (form, usual), readers)?)))
    }

    /// What was found out about it.
    pub(crate) fn notes(&self) -> Vec<Note> {
        match self {
            Self::Parquet(_) => Vec::new(),
            Self::Csv(sheet) => sheet.notes.clone(),
        }
    }

    /// Starts with the first record.
    pub(crate) fn start(&self, source: &Source) -> Result<Reading, StreamError> {
        Ok(match self {
            Self::Parquet(table) => Reading::Parquet(table.clone(), Box::new(table.parts())),
            Self::Csv(sheet) => Reading::Csv(sheet.start(source)?),
        })
    }
}

impl Reading {
    /// Puts the next records into a block; `false` at the end of the input.
    pub(crate) fn fill(&mut self, block: &mut Block) -> Result<bool, StreamError> {
        match self {
            Self::Parquet(table, parts) => {
                let Some(part) = parts.next() else { return Ok(false) };
                block.size = table.size_of(&part);
                block.rows = Some(Rows::Part(table.clone(), part));
                Ok(true)
            }
            Self::Csv(reading) => {
                let any = reading.fill(block)?;
                block.rows = Some(Rows::Cells(reading.sheet().clone()));
                Ok(any)
            }
        }
    }
}
