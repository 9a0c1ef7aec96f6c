//! THE table of what counters make of the records that they count.

use super::model::Type;
use super::scalar::Level;

/// A row of the table.
#[derive(Debug)]
pub struct Row {
    /// Which tally.
    pub tally: Tally,
    /// How it is written, before `of` and what is counted.
    pub words: &'static str,
    /// What it comes to, in one sentence.
    pub doc: &'static str,
    /// Which values it takes; none where it counts records.
    pub takes: Takes,
}

/// Which values a tally takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Takes {
    /// None: it counts records.
    Records,
    /// What can be added up.
    Sums,
    /// What comes in an order of sizes.
    Sizes,
    /// What counters count by.
    Keys,
    /// Any of these.
    Singles,
}

/// The enum and the table, so that a tally finds its row by its place.
macro_rules! tallies {
    ($($name:ident $words:literal $takes:ident $doc:literal;)*) => {
        /// What a counter makes of the records that it counts.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        pub enum Tally {
            $(#[doc = $doc] $name,)*
        }

        /// Every tally.
        pub static TALLIES: &[Row] = &[$(Row {
            tally: Tally::$name,
            words: $words,
            doc: $doc,
            takes: Takes::$takes,
        }),*];
    };
}

tallies! {
    Count "count" Records "How many records there are.";
    Distinct "count of distinct" Keys "How many different values they have.";
    Sum "sum" Sums "What their values add up to.";
    Average "average" Sums "The average of their values; missing where there is no record.";
    Largest "largest" Sizes "The largest of their values; missing where there is no record.";
    Smallest "smallest" Sizes "The smallest of their values; missing where there is no record.";
    Latest "latest" Singles "The value of the last of them; missing where there is no record.";
}

impl Tally {
    fn row(self) -> Option<&'static Row> {
        TALLIES.get(self as usize)
    }

    /// The tally that is written so, but for `count`.
    pub fn from_words(words: &str) -> Option<Self> {
        TALLIES.iter().find(|row| row.words == words).map(|row| row.tally)
    }

    /// How it is written, before `of` and what is counted; behind `distinct` the value stands at once.
    pub fn words(self) -> &'static str {
        self.row().map_or("", |row| row.words)
    }

    /// The word that stands between it and its value.
    pub fn joint(self) -> &'static str {
        if self == Self::Distinct { " " } else { " of " }
    }

    /// Which values it takes.
    pub fn takes(self) -> Takes {
        self.row().map_or(Takes::Records, |row| row.takes)
    }

    /// Whether it comes to a number whatever its values are.
    pub fn counts(self) -> bool {
        matches!(self, Self::Count | Self::Distinct)
    }

    /// Whether it has no value where there is no record.
    pub fn may_lack(self) -> bool {
        !matches!(self, Self::Count | Self::Distinct | Self::Sum)
    }
}

impl Takes {
    /// Whether values of a type are taken.
    pub fn fits(self, ty: &Type) -> bool {
        match self {
            Self::Records => false,
            Self::Sums => ty.level() >= Level::Ratio,
            Self::Sizes => ty.level() >= Level::Interval,
            Self::Keys => ty.counts(),
            Self::Singles => ty.counts() || ty.level() >= Level::Interval || *ty == Type::Bool,
        }
    }

    /// What to write where they do not fit.
    pub fn help(self) -> &'static str {
        match self {
            Self::Records => "count records: `count of RECORD`",
            Self::Sums => "add up numbers, amounts or durations; `count of` counts records",
            Self::Sizes => "name a number, an amount, a duration, a date or a time",
            Self::Keys => "count different texts, numbers, members or dates",
            Self::Singles => "name a text, a number, an amount, a member, a date or a time",
        }
    }
}
