//! Typed expressions, places and constants.

use std::collections::HashSet;
use std::sync::Arc;

use smallvec::SmallVec;

use super::{
    CounterId, DecisionId, FunctionId, LetId, ListId, LocalId, ParameterId, PolicyId, RecordId,
    TableId,
};
use rulebook_base::source::Span;
use rulebook_lang::combiner::Combiner;
use rulebook_lang::fold::Fold;
use rulebook_lang::model::{
    Date, Duration, EnumType, Fraction, Number, Pattern, Period, Time, Type, Value,
};
use rulebook_lang::signature::Signature;

/// An expression of which the type is known.
#[derive(Debug, Clone)]
pub struct Expr {
    /// Where it stands.
    pub span: Span,
    /// What it gives; unknown only where something in it has been reported.
    pub ty: Type,
    /// How it comes to its value.
    pub kind: Kind,
}

/// What a typed expression is.
#[derive(Debug, Clone)]
pub enum Kind {
    /// A value that is worked out at load.
    Constant(Constant),
    /// No value, where one may be missing.
    Missing,
    /// A field of the record, or of a local.
    Place(Place),
    /// A decision of a policy on the record.
    Decision(PolicyId, DecisionId),
    /// A named value, with what it stands for.
    Let(LetId, Arc<Expr>),
    /// All that a policy decided about the elements of a list.
    Elements(PolicyId),
    /// The value of a parameter.
    Parameter(ParameterId),
    /// A list that the rulebook names.
    List(ListId),
    /// The value of a counter for the record that is judged.
    Counter(CounterId),
    /// The time of the evaluation.
    Now,
    /// An operator or a function of the language.
    Call(&'static Signature, Vec<Expr>),
    /// True when the operand is false.
    Not(Box<Expr>),
    /// Whether a list holds a value (or does not).
    InList(Box<Expr>, Box<Expr>, bool),
    /// True when all are.
    And(Vec<Expr>),
    /// True when one is.
    Or(Vec<Expr>),
    /// The second where the first is missing.
    Coalesce(Box<Expr>, Box<Expr>),
    /// The value behind the first condition that holds.
    Choice(Vec<(Expr, Expr)>, Box<Expr>),
    /// Whether the value is there (or not there).
    Presence(Box<Expr>, bool),
    /// Whether the first is one of the others (or not).
    AnyOf(Box<Expr>, Vec<Expr>, bool),
    /// Whether a value lies in a range (or not).
    InRange(Box<Range>),
    /// A function of the rulebook.
    Apply(FunctionId, Vec<Expr>),
    /// An output of a table, by its number; a table that counts has none.
    LookUp(TableId, u32, Vec<Expr>),
    /// What the elements of a list come to together.
    Comprehension(Box<Comprehension>),
    /// A list of values of which not all are known at load.
    Items(Vec<Expr>),
    /// A record that is made of the values of its fields, in their order; of some, nothing.
    Record(RecordId, Vec<Option<Expr>>),
    /// Records that are made of a list for each of their fields, element by element.
    Rows(RecordId, Vec<Expr>),
    /// A field of a record that lies at no place, by its position.
    Field(Box<Expr>, u32),
    /// A number or a member of an enum as the text that cohorts are drawn by.
    Key(Box<Expr>),
    /// The operand, or nothing where it is a fault.
    Try(Box<Expr>),
    /// Stands where something is wrong that has been reported.
    Wrong,
}

/// `value in low ..< high`
#[derive(Debug, Clone)]
pub struct Range {
    /// What is looked for in it.
    pub value: Expr,
    /// The low end, which belongs to the range.
    pub low: Expr,
    /// The high end, which `closed` says more of.
    pub high: Expr,
    /// Whether the high end belongs to the range.
    pub closed: bool,
    /// Whether the value must lie outside.
    pub negated: bool,
}

/// `kind(v in xs where c: e)`
#[derive(Debug, Clone)]
pub struct Comprehension {
    /// What the elements come to.
    pub kind: ComprehensionKind,
    /// The local that is each element in turn.
    pub variable: LocalId,
    /// Whose elements are gone through.
    pub list: Expr,
    /// Which elements count; all where there is none.
    pub filter: Option<Expr>,
    /// What to take of each; nothing where they are only counted.
    pub body: Option<Expr>,
}

/// What the elements of a list come to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ComprehensionKind {
    /// Whether the body holds for one.
    Any,
    /// Whether the body holds for each.
    All,
    /// How many there are.
    Count,
    /// The sum of the bodies.
    Sum,
    /// The smallest body; missing where no element counts.
    Min,
    /// The largest body; missing where no element counts.
    Max,
    /// The list of the bodies.
    List,
    /// The lists that the bodies are, one behind the other.
    Joined,
    /// The elements in the order of the bodies.
    Sorted {
        /// Whether the largest comes first.
        descending: bool,
    },
}

impl ComprehensionKind {
    /// The comprehension with this name.
    pub fn from_name(name: &str) -> Option<Self> {
        Some(match name {
            "any" => Self::Any,
            "all" => Self::All,
            "count" => Self::Count,
            "sum" => Self::Sum,
            "min" => Self::Min,
            "max" => Self::Max,
            "sorted" => Self::Sorted { descending: false },
            _ => return None,
        })
    }

    /// Whether what comes of it is a list.
    pub fn makes(self) -> bool {
        matches!(self, Self::List | Self::Joined | Self::Sorted { .. })
    }

    /// How the bodies become one value, where they do as outcomes of rules and rows of tables do.
    pub fn fold(self) -> Option<Fold> {
        Some(match self {
            Self::Sum => Combiner::Total.fold(),
            Self::Min => Combiner::Smallest.fold(),
            Self::Max => Combiner::Largest.fold(),
            _ => return None,
        })
    }
}

/// Where a place starts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Root {
    /// The record that is judged.
    Record,
    /// An argument or a variable.
    Local(LocalId),
}

/// A path of fields from a root; no fields means the root itself.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Place {
    /// Where it starts.
    pub root: Root,
    /// The positions of the fields, each in its record.
    pub fields: Fields,
}

/// The positions of fields, of which paths have few.
pub type Fields = SmallVec<[u32; 4]>;

/// A value that is worked out at load.
#[derive(Debug, Clone)]
pub enum Constant {
    /// True or false.
    Bool(bool),
    /// A number or an amount.
    Number(Number),
    /// One that a calculation of constants gives, and no number is.
    Fraction(Fraction),
    /// A text or a url.
    Text(String),
    /// A day of the calendar, in no zone.
    Date(Date),
    /// An instant, the same everywhere.
    Time(Time),
    /// An exact length of time.
    Duration(Duration),
    /// A length of time in months, whose days the calendar says.
    Period(Period),
    /// A member of an enum.
    Member(u32),
    /// Several.
    List(Vec<Constant>),
    /// A regular expression, compiled.
    Pattern(Pattern),
}

impl Constant {
    /// The text, if it is one.
    pub fn text(&self) -> Option<&str> {
        match self {
            Self::Text(text) => Some(text),
            _ => None,
        }
    }

    /// The constant as a value; `None` for a list, which needs a store.
    pub fn to_value(&self) -> Option<Value<'_>> {
        Some(match self {
            Self::Bool(value) => Value::Bool(*value),
            Self::Number(value) => Value::Number(*value),
            Self::Fraction(value) => Value::Fraction(*value),
            Self::Text(value) => Value::Text(value.as_str().into()),
            Self::Date(value) => Value::Date(*value),
            Self::Time(value) => Value::Time(*value),
            Self::Duration(value) => Value::Duration(*value),
            Self::Period(value) => Value::Period(*value),
            Self::Member(value) => Value::Member(*value),
            Self::Pattern(value) => Value::Pattern(value),
            Self::List(_) => return None,
        })
    }

    /// A single value as a constant.
    pub fn from_value(value: &Value<'_>) -> Option<Self> {
        Some(match value {
            Value::Bool(value) => Self::Bool(*value),
            Value::Number(value) => Self::Number(*value),
            Value::Fraction(value) => Self::Fraction(*value),
            Value::Text(value) => Self::Text(value.to_string()),
            Value::Date(value) => Self::Date(*value),
            Value::Time(value) => Self::Time(*value),
            Value::Duration(value) => Self::Duration(*value),
            Value::Period(value) => Self::Period(*value),
            Value::Member(value) => Self::Member(*value),
            Value::Missing | Value::List(_) | Value::Record(_) | Value::Pattern(_) => return None,
        })
    }
}

impl Expr {
    /// The constant, if the expression is one.
    pub fn constant(&self) -> Option<&Constant> {
        match &self.kind {
            Kind::Constant(constant) => Some(constant),
            _ => None,
        }
    }

    /// The expression itself, or what stands behind the name that it is.
    pub fn through(&self) -> &Expr {
        match &self.kind {
            Kind::Let(_, value) => value.through(),
            _ => self,
        }
    }

    /// Calls `visit` on this expression and all within it, and on what stands behind each name, once.
    pub fn walk_through<'e>(&'e self, visit: &mut dyn FnMut(&'e Expr)) {
        fn go<'e>(expr: &'e Expr, seen: &mut HashSet<LetId>, visit: &mut dyn FnMut(&'e Expr)) {
            visit(expr);
            if let Kind::Let(id, value) = &expr.kind
                && seen.insert(*id)
            {
                go(value, seen, visit);
            }
            expr.children(&mut |child| go(child, seen, visit));
        }
        go(self, &mut HashSet::new(), visit);
    }

    /// The names whose values this expression reads by itself, each once.
    pub fn lets(&self) -> Vec<LetId> {
        let mut lets = Vec::new();
        self.walk(&mut |inner| {
            if let Kind::Let(id, _) = &inner.kind
                && !lets.contains(id)
            {
                lets.push(*id);
            }
        });
        lets
    }

    /// Calls `visit` on this expression and all within it; what stands behind a name is not within it.
    pub fn walk<'e>(&'e self, visit: &mut dyn FnMut(&'e Expr)) {
        visit(self);
        self.children(&mut |child| child.walk(visit));
    }

    /// Calls `visit` on the expressions that it is made of, in the order in which they are written.
    pub fn children<'e>(&'e self, visit: &mut dyn FnMut(&'e Expr)) {
        match &self.kind {
            Kind::Constant(_)
            | Kind::Place(_)
            | Kind::Decision(..)
            | Kind::Let(..)
            | Kind::Elements(_)
            | Kind::Parameter(_)
            | Kind::List(_)
            | Kind::Counter(_)
            | Kind::Now
            | Kind::Missing
            | Kind::Wrong => {}
            Kind::Call(_, items)
            | Kind::And(items)
            | Kind::Or(items)
            | Kind::Apply(_, items)
            | Kind::Items(items)
            | Kind::Rows(_, items)
            | Kind::LookUp(_, _, items) => items.iter().for_each(visit),
            Kind::Coalesce(a, b) | Kind::InList(a, b, _) => {
                visit(a);
                visit(b);
            }
            Kind::Choice(branches, otherwise) => {
                for (condition, value) in branches {
                    visit(condition);
                    visit(value);
                }
                visit(otherwise);
            }
            Kind::Record(_, items) => items.iter().flatten().for_each(visit),
            Kind::Presence(inner, _)
            | Kind::Key(inner)
            | Kind::Try(inner)
            | Kind::Not(inner)
            | Kind::Field(inner, _) => visit(inner),
            Kind::AnyOf(value, items, _) => {
                visit(value);
                items.iter().for_each(visit);
            }
            Kind::InRange(range) => {
                [&range.value, &range.low, &range.high].into_iter().for_each(visit);
            }
            Kind::Comprehension(inner) => {
                visit(&inner.list);
                inner.filter.iter().chain(&inner.body).for_each(visit);
            }
        }
    }
}

/// The members of the enum that a type is, if it is one.
pub fn enum_of(ty: &Type) -> Option<&Arc<EnumType>> {
    match ty.required() {
        Type::Enum(members) => Some(members),
        _ => None,
    }
}
