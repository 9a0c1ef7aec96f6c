//! Compiled policies: what is said of policies in the typed tree, with nodes for expressions and
//! slots for places, and beside it what only judging needs.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Deref;
use std::sync::Arc;

use super::{Counted, DecisionId, Effect, Index, Layout, LetId, NodeId, PolicyId, RuleId, Stages};
use crate::check::typed::{self, Stage};
use crate::ids::IdVec;
use rulebook_base::source::Span;
use rulebook_lang::model::{Cell, Time, Type};

/// The stage of the program.
#[derive(Debug, Clone)]
pub struct Compiled;

impl Stage for Compiled {
    type Expr = NodeId;
    type Value = (NodeId, Type);
    type Constant = Cell;
    /// A slot.
    type Place = u32;
    /// Its name.
    type Record = Arc<str>;
    type Rule = Rule;
    type Elements = super::Elements;
}

/// A compiled parameter.
pub type Parameter = typed::Parameter<Compiled>;
/// A compiled decision.
pub type Decision = typed::Decision<Compiled>;
/// A compiled phase.
pub type Phase = typed::Phase<Compiled>;
/// A compiled obligation.
pub type Require = typed::Require<Compiled>;
/// A policy that amends another.
pub type Overlay = typed::Overlay<Compiled>;
/// A compiled claim about the decisions of a policy.
pub type Invariant = typed::Invariant<Compiled>;
/// What an invariant says.
pub type Claim = typed::Claim<Compiled>;
/// A compiled measure.
pub type Measurement = typed::Measurement<Compiled>;
/// A text by language, ready to be rendered.
pub type Text = typed::Text<Compiled>;
/// A text in one language.
pub type Variant = typed::Variant<Compiled>;
/// A part of a text.
pub type Piece = typed::Piece<Compiled>;
pub use typed::Printed;

/// A compiled policy: what it says, and what judging needs beside that.
#[derive(Debug)]
pub struct Policy {
    /// What it says.
    pub definition: typed::Policy<Compiled>,
    /// Where the record's fields lie in a row.
    pub layout: Layout,
    /// The counters that its rules read.
    pub counters: Vec<Counted>,
    /// The slot of a field named `id`, which names the record to people.
    pub id: Option<u32>,
    /// The rules by the values that they accept.
    pub index: Index,
    /// For each rule its place in an order in which what overrides stands before what is
    /// overridden; none where no rule overrides another.
    pub ranks: IdVec<RuleId, u32>,
    /// The policies whose decisions it reads, by way of others too, in order; it is one of them where its
    /// rules read what it decides itself.
    pub reads: Vec<PolicyId>,
    /// In which order it decides, where its rules read what it decides itself.
    pub stages: Option<Stages>,
    /// The named values that it reads, what they are made of before what is made of them.
    pub named: Vec<Named>,
    /// For each decision the named values that it reads where no rule gives it.
    pub default_lets: IdVec<DecisionId, Vec<LetId>>,
    /// How much room there must be for what it and they work out once for a record.
    pub once: u32,
}

impl Deref for Policy {
    type Target = typed::Policy<Compiled>;

    #[inline]
    fn deref(&self) -> &Self::Target {
        &self.definition
    }
}

/// A compiled rule: what it says, and what is kept of how it was written.
#[derive(Debug)]
pub struct Rule {
    /// What it says.
    pub definition: typed::Rule<Compiled>,
    /// The salt of its cohorts: the rule's full name. Empty where it has none.
    pub salt: String,
    /// The parts of `when` that `and` joins, as written.
    pub clauses: Vec<Clause>,
    /// Where `unless` was written.
    pub exception: Option<Clause>,
    /// Where the `where` of each phase was written; nothing where no phase has any.
    pub filters: Vec<Option<Clause>>,
    /// What its outcomes are calculated from, as written.
    pub operands: Vec<Operand>,
    /// The named values that it reads outside of its conditions.
    pub lets: Vec<LetId>,
}

impl Deref for Rule {
    type Target = typed::Rule<Compiled>;

    #[inline]
    fn deref(&self) -> &Self::Target {
        &self.definition
    }
}

/// A condition as its author wrote it.
#[derive(Debug, Clone)]
pub struct Clause {
    /// The condition.
    pub node: NodeId,
    /// Where it was written, before functions were written out.
    pub span: Span,
    /// What it is made of.
    pub form: Form,
    /// The named values that it reads by itself.
    pub lets: Vec<LetId>,
}

/// A named value, as one policy reads it.
#[derive(Debug, Clone)]
pub struct Named {
    /// Which it is, among those of the rulebook.
    pub id: LetId,
    /// As expressions read it.
    pub name: String,
    /// What people call it.
    pub title: Option<Text>,
    /// What it is; optional where it may be missing.
    pub ty: Type,
    /// What it stands for, and how that was written.
    pub clause: Clause,
}

/// What a condition is made of, as written: a function of the rulebook is one piece.
#[derive(Debug, Clone)]
pub enum Form {
    /// A test, with what it compares, as far as that is neither a field nor a literal.
    Test(Vec<Operand>),
    /// What `and` joins.
    AllOf(Vec<Clause>),
    /// What `or` joins.
    OneOf(Vec<Clause>),
    /// What `not` stands before, if that is no test.
    Not(Box<Clause>),
    /// What is asked of the elements of a list by `any` or `all`.
    Each(Box<Each>),
}

/// What is asked of the elements of a list by `any` or `all`.
#[derive(Debug, Clone)]
pub struct Each {
    /// The list.
    pub list: NodeId,
    /// What the list is calculated from.
    pub operands: Vec<Operand>,
    /// Whether one element settles it where it holds (`any`) or where it does not (`all`).
    pub settled_by: bool,
    /// What is asked of each element.
    pub body: Clause,
}

/// Something that has a value which neither a field nor a literal says.
#[derive(Debug, Clone)]
pub struct Operand {
    /// What gives the value.
    pub node: NodeId,
    /// Where it was written.
    pub span: Span,
    /// The type of its value.
    pub ty: Type,
}

impl Text {
    /// The values that it tells, in any language.
    pub fn nodes(&self) -> impl Iterator<Item = NodeId> {
        self.values().map(|(node, _)| *node)
    }
}

impl Policy {
    /// The rules that set a decision, and those that override them.
    pub fn rules_behind(&self, decision: DecisionId) -> BTreeSet<RuleId> {
        let mut overriding: BTreeMap<RuleId, Vec<RuleId>> = BTreeMap::new();
        let mut pending = Vec::new();
        for (id, rule) in self.rules.numbered() {
            for target in &rule.overrides {
                overriding.entry(*target).or_default().push(id);
            }
            if rule.sets.iter().any(|(own, _)| *own == decision) {
                pending.push(id);
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
        let otherwise = self.decisions[decision].otherwise;
        let on_fault = self.on_fault.iter().filter(move |(own, _)| *own == decision);
        otherwise.into_iter().chain(on_fault.map(|(_, node)| *node))
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
            nodes.extend(rule.expressions());
            nodes.extend(rule.because.iter().flat_map(Text::nodes));
        }
        nodes
    }

    /// A named value that it reads.
    pub fn named(&self, id: LetId) -> Option<&Named> {
        self.named.iter().find(|named| named.id == id)
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
