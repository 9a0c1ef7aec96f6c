//! The forms that a `Serialize` value can take to the three that a record knows: single values,
//! lists and objects.

use serde::ser::{
    Impossible, Serialize, SerializeMap, SerializeSeq, SerializeStruct, SerializeTuple,
    SerializeTupleStruct, Serializer,
};

use super::raw::Raw;
use super::serialize::RecordError;
use rulebook_lang::model::Number;

/// Takes one value.
pub(super) trait Take: Sized {
    /// What comes of a value that is taken.
    type Given;
    /// Takes the entries of an object.
    type Object: SerializeMap<Ok = Self::Given, Error = RecordError>
        + SerializeStruct<Ok = Self::Given, Error = RecordError>;
    /// Takes the elements of a list.
    type List: SerializeSeq<Ok = Self::Given, Error = RecordError>
        + SerializeTuple<Ok = Self::Given, Error = RecordError>
        + SerializeTupleStruct<Ok = Self::Given, Error = RecordError>;

    fn single(self, raw: &Raw<'_>) -> Result<Self::Given, RecordError>;
    fn object(self) -> Result<Self::Object, RecordError>;
    fn list(self) -> Result<Self::List, RecordError>;
    /// The error for what is no value of a record.
    fn refusal(what: &'static str) -> RecordError;
}

/// Lets a value serialise itself into what takes it.
pub(super) struct Taker<T>(pub(super) T);

const DATA: &str = "an enum with data is";

macro_rules! whole {
    ($($method:ident $ty:ty)*) => {
        $(#[inline]
        fn $method(self, value: $ty) -> Result<T::Given, RecordError> {
            self.0.single(&Raw::Number(Number::from(i64::from(value))))
        })*
    };
}

macro_rules! printed {
    ($($method:ident $ty:ty)*) => {
        $(fn $method(self, value: $ty) -> Result<T::Given, RecordError> {
            self.0.single(&Raw::Digits(&value.to_string(), None))
        })*
    };
}

impl<T: Take> Serializer for Taker<T> {
    type Ok = T::Given;
    type Error = RecordError;
    type SerializeSeq = T::List;
    type SerializeTuple = T::List;
    type SerializeTupleStruct = T::List;
    type SerializeTupleVariant = Impossible<T::Given, RecordError>;
    type SerializeMap = T::Object;
    type SerializeStruct = T::Object;
    type SerializeStructVariant = Impossible<T::Given, RecordError>;

    whole! {
        serialize_i8 i8
        serialize_i16 i16
        serialize_i32 i32
        serialize_i64 i64
        serialize_u8 u8
        serialize_u16 u16
        serialize_u32 u32
    }

    printed! {
        serialize_i128 i128
        serialize_u128 u128
    }

    fn serialize_u64(self, value: u64) -> Result<T::Given, RecordError> {
        self.0.single(&Raw::Number(Number::from(value)))
    }

    fn serialize_bool(self, value: bool) -> Result<T::Given, RecordError> {
        self.0.single(&Raw::Bool(value))
    }

    fn serialize_f32(self, value: f32) -> Result<T::Given, RecordError> {
        // The shortest digits of the single-precision value, not those of its double.
        match Number::from_f32(value) {
            Ok(number) => self.0.single(&Raw::Number(number)),
            Err(_) => self.0.single(&Raw::Digits(&value.to_string(), None)),
        }
    }

    #[inline]
    fn serialize_f64(self, value: f64) -> Result<T::Given, RecordError> {
        match Number::from_f64(value) {
            Ok(number) => self.0.single(&Raw::Number(number)),
            Err(_) => self.0.single(&Raw::Digits(&value.to_string(), None)),
        }
    }

    fn serialize_char(self, value: char) -> Result<T::Given, RecordError> {
        self.serialize_str(value.encode_utf8(&mut [0; 4]))
    }

    #[inline]
    fn serialize_str(self, value: &str) -> Result<T::Given, RecordError> {
        self.0.single(&Raw::Text(value))
    }

    fn serialize_bytes(self, _: &[u8]) -> Result<T::Given, RecordError> {
        Err(T::refusal("bytes are"))
    }

    fn serialize_none(self) -> Result<T::Given, RecordError> {
        self.0.single(&Raw::Null)
    }

    fn serialize_some<V: Serialize + ?Sized>(self, value: &V) -> Result<T::Given, RecordError> {
        value.serialize(self)
    }

    fn serialize_unit(self) -> Result<T::Given, RecordError> {
        self.0.single(&Raw::Null)
    }

    fn serialize_unit_struct(self, _: &'static str) -> Result<T::Given, RecordError> {
        self.0.single(&Raw::Null)
    }

    fn serialize_unit_variant(
        self,
        _: &'static str,
        _: u32,
        variant: &'static str,
    ) -> Result<T::Given, RecordError> {
        self.serialize_str(variant)
    }

    fn serialize_newtype_struct<V: Serialize + ?Sized>(
        self,
        _: &'static str,
        value: &V,
    ) -> Result<T::Given, RecordError> {
        value.serialize(self)
    }

    fn serialize_newtype_variant<V: Serialize + ?Sized>(
        self,
        _: &'static str,
        _: u32,
        _: &'static str,
        _: &V,
    ) -> Result<T::Given, RecordError> {
        Err(T::refusal(DATA))
    }

    fn serialize_seq(self, _: Option<usize>) -> Result<T::List, RecordError> {
        self.0.list()
    }

    fn serialize_tuple(self, _: usize) -> Result<T::List, RecordError> {
        self.0.list()
    }

    fn serialize_tuple_struct(self, _: &'static str, _: usize) -> Result<T::List, RecordError> {
        self.0.list()
    }

    fn serialize_tuple_variant(
        self,
        _: &'static str,
        _: u32,
        _: &'static str,
        _: usize,
    ) -> Result<Self::SerializeTupleVariant, RecordError> {
        Err(T::refusal(DATA))
    }

    fn serialize_map(self, _: Option<usize>) -> Result<T::Object, RecordError> {
        self.0.object()
    }

    #[inline]
    fn serialize_struct(self, _: &'static str, _: usize) -> Result<T::Object, RecordError> {
        self.0.object()
    }

    fn serialize_struct_variant(
        self,
        _: &'static str,
        _: u32,
        _: &'static str,
        _: usize,
    ) -> Result<Self::SerializeStructVariant, RecordError> {
        Err(T::refusal(DATA))
    }
}
