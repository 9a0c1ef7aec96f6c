//! Columns that have one value in all rows of a file: what the folders around it say.

use std::sync::Arc;

use arrow_array::types::Int32Type;
use arrow_array::{
    ArrayRef, DictionaryArray, Int32Array, RecordBatch, RecordBatchOptions, StringArray,
    new_null_array,
};
use arrow_schema::{ArrowError, DataType, Field, FieldRef, Schema};

use crate::input::Partition;

/// Whether texts are told by dictionaries.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum As {
    Dictionary,
    Texts,
}

impl As {
    fn data_type(self) -> DataType {
        let (keys, texts) = (Box::new(DataType::Int32), Box::new(DataType::Utf8));
        if self == Self::Texts { DataType::Utf8 } else { DataType::Dictionary(keys, texts) }
    }

    fn array(self, value: Option<&str>, rows: usize) -> Result<ArrayRef, ArrowError> {
        let Some(value) = value else { return Ok(new_null_array(&self.data_type(), rows)) };
        Ok(match self {
            Self::Texts => {
                Arc::new(StringArray::from_iter_values(std::iter::repeat_n(value, rows)))
            }
            Self::Dictionary => {
                let keys = Int32Array::from_value(0, rows);
                let texts = Arc::new(StringArray::from_iter_values([value]));
                Arc::new(DictionaryArray::<Int32Type>::try_new(keys, texts)?)
            }
        })
    }
}

/// The columns of a file, and behind them those of its folders that it does not have itself.
pub(super) fn schema(of: &Schema, partition: &Partition, form: As) -> Schema {
    let added =
        added(of, partition).map(|(name, _)| Arc::new(Field::new(name, form.data_type(), true)));
    let fields: Vec<FieldRef> = of.fields().iter().cloned().chain(added).collect();
    Schema::new_with_metadata(fields, of.metadata().clone())
}

/// Rows of a file with the same columns.
pub(super) fn rows(
    batch: RecordBatch,
    partition: &Partition,
    form: As,
) -> Result<RecordBatch, ArrowError> {
    if partition.is_empty() {
        return Ok(batch);
    }
    let schema = Arc::new(schema(batch.schema_ref(), partition, form));
    let rows = batch.num_rows();
    let arrays = added(batch.schema_ref(), partition).map(|(_, value)| form.array(value, rows));
    let columns = batch.columns().iter().cloned().map(Ok).chain(arrays);
    let options = RecordBatchOptions::new().with_row_count(Some(rows));
    RecordBatch::try_new_with_options(schema, columns.collect::<Result<_, _>>()?, &options)
}

fn added<'p>(
    schema: &Schema,
    partition: &'p Partition,
) -> impl Iterator<Item = (&'p str, Option<&'p str>)> {
    partition.fields().filter(|(name, _)| schema.field_with_name(name).is_err())
}
