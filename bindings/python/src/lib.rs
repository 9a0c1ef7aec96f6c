//! The Python module `rulebook`: the evaluator of the library behind classes that read like Python.

mod batch;
mod comparison;
mod decision;
mod error;
mod file;
mod history;
mod impact;
mod policy;
mod record;
mod rulebook_class;
mod simulate;
mod table;
mod value;

/// What `import rulebook` shows is collected in `python/rulebook/__init__.py`.
#[pyo3::pymodule]
mod _rulebook {
    use pyo3::prelude::*;

    #[pymodule_export]
    use crate::decision::PyDecision;
    #[pymodule_export]
    use crate::error::{
        Error, LoadError, ProfileError, Rejection, SchemaError, TravelError, UnknownPolicy,
    };
    #[pymodule_export]
    use crate::history::PyHistory;
    #[pymodule_export]
    use crate::impact::PyImpact;
    #[pymodule_export]
    use crate::policy::PyPolicy;
    #[pymodule_export]
    use crate::rulebook_class::PyRulebook;
    #[pymodule_export]
    use crate::table::PyTable;

    #[pymodule_init]
    fn init(module: &Bound<'_, PyModule>) -> PyResult<()> {
        module.add("__version__", env!("CARGO_PKG_VERSION"))
    }
}
