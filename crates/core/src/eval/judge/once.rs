//! Values that are worked out once for a record, in memory that serves one record after another.

use std::sync::{Mutex, OnceLock};

use super::fault::NodeFault;
use rulebook_lang::kernel::Problem;
use rulebook_lang::model::{Cell, Store, Time, Value};

/// The values that have been worked out for one record.
#[derive(Debug, Default)]
pub(super) struct Memory {
    /// By the number of the expression or decision, up to the last that may be asked for.
    values: Vec<OnceLock<Box<Kept>>>,
    filled: Mutex<Filled>,
}

/// Which values are there, and memory of those of earlier records.
#[derive(Debug, Default)]
struct Filled {
    places: Vec<usize>,
    #[allow(clippy::vec_box, reason = "each goes back to its place as it is, without a new box")]
    spare: Vec<Box<Kept>>,
}

/// A value, or why there is none.
#[derive(Debug, Default)]
pub(super) struct Kept {
    /// The date used.
    date: Time,
    cell: Cell,
    fault: Option<NodeFault>,
    /// The text and the elements of the value.
    store: Store,
}

impl Kept {
    /// The date by which parameters were read.
    pub(super) fn date(&self) -> Time {
        self.date
    }

    /// The value.
    ///
    /// # Errors
    /// Why there is none.
    pub(super) fn value(&self) -> Result<Value<'_>, NodeFault> {
        match &self.fault {
            None => Ok(self.store.value(self.cell)),
            Some(fault) => Err(fault.clone()),
        }
    }
}

impl Memory {
    /// No room.
    pub(super) const fn none() -> Self {
        let filled = Filled { places: Vec::new(), spare: Vec::new() };
        Self { values: Vec::new(), filled: Mutex::new(filled) }
    }

    /// Room for so many values.
    pub(super) fn of(room: usize) -> Self {
        let mut memory = Self::none();
        memory.reset(room);
        memory
    }

    /// Has room for so many values, and forgets those of the last record.
    pub(super) fn reset(&mut self, room: usize) {
        if self.values.len() < room {
            self.values.resize_with(room, OnceLock::new);
        }
        self.forget();
    }

    /// Forgets the values of the last record; keeps the memory.
    pub(super) fn forget(&mut self) {
        let Ok(Filled { places, spare }) = self.filled.get_mut() else { return };
        for place in places.drain(..) {
            spare.extend(self.values.get_mut(place).and_then(OnceLock::take));
        }
    }

    /// Forgets some of the values; keeps the memory.
    pub(super) fn forget_those(&mut self, which: impl Fn(usize) -> bool) {
        let Self { values, filled } = self;
        let Ok(Filled { places, spare }) = filled.get_mut() else { return };
        places.retain(|place| {
            let forgotten = which(*place);
            if forgotten {
                spare.extend(values.get_mut(*place).and_then(OnceLock::take));
            }
            !forgotten
        });
    }

    /// The value, if it has been worked out.
    pub(super) fn kept(&self, place: usize) -> Option<&Kept> {
        self.values.get(place)?.get().map(AsRef::as_ref)
    }

    /// Keeps a value, if there is room for it and its parts do not lie in the record itself.
    pub(super) fn keep(&self, number: usize, date: Time, value: &Result<Value<'_>, NodeFault>) {
        let is_keepable = match value {
            Ok(value) => is_keepable(value),
            // How much work is left is another matter for whoever asks next.
            Err(fault) => fault.problem != Problem::WorkLimit,
        };
        let (Some(place), true) = (self.values.get(number), is_keepable) else { return };
        let Ok(mut filled) = self.filled.lock() else { return };
        let mut kept = filled.spare.pop().unwrap_or_default();
        // It may have been anything before.
        kept.store.reset(0);
        kept.date = date;
        kept.fault = value.as_ref().err().cloned();
        if let Ok(value) = value {
            kept.cell = kept.store.import(value);
        }
        match place.set(kept) {
            Ok(()) => filled.places.push(number),
            Err(kept) => filled.spare.push(kept),
        }
    }
}

/// Whether a value can be taken out of the store that it lies in: a pattern is read in place only.
fn is_keepable(value: &Value<'_>) -> bool {
    !matches!(value, Value::Pattern(_))
}
