//! Any `Serialize` value to a row, without JSON in between.

use std::borrow::Cow;
use std::fmt::Display;

use serde::ser::{self, Impossible, Serialize};

use super::money::KEYS;
use super::raw::{Amount, Raw};
use super::take::{Take, Taker};
use super::{Filler, InputCode, InputError, Joins, Path, SeenFields};
use crate::program::{Element, Field, FieldKind, Layout, Program};
use rulebook_lang::model::{Cell, Currency, Number, Spot, Store, Type};
use rulebook_lang::reading::Reading;

/// Fills a row from a value that serialises as a map or a struct; `joins` says where its joined
/// fields are looked up.
///
/// # Errors
/// Every problem of the record, or the value's own error.
pub fn read_record<T: Serialize + ?Sized>(
    program: &Program,
    layout: &Layout,
    joins: Joins<'_>,
    record: &T,
    row: &mut Store,
) -> Result<(), Vec<InputError>> {
    let mut filler = Filler::new(program, layout, joins, row);
    let destination = Destination::Record(layout, 0);
    let written =
        record.serialize(Taker(Target { filler: &mut filler, path: &Path::Record, destination }));
    match written {
        Ok(()) => filler.finish(layout),
        Err(error) => {
            let message = format!("the record cannot be read: {error}");
            Err(vec![InputError::new(
                error.0.path.unwrap_or_default(),
                InputCode::BadRecord,
                message,
            )])
        }
    }
}

/// What the value's own `Serialize` reports, or what no record can hold.
#[derive(Debug, thiserror::Error)]
#[error("{}", .0.message)]
pub(super) struct RecordError(Box<Trouble>);

#[derive(Debug)]
struct Trouble {
    message: String,
    /// Where it came up; `None` until somebody says it.
    path: Option<String>,
}

impl RecordError {
    pub(super) fn new(message: impl Into<String>) -> Self {
        Self(Box::new(Trouble { message: message.into(), path: None }))
    }

    #[cold]
    fn at(mut self, path: &Path<'_>) -> Self {
        self.0.path.get_or_insert_with(|| path.to_string());
        self
    }
}

impl ser::Error for RecordError {
    fn custom<T: Display>(message: T) -> Self {
        Self::new(message.to_string())
    }
}

/// Where the next value goes.
#[derive(Clone, Copy)]
enum Destination<'f> {
    /// The fields of a record from a slot on.
    Record(&'f Layout, u32),
    /// A field of a record that starts at a slot.
    Field(&'f Field, u32),
    /// An element of a list.
    Element(&'f Element),
    /// Nowhere.
    Nowhere,
}

/// Takes one value to its place.
pub(super) struct Target<'f, 'p> {
    filler: &'f mut Filler<'p>,
    path: &'f Path<'f>,
    destination: Destination<'f>,
}

impl Target<'_, '_> {
    #[inline]
    fn put(self, raw: &Raw<'_>) {
        match self.destination {
            Destination::Record(layout, _) => self.filler.no_record(layout, raw, self.path),
            Destination::Field(field, base) => {
                self.filler.scalar_field(field, base, raw, self.path)
            }
            Destination::Element(element) => self.filler.scalar_element(element, raw, self.path),
            Destination::Nowhere => {}
        }
    }
}

impl<'f, 'p> Take for Target<'f, 'p> {
    type Given = ();
    type Object = Object<'f, 'p>;
    type List = Items<'f, 'p>;

    #[inline]
    fn single(self, raw: &Raw<'_>) -> Result<(), RecordError> {
        self.put(raw);
        Ok(())
    }

    #[inline]
    fn object(self) -> Result<Object<'f, 'p>, RecordError> {
        let fields = match self.destination {
            Destination::Record(layout, base) => Fields::record(layout, base),
            Destination::Field(Field { kind: FieldKind::Record(layout), .. }, _)
            | Destination::Element(Element::Record(layout))
                if layout.money =>
            {
                layout.reading.as_deref().map_or(Fields::money(Expected::Any), Fields::money_read)
            }
            Destination::Field(Field { kind: FieldKind::Record(layout), slot, .. }, base) => {
                self.filler.row.set(base + slot, Cell::Bool(true));
                Fields::record(layout, base)
            }
            Destination::Element(Element::Record(layout)) => {
                Fields::record(layout, self.filler.begin_element(layout))
            }
            Destination::Field(Field { kind: FieldKind::Scalar(Type::Money(currency)), .. }, _)
            | Destination::Element(Element::Scalar(Type::Money(currency), _)) => {
                Fields::money(Expected::One(*currency))
            }
            Destination::Field(Field { kind: FieldKind::Read(Type::Money(_), reading), .. }, _)
            | Destination::Element(Element::Read(Type::Money(_), reading)) => {
                Fields::money_read(reading)
            }
            _ => Fields::money(Expected::Unknown),
        };
        Ok(Object { target: self, fields, next: Next::Unread })
    }

    fn list(self) -> Result<Items<'f, 'p>, RecordError> {
        let element = match self.destination {
            Destination::Field(Field { kind: FieldKind::List(element), .. }, _)
            | Destination::Element(Element::List(element)) => Some(element.as_ref()),
            _ => None,
        };
        let begin = self.filler.row.begin_list();
        Ok(Items { target: self, element, begin, index: 0 })
    }

    fn refusal(what: &'static str) -> RecordError {
        RecordError::new(format!("{what} no value of a record"))
    }
}

/// Takes the elements of a list.
pub(super) struct Items<'f, 'p> {
    target: Target<'f, 'p>,
    element: Option<&'f Element>,
    /// Where the row keeps the elements until the list ends.
    begin: usize,
    index: usize,
}

impl Items<'_, '_> {
    fn element<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), RecordError> {
        let path = Path::Index(self.target.path, self.index);
        let destination = self.element.map_or(Destination::Nowhere, Destination::Element);
        let target = Target { filler: &mut *self.target.filler, path: &path, destination };
        self.index += 1;
        value.serialize(Taker(target)).map_err(|error| error.at(&path))
    }

    fn finish(self) {
        if self.element.is_none() {
            return self.target.put(&Raw::List);
        }
        let row = &mut self.target.filler.row;
        let cell = row.end_list(self.begin);
        match self.target.destination {
            Destination::Field(field, base) => row.set(base + field.slot, cell),
            _ => row.put(Spot::Element, cell),
        }
    }
}

macro_rules! items {
    ($($trait:ident $method:ident)*) => {
        $(impl ser::$trait for Items<'_, '_> {
            type Ok = ();
            type Error = RecordError;

            fn $method<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), RecordError> {
                self.element(value)
            }

            fn end(self) -> Result<(), RecordError> {
                self.finish();
                Ok(())
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
pub(super) struct Object<'f, 'p> {
    target: Target<'f, 'p>,
    fields: Fields<'f>,
    /// What the key of a map was.
    next: Next<'f>,
}

/// What an object fills.
enum Fields<'f> {
    /// A record from a slot on.
    Record { layout: &'f Layout, base: u32, seen: SeenFields, expected: usize },
    /// Nothing, but it may stand for money.
    Money {
        expected: Expected<'f>,
        amount: Option<KeptAmount>,
        currency: Option<Cow<'static, str>>,
        /// The first keys that money has not.
        others: Vec<Cow<'static, str>>,
    },
}

/// The money that is expected. It is small, since an object that is longer than it is now is not moved in place.
#[derive(Clone, Copy)]
enum Expected<'f> {
    /// None, or some that its field reads in a way of its own.
    Unknown,
    /// That of one currency.
    One(Currency),
    /// That of any.
    Any,
    /// Some under the keys of the amount and the currency that its field says.
    Under(&'f (Box<str>, Box<str>)),
}

impl Expected<'_> {
    /// Whether an amount is kept as the number that it is.
    fn is_known(self) -> bool {
        matches!(self, Self::One(_) | Self::Any)
    }
}

/// What the next value of an object is.
#[derive(Clone, Copy)]
enum Next<'f> {
    /// Nothing that is read.
    Unread,
    /// A field of the record.
    Field(&'f Field),
    /// The amount of money.
    Amount,
    /// The currency of money.
    Currency,
}

impl<'f> Fields<'f> {
    fn record(layout: &'f Layout, base: u32) -> Self {
        Self::Record { layout, base, seen: SeenFields::default(), expected: 0 }
    }

    fn money(expected: Expected<'f>) -> Self {
        Self::Money { expected, amount: None, currency: None, others: Vec::new() }
    }

    /// What is written in a way of its own is kept as it stands.
    fn money_read(reading: &'f Reading) -> Self {
        Self::money(reading.keys.as_ref().map_or(Expected::Unknown, Expected::Under))
    }
}

impl<'f> Object<'f, '_> {
    #[inline]
    fn begin(&mut self, key: &str) -> Next<'f> {
        match &mut self.fields {
            Fields::Record { layout, seen, expected, .. } => {
                let layout = *layout;
                let Some((position, field)) = layout.likely_field(*expected, key) else {
                    return Next::Unread;
                };
                *expected = position + 1;
                let path = Path::Field(self.target.path, &field.name);
                self.target.filler.see(seen, position, key, &path);
                Next::Field(field)
            }
            Fields::Money { expected: Expected::Under((amount, currency)), .. } => match key {
                key if key == &**amount => Next::Amount,
                key if key == &**currency => Next::Currency,
                _ => Next::Unread,
            },
            Fields::Money { others, .. } => match key {
                "amount" => Next::Amount,
                "currency" => Next::Currency,
                _ => {
                    if others.len() < KEYS {
                        others.push(Cow::Owned(key.to_string()));
                    }
                    Next::Unread
                }
            },
        }
    }

    #[inline]
    fn value<T: Serialize + ?Sized>(
        &mut self,
        next: Next<'f>,
        value: &T,
    ) -> Result<(), RecordError> {
        match (next, &mut self.fields) {
            (Next::Field(field), Fields::Record { base, .. }) => {
                let path = Path::Field(self.target.path, &field.name);
                let destination = Destination::Field(field, *base);
                let target = Target { filler: &mut *self.target.filler, path: &path, destination };
                value.serialize(Taker(target)).map_err(|error| error.at(&path))?;
            }
            (Next::Amount, Fields::Money { expected, amount, others, .. }) => {
                let has_currency = expected.is_known();
                *amount = value
                    .serialize(Taker(Single(|raw: &Raw<'_>| amount_of(raw, has_currency))))
                    .ok();
                if amount.is_none() {
                    others.push(Cow::Borrowed("amount"));
                }
            }
            (Next::Currency, Fields::Money { expected, currency, others, .. }) => {
                let expected = *expected;
                *currency =
                    value.serialize(Taker(Single(|raw: &Raw<'_>| currency_of(raw, expected)))).ok();
                if currency.is_none() {
                    others.push(Cow::Borrowed("currency"));
                }
            }
            _ => {}
        }
        Ok(())
    }

    #[inline]
    fn finish(self) {
        match self.fields {
            Fields::Record { layout, base, seen, .. } => {
                self.target.filler.end_record(layout, base, &seen, self.target.path);
            }
            Fields::Money { amount, currency, others, .. } => {
                let amount = amount.as_ref().map(KeptAmount::amount);
                self.target.put(&Raw::of_object(amount, currency.as_deref(), &others));
            }
        }
    }
}

/// An amount that is kept until its currency has been read.
enum KeptAmount {
    Number(Number),
    Digits(String),
}

impl KeptAmount {
    fn amount(&self) -> Amount<'_> {
        match self {
            Self::Number(number) => Amount::Number(*number),
            Self::Digits(digits) => Amount::Digits(digits),
        }
    }
}

/// The amount of money. Where money is expected, nobody asks how a good number was written.
fn amount_of(raw: &Raw<'_>, expected: bool) -> Option<KeptAmount> {
    match raw {
        Raw::Number(number) => Some(KeptAmount::Number(*number)),
        Raw::Digits(digits, _) | Raw::Text(digits) => match digits.parse::<Number>() {
            Ok(number) if expected => Some(KeptAmount::Number(number)),
            _ => Some(KeptAmount::Digits((*digits).to_string())),
        },
        _ => None,
    }
}

/// The currency of money, kept without a copy where it is an expected one.
fn currency_of(raw: &Raw<'_>, expected: Expected<'_>) -> Option<Cow<'static, str>> {
    let Raw::Text(text) = raw else { return None };
    let code = match expected {
        Expected::One(currency) => Some(currency.code()).filter(|code| code == text),
        Expected::Any => Currency::from_code(text).map(Currency::code),
        Expected::Unknown | Expected::Under(_) => None,
    };
    Some(code.map_or_else(|| (*text).to_string().into(), Cow::Borrowed))
}

impl ser::SerializeStruct for Object<'_, '_> {
    type Ok = ();
    type Error = RecordError;

    #[inline]
    fn serialize_field<T: Serialize + ?Sized>(
        &mut self,
        key: &'static str,
        value: &T,
    ) -> Result<(), RecordError> {
        let next = self.begin(key);
        self.value(next, value)
    }

    fn end(self) -> Result<(), RecordError> {
        self.finish();
        Ok(())
    }
}

impl ser::SerializeMap for Object<'_, '_> {
    type Ok = ();
    type Error = RecordError;

    fn serialize_key<T: Serialize + ?Sized>(&mut self, key: &T) -> Result<(), RecordError> {
        self.next = key.serialize(Taker(Single(|raw: &Raw<'_>| match raw {
            Raw::Text(key) | Raw::Digits(key, _) => Some(self.begin(key)),
            Raw::Number(key) => Some(self.begin(&key.to_string())),
            Raw::Bool(key) => Some(self.begin(&key.to_string())),
            _ => None,
        })))?;
        Ok(())
    }

    fn serialize_value<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), RecordError> {
        self.value(self.next, value)
    }

    fn end(self) -> Result<(), RecordError> {
        self.finish();
        Ok(())
    }
}

/// Takes a single value, and gives what a function makes of it.
struct Single<F>(F);

impl<R, F: FnOnce(&Raw<'_>) -> Option<R>> Take for Single<F> {
    type Given = R;
    type Object = Impossible<R, RecordError>;
    type List = Impossible<R, RecordError>;

    fn single(self, raw: &Raw<'_>) -> Result<R, RecordError> {
        (self.0)(raw).ok_or_else(|| Self::refusal(""))
    }

    fn object(self) -> Result<Self::Object, RecordError> {
        Err(Self::refusal(""))
    }

    fn list(self) -> Result<Self::List, RecordError> {
        Err(Self::refusal(""))
    }

    fn refusal(_: &'static str) -> RecordError {
        RecordError::new("expected a text")
    }
}
