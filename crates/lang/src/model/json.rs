//! JSON whose numbers keep their digits, and JSON whose numbers are texts.

use std::fmt;
use std::io::{self, Write};

use serde::de::{Deserialize, Deserializer, Error as _, MapAccess, Visitor};
use serde::ser::{Serialize, Serializer};
use serde_json::ser::Formatter;
use serde_json::value::RawValue;

use super::{is_number, serialize_digits};

/// How deep lists and objects may lie within each other, as for `serde_json`.
const DEPTH: u32 = 128;

/// A JSON value. Unlike those of `serde_json` its numbers are digits, as many as were written.
///
/// Two of them are equal where they are written alike but for spaces: `1.0` is another number than `1`
/// here, and objects with the same members in another order are different ones.
///
/// It is read by `serde_json` from a text, and from nothing else: not by other formats, and not from what
/// serde has taken in before, as it does for fields of untagged enums and of flattened structs.
///
/// ```
/// use rulebook_lang::model::Json;
/// let json = Json::read(r#"{"paid": 92860555948101.63}"#)?;
/// assert_eq!(json.get("paid"), Some(&Json::Number("92860555948101.63".into())));
/// assert_eq!(serde_json::to_string(&json)?, r#"{"paid":92860555948101.63}"#);
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum Json {
    /// `null`
    #[default]
    Null,
    /// `true` or `false`
    Bool(bool),
    /// The digits of a number
    Number(String),
    /// A text
    String(String),
    /// A list
    Array(Vec<Json>),
    /// Names and what they name, in their order
    Object(Vec<(String, Json)>),
}

impl Json {
    /// Reads a text of JSON.
    ///
    /// # Errors
    /// When it is no JSON, or nests too deeply.
    pub fn read(text: &str) -> serde_json::Result<Self> {
        Self::within(serde_json::from_str(text)?, DEPTH)
    }

    /// A value as the JSON that it is written as.
    ///
    /// # Errors
    /// When it cannot be written as JSON, or nests too deeply.
    pub fn of<T: Serialize + ?Sized>(value: &T) -> serde_json::Result<Self> {
        Self::read(&serde_json::to_string(value)?)
    }

    fn within(raw: &RawValue, depth: u32) -> serde_json::Result<Self> {
        let text = raw.get();
        let inner = || {
            depth.checked_sub(1).ok_or_else(|| serde_json::Error::custom("this nests too deeply"))
        };
        Ok(match text.as_bytes().first() {
            Some(b'{') => {
                let (depth, Members(members)) = (inner()?, serde_json::from_str(text)?);
                let member = |(name, raw)| Ok((name, Self::within(raw, depth)?));
                Self::Object(members.into_iter().map(member).collect::<serde_json::Result<_>>()?)
            }
            Some(b'[') => {
                let (depth, items) = (inner()?, serde_json::from_str::<Vec<&RawValue>>(text)?);
                let item = |raw| Self::within(raw, depth);
                Self::Array(items.into_iter().map(item).collect::<serde_json::Result<_>>()?)
            }
            Some(b'"') => Self::String(serde_json::from_str(text)?),
            _ if is_number(text) => Self::Number(text.to_string()),
            _ => serde_json::from_str::<Option<bool>>(text)?.map_or(Self::Null, Self::Bool),
        })
    }

    /// What a name stands for in an object.
    pub fn get(&self, name: &str) -> Option<&Self> {
        let Self::Object(members) = self else { return None };
        members.iter().find(|(member, _)| member == name).map(|(_, value)| value)
    }

    /// The text, if it is one.
    pub fn as_str(&self) -> Option<&str> {
        match self {
            Self::String(text) => Some(text),
            _ => None,
        }
    }
}

impl fmt::Display for Json {
    /// As compact JSON.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&serde_json::to_string(self).map_err(|_| fmt::Error)?)
    }
}

impl Serialize for Json {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Null => serializer.serialize_none(),
            Self::Bool(truth) => serializer.serialize_bool(*truth),
            Self::Number(digits) => serialize_digits(digits, serializer),
            Self::String(text) => serializer.serialize_str(text),
            Self::Array(items) => serializer.collect_seq(items),
            Self::Object(members) => {
                serializer.collect_map(members.iter().map(|(name, value)| (name, value)))
            }
        }
    }
}

impl<'de> Deserialize<'de> for Json {
    /// Reads a value in a text that `serde_json` reads; any other deserializer, and one that hands on
    /// what serde has kept for `#[serde(untagged)]` or `#[serde(flatten)]`, fails.
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let raw = Box::<RawValue>::deserialize(deserializer)?;
        Self::within(&raw, DEPTH).map_err(D::Error::custom)
    }
}

/// The members of an object as they are written.
struct Members<'de>(Vec<(String, &'de RawValue)>);

impl<'de> Deserialize<'de> for Members<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Visit;

        impl<'de> Visitor<'de> for Visit {
            type Value = Members<'de>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
                let mut members = Vec::new();
                while let Some(member) = map.next_entry()? {
                    members.push(member);
                }
                Ok(Members(members))
            }
        }
        deserializer.deserialize_map(Visit)
    }
}

/// Has `serde_json` write the numbers of records and decisions as texts, for readers that make
/// doubles of numbers. Counts stay numbers.
///
/// ```
/// # use rulebook::Rulebook;
/// use rulebook_lang::model::NumbersAsText;
/// use serde::Serialize;
/// use serde_json::ser::{CompactFormatter, Serializer};
///
/// let rulebook = Rulebook::from_sources([("a.policy", "
///     record Order { amount: number }
///     policy fees for Order { decide fee: number by first  rule all { then amount * 2 } }")])?;
/// let decision = rulebook.policy("fees")?.decide_json(r#"{"amount": 46430277974050.815}"#)?;
/// assert!(serde_json::to_string(&decision)?.contains(r#"{"fee":92860555948101.63}"#));
///
/// let mut json = Vec::new();
/// let texts = NumbersAsText(CompactFormatter);
/// decision.serialize(&mut Serializer::with_formatter(&mut json, texts))?;
/// assert!(String::from_utf8(json)?.contains(r#"{"fee":"92860555948101.63"}"#));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, Default)]
pub struct NumbersAsText<F>(pub F);

macro_rules! as_it_is {
    ($($name:ident($($argument:ident: $type:ty)?))*) => {
        $(fn $name<W: ?Sized + Write>(
            &mut self,
            writer: &mut W,
            $($argument: $type,)?
        ) -> io::Result<()> {
            self.0.$name(writer, $($argument)?)
        })*
    };
}

impl<F: Formatter> Formatter for NumbersAsText<F> {
    /// A [`Number`](super::Number) comes here as its digits.
    fn write_raw_fragment<W: ?Sized + Write>(
        &mut self,
        writer: &mut W,
        fragment: &str,
    ) -> io::Result<()> {
        match is_number(fragment) {
            true => write!(writer, "\"{fragment}\""),
            false => self.0.write_raw_fragment(writer, fragment),
        }
    }

    as_it_is! {
        begin_array() end_array() begin_array_value(first: bool) end_array_value()
        begin_object() end_object() begin_object_key(first: bool) end_object_key()
        begin_object_value() end_object_value()
    }
}
