//! The entries of an index as words of bits, and what the keys of many rows leave of them: which
//! rows no certain rule tells apart.

use super::entry::Entry;
use super::key::{self, Key, KeyId, Tests, UNREACHED};
use super::leaf::flips;
use rulebook_lang::model::Ranges;

/// How many entries a word has room for, beside [`SOUND`].
const ENTRIES: usize = 63;
/// The bit that a row keeps as long as all its values are what their fields say.
const SOUND: u64 = 1 << ENTRIES;
/// With more entries than this, rows differ so much that sorting them does not pay.
const MOST_ENTRIES: usize = 8 * ENTRIES;

/// All entries of an index, in words.
#[derive(Debug, Default)]
pub struct Sieve {
    words: Vec<Word>,
}

/// Some entries, as the bits of a word.
#[derive(Debug)]
pub struct Word {
    all: u64,
    /// The entries whose conditions have to be evaluated.
    uncertain: u64,
    columns: Vec<Column>,
}

/// Which entries of a word accept which values of one key.
#[derive(Debug)]
struct Column {
    key: KeyId,
    /// Where segments begin, the last at [`UNREACHED`], the key of what is no value.
    cuts: Vec<Key>,
    /// The cuts but the last, as the whole numbers and as the units of short decimals that lie behind
    /// them.
    wholes: Vec<i64>,
    units: Vec<f64>,
    /// The bits of each segment, one more than there are cuts.
    bits: Vec<u64>,
}

impl Sieve {
    /// A sieve for entries with their tests; `None` for too many.
    pub(super) fn new(entries: &[Entry], tests: &[Tests]) -> Option<Self> {
        if entries.len() > MOST_ENTRIES {
            return None;
        }
        let words = entries.chunks(ENTRIES).zip(tests.chunks(ENTRIES));
        let mut words: Vec<_> = words.map(|(entries, tests)| Word::new(entries, tests)).collect();
        if words.is_empty() {
            words.push(Word::new(&[], &[]));
        }
        Some(Self { words })
    }

    /// The words.
    pub fn words(&self) -> &[Word] {
        &self.words
    }
}

impl Word {
    fn new(entries: &[Entry], tests: &[Tests]) -> Self {
        let bit = |at: usize| 1_u64 << at;
        let all = SOUND | (bit(entries.len()) - 1);
        let uncertain = entries.iter().enumerate().filter(|(_, entry)| !entry.certain);
        let uncertain = uncertain.fold(0, |bits, (at, _)| bits | bit(at));
        let mut keys: Vec<(KeyId, Vec<(u32, &Ranges)>)> = Vec::new();
        for (at, tests) in (0..).zip(tests) {
            for (key, ranges) in tests {
                match keys.iter_mut().find(|(known, _)| known == key) {
                    Some((_, column)) => column.push((at, ranges)),
                    None => keys.push((*key, vec![(at, ranges)])),
                }
            }
        }
        let columns = keys.iter().map(|(key, tests)| Column::new(*key, all, tests)).collect();
        Self { all, uncertain, columns }
    }

    /// The word of a row of which nothing is known yet.
    pub fn all(&self) -> u64 {
        self.all
    }

    /// Whether a row with a word is told by it: all its values are sound, and the rules that fire
    /// are those of its bits.
    pub fn is_told(&self, word: u64) -> bool {
        word & SOUND != 0 && word & self.uncertain == 0
    }

    /// Whether all values behind a word are sound.
    pub fn is_sound(word: u64) -> bool {
        word & SOUND != 0
    }

    /// Whether an entry of the word tests a key.
    pub fn tests(&self, id: KeyId) -> bool {
        self.columns.iter().any(|column| column.key == id)
    }

    /// What a value leaves of a word, by the keys that stand for it.
    pub fn bits(&self, keys: &[(KeyId, Key)]) -> u64 {
        keys.iter().fold(self.all, |bits, (id, key)| {
            bits & match self.column(*id) {
                Some(column) => column.bits(*key),
                None if *key == UNREACHED => !SOUND,
                None => u64::MAX,
            }
        })
    }

    /// What some value between two keys may leave of a word, and what every one does.
    pub fn between(&self, id: KeyId, least: Key, greatest: Key) -> (u64, u64) {
        match self.column(id) {
            Some(column) => column.between(least, greatest),
            None => {
                let bits = self.bits(&[(id, least), (id, greatest)]);
                (bits, bits)
            }
        }
    }

    /// Takes out of the words of rows the entries that do not accept their values of a key.
    pub fn keep(&self, id: KeyId, keys: &[Key], words: &mut [u64]) {
        match self.column(id) {
            Some(column) => keep(&column.cuts, &column.bits, keys, words),
            None => keep_sound(keys, words),
        }
    }

    /// The same for whole numbers.
    pub fn keep_wholes(&self, id: KeyId, values: &[i64], words: &mut [u64]) {
        if let Some(column) = self.column(id) {
            keep(&column.wholes, &column.bits, values, words);
        }
    }

    /// The same for decimals, by their units: whole numbers that floats hold exactly.
    pub fn keep_units(&self, id: KeyId, units: &[f64], words: &mut [u64]) {
        if let Some(column) = self.column(id) {
            keep(&column.units, &column.bits, units, words);
        }
    }

    fn column(&self, id: KeyId) -> Option<&Column> {
        self.columns.iter().find(|column| column.key == id)
    }
}

/// Takes out of words the entries that do not accept the values between whose cuts rows lie.
fn keep<V: Copy + PartialOrd>(cuts: &[V], bits: &[u64], values: &[V], words: &mut [u64]) {
    match (cuts, bits) {
        ([], [only, ..]) => words.iter_mut().for_each(|word| *word &= only),
        ([a], [w, x, ..]) => keep_few(*w, [(*a, *x)], values, words),
        ([a, b], [w, x, y, ..]) => keep_few(*w, [(*a, *x), (*b, *y)], values, words),
        ([a, b, c], [w, x, y, z, ..]) => {
            keep_few(*w, [(*a, *x), (*b, *y), (*c, *z)], values, words);
        }
        _ => {
            /// So many cuts are faster compared one by one.
            const FEW: usize = 16;
            for (word, value) in words.iter_mut().zip(values) {
                let segment = match cuts.len() > FEW {
                    true => cuts.partition_point(|cut| cut <= value),
                    false => cuts.iter().map(|cut| usize::from(cut <= value)).sum(),
                };
                *word &= bits.get(segment).copied().unwrap_or_default();
            }
        }
    }
}

/// The same for so few cuts, each with the bits behind it, that a row takes a choice for each and no
/// look-up.
#[inline]
fn keep_few<V: Copy + PartialOrd, const CUTS: usize>(
    first: u64,
    cuts: [(V, u64); CUTS],
    values: &[V],
    words: &mut [u64],
) {
    for (word, value) in words.iter_mut().zip(values) {
        *word &=
            cuts.iter().fold(first, |own, (cut, behind)| if cut <= value { *behind } else { own });
    }
}

/// Marks the rows whose keys stand for no value.
fn keep_sound(keys: &[Key], words: &mut [u64]) {
    for (word, key) in words.iter_mut().zip(keys) {
        *word &= if *key == UNREACHED { !SOUND } else { u64::MAX };
    }
}

impl Column {
    fn new(key: KeyId, all: u64, tests: &[(u32, &Ranges)]) -> Self {
        let (off, flips) = flips(tests);
        let flip = |bits: u64, entry: u32| bits ^ 1_u64 << entry;
        let mut now = off.into_iter().fold(all, flip);
        let (mut cuts, mut bits) = (Vec::new(), vec![now]);
        for flips in flips.chunk_by(|a, b| a.0 == b.0) {
            let Some((cut, _)) = flips.first().filter(|(cut, _)| *cut < UNREACHED) else {
                continue;
            };
            now = flips.iter().fold(now, |now, (_, entry)| flip(now, *entry));
            cuts.push(*cut);
            bits.push(now);
        }
        let (wholes, units) = (cuts.iter().map(|cut| key::first_whole(*cut)), cuts.iter());
        let (wholes, units) = (wholes.collect(), units.map(|cut| *cut as f64).collect());
        cuts.push(UNREACHED);
        bits.push(now & !SOUND);
        Self { key, cuts, wholes, units, bits }
    }

    fn bits(&self, key: Key) -> u64 {
        let segment = self.cuts.partition_point(|cut| *cut <= key);
        self.bits.get(segment).copied().unwrap_or_default()
    }

    fn between(&self, least: Key, greatest: Key) -> (u64, u64) {
        let segment = |key: Key| self.cuts.partition_point(|cut| *cut <= key);
        let bits = self.bits.get(segment(least)..=segment(greatest)).unwrap_or_default();
        let none = bits.is_empty();
        let fold = bits.iter().fold((0, u64::MAX), |(some, all), own| (some | own, all & own));
        if none { (0, 0) } else { fold }
    }
}
