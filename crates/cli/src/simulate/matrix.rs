//! A decision outcome by outcome, for people at a terminal.

use super::super::grid::Grid;
use super::super::paint;
use super::super::screen::Text;
use super::text::{amounts, compared, more};
use rulebook_lang::figures::{Speech, phrases};
use rulebook_tools::simulate::{Cell, Impact, Matrix};

/// With more outcomes than this, a table from outcome to outcome is too wide to be read.
const WIDE: usize = 6;
/// More ways from outcome to outcome are told in JSON only.
const WAYS: usize = 20;

/// The records by the outcomes of a decision: from outcome to outcome, where there is a baseline.
pub(super) fn decision(impact: &Impact, matrix: &Matrix, speech: Speech<'_>) -> Text {
    let mut out = Text::line(format_args!("{}", paint::strong(&matrix.decision)));
    out += match impact.baseline.is_some() && matrix.outcomes.len() <= WIDE {
        true => square(impact, matrix, speech),
        false => ways(impact, matrix, speech),
    };
    if let Some(totals) = &matrix.totals {
        let sum = compared(totals, matrix.unit.as_deref(), speech);
        writeln!(out, "{}", speech.says(&phrases::ADDS_UP, &[("sum", &sum)]));
        out.blank();
    }
    out
}

/// A line for each outcome from which records come, and a column for each to which they go.
fn square(impact: &Impact, matrix: &Matrix, speech: Speech<'_>) -> Text {
    let mut header = vec![speech.word(&phrases::HEAD_FROM_TO).to_string()];
    header.extend(matrix.outcomes.iter().cloned());
    let mut grid = Grid::new(header);
    for from in &matrix.outcomes {
        let mut row = vec![from.clone()];
        let mut any = false;
        for to in &matrix.outcomes {
            let tally = matrix.cell(Some(from), to);
            any |= tally.records > 0;
            row.push(match tally.records {
                0 => "0".to_string(),
                records => {
                    let sums = amounts(impact, &tally, speech);
                    let moved = matrix.cells.iter().find(|cell| cell.moved && cell.to == *to);
                    let moved = moved.filter(|cell| cell.from.as_ref() == Some(from));
                    let moved = moved.map(|cell| {
                        let count = speech.count(cell.tally.records);
                        speech.says(&phrases::MOVED, &[("count", &count)])
                    });
                    let lines = [speech.count(records)].into_iter().chain(sums).chain(moved);
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
fn ways(impact: &Impact, matrix: &Matrix, speech: Speech<'_>) -> Text {
    let compares = impact.baseline.is_some();
    let heads: &[_] = match compares {
        true => &[&phrases::HEAD_FROM, &phrases::HEAD_TO],
        false => &[&phrases::HEAD_OUTCOME],
    };
    let counts = [&phrases::HEAD_RECORDS, &phrases::HEAD_SHARE];
    let mut header: Vec<_> =
        heads.iter().chain(&counts).map(|head| speech.word(head).to_string()).collect();
    header.extend(impact.sums.iter().map(|field| field.field.clone()));
    let mut grid = Grid::new(header);
    let to = |cell: &Cell| match cell.moved {
        true => speech.says(&phrases::ANOTHER, &[("value", &cell.to)]),
        false => cell.to.clone(),
    };
    let cells = if compares { matrix.by_change() } else { matrix.cells.iter().collect() };
    for cell in cells.iter().take(WAYS) {
        let from = compares.then(|| cell.from.clone().unwrap_or_default());
        let mut row: Vec<_> = from.into_iter().chain([to(cell)]).collect();
        let records = cell.tally.records;
        row.extend([speech.count(records), speech.share(records, impact.judged)]);
        row.extend(amounts(impact, &cell.tally, speech));
        grid.row(row);
    }
    // Of two columns of names, the second stands at the left, too.
    let mut out = grid.with_numbers(if compares { 1 } else { usize::MAX }).draw();
    let left = matrix.cells.len().saturating_sub(WAYS);
    if left > 0 {
        writeln!(out, "{}", more(left, speech));
    }
    out.blank();
    out
}
