//! Records that break their declared types as columns.

use std::sync::Arc;

use arrow_array::RecordBatch;
use arrow_array::builder::{
    Int64Builder, ListBuilder, StringBuilder, StructBuilder, UInt64Builder,
};
use arrow_schema::{ArrowError, DataType, Field, Fields, Schema, SchemaRef};

use rulebook_core::facts::InputError;

/// Collects rejected records as the columns of an Arrow batch: `record` holds the number of the
/// record, `errors` a list of all that is wrong with it, each with `path`, `code`, `message`, and the
/// `count` of the places that it stands for.
///
/// ```
/// use rulebook::batch::Rejects;
/// use rulebook::{InputCode, InputError};
/// let error = InputError::new("amount", InputCode::MissingField, "none");
/// let mut rejects = Rejects::default();
/// rejects.push(7, &[error]);
/// assert_eq!(rejects.finish()?.num_rows(), 1);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug)]
pub struct Rejects {
    records: UInt64Builder,
    errors: ListBuilder<StructBuilder>,
}

impl Default for Rejects {
    fn default() -> Self {
        let errors = StructBuilder::from_fields(fields(), 0);
        let errors = ListBuilder::new(errors).with_field(element());
        Self { records: UInt64Builder::new(), errors }
    }
}

fn fields() -> Fields {
    let texts = ["path", "code", "message"].map(|name| Field::new(name, DataType::Utf8, false));
    // Spark has no numbers without a sign.
    texts.into_iter().chain([Field::new("count", DataType::Int64, false)]).collect()
}

fn element() -> Arc<Field> {
    Arc::new(Field::new_list_field(DataType::Struct(fields()), false))
}

impl Rejects {
    /// The columns of the batches, the same for every policy.
    pub fn schema() -> SchemaRef {
        Arc::new(Schema::new(vec![
            Field::new("record", DataType::UInt64, false),
            Field::new("errors", DataType::List(element()), false),
        ]))
    }

    /// Adds a record with all that is wrong with it.
    pub fn push(&mut self, record: u64, errors: &[InputError]) {
        self.records.append_value(record);
        let list = self.errors.values();
        for error in errors {
            let texts = [error.path.as_str(), error.code, error.message.as_str()];
            for (at, text) in texts.iter().enumerate() {
                if let Some(column) = list.field_builder::<StringBuilder>(at) {
                    column.append_value(text);
                }
            }
            if let Some(column) = list.field_builder::<Int64Builder>(texts.len()) {
                column.append_value(i64::try_from(error.count).unwrap_or(i64::MAX));
            }
            list.append(true);
        }
        self.errors.append(true);
    }

    /// The records that were added, as one batch; the next one begins empty.
    ///
    /// # Errors
    /// When the texts of a column have become too long for it.
    pub fn finish(&mut self) -> Result<RecordBatch, ArrowError> {
        let records = Arc::new(self.records.finish());
        RecordBatch::try_new(Self::schema(), vec![records, Arc::new(self.errors.finish())])
    }
}
