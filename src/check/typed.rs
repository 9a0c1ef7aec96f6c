//! The typed tree: what the checker hands on. No names are left to resolve, no types to infer.

use std::sync::Arc;

use regex::Regex;
use smallvec::SmallVec;

use crate::lang::combiner::Combiner;
use crate::lang::signature::Signature;
use crate::model::{Date, Duration, EnumType, Number, Period, Time, Type, Value};
use crate::source::Span;
pub use crate::syntax::ast::Effect;

/// A rulebook without names and type errors.
#[derive(Debug, Default)]
pub struct Checked {
    /// Every record.
    pub records: Vec<Record>,
    /// Every parameter.
    pub parameters: Vec<Parameter>,
    /// Every list.
    pub lists: Vec<List>,
    /// Every function.
    pub functions: Vec<Function>,
    /// Every policy.
    pub policies: Vec<Policy>,
}

macro_rules! ids {
    ($($name:ident $doc:literal)*) => {
        $(#[doc = $doc]
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(pub u32);

        impl $name {
            /// The position in its table.
            pub fn index(self) -> usize {
                self.0 as usize
            }

            /// The id of a position in its table.
            pub fn at(position: usize) -> Self {
                Self(u32::try_from(position).unwrap_or(u32::MAX))
            }
        })*
    };
}

ids! {
    RecordId "A record."
    ParameterId "A parameter."
    ListId "A list."
    FunctionId "A function."
    LocalId "An argument of a function or the variable of a comprehension."
    DecisionId "A decision of a policy."
    RuleId "A rule of a policy."
}

/// A record and its fields.
#[derive(Debug, Clone)]
pub struct Record {
    /// The name.
    pub name: Arc<str>,
    /// The fields in order.
    pub fields: Vec<Field>,
    /// Where it is defined.
    pub span: Span,
}

/// A field of a record.
#[derive(Debug, Clone)]
pub struct Field {
    /// The name.
    pub name: String,
    /// The type.
    pub ty: Type,
    /// The value where the input has none.
    pub default: Option<Constant>,
    /// Another name in the input.
    pub alias: Option<String>,
}

/// A parameter and its values.
#[derive(Debug, Clone)]
pub struct Parameter {
    /// The name.
    pub name: String,
    /// The type.
    pub ty: Type,
    /// The values in the order of their dates; the first has no date if the value is fixed.
    pub values: Vec<ParameterValue>,
    /// Whether the author wrote it in percent.
    pub percent: bool,
    /// Whether somebody assumed the value.
    pub assumed: bool,
    /// Where it is defined.
    pub span: Span,
}

/// A value of a parameter from a time on.
#[derive(Debug, Clone)]
pub struct ParameterValue {
    /// From when; `None` for always.
    pub from: Option<Time>,
    /// The value.
    pub value: Constant,
}

/// A named list.
#[derive(Debug, Clone)]
pub struct List {
    /// The name.
    pub name: String,
    /// The type of an item.
    pub ty: Type,
    /// The items.
    pub items: Vec<Constant>,
}

/// A function by expression.
#[derive(Debug, Clone)]
pub struct Function {
    /// The name.
    pub name: String,
    /// The arguments in order.
    pub arguments: Vec<(LocalId, Type)>,
    /// The type of the result.
    pub result: Type,
    /// The expression that gives it.
    pub body: Expr,
}

/// A policy.
#[derive(Debug, Clone)]
pub struct Policy {
    /// The name.
    pub name: String,
    /// What it is about.
    pub title: Option<Texts>,
    /// The lines of documentation above it.
    pub docs: Vec<String>,
    /// On whose authority.
    pub sources: Vec<Citation>,
    /// When it was published.
    pub announced: Option<Date>,
    /// The record that it judges.
    pub record: RecordId,
    /// The time that picks what is in force; `now` if there is none.
    pub dated: Option<Place>,
    /// Its decisions in order.
    pub decisions: Vec<Decision>,
    /// Its rules in order.
    pub rules: Vec<Rule>,
    /// The values of decisions that fault, and why.
    pub on_fault: Vec<(DecisionId, Expr)>,
    /// The reason for those values.
    pub fault_reason: Option<Texts>,
    /// Where its name stands.
    pub span: Span,
}

/// Where something comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Citation {
    /// The citation.
    pub text: String,
    /// Where to read it.
    pub url: Option<String>,
}

/// A decision of a policy.
#[derive(Debug, Clone)]
pub struct Decision {
    /// The name.
    pub name: String,
    /// The type of one outcome.
    pub ty: Type,
    /// How outcomes become one.
    pub combiner: Combiner,
    /// The value where no rule fires.
    pub otherwise: Option<Expr>,
    /// The reason for that value.
    pub because: Option<Texts>,
}

/// A rule of a policy.
#[derive(Debug, Clone)]
pub struct Rule {
    /// The name.
    pub name: String,
    /// What it says, in short.
    pub title: Option<Texts>,
    /// The lines of documentation above it.
    pub docs: Vec<String>,
    /// On whose authority.
    pub sources: Vec<Citation>,
    /// The time that picks whether it is in force, where it differs from the policy's.
    pub dated: Option<Place>,
    /// Its phases in the order of their dates; none means always.
    pub phases: Vec<Phase>,
    /// When it ends.
    pub until: Option<Time>,
    /// What must hold.
    pub when: Option<Expr>,
    /// What must not hold.
    pub unless: Option<Expr>,
    /// The rules that count as not fired while it fires.
    pub overrides: Vec<RuleId>,
    /// The decisions that it sets.
    pub sets: Vec<(DecisionId, Expr)>,
    /// What it requires.
    pub requires: Vec<Require>,
    /// Why.
    pub because: Option<Texts>,
    /// Where its name stands.
    pub span: Span,
}

/// A phase of a rule.
#[derive(Debug, Clone)]
pub struct Phase {
    /// From when.
    pub from: Time,
    /// What the rule does when it fires.
    pub effect: Effect,
    /// The share and the key of a cohort.
    pub cohort: Option<(Expr, Expr)>,
    /// For which records.
    pub filter: Option<Expr>,
    /// Where the phase stands.
    pub span: Span,
}

/// An obligation.
#[derive(Debug, Clone)]
pub struct Require {
    /// Its name.
    pub name: String,
    /// How long there is.
    pub within: Option<Expr>,
    /// From when.
    pub of: Option<Expr>,
}

/// A text by language.
#[derive(Debug, Clone)]
pub struct Texts {
    /// Language and text, in the author's order.
    pub variants: Vec<(String, Vec<Piece>)>,
}

/// A part of a text.
#[derive(Debug, Clone)]
pub enum Piece {
    /// Text as it is.
    Text(String),
    /// A value, and whether it prints in percent.
    Value(Expr, bool),
}

/// A typed expression.
#[derive(Debug, Clone)]
pub struct Expr {
    /// Where it stands.
    pub span: Span,
    /// Its type.
    pub ty: Type,
    /// What it is.
    pub kind: Kind,
}

/// What a typed expression is.
#[derive(Debug, Clone)]
pub enum Kind {
    /// A value known at load.
    Constant(Constant),
    /// A field of the record, or of a local.
    Place(Place),
    /// The value of a parameter.
    Parameter(ParameterId),
    /// A named list.
    List(ListId),
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
    /// A comprehension.
    Comprehension(Box<Comprehension>),
    /// A number or a member of an enum as the text that cohorts are drawn by.
    Key(Box<Expr>),
    /// What is wrong already.
    Wrong,
}

/// `value in low ..< high`
#[derive(Debug, Clone)]
pub struct Range {
    /// The value.
    pub value: Expr,
    /// The low end, which belongs to the range.
    pub low: Expr,
    /// The high end.
    pub high: Expr,
    /// Whether the high end belongs to the range.
    pub closed: bool,
    /// Whether the value must lie outside.
    pub negated: bool,
}

/// `kind(v in xs where c: e)`
#[derive(Debug, Clone)]
pub struct Comprehension {
    /// Which.
    pub kind: ComprehensionKind,
    /// The variable.
    pub variable: LocalId,
    /// The list.
    pub list: Expr,
    /// Which elements count.
    pub filter: Option<Expr>,
    /// What to take of each.
    pub body: Option<Expr>,
}

/// Which comprehension.
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
    /// The smallest body.
    Min,
    /// The largest body.
    Max,
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

/// A value known at load.
#[derive(Debug, Clone)]
pub enum Constant {
    /// True or false.
    Bool(bool),
    /// A number or an amount.
    Number(Number),
    /// A text or a url.
    Text(String),
    /// A day.
    Date(Date),
    /// An instant.
    Time(Time),
    /// An exact length of time.
    Duration(Duration),
    /// Months.
    Period(Period),
    /// A member of an enum.
    Member(u32),
    /// Several.
    List(Vec<Constant>),
    /// A regular expression.
    Pattern(Regex),
}

impl Constant {
    /// The constant as a value; `None` for a list, which needs a store.
    pub fn to_value(&self) -> Option<Value<'_>> {
        Some(match self {
            Self::Bool(value) => Value::Bool(*value),
            Self::Number(value) => Value::Number(*value),
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
    /// An expression that is wrong already.
    pub fn wrong(span: Span) -> Self {
        Self { span, ty: Type::Unknown, kind: Kind::Wrong }
    }

    /// The constant, if the expression is one.
    pub fn constant(&self) -> Option<&Constant> {
        match &self.kind {
            Kind::Constant(constant) => Some(constant),
            _ => None,
        }
    }

    /// Calls `visit` on this expression and all within it.
    pub fn walk(&self, visit: &mut dyn FnMut(&Expr)) {
        visit(self);
        match &self.kind {
            Kind::Constant(_)
            | Kind::Place(_)
            | Kind::Parameter(_)
            | Kind::List(_)
            | Kind::Now
            | Kind::Wrong => {}
            Kind::Call(_, items) | Kind::And(items) | Kind::Or(items) | Kind::Apply(_, items) => {
                items.iter().for_each(|item| item.walk(visit));
            }
            Kind::Coalesce(a, b) | Kind::InList(a, b, _) => {
                a.walk(visit);
                b.walk(visit);
            }
            Kind::Choice(branches, otherwise) => {
                for (condition, value) in branches {
                    condition.walk(visit);
                    value.walk(visit);
                }
                otherwise.walk(visit);
            }
            Kind::Presence(inner, _) | Kind::Key(inner) | Kind::Not(inner) => inner.walk(visit),
            Kind::AnyOf(value, items, _) => {
                value.walk(visit);
                items.iter().for_each(|item| item.walk(visit));
            }
            Kind::InRange(range) => {
                [&range.value, &range.low, &range.high].iter().for_each(|e| e.walk(visit));
            }
            Kind::Comprehension(inner) => {
                inner.list.walk(visit);
                inner.filter.iter().chain(&inner.body).for_each(|e| e.walk(visit));
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
