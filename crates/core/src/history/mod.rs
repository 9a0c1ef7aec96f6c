//! What happened before: what counters ask, and a history that lies in memory.

mod memory;

use std::error::Error;

use crate::program::Counter;
use rulebook_lang::model::{Number, Time};

pub use memory::MemoryHistory;
pub use memory::Series;
pub use rulebook_lang::window::Stretch;

/// Why a history has no answer, or did not take an event.
pub type HistoryError = Box<dyn Error + Send + Sync>;

/// The records that were decided before, as far as counters look at them.
///
/// A history keeps [events](Event) by the [digest](Counter::digest) of their counter, not by its
/// name: counters that differ only in their window share their events. It is asked while a record is
/// read, from any thread, and given a record only when somebody says so:
/// `Evaluation::remember`.
///
/// [`MemoryHistory`] is one that lives as long as the process. A service with a database writes its
/// own:
///
/// ```
/// use std::sync::Mutex;
/// use rulebook_core::history::{Event, History, HistoryError, Stretch};
/// use rulebook_lang::model::{Number, Time};
/// use rulebook_core::program::Counter;
///
/// /// Rows of a table: digest, key, time, amount.
/// #[derive(Default)]
/// struct Table(Mutex<Vec<(String, String, Time, Number)>>);
///
/// impl History for Table {
///     fn ask(&self, counter: &Counter, key: &str, stretch: Stretch) -> Result<Number, HistoryError> {
///         let rows = self.0.lock().map_err(|_| "the table is locked")?;
///         let mut sum = Number::ZERO;
///         for (digest, event_key, time, amount) in rows.iter() {
///             if *digest == counter.digest && event_key == key && stretch.holds(*time) {
///                 sum = sum.checked_add(*amount).ok_or("the sum is too large")?;
///             }
///         }
///         Ok(sum)
///     }
///
///     fn record(&self, events: &[Event<'_>]) -> Result<(), HistoryError> {
///         let mut rows = self.0.lock().map_err(|_| "the table is locked")?;
///         for Event { counter, key, time, amount } in events {
///             rows.push((counter.digest.clone(), key.to_string(), *time, *amount));
///         }
///         Ok(())
///     }
/// }
/// ```
pub trait History: Send + Sync {
    /// What the events of a counter under a key add up to in a stretch of time; zero where there
    /// are none. A counter that counts has events of one each, and one that adds up durations has
    /// them in seconds.
    ///
    /// # Errors
    /// When the history cannot be read, or when the sum is too large. The record is rejected then.
    fn ask(&self, counter: &Counter, key: &str, stretch: Stretch) -> Result<Number, HistoryError>;

    /// Takes the events of one record: all of them, or none and an error. They may be older than
    /// others that it has.
    ///
    /// # Errors
    /// When the history cannot be written.
    fn record(&self, events: &[Event<'_>]) -> Result<(), HistoryError>;
}

/// What a record adds to a counter.
#[derive(Debug, Clone, Copy)]
pub struct Event<'e> {
    /// By whose digest the event is kept.
    pub counter: &'e Counter,
    /// The key under which the record counts, as a text: numbers, days and members as they are
    /// written in policies.
    pub key: &'e str,
    /// When the record happened.
    pub time: Time,
    /// By how much it counts.
    pub amount: Number,
}
