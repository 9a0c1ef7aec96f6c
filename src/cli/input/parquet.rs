//! Files of columns (Parquet) into groups of rows, of which each is read by whoever judges it.

use std::io::{self, BufReader, Read};
use std::ops::Range;
use std::sync::Arc;

use arrow::datatypes::{DataType, Field, FieldRef, Schema, TimeUnit};
use arrow::record_batch::RecordBatch;
use bytes::Bytes;
use parquet::arrow::ProjectionMask;
use parquet::arrow::arrow_reader::{
    ArrowReaderMetadata, ArrowReaderOptions, ParquetRecordBatchReader,
    ParquetRecordBatchReaderBuilder,
};
use parquet::basic::{Encoding, Type as PhysicalType};
use parquet::errors::{ParquetError, Result as ParquetResult};
use parquet::file::metadata::{ColumnChunkMetaData, RowGroupMetaData};
use parquet::file::reader::{ChunkReader, Length};

use super::super::Stop;
use super::bind::{Bound, FEW_ROWS, Readers, union};
use super::bounds::Bounds;
use super::bytes::{Original, ReadFrom, Source};

/// About how many bytes of rows make a part, and how many of them are read at once: few enough that
/// they stay at hand while they are judged.
const BYTES: u64 = 1 << 23;
const BYTES_AT_ONCE: u64 = 1 << 20;
/// The same where texts count in each row as often as they stand in it, as they do where a row is told.
const BYTES_TOLD: u64 = 1 << 22;
/// So many rows are read at once, if they are short.
const ROWS_AT_ONCE: u64 = 1 << 14;
/// A file has so many parts, if it has rows for them, so that all threads have work.
const PARTS: u64 = 16;

/// A file of columns, opened for the policies that read it.
pub(in crate::cli) struct Table {
    name: String,
    file: Arc<Original>,
    metadata: ArrowReaderMetadata,
    /// The columns that any policy reads.
    mask: ProjectionMask,
    pub(in crate::cli) bound: Bound,
    bounds: Bounds,
    /// How many rows make a part, if they are short.
    rows: u64,
}

/// Some rows of a row group.
#[derive(Debug, Clone)]
pub(in crate::cli) struct Part {
    group: usize,
    rows: Range<u64>,
    /// How many of them are read at once.
    at_once: u64,
}

impl Part {
    pub(in crate::cli) fn len(&self) -> u64 {
        self.rows.end - self.rows.start
    }
}

impl Table {
    /// Reads what the file says of its columns, and finds those that policies read.
    ///
    /// # Errors
    /// When it is no such file, and when its columns do not fit.
    pub(super) fn open(source: &Source, readers: Readers<'_>) -> Result<Self, Stop> {
        let name = source.name();
        let unreadable = |error: &ParquetError| unreadable(&name, error);
        let Some(file) = source.file().cloned() else {
            return Err(Stop::Unusable(format!("{name} cannot be read as Parquet: it is no file")));
        };
        let stored = Stored(file.clone());
        let options = ArrowReaderOptions::new();
        let metadata = ArrowReaderMetadata::load(&stored, options).map_err(|e| unreadable(&e))?;
        let schema = preserving(&metadata);
        let options = ArrowReaderOptions::new().with_schema(Arc::new(schema));
        let dictionaries = ArrowReaderMetadata::try_new(metadata.metadata().clone(), options);
        // What cannot be had so is read as it is.
        let metadata = dictionaries.unwrap_or(metadata);
        let bound = readers.bind(&name, |policy| policy.columns(metadata.schema()))?;
        let leaves = union(&bound, |columns| columns.leaves());
        let mask = ProjectionMask::leaves(metadata.parquet_schema(), leaves);
        let builder = ParquetRecordBatchReaderBuilder::new_with_metadata(stored, metadata.clone());
        let projected = builder.with_row_groups(Vec::new()).with_projection(mask.clone()).build();
        let projected = projected.map_err(|error| unreadable(&error))?;
        // What is read has other columns, of which each has another number.
        let schema = arrow::record_batch::RecordBatchReader::schema(&projected);
        let bound = readers.bind(&name, |policy| policy.columns(&schema))?;
        let bounds = Bounds::of(&name, &metadata, &mask, readers)?;
        let all = metadata.metadata().file_metadata().num_rows();
        let share = u64::try_from(all).unwrap_or_default().div_ceil(PARTS).max(FEW_ROWS);
        let rows = readers.rows.min(share);
        Ok(Self { name, file, metadata, mask, bound, bounds, rows })
    }

    /// Between which values those of a part lie, with the columns from which each policy reads these;
    /// nothing where the file does not tell.
    pub(in crate::cli) fn bounds(&self, part: &Part) -> Option<(RecordBatch, &Bound)> {
        Some((self.bounds.batch(&self.metadata, part.group)?, &self.bounds.bound))
    }

    /// The parts of the file, in order.
    pub(super) fn parts(self: &Arc<Self>) -> impl Iterator<Item = Part> + Send + use<> {
        let table = self.clone();
        let groups = 0..table.metadata.metadata().num_row_groups();
        groups.flat_map(move |group| {
            let (rows, step, at_once) = table.step(group);
            (0..rows.div_ceil(step)).map(move |part| {
                let rows = part * step..rows.min((part + 1) * step);
                Part { group, rows, at_once }
            })
        })
    }

    /// How many rows a group has, how many of them make a part, and how many are read at once: parts
    /// are of about one size.
    fn step(&self, group: usize) -> (u64, u64, u64) {
        let Some(group) = self.metadata.metadata().row_groups().get(group) else {
            return (0, 1, 1);
        };
        let rows = u64::try_from(group.num_rows()).unwrap_or_default();
        let row = |bytes: fn(&ColumnChunkMetaData) -> i64| {
            let columns = (0..).zip(group.columns());
            let read = columns.filter(|(leaf, _)| self.mask.leaf_included(*leaf));
            let bytes = read.map(|(_, column)| bytes(column)).sum::<i64>();
            u64::try_from(bytes).unwrap_or_default().div_ceil(rows.max(1)).max(1)
        };
        let stored = row(|column| column.uncompressed_size());
        let told = row(|column| column.unencoded_byte_array_data_bytes().unwrap_or_default());
        let parts = rows.div_ceil((BYTES / stored).clamp(1, self.rows)).max(1);
        let at_once = (BYTES_AT_ONCE / stored).min(BYTES_TOLD / told).clamp(1, ROWS_AT_ONCE);
        (rows, rows.div_ceil(parts).max(1), at_once)
    }

    /// How many bytes of the file a part stands for.
    pub(super) fn size_of(&self, part: &Part) -> u64 {
        let rows = self.metadata.metadata().file_metadata().num_rows();
        let rows = u64::try_from(rows).unwrap_or_default().max(1);
        let share = u128::from(self.file.size) * u128::from(part.len()) / u128::from(rows);
        u64::try_from(share).unwrap_or_default()
    }

    /// Opens a part, to read its rows.
    ///
    /// # Errors
    /// When the file is damaged.
    pub(in crate::cli) fn read(self: &Arc<Self>, part: &Part) -> Result<PartRows, Stop> {
        let rows = |rows: u64| usize::try_from(rows).unwrap_or(usize::MAX);
        let stored = Stored(self.file.clone());
        let reader =
            ParquetRecordBatchReaderBuilder::new_with_metadata(stored, self.metadata.clone())
                .with_row_groups(vec![part.group])
                .with_projection(self.mask.clone())
                .with_offset(rows(part.rows.start))
                .with_limit(rows(part.len()))
                .with_batch_size(rows(part.at_once.min(part.len())))
                .build()
                .map_err(|error| unreadable(&self.name, &error))?;
        Ok(PartRows { table: self.clone(), group: part.group, reader, left: part.len() })
    }
}

/// The rows of a part, batch by batch, with the dictionaries of their row group kept.
pub(in crate::cli) struct PartRows {
    table: Arc<Table>,
    group: usize,
    reader: ParquetRecordBatchReader,
    /// How many rows are still to come.
    left: u64,
}

impl Iterator for PartRows {
    type Item = Result<RecordBatch, Stop>;

    fn next(&mut self) -> Option<Self::Item> {
        let name = &self.table.name;
        let batch = match self.reader.next() {
            Some(Ok(batch)) => batch,
            Some(Err(error)) => {
                self.left = 0;
                let why = format!("{name}: the file is damaged: {error}");
                return Some(Err(Stop::Unusable(why)));
            }
            None if self.left == 0 => return None,
            None => {
                self.left = 0;
                return Some(Err(Stop::Unusable(format!(
                    "{name}: the file is damaged: row group {} has not as many rows as it says",
                    self.group
                ))));
            }
        };
        self.left = self.left.saturating_sub(batch.num_rows() as u64);
        Some(Ok(batch))
    }
}

fn unreadable(name: &str, error: &ParquetError) -> Stop {
    Stop::Unusable(format!("{name} cannot be read as Parquet: {error}"))
}

/// The columns of a file, in which texts keep the dictionaries that they have in the file: what is
/// asked of a text is then asked once for each value. Other texts stay where their pages are. Times of
/// 96 bits become microseconds.
fn preserving(metadata: &ArrowReaderMetadata) -> Schema {
    let groups = metadata.metadata().row_groups();
    let mut leaf = 0;
    let fields = metadata.schema().fields().iter();
    let fields: Vec<_> = fields.map(|field| preserved(field, groups, &mut leaf)).collect();
    Schema::new_with_metadata(fields, metadata.schema().metadata().clone())
}

/// A column whose leaves begin with the number `leaf`, which goes on behind them.
fn preserved(field: &FieldRef, groups: &[RowGroupMetaData], leaf: &mut usize) -> FieldRef {
    let data = match field.data_type() {
        DataType::Struct(fields) => {
            DataType::Struct(fields.iter().map(|field| preserved(field, groups, leaf)).collect())
        }
        DataType::List(element) => DataType::List(preserved(element, groups, leaf)),
        DataType::LargeList(element) => DataType::LargeList(preserved(element, groups, leaf)),
        DataType::FixedSizeList(element, size) => {
            DataType::FixedSizeList(preserved(element, groups, leaf), *size)
        }
        DataType::Map(entries, sorted) => DataType::Map(preserved(entries, groups, leaf), *sorted),
        data => {
            let number = *leaf;
            *leaf += 1;
            match data {
                DataType::Utf8 | DataType::LargeUtf8 | DataType::Utf8View => {
                    match groups.iter().all(|group| is_dictionary(group, number)) {
                        true => DataType::Dictionary(
                            Box::new(DataType::Int32),
                            Box::new(DataType::Utf8),
                        ),
                        false => DataType::Utf8View,
                    }
                }
                // Nanoseconds would end in 2262, and what lies behind would become other years.
                DataType::Timestamp(TimeUnit::Nanosecond, None)
                    if groups.iter().any(|group| is_int96(group, number)) =>
                {
                    DataType::Timestamp(TimeUnit::Microsecond, None)
                }
                data => data.clone(),
            }
        }
    };
    let field = Field::clone(field).with_data_type(data);
    Arc::new(field)
}

/// Whether all pages of a column's values in a group refer to its dictionary.
fn is_dictionary(group: &RowGroupMetaData, leaf: usize) -> bool {
    let mask = group.columns().get(leaf).and_then(|column| column.page_encoding_stats_mask());
    mask.is_some_and(|mask| {
        mask.is_only(Encoding::RLE_DICTIONARY) || mask.is_only(Encoding::PLAIN_DICTIONARY)
    })
}

/// Whether a column has times as Spark and Hive write them: days, and nanoseconds of the day.
fn is_int96(group: &RowGroupMetaData, leaf: usize) -> bool {
    group.columns().get(leaf).is_some_and(|column| column.column_type() == PhysicalType::INT96)
}

/// A file that several threads read at once.
struct Stored(Arc<Original>);

impl Length for Stored {
    fn len(&self) -> u64 {
        self.0.size
    }
}

impl ChunkReader for Stored {
    type T = BufReader<ReadFrom>;

    fn get_read(&self, start: u64) -> ParquetResult<Self::T> {
        Ok(BufReader::new(self.0.read_from(start)))
    }

    fn get_bytes(&self, start: u64, length: usize) -> ParquetResult<Bytes> {
        // A damaged file may ask for more than there is.
        if self.0.size.saturating_sub(start) < length as u64 {
            return Err(ParquetError::from(io::Error::from(io::ErrorKind::UnexpectedEof)));
        }
        let mut bytes = vec![0; length];
        self.0.read_from(start).read_exact(&mut bytes)?;
        Ok(Bytes::from(bytes))
    }
}
