//! What a text cell, such as one of a CSV file, stands for in a field of a type.

use crate::facts::Raw;
use rulebook_lang::model::Type;

/// What counts of a text: blanks around it only where the field holds texts.
fn trimmed<'t>(text: &'t str, ty: &Type) -> &'t str {
    if matches!(ty, Type::Text) { text } else { text.trim() }
}

/// Whether a text cell holds nothing for a field of a type.
pub fn is_empty(text: &str, ty: &Type) -> bool {
    trimmed(text, ty).is_empty()
}

/// The value that a text cell stands for; null where it is empty.
pub fn raw<'t>(text: &'t str, ty: &Type) -> Raw<'t> {
    match (ty, trimmed(text, ty)) {
        (_, "") => Raw::Null,
        (Type::Bool, "true" | "TRUE" | "True") => Raw::Bool(true),
        (Type::Bool, "false" | "FALSE" | "False") => Raw::Bool(false),
        (_, text) => Raw::Text(text),
    }
}
