//! What a change does, as Python reads it.

use pyo3::prelude::*;
use rulebook_tools::report;
use rulebook_tools::simulate::Impact;

use crate::error;

/// What a change of policies would do to records, as `Rulebook.simulate` found it.
#[pyclass(name = "Impact", module = "rulebook", frozen)]
pub(crate) struct PyImpact(pub(crate) Impact);

#[pymethods]
impl PyImpact {
    /// How many records there were.
    #[getter]
    fn records(&self) -> u64 {
        self.0.records
    }

    /// How many of them both sides have judged.
    #[getter]
    fn judged(&self) -> u64 {
        self.0.judged
    }

    /// How many of these are decided differently.
    #[getter]
    fn changed(&self) -> u64 {
        self.0.changed.records
    }

    /// All of it as dictionaries and lists, in the shape of `rulebook simulate --format json`.
    fn to_dict<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        py.import("json")?.call_method1("loads", (self.to_json()?,))
    }

    /// The very text that `rulebook simulate --format json` writes.
    fn to_json(&self) -> PyResult<String> {
        let json = serde_json::to_string_pretty(&self.0);
        json.map(|json| json + "\n").map_err(|error| error::wrong(error.to_string()))
    }

    /// The page of `rulebook simulate --report`: one HTML file that needs nothing else.
    fn report(&self) -> String {
        report::page(&self.0)
    }

    fn __repr__(&self) -> String {
        let (policy, judged, changed) = (&self.0.policy, self.0.judged, self.0.changed.records);
        match self.0.baseline {
            Some(_) => format!("<Impact on {policy}: {changed} of {judged} decided differently>"),
            None => format!("<Impact of {policy}: {judged} judged>"),
        }
    }
}
