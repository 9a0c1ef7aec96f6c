//! A record in slots, with the keys by which the index of its policy finds rules.

use std::ops::Deref;

use super::Policy;
use crate::model::{Cell, Store};

/// A record in slots. Its values are read as those of a [`Store`]; whoever changes them says so to
/// the index.
#[derive(Debug, Clone, Default)]
pub struct Row {
    store: Store,
    pub(super) keys: Vec<i64>,
}

impl Deref for Row {
    type Target = Store;

    fn deref(&self) -> &Store {
        &self.store
    }
}

impl Row {
    /// Fills the row of a record that a policy is to judge.
    ///
    /// # Errors
    /// Those of `read`.
    pub fn fill<E>(
        &mut self,
        policy: &Policy,
        read: impl FnOnce(&mut Store) -> Result<(), E>,
    ) -> Result<(), E> {
        read(&mut self.store)?;
        policy.index.find_keys(&self.store, &mut self.keys);
        Ok(())
    }

    /// Puts the value that `cell` keeps in the store into a slot.
    pub fn change(&mut self, policy: &Policy, slot: u32, cell: impl FnOnce(&mut Store) -> Cell) {
        let cell = cell(&mut self.store);
        self.store.set(slot, cell);
        policy.index.find_keys(&self.store, &mut self.keys);
    }
}
