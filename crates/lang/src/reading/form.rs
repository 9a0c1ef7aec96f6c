//! Days, times and times of day as data has them: in a stated form, as lengths of time since 1970, as days of a
//! spreadsheet.

use jiff::civil::{Date as CivilDate, ISOWeekDate};
use jiff::fmt::rfc2822;

use super::stated::Stated;
use crate::model::{
    Cell, Date, Duration, Number, Time, Zone, parse_date, parse_time, parse_time_of_day,
    start_of_day,
};
use crate::scalar::Kind;

/// One way of writing days or times.
#[derive(Debug, Clone, PartialEq)]
pub enum Form {
    /// As a form of `strptime` says.
    Stated(Stated),
    /// As ISO 8601 says, which is how it is read where nothing is said.
    Iso,
    /// The year, the week of the year and the day of the week.
    IsoWeek,
    /// As mails have it.
    Mail,
    /// The time since 1970, so many to the second, and what they are called.
    Epoch(i64, &'static str),
    /// Days as spreadsheets count them.
    ExcelDays,
}

/// What the input has.
#[derive(Debug, Clone, Copy)]
pub enum Given<'a> {
    /// A text.
    Text(&'a str),
    /// A number.
    Number(Number),
}

impl Given<'_> {
    /// The number that it is; fractions of a day are cut to nine digits.
    fn number(self) -> Option<Number> {
        match self {
            Self::Text(text) => Number::read_rounded(text.trim(), 9).ok(),
            Self::Number(number) => Some(number),
        }
    }
}

/// A billion, by which numbers count their digits after the point.
const UNITS: i128 = 1_000_000_000;

impl Form {
    /// Whether values are numbers.
    pub fn is_number(&self) -> bool {
        matches!(self, Self::Epoch(..) | Self::ExcelDays)
    }

    /// The value of a kind that is given; what lacks an offset by the clocks of a zone.
    #[inline]
    pub fn read(&self, kind: Kind, given: Given<'_>, zone: &Zone) -> Option<Cell> {
        match (self, kind, given) {
            (Self::Stated(form), Kind::Date, Given::Text(text)) => form.date(text).map(Cell::Date),
            (Self::Stated(form), Kind::Time, Given::Text(text)) => {
                form.time(text, zone).map(Cell::Time)
            }
            (Self::Stated(form), Kind::Duration, Given::Text(text)) => {
                form.clock(text).map(Cell::Duration)
            }
            (form, Kind::Date, given) => form.date(given).map(Cell::Date),
            (form, Kind::Time, given) => form.time(given, zone).map(Cell::Time),
            (form, Kind::Duration, given) => form.clock(given).map(Cell::Duration),
            _ => None,
        }
    }

    fn date(&self, given: Given<'_>) -> Option<Date> {
        match (self, given) {
            (Self::Iso, Given::Text(text)) => parse_date(text),
            (Self::IsoWeek, Given::Text(text)) => week_date(text),
            (Self::ExcelDays, given) => match excel(given.number()?)? {
                (date, 0) => Some(date),
                _ => None,
            },
            _ => None,
        }
    }

    fn time(&self, given: Given<'_>, zone: &Zone) -> Option<Time> {
        match (self, given) {
            (Self::Iso, Given::Text(text)) => parse_time(text, zone),
            (Self::IsoWeek, Given::Text(text)) => start_of_day(week_date(text)?, zone),
            (Self::Mail, Given::Text(text)) => {
                rfc2822::DateTimeParser::new().parse_timestamp(text).ok().map(Time::from)
            }
            (Self::Epoch(per_second, _), given) => since_1970(given.number()?, *per_second),
            (Self::ExcelDays, given) => {
                let (date, milliseconds) = excel(given.number()?)?;
                let midnight = date.to_datetime(jiff::civil::Time::midnight());
                let local = midnight.checked_add(Duration::from_millis(milliseconds)).ok()?;
                Time::of_local(local, zone)
            }
            _ => None,
        }
    }

    fn clock(&self, given: Given<'_>) -> Option<Duration> {
        match (self, given) {
            (Self::Iso, Given::Text(text)) => parse_time_of_day(text),
            (Self::ExcelDays, given) => {
                let number = given.number()?;
                let is_part = (0..UNITS).contains(&number.units());
                is_part.then(|| Some(Duration::from_millis(milliseconds(number.units())?)))?
            }
            _ => None,
        }
    }

    /// The form in a sentence, with an example.
    pub fn described(&self) -> String {
        match self {
            Self::Stated(form) => match form.example() {
                Some(example) => format!("as `{}`, such as `{example}`", form.text()),
                None => format!("as `{}`", form.text()),
            },
            Self::Iso => "as ISO 8601 has it, such as `2024-12-31`".to_string(),
            Self::IsoWeek => "as a day of a week, such as `2024-W05-3`".to_string(),
            Self::Mail => "as mails have it, such as `Tue, 31 Dec 2024 13:45:00 +0100`".to_string(),
            Self::Epoch(_, unit) => format!("in {unit} since 1970"),
            Self::ExcelDays => "in days as spreadsheets count them, such as 45657".to_string(),
        }
    }
}

/// A day such as `2024-W05-3` or `2024W053`.
fn week_date(text: &str) -> Option<Date> {
    let is_week = matches!(text.len(), 8 | 10) && text.as_bytes().first()?.is_ascii_digit();
    is_week.then(|| text.parse::<ISOWeekDate>().ok().map(ISOWeekDate::date)).flatten()
}

/// The instant so many parts of a second behind 1970.
fn since_1970(number: Number, per_second: i64) -> Option<Time> {
    let nanoseconds = number.units().checked_div(per_second.into())?;
    let seconds = i64::try_from(nanoseconds.div_euclid(UNITS)).ok()?;
    Time::new(seconds, i32::try_from(nanoseconds.rem_euclid(UNITS)).ok()?)
}

/// The day and the milliseconds of it that so many days of a spreadsheet are. Day 60 is the 29th of February 1900,
/// which was none.
fn excel(days: Number) -> Option<(Date, i64)> {
    let (mut day, part) = (days.units().div_euclid(UNITS), days.units().rem_euclid(UNITS));
    let mut milliseconds = milliseconds(part)?;
    if milliseconds == DAY {
        (day, milliseconds) = (day + 1, 0);
    }
    let first = match day {
        60 | ..1 => return None,
        ..60 => CivilDate::constant(1899, 12, 31),
        _ => CivilDate::constant(1899, 12, 30),
    };
    let days = jiff::Span::new().try_days(i64::try_from(day).ok()?).ok()?;
    Some((first.checked_add(days).ok()?, milliseconds))
}

/// The milliseconds of a day.
const DAY: i64 = 86_400_000;

/// A part of a day, in billionths, as milliseconds: what spreadsheets keep.
fn milliseconds(part: i128) -> Option<i64> {
    i64::try_from((part * i128::from(DAY) + UNITS / 2) / UNITS).ok()
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "tests fail by panicking")]
mod tests {
    use super::*;

    fn read(form: &Form, kind: Kind, given: Given<'_>) -> Option<String> {
        let cell = form.read(kind, given, &Zone::UTC)?;
        Some(match cell {
            Cell::Date(date) => date.to_string(),
            Cell::Time(time) => time.to_string(),
            Cell::Duration(length) => crate::model::TimeOfDay(length).to_string(),
            other => format!("{other:?}"),
        })
    }

    #[test]
    fn days_of_spreadsheets_are_those_that_they_show() {
        for (days, date) in [
            ("1", Some("1900-01-01")),
            ("59", Some("1900-02-28")),
            ("60", None),
            ("61", Some("1900-03-01")),
            ("45657", Some("2024-12-31")),
            ("0", None),
            ("45657.5", None),
            ("-3", None),
        ] {
            let read = read(&Form::ExcelDays, Kind::Date, Given::Text(days));
            assert_eq!(read.as_deref(), date, "{days}");
        }
        let noon = read(&Form::ExcelDays, Kind::Time, Given::Text("45657.604166666664"));
        assert_eq!(noon.as_deref(), Some("2024-12-31T14:30:00Z"));
        let clock = read(&Form::ExcelDays, Kind::Duration, Given::Text("0.9375"));
        assert_eq!(clock.as_deref(), Some("22:30"));
    }

    #[test]
    fn epochs_are_exact() {
        for (given, per_second, wanted) in [
            ("1740000000", 1, Some("2025-02-19T21:20:00Z")),
            ("1740000000000", 1_000, Some("2025-02-19T21:20:00Z")),
            ("1740000000123456", 1_000_000, Some("2025-02-19T21:20:00.123456Z")),
            ("1740000000.25", 1, Some("2025-02-19T21:20:00.25Z")),
            ("-1.5", 1, Some("1969-12-31T23:59:58.5Z")),
            ("1740000000000", 1, None),
            ("soon", 1, None),
        ] {
            let form = Form::Epoch(per_second, "");
            assert_eq!(read(&form, Kind::Time, Given::Text(given)).as_deref(), wanted, "{given}");
        }
    }
}
