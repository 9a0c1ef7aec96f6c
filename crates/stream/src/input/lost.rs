//! What is told of a document that does not have its records where they are to stand.

use super::large::broken;
use rulebook_base::visible::visible;
use rulebook_core::facts::{InputCode, InputError};

/// So many names of what is there are told.
const NAMED: usize = 12;

/// Names, with what they hold by its first byte, as a document has them.
pub(super) fn has<'n>(names: impl Iterator<Item = (&'n str, Option<u8>)>) -> String {
    let mut names: Vec<_> =
        names.map(|(name, first)| format!("`{}` ({})", visible(name), kind(first))).collect();
    let more = names.len().saturating_sub(NAMED);
    names.truncate(NAMED);
    if more > 0 {
        names.push(format!("{more} more"));
    }
    if names.is_empty() { "stands nothing".into() } else { format!("stand {}", names.join(", ")) }
}

/// What begins with a byte.
pub(super) fn kind(first: Option<u8>) -> &'static str {
    match first {
        Some(b'[') => "a list",
        Some(b'{') => "an object",
        Some(b'"') => "a text",
        Some(b'n') => "null",
        Some(b't' | b'f') => "a truth value",
        _ => "a number",
    }
}

/// That there is no such name at the end of a way, and what is there.
pub(super) fn not_there(name: &str, way: &[String], there: &str) -> InputError {
    let place = match way {
        [] => "at its top".to_string(),
        way => format!("in `{}`", visible(&way.join("."))),
    };
    let what = match name {
        "*" => "there is no list whose items could be gone through".to_string(),
        name => format!("there is no `{}`", visible(name)),
    };
    broken(InputCode::NoRecords, format!("{what} {place}, where {there}"))
}
