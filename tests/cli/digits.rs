//! Numbers keep their digits, through whatever they come and go.

use std::fmt::Write as _;
use std::fs::File;
use std::sync::Arc;

use arrow_array::cast::AsArray;
use arrow_array::types::Decimal128Type;
use arrow_array::{ArrayRef, Float32Array, Float64Array, RecordBatch, StringArray};
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;

use crate::harness::{Folder, Ran};
use crate::tabular::parquet_of;

const POLICY: &str = "
record R { id: text  n: number  pieces: number = 0 }
parameter factor: number = 1
policy p for R {
  decide same: number by first
  decide times: number by first
  rule all { then same = n, times = factor }
}
";

fn folder() -> Folder {
    Folder::new().with("one.policy", POLICY)
}

/// Numbers of the same kind as on every run.
struct Random(u64);

impl Random {
    fn below(&mut self, limit: u64) -> u64 {
        self.0 =
            self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % limit
    }
}

/// Decimals of every length, as Rulebook prints them.
fn decimals() -> Vec<String> {
    let mut random = Random(6);
    let edges = [
        "0",
        "-1",
        "92860555948101.63",
        "0.000000001",
        "-0.00001",
        "9007199254740993",
        "10000000000000000000000",
        "99999999999999999999999999999.999999999",
        "-99999999999999999999999999999",
    ];
    let mut all: Vec<_> = edges.map(String::from).to_vec();
    for at in 0..400 {
        let (whole, part) = (1 + at % 29, (at / 29) % 10);
        let mut text = if random.below(2) == 0 { String::new() } else { "-".to_string() };
        for digit in 0..whole {
            let least = u64::from(digit == 0);
            write!(text, "{}", least + random.below(10 - least)).unwrap();
        }
        for digit in 0..part {
            let least = u64::from(digit + 1 == part);
            let point = if digit == 0 { "." } else { "" };
            write!(text, "{point}{}", least + random.below(10 - least)).unwrap();
        }
        all.push(text);
    }
    all
}

fn json_lines(numbers: &[String]) -> String {
    numbers.iter().enumerate().fold(String::new(), |mut lines, (at, digits)| {
        writeln!(lines, r#"{{"id":"r{at}","n":{digits}}}"#).unwrap();
        lines
    })
}

/// The texts behind a name, wherever it stands.
fn behind(text: &str, name: &str) -> Vec<String> {
    let ends = |rest: &str| rest.find([',', '}', '\n']).unwrap_or(rest.len());
    let name = format!("\"{name}\":");
    let parts = text.split(&name).skip(1);
    parts.map(|rest| rest[..ends(rest)].trim().to_string()).collect()
}

fn twice(numbers: &[String]) -> Vec<String> {
    // Once among the decisions, and once in what the rule sets.
    numbers.iter().flat_map(|digits| [digits.clone(), digits.clone()]).collect()
}

#[test]
fn every_digit_is_in_every_output() {
    let numbers = decimals();
    let folder = folder().with("in.jsonl", json_lines(&numbers));
    let eval = |more: &str| folder.run("eval one.policy --input in.jsonl").args(more).exits(0).out;
    for format in ["jsonl", "json"] {
        let out = eval(&format!("--format {format}"));
        assert_eq!(behind(&out, "same"), twice(&numbers), "{format}");
        let out = eval(&format!("--format {format} --numbers text"));
        let quoted: Vec<_> = numbers.iter().map(|digits| format!("\"{digits}\"")).collect();
        assert_eq!(behind(&out, "same"), twice(&quoted), "{format}");
        assert_eq!(behind(&out, "record").last(), Some(&(numbers.len() - 1).to_string()));
    }
    let out = eval("--format csv");
    let cells = out.lines().skip(1).map(|line| line.split(',').nth(2).unwrap().to_string());
    let cells = cells.map(|cell| match cell.split_once('.') {
        // Columns have nine digits after the point.
        Some((whole, part)) => {
            format!("{whole}.{}", part.trim_end_matches('0')).trim_end_matches('.').to_string()
        }
        None => cell,
    });
    assert_eq!(cells.collect::<Vec<_>>(), numbers);
    eval("--output out.parquet");
    let file = File::open(folder.path("out.parquet")).unwrap();
    let reader = ParquetRecordBatchReaderBuilder::try_new(file).unwrap().build().unwrap();
    let units = reader.flat_map(|batch| {
        let batch = batch.unwrap();
        let column = batch.column_by_name("same").unwrap().as_primitive::<Decimal128Type>();
        column.values().to_vec()
    });
    let wanted = numbers.iter().map(|digits| {
        let (whole, part) = digits.split_once('.').unwrap_or((digits, ""));
        format!("{whole}{part:0<9}").parse::<i128>().unwrap()
    });
    assert_eq!(units.collect::<Vec<_>>(), wanted.collect::<Vec<_>>());
}

#[test]
fn explanations_and_simulations_have_the_digits() {
    let numbers = decimals();
    let folder = folder().with("in.jsonl", json_lines(&numbers));
    for at in [2, 5, 7, 60] {
        let run = format!("explain one.policy --input in.jsonl --record {at} --format json");
        let digits = &numbers[at];
        folder.run(&run).exits(0).out_has(&format!("\"same\": {digits}"));
    }
    let folder = folder.with("few.jsonl", "{\"id\":\"a\",\"n\":92860555948101.63}\n");
    for (more, quote) in [("", ""), (" --numbers text", "\"")] {
        // The values of sweeps are texts in any case.
        let run = format!("sweep one.policy --set factor=1..2/1 --format json{more}");
        let ran = folder.run(&run).args("--input few.jsonl --sum n").exits(0);
        ran.out_has("\"baseline\": \"92860555948101.63\"");
        let run = format!("explain one.policy --input few.jsonl --format json{more}");
        let wanted = format!("\"same\": {quote}92860555948101.63{quote}");
        folder.run(&run).exits(0).out_has(&wanted).out_has("\"same\": \"92860555948101.63\"");
    }
    // Outcomes are added up, and these would be too large together.
    let other = POLICY.replace("decide same: number by first", "").replace("same = n, ", "");
    let folder = folder.with("other.policy", other);
    let run = "simulate other.policy --input in.jsonl --set factor=2 --format json --sample 500";
    for (more, quote) in [("", ""), (" --numbers text", "\"")] {
        let ran = folder.run(&format!("{run} --flips flips.jsonl{more}")).exits(0);
        let wanted: Vec<_> = numbers.iter().map(|own| format!("{quote}{own}{quote}")).collect();
        assert_eq!(behind(&folder.read("flips.jsonl"), "n"), wanted);
        assert_eq!(behind(&ran.out, "n"), wanted);
    }
}

#[test]
fn rejected_rows_keep_their_digits() {
    let batch = RecordBatch::try_from_iter([
        ("id", Arc::new(StringArray::from(vec![None::<&str>])) as ArrayRef),
        ("n", Arc::new(Float64Array::from(vec![9_007_199_254_740_993_000.0]))),
        ("pieces", Arc::new(Float64Array::from(vec![1e300]))),
    ]);
    let folder = folder().with("in.parquet", parquet_of(&batch.unwrap(), 1));
    folder.run("eval one.policy --input in.parquet --rejects bad.jsonl").exits(1);
    let rejects = folder.read("bad.jsonl");
    assert!(rejects.contains(r#""n":9007199254740993000,"#), "{rejects}");
    assert!(rejects.contains(&format!("\"pieces\":1{}}}", "0".repeat(300))), "{rejects}");
}

/// Doubles whose digits a number has, those among them to which two decimals are equally near.
fn doubles() -> Vec<f64> {
    let mut random = Random(7);
    let mut all = vec![92_860_555_948_101.62, 0.1, 1e22, -4_503_599_627_370_495.5, 5e-9];
    for at in 0..500 {
        // Sixteenths and the like lie in the middle of decimals.
        let step = [16.0, 64.0, 1e3, 1e6][at % 4];
        let whole = random.below(1 << 31) as f64 * 2_f64.powi((at % 22) as i32);
        all.push(whole + random.below(1_000_000) as f64 / step);
    }
    all
}

fn same(ran: &Ran) -> Vec<String> {
    behind(&ran.out, "same")
}

#[test]
fn a_double_is_one_number_through_every_door() {
    let doubles = doubles();
    let written: Vec<_> =
        doubles.iter().map(|double| serde_json::to_string(double).unwrap()).collect();
    let ids: ArrayRef =
        Arc::new(StringArray::from_iter_values((0..doubles.len()).map(|at| format!("r{at}"))));
    let column: ArrayRef = Arc::new(Float64Array::from(doubles.clone()));
    let batch = RecordBatch::try_from_iter([("id", ids.clone()), ("n", column)]).unwrap();
    let cells = written.iter().enumerate().map(|(at, text)| format!("r{at},{text}\n"));
    let yaml = written.iter().enumerate().map(|(at, text)| format!("- {{id: r{at}, n: {text}}}\n"));
    let folder = folder()
        .with("in.jsonl", json_lines(&written))
        .with("in.csv", format!("id,n\n{}", cells.collect::<String>()))
        .with("in.yaml", yaml.collect::<String>())
        .with("in.parquet", parquet_of(&batch, 100));
    let expected = same(&folder.run("eval one.policy --input in.jsonl").exits(0));
    assert_eq!(expected.len(), 2 * doubles.len());
    for input in ["in.csv", "in.yaml", "in.parquet"] {
        let ran = folder.run("eval one.policy --input").arg(input).exits(0);
        assert!(same(&ran) == expected, "{input}");
    }
    // What is written is what other writers of JSON write for the double.
    assert_eq!(expected[0], "92860555948101.62");
    assert_eq!(expected[6], "-4503599627370495.5");

    let singles = Float32Array::from_iter_values(doubles.iter().map(|double| *double as f32));
    let texts: Vec<_> =
        singles.values().iter().map(|single| serde_json::to_string(single).unwrap()).collect();
    let batch = RecordBatch::try_from_iter([("id", ids), ("n", Arc::new(singles) as ArrayRef)]);
    let folder = folder.with("singles.parquet", parquet_of(&batch.unwrap(), 100));
    let folder = folder.with("singles.jsonl", json_lines(&texts));
    let parquet = folder.run("eval one.policy --input singles.parquet").exits(0);
    let json = folder.run("eval one.policy --input singles.jsonl").exits(0);
    assert_eq!(same(&parquet), same(&json));
}

#[test]
fn a_real_of_sqlite_is_the_same_number_too() {
    let doubles = doubles();
    let folder = Folder::new().with("shop/rulebook.yaml", "name: shop\n").with(
        "shop/one.policy",
        "record P { id: text  n: number }
         record R { id: text  p: P by id }
         policy q for R { decide same: number by first  rule all { then p.n } }",
    );
    let database = rusqlite::Connection::open(folder.path("p.db")).unwrap();
    database.execute_batch("CREATE TABLE P (id TEXT, n REAL)").unwrap();
    for (at, double) in doubles.iter().enumerate() {
        let row = rusqlite::params![format!("r{at}"), double];
        database.execute("INSERT INTO P VALUES (?, ?)", row).unwrap();
    }
    drop(database);
    let records: String = (0..doubles.len()).map(|at| format!("{{\"id\":\"r{at}\"}}\n")).collect();
    let ran = folder.run("eval shop --profile P=p.db --input -").input(records).exits(0);
    let written: Vec<_> =
        doubles.iter().map(|double| serde_json::to_string(double).unwrap()).collect();
    let lines = json_lines(&written);
    let folder = folder.with("one.policy", POLICY).with("in.jsonl", lines);
    assert_eq!(same(&ran), same(&folder.run("eval one.policy --input in.jsonl").exits(0)));
}

#[test]
fn scenarios_compare_every_digit() {
    let scenario = |digits: &str| {
        format!(
            "policy: p\ngiven: {{ id: a, n: 92860555948101.63 }}\nscenarios:\n  - name: exact\n    \
             expect: {{ same: {digits} }}\n"
        )
    };
    let folder = Folder::new().with("shop/rulebook.yaml", "name: shop\n");
    let folder = folder.with("shop/one.policy", POLICY);
    let folder = folder.with("shop/tests/one.yaml", scenario("92860555948101.63"));
    folder.run("test shop").exits(0);
    let folder = folder.with("shop/tests/one.yaml", scenario("92860555948101.62"));
    folder.run("test shop").exits(1).out_has("92860555948101.63");
}
