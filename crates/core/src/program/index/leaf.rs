//! Entries as bits: for every key, which of them accept the values of each segment.

use super::key::{Key, KeyId, UNREACHED};
use rulebook_lang::model::Ranges;

/// How many entries one word of bits has room for.
pub(super) const WORD: usize = 64;

/// The numbers of the bits that are set, the lowest first.
pub(in crate::program) fn ones(mut bits: u64) -> impl Iterator<Item = u32> {
    std::iter::from_fn(move || {
        let lowest = (bits != 0).then(|| bits.trailing_zeros());
        bits &= bits.wrapping_sub(1);
        lowest
    })
}

/// What the entries of a leaf accept of one key, by the number of the entry within the leaf; those
/// that are not named accept anything.
pub(super) type Column<'t> = (KeyId, Vec<(u32, &'t Ranges)>);

/// Leaves of at most [`WORD`] entries. All that a leaf needs stands in one run of words, since
/// fetching it from memory costs more than looking at it:
///
/// - the number of its first entry, and how many columns it has;
/// - the bits of all its entries;
/// - two words for each column: its key, and how many groups of cuts it has; where in the run its
///   own words stand, and how many values it has;
/// - the words of each column. Where the keys at which anything changes are few and close, and the
///   same entries accept the keys before and behind them, that is the first of these keys and the
///   bits of each, then the bits of all other keys: the way of enums, texts and truth values. Else
///   it is the keys at which segments begin, in groups of [`GROUP`], and the bits of each segment.
#[derive(Debug, Default)]
pub(super) struct Narrow(Vec<u64>);

/// How many cuts are compared at once.
const GROUP: usize = 4;

/// How many values have bits of their own.
const MOST_VALUES: u64 = 64;

impl Narrow {
    /// Adds a leaf of `count` entries and returns where it stands.
    pub(super) fn add(&mut self, first: u32, count: usize, columns: &[Column<'_>]) -> u32 {
        let place = self.0.len();
        let mut all = 0;
        all_bits(count, std::slice::from_mut(&mut all));
        self.0.extend([pair(first as usize, columns.len()), all]);
        let heads = self.0.len();
        self.0.resize(heads + 2 * columns.len(), 0);
        for (at, (key, tests)) in columns.iter().enumerate() {
            let start = self.0.len() - place;
            let (groups, values) = self.add_column(all, tests);
            let head = [pair(*key as usize, groups), pair(start, values)];
            for (word, head) in self.0.iter_mut().skip(heads + 2 * at).zip(head) {
                *word = head;
            }
        }
        index(place)
    }

    /// Adds the words of a column; returns how many groups of cuts and how many values it has.
    fn add_column(&mut self, all: u64, tests: &[(u32, &Ranges)]) -> (usize, usize) {
        let (off, flips) = flips(tests);
        let flipped = |bits: u64, flips: &[(Key, u32)]| {
            flips.iter().fold(bits, |bits, (_, entry)| bits ^ (1 << entry))
        };
        let before = off.into_iter().fold(all, |bits, entry| bits ^ (1 << entry));
        let behind = flipped(before, &flips);
        let first = flips.first().map_or(0, |(cut, _)| *cut);
        let last = flips.last().map_or(0, |(cut, _)| *cut);
        let by_value = before == behind && last.abs_diff(first) < MOST_VALUES;
        let (mut cuts, mut bits) = (Vec::new(), if by_value { vec![] } else { vec![before] });
        let mut now = before;
        for flips in flips.chunk_by(|a, b| a.0 == b.0) {
            let cut = flips.first().map_or(0, |(cut, _)| *cut);
            if by_value {
                bits.resize(usize::try_from(cut.abs_diff(first)).unwrap_or_default(), now);
            } else {
                cuts.push(cut);
            }
            now = flipped(now, flips);
            if !by_value {
                bits.push(now);
            }
        }
        let values = bits.len();
        if by_value {
            self.0.push(first.cast_unsigned());
            bits.push(behind);
        }
        cuts.resize(cuts.len().next_multiple_of(GROUP), UNREACHED);
        self.0.extend(cuts.iter().map(|cut| cut.cast_unsigned()));
        self.0.extend(&bits);
        (cuts.len() / GROUP, values)
    }

    /// The number of the first entry of the leaf at a place, and the bits of those of its entries
    /// that accept all keys.
    #[inline]
    pub(super) fn matches(&self, place: u32, keys: &[Key]) -> (u32, u64) {
        let leaf = self.0.get(place as usize..).unwrap_or_default();
        let [head, all, rest @ ..] = leaf else { return (0, 0) };
        let (first, columns) = halves(*head);
        let (heads, _) = rest.get(..2 * columns).unwrap_or_default().as_chunks();
        let bits = heads.iter().fold(*all, |bits, [head, own]| {
            let ((key, groups), (start, values)) = (halves(*head), halves(*own));
            let key = keys.get(key).copied().unwrap_or_default();
            let words = leaf.get(start..).unwrap_or_default();
            bits & if groups == 0 {
                by_value(words, values, key)
            } else {
                by_cuts(words, groups, key)
            }
        });
        (index(first), bits)
    }
}

/// The bits of a key in a column of `values`.
#[inline]
fn by_value(words: &[u64], values: usize, key: Key) -> u64 {
    let Some((first, bits)) = words.split_first() else { return 0 };
    // A key before the first wraps around, and so lies beyond the last.
    let value = key.cast_unsigned().wrapping_sub(*first).min(values as u64);
    bits.get(value as usize).copied().unwrap_or_default()
}

/// The bits of a key in a column with cuts.
#[inline]
fn by_cuts(words: &[u64], groups: usize, key: Key) -> u64 {
    let (mut segment, mut rest) = (0, words);
    // Comparing with all of them is faster than jumping between them.
    for _ in 0..groups {
        let Some((cuts, behind)) = rest.split_first_chunk::<GROUP>() else { return 0 };
        segment += cuts.iter().map(|cut| usize::from(cut.cast_signed() <= key)).sum::<usize>();
        rest = behind;
    }
    rest.get(segment).copied().unwrap_or_default()
}

/// Two numbers as one word.
fn pair(low: usize, high: usize) -> u64 {
    u64::from(index(low)) | u64::from(index(high)) << 32
}

/// The two numbers of a word.
#[inline]
fn halves(word: u64) -> (usize, usize) {
    ((word & u64::from(u32::MAX)) as usize, (word >> 32) as usize)
}

/// A leaf of any number of entries.
#[derive(Debug)]
pub(super) struct Wide {
    /// The number of its first entry.
    pub(super) first: u32,
    count: usize,
    columns: Vec<WideColumn>,
}

/// Storing the bits of every segment would take the square of the number of entries, so only those
/// of some segments are stored; those of the others are the last stored ones with some entries
/// flipped.
#[derive(Debug)]
struct WideColumn {
    key: KeyId,
    cuts: Vec<Key>,
    /// For each segment, the stored bits that it starts from, and the flips that lead to it.
    segments: Vec<Segment>,
    stored: Vec<u64>,
    flips: Vec<u32>,
}

#[derive(Debug, Clone, Copy)]
struct Segment {
    stored: u32,
    flips: (u32, u32),
}

impl Wide {
    pub(super) fn new(first: u32, count: usize, columns: &[Column<'_>]) -> Self {
        let columns = columns.iter().map(|(key, tests)| WideColumn::new(*key, count, tests));
        Self { first, count, columns: columns.collect() }
    }

    /// The bits of the entries that accept all keys. `words` is memory to work in.
    pub(super) fn matches<'w>(&self, keys: &[Key], words: &'w mut Vec<u64>) -> &'w [u64] {
        let count = self.count.div_ceil(WORD);
        // What the words hold from another record is written over.
        words.resize(2 * count, 0);
        let (kept, own) = words.split_at_mut(count);
        let key = |column: &WideColumn| keys.get(column.key as usize).copied().unwrap_or_default();
        match self.columns.split_first() {
            None => all_bits(self.count, kept),
            Some((first, rest)) => {
                first.read(key(first), kept);
                for column in rest {
                    column.read(key(column), own);
                    kept.iter_mut().zip(&*own).for_each(|(kept, own)| *kept &= own);
                }
            }
        }
        kept
    }
}

impl WideColumn {
    fn new(key: KeyId, count: usize, tests: &[(u32, &Ranges)]) -> Self {
        let words = count.div_ceil(WORD);
        // A quarter as many flips as words cost about as much as reading the words does.
        let most_flips = words.div_ceil(4);
        let (initial, flips) = flips(tests);
        let mut bits = vec![0; words];
        all_bits(count, &mut bits);
        for entry in initial {
            flip(&mut bits, entry);
        }
        let mut column = Self {
            key,
            cuts: Vec::new(),
            segments: vec![Segment { stored: 0, flips: (0, 0) }],
            stored: bits.clone(),
            flips: Vec::with_capacity(flips.len()),
        };
        let mut stored = 0;
        let mut since = 0;
        for group in flips.chunk_by(|a, b| a.0 == b.0) {
            column.cuts.extend(group.first().map(|(cut, _)| *cut));
            for (_, entry) in group {
                flip(&mut bits, *entry);
                column.flips.push(*entry);
            }
            if column.flips.len() - since > most_flips {
                stored = index(column.stored.len());
                since = column.flips.len();
                column.stored.extend_from_slice(&bits);
            }
            let flips = (index(since), index(column.flips.len()));
            column.segments.push(Segment { stored, flips });
        }
        column.cuts.shrink_to_fit();
        column.stored.shrink_to_fit();
        column
    }

    /// Writes the bits of the entries that accept a key.
    fn read(&self, key: Key, bits: &mut [u64]) {
        let Some(segment) = self.segments.get(self.cuts.partition_point(|cut| *cut <= key)) else {
            return;
        };
        let stored = self.stored.get(segment.stored as usize..).unwrap_or_default();
        for (bits, stored) in bits.iter_mut().zip(stored) {
            *bits = *stored;
        }
        for entry in slice(&self.flips, segment.flips) {
            flip(bits, *entry);
        }
    }
}

/// The entries that do not accept the first segment, and the keys at which entries begin or cease
/// to accept, in order.
pub(super) fn flips(tests: &[(u32, &Ranges)]) -> (Vec<u32>, Vec<(Key, u32)>) {
    let mut initial = Vec::new();
    let mut flips = Vec::with_capacity(2 * tests.len());
    for (entry, ranges) in tests {
        if ranges.iter().next().is_none_or(|(low, _)| low > Key::MIN) {
            initial.push(*entry);
        }
        for (low, high) in ranges.iter() {
            flips.extend((low > Key::MIN).then_some((low, *entry)));
            flips.extend(high.checked_add(1).map(|after| (after, *entry)));
        }
    }
    flips.sort_unstable();
    (initial, flips)
}

fn flip(bits: &mut [u64], entry: u32) {
    if let Some(word) = bits.get_mut(entry as usize / WORD) {
        *word ^= 1 << (entry as usize % WORD);
    }
}

/// Sets the first `count` bits.
fn all_bits(count: usize, bits: &mut [u64]) {
    for (at, word) in bits.iter_mut().enumerate() {
        let rest = count.saturating_sub(at * WORD);
        *word = if rest >= WORD { u64::MAX } else { (1 << rest) - 1 };
    }
}

fn slice<T>(all: &[T], (start, end): (u32, u32)) -> &[T] {
    all.get(start as usize..end as usize).unwrap_or_default()
}

fn index(length: usize) -> u32 {
    u32::try_from(length).unwrap_or(u32::MAX)
}
