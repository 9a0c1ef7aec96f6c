//! What a Parquet file says of the columns of a row group, as the rows of a batch: the least value of
//! each, the greatest, and nothing where rows of the group may have none.

use std::sync::Arc;

use arrow_array::{Array, ArrayRef, RecordBatch, StructArray, new_null_array};
use arrow_schema::{DataType, Field, FieldRef, Schema, SchemaRef};
use arrow_select::concat::concat;
use parquet::arrow::ProjectionMask;
use parquet::arrow::arrow_reader::ArrowReaderMetadata;
use parquet::arrow::arrow_reader::statistics::StatisticsConverter;
use parquet::basic::ColumnOrder;
use parquet::file::metadata::RowGroupMetaData;
use parquet::schema::types::SchemaDescriptor;

use super::constant::{self, As};
use crate::StreamError;
use crate::columns::bind::Bound;
use crate::input::{Partition, Readers};

/// The columns that policies read, as bounds have them: without dictionaries.
pub(super) struct Bounds {
    schema: SchemaRef,
    mask: ProjectionMask,
    pub(super) bound: Bound,
}

impl Bounds {
    /// The bounds of the columns of a mask.
    pub(super) fn of(
        name: &str,
        metadata: &ArrowReaderMetadata,
        mask: &ProjectionMask,
        (partition, readers): (&Partition, Readers<'_>),
    ) -> Result<Self, StreamError> {
        let mut leaf = 0;
        let fields = metadata.schema().fields().iter();
        let fields: Vec<_> = fields.filter_map(|field| plain(field, mask, &mut leaf)).collect();
        let schema = Arc::new(Schema::new(fields));
        let all = constant::schema(&schema, partition, As::Texts);
        let bound = readers.bind(name, |policy| policy.columns(&all))?;
        Ok(Self { schema, mask: mask.clone(), bound })
    }

    /// The bounds of a row group; nothing where the file does not tell those of a column.
    pub(super) fn batch(
        &self,
        metadata: &ArrowReaderMetadata,
        group: usize,
    ) -> Option<RecordBatch> {
        let file = metadata.metadata();
        let read = Read {
            group: file.row_groups().get(group)?,
            orders: file.file_metadata().column_orders().map(Vec::as_slice),
            schema: metadata.parquet_schema(),
        };
        let leaves = 0..metadata.parquet_schema().num_columns();
        let mut leaves = leaves.filter(|leaf| self.mask.leaf_included(*leaf));
        let columns =
            self.schema.fields().iter().map(|field| read.column(field, &mut leaves, true));
        RecordBatch::try_new(self.schema.clone(), columns.collect::<Option<_>>()?).ok()
    }
}

/// A column without what the mask leaves out, and without dictionaries; `leaf` is the number of its
/// first leaf, and then that of the next column's.
fn plain(field: &FieldRef, mask: &ProjectionMask, leaf: &mut usize) -> Option<FieldRef> {
    let data = match field.data_type() {
        DataType::Struct(fields) => {
            let fields: Vec<_> =
                fields.iter().filter_map(|field| plain(field, mask, leaf)).collect();
            (!fields.is_empty()).then(|| DataType::Struct(fields.into()))?
        }
        DataType::List(element) => DataType::List(plain(element, mask, leaf)?),
        DataType::LargeList(element) => DataType::LargeList(plain(element, mask, leaf)?),
        DataType::FixedSizeList(element, size) => {
            DataType::FixedSizeList(plain(element, mask, leaf)?, *size)
        }
        DataType::Map(entries, sorted) => DataType::Map(plain(entries, mask, leaf)?, *sorted),
        data => {
            let number = *leaf;
            *leaf += 1;
            match data {
                _ if !mask.leaf_included(number) => return None,
                DataType::Dictionary(_, values) => (**values).clone(),
                data => data.clone(),
            }
        }
    };
    Some(Arc::new(Field::clone(field).with_data_type(data).with_nullable(true)))
}

/// A row group that is read for what the file says of it.
struct Read<'f> {
    group: &'f RowGroupMetaData,
    orders: Option<&'f [ColumnOrder]>,
    schema: &'f SchemaDescriptor,
}

impl Read<'_> {
    /// The bounds of a column with the next leaves.
    fn column(
        &self,
        field: &FieldRef,
        leaves: &mut dyn Iterator<Item = usize>,
        is_top: bool,
    ) -> Option<ArrayRef> {
        match field.data_type() {
            DataType::Struct(fields) => {
                let columns = fields.iter().map(|field| self.column(field, leaves, false));
                let columns = columns.collect::<Option<Vec<_>>>()?;
                let records = StructArray::try_new(fields.clone(), columns, None).ok()?;
                Some(Arc::new(records))
            }
            data if data.is_nested() => None,
            _ => self.leaf(field, leaves.next()?, is_top),
        }
    }

    fn leaf(&self, field: &Field, leaf: usize, is_top: bool) -> Option<ArrayRef> {
        let converter = StatisticsConverter::from_column_index(leaf, field, self.schema).ok()?;
        let converter = converter.with_missing_null_counts_as_zero(false);
        let converter = converter.with_column_orders(self.orders);
        let only = || [self.group];
        let nulls = converter.row_group_null_counts(only()).ok()?;
        let nulls = nulls.is_valid(0).then(|| nulls.value(0))?;
        if nulls > 0 && !is_top {
            // It may be the record around the column that is not there.
            return None;
        }
        if i64::try_from(nulls) == Ok(self.group.num_rows()) {
            return Some(new_null_array(field.data_type(), 3));
        }
        // Long texts may be cut: then the bounds lie a little farther apart.
        let least = converter.row_group_mins(only()).ok()?;
        let greatest = converter.row_group_maxes(only()).ok()?;
        if least.is_null(0) || greatest.is_null(0) {
            return None;
        }
        let last = if nulls > 0 { new_null_array(field.data_type(), 1) } else { greatest.clone() };
        concat(&[&least, &greatest, &last]).ok()
    }
}
