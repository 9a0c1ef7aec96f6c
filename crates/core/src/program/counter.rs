//! Compiled counters: what a record adds to one, and where its value lies in a row.

use std::sync::Arc;

use super::{CompiledCounterId, NodeId};
use rulebook_lang::model::Type;
use rulebook_lang::tally::Tally;
use rulebook_lang::window::Window;

/// A compiled counter over earlier records.
#[derive(Debug)]
pub struct Counter {
    /// The name.
    pub name: String,
    /// The name of the record that is counted.
    pub record: Arc<str>,
    /// The type of its value.
    pub ty: Type,
    /// How far back it counts.
    pub window: Window,
    /// The SHA-256, in hexadecimal, of all that says what a record adds to it: everything but the
    /// name and the window. Counts of one digest can stand beside each other.
    pub digest: String,
    /// The slot of the time at which a record counts.
    pub dated: u32,
    /// What gives the keys, each with its type; one at least.
    pub keys: Vec<(NodeId, Type)>,
    /// Which records count.
    pub filter: Option<NodeId>,
    /// What is made of the records.
    pub tally: Tally,
    /// Of which value of each, with its type; none where records are counted.
    pub value: Option<(NodeId, Type)>,
    /// The slots of the fields by which a record is known, each with its type; a record that is sent again counts
    /// once.
    pub known_by: Vec<(u32, Type)>,
}

/// A counter that a policy reads.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Counted {
    /// Which of the program's.
    pub counter: CompiledCounterId,
    /// Where its value lies in the row.
    pub slot: u32,
}

impl Counter {
    /// Whether what records add is kept as texts.
    pub fn keeps_texts(&self) -> bool {
        self.value
            .as_ref()
            .is_some_and(|(_, ty)| matches!(ty, Type::Text | Type::Enum(_) | Type::Url))
    }
}
