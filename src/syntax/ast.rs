//! The tree of a policy file, as written.
//!
//! Every node keeps its span. Nothing is resolved yet: names are texts.

use crate::lang::operator::{Binary, Prefix};
use crate::source::{FileId, Span};

/// A name and where it stands.
#[derive(Debug, Clone)]
pub struct Name {
    /// The name itself.
    pub text: String,
    /// Where it stands.
    pub span: Span,
}

/// One file.
#[derive(Debug, Clone)]
pub struct File {
    /// Which file.
    pub id: FileId,
    /// Its definitions in order.
    pub definitions: Vec<Definition>,
}

/// A definition with its documentation.
#[derive(Debug, Clone)]
pub struct Definition {
    /// The lines of `///` above it.
    pub docs: Vec<String>,
    /// All of it, without its documentation.
    pub span: Span,
    /// What it defines.
    pub kind: DefinitionKind,
}

/// What a definition defines.
#[derive(Debug, Clone)]
pub enum DefinitionKind {
    /// `enum Claim { a, b, .. }`
    Enum(Enum),
    /// `record Order { id: text }`
    Record(Record),
    /// `parameter score: number = 4.8`
    Parameter(Parameter),
    /// `list sites: text = ["a"]` or `from "file"`
    List(ListDefinition),
    /// `fn f(a: number) -> bool = a > 3`
    Function(Function),
    /// `policy p for R { … }`
    Policy(Policy),
}

impl DefinitionKind {
    /// The name that is defined.
    pub fn name(&self) -> &Name {
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
pub struct Enum {
    /// The name.
    pub name: Name,
    /// The members.
    pub members: Members,
}

/// The members of an enum.
#[derive(Debug, Clone)]
pub struct Members {
    /// Their names.
    pub names: Vec<Name>,
    /// Whether they stand in an order: `a < b`.
    pub ordered: bool,
    /// Whether other names are allowed: `..`.
    pub open: bool,
}

/// `record NAME { field … }`
#[derive(Debug, Clone)]
pub struct Record {
    /// The name.
    pub name: Name,
    /// The fields in order.
    pub fields: Vec<Field>,
}

/// `name: TYPE = default as "column"`
#[derive(Debug, Clone)]
pub struct Field {
    /// The name.
    pub name: Name,
    /// The type.
    pub ty: TypeExpr,
    /// The value where the input has none.
    pub default: Option<Expr>,
    /// The name in the input.
    pub alias: Option<Text>,
    /// All of it.
    pub span: Span,
}

/// A type as written.
#[derive(Debug, Clone)]
pub struct TypeExpr {
    /// Which type.
    pub kind: TypeKind,
    /// Whether a `?` follows.
    pub optional: bool,
    /// All of it.
    pub span: Span,
}

/// Which type is written.
#[derive(Debug, Clone)]
pub enum TypeKind {
    /// `number`, `CNY`, `Order`
    Named(String),
    /// `list of T`
    List(Box<TypeExpr>),
    /// `a | b` or `a < b`
    InPlace(Members),
}

/// `parameter NAME: TYPE = value` or with values by date
#[derive(Debug, Clone)]
pub struct Parameter {
    /// The name.
    pub name: Name,
    /// The type.
    pub ty: TypeExpr,
    /// The value, or the values by date.
    pub value: ParameterValue,
    /// Where the value (or, for dated values, all of them) comes from.
    pub origins: Vec<Origin>,
}

/// The value of a parameter.
#[derive(Debug, Clone)]
pub enum ParameterValue {
    /// `= value`
    Fixed(Expr),
    /// `{ from DATE: value … }`
    Dated(Vec<DatedValue>),
}

/// `from DATE: value`
#[derive(Debug, Clone)]
pub struct DatedValue {
    /// From when.
    pub from: Expr,
    /// The value.
    pub value: Expr,
    /// Where it comes from.
    pub origins: Vec<Origin>,
}

/// Where a value or a rule comes from.
#[derive(Debug, Clone)]
pub enum Origin {
    /// `source "…" url "…"`
    Source(Source),
    /// `assumed "why"`
    Assumed(Text),
}

/// `source "…" url "…"`
#[derive(Debug, Clone)]
pub struct Source {
    /// The citation.
    pub text: Text,
    /// Where to read it.
    pub url: Option<Text>,
}

/// `list NAME: TYPE = […]` or `from "file"`
#[derive(Debug, Clone)]
pub struct ListDefinition {
    /// The name.
    pub name: Name,
    /// The type of an item.
    pub ty: TypeExpr,
    /// The items, or the file that holds them.
    pub items: ListItems,
}

/// Where the items of a list stand.
#[derive(Debug, Clone)]
pub enum ListItems {
    /// `= […]`
    InPlace(Expr),
    /// `from "file"`
    File(Text),
}

/// `fn NAME(argument: TYPE) -> TYPE = body`
#[derive(Debug, Clone)]
pub struct Function {
    /// The name.
    pub name: Name,
    /// The arguments in order.
    pub arguments: Vec<Argument>,
    /// The type of the result.
    pub result: TypeExpr,
    /// The expression that gives it.
    pub body: Expr,
}

/// `name: TYPE`
#[derive(Debug, Clone)]
pub struct Argument {
    /// The name.
    pub name: Name,
    /// The type.
    pub ty: TypeExpr,
}

/// `policy NAME for RECORD dated by PATH { item … }`
#[derive(Debug, Clone)]
pub struct Policy {
    /// The name.
    pub name: Name,
    /// The record that it judges.
    pub record: Name,
    /// The time that picks what is in force.
    pub dated_by: Option<Path>,
    /// What stands in its braces, in order.
    pub items: Vec<Item>,
}

/// One thing in a policy.
#[derive(Debug, Clone)]
pub struct Item {
    /// The lines of `///` above it.
    pub docs: Vec<String>,
    /// All of it, without its documentation.
    pub span: Span,
    /// What it is.
    pub kind: ItemKind,
}

/// What stands in a policy.
#[derive(Debug, Clone)]
pub enum ItemKind {
    /// `title "…"`
    Title(Texts),
    /// `source "…"`
    Source(Source),
    /// `announced DATE`
    Announced(Expr),
    /// `decide NAME: TYPE by HOW otherwise V`
    Decide(Decide),
    /// `rule NAME { … }`
    Rule(Rule),
    /// `on fault D = V because …`
    OnFault(OnFault),
}

/// `decide NAME: TYPE by HOW otherwise V because …`
#[derive(Debug, Clone)]
pub struct Decide {
    /// The name.
    pub name: Name,
    /// The type of an outcome.
    pub ty: TypeExpr,
    /// How the outcomes of several rules become one.
    pub combiner: Name,
    /// The value where no rule fires.
    pub otherwise: Option<Expr>,
    /// The reason for that value.
    pub because: Option<Texts>,
}

/// `on fault D = V because …`
#[derive(Debug, Clone)]
pub struct OnFault {
    /// The decisions and their values.
    pub assignments: Vec<Assignment>,
    /// The reason.
    pub because: Option<Texts>,
}

/// `D = V`, or only `V`
#[derive(Debug, Clone)]
pub struct Assignment {
    /// The decision; may be left out where there is only one.
    pub decision: Option<Name>,
    /// Its value.
    pub value: Expr,
    /// All of it.
    pub span: Span,
}

/// `rule NAME { clause … }`
#[derive(Debug, Clone)]
pub struct Rule {
    /// The name.
    pub name: Name,
    /// Its clauses in order.
    pub clauses: Vec<Clause>,
}

/// One clause of a rule.
#[derive(Debug, Clone)]
pub struct Clause {
    /// All of it.
    pub span: Span,
    /// What it says.
    pub kind: ClauseKind,
}

/// What a clause says.
#[derive(Debug, Clone)]
pub enum ClauseKind {
    /// `title "…"`
    Title(Texts),
    /// `source "…"`
    Source(Source),
    /// `dated by PATH`
    DatedBy(Path),
    /// `from DATE shadow for P% by KEY where C`
    Phase(Phase),
    /// `until DATE`
    Until(Expr),
    /// `when C`
    When(Expr),
    /// `unless C`
    Unless(Expr),
    /// `overrides a, p.b, p.*`
    Overrides(Vec<RulePath>),
    /// `then D = V, …`
    Then(Vec<Assignment>),
    /// `require NAME within D of T`
    Require(Require),
    /// `because en "…" zh "…"`
    Because(Texts),
}

impl ClauseKind {
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
pub struct Phase {
    /// From when.
    pub from: Expr,
    /// Whether the rule decides, warns or is only watched.
    pub effect: Effect,
    /// For which share of which key.
    pub cohort: Option<Cohort>,
    /// For which records.
    pub filter: Option<Expr>,
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
pub struct Cohort {
    /// The share.
    pub share: Expr,
    /// The key that keeps a subject in or out.
    pub key: Expr,
}

/// `rule`, `policy.rule` or `policy.*`
#[derive(Debug, Clone)]
pub struct RulePath {
    /// The policy, if named.
    pub policy: Option<Name>,
    /// The rule; `None` for all of them.
    pub rule: Option<Name>,
    /// All of it.
    pub span: Span,
}

/// `require NAME within D of T`
#[derive(Debug, Clone)]
pub struct Require {
    /// The obligation.
    pub name: Name,
    /// How long there is.
    pub within: Option<Expr>,
    /// From when; the policy's date where left out.
    pub of: Option<Expr>,
}

/// `a.b.c`
#[derive(Debug, Clone)]
pub struct Path {
    /// The names from left to right.
    pub names: Vec<Name>,
    /// All of it.
    pub span: Span,
}

/// A plain text.
#[derive(Debug, Clone)]
pub struct Text {
    /// The text without quotes and escapes.
    pub value: String,
    /// The text with its quotes.
    pub span: Span,
}

/// A text in one or several languages, with placeholders.
#[derive(Debug, Clone)]
pub struct Texts {
    /// The text by language; no language means the rulebook's first.
    pub variants: Vec<(Option<Name>, Template)>,
    /// All of it.
    pub span: Span,
}

/// A text with placeholders.
#[derive(Debug, Clone)]
pub struct Template {
    /// Texts and placeholders in order.
    pub pieces: Vec<Piece>,
    /// The text with its quotes.
    pub span: Span,
}

/// A part of a template.
#[derive(Debug, Clone)]
pub enum Piece {
    /// Text as it is.
    Text(String),
    /// `{expr}`
    Value(Expr),
}

/// An expression.
#[derive(Debug, Clone)]
pub struct Expr {
    /// All of it.
    pub span: Span,
    /// What it is.
    pub kind: ExprKind,
}

/// What an expression is.
#[derive(Debug, Clone)]
pub enum ExprKind {
    /// `4.8`, `200 CNY`, `"text"`
    Literal(Literal),
    /// `a.b.c`
    Path(Path),
    /// `(e)`
    Group(Box<Expr>),
    /// `[a, b]`
    List(Vec<Expr>),
    /// `not e`, `-e`
    Prefix(Prefix, Box<Expr>),
    /// `a and b and c`, `a + b`: a row of one operator, or two operands
    Binary(Binary, Vec<Expr>),
    /// `low ..< high`, `low ..= high`
    Range(Box<Expr>, Box<Expr>, bool),
    /// `e is present` (true), `e is missing` (false)
    Presence(Box<Expr>, bool),
    /// `if c then a else b`, with further `else if` in the row
    Choice(Vec<(Expr, Expr)>, Box<Expr>),
    /// `f(a, b)`
    Call(Name, Vec<Expr>),
    /// `any(v in xs where c: e)`
    Comprehension(Box<Comprehension>),
}

/// `kind(v in xs where c: e)`
#[derive(Debug, Clone)]
pub struct Comprehension {
    /// `any`, `all`, `count`, `sum`, `min` or `max`.
    pub kind: Name,
    /// The name of one element.
    pub variable: Name,
    /// The list.
    pub list: Expr,
    /// Which elements count.
    pub filter: Option<Expr>,
    /// What to take of each.
    pub body: Option<Expr>,
}

/// A literal as written, checked for its form only.
#[derive(Debug, Clone)]
pub enum Literal {
    /// `true`
    Bool(bool),
    /// `1_000`, as written
    Number(String),
    /// `30%`, as written
    Percent(String),
    /// `200 CNY`
    Money(String, String),
    /// `7 days`
    Duration(String, String),
    /// `2024-09-12`
    Date(String),
    /// `2024-09-12T08:00+08:00`
    Time(String),
    /// `"text"`
    Text(Text),
}

impl Expr {
    /// Calls `visit` on this expression and all within it.
    pub fn walk(&self, visit: &mut dyn FnMut(&Expr)) {
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
