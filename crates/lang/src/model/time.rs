//! Dates, durations and zones, as texts and as values, and instants as texts.

use std::fmt;

use jiff::civil::DateTime;
use jiff::fmt::strtime;
use jiff::{Span, SpanRelativeTo};

use super::Time;

/// A day of the calendar.
pub type Date = jiff::civil::Date;
/// An exact length of time; a day is 24 hours.
pub type Duration = jiff::SignedDuration;
/// A time zone with its rules.
pub type Zone = jiff::tz::TimeZone;

/// The name of a zone that is nearest to one that there is not: by its last part, whatever the case, with blanks
/// for `_`.
pub fn nearest_zone(name: &str) -> Option<String> {
    let plain = |name: &str| {
        let city = name.rsplit('/').next().unwrap_or(name);
        city.to_lowercase().replace([' ', '-'], "_")
    };
    let wanted = plain(name);
    let mut zones = jiff::tz::db().available().map(|zone| zone.to_string());
    zones.find(|zone| plain(zone) == wanted)
}

/// A length of time whose end depends on where it starts: months, or days of a calendar.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Period {
    /// The months; a year is twelve.
    pub months: i32,
    /// The days, all of them or those of the calendar.
    pub days: i32,
    /// The number of the calendar whose working days are counted.
    pub calendar: Option<u32>,
}

impl Period {
    /// So many months.
    pub const fn of_months(months: i32) -> Self {
        Self { months, days: 0, calendar: None }
    }

    /// So many days: working days of a calendar, or all.
    pub const fn of_days(days: i32, calendar: Option<u32>) -> Self {
        Self { months: 0, days, calendar }
    }

    /// The same backwards.
    pub fn checked_neg(self) -> Option<Self> {
        let (months, days) = (self.months.checked_neg()?, self.days.checked_neg()?);
        Some(Self { months, days, ..self })
    }
}

impl fmt::Display for Period {
    /// `P3M`, `P20D`, or working days in words, which ISO 8601 does not know.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self { calendar: Some(_), days, .. } => write!(f, "{days} working days"),
            Self { months: 0, days, .. } if *days != 0 => write!(f, "P{days}D"),
            Self { months, .. } => write!(f, "P{months}M"),
        }
    }
}

/// The zone with this IANA name, from the bundled database.
pub fn zone(name: &str) -> Option<Zone> {
    Zone::get(name).ok()
}

/// Reads `YYYY-MM-DD`.
pub fn parse_date(text: &str) -> Option<Date> {
    // jiff takes more forms than the language does, such as a date with a time behind it.
    (text.len() == 10).then(|| text.parse().ok()).flatten()
}

/// Reads an instant: RFC 3339, or a date with or without a time of day, which reads in `zone`. A year has
/// four digits and no sign, as RFC 3339 says.
///
/// A local time that the clocks skip or repeat is taken as RFC 5545 says: the offset before the
/// change.
pub fn parse_time(text: &str, zone: &Zone) -> Option<Time> {
    if text.len() < 10 || text.starts_with(['+', '-']) {
        return None;
    }
    if let Some(date) = parse_date(text) {
        return start_of_day(date, zone);
    }
    // Behind the date, an offset has one of these; to be refused costs more than to look.
    let has_offset = text.get(10..).is_some_and(|rest| rest.contains(['Z', 'z', '+', '-']));
    if has_offset {
        return text.parse().ok();
    }
    // A zone or a calendar in brackets does not tell an instant without an offset.
    if text.contains('[') {
        return None;
    }
    Time::of_local(text.parse::<DateTime>().ok()?, zone)
}

/// Reads a day in a form of `strptime`, such as `%d/%m/%Y`; `None` where the text does not have one.
pub fn parse_date_as(text: &str, form: &str) -> Option<Date> {
    strtime::parse(form, text).ok()?.to_date().ok()
}

/// Reads an instant in a form of `strptime`, such as `%d.%m.%Y %H:%M`; without an offset it reads in `zone`.
pub fn parse_time_as(text: &str, form: &str, zone: &Zone) -> Option<Time> {
    let parts = strtime::parse(form, text).ok()?;
    match parts.offset() {
        Some(_) => {
            let instant = parts.to_timestamp().ok()?;
            Time::new(instant.as_second(), instant.subsec_nanosecond())
        }
        None => Time::of_local(parts.to_datetime().ok()?, zone),
    }
}

/// Whether texts of a form tell a day, and with it a time where one is wanted.
pub fn is_form(form: &str, timed: bool) -> bool {
    // What is written in the form is read again, by whatever parts it has.
    let written = strtime::format(form, jiff::Timestamp::UNIX_EPOCH);
    let parts = written.and_then(|written| strtime::parse(form, written));
    parts.is_ok_and(|parts| match timed {
        true => {
            parts.to_timestamp().is_ok() || parts.to_datetime().is_ok() && parts.hour().is_some()
        }
        false => parts.to_date().is_ok(),
    })
}

/// The first instant of a day in a zone.
pub fn start_of_day(date: Date, zone: &Zone) -> Option<Time> {
    Time::of_local(date.to_datetime(jiff::civil::Time::midnight()), zone)
}

/// The last instant of a day in a zone: the one before the next day begins.
pub fn end_of_day(date: Date, zone: &Zone) -> Option<Time> {
    let last = Duration::from_nanos(1);
    match add_days(date, 1) {
        Some(next) => start_of_day(next, zone)?.checked_sub(last),
        // The calendar ends with it.
        None => Time::of_local(date.to_datetime(jiff::civil::Time::MAX), zone),
    }
}

/// Reads an ISO 8601 duration without months and years, such as `PT48H` or `P7D`.
pub fn parse_duration(text: &str) -> Option<Duration> {
    let span: Span = text.parse().ok()?;
    if span.get_months() != 0 || span.get_years() != 0 {
        return None;
    }
    span.to_duration(SpanRelativeTo::days_are_24_hours()).ok()
}

/// Reads an ISO 8601 duration of months and years only, such as `P3M` or `P1Y`.
pub fn parse_period(text: &str) -> Option<Period> {
    let span: jiff::Span = text.parse().ok()?;
    let months = i32::from(span.get_years()).checked_mul(12)?.checked_add(span.get_months())?;
    let whole = jiff::Span::new().years(span.get_years()).months(span.get_months());
    (span.fieldwise() == whole.fieldwise()).then_some(Period::of_months(months))
}

/// A period as jiff takes it, unless it is longer than the calendar; of working days, nothing.
fn span(period: Period) -> Option<Span> {
    if period.calendar.is_some() {
        return None;
    }
    Span::new().try_months(period.months).ok()?.try_days(period.days).ok()
}

/// The date that many months or days later (or earlier); the last day of the month where the day is
/// missing.
pub fn add_period(date: Date, period: Period) -> Option<Date> {
    date.checked_add(span(period)?).ok()
}

/// The instant at which the clocks of a zone show the same time of day that many months or days later
/// (or earlier).
pub fn add_period_to_time(time: Time, period: Period, zone: &Zone) -> Option<Time> {
    let by = span(period)?;
    time.moved(zone, |local| Time::of_local(local.checked_add(by).ok()?, zone))
}

/// The date that many days later (or earlier).
pub fn add_days(date: Date, days: i64) -> Option<Date> {
    let days = i32::try_from(days).ok()?;
    date.checked_add(Span::new().try_days(days).ok()?).ok()
}

/// The first instant of the day, by the clocks of a zone, that an instant lies in: of the day itself,
/// or of the one that `first` makes of it, such as the first of its month.
pub fn start_of(time: Time, zone: &Zone, first: impl Fn(Date) -> Option<Date>) -> Option<Time> {
    time.moved(zone, |local| start_of_day(first(local.date())?, zone))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn years_have_four_digits() {
        assert!(parse_time("2024-09-12T08:00:00Z", &Zone::UTC).is_some());
        assert!(parse_time("0001-01-01T00:00:00Z", &Zone::UTC).is_some());
        for text in [
            "+002024-09-12T08:00:00",
            "+002024-09-12T08:00:00Z",
            "-000001-09-12T08:00:00Z",
            "-000001-09-12T08:00:00",
        ] {
            assert_eq!(parse_time(text, &Zone::UTC), None, "{text}");
        }
    }
}
