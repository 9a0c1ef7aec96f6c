//! Figures and the phrases around them, in the language of whoever reads a screen.

use std::fmt::Write;

use super::locale::Locale;
use super::phrase::{Filling, Phrase};
use super::{NONE, phrases};
use crate::model::{Currency, Number};

/// Figures and phrases in one language.
#[derive(Debug, Clone, Copy)]
pub struct Speech<'l> {
    language: &'l str,
    locale: &'static Locale,
}

impl<'l> Speech<'l> {
    /// In the language of a tag such as `zh`; English where screens do not speak it.
    pub fn of(language: &'l str) -> Self {
        let spoken = if super::is_spoken(language) { language } else { "en" };
        Self { language: spoken, locale: Locale::of(spoken) }
    }

    pub(super) fn text(
        self,
        write: impl FnOnce(&Locale, &mut dyn Write) -> std::fmt::Result,
    ) -> String {
        let mut out = String::new();
        // A text takes whatever is written.
        let _ = write(self.locale, &mut out);
        out
    }

    /// A phrase that nothing is filled into.
    pub fn word(self, phrase: &Phrase) -> &'static str {
        phrase.in_language(self.language)
    }

    /// A phrase with values filled in.
    pub fn says(self, phrase: &Phrase, values: &Filling<'_>) -> String {
        phrase.fill(self.language, values)
    }

    /// The first phrase of one thing, the second of any other number, which is filled in as `count`.
    pub fn counted(self, count: u64, [one, several]: [&Phrase; 2]) -> String {
        let phrase = if count == 1 { one } else { several };
        self.says(phrase, &[("count", &self.count(count))])
    }

    /// A number of things.
    pub fn count(self, count: u64) -> String {
        self.text(|locale, out| locale.count(out, count))
    }

    /// A number of records.
    pub fn records(self, count: u64) -> String {
        self.counted(count, [&phrases::ONE_RECORD, &phrases::RECORDS])
    }

    /// What part of a whole some are.
    pub fn share(self, part: u64, whole: u64) -> String {
        self.text(|locale, out| locale.share(out, part, whole))
    }

    /// What was added up; `unit` is a currency where it is money.
    pub fn sum(self, number: Number, unit: Option<&str>) -> String {
        let currency = unit.and_then(Currency::from_code);
        self.text(|locale, out| locale.sum(out, number, currency))
    }

    /// A sum that may not be there.
    pub fn known(self, number: Option<Number>, unit: Option<&str>) -> String {
        number.map_or(NONE.to_string(), |number| self.sum(number, unit))
    }

    /// A difference, with its sign.
    pub fn signed(self, number: Option<Number>, unit: Option<&str>) -> String {
        let sign = if number.is_some_and(|number| number > Number::ZERO) { "+" } else { "" };
        format!("{sign}{}", self.known(number, unit))
    }

    /// Several texts as one.
    pub fn joined(self, texts: impl IntoIterator<Item = String>) -> String {
        texts.into_iter().collect::<Vec<_>>().join(self.word(&phrases::AND_NEXT))
    }

    /// A value of those that machines get, or several of them, by its unit, as `values` has it.
    pub fn values(self, codes: &str, unit: Option<&str>) -> String {
        super::values_in(self.locale, codes, unit)
    }

    /// What stands where there is no value.
    pub fn nothing(self) -> &'static str {
        self.locale.missing()
    }
}
