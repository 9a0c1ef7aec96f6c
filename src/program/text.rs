//! Titles and reasons, ready to be rendered.

use super::NodeId;
use crate::model::{Type, same_language_tag};

/// A text by language.
#[derive(Debug)]
pub struct Text {
    /// The text in each language, in the author's order.
    pub variants: Vec<Variant>,
}

/// A text in one language.
#[derive(Debug)]
pub struct Variant {
    /// The language.
    pub language: String,
    /// Its parts.
    pub pieces: Vec<Piece>,
}

/// A part of a text.
#[derive(Debug)]
pub enum Piece {
    /// Text as it is.
    Text(String),
    /// A value, its type, and whether it prints in percent.
    Value(NodeId, Type, bool),
}

impl Text {
    /// The values that it tells, in any language.
    pub(crate) fn nodes(&self) -> impl Iterator<Item = NodeId> {
        self.variants.iter().flat_map(|variant| &variant.pieces).filter_map(|piece| match piece {
            Piece::Value(node, ..) => Some(*node),
            Piece::Text(_) => None,
        })
    }

    /// The text in a language; else in a language of the same family (`zh` for `zh-Hans`), else
    /// the first that is there.
    pub fn in_language(&self, language: &str) -> Option<&Variant> {
        let of = |is: &dyn Fn(&str) -> bool| self.variants.iter().find(|v| is(&v.language));
        let family_of = family(language);
        of(&|own| same_language_tag(own, language))
            .or_else(|| of(&|own| same_language_tag(family(own), family_of)))
            .or_else(|| self.variants.first())
    }
}

/// The part of a language tag that names the language.
fn family(tag: &str) -> &str {
    tag.split('-').next().unwrap_or(tag)
}
