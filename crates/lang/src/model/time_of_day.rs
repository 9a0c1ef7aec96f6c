//! Times of day: what a clock shows, as the length of time since midnight, and as texts.

use std::fmt;

use super::{Date, Duration, Time, Zone};

/// A time of day, by how long a clock takes from midnight to it; it is written as `22:00`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TimeOfDay(
    /// From nothing up to 24 hours, with which the day ends.
    pub Duration,
);

impl TimeOfDay {
    /// The first and the last: midnight with which a day begins, and that with which it ends.
    pub const BOUNDS: [Duration; 2] = [Duration::ZERO, Duration::from_hours(24)];

    /// Whether some length since midnight is a time of day.
    pub fn holds(since_midnight: Duration) -> bool {
        let [first, last] = Self::BOUNDS;
        (first..=last).contains(&since_midnight)
    }
}

impl fmt::Display for TimeOfDay {
    /// `22:00`, with seconds and parts of them where there are some.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (seconds, nanoseconds) = (self.0.as_secs(), self.0.subsec_nanos());
        write!(f, "{:02}:{:02}", seconds / 3_600, seconds / 60 % 60)?;
        if seconds % 60 > 0 || nanoseconds > 0 {
            write!(f, ":{:02}", seconds % 60)?;
        }
        if nanoseconds > 0 {
            let digits = format!("{nanoseconds:09}");
            write!(f, ".{}", digits.trim_end_matches('0'))?;
        }
        Ok(())
    }
}

/// Reads `22:00`, `22:00:30` or `22:00:30.5`, up to `24:00`; the length of time since midnight.
pub fn parse_time_of_day(text: &str) -> Option<Duration> {
    if text.len() < 5 || text.as_bytes().get(2) != Some(&b':') {
        return None;
    }
    if let Some(rest) = text.strip_prefix("24:00") {
        let is_end = rest.is_empty() || rest == ":00";
        return is_end.then_some(Duration::from_hours(24));
    }
    // jiff takes more forms than these, such as a leap second.
    if !text.bytes().all(|byte| byte.is_ascii_digit() || matches!(byte, b':' | b'.'))
        || text.get(6..8) == Some("60")
    {
        return None;
    }
    let clock: jiff::civil::Time = text.parse().ok()?;
    Some(since_midnight(clock))
}

/// How long a clock takes from midnight to what it shows.
pub fn since_midnight(clock: jiff::civil::Time) -> Duration {
    clock.duration_since(jiff::civil::Time::midnight())
}

/// The instant at which the clocks of a zone show a time of day on a day; one that they skip or repeat is
/// taken by the offset before the change.
pub fn time_on(date: Date, since_midnight: Duration, zone: &Zone) -> Option<Time> {
    let midnight = date.to_datetime(jiff::civil::Time::midnight());
    Time::of_local(midnight.checked_add(since_midnight).ok()?, zone)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read_back() {
        for text in ["00:00", "06:30", "22:00:05", "23:59:59.25", "24:00"] {
            let read = parse_time_of_day(text).map(|length| TimeOfDay(length).to_string());
            assert_eq!(read.as_deref(), Some(text));
        }
        for text in
            ["", "6:30", "24:01", "25:00", "22:60", "22:00:60", "22", "22:00Z", "-1:00", "22:00 "]
        {
            assert_eq!(parse_time_of_day(text), None, "{text}");
        }
    }
}
