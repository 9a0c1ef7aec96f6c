//! Outcomes as scenarios write them, read by the declared type of their decision: `7` is no `"007"`
//! where texts are decided, and `P7D` is `PT168H` only where durations are.

use super::read::plain;
use rulebook_core::eval::Verdict;
use rulebook_lang::model::{List, Number, Record, RecordType, Type, Value, Zone};
use rulebook_lang::scalar::{Kind, Level};
use rulebook_lang::yaml::{Node, NodeKind};

/// Whether a verdict is what a scenario writes for it.
pub(super) fn is_outcome(verdict: &Verdict<'_>, wanted: &Node, zone: &Zone) -> bool {
    let same = |value: &Value<'_>, ty: &Type, wanted: &Node| {
        read(wanted, ty, zone).is_some_and(|wanted| value.same(&wanted))
    };
    match verdict {
        Verdict::Value(value, ty) => same(value, ty, wanted),
        Verdict::Values(values, ty) => {
            let (is_list, items) = (matches!(wanted.kind, NodeKind::List(_)), wanted.items());
            is_list
                && values.len() == items.len()
                && values.iter().zip(items).all(|(value, item)| same(value, ty, item))
        }
        // Nothing, or a fault.
        _ => matches!(wanted.kind, NodeKind::Null),
    }
}

/// What is written, as a value of a type; `None` where it is none.
pub(super) fn read(node: &Node, ty: &Type, zone: &Zone) -> Option<Value<'static>> {
    let node = &plain(node, ty, zone);
    let text = || node.scalar();
    Some(match ty.required() {
        Type::List(inner) => {
            let NodeKind::List(items) = &node.kind else { return None };
            let items = items.iter().map(|item| read(item, inner, zone));
            Value::List(List::made(items.collect::<Option<_>>()?))
        }
        Type::Record(record) => Value::Record(record_of(node, record, zone)?),
        Type::Bool => match node.kind {
            NodeKind::Bool(value) => Value::Bool(value),
            _ => return None,
        },
        Type::Money(currency) => match &node.kind {
            // An amount may be written without its currency.
            NodeKind::Map(entries) => {
                let part = |key| node.get(key)?.scalar();
                let is_whole = entries.len() == 2 && part("currency")? == currency.code();
                Value::Number(part("amount").filter(|_| is_whole)?.parse().ok()?)
            }
            _ => Value::Number(text()?.parse::<Number>().ok()?),
        },
        // What an address is, only who decides it asks.
        ty if ty.kind() == Some(Kind::Text) && ty.level() == Level::Nominal => {
            Value::Text(text()?.into())
        }
        ty => match ty.read(&text()?, zone)? {
            Value::Text(name) => Value::Text(name.into_owned().into()),
            value => value.detached()?,
        },
    })
}

/// A record of the fields that are written; those that are not are missing.
fn record_of(node: &Node, record: &RecordType, zone: &Zone) -> Option<Record<'static>> {
    let NodeKind::Map(entries) = &node.kind else { return None };
    let is_field = |key: &Node| {
        key.scalar().is_some_and(|key| record.fields().any(|(_, name, _)| *name == *key))
    };
    if !entries.iter().all(|(key, _)| is_field(key)) {
        return None;
    }
    let mut slots = Vec::new();
    for (slot, name, ty) in record.fields() {
        slots.resize(slot as usize, Value::Missing);
        match node.get(name).filter(|node| !matches!(node.kind, NodeKind::Null)) {
            None if !ty.is_optional() => return None,
            None => slots.push(Value::Missing),
            Some(node) => match read(node, ty, zone)? {
                Value::Record(inner) => {
                    slots.push(Value::Bool(true));
                    slots.extend(inner.slots());
                }
                single => slots.push(single),
            },
        }
    }
    slots.resize(record.size() as usize, Value::Missing);
    Some(Record::made(slots))
}
