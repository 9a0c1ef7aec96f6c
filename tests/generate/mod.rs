//! Random rulebooks that are well typed by construction, and random records for them.
//!
//! Everything follows from a row of numbers, so that a failing case shrinks with the row. An
//! expression is written twice: as a person writes it, and with brackets around every part, so that
//! the engine's reading of precedence is put to the test as well.

mod calendar;
mod code;
mod expression;
mod lists;
mod made;
mod policy;
mod read_as;
mod record;
mod scope;
mod table;
mod typed;

pub(crate) use lists::MADE;
use record::Schema;

/// A row of numbers that every choice is taken from; choices are 0 behind its end.
pub(crate) struct Choices<'c> {
    row: &'c [u32],
    at: usize,
}

impl<'c> Choices<'c> {
    /// Choices from a row.
    pub(crate) fn new(row: &'c [u32]) -> Self {
        Self { row, at: 0 }
    }

    /// Choices from behind those that are made next: what is drawn of them leaves those as they are.
    pub(crate) fn aside(&self) -> Self {
        Self { row: self.row, at: self.at + 7 + self.row.len() / 2 }
    }

    /// A number below `count`.
    pub(crate) fn below(&mut self, count: usize) -> usize {
        let next = self.row.get(self.at).copied().unwrap_or(0);
        self.at += 1;
        next as usize % count.max(1)
    }

    /// True once in so many times.
    pub(crate) fn once_in(&mut self, times: usize) -> bool {
        self.below(times) == times - 1
    }

    /// One of some.
    pub(crate) fn one_of<'t, T>(&mut self, items: &'t [T]) -> &'t T {
        &items[self.below(items.len())]
    }
}

/// A type of the generated rulebooks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Ty {
    /// `bool`
    Bool,
    /// `number`
    Number,
    /// `CNY`
    Cny,
    /// `JPY`, whose minor unit has no decimals
    Jpy,
    /// `text`
    Text,
    /// An enum without order.
    Color,
    /// An enum in order.
    Level,
    /// An enum that takes other names.
    Shop,
    /// An enum in order, written in place.
    Verdict,
    /// `date`
    Date,
    /// `time`
    Time,
    /// `time_of_day`
    TimeOfDay,
    /// `duration`
    Duration,
    /// `url`
    Url,
    /// `version`
    Version,
    /// A record without records in it.
    Leaf,
    /// A record with a record in it.
    Inner,
    /// `currency`
    Currency,
    /// `money`, of any currency
    Money,
    /// `list of money`
    Moneys,
    /// `list of number`
    Numbers,
    /// `list of text`
    Texts,
    /// `list of Leaf`
    Leaves,
}

impl Ty {
    /// The types of plain fields.
    pub(crate) const PLAIN: &'static [Ty] = &[
        Ty::Number,
        Ty::Bool,
        Ty::Cny,
        Ty::Text,
        Ty::Level,
        Ty::Color,
        Ty::Shop,
        Ty::Date,
        Ty::Time,
        Ty::Duration,
        Ty::TimeOfDay,
        Ty::Jpy,
        Ty::Url,
        Ty::Version,
        Ty::Currency,
    ];

    /// Whether its values are lists or records.
    pub(crate) fn is_made(self) -> bool {
        matches!(self, Self::Numbers | Self::Texts | Self::Leaves | Self::Leaf)
    }

    /// How the type is written.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Ty::Bool => "bool",
            Ty::Number => "number",
            Ty::Cny => "CNY",
            Ty::Jpy => "JPY",
            Ty::Text => "text",
            Ty::Color => "Color",
            Ty::Level => "Level",
            Ty::Shop => "Shop",
            Ty::Verdict => "fine < warned < stopped",
            Ty::Date => "date",
            Ty::Time => "time",
            Ty::TimeOfDay => "time_of_day",
            Ty::Duration => "duration",
            Ty::Url => "url",
            Ty::Version => "version",
            Ty::Leaf => "Leaf",
            Ty::Inner => "Inner",
            Ty::Currency => "currency",
            Ty::Money => "money",
            Ty::Moneys => "list of money",
            Ty::Numbers => "list of number",
            Ty::Texts => "list of text",
            Ty::Leaves => "list of Leaf",
        }
    }

    /// The members, if the type is an enum.
    pub(crate) fn members(self) -> &'static [&'static str] {
        match self {
            Ty::Color => &["red", "green", "blue"],
            Ty::Level => &["low", "mid", "high"],
            Ty::Shop => &["corner", "mall"],
            Ty::Currency => &["CNY", "JPY", "USD"],
            Ty::Verdict => &["fine", "warned", "stopped"],
            _ => &[],
        }
    }
}

/// An expression in both spellings.
#[derive(Debug, Clone)]
pub(crate) struct Code {
    /// As short as precedence allows.
    pub(crate) short: String,
    /// With brackets around every part.
    pub(crate) full: String,
    /// How tightly its outermost operator binds; 10 is not an operator.
    level: u8,
}

/// The text of a rulebook in both spellings, and what its records look like.
pub(crate) struct Book {
    /// As short as precedence allows.
    pub(crate) short: String,
    /// With brackets around every part.
    pub(crate) full: String,
    /// The time zone.
    pub(crate) zone: &'static str,
    schema: Schema,
}

impl Book {
    /// A random rulebook with a policy `p`, which may read one `q` and be amended.
    pub(crate) fn random(choices: &mut Choices<'_>) -> Self {
        let zone = *choices.one_of(&["UTC", "Asia/Shanghai", "America/New_York"]);
        let schema = Schema::random(choices);
        let text = policy::Writer::new(choices, &schema).book();
        Self { short: text.short, full: text.full, zone, schema }
    }

    /// A random record of the policy.
    pub(crate) fn record(&self, choices: &mut Choices<'_>) -> serde_json::Value {
        self.schema.input(choices)
    }

    /// The settings file.
    pub(crate) fn settings(&self) -> String {
        format!("name: generated\nzone: {}\n", self.zone)
    }
}
