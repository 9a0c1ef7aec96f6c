//! A decision, as Python reads it.

use pyo3::prelude::*;
use pyo3::types::{PyDateTime, PyDict, PyList};
use rulebook::{Decision, Rulebook};
use rulebook_core::eval::explain::explain;

use crate::error;
use crate::value::{outcome, time_to_python};

/// What a policy decided about one record, with everything needed to say why.
///
/// >>> import rulebook
/// >>> book = rulebook.Rulebook.from_texts({"returns.policy": '''
/// ...     record Return { id: text  amount: CNY }
/// ...     policy returns for Return {
/// ...       decide refund: support < review by strictest
/// ...         otherwise support because "small returns are refunded at once"
/// ...       rule high_amount {
/// ...         when amount > 2000 CNY
/// ...         then review
/// ...         because "{amount} is more than we refund unseen"
/// ...       }
/// ...     }'''})
/// >>> decision = book.policy("returns").decide({"id": "r1", "amount": 2599})
/// >>> decision["refund"], decision.rules, decision.reasons
/// ('review', ['high_amount'], ['CNY 2,599.00 is more than we refund unseen'])
#[pyclass(name = "Decision", module = "rulebook", frozen)]
pub(crate) struct PyDecision {
    pub(crate) decision: Decision,
    pub(crate) rulebook: Rulebook,
}

impl PyDecision {
    fn json(&self) -> PyResult<String> {
        serde_json::to_string(&self.decision).map_err(|error| error::wrong(error.to_string()))
    }
}

#[pymethods]
impl PyDecision {
    /// The record's `id`, if it has one.
    #[getter]
    fn id(&self) -> Option<String> {
        self.decision.id()
    }

    /// The element of a list that it is about, by its `id`, or else its first text; `None` where it is about
    /// the record.
    #[getter]
    fn element(&self) -> Option<String> {
        self.decision.element().map(|element| element.id)
    }

    /// The place of that element, counted from 1.
    #[getter]
    fn position(&self) -> Option<usize> {
        self.decision.element().map(|element| element.position)
    }

    /// The name of the policy.
    #[getter]
    fn policy(&self) -> &str {
        self.decision.policy_name()
    }

    /// The time of the evaluation.
    #[getter]
    fn now<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyDateTime>> {
        time_to_python(py, self.decision.now(), &self.rulebook.settings().zone)
    }

    /// The date that picked which rules are in force.
    #[getter]
    fn dated<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyDateTime>> {
        time_to_python(py, self.decision.dated(), &self.rulebook.settings().zone)
    }

    /// The outcome of each decision: a name or text, a `Decimal`, `bool`, `date`, `datetime`,
    /// `timedelta`, a list of these where it collects; `None` where it is undecided or a fault.
    #[getter]
    fn outcomes<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyDict>> {
        let outcomes = PyDict::new(py);
        let zone = &self.rulebook.settings().zone;
        for (name, verdict) in self.decision.verdicts() {
            outcomes.set_item(name, outcome(py, &verdict, zone)?)?;
        }
        Ok(outcomes)
    }

    /// The outcome of one decision.
    fn __getitem__<'py>(&self, py: Python<'py>, name: &str) -> PyResult<Bound<'py, PyAny>> {
        match self.decision.verdict(name) {
            Some(verdict) => outcome(py, &verdict, &self.rulebook.settings().zone),
            None => Err(pyo3::exceptions::PyKeyError::new_err(name.to_string())),
        }
    }

    /// The reasons, one for each rule that gave an outcome and for each `otherwise` that did.
    #[getter]
    fn reasons(&self) -> Vec<String> {
        self.decision.reasons()
    }

    /// The names of the rules that gave the outcomes.
    #[getter]
    fn rules(&self) -> Vec<&str> {
        self.decision.rules().map(|rule| rule.name()).collect()
    }

    /// The names of the rules in a `warn` phase that fired.
    #[getter]
    fn warnings(&self) -> Vec<&str> {
        self.decision.warnings().map(|rule| rule.name()).collect()
    }

    /// The names of the rules in a `shadow` phase that would have fired.
    #[getter]
    fn shadow(&self) -> Vec<&str> {
        self.decision.shadow().map(|rule| rule.name()).collect()
    }

    /// What somebody must do now: dictionaries with `name`, `rule` and `due`, a `datetime` or `None`.
    #[getter]
    fn obligations<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyList>> {
        let zone = &self.rulebook.settings().zone;
        let obligations = PyList::empty(py);
        for owed in self.decision.obligations() {
            let entry = PyDict::new(py);
            entry.set_item("name", owed.name)?;
            entry.set_item("rule", owed.rule)?;
            let due = owed.due.map(|due| time_to_python(py, due, zone)).transpose()?;
            entry.set_item("due", due)?;
            obligations.append(entry)?;
        }
        Ok(obligations)
    }

    /// Everything that has no value: dictionaries with `rule` or `decision`, `code` and `message`.
    #[getter]
    fn faults<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        self.to_dict(py)?.get_item("faults")
    }

    /// The decision as dictionaries and lists, in the shape of the JSON that the command line writes.
    fn to_dict<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        py.import("json")?.call_method1("loads", (self.json()?,))
    }

    /// The decision as JSON. With the number of the record, counted from 0, it is the very line that
    /// `rulebook eval --format jsonl` writes.
    #[pyo3(signature = (record=None))]
    fn to_json(&self, record: Option<u64>) -> PyResult<String> {
        let json = self.json()?;
        Ok(match (record, json.strip_prefix('{')) {
            (Some(record), Some(fields)) => format!("{{\"record\":{record},{fields}"),
            _ => json,
        })
    }

    /// Why it was decided so, for people: every rule, the clause that failed, and the nearest change
    /// that would flip each decision.
    pub(crate) fn explain(&self) -> String {
        explain(&self.decision, self.rulebook.sources()).to_text()
    }

    /// The same as dictionaries and lists, in the shape of the JSON that `rulebook explain` writes: values as
    /// `to_dict` has them, and beside them the words, under names with `_told` behind.
    fn explanation<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        let explanation = explain(&self.decision, self.rulebook.sources());
        let json = serde_json::to_string(&explanation);
        let json = json.map_err(|error| error::wrong(error.to_string()))?;
        py.import("json")?.call_method1("loads", (json,))
    }

    fn __repr__(&self) -> String {
        let verdicts = self
            .decision
            .verdicts()
            .map(|(name, verdict)| format!("{name}={}", self.decision.told(&verdict)));
        let id = self.decision.id().map(|id| format!(" {id}")).unwrap_or_default();
        let verdicts = verdicts.collect::<Vec<_>>().join(", ");
        format!("<Decision {}{id}: {verdicts}>", self.decision.policy_name())
    }
}
