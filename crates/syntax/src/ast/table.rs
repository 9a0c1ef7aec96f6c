//! The tree of a decision table, as written.

use std::borrow::Cow;

use super::{Expr, Name, Origin, Text, TypeExpr};
use rulebook_base::source::Span;
use rulebook_lang::operator::Binary;

/// `table NAME by HOW { | input: TYPE || output: TYPE | … }` or `from "file.csv"`
#[derive(Debug, Clone)]
pub struct Table<'s> {
    /// What calls name it by: `NAME(inputs)`.
    pub name: Name<'s>,
    /// How the rows that match become one value.
    pub combiner: Name<'s>,
    /// On whose authority its rows are so, and what is assumed in them; may be empty.
    pub origins: Vec<Origin<'s>>,
    /// The file that holds the rows, if they do not stand here.
    pub file: Option<Text<'s>>,
    /// The header and the rows; those of a file are put here once it has been read.
    pub grid: Option<Grid<'s>>,
}

/// The header and the rows of a table. Each row has a cell for each column.
#[derive(Debug, Clone)]
pub struct Grid<'s> {
    /// In the order of the header, inputs before outputs.
    pub columns: Vec<Column<'s>>,
    /// How many of them are inputs.
    pub inputs: usize,
    /// In the order of the text, which decides where the combiner is `first`.
    pub rows: Vec<Row<'s>>,
    /// Where the header stands.
    pub span: Span,
    /// Whether all of it is well formed; what is not has been reported and left out.
    pub complete: bool,
}

/// A cell of the header: what the cells below it are.
#[derive(Debug, Clone)]
pub struct Column<'s> {
    /// An input or an output, or a date.
    pub kind: ColumnKind<'s>,
    /// Where the cell stands.
    pub span: Span,
}

impl Column<'_> {
    /// Whether its cells are notes, which no look-up reads.
    pub fn is_note(&self) -> bool {
        matches!(self.kind, ColumnKind::Note)
    }
}

/// What the cells of a column are.
#[derive(Debug, Clone)]
pub enum ColumnKind<'s> {
    /// `name: TYPE`
    Value(Name<'s>, TypeExpr<'s>),
    /// `from`: the dates from which the rows are in force
    From,
    /// `until`: the dates at which the rows cease to be in force
    Until,
    /// `note`: what authors write to each other; no rule depends on it
    Note,
}

/// A row: when its inputs match, it gives its outputs.
#[derive(Debug, Clone)]
pub struct Row<'s> {
    /// Its cells, one for each column.
    pub cells: Vec<Cell<'s>>,
    /// Where its line stands.
    pub span: Span,
}

/// A cell of a row: what an input must be, or what an output is.
#[derive(Debug, Clone)]
pub struct Cell<'s> {
    /// The condition on an input, the output, or the note.
    pub kind: CellKind<'s>,
    /// Where its text stands.
    pub span: Span,
}

/// The ways to write a cell.
#[derive(Debug, Clone)]
pub enum CellKind<'s> {
    /// `_`: whatever the input is
    Any,
    /// `is present` (true), `is missing` (false)
    Presence(bool),
    /// `>= 4.8`
    Compare(Binary, Expr<'s>),
    /// `"a", 10% ..< 50%`, or with `not` before them (true); an output is one value
    Among(Vec<Expr<'s>>, bool),
    /// `starts_with "A", "B"`: a function of the column's value and one of these, or with `not` before
    /// it (true)
    Test(Name<'s>, Vec<Expr<'s>>, bool),
    /// `> 30 and <= 60`
    All(Vec<Cell<'s>>),
    /// `"a" or missing`
    OrMissing(Box<Cell<'s>>),
    /// `otherwise`: of a row that counts where no other does
    Otherwise,
    /// An output that is not there
    Missing,
    /// What a note says
    Note(Cow<'s, str>),
}

impl<'s> CellKind<'s> {
    /// Calls `visit` on every expression that the cell is made of.
    pub fn expressions(&self, visit: &mut dyn FnMut(&Expr<'s>)) {
        match self {
            Self::Any | Self::Presence(_) | Self::Otherwise | Self::Missing | Self::Note(_) => {}
            Self::Compare(_, value) => visit(value),
            Self::Among(items, _) | Self::Test(_, items, _) => items.iter().for_each(visit),
            Self::All(conditions) => {
                conditions.iter().for_each(|condition| condition.kind.expressions(visit));
            }
            Self::OrMissing(condition) => condition.kind.expressions(visit),
        }
    }
}

impl<'s> Cell<'s> {
    /// Calls `visit` on every expression of the cell and all within it.
    pub fn walk(&self, visit: &mut dyn FnMut(&Expr<'s>)) {
        self.kind.expressions(&mut |expr| expr.walk(visit));
    }
}
