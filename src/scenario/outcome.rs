//! Outcomes as scenarios write them, read by the declared type of their decision: `7` is no `"007"`
//! where texts are decided, and `P7D` is `PT168H` only where durations are.

use crate::eval::Verdict;
use crate::model::{
    Number, Type, Value, Zone, parse_date, parse_duration, parse_period, parse_time,
};
use crate::yaml::{Node, NodeKind};

/// Whether a verdict is what a scenario writes for it.
pub(super) fn is_outcome(verdict: &Verdict<'_>, wanted: &Node, zone: &Zone) -> bool {
    let same = |value: &Value<'_>, ty: &Type, wanted: &Node| {
        read(wanted, ty, zone).is_some_and(|wanted| is_same(value, &wanted))
    };
    match verdict {
        Verdict::Undecided | Verdict::Fault => matches!(wanted.kind, NodeKind::Null),
        Verdict::Value(value, ty) => same(value, ty, wanted),
        Verdict::Values(values, ty) => {
            let (is_list, items) = (matches!(wanted.kind, NodeKind::List(_)), wanted.items());
            is_list
                && values.len() == items.len()
                && values.iter().zip(items).all(|(value, item)| same(value, ty, item))
        }
    }
}

/// What is written, as a value of a type; `None` where it is none.
pub(super) fn read<'n>(node: &'n Node, ty: &Type, zone: &Zone) -> Option<Value<'n>> {
    let text = || node.scalar();
    Some(match ty.required() {
        Type::Bool => match node.kind {
            NodeKind::Bool(value) => Value::Bool(value),
            _ => return None,
        },
        Type::Number => Value::Number(text()?.parse().ok()?),
        Type::Money(currency) => match &node.kind {
            // An amount may be written without its currency.
            NodeKind::Map(entries) => {
                let part = |key| node.get(key)?.scalar();
                let is_whole = entries.len() == 2 && part("currency")? == currency.code();
                Value::Number(part("amount").filter(|_| is_whole)?.parse().ok()?)
            }
            _ => Value::Number(text()?.parse::<Number>().ok()?),
        },
        Type::Date => Value::Date(parse_date(&text()?)?),
        Type::Time => Value::Time(parse_time(&text()?, zone)?),
        Type::Duration => Value::Duration(parse_duration(&text()?)?),
        Type::Period => Value::Period(parse_period(&text()?)?),
        Type::Enum(members) => {
            let name = text()?;
            match members.position(&name) {
                Some(position) => Value::Member(position),
                None if members.open => Value::Text(name.into()),
                None => return None,
            }
        }
        Type::Text | Type::Url => Value::Text(text()?.into()),
        Type::List(_) | Type::Record(_) | Type::Optional(_) | Type::Unknown => return None,
    })
}

/// Whether two values of one type are the same.
fn is_same(value: &Value<'_>, wanted: &Value<'_>) -> bool {
    match (value, wanted) {
        (Value::Bool(a), Value::Bool(b)) => a == b,
        (Value::Number(a), Value::Number(b)) => a == b,
        (Value::Text(a), Value::Text(b)) => a == b,
        (Value::Date(a), Value::Date(b)) => a == b,
        (Value::Time(a), Value::Time(b)) => a == b,
        (Value::Duration(a), Value::Duration(b)) => a == b,
        (Value::Period(a), Value::Period(b)) => a == b,
        (Value::Member(a), Value::Member(b)) => a == b,
        _ => false,
    }
}
