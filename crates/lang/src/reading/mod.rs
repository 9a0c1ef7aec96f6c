//! How fields are read whose declarations say so: `read "%d/%m/%Y"`, `read minor units`, `read "-" as missing`.
//!
//! `rows.rs` is THE table of what may be said. The checker makes a [`Reading`] of it, by which records of every
//! format are read; a value that is typed already, such as a day of a column of days, needs none.

mod figures;
mod form;
mod mistake;
mod rows;
mod stated;
mod write;

use std::fmt;

pub use figures::{Figures, Unread};
pub use form::{Form, Given};
pub use mistake::Mistake;
pub use rows::{ROWS, Row, Sets, Subject};
pub use stated::Stated;

use crate::model::{Cell, Number, Value, Zone, parse_time};
use crate::scalar::Kind;

/// How a field is read.
#[derive(Debug, Clone, Default)]
pub struct Reading {
    /// Texts that stand for a value, or for none.
    pub words: Vec<Word>,
    /// How days, times and times of day are written, tried in this order; none where they are as always.
    pub forms: Vec<Form>,
    /// By whose clocks times without an offset are read, if not by those of the rulebook.
    pub zone: Option<Zone>,
    /// How numbers are written.
    pub figures: Figures,
    /// To how many digits numbers are rounded.
    pub digits: Option<u32>,
    /// Amounts are whole numbers of the smallest unit of their currency.
    pub minor: bool,
    /// Names of members and codes of currencies may be in small letters or capitals.
    pub any_case: bool,
    /// Numbers and truth values are taken as texts.
    pub any_kind: bool,
    /// The keys of the amount and the currency in objects that stand for money.
    pub keys: Option<(Box<str>, Box<str>)>,
    /// The field that says more: the zone of a time, or the currency of an amount.
    pub beside: Option<Beside>,
    /// A value of the wrong kind is taken as missing.
    pub lenient: bool,
}

/// A text that stands for a value.
#[derive(Debug, Clone)]
pub struct Word {
    text: Box<str>,
    /// The same as a number, which the input may have instead.
    number: Option<Number>,
    value: Option<Value<'static>>,
}

/// Another field of the record, or of one around it, and what it says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Beside {
    /// What it says.
    pub tells: Tells,
    /// Its names, from the innermost record that has the first of them.
    pub path: Vec<String>,
}

/// What another field says of a value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tells {
    /// By whose clocks a time is read.
    Zone,
    /// The currency of an amount.
    Currency,
}

impl fmt::Display for Beside {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.path.join("."))
    }
}

impl Word {
    /// A text, and what it stands for.
    pub fn new(text: &str, value: Option<Value<'static>>) -> Self {
        Self { text: text.into(), number: text.parse().ok(), value }
    }

    /// The text.
    pub fn text(&self) -> &str {
        &self.text
    }
}

impl Reading {
    /// What a text stands for: a value, or none; nothing where it is no word of the field.
    pub fn word(&self, text: &str) -> Option<Option<&Value<'static>>> {
        let word = self.words.iter().find(|word| *word.text == *text)?;
        Some(word.value.as_ref())
    }

    /// The same for a number.
    pub fn word_of_number(&self, number: Number) -> Option<Option<&Value<'static>>> {
        let word = self.words.iter().find(|word| word.number == Some(number))?;
        Some(word.value.as_ref())
    }

    /// Whether it says nothing but to how many digits numbers are rounded.
    pub fn is_plain(&self) -> bool {
        let Self {
            words,
            forms,
            zone,
            figures,
            digits: _,
            minor,
            any_case,
            any_kind,
            keys,
            beside,
            lenient,
        } = self;
        let is_marked = *minor || *any_case || *any_kind || *lenient;
        let is_empty = words.is_empty() && forms.is_empty() && figures.is_plain();
        is_empty && !is_marked && zone.is_none() && keys.is_none() && beside.is_none()
    }

    /// Whether numbers of the input may stand for values that are none.
    pub fn takes_numbers(&self) -> bool {
        self.any_kind
            || self.forms.iter().any(Form::is_number)
            || self.words.iter().any(|word| word.number.is_some())
    }

    /// The day, the time or the time of day that is given, by the first form that it has; by the clocks of a zone where the
    /// field says none.
    #[inline]
    pub fn moment(&self, kind: Kind, given: Given<'_>, zone: &Zone) -> Option<Cell> {
        let zone = self.zone.as_ref().unwrap_or(zone);
        if let ([], Kind::Time, Given::Text(text)) = (self.forms.as_slice(), kind, given) {
            return parse_time(text, zone).map(Cell::Time);
        }
        self.forms.iter().find_map(|form| form.read(kind, given, zone))
    }

    /// How days or times are written, in a sentence: "as `%d/%m/%Y`, such as `31/12/2024`".
    pub fn wanted(&self) -> String {
        let forms: Vec<_> = self.forms.iter().map(Form::described).collect();
        forms.join(", or ")
    }
}
