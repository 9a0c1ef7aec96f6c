//! The tree of a counter, as written.

use super::{Expr, Name, Path};
use rulebook_base::source::Span;
use rulebook_lang::window::Calendar;

/// `counter NAME = count of RECORD by KEY WINDOW where C dated by PATH`
#[derive(Debug, Clone)]
pub struct Counter<'s> {
    /// What rules read it by.
    pub name: Name<'s>,
    /// Whether records are counted, or a value of theirs is added up.
    pub measure: Measure<'s>,
    /// The kind of records that count: those that were judged before.
    pub record: Name<'s>,
    /// Records count together if they have the same key.
    pub key: Expr<'s>,
    /// How far back they count, from the record at hand.
    pub window: Window<'s>,
    /// `where C`: the records that count; all of them without it.
    pub filter: Option<Expr<'s>>,
    /// The time of a record, where it is not that of the policy.
    pub dated_by: Option<Path<'s>>,
}

/// Whether a counter counts records or adds up.
#[derive(Debug, Clone)]
pub enum Measure<'s> {
    /// `count of`
    Count,
    /// `sum of VALUE of`
    Sum(Expr<'s>),
}

/// Which stretch of time counts.
#[derive(Debug, Clone)]
pub enum Window<'s> {
    /// `within LENGTH`
    Within(Expr<'s>),
    /// `from LENGTH to LENGTH before`
    Lagged(Expr<'s>, Expr<'s>),
    /// `today`, `this week`, `this month`, `this year`
    Calendar(Calendar, Span),
}

impl Window<'_> {
    /// All of it but its keyword.
    pub fn span(&self) -> Span {
        match self {
            Self::Within(length) => length.span,
            Self::Lagged(far, near) => far.span.to(near.span),
            Self::Calendar(_, span) => *span,
        }
    }
}
