//! Columns into what is written of them, in whatever thread, and into their file.

mod csv;
mod parquet;

use std::io::{self, Write};

use arrow_array::RecordBatch;

use super::Schema;
use crate::block::Told;
use crate::options::{CellForm, Format};

pub(crate) use parquet::Encoded;

/// Makes columns into what is written.
#[derive(Clone)]
pub(crate) enum Encoder {
    Parquet(parquet::Encoder),
    Csv(csv::Encoder),
}

impl Encoder {
    /// Adds the decisions about some records.
    pub(crate) fn encode(&self, batch: RecordBatch, told: &mut Told) -> io::Result<()> {
        match self {
            Self::Parquet(encoder) => told.columns = Some(encoder.encode(batch)?),
            Self::Csv(encoder) => encoder.encode(&batch, &mut told.decisions)?,
        }
        Ok(())
    }
}

/// A file of columns that is being written.
pub(crate) enum Writer {
    Parquet(Box<parquet::File>),
    Csv(Box<dyn Write + Send>, csv::Encoder),
}

impl Writer {
    /// Writes what stands before all rows.
    pub(crate) fn create(
        mut writer: Box<dyn Write + Send>,
        format: Format,
        cells: CellForm,
        schema: &Schema,
    ) -> io::Result<Self> {
        let delimiter = match format {
            Format::Csv => b',',
            Format::Tsv => b'\t',
            _ => return Ok(Self::Parquet(Box::new(parquet::File::create(writer, schema)?))),
        };
        let encoder = csv::Encoder::new(delimiter, cells);
        let mut header = Vec::new();
        encoder.header(schema, &mut header)?;
        writer.write_all(&header)?;
        Ok(Self::Csv(writer, encoder))
    }

    /// What makes columns into what is written.
    pub(crate) fn encoder(&self) -> Encoder {
        match self {
            Self::Parquet(file) => Encoder::Parquet(file.encoder()),
            Self::Csv(_, encoder) => Encoder::Csv(*encoder),
        }
    }

    /// Adds the decisions of a block.
    pub(crate) fn write(&mut self, told: &mut Told) -> io::Result<()> {
        match self {
            Self::Parquet(file) => told.columns.take().map_or(Ok(()), |rows| file.write(rows)),
            Self::Csv(writer, _) => writer.write_all(&told.decisions),
        }
    }

    /// Writes what is left.
    pub(crate) fn finish(self) -> io::Result<()> {
        match self {
            Self::Parquet(file) => file.finish(),
            Self::Csv(mut writer, _) => writer.flush(),
        }
    }
}
