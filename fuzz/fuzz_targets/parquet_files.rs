//! Any file that calls itself Parquet is judged, or refused as damaged: whatever the library that reads it
//! makes of the bytes, the run ends with one of the codes that `--help` tells.

#![no_main]

mod edits;

use std::fs;
use std::path::PathBuf;
use std::sync::{Arc, LazyLock};

use arrow_array::types::Int64Type;
use arrow_array::{
    ArrayRef, Date32Array, Decimal128Array, Float64Array, ListArray, RecordBatch, StringArray,
    TimestampMicrosecondArray,
};
use edits::Edits;
use libfuzzer_sys::fuzz_target;
use parquet::arrow::ArrowWriter;
use parquet::basic::{BrotliLevel, Compression, GzipLevel, ZstdLevel};
use parquet::file::properties::{WriterProperties, WriterVersion};
use tempfile::TempDir;

const POLICY: &str = r#"
record Order {
  id: text  note: text?  amount: CNY  share: number?  placed: time  on_day: date?
  sizes: list of number = []
}
policy orders for Order dated by placed {
  decide step: pay < ask < refuse by strictest otherwise pay
  rule large { when amount > 100 CNY then ask because "{note ?? id}" }
  rule late { when on_day is present and on_day > 2024-03-02 then refuse }
  rule sized { when any(size in sizes: size > 3) or (share is present and share < 0.5) then ask }
}"#;

struct Setting {
    folder: TempDir,
    bases: Vec<Vec<u8>>,
}

impl Setting {
    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }
}

/// A small table, written in each way in which columns are compressed, coded and parted into pages.
static SETTING: LazyLock<Setting> = LazyLock::new(|| {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("p.policy"), POLICY).unwrap();
    let ids: Vec<_> = (0..60).map(|n| format!("o{n}")).collect();
    let notes: Vec<_> =
        (0..60).map(|n| (n % 7 > 0).then_some(["a", "late", "large"][n % 3])).collect();
    let sizes = (0..60).map(|n| (n % 5 > 0).then(|| vec![Some(n), Some(n % 4)]));
    let amounts = Decimal128Array::from_iter_values((0..60).map(|n| i128::from(n) * 511));
    let columns: Vec<(&str, ArrayRef)> = vec![
        ("id", Arc::new(StringArray::from(ids))),
        ("note", Arc::new(StringArray::from(notes))),
        ("amount", Arc::new(amounts.with_precision_and_scale(12, 2).unwrap())),
        (
            "share",
            Arc::new(Float64Array::from_iter(
                (0..60).map(|n| (n % 3 > 0).then_some(f64::from(n) / 60.0)),
            )),
        ),
        (
            "placed",
            Arc::new(TimestampMicrosecondArray::from_iter_values(
                (0..60).map(|n| 1_709_251_200_000_000 + n * 3_600_000_000),
            )),
        ),
        (
            "on_day",
            Arc::new(Date32Array::from_iter(
                (0..60).map(|n| (n % 4 > 0).then_some(19_780 + n / 10)),
            )),
        ),
        ("sizes", Arc::new(ListArray::from_iter_primitive::<Int64Type, _, _>(sizes))),
    ];
    let batch = RecordBatch::try_from_iter(columns).unwrap();
    let codecs = [
        Compression::UNCOMPRESSED,
        Compression::SNAPPY,
        Compression::ZSTD(ZstdLevel::default()),
        Compression::GZIP(GzipLevel::default()),
        Compression::LZ4_RAW,
        Compression::BROTLI(BrotliLevel::default()),
    ];
    let versions = [WriterVersion::PARQUET_1_0, WriterVersion::PARQUET_2_0];
    let bases = codecs.iter().flat_map(|codec| versions.map(|version| (*codec, version)));
    let bases = bases.enumerate().map(|(at, (codec, version))| {
        let properties = WriterProperties::builder()
            .set_compression(codec)
            .set_writer_version(version)
            .set_dictionary_enabled(at % 3 > 0)
            .set_data_page_row_count_limit(20)
            .set_max_row_group_row_count(Some(40))
            .set_write_page_header_statistics(at % 2 > 0)
            .build();
        let mut writer =
            ArrowWriter::try_new(Vec::new(), batch.schema(), Some(properties)).unwrap();
        writer.write(&batch).unwrap();
        writer.into_inner().unwrap()
    });
    let bases = bases.collect();
    Setting { folder, bases }
});

fuzz_target!(
    init: {
        // A panic of a library is contained by the command line, which is what is put to the test; one that
        // is not comes back here and ends the run.
        let _ = std::panic::take_hook();
    },
    |edits: Edits| {
        let setting = &*SETTING;
        let base = &setting.bases[usize::from(edits.base) % setting.bases.len()];
        let file = setting.path("in.parquet");
        fs::write(&file, edits.of(base)).unwrap();
        for format in ["jsonl", "counts"] {
            let arguments = ["rulebook", "eval"].map(PathBuf::from).into_iter();
            let arguments = arguments.chain([setting.path("p.policy"), "--input".into(), file.clone()]);
            let arguments = arguments.chain(["--threads", "1", "--format", format].map(PathBuf::from));
            let arguments = arguments.chain(["--output".into(), setting.path("out")]);
            let exit = rulebook_cli::run_arguments(arguments);
            assert!(exit <= 2, "{exit}");
        }
    }
);
