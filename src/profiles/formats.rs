//! The formats of texts of profiles: JSON, JSON lines and YAML are read here, CSV by columns.

use std::sync::Arc;

use super::csv;
use super::import::Import;
use super::table::{ProfilePlace, owns_key};
use rulebook_core::facts::documents::{Document, from_yaml, members, named_from_json};
use rulebook_core::facts::{InputError, Joins, read_json};
use rulebook_core::program::ProfileRecord;

/// How a text of profiles is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum ProfileFormat {
    /// An array of objects, or one object with profiles by their keys.
    Json,
    /// An object a line.
    JsonLines,
    /// A list of mappings, or one mapping with profiles by their keys.
    Yaml,
    /// Lines of cells that commas part, below a line of field names.
    Csv,
    /// The same with tabs.
    Tsv,
}

impl ProfileFormat {
    /// The format that files with such an ending have.
    pub fn from_ending(ending: &str) -> Option<Self> {
        Some(match ending.to_ascii_lowercase().as_str() {
            "json" => Self::Json,
            "jsonl" | "ndjson" => Self::JsonLines,
            "yaml" | "yml" => Self::Yaml,
            "csv" => Self::Csv,
            "tsv" => Self::Tsv,
            _ => return None,
        })
    }
}

/// Reads all profiles of a text.
///
/// # Errors
/// Why it cannot be read as a whole.
pub(super) fn read(
    import: &mut Import<'_>,
    format: ProfileFormat,
    name: &str,
    bytes: &[u8],
) -> Result<(), String> {
    let profile = import.profile;
    let owns = |name: &str| owns_key(profile, name);
    let origin: Arc<str> = name.into();
    match format {
        ProfileFormat::Csv => return csv::read(import, profile, &origin, bytes, b','),
        ProfileFormat::Tsv => return csv::read(import, profile, &origin, bytes, b'\t'),
        ProfileFormat::JsonLines => {
            for (number, line) in (1..).zip(bytes.split(|byte| *byte == b'\n')) {
                if !line.trim_ascii().is_empty() {
                    let place = ProfilePlace { origin: origin.clone(), noun: "line", number };
                    import.take_json(place, None, line);
                }
            }
        }
        ProfileFormat::Json => {
            for (key, document) in named_from_json(bytes, owns) {
                import.take_document(profile, &origin, key.as_deref(), document);
            }
        }
        ProfileFormat::Yaml => {
            for (key, document) in from_yaml(bytes, Some(&owns)) {
                import.take_document(profile, &origin, key.as_deref(), document);
            }
        }
    }
    Ok(())
}

impl Import<'_> {
    fn take_json(&mut self, place: ProfilePlace, name: Option<&str>, json: &[u8]) {
        self.take(place, name, |program, layout, row| {
            read_json(program, layout, Joins::Later, json, row)
        });
    }

    fn take_document(
        &mut self,
        profile: &ProfileRecord,
        origin: &Arc<str>,
        name: Option<&str>,
        document: Document,
    ) {
        let place = ProfilePlace { origin: origin.clone(), noun: "line", number: document.line };
        match (document.content, name) {
            (Ok(json), None) => self.take_json(place, None, &json),
            (Ok(json), Some(name)) => {
                let json = with_key(profile, name, json);
                self.take_json(place, Some(name), &json);
            }
            (Err((_, error)), name) => self.take_broken(place, name, error),
        }
    }

    fn take_broken(&mut self, place: ProfilePlace, name: Option<&str>, error: InputError) {
        self.take(place, name, |_, _, _| Err(vec![error]));
    }
}

/// A profile that stands under its key, with the key as a field unless it has one.
fn with_key(profile: &ProfileRecord, key: &str, json: Vec<u8>) -> Vec<u8> {
    let text = std::str::from_utf8(&json).unwrap_or_default();
    let (Some(members), Some(field)) = (members(text), profile.layout.fields.get(profile.key))
    else {
        return json;
    };
    if members.iter().any(|(name, _)| owns_key(profile, name)) {
        return json;
    }
    let rest = text.trim_start().strip_prefix('{').unwrap_or_default();
    let comma = if members.is_empty() { "" } else { "," };
    let quoted = |text: &str| serde_json::Value::from(text).to_string();
    format!("{{{}:{}{comma}{rest}", quoted(&field.name), quoted(key)).into_bytes()
}
