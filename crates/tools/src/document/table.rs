//! Tables and counters on the page of terms.

use super::block::{Block, Inline, Inlines, spaced, text};
use super::book::type_name;
use super::label;
use super::speaker::Speaker;
use rulebook_lang::combiner::{COMBINERS, Combiner};
use rulebook_lang::tally::Tally;
use rulebook_lang::window::Calendar;
use rulebook_syntax::ast::{
    Cell, CellKind, Column, ColumnKind, Counter, Expr, Grid, Table, Window,
};

/// No more lines of a table in a file are shown than these.
const MOST: usize = 60;

/// A table: how its rows are combined, where they come from, and the rows.
pub(super) fn table<'s>(node: &Table<'s>, speaker: &Speaker<'_, 's>) -> Vec<Block> {
    let label = |words| speaker.label(words).to_string();
    let mut facts = Vec::new();
    let combiner = Combiner::from_name(node.combiner.text);
    if let Some(row) = COMBINERS.iter().find(|row| Some(row.combiner) == combiner) {
        facts.push((label(&label::COMBINED), vec![text(row.words.in_language(speaker.language))]));
    }
    for origin in &node.origins {
        facts.push((label(&label::SOURCE), speaker.origin(origin)));
    }
    let mut blocks = Vec::new();
    if !facts.is_empty() {
        blocks.push(Block::Facts(facts));
    }
    match (&node.grid, &node.file) {
        (Some(grid), _) => blocks.push(grid_of(grid, speaker)),
        (None, Some(path)) => {
            let lines = speaker.book.file(&path.value).unwrap_or_default();
            let shown: Vec<_> = lines.lines().take(MOST).collect();
            let rest = lines.lines().count() - shown.len();
            let more = if rest > 0 { format!("\n… (+{rest})") } else { String::new() };
            blocks.push(Block::Code(shown.join("\n") + more.as_str()));
        }
        (None, None) => {}
    }
    blocks
}

fn grid_of<'s>(grid: &Grid<'s>, speaker: &Speaker<'_, 's>) -> Block {
    let head = grid.columns.iter().enumerate().map(|(at, column)| {
        let name = match &column.kind {
            ColumnKind::Value(name, _) => spaced(name.text),
            ColumnKind::From => speaker.label(&label::FROM).to_string(),
            ColumnKind::Until => speaker.label(&label::UNTIL).to_string(),
            ColumnKind::Note => return speaker.label(&label::NOTE).to_string(),
        };
        // What comes out stands behind an arrow.
        if at >= grid.inputs { format!("→ {name}") } else { name }
    });
    let rows = grid.rows.iter().map(|row| {
        let cells = row.cells.iter().zip(&grid.columns);
        cells.map(|(cell, column)| cell_words(cell, column, speaker)).collect()
    });
    Block::Table(head.collect(), rows.collect())
}

/// What a cell says.
pub(super) fn cell_words<'s>(
    cell: &Cell<'s>,
    column: &Column<'s>,
    speaker: &Speaker<'_, 's>,
) -> Inlines {
    condition_words(&cell.kind, column, speaker)
}

fn condition_words<'s>(
    kind: &CellKind<'s>,
    column: &Column<'s>,
    speaker: &Speaker<'_, 's>,
) -> Inlines {
    match kind {
        CellKind::Any => vec![text(speaker.label(&label::ANY_VALUE))],
        CellKind::Note(note) => vec![text(note.as_ref())],
        CellKind::Presence(present) => {
            let words = if *present { &label::PRESENT } else { &label::MISSING };
            vec![text(speaker.label(words))]
        }
        CellKind::Compare(operator, value) => {
            let temporal = match &column.kind {
                ColumnKind::Value(_, ty) => matches!(type_name(ty).as_str(), "date" | "time"),
                ColumnKind::From | ColumnKind::Until | ColumnKind::Note => true,
            };
            let words = operator.temporal.filter(|_| temporal).unwrap_or(&operator.words);
            let mut line = vec![text(format!("{} ", words.in_language(speaker.language)))];
            line.extend(speaker.inline(value));
            line
        }
        CellKind::Among(items, negated) => {
            let mut line = Vec::new();
            if *negated {
                line.push(text(format!("{} ", speaker.label(&label::EXCEPT))));
            }
            listed(items, speaker, &mut line);
            line
        }
        CellKind::Test(name, items, negated) => {
            let mut line = Vec::new();
            if *negated {
                line.push(text(format!("{} ", speaker.label(&label::EXCEPT))));
            }
            line.push(text(format!("{} ", spaced(name.text))));
            listed(items, speaker, &mut line);
            line
        }
        CellKind::All(conditions) => {
            let mut line = Vec::new();
            for (at, condition) in conditions.iter().enumerate() {
                if at > 0 {
                    line.push(text(format!(" {} ", speaker.label(&label::AND_ALSO))));
                }
                line.extend(condition_words(&condition.kind, column, speaker));
            }
            line
        }
        CellKind::OrMissing(condition) => {
            let mut line = condition_words(&condition.kind, column, speaker);
            line.push(text(format!(" {} ", speaker.label(&label::OR_ELSE))));
            line.push(text(speaker.label(&label::MISSING)));
            line
        }
        CellKind::Otherwise => vec![text(speaker.label(&label::OTHER_INPUTS))],
        CellKind::Missing => vec![text(speaker.label(&label::MISSING))],
    }
}

fn listed<'s>(items: &[Expr<'s>], speaker: &Speaker<'_, 's>, line: &mut Inlines) {
    for (at, item) in items.iter().enumerate() {
        if at > 0 {
            line.push(text(speaker.book.comma(speaker.language)));
        }
        line.extend(speaker.inline(item));
    }
}

/// A counter: what is counted, together with what, and how far back.
pub(super) fn counter<'s>(node: &Counter<'s>, speaker: &Speaker<'_, 's>) -> Vec<Block> {
    let inside = Speaker {
        book: speaker.book,
        language: speaker.language,
        record: Some(node.record.text),
        arguments: Vec::new(),
        names: Vec::new(),
    };
    let label = |words| speaker.label(words).to_string();
    let words = match node.tally {
        Tally::Count => &label::HOW_MANY,
        Tally::Distinct => &label::HOW_MANY_DIFFERENT,
        Tally::Sum => &label::SUM_OF,
        Tally::Average => &label::AVERAGE_OF,
        Tally::Largest => &label::LARGEST_OF,
        Tally::Smallest => &label::SMALLEST_OF,
        Tally::Latest => &label::LATEST_OF,
    };
    let mut measure = vec![text(speaker.label(words))];
    if let Some(value) = &node.value {
        measure.push(text(" "));
        measure.extend(inside.inline(value));
    }
    let mut keys = Inlines::new();
    for (number, key) in node.keys.iter().enumerate() {
        if number > 0 {
            keys.push(text(speaker.book.comma(speaker.language)));
        }
        keys.extend(inside.inline(key));
    }
    let mut facts = vec![
        (label(&label::COUNTED), measure),
        (label(&label::OF_RECORDS), vec![Inline::Code(node.record.text.into())]),
        (label(&label::WITH_SAME), keys),
        (label(&label::PERIOD), window(&node.window, &inside)),
    ];
    if let Some(filter) = &node.filter {
        facts.push((label(&label::WHERE), inside.inline(filter)));
    }
    vec![Block::Facts(facts)]
}

fn window<'s>(window: &Window<'s>, speaker: &Speaker<'_, 's>) -> Inlines {
    match window {
        Window::Within(length) => {
            let mut line = vec![text(format!("{} ", speaker.label(&label::LAST)))];
            line.extend(speaker.inline(length));
            line
        }
        Window::Lagged(far, near) => {
            let mut line = speaker.inline(far);
            line.push(text(format!(" {} ", speaker.label(&label::FROM_TO))));
            line.extend(speaker.inline(near));
            line.push(text(format!(" {}", speaker.label(&label::BEFORE))));
            line
        }
        Window::Calendar(calendar, _) => {
            let words = match calendar {
                Calendar::Today => &label::TODAY,
                Calendar::Week => &label::THIS_WEEK,
                Calendar::Month => &label::THIS_MONTH,
                Calendar::Year => &label::THIS_YEAR,
                Calendar::Ever => &label::EVER,
            };
            vec![text(speaker.label(words))]
        }
    }
}
