//! The rows of a table that match to one value.

use smallvec::SmallVec;

use crate::program::{Numbers, Table};
use rulebook_lang::combiner::Hits;
use rulebook_lang::fold::{Clash, Fold, Folded, Nothing, Step, different};
use rulebook_lang::kernel::{Context, Problem};
use rulebook_lang::model::{Cell, Number, Store, Value};

/// An output of a table for an input; `matched` is given the rows that count.
///
/// # Errors
/// When rows match that must not, or their total has too many digits.
pub(super) fn value<'r>(
    table: &'r Table,
    output: u32,
    input: &Numbers,
    constants: &'r Store,
    context: &Context<'_>,
    matched: impl Fn(u32),
) -> Result<Value<'r>, Problem> {
    let fold = match table.hits {
        Hits::Counted => {
            let mut count = 0_u64;
            table.find(input, |row| {
                matched(row);
                count += 1;
            });
            return Ok(Value::Number(Number::from(count)));
        }
        Hits::Combined(combiner) => combiner.fold(),
    };
    // Who takes the first row needs no list of them.
    if matches!(fold, Fold::First) {
        let mut first: Option<u32> = None;
        table.find(input, |row| first = Some(first.map_or(row, |first| first.min(row))));
        first.into_iter().for_each(matched);
        let cell = first.map_or(Cell::Missing, |row| table.output(row, output));
        return Ok(constants.value(cell));
    }
    let rows = matching(table, input);
    if matches!(fold, Fold::Best(_)) && table.has_several_outputs() {
        let best = best(table, &rows, fold, constants, context)?;
        best.into_iter().for_each(matched);
        let cell = best.map_or(Cell::Missing, |row| table.output(row, output));
        return Ok(constants.value(cell));
    }
    rows.iter().copied().for_each(matched);
    let mut cells: SmallVec<[Cell; 8]> =
        rows.into_iter().map(|row| table.output(row, output)).collect();
    // What is missing is no better than any value.
    if matches!(fold, Fold::Best(_)) && cells.iter().any(|cell| *cell != Cell::Missing) {
        cells.retain(|cell| *cell != Cell::Missing);
    }
    let values = cells.iter().copied();
    match fold.cells(values.clone().map(Some), || true, constants, context) {
        Ok(Some(Folded::One(cell, _))) => Ok(constants.value(cell)),
        Ok(Some(Folded::Made(value))) => Ok(value),
        Ok(Some(Folded::Each)) => Ok(constants.pick(values)),
        Ok(Some(Folded::Different)) => Ok(constants.pick(different(values, constants))),
        Ok(None) => Ok(match fold.of_none() {
            Nothing::Undecided => Value::Missing,
            Nothing::Zero => constants.value(table.zero(output)),
            Nothing::Empty => constants.pick([]),
        }),
        Err(Clash::Several) => Err(Problem::SeveralRows(table.name.clone())),
        Err(Clash::Disagreement) => Err(Problem::RowsDisagree(table.name.clone())),
        Err(Clash::Failed(problem)) => Err(problem),
        Err(Clash::Uncertain) => Err(Problem::Misfit),
    }
}

/// The rows that accept an input, in their order.
fn matching(table: &Table, input: &Numbers) -> SmallVec<[u32; 16]> {
    let mut rows = SmallVec::new();
    table.find(input, |row| rows.push(row));
    rows.sort_unstable();
    rows
}

/// The row of which the first output is the best: a row is taken whole, and of those that are alike, the
/// upper one.
fn best(
    table: &Table,
    rows: &[u32],
    fold: Fold,
    constants: &Store,
    context: &Context<'_>,
) -> Result<Option<u32>, Problem> {
    let first = |row: u32| constants.value(table.output(row, 0));
    let mut rows = rows.iter().copied();
    let Some(mut best) = rows.next() else { return Ok(None) };
    for row in rows {
        if table.output(row, 0) == Cell::Missing {
            continue;
        }
        if table.output(best, 0) == Cell::Missing {
            best = row;
            continue;
        }
        if let Step::Replace = fold.step(&[first(best), first(row)], context)? {
            best = row;
        }
    }
    Ok(Some(best))
}
