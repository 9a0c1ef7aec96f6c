//! A row as the JSON that reads into it, for people who want to see or judge the record.

use crate::program::{Field, FieldKind, Policy, Program};
use rulebook_lang::model::{Cell, Json, Number, Store, Type, Value, Zone};

/// The record in a row; lists are left empty but for the element that is judged, and what is missing is left out.
pub(super) fn json(program: &Program, policy: &Policy, row: &Store) -> Json {
    let zone = &program.zone;
    let judged = policy.elements.as_ref().and_then(|elements| {
        // One that stands within another list, or behind others, stands beside the record.
        let [list] = elements.lists.as_slice() else { return None };
        let is_first = matches!(row.get(elements.position), Value::Number(Number::ONE));
        let own = policy.layout.beside.iter().find(|field| field.slot == elements.slot)?;
        match &own.kind {
            FieldKind::Record(layout) if is_first => {
                Some((*list, record(&mut layout.fields.iter(), row, zone, None)))
            }
            _ => None,
        }
    });
    match &judged {
        Some(judged) => record(&mut policy.layout.fields.iter(), row, zone, Some(judged)),
        None => record(&mut policy.layout.seen(), row, zone, None),
    }
}

/// A record of some fields; `judged` is what a list of it holds, and the slot of that.
fn record(
    layout: &mut dyn Iterator<Item = &Field>,
    row: &Store,
    zone: &Zone,
    judged: Option<&(u32, Json)>,
) -> Json {
    let mut fields = Vec::new();
    for field in layout {
        let held =
            judged.filter(|(list, _)| *list == field.slot).map(|(_, element)| element.clone());
        let value = match &field.kind {
            FieldKind::List(_) if held.is_some() => Json::Array(held.into_iter().collect()),
            FieldKind::List(_) if !field.optional && field.default.is_none() => {
                Json::Array(Vec::new())
            }
            FieldKind::List(_) => continue,
            FieldKind::Record(_) if row.cell(field.slot) == Cell::Missing => continue,
            FieldKind::Record(inner) => record(&mut inner.seen(), row, zone, judged),
            FieldKind::Scalar(ty) | FieldKind::Read(ty, _) => {
                match scalar(&row.get(field.slot), ty.required(), zone) {
                    Some(value) => value,
                    None => continue,
                }
            }
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
