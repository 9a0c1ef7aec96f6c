//! Decisions in columns into the row groups of a Parquet file.

use std::io::{self, Write};
use std::sync::Arc;

use arrow_array::RecordBatch;
use arrow_schema::SchemaRef;
use parquet::arrow::ArrowWriter;
use parquet::arrow::arrow_writer::{ArrowColumnChunk, ArrowRowGroupWriterFactory, compute_leaves};
use parquet::basic::{Compression, Encoding};
use parquet::errors::{ParquetError, Result};
use parquet::file::properties::{EnabledStatistics, WriterProperties};
use parquet::file::writer::SerializedFileWriter;
use parquet::schema::types::ColumnPath;

/// A row group has at least so many rows, or so many bytes in memory, but for the last one of a file.
const ROWS: usize = 1 << 14;
const BYTES: usize = 1 << 22;

/// Encodes row groups, for any thread.
#[derive(Clone)]
pub(crate) struct Encoder {
    schema: SchemaRef,
    factory: Arc<ArrowRowGroupWriterFactory>,
}

/// Rows that belong into a file.
pub(crate) enum Encoded {
    /// Too few for a group of their own.
    Few(RecordBatch),
    /// A group, ready to be written.
    Group(Vec<ArrowColumnChunk>),
}

impl Encoder {
    /// Encodes rows, if they are enough for a group.
    pub(crate) fn encode(&self, batch: RecordBatch) -> io::Result<Encoded> {
        let batches = [batch];
        if are_many(&batches) {
            return self.group(&batches).map(Encoded::Group).map_err(io_error);
        }
        let [batch] = batches;
        Ok(Encoded::Few(batch))
    }

    fn group(&self, batches: &[RecordBatch]) -> Result<Vec<ArrowColumnChunk>> {
        let mut writers = self.factory.create_column_writers(0)?;
        for batch in batches {
            let mut writers = writers.iter_mut();
            for (field, column) in self.schema.fields().iter().zip(batch.columns()) {
                for leaf in compute_leaves(field, column)? {
                    if let Some(writer) = writers.next() {
                        writer.write(&leaf)?;
                    }
                }
            }
        }
        writers.into_iter().map(|writer| writer.close()).collect()
    }
}

fn are_many(batches: &[RecordBatch]) -> bool {
    let sum = |size: fn(&RecordBatch) -> usize| batches.iter().map(size).sum::<usize>();
    sum(RecordBatch::num_rows) >= ROWS || sum(RecordBatch::get_array_memory_size) >= BYTES
}

/// A file that is being written.
pub(crate) struct File {
    writer: SerializedFileWriter<Box<dyn Write + Send>>,
    encoder: Encoder,
    /// Rows that wait for others to make a group with.
    few: Vec<RecordBatch>,
}

impl File {
    pub(super) fn create(writer: Box<dyn Write + Send>, schema: &SchemaRef) -> io::Result<Self> {
        let mut properties = WriterProperties::builder()
            .set_compression(Compression::SNAPPY)
            .set_statistics_enabled(EnabledStatistics::Chunk)
            .set_created_by(concat!("rulebook ", env!("CARGO_PKG_VERSION")).to_string());
        // Most of their values are there only once.
        for unique in ["record", "id"] {
            let column = ColumnPath::from(unique);
            properties = properties.set_column_dictionary_enabled(column, false);
        }
        let numbers = (ColumnPath::from("record"), Encoding::DELTA_BINARY_PACKED);
        let properties = properties.set_column_encoding(numbers.0, numbers.1).build();
        let writer = ArrowWriter::try_new(writer, schema.clone(), Some(properties));
        let (writer, factory) =
            writer.and_then(ArrowWriter::into_serialized_writer).map_err(io_error)?;
        let encoder = Encoder { schema: schema.clone(), factory: Arc::new(factory) };
        Ok(Self { writer, encoder, few: Vec::new() })
    }

    pub(super) fn encoder(&self) -> Encoder {
        self.encoder.clone()
    }

    pub(super) fn write(&mut self, rows: Encoded) -> io::Result<()> {
        match rows {
            Encoded::Few(batch) => {
                self.few.push(batch);
                if are_many(&self.few) { self.write_few() } else { Ok(()) }
            }
            Encoded::Group(group) => {
                self.write_few()?;
                self.write_group(group)
            }
        }
    }

    fn write_few(&mut self) -> io::Result<()> {
        if self.few.is_empty() {
            return Ok(());
        }
        let group = self.encoder.group(&std::mem::take(&mut self.few)).map_err(io_error)?;
        self.write_group(group)
    }

    fn write_group(&mut self, group: Vec<ArrowColumnChunk>) -> io::Result<()> {
        let mut row_group = self.writer.next_row_group().map_err(io_error)?;
        for chunk in group {
            chunk.append_to_row_group(&mut row_group).map_err(io_error)?;
        }
        row_group.close().map(drop).map_err(io_error)
    }

    /// Writes what is left, and what the file says of itself.
    pub(super) fn finish(mut self) -> io::Result<()> {
        self.write_few()?;
        let mut writer = self.writer.into_inner().map_err(io_error)?;
        writer.flush()
    }
}

/// What the operating system said, where it said something.
fn io_error(error: ParquetError) -> io::Error {
    match error {
        ParquetError::External(error) => match error.downcast::<io::Error>() {
            Ok(error) => *error,
            Err(error) => io::Error::other(error),
        },
        error => io::Error::other(error),
    }
}
