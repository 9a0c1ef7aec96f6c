//! THE table of combiners: how the outcomes of several rules become one decision.

use super::locale::Words;
use super::model::Type;

/// How the outcomes of several rules become one decision.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Combiner {
    /// The first rule in text order that fires.
    First,
    /// The outcome written last in the decision's order.
    Strictest,
    /// All rules that fire must agree.
    Agreement,
    /// At most one rule may fire.
    Only,
    /// The largest value.
    Largest,
    /// The smallest value.
    Smallest,
    /// The sum of the values.
    Total,
    /// Every value, in text order.
    All,
    /// Every value once, in text order.
    Union,
}

/// A row of the table.
#[derive(Debug)]
pub struct Row {
    /// Which combiner.
    pub combiner: Combiner,
    /// How it is written.
    pub name: &'static str,
    /// What it does, in one sentence.
    pub doc: &'static str,
    /// The DMN hit policy that it is, if any.
    pub dmn: &'static str,
    /// What it does, for those who read policies.
    pub words: Words,
    /// What it combines.
    pub combines: Combines,
}

/// What a combiner combines.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Combines {
    /// Values of any one type.
    Singles,
    /// Outcomes that are written from mild to strict.
    Ordered,
    /// Values of which one is larger.
    Comparable,
    /// Values that can be added.
    Sums,
}

impl Combines {
    /// Whether values of a type are combined so.
    pub fn fits(self, ty: &Type) -> bool {
        let is_ordered = matches!(ty, Type::Enum(members) if members.ordered);
        match self {
            Self::Singles => !matches!(ty, Type::Record(_) | Type::List(_)),
            Self::Ordered => is_ordered,
            Self::Comparable => {
                is_ordered || Self::Sums.fits(ty) || matches!(ty, Type::Date | Type::Time)
            }
            Self::Sums => matches!(ty, Type::Number | Type::Money(_) | Type::Duration),
        }
    }

    /// What to write where they do not fit.
    pub fn help(self) -> &'static str {
        match self {
            Self::Singles => "decide single values; `all` and `union` collect them into a list",
            Self::Ordered => "write the outcomes from mild to strict: `a < b < c`",
            Self::Comparable => "decide a number, an amount, a duration, a date or a time",
            Self::Sums => "decide a number, an amount or a duration",
        }
    }
}

/// Every combiner.
#[rustfmt::skip]
pub static COMBINERS: &[Row] = &[
    Row { combiner: Combiner::First, name: "first", dmn: "F", combines: Combines::Singles, doc: "The first rule in text order that fires decides.", words: Words { en: "the first of them, in the order written, decides", zh: "按书写顺序，以第一条为准" } },
    Row { combiner: Combiner::Strictest, name: "strictest", dmn: "P", combines: Combines::Ordered, doc: "The outcome that stands last in `a < b < c` decides.", words: Words { en: "the strictest outcome decides", zh: "以最严格的结果为准" } },
    Row { combiner: Combiner::Agreement, name: "agreement", dmn: "A", combines: Combines::Singles, doc: "All rules that fire must give one value; else the decision is a fault.", words: Words { en: "they must agree", zh: "各条结果必须一致" } },
    Row { combiner: Combiner::Only, name: "only", dmn: "U", combines: Combines::Singles, doc: "At most one rule may fire; else the decision is a fault.", words: Words { en: "that is an error: only one may hold", zh: "只允许一条适用，否则为错误" } },
    Row { combiner: Combiner::Largest, name: "largest", dmn: "C>", combines: Combines::Comparable, doc: "The largest value decides.", words: Words { en: "the largest value decides", zh: "取最大值" } },
    Row { combiner: Combiner::Smallest, name: "smallest", dmn: "C<", combines: Combines::Comparable, doc: "The smallest value decides.", words: Words { en: "the smallest value decides", zh: "取最小值" } },
    Row { combiner: Combiner::Total, name: "total", dmn: "C+", combines: Combines::Sums, doc: "The sum of all values; 0 where none fires.", words: Words { en: "their values are added", zh: "各值相加" } },
    Row { combiner: Combiner::All, name: "all", dmn: "C, R", combines: Combines::Singles, doc: "A list of all values in text order.", words: Words { en: "every value counts", zh: "保留全部结果" } },
    Row { combiner: Combiner::Union, name: "union", dmn: "C", combines: Combines::Singles, doc: "A list of the different values in text order.", words: Words { en: "every different value counts", zh: "保留所有不同的结果" } },
];

/// How the rows of a table that match become one value.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Hits {
    /// As the outcomes of rules do.
    Combined(Combiner),
    /// Their number is the value.
    Counted,
}

/// How [`Hits::Counted`] is written.
pub const COUNT: &str = "count";

/// The DMN hit policy that [`Hits::Counted`] is.
pub const COUNT_DMN: &str = "C#";

impl Hits {
    /// What is written so.
    pub fn from_name(name: &str) -> Option<Self> {
        match name {
            COUNT => Some(Self::Counted),
            name => Combiner::from_name(name).map(Self::Combined),
        }
    }

    /// How it is written.
    pub fn name(self) -> &'static str {
        match self {
            Self::Combined(combiner) => combiner.name(),
            Self::Counted => COUNT,
        }
    }

    /// Whether there is a value where no row matches: an empty list, a sum or a number of none.
    pub fn has_none(self) -> bool {
        match self {
            Self::Combined(combiner) => combiner.collects() || combiner == Combiner::Total,
            Self::Counted => true,
        }
    }
}

impl Combiner {
    /// The combiner that is written so.
    pub fn from_name(name: &str) -> Option<Self> {
        COMBINERS.iter().find(|row| row.name == name).map(|row| row.combiner)
    }

    /// Its row.
    pub fn row(self) -> &'static Row {
        COMBINERS.iter().find(|row| row.combiner == self).unwrap_or(&COMBINERS[0])
    }

    /// How it is written.
    pub fn name(self) -> &'static str {
        self.row().name
    }

    /// Whether the decision is a list of outcomes.
    pub fn collects(self) -> bool {
        matches!(self, Self::All | Self::Union)
    }
}
