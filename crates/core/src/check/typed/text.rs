//! Titles and reasons, in the languages in which they were written.

use super::{Stage, Typed};
use rulebook_lang::figures::{OTHER, plural_form};
use rulebook_lang::model::{Number, same_language_tag};

/// A text by language.
#[derive(Debug, Clone)]
pub struct Text<S: Stage = Typed> {
    /// The text in each language, in the author's order.
    pub variants: Vec<Variant<S>>,
}

/// A text in one language.
#[derive(Debug, Clone)]
pub struct Variant<S: Stage = Typed> {
    /// Its tag, as the settings spell it; for a text that names none, the first of the settings.
    pub language: String,
    /// What is written, one behind the other, with the values in their places.
    pub pieces: Vec<Piece<S>>,
}

/// A part of a text.
#[derive(Debug, Clone)]
pub enum Piece<S: Stage = Typed> {
    /// Text as it is.
    Text(String),
    /// A value, and how it prints.
    Value(S::Value, Printed),
}

/// How a value prints in a text.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Printed {
    /// As values of its type do.
    Plain,
    /// In percent.
    InPercent,
    /// Not itself, but as the words that go with it, by the form that it takes.
    AsWords(Vec<(String, String)>),
}

impl Printed {
    /// The words that go with a number in a language.
    pub fn words<'f>(forms: &'f [(String, String)], language: &str, number: Number) -> &'f str {
        let of = |form: &str| forms.iter().find(|(name, _)| name == form);
        let words = of(plural_form(language, number)).or_else(|| of(OTHER));
        words.map_or("", |(_, words)| words)
    }
}

impl<S: Stage> Text<S> {
    /// The values that it shows, in any language.
    pub fn values(&self) -> impl Iterator<Item = &S::Value> {
        self.variants.iter().flat_map(|variant| &variant.pieces).filter_map(|piece| match piece {
            Piece::Value(value, _) => Some(value),
            Piece::Text(_) => None,
        })
    }

    /// The text in a language; else in a language of the same family (`zh` for `zh-Hans`), else
    /// the first that is there.
    pub fn in_language(&self, language: &str) -> Option<&Variant<S>> {
        let of =
            |is: &dyn Fn(&str) -> bool| self.variants.iter().find(|variant| is(&variant.language));
        let family_of = family(language);
        of(&|tag| same_language_tag(tag, language))
            .or_else(|| of(&|tag| same_language_tag(family(tag), family_of)))
            .or_else(|| self.variants.first())
    }
}

/// The part of a language tag that names the language.
fn family(tag: &str) -> &str {
    tag.split('-').next().unwrap_or(tag)
}
