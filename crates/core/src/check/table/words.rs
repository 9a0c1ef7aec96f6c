//! Inputs of tables in the words of their authors.

use std::cmp::Ordering;

use super::super::typed::{Atom, Constant, Stands, Table, between, enum_of};
use rulebook_lang::model::{Duration, Key, Number, Time, Type, Zone, start_of_day};

/// An input of a table, and the date behind it: `share = 5%, country = "DE"`.
pub(super) fn input(table: &Table, values: Vec<Stands<'_>>, zone: &Zone) -> String {
    let mut values = values.into_iter();
    let inputs = table.inputs.iter().zip(values.by_ref()).map(|(input, value)| {
        let name = &input.name;
        match value {
            Stands::Missing => format!("{name} is missing"),
            Stands::Other => {
                let other = input.ty.required().scalar().map_or("any other name", |row| row.other);
                format!("{name} is {other}")
            }
            Stands::Point(constant) => {
                format!("{name} = {}", literal(&constant, &input.ty, input.percent, zone))
            }
            Stands::Between(low, high) => match between(&input.ty, low, high) {
                Some(constant) => {
                    format!("{name} = {}", literal(&constant, &input.ty, input.percent, zone))
                }
                None => name.clone(),
            },
        }
    });
    let mut parts: Vec<_> = inputs.collect();
    parts
        .extend(values.next().and_then(|value| date(value, zone)).map(|date| format!("on {date}")));
    match parts.is_empty() {
        true => "any input".to_string(),
        false => parts.join(", "),
    }
}

/// An answer to what cells ask: `price > floor`, `starts_with "A" holds for code`.
pub(super) fn answer(table: &Table, atom: &Atom, key: Key) -> String {
    let column = table.inputs.get(atom.column).map_or("", |input| input.name.as_str());
    let text = &atom.text;
    match (atom.is_order, key) {
        (true, key) if key == Atom::of_order(Ordering::Less) => format!("{column} < {text}"),
        (true, key) if key == Atom::of_order(Ordering::Equal) => format!("{column} == {text}"),
        (true, _) => format!("{column} > {text}"),
        (false, Atom::YES) => format!("`{text}` holds for {column}"),
        (false, _) => format!("`{text}` does not hold for {column}"),
    }
}

fn date(value: Stands<'_>, zone: &Zone) -> Option<String> {
    let constant = match value {
        Stands::Point(constant) => constant,
        Stands::Between(low, high) => between(&Type::Time, low, high)?,
        Stands::Missing | Stands::Other => return None,
    };
    Some(literal(&constant, &Type::Time, false, zone))
}

/// A constant as it is written in a policy.
pub(super) fn literal(constant: &Constant, ty: &Type, percent: bool, zone: &Zone) -> String {
    match (constant, ty.required()) {
        (constant, ty) if ty.is_quoted() => match constant.to_value() {
            Some(value) => format!("\"{}\"", ty.written(&value, Some(zone))),
            None => String::new(),
        },
        (Constant::Bool(value), _) => value.to_string(),
        (Constant::Number(number), Type::Money(currency)) => format!("{number} {currency}"),
        (Constant::Number(number), _) => match number.checked_mul(Number::from(100)) {
            Some(percents) if percent => format!("{percents}%"),
            _ => number.to_string(),
        },
        (Constant::Fraction(fraction), Type::Money(currency)) => format!("{fraction} {currency}"),
        (Constant::Fraction(fraction), _) => fraction.to_string(),
        (Constant::Text(text), _) => format!("\"{text}\""),
        (Constant::Date(date), _) => date.to_string(),
        (Constant::Time(time), _) => instant(*time, zone),
        (Constant::Duration(duration), _) => length(*duration),
        (Constant::Period(period), _) => format!("{} months", period.months),
        (Constant::Member(member), ty) => {
            let members = enum_of(ty);
            members.map(|members| members.written(*member).into_owned()).unwrap_or_default()
        }
        (Constant::List(_) | Constant::Pattern(_), _) => String::new(),
    }
}

/// A day, where the instant begins one.
fn instant(time: Time, zone: &Zone) -> String {
    let date = time.local(zone).map(|local| local.date());
    match date.filter(|date| start_of_day(*date, zone) == Some(time)) {
        Some(date) => date.to_string(),
        None => time.told(zone).to_string(),
    }
}

fn length(duration: Duration) -> String {
    let seconds = duration.as_secs();
    let units = [("days", 86_400), ("hours", 3_600), ("minutes", 60)];
    if duration.subsec_nanos() != 0 {
        return format!("{} seconds", duration.as_secs_f64());
    }
    match units.into_iter().find(|(_, unit)| seconds != 0 && seconds % unit == 0) {
        Some((name, unit)) => format!("{} {name}", seconds / unit),
        None => format!("{seconds} seconds"),
    }
}
