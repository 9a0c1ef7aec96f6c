//! Who looks on while a machine evaluates.

use crate::program::{NodeId, TableId};
use rulebook_lang::model::Value;

/// Sees what a machine finds.
pub trait Watch: Copy {
    /// Whether anything is seen: then all that there is to see is worked out, each time anew.
    const SEES: bool = true;

    /// The value that a node came to. A node that was not looked at, or has a fault, is not seen.
    fn saw(&self, node: NodeId, value: &Value<'_>);

    /// A comprehension turned to the next element of its list.
    fn entered(&self, _comprehension: NodeId) {}

    /// A row of a table that matched, and whose output counts.
    fn matched(&self, _: TableId, _row: u32) {}
}

/// Nobody looks on: what decisions are made with.
#[derive(Debug, Clone, Copy)]
pub struct Unwatched;

impl Watch for Unwatched {
    const SEES: bool = false;

    #[inline(always)]
    fn saw(&self, _: NodeId, _: &Value<'_>) {}
}
