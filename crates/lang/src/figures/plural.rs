//! Words that go with a number, in the forms that a language has for one, two, few and many.

use std::fmt::{self, Display, Write};

use intl_pluralrules::{PluralCategory, PluralRuleType, PluralRules};
use serde::Deserialize;
use unic_langid::LanguageIdentifier;

use crate::model::Number;

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
    match rules(language).and_then(|rules| rules.select(count).ok()) {
        Some(category) => category,
        None if count == 1 => PluralCategory::ONE,
        None => PluralCategory::OTHER,
    }
}

fn rules(language: &str) -> Option<PluralRules> {
    let primary = language.split('-').next().unwrap_or_default();
    let language = primary.parse::<LanguageIdentifier>().ok()?;
    PluralRules::create(language, PluralRuleType::CARDINAL).ok()
}

fn name(category: PluralCategory) -> &'static str {
    match category {
        PluralCategory::ZERO => "zero",
        PluralCategory::ONE => "one",
        PluralCategory::TWO => "two",
        PluralCategory::FEW => "few",
        PluralCategory::MANY => "many",
        PluralCategory::OTHER => OTHER,
    }
}

/// The form of all numbers that no other form is for.
pub const OTHER: &str = "other";

/// Numbers of which each language has some in each form that it has for everyday numbers.
const EVERYDAY: u64 = 200;

/// The form that a number takes in a language, by the name that Unicode's CLDR has for it.
pub fn plural_form(language: &str, number: Number) -> &'static str {
    match number.to_i64().and_then(|number| u64::try_from(number).ok()) {
        Some(count) => name(category(language, count)),
        None => {
            let text = number.to_string();
            let form = rules(language).and_then(|rules| rules.select(text.as_str()).ok());
            form.map_or(OTHER, name)
        }
    }
}

/// The forms that everyday numbers take in a language; `other` is always one.
pub fn plural_forms(language: &str) -> Vec<&'static str> {
    let mut forms = Vec::new();
    for count in (0..=EVERYDAY).rev() {
        let form = name(category(language, count));
        if !forms.contains(&form) {
            forms.push(form);
        }
    }
    if !forms.contains(&OTHER) {
        forms.push(OTHER);
    }
    let order = ["zero", "one", "two", "few", "many", OTHER];
    forms.sort_by_key(|form| order.iter().position(|name| name == form));
    forms
}

/// Whether some language has a form of this name.
pub fn is_plural_form(name: &str) -> bool {
    ["zero", "one", "two", "few", "many", OTHER].contains(&name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_take_the_forms_of_their_language() {
        let form = |language: &str, number: &str| {
            number.parse().map(|number| plural_form(language, number)).unwrap_or_default()
        };
        let english = ["1", "2", "1.5", "0", "-1"].map(|number| form("en", number));
        assert_eq!(english, ["one", "other", "other", "other", "one"]);
        assert_eq!(
            ["1", "3", "5", "1.5"].map(|number| form("pl", number)),
            ["one", "few", "many", "other"]
        );
        assert_eq!(form("zh-Hans", "1"), "other");
        assert_eq!(plural_forms("en"), ["one", "other"]);
        assert_eq!(plural_forms("pl"), ["one", "few", "many", "other"]);
        assert_eq!(plural_forms("zh"), ["other"]);
    }
}
