//! Checks decision tables: their columns, and what holds between their rows.

mod analyse;
mod cell;
mod search;
mod words;

use std::collections::HashMap;

use super::Checker;
use super::infer::Scope;
use super::typed::{Domain, Expr, Input, Kind, Output, Row, Table, TableId};
use crate::diagnostic::{Code, Diagnostic, did_you_mean};
use crate::figures::counted;
use crate::lang::combiner::{COMBINERS, COUNT, Combiner, Hits};
use crate::model::Type;
use crate::source::Span;
use crate::syntax::ast::{self, ColumnKind, DefinitionKind, ExprKind, Grid, Literal};

impl Checker<'_> {
    /// Checks every table. Parameters have their values by now, and no function has been looked at.
    pub(super) fn define_tables(&mut self, definitions: &[&ast::Definition]) {
        for definition in definitions {
            if let DefinitionKind::Table(node) = &definition.kind {
                let table = self.table(node);
                self.checked.tables.push(table);
            }
        }
    }

    fn table(&mut self, node: &ast::Table) -> Table {
        if crate::lang::function::find(node.name.text).is_some()
            || super::typed::ComprehensionKind::from_name(node.name.text).is_some()
        {
            let message = format!("`{}` is a function of the language", node.name.text);
            self.error(Code::DuplicateName, node.name.span, message);
        }
        self.origins(&node.origins);
        let hits = self.hits(&node.combiner);
        let mut table = Table {
            name: node.name.text.to_string(),
            hits: hits.unwrap_or(Hits::Combined(Combiner::First)),
            inputs: Vec::new(),
            dates: None,
            outputs: Vec::new(),
            rows: Vec::new(),
            span: node.name.span,
        };
        let errors = self.errors();
        if let Some(grid) = &node.grid {
            self.columns(grid, &mut table);
        }
        if let (Some(grid), Some(hits)) = (&node.grid, hits) {
            self.check_outputs(node, grid, hits, &table.outputs);
        }
        let Some(grid) = node.grid.as_ref().filter(|_| errors == self.errors()) else {
            // Nobody reports look-ups in it.
            self.broken.insert(table.name.clone());
            return table;
        };
        self.rows(grid, &mut table);
        if hits.is_some() && grid.complete && errors == self.errors() {
            self.analyse(&table);
        }
        table
    }

    fn errors(&self) -> usize {
        self.diagnostics.iter().filter(|diagnostic| diagnostic.is_error()).count()
    }

    fn hits(&mut self, name: &ast::Name) -> Option<Hits> {
        let hits = Hits::from_name(name.text);
        if hits.is_none() {
            let known: Vec<_> = COMBINERS.iter().map(|row| row.name).chain([COUNT]).collect();
            let help = did_you_mean(name.text, known.iter().copied())
                .unwrap_or_else(|| format!("write one of {}", known.join(", ")));
            let message = format!("there is no combiner `{}`", name.text);
            self.report(Diagnostic::new(Code::BadCombiner, name.span, message).help(help));
        }
        hits
    }

    /// Declares the columns; those of dates are none of the inputs.
    fn columns(&mut self, grid: &Grid, table: &mut Table) {
        let mut seen: HashMap<&str, Span> = HashMap::new();
        for (at, column) in grid.columns.iter().enumerate() {
            let (name, span) = match &column.kind {
                ColumnKind::Value(name, _) => (name.text, name.span),
                ColumnKind::From => ("from", column.span),
                ColumnKind::Until => ("until", column.span),
            };
            if let Some(first) = seen.insert(name, span) {
                let message = format!("two columns are named `{name}`");
                self.report(
                    Diagnostic::new(Code::DuplicateName, span, message).also(first, "first here"),
                );
            }
            let ColumnKind::Value(name, ty) = &column.kind else { continue };
            let resolved = self.resolve_type(ty);
            if matches!(resolved.required(), Type::List(_) | Type::Record(_)) {
                let message = format!("{} does not fit into a cell", resolved.described());
                self.report(
                    Diagnostic::new(Code::TableHeader, ty.span, message)
                        .help("a column holds single values, such as numbers, texts or dates"),
                );
            }
            let percent = grid.rows.iter().filter_map(|row| row.cells.get(at)).any(is_percent);
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
    fn check_outputs(&mut self, node: &ast::Table, grid: &Grid, hits: Hits, outputs: &[Output]) {
        let combiner = match hits {
            Hits::Combined(combiner) => combiner,
            Hits::Counted => {
                if let Some(output) = outputs.first() {
                    let message = "a table by `count` gives the number of rows, and has no outputs";
                    self.report(
                        Diagnostic::new(Code::TableHeader, output.span, message)
                            .also(node.combiner.span, "the rows are counted")
                            .help("leave out `||` and what follows"),
                    );
                }
                return;
            }
        };
        if outputs.is_empty() {
            self.report(
                Diagnostic::new(Code::TableHeader, grid.span, "this table has no output")
                    .help("put it behind `||`: `| share: number || pays: number |`"),
            );
        }
        for output in outputs {
            if hits.has_none() && output.ty.is_optional() {
                let message = format!("what `{}` gives is never missing", combiner.name());
                self.report(
                    Diagnostic::new(Code::WrongType, output.span, message)
                        .help("leave out the `?`"),
                );
            }
            self.check_combiner(output.span, combiner, output.ty.required());
        }
    }

    /// Types the cells, and numbers the values that they accept.
    fn rows(&mut self, grid: &Grid, table: &mut Table) {
        let cells = self.cells(grid, table);
        let Some(cells) = cells else { return };
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

    /// A look-up in a table: a call with one argument for each input.
    pub(super) fn look_up(
        &mut self,
        id: TableId,
        name: &ast::Name,
        arguments: &[ast::Expr],
        output: Option<&ast::Name>,
        span: Span,
        scope: &Scope,
    ) -> Expr {
        self.mark_used(name.text);
        if scope.constant {
            let message =
                format!("what `{}` gives is known only once a record is judged", name.text);
            self.report(
                Diagnostic::new(Code::NotConstant, span, message)
                    .help("write a literal, or a calculation of literals"),
            );
            return Expr::wrong(span);
        }
        let table = self.checked.tables.get(id.index());
        let Some(table) = table.filter(|table| !self.broken.contains(&table.name)) else {
            return Expr::wrong(span);
        };
        let inputs: Vec<_> =
            table.inputs.iter().map(|input| (input.name.clone(), input.ty.clone())).collect();
        let picked = self.picked_output(id, name, output, span);
        if inputs.len() != arguments.len() {
            let takes: Vec<_> = inputs.iter().map(|(name, ty)| format!("{name}: {ty}")).collect();
            let (wanted, given) = (counted(inputs.len(), "input"), arguments.len());
            let message = format!("table `{}` has {wanted}, not {given}", name.text);
            self.report(
                Diagnostic::new(Code::WrongArguments, span, message)
                    .help(format!("it takes ({})", takes.join(", "))),
            );
            return Expr::wrong(span);
        }
        let typed: Vec<_> =
            arguments.iter().zip(&inputs).map(|(a, (_, ty))| self.expect(a, ty, scope)).collect();
        let Some((number, ty)) = picked else { return Expr::wrong(span) };
        if typed.iter().any(|argument| argument.ty.is_unknown()) {
            return Expr::wrong(span);
        }
        Expr { span, ty, kind: Kind::LookUp(id, number, typed) }
    }

    /// The number of the output that a look-up reads, and the type that it gives.
    fn picked_output(
        &mut self,
        id: TableId,
        name: &ast::Name,
        output: Option<&ast::Name>,
        span: Span,
    ) -> Option<(u32, Type)> {
        let table = self.checked.tables.get(id.index())?;
        let combiner = match (table.hits, output) {
            (Hits::Counted, None) => return Some((0, Type::Number)),
            (Hits::Counted, Some(output)) => {
                let message = format!("table `{}` counts rows, and has no outputs", name.text);
                self.report(Diagnostic::new(Code::UnknownField, output.span, message));
                return None;
            }
            (Hits::Combined(combiner), _) => combiner,
        };
        let names: Vec<_> = table.outputs.iter().map(|output| output.name.clone()).collect();
        let position = match (output, names.as_slice()) {
            (_, []) => return None,
            (None, [_]) => 0,
            (None, [first, ..]) => {
                let message = format!("table `{}` has several outputs", name.text);
                let help = format!("name one of {}: `{}(…).{first}`", names.join(", "), name.text);
                self.report(Diagnostic::new(Code::WrongArguments, span, message).help(help));
                return None;
            }
            (Some(output), _) => {
                let found = names.iter().position(|known| known == output.text);
                let Some(found) = found else {
                    let message = format!("table `{}` has no output `{}`", name.text, output.text);
                    let help = did_you_mean(output.text, names.iter().map(String::as_str))
                        .unwrap_or_else(|| format!("its outputs are {}", names.join(", ")));
                    self.report(
                        Diagnostic::new(Code::UnknownField, output.span, message).help(help),
                    );
                    return None;
                };
                found
            }
        };
        let ty = table.outputs.get(position)?.ty.clone();
        let ty = if combiner.collects() { Type::List(Box::new(ty)) } else { ty };
        Some((u32::try_from(position).ok()?, ty))
    }
}

/// Whether a cell is written in percent.
fn is_percent(cell: &ast::Cell) -> bool {
    let mut percent = false;
    cell.walk(&mut |expr| {
        percent |= matches!(expr.kind, ExprKind::Literal(Literal::Percent(_)));
    });
    percent
}
