//! Checks decision tables: their columns, and what holds between their rows.

mod analyse;
mod cell;
pub(super) mod look_up;
mod search;
mod twins;
mod words;

use std::collections::HashMap;

use crate::check::checker::Checker;
use crate::check::typed::{Domain, Input, Output, Row, Table, TableId};
use crate::check::{cites, combiner, resolve, share};
use rulebook_base::diagnostic::{Code, Diagnostic};
use rulebook_base::source::Span;
use rulebook_lang::combiner::{Combiner, Hits};
use rulebook_lang::fold::Fold;
use rulebook_lang::model::Type;
use rulebook_syntax::ast::{self, CellKind, ColumnKind, ExprKind, Grid};

/// How far a table is sound.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Soundness {
    /// Its columns are wrong: what look-ups take and give is not known.
    Broken,
    /// Some of its cells are wrong.
    Columns,
    /// All of it is, so that its rows can be set against each other.
    Whole,
}

/// A table, and how far it is sound. Parameters have their values by now, and no function has been
/// looked at.
pub(super) fn define(checker: &mut Checker, node: &ast::Table) -> (Table, Soundness) {
    resolve::refuse_function(checker, &node.name);
    cites::origins(checker, &node.origins);
    let hits = combiner::hits(checker, &node.combiner).ok();
    let mut table = Table {
        name: node.name.text.to_string(),
        hits: hits.unwrap_or(Hits::Combined(Combiner::First)),
        inputs: Vec::new(),
        dates: None,
        outputs: Vec::new(),
        rows: Vec::new(),
        span: node.name.span,
    };
    let errors = checker.sink.errors();
    if let Some(grid) = &node.grid {
        columns(checker, grid, &mut table);
    }
    if let (Some(grid), Some(hits)) = (&node.grid, hits) {
        check_outputs(checker, node, grid, hits, &table.outputs);
    }
    let Some(grid) = node.grid.as_ref().filter(|_| errors == checker.sink.errors()) else {
        return (table, Soundness::Broken);
    };
    rows(checker, grid, &mut table);
    let is_whole = hits.is_some() && grid.complete && errors == checker.sink.errors();
    (table, if is_whole { Soundness::Whole } else { Soundness::Columns })
}

/// Sets the rows of sound tables against each other, once all look-ups are known.
pub(super) fn analyse(checker: &mut Checker, tables: &[TableId]) {
    let all = &checker.names.checked.tables;
    for id in tables {
        analyse::analyse(checker, *id, &all[*id]);
    }
}

/// Declares the columns; those of dates are none of the inputs.
fn columns(checker: &mut Checker, grid: &Grid, table: &mut Table) {
    let mut seen: HashMap<&str, Span> = HashMap::new();
    for (at, column) in grid.columns.iter().enumerate() {
        let (name, span) = match &column.kind {
            ColumnKind::Value(name, _) => (name.text, name.span),
            ColumnKind::From => ("from", column.span),
            ColumnKind::Until => ("until", column.span),
        };
        if let Some(first) = seen.insert(name, span) {
            let message = format!("two columns are named `{name}`");
            checker.sink.report(
                Diagnostic::new(Code::DuplicateName, span, message).also(first, "first here"),
            );
        }
        let ColumnKind::Value(name, ty) = &column.kind else { continue };
        let resolved = resolve::resolve_type(checker, ty);
        if matches!(resolved.required(), Type::List(_) | Type::Record(_)) {
            let message = format!("{} does not fit into a cell", resolved.described());
            checker.sink.report(
                Diagnostic::new(Code::TableHeader, ty.span, message)
                    .help("a column holds single values, such as numbers, texts or dates"),
            );
        }
        let cells = || grid.rows.iter().filter_map(|row| row.cells.get(at));
        let percent = cells().any(is_percent);
        warn_of_mixed(checker, &cells().flat_map(values).collect::<Vec<_>>());
        let (name, span) = (name.text.to_string(), column.span);
        if at < grid.inputs {
            let domain = Domain::new(&resolved, Vec::new());
            table.inputs.push(Input { name, ty: resolved, domain, percent, span });
        } else {
            table.outputs.push(Output { name, ty: resolved, percent, span });
        }
    }
}

/// Checks that outputs can be combined as the table says.
fn check_outputs(
    checker: &mut Checker,
    node: &ast::Table,
    grid: &Grid,
    hits: Hits,
    outputs: &[Output],
) {
    let combiner = match hits {
        Hits::Combined(combiner) => combiner,
        Hits::Counted => {
            if let Some(output) = outputs.first() {
                let message = "a table by `count` gives the number of rows, and has no outputs";
                checker.sink.report(
                    Diagnostic::new(Code::TableHeader, output.span, message)
                        .also(node.combiner.span, "the rows are counted")
                        .help("leave out `||` and what follows"),
                );
            }
            return;
        }
    };
    if outputs.is_empty() {
        checker.sink.report(
            Diagnostic::new(Code::TableHeader, grid.span, "this table has no output")
                .help("put it behind `||`: `| share: number || pays: number |`"),
        );
    }
    // A row is taken whole by its first output, so that the others may be of any type.
    let is_taken_whole = matches!(combiner.fold(), Fold::Best(_));
    for (at, output) in outputs.iter().enumerate() {
        if hits.has_none() && output.ty.is_optional() {
            let message = format!("what `{}` gives is never missing", combiner.name());
            checker.sink.report(
                Diagnostic::new(Code::WrongType, output.span, message).help("leave out the `?`"),
            );
        }
        if at == 0 || !is_taken_whole {
            combiner::check_combiner(checker, output.span, combiner, output.ty.required());
        }
    }
}

/// Types the cells, and numbers the values that they accept.
fn rows(checker: &mut Checker, grid: &Grid, table: &mut Table) {
    let cells = cell::cells(checker, grid, table);
    let Ok(cells) = cells else { return };
    let mut inputs = table.inputs.iter_mut();
    let mut columns = Vec::new();
    for (column, cells) in grid.columns.iter().take(grid.inputs).zip(&cells.inputs) {
        if let ColumnKind::Value(..) = column.kind
            && let Some(input) = inputs.next()
        {
            let (domain, accepts) = cell::numbered(&input.ty, cells);
            input.domain = domain;
            columns.push(accepts);
        }
    }
    if cells.has_dates {
        let (domain, accepts) = cell::dates(&cells.dates);
        table.dates = Some(domain);
        columns.push(accepts);
    }
    let mut columns: Vec<_> = columns.into_iter().map(Vec::into_iter).collect();
    for ((row, dates), outputs) in grid.rows.iter().zip(cells.dates).zip(cells.outputs) {
        let accepts = columns.iter_mut().filter_map(Iterator::next).collect();
        table.rows.push(Row { accepts, dates, outputs, span: row.span });
    }
}

/// Whether a cell is written in percent.
fn is_percent(cell: &ast::Cell) -> bool {
    let mut percent = false;
    cell.walk(&mut |expr| percent |= share::is_in_percent(expr));
    percent
}

/// The values that a cell names, as they are written.
fn values<'c, 's>(cell: &'c ast::Cell<'s>) -> Vec<&'c ast::Expr<'s>> {
    match &cell.kind {
        CellKind::Any | CellKind::Presence(_) => Vec::new(),
        CellKind::Compare(_, value) => vec![value],
        CellKind::Among(items, _) => {
            let values = items.iter().flat_map(|item| match &item.kind {
                ExprKind::Range(low, high, _) => vec![&**low, &**high],
                _ => vec![item],
            });
            values.collect()
        }
    }
}

/// Warns of plain numbers above 1 in a column that has percent elsewhere.
fn warn_of_mixed(checker: &mut Checker, values: &[&ast::Expr]) {
    let Some(percent) = values.iter().find(|value| share::is_in_percent(value)) else { return };
    for value in values.iter().filter(|value| share::is_above_one(value)) {
        share::report(checker, value.span, percent.span);
    }
}
