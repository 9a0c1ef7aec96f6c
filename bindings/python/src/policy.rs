//! A policy, as Python asks it.

use std::path::PathBuf;

use pyo3::exceptions::PyTypeError;
use pyo3::prelude::*;
use pyo3::types::{PyDict, PyString, PyTuple};
use rulebook::batch::Wanted;
use rulebook::{Decision, Each, Policy};
use rulebook_lang::model::{Time, parse_time};
use rulebook_stream::{FileForm, InputFormat, Inputs};

use crate::batch::{columns_of, decide_batch};
use crate::decision::PyDecision;
use crate::error::{self, rejection};
use crate::file::{FileRun, named, paths_of};
use crate::history::PyHistory;
use crate::record::{Given, bytes_of};
use crate::rulebook_class::{PyRulebook, check_language};
use crate::table::PyTable;

/// A policy of a rulebook, ready to decide; threads may share it.
#[pyclass(name = "Policy", module = "rulebook", frozen, skip_from_py_object)]
#[derive(Clone)]
pub(crate) struct PyPolicy {
    book: PyRulebook,
    pub(crate) policy: Policy,
    when: When,
    /// Whether it counts in a history, which does not travel.
    history: bool,
}

/// At which time records are judged.
#[derive(Clone, Copy)]
enum When {
    Clock,
    Record,
    At(Time),
    /// By the rules in force at a time.
    AsOf(Time),
}

impl PyPolicy {
    pub(crate) fn new(book: PyRulebook, policy: Policy) -> Self {
        let policy = match &book.language {
            Some(language) => policy.in_language(language),
            None => policy,
        };
        Self { book, policy, when: When::Clock, history: false }
    }

    /// The policy that judges by the rules of a time that is written.
    pub(crate) fn replaying_as_of_text(&self, text: &str) -> PyResult<Self> {
        let time = self.time(text)?;
        let policy = self.policy.replaying_as_of(time);
        Ok(Self { policy, when: When::AsOf(time), ..self.clone() })
    }

    fn time(&self, text: &str) -> PyResult<Time> {
        parse_time(text, &self.book.rulebook.settings().zone).ok_or_else(|| {
            let forms = "write 2024-09-12, or 2024-09-12T08:00:00+08:00";
            error::wrong(format!("`{text}` is not a time; {forms}"))
        })
    }

    fn decide_any(&self, record: &Bound<'_, PyAny>, remember: bool) -> PyResult<Vec<Decision>> {
        let py = record.py();
        let mut evaluation = self.policy.evaluation();
        let decided = match bytes_of(record)? {
            Some(json) => py.detach(|| evaluation.decide_each_json(json).map(Each::all)),
            None => evaluation.decide_each(&Given::new(record)).map(Each::all),
        };
        let decisions = decided.map_err(|rejected| rejection(py, &rejected))?;
        if remember {
            py.detach(|| evaluation.remember()).map_err(|error| match error {
                rulebook::RecordError::Uncountable(rejected) => rejection(py, &rejected),
                other => error::Error::new_err(other.to_string()),
            })?;
        }
        Ok(decisions)
    }

    fn told(&self, decision: Decision) -> PyDecision {
        PyDecision { decision, rulebook: self.book.rulebook.clone() }
    }
}

#[pymethods]
impl PyPolicy {
    /// The name.
    #[getter]
    fn name(&self) -> &str {
        self.policy.name()
    }

    /// The rulebook that it belongs to.
    #[getter]
    fn rulebook(&self) -> PyRulebook {
        self.book.clone()
    }

    /// The type of each decision, as policies write it.
    #[getter]
    fn decisions<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyDict>> {
        let decisions = PyDict::new(py);
        for decision in &self.policy.compiled().decisions {
            decisions.set_item(&decision.name, decision.ty.to_string())?;
        }
        Ok(decisions)
    }

    /// Whether its records have dates, as of which they can be judged (`dated by`).
    #[getter]
    fn is_dated(&self) -> bool {
        self.policy.compiled().dated.is_some()
    }

    /// The names of the counters that it reads.
    #[getter]
    fn counters(&self) -> Vec<&str> {
        self.policy.counters().map(|counter| counter.name.as_str()).collect()
    }

    /// The names of the columns from which it would read its records, given a `pyarrow.Schema`; no
    /// other ones have to be loaded. Raises `SchemaError` where they cannot hold them.
    fn columns(&self, schema: &Bound<'_, PyAny>) -> PyResult<Vec<String>> {
        columns_of(&self.policy, schema)
    }

    /// The policy that judges at this time: a `datetime`, a `date`, or a text such as `2024-09-12`.
    /// A time without an offset is in the zone of the rulebook.
    fn at(&self, time: &Bound<'_, PyAny>) -> PyResult<Self> {
        let time = self.time(&time_text(time)?)?;
        Ok(Self { policy: self.policy.at(time), when: When::At(time), ..self.clone() })
    }

    /// The policy that judges every record as of its own date, as the command line does; by the clock
    /// where the policy has no `dated by`.
    pub(crate) fn replaying(&self) -> Self {
        Self { policy: self.policy.replaying(), when: When::Record, ..self.clone() }
    }

    /// The policy that judges every record by the rules that are in force at this time, and with the
    /// parameters of this time, whatever date the record has; `now` stays the date of the record.
    fn replaying_as_of(&self, time: &Bound<'_, PyAny>) -> PyResult<Self> {
        self.replaying_as_of_text(&time_text(time)?)
    }

    /// The policy that tells titles and reasons in this language.
    fn in_language(&self, language: &str) -> PyResult<Self> {
        check_language(&self.book.rulebook, Some(language))?;
        let policy = self.policy.in_language(language);
        let book = self.book.in_language(language);
        Ok(Self { policy, book, ..self.clone() })
    }

    /// The policy that counts in this history. A policy that reads counters needs one.
    fn with_history(&self, history: &PyHistory) -> Self {
        let policy = self.policy.with_history(history.0.clone());
        Self { policy, history: true, ..self.clone() }
    }

    /// Decides about one record: a dictionary, or a JSON object as `str` or `bytes`.
    ///
    /// Numbers may be `int`, `float` or `Decimal`, times `datetime`, `date` or texts; `None` is
    /// missing, and what no record declares is not looked at. With `remember`, the record is one of
    /// the earlier ones from then on. Raises `Rejection`, whose `errors` tell every problem.
    #[pyo3(signature = (record, *, remember=false))]
    fn decide(&self, record: &Bound<'_, PyAny>, remember: bool) -> PyResult<PyDecision> {
        if let Some(elements) = &self.policy.compiled().elements {
            let (name, element, list) = (self.policy.name(), &elements.name, &elements.path);
            let message = format!(
                "policy `{name}` decides about each {element} in {list}: call `decide_each`"
            );
            return Err(error::wrong(message));
        }
        let decision = self.decide_any(record, remember)?.pop();
        let decision = decision.ok_or_else(|| error::wrong("there is no decision".to_string()))?;
        Ok(self.told(decision))
    }

    /// Decides about each element of the list that the policy is for, `for each line in Order.lines`, of one
    /// record; about the record, where the policy is for it as a whole. `element` and `position` of a
    /// decision tell which it is about.
    ///
    /// >>> import rulebook
    /// >>> book = rulebook.Rulebook.from_texts({"returns.policy": '''
    /// ...     record Line { sku: text  opened: bool }
    /// ...     record Order { id: text  lines: list of Line }
    /// ...     policy line_returns for each line in Order.lines {
    /// ...       decide refund: yes | no by first otherwise no
    /// ...       rule sealed { when not line.opened then yes }
    /// ...     }'''})
    /// >>> lines = [{"sku": "mug", "opened": True}, {"sku": "pan", "opened": False}]
    /// >>> decisions = book.policy("line_returns").decide_each({"id": "o7", "lines": lines})
    /// >>> [(line.position, line.element, line["refund"]) for line in decisions]
    /// [(1, 'mug', 'no'), (2, 'pan', 'yes')]
    #[pyo3(signature = (record, *, remember=false))]
    fn decide_each(&self, record: &Bound<'_, PyAny>, remember: bool) -> PyResult<Vec<PyDecision>> {
        let decisions = self.decide_any(record, remember)?;
        Ok(decisions.into_iter().map(|decision| self.told(decision)).collect())
    }

    /// Why the policy decides about a record as it does, for people: `decide(record).explain()`.
    fn explain(&self, record: &Bound<'_, PyAny>) -> PyResult<String> {
        Ok(self.decide(record, false)?.explain())
    }

    /// Decides about every row of a table: `(decisions, rejects)`.
    ///
    /// A table is anything that exports columns of Arrow: pyarrow, Polars, pandas, DuckDB. Fields are
    /// columns of structs, or columns named `order.amount`. `record` numbers the rows from 0 in both
    /// results. Raises `SchemaError` before anything is judged. The result is the same whatever the
    /// number of threads.
    ///
    /// Where the policy reads counters and has no history, the rows of the table count each other as
    /// they do on the command line: in the order of their times.
    #[pyo3(signature = (table, *, rules=false, reasons=false, threads=None))]
    fn decide_batch(
        &self,
        table: &Bound<'_, PyAny>,
        rules: bool,
        reasons: bool,
        threads: Option<usize>,
    ) -> PyResult<(PyTable, PyTable)> {
        let counts = !self.history && self.policy.counters().next().is_some();
        decide_batch(
            &self.policy,
            table,
            Wanted { rules, reasons, elements: false },
            threads,
            counts,
        )
    }

    /// Decides about every record of files and writes the decisions to another, as `rulebook eval` does, to
    /// the byte; how many `records` there were, and were `decided`, `rejected` and `faulted`.
    ///
    /// `inputs` is a path, a folder, a pattern such as `data/*.jsonl`, or a list of these: JSON lines, JSON,
    /// YAML, Parquet, CSV or sheets of Excel, told apart by their endings or by `input_format`. `records`,
    /// `encoding`, `delimiter`, `header_line` and `sheet` say what the files do not show; what was found out
    /// instead is a warning. Decisions are written in the
    /// format of the output's ending, or in `format`: `jsonl`, `json`, `csv`, `tsv`, `parquet` or `dsa`.
    /// The output is whole, or as it was, however the call ends. `rejects` names a file that keeps rejected
    /// records with all that is wrong with them, as JSON lines. `history` names a file in which counters
    /// find what earlier calls have counted, and to which this one adds; `again` judges inputs that it has
    /// counted as they were judged the first time.
    ///
    /// The command line judges as of each record's own date: `policy.replaying()`.
    ///
    /// >>> import pathlib, tempfile, rulebook
    /// >>> book = rulebook.Rulebook.from_texts({"a.policy": '''
    /// ...     record Order { id: text  amount: CNY }
    /// ...     policy returns for Order {
    /// ...       decide refund: yes | no by first otherwise no
    /// ...       rule small { when amount <= 50 CNY then yes }
    /// ...     }'''})
    /// >>> folder = pathlib.Path(tempfile.mkdtemp())
    /// >>> _ = (folder / "orders.csv").write_text("id,amount\no1,30\no2,ten\n")
    /// >>> policy = book.policy("returns").replaying()
    /// >>> policy.decide_file(folder / "orders.csv", folder / "out.csv", rejects=folder / "bad.jsonl")
    /// {'records': 2, 'decided': 1, 'rejected': 1, 'faulted': 0}
    /// >>> (folder / "out.csv").read_text().splitlines()
    /// ['record,id,refund,faults', '0,o1,yes,']
    #[allow(clippy::too_many_arguments, reason = "keywords in Python")]
    #[pyo3(signature = (inputs, output, *, format=None, input_format=None, delimiter=None, header_line=None, encoding=None, records=None, sheet=None, rejects=None, history=None, again=false, rules=false, reasons=false, threads=None))]
    fn decide_file<'py>(
        &self,
        py: Python<'py>,
        inputs: &Bound<'py, PyAny>,
        output: PathBuf,
        format: Option<&str>,
        input_format: Option<&str>,
        delimiter: Option<&str>,
        header_line: Option<u64>,
        encoding: Option<&str>,
        records: Option<&str>,
        sheet: Option<&str>,
        rejects: Option<PathBuf>,
        history: Option<PathBuf>,
        again: bool,
        rules: bool,
        reasons: bool,
        threads: Option<usize>,
    ) -> PyResult<Bound<'py, PyDict>> {
        if self.history {
            return Err(error::wrong(
                "records of files are not counted in a history in memory; name a file by `history`",
            ));
        }
        if again && history.is_none() {
            return Err(error::wrong("`again` needs the `history` that has counted the inputs"));
        }
        let header_line = header_line.map(|line| line.to_string());
        let said = [
            ("records", records),
            ("encoding", encoding),
            ("delimiter", delimiter),
            ("header_line", header_line.as_deref()),
            ("sheet", sheet),
        ];
        let mut form = FileForm::default();
        for (name, value) in said {
            let set = value.map_or(Ok(()), |value| form.set(name, value));
            set.map_err(|why| error::wrong(format!("`{name}`: {why}")))?;
        }
        let inputs = Inputs {
            files: paths_of(inputs)?,
            format: input_format.map(|name| named(InputFormat::NAMED, name)).transpose()?,
            form,
        };
        let settings = self.book.rulebook.settings();
        let inputs = inputs.told_by(settings, std::slice::from_ref(&self.policy));
        let run = FileRun {
            rulebook: &self.book.rulebook,
            loaded: self.book.loaded(),
            policy: self.policy.clone(),
            inputs,
            output,
            format,
            rejects,
            history,
            again,
            wanted: rulebook_stream::Wanted { rules, reasons, elements: false },
            threads,
        };
        run.run(py)
    }

    /// Pickles as its rulebook and its name.
    fn __reduce__<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyTuple>> {
        if self.history {
            return Err(PyTypeError::new_err(
                "a history does not travel with a policy; call `with_history` where it arrives",
            ));
        }
        let policy_of = py.import("rulebook._travel")?.getattr("policy_of")?;
        let (replaying, at) = match self.when {
            When::Clock => (false, None),
            When::Record => (true, None),
            When::At(time) => (false, Some(time.to_string())),
            When::AsOf(time) => (true, Some(time.to_string())),
        };
        (policy_of, (self.book.clone(), self.name(), replaying, at)).into_pyobject(py)
    }

    fn __repr__(&self) -> String {
        let when = match self.when {
            When::Clock => "by the clock".to_string(),
            When::Record => "as of each record's date".to_string(),
            When::At(time) => format!("at {time}"),
            When::AsOf(time) => format!("by the rules of {time}"),
        };
        format!("<Policy {} of {}, {when}>", self.name(), self.book.rulebook.name().name)
    }
}

/// A time as it would be written.
pub(crate) fn time_text(time: &Bound<'_, PyAny>) -> PyResult<String> {
    if let Ok(text) = time.cast::<PyString>() {
        return Ok(text.to_string());
    }
    match time.hasattr("isoformat")? {
        true => time.call_method0("isoformat")?.extract(),
        false => Err(PyTypeError::new_err("a time is a `datetime`, a `date` or a text")),
    }
}
