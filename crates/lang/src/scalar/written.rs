//! Types as texts, and values of them where their type says nothing else: for machines and for people.

use std::fmt::{self, Write};

use crate::figures::{Locale, phrases};
use crate::model::{List, Period, Record, RecordType, TimeOfDay, Type, Value, Zone};

/// A time of day, the same for machines and for people.
pub(super) fn clock(value: &Value<'_>, out: &mut dyn Write) -> fmt::Result {
    match value {
        Value::Duration(since_midnight) => write!(out, "{}", TimeOfDay(*since_midnight)),
        _ => Ok(()),
    }
}

/// Days of the calendar, or working days, for people.
pub(super) fn days(
    value: &Value<'_>,
    locale: &Locale,
    zone: &Zone,
    out: &mut dyn Write,
) -> fmt::Result {
    let Value::Period(Period { days, calendar, .. }) = value else {
        return shown(value, locale, zone, out);
    };
    let phrase = match (calendar, days.unsigned_abs()) {
        (Some(_), 1) => &phrases::WORKING_DAY,
        (Some(_), _) => &phrases::WORKING_DAYS,
        (None, 1) => &phrases::CALENDAR_DAY,
        (None, _) => &phrases::CALENDAR_DAYS,
    };
    out.write_str(&phrase.fill(locale.language, &[("count", days)]))
}

/// What a value is written as for machines, whatever its type: ISO forms, and instants by the clocks of a
/// zone, or in UTC.
pub(super) fn written(value: &Value<'_>, zone: Option<&Zone>, out: &mut dyn Write) -> fmt::Result {
    match (value, zone) {
        (Value::Bool(value), _) => write!(out, "{value}"),
        (Value::Number(number), _) => write!(out, "{number}"),
        (Value::Fraction(fraction), _) => write!(out, "{}", fraction.rounded()),
        (Value::Text(text), _) => out.write_str(text),
        (Value::Date(date), _) => write!(out, "{date}"),
        (Value::Time(time), Some(zone)) => write!(out, "{}", time.told(zone)),
        (Value::Time(time), None) => write!(out, "{time}"),
        (Value::Duration(duration), _) => write!(out, "{duration}"),
        (Value::Period(period), _) => write!(out, "{period}"),
        (Value::Member(position), _) => write!(out, "{position}"),
        (Value::Pattern(pattern), _) => out.write_str(pattern.as_str()),
        (Value::Missing | Value::List(_) | Value::Record(_), _) => Ok(()),
    }
}

/// A list for machines.
pub(super) fn list(
    element: &Type,
    list: &List<'_>,
    zone: Option<&Zone>,
    out: &mut dyn Write,
) -> fmt::Result {
    out.write_str("[")?;
    for (at, item) in list.iter().enumerate() {
        out.write_str(if at == 0 { "" } else { ", " })?;
        element.write(&item, zone, out)?;
    }
    out.write_str("]")
}

/// A record for machines.
pub(super) fn record(
    ty: &RecordType,
    record: &Record<'_>,
    zone: Option<&Zone>,
    out: &mut dyn Write,
) -> fmt::Result {
    write!(out, "{} {{", ty.name())?;
    for (at, (slot, name, ty)) in ty.fields().enumerate() {
        write!(out, "{} {name}: ", if at == 0 { "" } else { "," })?;
        ty.write(&record.get(slot, ty), zone, out)?;
    }
    out.write_str(" }")
}

/// Behind a fraction, whose digits do not end with those that are shown: rounded, it would seem to be another
/// value than the one that was compared.
pub(super) const MORE_DIGITS: &str = "…";

/// What a value is written as for people, whatever its type.
pub(super) fn shown(
    value: &Value<'_>,
    locale: &Locale,
    zone: &Zone,
    out: &mut dyn Write,
) -> fmt::Result {
    match value {
        Value::Missing => out.write_str(locale.missing()),
        Value::Bool(value) => out.write_str(locale.truth(*value)),
        Value::Number(number) => locale.number(out, *number),
        Value::Fraction(fraction) => {
            locale.number(out, fraction.cut())?;
            out.write_str(MORE_DIGITS)
        }
        Value::Text(text) => out.write_str(text),
        Value::Date(date) => locale.date(out, *date),
        Value::Time(time) => locale.time(out, *time, zone),
        Value::Duration(duration) => locale.duration(out, *duration),
        Value::Period(period) => locale.period(out, *period),
        Value::Member(position) => write!(out, "{position}"),
        Value::List(list) => locale.items(out, list.len()),
        Value::Pattern(pattern) => out.write_str(pattern.as_str()),
        Value::Record(_) => Ok(()),
    }
}

/// A value as text for machines, when it is printed.
#[derive(Debug)]
pub struct Written<'v> {
    pub(super) ty: &'v Type,
    pub(super) value: &'v Value<'v>,
    pub(super) zone: Option<&'v Zone>,
}

impl fmt::Display for Written<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.ty.write(self.value, self.zone, f)
    }
}

impl fmt::Display for Type {
    /// The type as it is written in a policy.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Money(currency) => write!(f, "{currency}"),
            Self::Enum(members) => match &members.name {
                Some(name) => f.write_str(name),
                None => {
                    let separator = if members.ordered { " < " } else { " | " };
                    f.write_str(&members.all_written().join(separator))
                }
            },
            Self::List(inner) => write!(f, "list of {inner}"),
            Self::Record(record) => f.write_str(record.name()),
            Self::Optional(inner) => write!(f, "{inner}?"),
            ty => f.write_str(ty.scalar().map_or("unknown", |row| row.name)),
        }
    }
}
