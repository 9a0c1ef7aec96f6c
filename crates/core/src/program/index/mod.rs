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
mod entry;
pub(crate) mod key;
mod leaf;
#[cfg(feature = "batch")]
mod sieve;

use super::Keyed;
use key::Texts;
use rulebook_lang::model::{Store, Time};

pub(super) use build::build;
pub(super) use classifier::Classifier;
pub use entry::{Entry, Set, Sets};
pub(super) use key::Tests;
pub(crate) use key::{Key, KeySource};
#[cfg(feature = "batch")]
pub(crate) use key::{KeyId, UNREACHED};
pub(super) use leaf::ones;
#[cfg(feature = "batch")]
pub use sieve::{Sieve, Word};

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
    /// The same entries for sorting many rows, unless they are too many.
    #[cfg(feature = "batch")]
    sieve: Option<Sieve>,
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
        debug_assert!((number as usize) < self.sets.len(), "what a rule of another index sets");
        self.sets.get(number as usize)
    }

    /// Finds the keys of the values that rules test.
    pub(super) fn find_keys(&self, store: &Store, keys: &mut Vec<Key>) {
        keys.clear();
        keys.extend(self.sources.iter().map(|source| match source {
            KeySource::Slot(slot) => key::key(store, *slot, &self.texts),
            KeySource::Version(slot) => key::key_of_version(store, *slot),
            // Known once the record is judged.
            KeySource::Date(_) | KeySource::Now => 0,
        }));
    }

    /// Where the values come from that rules test.
    #[cfg(feature = "batch")]
    pub(crate) fn sources(&self) -> &[KeySource] {
        &self.sources
    }

    /// The entries for sorting many rows, unless they are too many.
    #[cfg(feature = "batch")]
    pub(crate) fn sieve(&self) -> Option<&Sieve> {
        self.sieve.as_ref()
    }

    /// The key of a value that rules test, as [`Index::search`] has it.
    #[cfg(feature = "batch")]
    pub(crate) fn key(
        &self,
        source: KeySource,
        store: &Store,
        now: Time,
        date: impl Fn(Option<u32>) -> Time,
    ) -> Key {
        match source {
            KeySource::Slot(slot) => key::key(store, slot, &self.texts),
            KeySource::Version(slot) => key::key_of_version(store, slot),
            source => time_key(source, now, date).unwrap_or(UNREACHED),
        }
    }

    /// The key of a text.
    #[cfg(feature = "batch")]
    pub(crate) fn text_key(&self, text: &str) -> Key {
        self.texts.key(text)
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
            let keyed = self.sources.iter().zip(row.keys);
            keys.extend(keyed.map(|(source, key)| time_key(*source, now, &date).unwrap_or(*key)));
            &*keys
        } else {
            row.keys
        };
        let entries = self.entries.as_slice();
        // Moved, so that what the closure needs stands in it and not behind references.
        let found = &mut move |first, bits| collect(entries, first, bits, &mut found);
        self.classifier.search(keys, words, found);
    }
}

/// The key of a time of the evaluation; `None` for a value of the record.
#[inline]
fn time_key(source: KeySource, now: Time, date: impl Fn(Option<u32>) -> Time) -> Option<Key> {
    match source {
        KeySource::Slot(_) | KeySource::Version(_) => None,
        KeySource::Date(slot) => Some(key::of_time(date(slot))),
        KeySource::Now => Some(key::of_time(now)),
    }
}

/// Finds the entries whose bits are set; the lowest bit is that of entry `first`.
#[inline]
fn collect(entries: &[Entry], first: u32, bits: u64, found: &mut impl FnMut(&Entry)) {
    let entries = entries.get(first as usize..).unwrap_or_default();
    ones(bits).filter_map(|at| entries.get(at as usize)).for_each(found);
}
