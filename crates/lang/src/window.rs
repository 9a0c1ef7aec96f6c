//! The windows of counters: which stretch of time before a record counts.

use std::fmt;

use crate::model::{self, Duration, Period, Time, Zone};

/// A stretch of the calendar that has begun, in the zone of the rulebook.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Calendar {
    /// From midnight on.
    Today,
    /// From Monday on.
    Week,
    /// From the first of the month on.
    Month,
    /// From the first of January on.
    Year,
    /// From the first record on.
    Ever,
}

/// Each with its words.
const CALENDARS: &[(Calendar, &str)] = &[
    (Calendar::Today, "today"),
    (Calendar::Week, "this week"),
    (Calendar::Month, "this month"),
    (Calendar::Year, "this year"),
    (Calendar::Ever, "ever"),
];

/// How far back something lies.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Length {
    /// An exact length of time.
    Exact(Duration),
    /// Months or days, as the calendar of the zone has them.
    Calendar(Period),
}

/// Which records before a record count.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Window {
    /// Those less than this long before it.
    Within(Length),
    /// Those less than the first length before it, but not less than the second.
    Lagged(Length, Length),
    /// Those since the day, week, month or year began.
    Calendar(Calendar),
}

/// A stretch of time: later than `after`, and not later than `until`.
///
/// Times are exact to the nanosecond, and midnight belongs to the day that it begins: there `after`
/// is the nanosecond before. A store of less exact times cuts both ends off, and must not round
/// them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Stretch {
    /// What happened then, or before, does not count.
    pub after: Time,
    /// What happened later does not count.
    pub until: Time,
}

impl Calendar {
    /// The stretch that is written so, whatever the white space in it.
    pub fn from_words(text: &str) -> Option<Self> {
        let same = |words: &str| text.split_whitespace().eq(words.split(' '));
        CALENDARS.iter().find(|(_, words)| same(words)).map(|(calendar, _)| *calendar)
    }

    /// How it is written.
    pub fn words(self) -> &'static str {
        CALENDARS.iter().find(|(calendar, _)| *calendar == self).map_or("", |(_, words)| words)
    }

    /// The instant at which the stretch began that `time` lies in.
    fn start(self, time: Time, zone: &Zone) -> Option<Time> {
        model::start_of(time, zone, |day| match self {
            Self::Today => Some(day),
            Self::Week => model::add_days(day, -i64::from(day.weekday().to_monday_zero_offset())),
            Self::Month => Some(day.first_of_month()),
            Self::Year => Some(day.first_of_year()),
            Self::Ever => None,
        })
    }
}

impl Length {
    /// The instant that lies so far before another.
    fn before(self, time: Time, zone: &Zone) -> Option<Time> {
        match self {
            Self::Exact(length) => time.checked_sub(length),
            Self::Calendar(period) => model::add_period_to_time(time, period.checked_neg()?, zone),
        }
    }
}

impl Window {
    /// The stretch of time that counts for a record of this time. It ends where the calendar does.
    pub fn stretch(self, time: Time, zone: &Zone) -> Stretch {
        let before = |length: Length| length.before(time, zone).unwrap_or(Time::MIN);
        match self {
            Self::Within(length) => Stretch { after: before(length), until: time },
            Self::Lagged(far, near) => Stretch { after: before(far), until: before(near) },
            Self::Calendar(calendar) => {
                let start = calendar.start(time, zone);
                let last = start.and_then(|start| start.checked_sub(Duration::from_nanos(1)));
                Stretch { after: last.unwrap_or(Time::MIN), until: time }
            }
        }
    }
}

impl fmt::Display for Length {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Exact(length) => write!(f, "{length}"),
            Self::Calendar(period) => write!(f, "{period}"),
        }
    }
}

impl fmt::Display for Window {
    /// Prints `within PT720H`, `from PT1080H to PT360H before` or `this year`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Within(length) => write!(f, "within {length}"),
            Self::Lagged(far, near) => write!(f, "from {far} to {near} before"),
            Self::Calendar(calendar) => f.write_str(calendar.words()),
        }
    }
}

impl Stretch {
    /// Whether an instant lies in it.
    pub fn holds(self, time: Time) -> bool {
        self.after < time && time <= self.until
    }
}
