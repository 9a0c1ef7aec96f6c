//! Tells of rows that can never match, of rows that meet where only one may, and of inputs that no
//! row accepts, each with an example.

use std::collections::BTreeSet;

use super::search::{GaveUp, Search};
use super::twins::Lines;
use super::words;
use crate::check::checker::Checker;
use crate::check::typed::{Constant, Given, Row, Table, TableId};
use rulebook_base::diagnostic::{Code, Diagnostic};
use rulebook_base::source::Span;
use rulebook_lang::combiner::Hits;
use rulebook_lang::fold::Fold;
use rulebook_lang::model::{Key, Ranges};

/// How many rows of one table are reported, for each kind of problem.
const MOST_REPORTED: usize = 10;

/// A table, and its columns as look-ups ask for them.
#[derive(Clone, Copy)]
struct Asked<'t> {
    table: &'t Table,
    lines: &'t Lines,
}

impl Asked<'_> {
    /// An input in the words of the author, with the answers that tell some rows apart.
    fn words(self, checker: &Checker, keys: &[Key], rows: &[u32]) -> String {
        let input = self.lines.input(self.table, keys);
        let mut words = words::input(self.table, input, &checker.names.settings.zone);
        let mut atoms: Vec<_> = rows.iter().flat_map(|row| self.atoms(*row)).collect();
        atoms.sort_unstable();
        atoms.dedup();
        for at in atoms {
            let key = keys.get(self.lines.of_atom(at));
            if let (Some(atom), Some(key)) = (self.table.atoms.get(at), key) {
                words.push_str(", ");
                words.push_str(&words::answer(self.table, atom, *key));
            }
        }
        words
    }

    /// What a row asks besides.
    fn atoms(self, row: u32) -> impl Iterator<Item = usize> {
        let tests = self.table.rows.get(row as usize).and_then(|row| row.tests.as_ref());
        tests.into_iter().flat_map(|tests| &tests.answers).map(|(at, _)| *at)
    }

    /// Whether what one of two rows asks besides, the other asks, too: only then it can be told whether both
    /// match one input.
    fn are_told_apart(self, first: u32, second: u32) -> bool {
        let (first, second): (BTreeSet<_>, BTreeSet<_>) =
            (self.atoms(first).collect(), self.atoms(second).collect());
        first.is_subset(&second) || second.is_subset(&first)
    }

    /// The rows that would accept an input, but for what they ask besides.
    fn undecided(self, keys: &[Key]) -> Vec<u32> {
        let accepts = |row: &Vec<Ranges>| {
            let mut cells = row.iter().zip(keys).take(self.lines.plain());
            cells.all(|(cell, key)| cell.meets(&Ranges::point(*key)))
        };
        let rows = (0..).zip(&self.lines.rows);
        rows.filter(|(_, row)| accepts(row)).map(|(number, _)| number).collect()
    }
}

/// Looks for what is wrong with the rows of a table whose cells are sound, once all look-ups are known.
pub(super) fn analyse(checker: &mut Checker, id: TableId, table: &Table) {
    let lines = Lines::of(table, id, &checker.sink.alike);
    let rows = lines.rows.iter().map(Vec::as_slice).collect();
    let mut search = Search::new(lines.universe.clone(), rows);
    let asked = Asked { table, lines: &lines };
    let found = rows_against_each_other(checker, asked, &mut search);
    if found.is_err() {
        let message = format!(
            "table `{}` is too involved to be searched for rows that never match and overlaps",
            table.name
        );
        checker.sink.report(
            Diagnostic::new(Code::TableSearch, table.span, message)
                .help("part it into several tables, or let fewer of its rows overlap"),
        );
    }
    if let Some(default) = table.default_row() {
        dead_default(checker, default, &mut search);
        return;
    }
    if !table.hits.has_none() && table.outputs.iter().any(|output| !output.ty.is_optional()) {
        find_gap(checker, asked, &mut search);
    }
}

/// Tells of a row for what no other accepts, where others accept everything.
fn dead_default(checker: &mut Checker, default: &Row, search: &mut Search<'_>) {
    if let Ok(None) = search.gap() {
        let message = "this row never counts: the rows before it take every input";
        checker.sink.report(
            Diagnostic::new(Code::TableDeadRow, default.span, message)
                .help("correct them, or leave it out"),
        );
    }
}

fn rows_against_each_other(
    checker: &mut Checker,
    asked: Asked<'_>,
    search: &mut Search<'_>,
) -> Result<(), GaveUp> {
    let table = asked.table;
    let numbers = || (0..).zip(table.plain_rows());
    let mut dead = Reported::default();
    for (number, row) in numbers() {
        let Some(column) = search.empty_column(number) else { continue };
        if dead.is_enough() {
            continue;
        }
        // Answers that no input has.
        if column >= asked.lines.plain() {
            let message = "this row can never match";
            checker.sink.report(
                Diagnostic::new(Code::TableDeadRow, row.span, message)
                    .label("what its cells ask cannot hold at once")
                    .help("correct it, or leave it out"),
            );
            continue;
        }
        let what = match asked.lines.names(table, column).as_slice() {
            [] => "it ends before it begins".to_string(),
            [name] => format!("no value of `{name}` is accepted here"),
            names => {
                format!("no value that `{}` are handed is accepted here", names.join("` and `"))
            }
        };
        checker.sink.report(
            Diagnostic::new(Code::TableDeadRow, row.span, "this row can never match")
                .label(what)
                .help("correct it, or leave it out"),
        );
    }
    let Hits::Combined(combiner) = table.hits else { return Ok(()) };
    let fold = combiner.fold();
    if !matches!(fold, Fold::First | Fold::Only | Fold::Agree) {
        return Ok(());
    }
    let earlier = search.earlier()?;
    let mut is_dead = vec![false; table.rows.len()];
    let mut overlaps = Reported::default();
    for ((number, row), earlier) in numbers().zip(earlier) {
        if search.empty_column(number).is_some() || earlier.is_empty() {
            continue;
        }
        match fold {
            Fold::First => {
                // What a dead row accepts, rows before it take.
                let alive = |row: &u32| is_dead.get(*row as usize) != Some(&true);
                let earlier: Vec<_> = earlier.into_iter().filter(alive).collect();
                if search.uncovered(search.row(number), &earlier)?.is_some() {
                    continue;
                }
                is_dead.get_mut(number as usize).into_iter().for_each(|dead| *dead = true);
                if !dead.is_enough() {
                    report_taken(checker, asked, search, row.span, number, &earlier);
                }
            }
            _ => {
                let clash = earlier.into_iter().find(|earlier_row| {
                    if !asked.are_told_apart(*earlier_row, number) {
                        return false;
                    }
                    let outputs = table.rows.get(*earlier_row as usize).map(|row| &row.outputs);
                    matches!(fold, Fold::Only)
                        || outputs.is_some_and(|outputs| !same(outputs, &row.outputs))
                });
                if let Some(earlier_row) = clash.filter(|_| !overlaps.is_enough()) {
                    report_overlap(checker, asked, search, fold, (earlier_row, number));
                }
            }
        }
    }
    report_more(checker, table, Code::TableDeadRow, "rows that never match", &dead);
    report_more(checker, table, Code::TableOverlap, "rows that overlap", &overlaps);
    Ok(())
}

fn report_taken(
    checker: &mut Checker,
    asked: Asked<'_>,
    search: &Search<'_>,
    span: Span,
    number: u32,
    earlier: &[u32],
) {
    let Some(first) = earlier.first() else { return };
    let input = search.common(*first, number);
    // Which of the rows before it takes the example, is not always the first that meets it.
    let taker = earlier.iter().find(|row| search.takes(**row, &input)).unwrap_or(first);
    let example = asked.words(checker, &input, &[*taker, number]);
    let message = "this row never matches first: rows before it take all that it accepts";
    let mut diagnostic = Diagnostic::new(Code::TableDeadRow, span, message);
    if let Some(taker) = asked.table.rows.get(*taker as usize) {
        diagnostic = diagnostic.also(taker.span, format!("this row takes {example}"));
    }
    checker.sink.report(diagnostic.help("put it before them, correct it, or leave it out"));
}

fn report_overlap(
    checker: &mut Checker,
    asked: Asked<'_>,
    search: &Search<'_>,
    fold: Fold,
    (first, second): (u32, u32),
) {
    let row = |number: u32| asked.table.rows.get(number as usize).map(|row| row.span);
    let (Some(first_span), Some(second_span)) = (row(first), row(second)) else { return };
    let example = asked.words(checker, &search.common(first, second), &[first, second]);
    let message = match fold {
        Fold::Only => format!("two rows match {example}, where only one may"),
        _ => format!("two rows match {example} and do not agree"),
    };
    checker.sink.report(
        Diagnostic::new(Code::TableOverlap, second_span, message)
            .label("this row")
            .also(first_span, "and this one")
            .help("part their inputs, or combine rows by `first`, so that the upper one counts"),
    );
}

/// Says how many more problems of a kind there are.
fn report_more(checker: &mut Checker, table: &Table, code: Code, what: &str, reported: &Reported) {
    if let Some(more) = reported.0.checked_sub(MOST_REPORTED).filter(|more| *more > 0) {
        let message = format!("table `{}` has {more} more {what}", table.name);
        checker.sink.report(Diagnostic::new(code, table.span, message));
    }
}

fn find_gap(checker: &mut Checker, asked: Asked<'_>, search: &mut Search<'_>) {
    let table = asked.table;
    let Some(output) = table.outputs.iter().find(|output| !output.ty.is_optional()) else {
        return;
    };
    let (name, output_name, ty) = (&table.name, &output.name, &output.ty);
    let mut row = "a row for it, or a last row of `_`";
    let message = match search.gap() {
        Ok(None) => return,
        Ok(Some(input)) => {
            let undecided = asked.undecided(&input);
            let example = asked.words(checker, &input, &undecided);
            if undecided.is_empty() {
                format!("table `{name}` has no row for {example}")
            } else {
                // What such cells ask may hang together in ways that nobody sees here.
                row = "a last row of `_`: what cells ask of more than constants is known only when a \
                       record is judged";
                format!("table `{name}` may have no row for {example}")
            }
        }
        Err(GaveUp) => {
            format!("table `{name}` is too involved to tell whether it has a row for every input")
        }
    };
    checker.sink.report(
        Diagnostic::new(Code::TableGap, table.span, message)
            .also(output.span, "this output is never missing")
            .help(format!("add {row}; or write `{output_name}: {ty}?`, which is missing there")),
    );
}

/// How many problems of a kind there were.
#[derive(Default)]
struct Reported(usize);

impl Reported {
    /// Counts one more, and says whether enough have been reported.
    fn is_enough(&mut self) -> bool {
        self.0 += 1;
        self.0 > MOST_REPORTED
    }
}

/// Whether outputs are the same, as far as that is known.
fn same(left: &[Given], right: &[Given]) -> bool {
    left.iter().zip(right).all(|(left, right)| match (left, right) {
        (Given::Made(_), _) | (_, Given::Made(_)) => true,
        (Given::Missing, Given::Missing) => true,
        (left, right) => {
            let value = |given| Given::constant(given).and_then(Constant::to_value);
            value(left).zip(value(right)).is_some_and(|(left, right)| left.same(&right))
        }
    })
}
