//! Records from Parquet and CSV files, and decisions as columns: what they come to in JSON lines.

use std::fmt::Write as _;
use std::fs;
use std::path::Path;
use std::sync::Arc;

use arrow_array::{
    ArrayRef, BooleanArray, Date32Array, Decimal128Array, Int64Array, RecordBatch, StringArray,
    StructArray, TimestampMicrosecondArray,
};
use arrow_schema::{DataType, Field};
use bytes::Bytes;
use parquet::file::metadata::ParquetMetaDataReader;
use serde_json::{Value, json};

use crate::harness::{Folder, each, json_lines};
use crate::infer::{columns_of, rulebooks};
use crate::shop::{requests, shop};
use crate::tabular::{csv, parquet, parquet_of, rows_of};

/// Every so many-th request lacks its amount or has a text for it.
fn mixed(count: usize) -> String {
    let line = |(number, line): (usize, &str)| match number % 10 {
        4 => line.replace("\"amount\":250", "\"note\":250").replace("59.00", "many"),
        7 => line
            .replace("refund_only", "\u{6362}\u{8d27}, \"exchange\"")
            .replace(", \"exchange\"", ""),
        _ => line.to_string(),
    };
    requests(count).lines().enumerate().map(line).fold(String::new(), |mut text, line| {
        writeln!(text, "{line}").unwrap();
        text
    })
}

/// What is wrong with each reject, without its line and without the text of the record.
fn reasons(rejects: &str) -> Vec<Value> {
    json_lines(rejects).iter().map(|line| json!([line["record"], line["errors"]])).collect()
}

#[test]
fn parquet_csv_and_json_lines_come_to_the_same() {
    let lines = mixed(3000);
    let folder = shop()
        .with("in.jsonl", &lines)
        .with("in.parquet", parquet_of(&columns_of(&lines), 700))
        .with("in.csv", csv(&lines, b',').unwrap())
        .with("in.tsv", csv(&lines, b'\t').unwrap())
        .with("semicolons.csv", csv(&lines, b';').unwrap());
    let judge = |input: &str, format: &str, threads: &str| {
        let run = "eval shop --policy refunds --rejects bad.jsonl --format";
        let run = folder.run(run).arg(format).args(&format!("--threads {threads} --input {input}"));
        let ran = run.exits(1);
        (ran.out, reasons(&folder.read("bad.jsonl")))
    };
    let semicolons = "semicolons.csv --delimiter ;";
    for format in ["jsonl", "json", "csv", "tsv"] {
        let (expected, rejected) = judge("in.jsonl", format, "1");
        // Of each ten, the fourth and the seventh.
        assert_eq!(rejected.len(), 600);
        for input in ["in.parquet", "in.csv", "in.tsv", semicolons] {
            for threads in ["1", "4"] {
                let (told, reasons) = judge(input, format, threads);
                assert!(told == expected, "{input} --format {format} --threads {threads}\n{told}");
                assert_eq!(reasons, rejected, "{input} --format {format} --threads {threads}");
            }
        }
    }
}

#[test]
fn rejects_of_columns_keep_the_record_and_its_line() {
    let lines = mixed(10);
    let folder = shop()
        .with("in.parquet", parquet(&lines))
        .with("in.csv", csv(&lines, b',').unwrap().replace("r3,", "\"r\n3\","));
    let run = "eval shop --policy refunds --rejects bad.jsonl --input";
    folder.run(run).arg("in.parquet").exits(1);
    let rejects = json_lines(&folder.read("bad.jsonl"));
    assert_eq!(each(&rejects, "/record"), [4, 7]);
    assert_eq!(each(&rejects, "/line"), [Value::Null, Value::Null]);
    assert_eq!(each(&rejects, "/input/id"), ["r4", "r7"]);
    assert_eq!(each(&rejects, "/input/amount"), ["many", "59.00"]);
    folder.run(run).arg("in.csv").exits(1);
    let rejects = json_lines(&folder.read("bad.jsonl"));
    assert_eq!(each(&rejects, "/record"), [4, 7]);
    // The first line names the columns, and the record before has two.
    assert_eq!(each(&rejects, "/line"), [7, 10]);
    assert_eq!(each(&rejects, "/input/id"), ["r4", "r7"]);
}

#[test]
fn files_of_all_formats_are_one_input() {
    let lines = requests(9);
    let folder = shop()
        .with("days/1.csv", csv(&lines, b',').unwrap())
        .with("days/2.jsonl", &lines)
        .with("days/3.parquet", parquet(&lines))
        .with("days/4.tsv", csv(&lines, b'\t').unwrap());
    let run = "eval shop --policy refunds --input days/* --format jsonl --threads 3";
    let told = folder.run(run).exits(0).lines();
    assert!(each(&told, "/record").into_iter().eq((0..36).map(Value::from)));
    let ids = (0..36).map(|record| json!(format!("r{}", record % 9)));
    assert!(each(&told, "/id").into_iter().eq(ids));

    // What a file has taught of its rows does not count in the next one.
    let backwards: String = lines.lines().rev().flat_map(|line| [line, "\n"]).collect();
    let folder = folder
        .with("in.jsonl", format!("{lines}{backwards}{backwards}{lines}"))
        .with("1.parquet", parquet(&lines))
        .with("2.csv", csv(&backwards, b',').unwrap())
        .with("3.parquet", parquet(&backwards))
        .with("4.parquet", parquet(&lines));
    let run = "eval shop --policy refunds --threads 1 --format";
    for format in ["csv", "counts"] {
        let run = || folder.run(run).arg(format);
        let expected = run().args("--input in.jsonl").exits(0).out;
        let inputs = "--input 1.parquet --input 2.csv --input 3.parquet --input 4.parquet";
        let told = run().args(inputs).exits(0).out;
        let without_time = |out: &str| out.split(" in ").next().unwrap().to_string();
        assert_eq!(without_time(&told), without_time(&expected));
    }
    let bad = shop().with("1.csv", "id\nr1\n").with("2.csv", "id\nr1\n");
    bad.run("eval shop --policy refunds --input *.csv --format jsonl")
        .exits(2)
        .out_is("")
        .err_has("1.csv: the columns do not fit the record `Request`");
}

#[test]
fn standard_input_and_endings_that_say_nothing_may_be_columns() {
    let lines = requests(9);
    let folder = shop().with("in", parquet(&lines));
    let run = "eval shop --policy refunds --format csv --input";
    let expected = folder.run(run).arg("-").input(&lines).exits(0).out;
    assert_eq!(expected.lines().next(), Some("record,id,refund,payout (CNY),share,faults"));
    assert_eq!(expected.lines().nth(3), Some("2,r2,reject,0.00,,"));
    let parquet = folder.run(run).args("in --input-format parquet");
    parquet.exits(0).out_is(&expected);
    let piped = folder.run(run).args("- --input-format parquet").input(self::parquet(&lines));
    piped.exits(0).out_is(&expected);
    let piped = folder.run(run).args("- --input-format csv").input(csv(&lines, b',').unwrap());
    piped.exits(0).out_is(&expected);
    folder.run(run).arg("in").exits(2).out_is("").err_has("`--input-format parquet`");
}

#[test]
fn decisions_are_written_as_columns() {
    let folder = shop().with("in.jsonl", requests(40_000));
    let run = "eval shop --policy refunds --input in.jsonl --with rules,reasons --output";
    for threads in ["1", "3"] {
        for output in ["out.csv", "out.tsv", "out.parquet"] {
            let ran = folder.run(run).arg(output).args(&format!("--threads {threads}"));
            ran.exits(0).out_is("").err_is("");
        }
        let (rows, types) = rows_of(&folder.path("out.parquet"));
        assert_eq!(
            types,
            [
                "record UInt64",
                "id Utf8",
                "refund Dictionary(Int32, Utf8)",
                "payout Decimal128(38, 9)",
                "share Decimal128(38, 9)",
                "faults List(Utf8)",
                "rules List(Dictionary(Int32, Utf8))",
                "reasons List(Utf8)",
            ]
        );
        assert!(each(&rows, "/record").into_iter().eq((0..40_000).map(Value::from)));
        assert_eq!(each(&rows, "/refund")[..3], ["support", "support", "reject"]);
        assert_eq!(rows[2]["rules"], json!(["large"]));
        let reason = "CNY 250.00 is more than CNY 200.00";
        assert_eq!(rows[2]["reasons"], json!([reason]));
        let csv = folder.read("out.csv");
        assert_eq!(csv.lines().count(), 40_001);
        let line = format!("2,r2,reject,0.00,,,large,{reason}");
        assert_eq!(csv.lines().nth(3), Some(line.as_str()));
        assert_eq!(folder.read("out.tsv"), csv.replace(',', "\t"));
    }
    folder
        .run("eval shop --policy refunds --input in.jsonl --format jsonl --with rules")
        .exits(2)
        .out_is("")
        .err_has("`--with` adds columns to Parquet, CSV and TSV");
}

#[test]
fn an_output_of_no_records_has_its_columns() {
    let folder = shop().with("in.csv", "id,claim,requested_at,amount\n");
    let run = "eval shop --policy refunds --input in.csv --output";
    folder.run(run).arg("out.csv").exits(0);
    assert_eq!(folder.read("out.csv"), "record,id,refund,payout (CNY),share,faults\n");
    folder.run(run).arg("out.parquet").exits(0);
    let (rows, types) = rows_of(&folder.path("out.parquet"));
    assert_eq!((rows.len(), types.len()), (0, 6));
}

#[test]
fn columns_may_be_read_by_all_policies_that_they_fit() {
    let lines = requests(9);
    let folder = shop().with("in.parquet", parquet(&lines)).with("in.jsonl", &lines);
    let run = "eval shop --format jsonl --input";
    let expected = folder.run(run).arg("in.jsonl").exits(0).out;
    folder.run(run).arg("in.parquet").exits(0).out_is(&expected);
    let folder = folder.with("no.csv", "nothing,fits\n1,2\n");
    folder.run(run).arg("no.csv").exits(2).out_is("").err_has(
        "no.csv: no policy takes records with these columns; name one with `--policy` to learn why: refunds, visits",
    );
}

#[test]
fn explanations_and_simulations_read_columns() {
    let lines = requests(9);
    let folder = shop()
        .with("in.jsonl", &lines)
        .with("in.parquet", parquet_of(&columns_of(&lines), 4))
        .with("in.csv", csv(&lines, b',').unwrap());
    let simulate = "simulate shop --policy refunds --set limit=20 --by claim --sum amount --format json --input";
    for run in
        ["explain shop --policy refunds --record 5 --input", simulate, "explain shop --input"]
    {
        let expected = folder.run(run).arg("in.jsonl").exits(0).out;
        assert!(!expected.is_empty());
        for input in ["in.parquet", "in.csv"] {
            folder.run(run).arg(input).exits(0).out_is(&expected);
        }
    }
    folder
        .run("explain shop --policy refunds --record 9 --input in.parquet")
        .exits(2)
        .err_has("in.parquet has 9 records, counted from 0; there is no record 9");
}

const DATED: &str = r#"
enum Kind { food, toys }
record Order { id: text  day: date  amount: CNY  kind: Kind  note: text?  weight: number? }
policy returns for Order {
  decide refund: support < reject by strictest otherwise support
  rule large { when amount > 1000 CNY then reject }
  rule late  { when day >= 2024-09-01 and kind == toys then reject }
  rule heavy { when weight is present and weight > 20 then reject }
}
"#;

/// Orders in groups of ten; what differs from group to group is told by `with`.
fn grouped(with: impl Fn(usize) -> (Option<&'static str>, i32, i64, Option<i64>)) -> RecordBatch {
    let all = || (0..100).map(&with);
    let first = 19_936; // 2024-08-01
    RecordBatch::try_from_iter([
        (
            "id",
            Arc::new(StringArray::from_iter_values((0..100).map(|row| format!("o{row}"))))
                as ArrayRef,
        ),
        ("day", Arc::new(Date32Array::from_iter_values(all().map(|own| first + own.1)))),
        ("amount", Arc::new(Int64Array::from_iter_values(all().map(|own| own.2)))),
        ("kind", Arc::new(StringArray::from_iter(all().map(|own| own.0)))),
        ("weight", Arc::new(Int64Array::from_iter(all().map(|own| own.3)))),
    ])
    .unwrap()
}

#[test]
fn what_a_file_has_taught_of_its_rows_does_not_count_in_the_next() {
    let half = |first: i64, second: i64| {
        let batch = grouped(|row| (Some("toys"), 1, if row < 50 { first } else { second }, None));
        parquet_of(&batch, 100)
    };
    let folder = Folder::new()
        .with("p.policy", DATED)
        .with("1.parquet", half(5, 2000))
        .with("2.parquet", half(2000, 5));
    let run = "eval p.policy --threads 1 --format csv --input 1.parquet --input 2.parquet";
    let told = folder.run(run).exits(0).out;
    let told = told.lines().skip(1).map(|line| line.split(',').nth(2).unwrap());
    let expected = (0..200).map(|row| if (50..150).contains(&row) { "reject" } else { "support" });
    assert!(told.eq(expected));
}

#[test]
fn row_groups_whose_statistics_tell_enough_are_not_read() {
    let toys = Some("toys");
    let cases = [
        // Days in August and small amounts: no rule can fire.
        (grouped(|row| (toys, row as i32 % 31, row as i64, None)), 100),
        // From the fourth group on, the rule is in force within the group or before it.
        (grouped(|row| (toys, row as i32, row as i64, None)), 30 + 60),
        // An amount above the limit in one row of the fifth group; one weight that is too great.
        (grouped(|row| (toys, 1, if row == 47 { 2000 } else { 5 }, (row == 3).then_some(21))), 80),
        // All of a group decide alike, also where a rule fires.
        (grouped(|row| (toys, 1, if row < 50 { 2000 } else { 5 }, Some(row as i64 % 20))), 100),
        // Whether a text between two others is a member of an enum is not to be seen.
        (grouped(|row| (Some(if row % 2 > 0 { "food" } else { "toys" }), 1, 5, None)), 0),
        // A required field that is missing rejects its record.
        (grouped(|row| ((row != 12).then_some("toys"), 1, 5, None)), 90),
        (grouped(|row| (Some(if row == 99 { "books" } else { "toys" }), 1, 5, None)), 90),
    ];
    for (number, (batch, unread)) in cases.into_iter().enumerate() {
        let folder =
            Folder::new().with("p.policy", DATED).with("in.parquet", parquet_of(&batch, 10));
        let run = "eval p.policy --threads 2 --rejects bad.jsonl --input in.parquet --format";
        let told = folder.run(run).arg("counts").output().ran.out;
        let by_statistics = match unread {
            0 => "rejected\n".to_string(),
            unread => format!("rejected, {unread} by statistics alone\n"),
        };
        assert!(told.ends_with(&by_statistics), "case {number}\n{told}");
        // Judged one by one they come to the same.
        let lines = folder.run(run).arg("jsonl").output().ran.lines();
        let rejects = json_lines(&folder.read("bad.jsonl")).len();
        assert!(told.contains(&format!("{} decided, {rejects} rejected", lines.len())), "{told}");
        for outcome in ["support", "reject"] {
            let count =
                each(&lines, "/decisions/refund").iter().filter(|own| *own == outcome).count();
            let is_told = told.contains(&format!("{outcome} {count}"));
            assert!(is_told || count == 0, "case {number}: {count} {outcome}\n{told}");
        }
    }
}

const MANY_RULES: &str = r#"
enum Kind { food, toys, .. }
record Price { amount: CNY  paid: bool }
record Order { id: text  at: time  order: Price  kind: Kind  parts: number = 1  day: date?  weight: number? }
policy returns for Order dated by at {
  decide refund: support < check < reject by strictest otherwise support
  decide level: low | middle | high | top by first otherwise low
  rule large { from 2024-09-02 when order.amount > 10 CNY then refund = reject }
  rule unpaid { from 2024-09-01 shadow from 2024-09-04 when not order.paid then refund = check }
  rule toys { when kind == toys unless order.amount < 4.50 CNY then refund = check }
  rule light { when weight is present and weight < 3 then level = middle }
  rule unknown { when weight is missing and parts >= 2 then level = high }
  rule weekend { when day is present and day in 2024-09-07 ..= 2024-09-08 then level = top }
}
"#;

/// Groups of five orders, whose values differ little within a group, with `seed` for the first.
fn drawn(groups: usize, mut seed: u64) -> RecordBatch {
    let mut draw = |below: i64| {
        seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        ((seed >> 33) % below as u64) as i64
    };
    let (mut at, mut amounts, mut paid, mut kinds) =
        (Vec::new(), Vec::new(), Vec::new(), Vec::new());
    let (mut parts, mut days, mut weights) = (Vec::new(), Vec::new(), Vec::new());
    for _ in 0..groups {
        let base: [i64; 7] = std::array::from_fn(|_| draw(1000));
        // How far the values of each column lie apart within the group.
        let spread: [i64; 7] = std::array::from_fn(|_| if draw(3) == 0 { 1 + draw(3) } else { 1 });
        for _ in 0..5 {
            let mut near = |column: usize, of: i64| base[column] % of + draw(spread[column]);
            let day = 86_400_000_000;
            at.push(1_725_148_800_000_000 + near(0, 6) * day); // 2024-09-01
            amounts.push(i128::from(near(1, 15)) * 100);
            paid.push(near(2, 2) > 0);
            kinds.push(["food", "toys", "books", "tools"][near(3, 2) as usize]);
            parts.push(Some(near(4, 4)).filter(|own| *own > 0));
            days.push(Some(19_970 + near(5, 5) as i32).filter(|own| *own > 19_970));
            weights.push(Some(near(6, 6)).filter(|own| *own > 1));
        }
    }
    let price: Vec<(Arc<Field>, ArrayRef)> = vec![
        (
            Arc::new(Field::new("amount", DataType::Decimal128(12, 2), false)),
            Arc::new(Decimal128Array::from(amounts).with_precision_and_scale(12, 2).unwrap()),
        ),
        (
            Arc::new(Field::new("paid", DataType::Boolean, false)),
            Arc::new(BooleanArray::from(paid)),
        ),
    ];
    let ids = (0..at.len()).map(|row| format!("o{row}"));
    RecordBatch::try_from_iter([
        ("id", Arc::new(StringArray::from_iter_values(ids)) as ArrayRef),
        ("at", Arc::new(TimestampMicrosecondArray::from(at).with_timezone("UTC"))),
        ("order", Arc::new(StructArray::from(price))),
        ("kind", Arc::new(StringArray::from(kinds))),
        ("parts", Arc::new(Int64Array::from(parts))),
        ("day", Arc::new(Date32Array::from(days))),
        ("weight", Arc::new(Int64Array::from(weights))),
    ])
    .unwrap()
}

#[test]
fn what_statistics_tell_is_what_rows_come_to() {
    let mut unread = 0;
    for seed in 0..6 {
        let batch = drawn(400, seed);
        let folder =
            Folder::new().with("p.policy", MANY_RULES).with("in.parquet", parquet_of(&batch, 5));
        let run = "eval p.policy --input in.parquet --format";
        let told = folder.run(run).arg("counts").exits(0).out;
        let lines = folder.run(run).arg("jsonl").exits(0).lines();
        let refunds = ["support", "check", "reject"].map(|outcome| ("refund", outcome));
        let levels = ["low", "middle", "high", "top"].map(|outcome| ("level", outcome));
        for (decision, outcome) in refunds.into_iter().chain(levels) {
            let decided = each(&lines, &format!("/decisions/{decision}"));
            let count = decided.iter().filter(|own| *own == outcome).count();
            assert!(
                count > 0 && told.replace(',', "").contains(&format!("{outcome} {count}")),
                "{seed}: {count}\n{told}"
            );
        }
        let by_statistics = told.split(", ").last().unwrap().split(' ').next().unwrap();
        unread += by_statistics.replace(',', "").parse::<usize>().unwrap();
    }
    assert!((500..10_000).contains(&unread), "{unread} of 12000");
}

#[test]
fn what_is_skipped_is_really_not_read() {
    let batch = grouped(|row| (Some("toys"), 1, row as i64, None));
    let mut file = parquet_of(&batch, 10);
    let folder = Folder::new().with("p.policy", DATED).with("in.parquet", &file);
    let run = "eval p.policy --input in.parquet --format";
    let whole = folder.run(run).arg("counts").exits(0).out;
    let metadata =
        ParquetMetaDataReader::new().parse_and_finish(&Bytes::from(file.clone())).unwrap();
    let column = metadata.row_group(3).column(2);
    let (start, length) = column.byte_range();
    file[start as usize..(start + length) as usize].fill(0xff);
    let folder = folder.with("in.parquet", file);
    let told = folder.run(run).arg("counts").exits(0).out;
    assert_eq!(told.split(" in ").next(), whole.split(" in ").next());
    folder.run(run).arg("csv").exits(2).err_has("in.parquet: the file is damaged");
}

/// The records that ship with the rulebooks, by the policy that each file is named after.
#[test]
fn shipped_records_come_to_the_same_in_every_format() {
    let root = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../..")).join("policies");
    let (mut files, mut sheets) = (0, 0);
    for rulebook in rulebooks(&root) {
        let Ok(data) = fs::read_dir(rulebook.join("data")) else { continue };
        for path in data.map(|entry| entry.unwrap().path()) {
            if path.extension().is_none_or(|ending| ending != "jsonl") {
                continue;
            }
            let json = fs::read_to_string(&path).unwrap();
            let policy = path.file_stem().unwrap().to_str().unwrap();
            let csv = csv(&json, b',');
            let folder = Folder::new()
                .with("in.jsonl", &json)
                .with("in.parquet", parquet(&json))
                .with("in.csv", csv.as_deref().unwrap_or_default());
            let judge = |input: &str| {
                let run = folder.run("eval").arg(rulebook.to_str().unwrap());
                let run = run.args("--format jsonl --rejects bad.jsonl --now 2026-01-01");
                let ended = run.args(&format!("--policy {policy} --input {input}")).output();
                assert!(ended.code < 2, "{policy} on {input}\n{}", ended.ran);
                (ended.ran.out, ended.code, reasons(&folder.read("bad.jsonl")))
            };
            let expected = judge("in.jsonl");
            assert!(judge("in.parquet") == expected, "{} as Parquet", path.display());
            files += 1;
            if csv.is_some() {
                assert!(judge("in.csv") == expected, "{} as CSV", path.display());
                sheets += 1;
            }
        }
    }
    assert!(files >= 30 && sheets >= 10, "{files} files, {sheets} of them as CSV");
}

/// Past orders as two files tell them:
/// `RULEBOOK_ORDERS=orders.jsonl RULEBOOK_ORDERS_PARQUET=orders.parquet`.
#[test]
fn past_orders_come_to_the_same() {
    let named = |name: &str| std::env::var_os(name);
    let (Some(json), Some(parquet)) = (named("RULEBOOK_ORDERS"), named("RULEBOOK_ORDERS_PARQUET"))
    else {
        eprintln!("skipped: RULEBOOK_ORDERS and RULEBOOK_ORDERS_PARQUET name no files of orders");
        return;
    };
    let root =
        Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../..")).join("policies/marketplace");
    let folder = Folder::new();
    for policy in ["purchase_review", "delivery_goodwill"] {
        for output in ["out.jsonl", "out.csv"] {
            let written = [&json, &parquet].map(|input| {
                let run = folder.run("eval").arg(root.to_str().unwrap());
                let run = run.args(&format!("--policy {policy} --rejects bad.jsonl"));
                let run = run.args(&format!("--output {output} --input"));
                let ended = run.arg(input.to_str().unwrap()).output();
                assert!(ended.code < 2, "{}", ended.ran);
                (fs::read(folder.path(output)).unwrap(), reasons(&folder.read("bad.jsonl")))
            });
            assert!(written[0] == written[1], "{policy} in {output}");
            let (_, rejects) = &written[0];
            let lines = written[0].0.split(|byte| *byte == b'\n').count();
            assert!(lines + rejects.len() > 90_000, "{policy}: {lines}");
        }
    }
}

#[test]
fn times_are_cells_too() {
    let policy = "
record Order { id: text  at: time }
policy due for Order dated by at {
  decide due: time by largest
  decide late: date by largest
  rule all { when id != \"\" then due = at + 2 days, late = date(at) }
}
";
    let folder = Folder::new()
        .with("due.policy", policy)
        .with("in.jsonl", "{\"id\":\"a\",\"at\":\"2024-03-01T08:00:00+08:00\"}\n");
    folder.run("eval due.policy --input in.jsonl --output out.csv").exits(0);
    let out = folder.read("out.csv");
    assert!(out.contains("2024-03-03T00:00:00Z") && out.contains("2024-03-01"), "{out}");
}
