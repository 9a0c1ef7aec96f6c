//! What happened before: what counters ask, and a history that lies in memory.

mod amount;
mod memory;
mod series;
mod slide;

use std::error::Error;

use crate::program::Counter;
use rulebook_lang::model::Time;

pub use amount::{Amount, seconds};
pub use memory::MemoryHistory;
pub use rulebook_lang::window::Stretch;
pub use series::Series;
pub use slide::Slide;

/// Why a history has no answer, or did not take an event.
pub type HistoryError = Box<dyn Error + Send + Sync>;

/// What a counter comes to; nothing where there was no record of which a value could be told.
pub type Answer = Option<Amount>;

/// The records that were decided before, as far as counters look at them.
///
/// A history keeps [events](Event) by the [digest](Counter::digest) of their counter, not by its
/// name: counters that differ only in their window share their events. It is asked while a record is
/// read, from any thread, and given a record only when somebody says so:
/// `Evaluation::remember`.
///
/// [`MemoryHistory`] is one that lives as long as the process. A service with a database writes its
/// own, and leaves it to a [`Series`] what events come to:
///
/// ```
/// use std::sync::{Arc, Mutex};
/// use rulebook_core::history::{Amount, Answer, Event, History, HistoryError, Question, Series};
/// use rulebook_lang::model::Time;
///
/// struct Row { digest: String, key: String, time: Time, amount: Amount, record: Option<Arc<str>> }
///
/// /// Rows of a table.
/// #[derive(Default)]
/// struct Table(Mutex<Vec<Row>>);
///
/// impl History for Table {
///     fn ask(&self, question: &Question<'_>) -> Result<Answer, HistoryError> {
///         let Question { counter, key, stretch, record } = *question;
///         let rows = self.0.lock().map_err(|_| "the table is locked")?;
///         let (mut series, mut own) = (Series::default(), None);
///         for row in rows.iter().filter(|row| row.digest == counter.digest && row.key == key) {
///             series.add(counter.tally, row.time, &row.amount, row.record.as_ref());
///             if record.is_some() && row.record.as_deref() == record {
///                 own = Some(row.time);
///             }
///         }
///         series.answer(counter.tally, stretch, own.zip(record))
///     }
///
///     fn record(&self, events: &[Event<'_>]) -> Result<(), HistoryError> {
///         let mut rows = self.0.lock().map_err(|_| "the table is locked")?;
///         for Event { counter, key, time, amount, record } in events {
///             let is_same = |row: &Row| row.digest == counter.digest && row.record.as_deref() == *record;
///             if record.is_some() && rows.iter().any(is_same) {
///                 continue;
///             }
///             rows.push(Row {
///                 digest: counter.digest.clone(),
///                 key: key.to_string(),
///                 time: *time,
///                 amount: (*amount).clone(),
///                 record: record.map(Arc::from),
///             });
///         }
///         Ok(())
///     }
/// }
/// ```
pub trait History: Send + Sync {
    /// What the events of a counter under a key come to in a stretch of time.
    ///
    /// # Errors
    /// When the history cannot be read, or when a sum is too large. The record is rejected then.
    fn ask(&self, question: &Question<'_>) -> Result<Answer, HistoryError>;

    /// Takes the events of one record: all of them, or none and an error. They may be older than
    /// others that it has. Of a record whose key it has already, under a counter, it takes no other event.
    ///
    /// # Errors
    /// When the history cannot be written.
    fn record(&self, events: &[Event<'_>]) -> Result<(), HistoryError>;
}

/// What a record asks of a counter.
#[derive(Debug, Clone, Copy)]
pub struct Question<'q> {
    /// By whose digest events are kept, and whose tally says what they come to.
    pub counter: &'q Counter,
    /// The key under which they count.
    pub key: &'q str,
    /// The time in which they happened.
    pub stretch: Stretch,
    /// The key of the record that asks, where records have one (`record Order key id { … }`): an event of it does
    /// not count, as when it is sent again.
    pub record: Option<&'q str>,
}

/// What a record adds to a counter.
#[derive(Debug, Clone, Copy)]
pub struct Event<'e> {
    /// By whose digest the event is kept.
    pub counter: &'e Counter,
    /// The key under which the record counts, as a text: numbers, days and members as they are
    /// written in policies; several one behind the other.
    pub key: &'e str,
    /// When the record happened.
    pub time: Time,
    /// What it adds; one where records are counted.
    pub amount: &'e Amount,
    /// The key of the record, where it has one: one of which there is an event already adds nothing.
    pub record: Option<&'e str>,
}
