//! Compiled counters: what a record adds to one, and where its value lies in a row.

use std::sync::Arc;

use super::{CompiledCounterId, NodeId};
use rulebook_lang::model::Type;
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
    /// What gives the key.
    pub key: NodeId,
    /// The type of the key.
    pub key_type: Type,
    /// Which records count.
    pub filter: Option<NodeId>,
    /// What is added up; records are counted where there is nothing.
    pub sum: Option<NodeId>,
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
    /// Whether it adds up values, rather than counting records.
    pub fn adds_up(&self) -> bool {
        self.sum.is_some()
    }
}
