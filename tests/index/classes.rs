//! Rows that are judged by classes come to what each comes to by itself, whatever the columns are made
//! of, and whatever is wrong with some values.

use std::io::Cursor;
use std::sync::Arc;

use arrow_array::{ArrayRef, RecordBatch};
use arrow_cast::cast;
use arrow_json::ReaderBuilder;
use arrow_schema::{DataType, Field, Schema, TimeUnit};
use proptest::prelude::*;
use rulebook::batch::Wanted;
use serde_json::{Value, json};

use super::cases::{as_of, day, policy, record, rule};
use super::reference::compare;

/// The columns as JSON gives them.
fn plain() -> Schema {
    let zone = || DataType::Timestamp(TimeUnit::Nanosecond, Some("+00:00".into()));
    let tags = DataType::List(Arc::new(Field::new_list_field(DataType::Utf8, true)));
    let money = [("amount", DataType::Int64), ("currency", DataType::Utf8)]
        .map(|(name, data)| Field::new(name, data, true));
    let money = money.to_vec();
    let columns = [
        ("at", zone()),
        ("shop", DataType::Utf8),
        ("kind", DataType::Utf8),
        ("level", DataType::Utf8),
        ("amount", DataType::Float64),
        ("count", DataType::Int64),
        ("score", DataType::Float64),
        ("day", DataType::Utf8),
        ("urgent", DataType::Boolean),
        ("waits", DataType::Utf8),
        ("tags", tags),
        ("price", DataType::Struct(money.into())),
        ("tip", DataType::Utf8),
    ];
    Schema::new(columns.map(|(name, data)| Field::new(name, data, true)).to_vec())
}

/// A type that the same values may have.
fn other(data: &DataType, choice: usize) -> DataType {
    let coded =
        |keys: DataType, values: DataType| DataType::Dictionary(Box::new(keys), Box::new(values));
    let choices = match data {
        DataType::Utf8 => vec![
            DataType::Utf8,
            coded(DataType::Int32, DataType::Utf8),
            coded(DataType::UInt8, DataType::LargeUtf8),
            DataType::Utf8View,
            DataType::LargeUtf8,
        ],
        DataType::Float64 => {
            vec![DataType::Float64, DataType::Decimal128(30, 4), DataType::Float32, DataType::Utf8]
        }
        DataType::Int64 => vec![
            DataType::Int64,
            DataType::Int16,
            DataType::UInt64,
            DataType::Float64,
            DataType::Decimal128(20, 0),
            coded(DataType::Int8, DataType::Int64),
        ],
        DataType::Timestamp(..) => vec![
            data.clone(),
            DataType::Timestamp(TimeUnit::Millisecond, Some("+08:00".into())),
            DataType::Timestamp(TimeUnit::Second, None),
            DataType::Date32,
        ],
        data => vec![data.clone()],
    };
    choices[choice % choices.len()].clone()
}

/// The records as columns, whose types the choices pick; `day` as text or as days.
fn columns(records: &[Value], choices: &[usize]) -> RecordBatch {
    let lines: Vec<_> = records.iter().map(Value::to_string).collect();
    let json = Cursor::new(lines.join("\n"));
    let reader = ReaderBuilder::new(Arc::new(plain())).with_batch_size(records.len());
    let batch = reader.build(json).unwrap().next().unwrap().unwrap();
    let column = |(at, field): (usize, &Arc<Field>)| -> (String, ArrayRef) {
        let wanted = match (field.name().as_str(), choices[at]) {
            ("day", choice) if choice % 3 == 0 => DataType::Date32,
            (_, choice) => other(field.data_type(), choice),
        };
        (field.name().clone(), cast(batch.column(at), &wanted).unwrap())
    };
    let schema = batch.schema();
    RecordBatch::try_from_iter_with_nullable(
        schema.fields().iter().enumerate().map(column).map(|(name, own)| (name, own, true)),
    )
    .unwrap()
}

/// A record, in which a value may be missing or not be what its field says.
fn odd_record() -> impl Strategy<Value = Value> {
    let odd = prop::option::weighted(0.15, 0..10_usize);
    (record(), odd).prop_map(|(mut record, odd)| {
        let (field, value) = match odd {
            None => return record,
            Some(0) => ("amount", json!(null)),
            Some(1) => ("amount", json!(0.123_456_789_012)),
            Some(2) => ("level", json!("nowhere")),
            Some(3) => ("score", json!(null)),
            Some(4) => ("urgent", json!(null)),
            Some(5) => ("day", json!(null)),
            Some(6) => ("at", json!(null)),
            Some(7) => ("price", json!({"amount": 3, "currency": "RMB"})),
            Some(8) => ("tip", json!("3")),
            Some(_) => ("shop", json!("ä shop that no rule names")),
        };
        record[field] = value;
        record
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 96, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn classes_come_to_what_their_rows_come_to(
        rules in prop_oneof![
            4 => prop::collection::vec(rule(), 1..8),
            1 => prop::collection::vec(rule(), 60..140),
        ],
        records in prop::collection::vec(odd_record(), 1..60),
        choices in prop::collection::vec(0..60_usize, 13),
        day in day(),
    ) {
        let batch = columns(&records, &choices);
        let policy = as_of(policy(&rules), day);
        for rules in [false, true] {
            let compared = compare(&policy, &batch, Wanted { rules, ..Wanted::default() });
            prop_assert!(compared.is_ok(), "{}", compared.unwrap_err());
        }
    }
}
