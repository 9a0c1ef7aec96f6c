//! Single values of columns to the keys of an index, by the way that rows take.

use super::order::Order;
use crate::facts::columns::{Leaf, Open, read_field, read_value};
use crate::program::{Field, Key, KeyId, KeySource, Layout, Program, UNREACHED};
use rulebook_lang::model::Store;

/// The key that no rule tests, for values that need only be sound.
pub(super) const UNTESTED: KeyId = KeyId::MAX;

/// Keys with what they are the keys of.
pub(super) type Keys = Vec<(KeyId, Key)>;

/// Reads values one by one.
pub(super) struct Probe<'p> {
    pub(super) order: Order<'p>,
    store: Store,
    /// What the last value came to.
    keys: Keys,
}

impl<'p> Probe<'p> {
    pub(super) fn new(order: Order<'p>) -> Self {
        Self { order, store: Store::default(), keys: Keys::new() }
    }

    /// The keys of what a field holds in a row; that of no value where it is not what it should be.
    pub(super) fn field(
        &mut self,
        field: &Field,
        ids: &[KeyId],
        (open, row): (&Open<'_>, usize),
    ) -> &Keys {
        let is_sound = read_field(self.place(), field, (open, row), &mut self.store);
        self.keys(ids, is_sound)
    }

    /// The same for a value that stands somewhere in a column.
    pub(super) fn value(
        &mut self,
        field: &Field,
        ids: &[KeyId],
        (leaf, at): (&Leaf<'_>, usize),
    ) -> &Keys {
        let is_sound = read_value(self.place(), field, (leaf, at), &mut self.store);
        self.keys(ids, is_sound)
    }

    fn place(&self) -> (&'p Program, &'p Layout) {
        (self.order.program, &self.order.policy.layout)
    }

    fn keys(&mut self, ids: &[KeyId], is_sound: bool) -> &Keys {
        let Self { order, store, keys } = self;
        let sources = order.policy.index.sources();
        keys.clear();
        keys.extend(ids.iter().map(|id| match sources.get(*id as usize) {
            _ if !is_sound => (*id, UNREACHED),
            Some(source) => (*id, key(*order, *source, store)),
            // Any key but that of no value.
            None => (*id, 0),
        }));
        keys
    }
}

/// The key of a source for a row of which only some slots are filled: those that it depends on.
pub(super) fn key(order: Order<'_>, source: KeySource, store: &Store) -> Key {
    let Order { program, policy, when, clock } = order;
    let record_date = policy.dated.and_then(|slot| program.time_in(store, slot));
    let times = when.of(record_date, || clock);
    let rule_date = match source {
        // Where a rule's own date is missing, another column tells which one stands for it.
        KeySource::Date(Some(slot)) if when.in_force.is_none() => {
            match program.time_in(store, slot) {
                Some(time) => Some(time),
                None => return UNREACHED,
            }
        }
        _ => None,
    };
    policy.index.key(source, store, times.now, |_| times.date_of(rule_date))
}
