//! Decision tables: the rows that accept an input, found by the bits of their columns.

use std::fmt::Write as _;
use std::ops::ControlFlow;

use smallvec::SmallVec;

use super::index::{Narrow, WORD};
use super::layout::add_constant;
use super::listing::shown;
use super::zero_of;
use crate::check::typed::{self, Domain};
use crate::lang::combiner::Hits;
use crate::model::{Cell, Key, Ranges, Store, Time, Value};
use crate::source::Span;

/// A compiled decision table.
#[derive(Debug)]
pub struct Table {
    /// The name.
    pub name: String,
    /// How the rows that match become one value.
    pub hits: Hits,
    /// Where each row was written.
    pub rows: Vec<Span>,
    /// The values that rows tell apart in each input, and in the date used.
    inputs: Vec<Domain>,
    dates: Option<Domain>,
    /// The outputs of one row after the other, and how many a row has.
    outputs: Vec<Cell>,
    width: usize,
    /// The sum of no rows.
    pub(crate) zero: Cell,
    /// The rows by what they accept, a word of bits after the other.
    bits: Narrow,
    words: Vec<u32>,
}

/// The numbers of an input's values in the domains of their columns.
pub(crate) type Numbers = SmallVec<[Key; 8]>;

impl Table {
    pub(super) fn new(table: typed::Table, constants: &mut Store) -> Self {
        let domains: Vec<_> =
            table.inputs.iter().map(|input| &input.domain).chain(&table.dates).collect();
        let universe: Vec<Ranges> = domains.iter().map(|domain| domain.universe()).collect();
        let mut bits = Narrow::default();
        let words = (0..).step_by(WORD).zip(table.rows.chunks(WORD)).map(|(first, rows)| {
            let columns = (0..).zip(&universe).map(|(column, universe)| {
                let tests = (0..).zip(rows).filter_map(|(row, own)| {
                    let accepts = own.accepts.get(column as usize)?;
                    (!accepts.covers(universe)).then_some((row, accepts))
                });
                (column, tests.collect::<Vec<_>>())
            });
            let columns: Vec<_> = columns.filter(|(_, tests)| !tests.is_empty()).collect();
            bits.add(first, rows.len(), &columns)
        });
        let words = words.collect();
        let outputs = table.rows.iter().flat_map(|row| &row.outputs);
        Self {
            hits: table.hits,
            rows: table.rows.iter().map(|row| row.span).collect(),
            outputs: outputs.map(|output| add_constant(constants, output)).collect(),
            width: table.outputs.len(),
            zero: table.outputs.first().map_or(Cell::Missing, |output| zero_of(&output.ty)),
            bits,
            words,
            name: table.name,
            inputs: table.inputs.into_iter().map(|input| input.domain).collect(),
            dates: table.dates,
        }
    }

    /// Writes the table for a listing.
    pub(super) fn list(&self, constants: &Store, out: &mut String) {
        let _ = writeln!(out, "table {} by {}", self.name, self.hits.name());
        for row in (0..).take(self.rows.len()) {
            let outputs = (0..).take(self.width).map(|output| self.output(row, output));
            let outputs: Vec<_> = outputs.map(|cell| shown(&constants.value(cell))).collect();
            let _ = writeln!(out, "  row {} gives {}", row + 1, outputs.join(", "));
        }
    }

    /// All that look-ups depend on, as a text: equal texts mean equal tables.
    pub(super) fn content(&self, constants: &Store) -> String {
        let Self { hits, inputs, dates, width, bits, words, .. } = self;
        let outputs: Vec<_> =
            self.outputs.iter().map(|cell| shown(&constants.value(*cell))).collect();
        format!("{hits:?} {inputs:?} {dates:?} {width} {bits:?} {words:?} {outputs:?}")
    }

    /// The number of a value of an input.
    pub(crate) fn number(&self, input: usize, value: &Value<'_>) -> Key {
        self.inputs.get(input).map_or(0, |domain| domain.number(value))
    }

    /// The number of the date used, where the table has dates.
    pub(crate) fn date_number(&self, date: Time) -> Option<Key> {
        self.dates.as_ref().map(|domain| domain.number(&Value::Time(date)))
    }

    /// The cell of an output of a row, among the program's constants.
    pub(crate) fn output(&self, row: u32, output: u32) -> Cell {
        self.outputs.get(row as usize * self.width + output as usize).copied().unwrap_or_default()
    }

    /// Finds the rows that accept an input, in their order, as long as `found` wants more.
    pub(crate) fn find(&self, numbers: &Numbers, mut found: impl FnMut(u32) -> ControlFlow<()>) {
        for word in &self.words {
            let (first, mut bits) = self.bits.matches(*word, numbers);
            while bits != 0 {
                if found(first + bits.trailing_zeros()).is_break() {
                    return;
                }
                bits &= bits - 1;
            }
        }
    }
}
