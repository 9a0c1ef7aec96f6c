//! What each of the distinct values of a column leaves of the words of a sieve.

use std::sync::Arc;

use arrow_array::ArrayRef;

use super::lane::{Form, Lane};
use super::probe::Probe;
use crate::program::Word;

/// For each word of a sieve, what each value of a column leaves of it; the last is for no value.
#[derive(Debug, Clone, Default)]
pub(super) struct Table {
    words: Vec<Vec<u64>>,
}

/// The tables of the columns of a batch, those of a dictionary kept as long as it is the same.
#[derive(Debug, Clone, Default)]
pub(super) struct Tables {
    kept: Vec<(u32, Option<ArrayRef>, Table)>,
}

impl Table {
    /// What the values leave of a word.
    pub(super) fn word(&self, at: usize) -> &[u64] {
        self.words.get(at).map_or(&[], Vec::as_slice)
    }
}

impl Tables {
    /// Makes the tables of some columns, or keeps those that are still right.
    pub(super) fn prepare(&mut self, lanes: &[Lane<'_>], sieve: &[Word], probe: &mut Probe<'_>) {
        let mut earlier = std::mem::take(&mut self.kept);
        for lane in lanes {
            let same = |kept: &ArrayRef, current: &ArrayRef| Arc::ptr_eq(kept, current);
            let at = earlier.iter().position(|(slot, array, _)| {
                *slot == lane.field.slot
                    && array.as_ref().zip(lane.array()).is_some_and(|(a, b)| same(a, b))
            });
            self.kept.push(match at {
                Some(at) => earlier.swap_remove(at),
                None => (lane.field.slot, lane.array().cloned(), Self::table(lane, sieve, probe)),
            });
        }
    }

    fn table(lane: &Lane<'_>, sieve: &[Word], probe: &mut Probe<'_>) -> Table {
        if !matches!(lane.form, Form::Coded(..)) {
            return Table::default();
        }
        let mut words = vec![Vec::new(); sieve.len()];
        lane.values(probe, &mut |keys| {
            for (words, word) in words.iter_mut().zip(sieve) {
                words.push(word.bits(keys));
            }
        });
        Table { words }
    }

    /// The tables, in the order of the columns for which they were made.
    pub(super) fn of(&self, lanes: &[Lane<'_>]) -> impl Iterator<Item = &Table> {
        self.kept.iter().take(lanes.len()).map(|(_, _, table)| table)
    }
}
