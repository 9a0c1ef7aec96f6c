//! Values of explanations as data: under a name for machines, and beside it, under the same name with
//! `_told` behind it, for people.

use serde::ser::{SerializeMap, Serializer};

use super::ToldValue;

type Named = [(String, ToldValue)];

/// One value.
macro_rules! single {
    ($($name:ident $told:literal)*) => {
        $(pub(super) fn $name<S: Serializer>(
            value: &ToldValue,
            serializer: S,
        ) -> Result<S::Ok, S::Error> {
            let mut map = serializer.serialize_map(None)?;
            map.serialize_entry(stringify!($name), &value.json)?;
            map.serialize_entry($told, &value.text)?;
            map.end()
        })*
    };
}

single! {
    value "value_told"
    from "from_told"
    to "to_told"
    decides "decides_told"
}

/// Several values by their names.
macro_rules! several {
    ($($name:ident $told:literal)*) => {
        $(pub(super) fn $name<S: Serializer>(
            values: &Named,
            serializer: S,
        ) -> Result<S::Ok, S::Error> {
            let mut map = serializer.serialize_map(None)?;
            map.serialize_entry(stringify!($name), &Data(values))?;
            map.serialize_entry($told, &Words(values))?;
            map.end()
        })*
    };
}

several! {
    sets "sets_told"
    looked_up "looked_up_told"
    values "values_told"
}

struct Data<'v>(&'v Named);

impl serde::Serialize for Data<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.0.iter().map(|(name, value)| (name, &value.json)))
    }
}

struct Words<'v>(&'v Named);

impl serde::Serialize for Words<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.0.iter().map(|(name, value)| (name, &value.text)))
    }
}
