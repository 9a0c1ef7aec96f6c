//! The page on input files tells which fields may be read from columns of which type, as columns are bound.

use std::fmt::Write as _;
use std::fs;
use std::sync::Arc;

use arrow_schema::{DataType, Field, IntervalUnit, Schema, TimeUnit};
use rulebook::{Policy, Rulebook};

use super::{code, root, wants_update};

/// Types of fields, by what the page calls them and how they are declared.
const FIELDS: &[(&str, &str)] = &[
    ("`bool`", "bool"),
    ("`number`", "number"),
    ("amounts", "CNY"),
    ("`text`", "text"),
    ("enums", "Kind"),
    ("`date`", "date"),
    ("`time`", "time"),
    ("`time_of_day`", "time_of_day"),
    ("`duration`", "duration"),
    ("`period`", "period"),
    ("`url`", "url"),
    ("`version`", "version"),
    ("lists", "list of text"),
    ("lists of records", "list of Entry"),
    ("records", "Entry"),
];

fn policy(ty: &str) -> Policy {
    let text = format!(
        "enum Kind {{ a, b }}
         record Entry {{ key: text  value: text? }}
         record R {{ value: {ty}? }}
         policy p for R {{ decide d: bool by first otherwise false
           rule r {{ when value is present then true }} }}"
    );
    Rulebook::from_sources([("a.policy", &text)]).unwrap().policy("p").unwrap()
}

/// Types of columns, as Parquet calls them, and as they are in memory.
fn columns() -> Vec<(&'static str, DataType)> {
    let entry: Vec<_> = ["key", "value"].map(|name| Field::new(name, DataType::Utf8, true)).into();
    let entry = DataType::Struct(entry.into());
    let currency = Field::new("currency", DataType::Utf8, true);
    let amount = vec![Field::new("amount", DataType::Decimal128(18, 2), true), currency];
    let amount = DataType::Struct(amount.into());
    let entries = Arc::new(Field::new("key_value", entry.clone(), false));
    vec![
        ("BOOLEAN", DataType::Boolean),
        ("INT(8), signed or not", DataType::Int8),
        ("INT(16) to INT(64), signed or not", DataType::Int64),
        ("FLOAT, DOUBLE, FLOAT16", DataType::Float64),
        ("DECIMAL", DataType::Decimal128(18, 2)),
        ("STRING, ENUM, JSON", DataType::Utf8),
        ("DATE", DataType::Date32),
        ("TIME", DataType::Time64(TimeUnit::Microsecond)),
        ("TIMESTAMP, of UTC", DataType::Timestamp(TimeUnit::Microsecond, Some("UTC".into()))),
        ("TIMESTAMP, local; INT96", DataType::Timestamp(TimeUnit::Microsecond, None)),
        ("DURATION of Arrow", DataType::Duration(TimeUnit::Second)),
        ("INTERVAL of months", DataType::Interval(IntervalUnit::YearMonth)),
        ("LIST of STRING", DataType::new_list(DataType::Utf8, true)),
        ("LIST of structs", DataType::new_list(entry.clone(), true)),
        ("MAP", DataType::Map(entries, false)),
        ("struct", entry),
        ("struct of amount and currency", amount),
        ("BYTE_ARRAY, FIXED_LEN_BYTE_ARRAY, UUID", DataType::Binary),
    ]
}

const HEAD: &str = "| column | fields |\n|---|---|\n";

#[test]
fn the_page_on_input_files_tells_what_each_column_may_hold() {
    let policies: Vec<_> = FIELDS.iter().map(|(name, ty)| (*name, policy(ty))).collect();
    let mut table = String::from(HEAD);
    for (name, data) in columns() {
        let schema = Schema::new(vec![Field::new("value", data, true)]);
        let fits = policies.iter().filter(|(_, policy)| policy.columns(&schema).is_ok());
        let fits: Vec<_> = fits.map(|(name, _)| *name).collect();
        let fits = if fits.is_empty() { "none".to_string() } else { fits.join(", ") };
        writeln!(table, "| {} | {fits} |", code(name)).unwrap();
    }
    let path = root().join("docs/input_files.md");
    let page = fs::read_to_string(&path).unwrap();
    let (above, rest) = page.split_once(HEAD).unwrap();
    let rows: usize =
        rest.lines().take_while(|line| line.starts_with('|')).map(|row| row.len() + 1).sum();
    let below = rest.get(rows..).unwrap_or_default();
    let wanted = format!("{above}{table}{below}");
    if wants_update() {
        fs::write(&path, &wanted).unwrap();
    }
    assert_eq!(fs::read_to_string(&path).unwrap(), wanted);
}
