//! Decision tables: the rows that accept an input, found by the bits of their columns.

use std::cell::RefCell;
use std::fmt::Write as _;

use smallvec::SmallVec;

use super::constant::{add_constant, shown, zero_of};
use super::index::{Classifier, Tests, ones};
use crate::check::typed::{self, Dates, Domain, Expr, Given, LocalId};
use rulebook_base::source::Span;
use rulebook_lang::combiner::Hits;
use rulebook_lang::fold::Fold;
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
    /// The names and types of the inputs.
    named: Vec<(String, Type)>,
    /// The values that rows tell apart in each input, and in the date used.
    inputs: Vec<Domain>,
    dates: Option<Domain>,
    /// The names and the types of the outputs.
    names: Vec<String>,
    types: Vec<Type>,
    /// The outputs of one row after the other.
    outputs: Vec<Cell>,
    /// Which of them are made of the inputs, and which among those of its column each is; nothing where
    /// none is.
    made: Vec<Option<u32>>,
    /// Where what makes the outputs of each column was written.
    made_spans: Vec<Vec<Span>>,
    /// How many outputs of each column are made.
    counts: Vec<u32>,
    /// Which rows ask more than their domains tell, and which among those each is; nothing where none does.
    tests: Vec<Option<u32>>,
    /// The row that counts where no other does.
    pub default: Option<u32>,
    /// The rows by what they accept, and which row stands at each place there.
    classifier: Classifier,
    order: Vec<u32>,
}

/// The expressions of a table.
#[derive(Debug)]
pub(super) struct Written {
    /// What they read the inputs by.
    pub(super) locals: Vec<LocalId>,
    /// What rows ask, in their order.
    pub(super) tests: Vec<Expr>,
    /// What is made in each column, in the order of the rows.
    pub(super) outputs: Vec<Vec<Expr>>,
}

/// Keeps an expression behind others and says which it is.
fn keep(exprs: &mut Vec<Expr>, expr: Expr) -> u32 {
    exprs.push(expr);
    u32::try_from(exprs.len() - 1).unwrap_or(u32::MAX)
}

/// The numbers of an input's values in the domains of their columns.
pub type Numbers = SmallVec<[Key; 8]>;

impl Table {
    /// The table, and what it holds of expressions, which each look-up writes out.
    pub(super) fn new(table: typed::Table, constants: &mut Store) -> (Self, Written) {
        let domains: Vec<_> =
            table.inputs.iter().map(|input| &input.domain).chain(&table.dates).collect();
        let universe: Vec<Ranges> = domains.iter().map(|domain| domain.universe()).collect();
        let tests = table.plain_rows().iter().map(|row| {
            let columns = (0..).zip(&row.accepts).zip(&universe);
            let narrowed = columns.filter(|((_, own), universe)| !own.covers(universe));
            narrowed.map(|((column, own), _)| (column, own.clone())).collect()
        });
        let (classifier, order) = Classifier::new(&tests.collect::<Vec<Tests>>());
        let rows = u32::try_from(table.plain_rows().len()).unwrap_or(u32::MAX);
        let default = table.default_row().map(|_| rows);
        let mut written = Written {
            locals: table.inputs.iter().map(|input| input.local).collect(),
            tests: Vec::new(),
            outputs: table.outputs.iter().map(|_| Vec::new()).collect(),
        };
        let has_tests = table.rows.iter().any(|row| row.tests.is_some());
        let is_made = |row: &typed::Row| row.outputs.iter().any(|given| given.made().is_some());
        let has_made = table.rows.iter().any(is_made);
        let (mut outputs, mut made, mut asked) = (Vec::new(), Vec::new(), Vec::new());
        let mut spans = Vec::with_capacity(table.rows.len());
        let mut periods = Vec::new();
        for row in table.rows {
            spans.push(row.span);
            if table.dates.is_some() {
                periods.push(row.dates);
            }
            if has_tests {
                asked.push(row.tests.map(|tests| keep(&mut written.tests, tests.when)));
            }
            for (given, column) in row.outputs.into_iter().zip(&mut written.outputs) {
                let (cell, place) = match given {
                    Given::Constant(constant) => (add_constant(constants, &constant), None),
                    Given::Missing => (Cell::Missing, None),
                    Given::Made(expr) => (Cell::Missing, Some(keep(column, *expr))),
                };
                outputs.push(cell);
                if has_made {
                    made.push(place);
                }
            }
        }
        let count = |exprs: &Vec<Expr>| u32::try_from(exprs.len()).unwrap_or(u32::MAX);
        let table = Self {
            made,
            made_spans: written
                .outputs
                .iter()
                .map(|exprs| exprs.iter().map(|expr| expr.span).collect())
                .collect(),
            named: table
                .inputs
                .iter()
                .map(|input| (input.name.clone(), input.ty.clone()))
                .collect(),
            counts: written.outputs.iter().map(count).collect(),
            tests: asked,
            default,
            hits: table.hits,
            rows: spans,
            periods,
            outputs,
            names: table.outputs.iter().map(|output| output.name.clone()).collect(),
            types: table.outputs.into_iter().map(|output| output.ty).collect(),
            classifier,
            order,
            name: table.name,
            inputs: table.inputs.into_iter().map(|input| input.domain).collect(),
            dates: table.dates,
        };
        (table, written)
    }

    /// How many inputs it has: so many operands of a look-up stand before what its rows hold.
    pub fn arity(&self) -> usize {
        self.inputs.len()
    }

    /// The name and the type of an input.
    pub fn input(&self, at: usize) -> Option<(&str, &Type)> {
        self.named.get(at).map(|(name, ty)| (name.as_str(), ty))
    }

    /// Where what makes an output of a row was written.
    pub fn made_span(&self, row: u32, output: u32) -> Option<Span> {
        let at = row as usize * self.types.len() + output as usize;
        let place = self.made.get(at).copied().flatten()?;
        self.made_spans.get(output as usize)?.get(place as usize).copied()
    }

    /// The type of a cell of an output.
    pub fn cell_type(&self, output: u32) -> Type {
        self.types.get(output as usize).cloned().unwrap_or(Type::Unknown)
    }

    /// Whether a look-up needs no more than its inputs.
    pub fn is_plain(&self) -> bool {
        self.made.is_empty() && self.tests.is_empty() && self.default.is_none()
    }

    /// Where what a row asks stands among the operands of a look-up, if it asks anything.
    pub fn test_at(&self, row: u32) -> Option<usize> {
        let place = self.tests.get(row as usize).copied().flatten()?;
        Some(self.arity() + place as usize)
    }

    /// The columns of which a look-up of an output reads cells: by which a row is taken whole, that comes
    /// first.
    pub fn columns_read(&self, output: u32) -> SmallVec<[u32; 2]> {
        let is_taken_whole = match self.hits {
            Hits::Combined(combiner) => matches!(combiner.fold(), Fold::Best(_)),
            Hits::Counted => false,
        };
        let first = (is_taken_whole && output > 0).then_some(0);
        first.into_iter().chain([output]).collect()
    }

    /// Where what makes a cell stands among the operands of a look-up of an output, if it is made.
    pub fn made_at(&self, row: u32, column: u32, output: u32) -> Option<usize> {
        let at = row as usize * self.types.len() + column as usize;
        let place = self.made.get(at).copied().flatten()?;
        let before = self.columns_read(output).into_iter().take_while(|read| *read != column);
        let count = |read: u32| self.counts.get(read as usize).map_or(0, |count| *count as usize);
        let tests = self.tests.iter().flatten().count();
        Some(self.arity() + tests + before.map(count).sum::<usize>() + place as usize)
    }

    /// Writes the table for a listing.
    pub(super) fn list(&self, constants: &Store, out: &mut String) {
        let _ = writeln!(out, "table {} by {}", self.name, self.hits.name());
        for row in (0..).take(self.rows.len()) {
            let outputs = (0..).take(self.types.len()).map(|output| {
                let at = row as usize * self.types.len() + output as usize;
                match self.made.get(at) {
                    Some(Some(_)) => "what is made".to_string(),
                    _ => shown(&constants.value(self.output(row, output))),
                }
            });
            let outputs: Vec<_> = outputs.collect();
            let _ = writeln!(out, "  row {} gives {}", row + 1, outputs.join(", "));
        }
    }

    /// All that look-ups depend on, as a text: equal texts mean equal tables.
    pub(super) fn content(&self, constants: &Store) -> String {
        let Self { hits, inputs, dates, types, classifier, order, made, tests, default, .. } = self;
        let outputs: Vec<_> =
            self.outputs.iter().map(|cell| shown(&constants.value(*cell))).collect();
        let rows = format!("{made:?} {tests:?} {default:?}");
        format!(
            "{hits:?} {inputs:?} {dates:?} {types:?} {classifier:?} {order:?} {outputs:?} {rows}"
        )
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

    /// The name of an output, where there are several.
    pub fn output_name(&self, output: u32) -> Option<&str> {
        let name = self.names.get(output as usize).map(String::as_str);
        name.filter(|_| self.has_several_outputs())
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
