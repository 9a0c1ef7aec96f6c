//! What a policy has decided so far, while it is judged, for rules of its own that read it.

use std::sync::OnceLock;

use super::fault::NodeFault;
use super::once::Memory;
use crate::program::DecisionId;
use rulebook_lang::model::{Cell, Store, Time, Value};

/// The decisions that have fallen, in memory that serves one record after another.
#[derive(Debug)]
pub(super) struct Fallen {
    /// Those that need no store; a fault is none.
    plain: Vec<OnceLock<Option<Cell>>>,
    /// The texts and lists of the others.
    others: Memory,
}

impl Fallen {
    /// Room for so many decisions.
    pub(super) fn of(decisions: usize) -> Self {
        let mut plain = Vec::new();
        plain.resize_with(decisions, OnceLock::new);
        Self { plain, others: Memory::of(decisions) }
    }

    /// Forgets what was decided about the last record; keeps the memory.
    pub(super) fn forget(&mut self) {
        for plain in &mut self.plain {
            plain.take();
        }
        self.others.forget();
    }

    /// Keeps a decision; `None` for a fault.
    pub(super) fn keep(&self, decision: DecisionId, cell: Option<Cell>, results: &Store) {
        let Some(place) = self.plain.get(decision.index()) else { return };
        match cell {
            Some(cell) if !cell.is_plain() => {
                let value: Result<Value<'_>, NodeFault> = Ok(results.value(cell));
                self.others.keep(decision.index(), Time::default(), &value);
            }
            // Whoever judges again finds what was decided first.
            plain => drop(place.set(plain)),
        }
    }

    /// A decision, once it has fallen; `None` within for a fault. Any store reads what is plain.
    #[inline]
    pub(super) fn value<'r>(
        &'r self,
        decision: DecisionId,
        store: &'r Store,
    ) -> Option<Option<Value<'r>>> {
        if let Some(plain) = self.plain.get(decision.index())?.get() {
            return Some(plain.map(|cell| store.value(cell)));
        }
        Some(self.others.kept(decision.index())?.value().ok())
    }
}
