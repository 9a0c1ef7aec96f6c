//! A rulebook, as Python loads it and sends it elsewhere.

use std::path::PathBuf;
use std::sync::Arc;

use pyo3::exceptions::PyTypeError;
use pyo3::prelude::*;
use pyo3::types::{PyBytes, PyDict, PyList, PyString, PyTuple};
use rulebook::{Files, Options, Profiles, Rulebook};
use rulebook_stream::called;
use rulebook_tools::simulate::Plan;

use crate::comparison::Comparison;
use crate::error::{self, LoadError, ProfileError, UnknownPolicy};
use crate::impact::PyImpact;
use crate::policy::PyPolicy;
use crate::record::Given;
use crate::simulate::simulate;

/// A rulebook that has been checked and compiled. It never changes, and threads may share it.
///
/// >>> import rulebook
/// >>> book = rulebook.Rulebook.from_texts({"hello.policy": '''
/// ...     record Visitor { age: number }
/// ...     parameter adult_at: number = 18
/// ...     policy entry for Visitor {
/// ...       decide enter: bool by first otherwise false
/// ...       rule adult { when age >= adult_at then true }
/// ...     }'''}, set={"adult_at": 21})
/// >>> book.policies
/// ['entry']
/// >>> book.policy("entry").decide({"age": 20})["enter"]
/// False
#[pyclass(name = "Rulebook", module = "rulebook", frozen, skip_from_py_object)]
#[derive(Clone)]
pub(crate) struct PyRulebook {
    pub(crate) rulebook: Rulebook,
    pub(crate) language: Option<String>,
    parcel: Arc<Parcel>,
    /// What `with_profiles` was given. It does not travel.
    profiles: Option<Arc<Py<PyDict>>>,
}

/// What makes the same rulebook elsewhere.
struct Parcel {
    /// The name of the folder, which counts where the settings name none.
    name: String,
    /// Where it was loaded from, on this machine.
    path: Option<PathBuf>,
    /// In the order in which they were read.
    texts: Vec<(String, String)>,
    set: Vec<(String, String)>,
}

impl PyRulebook {
    fn build(
        py: Python<'_>,
        files: Files,
        path: Option<PathBuf>,
        set: Vec<(String, String)>,
        language: Option<String>,
    ) -> PyResult<Self> {
        let mut options = Options::new();
        for (name, value) in &set {
            options = options.parameter(name, value);
        }
        let rulebook = py.detach(|| Rulebook::inspect(&files, &options).into_rulebook());
        let rulebook = rulebook.map_err(|error| LoadError::new_err(error.to_string()))?;
        check_language(&rulebook, language.as_deref())?;
        let texts = files.sources().iter().map(|(_, file)| (file.path.clone(), file.text.clone()));
        let parcel = Parcel { name: files.name().to_string(), path, texts: texts.collect(), set };
        Ok(Self { rulebook, language, parcel: Arc::new(parcel), profiles: None })
    }

    /// The same rulebook with other values of parameters.
    pub(crate) fn with_set(&self, py: Python<'_>, set: &[(String, String)]) -> PyResult<Self> {
        let Parcel { name, path, texts, set: earlier } = &*self.parcel;
        let kept = earlier.iter().filter(|(name, _)| !set.iter().any(|(other, _)| other == name));
        let set = kept.chain(set).cloned().collect();
        let files = Files::from_texts(texts.clone()).named(name);
        let book = Self::build(py, files, path.clone(), set, self.language.clone())?;
        match &self.profiles {
            Some(profiles) => book.with_profiles(profiles.bind(py)),
            None => Ok(book),
        }
    }

    /// What to call it beside others: where it was loaded from, as the command line calls it.
    pub(crate) fn label(&self, others: &[&Self]) -> String {
        let Parcel { name, path, .. } = &*self.parcel;
        let sides: Vec<_> = others.iter().filter_map(|book| book.parcel.path.as_deref()).collect();
        path.as_ref().map_or_else(|| name.clone(), |path| called(path, &sides, name))
    }

    /// Where it was loaded from, if from anywhere, and its files.
    pub(crate) fn loaded(&self) -> Option<(&PathBuf, Files)> {
        let Parcel { path, texts, .. } = &*self.parcel;
        Some((path.as_ref()?, Files::from_texts(texts.clone())))
    }

    /// The same rulebook with its texts in another language.
    pub(crate) fn in_language(&self, language: &str) -> Self {
        Self { language: Some(language.to_string()), ..self.clone() }
    }
}

#[pymethods]
impl PyRulebook {
    /// Loads a folder with `rulebook.yaml` and `.policy` files, or a single `.policy` file.
    ///
    /// `set` gives parameters other values, written as in a policy: `{"limit": "50 CNY"}`; `lang`
    /// picks the language of titles and reasons. Raises `LoadError`, whose text draws every error.
    #[staticmethod]
    #[pyo3(signature = (path, *, set=None, lang=None))]
    fn load(
        py: Python<'_>,
        path: PathBuf,
        set: Option<&Bound<'_, PyDict>>,
        lang: Option<String>,
    ) -> PyResult<Self> {
        let files = py.detach(|| Files::read(&path));
        let files = files.map_err(|error| LoadError::new_err(error.to_string()))?;
        Self::build(py, files, Some(path), settings(set)?, lang)
    }

    /// Builds a rulebook from texts (`str`, or `bytes` in UTF-8) with their paths; `rulebook.yaml`
    /// and the files of lists and tables may be among them. `texts` of a rulebook makes it again.
    ///
    /// `name` is that of a rulebook whose settings name none.
    #[staticmethod]
    #[pyo3(signature = (texts, *, set=None, lang=None, name="rulebook"))]
    fn from_texts(
        py: Python<'_>,
        texts: &Bound<'_, PyDict>,
        set: Option<&Bound<'_, PyDict>>,
        lang: Option<String>,
        name: &str,
    ) -> PyResult<Self> {
        let texts = texts.iter().map(|(path, text)| {
            let path: String = path.extract()?;
            let text = text_of(&path, &text)?;
            Ok((path, text))
        });
        let texts: Vec<_> = texts.collect::<PyResult<_>>()?;
        Self::build(py, Files::from_texts(texts).named(name), None, settings(set)?, lang)
    }

    /// The name.
    #[getter]
    fn name(&self) -> &str {
        &self.rulebook.name().name
    }

    /// The version, as the author counts.
    #[getter]
    fn version(&self) -> &str {
        &self.rulebook.name().version
    }

    /// The SHA-256 of its texts and of the parameters that were set, in hexadecimal.
    #[getter]
    fn digest(&self) -> &str {
        &self.rulebook.name().digest
    }

    /// The names of the policies, in the order of the files.
    #[getter]
    fn policies(&self) -> Vec<&str> {
        self.rulebook.policies().collect()
    }

    /// The texts that it was made from, by their paths.
    #[getter]
    fn texts<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyDict>> {
        let texts = PyDict::new(py);
        for (path, text) in &self.parcel.texts {
            texts.set_item(path, PyBytes::new(py, text.as_bytes()))?;
        }
        Ok(texts)
    }

    /// The policy with this name. Raises `UnknownPolicy`, which names the nearest.
    ///
    /// It judges by the clock unless it is told otherwise: see `Policy.at` and `Policy.replaying`.
    pub(crate) fn policy(&self, name: &str) -> PyResult<PyPolicy> {
        let policy = self.rulebook.policy(name);
        let policy = policy.map_err(|error| UnknownPolicy::new_err(error.to_string()))?;
        Ok(PyPolicy::new(self.clone(), policy))
    }

    /// The rulebook that looks up joined fields in these profiles: for each record either the path
    /// of a file (JSON, JSON lines, YAML, CSV or SQLite) or a list of dictionaries.
    ///
    /// Profiles do not travel with a rulebook: elsewhere, join them again.
    ///
    /// >>> import rulebook
    /// >>> book = rulebook.Rulebook.from_texts({"a.policy": '''
    /// ...     record Shop { id: text  score: number }
    /// ...     record Order { shop_id: text  shop: Shop by shop_id }
    /// ...     policy trust for Order {
    /// ...       decide trusted: bool by first otherwise false
    /// ...       rule high_score { when shop.score >= 4.8 then true }
    /// ...     }'''}).with_profiles({"Shop": [{"id": "s1", "score": 4.9}]})
    /// >>> book.policy("trust").decide({"shop_id": "s1"})["trusted"]
    /// True
    fn with_profiles(&self, profiles: &Bound<'_, PyDict>) -> PyResult<Self> {
        let py = profiles.py();
        let mut all = Profiles::new(&self.rulebook);
        let refused = |error: rulebook::ProfileError| ProfileError::new_err(error.to_string());
        for (record, from) in profiles {
            let record: String = record.extract()?;
            if let Ok(list) = from.cast::<PyList>() {
                all.complete(&record).map_err(refused)?;
                for profile in list {
                    all.insert(&record, &Given::new(&profile)).map_err(refused)?;
                }
                continue;
            }
            let path: PathBuf = from.extract()?;
            let report = all.read_file(&record, &path).map_err(refused)?;
            warn_of(py, &path, &report)?;
        }
        let rulebook = self.rulebook.with_profiles(Arc::new(all));
        let profiles = Some(Arc::new(profiles.clone().unbind()));
        Ok(Self { rulebook, profiles, ..self.clone() })
    }

    /// What a change would do to records: each is judged by the baseline and by this rulebook, as of its
    /// own date, and what differs is added up. It is what `rulebook simulate` tells.
    ///
    /// `records` is a table, as `Policy.decide_batch` takes it, or any iterable of what `Policy.decide`
    /// takes. What is compared is told by `set` (this rulebook with parameters of other values, beside
    /// itself), by `baseline` (another rulebook) or by `at` (two times, the baseline's first; one time
    /// is that of both sides). `by` groups records by fields, `sum` adds fields up, and `sample` records
    /// that are decided differently are told with both explanations.
    ///
    /// >>> import rulebook
    /// >>> book = rulebook.Rulebook.from_texts({"a.policy": '''
    /// ...     record Order { amount: CNY }
    /// ...     parameter limit: CNY = 50 CNY
    /// ...     policy returns for Order {
    /// ...       decide refund: yes | no by first otherwise no
    /// ...       rule small { when amount <= limit then yes }
    /// ...     }'''})
    /// >>> book.simulate("returns", [{"amount": 30}, {"amount": 55}], set={"limit": "60 CNY"})
    /// <Impact on returns: 1 of 2 decided differently>
    #[allow(clippy::too_many_arguments, reason = "keywords in Python")]
    #[pyo3(signature = (policy, records, *, baseline=None, at=None, set=None, by=Vec::new(), sum=Vec::new(), sample=3, threads=None))]
    fn simulate(
        &self,
        policy: &str,
        records: &Bound<'_, PyAny>,
        baseline: Option<&Bound<'_, Self>>,
        at: Option<&Bound<'_, PyAny>>,
        set: Option<&Bound<'_, PyDict>>,
        by: Vec<String>,
        sum: Vec<String>,
        sample: usize,
        threads: Option<usize>,
    ) -> PyResult<PyImpact> {
        let comparison = Comparison { policy, baseline, at, set: settings(set)? };
        let (baseline, candidate) = comparison.trials(self, records.py())?;
        let plan = Plan::new(baseline, candidate, &by, &sum, sample);
        let plan = plan.map_err(|error| error::wrong(error.to_string()))?;
        simulate(&plan, records, threads).map(PyImpact)
    }

    /// Pickles as its texts, so that it arrives elsewhere as the same rulebook or not at all.
    fn __reduce__<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyTuple>> {
        if self.profiles.is_some() {
            return Err(PyTypeError::new_err(
                "profiles do not travel with a rulebook; join them to the records, or call \
                 `with_profiles` where it arrives",
            ));
        }
        let arrive = py.import("rulebook._travel")?.getattr("arrive")?;
        let Parcel { name, texts, set, .. } = &*self.parcel;
        let engine = env!("CARGO_PKG_VERSION");
        let parcel = (texts.clone(), set.clone(), &self.language, name, self.digest(), engine);
        (arrive, parcel).into_pyobject(py)
    }

    fn __repr__(&self) -> String {
        let name = self.rulebook.name();
        let short = name.digest.get(..12).unwrap_or_default();
        format!("<Rulebook {} {}, digest {short}…>", name.name, name.version)
    }
}

/// The values of parameters as a policy would write them.
pub(crate) fn settings(set: Option<&Bound<'_, PyDict>>) -> PyResult<Vec<(String, String)>> {
    let Some(set) = set else { return Ok(Vec::new()) };
    let written = |(name, value): (Bound<'_, PyAny>, Bound<'_, PyAny>)| {
        let value = match value.extract::<bool>() {
            Ok(truth) => truth.to_string(),
            Err(_) => value.str()?.to_string(),
        };
        Ok((name.extract()?, value))
    };
    set.iter().map(written).collect()
}

fn text_of(path: &str, text: &Bound<'_, PyAny>) -> PyResult<String> {
    if let Ok(text) = text.cast::<PyString>() {
        return Ok(text.to_str()?.to_string());
    }
    let bytes = text.cast::<PyBytes>()?.as_bytes().to_vec();
    String::from_utf8(bytes).map_err(|_| error::wrong(format!("{path} is not UTF-8 text")))
}

/// Refuses a language in which the rulebook has no texts.
pub(crate) fn check_language(rulebook: &Rulebook, language: Option<&str>) -> PyResult<()> {
    let languages = &rulebook.settings().languages;
    match language {
        Some(language) if !languages.iter().any(|other| other == language) => {
            let languages = languages.join(", ");
            let message = format!("the rulebook has no texts in `{language}`; it has {languages}");
            Err(error::wrong(message))
        }
        _ => Ok(()),
    }
}

/// Tells of profiles that cannot be joined: records that need one of them are rejected.
fn warn_of(
    py: Python<'_>,
    path: &std::path::Path,
    report: &rulebook::ProfileReport,
) -> PyResult<()> {
    let Some(first) = report.bad.first() else { return Ok(()) };
    let problem = first.errors.first().map(|error| format!("{}: {}", error.path, error.message));
    let message = format!(
        "{}: {} of {} profiles cannot be joined, the first at {}: {}",
        rulebook_base::visible::visible_path(path),
        report.bad.len(),
        report.bad.len() + report.good,
        first.place,
        problem.unwrap_or_default(),
    );
    py.import("warnings")?.call_method1("warn", (message,))?;
    Ok(())
}
