//! Mutants of decision tables: rows and cells.

use super::super::mutant::MutantKind;
use super::{Finder, ranges};
use rulebook_base::source::{FileId, Span};
use rulebook_syntax::ast::{Cell, CellKind, ColumnKind, Expr, ExprKind, Grid, Literal, Name};
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
        match &cell.kind {
            CellKind::Any => {}
            CellKind::Presence(present) => {
                let other = if *present { "is missing" } else { "is present" };
                self.replace(MutantKind::Cell, cell.span, other);
            }
            CellKind::Compare(operator, value) => {
                self.operator_at(cell.span.range().start, operator.symbol);
                self.expression(value, MutantKind::Cell);
            }
            CellKind::Among(items, negated) => {
                self.among(cell.span, items, *negated);
                items.iter().for_each(|item| self.expression(item, MutantKind::Cell));
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
    fn output(&mut self, value: &Expr<'_>, names: Option<(&[Name<'_>], bool)>) {
        let written = self.at(value.span).to_string();
        for other in names.into_iter().flat_map(|names| super::policy::beside(names, &written)) {
            self.replace(MutantKind::Cell, value.span, other);
        }
        self.expression(value, MutantKind::Cell);
    }
}
