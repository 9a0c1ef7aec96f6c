//! Decision tables: the rows that accept an input, found by the bits of their columns.

use std::cell::RefCell;
use std::fmt::Write as _;

use smallvec::SmallVec;

use super::constant::{add_constant, shown, zero_of};
use super::index::{Classifier, Tests, ones};
use crate::check::typed::{self, Dates, Domain};
use rulebook_base::source::Span;
use rulebook_lang::combiner::Hits;
use rulebook_lang::model::{Cell, Key, Ranges, Store, Time, Type, Value};

thread_local! {
    /// Memory for searches in tables of many rows.
    static WORDS: RefCell<Vec<u64>> = const { RefCell::new(Vec::new()) };
}

/// A compiled decision table.
#[derive(Debug)]
pub struct Table {
    /// The name.
    pub name: String,
    /// How the rows that match become one value.
    pub hits: Hits,
    /// Where each row was written.
    pub rows: Vec<Span>,
    /// From when until when each row is in force; nothing where the table has no dates.
    pub periods: Vec<Dates>,
    /// The values that rows tell apart in each input, and in the date used.
    inputs: Vec<Domain>,
    dates: Option<Domain>,
    /// The types of the outputs.
    types: Vec<Type>,
    /// The outputs of one row after the other.
    outputs: Vec<Cell>,
    /// The rows by what they accept, and which row stands at each place there.
    classifier: Classifier,
    order: Vec<u32>,
}

/// The numbers of an input's values in the domains of their columns.
pub type Numbers = SmallVec<[Key; 8]>;

impl Table {
    pub(super) fn new(table: typed::Table, constants: &mut Store) -> Self {
        let domains: Vec<_> =
            table.inputs.iter().map(|input| &input.domain).chain(&table.dates).collect();
        let universe: Vec<Ranges> = domains.iter().map(|domain| domain.universe()).collect();
        let tests = table.rows.iter().map(|row| {
            let columns = (0..).zip(&row.accepts).zip(&universe);
            let narrowed = columns.filter(|((_, own), universe)| !own.covers(universe));
            narrowed.map(|((column, own), _)| (column, own.clone())).collect()
        });
        let (classifier, order) = Classifier::new(&tests.collect::<Vec<Tests>>());
        let outputs = table.rows.iter().flat_map(|row| &row.outputs);
        Self {
            hits: table.hits,
            rows: table.rows.iter().map(|row| row.span).collect(),
            periods: match table.dates {
                Some(_) => table.rows.iter().map(|row| row.dates).collect(),
                None => Vec::new(),
            },
            outputs: outputs.map(|output| add_constant(constants, output)).collect(),
            types: table.outputs.into_iter().map(|output| output.ty).collect(),
            classifier,
            order,
            name: table.name,
            inputs: table.inputs.into_iter().map(|input| input.domain).collect(),
            dates: table.dates,
        }
    }

    /// Writes the table for a listing.
    pub(super) fn list(&self, constants: &Store, out: &mut String) {
        let _ = writeln!(out, "table {} by {}", self.name, self.hits.name());
        for row in (0..).take(self.rows.len()) {
            let outputs = (0..).take(self.types.len()).map(|output| self.output(row, output));
            let outputs: Vec<_> = outputs.map(|cell| shown(&constants.value(cell))).collect();
            let _ = writeln!(out, "  row {} gives {}", row + 1, outputs.join(", "));
        }
    }

    /// All that look-ups depend on, as a text: equal texts mean equal tables.
    pub(super) fn content(&self, constants: &Store) -> String {
        let Self { hits, inputs, dates, types, classifier, order, .. } = self;
        let outputs: Vec<_> =
            self.outputs.iter().map(|cell| shown(&constants.value(*cell))).collect();
        format!("{hits:?} {inputs:?} {dates:?} {types:?} {classifier:?} {order:?} {outputs:?}")
    }

    /// The number of a value of an input.
    pub fn number(&self, input: usize, value: &Value<'_>) -> Key {
        self.inputs.get(input).map_or(0, |domain| domain.number(value))
    }

    /// The values that cells of an input name: texts, and where ranges begin and end.
    pub fn points(&self, input: usize) -> impl Iterator<Item = Value<'_>> {
        self.inputs.get(input).into_iter().flat_map(Domain::points)
    }

    /// Whether what it says depends on the date used.
    pub fn is_dated(&self) -> bool {
        self.dates.is_some()
    }

    /// The number of the date used, where the table has dates.
    pub fn date_number(&self, date: Time) -> Option<Key> {
        self.dates.as_ref().map(|domain| domain.number(&Value::Time(date)))
    }

    /// The sum of an output of no rows.
    pub fn zero(&self, output: u32) -> Cell {
        self.types.get(output as usize).map_or(Cell::Missing, zero_of)
    }

    /// The type of what a look-up of an output gives.
    pub fn value_type(&self, output: u32) -> Type {
        match (self.hits, self.types.get(output as usize)) {
            (Hits::Combined(combiner), Some(ty)) if combiner.collects() => {
                Type::List(Box::new(ty.clone()))
            }
            (_, Some(ty)) => ty.clone(),
            (_, None) => Type::Number,
        }
    }

    /// Whether a look-up says which of its outputs it reads.
    pub fn has_several_outputs(&self) -> bool {
        self.types.len() > 1
    }

    /// The cell of an output of a row, among the program's constants.
    pub fn output(&self, row: u32, output: u32) -> Cell {
        self.outputs
            .get(row as usize * self.types.len() + output as usize)
            .copied()
            .unwrap_or_default()
    }

    /// Calls `found` with each row that accepts an input, in any order.
    pub fn find(&self, numbers: &Numbers, mut found: impl FnMut(u32)) {
        WORDS.with_borrow_mut(|words| {
            self.classifier.search(numbers, words, &mut |first, bits| {
                let rows = self.order.get(first as usize..).unwrap_or_default();
                ones(bits).filter_map(|at| rows.get(at as usize)).for_each(|row| found(*row));
            });
        });
    }
}
