//! The tree of a policy file, as written.
//!
//! Every node keeps its span. Nothing is resolved yet: names are texts, borrowed from the file.

mod calendar;
mod counter;
mod expression;
mod name;
mod named;
mod origin;
mod policy;
mod reading;
mod reads;
mod table;
mod text;
mod types;

use rulebook_base::source::{FileId, Span};

pub use calendar::{Calendar, CalendarItem, CalendarItemKind, DaysKind};
pub use counter::{Counter, Window};
pub use expression::{Comprehension, Each, Expr, ExprKind, Literal, Order};
pub use name::{Name, Path};
pub use named::Let;
pub use origin::{Origin, Source};
pub use policy::*;
pub use reading::{Phrase, PhrasePiece, Reading, ReadingPart};
pub use table::{Cell, CellKind, Column, ColumnKind, Grid, Row, Table};
pub use text::{Form, Piece, Template, Text, Texts};
pub use types::{Member, Members, TypeExpr, TypeKind};

/// The definitions of one `.policy` file.
#[derive(Debug, Clone)]
pub struct File<'s> {
    /// The number of the file among the [`Sources`](rulebook_base::source::Sources) of its rulebook.
    pub id: FileId,
    /// All that are well formed, in the order of the text; the others have been reported.
    pub definitions: Vec<Definition<'s>>,
}

/// A definition with its documentation.
#[derive(Debug, Clone)]
pub struct Definition<'s> {
    /// The lines of `///` above it.
    pub docs: Vec<&'s str>,
    /// From its keyword to its last token, without its documentation.
    pub span: Span,
    /// The definition itself, by its keyword.
    pub kind: DefinitionKind<'s>,
}

/// A definition of each keyword of the language.
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
    /// `calendar us { weekend saturday, sunday holidays from "us.csv" }`
    Calendar(Calendar<'s>),
    /// `table t by first { | a: number || b: number | … }`
    Table(Table<'s>),
    /// `policy p for R { … }` or `policy p amends q { … }`
    Policy(Policy<'s>),
}

impl<'s> DefinitionKind<'s> {
    /// The name by which the rest of the rulebook reads it; no two definitions share one.
    pub fn name(&self) -> &Name<'s> {
        match self {
            Self::Enum(node) => &node.name,
            Self::Record(node) => &node.name,
            Self::Parameter(node) => &node.name,
            Self::List(node) => &node.name,
            Self::Function(node) => &node.name,
            Self::Counter(node) => &node.name,
            Self::Calendar(node) => &node.name,
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
            Self::Calendar(_) => "calendar",
            Self::Table(_) => "table",
            Self::Policy(_) => "policy",
        }
    }
}

/// `enum NAME { a, b, .. }` or `enum NAME { a < b }`
#[derive(Debug, Clone)]
pub struct Enum<'s> {
    /// The type of the fields that hold one of its members.
    pub name: Name<'s>,
    /// What a value of it may be.
    pub members: Members<'s>,
}

/// `record NAME read … { field … }`
#[derive(Debug, Clone)]
pub struct Record<'s> {
    /// What policies are for, and fields of other records are of.
    pub name: Name<'s>,
    /// The fields by which one is known from all others; may be none.
    pub key: Vec<Name<'s>>,
    /// Between which of its fields a profile holds; without it, always.
    pub validity: Option<Validity<'s>>,
    /// In the order of the text; the input may have them in any other.
    pub fields: Vec<Field<'s>>,
    /// What policies on it read by name and the input does not hold, in the order of the text.
    pub lets: Vec<Let<'s>>,
    /// `read …`: how its fields are read that do not say it themselves.
    pub reading: Option<Reading<'s>>,
}

/// `valid from FIELD until FIELD`
#[derive(Debug, Clone)]
pub struct Validity<'s> {
    /// The field that tells from when a profile holds.
    pub from: Name<'s>,
    /// The field that tells until when; without it, until the next one of the same key.
    pub until: Option<Name<'s>>,
}

/// `name: TYPE rounded to DIGITS by path.to.key fixed = default as "column" read … title "…"`
#[derive(Debug, Clone)]
pub struct Field<'s> {
    /// What policies call it; the input may call it so, too, whether or not there is an alias.
    pub name: Name<'s>,
    /// What the input must hold there, unless it may lack it.
    pub ty: TypeExpr<'s>,
    /// `rounded to DIGITS`: to how many digits after the point the numbers of the input are rounded.
    pub rounding: Option<Expr<'s>>,
    /// `by path.to.key`: the key by which a profile is looked up where the input holds no such record.
    pub join: Option<Path<'s>>,
    /// `fixed`: nobody can change it, so that no change of it is told.
    pub fixed: bool,
    /// `= value`: what it reads as where the input lacks it.
    pub default: Option<Expr<'s>>,
    /// `as "column"`: another name that the input may have for it.
    pub alias: Option<Text<'s>>,
    /// `read …`: how the input has it.
    pub reading: Option<Reading<'s>>,
    /// `title "…"`: what people call it.
    pub title: Option<Texts<'s>>,
    /// From its name to its last token.
    pub span: Span,
}

/// `parameter NAME: TYPE = value` or with values by date
#[derive(Debug, Clone)]
pub struct Parameter<'s> {
    /// What policies read it by, and `--set NAME=VALUE` sets it by.
    pub name: Name<'s>,
    /// Of every value that it has.
    pub ty: TypeExpr<'s>,
    /// The value, or the values by date.
    pub value: ParameterValue<'s>,
    /// What people call it.
    pub title: Option<Texts<'s>>,
    /// Where the value (or, for dated values, all of them) comes from.
    pub origins: Vec<Origin<'s>>,
}

/// The value of a parameter, or its values by date.
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
    /// The time from which it holds, up to the next; before the first the parameter has no value.
    pub from: Expr<'s>,
    /// What the parameter is from then on.
    pub value: Expr<'s>,
    /// Who published or assumed this value, beside the origins of the parameter; may be empty.
    pub origins: Vec<Origin<'s>>,
}

/// `list NAME: TYPE = […]` or `from "file"`
#[derive(Debug, Clone)]
pub struct ListDefinition<'s> {
    /// What `in NAME` reads it by.
    pub name: Name<'s>,
    /// The type of each item.
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
    /// What calls name it by; a script must define a function of this name.
    pub name: Name<'s>,
    /// In the order in which calls give them.
    pub arguments: Vec<Argument<'s>>,
    /// What a call is of.
    pub result: TypeExpr<'s>,
    /// An expression, or the script that works it out.
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
    /// What the body reads it by.
    pub name: Name<'s>,
    /// What a call must give for it.
    pub ty: TypeExpr<'s>,
}
