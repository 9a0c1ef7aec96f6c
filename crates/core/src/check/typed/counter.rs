//! Typed counters.

use super::{Expr, Place, RecordId};
use rulebook_base::source::Span;
use rulebook_lang::model::Type;
use rulebook_lang::tally::Tally;
use rulebook_lang::window::Window;

/// A counter over earlier records.
#[derive(Debug, Clone)]
pub struct Counter {
    /// As policies read it; histories keep its events by a digest instead.
    pub name: String,
    /// The record that is counted; `None` where that is wrong.
    pub record: Option<RecordId>,
    /// What is made of the records.
    pub tally: Tally,
    /// Of which value of each; none where records are counted.
    pub value: Option<Expr>,
    /// The type of its value, which is optional where a key is, or where there may be no record to tell of.
    pub ty: Type,
    /// Which records count together.
    pub keys: Vec<Expr>,
    /// Which stretch of time counts; `None` where it is wrong.
    pub window: Option<Window>,
    /// Which records count at all.
    pub filter: Option<Expr>,
    /// The time of a record, where it is not that of the policy.
    pub dated: Option<Place>,
    /// All that says what a record adds to it, in one canonical spelling: what it reads included,
    /// but not its name, its window and the policy's date.
    pub written: String,
    /// Whether it says by which date it counts, rightly or not.
    pub has_date: bool,
    /// Where its name stands.
    pub span: Span,
}
