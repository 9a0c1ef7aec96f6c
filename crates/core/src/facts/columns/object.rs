//! A row of columns into the JSON object that it stands for.

use serde::ser::{Serialize, SerializeMap, SerializeSeq, Serializer};

use super::leaf::Leaf;
use super::open::{Lists, Open, OpenRecord, Opened};
use crate::facts::{Amount, Raw};
use crate::program::{Element, FieldKind, Layout};
use rulebook_lang::model::{Zone, serialize_digits};

/// A record in a row, its values under the names of its fields.
#[derive(Debug, Clone, Copy)]
pub struct Object<'o> {
    layout: &'o Layout,
    record: &'o OpenRecord<'o>,
    at: usize,
    zone: &'o Zone,
}

impl<'o> Object<'o> {
    /// The row at a place of the opened columns.
    pub fn new(layout: &'o Layout, opened: &'o Opened<'o>, at: usize, zone: &'o Zone) -> Self {
        Self { layout, record: &opened.fields, at, zone }
    }
}

impl Serialize for Object<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        for (position, open) in &self.record.fields {
            let Some(field) = self.layout.fields.get(*position) else { continue };
            let shape = Shape::of_field(&field.kind);
            let value = Value { shape, open, at: self.at, zone: self.zone };
            map.serialize_entry(&field.name, &value)?;
        }
        map.end()
    }
}

/// What a value is made of.
#[derive(Clone, Copy)]
enum Shape<'o> {
    Single,
    Record(&'o Layout),
    List(&'o Element),
}

impl<'o> Shape<'o> {
    fn of_field(kind: &'o FieldKind) -> Self {
        match kind {
            FieldKind::Scalar(_) | FieldKind::Read(..) => Self::Single,
            FieldKind::Record(layout) => Self::Record(layout),
            FieldKind::List(element) => Self::List(element),
        }
    }

    fn of_element(element: &'o Element) -> Self {
        match element {
            Element::Scalar(..) | Element::Read(..) => Self::Single,
            Element::Record(layout) => Self::Record(layout),
            Element::List(element) => Self::List(element),
        }
    }
}

/// What stands in a row of a column.
struct Value<'o> {
    shape: Shape<'o>,
    open: &'o Open<'o>,
    at: usize,
    zone: &'o Zone,
}

impl Serialize for Value<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let Self { shape, open, at, zone } = *self;
        match (shape, open) {
            (_, Open::Leaf(leaf)) => single(leaf, at, zone, serializer),
            (_, open) if !open.is_there(at) => serializer.serialize_unit(),
            (Shape::Record(layout), Open::Struct(_, record) | Open::Flat(record, _)) => {
                Object { layout, record, at, zone }.serialize(serializer)
            }
            (Shape::List(element), Open::List(lists, open)) => {
                list((element, open), lists, at, zone, serializer)
            }
            _ => serializer.serialize_unit(),
        }
    }
}

fn list<S: Serializer>(
    (element, open): (&Element, &Open<'_>),
    lists: &Lists<'_>,
    at: usize,
    zone: &Zone,
    serializer: S,
) -> Result<S::Ok, S::Error> {
    let range = lists.range(at);
    let mut list = serializer.serialize_seq(Some(range.len()))?;
    for at in range {
        list.serialize_element(&Value { shape: Shape::of_element(element), open, at, zone })?;
    }
    list.end()
}

fn single<S: Serializer>(
    leaf: &Leaf<'_>,
    at: usize,
    zone: &Zone,
    serializer: S,
) -> Result<S::Ok, S::Error> {
    let mut serializer = Some(serializer);
    let mut written = None;
    leaf.visit(at, zone, |raw| {
        written = serializer.take().map(|serializer| write(raw, serializer));
    });
    match (written, serializer) {
        (Some(written), _) => written,
        (None, Some(serializer)) => serializer.serialize_unit(),
        (None, None) => Err(serde::ser::Error::custom("a value was taken twice")),
    }
}

/// A single value as readers of JSON take it.
fn write<S: Serializer>(raw: &Raw<'_>, serializer: S) -> Result<S::Ok, S::Error> {
    match raw {
        // No column holds other objects and lists than those that are opened.
        Raw::Null | Raw::Object(_) | Raw::List => serializer.serialize_unit(),
        Raw::Bool(value) => serializer.serialize_bool(*value),
        Raw::Number(number) => number.serialize(serializer),
        Raw::Digits(digits, _) => serialize_digits(digits, serializer),
        Raw::Text(text) => serializer.serialize_str(text),
        Raw::Date(date) => serializer.collect_str(date),
        Raw::Time(time) => serializer.collect_str(time),
        Raw::Duration(length) => serializer.collect_str(length),
        Raw::Period(period) => serializer.collect_str(period),
        Raw::Money(amount, currency) => {
            let mut map = serializer.serialize_map(Some(2))?;
            match amount {
                Amount::Number(number) => map.serialize_entry("amount", number)?,
                Amount::Digits(digits) => map.serialize_entry("amount", digits)?,
            }
            map.serialize_entry("currency", currency)?;
            map.end()
        }
    }
}
