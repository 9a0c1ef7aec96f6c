//! A row as the JSON that reads into it, for people who want to see or judge the record.

use crate::program::{FieldKind, Layout, Policy, Program};
use rulebook_lang::model::{Cell, Json, Store, Type, Value, Zone};

/// The record in a row; lists are left empty, and what is missing is left out.
pub(super) fn json(program: &Program, policy: &Policy, row: &Store) -> Json {
    record(&policy.layout, row, &program.zone)
}

fn record(layout: &Layout, row: &Store, zone: &Zone) -> Json {
    let mut fields = Vec::new();
    for field in layout.seen() {
        let value = match &field.kind {
            FieldKind::List(_) if !field.optional && field.default.is_none() => {
                Json::Array(Vec::new())
            }
            FieldKind::List(_) => continue,
            FieldKind::Record(_) if row.cell(field.slot) == Cell::Missing => continue,
            FieldKind::Record(inner) => record(inner, row, zone),
            FieldKind::Scalar(ty) => match scalar(&row.get(field.slot), ty.required(), zone) {
                Some(value) => value,
                None => continue,
            },
        };
        fields.push((field.name.to_string(), value));
    }
    Json::Object(fields)
}

fn scalar(value: &Value<'_>, ty: &Type, zone: &Zone) -> Option<Json> {
    Some(match value {
        Value::Bool(value) => Json::Bool(*value),
        Value::Number(number) => Json::Number(number.to_string()),
        Value::Missing | Value::List(_) | Value::Record(_) | Value::Pattern(_) => return None,
        value => Json::String(ty.written(value, Some(zone)).to_string()),
    })
}
