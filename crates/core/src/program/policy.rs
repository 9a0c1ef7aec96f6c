//! Compiled policies: decisions, rules with their phases, overlays and invariants.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::{
    Citation, Counted, Counter, DecisionId, Effect, Index, Layout, NodeId, PolicyId, Program,
    Reckoning, RuleId, Text,
};
use rulebook_base::source::Span;
use rulebook_lang::combiner::Combiner;
use rulebook_lang::model::{Cell, Currency, Time, Type};
use rulebook_lang::scalar::Kind;

/// A compiled policy.
#[derive(Debug)]
pub struct Policy {
    /// The name.
    pub name: String,
    /// What it is about.
    pub title: Option<Text>,
    /// On whose authority.
    pub sources: Vec<Citation>,
    /// The name of the record that it judges.
    pub record: Arc<str>,
    /// Where the record's fields lie in a row.
    pub layout: Layout,
    /// The counters that its rules read.
    pub counters: Vec<Counted>,
    /// The slot of the time that picks what is in force.
    pub dated: Option<u32>,
    /// The slot of a field named `id`, which names the record to people.
    pub id: Option<u32>,
    /// Its decisions.
    pub decisions: Vec<Decision>,
    /// Its rules in text order, then those of its overlays.
    pub rules: Vec<Rule>,
    /// The policies that amend it.
    pub overlays: Vec<Overlay>,
    /// The rules by the values that they accept.
    pub index: Index,
    /// For each rule its place in an order in which what overrides stands before what is
    /// overridden; none where no rule overrides another.
    pub ranks: Vec<u32>,
    /// The values of decisions that fault.
    pub on_fault: Vec<(DecisionId, NodeId)>,
    /// The reason for those values.
    pub fault_reason: Option<Text>,
    /// The policies whose decisions it reads, by way of others too, in order.
    pub reads: Vec<PolicyId>,
    /// What it claims of its decisions. No record needs this to be decided.
    pub invariants: Vec<Invariant>,
    /// What simulations add up. No record needs this to be decided.
    pub measurements: Vec<Measurement>,
}

/// A compiled measure.
#[derive(Debug)]
pub struct Measurement {
    /// The name.
    pub name: String,
    /// What it measures, in short.
    pub title: Option<Text>,
    /// On whose authority it is measured so.
    pub sources: Vec<Citation>,
    /// What is assumed in it.
    pub assumed: Vec<String>,
    /// What is done with the records.
    pub reckoning: Reckoning,
    /// What is added up; nothing where records are counted.
    pub value: Option<NodeId>,
    /// The currency of what is added up, where it is money.
    pub currency: Option<Currency>,
    /// Which records count.
    pub filter: Option<NodeId>,
}

/// A compiled claim about the decisions of a policy.
#[derive(Debug)]
pub struct Invariant {
    /// The name.
    pub name: String,
    /// For which records it holds.
    pub when: Option<NodeId>,
    /// What it says.
    pub claim: Claim,
    /// Where its name stands.
    pub span: Span,
}

/// What an invariant says.
#[derive(Debug)]
pub enum Claim {
    /// This is never true.
    Never(NodeId),
    /// A decision is the same whatever these slots hold.
    Independent(DecisionId, Vec<u32>),
}

/// A policy that amends another.
#[derive(Debug)]
pub struct Overlay {
    /// The name.
    pub name: String,
    /// What it is about.
    pub title: Option<Text>,
    /// On whose authority.
    pub sources: Vec<Citation>,
}

/// A compiled decision.
#[derive(Debug)]
pub struct Decision {
    /// The name.
    pub name: String,
    /// The type of one outcome.
    pub ty: Type,
    /// How outcomes become one.
    pub combiner: Combiner,
    /// The value where no rule fires.
    pub otherwise: Option<NodeId>,
    /// The reason for that value.
    pub because: Option<Text>,
}

/// The sum of no values of a type.
pub fn zero_of(ty: &Type) -> Cell {
    ty.kind().unwrap_or(Kind::Number).zero()
}

impl Decision {
    /// The type of the whole decision.
    pub fn whole_type(&self) -> Type {
        if self.combiner.collects() {
            Type::List(Box::new(self.ty.clone()))
        } else {
            self.ty.clone()
        }
    }

    /// The currency, if outcomes are amounts.
    pub fn currency(&self) -> Option<Currency> {
        match self.ty {
            Type::Money(currency) => Some(currency),
            _ => None,
        }
    }
}

/// A compiled rule.
#[derive(Debug)]
pub struct Rule {
    /// The name; behind that of its overlay and a dot where it comes from one.
    pub name: String,
    /// The position of its overlay, if it comes from one.
    pub overlay: Option<u16>,
    /// The salt of its cohorts: the rule's full name. Empty where it has none.
    pub salt: String,
    /// What it says, in short.
    pub title: Option<Text>,
    /// On whose authority.
    pub sources: Vec<Citation>,
    /// The slot of the time that picks whether it is in force, where it has its own.
    pub dated: Option<u32>,
    /// Its phases in the order of their dates; none means always.
    pub phases: Vec<Phase>,
    /// When it ends.
    pub until: Option<Time>,
    /// What must hold.
    pub when: Option<NodeId>,
    /// The parts of `when` that `and` joins, as written.
    pub clauses: Vec<Clause>,
    /// What must not hold.
    pub unless: Option<NodeId>,
    /// Where `unless` was written.
    pub exception: Option<Clause>,
    /// The rules that count as not fired while it fires.
    pub overrides: Vec<RuleId>,
    /// The decisions that it sets.
    pub sets: Vec<(DecisionId, NodeId)>,
    /// What it requires.
    pub requires: Vec<Require>,
    /// Why.
    pub because: Option<Text>,
    /// Where its name stands.
    pub span: Span,
}

/// A condition as its author wrote it.
#[derive(Debug, Clone, Copy)]
pub struct Clause {
    /// The condition.
    pub node: NodeId,
    /// Where it was written, before functions were written out.
    pub span: Span,
}

/// A compiled phase.
#[derive(Debug)]
pub struct Phase {
    /// From when.
    pub from: Time,
    /// What the rule does when it fires.
    pub effect: Effect,
    /// The share and the key of a cohort.
    pub cohort: Option<(NodeId, NodeId)>,
    /// For which records.
    pub filter: Option<NodeId>,
    /// Where it was written.
    pub span: Span,
}

/// A compiled obligation.
#[derive(Debug)]
pub struct Require {
    /// Its name.
    pub name: String,
    /// How long there is.
    pub within: Option<NodeId>,
    /// From when.
    pub of: Option<NodeId>,
}

impl Policy {
    /// The rules that set a decision, and those that override them.
    pub fn rules_behind(&self, decision: DecisionId) -> BTreeSet<RuleId> {
        let mut overriding: BTreeMap<RuleId, Vec<RuleId>> = BTreeMap::new();
        let mut pending = Vec::new();
        for (at, rule) in self.rules.iter().enumerate() {
            for target in &rule.overrides {
                overriding.entry(*target).or_default().push(RuleId::at(at));
            }
            if rule.sets.iter().any(|(own, _)| *own == decision) {
                pending.push(RuleId::at(at));
            }
        }
        let mut behind = BTreeSet::new();
        while let Some(id) = pending.pop() {
            if behind.insert(id) {
                pending.extend(overriding.get(&id).into_iter().flatten());
            }
        }
        behind
    }

    /// The values of a decision where no rule decides.
    pub fn without_rules(&self, decision: DecisionId) -> impl Iterator<Item = NodeId> {
        let otherwise = self.decisions.get(decision.index()).and_then(|own| own.otherwise);
        let on_fault = self.on_fault.iter().filter(move |(own, _)| *own == decision);
        otherwise.into_iter().chain(on_fault.map(|(_, node)| *node))
    }

    /// The counter whose value lies in a slot.
    pub fn counter_at<'p>(&self, program: &'p Program, slot: u32) -> Option<&'p Counter> {
        let counted = self.counters.iter().find(|counted| counted.slot == slot)?;
        program.counters.get(counted.counter as usize)
    }

    /// The overlay that a rule comes from, unless it is the policy's own.
    pub fn overlay_of(&self, rule: &Rule) -> Option<&Overlay> {
        self.overlays.get(usize::from(rule.overlay?))
    }

    /// Every node that its decisions and rules evaluate, titles not included.
    pub fn nodes(&self) -> Vec<NodeId> {
        let mut nodes: Vec<_> = self.on_fault.iter().map(|(_, node)| *node).collect();
        for decision in &self.decisions {
            nodes.extend(decision.otherwise);
            nodes.extend(decision.because.iter().flat_map(Text::nodes));
        }
        for rule in &self.rules {
            for phase in &rule.phases {
                nodes.extend(phase.filter);
                nodes.extend(phase.cohort.into_iter().flat_map(|(share, key)| [share, key]));
            }
            nodes.extend(rule.when.iter().chain(&rule.unless));
            nodes.extend(rule.sets.iter().map(|(_, node)| *node));
            nodes.extend(rule.requires.iter().flat_map(|own| own.within.iter().chain(&own.of)));
            nodes.extend(rule.because.iter().flat_map(Text::nodes));
        }
        nodes
    }

    /// The number of the decision with this name.
    pub fn decision(&self, name: &str) -> Option<DecisionId> {
        self.decisions.iter().position(|decision| decision.name == name).map(DecisionId::at)
    }
}

impl Rule {
    /// The position of the phase that has begun at a time, if the rule is in force then; `None`
    /// in the result for a rule without phases, which is always in force.
    pub fn phase_at(&self, time: Time) -> Option<Option<usize>> {
        if self.until.is_some_and(|until| time >= until) {
            return None;
        }
        if self.phases.is_empty() {
            return Some(None);
        }
        let begun = self.phases.partition_point(|phase| phase.from <= time);
        begun.checked_sub(1).map(Some)
    }

    /// What the rule does in the phase at a position.
    pub fn effect(&self, phase: Option<u16>) -> Effect {
        let phase = phase.and_then(|at| self.phases.get(usize::from(at)));
        phase.map_or(Effect::Enforce, |phase| phase.effect)
    }

    /// The time that the rule's dates are compared with.
    pub fn dated_slot(&self, policy: &Policy) -> Option<u32> {
        self.dated.or(policy.dated)
    }
}
