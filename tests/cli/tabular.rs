//! Records and decisions in Parquet and CSV.

use std::fs::File;
use std::path::Path;

use arrow_array::{RecordBatch, make_array};
use arrow_json::LineDelimitedWriter;
use arrow_schema::DataType;
use parquet::arrow::ArrowWriter;
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;
use parquet::file::properties::WriterProperties;
use serde_json::Value;

use crate::harness::json_lines;
use crate::infer::columns_of;

/// A Parquet file with the rows of a batch in groups of some size.
pub(crate) fn parquet_of(batch: &RecordBatch, group: usize) -> Vec<u8> {
    let properties = WriterProperties::builder().set_max_row_group_row_count(Some(group)).build();
    let mut file = Vec::new();
    let mut writer = ArrowWriter::try_new(&mut file, batch.schema(), Some(properties)).unwrap();
    writer.write(batch).unwrap();
    writer.close().unwrap();
    file
}

/// JSON lines as a Parquet file of one group.
pub(crate) fn parquet(json: &str) -> Vec<u8> {
    parquet_of(&columns_of(json), usize::MAX)
}

/// JSON lines as CSV, nested fields in columns such as `order.amount`; nothing where a list or an
/// amount with its currency stands in them, which no cell holds.
pub(crate) fn csv(json: &str, delimiter: u8) -> Option<String> {
    let mut names: Vec<String> = Vec::new();
    let mut rows = Vec::new();
    for line in json_lines(json) {
        let mut row = Vec::new();
        flatten("", &line, &mut row)?;
        for (name, _) in &row {
            if !names.contains(name) {
                names.push(name.clone());
            }
        }
        rows.push(row);
    }
    let mut writer = csv::WriterBuilder::new().delimiter(delimiter).from_writer(Vec::new());
    writer.write_record(&names).unwrap();
    for row in rows {
        let cell = |name: &String| {
            row.iter().find(|(own, _)| own == name).map_or("", |(_, text)| text.as_str())
        };
        writer.write_record(names.iter().map(cell)).unwrap();
    }
    String::from_utf8(writer.into_inner().unwrap()).ok()
}

fn flatten(name: &str, value: &Value, row: &mut Vec<(String, String)>) -> Option<()> {
    match value {
        Value::Object(fields) if fields.contains_key("currency") => None,
        Value::Object(fields) => fields.iter().try_for_each(|(field, value)| {
            let dot = if name.is_empty() { "" } else { "." };
            flatten(&format!("{name}{dot}{field}"), value, row)
        }),
        Value::Array(_) => None,
        // An empty cell is no value: a text that is empty cannot be told apart from it.
        Value::String(text) => (!text.is_empty()).then(|| row.push((name.into(), text.clone()))),
        Value::Null => Some(()),
        value => {
            row.push((name.to_string(), value.to_string()));
            Some(())
        }
    }
}

/// The same with times whose zone is an offset: Arrow prints no other without a table of zones.
fn with_offsets(batch: &RecordBatch) -> RecordBatch {
    let columns = batch.schema().fields().clone();
    let columns = columns.iter().zip(batch.columns()).map(|(field, column)| {
        let column = match field.data_type() {
            DataType::Timestamp(unit, Some(_)) => {
                let ty = DataType::Timestamp(*unit, Some("+00:00".into()));
                make_array(column.to_data().into_builder().data_type(ty).build().unwrap())
            }
            _ => column.clone(),
        };
        (field.name().clone(), column, field.is_nullable())
    });
    RecordBatch::try_from_iter_with_nullable(columns).unwrap()
}

/// The rows of a Parquet file, and the types of its columns.
pub(crate) fn rows_of(path: &Path) -> (Vec<Value>, Vec<String>) {
    let reader = ParquetRecordBatchReaderBuilder::try_new(File::open(path).unwrap()).unwrap();
    let fields = reader.schema().fields().clone();
    let types = fields.iter().map(|field| format!("{} {}", field.name(), field.data_type()));
    let mut writer = LineDelimitedWriter::new(Vec::new());
    for batch in reader.build().unwrap() {
        writer.write(&with_offsets(&batch.unwrap())).unwrap();
    }
    writer.finish().unwrap();
    let rows = json_lines(std::str::from_utf8(&writer.into_inner()).unwrap());
    (rows, types.collect())
}
