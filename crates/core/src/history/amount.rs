//! What a record adds to a counter, and what a counter comes to: a number or a text, as which histories keep values
//! of any type.

use std::fmt;
use std::sync::Arc;

use rulebook_lang::model::{Cell, Date, Duration, Number, Store, Time, Type, Value, add_days};

/// A number or a text. Amounts of money are numbers, durations and times numbers of seconds, dates numbers of days
/// and truths 0 or 1; members of enums are their names.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Amount {
    /// A number.
    Number(Number),
    /// A text.
    Text(Arc<str>),
}

impl Amount {
    /// The number that it is, if it is one.
    pub fn number(&self) -> Option<Number> {
        match self {
            Self::Number(number) => Some(*number),
            Self::Text(_) => None,
        }
    }

    /// A time as it is kept.
    pub fn of_time(time: Time) -> Self {
        Self::Number(seconds(time.duration_since(Time::UNIX_EPOCH)))
    }

    /// A day as it is kept.
    pub fn of_date(date: Date) -> Self {
        Self::Number(Number::from(days(date)))
    }

    /// A truth as it is kept.
    pub fn of_bool(truth: bool) -> Self {
        Self::Number(Number::from(i64::from(truth)))
    }

    /// A value of a type as it is kept, if it can be.
    pub(crate) fn of(value: Value<'_>, ty: &Type) -> Option<Self> {
        Some(match value {
            Value::Number(number) => Self::Number(number),
            Value::Duration(length) => Self::Number(seconds(length)),
            Value::Time(time) => Self::of_time(time),
            Value::Date(date) => Self::of_date(date),
            Value::Bool(truth) => Self::of_bool(truth),
            Value::Text(text) => Self::Text((*text).into()),
            value @ Value::Member(_) => {
                let mut name = String::new();
                // A text takes whatever is written.
                let _ = ty.write(&value, None, &mut name);
                Self::Text(name.into())
            }
            _ => return None,
        })
    }

    /// The cell of a value of a type; `None` where it is too long for one, or of another type.
    pub(crate) fn cell(&self, ty: &Type, row: &mut Store) -> Option<Cell> {
        Some(match (self, ty) {
            (Self::Number(number), Type::Duration) => Cell::Duration(length(*number)?),
            (Self::Number(number), Type::Time) => {
                Cell::Time(Time::UNIX_EPOCH.checked_add(length(*number)?)?)
            }
            (Self::Number(number), Type::Date) => Cell::Date(date(number.to_i64()?)?),
            (Self::Number(number), Type::Bool) => Cell::Bool(*number != Number::ZERO),
            (Self::Number(number), _) => Cell::Number(*number),
            (Self::Text(name), Type::Enum(members)) => match members.position(name) {
                Some(position) => Cell::Member(position),
                // An open enum has names that it does not list.
                None => row.import(&Value::Text(name.as_ref().into())),
            },
            (Self::Text(text), _) => row.import(&Value::Text(text.as_ref().into())),
        })
    }
}

impl fmt::Display for Amount {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Number(number) => write!(f, "{number}"),
            Self::Text(text) => f.write_str(text),
        }
    }
}

/// A length of time in seconds, exactly.
pub fn seconds(length: Duration) -> Number {
    let rest = Number::STEP.checked_mul(Number::from(length.subsec_nanos()));
    let whole = Number::from(length.as_secs());
    rest.and_then(|rest| whole.checked_add(rest)).unwrap_or(whole)
}

/// The length of time of so many seconds.
fn length(seconds: Number) -> Option<Duration> {
    let whole = seconds.checked_floor()?;
    let rest = seconds.checked_sub(whole)?.checked_div(Number::STEP)?;
    Some(Duration::new(whole.to_i64()?, i32::try_from(rest.to_i64()?).ok()?))
}

/// The day from which days are counted.
const FIRST: Date = Date::constant(1970, 1, 1);

fn days(date: Date) -> i64 {
    date.duration_since(FIRST).as_hours() / 24
}

fn date(days: i64) -> Option<Date> {
    add_days(FIRST, days)
}
