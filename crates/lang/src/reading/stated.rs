//! A form of `strptime`, such as `%d/%m/%Y %H:%M`, compiled once. Forms of figures alone, which are most, are read by
//! a list of steps; others by jiff. Both read the same texts the same way.

use jiff::civil::DateTime;
use jiff::fmt::strtime;

use crate::model::{Date, Duration, Time, Zone, since_midnight};

/// A stated form.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stated {
    text: Box<str>,
    /// The form without `%Z` at its end.
    form: Box<str>,
    steps: Option<Box<[Step]>>,
    /// Whether the name of UTC stands at the end.
    utc: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Step {
    /// This very byte.
    Sign(u8),
    /// Blanks, or none.
    Blanks,
    /// So many digits at most, of a part of the time.
    Figures(Part, usize),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Part {
    Year,
    ShortYear,
    Month,
    Day,
    Hour,
    Minute,
    Second,
}

/// What has been read.
#[derive(Debug, Clone, Copy, Default)]
struct Parts {
    year: i16,
    month: i8,
    day: i8,
    hour: i8,
    minute: i8,
    second: i8,
}

/// The names that UTC goes by; those of other zones stand for several.
const UTC: &[&str] = &["UTC", "GMT", "Z", "UT"];
/// Years with fewer digits are mostly years of two digits that were meant to be read by `%y`.
const FIRST_YEAR: i16 = 1000;

impl Stated {
    /// Compiles a form; whether it makes sense, [`Mistake::of`](super::Mistake::of) says.
    pub fn new(text: &str) -> Self {
        let (form, utc) = match text.strip_suffix("%Z") {
            Some(form) => (form.trim_end(), true),
            None => (text, false),
        };
        Self { text: text.into(), form: form.into(), steps: steps(form), utc }
    }

    /// The form as it was written.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// What `strptime` reads of it.
    pub(super) fn form(&self) -> &str {
        &self.form
    }

    /// How an instant is written, by the clocks of a zone.
    pub(super) fn write(&self, instant: jiff::Timestamp, zone: &Zone) -> Option<String> {
        let zone = if self.utc { Zone::UTC } else { zone.clone() };
        let written = strtime::format(&*self.form, &instant.to_zoned_datetime(zone)).ok()?;
        Some(if self.utc { written + " UTC" } else { written })
    }

    /// A text of the form.
    pub fn example(&self) -> Option<String> {
        let time = jiff::civil::datetime(2024, 12, 31, 13, 45, 0, 0);
        let time = time.to_zoned_datetime(Zone::UTC).ok()?;
        let example = strtime::format(&*self.form, &time).ok()?;
        Some(if self.utc { example + " UTC" } else { example })
    }

    /// The day that a text tells.
    #[inline]
    pub fn date(&self, text: &str) -> Option<Date> {
        match &self.steps {
            Some(steps) => {
                let parts = follow(steps, text)?;
                Date::new(parts.year, parts.month, parts.day).ok()
            }
            None => self.by_jiff(text)?.to_date().ok().filter(|date| date.year() >= FIRST_YEAR),
        }
    }

    /// The instant that a text tells, without an offset by the clocks of a zone.
    #[inline]
    pub fn time(&self, text: &str, zone: &Zone) -> Option<Time> {
        let utc = Zone::UTC;
        let (text, zone) = match self.utc {
            true => (without_utc(text)?, &utc),
            false => (text, zone),
        };
        let local = match &self.steps {
            Some(steps) => {
                let Parts { year, month, day, hour, minute, second } = follow(steps, text)?;
                DateTime::new(year, month, day, hour, minute, second, 0).ok()?
            }
            None => {
                let parts = self.by_jiff(text)?;
                let instant = match (parts.iana_time_zone(), parts.offset(), parts.timestamp()) {
                    (None, None, None) => None,
                    (Some(_), ..) => Some(parts.to_zoned_datetime().ok()?.timestamp()),
                    _ => Some(parts.to_timestamp().ok()?),
                };
                if let Some(instant) = instant {
                    let is_usual = parts.year().is_none_or(|year| year >= FIRST_YEAR);
                    return is_usual.then(|| instant.into());
                }
                parts.to_datetime().ok().filter(|local| local.year() >= FIRST_YEAR)?
            }
        };
        Time::of_local(local, zone)
    }

    /// The time of day that a text tells, from midnight on.
    pub fn clock(&self, text: &str) -> Option<Duration> {
        match &self.steps {
            Some(steps) => {
                let parts = follow(steps, text)?;
                jiff::civil::Time::new(parts.hour, parts.minute, parts.second, 0).ok()
            }
            None => self.by_jiff(text)?.to_time().ok(),
        }
        .map(since_midnight)
    }

    fn by_jiff(&self, text: &str) -> Option<strtime::BrokenDownTime> {
        strtime::parse(&*self.form, text).ok()
    }
}

/// A text without the name of UTC at its end.
fn without_utc(text: &str) -> Option<&str> {
    let at = text.rfind(|c: char| !c.is_ascii_alphabetic()).map_or(0, |at| at + 1);
    let (text, name) = text.split_at_checked(at)?;
    UTC.contains(&name).then(|| text.trim_end())
}

/// The steps of a form of figures alone.
fn steps(form: &str) -> Option<Box<[Step]>> {
    let mut steps = Vec::new();
    let mut rest = form.bytes();
    while let Some(byte) = rest.next() {
        match byte {
            b'%' => {
                let directive = match rest.next()? {
                    // Texts are read alike, however they would be filled up with zeros.
                    b'-' | b'_' | b'0' => rest.next()?,
                    directive => directive,
                };
                push(directive, &mut steps)?;
            }
            byte if byte.is_ascii_whitespace() => steps.push(Step::Blanks),
            byte => steps.push(Step::Sign(byte)),
        }
    }
    Some(steps.into())
}

fn push(directive: u8, steps: &mut Vec<Step>) -> Option<()> {
    let part = match directive {
        b'Y' => Part::Year,
        b'y' => Part::ShortYear,
        b'm' => Part::Month,
        b'd' | b'e' => Part::Day,
        b'H' | b'k' => Part::Hour,
        b'M' => Part::Minute,
        b'S' => Part::Second,
        b'%' => {
            steps.push(Step::Sign(b'%'));
            return Some(());
        }
        several => {
            let form = match several {
                b'F' => "%Y-%m-%d",
                b'D' => "%m/%d/%y",
                b'T' => "%H:%M:%S",
                b'R' => "%H:%M",
                _ => return None,
            };
            steps.extend(self::steps(form)?);
            return Some(());
        }
    };
    steps.push(Step::Figures(part, if part == Part::Year { 4 } else { 2 }));
    Some(())
}

#[inline]
fn follow(steps: &[Step], text: &str) -> Option<Parts> {
    let mut parts = Parts::default();
    let mut rest = text.as_bytes();
    for step in steps {
        match *step {
            Step::Sign(sign) => match rest.split_first() {
                Some((first, behind)) if *first == sign => rest = behind,
                _ => return None,
            },
            Step::Blanks => rest = rest.trim_ascii_start(),
            Step::Figures(part, most) => {
                let (figures, behind) = figures(rest, most)?;
                rest = behind;
                match part {
                    Part::Year if figures < FIRST_YEAR => return None,
                    Part::Year => parts.year = figures,
                    Part::ShortYear => {
                        parts.year = figures + if figures < 69 { 2000 } else { 1900 }
                    }
                    part => {
                        // Two digits fit.
                        let figures = figures as i8;
                        *match part {
                            Part::Month => &mut parts.month,
                            Part::Day => &mut parts.day,
                            Part::Hour => &mut parts.hour,
                            Part::Minute => &mut parts.minute,
                            _ => &mut parts.second,
                        } = figures;
                    }
                }
            }
        }
    }
    // A leap second is the last one of its minute.
    parts.second = if parts.second == 60 { 59 } else { parts.second };
    rest.is_empty().then_some(parts)
}

/// The number that some digits are, blanks before them left out, and what stands behind.
#[inline]
fn figures(text: &[u8], most: usize) -> Option<(i16, &[u8])> {
    let mut rest = text;
    while let Some((b' ' | b'\t'..=b'\r', behind)) = rest.split_first() {
        rest = behind;
    }
    let (mut number, mut count) = (0, 0);
    while let Some((digit @ b'0'..=b'9', behind)) = rest.split_first() {
        if count == most {
            break;
        }
        number = number * 10 + i16::from(digit - b'0');
        (rest, count) = (behind, count + 1);
    }
    (count > 0).then_some((number, rest))
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "tests fail by panicking")]
mod tests {
    use super::*;

    fn by_jiff(form: &str, text: &str) -> Option<String> {
        let parts = strtime::parse(form, text).ok()?;
        let local = parts.to_datetime().ok()?;
        (local.year() >= FIRST_YEAR).then(|| local.to_string())
    }

    /// What the steps read, jiff reads alike.
    #[test]
    fn steps_read_as_jiff_does() {
        let forms = [
            "%m/%d/%Y",
            "%d.%m.%Y %H:%M",
            "%Y/%m/%d",
            "%Y%m%d",
            "%-d.%-m.%y",
            "%F %T",
            "%D %R",
            "%d-%m-%Y at %k:%M:%S",
            "%Y %% %m %d",
        ];
        let texts = [
            "11/8/2016",
            "11/08/2016",
            "13/8/2016",
            "2/30/2016",
            "11/8/16",
            "11/8/2016 ",
            " 11/8/2016",
            "11/ 8/2016",
            "08.11.2016 9:05",
            "08.11.2016  09:05",
            "08.11.2016 09:05",
            "08.11.2016 24:05",
            "2016/11/08",
            "2016/6/12",
            "20161108",
            "2016118",
            "8.11.16",
            "8.11.69",
            "8.11.68",
            "2016-11-08 23:59:60",
            "2016-11-08T23:59:00",
            "11/08/16 7:30",
            "08-11-2016 at 7:30:05",
            "2016%11 8",
            "",
            "n/a",
            "0016/11/08",
            "-2016/11/08",
        ];
        for form in forms {
            let stated = Stated::new(form);
            assert!(stated.steps.is_some(), "{form}");
            for text in texts {
                let read = stated
                    .time(text, &Zone::UTC)
                    .map(|time| time.local(&Zone::UTC).unwrap().to_string());
                let wanted = by_jiff(form, text).filter(|_| !text.starts_with('-'));
                // A day without a time of day is no time to jiff.
                let wanted = wanted.or_else(|| {
                    let date = strtime::parse(form, text).ok()?.to_date().ok()?;
                    let is_usual = date.year() >= FIRST_YEAR;
                    is_usual.then(|| date.at(0, 0, 0, 0).to_string())
                });
                assert_eq!(read, wanted, "{form}: {text}");
            }
        }
    }

    #[test]
    fn utc_goes_by_its_names() {
        let form = Stated::new("%Y-%m-%d %H:%M:%S %Z");
        let zone = crate::model::zone("Asia/Tokyo").unwrap();
        let read = |text| form.time(text, &zone).map(|time| time.to_string());
        let wanted = Some("2025-02-19T21:20:00Z");
        assert_eq!(read("2025-02-19 21:20:00 UTC").as_deref(), wanted);
        assert_eq!(read("2025-02-19 21:20:00Z").as_deref(), wanted);
        assert_eq!(read("2025-02-19 21:20:00 IST"), None);
        assert_eq!(read("2025-02-19 21:20:00"), None);
        assert_eq!(form.example().unwrap(), "2024-12-31 13:45:00 UTC");
    }

    #[test]
    fn names_of_months_offsets_and_halves_of_days_are_read() {
        for (form, text, wanted) in [
            ("%d %b %Y %I:%M %p", "8 Nov 2016 9:05 PM", "2016-11-08T21:05:00Z"),
            ("%d/%b/%Y:%H:%M:%S %z", "08/Nov/2016:09:05:00 +0200", "2016-11-08T07:05:00Z"),
            ("%B %d, %Y", "November 8, 2016", "2016-11-08T00:00:00Z"),
            ("%Y-%m-%d %H:%M:%S%.f", "2016-11-08 09:05:00.25", "2016-11-08T09:05:00.25Z"),
        ] {
            let read = Stated::new(form).time(text, &Zone::UTC).map(|time| time.to_string());
            assert_eq!(read.as_deref(), Some(wanted), "{form}");
        }
    }
}
