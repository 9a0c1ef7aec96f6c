//! Values of decisions as Python objects.

use pyo3::prelude::*;
use pyo3::sync::PyOnceLock;
use pyo3::types::{
    PyBool, PyDate, PyDateTime, PyDelta, PyDict, PyList, PyString, PyType, PyTzInfo,
};
use rulebook::Verdict;
use rulebook_lang::model::{Date, Number, Time, Type, Value, Zone};
use rulebook_lang::scalar::Physical;

/// The outcome of a decision: `None` where it is undecided or a fault, a list where it collects.
pub(crate) fn outcome<'py>(
    py: Python<'py>,
    verdict: &Verdict<'_>,
    zone: &Zone,
) -> PyResult<Bound<'py, PyAny>> {
    match verdict {
        Verdict::Value(value, ty) => to_python(py, value, ty, zone),
        Verdict::Values(values, ty) => {
            let values = values.iter().map(|value| to_python(py, value, ty, zone));
            let values: Vec<_> = values.collect::<PyResult<_>>()?;
            Ok(PyList::new(py, values)?.into_any())
        }
        _ => Ok(py.None().into_bound(py)),
    }
}

fn to_python<'py>(
    py: Python<'py>,
    value: &Value<'_>,
    ty: &Type,
    zone: &Zone,
) -> PyResult<Bound<'py, PyAny>> {
    Ok(match (value, ty.required()) {
        (Value::List(list), Type::List(element)) => {
            let items = list.iter().map(|item| to_python(py, &item.rounded(), element, zone));
            PyList::new(py, items.collect::<PyResult<Vec<_>>>()?)?.into_any()
        }
        (Value::Record(record), Type::Record(declared)) => {
            let fields = PyDict::new(py);
            for (slot, name, ty) in declared.fields() {
                let value = record.get(slot, ty).rounded();
                // As in JSON, what is missing is left out.
                if !value.is_missing() {
                    fields.set_item(name, to_python(py, &value, ty, zone)?)?;
                }
            }
            fields.into_any()
        }
        (value, ty) if ty.gives() == Physical::Texts && !value.is_missing() => {
            PyString::new(py, &ty.written(value, None).to_string()).into_any()
        }
        (Value::Bool(truth), _) => PyBool::new(py, *truth).to_owned().into_any(),
        (Value::Number(amount), Type::Money(currency)) => {
            decimal(py, &amount.to_fixed(currency.minor_digits()))?
        }
        (Value::Number(number), _) => number_to_python(py, *number)?,
        (Value::Text(text), _) => PyString::new(py, text).into_any(),
        (Value::Date(date), _) => date_to_python(py, *date)?.into_any(),
        (Value::Time(time), _) => time_to_python(py, *time, zone)?.into_any(),
        (Value::Duration(length), _) => {
            let days = i32::try_from(length.as_secs().div_euclid(86_400))?;
            let seconds = i32::try_from(length.as_secs().rem_euclid(86_400))?;
            PyDelta::new(py, days, seconds, length.subsec_micros(), true)?.into_any()
        }
        (Value::Member(position), Type::Enum(members)) => {
            PyString::new(py, members.member(*position).unwrap_or_default()).into_any()
        }
        _ => py.None().into_bound(py),
    })
}

fn number_to_python(py: Python<'_>, number: Number) -> PyResult<Bound<'_, PyAny>> {
    decimal(py, &number.to_string())
}

fn decimal<'py>(py: Python<'py>, digits: &str) -> PyResult<Bound<'py, PyAny>> {
    static CLASS: PyOnceLock<Py<PyType>> = PyOnceLock::new();
    CLASS.import(py, "decimal", "Decimal")?.call1((digits,))
}

fn date_to_python(py: Python<'_>, date: Date) -> PyResult<Bound<'_, PyDate>> {
    PyDate::new(py, i32::from(date.year()), date.month().try_into()?, date.day().try_into()?)
}

/// An instant as the clocks of a zone show it, with their offset; Python keeps microseconds.
pub(crate) fn time_to_python<'py>(
    py: Python<'py>,
    time: Time,
    zone: &Zone,
) -> PyResult<Bound<'py, PyDateTime>> {
    let (shown, offset) = time.shown(zone);
    let offset = PyDelta::new(py, 0, offset.seconds(), 0, true)?;
    let offset = PyTzInfo::fixed_offset(py, offset)?;
    PyDateTime::new(
        py,
        i32::from(shown.year()),
        shown.month().try_into()?,
        shown.day().try_into()?,
        shown.hour().try_into()?,
        shown.minute().try_into()?,
        shown.second().try_into()?,
        u32::try_from(shown.subsec_nanosecond())? / 1_000,
        Some(&offset),
    )
}
