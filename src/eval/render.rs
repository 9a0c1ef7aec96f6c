//! Values and texts for people, in their language.

use super::machine::Machine;
use crate::lang::locale::Locale;
use crate::model::{Type, Value, Zone};
use crate::program::{Piece, Text};

/// A value in the form that readers of a language expect.
pub fn display(value: &Value<'_>, ty: &Type, locale: &Locale, zone: &Zone) -> String {
    match (value, ty.required()) {
        (Value::Missing, _) => locale.missing().to_string(),
        (Value::Bool(value), _) => locale.truth(*value).to_string(),
        (Value::Number(amount), Type::Money(currency)) => locale.money(*amount, *currency),
        (Value::Number(number), _) => locale.number(*number),
        (Value::Text(text), _) => text.to_string(),
        (Value::Date(date), _) => locale.date(*date),
        (Value::Time(time), _) => locale.time(*time, zone),
        (Value::Duration(duration), _) => locale.duration(*duration),
        (Value::Period(period), _) => locale.period(*period),
        (Value::Member(position), Type::Enum(members)) => {
            members.member(*position).unwrap_or_default().to_string()
        }
        (Value::Member(position), _) => position.to_string(),
        (Value::List(list), Type::List(element)) if !is_composite(element) => {
            let items: Vec<_> =
                list.iter().map(|item| display(&item, element, locale, zone)).collect();
            locale.list(&items)
        }
        (Value::List(list), _) => locale.items(list.len()),
        (Value::Record(_), ty) => ty.to_string(),
        (Value::Pattern(pattern), _) => pattern.to_string(),
    }
}

/// Whether values of a type have no text of their own.
fn is_composite(ty: &Type) -> bool {
    matches!(ty, Type::Record(_) | Type::List(_) | Type::Unknown)
}

/// A text in a language, its placeholders filled in.
pub(super) fn render(text: &Text, language: &str, machine: &Machine<'_>, zone: &Zone) -> String {
    let Some(variant) = text.in_language(language) else { return String::new() };
    let locale = Locale::of(&variant.language);
    let mut out = String::new();
    for piece in &variant.pieces {
        match piece {
            Piece::Text(text) => out.push_str(text),
            Piece::Value(node, ty, percent) => match machine.value(*node) {
                Ok(Value::Number(number)) if *percent => out.push_str(&locale.percent(number)),
                Ok(value) => out.push_str(&display(&value, ty, locale, zone)),
                Err(fault) => out.push_str(&format!("[{}]", fault.problem)),
            },
        }
    }
    out
}
