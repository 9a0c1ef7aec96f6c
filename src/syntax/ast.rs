//! The tree of a policy file, as written.
//!
//! Every node keeps its span. Nothing is resolved yet: names are texts, borrowed from the file.

use std::borrow::Cow;

use crate::lang::operator::{Binary, Prefix};
use crate::source::{FileId, Span};

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
    /// `policy p for R { … }`
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

/// `name: TYPE = default as "column"`
#[derive(Debug, Clone)]
pub struct Field<'s> {
    /// The name.
    pub name: Name<'s>,
    /// The type.
    pub ty: TypeExpr<'s>,
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

/// `fn NAME(argument: TYPE) -> TYPE = body`
#[derive(Debug, Clone)]
pub struct Function<'s> {
    /// The name.
    pub name: Name<'s>,
    /// The arguments in order.
    pub arguments: Vec<Argument<'s>>,
    /// The type of the result.
    pub result: TypeExpr<'s>,
    /// The expression that gives it.
    pub body: Expr<'s>,
}

/// `name: TYPE`
#[derive(Debug, Clone)]
pub struct Argument<'s> {
    /// The name.
    pub name: Name<'s>,
    /// The type.
    pub ty: TypeExpr<'s>,
}

/// `policy NAME for RECORD dated by PATH { item … }`
#[derive(Debug, Clone)]
pub struct Policy<'s> {
    /// The name.
    pub name: Name<'s>,
    /// The record that it judges.
    pub record: Name<'s>,
    /// The time that picks what is in force.
    pub dated_by: Option<Path<'s>>,
    /// What stands in its braces, in order.
    pub items: Vec<Item<'s>>,
}

/// One thing in a policy.
#[derive(Debug, Clone)]
pub struct Item<'s> {
    /// The lines of `///` above it.
    pub docs: Vec<&'s str>,
    /// All of it, without its documentation.
    pub span: Span,
    /// What it is.
    pub kind: ItemKind<'s>,
}

/// What stands in a policy.
#[derive(Debug, Clone)]
pub enum ItemKind<'s> {
    /// `title "…"`
    Title(Texts<'s>),
    /// `source "…"`
    Source(Source<'s>),
    /// `announced DATE`
    Announced(Expr<'s>),
    /// `decide NAME: TYPE by HOW otherwise V`
    Decide(Box<Decide<'s>>),
    /// `rule NAME { … }`
    Rule(Rule<'s>),
    /// `on fault D = V because …`
    OnFault(OnFault<'s>),
}

/// `decide NAME: TYPE by HOW otherwise V because …`
#[derive(Debug, Clone)]
pub struct Decide<'s> {
    /// The name.
    pub name: Name<'s>,
    /// The type of an outcome.
    pub ty: TypeExpr<'s>,
    /// How the outcomes of several rules become one.
    pub combiner: Name<'s>,
    /// The value where no rule fires.
    pub otherwise: Option<Expr<'s>>,
    /// The reason for that value.
    pub because: Option<Texts<'s>>,
}

/// `on fault D = V because …`
#[derive(Debug, Clone)]
pub struct OnFault<'s> {
    /// The decisions and their values.
    pub assignments: Vec<Assignment<'s>>,
    /// The reason.
    pub because: Option<Texts<'s>>,
}

/// `D = V`, or only `V`
#[derive(Debug, Clone)]
pub struct Assignment<'s> {
    /// The decision; may be left out where there is only one.
    pub decision: Option<Name<'s>>,
    /// Its value.
    pub value: Expr<'s>,
    /// All of it.
    pub span: Span,
}

/// `rule NAME { clause … }`
#[derive(Debug, Clone)]
pub struct Rule<'s> {
    /// The name.
    pub name: Name<'s>,
    /// Its clauses in order.
    pub clauses: Vec<Clause<'s>>,
}

/// One clause of a rule.
#[derive(Debug, Clone)]
pub struct Clause<'s> {
    /// All of it.
    pub span: Span,
    /// What it says.
    pub kind: ClauseKind<'s>,
}

/// What a clause says.
#[derive(Debug, Clone)]
pub enum ClauseKind<'s> {
    /// `title "…"`
    Title(Texts<'s>),
    /// `source "…"`
    Source(Source<'s>),
    /// `dated by PATH`
    DatedBy(Path<'s>),
    /// `from DATE shadow for P% by KEY where C`
    Phase(Box<Phase<'s>>),
    /// `until DATE`
    Until(Expr<'s>),
    /// `when C`
    When(Expr<'s>),
    /// `unless C`
    Unless(Expr<'s>),
    /// `overrides a, p.b, p.*`
    Overrides(Vec<RulePath<'s>>),
    /// `then D = V, …`
    Then(Vec<Assignment<'s>>),
    /// `require NAME within D of T`
    Require(Box<Require<'s>>),
    /// `because en "…" zh "…"`
    Because(Texts<'s>),
}

impl<'s> ClauseKind<'s> {
    /// The word that starts the clause.
    pub fn keyword(&self) -> &'static str {
        match self {
            Self::Title(_) => "title",
            Self::Source(_) => "source",
            Self::DatedBy(_) => "dated by",
            Self::Phase(_) => "from",
            Self::Until(_) => "until",
            Self::When(_) => "when",
            Self::Unless(_) => "unless",
            Self::Overrides(_) => "overrides",
            Self::Then(_) => "then",
            Self::Require(_) => "require",
            Self::Because(_) => "because",
        }
    }
}

/// `from DATE [shadow|warn] [for P% by KEY] [where C]`
#[derive(Debug, Clone)]
pub struct Phase<'s> {
    /// From when.
    pub from: Expr<'s>,
    /// Whether the rule decides, warns or is only watched.
    pub effect: Effect,
    /// For which share of which key.
    pub cohort: Option<Cohort<'s>>,
    /// For which records.
    pub filter: Option<Expr<'s>>,
}

/// What a rule does when it fires.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Effect {
    /// It decides.
    Enforce,
    /// It decides nothing; its reason reaches the subject.
    Warn,
    /// It decides nothing and is only reported.
    Shadow,
}

/// `for P% by KEY`
#[derive(Debug, Clone)]
pub struct Cohort<'s> {
    /// The share.
    pub share: Expr<'s>,
    /// The key that keeps a subject in or out.
    pub key: Expr<'s>,
}

/// `rule`, `policy.rule` or `policy.*`
#[derive(Debug, Clone)]
pub struct RulePath<'s> {
    /// The policy, if named.
    pub policy: Option<Name<'s>>,
    /// The rule; `None` for all of them.
    pub rule: Option<Name<'s>>,
    /// All of it.
    pub span: Span,
}

/// `require NAME within D of T`
#[derive(Debug, Clone)]
pub struct Require<'s> {
    /// The obligation.
    pub name: Name<'s>,
    /// How long there is.
    pub within: Option<Expr<'s>>,
    /// From when; the policy's date where left out.
    pub of: Option<Expr<'s>>,
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

/// An expression.
#[derive(Debug, Clone)]
pub struct Expr<'s> {
    /// All of it.
    pub span: Span,
    /// What it is.
    pub kind: ExprKind<'s>,
}

/// What an expression is.
#[derive(Debug, Clone)]
pub enum ExprKind<'s> {
    /// `4.8`, `200 CNY`, `"text"`
    Literal(Literal<'s>),
    /// `a.b.c`
    Path(Path<'s>),
    /// `(e)`
    Group(Box<Expr<'s>>),
    /// `[a, b]`
    List(Vec<Expr<'s>>),
    /// `not e`, `-e`
    Prefix(Prefix, Box<Expr<'s>>),
    /// `a and b and c`, `a + b`: a row of one operator, or two operands
    Binary(Binary, Vec<Expr<'s>>),
    /// `low ..< high`, `low ..= high`
    Range(Box<Expr<'s>>, Box<Expr<'s>>, bool),
    /// `e is present` (true), `e is missing` (false)
    Presence(Box<Expr<'s>>, bool),
    /// `if c then a else b`, with further `else if` in the row
    Choice(Vec<(Expr<'s>, Expr<'s>)>, Box<Expr<'s>>),
    /// `f(a, b)`
    Call(Name<'s>, Vec<Expr<'s>>),
    /// `any(v in xs where c: e)`
    Comprehension(Box<Comprehension<'s>>),
}

/// `kind(v in xs where c: e)`
#[derive(Debug, Clone)]
pub struct Comprehension<'s> {
    /// `any`, `all`, `count`, `sum`, `min` or `max`.
    pub kind: Name<'s>,
    /// The name of one element.
    pub variable: Name<'s>,
    /// The list.
    pub list: Expr<'s>,
    /// Which elements count.
    pub filter: Option<Expr<'s>>,
    /// What to take of each.
    pub body: Option<Expr<'s>>,
}

/// A literal as written, checked for its form only.
#[derive(Debug, Clone)]
pub enum Literal<'s> {
    /// `true`
    Bool(bool),
    /// `1_000`, as written
    Number(&'s str),
    /// `30%`, as written
    Percent(&'s str),
    /// `200 CNY`
    Money(&'s str, &'s str),
    /// `7 days`
    Duration(&'s str, &'s str),
    /// `2024-09-12`
    Date(&'s str),
    /// `2024-09-12T08:00+08:00`
    Time(&'s str),
    /// `"text"`
    Text(Text<'s>),
}

impl<'s> Expr<'s> {
    /// Calls `visit` on this expression and all within it.
    pub fn walk(&self, visit: &mut dyn FnMut(&Expr<'s>)) {
        visit(self);
        match &self.kind {
            ExprKind::Literal(_) | ExprKind::Path(_) => {}
            ExprKind::Group(inner) | ExprKind::Prefix(_, inner) | ExprKind::Presence(inner, _) => {
                inner.walk(visit);
            }
            ExprKind::List(items) | ExprKind::Binary(_, items) | ExprKind::Call(_, items) => {
                items.iter().for_each(|item| item.walk(visit));
            }
            ExprKind::Range(low, high, _) => {
                low.walk(visit);
                high.walk(visit);
            }
            ExprKind::Choice(branches, otherwise) => {
                for (condition, value) in branches {
                    condition.walk(visit);
                    value.walk(visit);
                }
                otherwise.walk(visit);
            }
            ExprKind::Comprehension(inner) => {
                inner.list.walk(visit);
                inner.filter.iter().chain(&inner.body).for_each(|expr| expr.walk(visit));
            }
        }
    }
}
