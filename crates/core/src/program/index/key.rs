//! Values as whole numbers that keep their order, so that every test of a value against a constant
//! is a comparison of two numbers.

use smallvec::SmallVec;

use crate::texts::TextSet;
use rulebook_lang::model::{
    Cell, Date, Duration, Number, Period, Ranges, Store, Time, version_key,
};

/// A value as a number. Values of one type compare as their keys do. A value beyond the range has
/// the key at its end, which no constant has, so that comparisons with constants stay right.
pub(crate) use rulebook_lang::model::Key;

/// The number of a value that rules test.
pub(crate) type KeyId = u32;

/// Where a value that rules test comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum KeySource {
    /// A slot of the row.
    Slot(u32),
    /// The date by which rules are in force: what the slot of their own `dated by` holds, else the
    /// policy's.
    Date(Option<u32>),
    /// The time of the evaluation.
    Now,
    /// A slot of the row that holds a version.
    Version(u32),
}

/// Tests that must all hold, at most one for each key, in the order of the keys.
pub(in crate::program) type Tests = SmallVec<[(KeyId, Ranges); 3]>;

/// The key of a value that is not there.
pub(super) const MISSING: Key = Key::MIN;
/// The least and the greatest key of a value that is there; no constant has them.
const LEAST: Key = Key::MIN + 1;
const GREATEST: Key = UNREACHED - 1;
/// A key behind those of all values.
pub(crate) const UNREACHED: Key = Key::MAX;
/// The key of a text that no rule names.
const UNNAMED: Key = LEAST;
/// The key of the first text that a rule names: behind the members of any enum, since a value of an
/// open enum is one or the other.
const FIRST_TEXT: Key = 1 << 32;

/// The texts that rules compare with, each with its key.
#[derive(Debug, Default)]
pub(super) struct Texts {
    known: TextSet,
    sketch: Sketch,
}

/// Which marks the known texts have. Most texts that are looked up are not known, and most of these
/// have a mark that no known text has, which is found out much faster.
#[derive(Debug)]
struct Sketch {
    marks: [u64; Self::WORDS],
}

impl Default for Sketch {
    fn default() -> Self {
        Self { marks: [0; Self::WORDS] }
    }
}

impl Sketch {
    /// So many words of bits stay at hand, and tell most texts from a few hundred known ones.
    const WORDS: usize = 1 << 6;

    /// The place of the mark of a text: made of its length and its ends.
    #[inline]
    fn place(text: &str) -> (usize, u64) {
        /// Spreads what differs in a few bits; 2 to the 64th by the golden ratio.
        const SPREAD: u64 = 0x9e37_79b9_7f4a_7c15;
        let bytes = text.as_bytes();
        let ends = match (bytes.first_chunk(), bytes.last_chunk()) {
            (Some(first), Some(last)) => {
                u64::from_le_bytes(*first) ^ u64::from_le_bytes(*last).rotate_left(29)
            }
            _ => bytes.iter().fold(0, |ends, byte| ends << 8 | u64::from(*byte)),
        };
        let mark = (ends ^ bytes.len() as u64).wrapping_mul(SPREAD) >> (u64::BITS - 12);
        ((mark >> 6) as usize, 1 << (mark & 63))
    }

    fn add(&mut self, text: &str) {
        let (word, bit) = Self::place(text);
        if let Some(word) = self.marks.get_mut(word) {
            *word |= bit;
        }
    }

    #[inline]
    fn may_have(&self, text: &str) -> bool {
        let (word, bit) = Self::place(text);
        self.marks.get(word).is_some_and(|word| word & bit != 0)
    }
}

impl Texts {
    /// The key of a constant; texts that come one behind the other have keys one behind the other.
    pub(super) fn add(&mut self, text: &str) -> Key {
        let (number, is_new) = self.known.add(text);
        if is_new {
            self.sketch.add(text);
        }
        key_of(number)
    }

    #[inline]
    pub(super) fn key(&self, text: &str) -> Key {
        if !self.sketch.may_have(text) {
            return UNNAMED;
        }
        self.known.find(text).map_or(UNNAMED, key_of)
    }
}

/// The key of the text with a number.
fn key_of(number: usize) -> Key {
    FIRST_TEXT.saturating_add_unsigned(number as u64)
}

/// The key of a value in a row.
pub(super) fn key(row: &Store, slot: u32, texts: &Texts) -> Key {
    match row.cell_ref(slot) {
        Cell::Missing => MISSING,
        Cell::Number(number) => of_number(*number),
        Cell::Text { start, end } => texts.key(row.text_between(*start, *end)),
        Cell::Member(position) => Key::from(*position),
        Cell::Bool(value) => Key::from(*value),
        Cell::Time(time) => of_time(*time),
        Cell::Date(date) => of_date(*date),
        Cell::Duration(duration) => of_duration(*duration),
        Cell::Period(Period { months, .. }) => Key::from(*months),
        // No fraction stands in a row: a record has numbers.
        Cell::Fraction(_) | Cell::List { .. } | Cell::Record { .. } => 0,
    }
}

/// The key of the version in a slot.
pub(super) fn key_of_version(row: &Store, slot: u32) -> Key {
    match row.cell_ref(slot) {
        Cell::Text { start, end } => clamped(version_key(row.text_between(*start, *end)).0),
        _ => MISSING,
    }
}

/// The key of a constant that is a version, unless other versions share it.
pub(super) fn constant_version(version: &str) -> Option<Key> {
    let (key, is_exact) = version_key(version);
    within(key).filter(|_| is_exact)
}

/// The key of a constant, unless it lies beyond the range of keys or has none.
pub(super) fn constant_key(store: &Store, cell: Cell, texts: &mut Texts) -> Option<Key> {
    let key = match cell {
        Cell::Missing | Cell::Fraction(_) | Cell::List { .. } | Cell::Record { .. } => {
            return None;
        }
        Cell::Text { start, end } => texts.add(store.text_between(start, end)),
        Cell::Number(number) => of_number(number),
        Cell::Member(position) => Key::from(position),
        Cell::Bool(value) => Key::from(value),
        Cell::Time(time) => of_time(time),
        Cell::Date(date) => of_date(date),
        Cell::Duration(duration) => of_duration(duration),
        Cell::Period(Period { months, .. }) => Key::from(months),
    };
    within(key)
}

/// The key of an instant, unless it lies beyond the range of keys.
pub(super) fn instant_key(time: Time) -> Option<Key> {
    within(of_time(time))
}

/// A number's units.
pub(crate) fn of_number(number: Number) -> Key {
    clamped(number.clamped_units())
}

/// The units of a whole number.
#[cfg(feature = "batch")]
pub(crate) fn of_whole(whole: i64) -> Key {
    clamped(whole.saturating_mul(Number::ONE.clamped_units()))
}

/// The first whole number whose key is not below a key.
#[cfg(feature = "batch")]
pub(super) fn first_whole(key: Key) -> i64 {
    match key {
        ..=LEAST => i64::MIN,
        key => {
            let one = Number::ONE.clamped_units();
            key.div_euclid(one) + i64::from(key.rem_euclid(one) > 0)
        }
    }
}

/// Nanoseconds since 1970; the range ends in the years 1677 and 2262.
pub(crate) fn of_time(time: Time) -> Key {
    nanoseconds(time.as_second(), time.subsec_nanosecond())
}

fn of_duration(duration: Duration) -> Key {
    nanoseconds(duration.as_secs(), duration.subsec_nanos())
}

fn nanoseconds(seconds: i64, rest: i32) -> Key {
    clamped(seconds.saturating_mul(1_000_000_000).saturating_add(Key::from(rest)))
}

/// Year, month and day one behind the other.
fn of_date(date: Date) -> Key {
    (Key::from(date.year()) << 16) | (Key::from(date.month()) << 8) | Key::from(date.day())
}

fn clamped(key: Key) -> Key {
    key.clamp(LEAST, GREATEST)
}

fn within(key: Key) -> Option<Key> {
    (LEAST < key && key < GREATEST).then_some(key)
}
