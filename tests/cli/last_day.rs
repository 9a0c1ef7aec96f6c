//! Times keep their offset, and reach to the end of the last day, through whatever they come and go.

use std::sync::Arc;

use arrow_array::cast::AsArray;
use arrow_array::types::TimestampMicrosecondType;
use arrow_array::{
    ArrayRef, Date32Array, Date64Array, RecordBatch, StringArray, TimestampMicrosecondArray,
    TimestampMillisecondArray, TimestampNanosecondArray, TimestampSecondArray,
};
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;
use parquet::data_type::{Int96, Int96Type};
use parquet::file::properties::WriterProperties;
use parquet::file::writer::SerializedFileWriter;
use parquet::schema::parser::parse_message_type;
use serde_json::Value;

use crate::harness::{Folder, each};
use crate::tabular::parquet_of;

/// What times are written as, and how they are told in Shanghai.
const TIMES: &[(&str, &str)] = &[
    ("9999-12-31", "9999-12-31T00:00:00+08:00"),
    ("9999-12-31T23:59:59.999999999", "9999-12-31T23:59:59.999999999+08:00"),
    ("9999-12-31 23:59:59", "9999-12-31T23:59:59+08:00"),
    ("9999-12-31T23:59:59+08:00", "9999-12-31T23:59:59+08:00"),
    ("9999-12-31T05:00:00-05:00", "9999-12-31T18:00:00+08:00"),
    // The clocks of Shanghai have passed the end of the calendar, and others tell the time.
    ("9999-12-31T23:59:59.999999999Z", "9999-12-31T23:59:59.999999999+00:00"),
    ("9999-12-31T23:59:59-12:00", "9999-12-31T23:59:59-12:00"),
    ("9999-12-31T18:29:00-05:30", "9999-12-31T23:59:00+00:00"),
    ("2024-05-02T06:30:00+08:00", "2024-05-02T06:30:00+08:00"),
    ("2024-05-02 06:30:00-05:00", "2024-05-02T19:30:00+08:00"),
    ("2024-05-02T06:30:00-00:00", "2024-05-02T14:30:00+08:00"),
    ("2024-05-02T06:30:00z", "2024-05-02T14:30:00+08:00"),
    ("2024-05-02T06:30:00+08:05:43", "2024-05-02T06:24:17+08:00"),
    // The clocks of Shanghai went by the sun, 8 hours, 5 minutes and 43 seconds ahead.
    ("1899-12-31T23:59:17+08:05", "1899-12-31T23:59:17+08:05"),
    ("1900-01-01", "1899-12-31T23:59:17+08:05"),
    ("2024-05-02T06:30:00+05:30[Asia/Kolkata]", "2024-05-02T09:00:00+08:00"),
    ("20240502T063000-0500", "2024-05-02T19:30:00+08:00"),
];

/// What is no time: without an instant, or beyond the calendar.
const NO_TIMES: &[&str] = &[
    "10000-01-01T00:00:00Z",
    "9999-12-32",
    "2024-05-02T06:30:00[Asia/Shanghai]",
    "2024-05-02T06:30:00 +08:00",
    "2024-05-02T06:30:00+26:00",
    "9999-12-31T24:00:01+08:00",
];

fn shop(policy: &str) -> Folder {
    let settings = "name: shop\nzone: Asia/Shanghai\n";
    Folder::new().with("shop/rulebook.yaml", settings).with("shop/one.policy", policy)
}

const POLICY: &str = "
record R { id: text  at: time }
policy p for R {
  decide same: time by first
  decide left: duration by first
  rule all { then same = at, left = at - 2024-01-01T00:00Z }
}
";

fn texts() -> impl Iterator<Item = &'static str> {
    TIMES.iter().map(|(text, _)| *text).chain(NO_TIMES.iter().copied())
}

fn ids(count: usize) -> ArrayRef {
    Arc::new(StringArray::from_iter_values((0..count).map(|at| format!("r{at}"))))
}

fn parquet(column: &str, values: ArrayRef) -> Vec<u8> {
    let columns = [("id", ids(values.len())), (column, values)];
    parquet_of(&RecordBatch::try_from_iter(columns).unwrap(), 100)
}

#[test]
fn a_time_is_the_same_through_every_door() {
    let count = texts().count();
    let json =
        texts().enumerate().map(|(at, text)| format!("{{\"id\":\"r{at}\",\"at\":\"{text}\"}}\n"));
    let yaml = texts().enumerate().map(|(at, text)| format!("- id: r{at}\n  at: {text}\n"));
    let cells = texts().enumerate().map(|(at, text)| format!("r{at},{text}\n"));
    let column = Arc::new(StringArray::from_iter_values(texts()));
    let folder = shop(POLICY)
        .with("in.jsonl", json.collect::<String>())
        .with("in.yaml", yaml.collect::<String>())
        .with("in.csv", format!("id,at\n{}", cells.collect::<String>()))
        .with("in.parquet", parquet("at", column));
    let wanted: Vec<_> = TIMES.iter().map(|(_, told)| Value::from(*told)).collect();
    for input in ["in.jsonl", "in.yaml", "in.csv", "in.parquet"] {
        let run = folder.run("eval shop --rejects bad.jsonl --input").arg(input);
        assert_eq!(each(&run.exits(1).lines(), "/decisions/same"), wanted, "{input}");
        let rejects = crate::harness::json_lines(&folder.read("bad.jsonl"));
        assert_eq!(rejects.len(), count - wanted.len(), "{input}");
        assert!(each(&rejects, "/errors/0/code").iter().all(|code| code == "bad-time"), "{input}");
    }
    // An argument is read alike, and what is told is read as the same time again.
    for (text, told) in TIMES {
        for text in [text, told] {
            let run = folder.run("eval shop --input - --now").arg(text);
            let ran = run.input(r#"{"id":"a","at":"2024-01-01"}"#).exits(0);
            assert_eq!(ran.lines()[0]["now"], *told, "{text}");
        }
    }
    for text in NO_TIMES {
        folder.run("eval shop --input in.csv --now").arg(text).exits(2).err_has("is not a time");
    }
}

#[test]
fn columns_of_every_unit_reach_the_last_day() {
    const LAST: i64 = 253_402_300_799;
    let utc = "+00:00";
    let seconds = || vec![LAST, 1_726_099_200, LAST + 12 * 3_600, LAST + 30 * 3_600];
    let of = |unit: i64| seconds().into_iter().map(|second| second * unit).collect::<Vec<_>>();
    let columns: [(&str, ArrayRef); 3] = [
        ("s", Arc::new(TimestampSecondArray::from(seconds()).with_timezone(utc))),
        ("ms", Arc::new(TimestampMillisecondArray::from(of(1_000)).with_timezone(utc))),
        ("us", Arc::new(TimestampMicrosecondArray::from(of(1_000_000)).with_timezone(utc))),
    ];
    let told =
        ["9999-12-31T23:59:59+00:00", "2024-09-12T08:00:00+08:00", "9999-12-31T23:59:59-12:00"];
    for (unit, column) in columns {
        let folder = shop(POLICY).with("in.parquet", parquet("at", column));
        let ran = folder.run("eval shop --input in.parquet").exits(1).err_has("record 3");
        assert_eq!(each(&ran.lines(), "/decisions/same"), told, "{unit}");
    }
    // Without a zone, clocks of the rulebook's zone are meant.
    let naive = TimestampMillisecondArray::from(vec![LAST * 1_000 + 999, (LAST + 1) * 1_000]);
    let folder = shop(POLICY).with("in.parquet", parquet("at", Arc::new(naive)));
    let ran = folder.run("eval shop --input in.parquet").exits(1).err_has("record 1");
    assert_eq!(each(&ran.lines(), "/decisions/same"), ["9999-12-31T23:59:59.999+08:00"]);
    // Nanoseconds end in 2262.
    let far = TimestampNanosecondArray::from(vec![i64::MAX]).with_timezone(utc);
    let folder = shop(POLICY).with("in.parquet", parquet("at", Arc::new(far)));
    let ran = folder.run("eval shop --input in.parquet").exits(0);
    assert_eq!(each(&ran.lines(), "/decisions/same"), ["2262-04-12T07:47:16.854775807+08:00"]);
}

/// Times as Spark writes them: nanoseconds of a day, and the Julian number of the day.
#[test]
fn times_of_96_bits_reach_the_last_day() {
    let schema = "message m { required binary id (STRING); required int96 at; }";
    let mut file = Vec::new();
    let schema = Arc::new(parse_message_type(schema).unwrap());
    let properties = Arc::new(WriterProperties::default());
    let mut writer = SerializedFileWriter::new(&mut file, schema, properties).unwrap();
    let mut group = writer.next_row_group().unwrap();
    let mut ids = group.next_column().unwrap().unwrap();
    let id = |text: &str| parquet::data_type::ByteArray::from(text);
    let texts = [id("a"), id("b")];
    ids.typed::<parquet::data_type::ByteArrayType>().write_batch(&texts, None, None).unwrap();
    ids.close().unwrap();
    let mut times = group.next_column().unwrap().unwrap();
    let julian = |days: u32, nanoseconds: u64| {
        let mut time = Int96::new();
        time.set_data(nanoseconds as u32, (nanoseconds >> 32) as u32, 2_440_588 + days);
        time
    };
    let values = [julian(2_932_896, 86_399_999_999_000), julian(19_978, 0)];
    times.typed::<Int96Type>().write_batch(&values, None, None).unwrap();
    times.close().unwrap();
    group.close().unwrap();
    writer.close().unwrap();
    let folder = shop(POLICY).with("in.parquet", file);
    let ran = folder.run("eval shop --input in.parquet").exits(0);
    let told = ["9999-12-31T23:59:59.999999+08:00", "2024-09-12T00:00:00+08:00"];
    assert_eq!(each(&ran.lines(), "/decisions/same"), told);
}

#[test]
fn the_last_date_comes_through_every_door() {
    const POLICY: &str = "
record R { id: text  until: date }
policy p for R {
  decide same: date by first
  decide open: bool by first otherwise false
  rule all { then same = until }
  rule later { when until > 2025-01-01T00:00+08:00 then open = true }
}
";
    let texts = ["9999-12-31", "2024-05-01"];
    let json = |text: &str| format!("{{\"id\":\"a\",\"until\":\"{text}\"}}\n");
    let midnight = 253_402_214_400_i64;
    let may = 1_714_521_600;
    let folder = shop(POLICY)
        .with("in.jsonl", texts.map(json).concat())
        .with("in.csv", "id,until\na,9999-12-31\nb,2024-05-01\n")
        .with("in.yaml", "- {id: a, until: 9999-12-31}\n- {id: b, until: 2024-05-01}\n")
        .with("text.parquet", parquet("until", Arc::new(StringArray::from(texts.to_vec()))))
        .with("d32.parquet", parquet("until", Arc::new(Date32Array::from(vec![2_932_896, 19_844]))))
        .with(
            "d64.parquet",
            parquet("until", Arc::new(Date64Array::from(vec![midnight * 1_000, may * 1_000]))),
        )
        .with(
            "naive.parquet",
            parquet(
                "until",
                Arc::new(TimestampMillisecondArray::from(vec![midnight * 1_000, may * 1_000])),
            ),
        );
    let inputs = [
        "in.jsonl",
        "in.csv",
        "in.yaml",
        "text.parquet",
        "d32.parquet",
        "d64.parquet",
        "naive.parquet",
    ];
    for input in inputs {
        let ran = folder.run("eval shop --input").arg(input).exits(0);
        assert_eq!(each(&ran.lines(), "/decisions/same"), texts, "{input}");
        assert_eq!(each(&ran.lines(), "/decisions/open"), [true, false], "{input}");
    }
    // An offset would be lost in a day: it is refused, however it comes.
    for text in ["2024-05-02T06:30:00+08:00", "2024-05-02T00:00:00Z"] {
        let folder = shop(POLICY)
            .with("in.jsonl", json(text))
            .with("in.csv", format!("id,until\na,{text}\n"))
            .with("in.yaml", format!("{{id: a, until: {text}}}\n"))
            .with("text.parquet", parquet("until", Arc::new(StringArray::from(vec![text]))));
        for input in ["in.jsonl", "in.csv", "in.yaml", "text.parquet"] {
            folder.run("eval shop --input").arg(input).exits(1).err_has("bad-date");
        }
    }
    let zoned = TimestampSecondArray::from(vec![midnight]).with_timezone("+00:00");
    let folder = folder.with("zoned.parquet", parquet("until", Arc::new(zoned)));
    folder.run("eval shop --input zoned.parquet").exits(2).err_has("until");
}

#[test]
fn the_last_times_are_told_in_every_format() {
    let records = [
        r#"{"id":"a","at":"9999-12-31T23:59:59.999999Z"}"#,
        r#"{"id":"b","at":"9999-12-31T23:59:59.999999999-12:00"}"#,
    ];
    let folder = shop(POLICY).with("in.jsonl", records.join("\n"));
    let csv = folder.run("eval shop --input in.jsonl --format csv").exits(0).out;
    let lines: Vec<_> = csv.lines().skip(1).collect();
    assert_eq!(lines[0], "0,a,9999-12-31T23:59:59.999999Z,PT69916175H59M59.999999S,");
    assert_eq!(lines[1], "1,b,9999-12-31T23:59:59.999999999-12:00,PT69916187H59M59.999999999S,");
    folder.run("eval shop --input in.jsonl --output out.parquet").exits(0);
    let file = std::fs::File::open(folder.path("out.parquet")).unwrap();
    let reader = ParquetRecordBatchReaderBuilder::try_new(file).unwrap().build().unwrap();
    let batch = reader.into_iter().next().unwrap().unwrap();
    let same = batch.column_by_name("same").unwrap().as_primitive::<TimestampMicrosecondType>();
    let told: Vec<_> = same.iter().collect();
    // A column has microseconds; what has more digits is a fault, and not cut.
    assert_eq!(told, [Some(253_402_300_799_999_999), None]);
    let faults = batch.column_by_name("faults").unwrap().as_list::<i32>();
    assert_eq!(
        faults.value(1).as_string::<i32>().value(0),
        "decision same: the column has no room for the value (out-of-range)"
    );
    let explained = folder.run("explain shop --input in.jsonl --record 1").exits(0);
    explained.out_has("same = 31 December 9999, 23:59:59.999999999 (UTC-12)");
    folder.run("simulate shop --input in.jsonl --at 2024-01-01 --at 9999-12-31 --by at").exits(0);
}

#[test]
fn policies_and_scenarios_name_the_last_day() {
    const POLICY: &str = "
record R { id: text  at: time }
parameter fee: number { from 2024-01-01: 1  from 9999-12-31: 2 }
policy p for R dated by at {
  decide open: number by first otherwise 0
  decide next: time by first
  rule always { from 2024-01-01 until 9999-12-31T23:59:59Z then open = fee }
  rule last { when at >= 9999-12-31T23:59:59-12:00 then open = 9 }
  rule again { when at > 9999-12-30 then next = at + 15 hours require answer within 1 day }
}
";
    let scenarios = "
policy: p
given: { id: a, at: 2024-05-01 }
scenarios:
  - name: today
    expect: { open: 1 }
  - name: the last day
    with: { at: 9999-12-31 }
    expect: { open: 2, next: 9999-12-31T15:00:00+08:00 }
  - name: the end
    with: { at: 9999-12-31T23:59:59-12:00 }
    expect: { open: 9, next: null }
";
    let folder = shop(POLICY).with("shop/tests/one.yaml", scenarios);
    folder.run("test shop").exits(0);
    folder.run("check shop").exits(0);
    folder.run("timeline shop").exits(0).out_has("9999-12-31");
    folder.run("doc shop --output pages").exits(0);
    // Beyond the end nothing is told but why.
    let ran =
        folder.run("eval shop --input -").input(r#"{"id":"a","at":"9999-12-31T23:59:59-12:00"}"#);
    let line = ran.exits(1).lines().remove(0);
    let codes = each(line["faults"].as_array().unwrap(), "/code");
    assert!(codes.contains(&Value::from("out-of-calendar")), "{line}");
    assert_eq!(line["decisions"]["next"], Value::Null);
}

#[test]
fn counters_and_their_history_reach_the_last_day() {
    const POLICY: &str = "
record Claim { id: text  buyer: text  at: time }
counter recent = count of Claim by buyer within 7 days
counter on_day = count of Claim by buyer today
counter of_late = count of Claim by buyer within 2 months
policy p for Claim dated by at {
  decide week: number by first
  decide day: number by first
  decide months: number by first
  rule all { then week = recent, day = on_day, months = of_late }
}
";
    let claim =
        |id: &str, at: &str| format!("{{\"id\":\"{id}\",\"buyer\":\"b\",\"at\":\"{at}\"}}\n");
    let first = [
        claim("a", "9999-11-05T00:00:00Z"),
        claim("b", "9999-12-31T10:00:00+08:00"),
        claim("c", "9999-12-31T17:00:00Z"),
    ];
    let folder = shop(POLICY).with("one.jsonl", first.concat());
    let folder = folder.with("two.jsonl", claim("d", "9999-12-31T23:59:59.5Z"));
    let run = "eval shop --history counted.sqlite --input";
    let counts = |input: &str| {
        let lines = folder.run(run).arg(input).exits(0).lines();
        let [week, day, months] =
            ["week", "day", "months"].map(|name| each(&lines, &format!("/decisions/{name}")));
        week.iter()
            .zip(day)
            .zip(months)
            .map(|((a, b), c)| format!("{a} {b} {c}"))
            .collect::<Vec<_>>()
    };
    // The last ones lie in the first hours of a day behind the calendar in Shanghai.
    assert_eq!(counts("one.jsonl"), ["0 0 0", "0 0 1", "1 0 2"]);
    assert_eq!(counts("two.jsonl"), ["2 1 3"]);
}
