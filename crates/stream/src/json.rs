//! Values as JSON. Compact JSON is byte for byte what `serde_json` writes, and written faster, since
//! names of fields are written as they are and texts are looked through many bytes at a time.

use std::fmt::{self, Display, Write};
use std::io;

use serde::ser::{
    Error, Impossible, Serialize, SerializeMap, SerializeSeq, SerializeStruct, SerializeTuple,
    Serializer,
};
use serde_json::Error as JsonError;
use serde_json::ser::PrettyFormatter;
use serde_json::value::RawValue;

use crate::options::Numbers;
use rulebook_lang::model::{NumbersAsText, is_number};

/// What `serde_json` calls JSON that is written already, such as the digits of a number.
const WRITTEN: &str = "$serde_json::private::RawValue";

/// Appends a value; maps must have texts as keys, and enums with data are not written.
///
/// # Errors
/// What the value itself says, and that it is of another kind.
pub(crate) fn append(
    value: &impl Serialize,
    numbers: Numbers,
    into: &mut Vec<u8>,
) -> serde_json::Result<()> {
    let form = Form { numbers_as_text: numbers == Numbers::Text, written: false };
    value.serialize(Json(into, form))
}

/// A value as JSON that people can read too, with the end of its last line.
///
/// # Errors
/// What the value itself says.
pub fn pretty(value: &impl Serialize, numbers: Numbers) -> io::Result<String> {
    let (mut json, pretty) = (Vec::new(), PrettyFormatter::new());
    match numbers {
        Numbers::Digits => {
            value.serialize(&mut serde_json::Serializer::with_formatter(&mut json, pretty))?;
        }
        Numbers::Text => {
            let texts = NumbersAsText(pretty);
            value.serialize(&mut serde_json::Serializer::with_formatter(&mut json, texts))?;
        }
    }
    json.push(b'\n');
    String::from_utf8(json).map_err(io::Error::other)
}

/// JSON as it came, but on one line; nothing where it is none.
pub(crate) fn on_one_line(json: &[u8]) -> Option<Box<RawValue>> {
    let json = serde_json::from_slice::<&RawValue>(json).ok()?;
    // Within texts there are no line ends, only signs for them.
    RawValue::from_string(json.get().replace(['\n', '\r'], "")).ok()
}

/// Whether a text stands in JSON as it is. To look at 16 bytes, without a way out between them, is
/// one step for the machine; the last 16 may overlap those before.
fn is_plain(text: &[u8]) -> bool {
    fn all_plain(bytes: &[u8]) -> bool {
        let is_plain = |byte: u8| (byte >= 0x20) & (byte != b'"') & (byte != b'\\');
        bytes.iter().fold(true, |plain, byte| plain & is_plain(*byte))
    }
    let (chunks, _) = text.as_chunks::<16>();
    match text.last_chunk::<16>() {
        Some(last) => chunks.iter().all(|chunk| all_plain(chunk)) && all_plain(last),
        None => all_plain(text),
    }
}

/// Appends a text without quotes.
fn append_escaped(text: &str, into: &mut Vec<u8>) {
    if is_plain(text.as_bytes()) {
        into.extend_from_slice(text.as_bytes());
        return;
    }
    for byte in text.bytes() {
        let short = match byte {
            b'"' | b'\\' => byte,
            0x08 => b'b',
            0x09 => b't',
            0x0a => b'n',
            0x0c => b'f',
            0x0d => b'r',
            0x00..0x20 => {
                into.extend_from_slice(format!("\\u{byte:04x}").as_bytes());
                continue;
            }
            _ => {
                into.push(byte);
                continue;
            }
        };
        into.extend_from_slice(&[b'\\', short]);
    }
}

/// Takes what prints itself, part by part.
struct Escaped<'o>(&'o mut Vec<u8>);

impl Write for Escaped<'_> {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        append_escaped(text, self.0);
        Ok(())
    }
}

/// How what comes next is written.
#[derive(Clone, Copy)]
struct Form {
    /// The digits of numbers stand in quotes.
    numbers_as_text: bool,
    /// It is JSON already.
    written: bool,
}

struct Json<'o>(&'o mut Vec<u8>, Form);

/// A list or an object that has been begun.
struct Begun<'o> {
    into: &'o mut Vec<u8>,
    form: Form,
    any: bool,
    end: u8,
}

impl<'o> Begun<'o> {
    #[inline]
    fn new(Json(into, form): Json<'o>, [start, end]: [u8; 2]) -> Self {
        into.push(start);
        Self { into, form, any: false, end }
    }

    #[inline]
    fn comma(&mut self) {
        if self.any {
            self.into.push(b',');
        }
        self.any = true;
    }

    #[inline]
    fn close(self) -> serde_json::Result<()> {
        self.into.push(self.end);
        Ok(())
    }
}

/// Numbers and truths are left to the library that others read with.
macro_rules! plain {
    ($($name:ident $type:ty),*) => {
        $(fn $name(self, value: $type) -> serde_json::Result<()> {
            serde_json::to_writer(self.0, &value)
        })*
    };
}

fn unwritten<T>() -> Result<T, JsonError> {
    Err(Error::custom("values of this kind are not written"))
}

impl<'o> Json<'o> {
    /// Begins what stands for JSON that is written already.
    fn begin_written(self) -> Begun<'o> {
        let Json(into, form) = self;
        Begun { into, form: Form { written: true, ..form }, any: false, end: 0 }
    }

    fn written(self, json: &str) {
        let quote = if self.1.numbers_as_text && is_number(json) { "\"" } else { "" };
        for part in [quote, json, quote] {
            self.0.extend_from_slice(part.as_bytes());
        }
    }
}

impl<'o> Serializer for Json<'o> {
    type Ok = ();
    type Error = JsonError;
    type SerializeSeq = Begun<'o>;
    type SerializeTuple = Begun<'o>;
    type SerializeMap = Begun<'o>;
    type SerializeStruct = Begun<'o>;
    type SerializeTupleStruct = Impossible<(), JsonError>;
    type SerializeTupleVariant = Impossible<(), JsonError>;
    type SerializeStructVariant = Impossible<(), JsonError>;

    plain! {
        serialize_bool bool, serialize_i8 i8, serialize_i16 i16, serialize_i32 i32,
        serialize_i64 i64, serialize_u8 u8, serialize_u16 u16, serialize_u32 u32,
        serialize_u64 u64, serialize_f32 f32, serialize_f64 f64, serialize_char char
    }

    #[inline]
    fn serialize_str(self, text: &str) -> serde_json::Result<()> {
        if self.1.written {
            self.written(text);
            return Ok(());
        }
        self.0.push(b'"');
        append_escaped(text, self.0);
        self.0.push(b'"');
        Ok(())
    }

    #[inline]
    fn collect_str<T: Display + ?Sized>(self, value: &T) -> serde_json::Result<()> {
        self.0.push(b'"');
        write!(Escaped(self.0), "{value}").map_err(Error::custom)?;
        self.0.push(b'"');
        Ok(())
    }

    fn serialize_none(self) -> serde_json::Result<()> {
        self.serialize_unit()
    }

    #[inline]
    fn serialize_some<T: Serialize + ?Sized>(self, value: &T) -> serde_json::Result<()> {
        value.serialize(self)
    }

    fn serialize_unit(self) -> serde_json::Result<()> {
        self.0.extend_from_slice(b"null");
        Ok(())
    }

    fn serialize_unit_struct(self, _: &'static str) -> serde_json::Result<()> {
        self.serialize_unit()
    }

    fn serialize_unit_variant(
        self,
        _: &'static str,
        _: u32,
        name: &'static str,
    ) -> serde_json::Result<()> {
        self.serialize_str(name)
    }

    fn serialize_newtype_struct<T: Serialize + ?Sized>(
        self,
        _: &'static str,
        value: &T,
    ) -> serde_json::Result<()> {
        value.serialize(self)
    }

    #[inline]
    fn serialize_seq(self, _: Option<usize>) -> Result<Begun<'o>, JsonError> {
        Ok(Begun::new(self, *b"[]"))
    }

    fn serialize_tuple(self, _: usize) -> Result<Begun<'o>, JsonError> {
        Ok(Begun::new(self, *b"[]"))
    }

    #[inline]
    fn serialize_map(self, _: Option<usize>) -> Result<Begun<'o>, JsonError> {
        Ok(Begun::new(self, *b"{}"))
    }

    #[inline]
    fn serialize_struct(self, name: &'static str, _: usize) -> Result<Begun<'o>, JsonError> {
        if name == WRITTEN {
            return Ok(self.begin_written());
        }
        Ok(Begun::new(self, *b"{}"))
    }

    fn serialize_bytes(self, _: &[u8]) -> serde_json::Result<()> {
        unwritten()
    }

    fn serialize_newtype_variant<T: Serialize + ?Sized>(
        self,
        _: &'static str,
        _: u32,
        _: &'static str,
        _: &T,
    ) -> serde_json::Result<()> {
        unwritten()
    }

    fn serialize_tuple_struct(
        self,
        _: &'static str,
        _: usize,
    ) -> Result<Self::SerializeTupleStruct, JsonError> {
        unwritten()
    }

    fn serialize_tuple_variant(
        self,
        _: &'static str,
        _: u32,
        _: &'static str,
        _: usize,
    ) -> Result<Self::SerializeTupleVariant, JsonError> {
        unwritten()
    }

    fn serialize_struct_variant(
        self,
        _: &'static str,
        _: u32,
        _: &'static str,
        _: usize,
    ) -> Result<Self::SerializeStructVariant, JsonError> {
        unwritten()
    }
}

impl SerializeSeq for Begun<'_> {
    type Ok = ();
    type Error = JsonError;

    #[inline]
    fn serialize_element<T: Serialize + ?Sized>(&mut self, value: &T) -> serde_json::Result<()> {
        self.comma();
        value.serialize(Json(self.into, self.form))
    }

    #[inline]
    fn end(self) -> serde_json::Result<()> {
        self.close()
    }
}

impl SerializeTuple for Begun<'_> {
    type Ok = ();
    type Error = JsonError;

    fn serialize_element<T: Serialize + ?Sized>(&mut self, value: &T) -> serde_json::Result<()> {
        SerializeSeq::serialize_element(self, value)
    }

    fn end(self) -> serde_json::Result<()> {
        self.close()
    }
}

impl SerializeMap for Begun<'_> {
    type Ok = ();
    type Error = JsonError;

    #[inline]
    fn serialize_key<T: Serialize + ?Sized>(&mut self, key: &T) -> serde_json::Result<()> {
        self.comma();
        key.serialize(Json(self.into, self.form))
    }

    #[inline]
    fn serialize_value<T: Serialize + ?Sized>(&mut self, value: &T) -> serde_json::Result<()> {
        self.into.push(b':');
        value.serialize(Json(self.into, self.form))
    }

    #[inline]
    fn end(self) -> serde_json::Result<()> {
        self.close()
    }
}

impl SerializeStruct for Begun<'_> {
    type Ok = ();
    type Error = JsonError;

    #[inline(always)]
    fn serialize_field<T: Serialize + ?Sized>(
        &mut self,
        name: &'static str,
        value: &T,
    ) -> serde_json::Result<()> {
        if self.form.written {
            return value.serialize(Json(self.into, self.form));
        }
        self.comma();
        // The names of fields are chosen so that nothing in them needs an escape.
        self.into.push(b'"');
        self.into.extend_from_slice(name.as_bytes());
        self.into.extend_from_slice(b"\":");
        value.serialize(Json(self.into, self.form))
    }

    #[inline]
    fn end(self) -> serde_json::Result<()> {
        if self.form.written { Ok(()) } else { self.close() }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;
    use rulebook_lang::model::Number;

    #[derive(serde::Serialize)]
    struct Everything<'t> {
        text: &'t str,
        printed: Vec<Option<char>>,
        number: f64,
        count: u64,
        less: i64,
        pair: (bool, ()),
        none: Option<u8>,
        empty: [u8; 0],
        map: BTreeMap<&'t str, &'t str>,
        exact: Number,
        written: Option<Box<RawValue>>,
    }

    #[test]
    fn json_is_what_serde_json_writes() {
        let controls: String = (0..0x80_u8).map(char::from).collect();
        let long = "退款 ".repeat(20) + "\"";
        for text in ["", "plain", "退款", "a\"b", "back\\slash", &controls, &long, &"x".repeat(70)]
        {
            let (digits, written) = ("-12345678901234567890123456789.000000001", "{\"a\":[1]}");
            let value = Everything {
                text,
                printed: text.chars().map(Some).collect(),
                number: 0.1 + text.len() as f64,
                count: u64::MAX,
                less: i64::MIN,
                pair: (true, ()),
                none: None,
                empty: [],
                map: [(text, text), ("key", "value")].into(),
                exact: digits.parse().unwrap_or_default(),
                written: RawValue::from_string(written.into()).ok(),
            };
            let mut ours = Vec::new();
            assert!(append(&value, Numbers::Digits, &mut ours).is_ok());
            assert_eq!(Some(ours), serde_json::to_vec(&value).ok());
            let (mut ours, mut theirs) = (Vec::new(), Vec::new());
            assert!(append(&value, Numbers::Text, &mut ours).is_ok());
            let texts = NumbersAsText(serde_json::ser::CompactFormatter);
            let mut writer = serde_json::Serializer::with_formatter(&mut theirs, texts);
            assert!(value.serialize(&mut writer).is_ok());
            assert_eq!(ours, theirs);
            assert!(String::from_utf8_lossy(&ours).contains(&format!("\"exact\":\"{digits}\"")));
        }
    }

    #[test]
    fn a_text_is_looked_through_to_its_end() {
        for length in 0..50 {
            let plain = "x".repeat(length);
            assert!(is_plain(plain.as_bytes()));
            for at in 0..=length {
                let mut text = plain.clone();
                text.insert(at, '\n');
                assert!(!is_plain(text.as_bytes()), "{length} {at}");
            }
        }
    }
}
