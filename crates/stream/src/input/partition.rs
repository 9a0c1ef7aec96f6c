//! What the folders around a file say of its records by their names, as in `year=2024/month=05`.

use std::path::{Component, Path};

use percent_encoding::percent_decode_str;

use rulebook::Policy;
use rulebook_core::program::FieldKind;
use rulebook_lang::model::{Number, Type};

/// What stands for a value that is missing.
const MISSING: &str = "__HIVE_DEFAULT_PARTITION__";

/// The fields that the folders around a file give to each of its records: their names, and their values.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Partition(Vec<(String, Option<String>)>);

impl Partition {
    /// What the names of some folders say.
    pub(super) fn of(folders: &Path) -> Self {
        let names = folders.components().filter_map(|folder| match folder {
            Component::Normal(name) => name.to_str(),
            _ => None,
        });
        let decoded = |text: &str| percent_decode_str(text).decode_utf8_lossy().into_owned();
        let pairs =
            names.filter_map(|name| name.split_once('=')).filter(|(key, _)| !key.is_empty());
        let value = |value: &str| (value != MISSING).then(|| decoded(value));
        Self(pairs.map(|(key, text)| (decoded(key), value(text))).collect())
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The fields, with their values where they have some.
    pub(crate) fn fields(&self) -> impl Iterator<Item = (&str, Option<&str>)> {
        self.0.iter().map(|(name, value)| (name.as_str(), value.as_deref()))
    }

    /// The fields as JSON has them at the start of an object; a number where a policy asks for one.
    pub(super) fn json(&self, policies: &[Policy]) -> String {
        let is_number = |name: &str| {
            policies.iter().any(|policy| {
                let field = policy.compiled().layout.field(name).map(|(_, field)| &field.kind);
                matches!(field, Some(FieldKind::Scalar(ty)) if *ty.required() == Type::Number)
            })
        };
        let member = |(name, value): (&str, Option<&str>)| {
            let value = value?;
            let number = value.parse::<Number>().ok().filter(|_| is_number(name));
            let value = match number {
                Some(number) => number.to_string(),
                None => serde_json::Value::from(value).to_string(),
            };
            Some(format!("{}:{value}", serde_json::Value::from(name)))
        };
        self.fields().filter_map(member).collect::<Vec<_>>().join(",")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn folders_say_what_their_files_hold() {
        let partition =
            Partition::of(Path::new("sales/year=2024/x/at=a%2Fb/by=__HIVE_DEFAULT_PARTITION__"));
        let fields: Vec<_> = partition.fields().collect();
        assert_eq!(fields, [("year", Some("2024")), ("at", Some("a/b")), ("by", None)]);
        assert_eq!(partition.json(&[]), r#""year":"2024","at":"a/b""#);
    }
}
