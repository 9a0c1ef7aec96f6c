//! The rows of a table that match to one value.

use smallvec::SmallVec;

use crate::program::{Numbers, Table};
use rulebook_lang::combiner::Hits;
use rulebook_lang::fold::{Clash, Fold, Folded, Nothing, different};
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
    let cells = matching(table, output, input, &matched);
    let values = cells.iter().copied();
    match fold.cells(values.clone().map(Some), || true, constants, context) {
        Ok(Some(Folded::One(cell, _))) => Ok(constants.value(cell)),
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

/// The cells of an output in the rows that accept an input, in their order.
fn matching(
    table: &Table,
    output: u32,
    input: &Numbers,
    matched: &impl Fn(u32),
) -> SmallVec<[Cell; 8]> {
    let mut rows: SmallVec<[u32; 16]> = SmallVec::new();
    table.find(input, |row| rows.push(row));
    rows.sort_unstable();
    let cells = rows.into_iter().inspect(|row| matched(*row));
    cells.map(|row| table.output(row, output)).collect()
}
