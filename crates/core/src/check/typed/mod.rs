//! The typed tree: what the checker hands on. No names are left to resolve, no types to infer.

mod between;
mod counter;
mod expression;
mod table;

use std::sync::Arc;

use crate::ids::IdVec;
pub use crate::ids::{
    CounterId, DecisionId, FunctionId, ListId, LocalId, ParameterId, PolicyId, RecordId, RuleId,
    TableId,
};
use crate::script::Script;
pub use between::between;
pub use counter::{Counter, Measure};
pub use expression::*;
use rulebook_base::source::Span;
use rulebook_lang::combiner::Combiner;
use rulebook_lang::model::{Date, Time, Type};
pub use rulebook_syntax::ast::{Effect, Reckoning};
pub use table::{Dates, Domain, MISSING, Stands};
pub use table::{Input, Output, Row, Table};

/// A rulebook without names and type errors.
#[derive(Debug, Default)]
pub struct Checked {
    /// Every record.
    pub records: IdVec<RecordId, Record>,
    /// Every parameter.
    pub parameters: IdVec<ParameterId, Parameter>,
    /// Every list.
    pub lists: IdVec<ListId, List>,
    /// Every function.
    pub functions: IdVec<FunctionId, Function>,
    /// Every counter.
    pub counters: IdVec<CounterId, Counter>,
    /// Every decision table.
    pub tables: IdVec<TableId, Table>,
    /// Every policy.
    pub policies: IdVec<PolicyId, Policy>,
}

/// A record and its fields.
#[derive(Debug, Clone)]
pub struct Record {
    /// The name.
    pub name: Arc<str>,
    /// The fields in order.
    pub fields: Vec<Field>,
    /// The position of the field by which its profiles are found, if they are joined.
    pub profile_key: Option<u32>,
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
    /// The key of the profile that stands where the input has none: the positions of the fields
    /// that lead to it from the record that declares this field.
    pub join: Option<Fields>,
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

/// A function of the rulebook.
#[derive(Debug, Clone)]
pub struct Function {
    /// The name.
    pub name: String,
    /// The arguments in order.
    pub arguments: Vec<(LocalId, Type)>,
    /// The type of the result.
    pub result: Type,
    /// What gives it.
    pub body: Body,
}

/// What gives the result of a function.
#[derive(Debug, Clone)]
pub enum Body {
    /// An expression.
    Expression(Expr),
    /// A function of a script; nothing where that is wrong.
    Script(Option<Script>),
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
    /// Its own rules in order, then those of its overlays.
    pub rules: Vec<Rule>,
    /// The policies that amend it, in the order in which their rules stand.
    pub overlays: Vec<Overlay>,
    /// What it and its overlays claim of its decisions.
    pub invariants: Vec<Invariant>,
    /// What it and its overlays measure.
    pub measurements: Vec<Measurement>,
    /// The values of decisions that fault, and why.
    pub on_fault: Vec<(DecisionId, Expr)>,
    /// The reason for those values.
    pub fault_reason: Option<Texts>,
    /// Where its name stands.
    pub span: Span,
}

impl Policy {
    /// Its decisions as claims and measures read them: by bare name.
    pub fn outcomes(&self) -> Vec<(String, Type)> {
        let decisions = self.decisions.iter();
        decisions.map(|decision| (decision.name.clone(), decision.whole_type())).collect()
    }
}

/// A claim about the decisions of a policy.
#[derive(Debug, Clone)]
pub struct Invariant {
    /// The name.
    pub name: String,
    /// For which records it holds.
    pub when: Option<Expr>,
    /// What it says.
    pub claim: Claim,
    /// Where its name stands.
    pub span: Span,
}

/// What an invariant says.
#[derive(Debug, Clone)]
pub enum Claim {
    /// This is never true.
    Never(Expr),
    /// A decision is the same whatever a field holds.
    Independent(DecisionId, Place),
}

/// What a simulation adds up over many records.
#[derive(Debug, Clone)]
pub struct Measurement {
    /// The name.
    pub name: String,
    /// What it measures, in short.
    pub title: Option<Texts>,
    /// On whose authority it is measured so.
    pub sources: Vec<Citation>,
    /// What is assumed in it.
    pub assumed: Vec<String>,
    /// What is done with the records.
    pub reckoning: Reckoning,
    /// What is added up: a number or an amount; nothing where records are counted.
    pub value: Option<Expr>,
    /// Which records count.
    pub filter: Option<Expr>,
    /// Where its name stands.
    pub span: Span,
}

/// A policy that amends another: what holds for its rules.
#[derive(Debug, Clone)]
pub struct Overlay {
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
    /// The time that picks which of its rules are in force; the policy's if there is none.
    pub dated: Option<Place>,
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
    /// Whether it may come to nothing, because no rule fires.
    pub optional: bool,
    /// The value where no rule fires.
    pub otherwise: Option<Expr>,
    /// The reason for that value.
    pub because: Option<Texts>,
}

impl Decision {
    /// The type of the whole decision, as others read it.
    pub fn whole_type(&self) -> Type {
        match (self.combiner.collects(), self.optional) {
            (true, _) => Type::List(Box::new(self.ty.clone())),
            (false, true) => self.ty.clone().optional(),
            (false, false) => self.ty.clone(),
        }
    }
}

/// A rule of a policy.
#[derive(Debug, Clone)]
pub struct Rule {
    /// The name; behind that of its overlay and a dot where it comes from one.
    pub name: String,
    /// The position of its overlay, if it comes from one.
    pub overlay: Option<u16>,
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
