//! What Python wants to be compared, as the two sides of a simulation.

use pyo3::prelude::*;
use pyo3::types::{PyList, PyTuple};
use rulebook_tools::simulate::Trial;

use crate::error;
use crate::policy::time_text;
use crate::rulebook_class::PyRulebook;

/// A policy before and after a change.
pub(crate) struct Comparison<'a, 'py> {
    pub(crate) policy: &'a str,
    /// Another rulebook to compare with.
    pub(crate) baseline: Option<&'a Bound<'py, PyRulebook>>,
    /// One time for both sides, or two.
    pub(crate) at: Option<&'a Bound<'py, PyAny>>,
    /// The parameters that are set for the candidate.
    pub(crate) set: Vec<(String, String)>,
}

impl Comparison<'_, '_> {
    /// The baseline, if anything is compared, and the candidate.
    pub(crate) fn trials(
        &self,
        book: &PyRulebook,
        py: Python<'_>,
    ) -> PyResult<(Option<Trial>, Trial)> {
        let (before, after) = self.times()?;
        let has_two_times = self.at.is_some_and(is_pair);
        let is_compared = self.baseline.is_some() || has_two_times || !self.set.is_empty();
        let candidate = match self.set.as_slice() {
            [] => book.clone(),
            set => book.with_set(py, set)?,
        };
        let baseline = self.baseline.map_or(book, |other| other.get());
        let sides = [baseline, &candidate];
        let trial = |side, at: &Option<String>, set| self.trial((side, &sides), at.as_deref(), set);
        let candidate = trial(&candidate, &after, &self.set)?;
        let baseline = is_compared.then(|| trial(baseline, &before, &[]));
        Ok((baseline.transpose()?, candidate))
    }

    /// The times at which both sides judge; the records' own where there are none.
    fn times(&self) -> PyResult<(Option<String>, Option<String>)> {
        let Some(at) = self.at else { return Ok((None, None)) };
        if !is_pair(at) {
            let both = time_text(at)?;
            return Ok((Some(both.clone()), Some(both)));
        }
        let times = at.try_iter()?.map(|time| time_text(&time?));
        match times.collect::<PyResult<Vec<_>>>()?.as_slice() {
            [before, after] => Ok((Some(before.clone()), Some(after.clone()))),
            _ => Err(error::wrong("`at` is one time for both sides, or two to compare")),
        }
    }

    /// One side, named as the command line names it.
    fn trial(
        &self,
        (book, sides): (&PyRulebook, &[&PyRulebook]),
        at: Option<&str>,
        set: &[(String, String)],
    ) -> PyResult<Trial> {
        let policy = book.policy(self.policy)?;
        let policy = match at {
            Some(at) => policy.replaying_as_of_text(at)?,
            None => policy.replaying(),
        };
        let mut label = vec![book.label(sides)];
        label.extend(at.map(|at| format!("at {at}")));
        let settings: Vec<_> = set.iter().map(|(name, value)| format!("{name}={value}")).collect();
        label.extend((!set.is_empty()).then(|| format!("with {}", settings.join(", "))));
        let trial = Trial::new(&book.rulebook, policy.policy, label.join(" ")).with(set.to_vec());
        Ok(match at {
            Some(at) => trial.at(at),
            None => trial,
        })
    }
}

fn is_pair(at: &Bound<'_, PyAny>) -> bool {
    at.is_instance_of::<PyTuple>() || at.is_instance_of::<PyList>()
}
