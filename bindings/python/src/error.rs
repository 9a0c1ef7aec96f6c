//! What goes wrong, as exceptions whose text is that of the command line.

use pyo3::create_exception;
use pyo3::exceptions::{PyException, PyValueError};
use pyo3::prelude::*;
use pyo3::types::{PyDict, PyList};
use rulebook_core::facts::InputError;

create_exception!(rulebook, Error, PyException, "What the other exceptions of this module are.");
create_exception!(rulebook, LoadError, Error, "A rulebook has errors; the text draws all of them.");
create_exception!(rulebook, UnknownPolicy, Error, "A rulebook has no policy of this name.");
create_exception!(
    rulebook,
    Rejection,
    Error,
    "A record breaks its declared types. `errors` tells every problem: `path`, `code`, `message`, and the `count` of places it stands for."
);
create_exception!(
    rulebook,
    SchemaError,
    Error,
    "A table cannot hold such records: columns of other types, or missing; all are named."
);
create_exception!(rulebook, ProfileError, Error, "Profiles cannot be read.");
create_exception!(
    rulebook,
    TravelError,
    Error,
    "A rulebook has not arrived as it was sent: its digest or the version of the engine differ."
);

/// A wrong argument.
pub(crate) fn wrong(message: impl Into<String>) -> PyErr {
    PyValueError::new_err(message.into())
}

/// The problems of a record as dictionaries.
pub(crate) fn dictionaries<'py>(
    py: Python<'py>,
    errors: &[InputError],
) -> PyResult<Bound<'py, PyList>> {
    let dictionaries = PyList::empty(py);
    for error in errors {
        let entry = PyDict::new(py);
        entry.set_item("path", &error.path)?;
        entry.set_item("code", error.code)?;
        entry.set_item("message", &error.message)?;
        entry.set_item("count", error.count)?;
        dictionaries.append(entry)?;
    }
    Ok(dictionaries)
}

/// A rejected record as an exception that keeps the single errors.
pub(crate) fn rejection(py: Python<'_>, rejection: &rulebook::Rejection) -> PyErr {
    let error = Rejection::new_err(rejection.to_string());
    let errors = dictionaries(py, &rejection.errors);
    match errors.and_then(|errors| error.value(py).setattr("errors", errors)) {
        Ok(()) => error,
        Err(other) => other,
    }
}
