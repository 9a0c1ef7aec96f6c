//! The checkouts of the workload to a Parquet file: the 13 fields that the decisions read.

use std::fs::File;
use std::path::Path;
use std::sync::Arc;

use arrow::array::{ArrayRef, BooleanArray, Float64Array, Int64Array, RecordBatch, StringArray};
use parquet::arrow::ArrowWriter;
use parquet::basic::Compression;
use parquet::file::properties::WriterProperties;
use workload::{Input, inputs};

/// As many rows as Polars puts into a group.
const GROUP: usize = 262_144;
const BATCH: usize = 65_536;

/// Writes the first so many checkouts with the settings of an ordinary writer.
pub fn write(path: &Path, rows: usize) {
    let properties = WriterProperties::builder()
        .set_compression(Compression::SNAPPY)
        .set_max_row_group_row_count(Some(GROUP));
    let file = File::create(path).expect("the file can be created");
    let schema = columns(&[]).schema();
    let mut writer = ArrowWriter::try_new(file, schema, Some(properties.build()))
        .expect("the schema can be written");
    let mut left = inputs(rows);
    loop {
        let some: Vec<_> = left.by_ref().take(BATCH).collect();
        if some.is_empty() {
            break;
        }
        writer.write(&columns(&some)).expect("the columns can be written");
    }
    writer.close().expect("the file can be completed");
}

/// Flat columns that are named by the paths of the fields.
fn columns(some: &[Input]) -> RecordBatch {
    let texts = |of: fn(&Input) -> &str| -> ArrayRef {
        Arc::new(StringArray::from_iter_values(some.iter().map(of)))
    };
    let whole = |of: fn(&Input) -> i64| -> ArrayRef {
        Arc::new(Int64Array::from_iter_values(some.iter().map(of)))
    };
    let floats = |of: fn(&Input) -> f64| -> ArrayRef {
        Arc::new(Float64Array::from_iter_values(some.iter().map(of)))
    };
    let received: BooleanArray = some.iter().map(|input| Some(input.order.received)).collect();
    RecordBatch::try_from_iter_with_nullable([
        ("now", whole(|input| input.now), false),
        ("method", texts(|input| &input.method), false),
        ("surface", texts(|input| &input.surface), false),
        ("order.amount", floats(|input| input.order.amount), false),
        ("order.category", texts(|input| &input.order.category), false),
        ("order.received", Arc::new(received), false),
        ("order.shipped_hours", whole(|input| input.order.shipped_hours), false),
        ("buyer.abnormal_refund_rate", floats(|input| input.buyer.abnormal_refund_rate), false),
        ("buyer.refund_only_30d", whole(|input| input.buyer.refund_only_30d), false),
        ("merchant.experience_score", floats(|input| input.merchant.experience_score), false),
        ("merchant.bucket", whole(|input| input.merchant.bucket), false),
        ("link.domain", texts(|input| &input.link.domain), false),
        ("link.kind", texts(|input| &input.link.kind), false),
    ])
    .expect("all columns are of one length")
}
