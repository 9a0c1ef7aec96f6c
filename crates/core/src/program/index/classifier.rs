//! Finds those of many conjunctions of ranges that hold for a row of keys: by the values of a key
//! where these lead to few, else by the bits of each key's segments.

use rustc_hash::FxHashMap;

use super::key::{Key, KeyId, Tests};
use super::leaf::{Column, Narrow, WORD, Wide, ones};
use rulebook_lang::model::Ranges;

/// With more values than this, a test does not lead to its entry by value.
const MOST_VALUES: u64 = 4;

/// Entries by what they test. They are told by their places, which are those that
/// [`Classifier::new`] gives them.
#[derive(Debug, Default)]
pub(in crate::program) struct Classifier {
    /// The parts where every search begins.
    roots: Parts,
    parts: Vec<Part>,
    narrow: Narrow,
}

/// A range of [`Classifier::parts`].
#[derive(Debug, Clone, Copy, Default)]
struct Parts {
    start: u32,
    end: u32,
}

/// Some of the entries.
#[derive(Debug)]
enum Part {
    /// Few enough for one word of bits; where they stand among the narrow leaves.
    Narrow(u32),
    /// Many.
    Wide(Box<Wide>),
    /// Those that accept only a few values of one key, by value.
    Dispatch(KeyId, Box<FxHashMap<Key, Parts>>),
}

impl Classifier {
    /// A classifier of entries by their tests, and the number of the entry at each place. Entries
    /// of one leaf keep their order; an entry may stand at several places, of which a search finds
    /// one.
    pub(in crate::program) fn new(tests: &[Tests]) -> (Self, Vec<u32>) {
        let order = Vec::with_capacity(tests.len());
        let mut builder = Builder { tests, order, classifier: Self::default() };
        let all = (0..).zip(tests).map(|(at, _)| at).collect();
        builder.classifier.roots = builder.parts_of(all, &mut Vec::new());
        (builder.classifier, builder.order)
    }

    /// Finds the entries whose tests hold, in any order: calls `found` with the place of an entry,
    /// and bits for it and the next ones, the lowest for itself. `words` is memory to work in.
    #[inline]
    pub(in crate::program) fn search(
        &self,
        keys: &[Key],
        words: &mut Vec<u64>,
        found: &mut impl FnMut(u32, u64),
    ) {
        self.visit(self.roots, keys, words, found);
    }

    fn visit(
        &self,
        parts: Parts,
        keys: &[Key],
        words: &mut Vec<u64>,
        found: &mut impl FnMut(u32, u64),
    ) {
        let parts = self.parts.get(parts.start as usize..parts.end as usize);
        for part in parts.unwrap_or_default() {
            match part {
                Part::Narrow(leaf) => {
                    let (first, bits) = self.narrow.matches(*leaf, keys);
                    found(first, bits);
                }
                Part::Wide(leaf) => {
                    let mut first = leaf.first;
                    for words in leaf.matches(keys, words).chunks(WORD) {
                        // Whether a word has any bits cannot be foreseen, so it is not asked word by
                        // word.
                        let filled = words
                            .iter()
                            .rev()
                            .fold(0, |filled, word| filled << 1 | u64::from(*word != 0));
                        for at in ones(filled) {
                            let bits = words.get(at as usize).copied().unwrap_or_default();
                            found(first + at * u64::BITS, bits);
                        }
                        first += u64::BITS * u64::BITS;
                    }
                }
                Part::Dispatch(id, table) => {
                    let key = keys.get(*id as usize);
                    if let Some(parts) = key.and_then(|key| table.get(key)) {
                        self.visit(*parts, keys, words, found);
                    }
                }
            }
        }
    }
}

struct Builder<'t> {
    /// What each entry tests.
    tests: &'t [Tests],
    order: Vec<u32>,
    classifier: Classifier,
}

impl<'t> Builder<'t> {
    /// Parts for entries that stand in order. The keys in `led` have led to them and need no test.
    fn parts_of(&mut self, mut entries: Vec<u32>, led: &mut Vec<KeyId>) -> Parts {
        let mut parts = Vec::new();
        while entries.len() > WORD
            && let Some(key) = self.most_selective(&entries, led)
        {
            let (by_value, rest) =
                entries.into_iter().partition(|at| self.values(*at, key).is_some());
            parts.push(self.dispatch(key, by_value, led));
            entries = rest;
        }
        if !entries.is_empty() {
            parts.push(self.leaf(&entries, led));
        }
        let start = index(self.classifier.parts.len());
        self.classifier.parts.append(&mut parts);
        Parts { start, end: index(self.classifier.parts.len()) }
    }

    fn dispatch(&mut self, key: KeyId, entries: Vec<u32>, led: &mut Vec<KeyId>) -> Part {
        let values = entries
            .iter()
            .flat_map(|at| self.values(*at, key).into_iter().flatten().map(|value| (value, *at)));
        let mut values: Vec<(Key, u32)> = values.collect();
        values.sort_unstable();
        let mut table = FxHashMap::default();
        led.push(key);
        for group in values.chunk_by(|a, b| a.0 == b.0) {
            let entries = group.iter().map(|(_, at)| *at).collect();
            let parts = self.parts_of(entries, led);
            table.extend(group.first().map(|(value, _)| (*value, parts)));
        }
        led.pop();
        Part::Dispatch(key, Box::new(table))
    }

    /// What an entry tests.
    fn tests(&self, at: u32) -> impl Iterator<Item = (KeyId, &'t Ranges)> + use<'t> {
        let tests = self.tests.get(at as usize);
        tests.into_iter().flatten().map(|(key, ranges)| (*key, ranges))
    }

    /// The few values of a key that an entry accepts.
    fn values(&self, at: u32, key: KeyId) -> Option<impl Iterator<Item = Key> + use<'t>> {
        let (_, ranges) = self.tests(at).find(|(known, _)| *known == key)?;
        ranges.as_points(MOST_VALUES)
    }

    /// The key whose values lead to the most entries, if that is worth it: the entries of one
    /// value must be far fewer than all.
    fn most_selective(&self, entries: &[u32], led: &[KeyId]) -> Option<KeyId> {
        let mut counts: FxHashMap<KeyId, (usize, FxHashMap<Key, usize>)> = FxHashMap::default();
        for (key, ranges) in entries.iter().flat_map(|at| self.tests(*at)) {
            let Some(points) = ranges.as_points(MOST_VALUES) else { continue };
            let (count, values) = counts.entry(key).or_default();
            *count += 1;
            for point in points {
                *values.entry(point).or_default() += 1;
            }
        }
        let gain = |(count, values): &(usize, FxHashMap<Key, usize>)| {
            let largest = values.values().copied().max().unwrap_or(0);
            count.saturating_sub(largest)
        };
        let free = counts.iter().filter(|(key, _)| !led.contains(key));
        let best = free.max_by_key(|(key, led)| (gain(led), std::cmp::Reverse(**key)));
        best.filter(|(_, led)| gain(led) >= WORD).map(|(key, _)| *key)
    }

    fn leaf(&mut self, entries: &[u32], led: &[KeyId]) -> Part {
        let first = index(self.order.len());
        self.order.extend_from_slice(entries);
        let mut columns: Vec<Column<'_>> = Vec::new();
        for (own, at) in (0..).zip(entries) {
            for (key, ranges) in self.tests(*at).filter(|(key, _)| !led.contains(key)) {
                match columns.iter_mut().find(|(known, _)| *known == key) {
                    Some((_, column)) => column.push((own, ranges)),
                    None => columns.push((key, vec![(own, ranges)])),
                }
            }
        }
        if entries.len() <= WORD {
            Part::Narrow(self.classifier.narrow.add(first, entries.len(), &columns))
        } else {
            Part::Wide(Box::new(Wide::new(first, entries.len(), &columns)))
        }
    }
}

fn index(length: usize) -> u32 {
    u32::try_from(length).unwrap_or(u32::MAX)
}
