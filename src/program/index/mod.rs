//! Finds the rules that may fire on a record without looking at the others.
//!
//! Every condition that compares one value with constants says which ranges of that value it
//! accepts, and so do the dates between which a phase is in force. For each such value, the ends
//! of all ranges cut the line of its keys into segments, and each segment has a set of bits: one
//! for each rule that accepts the values there. A record lies in one segment of each value; the
//! rules whose bits are set in all of them are the candidates. Where many rules name one value of
//! a field (or one of a few), that value leads to them first.
//!
//! The method is the bit-vector packet classification of Lakshman and Stiliadis (SIGCOMM 1998),
//! whose rules are conjunctions of ranges, too.

mod build;
mod condition;
mod key;
mod leaf;
mod ranges;

use rustc_hash::FxHashMap;

use super::{DecisionId, Effect, NodeId, RuleId};
use crate::model::{Cell, Store, Time};
use key::{Key, Texts};
use leaf::{Narrow, Wide};

pub(super) use build::build;

/// The number of a value that rules test.
type KeyId = u32;

/// Where a value that rules test comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum KeySource {
    /// A slot of the row.
    Slot(u32),
    /// The date by which rules are in force: what the slot of their own `dated by` holds, else the
    /// policy's.
    Date(Option<u32>),
    /// The time of the evaluation.
    Now,
}

/// A rule in one phase, as far as tests of single values tell whether it fires.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Entry {
    /// Which rule.
    pub rule: RuleId,
    /// Its phase, if it has phases and is certain.
    pub phase: Option<u32>,
    /// What it does in that phase.
    pub effect: Effect,
    /// Whether the rule fires wherever its tests hold; otherwise its conditions are evaluated.
    pub certain: bool,
    /// What it sets, among the gifts of the index.
    gifts: (u32, u32),
}

/// What a rule sets when it fires.
#[derive(Debug, Clone, Copy)]
pub struct Gift {
    /// Which decision.
    pub decision: DecisionId,
    /// What gives the value.
    pub node: NodeId,
    /// The value, where it is the same for every record and needs no store.
    pub value: Option<Cell>,
}

/// The rules of a policy by the values that they accept.
#[derive(Debug, Default)]
pub struct Index {
    sources: Vec<KeySource>,
    texts: Texts,
    entries: Vec<Entry>,
    gifts: Vec<Gift>,
    parts: Vec<Part>,
    /// The leaves with few entries, one behind the other.
    narrow: Narrow,
}

/// Some of the rules.
#[derive(Debug)]
enum Part {
    /// Few enough for one word of bits.
    Narrow(leaf::NarrowLeaf),
    /// Many.
    Wide(Wide),
    /// Those that accept only a few values of one key, by value.
    Dispatch(KeyId, FxHashMap<Key, Vec<Part>>),
}

/// The memory that a search needs, kept from record to record.
#[derive(Debug, Clone, Default)]
pub struct Search {
    keys: Vec<Key>,
    words: Vec<u64>,
    found: Vec<Entry>,
}

impl Search {
    /// What the search found, in text order; each rule once.
    pub fn found(&self) -> &[Entry] {
        &self.found
    }
}

impl Index {
    /// Finds the entries whose tests a record passes. `date` gives the date by which rules with a
    /// `dated by` of their own (by its slot) or without one are in force.
    pub fn search(
        &self,
        row: &Store,
        now: Time,
        date: impl Fn(Option<u32>) -> Time,
        search: &mut Search,
    ) {
        let Search { keys, words, found } = search;
        keys.clear();
        keys.extend(self.sources.iter().map(|source| match source {
            KeySource::Slot(slot) => key::key(row, *slot, &self.texts),
            KeySource::Date(slot) => key::of_time(date(*slot)),
            KeySource::Now => key::of_time(now),
        }));
        found.clear();
        self.visit(&self.parts, keys, words, found);
        // The parts take turns, and a rule may have an entry in several of them, or several
        // alternatives that hold.
        if !found.is_sorted_by_key(|entry| entry.rule) {
            found.sort_unstable_by_key(|entry| entry.rule);
        }
        found.dedup_by_key(|entry| entry.rule);
    }

    /// What the rule of an entry sets.
    pub fn gifts(&self, entry: &Entry) -> &[Gift] {
        let (start, end) = entry.gifts;
        self.gifts.get(start as usize..end as usize).unwrap_or_default()
    }

    fn visit(&self, parts: &[Part], keys: &[Key], words: &mut Vec<u64>, found: &mut Vec<Entry>) {
        for part in parts {
            match part {
                Part::Narrow(leaf) => {
                    let mut bits = self.narrow.matches(leaf, keys);
                    while bits != 0 {
                        let at = leaf.first as usize + bits.trailing_zeros() as usize;
                        found.extend(self.entries.get(at));
                        bits &= bits - 1;
                    }
                }
                Part::Wide(leaf) => {
                    for (at, word) in leaf.matches(keys, words).iter().enumerate() {
                        let mut bits = *word;
                        while bits != 0 {
                            let at = leaf.first as usize + at * 64 + bits.trailing_zeros() as usize;
                            found.extend(self.entries.get(at));
                            bits &= bits - 1;
                        }
                    }
                }
                Part::Dispatch(id, table) => {
                    let key = keys.get(*id as usize);
                    if let Some(parts) = key.and_then(|key| table.get(key)) {
                        self.visit(parts, keys, words, found);
                    }
                }
            }
        }
    }
}
