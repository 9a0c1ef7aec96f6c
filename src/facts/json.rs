//! JSON bytes to a row, in one pass, without a tree in between.

use std::borrow::Cow;
use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde_json::value::RawValue;

use super::convert::Raw;
use super::{Filler, InputError, Step};
use crate::model::{Cell, Store};
use crate::program::{Element, Field, FieldKind, Layout, Program};

/// Fills a row from one JSON object.
///
/// # Errors
/// Every problem of the record. Text that is not JSON is one problem without a path.
pub fn read_json(
    program: &Program,
    layout: &Layout,
    bytes: &[u8],
    row: &mut Store,
) -> Result<(), Vec<InputError>> {
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    let mut filler = Filler::new(program, layout, row);
    let mut deserializer = serde_json::Deserializer::from_slice(bytes);
    let seed = RecordSeed { filler: &mut filler, layout, base: 0 };
    let read = seed.deserialize(&mut deserializer).and_then(|()| deserializer.end());
    match read {
        Ok(()) => filler.finish(),
        Err(error) => Err(vec![InputError {
            path: String::new(),
            code: "bad-json",
            message: format!("this is not JSON: {}", described(&error)),
        }]),
    }
}

/// The error; within a single line, only the column tells something.
fn described(error: &serde_json::Error) -> String {
    let text = error.to_string();
    match error.line() {
        1 => text.replace(" at line 1 column ", " at column "),
        _ => text,
    }
}

/// Fills a record from an object.
struct RecordSeed<'f, 'p> {
    filler: &'f mut Filler<'p>,
    layout: &'p Layout,
    base: u32,
}

impl<'de> DeserializeSeed<'de> for RecordSeed<'_, '_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_any(self)
    }
}

/// Visits that mean a value of another kind, each reported in words.
macro_rules! other_values {
    ($report:ident) => {
        fn visit_bool<E>(self, value: bool) -> Result<Self::Value, E> {
            Ok(self.$report(&Raw::Bool(value)))
        }

        fn visit_i64<E>(self, value: i64) -> Result<Self::Value, E> {
            Ok(self.$report(&Raw::Whole(value)))
        }

        fn visit_u64<E>(self, value: u64) -> Result<Self::Value, E> {
            Ok(self.$report(&Raw::Number(value.to_string().into())))
        }

        fn visit_f64<E>(self, value: f64) -> Result<Self::Value, E> {
            Ok(self.$report(&Raw::Number(value.to_string().into())))
        }

        fn visit_str<E>(self, value: &str) -> Result<Self::Value, E> {
            Ok(self.$report(&Raw::Text(value.into())))
        }

        fn visit_unit<E>(self) -> Result<Self::Value, E> {
            Ok(self.$report(&Raw::Null))
        }
    };
}

impl RecordSeed<'_, '_> {
    fn other(self, raw: &Raw<'_>) {
        let message =
            format!("expected a `{}` record, found {}", self.layout.record, raw.described());
        self.filler.error("wrong-type", message);
    }
}

impl<'de> Visitor<'de> for RecordSeed<'_, '_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    other_values!(other);

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<(), A::Error> {
        self.other(&Raw::List);
        while seq.next_element::<IgnoredAny>()?.is_some() {}
        Ok(())
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        let Self { filler, layout, base } = self;
        let mut seen = vec![false; layout.fields.len()];
        while let Some(key) = map.next_key_seed(KeySeed)? {
            match filler.begin_field(layout, &mut seen, &key) {
                Some(field) => {
                    read_field(filler, field, base, &mut map)?;
                    filler.path.pop();
                }
                // What no record declares is not read.
                None => {
                    map.next_value::<IgnoredAny>()?;
                }
            }
        }
        filler.end_record(layout, base, &seen);
        Ok(())
    }
}

/// A key, borrowed unless it has escapes.
struct KeySeed;

impl<'de> DeserializeSeed<'de> for KeySeed {
    type Value = Cow<'de, str>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        deserializer.deserialize_str(self)
    }
}

impl<'de> Visitor<'de> for KeySeed {
    type Value = Cow<'de, str>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a key")
    }

    fn visit_borrowed_str<E>(self, value: &'de str) -> Result<Self::Value, E> {
        Ok(Cow::Borrowed(value))
    }

    fn visit_str<E>(self, value: &str) -> Result<Self::Value, E> {
        Ok(Cow::Owned(value.to_string()))
    }
}

fn read_field<'de, 'p, A: MapAccess<'de>>(
    filler: &mut Filler<'p>,
    field: &'p Field,
    base: u32,
    map: &mut A,
) -> Result<(), A::Error> {
    match &field.kind {
        FieldKind::Scalar(_) => {
            let token: &RawValue = map.next_value()?;
            filler.scalar_field(field, base, &Raw::from_json(token.get()));
        }
        FieldKind::Record(layout) => {
            map.next_value_seed(NestedSeed { filler, field, layout, base })?;
        }
        FieldKind::List(element) => {
            let cell =
                map.next_value_seed(ListSeed { filler, element, field: Some((field, base)) })?;
            if let Some(cell) = cell {
                filler.row.set(base + field.slot, cell);
            }
        }
    }
    Ok(())
}

/// Fills a record within a record, or leaves it out where it is null.
struct NestedSeed<'f, 'p> {
    filler: &'f mut Filler<'p>,
    field: &'p Field,
    layout: &'p Layout,
    base: u32,
}

impl<'de> DeserializeSeed<'de> for NestedSeed<'_, '_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl NestedSeed<'_, '_> {
    fn other(self, raw: &Raw<'_>) {
        self.filler.scalar_field(self.field, self.base, raw);
    }
}

impl<'de> Visitor<'de> for NestedSeed<'_, '_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    other_values!(other);

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<(), A::Error> {
        self.other(&Raw::List);
        while seq.next_element::<IgnoredAny>()?.is_some() {}
        Ok(())
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<(), A::Error> {
        self.filler.row.set(self.base + self.field.slot, Cell::Bool(true));
        RecordSeed { filler: self.filler, layout: self.layout, base: self.base }.visit_map(map)
    }
}

/// Reads a list; `None` where the field is null and has its default.
struct ListSeed<'f, 'p> {
    filler: &'f mut Filler<'p>,
    element: &'p Element,
    /// The field that holds the list, unless a list does.
    field: Option<(&'p Field, u32)>,
}

impl<'de> DeserializeSeed<'de> for ListSeed<'_, '_> {
    type Value = Option<Cell>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl ListSeed<'_, '_> {
    fn other(self, raw: &Raw<'_>) -> Option<Cell> {
        match self.field {
            Some((field, base)) => self.filler.scalar_field(field, base, raw),
            None => self
                .filler
                .error("wrong-type", format!("expected a list, found {}", raw.described())),
        }
        None
    }
}

impl<'de> Visitor<'de> for ListSeed<'_, '_> {
    type Value = Option<Cell>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a list")
    }

    other_values!(other);

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        while map.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
        Ok(self.other(&Raw::Object))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Self::Value, A::Error> {
        let Self { filler, element, .. } = self;
        let mut cells = Vec::new();
        loop {
            filler.path.push(Step::Index(cells.len()));
            let cell = seq.next_element_seed(ElementSeed { filler, element })?;
            filler.path.pop();
            match cell {
                Some(cell) => cells.push(cell),
                None => return Ok(Some(filler.set_list(cells))),
            }
        }
    }
}

/// Reads an element of a list.
struct ElementSeed<'f, 'p> {
    filler: &'f mut Filler<'p>,
    element: &'p Element,
}

impl<'de> DeserializeSeed<'de> for ElementSeed<'_, '_> {
    type Value = Cell;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Cell, D::Error> {
        let Self { filler, element } = self;
        match element {
            Element::Scalar(_) => {
                let token: &RawValue = serde::Deserialize::deserialize(deserializer)?;
                Ok(filler.scalar_element(element, &Raw::from_json(token.get())))
            }
            Element::Record(layout) => {
                let start = filler.begin_element(layout);
                RecordSeed { filler, layout, base: start }.deserialize(deserializer)?;
                Ok(Cell::Record { start })
            }
            Element::List(inner) => {
                let list = ListSeed { filler, element: inner, field: None };
                Ok(list.deserialize(deserializer)?.unwrap_or_default())
            }
        }
    }
}
