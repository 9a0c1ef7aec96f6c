//! THE table of combiners: how the outcomes of several rules, or the rows of a table, become one. What a row
//! says, all follow: who decides, who looks rows up, and who asks what may become of a decision.

use std::cmp::Ordering;

use super::figures::Phrase;
use super::fold::{Fold, Nothing};
use super::kernel;
use super::model::Type;
use super::scalar::Level;

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
    pub words: Phrase,
    /// What it combines.
    pub combines: Combines,
    /// How it folds values into one.
    pub fold: Fold,
}

/// What a combiner combines.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Combines {
    /// Values of any one type.
    Any,
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
        match self {
            Self::Any => true,
            Self::Ordered => match ty {
                Type::Enum(members) => members.ordered,
                ty => *ty == Type::Bool,
            },
            Self::Comparable => ty.level() >= Level::Interval,
            Self::Sums => ty.level() >= Level::Ratio,
        }
    }

    /// What to write where they do not fit.
    pub fn help(self) -> &'static str {
        match self {
            Self::Any => "decide values of one type",
            Self::Ordered => {
                "decide a `bool`, or write the outcomes from mild to strict: `a < b < c`"
            }
            Self::Comparable => "decide a number, an amount, a duration, a date or a time",
            Self::Sums => "decide a number, an amount or a duration",
        }
    }
}

/// The enum and the table, so that a combiner finds its row by its place.
macro_rules! combiners {
    ($($name:ident $written:literal $dmn:literal $combines:ident $fold:expr, $doc:literal, $en:literal $zh:literal $de:literal $fr:literal $es:literal;)*) => {
        /// How the outcomes of several rules become one decision.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        pub enum Combiner {
            $(#[doc = $doc] $name,)*
        }

        /// Every combiner.
        pub static COMBINERS: &[Row] = &[$(Row {
            combiner: Combiner::$name,
            name: $written,
            doc: $doc,
            dmn: $dmn,
            words: Phrase { en: $en, zh: $zh, de: $de, fr: $fr, es: $es },
            combines: Combines::$combines,
            fold: $fold,
        }),*];
    };
}

#[rustfmt::skip]
combiners! {
    First "first" "F" Any Fold::First, "The first rule in text order that fires decides.", "the first of them, in the order written, decides" "按书写顺序，以第一条为准" "die erste in der Reihenfolge des Textes entscheidet" "la première, dans l'ordre du texte, décide" "decide la primera en el orden del texto";
    Strictest "strictest" "P" Ordered Fold::Best(Ordering::Greater), "The outcome that stands last in `a < b < c` decides; of a `bool`, `true`.", "the strictest outcome decides" "以最严格的结果为准" "das strengste Ergebnis entscheidet" "le résultat le plus strict l'emporte" "prevalece el resultado más estricto";
    Agreement "agreement" "A" Any Fold::Agree, "All rules that fire must give one value; else the decision is a fault.", "they must agree" "各条结果必须一致" "sie müssen übereinstimmen" "elles doivent s'accorder" "deben coincidir";
    Only "only" "U" Any Fold::Only, "At most one rule may fire; else the decision is a fault.", "that is an error: only one may hold" "只允许一条适用，否则为错误" "das ist ein Fehler: nur eine darf greifen" "c'est une erreur : une seule peut s'appliquer" "es un error: solo puede aplicarse una";
    Largest "largest" "C>" Comparable Fold::Best(Ordering::Greater), "The largest value decides.", "the largest value decides" "取最大值" "der größte Wert entscheidet" "la plus grande valeur l'emporte" "prevalece el mayor valor";
    Smallest "smallest" "C<" Comparable Fold::Best(Ordering::Less), "The smallest value decides.", "the smallest value decides" "取最小值" "der kleinste Wert entscheidet" "la plus petite valeur l'emporte" "prevalece el menor valor";
    Total "total" "C+" Sums Fold::Made(kernel::add), "The sum of all values; 0 where none fires.", "their values are added" "各值相加" "ihre Werte werden addiert" "leurs valeurs s'additionnent" "sus valores se suman";
    All "all" "C, R" Any Fold::Each, "A list of all values in text order.", "every value counts" "保留全部结果" "jeder Wert zählt" "chaque valeur compte" "cuenta cada valor";
    Union "union" "C" Any Fold::Different, "A list of the different values in text order.", "every different value counts" "保留所有不同的结果" "jeder Wert zählt, gleiche nur einmal" "chaque valeur différente compte" "cuenta cada valor distinto";
}

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
            Self::Combined(combiner) => combiner.fold().of_none() != Nothing::Undecided,
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
        COMBINERS.get(self as usize).unwrap_or(&COMBINERS[0])
    }

    /// How it is written.
    pub fn name(self) -> &'static str {
        self.row().name
    }

    /// How it folds values into one.
    #[inline]
    pub fn fold(self) -> Fold {
        self.row().fold
    }

    /// Whether the decision is a list of outcomes.
    pub fn collects(self) -> bool {
        self.fold().of_none() == Nothing::Empty
    }
}
