//! Mutants of decision tables: rows and cells.

use super::super::mutant::MutantKind;
use super::{Finder, ranges};
use rulebook_base::source::{FileId, Span};
use rulebook_syntax::ast::{Cell, CellKind, ColumnKind, Expr, ExprKind, Grid, Literal, Member};
use rulebook_syntax::parse_table;

impl Finder<'_, '_> {
    /// The mutants of a table whose rows stand in a file of their own.
    pub(super) fn table_file(&mut self, file: FileId) {
        let text = self.files.sources().get(file).map_or("", |file| file.text.as_str());
        let (grid, _) = parse_table(file, text);
        let outer = (self.file, self.text);
        (self.file, self.text) = (file, text);
        grid.iter().for_each(|grid| self.table(grid));
        (self.file, self.text) = outer;
    }

    pub(super) fn table(&mut self, grid: &Grid<'_>) {
        for row in &grid.rows {
            self.replace(MutantKind::Row, self.removal(row.span), "");
            for (at, (cell, column)) in row.cells.iter().zip(&grid.columns).enumerate() {
                match &column.kind {
                    ColumnKind::From | ColumnKind::Until => {
                        if let CellKind::Among(items, _) = &cell.kind {
                            items.iter().for_each(|date| self.expression(date, MutantKind::Date));
                        }
                    }
                    ColumnKind::Note => {}
                    ColumnKind::Value(_, ty) if at >= grid.inputs => {
                        let CellKind::Among(items, _) = &cell.kind else { continue };
                        let names = self.definitions.names(&ty.kind);
                        items.iter().for_each(|value| self.output(value, names));
                    }
                    ColumnKind::Value(..) => self.input(cell),
                }
            }
        }
    }

    fn input(&mut self, cell: &Cell<'_>) {
        self.condition(cell.span, &cell.kind);
    }

    fn condition(&mut self, cell: Span, kind: &CellKind<'_>) {
        match kind {
            CellKind::Any | CellKind::Note(_) | CellKind::Otherwise | CellKind::Missing => {}
            CellKind::Presence(present) => {
                let other = if *present { "is missing" } else { "is present" };
                self.replace(MutantKind::Cell, cell, other);
            }
            CellKind::Compare(operator, value) => {
                self.operator_at(cell.range().start, operator.symbol);
                self.expression(value, MutantKind::Cell);
            }
            CellKind::Among(items, negated) => {
                self.among(cell, items, *negated);
                items.iter().for_each(|item| self.expression(item, MutantKind::Cell));
            }
            CellKind::Test(name, items, negated) => {
                match negated {
                    true => {
                        let word = cell.range().start..name.span.range().start;
                        self.replace(MutantKind::Cell, self.span(word), "");
                    }
                    false => self.replace(MutantKind::Cell, cell, "_"),
                }
                items.iter().for_each(|item| self.expression(item, MutantKind::Cell));
            }
            CellKind::All(conditions) => {
                for (at, condition) in conditions.iter().enumerate() {
                    let own = condition.span.range();
                    let before = at.checked_sub(1).and_then(|last| conditions.get(last));
                    let behind = conditions.get(at + 1).map(|next| next.span.range().start);
                    // With the `and` that joins it to the one beside it.
                    let range = match before {
                        Some(before) => before.span.range().end..own.end,
                        None => own.start..behind.unwrap_or(own.end),
                    };
                    self.replace(MutantKind::Cell, self.span(range), "");
                    self.condition(condition.span, &condition.kind);
                }
            }
            CellKind::OrMissing(condition) => {
                let rest = condition.span.range().end..cell.range().end;
                self.replace(MutantKind::Cell, self.span(rest), "");
                self.condition(condition.span, &condition.kind);
            }
        }
    }

    /// Takes a `not` or an item out of a cell; a name or text that stands alone gives way to `_`.
    fn among(&mut self, cell: Span, items: &[Expr<'_>], negated: bool) {
        let first = items.first().map_or(cell, |item| item.span);
        if negated {
            let word = cell.range().start..first.range().start;
            self.replace(MutantKind::Cell, self.span(word), "");
        }
        let has_steps = |item: &Expr<'_>| match &item.kind {
            ExprKind::Literal(literal) => !matches!(literal, Literal::Text(_)),
            ExprKind::Range(..) => true,
            _ => false,
        };
        match items {
            [only] if !negated && !has_steps(only) => self.replace(MutantKind::Cell, cell, "_"),
            [_] => {}
            items => {
                let ranges: Vec<_> = items.iter().map(|item| item.span.range()).collect();
                for range in ranges::sampled(ranges::items(&ranges)) {
                    self.replace(MutantKind::Cell, self.span(range), "");
                }
            }
        }
    }

    /// Gives another output: one step lower or higher, or the members beside it.
    fn output(&mut self, value: &Expr<'_>, names: Option<(&[Member<'_>], bool)>) {
        let written = self.at(value.span).to_string();
        for other in names.into_iter().flat_map(|names| super::policy::beside(names, &written)) {
            self.replace(MutantKind::Cell, value.span, other);
        }
        self.expression(value, MutantKind::Cell);
    }
}
