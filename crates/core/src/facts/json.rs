//! JSON bytes to a row, in one pass, without a tree in between.

use std::borrow::Cow;

use super::money::KEYS;
use super::raw::{Amount, Raw};
use super::scanner::{Malformed, Scanner};
use super::{Filler, InputCode, InputError, Joins, Path, SeenFields};
use crate::program::{Element, Field, FieldKind, Layout, Program};
use rulebook_lang::model::{Cell, Spot, Store, Type};

/// Fills a row from one JSON object; `joins` says where its joined fields are looked up.
///
/// # Errors
/// Every problem of the record. Text that is not JSON is one problem without a path.
pub fn read_json(
    program: &Program,
    layout: &Layout,
    joins: Joins<'_>,
    bytes: &[u8],
    row: &mut Store,
) -> Result<(), Vec<InputError>> {
    let json = text(bytes, &Path::Record).map_err(|error| vec![error])?;
    let filler = Filler::new(program, layout, joins, row);
    let mut reader = Reader { json: Scanner::new(json), filler };
    match reader.input(layout, 0, &Path::Record) {
        Ok(()) => reader.filler.finish(layout),
        Err(Malformed) => Err(vec![not_json(&Path::Record, &reader.json.fault())]),
    }
}

/// Fills the slots of a record that stands elsewhere than the input.
pub(super) fn read_nested(
    filler: Filler<'_>,
    layout: &Layout,
    base: u32,
    bytes: &[u8],
    path: &Path<'_>,
) -> Result<(), Vec<InputError>> {
    let json = text(bytes, path).map_err(|error| vec![error])?;
    let mut reader = Reader { json: Scanner::new(json), filler };
    if let Err(Malformed) = reader.input(layout, base, path) {
        reader.filler.errors.push(not_json(path, &reader.json.fault()));
    }
    reader.filler.finish(layout)
}

/// The names of the fields of a JSON object.
///
/// # Errors
/// When the text is none.
pub fn keys(bytes: &[u8]) -> Result<Vec<String>, InputError> {
    let json = text(bytes, &Path::Record)?;
    let mut json = Scanner::new(json);
    let mut keys = Vec::new();
    let is_object = json.peek() == Some(b'{');
    let mut read = || match is_object {
        true => {
            json.enter();
            let mut first = true;
            while json.next_member(&mut first)? {
                keys.push(json.key()?.into_owned());
                json.skip()?;
            }
            json.end()
        }
        false => json.skip().and_then(|()| json.end()),
    };
    match read() {
        Ok(()) if is_object => Ok(keys),
        Ok(()) => Err(InputError::new(
            "",
            InputCode::WrongType,
            "expected a record, found no JSON object",
        )),
        Err(Malformed) => Err(not_json(&Path::Record, &json.fault())),
    }
}

/// The bytes as text, without a byte-order mark.
fn text<'b>(bytes: &'b [u8], path: &Path<'_>) -> Result<&'b str, InputError> {
    let unmarked = rulebook_base::source::without_mark(bytes);
    std::str::from_utf8(unmarked).map_err(|error| {
        // Counted from 1, as columns are, and with the mark.
        let at = bytes.len() - unmarked.len() + error.valid_up_to() + 1;
        let message = format!("byte {at} of the record is no UTF-8");
        InputError::new(path.to_string(), InputCode::BadEncoding, message)
    })
}

#[cold]
fn not_json(path: &Path<'_>, fault: &str) -> InputError {
    let message = format!("this is not JSON: {fault}");
    InputError::new(path.to_string(), InputCode::BadJson, message)
}

/// Reads what the layout declares and skips the rest.
struct Reader<'a, 'p> {
    json: Scanner<'a>,
    filler: Filler<'p>,
}

impl<'p> Reader<'_, 'p> {
    fn input(&mut self, layout: &Layout, base: u32, path: &Path<'_>) -> Result<(), Malformed> {
        if self.json.peek() == Some(b'{') {
            self.record(layout, base, path)?;
        } else {
            self.value(|filler, raw| filler.no_record(layout, raw, path))?;
        }
        self.json.end()
    }

    fn record(&mut self, layout: &Layout, base: u32, path: &Path<'_>) -> Result<(), Malformed> {
        let mut seen = SeenFields::default();
        let (mut first, mut expected) = (true, 0);
        self.json.enter();
        while self.json.next_member(&mut first)? {
            // Records keep the order of their fields, mostly that of the declaration.
            let likely = layout.fields.get(expected);
            if let Some(field) = likely.filter(|field| self.json.take_key(&field.key)) {
                let path = Path::Field(path, &field.name);
                self.filler.see(&mut seen, expected, &field.key, &path);
                self.field(field, base, &path)?;
                expected += 1;
                continue;
            }
            let key = self.json.key()?;
            // What no record declares is not read.
            let Some((position, field)) = layout.field(&key) else {
                self.json.skip()?;
                continue;
            };
            let path = Path::Field(path, &field.name);
            self.filler.see(&mut seen, position, &key, &path);
            self.field(field, base, &path)?;
            expected = position + 1;
        }
        self.filler.end_record(layout, base, &seen, path);
        Ok(())
    }

    fn field(&mut self, field: &Field, base: u32, path: &Path<'_>) -> Result<(), Malformed> {
        match (&field.kind, self.json.peek()) {
            (FieldKind::Record(layout), Some(b'{')) if !layout.money => {
                self.filler.row.set(base + field.slot, Cell::Bool(true));
                self.record(layout, base, path)
            }
            (FieldKind::List(element), Some(b'[')) => {
                self.list(element, Spot::Slot(base + field.slot), path)
            }
            (
                FieldKind::Read(Type::Money(_), _)
                | FieldKind::Record(Layout { reading: Some(_), .. }),
                Some(b'{'),
            ) => {
                let keys = field.reading.as_ref().and_then(|reading| reading.keys.as_ref());
                self.amount(keys, |filler, raw| filler.scalar_field(field, base, raw, path))
            }
            _ => self.value(|filler, raw| filler.scalar_field(field, base, raw, path)),
        }
    }

    fn list(&mut self, element: &Element, spot: Spot, path: &Path<'_>) -> Result<(), Malformed> {
        let begin = self.filler.row.begin_list();
        let (mut first, mut index) = (true, 0);
        self.json.enter();
        while self.json.next_element(&mut first)? {
            self.element(element, &Path::Index(path, index))?;
            index += 1;
        }
        let cell = self.filler.row.end_list(begin);
        self.filler.row.put(spot, cell);
        Ok(())
    }

    fn element(&mut self, element: &Element, path: &Path<'_>) -> Result<(), Malformed> {
        match (element, self.json.peek()) {
            (Element::Record(layout), Some(b'{')) if !layout.money => {
                let start = self.filler.begin_element(layout);
                self.record(layout, start, path)
            }
            (Element::List(inner), Some(b'[')) => self.list(inner, Spot::Element, path),
            (
                Element::Read(Type::Money(_), reading)
                | Element::Record(Layout { reading: Some(reading), .. }),
                Some(b'{'),
            ) => {
                let keys = reading.keys.as_ref();
                self.amount(keys, |filler, raw| filler.scalar_element(element, raw, path))
            }
            _ => self.value(|filler, raw| filler.scalar_element(element, raw, path)),
        }
    }

    /// Hands on a value that stands where a single one is expected.
    #[inline]
    fn value(&mut self, take: impl FnOnce(&mut Filler<'p>, &Raw<'_>)) -> Result<(), Malformed> {
        let next = self.json.peek();
        if next == Some(b'{') {
            return self.object(take);
        }
        let text;
        let raw = match next {
            Some(b'"') => {
                text = self.json.text()?;
                Raw::Text(&text)
            }
            Some(b'-' | b'0'..=b'9') => {
                let (digits, number) = self.json.number()?;
                Raw::Digits(digits, number)
            }
            other => {
                self.json.skip()?;
                match other {
                    Some(b't') => Raw::Bool(true),
                    Some(b'f') => Raw::Bool(false),
                    Some(b'[') => Raw::List,
                    _ => Raw::Null,
                }
            }
        };
        take(&mut self.filler, &raw);
        Ok(())
    }

    /// Hands on an object that stands where a single value is expected, which money may do.
    fn object(&mut self, take: impl FnOnce(&mut Filler<'p>, &Raw<'_>)) -> Result<(), Malformed> {
        let (mut amount, mut currency, mut others) = (None, None, Vec::new());
        let mut first = true;
        self.json.enter();
        while self.json.next_member(&mut first)? {
            let key = self.json.key()?;
            match (key.as_ref(), self.json.peek()) {
                ("amount", Some(b'"')) if amount.is_none() => amount = Some(self.json.text()?),
                ("amount", Some(b'-' | b'0'..=b'9')) if amount.is_none() => {
                    amount = Some(Cow::Borrowed(self.json.number()?.0));
                }
                ("currency", Some(b'"')) if currency.is_none() => {
                    currency = Some(self.json.text()?);
                }
                _ => {
                    if others.len() < KEYS {
                        others.push(Cow::Owned(key.to_string()));
                    }
                    self.json.skip()?;
                }
            }
        }
        let amount = amount.as_deref().map(Amount::Digits);
        let raw = Raw::of_object(amount, currency.as_deref(), &others);
        take(&mut self.filler, &raw);
        Ok(())
    }

    /// Hands on an object whose field says how an amount is read: its keys, and whether its amount is a number or a text.
    fn amount(
        &mut self,
        keys: Option<&(Box<str>, Box<str>)>,
        take: impl FnOnce(&mut Filler<'p>, &Raw<'_>),
    ) -> Result<(), Malformed> {
        let stated = keys.map(|(amount, currency)| (&**amount, &**currency));
        let (amount_key, currency_key) = stated.unwrap_or(("amount", "currency"));
        let (mut text, mut number, mut currency, mut others) = (None, None, None, Vec::new());
        let mut first = true;
        self.json.enter();
        while self.json.next_member(&mut first)? {
            let key = self.json.key()?;
            let is_new = text.is_none() && number.is_none();
            match self.json.peek() {
                Some(b'"') if key == amount_key && is_new => text = Some(self.json.text()?),
                Some(b'-' | b'0'..=b'9') if key == amount_key && is_new => {
                    number = Some(self.json.number()?);
                }
                Some(b'"') if key == currency_key && currency.is_none() => {
                    currency = Some(self.json.text()?);
                }
                _ => {
                    // With stated keys, others mean something else.
                    let is_stated = key == amount_key || key == currency_key;
                    if others.len() < KEYS && (keys.is_none() || is_stated) {
                        others.push(Cow::Owned(key.to_string()));
                    }
                    self.json.skip()?;
                }
            }
        }
        let amount = match (&text, number) {
            (Some(text), _) => Some(Amount::Digits(text)),
            (None, Some((_, Some(number)))) => Some(Amount::Number(number)),
            (None, Some((digits, None))) => Some(Amount::Digits(digits)),
            (None, None) => None,
        };
        let raw = Raw::of_object(amount, currency.as_deref(), &others);
        take(&mut self.filler, &raw);
        Ok(())
    }
}
