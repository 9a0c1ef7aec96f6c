//! Fields that are declared `rounded to N` take input with more digits than a number has, from every
//! format; others refuse it and say so.

use std::sync::Arc;

use arrow_array::{
    ArrayRef, Decimal128Array, Float32Array, Float64Array, RecordBatch, StringArray,
};

use crate::harness::Folder;
use crate::tabular::parquet_of;

const POLICY: &str = "
record Shop {
  id: text
  score: number rounded to 9
  fee: EUR? rounded to 2
  parts: list of number rounded to 1 = []
}
policy shops for Shop {
  decide good: bool by first otherwise false
  decide score: number by first
  decide fee: EUR by first otherwise 0 EUR
  decide parts: number by total
  rule good { when score >= 4.8 then good = true }
  rule score { then score = score, parts = sum(p in parts: p) }
  rule fee { when fee is present then fee = fee }
}
";

/// Noise of binary fractions, a mean, ties, and more digits than a float has.
const SCORES: [(&str, &str, &str); 6] = [
    ("4.800000000000001", "4.8", "true"),
    ("4.833333333333333", "4.833333333", "true"),
    ("4.6666666666666670", "4.666666667", "false"),
    ("0.0000000005", "0", "false"),
    ("1.0000000015", "1.000000002", "false"),
    ("-1.25e-10", "0", "false"),
];

fn folder() -> Folder {
    Folder::new().with("shops.policy", POLICY)
}

fn scores(out: &str) -> Vec<(String, String)> {
    let lines = out.lines().map(|line| serde_json::from_str::<serde_json::Value>(line).unwrap());
    let decided = lines.map(|line| {
        let decided = &line["decisions"];
        (decided["score"].to_string(), decided["good"].to_string())
    });
    decided.collect()
}

fn expected() -> Vec<(String, String)> {
    let rows = SCORES.iter().map(|(_, score, good)| (score.to_string(), good.to_string()));
    rows.collect()
}

#[test]
fn noise_is_rounded_from_every_format() {
    let lines = |quote: &str| {
        let rows = SCORES.iter().enumerate().map(|(at, (digits, ..))| {
            format!("{{\"id\":\"s{at}\",\"score\":{quote}{digits}{quote}}}\n")
        });
        rows.collect::<String>()
    };
    let cells = SCORES.iter().enumerate().map(|(at, (digits, ..))| format!("s{at},{digits}\n"));
    let yaml = SCORES
        .iter()
        .enumerate()
        .map(|(at, (digits, ..))| format!("- {{id: s{at}, score: {digits}}}\n"));
    let ids = || -> ArrayRef {
        Arc::new(StringArray::from_iter_values((0..SCORES.len()).map(|at| format!("s{at}"))))
    };
    let doubles = SCORES.iter().map(|(digits, ..)| digits.parse::<f64>().unwrap());
    let doubles: ArrayRef = Arc::new(Float64Array::from_iter_values(doubles));
    let doubles = RecordBatch::try_from_iter([("id", ids()), ("score", doubles)]).unwrap();
    let folder = folder()
        .with("in.jsonl", lines(""))
        .with("quoted.jsonl", lines("\""))
        .with("in.csv", format!("id,score\n{}", cells.collect::<String>()))
        .with("in.yaml", yaml.collect::<String>())
        .with("in.parquet", parquet_of(&doubles, 100));
    for input in ["in.jsonl", "quoted.jsonl", "in.csv", "in.yaml", "in.parquet"] {
        let ran = folder.run("eval shops.policy --input").arg(input).exits(0);
        assert_eq!(scores(&ran.out), expected(), "{input}");
    }
    // By columns, whole batches at once.
    let by_columns = folder.run("eval shops.policy --format csv --input in.parquet").exits(0).out;
    let by_rows = folder.run("eval shops.policy --format csv --input in.jsonl").exits(0).out;
    assert_eq!(by_columns, by_rows);
    let counts = |input: &str| {
        let run = format!("eval shops.policy --format counts --input {input}");
        // The second line says how long it took.
        folder.run(&run).exits(0).out.lines().next().unwrap().to_string()
    };
    assert_eq!(counts("in.parquet"), counts("in.jsonl"));
}

#[test]
fn whole_batches_see_what_is_rounded() {
    // Nothing but comparisons, which columns of numbers are sorted by.
    let policy = "
        record Shop { id: text  score: number rounded to 1 }
        policy shops for Shop {
          decide good: bool by first otherwise false
          rule good { when score >= 4.8 then true }
        }";
    let values = [4.75, 4.85, 4.7499, 4.8, 4.7999999999999, 4.76];
    let ids: ArrayRef = Arc::new(StringArray::from_iter_values((0..6).map(|at| format!("s{at}"))));
    let doubles: ArrayRef = Arc::new(Float64Array::from(values.to_vec()));
    let singles: ArrayRef =
        Arc::new(Float32Array::from_iter_values(values.iter().map(|value| *value as f32)));
    let decimals = Decimal128Array::from(vec![475_i128, 485, 474, 480, 479, 476]);
    let decimals: ArrayRef = Arc::new(decimals.with_precision_and_scale(9, 2).unwrap());
    for column in [doubles, singles, decimals] {
        let batch = RecordBatch::try_from_iter([("id", ids.clone()), ("score", column)]).unwrap();
        let folder =
            Folder::new().with("shops.policy", policy).with("in.parquet", parquet_of(&batch, 100));
        let out = folder.run("eval shops.policy --format csv --input in.parquet").exits(0).out;
        let good: Vec<_> = out.lines().skip(1).map(|line| line.contains("true")).collect();
        // Half to even: 4.75 is 4.8, 4.85 is 4.8.
        assert_eq!(good, [true, true, false, true, true, true], "{out}");
    }
}

#[test]
fn amounts_and_lists_are_rounded_too() {
    let record = r#"{"id":"a","score":1,"fee":{"amount":"1.005","currency":"EUR"},"parts":[0.25,0.35,"0.151"]}"#;
    let ran = folder().run("eval shops.policy --input -").input(record).exits(0);
    ran.out_has("\"amount\":\"1.00\"").out_has("\"parts\":0.8");
    let record = r#"{"id":"a","score":1,"fee":1.0151}"#;
    let ran = folder().run("eval shops.policy --input -").input(record).exits(0);
    ran.out_has("\"amount\":\"1.02\"");
    let too_large = format!(r#"{{"id":"a","score":{}.1234567890123}}"#, "9".repeat(40));
    let ran = folder().run("eval shops.policy --input -").input(too_large).exits(1);
    ran.err_has("at most 29 digits before the point");
    let no_number = r#"{"id":"a","score":"0.12345678901x"}"#;
    folder().run("eval shops.policy --input -").input(no_number).exits(1).err_has("wrong-type");
}

#[test]
fn profiles_are_rounded_as_records_are() {
    let folder = Folder::new().with("shop/rulebook.yaml", "name: shop\n").with(
        "shop/one.policy",
        "record P { id: text  n: number rounded to 3 }
         record R { id: text  p: P by id }
         policy q for R { decide n: number by first  rule all { then p.n } }",
    );
    let folder = folder
        .with("p.jsonl", "{\"id\":\"a\",\"n\":0.12345678901234}\n")
        .with("p.csv", "id,n\na,0.12345678901234\n");
    let database = rusqlite::Connection::open(folder.path("p.db")).unwrap();
    database.execute_batch("CREATE TABLE P (id TEXT, n REAL)").unwrap();
    database.execute("INSERT INTO P VALUES ('a', 0.12345678901234)", []).unwrap();
    drop(database);
    for profiles in ["p.jsonl", "p.csv", "p.db"] {
        let run = format!("eval shop --profile P={profiles} --input -");
        folder.run(&run).input("{\"id\":\"a\"}\n").exits(0).out_has("\"n\":0.123");
    }
}

#[test]
fn others_refuse_it_and_say_how_it_is_taken() {
    let folder = Folder::new().with(
        "shops.policy",
        "record Shop { id: text  score: number }
         policy shops for Shop {
           decide good: bool by first otherwise false
           rule good { when score >= 4.8 then true }
         }",
    );
    let ran = folder.run("eval shops.policy --input -").input(r#"{"id":"a","score":4.8333333333}"#);
    ran.exits(1).err_has("bad-number").err_has("`rounded to 9`");
}

#[test]
fn the_declaration_is_checked_and_laid_out() {
    let check = |field: &str| {
        let policy = format!(
            "record Shop {{ id: text  {field} }}
             policy shops for Shop {{
               decide good: bool by first otherwise false
               rule good {{ when id == \"a\" then true }}
             }}"
        );
        Folder::new().with("shops.policy", policy).run("check shops.policy")
    };
    check("name: text rounded to 2").exits(1).out_has("only numbers and amounts are rounded");
    check("n: number rounded to 10").exits(1).out_has("0 to 9 digits");
    check("n: number rounded to 1.5").exits(1).out_has("0 to 9 digits");
    // A name that a unit of time has is the next field.
    check("n: number rounded to 2 days: number").exits(0);
    let folder = Folder::new().with(
        "shops.policy",
        "record Shop{id:text
         fee:EUR?  rounded   to 2 as \"Fee\"
         day:date}\n",
    );
    folder.run("fmt shops.policy").exits(0);
    let text = folder.read("shops.policy");
    assert!(text.contains("fee: EUR? rounded to 2 as \"Fee\""), "{text}");
}
