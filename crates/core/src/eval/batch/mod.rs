//! The rows of a batch into classes: rows that no rule tells apart, so that one decision says what
//! becomes of all of them.
//!
//! Each value leaves some entries of the policy's index as bits of a word (see
//! [`Sieve`](crate::program::Sieve)); rows with the same words are of one class. Which entries a
//! value leaves is worked out once for each value of a dictionary, and from its key for numbers and
//! times. A row is of no class, and has to be judged by itself, where one of its values is not what
//! its field says, where a rule that may fire says more than the index knows, and where what is
//! decided depends on more than on which rules fire.

mod bounds;
mod classes;
mod lane;
mod order;
mod plain;
mod probe;
mod table;

use std::ops::Range;

use crate::eval::tell::Decision;
use crate::facts::columns::Opened;
use crate::program::Word;
use classes::{Classes, Prefix};
use lane::{Lane, lanes};
use plain::Memory;
use probe::Probe;
use table::Tables;

pub use classes::Class;
pub use order::Order;

/// How many rows are looked at column by column: few enough that their words stay at hand.
const STRETCH: usize = 1 << 10;

/// The memory for sorting one batch after another.
#[derive(Debug, Clone, Default)]
pub struct Sorter {
    classes: Classes,
    tables: Tables,
    /// The words of some rows as far as they have been read; `None` where they do not say all.
    prefixes: Vec<Option<Prefix>>,
    /// The class of each row of the last batch.
    rows: Vec<Option<Class>>,
}

impl Sorter {
    /// Sorts the rows of a batch. `decide` decides about one of them, by itself.
    pub fn sort(
        &mut self,
        order: Order<'_>,
        batch: &Opened<'_>,
        decide: impl FnMut(usize) -> Option<Decision>,
    ) {
        self.rows.clear();
        self.rows.resize(batch.rows, None);
        let Some(sieve) = order.policy.index.sieve().filter(|_| classes::is_sortable(order)) else {
            return;
        };
        let mut probe = Probe::new(order);
        let lanes = lanes(batch, &mut probe);
        let Some(lanes) = lanes else { return };
        self.tables.prepare(&lanes, sieve.words(), &mut probe);
        let count = sieve.words().len();
        let mut words = vec![0; count * STRETCH];
        let mut run = Run { order, lanes: &lanes, constants: None, decide };
        let mut memory = Memory::default();
        for start in (0..batch.rows).step_by(STRETCH) {
            let stretch = start..batch.rows.min(start + STRETCH);
            for ((at, word), words) in
                sieve.words().iter().enumerate().zip(words.chunks_mut(STRETCH))
            {
                words.fill(word.all());
                for (lane, table) in lanes.iter().zip(self.tables.of(&lanes)) {
                    lane.keep((at, word), table, stretch.clone(), &mut probe, &mut memory, words);
                }
            }
            self.class(sieve.words(), &words, stretch, &mut run);
        }
    }

    /// Finds the classes of some rows by their words.
    fn class<D: FnMut(usize) -> Option<Decision>>(
        &mut self,
        sieve: &[Word],
        words: &[u64],
        stretch: Range<usize>,
        run: &mut Run<'_, D>,
    ) {
        if run.constants.is_none() {
            let words = |row: usize| words.iter().skip(row).step_by(STRETCH);
            let is_sound = |row: &usize| words(*row).all(|word| Word::is_sound(*word));
            if let Some(sound) = (0..stretch.len()).find(is_sound) {
                run.learn(sieve, stretch.start + sound);
            }
        }
        let Some(constants) = &run.constants else { return };
        let Self { classes, prefixes, rows, .. } = self;
        prefixes.clear();
        prefixes.resize(stretch.len(), Some(Prefix::START));
        let words = sieve.iter().zip(words.chunks(STRETCH)).zip(constants);
        for (at, ((word, words), constant)) in words.enumerate() {
            classes.step(at, (word, *constant), words, prefixes);
        }
        let rows = rows.get_mut(stretch.clone()).unwrap_or_default();
        for ((row, prefix), class) in stretch.zip(&*prefixes).zip(rows) {
            *class = prefix.and_then(|prefix| classes.at(prefix, run.order, || (run.decide)(row)));
        }
    }

    /// The classes of the rows of the last batch, of those that are of one.
    pub fn classes(&self) -> &[Option<Class>] {
        &self.rows
    }

    /// The first row from a row on that is of no class.
    pub fn end_of_classed(&self, row: usize) -> usize {
        let rows = self.rows.get(row..).unwrap_or_default();
        row + rows.iter().position(Option::is_none).unwrap_or(rows.len())
    }

    /// What was decided about the rows of a class: outcomes, rules and faults. It has no record.
    pub fn decision(&self, class: Class) -> Option<&Decision> {
        self.classes.decision(class)
    }
}

/// The sorting of one batch.
struct Run<'b, D> {
    order: Order<'b>,
    lanes: &'b [Lane<'b>],
    /// What the values that no column holds leave of each word; there once a row has been read.
    constants: Option<Vec<u64>>,
    decide: D,
}

impl<D: FnMut(usize) -> Option<Decision>> Run<'_, D> {
    /// Learns from one sound row what all have in common.
    fn learn(&mut self, sieve: &[Word], row: usize) {
        let Some(decision) = (self.decide)(row) else { return };
        let sources = (0..).zip(self.order.policy.index.sources());
        let others =
            sources.filter(|(id, _)| !self.lanes.iter().any(|lane| lane.keys.contains(id)));
        let keys = others.map(|(id, source)| (id, probe::key(self.order, *source, decision.row())));
        let keys: Vec<_> = keys.collect();
        self.constants = Some(sieve.iter().map(|word| word.bits(&keys)).collect());
    }
}
