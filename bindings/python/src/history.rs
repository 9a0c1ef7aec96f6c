//! A history in memory, for policies that count earlier records.

use std::sync::Arc;

use pyo3::prelude::*;
use rulebook_core::history::MemoryHistory;

/// Earlier records, in memory, of which counters tell.
///
/// `policy.with_history(history)` counts in it, and `decide(record, remember=True)` adds to it.
///
/// >>> import rulebook
/// >>> book = rulebook.Rulebook.from_texts({"a.policy": '''
/// ...     record Claim { buyer: text  at: time }
/// ...     counter claimed = count of Claim by buyer within 30 days
/// ...     policy claims for Claim dated by at {
/// ...       decide step: pay < ask by strictest otherwise pay
/// ...       rule many { when claimed >= 1 then ask }
/// ...     }'''})
/// >>> policy = book.policy("claims").with_history(rulebook.History())
/// >>> claim = {"buyer": "b1", "at": "2024-09-01"}
/// >>> policy.decide(claim, remember=True).outcomes
/// {'step': 'pay'}
/// >>> policy.decide(claim | {"at": "2024-09-02"}).outcomes
/// {'step': 'ask'}
#[pyclass(name = "History", module = "rulebook", frozen)]
#[derive(Default)]
pub(crate) struct PyHistory(pub(crate) Arc<MemoryHistory>);

#[pymethods]
impl PyHistory {
    #[new]
    fn new() -> Self {
        Self::default()
    }

    /// How many events there are: one for each counter that a record counts under.
    fn __len__(&self) -> usize {
        self.0.len()
    }

    fn __repr__(&self) -> String {
        format!("<History of {} events>", self.0.len())
    }
}
