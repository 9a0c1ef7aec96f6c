//! Files of records in, files of decisions out: what `rulebook eval` does, from Python.

use std::ffi::CString;
use std::num::NonZeroUsize;
use std::path::PathBuf;

use pyo3::exceptions::PyUserWarning;
use pyo3::prelude::*;
use pyo3::types::{PyDict, PyList, PyTuple};
use rulebook::{Files, Policy, Rulebook};
use rulebook_stream::{
    Destination, Distinct, Format, Inputs, Note, Observer, Refusal, Run, StreamError, Totals,
    Wanted,
};

use crate::error::{self, Error};

/// What is judged, and where it goes.
pub(crate) struct FileRun<'a> {
    pub(crate) rulebook: &'a Rulebook,
    /// Where the rulebook was loaded from, if from anywhere, and its files.
    pub(crate) loaded: Option<(&'a PathBuf, Files)>,
    pub(crate) policy: Policy,
    pub(crate) inputs: Inputs,
    pub(crate) output: PathBuf,
    pub(crate) format: Option<&'a str>,
    pub(crate) rejects: Option<PathBuf>,
    pub(crate) history: Option<PathBuf>,
    pub(crate) again: bool,
    pub(crate) wanted: Wanted,
    pub(crate) threads: Option<usize>,
}

impl FileRun<'_> {
    /// Judges all records, and tells how many came to what.
    pub(crate) fn run<'py>(self, py: Python<'py>) -> PyResult<Bound<'py, PyDict>> {
        let format = self.format.map(|name| named(Format::NAMED, name)).transpose()?;
        let format = Format::of_file(&self.output, format).map_err(|error| refused(&error))?;
        if (self.wanted.rules || self.wanted.reasons) && !format.is_columns() {
            let why =
                "`rules` and `reasons` add columns to Parquet, CSV and TSV; JSON tells both anyway";
            return Err(error::wrong(why));
        }
        let threads = self.threads.and_then(NonZeroUsize::new);
        let mut distinct = Distinct::default();
        if let Some((path, files)) = &self.loaded {
            distinct.rulebook(path, files);
        }
        distinct.history("`history`", self.history.as_deref());
        distinct.writes("`output`", Some(&self.output));
        distinct.writes("`rejects`", self.rejects.as_deref());
        let (rulebook, files) = (self.rulebook, self.inputs.files.clone());
        let run = Run {
            format,
            wanted: self.wanted,
            rejects: self.rejects,
            history: self.history,
            again: self.again,
            threads,
            ..Run::new(rulebook, vec![self.policy], self.inputs, Destination::File(self.output))
        };
        let mut signals = Signals::default();
        let judged = py.detach(|| {
            distinct.inputs("`inputs`", &files)?;
            distinct.check()?;
            run.judge(&mut signals)?.complete("")
        });
        match (judged, signals.raised) {
            (Ok(totals), _) => told(py, totals),
            (Err(_), Some(raised)) => Err(raised),
            (Err(error), None) => Err(Error::new_err(error.to_string())),
        }
    }
}

/// A name that says something else than what is written.
fn refused(refusal: &Refusal) -> PyErr {
    error::wrong(refusal.to_string())
}

/// Lets the interpreter see its signals between blocks.
#[derive(Default)]
struct Signals {
    raised: Option<PyErr>,
}

impl Observer for Signals {
    fn note(&mut self, input: &str, more: usize, note: &Note) {
        let others = if more > 0 { format!(" (and {more} more)") } else { String::new() };
        let Ok(text) = CString::new(format!("{input}{others}: {note}")) else { return };
        let warned =
            Python::attach(|py| PyErr::warn(py, &py.get_type::<PyUserWarning>(), &text, 1));
        // Who has warnings raised is answered when the run goes on.
        self.raised = self.raised.take().or(warned.err());
    }

    fn advance(&mut self, _: u64) -> Result<(), StreamError> {
        if self.raised.is_none() {
            self.raised = Python::attach(|py| py.check_signals()).err();
        }
        if self.raised.is_some() { Err(StreamError::Interrupted) } else { Ok(()) }
    }
}

fn told(py: Python<'_>, totals: Totals) -> PyResult<Bound<'_, PyDict>> {
    let told = PyDict::new(py);
    let Totals { records, decided, rejected, faulted, .. } = totals;
    for (name, count) in
        [("records", records), ("decided", decided), ("rejected", rejected), ("faulted", faulted)]
    {
        told.set_item(name, count)?;
    }
    Ok(told)
}

/// One path, or several.
pub(crate) fn paths_of(paths: &Bound<'_, PyAny>) -> PyResult<Vec<PathBuf>> {
    if paths.is_instance_of::<PyList>() || paths.is_instance_of::<PyTuple>() {
        return paths.extract();
    }
    Ok(vec![paths.extract()?])
}

/// The format with this name.
pub(crate) fn named<F: Copy>(formats: &[(&str, F)], name: &str) -> PyResult<F> {
    let found = formats.iter().find(|(format, _)| *format == name);
    found.map(|(_, format)| *format).ok_or_else(|| {
        let names: Vec<_> = formats.iter().map(|(format, _)| *format).collect();
        error::wrong(format!("`{name}` is no format; write one of {}", names.join(", ")))
    })
}
