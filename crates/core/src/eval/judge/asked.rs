//! Look-ups in tables whose rows ask more than their columns tell, or make their outputs: what a row asks is
//! looked at once its columns have found it, from the top, and no further than it matters.

use smallvec::SmallVec;

use super::fault::NodeFault;
use crate::program::{NodeId, Numbers, Table};
use rulebook_lang::combiner::Hits;
use rulebook_lang::fold::{Clash, Fold, Nothing, Step};
use rulebook_lang::kernel::{Context, Problem};
use rulebook_lang::model::{Number, Store, Value};

/// The rows of one look-up.
type Rows = SmallVec<[u32; 16]>;

/// A look-up of an output.
pub(super) struct Asked<'a, 'r> {
    pub(super) table: &'r Table,
    pub(super) output: u32,
    pub(super) numbers: &'a Numbers,
    pub(super) constants: &'r Store,
    pub(super) context: &'a Context<'a>,
    /// The record, with which lists are kept that are made.
    pub(super) row: &'r Store,
    /// What an expression of the table comes to, by its place behind the inputs.
    pub(super) cell: &'a dyn Fn(usize) -> Result<Value<'r>, NodeFault>,
    /// Told the rows that count.
    pub(super) matched: &'a dyn Fn(u32),
    pub(super) node: NodeId,
}

impl<'r> Asked<'_, 'r> {
    pub(super) fn value(&self) -> Result<Value<'r>, NodeFault> {
        let fold = match self.table.hits {
            Hits::Combined(combiner) => combiner.fold(),
            Hits::Counted => {
                let rows = self.rows(usize::MAX)?;
                rows.iter().for_each(|row| (self.matched)(*row));
                return Ok(Value::Number(Number::from(rows.len() as u64)));
            }
        };
        let rows = self.rows(if matches!(fold, Fold::First) { 1 } else { usize::MAX })?;
        if matches!(fold, Fold::Best(_)) && self.table.has_several_outputs() {
            let best = self.best(&rows, fold)?;
            best.into_iter().for_each(|row| (self.matched)(row));
            return best.map_or(Ok(Value::Missing), |row| self.given(row, self.output));
        }
        rows.iter().for_each(|row| (self.matched)(*row));
        match fold {
            Fold::Only if rows.len() > 1 => {
                Err(self.fault(Problem::SeveralRows(self.table.name.clone())))
            }
            Fold::Each | Fold::Different => self.list(&rows, fold),
            fold => self.folded(&rows, fold),
        }
    }

    /// The rows that accept the input, from the top, at most so many; where none does, the one that counts
    /// then.
    fn rows(&self, most: usize) -> Result<Rows, NodeFault> {
        let mut found = Rows::new();
        self.table.find(self.numbers, |row| found.push(row));
        found.sort_unstable();
        let mut rows = Rows::new();
        for row in found {
            if rows.len() < most && self.accepts(row)? {
                rows.push(row);
            }
        }
        if rows.is_empty() {
            rows.extend(self.table.default);
        }
        Ok(rows)
    }

    /// Whether what a row asks besides holds.
    fn accepts(&self, row: u32) -> Result<bool, NodeFault> {
        match self.table.test_at(row) {
            Some(at) => Ok((self.cell)(at - self.table.arity())?.is_true()),
            None => Ok(true),
        }
    }

    /// What a row gives in a column.
    fn given(&self, row: u32, column: u32) -> Result<Value<'r>, NodeFault> {
        match self.table.made_at(row, column, self.output) {
            Some(at) => (self.cell)(at - self.table.arity()),
            None => Ok(self.constants.value(self.table.output(row, column))),
        }
    }

    /// The row of which the first output is the best, the upper one of those that are alike; one without a
    /// first output only where no other has one.
    fn best(&self, rows: &[u32], fold: Fold) -> Result<Option<u32>, NodeFault> {
        let mut best: Option<(u32, Value<'r>)> = None;
        for row in rows {
            let next = self.given(*row, 0)?;
            best = Some(match best.take() {
                None => (*row, next),
                Some((so_far, value)) if next.is_missing() => (so_far, value),
                Some((_, value)) if value.is_missing() => (*row, next),
                Some((so_far, value)) => {
                    let pair = [value, next];
                    let step = fold.step(&pair, self.context).map_err(|clash| self.clash(clash))?;
                    let [value, next] = pair;
                    match step {
                        Step::Replace => (*row, next),
                        _ => (so_far, value),
                    }
                }
            });
        }
        Ok(best.map(|(row, _)| row))
    }

    fn folded(&self, rows: &[u32], fold: Fold) -> Result<Value<'r>, NodeFault> {
        let mut folded: Option<Value<'r>> = None;
        for row in rows {
            let next = self.given(*row, self.output)?;
            folded = Some(match folded.take() {
                None => next,
                // What is missing is no better than any value.
                Some(so_far) if matches!(fold, Fold::Best(_)) && next.is_missing() => so_far,
                Some(so_far) if matches!(fold, Fold::Best(_)) && so_far.is_missing() => next,
                Some(so_far) => {
                    fold.both([so_far, next], self.context).map_err(|clash| self.clash(clash))?
                }
            });
        }
        Ok(match (folded, fold.of_none()) {
            (Some(value), _) => value,
            (None, Nothing::Zero) => self.constants.value(self.table.zero(self.output)),
            (None, _) => Value::Missing,
        })
    }

    /// The list of what rows give, kept with the record.
    fn list(&self, rows: &[u32], fold: Fold) -> Result<Value<'r>, NodeFault> {
        let mut values: SmallVec<[Value<'r>; 8]> = SmallVec::new();
        for row in rows {
            let value = self.given(*row, self.output)?;
            let rounded = value.clone().rounded();
            let is_known = values.iter().any(|known| known.clone().rounded().same(&rounded));
            if !(matches!(fold, Fold::Different) && is_known) {
                values.push(value);
            }
        }
        let mut store = Store::default();
        let cells: SmallVec<[_; 8]> = values.iter().map(|value| store.import(value)).collect();
        Ok(self.row.keep(store).pick(cells))
    }

    fn clash(&self, clash: Clash) -> NodeFault {
        self.fault(match clash {
            Clash::Several => Problem::SeveralRows(self.table.name.clone()),
            Clash::Disagreement => Problem::RowsDisagree(self.table.name.clone()),
            Clash::Failed(problem) => problem,
            Clash::Uncertain => Problem::Misfit,
        })
    }

    fn fault(&self, problem: Problem) -> NodeFault {
        NodeFault { node: self.node, problem }
    }
}
