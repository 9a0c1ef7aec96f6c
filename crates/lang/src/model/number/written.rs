//! Numbers as data: their digits in JSON, and what holds them in other formats.

use std::any::type_name;

use serde::ser::{Serialize, Serializer};
use serde_json::value::RawValue;

use super::Number;

impl Serialize for Number {
    /// JSON has exactly the digits of the number, as a number. A format of another kind has a whole
    /// number or a double where that holds exactly this decimal, else a text.
    ///
    /// A `serde_json::Value` makes doubles of numbers, which hold 15 digits, unless `serde_json` is
    /// built with `arbitrary_precision`; a [`Json`](crate::model::Json) keeps the digits.
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        if is_json::<S>() {
            return serialize_digits(self.text().as_str(), serializer);
        }
        if let Some(whole) = self.to_i64() {
            return serializer.serialize_i64(whole);
        }
        match self.to_exact_f64() {
            Some(float) => serializer.serialize_f64(float),
            None => serializer.collect_str(self),
        }
    }
}

/// Writes a number that is known by its digits as [`Number`] is written; what is none is a text.
pub fn serialize_digits<S: Serializer>(digits: &str, serializer: S) -> Result<S::Ok, S::Error> {
    let token = || serde_json::from_str::<&RawValue>(digits).ok();
    let token = is_json::<S>().then(token).flatten().filter(|token| is_number(token.get()));
    if let Some(token) = token {
        return token.serialize(serializer);
    }
    match digits.parse::<Number>() {
        // Another format, or a form that JSON does not have, such as `+5`.
        Ok(number) => number.serialize(serializer),
        Err(_) => serializer.serialize_str(digits),
    }
}

/// Whether a token of JSON is a number.
pub fn is_number(token: &str) -> bool {
    token.starts_with(|first: char| first == '-' || first.is_ascii_digit())
}

/// Whether what is written is JSON: a serializer cannot be asked for its format, but that of
/// `serde_json` alone has its errors. One that is hidden behind another kind of error writes what
/// other formats get.
fn is_json<S: Serializer>() -> bool {
    type_name::<S::Error>() == type_name::<serde_json::Error>()
}
