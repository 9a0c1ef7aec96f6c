//! What evaluating may take: the steps of a record are counted, and lists in which values are looked
//! up again and again are hashed.
//!
//! Nothing but what the record holds and a rule says is counted, never time: on every machine, and
//! whoever asks, a rule takes the same steps. Those of a record are counted policy by policy, while it
//! is judged, rule after rule as they stand in the text. Outside of judging, each expression may take
//! as much by itself.

#![allow(
    clippy::mutable_key_type,
    reason = "what a value refers to stays the same while the value is a key"
)]

use std::borrow::Cow;
use std::cell::{Cell, RefCell};

use rustc_hash::{FxHashMap, FxHashSet};

use rulebook_lang::kernel::Problem;
use rulebook_lang::model::{List, ListPlace, Same, Value};

/// The most steps that a policy may take on a record: a tenth of a second or two.
pub const MOST: u64 = 10_000_000;

/// Calls of scripts that take all that a call may take make up the steps of a record.
const CALLS: u64 = 16;

/// Lists that are shorter are gone through.
const SHORT: usize = 16;

/// How often a longer list is gone through before it is hashed.
const ASKED: u32 = 4;

/// The steps of hashing an element.
const HASHING: u64 = 8;

/// The steps of an element of a list, or a field of a record, that is made.
const MAKING: u64 = 8;

/// How many bytes of text are copied in a step.
const BYTES_OF_A_STEP: u64 = 16;

/// The work on an expression.
#[derive(Debug)]
pub(super) struct Work<'r> {
    left: Cell<u64>,
    /// The longer lists in which values were looked up from within other lists.
    lists: RefCell<Option<Box<Lists<'r>>>>,
}

type Lists<'r> = FxHashMap<ListPlace, Lookups<'r>>;

#[derive(Debug)]
enum Lookups<'r> {
    Counted(u32),
    Hashed(FxHashSet<Same<'r>>),
    /// It holds what is not hashed.
    Never,
}

impl<'r> Work<'r> {
    /// Room for so many steps.
    pub(super) fn of(steps: u64) -> Self {
        Self { left: Cell::new(steps), lists: RefCell::new(None) }
    }

    /// How many steps are left.
    pub(super) fn left(&self) -> u64 {
        self.left.get()
    }

    /// Takes some steps.
    ///
    /// # Errors
    /// Fewer were left; then none is.
    #[inline]
    pub(super) fn take(&self, steps: u64) -> Result<(), Problem> {
        let left = self.left.get().checked_sub(steps);
        self.left.set(left.unwrap_or(0));
        left.map(|_| ()).ok_or(Problem::WorkLimit)
    }

    /// Takes the steps of so many elements or fields that are made, which bounds their memory as well.
    ///
    /// # Errors
    /// Fewer were left.
    pub(super) fn make(&self, count: usize) -> Result<(), Problem> {
        self.take((count as u64).saturating_mul(MAKING))
    }

    /// Takes the steps of copying a value: a text that was made is copied whole.
    ///
    /// # Errors
    /// Fewer were left.
    pub(super) fn copy(&self, value: &Value<'_>) -> Result<(), Problem> {
        match value {
            Value::Text(Cow::Owned(text)) => self.take(text.len() as u64 / BYTES_OF_A_STEP),
            _ => Ok(()),
        }
    }

    /// Takes the steps of a call of a script, by the operations that it may take.
    ///
    /// # Errors
    /// Fewer were left.
    pub(super) fn take_call(&self, operations: u64, most: u64) -> Result<(), Problem> {
        let share = u128::from(MOST / CALLS) * u128::from(operations) / u128::from(most.max(1));
        self.take(u64::try_from(share).unwrap_or(u64::MAX))
    }

    /// Whether a list holds a value; `None` where it is to be gone through.
    ///
    /// # Errors
    /// Too few steps were left.
    pub(super) fn holds(&self, list: &List<'r>, item: &Value<'r>) -> Result<Option<bool>, Problem> {
        let Some(place) = list.place().filter(|_| list.len() >= SHORT) else { return Ok(None) };
        let mut lists = self.lists.borrow_mut();
        let lookups = lists.get_or_insert_default().entry(place).or_insert(Lookups::Counted(0));
        if let Lookups::Counted(times) = lookups {
            *times += 1;
            if *times <= ASKED {
                return Ok(None);
            }
            self.take((list.len() as u64).saturating_mul(HASHING))?;
            *lookups = hashed(list).map_or(Lookups::Never, Lookups::Hashed);
        }
        let Lookups::Hashed(set) = lookups else { return Ok(None) };
        let Some(item) = single(item) else { return Ok(None) };
        self.take(HASHING + item.0.text_len() / BYTES_OF_A_STEP)?;
        Ok(Some(set.contains(&item)))
    }
}

fn hashed<'r>(list: &List<'r>) -> Option<FxHashSet<Same<'r>>> {
    list.iter().map(|value| single(&value)).collect()
}

/// A value that is hashed: one that is neither a list nor a record.
fn single<'r>(value: &Value<'r>) -> Option<Same<'r>> {
    let is_single = matches!(value, Value::Text(_)) || value.to_plain().is_some();
    is_single.then(|| Same(value.clone()))
}
