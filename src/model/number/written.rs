//! Numbers as data: their digits in JSON, and what holds them in other formats.

use std::any::type_name;

use serde::ser::{Serialize, Serializer};
use serde_json::value::RawValue;

use super::Number;

impl Serialize for Number {
    /// JSON has exactly the digits of the number, as a number, and as a text where it names a member of an
    /// object. A format of another kind has a whole
    /// number or a double where that holds exactly this decimal, else a text.
    ///
    /// A `serde_json::Value` makes doubles of numbers, which hold 15 digits, unless `serde_json` is
    /// built with `arbitrary_precision`; a [`Json`](crate::model::Json) keeps the digits.
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        if is_key::<S>() {
            return serializer.collect_str(self);
        }
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
pub(crate) fn serialize_digits<S: Serializer>(
    digits: &str,
    serializer: S,
) -> Result<S::Ok, S::Error> {
    if is_key::<S>() {
        return serializer.serialize_str(digits);
    }
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
pub(crate) fn is_number(token: &str) -> bool {
    token.starts_with(|first: char| first == '-' || first.is_ascii_digit())
}

/// Whether what is written is the name of a member of a JSON object, which is a text: of all serializers
/// of `serde_json`, those for names are called so.
fn is_key<S: Serializer>() -> bool {
    is_json::<S>() && type_name::<S>().contains("MapKeySerializer")
}

/// Whether what is written is JSON: a serializer cannot be asked for its format, but that of
/// `serde_json` alone has its errors. One that is hidden behind another kind of error writes what
/// other formats get.
fn is_json<S: Serializer>() -> bool {
    type_name::<S::Error>() == type_name::<serde_json::Error>()
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests fail by panicking")]
mod tests {
    use std::collections::BTreeMap;

    use super::*;

    /// The name of a member is a text, with the digits of the number.
    #[test]
    fn numbers_may_name_members() {
        let number: Number = "92860555948101.63".parse().unwrap();
        let by_number = BTreeMap::from([(number, number)]);
        let text = serde_json::to_string(&by_number).unwrap();
        assert_eq!(text, r#"{"92860555948101.63":92860555948101.63}"#);
        let value = serde_json::to_value(&by_number).unwrap();
        assert!(value.get("92860555948101.63").is_some(), "{value}");
    }
}
