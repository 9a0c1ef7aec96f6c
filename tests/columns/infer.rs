//! Records in JSON lines as columns, and where the shipped ones lie; the tests of the command line
//! use this file as well.

use std::fs;
use std::io::Cursor;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use arrow_array::RecordBatch;
use arrow_json::ReaderBuilder;
use arrow_json::reader::infer_json_schema;

/// The records of a file as columns, as a reader of JSON takes them that knows nothing of policies.
pub(crate) fn columns_of(json: &str) -> RecordBatch {
    let (schema, records) = infer_json_schema(Cursor::new(json), None).unwrap();
    // Files hold records with errors, too, such as a text for an amount.
    let reader = ReaderBuilder::new(Arc::new(schema)).with_batch_size(records);
    let reader = reader.with_coerce_primitive(true);
    reader.build(Cursor::new(json)).unwrap().next().unwrap().unwrap()
}

/// Every rulebook below a folder.
pub(crate) fn rulebooks(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    if folder.join("rulebook.yaml").exists() {
        found.push(folder.to_path_buf());
    }
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(rulebooks(&path));
        }
    }
    found
}
