//! What a policy is made of, said once for the typed tree and for the program: they differ in what
//! stands for an expression, which is a [`Stage`].

use std::fmt::Debug;

use super::{Constant, Effect, Expr, Fields, Place, Reckoning, Text};
use crate::ids::{DecisionId, IdVec, RecordId, RuleId};
use rulebook_base::source::Span;
use rulebook_lang::combiner::Combiner;
use rulebook_lang::model::{Currency, Date, Time, Titles, Type};

/// A stage on the way of a policy from text to decisions: what stands there for an expression, and
/// for what an expression reads.
pub trait Stage: Debug {
    /// What is evaluated to a value.
    type Expr: Debug;
    /// What a text shows of a record.
    type Value: Debug + Clone;
    /// A value that is worked out at load.
    type Constant: Debug;
    /// A field of the record that is judged.
    type Place: Debug;
    /// The record that a policy judges.
    type Record: Debug;
    /// A rule, with what only this stage knows of it.
    type Rule: Debug;
    /// The elements of a list that a policy judges.
    type Elements: Debug;
}

/// The stage of the typed tree.
#[derive(Debug, Clone)]
pub struct Typed;

impl Stage for Typed {
    type Expr = Expr;
    type Value = Expr;
    type Constant = Constant;
    type Place = Place;
    type Record = RecordId;
    type Rule = Rule;
    type Elements = Elements;
}

/// The elements of a list that a policy judges one by one.
#[derive(Debug, Clone)]
pub struct Elements {
    /// What rules call the element at hand.
    pub name: String,
    /// The list as it is written, with its record: `Order.lines`.
    pub path: String,
    /// The fields that lead to the list, and the record that it holds; of a list within another one, those of
    /// the outer one come first.
    pub lists: Vec<(Fields, RecordId)>,
    /// The record of an element.
    pub element: RecordId,
}

/// A policy: what it decides about a record, and the rules by which it does.
#[derive(Debug)]
pub struct Policy<S: Stage = Typed> {
    /// By which it is called from outside, and by which other policies read its decisions.
    pub name: String,
    /// What it is about.
    pub title: Option<Text<S>>,
    /// On whose authority it stands; empty where nothing is cited.
    pub sources: Vec<Citation>,
    /// When it was published.
    pub announced: Option<Date>,
    /// The record that it judges.
    pub record: S::Record,
    /// What it judges one by one, where that is what a list of the record holds.
    pub elements: Option<S::Elements>,
    /// The time that picks what is in force; `now` if there is none.
    pub dated: Option<S::Place>,
    /// Its decisions in order.
    pub decisions: IdVec<DecisionId, Decision<S>>,
    /// Its own rules in order, then those of its overlays.
    pub rules: IdVec<RuleId, S::Rule>,
    /// The policies that amend it, in the order in which their rules stand.
    pub overlays: Vec<Overlay<S>>,
    /// What it and its overlays claim of its decisions. No record needs this to be decided.
    pub invariants: Vec<Invariant<S>>,
    /// What it and its overlays measure. No record needs this to be decided.
    pub measurements: Vec<Measurement<S>>,
    /// The values of decisions that fault.
    pub on_fault: Vec<(DecisionId, S::Expr)>,
    /// The reason for those values.
    pub fault_reason: Option<Text<S>>,
    /// Where its name stands.
    pub span: Span,
}

impl<S: Stage> Policy<S> {
    /// Its decisions as claims and measures read them: by bare name.
    pub fn outcomes(&self) -> Vec<(String, Type)> {
        let decisions = self.decisions.iter();
        decisions.map(|decision| (decision.name.clone(), decision.whole_type())).collect()
    }
}

/// A claim about the decisions of a policy.
#[derive(Debug)]
pub struct Invariant<S: Stage = Typed> {
    /// By which proofs and counterexamples name it, once in a policy.
    pub name: String,
    /// For which records it holds.
    pub when: Option<S::Expr>,
    /// What must hold for those.
    pub claim: Claim<S>,
    /// Where its name stands.
    pub span: Span,
}

/// What an invariant says.
#[derive(Debug)]
pub enum Claim<S: Stage = Typed> {
    /// This is never true.
    Never(S::Expr),
    /// A decision is the same whatever a field holds, with all that lies within it.
    Independent(DecisionId, S::Place),
}

/// What a simulation adds up over many records.
#[derive(Debug)]
pub struct Measurement<S: Stage = Typed> {
    /// By which simulations name what they added up, once in a policy.
    pub name: String,
    /// What it measures, in short.
    pub title: Option<Text<S>>,
    /// On whose authority it is measured so.
    pub sources: Vec<Citation>,
    /// What is assumed in it.
    pub assumed: Vec<String>,
    /// What is done with the records.
    pub reckoning: Reckoning,
    /// What is added up: a number or an amount; nothing where records are counted.
    pub value: Option<S::Expr>,
    /// The currency of what is added up, where it is money.
    pub currency: Option<Currency>,
    /// Which records count; all where there is none.
    pub filter: Option<S::Expr>,
    /// Where its name stands.
    pub span: Span,
}

/// A policy that amends another: what holds for its rules.
#[derive(Debug)]
pub struct Overlay<S: Stage = Typed> {
    /// What stands before a dot in the names of its rules.
    pub name: String,
    /// What it is about.
    pub title: Option<Text<S>>,
    /// On whose authority it stands; empty where nothing is cited.
    pub sources: Vec<Citation>,
    /// When it was published.
    pub announced: Option<Date>,
    /// The time that picks which of its rules are in force; the policy's if there is none.
    pub dated: Option<S::Place>,
    /// Where its name stands.
    pub span: Span,
}

/// Where something comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Citation {
    /// The words by which it is cited, such as the article of a law; in the first language that has some.
    pub text: String,
    /// The same in each language that has some.
    pub titles: Titles,
    /// Where to read it, if it is on a page.
    pub url: Option<String>,
}

impl Citation {
    /// The words by which it is cited in a language.
    pub fn in_language(&self, tag: &str) -> &str {
        self.titles.in_language(tag).unwrap_or(&self.text)
    }
}

/// A decision of a policy.
#[derive(Debug)]
pub struct Decision<S: Stage = Typed> {
    /// By which rules set it and callers ask for it.
    pub name: String,
    /// The type of one outcome.
    pub ty: Type,
    /// How outcomes become one.
    pub combiner: Combiner,
    /// Whether each rule gives a list of outcomes, which are joined.
    pub joins: bool,
    /// Whether it may come to nothing, because no rule fires.
    pub optional: bool,
    /// The value where no rule fires.
    pub otherwise: Option<S::Expr>,
    /// The reason for that value.
    pub because: Option<Text<S>>,
}

impl<S: Stage> Decision<S> {
    /// The type of what a rule gives it.
    pub fn given_type(&self) -> Type {
        match self.joins {
            true => Type::List(Box::new(self.ty.clone())),
            false => self.ty.clone(),
        }
    }

    /// The type of the whole decision, where it comes to something.
    pub fn whole_type(&self) -> Type {
        match self.combiner.collects() {
            true => Type::List(Box::new(self.ty.clone())),
            false => self.ty.clone(),
        }
    }

    /// The type of the whole decision as others read it: optional where no rule may fire.
    pub fn read_type(&self) -> Type {
        let whole = self.whole_type();
        if self.optional { whole.optional() } else { whole }
    }

    /// The currency, if outcomes are amounts.
    pub fn currency(&self) -> Option<Currency> {
        match self.ty {
            Type::Money(currency) => Some(currency),
            _ => None,
        }
    }
}

/// A rule of a policy.
#[derive(Debug)]
pub struct Rule<S: Stage = Typed> {
    /// The name; behind that of its overlay and a dot where it comes from one.
    pub name: String,
    /// The position of its overlay, if it comes from one.
    pub overlay: Option<u16>,
    /// What it says, in short.
    pub title: Option<Text<S>>,
    /// On whose authority it stands; empty where it is that of its overlay or policy.
    pub sources: Vec<Citation>,
    /// The time that picks whether it is in force, where it differs from the policy's.
    pub dated: Option<S::Place>,
    /// Its phases in the order of their dates; none means always.
    pub phases: Vec<Phase<S>>,
    /// From when on it is no longer in force; never where there is none.
    pub until: Option<Time>,
    /// What must hold for it to fire; nothing where it always may.
    pub when: Option<S::Expr>,
    /// What must not hold besides.
    pub unless: Option<S::Expr>,
    /// The rules that count as not fired while it fires.
    pub overrides: Vec<RuleId>,
    /// The decisions that it sets.
    pub sets: Vec<(DecisionId, S::Expr)>,
    /// What somebody has to do once it fires.
    pub requires: Vec<Require<S>>,
    /// The reason, for whoever the decision is about.
    pub because: Option<Text<S>>,
    /// Where its name stands.
    pub span: Span,
}

impl<S: Stage> Rule<S> {
    /// All that is evaluated for it, but what its reason shows.
    pub fn expressions(&self) -> impl Iterator<Item = &S::Expr> {
        let phases = self.phases.iter().flat_map(|phase| {
            let cohort = phase.cohort.iter().flat_map(|(share, key)| [share, key]);
            cohort.chain(&phase.filter)
        });
        let conditions = self.when.iter().chain(&self.unless);
        let sets = self.sets.iter().map(|(_, value)| value);
        let requires = self.requires.iter().flat_map(Require::limits);
        conditions.chain(phases).chain(sets).chain(requires)
    }
}

/// A stretch of time in which a rule does one thing; it lasts until the next one begins.
#[derive(Debug)]
pub struct Phase<S: Stage = Typed> {
    /// From when on it is the one in force.
    pub from: Time,
    /// What the rule does when it fires.
    pub effect: Effect,
    /// The share of records that it covers, and the key by which they are drawn; all where there is
    /// none.
    pub cohort: Option<(S::Expr, S::Expr)>,
    /// Which of those it covers; all where there is none.
    pub filter: Option<S::Expr>,
    /// Where the phase stands.
    pub span: Span,
}

/// Something that somebody has to do because a rule fired.
#[derive(Debug)]
pub struct Require<S: Stage = Typed> {
    /// What has to be done, as callers know it.
    pub name: String,
    /// How long there is; without end where there is none.
    pub within: Option<S::Expr>,
    /// The time from which that counts; that by which the rule is in force where there is none.
    pub of: Option<S::Expr>,
    /// The last day or instant, where that is said instead.
    pub by: Option<S::Expr>,
}

impl<S: Stage> Require<S> {
    /// What says until when.
    pub fn limits(&self) -> impl Iterator<Item = &S::Expr> {
        self.within.iter().chain(&self.of).chain(&self.by)
    }
}
