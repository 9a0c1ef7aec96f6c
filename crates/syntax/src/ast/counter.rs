//! The tree of a counter, as written.

use super::{Expr, Name, Path};
use rulebook_base::source::Span;
use rulebook_lang::tally::Tally;
use rulebook_lang::window::Calendar;

/// `counter NAME = count of RECORD by KEY, KEY WINDOW where C dated by PATH`
#[derive(Debug, Clone)]
pub struct Counter<'s> {
    /// What rules read it by.
    pub name: Name<'s>,
    /// What is made of the records.
    pub tally: Tally,
    /// Of which value of theirs; none where they are counted.
    pub value: Option<Expr<'s>>,
    /// The kind of records that count: those that were judged before.
    pub record: Name<'s>,
    /// Records count together if they have the same keys; one at least.
    pub keys: Vec<Expr<'s>>,
    /// How far back they count, from the record at hand.
    pub window: Window<'s>,
    /// `where C`: the records that count; all of them without it.
    pub filter: Option<Expr<'s>>,
    /// The time of a record, where it is not that of the policy.
    pub dated_by: Option<Path<'s>>,
}

/// Which stretch of time counts.
#[derive(Debug, Clone)]
pub enum Window<'s> {
    /// `within LENGTH`
    Within(Expr<'s>),
    /// `from LENGTH to LENGTH before`
    Lagged(Expr<'s>, Expr<'s>),
    /// `today`, `this week`, `this month`, `this year`, `ever`
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
