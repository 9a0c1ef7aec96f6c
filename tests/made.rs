//! Lists and records that policies decide: in JSON, in columns, and in the cells of CSV.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    missing_docs,
    reason = "tests fail by panicking"
)]

use arrow_array::cast::AsArray;
use arrow_array::types::Decimal128Type;
use arrow_array::{Array, RecordBatch};
use arrow_schema::DataType;
use rulebook::batch::{CURRENCY, OutcomeColumns, Wanted};
use rulebook::{Policy, Rulebook};
use serde_json::{Value, json};

const CHARGES: &str = "
record Fee { kind: text  amount: CNY  note: text? }
record Line { category: text  price: CNY }
record Share { category: text  total: CNY  lines: number }
record Rental { id: text  days_late: number  lines: list of Line }

policy charges for Rental {
  decide fees: list of Fee by all
  decide main: Fee by first
  decide shares: Share by all
  decide kinds: list of text by first otherwise []

  rule late {
    when days_late > 0
    then fees = [Fee { kind: \"late\", amount: 5 CNY * days_late }],
      main = Fee { kind: \"late\", amount: 5 CNY * days_late, note: \"by day\" }
  }

  rule lines {
    when len(lines) > 0
    then fees = [Fee { kind: line.category, amount: line.price } for line in lines],
      kinds = distinct([line.category for line in lines])
  }

  rule shares {
    when len(lines) > 0
    then shares = first([
      Share {
        category: key,
        total: sum(line in lines where line.category == key: line.price),
        lines: count(line in lines where line.category == key)
      }
      for key in distinct([line.category for line in lines])
    ]) ?? Share { category: \"none\", total: 0 CNY, lines: 0 }
  }
}
";

fn policy() -> Policy {
    let rulebook = Rulebook::from_sources([("a.policy", CHARGES)]).unwrap();
    rulebook.policy("charges").unwrap()
}

fn records() -> [Value; 2] {
    [
        json!({"id": "none", "days_late": 0, "lines": []}),
        json!({"id": "some", "days_late": 2, "lines": [
            {"category": "toys", "price": 3},
            {"category": "games", "price": 4},
            {"category": "toys", "price": 5},
        ]}),
    ]
}

fn columns(mut outcomes: OutcomeColumns) -> RecordBatch {
    let policy = policy();
    for (number, record) in (0..).zip(records()) {
        outcomes.push(number, [&policy.decide_json(record.to_string()).unwrap()]);
    }
    outcomes.finish().unwrap()
}

#[test]
fn records_are_objects_in_json() {
    let policy = policy();
    let decided = records().map(|record| {
        let decision = policy.decide_json(record.to_string()).unwrap();
        serde_json::to_value(&decision).unwrap()["decisions"].clone()
    });
    let amount = |yuan: &str| json!({"amount": yuan, "currency": "CNY"});
    assert_eq!(decided[0], json!({"fees": [], "main": null, "shares": [], "kinds": []}));
    assert_eq!(
        decided[1],
        json!({
            "fees": [
                {"kind": "late", "amount": amount("10.00")},
                {"kind": "toys", "amount": amount("3.00")},
                {"kind": "games", "amount": amount("4.00")},
                {"kind": "toys", "amount": amount("5.00")},
            ],
            "main": {"kind": "late", "amount": amount("10.00"), "note": "by day"},
            "shares": [{"category": "toys", "total": amount("8.00"), "lines": 2}],
            "kinds": ["toys", "games"],
        })
    );
}

#[test]
fn records_are_structs_in_columns() {
    let batch = columns(OutcomeColumns::new(&[policy()], Wanted::default()));
    let fees = batch.column_by_name("fees").unwrap().as_list::<i32>();
    let main = batch.column_by_name("main").unwrap().as_struct();
    assert_eq!((fees.value_length(0), fees.value_length(1)), (0, 4));
    let of_second = fees.value(1);
    let amounts = of_second.as_struct().column_by_name("amount").unwrap();
    let amounts = amounts.as_primitive::<Decimal128Type>();
    let units: Vec<_> = amounts.values().iter().map(|units| units / 1_000_000_000).collect();
    assert_eq!(units, [10, 3, 4, 5]);
    let DataType::Struct(fields) = main.data_type() else { panic!("no struct") };
    assert_eq!(fields[1].metadata().get(CURRENCY).map(String::as_str), Some("CNY"));
    assert_eq!((main.is_null(0), main.is_null(1)), (true, false));
    let kinds = batch.column_by_name("kinds").unwrap().as_list::<i32>();
    assert_eq!((kinds.value_length(0), kinds.value_length(1)), (0, 2));
}

#[test]
fn records_are_texts_in_cells() {
    let batch = columns(OutcomeColumns::of_cells(&[policy()], Wanted::default()));
    let text = |column: &str, row| {
        let texts = batch.column_by_name(column).unwrap().as_string::<i32>();
        serde_json::from_str::<Value>(texts.value(row)).unwrap()
    };
    assert_eq!(text("fees", 0), json!([]));
    assert_eq!(text("fees", 1)[2]["kind"], "games");
    assert_eq!(text("main", 1)["note"], "by day");
}
