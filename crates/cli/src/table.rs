//! The first decisions as tables for people, and the count of every outcome.

use super::grid::Grid;
use super::screen::Text;
use rulebook_lang::figures::{Speech, phrases};
use rulebook_stream::{OutcomeCounts, PolicyTable, Tables};

/// All tables, in colours where they go to a terminal.
pub(super) fn tables(tables: &Tables, coloured: bool, speech: Speech<'_>) -> Text {
    tables.policies.iter().map(|table| draw(table, coloured, speech)).collect()
}

fn draw(table: &PolicyTable, coloured: bool, speech: Speech<'_>) -> Text {
    let head = |phrase| speech.word(phrase).to_string();
    let ends = [head(&phrases::RULES), head(&phrases::WHY)];
    let record = [head(&phrases::WHOLE_RECORD)];
    let headings = record.into_iter().chain(table.decisions.clone()).chain(ends);
    let mut grid = Grid::fitted(headings, coloured);
    for row in &table.rows {
        grid.row_with(row, |at| (1..=table.decisions.len()).contains(&at));
    }
    let mut text = Text::line(format_args!("{}", table.name));
    text += grid.draw();
    let hidden = table.count - table.rows.len() as u64;
    if hidden > 0 {
        let hidden = speech.count(hidden);
        writeln!(text, "{}", speech.says(&phrases::MORE_ROWS, &[("count", &hidden)]));
    }
    text.blank();
    text
}

/// A line for each decision that was counted.
pub(super) fn counts(all: &[OutcomeCounts], speech: Speech<'_>) -> Text {
    let mut text = Text::default();
    for OutcomeCounts { policy, decision, outcomes } in all {
        let counts = outcomes.iter().map(|(outcome, n)| format!("{outcome} {}", speech.count(*n)));
        writeln!(text, "{policy}.{decision}: {}", counts.collect::<Vec<_>>().join(", "));
    }
    text
}
