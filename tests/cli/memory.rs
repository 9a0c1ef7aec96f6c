//! Memory stays below the bound that `rulebook eval --help` tells, whatever the length of the input.

#![cfg(target_os = "linux")]

use std::fs::File;
use std::path::Path;
use std::process::Command;
use std::sync::Arc;

use arrow_array::{ArrayRef, Int64Array, RecordBatch, StringArray};
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

/// Runs with as much memory as the help says, and no more.
#[track_caller]
fn runs(folder: &Folder, arguments: &str) {
    runs_within(BOUND, folder, arguments, 0);
}

/// The same with another bound, and the code with which it exits.
#[track_caller]
fn runs_within(bound: u64, folder: &Folder, arguments: &str, code: i32) {
    let program = env!("CARGO_BIN_EXE_rulebook");
    let run = format!("ulimit -d {bound}; exec {program} eval p.policy --threads 1 {arguments}");
    let output = Command::new("sh").current_dir(folder.path(".")).args(["-c", &run]).output();
    let output = output.unwrap();
    let told = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(code), "{arguments}: {:?}\n{told}", output.status);
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

/// A page of more bytes than the bound, of which nearly all are the same.
#[test]
fn a_page_larger_than_the_bound_is_judged_within_it_and_once() {
    const TEXTS: usize = 150;
    let filler = "x".repeat(1 << 20);
    let texts = StringArray::from_iter_values((0..TEXTS).map(|row| format!("{row}{filler}")));
    let batch = RecordBatch::try_from_iter([
        ("id", Arc::new(texts.clone()) as ArrayRef),
        ("refund", Arc::new(StringArray::from_iter_values((0..TEXTS).map(|row| row.to_string())))),
    ]);
    let properties = WriterProperties::builder()
        .set_dictionary_enabled(false)
        .set_statistics_enabled(EnabledStatistics::None)
        .set_data_page_size_limit(1 << 30)
        .set_compression(parquet::basic::Compression::ZSTD(Default::default()))
        .build();
    let folder = Folder::new().with("p.policy", POLICY);
    let file = File::create(folder.path("in.parquet")).unwrap();
    let batch = batch.unwrap();
    let mut writer = ArrowWriter::try_new(file, batch.schema(), Some(properties)).unwrap();
    writer.write(&batch).unwrap();
    writer.close().unwrap();
    assert!(std::fs::metadata(folder.path("in.parquet")).unwrap().len() < 1 << 20);
    runs(&folder, "--policy ids --input in.parquet --format counts");
}

/// What is read as a stream takes no more for being long.
#[test]
fn lists_of_records_in_json_and_yaml_are_judged_within_the_bound() {
    let folder = Folder::new().with("p.policy", POLICY);
    let filler = "x".repeat(2000);
    let records = (0..20_000).map(|row| format!("{{\"id\":\"{row} {filler}\",\"refund\":\"\"}}"));
    let json = format!("[\n{}\n]", records.collect::<Vec<_>>().join(",\n"));
    let yaml: String = (0..40_000)
        .map(|row| format!("- id: order {row}\n  refund: none\n  more: [a, b]\n"))
        .collect();
    let folder = folder.with("in.json", json).with("in.yaml", yaml);
    for name in ["in.json", "in.yaml"] {
        runs_within(BOUND / 2, &folder, &format!("--policy ids --input {name} --format counts"), 0);
    }
}

/// Texts that are decided, each of its own: none is kept once it is written.
#[test]
fn decided_texts_are_written_within_the_bound() {
    let policy = "record R { id: text }
        policy say for R { decide word: text by first  rule all { then lower(id) } }";
    let filler = "x".repeat(1 << 20);
    let lines: String = (0..100).map(|row| format!("{{\"id\":\"{row} {filler}\"}}\n")).collect();
    let folder = Folder::new().with("p.policy", policy).with("in.jsonl", lines);
    runs(&folder, "--input in.jsonl --output out.csv");
    assert_eq!(folder.read("out.csv").lines().count(), 101);
}

/// Rows that are short in the file, and whose rejects are not: these are written piece by piece.
#[test]
fn rejects_that_are_larger_than_the_bound_are_written_within_it() {
    const REJECTED: usize = 150_000;
    let ids = StringArray::from_iter_values((0..REJECTED).map(|row| row.to_string()));
    let same = "x".repeat(1000);
    let notes = StringArray::from_iter_values((0..REJECTED).map(|_| &same));
    let amounts = Int64Array::new_null(REJECTED);
    let columns = [
        ("id", Arc::new(ids) as ArrayRef),
        ("refund", Arc::new(notes)),
        ("amount", Arc::new(amounts)),
    ];
    let batch = RecordBatch::try_from_iter(columns).unwrap();
    let policy = POLICY.replace("amount: CNY", "amount: CNY  refund: text");
    let folder = Folder::new().with("p.policy", policy);
    let file = File::create(folder.path("in.parquet")).unwrap();
    let mut writer = ArrowWriter::try_new(file, batch.schema(), None).unwrap();
    writer.write(&batch).unwrap();
    writer.close().unwrap();
    let wrong = "--policy returns --input in.parquet --format counts --rejects bad.jsonl";
    runs_within(BOUND / 2, &folder, wrong, 1);
    let rejects = folder.read("bad.jsonl");
    assert!(rejects.len() as u64 > BOUND << 10);
    // Each is there once, in the order of the records.
    let ids = rejects.lines().map(|line| {
        let (_, id) = line.split_once("\"id\":\"").unwrap();
        id.split('"').next().unwrap().parse::<usize>().unwrap()
    });
    assert!(ids.eq(0..REJECTED));
}
