//! Calendars of working days: which days are worked on in the years whose holidays they list.
//!
//! The days of the week repeat, so that only the days that differ are kept: how many working days there are up to a
//! day is the count of the weeks and what the days before it that differ add. Counting, and finding the day of a count,
//! take a search among those.

use std::fmt;

use thiserror::Error;

use super::Date;
use super::time::add_days;

/// A Monday.
const MONDAY: Date = Date::constant(1970, 1, 5);

/// Which days are worked on.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Calendar {
    name: String,
    /// Where its holidays stand, for those who extend it.
    place: String,
    week: Week,
    /// The first and the last year whose holidays are listed; all years where none are.
    years: Option<(i16, i16)>,
    exceptions: Vec<Exception>,
}

/// A day that is not like the others of its weekday.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
struct Exception {
    day: i64,
    /// By how much the working days up to it, itself included, differ from those of the weeks.
    differs: i64,
}

/// The working days of a week without holidays.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
struct Week {
    works: [bool; 7],
}

/// Why a calendar does not say whether a day is worked on.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum CalendarError {
    /// It does not list the holidays of the year.
    #[error("{0}")]
    Unlisted(String),
    /// The day lies beyond all years.
    #[error("the result leaves the calendar")]
    Beyond,
}

/// What a calendar is made of.
#[derive(Debug, Default)]
pub struct CalendarDays {
    /// The weekdays that are not worked on, from 1 for Monday to 7 for Sunday.
    pub weekend: Vec<i8>,
    /// Days that are not worked on.
    pub holidays: Vec<Date>,
    /// Days that are worked on, whatever the weekday, and though they may be holidays.
    pub working: Vec<Date>,
}

impl Week {
    /// How many working days a week has.
    fn length(self) -> i64 {
        (0..).zip(self.works).filter(|(_, works)| *works).map(|(_, _): (i64, _)| 1).sum()
    }

    /// Whether a day of the week is worked on.
    fn works(self, day: i64) -> bool {
        (0..).zip(self.works).any(|(at, works)| works && at == day.rem_euclid(7))
    }

    /// How many working days there are up to a day, itself included; less than none before the first.
    fn count(self, day: i64) -> i64 {
        let within = (0..).zip(self.works).filter(|(at, works)| *works && *at <= day.rem_euclid(7));
        day.div_euclid(7) * self.length() + within.map(|(_, _): (i64, _)| 1).sum::<i64>()
    }

    /// The first day up to which there are so many working days.
    fn day(self, count: i64) -> i64 {
        let length = self.length().max(1);
        let (weeks, rest) = ((count - 1).div_euclid(length), (count - 1).rem_euclid(length));
        let mut within = (0..).zip(self.works).filter(|(_, works)| *works).map(|(at, _)| at);
        weeks * 7 + within.nth(usize::try_from(rest).unwrap_or_default()).unwrap_or_default()
    }
}

/// The number of a day, 0 for a Monday.
fn number(date: Date) -> i64 {
    date.duration_since(MONDAY).as_hours() / 24
}

fn date(day: i64) -> Result<Date, CalendarError> {
    add_days(MONDAY, day).ok_or(CalendarError::Beyond)
}

impl Calendar {
    /// A calendar of some days, which stand at a place; `None` where no day of the week is worked on.
    pub fn new(name: &str, place: &str, days: &CalendarDays) -> Option<Self> {
        let mut works = [true; 7];
        for (weekday, works) in (1..).zip(&mut works) {
            *works = !days.weekend.contains(&weekday);
        }
        let week = Week { works };
        let mut differing: Vec<(i64, i64)> = Vec::new();
        for day in days.working.iter().map(|date| number(*date)).filter(|day| !week.works(*day)) {
            differing.push((day, 1));
        }
        let holidays = days.holidays.iter().filter(|date| !days.working.contains(date));
        for day in holidays.map(|date| number(*date)).filter(|day| week.works(*day)) {
            differing.push((day, -1));
        }
        differing.sort_unstable();
        differing.dedup();
        let mut differs = 0;
        let exceptions = differing.into_iter().map(|(day, by)| {
            differs += by;
            Exception { day, differs }
        });
        let exceptions = exceptions.collect();
        let years = days.holidays.iter().map(|date| date.year());
        let years = years.clone().min().zip(years.max());
        let (name, place) = (name.to_string(), place.to_string());
        (week.length() > 0).then_some(Self { name, place, week, years, exceptions })
    }

    /// What policies call it.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The first and the last year whose holidays are listed; `None` where none are, and all years count.
    pub fn years(&self) -> Option<(i16, i16)> {
        self.years
    }

    /// Whether a day is worked on.
    ///
    /// # Errors
    /// Where the calendar does not list the holidays of its year.
    pub fn is_working(&self, date: Date) -> Result<bool, CalendarError> {
        self.listed(date)?;
        let day = number(date);
        Ok(self.count(day) > self.count(day - 1))
    }

    /// The day that is so many working days later, or earlier: the day itself does not count, whether it is worked on
    /// or not. None are the day itself.
    ///
    /// # Errors
    /// Where the calendar does not list the holidays of one of the years.
    pub fn moved(&self, from: Date, by: i32) -> Result<Date, CalendarError> {
        self.listed(from)?;
        let day = number(from);
        let found = match i64::from(by) {
            0 => return Ok(from),
            by if by > 0 => self.day(self.count(day) + by),
            by => self.day(self.count(day - 1) + by + 1),
        };
        self.listed_day(found)
    }

    /// The day itself if it is worked on, else the next that is; or the last before it.
    ///
    /// # Errors
    /// Where the calendar does not list the holidays of one of the years.
    pub fn nearest(&self, from: Date, later: bool) -> Result<Date, CalendarError> {
        match self.is_working(from)? {
            true => Ok(from),
            false => self.moved(from, if later { 1 } else { -1 }),
        }
    }

    /// How many working days later the second day is: those behind the first, up to the second. Where it is earlier,
    /// those before the first, back to the second, with a minus.
    ///
    /// # Errors
    /// Where the calendar does not list the holidays of one of the years.
    pub fn between(&self, from: Date, to: Date) -> Result<i64, CalendarError> {
        self.listed(from)?;
        self.listed(to)?;
        let (from, to) = (number(from), number(to));
        Ok(match from <= to {
            true => self.count(to) - self.count(from),
            false => self.count(to - 1) - self.count(from - 1),
        })
    }

    fn listed(&self, date: Date) -> Result<(), CalendarError> {
        match self.years {
            Some((first, last)) if !(first..=last).contains(&date.year()) => {
                Err(self.unlisted(date))
            }
            _ => Ok(()),
        }
    }

    fn listed_day(&self, day: i64) -> Result<Date, CalendarError> {
        let date = match (date(day), self.years) {
            (Err(_), Some(_)) if day > 0 => return Err(self.unlisted(Date::MAX)),
            (Err(_), Some(_)) => return Err(self.unlisted(Date::MIN)),
            (found, _) => found?,
        };
        self.listed(date).map(|()| date)
    }

    #[cold]
    fn unlisted(&self, date: Date) -> CalendarError {
        let Self { name, place, years, .. } = self;
        let (first, last) = years.unwrap_or_default();
        let years = match first == last {
            true => format!("{first} only"),
            false => format!("{first} to {last}"),
        };
        CalendarError::Unlisted(format!(
            "calendar `{name}` lists the holidays of {years}, and {date} lies beyond: extend {place}"
        ))
    }

    /// The days behind one and up to another that would be worked on if they were no holidays.
    pub fn holidays_between(&self, from: Date, to: Date) -> Vec<Date> {
        let (from, to) = (number(from), number(to));
        let days = self.exceptions.iter().map(|exception| exception.day);
        let holidays = days.filter(|day| *day > from && *day <= to && self.week.works(*day));
        holidays.filter_map(|day| date(day).ok()).collect()
    }

    /// How many working days there are up to a day.
    fn count(&self, day: i64) -> i64 {
        let before = self.exceptions.partition_point(|exception| exception.day <= day);
        self.week.count(day) + self.differs(before)
    }

    /// What the first of the exceptions add up to.
    fn differs(&self, before: usize) -> i64 {
        let last = before.checked_sub(1).and_then(|last| self.exceptions.get(last));
        last.map_or(0, |exception| exception.differs)
    }

    /// The first day up to which there are so many working days.
    fn day(&self, count: i64) -> i64 {
        let is_before =
            |exception: &Exception| self.week.count(exception.day) + exception.differs < count;
        let before = self.exceptions.partition_point(is_before);
        let regular = self.week.day(count - self.differs(before));
        // The next exception may itself be the day: one that is worked on beside the weeks.
        match self.exceptions.get(before) {
            Some(next) => regular.min(next.day),
            None => regular,
        }
    }
}

impl Default for Calendar {
    /// One by which every day is worked on.
    fn default() -> Self {
        let week = Week { works: [true; 7] };
        let (name, place) = (String::new(), String::new());
        Self { name, place, week, years: None, exceptions: Vec::new() }
    }
}

impl fmt::Display for Calendar {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.name)
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests fail by panicking")]

    use super::*;

    fn calendar() -> Calendar {
        let day = |text: &str| text.parse().unwrap();
        let days = CalendarDays {
            weekend: vec![6, 7],
            holidays: ["2024-01-01", "2024-06-10", "2024-09-16", "2024-09-17", "2024-12-28"]
                .map(day)
                .to_vec(),
            working: ["2024-09-14", "2024-09-28", "2024-09-29"].map(day).to_vec(),
        };
        Calendar::new("cn", "cn.csv", &days).unwrap()
    }

    #[test]
    fn counting_agrees_with_going_day_by_day() {
        let calendar = calendar();
        let (first, last) = (Date::constant(2024, 1, 1), Date::constant(2024, 12, 31));
        let all: Vec<Date> = (0..366).map(|at| add_days(first, at).unwrap()).collect();
        let works = |date: Date| {
            let special = ["2024-09-14", "2024-09-28", "2024-09-29"];
            let off = ["2024-01-01", "2024-06-10", "2024-09-16", "2024-09-17"];
            let text = date.to_string();
            special.contains(&text.as_str())
                || date.weekday().to_monday_one_offset() < 6 && !off.contains(&text.as_str())
        };
        for date in &all {
            assert_eq!(calendar.is_working(*date).unwrap(), works(*date), "{date}");
            for by in [-30, -7, -3, -1, 0, 1, 2, 5, 11, 64] {
                let (mut day, mut left) = (*date, i32::abs(by));
                while left > 0 && (first..=last).contains(&day) {
                    day = add_days(day, i64::from(by.signum())).unwrap();
                    left -= i32::from(works(day));
                }
                let wanted = (first..=last).contains(&day).then_some(day);
                assert_eq!(calendar.moved(*date, by).ok(), wanted, "{date} {by}");
                if let Some(to) = wanted.filter(|to| by == 0 || works(*to)) {
                    let between = if by == 0 { 0 } else { i64::from(by) };
                    assert_eq!(calendar.between(*date, to).unwrap(), between, "{date} {to}");
                }
            }
        }
    }

    #[test]
    fn holidays_on_days_of_the_week_are_those_that_are_skipped() {
        let day = |text: &str| text.parse().unwrap_or_default();
        let skipped = calendar().holidays_between(day("2024-01-01"), day("2024-09-17"));
        // The last of the year is a Saturday.
        assert_eq!(skipped, ["2024-06-10", "2024-09-16", "2024-09-17"].map(day));
    }

    #[test]
    fn what_is_not_listed_is_told() {
        let error = calendar().moved(Date::constant(2024, 12, 30), 3).unwrap_err();
        assert_eq!(
            error.to_string(),
            "calendar `cn` lists the holidays of 2024 only, and 2025-01-02 lies beyond: extend cn.csv"
        );
        assert!(calendar().is_working(Date::constant(2023, 12, 31)).is_err());
    }
}
