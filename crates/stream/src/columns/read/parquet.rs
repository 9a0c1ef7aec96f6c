//! Files of columns (Parquet) into groups of rows, of which each is read by whoever judges it.

use std::ops::Range;
use std::sync::{Arc, OnceLock};

use arrow_array::RecordBatch;
use arrow_schema::{DataType, Field, FieldRef, Schema, TimeUnit};
use parquet::arrow::arrow_reader::{
    ArrowReaderMetadata, ArrowReaderOptions, ParquetRecordBatchReader,
    ParquetRecordBatchReaderBuilder, RowSelector,
};
use parquet::arrow::{ProjectionMask, parquet_to_arrow_field_levels};
use parquet::basic::{Encoding, Type as PhysicalType};
use parquet::errors::Result as ParquetResult;
use parquet::file::metadata::{ColumnChunkMetaData, ParquetMetaDataReader, RowGroupMetaData};
use parquet::file::reader::ChunkReader;

use super::bounds::Bounds;
use super::constant::{self, As};
use super::footer;
use super::groups::Group;
use super::pages::{Checked, Fault, LARGE, TOO_LARGE, check};
use super::slices;
use super::stored::Stored;
use crate::StreamError;
use crate::columns::bind::{Bound, union};
use crate::input::bytes::{Original, Source};
use crate::input::{FEW_ROWS, Partition, Readers};
use rulebook_base::contain::{Panicked, contained};

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
pub(crate) struct Table {
    name: String,
    file: Arc<Original>,
    metadata: ArrowReaderMetadata,
    /// What the folders around the file say.
    partition: Partition,
    /// The columns that any policy reads.
    mask: ProjectionMask,
    pub(crate) bound: Bound,
    bounds: Bounds,
    /// How many rows make a part, if they are short.
    rows: u64,
    /// What was found of the pages of each row group.
    checked: Vec<OnceLock<Result<Checked, Fault>>>,
}

/// Some rows of a row group.
#[derive(Debug, Clone)]
pub(crate) struct Part {
    group: usize,
    rows: Range<u64>,
    /// How many of them are read at once.
    at_once: u64,
}

impl Part {
    pub(crate) fn len(&self) -> u64 {
        self.rows.end - self.rows.start
    }
}

impl Table {
    /// Reads what the file says of its columns, and finds those that policies read.
    ///
    /// # Errors
    /// When it is no such file, and when its columns do not fit.
    pub(crate) fn open(source: &Source, readers: Readers<'_>) -> Result<Self, StreamError> {
        let name = source.name();
        let Some(file) = source.file().cloned() else {
            return Err(StreamError::Unusable(format!(
                "{name} cannot be read as Parquet: it is no file"
            )));
        };
        let end = footer::place(&file).map_err(|fault| {
            StreamError::Unusable(format!("{name} cannot be read as Parquet: {fault}"))
        })?;
        let stored = Stored(file.clone());
        let metadata = library(&name, || {
            // There may be a second schema, which nobody has looked at.
            let bytes = stored.get_bytes(end.start, usize::try_from(end.end - end.start)?)?;
            let schema = ParquetMetaDataReader::decode_schema(&bytes)?;
            let options = ArrowReaderOptions::new().with_parquet_schema(schema);
            let metadata = ArrowReaderMetadata::load(&stored, options)?;
            let schema = preserving(&metadata);
            let options = ArrowReaderOptions::new().with_schema(Arc::new(schema));
            match ArrowReaderMetadata::try_new(metadata.metadata().clone(), options) {
                // Its times would be other times if they were read as they are.
                Err(error) if has_int96(&metadata) => Err(error),
                // What cannot be had so is read as it is.
                dictionaries => Ok(dictionaries.unwrap_or(metadata)),
            }
        })?;
        let groups = metadata.metadata().row_groups();
        let mut counts = groups.iter().map(RowGroupMetaData::num_rows);
        let sum = counts.try_fold(0_i64, |sum, rows| sum.checked_add(rows).filter(|_| rows >= 0));
        if sum != Some(metadata.metadata().file_metadata().num_rows()) {
            return Err(Fault::Damaged("it has not as many rows as it says").of(&name));
        }
        let partition = source.partition.clone();
        let all = constant::schema(metadata.schema(), &partition, As::Dictionary);
        let bound = readers.bind(&name, |policy| policy.columns(&all))?;
        let mut leaves = union(&bound, |columns| columns.leaves());
        leaves.retain(|leaf| *leaf < metadata.parquet_schema().num_columns());
        let mask = ProjectionMask::leaves(metadata.parquet_schema(), leaves);
        let projected = library(&name, || {
            ParquetRecordBatchReaderBuilder::new_with_metadata(stored, metadata.clone())
                .with_row_groups(Vec::new())
                .with_projection(mask.clone())
                .build()
        })?;
        // What is read has other columns, of which each has another number.
        let schema = arrow_array::RecordBatchReader::schema(&projected);
        let schema = constant::schema(&schema, &partition, As::Dictionary);
        let bound = readers.bind(&name, |policy| policy.columns(&schema))?;
        let bounds = Bounds::of(&name, &metadata, &mask, (&partition, readers))?;
        let all = metadata.metadata().file_metadata().num_rows();
        let share = u64::try_from(all).unwrap_or_default().div_ceil(PARTS).max(FEW_ROWS);
        let rows = readers.rows.min(share);
        let checked = metadata.metadata().row_groups().iter().map(|_| OnceLock::new()).collect();
        Ok(Self { name, file, metadata, partition, mask, bound, bounds, rows, checked })
    }

    /// Between which values those of a part lie, with the columns from which each policy reads these;
    /// nothing where the file does not tell.
    pub(crate) fn bounds(&self, part: &Part) -> Option<(RecordBatch, &Bound)> {
        // What a library cannot make out has to be read.
        let batch = contained(|| self.bounds.batch(&self.metadata, part.group)).ok()??;
        let batch = constant::rows(batch, &self.partition, As::Texts).ok()?;
        Some((batch, &self.bounds.bound))
    }

    /// The parts of the file, in order.
    pub(crate) fn parts(self: &Arc<Self>) -> impl Iterator<Item = Part> + Send + use<> {
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

    /// What the pages of a group ask for; they are looked at once.
    fn checked(&self, group: usize) -> Result<Checked, Fault> {
        let lost = Fault::Damaged("a row group is not there");
        let data = self.metadata.metadata().row_groups().get(group).ok_or(lost)?;
        let checked = self.checked.get(group).ok_or(lost)?;
        *checked.get_or_init(|| check(&self.file, data, &self.mask))
    }

    /// How many rows a group has, how many of them make a part, and how many are read at once: parts
    /// are of about one size.
    fn step(&self, number: usize) -> (u64, u64, u64) {
        let Some(group) = self.metadata.metadata().row_groups().get(number) else {
            return (0, 1, 1);
        };
        let rows = u64::try_from(group.num_rows()).unwrap_or_default();
        let row = |bytes: fn(&ColumnChunkMetaData) -> i64| {
            let columns = (0..).zip(group.columns());
            let read = columns.filter(|(leaf, _)| self.mask.leaf_included(*leaf));
            let bytes = read.map(|(_, column)| u64::try_from(bytes(column)).unwrap_or_default());
            bytes.fold(0, u64::saturating_add).div_ceil(rows.max(1)).max(1)
        };
        let stored = row(|column| column.uncompressed_size());
        let expanded = row(|column| column.unencoded_byte_array_data_bytes().unwrap_or_default());
        // What is wrong with pages is told by who reads them; perhaps nobody has to.
        let has_large = stored.saturating_mul(rows) > LARGE;
        let large = has_large.then(|| self.checked(number).map_or(0, |checked| checked.rows));
        let wanted = (BYTES / stored).clamp(1, self.rows).max(large.unwrap_or_default());
        let parts = rows.div_ceil(wanted).max(1);
        let at_once = (BYTES_AT_ONCE / stored).min(BYTES_TOLD / expanded).clamp(1, ROWS_AT_ONCE);
        (rows, rows.div_ceil(parts).max(1), at_once)
    }

    /// How many bytes of the file a part stands for.
    pub(crate) fn size_of(&self, part: &Part) -> u64 {
        let rows = self.metadata.metadata().file_metadata().num_rows();
        let rows = u64::try_from(rows).unwrap_or_default().max(1);
        let share = u128::from(self.file.size) * u128::from(part.len()) / u128::from(rows);
        u64::try_from(share).unwrap_or_default()
    }

    /// Opens a part, to read its rows.
    ///
    /// # Errors
    /// When the file is damaged.
    pub(crate) fn read(self: &Arc<Self>, part: &Part) -> Result<PartRows, StreamError> {
        let rows = |rows: u64| usize::try_from(rows).unwrap_or(usize::MAX);
        let at_once = rows(part.at_once.min(part.len()));
        let checked = self.checked(part.group).map_err(|fault| fault.of(&self.name))?;
        let group = self.metadata.metadata().row_groups().get(part.group);
        let reader = library(&self.name, || match group.filter(|_| checked.sliced) {
            Some(group) => {
                let schema = self.metadata.parquet_schema();
                let fields = Some(self.metadata.schema().fields());
                let levels = parquet_to_arrow_field_levels(schema, self.mask.clone(), fields)?;
                let group_reader = Group { file: &self.file, metadata: &self.metadata, group };
                let skipped = RowSelector::skip(rows(part.rows.start));
                let selection = vec![skipped, RowSelector::select(rows(part.len()))].into();
                let selection = Some(selection);
                ParquetRecordBatchReader::try_new_with_row_groups(
                    &levels,
                    &group_reader,
                    at_once,
                    selection,
                )
            }
            None => {
                let stored = Stored(self.file.clone());
                let metadata = self.metadata.clone();
                ParquetRecordBatchReaderBuilder::new_with_metadata(stored, metadata)
                    .with_row_groups(vec![part.group])
                    .with_projection(self.mask.clone())
                    .with_offset(rows(part.rows.start))
                    .with_limit(rows(part.len()))
                    .with_batch_size(at_once)
                    .build()
            }
        })?;
        Ok(PartRows { table: self.clone(), reader, left: part.len(), failed: false })
    }
}

/// The rows of a part, batch by batch, with the dictionaries of their row group kept.
pub(crate) struct PartRows {
    table: Arc<Table>,
    reader: ParquetRecordBatchReader,
    /// How many rows are still to come.
    left: u64,
    failed: bool,
}

impl Iterator for PartRows {
    type Item = Result<RecordBatch, StreamError>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.failed {
            return None;
        }
        let name = &self.table.name;
        let read = match contained(|| self.reader.next()) {
            Ok(Some(Ok(batch))) => Ok(batch),
            Ok(Some(Err(error))) => Err(Unread::of(&error.to_string()).into_error(name)),
            Ok(None) if self.left == 0 => return None,
            Ok(None) => Err(Fault::Damaged("a row group has not as many rows as it says").of(name)),
            Err(Panicked) => Err(Fault::Damaged(GARBLED).of(name)),
        };
        let batch = match read {
            Ok(batch) => batch,
            Err(stop) => {
                // Nothing more is asked of a reader that failed.
                self.left = 0;
                self.failed = true;
                return Some(Err(stop));
            }
        };
        self.left = self.left.saturating_sub(batch.num_rows() as u64);
        let rows = constant::rows(batch, &self.table.partition, As::Dictionary);
        Some(rows.map_err(|error| StreamError::Broken(format!("{}: {error}", self.table.name))))
    }
}

/// What is said of bytes in which a library lost its way.
const GARBLED: &str = "what it says of its data, or a page of it, cannot be made out";

/// Why a library could not read something.
enum Unread {
    Fault(Fault),
    /// It does not know how.
    Unknown(String),
}

impl Unread {
    /// From the library's words.
    fn of(words: &str) -> Self {
        // Arrow says before it whose words they are; names out of the file may stand in them.
        let words = words.strip_prefix("Parquet argument error: ").unwrap_or(words);
        if let Some(what) = words.strip_prefix("NYI: ") {
            return Self::Unknown(what.to_string());
        }
        Self::Fault(match words.strip_prefix("Parquet error: ").unwrap_or(words) {
            slices::OTHER_SUM => Fault::Damaged("the checksum of a page is that of other bytes"),
            slices::TOO_LONG => Fault::TooLarge(slices::TOO_LONG),
            TOO_LARGE => Fault::TooLarge(TOO_LARGE),
            _ => Fault::Damaged(GARBLED),
        })
    }

    fn into_error(self, name: &str) -> StreamError {
        match self {
            Self::Fault(fault) => fault.of(name),
            Self::Unknown(what) => StreamError::Unusable(format!(
                "{name} cannot be read as Parquet: not known here: {what}"
            )),
        }
    }
}

/// Has a library look at a file: what it cannot make out is damaged, panics included.
fn library<T>(name: &str, work: impl FnOnce() -> ParquetResult<T>) -> Result<T, StreamError> {
    match contained(work) {
        Ok(done) => done.map_err(|error| Unread::of(&error.to_string()).into_error(name)),
        Err(Panicked) => Err(Fault::Damaged(GARBLED).of(name)),
    }
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

/// Whether any column has them.
fn has_int96(metadata: &ArrowReaderMetadata) -> bool {
    let columns = metadata.parquet_schema().columns().iter();
    columns.into_iter().any(|column| column.physical_type() == PhysicalType::INT96)
}
