//! Memory stays below the bound that `rulebook eval --help` tells, whatever the length of the input.

#![cfg(target_os = "linux")]

use std::fs::File;
use std::path::Path;
use std::process::Command;
use std::sync::Arc;

use arrow::array::{ArrayRef, Int64Array, StringArray};
use arrow::record_batch::RecordBatch;
use parquet::arrow::ArrowWriter;
use parquet::file::properties::{EnabledStatistics, WriterProperties};

use crate::harness::Folder;

const POLICY: &str = "
record Decided { id: text  refund: text }
policy ids for Decided {
  decide kept: bool by first otherwise true
  rule odd { when refund == \"\" then kept = false }
}
record Order { id: text  amount: CNY }
policy returns for Order {
  decide refund: support < reject by strictest otherwise support
  rule large { when amount > 100 CNY then reject because \"{amount} is too much for {id}\" }
}
";

/// What the help says of one thread, in KB.
const BOUND: u64 = 128 << 10;

/// Longer texts make a file that is larger than the bound of fewer records.
const LONG: usize = 8 << 10;
const ROWS: usize = 1 << 10;

fn batch() -> RecordBatch {
    let filler = "x".repeat(LONG);
    let ids = StringArray::from_iter_values((0..ROWS).map(|row| format!("{row} {filler}")));
    let amounts = Int64Array::from_iter_values((0..ROWS as i64).map(|row| row % 200));
    let columns = [("id", Arc::new(ids) as ArrayRef), ("amount", Arc::new(amounts))];
    RecordBatch::try_from_iter(columns).unwrap()
}

/// Writes a file that is larger than the bound, in groups of some number of batches.
fn write(path: &Path, batches: usize, in_group: usize) {
    let properties = WriterProperties::builder()
        .set_dictionary_enabled(false)
        .set_statistics_enabled(EnabledStatistics::None)
        .build();
    let batch = batch();
    let file = File::create(path).unwrap();
    let mut writer = ArrowWriter::try_new(file, batch.schema(), Some(properties)).unwrap();
    for number in 1..=batches {
        writer.write(&batch).unwrap();
        if number % in_group == 0 {
            writer.flush().unwrap();
        }
    }
    writer.close().unwrap();
    assert!(std::fs::metadata(path).unwrap().len() > BOUND << 10);
}

/// Runs with so much memory and no more.
#[track_caller]
fn runs(folder: &Folder, arguments: &str) {
    let program = env!("CARGO_BIN_EXE_rulebook");
    let run = format!("ulimit -d {BOUND}; exec {program} eval p.policy --threads 1 {arguments}");
    let output = Command::new("sh").current_dir(folder.path(".")).args(["-c", &run]).output();
    let output = output.unwrap();
    let told = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{arguments}: {:?}\n{told}", output.status);
}

#[test]
fn a_file_larger_than_the_bound_is_judged_within_it() {
    let folder = Folder::new().with("p.policy", POLICY);
    // All rows in one group, and few in each.
    for (name, in_group, output) in [
        ("one.parquet", 20, "--output out.csv"),
        ("many.parquet", 2, "--output out.parquet"),
        ("many.parquet", 2, "--output out.jsonl"),
    ] {
        write(&folder.path(name), 20, in_group);
        runs(&folder, &format!("--policy returns --input {name} {output}"));
    }
    // What was written is an input, too.
    assert!(std::fs::metadata(folder.path("out.csv")).unwrap().len() > BOUND << 10);
    runs(&folder, "--policy ids --input out.csv --output again.csv");
}
