//! The rows of a table that match to one value.

use smallvec::SmallVec;

use crate::program::{Numbers, Table};
use rulebook_lang::combiner::{Combiner, Hits};
use rulebook_lang::kernel::{Context, Problem, add, order};
use rulebook_lang::model::{Cell, Number, Store, Value};

/// An output of a table for an input; `matched` is told the rows that count.
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
    let combiner = match table.hits {
        Hits::Counted => {
            let mut count = 0_u64;
            table.find(input, |row| {
                matched(row);
                count += 1;
            });
            return Ok(Value::Number(Number::from(count)));
        }
        Hits::Combined(combiner) => combiner,
    };
    let cells = || matching(table, output, input, &matched);
    let values = || cells().into_iter().map(|cell| constants.value(cell));
    Ok(match combiner {
        Combiner::First => {
            let mut first: Option<u32> = None;
            table.find(input, |row| first = Some(first.map_or(row, |first| first.min(row))));
            first.into_iter().for_each(matched);
            let cell = first.map_or(Cell::Missing, |row| table.output(row, output));
            constants.value(cell)
        }
        Combiner::Only => {
            let mut values = values();
            let only = values.next().unwrap_or(Value::Missing);
            if values.next().is_some() {
                return Err(Problem::SeveralRows(table.name.clone()));
            }
            only
        }
        Combiner::Agreement => {
            let mut values = values();
            let first = values.next().unwrap_or(Value::Missing);
            if values.any(|value| !value.same(&first)) {
                return Err(Problem::RowsDisagree(table.name.clone()));
            }
            first
        }
        Combiner::Strictest | Combiner::Largest | Combiner::Smallest => {
            let mut best = Value::Missing;
            for value in values() {
                let order = match best.is_missing() {
                    true => None,
                    false => Some(order(&value, &best, context)?),
                };
                let is_better = order.is_none_or(|order| match combiner {
                    Combiner::Smallest => order.is_lt(),
                    _ => order.is_gt(),
                });
                if is_better {
                    best = value;
                }
            }
            best
        }
        Combiner::Total => {
            let mut values = values();
            let first = values.next().unwrap_or_else(|| constants.value(table.zero(output)));
            values.try_fold(first, |total, value| add(&[total, value], context))?
        }
        Combiner::All => constants.pick(cells()),
        Combiner::Union => {
            let mut different: SmallVec<[Cell; 8]> = SmallVec::new();
            for cell in cells() {
                let value = constants.value(cell);
                if different.iter().all(|known| !constants.value(*known).same(&value)) {
                    different.push(cell);
                }
            }
            constants.pick(different)
        }
    })
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
