//! Values to try in place of a field's own: what it is held against, and its neighbours to each side.

use super::fields::ChangedField;
use rulebook_base::visible::visible;
use rulebook_lang::model::{
    Cell, Date, Duration, Number, Store, Time, TimeOfDay, Type, Value, Zone, add_days, start_of_day,
};

/// A value to try.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Candidate {
    Cell(Plain),
    Text(String),
}

/// A value that needs no store.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Plain {
    Missing,
    Bool(bool),
    Number(Number),
    Date(Date),
    Time(Time),
    Duration(Duration),
    Member(u32),
}

impl From<Plain> for Candidate {
    fn from(plain: Plain) -> Self {
        Self::Cell(plain)
    }
}

impl Candidate {
    pub(super) fn store(&self, row: &mut Store) -> Cell {
        match self {
            Self::Text(text) => row.add_text(text),
            Self::Cell(Plain::Missing) => Cell::Missing,
            Self::Cell(Plain::Bool(value)) => Cell::Bool(*value),
            Self::Cell(Plain::Number(value)) => Cell::Number(*value),
            Self::Cell(Plain::Date(value)) => Cell::Date(*value),
            Self::Cell(Plain::Time(value)) => Cell::Time(*value),
            Self::Cell(Plain::Duration(value)) => Cell::Duration(*value),
            Self::Cell(Plain::Member(value)) => Cell::Member(*value),
        }
    }

    /// The value itself, unless it is a number, a date or a length of time: of these the neighbours are
    /// tried as well.
    pub(super) fn of(value: &Value<'_>) -> Option<Self> {
        Some(match value {
            Value::Bool(value) => Plain::Bool(*value).into(),
            Value::Member(value) => Plain::Member(*value).into(),
            Value::Text(text) => Self::Text(text.to_string()),
            _ => return None,
        })
    }

    /// Whether it is a value.
    pub(super) fn is(&self, value: &Value<'_>) -> bool {
        match (self, value) {
            (Self::Text(text), Value::Text(value)) => text == value,
            (Self::Cell(Plain::Missing), Value::Missing) => true,
            (own, value) => Self::of(value).is_some_and(|value| value == *own),
        }
    }

    pub(super) fn is_missing(&self) -> bool {
        *self == Plain::Missing.into()
    }

    /// Whether readers see it as it is.
    pub(super) fn is_legible(&self) -> bool {
        match self {
            Self::Text(text) => visible(text) == text.as_str(),
            Self::Cell(_) => true,
        }
    }

    /// Whether a field of a type may hold it.
    pub(super) fn fits(&self, ty: &Type, optional: bool) -> bool {
        match (self, ty) {
            (Self::Cell(Plain::Missing), _) => optional,
            (Self::Cell(Plain::Number(_)), Type::Number | Type::Money(_))
            | (Self::Cell(Plain::Date(_)), Type::Date)
            | (Self::Cell(Plain::Time(_)), Type::Time)
            | (Self::Cell(Plain::Duration(_)), Type::Duration)
            | (Self::Cell(Plain::Bool(_)), Type::Bool)
            | (Self::Cell(Plain::Member(_)), Type::Enum(_)) => true,
            (Self::Cell(Plain::Duration(length)), Type::TimeOfDay) => TimeOfDay::holds(*length),
            (Self::Text(text), Type::Enum(members)) => {
                members.open && members.position(text).is_none()
            }
            // A text is one for every zone.
            (Self::Text(text), ty) => ty.is_quoted() && ty.read(text, &Zone::UTC).is_some(),
            _ => false,
        }
    }

    /// How far it lies from a field's own value: the share of a number that changes, months of time, and
    /// 1 for anything else.
    pub(super) fn distance(&self, from: &Value<'_>) -> f64 {
        const MONTH: f64 = 30.0 * 86_400.0;
        let months = |duration: Duration| duration.as_secs_f64().abs() / MONTH;
        match (self, from) {
            (Self::Cell(Plain::Number(to)), Value::Number(from)) => {
                let float = |number: Number| number.to_string().parse::<f64>().unwrap_or(f64::MAX);
                let (to, from) = (float(*to), float(*from));
                (to - from).abs() / from.abs().max(to.abs()).max(1.0)
            }
            (Self::Cell(Plain::Time(to)), Value::Time(from)) => months(to.duration_since(*from)),
            (Self::Cell(Plain::Date(to)), Value::Date(from)) => months(to.duration_since(*from)),
            (Self::Cell(Plain::Duration(to)), Value::Duration(from)) => {
                months(to.saturating_sub(*from))
            }
            (Self::Cell(Plain::Missing), _) | (_, Value::Missing) => 1.2,
            _ => 1.0,
        }
    }
}

/// In which steps the values of a field go.
#[derive(Debug, Clone, Copy)]
pub(super) struct Grain<'z> {
    /// The digits behind the point of a number; of an amount those of its currency, and no more.
    pub(super) digits: u32,
    /// Whether a number may have more digits where what it is held against has.
    pub(super) finer: bool,
    /// The zone in which days begin.
    pub(super) zone: &'z Zone,
}

impl<'z> Grain<'z> {
    /// That of a field with a value.
    pub(super) fn of(field: &ChangedField, value: &Value<'_>, zone: &'z Zone) -> Self {
        let most = field.digits.unwrap_or(u32::MAX);
        match (&field.ty, value) {
            (Type::Money(currency), _) => {
                Self { digits: currency.minor_digits().min(most), finer: false, zone }
            }
            // It has all the digits that it may have.
            _ if field.digits.is_some() => Self { digits: most, finer: false, zone },
            (_, Value::Number(number)) => Self { digits: decimals(*number), finer: true, zone },
            _ => Self { digits: 0, finer: true, zone },
        }
    }

    /// A value that a field of a type is held against, and its neighbours one step to each side.
    /// Where it was `calculated`, it has no more digits than the field's own value.
    pub(super) fn around(self, value: &Value<'_>, ty: &Type, calculated: bool) -> Vec<Candidate> {
        match (value, ty) {
            (Value::Number(number), _) => {
                let finer = self.finer && !calculated;
                let digits = if finer { self.digits.max(decimals(*number)) } else { self.digits };
                let step = Number::from_scaled(1, digits);
                let (Some(near), Some(step)) = (number.checked_round(digits), step) else {
                    return Vec::new();
                };
                let all = [Some(near), near.checked_sub(step), near.checked_add(step)];
                all.into_iter().flatten().map(|number| Plain::Number(number).into()).collect()
            }
            (Value::Date(date), Type::Time) => {
                let days = [
                    start_of_day(*date, self.zone),
                    add_days(*date, 1).and_then(|next| start_of_day(next, self.zone)),
                ];
                days.into_iter().flatten().flat_map(times).collect()
            }
            (Value::Time(time), Type::Date) => dates(time.shown(self.zone).0.date()),
            (Value::Time(time), _) => times(*time),
            (Value::Date(date), _) => dates(*date),
            (Value::Duration(duration), _) => {
                let second = Duration::from_secs(1);
                let near = [duration.checked_sub(second), duration.checked_add(second)];
                let all = std::iter::once(Some(*duration)).chain(near).flatten();
                all.map(|duration| Plain::Duration(duration).into()).collect()
            }
            (value, _) => Candidate::of(value).into_iter().collect(),
        }
    }
}

fn times(time: Time) -> Vec<Candidate> {
    let second = Duration::from_secs(1);
    let all = [Some(time), time.checked_sub(second), time.checked_add(second)];
    all.into_iter().flatten().map(|time| Plain::Time(time).into()).collect()
}

fn dates(date: Date) -> Vec<Candidate> {
    let all = [Some(date), add_days(date, -1), add_days(date, 1)];
    all.into_iter().flatten().map(|date| Plain::Date(date).into()).collect()
}

/// The digits of a number behind the point.
fn decimals(number: Number) -> u32 {
    let text = number.to_string();
    let digits = text.split_once('.').map_or(0, |(_, decimals)| decimals.len());
    u32::try_from(digits).unwrap_or_default()
}

/// A field's value moved so that what is made of it would meet what it is held against: if it enters
/// with its own or with the opposite sign, or as a factor.
pub(super) fn moved<'v>(
    current: &Value<'v>,
    actual: &Value<'_>,
    wanted: &Value<'_>,
    zone: &Zone,
) -> Vec<Value<'v>> {
    if let (Value::Number(actual), Value::Number(wanted)) = (actual, wanted) {
        let Value::Number(current) = current else { return Vec::new() };
        let gap = wanted.checked_sub(*actual);
        let sums =
            gap.into_iter().flat_map(|gap| [current.checked_add(gap), current.checked_sub(gap)]);
        let product = current.checked_mul(*wanted).and_then(|product| product.checked_div(*actual));
        return sums.chain([product]).flatten().map(Value::Number).collect();
    }
    let gap = match (actual, wanted) {
        (Value::Duration(actual), Value::Duration(wanted)) => wanted.checked_sub(*actual),
        (actual, wanted) => {
            let (actual, wanted) = (instant(actual, zone), instant(wanted, zone));
            actual.zip(wanted).map(|(actual, wanted)| wanted.duration_since(actual))
        }
    };
    let Some(gap) = gap else { return Vec::new() };
    match current {
        Value::Time(current) => {
            let both = [current.checked_add(gap), current.checked_sub(gap)];
            both.into_iter().flatten().map(Value::Time).collect()
        }
        Value::Duration(current) => {
            let both = [current.checked_add(gap), current.checked_sub(gap)];
            both.into_iter().flatten().map(Value::Duration).collect()
        }
        Value::Date(current) => {
            let days = gap.as_secs().div_euclid(86_400);
            let both = [add_days(*current, days), add_days(*current, -days)];
            both.into_iter().flatten().map(Value::Date).collect()
        }
        _ => Vec::new(),
    }
}

fn instant(value: &Value<'_>, zone: &Zone) -> Option<Time> {
    match value {
        Value::Time(time) => Some(*time),
        Value::Date(date) => start_of_day(*date, zone),
        _ => None,
    }
}
