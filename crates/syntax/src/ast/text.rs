//! Texts in quotes, with and without placeholders.

use std::borrow::Cow;

use super::{Expr, Name};
use rulebook_base::source::Span;

/// A text in quotes that holds no placeholders.
#[derive(Debug, Clone)]
pub struct Text<'s> {
    /// The text without quotes and escapes.
    pub value: Cow<'s, str>,
    /// Where it stands, quotes included.
    pub span: Span,
}

/// A text in one or several languages, with placeholders.
#[derive(Debug, Clone)]
pub struct Texts<'s> {
    /// The text by language; no language means the rulebook's first.
    pub variants: Vec<(Option<Name<'s>>, Template<'s>)>,
    /// From the first language, or text, to the end of the last text.
    pub span: Span,
}

/// A text in quotes, whose `{…}` are filled in for each record.
#[derive(Debug, Clone)]
pub struct Template<'s> {
    /// What stands between the braces and in them, in order.
    pub pieces: Vec<Piece<'s>>,
    /// Where it stands, quotes included.
    pub span: Span,
}

/// A piece of a template.
#[derive(Debug, Clone)]
pub enum Piece<'s> {
    /// Words as they are, escapes resolved.
    Text(Cow<'s, str>),
    /// `{expr}`
    Value(Expr<'s>),
    /// `{expr, one: day, other: days}`: the words that go with a number, by the form that it takes
    Counted(Expr<'s>, Vec<Form<'s>>),
}

/// Words for the numbers that take a form: `one: day`.
#[derive(Debug, Clone)]
pub struct Form<'s> {
    /// The form, as Unicode calls it.
    pub name: Name<'s>,
    /// The words, escapes resolved.
    pub words: Cow<'s, str>,
}

impl<'s> Piece<'s> {
    /// The value that it tells, or tells of.
    pub fn value(&self) -> Option<&Expr<'s>> {
        match self {
            Self::Text(_) => None,
            Self::Value(value) | Self::Counted(value, _) => Some(value),
        }
    }
}
