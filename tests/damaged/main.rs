//! Parquet files that are not as they were written: told, or decided as if they were; never a panic, and
//! no more memory than a file of such a size needs.

#![allow(clippy::unwrap_used, clippy::panic, missing_docs, reason = "tests fail by panicking")]

mod thrift;

use std::fs;
use std::process::Command;
use std::sync::Arc;

use arrow_array::builder::{ListBuilder, StringBuilder};
use arrow_array::{
    ArrayRef, BooleanArray, Int64Array, RecordBatch, StringArray, TimestampMillisecondArray,
};
use parquet::arrow::ArrowWriter;
use parquet::basic::{BrotliLevel, Compression, Encoding, GzipLevel, ZstdLevel};
use parquet::file::properties::{WriterProperties, WriterVersion};
use tempfile::TempDir;
use thrift::{nested, with_checksums, with_first_header};

const POLICY: &str = r#"
record Order { id: text  note: text?  amount: number  tags: list of text  at: time?  paid: bool }
policy orders for Order {
  decide step: pay < look < ask by strictest otherwise pay
  rule large { when amount > 500 and paid then look because "{id}: {amount}" }
  rule noted { when note is present then look because "{note} on {id}" }
  rule dated { when at is present then look because "{at} for {id}" }
  rule red { when count(t in tags where t == "red") > 1 then ask because "{id}" }
}
"#;

const ROWS: i64 = 120;

fn rows() -> RecordBatch {
    let texts = |text: fn(i64) -> Option<String>| {
        Arc::new((0..ROWS).map(text).collect::<StringArray>()) as ArrayRef
    };
    let mut tags = ListBuilder::new(StringBuilder::new());
    for row in 0..ROWS {
        for tag in 0..row % 4 {
            tags.values().append_value(["red", "blue", "red", "green"][((row + tag) % 4) as usize]);
        }
        tags.append(true);
    }
    let days = (0..ROWS).map(|row| (row % 7 != 0).then_some(1_700_000_000_000 + row * 3_600_000));
    let at = days.collect::<TimestampMillisecondArray>().with_timezone("UTC");
    let columns = [
        ("id", texts(|row| Some(format!("o{row}")))),
        ("note", texts(|row| (row % 3 != 0).then(|| format!("note {}", row % 9)))),
        ("amount", Arc::new((0..ROWS).map(|row| row * 37 % 1000).collect::<Int64Array>())),
        ("tags", Arc::new(tags.finish())),
        ("at", Arc::new(at)),
        ("paid", Arc::new((0..ROWS).map(|row| Some(row % 2 == 0)).collect::<BooleanArray>())),
    ];
    RecordBatch::try_from_iter(columns).unwrap()
}

fn written(batch: &RecordBatch, properties: WriterProperties) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut writer = ArrowWriter::try_new(&mut bytes, batch.schema(), Some(properties)).unwrap();
    writer.write(batch).unwrap();
    writer.close().unwrap();
    bytes
}

/// Files of the same rows, written in every way that pages can be.
fn files() -> Vec<Vec<u8>> {
    let codecs = [
        Compression::UNCOMPRESSED,
        Compression::SNAPPY,
        Compression::GZIP(GzipLevel::default()),
        Compression::BROTLI(BrotliLevel::try_new(1).unwrap()),
        Compression::LZ4_RAW,
        Compression::ZSTD(ZstdLevel::default()),
    ];
    let builder = |number: usize, codec| {
        let versions = [WriterVersion::PARQUET_1_0, WriterVersion::PARQUET_2_0];
        WriterProperties::builder()
            .set_compression(codec)
            .set_writer_version(versions[number % 2])
            .set_data_page_row_count_limit(50)
            .set_write_batch_size(10)
    };
    let mut files = Vec::new();
    for (number, codec) in codecs.into_iter().enumerate() {
        let [first, second] = [builder(number, codec), builder(number + 1, codec)];
        files.push(written(&rows(), first.set_max_row_group_row_count(Some(70)).build()));
        let plain = second
            .set_dictionary_enabled(false)
            .set_column_encoding("id".into(), Encoding::DELTA_BYTE_ARRAY)
            .set_column_encoding("amount".into(), Encoding::DELTA_BINARY_PACKED);
        files.push(written(&rows(), plain.build()));
    }
    files
}

/// Numbers that are the same each time.
struct Drawn(u64);

impl Drawn {
    fn below(&mut self, end: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 % end as u64) as usize
    }
}

/// A folder with a policy.
fn folder(policy: &str) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("p.policy"), policy).unwrap();
    folder
}

/// Runs the real binary on a file: it has to refuse it, in words that are ours.
fn refused(file: &[u8], message: &str) {
    let folder = folder(POLICY);
    fs::write(folder.path().join("in.parquet"), file).unwrap();
    let run = ["eval", "p.policy", "--input", "in.parquet", "--output", "out.csv"];
    let mut command = Command::new(env!("CARGO_BIN_EXE_rulebook"));
    let output = command.current_dir(folder.path()).args(run).output().unwrap();
    let told = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(2), "{told}");
    assert!(told.contains(message) && !told.contains("panicked"), "{told}");
    assert!(!told.contains("arquet error") && !told.contains("EOF"), "{told}");
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 2, "{told}");
}

/// What a file is decided as: the exit code, and the decisions, if there are any.
fn judged(folder: &TempDir, file: &[u8]) -> (u8, Option<Vec<u8>>) {
    fs::write(folder.path().join("in.parquet"), file).unwrap();
    let [policy, input, output] = ["p.policy", "in.parquet", "out.csv"]
        .map(|name| folder.path().join(name).display().to_string());
    let _ = fs::remove_file(&output);
    let arguments = ["rulebook", "eval", &policy, "--input", &input, "--output", &output];
    let more = ["--with", "rules,reasons", "--threads", "1", "--rejects"];
    let rejects = folder.path().join("bad.jsonl").display().to_string();
    let arguments = arguments.into_iter().chain(more).chain([rejects.as_str()]);
    let code = rulebook_cli::run_arguments(arguments);
    (code, fs::read(&output).ok())
}

#[test]
fn whatever_is_damaged_is_told_or_changes_nothing() {
    let folder = folder(POLICY);
    let mut drawn = Drawn(0x5eed);
    let mut told = 0;
    for file in files() {
        let whole = with_checksums(&file);
        let (code, decided) = judged(&folder, &whole.bytes);
        assert_eq!(code, 0);
        assert!(decided.as_ref().is_some_and(|decided| decided.len() > 1000));
        assert_eq!(judged(&folder, &file), (0, decided.clone()));
        for round in 0..28 {
            let mut damaged = whole.bytes.clone();
            // Half of the time within a page.
            let page = whole.pages[drawn.below(whole.pages.len())].clone();
            let is_page = round % 2 == 0 && !page.is_empty();
            let place = match is_page {
                true => page.start + drawn.below(page.len()),
                false => drawn.below(damaged.len()),
            };
            match drawn.below(4) {
                0 => damaged[place] = 0xff - damaged[place],
                1 if !is_page => damaged.truncate(place),
                2 if !is_page => {
                    let end = damaged.len().min(place + drawn.below(40));
                    damaged[place..end].fill(drawn.below(256) as u8);
                }
                3 if !is_page => drop(damaged.splice(place..place, [drawn.below(256) as u8])),
                _ => damaged[place] ^= 1 << drawn.below(8),
            }
            let (code, after) = judged(&folder, &damaged);
            told += usize::from(code == 2);
            assert!(code <= 2, "{code} at {place} in round {round}");
            assert_eq!(after.is_some(), code < 2, "{code} at {place} in round {round}");
            if is_page {
                assert_eq!(code, 2, "a page at {place} in round {round}");
            }
        }
    }
    assert!(told > 200, "{told}");
}

#[test]
fn what_a_header_claims_is_not_believed() {
    let properties =
        WriterProperties::builder().set_compression(Compression::ZSTD(ZstdLevel::default()));
    let file = written(&rows(), properties.set_dictionary_enabled(false).build());
    // The size of the page and that when it is inflated, and what kind of page it is.
    for (field, value) in [(2, i32::MAX), (2, -1), (2, 7), (3, -384), (3, i32::MAX), (1, 9), (4, 1)]
    {
        let changed = with_first_header(&file, field, i64::from(value));
        assert_eq!(judged(&folder(POLICY), &changed), (2, None), "field {field}: {value}");
        refused(&changed, "in.parquet");
    }
    refused(
        &nested(200_000),
        "in.parquet cannot be read as Parquet: its columns lie in each other",
    );
}

#[test]
fn large_pages_are_read_in_slices() {
    // Pages of twelve megabytes, with texts of all lengths and some that are not there.
    let count = 1500;
    let text = |row: usize| (row % 5 != 3).then(|| format!("{row} {}", "long".repeat(row % 4000)));
    let notes: StringArray = (0..count).map(text).collect();
    let ids: StringArray = (0..count).map(|row| Some(row.to_string())).collect();
    let columns = [("id", Arc::new(ids) as ArrayRef), ("note", Arc::new(notes))];
    let batch = RecordBatch::try_from_iter(columns).unwrap();
    let policy = r#"
record Order { id: text  note: text? }
policy orders for Order {
  decide first: bool by first otherwise false
  rule ends { when note is present and ends_with(note, "longlong") then true because "{id}: {note}" }
}"#;
    let folder = folder(policy);
    let base = || WriterProperties::builder().set_dictionary_enabled(false);
    let expected = judged(&folder, &written(&batch, base().build()));
    assert_eq!(expected.0, 0);
    let whole = || base().set_data_page_size_limit(1 << 30).set_write_batch_size(1 << 20);
    for codec in [
        Compression::UNCOMPRESSED,
        Compression::GZIP(GzipLevel::try_new(1).unwrap()),
        Compression::BROTLI(BrotliLevel::try_new(1).unwrap()),
        Compression::ZSTD(ZstdLevel::try_new(1).unwrap()),
        // It inflates at once only.
        Compression::SNAPPY,
    ] {
        for version in [WriterVersion::PARQUET_1_0, WriterVersion::PARQUET_2_0] {
            let properties = whole().set_compression(codec).set_writer_version(version).build();
            let checked = with_checksums(&written(&batch, properties));
            assert!(judged(&folder, &checked.bytes) == expected, "{codec} {version:?}");
            let mut damaged = checked.bytes;
            damaged[checked.pages.last().unwrap().end - 3] ^= 4;
            assert_eq!(judged(&folder, &damaged), (2, None), "{codec} {version:?}");
        }
    }
}
