//! Checks decision tables: their columns, and what holds between their rows.

mod analyse;
mod cell;
mod condition;
pub(super) mod look_up;
mod output;
mod search;
mod twins;
mod words;

use std::collections::HashMap;

use crate::check::checker::Checker;
use crate::check::sink::Wrong;
use crate::check::typed::{
    Atom, Domain, Field, Input, Output, Record, RecordKind, Row, Table, TableId,
};
use crate::check::{cites, combiner, resolve, share};
use rulebook_base::diagnostic::{Code, Diagnostic};
use rulebook_base::source::Span;
use rulebook_lang::combiner::{Combiner, Hits};
use rulebook_lang::fold::Fold;
use rulebook_lang::model::Type;
use rulebook_syntax::Parsed;
use rulebook_syntax::ast::{self, CellKind, ColumnKind, DefinitionKind, ExprKind, Grid};

/// How far the columns of a table are sound.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Soundness {
    /// What look-ups take and give is not known.
    Broken,
    /// How its rows are combined is not known.
    Columns,
    /// All of it is, so that its rows can be set against each other.
    Whole,
}

/// A table without its rows. Parameters have their values by now, and no function has been looked at.
pub(super) fn declare(checker: &mut Checker, node: &ast::Table) -> (Table, Soundness) {
    resolve::refuse_function(checker, &node.name);
    cites::origins(checker, &node.origins);
    let hits = combiner::hits(checker, &node.combiner).ok();
    let mut table = Table {
        name: node.name.text.to_string(),
        hits: hits.unwrap_or(Hits::Combined(Combiner::First)),
        inputs: Vec::new(),
        dates: None,
        outputs: Vec::new(),
        row: None,
        atoms: Vec::new(),
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
    let is_broken = node.grid.is_none() || errors < checker.sink.errors();
    let soundness = match (is_broken, hits) {
        (true, _) => Soundness::Broken,
        (false, None) => Soundness::Columns,
        (false, Some(_)) => Soundness::Whole,
    };
    (table, soundness)
}

/// The record that a row of a table is where it is taken whole: its outputs.
pub(super) fn row(id: TableId, table: &Table) -> Option<Record> {
    let [_, _, ..] = table.outputs.as_slice() else { return None };
    let fields = table.outputs.iter().map(|output| Field {
        name: output.name.clone(),
        ty: output.ty.clone(),
        digits: None,
        default: None,
        alias: None,
        reading: None,
        join: None,
        fixed: false,
    });
    Some(Record {
        name: table.name.as_str().into(),
        kind: RecordKind::Row(id),
        fields: fields.collect(),
        key: Vec::new(),
        validity: None,
        profile_key: None,
        span: table.span,
    })
}

/// Frees what is written in the rows of tables, which have been typed: the memory is used for the rest.
pub(super) fn forget_rows(files: &mut [Parsed]) {
    for definition in files.iter_mut().flat_map(|parsed| &mut parsed.file.definitions) {
        if let DefinitionKind::Table(node) = &mut definition.kind
            && let Some(grid) = &mut node.grid
        {
            grid.rows = Vec::new();
        }
    }
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
            ColumnKind::Note => ("note", column.span),
        };
        if let Some(first) = seen.insert(name, span) {
            let message = format!("two columns are named `{name}`");
            checker.sink.report(
                Diagnostic::new(Code::DuplicateName, span, message).also(first, "first here"),
            );
        }
        let ColumnKind::Value(name, ty) = &column.kind else { continue };
        let resolved = match at < grid.inputs {
            true => resolve::kept_type(checker, ty, "an input of a table"),
            false => resolve::resolve_type(checker, ty),
        };
        let resolved = single_currency(checker, resolved, ty.span);
        refuse_composite(checker, &resolved, at < grid.inputs, ty.span);
        let cells = || grid.rows.iter().filter_map(|row| row.cells.get(at));
        let percent = cells().any(is_percent);
        warn_of_mixed(checker, &cells().flat_map(|cell| values(&cell.kind)).collect::<Vec<_>>());
        let (name, span) = (name.text.to_string(), column.span);
        if at < grid.inputs {
            let domain = Domain::new(&resolved, Vec::new());
            let local = checker.sink.local();
            table.inputs.push(Input { name, ty: resolved, domain, local, percent, span });
        } else {
            table.outputs.push(Output { name, ty: resolved, percent, span });
        }
    }
}

/// Reports what no cell can say: which lists and records an input accepts, and a list within a list.
fn refuse_composite(checker: &mut Checker, ty: &Type, is_input: bool, span: Span) {
    let (message, help) = match ty.required() {
        Type::List(_) | Type::Record(_) if is_input => (
            format!("{} is no input of a table", ty.required().described()),
            "an input is a single value: hand on what rows look at, such as `len(lines)`, \
             `\"gift\" in tags` or a field",
        ),
        _ => return,
    };
    checker.sink.report(Diagnostic::new(Code::TableHeader, span, message).help(help));
}

/// The type of a column, which holds amounts in one currency; reports money of any.
fn single_currency(checker: &mut Checker, ty: Type, span: Span) -> Type {
    if !ty.required().is_money() {
        return ty;
    }
    let message = "a column holds amounts in one currency, and `money` may be in any";
    let help = "write the currency, such as `CNY`; a column of `currency` holds codes";
    let problem = Diagnostic::new(Code::UnprovedCurrency, span, message);
    checker.sink.report(problem.help(help));
    Type::Unknown
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
        if combiner.collects() && matches!(output.ty.required(), Type::List(_)) {
            let message =
                format!("rows are collected into one list, and `{}` is one itself", output.name);
            checker.sink.report(
                Diagnostic::new(Code::TableHeader, output.span, message)
                    .help("give one value in each row, and write a row for each of them"),
            );
        }
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

/// The rows of a table, and the domains of its columns, which they tell apart.
pub(super) struct Rows {
    domains: Vec<Domain>,
    dates: Option<Domain>,
    atoms: Vec<Atom>,
    rows: Vec<Row>,
}

/// Types the cells, and numbers the values that they accept; says whether all of them are sound.
pub(super) fn rows(
    checker: &mut Checker,
    node: &ast::Table,
    table: &Table,
) -> (Option<Rows>, bool) {
    let Some(grid) = &node.grid else { return (None, false) };
    let errors = checker.sink.errors();
    let rows = default_row(checker, grid, table.hits)
        .and_then(|default| cell::cells(checker, grid, table, default))
        .map(|cells| numbered(grid, table, cells));
    (rows.ok(), grid.complete && errors == checker.sink.errors())
}

/// Puts the rows of a table in their place.
pub(super) fn fill(table: &mut Table, rows: Rows) {
    for (input, domain) in table.inputs.iter_mut().zip(rows.domains) {
        input.domain = domain;
    }
    (table.dates, table.atoms, table.rows) = (rows.dates, rows.atoms, rows.rows);
}

fn numbered(grid: &Grid, table: &Table, cells: cell::Cells) -> Rows {
    let (mut domains, mut columns) = (Vec::new(), Vec::new());
    for (input, cells) in table.inputs.iter().zip(&cells.inputs) {
        let (domain, accepts) = cell::numbered(&input.ty, cells);
        domains.push(domain);
        columns.push(accepts);
    }
    let mut dates = None;
    if cells.has_dates {
        let (domain, accepts) = cell::dates(&cells.dates);
        dates = Some(domain);
        columns.push(accepts);
    }
    drop(cells.inputs);
    let mut columns: Vec<_> = columns.into_iter().map(Vec::into_iter).collect();
    let given = cells.dates.into_iter().zip(cells.outputs).zip(cells.tests);
    let rows = grid.rows.iter().zip(given).map(|(row, ((dates, outputs), tests))| Row {
        accepts: columns.iter_mut().filter_map(Iterator::next).collect(),
        dates,
        tests,
        outputs,
        is_default: cells.default == Some(row.span),
        span: row.span,
    });
    Rows { rows: rows.collect(), domains, dates, atoms: cells.atoms }
}

/// The row that begins with `otherwise`, if there is one; reports where it does not stand as it should.
fn default_row(checker: &mut Checker, grid: &Grid, hits: Hits) -> Result<Option<Span>, Wrong> {
    let is_default = |cell: &ast::Cell| matches!(cell.kind, CellKind::Otherwise);
    let (mut default, mut wrong) = (None, None);
    for (at, row) in grid.rows.iter().enumerate() {
        let inputs = row.cells.get(..grid.inputs).unwrap_or_default();
        let Some(cell) = inputs.iter().find(|cell| is_default(cell)) else { continue };
        let others = inputs.iter().skip(1);
        let is_open = |cell: &ast::Cell| matches!(cell.kind, CellKind::Any | CellKind::Note(_));
        let (message, help) =
            if !inputs.first().is_some_and(is_default) || !others.clone().all(is_open) {
                (
                    "a row that counts where no other does asks nothing else",
                    "write `otherwise` into its first cell, and `_` into its other inputs",
                )
            } else if at + 1 < grid.rows.len() {
                ("this row counts where no other does, and stands last", "put it behind the others")
            } else if hits == Hits::Counted {
                ("a table by `count` counts the rows that match", "leave it out: no row counts 0")
            } else {
                default = Some(row.span);
                continue;
            };
        let problem = Diagnostic::new(Code::TableRow, cell.span, message).help(help);
        wrong = Some(checker.sink.wrong(problem));
    }
    wrong.map_or(Ok(default), Err)
}

/// Whether a cell is written in percent: what percent of something comes to, is no share.
fn is_percent(cell: &ast::Cell) -> bool {
    fn is_share(expr: &ast::Expr) -> bool {
        match &expr.kind {
            ExprKind::Binary(operator, _) if matches!(operator.symbol, "*" | "/") => false,
            ExprKind::Call(..) | ExprKind::Output(..) => false,
            _ => {
                let mut is = share::is_in_percent(expr);
                expr.children(&mut |inner| is |= is_share(inner));
                is
            }
        }
    }
    let mut percent = false;
    cell.kind.expressions(&mut |expr| percent |= is_share(expr));
    percent
}

/// The values that a cell names, as they are written.
fn values<'c, 's>(kind: &'c CellKind<'s>) -> Vec<&'c ast::Expr<'s>> {
    match kind {
        CellKind::Any
        | CellKind::Presence(_)
        | CellKind::Note(_)
        | CellKind::Otherwise
        | CellKind::Missing
        | CellKind::Test(..) => Vec::new(),
        CellKind::Compare(_, value) => vec![value],
        CellKind::All(conditions) => {
            conditions.iter().flat_map(|condition| values(&condition.kind)).collect()
        }
        CellKind::OrMissing(condition) => values(&condition.kind),
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
