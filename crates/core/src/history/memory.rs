//! A history in memory: for each counter and key the events in the order of their times, so that the
//! sum of any stretch is the difference of two totals.

use std::sync::{PoisonError, RwLock};

use rustc_hash::FxHashMap;

use super::{Event, History, HistoryError, Stretch};
use crate::program::Counter;
use rulebook_lang::model::{Number, Time, Total};

/// A history that lives in memory. To ask takes a time that grows with the logarithm of the events
/// of a key, and no memory. An event takes about 16 bytes, 40 where a counter adds up values.
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
    events: RwLock<FxHashMap<Box<str>, ByKey>>,
}

type ByKey = FxHashMap<Box<str>, Series>;

/// The events of one counter under one key.
#[derive(Debug, Default)]
pub struct Series {
    /// When they happened, in order.
    times: Vec<Time>,
    /// What they add up to, each with those before; none where each counts one.
    totals: Vec<Total>,
    /// What those add up to that were forgotten.
    forgotten: Total,
}

impl Series {
    /// Empties the series and keeps its memory.
    pub fn clear(&mut self) {
        self.times.clear();
        self.totals.clear();
        self.forgotten = Total::default();
    }

    /// Adds an event, with its amount where not each counts one.
    pub fn add(&mut self, time: Time, amount: Option<Number>) {
        // Mostly the latest comes last.
        let at = match self.times.last() {
            Some(last) if *last > time => self.times.partition_point(|earlier| *earlier <= time),
            _ => self.times.len(),
        };
        self.times.insert(at, time);
        let Some(amount) = amount else { return };
        let total = self.total_before(at).plus(amount);
        for later in self.totals.iter_mut().skip(at) {
            *later = later.plus(amount);
        }
        self.totals.insert(at, total);
    }

    fn total_before(&self, at: usize) -> Total {
        let last = at.checked_sub(1).and_then(|last| self.totals.get(last));
        last.copied().unwrap_or(self.forgotten)
    }

    /// The positions of the events in a stretch.
    fn range(&self, stretch: Stretch) -> (usize, usize) {
        let end = self.times.partition_point(|time| *time <= stretch.until);
        let before = self.times.get(..end).unwrap_or_default();
        (before.partition_point(|time| *time <= stretch.after), end)
    }

    /// What the events of a stretch add up to, unless that is too large.
    pub fn sum(&self, stretch: Stretch, adds_up: bool) -> Option<Number> {
        let (start, end) = self.range(stretch);
        match adds_up {
            true => self.total_before(end).since(self.total_before(start)),
            false => Some(Number::from((end - start) as u64)),
        }
    }

    fn forget(&mut self, until: Time) {
        let end = self.times.partition_point(|time| *time <= until);
        if !self.totals.is_empty() {
            self.forgotten = self.total_before(end);
            self.totals.drain(..end);
        }
        self.times.drain(..end);
    }
}

impl MemoryHistory {
    /// A history of nothing.
    pub fn new() -> Self {
        Self::default()
    }

    /// How many events there are.
    pub fn len(&self) -> usize {
        let events = self.events.read().unwrap_or_else(PoisonError::into_inner);
        events.values().flat_map(FxHashMap::values).map(|series| series.times.len()).sum()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Forgets all events up to a time, and gives their memory back. A record that comes late, with
    /// a time before all those that were asked about, counts what is left.
    pub fn forget(&self, until: Time) {
        let mut events = self.events.write().unwrap_or_else(PoisonError::into_inner);
        for keys in events.values_mut() {
            keys.retain(|_, series| {
                series.forget(until);
                series.times.shrink_to_fit();
                series.totals.shrink_to_fit();
                !series.times.is_empty()
            });
            keys.shrink_to_fit();
        }
    }
}

impl History for MemoryHistory {
    fn ask(&self, counter: &Counter, key: &str, stretch: Stretch) -> Result<Number, HistoryError> {
        let events = self.events.read().unwrap_or_else(PoisonError::into_inner);
        let series = events.get(counter.digest.as_str()).and_then(|keys| keys.get(key));
        let Some(series) = series else { return Ok(Number::ZERO) };
        Ok(series.sum(stretch, counter.adds_up()).ok_or("the sum has too many digits")?)
    }

    fn record(&self, events: &[Event<'_>]) -> Result<(), HistoryError> {
        let mut all = self.events.write().unwrap_or_else(PoisonError::into_inner);
        for Event { counter, key, time, amount } in events {
            let keys = match all.get_mut(counter.digest.as_str()) {
                Some(keys) => keys,
                None => all.entry(counter.digest.as_str().into()).or_default(),
            };
            let series = match keys.get_mut(*key) {
                Some(series) => series,
                None => keys.entry((*key).into()).or_default(),
            };
            series.add(*time, counter.adds_up().then_some(*amount));
        }
        Ok(())
    }
}
