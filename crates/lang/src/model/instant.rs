//! Instants: those of every day of the calendar, by the clocks of every zone.

use std::fmt;
use std::str::FromStr;

use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::fmt::temporal::{Pieces, PiecesOffset};
use jiff::tz::{AmbiguousOffset, Offset};
use thiserror::Error;

use super::{Duration, Zone};

/// Midnight with which 1970 begins.
const EPOCH: DateTime = DateTime::constant(1970, 1, 1, 0, 0, 0, 0);
/// After so many seconds, 400 years, the calendar repeats itself, weekdays included.
const CYCLE: Duration = Duration::from_secs(146_097 * 86_400);

/// The seconds of the largest offset from UTC that is written in hours and minutes.
const FARTHEST: i32 = (25 * 60 + 59) * 60;

/// An instant, to the nanosecond.
///
/// Those of all days from -9999-01-01 to 9999-12-31 are there, by the clocks of every offset. (A
/// `jiff::Timestamp` ends a day before, so that it has a local time at every offset; an instant may
/// have none, see [`Time::local`].)
///
/// ```
/// use rulebook_lang::model::{Time, Zone};
/// let forever: Time = "9999-12-31T23:59:59.999999999-12:00".parse()?;
/// assert_eq!(forever.to_string(), "9999-12-31T23:59:59.999999999-12:00");
/// assert_eq!(forever.local(&Zone::UTC), None);
/// let harvest: Time = "2024-05-02T06:30:00+08:00".parse()?;
/// assert_eq!(harvest.to_string(), "2024-05-01T22:30:00Z");
/// # Ok::<(), rulebook_lang::model::NoTime>(())
/// ```
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Time(Duration);

/// A text is no instant.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[error("this is no time such as `2024-09-12T08:00:00+08:00`")]
pub struct NoTime;

impl Time {
    /// The first instant of the calendar, by the most eastern clocks.
    pub const MIN: Self = Self(Duration::new(-377_705_116_800 - FARTHEST as i64, 0));
    /// The last instant of the calendar, by the most western clocks.
    pub const MAX: Self = Self(Duration::new(253_402_300_799 + FARTHEST as i64, 999_999_999));
    /// The instant with which 1970 begins in UTC.
    pub const UNIX_EPOCH: Self = Self(Duration::ZERO);

    /// The instant that lies so long behind 1970, unless it lies beyond the calendar.
    fn within(since: Duration) -> Option<Self> {
        (Self::MIN.0 <= since && since <= Self::MAX.0).then_some(Self(since))
    }

    /// The instant so many seconds and nanoseconds behind 1970, unless it lies beyond the calendar.
    pub fn new(seconds: i64, nanoseconds: i32) -> Option<Self> {
        // Each part has its bounds, so that adding them up cannot overflow.
        let seconds = Duration::from_secs(seconds);
        Self::within(seconds.checked_add(Duration::from_nanos(nanoseconds.into()))?)
    }

    /// The instant so many seconds behind 1970, unless it lies beyond the calendar.
    pub fn from_second(seconds: i64) -> Option<Self> {
        Self::within(Duration::from_secs(seconds))
    }

    /// The whole seconds since 1970, without a part of one.
    pub fn as_second(self) -> i64 {
        self.0.as_secs()
    }

    /// The nanoseconds beside the whole seconds, with the same sign.
    pub fn subsec_nanosecond(self) -> i32 {
        self.0.subsec_nanos()
    }

    /// The whole microseconds since 1970.
    pub fn as_microsecond(self) -> i64 {
        // The calendar is shorter than 10,000 years either way.
        i64::try_from(self.0.as_micros()).unwrap_or_default()
    }

    /// The instant that much later, unless it lies beyond the calendar.
    pub fn checked_add(self, by: Duration) -> Option<Self> {
        self.0.checked_add(by).and_then(Self::within)
    }

    /// The instant that much earlier, unless it lies beyond the calendar.
    pub fn checked_sub(self, by: Duration) -> Option<Self> {
        self.0.checked_sub(by).and_then(Self::within)
    }

    /// How much later it is than another.
    pub fn duration_since(self, earlier: Self) -> Duration {
        // Both lie within the calendar.
        self.0.saturating_sub(earlier.0)
    }

    /// What the clocks of a zone show then; `None` where they have passed the end of the calendar, as
    /// those east of Greenwich have in the last hours of 9999 by UTC.
    pub fn local(self, zone: &Zone) -> Option<DateTime> {
        match Timestamp::try_from(self) {
            Ok(time) => Some(zone.to_datetime(time)),
            Err(_) => self.local_at(self.offset(zone)),
        }
    }

    fn local_at(self, offset: Offset) -> Option<DateTime> {
        EPOCH.checked_add(self.0.checked_add(seconds(offset))?).ok()
    }

    /// The offset of a zone from UTC then.
    pub fn offset(self, zone: &Zone) -> Offset {
        match Timestamp::try_from(self) {
            Ok(time) => zone.to_offset(time),
            Err(_) => {
                let (same, _) = self.in_cycle();
                zone.to_offset(same.try_into().unwrap_or(Timestamp::UNIX_EPOCH))
            }
        }
    }

    /// What the clocks of a zone show then, and their offset; by an offset at which the calendar has
    /// not ended where it has in the zone.
    pub fn shown(self, zone: &Zone) -> (DateTime, Offset) {
        let offset = self.offset(zone);
        let back = if self < Self::UNIX_EPOCH { 1 } else { -1 };
        let hours = (0..=26).map(|hours| {
            Offset::from_seconds(back * FARTHEST.min(hours * 3_600)).unwrap_or(Offset::UTC)
        });
        let at = |offset| Some((self.local_at(offset)?, offset));
        // The calendar is that of the last of these.
        std::iter::once(offset).chain(hours).find_map(at).unwrap_or((DateTime::MAX, Offset::UTC))
    }

    /// How a time is written: as the clocks of a zone show it, with their offset. Offsets are written in
    /// hours and minutes; of clocks that went by the sun, the seconds count as seconds of the time, so
    /// that it stays the same instant.
    pub fn told(self, zone: &Zone) -> impl fmt::Display {
        let offset = self.offset(zone).seconds();
        AtOffset(self, Offset::from_seconds(offset - offset % 60).unwrap_or(Offset::UTC))
    }

    /// The instant at which the clocks of a zone show a local time. One that the clocks skip or repeat
    /// is taken as RFC 5545 says: by the offset before the change.
    pub fn of_local(local: DateTime, zone: &Zone) -> Option<Self> {
        match zone.to_timestamp(local) {
            Ok(time) => Some(time.into()),
            Err(_) => Self::at_offset(
                local,
                match zone.to_ambiguous_timestamp(local).offset() {
                    AmbiguousOffset::Unambiguous { offset } => offset,
                    AmbiguousOffset::Gap { before, .. } | AmbiguousOffset::Fold { before, .. } => {
                        before
                    }
                },
            ),
        }
    }

    fn at_offset(local: DateTime, offset: Offset) -> Option<Self> {
        Self::within(local.duration_since(EPOCH).checked_sub(seconds(offset))?)
    }

    /// The instant that a text with an offset tells, which is one beyond those that jiff reads.
    #[cold]
    fn beyond(text: &str) -> Option<Self> {
        let pieces = Pieces::parse(text).ok()?;
        Self::at_offset(pieces.date().to_datetime(pieces.time()?), pieces.to_numeric_offset()?)
    }

    /// An instant of which jiff knows all, at the same place of the calendar 400 years before (or
    /// behind), and how far it has moved.
    fn in_cycle(self) -> (Self, Duration) {
        let by = if self < Self::UNIX_EPOCH { -CYCLE } else { CYCLE };
        (Self(self.0.saturating_sub(by)), by)
    }

    /// What moves an instant by the calendar, `how`, also where clocks have passed its end.
    pub(super) fn moved(self, zone: &Zone, how: impl Fn(DateTime) -> Option<Self>) -> Option<Self> {
        if let Some(local) = self.local(zone) {
            return how(local);
        }
        let (same, by) = self.in_cycle();
        how(same.local(zone)?)?.checked_add(by)
    }
}

fn seconds(offset: Offset) -> Duration {
    Duration::from_secs(offset.seconds().into())
}

impl From<Timestamp> for Time {
    fn from(time: Timestamp) -> Self {
        Self(time.as_duration())
    }
}

impl TryFrom<Time> for Timestamp {
    type Error = jiff::Error;

    fn try_from(Time(since): Time) -> Result<Self, jiff::Error> {
        Self::from_duration(since)
    }
}

impl FromStr for Time {
    type Err = NoTime;

    /// Reads an instant with its offset: RFC 3339, and behind it the name of a zone that RFC 9557
    /// allows.
    fn from_str(text: &str) -> Result<Self, NoTime> {
        match text.parse::<Timestamp>() {
            Ok(time) => Ok(time.into()),
            Err(_) => Self::beyond(text).ok_or(NoTime),
        }
    }
}

/// An instant at an offset from UTC.
struct AtOffset(Time, Offset);

impl fmt::Display for AtOffset {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self(time, offset) = *self;
        match Timestamp::try_from(time) {
            Ok(time) => time.display_with_offset(offset).fmt(f),
            Err(_) => {
                let (local, offset) = time.shown(&Zone::fixed(offset));
                Pieces::from(local).with_offset(offset).fmt(f)
            }
        }
    }
}

impl fmt::Display for Time {
    /// In UTC, such as `2024-05-01T22:30:00Z`, while the calendar lasts there.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (Timestamp::try_from(*self), self.local(&Zone::UTC)) {
            (Ok(time), _) => time.fmt(f),
            (Err(_), Some(utc)) => Pieces::from(utc).with_offset(PiecesOffset::Zulu).fmt(f),
            (Err(_), None) => self.told(&Zone::UTC).fmt(f),
        }
    }
}

impl fmt::Debug for Time {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_calendar_ends_with_the_last_clocks() {
        let farthest = |sign: i32| Offset::from_seconds(sign * FARTHEST).unwrap_or(Offset::UTC);
        let last = Time::at_offset(DateTime::MAX, farthest(-1));
        assert_eq!(
            (last, Time::MAX.0.checked_add(Duration::from_nanos(1)).and_then(Time::within)),
            (Some(Time::MAX), None)
        );
        assert_eq!(Time::at_offset(DateTime::MIN, farthest(1)), Some(Time::MIN));
        for time in [Time::MIN, Time::MAX] {
            assert_eq!(time.to_string().parse(), Ok(time), "{time}");
            assert_eq!(time.local(&Zone::UTC), None);
        }
    }
}
