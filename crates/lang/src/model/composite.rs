//! Lists and records: those that lie in a store, and those that expressions make.

use std::sync::Arc;

use super::value::index;
use super::{Cell, Store, Type, Value};

/// The elements of a list.
#[derive(Debug, Clone)]
pub struct List<'v>(Elements<'v>);

/// Where the elements of a list lie.
#[derive(Debug, Clone)]
enum Elements<'v> {
    /// In a store, one behind the other.
    Range(&'v Store, u32, u32),
    /// In a store, as they were picked.
    Picked(&'v Store, Arc<[Cell]>),
    /// In the list itself, which an expression has made.
    Made(Arc<[Value<'v>]>),
}

/// Tells a list from all others that can be read beside it.
pub type ListPlace = (usize, u32, u32);

/// A record: one of a row or a list, or one that an expression has made.
#[derive(Debug, Clone)]
pub struct Record<'v> {
    fields: Fields<'v>,
    start: u32,
    end: u32,
}

/// Where the fields of a record lie.
#[derive(Debug, Clone)]
enum Fields<'v> {
    /// In a store, one behind the other.
    Stored(&'v Store),
    /// In the record itself.
    Made(Arc<[Value<'v>]>),
}

impl<'v> List<'v> {
    /// A list of values that an expression has made.
    pub fn made(values: Vec<Value<'v>>) -> Self {
        Self(Elements::Made(values.into()))
    }

    /// Cells of a store that stand one behind the other.
    pub(super) fn stored(store: &'v Store, start: u32, end: u32) -> Self {
        Self(Elements::Range(store, start, end))
    }

    /// Single cells of a store.
    pub(super) fn picked(store: &'v Store, cells: Arc<[Cell]>) -> Self {
        Self(Elements::Picked(store, cells))
    }

    /// How many elements there are.
    pub fn len(&self) -> usize {
        match &self.0 {
            Elements::Range(_, start, end) => (end - start) as usize,
            Elements::Picked(_, cells) => cells.len(),
            Elements::Made(values) => values.len(),
        }
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Where it lies, as long as its store does not change; `None` where it was picked or made.
    pub fn place(&self) -> Option<ListPlace> {
        match self.0 {
            Elements::Range(store, start, end) => {
                Some((std::ptr::from_ref(store) as usize, start, end))
            }
            Elements::Picked(..) | Elements::Made(_) => None,
        }
    }

    /// Whether an expression has made it.
    pub fn is_made(&self) -> bool {
        matches!(self.0, Elements::Made(_))
    }

    /// The element at a place.
    pub fn get(&self, at: usize) -> Option<Value<'v>> {
        (at < self.len()).then(|| self.0.at(at))
    }

    /// The elements in order.
    pub fn iter(&self) -> impl Iterator<Item = Value<'v>> + Clone {
        (0..self.len()).map(|at| self.0.at(at))
    }
}

impl<'v> Elements<'v> {
    /// The element at a place, which must be there.
    #[inline]
    fn at(&self, at: usize) -> Value<'v> {
        match self {
            Self::Range(store, start, _) => store.get(start + index(at)),
            Self::Picked(store, cells) => {
                cells.get(at).map_or(Value::Missing, |cell| store.value(*cell))
            }
            Self::Made(values) => values.get(at).cloned().unwrap_or(Value::Missing),
        }
    }
}

impl<'v> Record<'v> {
    /// A record that an expression has made, of what lies in each of its slots.
    pub fn made(slots: Vec<Value<'v>>) -> Self {
        let end = index(slots.len());
        Self { fields: Fields::Made(slots.into()), start: 0, end }
    }

    /// A record whose fields are cells of a store.
    pub(super) fn stored(store: &'v Store, start: u32, end: u32) -> Self {
        Self { fields: Fields::Stored(store), start, end }
    }

    /// The record within it, of so many slots, whose own cell has an offset in the record's layout.
    pub fn record(&self, offset: u32, size: u32) -> Value<'v> {
        let start = self.start + offset + 1;
        match self.field(offset) {
            Value::Missing => Value::Missing,
            _ => Value::Record(Self { fields: self.fields.clone(), start, end: start + size }),
        }
    }

    /// The value of a field of a type at an offset in the record's layout.
    pub fn get(&self, offset: u32, ty: &Type) -> Value<'v> {
        match ty.required() {
            Type::Record(inner) => self.record(offset, inner.size()),
            _ => self.field(offset),
        }
    }

    /// What lies in the slot of the field at an offset in the record's layout.
    pub fn field(&self, offset: u32) -> Value<'v> {
        let at = self.start + offset;
        match &self.fields {
            Fields::Stored(store) => store.get(at),
            Fields::Made(slots) => slots.get(at as usize).cloned().unwrap_or(Value::Missing),
        }
    }

    /// How many slots it has.
    pub fn size(&self) -> u32 {
        self.end - self.start
    }

    /// What lies in each of its slots.
    pub fn slots(&self) -> impl Iterator<Item = Value<'v>> {
        (0..self.size()).map(|offset| self.field(offset))
    }
}
