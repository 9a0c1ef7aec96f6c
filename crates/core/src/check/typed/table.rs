//! Typed decision tables: which values each row accepts, as ranges of numbered values.

use std::cmp::Ordering;
use std::sync::Arc;

use rustc_hash::FxHashMap;

use super::between::between;
use super::{Constant, Expr, LocalId, RecordId};
use rulebook_base::source::Span;
use rulebook_lang::combiner::Hits;
use rulebook_lang::model::{Key, Ranges, RecordType, Time, Type, Value, version_order};
use rulebook_lang::scalar::{Kind, Level};

/// A decision table: rows that say which inputs they accept, and what they give for these.
#[derive(Debug, Clone)]
pub struct Table {
    /// As it is looked up in, like a function.
    pub name: String,
    /// How the rows that match become one value.
    pub hits: Hits,
    /// The columns of its inputs, which are its arguments.
    pub inputs: Vec<Input>,
    /// The dates between which rows are in force, if it has such columns.
    pub dates: Option<Domain>,
    /// The columns of its outputs.
    pub outputs: Vec<Output>,
    /// The record that a row is where it is taken whole, and its type; nothing where there is one output.
    pub row: Option<(RecordId, Arc<RecordType>)>,
    /// What cells ask that no domain tells.
    pub atoms: Vec<Atom>,
    /// The rows in order; the default one is the last.
    pub rows: Vec<Row>,
    /// Where its name stands.
    pub span: Span,
}

impl Table {
    /// The rows that say what they accept: all but the one that counts where none of them does.
    pub fn plain_rows(&self) -> &[Row] {
        match self.rows.split_last() {
            Some((last, others)) if last.is_default => others,
            _ => &self.rows,
        }
    }

    /// The row that counts where no other does.
    pub fn default_row(&self) -> Option<&Row> {
        self.rows.last().filter(|row| row.is_default)
    }

    /// The expressions that its cells hold: what is asked of inputs, and what comes out.
    pub fn expressions(&self) -> impl Iterator<Item = &Expr> {
        self.rows.iter().flat_map(|row| {
            let tests = row.tests.iter().map(|tests| &tests.when);
            tests.chain(row.outputs.iter().filter_map(Given::made))
        })
    }
}

/// What cells ask of an input that depends on more than its place among the constants of its column. An
/// analysis takes its answers as they come: it does not see how they hang together.
#[derive(Debug, Clone)]
pub struct Atom {
    /// The column.
    pub column: usize,
    /// What the column is compared with, or what is asked of it, as it is written.
    pub text: String,
    /// Whether the input is smaller, equal or larger; else it is so or not.
    pub is_order: bool,
}

impl Atom {
    /// The number of no, where it is asked whether something is so.
    pub const NO: Key = 1;
    /// The number of yes.
    pub const YES: Key = 2;

    /// The number of an order.
    pub fn of_order(order: Ordering) -> Key {
        match order {
            Ordering::Less => 1,
            Ordering::Equal => 2,
            Ordering::Greater => 3,
        }
    }

    /// The numbers of all answers.
    pub fn universe(&self) -> Ranges {
        Ranges::between(1, if self.is_order { 3 } else { 2 })
    }
}

/// A column of inputs.
#[derive(Debug, Clone)]
pub struct Input {
    /// The heading of the column, which is the name of the argument.
    pub name: String,
    /// What is looked up by; a missing value is an input where this is optional.
    pub ty: Type,
    /// Its values, as far as the rows tell them apart.
    pub domain: Domain,
    /// What cells read it by.
    pub local: LocalId,
    /// Whether the author wrote it in percent.
    pub percent: bool,
    /// Where it is declared.
    pub span: Span,
}

/// A column of outputs.
#[derive(Debug, Clone)]
pub struct Output {
    /// The heading of the column, by which a look-up picks it where there are several.
    pub name: String,
    /// The type of a cell; optional where the table may have no row.
    pub ty: Type,
    /// Whether the author wrote it in percent.
    pub percent: bool,
    /// Where it is declared.
    pub span: Span,
}

/// A row of a table.
#[derive(Debug, Clone)]
pub struct Row {
    /// What it accepts of each input, by the numbers in the input's domain; then its dates, if the
    /// table has such columns.
    pub accepts: Vec<Ranges>,
    /// From when until when it is in force, as far as it says so.
    pub dates: Dates,
    /// What it asks besides.
    pub tests: Option<Box<Tests>>,
    /// The cell of each output.
    pub outputs: Vec<Given>,
    /// Whether it counts only where no other row does.
    pub is_default: bool,
    /// Where it stands.
    pub span: Span,
}

/// What a row asks that the domains of its columns do not tell.
#[derive(Debug, Clone)]
pub struct Tests {
    /// All of it as one condition, for inputs that the cells accept besides.
    pub when: Expr,
    /// The answers that it accepts, for an analysis.
    pub answers: Vec<(usize, Ranges)>,
}

/// The cell of an output.
#[derive(Debug, Clone)]
pub enum Given {
    /// A value that is known at load.
    Constant(Constant),
    /// No value.
    Missing,
    /// What is made of the inputs.
    Made(Box<Expr>),
}

impl Given {
    /// The value, if it is known at load.
    pub fn constant(&self) -> Option<&Constant> {
        match self {
            Self::Constant(constant) => Some(constant),
            Self::Missing | Self::Made(_) => None,
        }
    }

    /// The expression, if it is one.
    pub fn made(&self) -> Option<&Expr> {
        match self {
            Self::Made(expr) => Some(expr),
            Self::Missing | Self::Constant(_) => None,
        }
    }
}

/// The time from which something is in force, and the one at which it ceases to be.
pub type Dates = (Option<Time>, Option<Time>);

/// The values of a column, as far as its cells tell them apart, each with a number: first the
/// missing one, then those that are there in their order.
#[derive(Debug, Clone)]
pub struct Domain {
    ty: Type,
    points: Points,
}

/// The number of a missing value.
pub const MISSING: Key = 0;
/// The number of the first value that is there.
const FIRST: Key = 1;

#[derive(Debug, Clone)]
enum Points {
    /// Values with others before, between and behind them: these have the odd numbers.
    Line(Vec<Constant>),
    /// Texts, and behind them any other.
    Texts(Vec<String>, FxHashMap<Box<str>, Key>),
    /// The members of an enum, and behind them any other name where the enum is open.
    Members(u32, bool),
    /// False and true.
    Truth,
}

/// What a number of a domain stands for.
#[derive(Debug, Clone)]
pub enum Stands<'d> {
    /// No value.
    Missing,
    /// A value that cells name.
    Point(Constant),
    /// Any value between two that cells name.
    Between(Option<&'d Constant>, Option<&'d Constant>),
    /// Any text, or name of an open enum, that no cell names.
    Other,
}

impl Domain {
    /// The domain of a type whose cells name some constants.
    pub fn new(ty: &Type, mut constants: Vec<Constant>) -> Self {
        let points = match ty.required() {
            Type::Bool => Points::Truth,
            Type::Enum(members) => {
                let count = u32::try_from(members.members.len()).unwrap_or(u32::MAX);
                Points::Members(count, members.open)
            }
            ty if ty.kind() == Some(Kind::Text) && ty.level() == Level::Nominal => {
                let texts = constants.into_iter().filter_map(|constant| match constant {
                    Constant::Text(text) => Some(text),
                    _ => None,
                });
                let mut texts: Vec<_> = texts.collect();
                texts.sort_unstable();
                texts.dedup();
                let keys = texts.iter().zip(FIRST..).map(|(text, key)| (text.as_str().into(), key));
                let keys = keys.collect();
                Points::Texts(texts, keys)
            }
            _ => {
                constants.sort_by(order);
                constants.dedup_by(|a, b| order(a, b).is_eq());
                Points::Line(constants)
            }
        };
        Self { ty: ty.clone(), points }
    }

    /// The number of the last value.
    fn last(&self) -> Key {
        let count = |length: usize| Key::try_from(length).unwrap_or(Key::MAX - 2);
        match &self.points {
            Points::Line(points) => FIRST + 2 * count(points.len()),
            Points::Texts(texts, _) => FIRST + count(texts.len()),
            Points::Members(members, open) => Key::from(*members) + Key::from(*open),
            Points::Truth => FIRST + 1,
        }
    }

    /// The values that cells name.
    pub fn named(&self) -> impl Iterator<Item = Constant> {
        (FIRST..=self.last()).filter_map(|number| match self.stands_for(number) {
            Stands::Point(constant) => Some(constant),
            _ => None,
        })
    }

    /// The texts that cells name, with their numbers.
    pub fn texts(&self) -> impl Iterator<Item = (Key, &str)> {
        let texts: &[String] = match &self.points {
            Points::Texts(texts, _) => texts,
            _ => &[],
        };
        (FIRST..).zip(texts.iter().map(String::as_str))
    }

    /// Whether a cell that accepts some numbers names a text: what it says of that is not what it says of
    /// any other.
    pub fn names(&self, accepts: &Ranges, text: Key) -> bool {
        let accepts = |key| accepts.meets(&Ranges::point(key));
        accepts(text) != accepts(self.last())
    }

    /// The number here of what a number of another domain of the type stands for, which tells at least
    /// as many values apart; `None` where that is no value at all.
    pub fn number_from(&self, other: &Self, number: Key) -> Option<Key> {
        Some(match other.stands_for(number) {
            Stands::Missing => MISSING,
            Stands::Point(constant) => self.number_of(&constant),
            Stands::Between(low, high) => self.number_of(&between(&self.ty, low, high)?),
            Stands::Other => self.last(),
        })
    }

    /// The numbers of all values that are there.
    pub fn present(&self) -> Ranges {
        Ranges::between(FIRST, self.last())
    }

    /// The numbers that stand for any value at all.
    pub fn universe(&self) -> Ranges {
        let numbers = (FIRST..=self.last()).filter(|number| match self.stands_for(*number) {
            Stands::Between(low, high) => between(&self.ty, low, high).is_some(),
            _ => true,
        });
        let present = match &self.points {
            Points::Line(_) => Ranges::points(numbers),
            _ => self.present(),
        };
        if self.ty.is_optional() { present.union(&Ranges::point(MISSING)) } else { present }
    }

    /// The number of a value.
    pub fn number(&self, value: &Value<'_>) -> Key {
        match (&self.points, value) {
            (_, Value::Missing) => MISSING,
            (Points::Truth, value) => FIRST + Key::from(value.is_true()),
            (Points::Members(..), Value::Member(position)) => FIRST + Key::from(*position),
            (Points::Texts(_, keys), Value::Text(text)) => {
                keys.get(text.as_ref()).copied().unwrap_or(self.last())
            }
            (Points::Line(points), value) => {
                match points.binary_search_by(|point| order_to(point, value)) {
                    Ok(at) => FIRST + 1 + 2 * Key::try_from(at).unwrap_or_default(),
                    Err(at) => FIRST + 2 * Key::try_from(at).unwrap_or_default(),
                }
            }
            // A name that an open enum does not list.
            _ => self.last(),
        }
    }

    /// The number of a constant that a cell names.
    pub fn number_of(&self, constant: &Constant) -> Key {
        constant.to_value().map_or(MISSING, |value| self.number(&value))
    }

    /// The values that cells name, but for those that the type names.
    pub fn points(&self) -> impl Iterator<Item = Value<'_>> {
        let (line, texts): (&[_], &[_]) = match &self.points {
            Points::Line(points) => (points, &[]),
            Points::Texts(texts, _) => (&[], texts),
            Points::Members(..) | Points::Truth => (&[], &[]),
        };
        let texts = texts.iter().map(|text| Value::Text(text.as_str().into()));
        line.iter().filter_map(Constant::to_value).chain(texts)
    }

    /// What a number stands for.
    pub fn stands_for(&self, number: Key) -> Stands<'_> {
        let Ok(at) = usize::try_from(number - FIRST) else { return Stands::Missing };
        match &self.points {
            Points::Truth => Stands::Point(Constant::Bool(at == 1)),
            Points::Members(count, _) => match u32::try_from(at) {
                Ok(member) if member < *count => Stands::Point(Constant::Member(member)),
                _ => Stands::Other,
            },
            Points::Texts(texts, _) => match texts.get(at) {
                Some(text) => Stands::Point(Constant::Text(text.clone())),
                None => Stands::Other,
            },
            Points::Line(points) => {
                let (before, behind) = (at / 2)
                    .checked_sub(1)
                    .map_or((None, at / 2), |before| (points.get(before), at / 2));
                match (at % 2, points.get(behind)) {
                    (1, Some(point)) => Stands::Point(point.clone()),
                    (_, behind) => Stands::Between(before, behind),
                }
            }
        }
    }
}

/// The order of two constants of one type.
fn order(a: &Constant, b: &Constant) -> Ordering {
    b.to_value().map_or(Ordering::Equal, |value| order_to(a, &value))
}

/// The order of a constant to a value of its type.
fn order_to(point: &Constant, value: &Value<'_>) -> Ordering {
    match (point, value) {
        (Constant::Number(a), Value::Number(b)) => a.cmp(b),
        (Constant::Date(a), Value::Date(b)) => a.cmp(b),
        (Constant::Time(a), Value::Time(b)) => a.cmp(b),
        (Constant::Duration(a), Value::Duration(b)) => a.cmp(b),
        (Constant::Period(a), Value::Period(b)) => a.cmp(b),
        (Constant::Text(a), Value::Text(b)) => version_order(a, b),
        (point, value) => {
            let point = point.to_value().and_then(|point| point.rational());
            point.zip(value.rational()).map_or(Ordering::Equal, |(point, value)| point.cmp(&value))
        }
    }
}
