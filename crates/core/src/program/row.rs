//! A record in slots, with the keys by which the index of its policy finds rules.

use std::ops::Deref;

use super::Policy;
use rulebook_lang::model::{Cell, Store};

/// A record in slots. Its values are read as those of a [`Store`]; whoever changes them says so to
/// the index.
#[derive(Debug, Clone, Default)]
pub struct Row {
    store: Store,
    keys: Vec<i64>,
}

/// A row as a policy reads it: its values, and the keys by which the policy's index finds rules.
#[derive(Debug, Clone, Copy)]
pub struct Keyed<'r> {
    /// The values.
    pub store: &'r Store,
    pub(super) keys: &'r [i64],
}

impl Deref for Row {
    type Target = Store;

    fn deref(&self) -> &Store {
        &self.store
    }
}

impl<'r> Keyed<'r> {
    /// The values of a row with the keys that another policy for the same record needs, kept in
    /// `keys`.
    pub fn by(policy: &Policy, store: &'r Store, keys: &'r mut Vec<i64>) -> Self {
        policy.index.find_keys(store, keys);
        Self { store, keys }
    }

    /// The values of a row with keys that were found for the policy that reads it.
    pub(crate) fn with(store: &'r Store, keys: &'r [i64]) -> Self {
        Self { store, keys }
    }
}

impl Row {
    /// The row as the policy reads it for which it was filled.
    pub fn keyed(&self) -> Keyed<'_> {
        Keyed { store: &self.store, keys: &self.keys }
    }

    /// Fills the row of a record that a policy is to judge.
    ///
    /// # Errors
    /// Those of `read`.
    pub fn fill<E>(
        &mut self,
        policy: &Policy,
        read: impl FnOnce(&mut Store) -> Result<(), E>,
    ) -> Result<(), E> {
        self.read(read)?;
        policy.index.find_keys(&self.store, &mut self.keys);
        Ok(())
    }

    /// The same for several policies, each of which finds its own keys.
    ///
    /// # Errors
    /// Those of `read`.
    pub fn read<E>(&mut self, read: impl FnOnce(&mut Store) -> Result<(), E>) -> Result<(), E> {
        self.keys.clear();
        read(&mut self.store)
    }

    /// Puts the element of a list with a number, which lies at a place, where a policy reads the one at hand.
    pub fn take_element(&mut self, policy: &Policy, element: (usize, u32)) {
        if let Some(elements) = &policy.elements {
            // What scripts made for the last one is of no use to this one.
            self.store.forget_made();
            elements.take(&mut self.store, element);
            policy.index.find_keys(&self.store, &mut self.keys);
        }
    }

    /// Puts the value that `cell` keeps in the store into a slot.
    pub fn change(&mut self, policy: &Policy, slot: u32, cell: impl FnOnce(&mut Store) -> Cell) {
        let cell = cell(&mut self.store);
        self.store.set(slot, cell);
        policy.index.find_keys(&self.store, &mut self.keys);
    }
}
