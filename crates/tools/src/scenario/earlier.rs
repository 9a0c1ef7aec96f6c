//! What happened before a scenario: earlier records, or the values of counters themselves.

use std::sync::Arc;

use super::read::Scenario;
use rulebook::{Policy, RecordError, Rejection};
use rulebook_core::facts::InputError;
use rulebook_core::history::{
    Amount, Answer, Event, History, HistoryError, MemoryHistory, Question,
};

/// Earlier records, and values that go before what they add up to.
struct EarlierRecords {
    records: MemoryHistory,
    values: Vec<(String, Amount)>,
}

impl History for EarlierRecords {
    fn ask(&self, question: &Question<'_>) -> Result<Answer, HistoryError> {
        match self.values.iter().find(|(name, _)| *name == question.counter.name) {
            Some((_, value)) => Ok(Some(value.clone())),
            None => self.records.ask(question),
        }
    }

    fn record(&self, events: &[Event<'_>]) -> Result<(), HistoryError> {
        self.records.record(events)
    }
}

/// The policy with what happened before a scenario.
///
/// # Errors
/// When an earlier record is rejected; the paths of its errors begin with `history[0]`.
pub(super) fn with_earlier(policy: &Policy, scenario: &Scenario) -> Result<Policy, Rejection> {
    if policy.counters().next().is_none() {
        return Ok(policy.clone());
    }
    let values = scenario.counters.clone();
    let earlier = Arc::new(EarlierRecords { records: MemoryHistory::new(), values });
    let policy = policy.with_history(earlier);
    let mut evaluation = policy.evaluation();
    for (number, record) in scenario.history.iter().enumerate() {
        evaluation.decide_each(record).map(drop).map_err(|rejection| placed(rejection, number))?;
        // A history in memory takes everything else.
        if let Err(RecordError::Uncountable(rejection)) = evaluation.remember() {
            return Err(placed(rejection, number));
        }
    }
    Ok(policy)
}

fn placed(rejection: Rejection, number: usize) -> Rejection {
    let placed = |error: InputError| error.within(&format!("history[{number}]"));
    Rejection { errors: rejection.errors.into_iter().map(placed).collect() }
}
