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
mod classifier;
mod condition;
mod key;
mod leaf;

use super::{DecisionId, Effect, Keyed, NodeId, RuleId};
use crate::model::{Cell, Store, Time};
use key::{Key, Texts};

pub(super) use build::build;
pub(super) use classifier::Classifier;
pub(super) use condition::Tests;

/// The number of a value that rules test.
pub(super) type KeyId = u32;

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
    pub phase: Option<u16>,
    /// What it does in that phase.
    pub effect: Effect,
    /// Whether the rule fires wherever its tests hold; otherwise its conditions are evaluated.
    pub certain: bool,
    /// What it sets.
    pub sets: Sets,
}

/// Where the index keeps what a rule sets.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Sets {
    /// The number of the first.
    pub start: u32,
    count: u16,
}

/// What a rule sets when it fires.
#[derive(Debug, Clone, Copy)]
pub struct Set {
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
    /// Whether any key depends on the times of an evaluation.
    has_times: bool,
    texts: Texts,
    entries: Vec<Entry>,
    sets: Vec<Set>,
    classifier: Classifier,
}

/// The memory that a search needs, kept from record to record.
#[derive(Debug, Clone, Default)]
pub struct Search {
    keys: Vec<Key>,
    words: Vec<u64>,
}

impl Index {
    /// What a rule sets.
    pub fn sets(&self, sets: Sets) -> &[Set] {
        let start = sets.start as usize;
        self.sets.get(start..start + usize::from(sets.count)).unwrap_or_default()
    }

    /// One of the things that rules set.
    pub fn set(&self, number: u32) -> Option<&Set> {
        self.sets.get(number as usize)
    }

    /// Finds the keys of the values that rules test.
    pub(super) fn find_keys(&self, store: &Store, keys: &mut Vec<Key>) {
        keys.clear();
        keys.extend(self.sources.iter().map(|source| match source {
            KeySource::Slot(slot) => key::key(store, *slot, &self.texts),
            // Known once the record is judged.
            KeySource::Date(_) | KeySource::Now => 0,
        }));
    }

    /// Finds the entries whose tests a record passes, in any order; a rule with several alternatives
    /// may be found several times. `date` gives the date by which rules with a `dated by` of their
    /// own (by its slot) or without one are in force.
    pub fn search(
        &self,
        row: Keyed<'_>,
        now: Time,
        date: impl Fn(Option<u32>) -> Time,
        search: &mut Search,
        mut found: impl FnMut(&Entry),
    ) {
        let Search { keys, words } = search;
        let keys = if self.has_times {
            keys.clear();
            keys.extend(self.sources.iter().zip(row.keys).map(|(source, key)| match source {
                KeySource::Slot(_) => *key,
                KeySource::Date(slot) => key::of_time(date(*slot)),
                KeySource::Now => key::of_time(now),
            }));
            &*keys
        } else {
            row.keys
        };
        self.classifier.search(keys, words, &mut |first, bits| {
            self.collect(first, bits, &mut found);
        });
    }

    /// Finds the entries whose bits are set; the lowest bit is that of entry `first`.
    fn collect(&self, first: u32, bits: u64, found: &mut impl FnMut(&Entry)) {
        let entries = self.entries.get(first as usize..).unwrap_or_default();
        ones(bits).filter_map(|at| entries.get(at as usize)).for_each(found);
    }
}

/// The numbers of the bits that are set, the lowest first.
pub(super) fn ones(mut bits: u64) -> impl Iterator<Item = u32> {
    std::iter::from_fn(move || {
        let lowest = (bits != 0).then(|| bits.trailing_zeros());
        bits &= bits.wrapping_sub(1);
        lowest
    })
}
