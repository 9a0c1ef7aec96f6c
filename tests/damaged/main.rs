//! Parquet files that are not as they were written: told, or decided as if they were; never a panic, and
//! no more memory than a file of such a size needs.

#![allow(clippy::unwrap_used, clippy::panic, missing_docs, reason = "tests fail by panicking")]

mod thrift;

use std::fs;
use std::process::Command;
use std::sync::Arc;

use arrow::array::{
    ArrayRef, BooleanArray, Int64Array, ListBuilder, StringArray, StringBuilder,
    TimestampMillisecondArray,
};
use arrow::record_batch::RecordBatch;
use parquet::arrow::ArrowWriter;
use parquet::basic::{BrotliLevel, Compression, Encoding, GzipLevel, ZstdLevel};
use parquet::file::properties::{WriterProperties, WriterVersion};
use tempfile::TempDir;
use thrift::{
    empty_page, nested, nested_again, nested_behind, of_pages, page, varint, with_checksums,
    with_first_header,
};

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
    refused_by(POLICY, file, message);
}

/// The same by another policy, in no more memory than is promised.
fn refused_by(policy: &str, file: &[u8], message: &str) {
    let folder = folder(policy);
    fs::write(folder.path().join("in.parquet"), file).unwrap();
    let bound = if cfg!(target_os = "linux") { "ulimit -d 393216;" } else { "" };
    let program = env!("CARGO_BIN_EXE_rulebook");
    let run = "eval p.policy --input in.parquet --output out.csv --threads 1";
    let run = format!("{bound} exec {program} {run}");
    let mut command = Command::new("sh");
    let output = command.current_dir(folder.path()).args(["-c", &run]).output().unwrap();
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
    let code = rulebook::cli::run_arguments(arguments);
    (code, fs::read(&output).ok())
}

#[test]
fn what_is_damaged_in_pages_is_told_or_changes_nothing_and_elsewhere_panics_nobody() {
    let folder = folder(POLICY);
    let mut drawn = Drawn(0x5eed);
    let (mut told, mut same) = (0, 0);
    for file in files() {
        let whole = with_checksums(&file);
        let (code, decided) = judged(&folder, &whole.bytes);
        assert_eq!(code, 0);
        assert!(decided.as_ref().is_some_and(|decided| decided.len() > 1000));
        assert_eq!(judged(&folder, &file), (0, decided.clone()));
        let end = whole.bytes.len() - 8;
        let size = u32::from_le_bytes(whole.bytes[end..end + 4].try_into().unwrap());
        let footer = end - size as usize;
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
            if code == 0 && place < footer {
                assert!(after == decided, "decided otherwise: {place} in round {round}");
                same += 1;
            }
            if is_page {
                assert_eq!(code, 2, "a page at {place} in round {round}");
            }
        }
    }
    assert!(told > 200 && same > 0, "{told} told, {same} decided as before");
}

#[test]
fn what_a_header_claims_is_not_believed() {
    let properties =
        WriterProperties::builder().set_compression(Compression::ZSTD(ZstdLevel::default()));
    let file = written(&rows(), properties.set_dictionary_enabled(false).build());
    // The size of the page and that when it is inflated, and what kind of page it is.
    for (field, value) in [(2, i32::MAX), (2, -1), (2, 7), (3, -384), (3, i32::MAX), (1, 9), (4, 1)]
    {
        let changed = with_first_header(&file, field, (5, Some(i64::from(value))));
        assert_eq!(judged(&folder(POLICY), &changed), (2, None), "field {field}: {value}");
        refused(&changed, "in.parquet");
    }
    // The same numbers as numbers of other kinds: who reads them does not look at that.
    for field in [1, 2, 3] {
        for kind in [4, 6] {
            let changed = with_first_header(&file, field, (kind, None));
            assert_eq!(judged(&folder(POLICY), &changed), (2, None), "field {field}: {kind}");
        }
    }
    assert_eq!(judged(&folder(POLICY), &with_first_header(&file, 2, (5, None))).0, 0);
}

#[test]
fn columns_that_lie_deep_in_each_other_are_refused_however_that_is_said() {
    const DEPTH: usize = 200_000;
    let message = "in.parquet cannot be read as Parquet: its columns lie in each other";
    refused(&nested(DEPTH, 5), message);
    for kind in [4, 6] {
        refused(&nested(DEPTH, kind), "in.parquet cannot be read as Parquet");
    }
    refused(&nested_behind(DEPTH), "in.parquet cannot be read as Parquet");
    refused(&nested_again(DEPTH), "in.parquet");
}

const TEXTS: (i64, i64) = (6, 0);
const IDS: &str = "
record Order { id: text }
policy orders for Order {
  decide kept: bool by first otherwise true
  rule none { when id == \"\" then kept = false }
}
";

/// Lengths of texts: how many there are said to be, the first of them, and those of a block that all have the
/// same difference.
fn lengths(count: u64, first: u64) -> Vec<u8> {
    let numbers = [128, 4, count, first << 1];
    let mut bytes: Vec<u8> = numbers.into_iter().flat_map(varint).collect();
    if count > 1 {
        bytes.extend([0; 5]);
    }
    bytes
}

#[test]
fn lengths_of_texts_are_not_believed() {
    let large = "takes more than 256 MB";
    let of = |encoding, values, data: &[u8]| {
        of_pages(&page(0, encoding, values, data), 0, values, TEXTS)
    };
    // What is as it should be.
    for (encoding, data) in [
        (6, [lengths(1, 1), b"a".to_vec()].concat()),
        (7, [lengths(1, 0), lengths(1, 1), b"a".to_vec()].concat()),
    ] {
        assert_eq!(judged(&folder(IDS), &of(encoding, 1, &data)).0, 0, "{encoding}");
    }
    for count in [2, 1 << 28, 1 << 40] {
        refused_by(IDS, &of(6, 1, &lengths(count, 0)), "the file is damaged");
        refused_by(IDS, &of(7, 1, &lengths(count, 0)), "the file is damaged");
        let second = [lengths(1, 0), lengths(count, 0)].concat();
        refused_by(IDS, &of(7, 1, &second), "the file is damaged");
    }
    // The file says the same everywhere.
    for encoding in [6, 7] {
        refused_by(IDS, &of(encoding, 1 << 28, &lengths(1 << 28, 0)), large);
    }
    // Every text is the one before.
    let text = vec![b'x'; 1 << 20];
    let shared = [vec![0x80, 1, 4], varint(400), varint(0), varint(0)];
    let suffixes = [vec![0x80, 1, 4], varint(400), varint(2 << 20), varint(0)];
    let wide = |first: u32| {
        // Of the numbers in the first part, only the first is not zero.
        let mut bytes = vec![32, 0, 0, 0];
        bytes.extend(first.to_le_bytes());
        bytes.extend([0; 124]);
        bytes
    };
    let rest = [0; 5].repeat(3);
    let back = 0_u32.wrapping_sub(1 << 20);
    let data = [
        shared.concat(),
        wide(1 << 20),
        rest.clone(),
        suffixes.concat(),
        wide(back),
        rest.clone(),
        text,
    ]
    .concat();
    refused_by(IDS, &of(7, 400, &data), large);
}

#[test]
fn dictionaries_and_values_of_one_length_are_not_believed() {
    let of = |values: i64, data: &[u8]| {
        let dictionary = page(2, 0, values, data);
        let pages = [dictionary.clone(), page(0, 8, 1, &[0, 2, 0])].concat();
        of_pages(&pages, dictionary.len(), 1, TEXTS)
    };
    assert_eq!(judged(&folder(IDS), &of(1, b"\x01\0\0\0a")).0, 0);
    refused_by(IDS, &of(5, b"\x01\0\0\0a"), "a dictionary has not the values that it says");
    let numbers = IDS.replace("text", "number").replace("\"\"", "7");
    let file = of_pages(&page(0, 0, 1, &[0; 16]), 0, 1, (7, i64::from(i32::MAX)));
    refused_by(&numbers, &file, "in.parquet");
}

#[test]
fn a_column_has_no_more_pages_than_values() {
    let text = page(0, 0, 1, b"\x01\0\0\0a");
    let with =
        |empty: usize| of_pages(&[empty_page().repeat(empty), text.clone()].concat(), 0, 1, TEXTS);
    assert_eq!(judged(&folder(IDS), &with(0)).0, 0);
    refused_by(IDS, &with(3), "a column has more pages than values");
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
