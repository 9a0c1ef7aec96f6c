//! The tree of a policy: decisions, rules and their clauses, as written.

use super::{Expr, Let, Name, Origin, Path, Source, Texts, TypeExpr};
use rulebook_base::source::Span;

/// `policy NAME for RECORD dated by PATH { item … }`, `policy NAME for each NAME in RECORD.LIST …`, or
/// `policy NAME amends POLICY …`
#[derive(Debug, Clone)]
pub struct Policy<'s> {
    /// What callers ask for the policy by.
    pub name: Name<'s>,
    /// The record that it judges, or the policy that it amends.
    pub subject: Subject<'s>,
    /// The time of the record that picks which phases are in force; the time of the evaluation without it.
    pub dated_by: Option<Path<'s>>,
    /// All that is well formed in its braces, in order.
    pub items: Vec<Item<'s>>,
}

impl<'s> Policy<'s> {
    /// The policy that it amends, if it is an overlay.
    pub fn amends(&self) -> Option<&Name<'s>> {
        match &self.subject {
            Subject::Policy(name) => Some(name),
            Subject::Record(_) | Subject::Elements(_) => None,
        }
    }
}

/// What a policy is about: records, or another policy.
#[derive(Debug, Clone)]
pub enum Subject<'s> {
    /// `for RECORD`: it judges these records.
    Record(Name<'s>),
    /// `for each NAME in RECORD.LIST`: it judges what a list of these records holds, one by one.
    Elements(Elements<'s>),
    /// `amends POLICY`: its rules join those of another policy.
    Policy(Name<'s>),
}

impl<'s> Subject<'s> {
    /// The record that is read, if it is no policy.
    pub fn record(&self) -> Option<&Name<'s>> {
        match self {
            Self::Record(name) => Some(name),
            Self::Elements(node) => node.list.names.first(),
            Self::Policy(_) => None,
        }
    }
}

/// `each NAME in RECORD.LIST`
#[derive(Debug, Clone)]
pub struct Elements<'s> {
    /// What rules call the element at hand.
    pub variable: Name<'s>,
    /// The record, and the fields that lead to the list.
    pub list: Path<'s>,
}

/// A decision, a rule, or another item in the braces of a policy, with its documentation.
#[derive(Debug, Clone)]
pub struct Item<'s> {
    /// The lines of `///` above it.
    pub docs: Vec<&'s str>,
    /// From its first word to its last token, without its documentation.
    pub span: Span,
    /// The item itself, by its first word.
    pub kind: ItemKind<'s>,
}

/// An item of each first word.
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
    /// `let NAME = E`
    Let(Box<Let<'s>>),
    /// `rule NAME { … }`
    Rule(Rule<'s>),
    /// `on fault D = V because …`
    OnFault(OnFault<'s>),
    /// `invariant NAME { … }`
    Invariant(Box<Invariant<'s>>),
    /// `measure NAME = …`
    Measurement(Box<Measurement<'s>>),
}

/// `measure NAME = count | sum(E) | average(E) [where C]`, its title and its origins
#[derive(Debug, Clone)]
pub struct Measurement<'s> {
    /// What simulations show it by.
    pub name: Name<'s>,
    /// What is done with the records.
    pub reckoning: Reckoning,
    /// What is added up; nothing where records are counted.
    pub value: Option<Expr<'s>>,
    /// Where the words before `where` stand.
    pub head: Span,
    /// `where C`: the records that count; all of them without it.
    pub filter: Option<Expr<'s>>,
    /// What people call it; its name where it has none.
    pub title: Option<Texts<'s>>,
    /// On whose authority it is measured so, and what is assumed in it; may be empty.
    pub origins: Vec<Origin<'s>>,
}

/// What a measure does with the records.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Reckoning {
    /// It counts them.
    Count,
    /// It adds up a value of each.
    Sum,
    /// It takes the mean of a value of each.
    Average,
}

impl Reckoning {
    /// The word for it: `count`, `sum` or `average`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Count => "count",
            Self::Sum => "sum",
            Self::Average => "average",
        }
    }
}

/// `invariant NAME { when C never CLAIM }` or `invariant NAME { DECISION never depends on PATH }`
#[derive(Debug, Clone)]
pub struct Invariant<'s> {
    /// What the checker reports it by.
    pub name: Name<'s>,
    /// What must hold for every record.
    pub claim: Claim<'s>,
}

/// What an invariant claims.
#[derive(Debug, Clone)]
pub enum Claim<'s> {
    /// `when C never CLAIM`: where the condition holds, the claim about decisions does not.
    Never(Option<Expr<'s>>, Expr<'s>),
    /// `DECISION never depends on PATH`: whatever the field holds, the decision is the same.
    Independent(Name<'s>, Path<'s>),
}

/// `decide NAME: TYPE by HOW otherwise V because …`
#[derive(Debug, Clone)]
pub struct Decide<'s> {
    /// What results, rules and other policies call it.
    pub name: Name<'s>,
    /// What each rule gives; combiners such as `all` make a list of these.
    pub ty: TypeExpr<'s>,
    /// How the outcomes of several rules become one.
    pub combiner: Name<'s>,
    /// The value where no rule fires; without it the decision is undecided then.
    pub otherwise: Option<Expr<'s>>,
    /// The reason that goes with that value.
    pub because: Option<Texts<'s>>,
}

/// `on fault D = V because …`
#[derive(Debug, Clone)]
pub struct OnFault<'s> {
    /// The decisions that are rescued from a fault, with the values that they take.
    pub assignments: Vec<Assignment<'s>>,
    /// The reason that goes with these values.
    pub because: Option<Texts<'s>>,
}

/// `D = V`, or only `V`
#[derive(Debug, Clone)]
pub struct Assignment<'s> {
    /// The decision; may be left out where there is only one.
    pub decision: Option<Name<'s>>,
    /// What it gives.
    pub value: Expr<'s>,
    /// From the decision, or the value, to the last token.
    pub span: Span,
}

/// `rule NAME { clause … }`
#[derive(Debug, Clone)]
pub struct Rule<'s> {
    /// What results and `overrides` call it by.
    pub name: Name<'s>,
    /// All that are well formed, in order.
    pub clauses: Vec<Clause<'s>>,
}

/// A clause of a rule.
#[derive(Debug, Clone)]
pub struct Clause<'s> {
    /// From its first word to its last token.
    pub span: Span,
    /// The clause itself, by its first word.
    pub kind: ClauseKind<'s>,
}

/// A clause of each first word.
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
    /// `overrides all but a, b`
    OverridesAllBut(Vec<RulePath<'s>>),
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
            Self::Overrides(_) | Self::OverridesAllBut(_) => "overrides",
            Self::Then(_) => "then",
            Self::Require(_) => "require",
            Self::Because(_) => "because",
        }
    }
}

/// `from DATE [shadow|warn] [for P% by KEY] [where C]`
#[derive(Debug, Clone)]
pub struct Phase<'s> {
    /// The time from which it is in force, up to the next phase or the rule's `until`.
    pub from: Expr<'s>,
    /// Whether the rule decides, warns or is only watched.
    pub effect: Effect,
    /// The share of the subjects for whom it is in force; all of them without it.
    pub cohort: Option<Cohort<'s>>,
    /// `where C`: the records for which it is in force; all of them without it.
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

impl Effect {
    /// The word for it: `enforce`, `warn` or `shadow`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Enforce => "enforce",
            Self::Warn => "warn",
            Self::Shadow => "shadow",
        }
    }
}

/// `for P% by KEY`
#[derive(Debug, Clone)]
pub struct Cohort<'s> {
    /// Between 0% and 100%, in steps of 0.01%.
    pub share: Expr<'s>,
    /// What draws a subject: the same key is always in or out, and stays in as the share grows.
    pub key: Expr<'s>,
}

/// `rule`, `policy.rule` or `policy.*`
#[derive(Debug, Clone)]
pub struct RulePath<'s> {
    /// The policy that has the rule; `None` for the policy at hand.
    pub policy: Option<Name<'s>>,
    /// The rule; `None` for all of them.
    pub rule: Option<Name<'s>>,
    /// From its first name to its last, or to the `*`.
    pub span: Span,
}

/// `require NAME within D of T`, `require NAME by T`
#[derive(Debug, Clone)]
pub struct Require<'s> {
    /// What somebody must do.
    pub name: Name<'s>,
    /// How long they have; `None` for no limit.
    pub within: Option<Expr<'s>>,
    /// From when the time runs; the date that counts for the rule where left out.
    pub of: Option<Expr<'s>>,
    /// The last day or instant, where that is said instead of a length of time.
    pub by: Option<Expr<'s>>,
}

impl<'s> Require<'s> {
    /// What says until when.
    pub fn limits(&self) -> impl Iterator<Item = &Expr<'s>> {
        self.within.iter().chain(&self.of).chain(&self.by)
    }
}
