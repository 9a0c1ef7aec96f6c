//! Exact values in scripts: numbers, money and times of the policy language, as one type of Rhai.

use std::any::TypeId;
use std::fmt;

use rhai::{Dynamic, ImmutableString};
use rust_decimal::Decimal;

use rulebook_lang::model::{Currency, Date, Duration, Number, Period, Rational, Time, Type, Value};

/// A value that Rhai has no exact type for.
///
/// A whole number that fits is an integer of Rhai instead, so that it counts and indexes; an exact
/// number is never one. What a number is kept in so never shows.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Exact {
    Number(Rational),
    Money(Rational, Currency),
    Date(Date),
    Time(Time),
    Duration(Duration),
    Period(Period),
}

/// The types of Rhai that a number comes in: literals with a point are decimals of Rhai.
pub(super) fn exact_types() -> [TypeId; 3] {
    [TypeId::of::<i64>(), TypeId::of::<Decimal>(), TypeId::of::<Exact>()]
}

/// A number of a script.
pub(super) fn number(number: Number) -> Dynamic {
    match number.to_i64() {
        Some(whole) => Dynamic::from_int(whole),
        None => Dynamic::from(Exact::Number(Rational::Number(number))),
    }
}

/// The number that a literal of a script stands for, if it has no more digits than one has.
pub(super) fn number_of(literal: Decimal) -> Option<Number> {
    Number::from_scaled(literal.mantissa(), literal.scale())
}

/// A value of the policy language in a script; lists and records do not come this way.
pub(super) fn single(value: &Value<'_>, ty: &Type) -> Dynamic {
    match (value, ty) {
        (Value::Number(amount), Type::Money(currency)) => {
            Dynamic::from(Exact::Money(Rational::Number(*amount), *currency))
        }
        (Value::Fraction(amount), Type::Money(currency)) => {
            Dynamic::from(Exact::Money(Rational::Fraction(*amount), *currency))
        }
        (Value::Fraction(value), _) => Dynamic::from(Exact::Number(Rational::Fraction(*value))),
        (Value::Number(value), _) => number(*value),
        (Value::Bool(value), _) => Dynamic::from_bool(*value),
        (Value::Text(text), _) => Dynamic::from(ImmutableString::from(text.as_ref())),
        (Value::Date(value), _) => Dynamic::from(Exact::Date(*value)),
        (Value::Time(value), _) => Dynamic::from(Exact::Time(*value)),
        (Value::Duration(value), _) => Dynamic::from(Exact::Duration(*value)),
        (Value::Period(value), _) => Dynamic::from(Exact::Period(*value)),
        (Value::Member(position), Type::Enum(members)) => {
            let name = members.member(*position).unwrap_or_default();
            Dynamic::from(ImmutableString::from(name))
        }
        _ => Dynamic::UNIT,
    }
}

/// What a single value of a script is in the policy language, with its type.
pub(super) fn value_of(dynamic: &Dynamic) -> Option<(Value<'static>, Type)> {
    if let Ok(whole) = dynamic.as_int() {
        return Some((Value::Number(Number::from(whole)), Type::Number));
    }
    if let Ok(truth) = dynamic.as_bool() {
        return Some((Value::Bool(truth), Type::Bool));
    }
    if let Ok(literal) = dynamic.as_decimal() {
        return Some((Value::Number(number_of(literal)?), Type::Number));
    }
    if let Ok(text) = dynamic.as_immutable_string_ref() {
        return Some((Value::Text(text.as_str().to_string().into()), Type::Text));
    }
    let exact = *dynamic.read_lock::<Exact>()?;
    Some(match exact {
        Exact::Number(value) => (value.into(), Type::Number),
        Exact::Money(amount, currency) => (amount.into(), Type::Money(currency)),
        Exact::Date(value) => (Value::Date(value), Type::Date),
        Exact::Time(value) => (Value::Time(value), Type::Time),
        Exact::Duration(value) => (Value::Duration(value), Type::Duration),
        Exact::Period(value) => (Value::Period(value), Type::Period),
    })
}

/// How many levels of nested values a text shows.
const LEVELS_SHOWN: usize = 8;

/// A value as text; of what nests deeply, the outer levels.
pub(super) fn shown(dynamic: &Dynamic) -> String {
    let mut text = String::new();
    show(dynamic, LEVELS_SHOWN, &mut text);
    text
}

fn show(dynamic: &Dynamic, levels: usize, out: &mut String) {
    if levels == 0 {
        out.push('…');
    } else if let Ok(list) = dynamic.as_array_ref() {
        out.push('[');
        for (at, item) in list.iter().enumerate() {
            out.push_str(if at > 0 { ", " } else { "" });
            show(item, levels - 1, out);
        }
        out.push(']');
    } else if let Ok(map) = dynamic.as_map_ref() {
        out.push_str("#{");
        for (at, (key, item)) in map.iter().enumerate() {
            out.push_str(if at > 0 { ", " } else { "" });
            out.push_str(key);
            out.push_str(": ");
            show(item, levels - 1, out);
        }
        out.push('}');
    } else if let Some(exact) = dynamic.read_lock::<Exact>() {
        out.push_str(&exact.to_string());
    } else if let Some((Value::Number(number), _)) = value_of(dynamic) {
        out.push_str(&number.to_string());
    } else {
        out.push_str(&dynamic.to_string());
    }
}

impl fmt::Display for Exact {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Number(value) => value.rounded().fmt(f),
            Self::Money(amount, currency) => {
                write!(f, "{} {currency}", amount.rounded().to_fixed(currency.minor_digits()))
            }
            Self::Date(value) => value.fmt(f),
            Self::Time(value) => value.fmt(f),
            Self::Duration(value) => value.fmt(f),
            Self::Period(period) => period.fmt(f),
        }
    }
}
