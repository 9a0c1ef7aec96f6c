//! The tree of a counter, as written.

use super::{Expr, Name, Path};
use rulebook_base::source::Span;
use rulebook_lang::window::Calendar;

/// `counter NAME = count of RECORD by KEY WINDOW where C dated by PATH`
#[derive(Debug, Clone)]
pub struct Counter<'s> {
    /// The name.
    pub name: Name<'s>,
    /// What of each record is counted.
    pub measure: Measure<'s>,
    /// The record that is counted.
    pub record: Name<'s>,
    /// Which records count together.
    pub key: Expr<'s>,
    /// How far back they count.
    pub window: Window<'s>,
    /// Which records count at all.
    pub filter: Option<Expr<'s>>,
    /// The time of a record, where it is not that of the policy.
    pub dated_by: Option<Path<'s>>,
}

/// What of each record is counted.
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
