//! What stands around values on screens, in each language that screens speak: the type of a row of
//! `phrases.rs`, and how values are filled in.

use std::fmt::Display;

use super::locale::is_of;

/// A phrase in each language that screens speak, with `{name}` where a value is filled in. A row that
/// lacks a language does not compile.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Phrase {
    /// In English, which stands in for every other language.
    pub en: &'static str,
    /// In Chinese.
    pub zh: &'static str,
    /// In German.
    pub de: &'static str,
    /// In French.
    pub fr: &'static str,
    /// In Spanish.
    pub es: &'static str,
}

/// Values by the names that phrases have for them.
pub type Filling<'v> = [(&'static str, &'v dyn Display)];

impl Phrase {
    /// The phrase in the language of a tag such as `zh` or `zh-Hans`, as it stands in the table.
    pub fn in_language(&self, tag: &str) -> &'static str {
        match tag {
            tag if is_of(tag, "zh") => self.zh,
            tag if is_of(tag, "de") => self.de,
            tag if is_of(tag, "fr") => self.fr,
            tag if is_of(tag, "es") => self.es,
            _ => self.en,
        }
    }

    /// The same with values filled in. What a value says is never taken for a name.
    pub fn fill(&self, tag: &str, values: &Filling<'_>) -> String {
        let mut out = String::new();
        let mut rest = self.in_language(tag);
        while let Some((before, behind)) = rest.split_once('{') {
            out.push_str(before);
            let Some((name, after)) = behind.split_once('}') else { break };
            let value = values.iter().find(|(known, _)| *known == name);
            debug_assert!(value.is_some(), "nothing is filled in for `{name}` of `{}`", self.en);
            out.extend(value.map(|(_, value)| value.to_string()));
            rest = after;
        }
        out + rest
    }
}

/// Whether screens have words of their own in the language of a tag; else they speak English.
pub fn is_spoken(tag: &str) -> bool {
    ["en", "zh", "de", "fr", "es"].iter().any(|language| is_of(tag, language))
}
