//! Every physical type, for every field that it fits.

use std::sync::Arc;

use arrow_array::types::*;
use arrow_array::*;
use arrow_buffer::{OffsetBuffer, i256};
use arrow_cast::cast;
use arrow_schema::{DataType, Field, TimeUnit};
use rulebook::batch::Columns;
use rulebook::{Policy, Rulebook};

/// A policy whose only decision tells what its field `value` holds.
fn policy(ty: &str) -> Policy {
    let text = format!(
        "enum Kind {{ small, large }}
         enum Open {{ small, large, .. }}
         record Item {{ amount: number  name: text? }}
         record R {{ value: {ty}?  other: number? }}
         policy p for R {{ decide d: text by first
           rule there {{ when value is present then \"there\" because \"{{value}}\" }}
         }}"
    );
    let settings = ("rulebook.yaml", "zone: Asia/Shanghai");
    Rulebook::from_sources([settings, ("a.policy", &text)]).unwrap().policy("p").unwrap()
}

/// What is told of a value in a column, by its row; errors by code and message.
fn told(policy: &Policy, columns: &Columns, batch: &RecordBatch) -> Vec<String> {
    let rows = columns.rows(batch).unwrap();
    let mut evaluation = policy.evaluation();
    let mut told = Vec::new();
    for row in 0..rows.len() {
        told.push(match evaluation.decide_row(&rows, row) {
            Ok(decision) => decision.reasons().pop().unwrap_or_else(|| "nothing".into()),
            Err(rejection) => rejection
                .errors
                .iter()
                .map(|error| format!("{} {}: {}", error.path, error.code, error.message))
                .collect(),
        });
    }
    told
}

/// What is told of a column of values.
fn of(ty: &str, column: impl Array + 'static) -> Vec<String> {
    let policy = policy(ty);
    let batch = RecordBatch::try_from_iter([("value", Arc::new(column) as ArrayRef)]).unwrap();
    let columns = policy.columns(batch.schema_ref()).unwrap();
    told(&policy, &columns, &batch)
}

/// What is told of the same values in JSON.
fn json(ty: &str, values: &[&str]) -> Vec<String> {
    let policy = policy(ty);
    let decide = |value: &&str| match policy.decide_json(format!("{{\"value\": {value}}}")) {
        Ok(decision) => decision.reasons().pop().unwrap_or_else(|| "nothing".into()),
        Err(rejection) => rejection
            .errors
            .iter()
            .map(|error| format!("{} {}: {}", error.path, error.code, error.message))
            .collect(),
    };
    values.iter().map(decide).collect()
}

#[test]
fn whole_numbers_are_numbers() {
    let expected = json("number", &["0", "null", "127"]);
    let column = Int8Array::from(vec![Some(0), None, Some(127)]);
    for data in [
        DataType::Int8,
        DataType::Int16,
        DataType::Int32,
        DataType::Int64,
        DataType::UInt8,
        DataType::UInt16,
        DataType::UInt32,
        DataType::UInt64,
        DataType::Float16,
        DataType::Float32,
        DataType::Float64,
        DataType::Decimal32(9, 2),
        DataType::Decimal64(18, 9),
        DataType::Decimal128(38, 9),
        DataType::Decimal128(38, 35),
        DataType::Decimal256(60, 12),
        DataType::Utf8,
        DataType::LargeUtf8,
        DataType::Utf8View,
        DataType::Dictionary(Box::new(DataType::UInt8), Box::new(DataType::Int32)),
        DataType::Dictionary(Box::new(DataType::Int32), Box::new(DataType::Utf8)),
    ] {
        assert_eq!(of("number", cast(&column, &data).unwrap()), expected, "{data}");
        let amounts = of("CNY", cast(&column, &data).unwrap());
        assert_eq!(amounts, json("CNY", &["0", "null", "127"]), "{data}");
    }
}

#[test]
fn numbers_are_read_exactly_or_refused() {
    let floats = Float64Array::from(vec![59.9, -0.1, 1e15, 0.1 + 0.2, 1e30]);
    let written =
        ["59.9", "-0.1", "1e15", "0.30000000000000004", "1000000000000000000000000000000"];
    assert_eq!(of("number", floats), json("number", &written));
    let singles = Float32Array::from(vec![0.1, 4.8]);
    assert_eq!(of("number", singles), json("number", &["0.1", "4.8"]));
    let nan = of("number", Float64Array::from(vec![f64::NAN]));
    assert_eq!(nan, ["value wrong-type: expected a number, found the number NaN"]);
    let large = UInt64Array::from(vec![u64::MAX]);
    assert_eq!(of("number", large), json("number", &["18446744073709551615"]));
    let decimals = Decimal128Array::from(vec![10_i128.pow(37), 5, -5_000])
        .with_precision_and_scale(38, 12)
        .unwrap();
    let written = ["10000000000000000000000000", "0.000000000005", "-0.000000005"];
    assert_eq!(of("number", decimals), json("number", &written));
    let hundreds = Decimal128Array::from(vec![12]).with_precision_and_scale(5, -2).unwrap();
    assert_eq!(of("number", hundreds), json("number", &["1200"]));
    let wide = Decimal256Array::from(vec![i256::from_i128(10).checked_pow(50).unwrap()])
        .with_precision_and_scale(60, 9)
        .unwrap();
    let written = format!("1{}.000000000", "0".repeat(41));
    assert_eq!(of("number", wide), json("number", &[&written]));
}

#[test]
fn texts_come_in_every_encoding() {
    let column = StringArray::from(vec![Some("small"), None, Some("medium")]);
    for ty in ["text", "Kind", "Open"] {
        let expected = json(ty, &["\"small\"", "null", "\"medium\""]);
        for data in [
            DataType::Utf8,
            DataType::LargeUtf8,
            DataType::Utf8View,
            DataType::Dictionary(Box::new(DataType::Int8), Box::new(DataType::Utf8)),
            DataType::Dictionary(Box::new(DataType::UInt64), Box::new(DataType::LargeUtf8)),
        ] {
            assert_eq!(of(ty, cast(&column, &data).unwrap()), expected, "{ty} {data}");
        }
    }
    let url = StringArray::from(vec!["https://example.com/a", "no url"]);
    assert_eq!(of("url", url), json("url", &["\"https://example.com/a\"", "\"no url\""]));
    let null_value = DictionaryArray::<Int8Type>::new(
        Int8Array::from(vec![Some(0), Some(1), None]),
        Arc::new(StringArray::from(vec![Some("small"), None])),
    );
    assert_eq!(of("Kind", null_value), json("Kind", &["\"small\"", "null", "null"]));
    assert_eq!(of("text", NullArray::new(2)), ["nothing", "nothing"]);
}

#[test]
fn times_come_in_every_unit() {
    let seconds = TimestampSecondArray::from(vec![Some(1_726_099_200), None, Some(-1)]);
    let units =
        [TimeUnit::Second, TimeUnit::Millisecond, TimeUnit::Microsecond, TimeUnit::Nanosecond];
    let written = ["\"2024-09-12T00:00:00Z\"", "null", "\"1969-12-31T23:59:59Z\""];
    let shown = ["\"2024-09-12T00:00:00\"", "null", "\"1969-12-31T23:59:59\""];
    for unit in units {
        let naive = cast(&seconds, &DataType::Timestamp(unit, None)).unwrap();
        assert_eq!(of("time", naive.clone()), json("time", &shown), "{unit:?}");
        for zone in ["+00:00", "+08:00"] {
            let utc = cast(&seconds, &DataType::Timestamp(TimeUnit::Second, Some("+00:00".into())));
            let data = DataType::Timestamp(unit, Some(zone.into()));
            let zoned = cast(&utc.unwrap(), &data).unwrap();
            assert_eq!(of("time", zoned), json("time", &written), "{unit:?} {zone}");
        }
    }
    let part = TimestampMillisecondArray::from(vec![-1]).with_timezone("UTC");
    assert_eq!(of("time", part), json("time", &["\"1969-12-31T23:59:59.999Z\""]));
    let far = TimestampSecondArray::from(vec![i64::MAX]).with_timezone("UTC");
    assert_eq!(
        of("time", far),
        ["value bad-time: expected a time such as `2024-09-12T08:00:00+08:00`, found the text \
          \"9223372036854775807 seconds since 1970\""]
    );
}

#[test]
fn days_come_as_days_or_as_midnights() {
    let days = Date32Array::from(vec![Some(19_978), None, Some(-1)]);
    let written = ["\"2024-09-12\"", "null", "\"1969-12-31\""];
    for ty in ["date", "time"] {
        assert_eq!(of(ty, days.clone()), json(ty, &written), "{ty}");
        let wide = cast(&days, &DataType::Date64).unwrap();
        assert_eq!(of(ty, wide), json(ty, &written), "{ty}");
    }
    let midnights = TimestampSecondArray::from(vec![19_978 * 86_400, 3_600]);
    assert_eq!(of("date", midnights), json("date", &["\"2024-09-12\"", "\"1970-01-01T01:00:00\""]));
    assert!(of("date", Date32Array::from(vec![i32::MAX]))[0].contains("bad-date"));
}

#[test]
fn lengths_of_time_come_as_durations_or_texts() {
    let written = ["\"PT1M30S\"", "null", "\"-PT5S\""];
    let seconds = DurationSecondArray::from(vec![Some(90), None, Some(-5)]);
    for unit in
        [TimeUnit::Second, TimeUnit::Millisecond, TimeUnit::Microsecond, TimeUnit::Nanosecond]
    {
        let column = cast(&seconds, &DataType::Duration(unit)).unwrap();
        assert_eq!(of("duration", column), json("duration", &written), "{unit:?}");
    }
    let texts = StringArray::from(vec![Some("PT1M30S"), None, Some("-PT5S")]);
    assert_eq!(of("duration", texts), json("duration", &written));
    let months = IntervalYearMonthArray::from(vec![3, 12]);
    assert_eq!(of("period", months), json("period", &["\"P3M\"", "\"P1Y\""]));
    let bools = BooleanArray::from(vec![Some(true), None, Some(false)]);
    assert_eq!(of("bool", bools), json("bool", &["true", "null", "false"]));
}

#[test]
fn money_may_name_its_currency() {
    let amounts: ArrayRef = Arc::new(Float64Array::from(vec![Some(1.5), Some(2.0), None]));
    let codes: ArrayRef = Arc::new(StringArray::from(vec!["CNY", "USD", "CNY"]));
    let column = StructArray::from(vec![
        (Arc::new(Field::new("amount", DataType::Float64, true)), amounts),
        (Arc::new(Field::new("currency", DataType::Utf8, true)), codes),
    ]);
    let written = [
        r#"{"amount": 1.5, "currency": "CNY"}"#,
        r#"{"amount": 2.0, "currency": "USD"}"#,
        r#"{"amount": null, "currency": "CNY"}"#,
    ];
    assert_eq!(of("CNY", column), json("CNY", &written));
}

/// A policy that tells what stands in a list of records.
const LISTS: &str = r#"
    record Item { amount: number  name: text? }
    record R { items: list of Item  tags: list of text? }
    policy p for R { decide d: number by first
      rule sum { then sum(i in items: i.amount) because "{count(i in items)} {count(i in items where i.name is present)}" } }"#;

#[test]
fn lists_come_in_every_form() {
    let policy = Rulebook::from_sources([("a.policy", LISTS)]).unwrap().policy("p").unwrap();
    let items: ArrayRef = Arc::new(StructArray::from(vec![
        (
            Arc::new(Field::new("amount", DataType::Int32, true)),
            Arc::new(Int32Array::from(vec![Some(1), Some(2), Some(3), None])) as ArrayRef,
        ),
        (
            Arc::new(Field::new("name", DataType::Utf8, true)),
            Arc::new(StringArray::from(vec![Some("a"), None, None, None])) as ArrayRef,
        ),
    ]));
    let element = Arc::new(Field::new_list_field(items.data_type().clone(), true));
    let lists = ListArray::new(
        element.clone(),
        OffsetBuffer::from_lengths([2, 0, 1, 1]),
        items.clone(),
        Some(vec![true, true, true, true].into()),
    );
    let written = [
        r#"{"items": [{"amount": 1, "name": "a"}, {"amount": 2}]}"#,
        r#"{"items": []}"#,
        r#"{"items": [{"amount": 3}]}"#,
        r#"{"items": [{"amount": null}]}"#,
    ];
    let expected: Vec<_> = written.iter().map(|json| answer(policy.decide_json(json))).collect();
    for data in [
        DataType::List(element.clone()),
        DataType::LargeList(element.clone()),
        DataType::ListView(element.clone()),
        DataType::LargeListView(element.clone()),
    ] {
        let column = cast(&lists, &data).unwrap();
        let batch = RecordBatch::try_from_iter([("items", column)]).unwrap();
        let columns = policy.columns(batch.schema_ref()).unwrap();
        let rows = columns.rows(&batch).unwrap();
        let mut evaluation = policy.evaluation();
        let told: Vec<_> =
            (0..4).map(|row| answer(evaluation.decide_row(&rows, row).cloned())).collect();
        assert_eq!(told, expected, "{data}");
    }
    let fixed = FixedSizeListArray::new(element, 2, items, None);
    let batch = RecordBatch::try_from_iter([("items", Arc::new(fixed) as ArrayRef)]).unwrap();
    let columns = policy.columns(batch.schema_ref()).unwrap();
    let rows = columns.rows(&batch).unwrap();
    assert_eq!(policy.evaluation().decide_row(&rows, 0).unwrap().reasons(), ["2 1"]);
}

fn answer(given: Result<rulebook::Decision, rulebook::Rejection>) -> String {
    match given {
        Ok(decision) => format!("{:?} {:?}", decision.number("d"), decision.reasons()),
        Err(rejection) => rejection.to_string(),
    }
}

#[test]
fn texts_stand_for_values_where_all_columns_are_texts() {
    let cases = [
        ("number", " 59.90", "59.9"),
        ("CNY", "59.90 ", "59.9"),
        ("bool", "TRUE", "true"),
        ("text", " a ", "\" a \""),
        ("Kind", " small ", "\"small\""),
        ("date", "2024-09-12", "\"2024-09-12\""),
        ("number", "  ", "null"),
        ("text", "", "null"),
        ("bool", "yes", "\"yes\""),
    ];
    for (ty, cell, value) in cases {
        let policy = policy(ty);
        let columns = Columns::of_texts(&policy, ["value"]).unwrap();
        let column: ArrayRef = Arc::new(StringArray::from(vec![cell]));
        let batch = RecordBatch::try_from_iter_with_nullable([("value", column, true)]).unwrap();
        assert_eq!(told(&policy, &columns, &batch), json(ty, &[value]), "{ty} {cell:?}");
    }
}

#[test]
fn times_of_day_are_what_clocks_show() {
    let expected = json("time_of_day", &["\"22:00\"", "null", "\"00:00:01.5\""]);
    let column = Time32MillisecondArray::from(vec![Some(79_200_000), None, Some(1_500)]);
    for unit in [TimeUnit::Microsecond, TimeUnit::Nanosecond] {
        let column = cast(&column, &DataType::Time64(unit)).unwrap();
        assert_eq!(of("time_of_day", column), expected);
    }
    assert_eq!(of("time_of_day", column), expected);
    let odd = of("time_of_day", Time32SecondArray::from(vec![90_000, 86_400]));
    assert!(odd[0].contains("bad-time-of-day") && odd[0].contains("25:00:00"), "{odd:?}");
    assert_eq!(odd[1..], json("time_of_day", &["\"24:00\""])[..]);
}

#[test]
fn integers_of_one_byte_may_be_yes_and_no() {
    let expected = json("bool", &["false", "true", "null", "2"]);
    let column = Int8Array::from(vec![Some(0), Some(1), None, Some(2)]);
    assert_eq!(of("bool", cast(&column, &DataType::UInt8).unwrap()), expected);
    assert_eq!(of("bool", column), expected);
}

#[test]
fn a_map_is_a_list_of_its_entries() {
    let policy = Rulebook::from_sources([(
        "a.policy",
        r#"
        record Trait { key: text  value: number? }
        record R { items: list of Trait }
        policy p for R { decide d: number by first
          rule sum { then count(i in items where i.key == "a" and i.value is present) } }"#,
    )]);
    let policy = policy.unwrap().policy("p").unwrap();
    let entries = StructArray::from(vec![
        (
            Arc::new(Field::new("key", DataType::Utf8, false)),
            Arc::new(StringArray::from(vec!["a", "b", "a"])) as ArrayRef,
        ),
        (
            Arc::new(Field::new("value", DataType::Int32, true)),
            Arc::new(Int32Array::from(vec![Some(1), Some(2), None])) as ArrayRef,
        ),
    ]);
    let field = Arc::new(Field::new("entries", entries.data_type().clone(), false));
    let map = MapArray::new(field, OffsetBuffer::from_lengths([2, 0, 1]), entries, None, false);
    let batch = RecordBatch::try_from_iter([("items", Arc::new(map) as ArrayRef)]).unwrap();
    let columns = policy.columns(batch.schema_ref()).unwrap();
    let rows = columns.rows(&batch).unwrap();
    let mut evaluation = policy.evaluation();
    let told: Vec<_> =
        (0..3).map(|row| answer(evaluation.decide_row(&rows, row).cloned())).collect();
    let written = [
        r#"{"items": [{"key": "a", "value": 1}, {"key": "b", "value": 2}]}"#,
        r#"{"items": []}"#,
        r#"{"items": [{"key": "a", "value": null}]}"#,
    ];
    let expected: Vec<_> = written.iter().map(|json| answer(policy.decide_json(json))).collect();
    assert_eq!(told, expected);
}
