//! Tells of rows that can never match, of rows that meet where only one may, and of inputs that no
//! row accepts, each with an example.

use super::search::{GaveUp, Search};
use super::twins::Lines;
use super::words;
use crate::check::checker::Checker;
use crate::check::typed::{Constant, Table, TableId};
use rulebook_base::diagnostic::{Code, Diagnostic};
use rulebook_base::source::Span;
use rulebook_lang::combiner::Hits;
use rulebook_lang::fold::Fold;
use rulebook_lang::model::Key;

/// How many rows of one table are reported, for each kind of problem.
const MOST_REPORTED: usize = 10;

/// A table, and its columns as look-ups ask for them.
#[derive(Clone, Copy)]
struct Asked<'t> {
    table: &'t Table,
    lines: &'t Lines,
}

impl Asked<'_> {
    /// An input in the words of the author.
    fn words(self, checker: &Checker, keys: &[Key]) -> String {
        let input = self.lines.input(self.table, keys);
        words::input(self.table, input, &checker.names.settings.zone)
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
    if !table.hits.has_none() && table.outputs.iter().any(|output| !output.ty.is_optional()) {
        find_gap(checker, asked, &mut search);
    }
}

fn rows_against_each_other(
    checker: &mut Checker,
    asked: Asked<'_>,
    search: &mut Search<'_>,
) -> Result<(), GaveUp> {
    let table = asked.table;
    let numbers = || (0..).zip(&table.rows);
    let mut dead = Reported::default();
    for (number, row) in numbers() {
        let Some(column) = search.empty_column(number) else { continue };
        if dead.is_enough() {
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
    let example = asked.words(checker, &input);
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
    let example = asked.words(checker, &search.common(first, second));
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
    let message = match search.gap() {
        Ok(None) => return,
        Ok(Some(input)) => {
            let example = asked.words(checker, &input);
            format!("table `{name}` has no row for {example}")
        }
        Err(GaveUp) => {
            format!("table `{name}` is too involved to tell whether it has a row for every input")
        }
    };
    checker.sink.report(
        Diagnostic::new(Code::TableGap, table.span, message)
            .also(output.span, "this output is never missing")
            .help(format!(
                "add a row for it, or a last row of `_`; or write `{output_name}: {ty}?`, \
                 which is missing there"
            )),
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

fn same(left: &[Constant], right: &[Constant]) -> bool {
    left.iter().zip(right).all(|(left, right)| match (left.to_value(), right.to_value()) {
        (Some(left), Some(right)) => left.same(&right),
        _ => false,
    })
}
