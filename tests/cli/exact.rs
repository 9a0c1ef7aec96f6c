//! Values stay exact while a record is judged, by rows, by columns and in scripts, and are rounded once
//! where they leave.

use crate::harness::Folder;
use crate::tabular::{csv, parquet, rows_of};

#[test]
fn what_becomes_the_same_when_it_is_rounded_is_one_of_a_set_everywhere() {
    const THIRDS: &str = "record R { id: text  a: number }
parameter third: number = 0
policy p for R {
  decide d: number by union
  rule one { then a / 3 }
  rule two { when third == 0 then 0.333333333 }
}";
    let folder =
        Folder::new().with("p.policy", THIRDS).with("in.jsonl", "{\"id\":\"r\",\"a\":1}\n");
    let decided = folder.run("eval p.policy --input in.jsonl --format json").exits(0).json();
    assert_eq!(decided[0]["decisions"]["d"], serde_json::json!([0.333333333]));
    let same = folder.run("simulate p.policy --input in.jsonl --set third=1").exits(0).plain();
    same.out_has("None of 1 record is decided differently");
}

/// Shares of bills by every way that a value takes while a record is judged.
const POLICY: &str = r#"
record Part { weight: number }
record Bill {
  id: text
  total: CNY
  weight: number
  of: number
  rate: number
  parts: list of Part = []
}

fn share(of_all: number, weight: number) -> number = weight / of_all
fn of_script(total: CNY, weight: number, of_all: number) -> CNY from "scripts/share.rhai"
fn back(weight: number, of_all: number) -> bool from "scripts/share.rhai"
fn given(x: number) -> number from "scripts/share.rhai"

table third by first {
  | kind: text || part: number |
  | "third"    || 1 / 3        |
  | _          || 1 / 2        |
}

policy shares for Bill {
  decide by_factor: CNY by largest otherwise 0 CNY
  rule factor { then by_factor = total * (weight / of) }
}

policy bills for Bill {
  decide by_factor: CNY by largest otherwise 0 CNY
  decide by_quotient: CNY by largest otherwise 0 CNY
  decide by_table: CNY by largest otherwise 0 CNY
  decide by_reading: CNY by largest otherwise 0 CNY
  decide by_script: CNY by largest otherwise 0 CNY
  decide whole: CNY by total
  decide back: bool by first otherwise false
  decide back_in_function: bool by first otherwise false
  decide back_in_script: bool by first otherwise false
  decide all_parts: bool by first otherwise false
  decide seen: number by first otherwise 0
  decide argument: number by first otherwise 0

  rule factor { then by_factor = round(total * (1 / 3)) }
  rule quotient { then by_quotient = round(total / 3) }
  rule table { then by_table = round(total * third("third")) }
  rule reading { then by_reading = round(shares.by_factor * of / weight) }
  rule script { then by_script = round(of_script(total, weight, of)) }
  rule one { then whole = total * (weight / of) }
  rule other { then whole = total * ((of - weight) / of) }
  rule back { when weight / of * of >= weight then back = true }
  rule function { when share(of, weight) * of == weight then back_in_function = true }
  rule scripted { when back(weight, of) then back_in_script = true }
  rule parts {
    when sum(p in parts: p.weight / sum(q in parts: q.weight)) == 1
    then all_parts = true
  }
  rule told {
    then seen = rate * rate, argument = given(2 / 3) * 3
    because "a share of {weight / of} makes {total * (weight / of)}"
  }
}
"#;

const SCRIPT: &str = "
fn of_script(total, weight, of_all) { total * (weight / of_all) }
fn back(weight, of_all) { weight / of_all * of_all == weight }
fn given(x) { x }
";

const BILLS: &str = r#"{"id":"b1","total":"50000000","weight":1,"of":3,"rate":"0.000012345","parts":[{"weight":1},{"weight":5},{"weight":7}]}
{"id":"b2","total":"3000000000","weight":2,"of":7,"rate":"1.000000001","parts":[{"weight":0.1},{"weight":0.7}]}
"#;

fn folder() -> Folder {
    Folder::new()
        .with("bills/rulebook.yaml", "name: bills\n")
        .with("bills/bills.policy", POLICY)
        .with("bills/scripts/share.rhai", SCRIPT)
        .with("in.jsonl", BILLS)
}

#[test]
fn shares_are_exact_until_they_are_paid() {
    let ran = folder().run("eval bills --policy bills --input in.jsonl").exits(0);
    let lines: Vec<_> = ran.out.lines().collect();
    let amount = |line: &str, name: &str| {
        let value: serde_json::Value = serde_json::from_str(line).unwrap();
        let decided = &value["decisions"][name];
        decided.get("amount").unwrap_or(decided).to_string()
    };
    for name in ["by_factor", "by_quotient", "by_table"] {
        assert_eq!(amount(lines[0], name), "\"16666666.67\"", "{name}");
        assert_eq!(amount(lines[1], name), "\"1000000000.00\"", "{name}");
    }
    assert_eq!(amount(lines[0], "by_script"), "\"16666666.67\"");
    assert_eq!(amount(lines[1], "by_script"), "\"857142857.14\"");
    for line in &lines {
        for name in ["back", "back_in_function", "back_in_script", "all_parts"] {
            assert_eq!(amount(line, name), "true", "{name}\n{line}");
        }
    }
    for name in ["whole", "by_reading"] {
        assert_eq!(amount(lines[0], name), "\"50000000.00\"", "{name}");
        assert_eq!(amount(lines[1], name), "\"3000000000.00\"", "{name}");
    }
    // What leaves is rounded half to even to nine digits: an outcome, a reason, what a script is given.
    assert_eq!(amount(lines[0], "seen"), "0");
    assert_eq!(amount(lines[1], "seen"), "1.000000002");
    assert_eq!(amount(lines[0], "argument"), "2.000000001");
    assert!(ran.out.contains("a share of 0.333333333 makes CNY 16,666,666.666666667"), "{ran}");
}

#[test]
fn columns_come_to_the_same_as_rows() {
    // No cell of CSV holds a list.
    let flat = BILLS.replace(r#","parts":[{"weight":1},{"weight":5},{"weight":7}]"#, "");
    let flat = flat.replace(r#","parts":[{"weight":0.1},{"weight":0.7}]"#, "");
    let folder = folder()
        .with("in.parquet", parquet(BILLS))
        .with("flat.jsonl", &flat)
        .with("flat.csv", csv(&flat, b',').unwrap());
    let decided = |input: &str| {
        let run = format!("eval bills --policy bills --input {input} --format csv");
        folder.run(&run).exits(0).out
    };
    assert_eq!(decided("in.parquet"), decided("in.jsonl"));
    assert_eq!(decided("flat.csv"), decided("flat.jsonl"));
    folder.run("eval bills --policy bills --input in.parquet --output out.parquet").exits(0);
    let (rows, _) = rows_of(&folder.path("out.parquet"));
    assert_eq!(rows.len(), 2);
    assert!(rows[0].to_string().contains("16666666.67"), "{}", rows[0]);
}

#[test]
fn counters_add_up_what_is_rounded() {
    let folder = Folder::new()
        .with(
            "shares.policy",
            "record Share { id: text  at: time  shop: text  part: number  whole: number }
             counter paid = sum of part / whole of Share by shop within 7 days
             policy shares for Share dated by at {
               decide sum: number by first otherwise 0
               rule all { then paid }
             }",
        )
        .with(
            "in.jsonl",
            (0..4).fold(String::new(), |lines, day| {
                let at = format!("2024-09-0{}T00:00:00Z", day + 1);
                format!(
                    "{lines}{{\"id\":\"s{day}\",\"at\":\"{at}\",\"shop\":\"a\",\"part\":1,\"whole\":3}}\n"
                )
            }),
        );
    let ran = folder.run("eval shares.policy --input in.jsonl").exits(0);
    // Three thirds of earlier records, each of which was rounded as it was counted.
    ran.out_has("\"sum\":0.999999999");
}

#[test]
fn a_gap_between_neighbours_is_told() {
    // A quotient may lie between two numbers whatever few digits tell them apart.
    let folder = Folder::new().with(
        "fees.policy",
        "record Parcel { id: text  part: number  whole: number }
         table fee by first {
           | share: number  || fee: EUR |
           | <= 0.333333333 || 1 EUR    |
           | >= 0.333333334 || 2 EUR    |
         }
         policy fees for Parcel {
           decide fee: EUR by first
           rule all { then fee(part / whole) }
         }",
    );
    folder.run("check fees.policy").exits(1).out_has("0.3333333335");
}
