//! Entries as bits: for every key, which of them accept the values of each segment.

use super::KeyId;
use super::key::Key;
use super::ranges::Ranges;

/// How many entries one word of bits has room for.
pub(super) const WORD: usize = 64;

/// Leaves of at most [`WORD`] entries. Their columns, cuts and bits lie one behind the other, so
/// that what is read together stands together.
#[derive(Debug, Default)]
pub(super) struct Narrow {
    columns: Vec<NarrowColumn>,
    cuts: Vec<Key>,
    bits: Vec<u64>,
}

/// A leaf of [`Narrow`].
#[derive(Debug, Clone, Copy)]
pub(super) struct NarrowLeaf {
    /// The number of its first entry.
    pub(super) first: u32,
    /// The bits of all its entries.
    all: u64,
    columns: (u32, u32),
}

#[derive(Debug, Clone, Copy)]
struct NarrowColumn {
    key: KeyId,
    /// The keys at which segments begin, the first segment apart.
    cuts: (u32, u32),
    /// The bits of the first segment; those of the others follow.
    bits: u32,
}

/// What the entries of a leaf accept of one key, by the number of the entry within the leaf; those
/// that are not named accept anything.
pub(super) type Column<'t> = (KeyId, Vec<(u32, &'t Ranges)>);

impl Narrow {
    /// Adds a leaf of `count` entries.
    pub(super) fn add(&mut self, first: u32, count: usize, columns: &[Column<'_>]) -> NarrowLeaf {
        let mut all = 0;
        all_bits(count, std::slice::from_mut(&mut all));
        let start = index(self.columns.len());
        for (key, tests) in columns {
            let (off, flips) = flips(tests);
            let mut bits = off.into_iter().fold(all, |bits, entry| bits ^ (1 << entry));
            let (first_cut, first_bits) = (index(self.cuts.len()), index(self.bits.len()));
            self.bits.push(bits);
            for flips in flips.chunk_by(|a, b| a.0 == b.0) {
                bits = flips.iter().fold(bits, |bits, (_, entry)| bits ^ (1 << entry));
                self.cuts.extend(flips.first().map(|(cut, _)| *cut));
                self.bits.push(bits);
            }
            let cuts = (first_cut, index(self.cuts.len()));
            self.columns.push(NarrowColumn { key: *key, cuts, bits: first_bits });
        }
        NarrowLeaf { first, all, columns: (start, index(self.columns.len())) }
    }

    /// The bits of the entries that accept all keys.
    pub(super) fn matches(&self, leaf: &NarrowLeaf, keys: &[Key]) -> u64 {
        let mut bits = leaf.all;
        for column in slice(&self.columns, leaf.columns) {
            let key = keys.get(column.key as usize).copied().unwrap_or_default();
            let segment = segment(slice(&self.cuts, column.cuts), key);
            bits &= self.bits.get(column.bits as usize + segment).copied().unwrap_or_default();
        }
        bits
    }
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
        words.clear();
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
        let Some(segment) = self.segments.get(segment(&self.cuts, key)) else { return };
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
fn flips(tests: &[(u32, &Ranges)]) -> (Vec<u32>, Vec<(Key, u32)>) {
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

/// The number of the segment that a key lies in.
fn segment(cuts: &[Key], key: Key) -> usize {
    // Counting a few is faster than jumping between them.
    const FEW: usize = 24;
    if cuts.len() <= FEW {
        cuts.iter().map(|cut| usize::from(*cut <= key)).sum()
    } else {
        cuts.partition_point(|cut| *cut <= key)
    }
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
