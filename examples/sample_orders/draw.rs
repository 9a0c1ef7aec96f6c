//! What records are drawn from: fields in order, times of the calendar, and chance from a fixed seed.

use serde_json::{Map, Value};

// ---- Values -------------------------------------------------------------------------------------

/// The fields of one record, in the order in which they are put.
#[derive(Default)]
pub(crate) struct Fields(pub(crate) Map<String, Value>);

impl Fields {
    pub(crate) fn put(&mut self, name: &str, value: impl Into<Value>) {
        self.0.insert(name.to_owned(), value.into());
    }

    /// The value in `percent` of all records; else null or nothing at all.
    pub(crate) fn maybe(
        &mut self,
        draw: &mut Draw,
        name: &str,
        percent: u64,
        value: impl Into<Value>,
    ) {
        if draw.chance(percent) {
            self.put(name, value);
        } else if draw.chance(50) {
            self.put(name, Value::Null);
        }
    }
}

impl From<Fields> for Value {
    fn from(fields: Fields) -> Value {
        Value::Object(fields.0)
    }
}

/// An amount in its currency's unit, from hundredths.
pub(crate) fn in_units(cents: u32) -> f64 {
    f64::from(cents) / 100.0
}

pub(crate) fn to_index(number: u64) -> usize {
    usize::try_from(number).unwrap_or(usize::MAX)
}

// ---- Time ---------------------------------------------------------------------------------------

pub(crate) const HOUR: u64 = 3600;
pub(crate) const DAY: u64 = 24 * HOUR;

/// A day, written as its eight digits: 20240809.
pub(crate) type Day = u64;

/// Seconds of local time since 1970-01-01T00:00:00.
#[derive(Clone, Copy)]
pub(crate) struct Moment(pub(crate) u64);

impl Moment {
    /// The first second of a day.
    pub(crate) fn start_of(day: Day) -> Moment {
        let (year, month, day) = (day / 10_000, day / 100 % 100, day % 100);
        let years: u64 = (1970..year).map(days_in_year).sum();
        let months: u64 = (1..month).map(|month| days_in_month(year, month)).sum();
        Moment((years + months + day - 1) * DAY)
    }

    pub(crate) fn plus(self, seconds: u64) -> Moment {
        Moment(self.0 + seconds)
    }

    pub(crate) fn minus(self, seconds: u64) -> Moment {
        Moment(self.0 - seconds)
    }

    /// `YYYY-MM-DDTHH:MM:SS`, without an offset.
    pub(crate) fn text(self) -> String {
        let (mut days, seconds) = (self.0 / DAY, self.0 % DAY);
        let (mut year, mut month) = (1970, 1);
        while days >= days_in_year(year) {
            days -= days_in_year(year);
            year += 1;
        }
        while days >= days_in_month(year, month) {
            days -= days_in_month(year, month);
            month += 1;
        }
        let (hour, minute, second) = (seconds / HOUR, seconds / 60 % 60, seconds % 60);
        format!("{year:04}-{month:02}-{:02}T{hour:02}:{minute:02}:{second:02}", days + 1)
    }

    /// The same with China's offset.
    pub(crate) fn in_china(self) -> String {
        format!("{}+08:00", self.text())
    }
}

pub(crate) fn is_leap(year: u64) -> bool {
    year.is_multiple_of(4) && !year.is_multiple_of(100) || year.is_multiple_of(400)
}

pub(crate) fn days_in_year(year: u64) -> u64 {
    365 + u64::from(is_leap(year))
}

pub(crate) fn days_in_month(year: u64, month: u64) -> u64 {
    match month {
        2 => 28 + u64::from(is_leap(year)),
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

// ---- Chance -------------------------------------------------------------------------------------

/// A stream of pseudo-random numbers: splitmix64.
pub(crate) struct Draw(pub(crate) u64);

impl Draw {
    pub(crate) fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut bits = self.0;
        bits = (bits ^ (bits >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        bits = (bits ^ (bits >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        bits ^ (bits >> 31)
    }

    /// A number from 0 up to, not including, `end`.
    pub(crate) fn below(&mut self, end: u64) -> u64 {
        self.next() % end
    }

    pub(crate) fn chance(&mut self, percent: u64) -> bool {
        self.below(100) < percent
    }

    pub(crate) fn pick<T: Copy>(&mut self, choices: &[T]) -> T {
        let end = u64::try_from(choices.len()).unwrap_or(u64::MAX);
        choices[to_index(self.below(end))]
    }

    /// One of the words; a word that stands twice comes twice as often.
    pub(crate) fn word(&mut self, words: &'static str) -> &'static str {
        let words: Vec<_> = words.split_whitespace().collect();
        self.pick(&words)
    }

    /// One of a thousand ids, such as `b0042`.
    pub(crate) fn id(&mut self, prefix: &str) -> String {
        format!("{prefix}{:04}", self.below(1000))
    }

    /// An amount in hundredths: at or just above an edge, or anything up to `end`, small ones more
    /// often than large ones.
    pub(crate) fn cents(&mut self, edges: &[u32], end: u32) -> u32 {
        if self.chance(20) {
            return self.pick(edges) + u32::from(self.chance(50));
        }
        let end = if self.chance(70) { end / 10 } else { end };
        1 + u32::try_from(self.below(u64::from(end))).unwrap_or(end)
    }

    pub(crate) fn money(&mut self, edges: &[u32], end: u32) -> f64 {
        in_units(self.cents(edges, end))
    }

    /// A time at an edge, one second before it, within two days of it, or anywhere in the range.
    pub(crate) fn moment(&mut self, range: std::ops::Range<Day>, edges: &[Day]) -> Moment {
        let edge = Moment::start_of(self.pick(edges));
        match self.below(10) {
            0 => edge,
            1 => edge.minus(1),
            2 => edge.minus(self.below(2 * DAY)),
            3 | 4 => edge.plus(self.below(2 * DAY)),
            _ => {
                let (start, end) = (Moment::start_of(range.start), Moment::start_of(range.end));
                start.plus(self.below(end.0 - start.0))
            }
        }
    }
}
