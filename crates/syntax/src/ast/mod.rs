//! The tree of a policy file, as written.
//!
//! Every node keeps its span. Nothing is resolved yet: names are texts, borrowed from the file.

mod counter;
mod expression;
mod policy;
mod reads;
mod table;

use std::borrow::Cow;

use rulebook_base::source::{FileId, Span};

pub use counter::{Counter, Measure, Window};
pub use expression::{Comprehension, Expr, ExprKind, Literal};
pub use policy::*;
pub use table::{Cell, CellKind, Column, ColumnKind, Grid, Row, Table};

/// A name and where it stands.
#[derive(Debug, Clone)]
pub struct Name<'s> {
    /// The name itself.
    pub text: &'s str,
    /// Where it stands.
    pub span: Span,
}

/// One file.
#[derive(Debug, Clone)]
pub struct File<'s> {
    /// Which file.
    pub id: FileId,
    /// Its definitions in order.
    pub definitions: Vec<Definition<'s>>,
}

/// A definition with its documentation.
#[derive(Debug, Clone)]
pub struct Definition<'s> {
    /// The lines of `///` above it.
    pub docs: Vec<&'s str>,
    /// All of it, without its documentation.
    pub span: Span,
    /// What it defines.
    pub kind: DefinitionKind<'s>,
}

/// What a definition defines.
#[derive(Debug, Clone)]
pub enum DefinitionKind<'s> {
    /// `enum Claim { a, b, .. }`
    Enum(Enum<'s>),
    /// `record Order { id: text }`
    Record(Record<'s>),
    /// `parameter score: number = 4.8`
    Parameter(Parameter<'s>),
    /// `list sites: text = ["a"]` or `from "file"`
    List(ListDefinition<'s>),
    /// `fn f(a: number) -> bool = a > 3`
    Function(Function<'s>),
    /// `counter c = count of R by key within 30 days`
    Counter(Box<Counter<'s>>),
    /// `table t by first { | a: number || b: number | … }`
    Table(Table<'s>),
    /// `policy p for R { … }` or `policy p amends q { … }`
    Policy(Policy<'s>),
}

impl<'s> DefinitionKind<'s> {
    /// The name that is defined.
    pub fn name(&self) -> &Name<'s> {
        match self {
            Self::Enum(node) => &node.name,
            Self::Record(node) => &node.name,
            Self::Parameter(node) => &node.name,
            Self::List(node) => &node.name,
            Self::Function(node) => &node.name,
            Self::Counter(node) => &node.name,
            Self::Table(node) => &node.name,
            Self::Policy(node) => &node.name,
        }
    }

    /// The word that starts the definition.
    pub fn keyword(&self) -> &'static str {
        match self {
            Self::Enum(_) => "enum",
            Self::Record(_) => "record",
            Self::Parameter(_) => "parameter",
            Self::List(_) => "list",
            Self::Function(_) => "fn",
            Self::Counter(_) => "counter",
            Self::Table(_) => "table",
            Self::Policy(_) => "policy",
        }
    }
}

/// `enum NAME { a, b, .. }` or `enum NAME { a < b }`
#[derive(Debug, Clone)]
pub struct Enum<'s> {
    /// The name.
    pub name: Name<'s>,
    /// The members.
    pub members: Members<'s>,
}

/// The members of an enum.
#[derive(Debug, Clone)]
pub struct Members<'s> {
    /// Their names.
    pub names: Vec<Name<'s>>,
    /// Whether they stand in an order: `a < b`.
    pub ordered: bool,
    /// Whether other names are allowed: `..`.
    pub open: bool,
}

/// `record NAME { field … }`
#[derive(Debug, Clone)]
pub struct Record<'s> {
    /// The name.
    pub name: Name<'s>,
    /// The fields in order.
    pub fields: Vec<Field<'s>>,
}

/// `name: TYPE by path.to.key = default as "column"`
#[derive(Debug, Clone)]
pub struct Field<'s> {
    /// The name.
    pub name: Name<'s>,
    /// The type.
    pub ty: TypeExpr<'s>,
    /// The key of the profile that stands where the input has none.
    pub join: Option<Path<'s>>,
    /// The value where the input has none.
    pub default: Option<Expr<'s>>,
    /// The name in the input.
    pub alias: Option<Text<'s>>,
    /// All of it.
    pub span: Span,
}

/// A type as written.
#[derive(Debug, Clone)]
pub struct TypeExpr<'s> {
    /// Which type.
    pub kind: TypeKind<'s>,
    /// Whether a `?` follows.
    pub optional: bool,
    /// All of it.
    pub span: Span,
}

/// Which type is written.
#[derive(Debug, Clone)]
pub enum TypeKind<'s> {
    /// `number`, `CNY`, `Order`
    Named(&'s str),
    /// `list of T`
    List(Box<TypeExpr<'s>>),
    /// `a | b` or `a < b`
    InPlace(Members<'s>),
}

/// `parameter NAME: TYPE = value` or with values by date
#[derive(Debug, Clone)]
pub struct Parameter<'s> {
    /// The name.
    pub name: Name<'s>,
    /// The type.
    pub ty: TypeExpr<'s>,
    /// The value, or the values by date.
    pub value: ParameterValue<'s>,
    /// Where the value (or, for dated values, all of them) comes from.
    pub origins: Vec<Origin<'s>>,
}

/// The value of a parameter.
#[derive(Debug, Clone)]
pub enum ParameterValue<'s> {
    /// `= value`
    Fixed(Expr<'s>),
    /// `{ from DATE: value … }`
    Dated(Vec<DatedValue<'s>>),
}

/// `from DATE: value`
#[derive(Debug, Clone)]
pub struct DatedValue<'s> {
    /// From when.
    pub from: Expr<'s>,
    /// The value.
    pub value: Expr<'s>,
    /// Where it comes from.
    pub origins: Vec<Origin<'s>>,
}

/// Where a value or a rule comes from.
#[derive(Debug, Clone)]
pub enum Origin<'s> {
    /// `source "…" url "…"`
    Source(Source<'s>),
    /// `assumed "why"`
    Assumed(Text<'s>),
}

/// `source "…" url "…"`
#[derive(Debug, Clone)]
pub struct Source<'s> {
    /// The citation.
    pub text: Text<'s>,
    /// Where to read it.
    pub url: Option<Text<'s>>,
}

/// `list NAME: TYPE = […]` or `from "file"`
#[derive(Debug, Clone)]
pub struct ListDefinition<'s> {
    /// The name.
    pub name: Name<'s>,
    /// The type of an item.
    pub ty: TypeExpr<'s>,
    /// The items, or the file that holds them.
    pub items: ListItems<'s>,
}

/// Where the items of a list stand.
#[derive(Debug, Clone)]
pub enum ListItems<'s> {
    /// `= […]`
    InPlace(Expr<'s>),
    /// `from "file"`
    File(Text<'s>),
}

/// `fn NAME(argument: TYPE) -> TYPE = body` or `fn NAME(argument: TYPE) -> TYPE from "file"`
#[derive(Debug, Clone)]
pub struct Function<'s> {
    /// The name.
    pub name: Name<'s>,
    /// The arguments in order.
    pub arguments: Vec<Argument<'s>>,
    /// The type of the result.
    pub result: TypeExpr<'s>,
    /// What gives it.
    pub body: FunctionBody<'s>,
}

/// What gives the result of a function.
#[derive(Debug, Clone)]
pub enum FunctionBody<'s> {
    /// `= expression`
    Expression(Expr<'s>),
    /// `from "file"`
    Script(Text<'s>),
}

/// `name: TYPE`
#[derive(Debug, Clone)]
pub struct Argument<'s> {
    /// The name.
    pub name: Name<'s>,
    /// The type.
    pub ty: TypeExpr<'s>,
}

/// `a.b.c`
#[derive(Debug, Clone)]
pub struct Path<'s> {
    /// The names from left to right.
    pub names: Vec<Name<'s>>,
    /// All of it.
    pub span: Span,
}

/// A plain text.
#[derive(Debug, Clone)]
pub struct Text<'s> {
    /// The text without quotes and escapes.
    pub value: Cow<'s, str>,
    /// The text with its quotes.
    pub span: Span,
}

/// A text in one or several languages, with placeholders.
#[derive(Debug, Clone)]
pub struct Texts<'s> {
    /// The text by language; no language means the rulebook's first.
    pub variants: Vec<(Option<Name<'s>>, Template<'s>)>,
    /// All of it.
    pub span: Span,
}

/// A text with placeholders.
#[derive(Debug, Clone)]
pub struct Template<'s> {
    /// Texts and placeholders in order.
    pub pieces: Vec<Piece<'s>>,
    /// The text with its quotes.
    pub span: Span,
}

/// A part of a template.
#[derive(Debug, Clone)]
pub enum Piece<'s> {
    /// Text as it is.
    Text(Cow<'s, str>),
    /// `{expr}`
    Value(Expr<'s>),
}
