//! Any `Serialize` value to a row, without JSON in between.

use std::fmt::Display;

use serde::ser::{self, Impossible, Serialize, Serializer};

use super::convert::Raw;
use super::{Filler, InputError, Seen, Step};
use crate::model::{Cell, Number, Store};
use crate::program::{Element, Field, FieldKind, Layout, Program};

/// Fills a row from a value that serialises as a map or a struct.
///
/// # Errors
/// Every problem of the record, or the value's own error.
pub fn read_record<T: Serialize + ?Sized>(
    program: &Program,
    layout: &Layout,
    record: &T,
    row: &mut Store,
) -> Result<(), Vec<InputError>> {
    let mut filler = Filler::new(program, layout, row);
    let written = record.serialize(Target { filler: &mut filler, kind: Place::Record(layout, 0) });
    match written {
        Ok(_) => filler.finish(),
        Err(error) => Err(vec![InputError {
            path: filler.path(),
            code: "bad-record",
            message: format!("the record cannot be read: {error}"),
        }]),
    }
}

/// What the value's own `Serialize` reports.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
struct RecordError(String);

impl ser::Error for RecordError {
    fn custom<T: Display>(message: T) -> Self {
        Self(message.to_string())
    }
}

/// Where the next value goes.
#[derive(Clone, Copy)]
enum Place<'p> {
    /// The fields of a record from a slot on.
    Record(&'p Layout, u32),
    /// A field of a record that starts at a slot.
    Field(&'p Field, u32),
    /// An element of a list.
    Element(&'p Element),
    /// Nowhere.
    Nowhere,
}

/// Takes one value; gives the cell of an element.
struct Target<'f, 'p> {
    filler: &'f mut Filler<'p>,
    kind: Place<'p>,
}

impl<'f, 'p> Target<'f, 'p> {
    fn scalar(self, raw: &Raw<'_>) -> Cell {
        match self.kind {
            Place::Record(layout, _) => {
                let message =
                    format!("expected a `{}` record, found {}", layout.record, raw.described());
                self.filler.error("wrong-type", message);
                Cell::Missing
            }
            Place::Field(field, base) => {
                self.filler.scalar_field(field, base, raw);
                Cell::Missing
            }
            Place::Element(element) => self.filler.scalar_element(element, raw),
            Place::Nowhere => Cell::Missing,
        }
    }

    /// The record that a map or struct fills; `None` where there is none to fill.
    fn object(self) -> Object<'f, 'p> {
        let (record, cell) = match self.kind {
            Place::Record(layout, base) => (Some((layout, base)), Cell::Missing),
            Place::Field(field, base) => match &field.kind {
                FieldKind::Record(layout) => {
                    self.filler.row.set(base + field.slot, Cell::Bool(true));
                    (Some((layout, base)), Cell::Missing)
                }
                _ => (None, Cell::Missing),
            },
            Place::Element(Element::Record(layout)) => {
                let start = self.filler.begin_element(layout);
                (Some((layout, start)), Cell::Record { start })
            }
            Place::Element(_) | Place::Nowhere => (None, Cell::Missing),
        };
        let seen = record.map_or_else(Vec::new, |(layout, _)| vec![false; layout.fields.len()]);
        Object {
            target: self,
            record,
            cell,
            seen,
            key: String::new(),
            money: [None, None],
            foreign: false,
        }
    }

    fn list(self) -> Items<'f, 'p> {
        let element = match self.kind {
            Place::Field(Field { kind: FieldKind::List(element), .. }, _)
            | Place::Element(Element::List(element)) => Some(element.as_ref()),
            _ => None,
        };
        Items { target: self, element, cells: Vec::new() }
    }
}

macro_rules! whole {
    ($($method:ident $ty:ty)*) => {
        $(fn $method(self, value: $ty) -> Result<Cell, RecordError> {
            Ok(self.scalar(&Raw::Whole(i64::from(value))))
        })*
    };
}

impl<'f, 'p> Serializer for Target<'f, 'p> {
    type Ok = Cell;
    type Error = RecordError;
    type SerializeSeq = Items<'f, 'p>;
    type SerializeTuple = Items<'f, 'p>;
    type SerializeTupleStruct = Items<'f, 'p>;
    type SerializeTupleVariant = Impossible<Cell, RecordError>;
    type SerializeMap = Object<'f, 'p>;
    type SerializeStruct = Object<'f, 'p>;
    type SerializeStructVariant = Impossible<Cell, RecordError>;

    whole! {
        serialize_i8 i8
        serialize_i16 i16
        serialize_i32 i32
        serialize_i64 i64
        serialize_u8 u8
        serialize_u16 u16
        serialize_u32 u32
    }

    fn serialize_bool(self, value: bool) -> Result<Cell, RecordError> {
        Ok(self.scalar(&Raw::Bool(value)))
    }

    fn serialize_u64(self, value: u64) -> Result<Cell, RecordError> {
        Ok(self.scalar(&Raw::Number(value.to_string().into())))
    }

    fn serialize_i128(self, value: i128) -> Result<Cell, RecordError> {
        Ok(self.scalar(&Raw::Number(value.to_string().into())))
    }

    fn serialize_u128(self, value: u128) -> Result<Cell, RecordError> {
        Ok(self.scalar(&Raw::Number(value.to_string().into())))
    }

    fn serialize_f32(self, value: f32) -> Result<Cell, RecordError> {
        // The shortest digits of the single-precision value, not those of its double.
        Ok(self.scalar(&Raw::Number(value.to_string().into())))
    }

    fn serialize_f64(self, value: f64) -> Result<Cell, RecordError> {
        match Number::from_f64(value) {
            Ok(number) => Ok(self.scalar(&Raw::Number(number.to_string().into()))),
            Err(_) => Ok(self.scalar(&Raw::Number(value.to_string().into()))),
        }
    }

    fn serialize_char(self, value: char) -> Result<Cell, RecordError> {
        Ok(self.scalar(&Raw::Text(value.to_string().into())))
    }

    fn serialize_str(self, value: &str) -> Result<Cell, RecordError> {
        Ok(self.scalar(&Raw::Text(value.into())))
    }

    fn serialize_bytes(self, _: &[u8]) -> Result<Cell, RecordError> {
        Err(ser::Error::custom("bytes are no value of a record"))
    }

    fn serialize_none(self) -> Result<Cell, RecordError> {
        Ok(self.scalar(&Raw::Null))
    }

    fn serialize_some<T: Serialize + ?Sized>(self, value: &T) -> Result<Cell, RecordError> {
        value.serialize(self)
    }

    fn serialize_unit(self) -> Result<Cell, RecordError> {
        Ok(self.scalar(&Raw::Null))
    }

    fn serialize_unit_struct(self, _: &'static str) -> Result<Cell, RecordError> {
        Ok(self.scalar(&Raw::Null))
    }

    fn serialize_unit_variant(
        self,
        _: &'static str,
        _: u32,
        variant: &'static str,
    ) -> Result<Cell, RecordError> {
        Ok(self.scalar(&Raw::Text(variant.into())))
    }

    fn serialize_newtype_struct<T: Serialize + ?Sized>(
        self,
        _: &'static str,
        value: &T,
    ) -> Result<Cell, RecordError> {
        value.serialize(self)
    }

    fn serialize_newtype_variant<T: Serialize + ?Sized>(
        self,
        _: &'static str,
        _: u32,
        _: &'static str,
        _: &T,
    ) -> Result<Cell, RecordError> {
        Err(ser::Error::custom("an enum with data is no value of a record"))
    }

    fn serialize_seq(self, _: Option<usize>) -> Result<Items<'f, 'p>, RecordError> {
        Ok(self.list())
    }

    fn serialize_tuple(self, _: usize) -> Result<Items<'f, 'p>, RecordError> {
        Ok(self.list())
    }

    fn serialize_tuple_struct(
        self,
        _: &'static str,
        _: usize,
    ) -> Result<Items<'f, 'p>, RecordError> {
        Ok(self.list())
    }

    fn serialize_tuple_variant(
        self,
        _: &'static str,
        _: u32,
        _: &'static str,
        _: usize,
    ) -> Result<Self::SerializeTupleVariant, RecordError> {
        Err(ser::Error::custom("an enum with data is no value of a record"))
    }

    fn serialize_map(self, _: Option<usize>) -> Result<Object<'f, 'p>, RecordError> {
        Ok(self.object())
    }

    fn serialize_struct(self, _: &'static str, _: usize) -> Result<Object<'f, 'p>, RecordError> {
        Ok(self.object())
    }

    fn serialize_struct_variant(
        self,
        _: &'static str,
        _: u32,
        _: &'static str,
        _: usize,
    ) -> Result<Self::SerializeStructVariant, RecordError> {
        Err(ser::Error::custom("an enum with data is no value of a record"))
    }
}

/// Takes the elements of a list.
struct Items<'f, 'p> {
    target: Target<'f, 'p>,
    element: Option<&'p Element>,
    cells: Vec<Cell>,
}

impl Items<'_, '_> {
    fn element<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), RecordError> {
        let kind = self.element.map_or(Place::Nowhere, Place::Element);
        self.target.filler.path.push(Step::Index(self.cells.len()));
        let cell = value.serialize(Target { filler: self.target.filler, kind })?;
        self.target.filler.path.pop();
        self.cells.push(cell);
        Ok(())
    }

    fn finish(self) -> Cell {
        if self.element.is_none() {
            return self.target.scalar(&Raw::List);
        }
        let cell = self.target.filler.set_list(self.cells);
        if let Place::Field(field, base) = self.target.kind {
            self.target.filler.row.set(base + field.slot, cell);
        }
        cell
    }
}

macro_rules! items {
    ($($trait:ident $method:ident)*) => {
        $(impl ser::$trait for Items<'_, '_> {
            type Ok = Cell;
            type Error = RecordError;

            fn $method<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), RecordError> {
                self.element(value)
            }

            fn end(self) -> Result<Cell, RecordError> {
                Ok(self.finish())
            }
        })*
    };
}

items! {
    SerializeSeq serialize_element
    SerializeTuple serialize_element
    SerializeTupleStruct serialize_field
}

/// Takes the entries of a map or the fields of a struct.
struct Object<'f, 'p> {
    target: Target<'f, 'p>,
    record: Option<(&'p Layout, u32)>,
    cell: Cell,
    seen: Seen,
    key: String,
    /// Amount and currency, if the object stands for money.
    money: [Option<String>; 2],
    /// Whether it has a key that money has not.
    foreign: bool,
}

impl Object<'_, '_> {
    fn entry<T: Serialize + ?Sized>(&mut self, key: &str, value: &T) -> Result<(), RecordError> {
        let filler = &mut *self.target.filler;
        let Some((layout, base)) = self.record else {
            let [amount, currency] = &mut self.money;
            match key {
                "amount" => *amount = value.serialize(TextOf::Amount).ok(),
                "currency" => *currency = value.serialize(TextOf::Currency).ok(),
                _ => self.foreign = true,
            }
            return Ok(());
        };
        if let Some(field) = filler.begin_field(layout, &mut self.seen, key) {
            value.serialize(Target { filler, kind: Place::Field(field, base) })?;
            self.target.filler.path.pop();
        }
        Ok(())
    }

    fn finish(self) -> Cell {
        let Some((layout, base)) = self.record else {
            return match self.money {
                [Some(amount), Some(currency)] if !self.foreign => {
                    self.target.scalar(&Raw::Money(amount, currency))
                }
                _ => self.target.scalar(&Raw::Object),
            };
        };
        self.target.filler.end_record(layout, base, &self.seen);
        self.cell
    }
}

impl ser::SerializeStruct for Object<'_, '_> {
    type Ok = Cell;
    type Error = RecordError;

    fn serialize_field<T: Serialize + ?Sized>(
        &mut self,
        key: &'static str,
        value: &T,
    ) -> Result<(), RecordError> {
        self.entry(key, value)
    }

    fn end(self) -> Result<Cell, RecordError> {
        Ok(self.finish())
    }
}

impl ser::SerializeMap for Object<'_, '_> {
    type Ok = Cell;
    type Error = RecordError;

    fn serialize_key<T: Serialize + ?Sized>(&mut self, key: &T) -> Result<(), RecordError> {
        self.key = key.serialize(TextOf::Key)?;
        Ok(())
    }

    fn serialize_value<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), RecordError> {
        let key = std::mem::take(&mut self.key);
        self.entry(&key, value)
    }

    fn end(self) -> Result<Cell, RecordError> {
        Ok(self.finish())
    }
}

/// Takes what becomes a text.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum TextOf {
    /// A text.
    Currency,
    /// A text or a number.
    Amount,
    /// Any single value.
    Key,
}

impl TextOf {
    /// The text, if at least so much is taken.
    fn at_least(self, least: Self, text: String) -> Result<String, RecordError> {
        if self >= least { Ok(text) } else { Err(ser::Error::custom("expected a text")) }
    }
}

macro_rules! text_of {
    ($($method:ident $ty:ty, $least:ident;)*) => {
        $(fn $method(self, value: $ty) -> Result<String, RecordError> {
            self.at_least(Self::$least, value.to_string())
        })*
    };
}

macro_rules! not_text {
    ($($method:ident($($argument:ty),*) -> $result:ty;)*) => {
        $(fn $method(self, $(_: $argument),*) -> Result<$result, RecordError> {
            Err(ser::Error::custom("expected a text"))
        })*
    };
}

impl Serializer for TextOf {
    type Ok = String;
    type Error = RecordError;
    type SerializeSeq = Impossible<String, RecordError>;
    type SerializeTuple = Impossible<String, RecordError>;
    type SerializeTupleStruct = Impossible<String, RecordError>;
    type SerializeTupleVariant = Impossible<String, RecordError>;
    type SerializeMap = Impossible<String, RecordError>;
    type SerializeStruct = Impossible<String, RecordError>;
    type SerializeStructVariant = Impossible<String, RecordError>;

    text_of! {
        serialize_bool bool, Key;
        serialize_i8 i8, Amount;
        serialize_i16 i16, Amount;
        serialize_i32 i32, Amount;
        serialize_i64 i64, Amount;
        serialize_u8 u8, Amount;
        serialize_u16 u16, Amount;
        serialize_u32 u32, Amount;
        serialize_u64 u64, Amount;
        serialize_f32 f32, Amount;
        serialize_f64 f64, Amount;
        serialize_char char, Currency;
        serialize_str &str, Currency;
    }

    not_text! {
        serialize_bytes(&[u8]) -> String;
        serialize_none() -> String;
        serialize_unit() -> String;
        serialize_unit_struct(&'static str) -> String;
        serialize_seq(Option<usize>) -> Self::SerializeSeq;
        serialize_tuple(usize) -> Self::SerializeTuple;
        serialize_tuple_struct(&'static str, usize) -> Self::SerializeTupleStruct;
        serialize_tuple_variant(&'static str, u32, &'static str, usize) -> Self::SerializeTupleVariant;
        serialize_map(Option<usize>) -> Self::SerializeMap;
        serialize_struct(&'static str, usize) -> Self::SerializeStruct;
        serialize_struct_variant(&'static str, u32, &'static str, usize) -> Self::SerializeStructVariant;
    }

    fn serialize_some<T: Serialize + ?Sized>(self, value: &T) -> Result<String, RecordError> {
        value.serialize(self)
    }

    fn serialize_unit_variant(
        self,
        _: &'static str,
        _: u32,
        variant: &'static str,
    ) -> Result<String, RecordError> {
        Ok(variant.to_string())
    }

    fn serialize_newtype_struct<T: Serialize + ?Sized>(
        self,
        _: &'static str,
        value: &T,
    ) -> Result<String, RecordError> {
        value.serialize(self)
    }

    fn serialize_newtype_variant<T: Serialize + ?Sized>(
        self,
        _: &'static str,
        _: u32,
        _: &'static str,
        _: &T,
    ) -> Result<String, RecordError> {
        Err(ser::Error::custom("expected a text"))
    }
}
