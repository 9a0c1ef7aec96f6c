//! A decision outcome by outcome, for people at a terminal.

use super::super::grid::Grid;
use super::super::paint;
use super::super::screen::Text;
use super::text::{amounts, compared};
use rulebook_lang::figures::{count, share};
use rulebook_tools::simulate::{Cell, Impact, Matrix};

/// With more outcomes than this, a table from outcome to outcome is too wide to be read.
const WIDE: usize = 6;
/// More ways from outcome to outcome are told in JSON only.
const WAYS: usize = 20;

/// The records by the outcomes of a decision: from outcome to outcome, where there is a baseline.
pub(super) fn decision(impact: &Impact, matrix: &Matrix) -> Text {
    let mut out = Text::line(format_args!("{}", paint::strong(&matrix.decision)));
    out += match impact.baseline.is_some() && matrix.outcomes.len() <= WIDE {
        true => square(impact, matrix),
        false => ways(impact, matrix),
    };
    if let Some(totals) = &matrix.totals {
        writeln!(out, "adds up to {}", compared(totals, matrix.unit.as_deref()));
        out.blank();
    }
    out
}

/// A line for each outcome from which records come, and a column for each to which they go.
fn square(impact: &Impact, matrix: &Matrix) -> Text {
    let mut header = vec!["from ↓ to →".to_string()];
    header.extend(matrix.outcomes.iter().cloned());
    let mut grid = Grid::new(header);
    for from in &matrix.outcomes {
        let mut row = vec![from.clone()];
        let mut any = false;
        for to in &matrix.outcomes {
            let tally = matrix.cell(Some(from), to);
            any |= tally.records > 0;
            row.push(match tally.records {
                0 => "·".to_string(),
                records => {
                    let sums = amounts(impact, &tally);
                    let moved = matrix.cells.iter().find(|cell| cell.moved && cell.to == *to);
                    let moved = moved.filter(|cell| cell.from.as_ref() == Some(from));
                    let moved = moved.map(|cell| format!("{} moved", count(cell.tally.records)));
                    let lines = [count(records)].into_iter().chain(sums).chain(moved);
                    lines.collect::<Vec<_>>().join(&paint::line_break())
                }
            });
        }
        if any {
            grid.row(row);
        }
    }
    let mut out = grid.with_numbers(usize::MAX).draw();
    out.blank();
    out
}

/// A line for each way that records take, those that change first.
fn ways(impact: &Impact, matrix: &Matrix) -> Text {
    let compares = impact.baseline.is_some();
    let heads: &[&str] = if compares { &["from", "to"] } else { &["outcome"] };
    let mut header: Vec<_> =
        heads.iter().chain(&["records", "share"]).map(ToString::to_string).collect();
    header.extend(impact.sums.iter().map(|field| field.field.clone()));
    let mut grid = Grid::new(header);
    let to = |cell: &Cell| cell.to.clone() + if cell.moved { " (another)" } else { "" };
    let cells = if compares { matrix.by_change() } else { matrix.cells.iter().collect() };
    for cell in cells.iter().take(WAYS) {
        let from = compares.then(|| cell.from.clone().unwrap_or_default());
        let mut row: Vec<_> = from.into_iter().chain([to(cell)]).collect();
        row.extend([count(cell.tally.records), share(cell.tally.records, impact.judged)]);
        row.extend(amounts(impact, &cell.tally));
        grid.row(row);
    }
    // Of two columns of names, the second stands at the left, too.
    let mut out = grid.with_numbers(if compares { 1 } else { usize::MAX }).draw();
    let more = matrix.cells.len().saturating_sub(WAYS);
    if more > 0 {
        writeln!(out, "… and {} more; `--format json` has all", count(more));
    }
    out.blank();
    out
}
