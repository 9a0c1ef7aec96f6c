//! How the columns of fields are found, and what is told of schemas that do not fit.

use std::sync::Arc;

use arrow_array::{ArrayRef, BooleanArray, Int32Array, RecordBatch, StringArray, StructArray};
use arrow_schema::{DataType, Field, Schema, TimeUnit};
use rulebook::batch::Columns;
use rulebook::{Policy, Rulebook};

const POLICY: &str = r#"
    enum Kind { a, b }
    record Order { id: text as "order_id"  amount: CNY  paid_at: time?  kinds: list of Kind? }
    record Buyer { id: text as "buyer_id"  age: number? }
    record Shop { id: text  score: number }
    record Case { order: Order  buyer: Buyer?  shop_id: text = "s"  shop: Shop? by shop_id }
    parameter nobody: text = "nobody"
    policy p for Case { decide d: text by first
      rule r { then "yes" because "{order.id} {order.amount} {buyer.id ?? nobody}" } }"#;

fn policy() -> Policy {
    Rulebook::from_sources([("a.policy", POLICY)]).unwrap().policy("p").unwrap()
}

fn texts(values: &[&str]) -> ArrayRef {
    Arc::new(StringArray::from(values.to_vec()))
}

fn numbers(values: &[i32]) -> ArrayRef {
    Arc::new(Int32Array::from(values.to_vec()))
}

fn told(batch: &RecordBatch) -> Vec<String> {
    let policy = policy();
    let columns = policy.columns(batch.schema_ref()).unwrap();
    let rows = columns.rows(batch).unwrap();
    let mut evaluation = policy.evaluation();
    let row = |row| match evaluation.decide_row(&rows, row) {
        Ok(decision) => decision.reasons().remove(0),
        Err(rejection) => rejection.to_string(),
    };
    (0..rows.len()).map(row).collect()
}

fn problems(schema: Schema) -> Vec<String> {
    let error = policy().columns(&schema).unwrap_err();
    error.problems.iter().map(|one| format!("{} {}: {}", one.path, one.code, one.message)).collect()
}

#[test]
fn a_field_has_a_struct_a_path_or_its_other_name() {
    let order = StructArray::from(vec![
        (Arc::new(Field::new("order_id", DataType::Utf8, true)), texts(&["o1"])),
        (Arc::new(Field::new("amount", DataType::Int32, true)), numbers(&[5])),
    ]);
    let nested = RecordBatch::try_from_iter([("order", Arc::new(order) as ArrayRef)]).unwrap();
    assert_eq!(told(&nested), ["o1 CNY 5.00 nobody"]);
    let flat = RecordBatch::try_from_iter([
        ("order.id", texts(&["o1"])),
        ("else", texts(&["x"])),
        ("order.amount", numbers(&[5])),
        ("buyer.buyer_id", texts(&["b1"])),
    ]);
    assert_eq!(told(&flat.unwrap()), ["o1 CNY 5.00 b1"]);
    let named = RecordBatch::try_from_iter([
        ("order.amount", numbers(&[5])),
        ("order_id", texts(&["o1"])),
        ("buyer_id", texts(&["b1"])),
    ]);
    assert_eq!(told(&named.unwrap()), ["o1 CNY 5.00 b1"]);
}

#[test]
fn a_record_of_empty_columns_is_not_there() {
    let batch = RecordBatch::try_from_iter([
        ("order.id", texts(&["o1", "o2", "o3"])),
        ("order.amount", Arc::new(Int32Array::from(vec![Some(5), None, Some(6)])) as ArrayRef),
        ("buyer.id", Arc::new(StringArray::from(vec![Some("b1"), Some("b2"), None])) as ArrayRef),
        ("buyer.age", Arc::new(Int32Array::from(vec![Some(30), None, None])) as ArrayRef),
    ]);
    assert_eq!(
        told(&batch.unwrap()),
        [
            "o1 CNY 5.00 b1",
            "the record is rejected\n  order.amount: `amount` is missing (missing-field)",
            "o3 CNY 6.00 nobody"
        ]
    );
}

#[test]
fn every_column_that_cannot_fit_is_told_at_once() {
    let order = [
        Field::new("order_id", DataType::Int64, true),
        Field::new("amount", DataType::Boolean, true),
        Field::new("paid_at", DataType::Time64(TimeUnit::Microsecond), true),
        Field::new("kinds", DataType::new_list(DataType::Int32, true), true),
    ];
    let schema = Schema::new(vec![
        Field::new("order", DataType::Struct(Vec::from(order).into()), true),
        Field::new("buyer.age", DataType::Int32, true),
        Field::new("shop", DataType::Utf8, true),
        Field::new("shop_id", DataType::Utf8, true),
        Field::new("shop_id", DataType::Utf8, true),
    ]);
    assert_eq!(
        problems(schema),
        [
            "shop_id duplicate-column: two columns are named `shop_id`; give one",
            "order.id wrong-column-type: the column `order_id` is of type Int64, which is not a text; \
             give strings, or a dictionary of them",
            "order.amount wrong-column-type: the column `amount` is of type Boolean, which is not an \
             amount in CNY; give integers, floats, decimals, strings, or structs of `amount` and \
             `currency`",
            "order.paid_at wrong-column-type: the column `paid_at` is of type Time64(µs), which is \
             not a time; give timestamps, dates, or strings such as `2024-09-12T08:00:00+08:00`",
            "order.kinds[] wrong-column-type: the column `item` is of type Int32, which is not a \
             `Kind`; give strings, or a dictionary of them",
            "buyer.id missing-column: no column holds it, and every record needs a text",
            "shop wrong-column-type: the column `shop` is of type Utf8, which is not a record `Shop`; \
             give structs, or columns such as `shop.id`",
        ]
    );
}

#[test]
fn ten_thousand_columns_without_the_right_one_are_told_in_a_line() {
    let columns = (0..10_000).map(|at| Field::new(format!("c{at}"), DataType::Int32, true));
    let columns = columns.chain([Field::new("oder", DataType::Int32, true)]);
    assert_eq!(
        problems(Schema::new(columns.collect::<Vec<_>>())),
        [
            "order missing-column: no column holds it, and every record needs a record `Order`; give a \
          column of structs, or columns such as `order.id`; did you mean `oder`?"
        ]
    );
}

#[test]
fn ten_thousand_columns_with_the_right_ones_are_fine() {
    let mut columns: Vec<(String, ArrayRef)> =
        (0..10_000).map(|at| (format!("c{at}"), numbers(&[at]))).collect();
    columns.insert(5_000, ("order.id".into(), texts(&["o1"])));
    columns.push(("order.amount".into(), numbers(&[5])));
    let batch = RecordBatch::try_from_iter(columns).unwrap();
    assert_eq!(told(&batch), ["o1 CNY 5.00 nobody"]);
    let columns = policy().columns(batch.schema_ref()).unwrap();
    assert_eq!(columns.columns(), [5_000, 10_001]);
}

#[test]
fn no_rows_are_no_decisions() {
    let schema = Schema::new(vec![
        Field::new("order.id", DataType::Utf8, true),
        Field::new("order.amount", DataType::Int32, true),
    ]);
    let batch = RecordBatch::new_empty(Arc::new(schema));
    assert!(told(&batch).is_empty());
    let columns = policy().columns(batch.schema_ref()).unwrap();
    let rows = columns.rows(&batch).unwrap();
    let error = policy().evaluation().decide_row(&rows, 0).unwrap_err();
    assert_eq!(error.errors[0].code, "other-policy");
    let policy = policy();
    let columns = policy.columns(batch.schema_ref()).unwrap();
    let error = policy.evaluation().decide_row(&columns.rows(&batch).unwrap(), 0).unwrap_err();
    assert_eq!(error.errors[0].code, "no-row");
}

#[test]
fn a_batch_of_other_columns_is_refused() {
    let schema = |amount| {
        Schema::new(vec![
            Field::new("order.id", DataType::Utf8, true),
            Field::new("order.amount", amount, true),
        ])
    };
    let columns = policy().columns(&schema(DataType::Int32)).unwrap();
    let batch = RecordBatch::new_empty(Arc::new(schema(DataType::Int64)));
    let error = columns.rows(&batch).unwrap_err();
    assert_eq!(error.problems[0].code, "other-columns");
}

#[test]
fn only_what_holds_fields_needs_to_be_read() {
    let order = [
        Field::new("x", DataType::Utf8, true),
        Field::new("order_id", DataType::Utf8, true),
        Field::new("amount", DataType::Int32, true),
    ];
    let buyer = [Field::new("x", DataType::Utf8, true), Field::new("id", DataType::Utf8, true)];
    let schema = Schema::new(vec![
        Field::new(
            "x",
            DataType::new_list(DataType::Struct(Vec::from(buyer.clone()).into()), true),
            true,
        ),
        Field::new("order", DataType::Struct(Vec::from(order).into()), true),
        Field::new("y", DataType::Int32, true),
        Field::new("buyer", DataType::Struct(Vec::from(buyer).into()), true),
    ]);
    let columns = policy().columns(&schema).unwrap();
    assert_eq!((columns.columns(), columns.leaves()), (vec![1, 3], vec![3, 4, 7]));
}

#[test]
fn texts_hold_no_lists() {
    let error =
        Columns::of_texts(&policy(), ["order.id", "order.amount", "order.kinds"]).unwrap_err();
    assert_eq!(
        error.to_string(),
        "the columns do not fit the record `Case`\n  order.kinds: the column `order.kinds` holds \
         texts, not a list of Kind; use JSON lines or Parquet (wrong-column-type)"
    );
}

#[test]
fn a_profile_may_stand_in_columns_or_be_joined() {
    let batch = RecordBatch::try_from_iter([
        ("order.id", texts(&["o1"])),
        ("order.amount", numbers(&[5])),
        ("score", Arc::new(BooleanArray::from(vec![true])) as ArrayRef),
    ]);
    assert_eq!(told(&batch.unwrap()), ["o1 CNY 5.00 nobody"]);
}
