//! What the functions of days, clocks and zones give.

use jiff::Span;
use jiff::civil::{DateTime, Time as Clock};
use rulebook_lang::model::{Date, Duration, Time, Zone, start_of_day, zone};

use super::expression::fault;
use super::functions::{exact, whole};
use super::{Exact, Fault, Reference, Value};

/// The zone that a last text names.
fn named(values: &[Value]) -> Option<Zone> {
    match values.last() {
        Some(Value::Text(name)) => zone(name),
        _ => None,
    }
}

fn months_back(date: Date, months: i64) -> Option<Date> {
    date.checked_add(Span::new().months(months)).ok()
}

/// The largest number of months that leads no further than to the second day.
fn whole_months(from: Date, to: Date) -> i64 {
    if to < from {
        return -whole_months(to, from);
    }
    let most = (i64::from(to.year()) - i64::from(from.year()) + 1) * 12;
    (0..=most).rev().find(|months| months_back(from, *months).is_some_and(|day| day <= to)).unwrap()
}

/// The first day of some that begins a unit, going one way from a day.
fn edge(date: Date, step: i64, is_edge: impl Fn(Date) -> bool) -> Option<Date> {
    let mut day = date;
    while !is_edge(day) {
        day = day.checked_add(Span::new().days(step)).ok()?;
    }
    Some(day)
}

fn begins(unit: &str, day: Date) -> bool {
    match unit {
        "week" => day.weekday() == jiff::civil::Weekday::Monday,
        "month" => day.day() == 1,
        "quarter" => day.day() == 1 && [1, 4, 7, 10].contains(&day.month()),
        _ => day.day() == 1 && day.month() == 1,
    }
}

fn ends(unit: &str, day: Date) -> bool {
    match day.tomorrow() {
        Ok(next) => begins(unit, next),
        // The last of all days, a Friday.
        Err(_) => unit != "week",
    }
}

impl Reference<'_> {
    /// The number that the name of a day of the week stands for.
    pub(super) fn weekday(&self, name: &str) -> Option<Value> {
        let names = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"];
        names.iter().position(|known| *known == name).map(|at| whole(at as i128 + 1))
    }

    /// What clocks show: those of the zone that is named, else of the rulebook's.
    pub(super) fn clocks(&self, values: &[Value]) -> Option<DateTime> {
        match &values[0] {
            Value::Date(date) => Some(date.to_datetime(Clock::midnight())),
            Value::Time(time) => {
                let zone = named(values).unwrap_or_else(|| self.zone.clone());
                Some(time.local(&zone).unwrap())
            }
            _ => None,
        }
    }

    /// Dates beside times as their first instants.
    pub(super) fn alike(&self, values: &[Value]) -> Result<Vec<Value>, Fault> {
        if !values.iter().any(|value| matches!(value, Value::Time(_))) {
            return Ok(values.to_vec());
        }
        let instants = values.iter().map(|value| match self.instant(value) {
            Some(instant) => Ok(Value::Time(instant)),
            None => fault("out-of-calendar"),
        });
        instants.collect()
    }

    /// The value of a function of days and clocks, if it is one.
    pub(super) fn of_days(&self, name: &str, values: &[Value]) -> Option<Result<Value, Fault>> {
        let date = |day: Option<Date>| match day {
            Some(day) => Ok(Value::Date(day)),
            None => fault("out-of-calendar"),
        };
        let time = |time: Option<Time>| match time {
            Some(time) => Ok(Value::Time(time)),
            None => fault("out-of-calendar"),
        };
        let zone = || named(values).unwrap_or_else(|| self.zone.clone());
        if let ("date", [year, month, day]) = (name, values) {
            let part = |value: &Value, ends: std::ops::RangeInclusive<i128>| {
                ends.into_iter().find(|at| *exact(value) == Exact::whole(*at))
            };
            let found = || {
                let (month, day) = (part(month, 1..=12)?, part(day, 1..=31)?);
                let year = part(year, -9999..=9999)?;
                Date::new(year.try_into().ok()?, month.try_into().ok()?, day.try_into().ok()?).ok()
            };
            return Some(found().map_or_else(|| fault("bad-argument"), |day| Ok(Value::Date(day))));
        }
        if let ("time", [Value::Date(day), Value::Duration(clock), ..]) = (name, values) {
            let length = Duration::from_nanos(i64::try_from(*clock).unwrap());
            let local = day.to_datetime(Clock::midnight()).checked_add(length).ok();
            return Some(time(local.and_then(|local| Time::of_local(local, &zone()))));
        }
        if let (
            "is_within",
            [Value::Duration(clock), Value::Duration(from), Value::Duration(until)],
        ) = (name, values)
        {
            const DAY: i128 = 86_400_000_000_000;
            let ends = if from < until { *until } else { until + DAY };
            let shown = clock % DAY;
            let holds = [shown, shown + DAY].iter().any(|at| from <= at && *at < ends);
            return Some(Ok(Value::Bool(holds)));
        }
        let shown = match values {
            [] => return None,
            values => self.clocks(values)?,
        };
        let day = shown.date();
        let other = || self.clocks(&values[1..]).unwrap().date();
        Some(match name {
            "date" => Ok(Value::Date(day)),
            "hour" => Ok(whole(shown.hour())),
            "minute" => Ok(whole(shown.minute())),
            "time_of_day" => {
                let seconds = i128::from(shown.hour()) * 3_600
                    + i128::from(shown.minute()) * 60
                    + i128::from(shown.second());
                let nanos = i128::from(shown.subsec_nanosecond());
                Ok(Value::Duration(seconds * 1_000_000_000 + nanos))
            }
            "weekday" => Ok(whole(day.weekday().to_monday_one_offset())),
            "day" => Ok(whole(day.day())),
            "day_of_year" => Ok(whole(day.day_of_year())),
            "month" => Ok(whole(day.month())),
            "quarter" => Ok(whole((day.month() - 1) / 3 + 1)),
            "year" => Ok(whole(day.year())),
            "days_between" => Ok(whole(other().duration_since(day).as_hours() / 24)),
            "months_between" => Ok(whole(whole_months(day, other()))),
            "years_between" => Ok(whole(whole_months(day, other()) / 12)),
            "start_of_day" => time(start_of_day(day, &zone())),
            "end_of_day" => match day.tomorrow() {
                Ok(next) => time(
                    start_of_day(next, &zone())
                        .and_then(|next| next.checked_sub(Duration::from_nanos(1))),
                ),
                Err(_) => time(Time::of_local(day.to_datetime(Clock::MAX), &zone())),
            },
            name => match name.split_once("_day_of_") {
                Some(("first", unit)) => date(edge(day, -1, |day| begins(unit, day))),
                Some((_, unit)) => date(edge(day, 1, |day| ends(unit, day))),
                None => return None,
            },
        })
    }
}
