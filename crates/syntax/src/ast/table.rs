//! The tree of a decision table, as written.

use super::{Expr, Name, Origin, Text, TypeExpr};
use rulebook_base::source::Span;
use rulebook_lang::operator::Binary;

/// `table NAME by HOW { | input: TYPE || output: TYPE | … }` or `from "file.csv"`
#[derive(Debug, Clone)]
pub struct Table<'s> {
    /// The name.
    pub name: Name<'s>,
    /// How the rows that match become one value.
    pub combiner: Name<'s>,
    /// Where the table comes from.
    pub origins: Vec<Origin<'s>>,
    /// The file that holds the rows, if they do not stand here.
    pub file: Option<Text<'s>>,
    /// The header and the rows; those of a file are put here once it has been read.
    pub grid: Option<Grid<'s>>,
}

/// The header and the rows of a table. Each row has a cell for each column.
#[derive(Debug, Clone)]
pub struct Grid<'s> {
    /// The columns, inputs first.
    pub columns: Vec<Column<'s>>,
    /// How many of them are inputs.
    pub inputs: usize,
    /// The rows in order.
    pub rows: Vec<Row<'s>>,
    /// The header.
    pub span: Span,
    /// Whether all of it is well formed; what is not has been reported and left out.
    pub complete: bool,
}

/// A cell of the header.
#[derive(Debug, Clone)]
pub struct Column<'s> {
    /// What stands in the column.
    pub kind: ColumnKind<'s>,
    /// All of it.
    pub span: Span,
}

/// What stands in a column.
#[derive(Debug, Clone)]
pub enum ColumnKind<'s> {
    /// `name: TYPE`
    Value(Name<'s>, TypeExpr<'s>),
    /// `from`: the dates from which the rows are in force
    From,
    /// `until`: the dates at which the rows cease to be in force
    Until,
}

/// A row.
#[derive(Debug, Clone)]
pub struct Row<'s> {
    /// Its cells, one for each column.
    pub cells: Vec<Cell<'s>>,
    /// All of it.
    pub span: Span,
}

/// A cell of a row.
#[derive(Debug, Clone)]
pub struct Cell<'s> {
    /// What it says.
    pub kind: CellKind<'s>,
    /// All of it.
    pub span: Span,
}

/// What a cell says.
#[derive(Debug, Clone)]
pub enum CellKind<'s> {
    /// `_`
    Any,
    /// `is present` (true), `is missing` (false)
    Presence(bool),
    /// `>= 4.8`
    Compare(Binary, Expr<'s>),
    /// `"a", 10% ..< 50%`, or with `not` before them (true)
    Among(Vec<Expr<'s>>, bool),
}

impl<'s> Cell<'s> {
    /// Calls `visit` on every expression of the cell and all within it.
    pub fn walk(&self, visit: &mut dyn FnMut(&Expr<'s>)) {
        match &self.kind {
            CellKind::Any | CellKind::Presence(_) => {}
            CellKind::Compare(_, value) => value.walk(visit),
            CellKind::Among(items, _) => items.iter().for_each(|item| item.walk(visit)),
        }
    }
}
