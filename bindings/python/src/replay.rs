//! Records that count each other, into what is decided about each with those before it counted.

use std::sync::Arc;

use rulebook::{Decision, Evaluation, Policy, RecordError, Rejection};
use rulebook_core::facts::InputError;
use rulebook_core::history::MemoryHistory;

/// What was decided about records by a policy that counts them.
pub(crate) struct Replayed(Vec<Result<Decision, Vec<InputError>>>);

impl Replayed {
    /// Decides about so many records in the order of their times, whatever the order in which they are
    /// given; of those of one time, the one above first. `decide` decides about a record by its number.
    pub(crate) fn of(
        policy: &Policy,
        records: usize,
        decide: impl for<'e> Fn(&'e mut Evaluation, usize) -> Result<&'e Decision, Rejection>,
    ) -> Result<Self, String> {
        let policy = policy.with_history(Arc::new(MemoryHistory::new()));
        // The time at which a record counts is its own, at whatever time it is judged.
        let mut reader = policy.replaying().evaluation();
        let mut order = Vec::with_capacity(records);
        let mut all = Vec::with_capacity(records);
        for record in 0..records {
            let read = decide(&mut reader, record).map(Decision::dated);
            order.extend(read.as_ref().ok().map(|time| (*time, record)));
            all.push(Err(read.err().map_or_else(Vec::new, |rejection| rejection.errors)));
        }
        order.sort_unstable();
        let mut evaluation = policy.evaluation();
        for (_, record) in order {
            let decided = decide(&mut evaluation, record).cloned();
            let counted = match &decided {
                Ok(_) => evaluation.remember(),
                Err(_) => Ok(()),
            };
            let judged = match counted {
                Ok(()) => decided.map_err(|rejection| rejection.errors),
                Err(RecordError::Uncountable(rejection)) => Err(rejection.errors),
                Err(other) => return Err(other.to_string()),
            };
            if let Some(place) = all.get_mut(record) {
                *place = judged;
            }
        }
        Ok(Self(all))
    }

    /// What was decided about a record.
    pub(crate) fn decision(&self, record: u64) -> Result<&Decision, Rejection> {
        match usize::try_from(record).ok().and_then(|at| self.0.get(at)) {
            Some(Ok(decision)) => Ok(decision),
            Some(Err(errors)) => Err(Rejection { errors: errors.clone() }),
            None => Err(Rejection { errors: Vec::new() }),
        }
    }
}
