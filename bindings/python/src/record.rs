//! Python objects to records: whatever a dictionary holds, handed over value by value.

use std::cell::Cell;
use std::fmt::Display;

use pyo3::prelude::*;
use pyo3::types::{
    PyBool, PyBytes, PyDelta, PyDict, PyFloat, PyInt, PyList, PyMapping, PyString, PyTuple,
};
use rulebook_lang::model::Number;
use serde::ser::{Error, Serialize, SerializeMap, Serializer};

use crate::error;

/// How deep lists and dictionaries may nest; one that holds itself ends here.
const MAX_DEPTH: u8 = 64;

/// A Python object that serialises as what it stands for.
#[derive(Clone, Copy)]
pub(crate) struct Given<'a, 'py> {
    object: &'a Bound<'py, PyAny>,
    depth: u8,
    /// Where it is noted that something is no value of a record, which then is null instead of an
    /// error.
    unfit: Option<&'a Cell<bool>>,
}

/// A record as JSON, and whether all of it is there. What is no value of a record is null instead: it
/// may be where no record declares a field.
pub(crate) fn json_of(record: &Bound<'_, PyAny>) -> PyResult<(Vec<u8>, bool)> {
    if let Some(json) = bytes_of(record)? {
        return Ok((json.to_vec(), true));
    }
    let unfit = Cell::new(false);
    let given = Given { unfit: Some(&unfit), ..Given::new(record) };
    let json = serde_json::to_vec(&given).map_err(|error| error::wrong(error.to_string()))?;
    Ok((json, !unfit.get()))
}

/// The bytes of a record that is JSON already.
pub(crate) fn bytes_of<'a>(record: &'a Bound<'_, PyAny>) -> PyResult<Option<&'a [u8]>> {
    if let Ok(text) = record.cast::<PyString>() {
        return Ok(Some(text.to_str()?.as_bytes()));
    }
    Ok(record.cast::<PyBytes>().ok().map(|bytes| bytes.as_bytes()))
}

impl<'a, 'py> Given<'a, 'py> {
    pub(crate) fn new(object: &'a Bound<'py, PyAny>) -> Self {
        Self { object, depth: 0, unfit: None }
    }

    fn within<'b>(&self, object: &'b Bound<'py, PyAny>) -> Given<'b, 'py>
    where
        'a: 'b,
    {
        Given { object, depth: self.depth + 1, unfit: self.unfit }
    }

    fn number<S: Serializer>(&self, number: f64, serializer: S) -> Result<S::Ok, S::Error> {
        match self.unfit {
            // JSON has no such number, and would be written as null.
            Some(unfit) if !number.is_finite() => {
                unfit.set(true);
                serializer.serialize_unit()
            }
            // JSON tells of two decimals that are equally near to a double not always the same one.
            Some(_) => match Number::from_f64(number) {
                Ok(number) => number.serialize(serializer),
                Err(_) => serializer.serialize_f64(number),
            },
            None => serializer.serialize_f64(number),
        }
    }

    /// Something that is no value of a record.
    fn unfit<S: Serializer>(&self, serializer: S, error: S::Error) -> Result<S::Ok, S::Error> {
        let Some(unfit) = self.unfit else { return Err(error) };
        unfit.set(true);
        serializer.serialize_unit()
    }

    fn entries<S: Serializer>(
        &self,
        entries: impl Iterator<Item = (Bound<'py, PyAny>, Bound<'py, PyAny>)>,
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        for (key, value) in entries {
            match key.cast::<PyString>() {
                Ok(key) => map.serialize_key(key.to_str().map_err(S::Error::custom)?)?,
                Err(_) => map.serialize_key(&key.to_string())?,
            }
            map.serialize_value(&self.within(&value))?;
        }
        map.end()
    }

    fn items<S: Serializer>(
        &self,
        items: impl Iterator<Item = Bound<'py, PyAny>>,
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        use serde::ser::SerializeSeq;
        let mut list = serializer.serialize_seq(None)?;
        for item in items {
            list.serialize_element(&self.within(&item))?;
        }
        list.end()
    }

    /// Values of classes that few records hold.
    fn rare<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let object = self.object;
        if let Ok(length) = object.cast::<PyDelta>() {
            return serializer.collect_str(&Seconds::of(length).map_err(S::Error::custom)?);
        }
        if let Ok(mapping) = object.cast::<PyMapping>() {
            let items = mapping.items().map_err(S::Error::custom)?;
            let pairs: Vec<_> = items
                .iter()
                .map(|pair| pair.extract())
                .collect::<PyResult<_>>()
                .map_err(S::Error::custom)?;
            return self.entries(pairs.into_iter(), serializer);
        }
        // Dates and times write themselves as ISO 8601 says, decimals as their digits, and numpy
        // knows the Python values of its own.
        for (class, method) in [("", "isoformat"), ("Decimal", "__str__"), ("", "tolist")] {
            let is_class =
                class.is_empty() || object.get_type().name().is_ok_and(|name| name == class);
            if is_class && object.hasattr(method).map_err(S::Error::custom)? {
                let value = object.call_method0(method).map_err(S::Error::custom)?;
                return self.within(&value).serialize(serializer);
            }
        }
        self.unfit(serializer, refused(object))
    }
}

impl Serialize for Given<'_, '_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let object = self.object;
        if self.depth > MAX_DEPTH {
            return self
                .unfit(serializer, S::Error::custom("lists and dictionaries nest too deep"));
        }
        if let Ok(text) = object.cast::<PyString>() {
            return match text.to_str() {
                Ok(text) => serializer.serialize_str(text),
                Err(error) => self.unfit(serializer, S::Error::custom(error)),
            };
        }
        if object.is_none() {
            return serializer.serialize_unit();
        }
        if let Ok(truth) = object.cast::<PyBool>() {
            return serializer.serialize_bool(truth.is_true());
        }
        if let Ok(number) = object.cast::<PyFloat>() {
            return self.number(number.value(), serializer);
        }
        if object.is_instance_of::<PyInt>() {
            return match object.extract::<i64>() {
                Ok(number) => serializer.serialize_i64(number),
                // A number with more digits than any record takes is refused where it is read.
                Err(_) => match object.extract::<i128>() {
                    Ok(number) => serializer.serialize_i128(number),
                    Err(_) => self.number(f64::INFINITY, serializer),
                },
            };
        }
        if let Ok(dict) = object.cast::<PyDict>() {
            return self.entries(dict.iter(), serializer);
        }
        if let Ok(list) = object.cast::<PyList>() {
            return self.items(list.iter(), serializer);
        }
        if let Ok(tuple) = object.cast::<PyTuple>() {
            return self.items(tuple.iter(), serializer);
        }
        self.rare(serializer)
    }
}

fn refused<E: Error>(object: &Bound<'_, PyAny>) -> E {
    let class = object.get_type();
    let name = class.fully_qualified_name().map(|name| name.to_string());
    E::custom(format!("a `{}` is no value of a record", name.unwrap_or_default()))
}

/// A length of time as ISO 8601 writes it, in seconds.
struct Seconds {
    micros: i128,
}

impl Seconds {
    fn of(length: &Bound<'_, PyDelta>) -> PyResult<Self> {
        let part = |name: &str| length.getattr(name)?.extract::<i128>();
        let seconds = part("days")? * 86_400 + part("seconds")?;
        Ok(Self { micros: seconds * 1_000_000 + part("microseconds")? })
    }
}

impl Display for Seconds {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let sign = if self.micros < 0 { "-" } else { "" };
        let micros = self.micros.unsigned_abs();
        write!(f, "{sign}PT{}.{:06}S", micros / 1_000_000, micros % 1_000_000)
    }
}
