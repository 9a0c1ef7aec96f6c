//! A history in memory: for each counter and key the events in the order of their times, so that the
//! sum of any stretch is the difference of two totals.

use std::sync::{Arc, PoisonError, RwLock};

use rustc_hash::FxHashMap;

use super::{Answer, Event, History, HistoryError, Question, Series};
use rulebook_lang::model::Time;

/// A history that lives in memory. To ask how many there are, what they add up to, or what the last one was takes a
/// time that grows with the logarithm of the events of a key, and no memory; what looks at values one by one takes
/// one that grows with those in the window. An event takes about 16 bytes, 40 where a counter adds up values.
///
/// ```
/// use std::sync::Arc;
/// use rulebook::Rulebook;
/// use rulebook_core::history::MemoryHistory;
///
/// let rulebook = Rulebook::from_sources([("a.policy", r#"
///     record Claim { id: text  buyer: text  at: time }
///     counter claims_30d = count of Claim by buyer within 30 days
///
///     policy claims for Claim dated by at {
///       decide step: pay < ask by strictest otherwise pay
///       rule many { when claims_30d >= 2 then ask }
///     }"#)])?;
/// let history = Arc::new(MemoryHistory::new());
/// let mut evaluation = rulebook.policy("claims")?.with_history(history.clone()).evaluation();
///
/// let mut steps = Vec::new();
/// for day in ["2024-09-01", "2024-09-02", "2024-09-03", "2024-10-10"] {
///     let claim = format!(r#"{{"id": "c", "buyer": "b1", "at": "{day}"}}"#);
///     steps.push(evaluation.decide_json(claim)?.outcome("step") == Ok("ask"));
///     evaluation.remember()?;
/// }
/// assert_eq!(steps, [false, false, true, false]);
///
/// // What no record from now on can reach need not be kept.
/// let now = "2024-10-10T00:00:00Z".parse()?;
/// history.forget(rulebook.horizon(now));
/// assert_eq!(history.len(), 1);
/// # Ok::<(), Box<dyn std::error::Error + Send + Sync>>(())
/// ```
#[derive(Debug, Default)]
pub struct MemoryHistory {
    /// By the digests of counters.
    events: RwLock<FxHashMap<Box<str>, Counted>>,
}

/// What one counter has counted.
#[derive(Debug, Default)]
struct Counted {
    keys: FxHashMap<Box<str>, Series>,
    /// The records with keys that have come, each with the key of the counter, and when it happened.
    came: FxHashMap<Arc<str>, (Box<str>, Time)>,
}

impl MemoryHistory {
    /// A history of nothing.
    pub fn new() -> Self {
        Self::default()
    }

    /// How many events there are.
    pub fn len(&self) -> usize {
        let events = self.events.read().unwrap_or_else(PoisonError::into_inner);
        events.values().flat_map(|counted| counted.keys.values()).map(Series::len).sum()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Forgets all events up to a time, and gives their memory back. A record that comes late, with
    /// a time before all those that were asked about, counts what is left; one that is sent again so late is new.
    pub fn forget(&self, until: Time) {
        let mut events = self.events.write().unwrap_or_else(PoisonError::into_inner);
        for Counted { keys, came } in events.values_mut() {
            keys.retain(|_, series| {
                series.forget(until);
                !series.is_empty()
            });
            keys.shrink_to_fit();
            came.retain(|_, (_, time)| *time > until);
            came.shrink_to_fit();
        }
    }
}

impl History for MemoryHistory {
    fn ask(&self, question: &Question<'_>) -> Result<Answer, HistoryError> {
        let Question { counter, key, stretch, record } = *question;
        let events = self.events.read().unwrap_or_else(PoisonError::into_inner);
        let counted = events.get(counter.digest.as_str());
        let nothing = Series::default();
        let series = counted.and_then(|counted| counted.keys.get(key)).unwrap_or(&nothing);
        let came = counted.zip(record).and_then(|(counted, record)| counted.came.get(record));
        let own = came.filter(|(other, _)| **other == *key).map(|(_, time)| *time);
        series.answer(counter.tally, stretch, own.zip(record))
    }

    fn record(&self, events: &[Event<'_>]) -> Result<(), HistoryError> {
        let mut all = self.events.write().unwrap_or_else(PoisonError::into_inner);
        for Event { counter, key, time, amount, record } in events {
            let counted = match all.get_mut(counter.digest.as_str()) {
                Some(counted) => counted,
                None => all.entry(counter.digest.as_str().into()).or_default(),
            };
            if record.is_some_and(|record| counted.came.contains_key(record)) {
                continue;
            }
            let record: Option<Arc<str>> = record.map(Arc::from);
            if let Some(record) = &record {
                counted.came.insert(record.clone(), ((*key).into(), *time));
            }
            let series = match counted.keys.get_mut(*key) {
                Some(series) => series,
                None => counted.keys.entry((*key).into()).or_default(),
            };
            series.add(counter.tally, *time, amount, record.as_ref());
        }
        Ok(())
    }
}
