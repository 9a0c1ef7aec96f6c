//! Words that go with a number, in the forms that a language has for one, two, few and many.

use std::fmt::{self, Display, Write};

use intl_pluralrules::{PluralCategory, PluralRuleType, PluralRules};
use serde::Deserialize;
use unic_langid::LanguageIdentifier;

/// A number with what it counts, by the category of the number; `{0}` stands for the number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
pub(super) struct Forms {
    other: &'static str,
    zero: Option<&'static str>,
    one: Option<&'static str>,
    two: Option<&'static str>,
    few: Option<&'static str>,
    many: Option<&'static str>,
}

impl Forms {
    /// One form whatever the number.
    pub(super) const fn always(other: &'static str) -> Self {
        Self { other, zero: None, one: None, two: None, few: None, many: None }
    }

    /// One form of one thing, and one of any other number.
    pub(super) const fn of(one: &'static str, other: &'static str) -> Self {
        Self { one: Some(one), ..Self::always(other) }
    }

    /// Writes the form of a whole number in a language, with the number as it is shown.
    pub(super) fn fill(
        &self,
        out: &mut dyn Write,
        language: &str,
        count: u64,
        shown: &dyn Display,
    ) -> fmt::Result {
        let form = match category(language, count) {
            PluralCategory::ZERO => self.zero,
            PluralCategory::ONE => self.one,
            PluralCategory::TWO => self.two,
            PluralCategory::FEW => self.few,
            PluralCategory::MANY => self.many,
            PluralCategory::OTHER => None,
        };
        filled(out, form.unwrap_or(self.other), shown)
    }

    /// The same of a number that is not whole.
    pub(super) fn fill_part(&self, out: &mut dyn Write, shown: &dyn Display) -> fmt::Result {
        filled(out, self.other, shown)
    }
}

/// Some forms, as that of two things in Arabic, say the number by themselves.
fn filled(out: &mut dyn Write, form: &str, shown: &dyn Display) -> fmt::Result {
    match form.split_once("{0}") {
        Some((before, behind)) => write!(out, "{before}{shown}{behind}"),
        None => out.write_str(form),
    }
}

/// Which form a number takes. A language without rules is counted in like English.
fn category(language: &str, count: u64) -> PluralCategory {
    let primary = language.split('-').next().unwrap_or_default();
    let language = primary.parse::<LanguageIdentifier>().ok();
    let rules =
        language.and_then(|language| PluralRules::create(language, PluralRuleType::CARDINAL).ok());
    match rules.and_then(|rules| rules.select(count).ok()) {
        Some(category) => category,
        None if count == 1 => PluralCategory::ONE,
        None => PluralCategory::OTHER,
    }
}
