//! The first decisions as tables for people, and the count of every outcome.

use super::grid::Grid;
use super::screen::Text;
use rulebook_lang::figures::{Speech, phrases};
use rulebook_stream::{OutcomeCounts, PolicyTable, Spread, Tables};

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
    for OutcomeCounts { policy, decision, outcomes, spread } in all {
        let counts =
            outcomes.iter().map(|(outcome, n)| format!("{} {}", short(outcome), speech.count(*n)));
        let parts = spread.iter().flat_map(|spread| parts(spread, speech));
        let parts: Vec<_> = parts.chain(counts).collect();
        writeln!(text, "{policy}.{decision}: {}", parts.join(", "));
    }
    text
}

/// What many values have in common.
fn parts(spread: &Spread, speech: Speech<'_>) -> Vec<String> {
    let Spread { records, different, ends, frequent, sum } = spread;
    let sum = sum.as_ref().map(|sum| speech.known(sum.total, Some(sum.currency.code())));
    let mut parts: Vec<String> =
        sum.iter().map(|sum| speech.says(&phrases::IN_ALL, &[("sum", sum)])).collect();
    let ends = ends.as_ref().map(|(least, greatest)| (short(least), short(greatest)));
    if let (Some(1), Some((only, _))) = (different, &ends) {
        parts.push(format!("{only} {}", speech.count(*records)));
        return parts;
    }
    let (count, phrase) = match different {
        Some(different) => (*different, &phrases::DIFFERENT),
        None => (Spread::MOST as u64, &phrases::MORE_DIFFERENT),
    };
    parts.push(speech.says(phrase, &[("count", &speech.count(count))]));
    parts.extend(ends.map(|(least, greatest)| {
        speech.says(&phrases::FROM_LEAST, &[("least", &least), ("greatest", &greatest)])
    }));
    parts.extend(frequent.as_ref().map(|(value, n)| match n {
        1 => speech.word(&phrases::EACH_ONCE).to_string(),
        n => {
            let (value, count) = (short(value), speech.count(*n));
            speech.says(&phrases::MOST_OFTEN, &[("value", &value), ("count", &count)])
        }
    }));
    parts
}

/// So many characters of a value are shown.
const SHOWN: usize = 40;

fn short(value: &str) -> String {
    match value.char_indices().nth(SHOWN) {
        Some((end, _)) => format!("{}…", value.get(..end).unwrap_or_default()),
        None => value.to_string(),
    }
}
