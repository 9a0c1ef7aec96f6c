//! Records counted, fields added up, and outcomes by outcomes.

use std::collections::BTreeMap;

use super::SimulateError;
use super::impact::{Amount, Cell, Compared, Matrix, OTHER, Tally};
use super::outcome::{Outcome, OutcomeNames};
use rulebook_lang::model::{Number, Total};

/// Some records, and what fields add up to over them.
#[derive(Debug, Clone, Default)]
pub(super) struct Count {
    pub(super) records: u64,
    sums: Vec<Total>,
}

impl Count {
    pub(super) fn add(&mut self, amounts: &[Option<Number>]) {
        self.records += 1;
        self.sums.resize(amounts.len(), Total::default());
        for (sum, amount) in self.sums.iter_mut().zip(amounts) {
            *sum = sum.plus(amount.unwrap_or_default());
        }
    }

    pub(super) fn merge(&mut self, other: Self) {
        self.records += other.records;
        if self.sums.len() < other.sums.len() {
            self.sums.resize(other.sums.len(), Total::default());
        }
        for (sum, other) in self.sums.iter_mut().zip(other.sums) {
            *sum = sum.and(other);
        }
    }

    /// Both as numbers; `sums` are the paths of the fields.
    pub(super) fn tally(&self, sums: &[String]) -> Result<Tally, SimulateError> {
        let totals = (0..sums.len()).map(|at| self.sums.get(at).copied().unwrap_or_default());
        let amounts = totals.zip(sums).map(|(total, path)| number(total, path).map(Amount));
        Ok(Tally { records: self.records, sums: amounts.collect::<Result<_, _>>()? })
    }
}

/// A total as a number.
pub(super) fn number(total: Total, what: &str) -> Result<Number, SimulateError> {
    let number = total.since(Total::default());
    number.ok_or_else(|| SimulateError::TooLarge(what.to_string()))
}

/// One decision, outcome by outcome.
#[derive(Debug, Clone, Default)]
pub(super) struct MatrixCount {
    /// By the outcome from which records come (nothing without a baseline), then by the one to which
    /// they go: those that keep their value, and those that go to another value of the same name.
    cells: BTreeMap<String, BTreeMap<String, [Count; 2]>>,
    totals: [Total; 2],
}

impl MatrixCount {
    pub(super) fn add(&mut self, from: Option<&Outcome>, to: &Outcome, amounts: &[Option<Number>]) {
        let moved =
            to.name == OTHER && from.is_some_and(|from| is_change(from, to) && from.name == OTHER);
        let from_name = from.map_or("", |from| from.name.as_str());
        entry(&mut self.cells, from_name, |row| {
            entry(row, &to.name, |[stays, moves]| if moved { moves } else { stays }.add(amounts));
        });
        for (total, outcome) in self.totals.iter_mut().zip([from, Some(to)]) {
            let amount = outcome.and_then(|outcome| outcome.amount);
            *total = total.plus(amount.unwrap_or_default());
        }
    }

    pub(super) fn merge(&mut self, other: Self) {
        for (from, row) in other.cells {
            let cells = self.cells.entry(from).or_default();
            for (to, counts) in row {
                let cell = cells.entry(to).or_default();
                cell.iter_mut().zip(counts).for_each(|(count, other)| count.merge(other));
            }
        }
        for (total, other) in self.totals.iter_mut().zip(other.totals) {
            *total = total.and(other);
        }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.cells.is_empty()
    }

    pub(super) fn matrix(
        &self,
        names: &OutcomeNames,
        sums: &[String],
        compares: bool,
    ) -> Result<Matrix, SimulateError> {
        let mut cells = Vec::new();
        let mut outcomes: Vec<String> = Vec::new();
        let all = self.cells.iter().flat_map(|(from, row)| {
            row.iter().flat_map(move |(to, counts)| {
                [false, true]
                    .into_iter()
                    .zip(counts)
                    .map(move |(moved, count)| (from, to, moved, count))
            })
        });
        for (from, to, moved, count) in all.filter(|(.., count)| count.records > 0) {
            let from = compares.then(|| from.clone());
            for name in from.iter().chain([to]) {
                if !outcomes.contains(name) {
                    outcomes.push(name.clone());
                }
            }
            cells.push(Cell { from, to: to.clone(), moved, tally: count.tally(sums)? });
        }
        outcomes.sort_by_key(|name| names.rank(name));
        cells.sort_by_key(|cell| {
            (cell.from.as_ref().map(|from| names.rank(from)), names.rank(&cell.to), cell.moved)
        });
        let [baseline, candidate] = self.totals;
        let totals = match names.adds_up {
            true => {
                let sum = |total| number(total, &names.decision);
                let baseline = if compares { Some(sum(baseline)?) } else { None };
                Some(Compared::of(baseline, Some(sum(candidate)?)))
            }
            false => None,
        };
        let (decision, unit) = (names.decision.clone(), names.unit.clone());
        Ok(Matrix { decision, unit, outcomes, cells, totals })
    }
}

/// Does something with the value of a key, which is copied only where it is new.
pub(super) fn entry<V: Default>(
    map: &mut BTreeMap<String, V>,
    key: &str,
    act: impl FnOnce(&mut V),
) {
    match map.get_mut(key) {
        Some(value) => act(value),
        None => act(map.entry(key.to_string()).or_default()),
    }
}

/// Whether a decision comes to something else.
pub(super) fn is_change(from: &Outcome, to: &Outcome) -> bool {
    from.exact != to.exact
}

/// The outcomes of every decision of a policy.
pub(super) fn matrices(
    all: &[MatrixCount],
    names: &[OutcomeNames],
    sums: &[String],
    compares: bool,
) -> Result<Vec<Matrix>, SimulateError> {
    let decided = all.iter().zip(names).filter(|(matrix, _)| !matrix.is_empty());
    decided.map(|(matrix, names)| matrix.matrix(names, sums, compares)).collect()
}

/// Adds what another has counted of the same decisions.
pub(super) fn merge_all(all: &mut Vec<MatrixCount>, others: Vec<MatrixCount>) {
    if all.len() < others.len() {
        all.resize_with(others.len(), MatrixCount::default);
    }
    for (count, other) in all.iter_mut().zip(others) {
        count.merge(other);
    }
}
