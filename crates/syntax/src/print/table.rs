//! Lays decision tables out: every column as wide as its widest cell.

use super::expression::{Shaper, type_text};
use super::layout::{Layout, Leaf, width};
use super::shape::{Block, Shape};
use crate::ast::{Cell, CellKind, Column, ColumnKind, Expr, Grid, Table};
use rulebook_base::source::Span;

impl Shaper<'_, '_> {
    pub(super) fn table(&self, node: &Table, span: Span) -> Shape<'static> {
        let head = format!("table {} by {}", node.name.text, node.combiner.text);
        let name = node.name.span.to(node.combiner.span);
        let origins = node.origins.iter().map(|origin| self.origin(origin));
        let (Some(grid), None) = (&node.grid, &node.file) else {
            let file = node.file.as_ref();
            let file =
                file.map(|path| self.leaf(format!("from {}", self.written(path.span)), path.span));
            let head = self.leaf(head, Span { start: span.start, ..name });
            return Shape::Piece(Layout::row([head].into_iter().chain(origins).chain(file)));
        };
        let mut head = head;
        for origin in origins {
            head.push(' ');
            head.push_str(&origin.flat());
        }
        let head = Leaf::at(head + " {", span.range().start);
        Shape::Block(Block { head, parts: self.rows(grid), spaced: true, close: "}" })
    }

    /// The header and the rows, their bars one under the other.
    fn rows(&self, grid: &Grid) -> Vec<Layout> {
        let header: Vec<_> = grid.columns.iter().map(column_text).collect();
        let mut lines = vec![(header, grid.span)];
        for row in &grid.rows {
            lines.push((row.cells.iter().map(|cell| self.cell_text(cell)).collect(), row.span));
        }
        let mut widths = vec![0; grid.columns.len()];
        for (cells, _) in &lines {
            for (widest, cell) in widths.iter_mut().zip(cells) {
                *widest = width(cell).max(*widest);
            }
        }
        let line = |(cells, span): (Vec<String>, Span)| {
            let mut text = String::new();
            for (at, (cell, widest)) in cells.iter().zip(&widths).enumerate() {
                let is_first_output = at == grid.inputs;
                text.push_str(if is_first_output { "|| " } else { "| " });
                text.push_str(cell);
                text.extend(std::iter::repeat_n(' ', widest - width(cell) + 1));
            }
            text.push('|');
            self.leaf(text, span)
        };
        lines.into_iter().map(line).collect()
    }

    fn cell_text(&self, cell: &Cell) -> String {
        match &cell.kind {
            CellKind::Note(_) => self.written(cell.span).trim().to_string(),
            kind => self.condition_text(kind),
        }
    }

    fn condition_text(&self, kind: &CellKind) -> String {
        let items = |items: &[Expr]| {
            let items: Vec<_> = items.iter().map(|item| self.flat(item)).collect();
            items.join(", ")
        };
        let unlike = |negated: bool| if negated { "not " } else { "" };
        match kind {
            CellKind::Any => "_".to_string(),
            CellKind::Otherwise => "otherwise".to_string(),
            CellKind::Missing => "missing".to_string(),
            CellKind::Presence(true) => "is present".to_string(),
            CellKind::Presence(false) => "is missing".to_string(),
            CellKind::Compare(operator, value) => {
                format!("{} {}", operator.symbol, self.flat(value))
            }
            CellKind::Among(values, negated) => unlike(*negated).to_string() + &items(values),
            CellKind::Test(name, values, negated) => {
                format!("{}{} {}", unlike(*negated), name.text, items(values))
            }
            CellKind::All(conditions) => {
                let conditions: Vec<_> =
                    conditions.iter().map(|part| self.condition_text(&part.kind)).collect();
                conditions.join(" and ")
            }
            CellKind::OrMissing(condition) => self.condition_text(&condition.kind) + " or missing",
            CellKind::Note(note) => note.to_string(),
        }
    }
}

fn column_text(column: &Column) -> String {
    match &column.kind {
        ColumnKind::Value(name, ty) => format!("{}: {}", name.text, type_text(ty)),
        ColumnKind::From => "from".to_string(),
        ColumnKind::Until => "until".to_string(),
        ColumnKind::Note => "note".to_string(),
    }
}
