//! A field of a record as data, as a record has it: records as objects, lists as arrays.

use serde::ser::{Serialize, Serializer};

use super::report::{Money, Typed};
use crate::program::{Element, FieldKind, Layout};
use rulebook_lang::model::{Value, Zone};

/// What lies in a slot of a record.
pub(super) type Reads<'d> = &'d dyn Fn(u32) -> Value<'d>;

/// A field as data; `null` where it is missing.
pub(super) struct FieldData<'d> {
    pub(super) kind: &'d FieldKind,
    pub(super) slot: u32,
    pub(super) read: Reads<'d>,
    pub(super) zone: &'d Zone,
}

impl Serialize for FieldData<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let Self { kind, slot, read, zone } = *self;
        match (kind, read(slot)) {
            (_, Value::Missing) => serializer.serialize_none(),
            (FieldKind::Scalar(ty) | FieldKind::Read(ty, _), value) => {
                Typed(&value, ty, zone).serialize(serializer)
            }
            (FieldKind::Record(layout), _) => Object(layout, read, zone).serialize(serializer),
            (FieldKind::List(element), value) => Items(element, &value, zone).serialize(serializer),
        }
    }
}

/// A record, with the fields that are there.
struct Object<'d>(&'d Layout, Reads<'d>, &'d Zone);

impl Serialize for Object<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let Self(layout, read, zone) = *self;
        if let Some((amount, currency)) = layout.money(read) {
            return Money::new(amount, currency).serialize(serializer);
        }
        let fields = layout.fields.iter().filter(|field| !read(field.slot).is_missing());
        serializer.collect_map(fields.map(|field| {
            let data = FieldData { kind: &field.kind, slot: field.slot, read, zone };
            (&field.name, data)
        }))
    }
}

/// The elements of a list.
struct Items<'d>(&'d Element, &'d Value<'d>, &'d Zone);

impl Serialize for Items<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let Self(element, Value::List(list), zone) = self else {
            return serializer.serialize_none();
        };
        serializer.collect_seq(list.iter().map(|value| Item(element, value, zone)))
    }
}

/// An element of a list.
struct Item<'d>(&'d Element, Value<'d>, &'d Zone);

impl Serialize for Item<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self(Element::Scalar(ty, _) | Element::Read(ty, _), value, zone) => {
                Typed(value, ty, zone).serialize(serializer)
            }
            Self(Element::Record(layout), Value::Record(record), zone) => {
                Object(layout, &|slot| record.field(slot), zone).serialize(serializer)
            }
            Self(Element::List(inner), value, zone) => {
                Items(inner, value, zone).serialize(serializer)
            }
            Self(Element::Record(_), ..) => serializer.serialize_none(),
        }
    }
}
