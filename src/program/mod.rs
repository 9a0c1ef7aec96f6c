//! What evaluators run: flat nodes, slots, rules and timelines. Names and types are gone, except
//! where they are told to people.

mod compile;
mod counter;
mod fingerprint;
mod index;
mod layout;
mod listing;
mod profile;
mod row;
mod table;
mod text;

use std::collections::{BTreeSet, HashSet};
use std::sync::Arc;

use regex::Regex;

pub use crate::check::typed::{
    Citation, ComprehensionKind, DecisionId, Effect, ParameterId, PolicyId, RuleId, TableId,
};
use crate::diagnostic::did_you_mean;
use crate::lang::combiner::Combiner;
use crate::lang::kernel::Kernel;
use crate::model::{Cell, Currency, Store, Time, Type, Zone};
use crate::script::{Border, Script};
use crate::source::Span;

pub use compile::{Places, compile};
pub use counter::{Counted, Counter};
pub use index::{Entry, Index, Search, Set, Sets};
pub use layout::{Element, Field, FieldKind, Layout};
pub use listing::listing;
pub use profile::{Join, ProfileRecord};
pub use row::{Keyed, Row};
pub(crate) use table::Numbers;
pub use table::Table;
pub use text::{Piece, Text, Variant};

/// The number of a node.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct NodeId(pub u32);

/// A range of [`Program::operands`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Operands {
    /// The first.
    pub start: u32,
    /// The one after the last.
    pub end: u32,
}

/// One step of an evaluation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[allow(
    unpredictable_function_pointer_comparisons,
    reason = "kernels that share an address do the same, and one that has two is only built twice"
)]
pub enum Node {
    /// A cell of [`Program::constants`].
    Constant(Cell),
    /// A pattern of [`Program::patterns`].
    Pattern(u32),
    /// A slot of the row.
    Slot(u32),
    /// The record whose own cell is a slot of the row; its fields stand behind it.
    Record(u32),
    /// The variable of a comprehension.
    Local(u32),
    /// A field of the record that a variable holds.
    LocalField(u32, u32),
    /// A decision of another policy on the record.
    Decision(PolicyId, DecisionId),
    /// A record within the record that a variable holds, by the place of its own cell there.
    LocalRecord(u32, u32),
    /// A parameter, as of the date used.
    Parameter(ParameterId),
    /// The time of the evaluation.
    Now,
    /// A kernel on operands.
    Call(Kernel, Operands),
    /// A function of [`Program::scripts`] on operands.
    Script(u32, Operands),
    /// True when all operands are, looked at from the left.
    And(Operands),
    /// True when one operand is, looked at from the left.
    Or(Operands),
    /// The first operand, or the second where it is missing.
    Coalesce(NodeId, NodeId),
    /// Condition and value in turn, then the value where no condition holds.
    Choice(Operands),
    /// Whether the operand is there (or is not).
    Presence(NodeId, bool),
    /// Whether the first operand is one of the others (or is not).
    AnyOf(Operands, bool),
    /// Whether a text is in a set of [`Program::sets`] (or is not).
    InSet(NodeId, u32, bool),
    /// Whether the first operand lies from the second to the third.
    InRange {
        /// Value, low end, high end.
        operands: Operands,
        /// Whether the high end belongs to the range.
        closed: bool,
        /// Whether the value must lie outside.
        negated: bool,
    },
    /// A comprehension of [`Program::comprehensions`].
    Comprehension(u32),
    /// An output of a table of [`Program::tables`], by its number.
    LookUp {
        /// Which table.
        table: TableId,
        /// Which of its outputs.
        output: u32,
        /// Its inputs.
        operands: Operands,
    },
    /// A number as text.
    NumberText(NodeId),
    /// The name of an enum's member, by the names in [`Program::members`].
    MemberText(NodeId, u32),
}

/// A comprehension over a list.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Comprehension {
    /// Which.
    pub kind: ComprehensionKind,
    /// The number of the variable.
    pub variable: u32,
    /// The list.
    pub list: NodeId,
    /// Which elements count.
    pub filter: Option<NodeId>,
    /// What to take of each.
    pub body: Option<NodeId>,
    /// The sum of none.
    pub zero: Cell,
}

/// A function that a script defines, with the types that it was declared with.
#[derive(Debug)]
pub struct ScriptFunction {
    /// The name.
    pub name: String,
    /// What runs.
    pub script: Script,
    /// The types of its arguments.
    pub arguments: Vec<Border>,
    /// The type of its result.
    pub result: Border,
    /// The same, for people.
    pub ty: Type,
}

/// A compiled rulebook.
#[derive(Debug)]
pub struct Program {
    /// The zone in which days begin and local times read.
    pub zone: Zone,
    /// The languages; the first is the default.
    pub languages: Vec<String>,
    /// The nodes; operands stand before what uses them.
    pub nodes: Vec<Node>,
    /// Where each node was written.
    pub spans: Vec<Span>,
    /// The operands of nodes with several.
    pub operands: Vec<NodeId>,
    /// The texts and lists of constants.
    pub constants: Store,
    /// The regular expressions.
    pub patterns: Vec<Regex>,
    /// The texts of larger lists.
    pub sets: Vec<HashSet<Box<str>>>,
    /// The comprehensions.
    pub comprehensions: Vec<Comprehension>,
    /// The functions that scripts define.
    pub scripts: Vec<ScriptFunction>,
    /// The names of the members of enums that become text.
    pub members: Vec<Arc<crate::model::EnumType>>,
    /// The parameters.
    pub parameters: Vec<Parameter>,
    /// The decision tables.
    pub tables: Vec<Table>,
    /// The records whose profiles are joined.
    pub profiles: Vec<ProfileRecord>,
    /// The counters that policies read.
    pub counters: Vec<Counter>,
    /// The policies.
    pub policies: Vec<Policy>,
}

/// A parameter and its values.
#[derive(Debug)]
pub struct Parameter {
    /// The name.
    pub name: String,
    /// The type.
    pub ty: Type,
    /// From when, and what; in order.
    pub values: Vec<(Option<Time>, Cell)>,
}

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
pub(crate) fn zero_of(ty: &Type) -> Cell {
    match ty {
        Type::Duration => Cell::Duration(crate::model::Duration::ZERO),
        _ => Cell::Number(crate::model::Number::ZERO),
    }
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

impl Program {
    /// The node with this number.
    pub fn node(&self, id: NodeId) -> Node {
        // Numbers come from the compiler; a missing node would be its bug and reads as missing.
        self.nodes.get(id.0 as usize).copied().unwrap_or(Node::Constant(Cell::Missing))
    }

    /// The value of a node that is the same for every record and needs no store.
    pub fn constant(&self, id: NodeId) -> Option<&Cell> {
        match self.nodes.get(id.0 as usize)? {
            Node::Constant(cell) if cell.is_plain() => Some(cell),
            _ => None,
        }
    }

    /// Where a node was written.
    pub fn span(&self, id: NodeId) -> Span {
        self.spans.get(id.0 as usize).copied().unwrap_or_default()
    }

    /// The operands in a range.
    pub fn operands(&self, range: Operands) -> &[NodeId] {
        self.operands.get(range.start as usize..range.end as usize).unwrap_or_default()
    }

    /// A policy and its decision.
    pub fn decision(&self, policy: PolicyId, decision: DecisionId) -> Option<(&Policy, &Decision)> {
        let policy = self.policies.get(policy.index())?;
        Some((policy, policy.decisions.get(decision.index())?))
    }

    /// A decision as others read it: `policy.decision`.
    pub fn decision_path(&self, policy: PolicyId, decision: DecisionId) -> String {
        let found = self.decision(policy, decision);
        found.map_or_else(String::new, |(policy, decision)| {
            [&policy.name, ".", &decision.name].concat()
        })
    }

    /// The policy with this name.
    pub fn policy(&self, name: &str) -> Option<usize> {
        self.policies.iter().position(|policy| policy.name == name)
    }

    /// The counters that count the records that a policy judges, one for each digest: those of one
    /// digest share what they count.
    pub fn counters_of(&self, policy: Option<&Policy>) -> impl Iterator<Item = &Counter> {
        let record = policy.map(|policy| policy.record.clone());
        let counters = self.counters.iter().enumerate();
        counters.filter_map(move |(at, counter)| {
            let mut before = self.counters.iter().take(at);
            let is_first = before.all(|other| other.digest != counter.digest);
            (is_first && Some(&counter.record) == record.as_ref()).then_some(counter)
        })
    }

    /// What to name instead of a policy that is not there.
    pub(crate) fn policy_help(&self, name: &str) -> String {
        let names = self.policies.iter().map(|policy| policy.name.as_str());
        let amended = self
            .policies
            .iter()
            .find(|policy| policy.overlays.iter().any(|overlay| overlay.name == name));
        match amended {
            Some(policy) => format!("`{name}` amends `{0}`; judge `{0}`", policy.name),
            None => did_you_mean(name, names.clone()).unwrap_or_else(|| {
                format!("policies are {}", names.collect::<Vec<_>>().join(", "))
            }),
        }
    }

    /// Calls `visit` on a node and all that it needs, each once.
    pub fn walk(&self, root: NodeId, visit: &mut dyn FnMut(NodeId, Node)) {
        let mut pending = vec![root];
        let mut seen = HashSet::new();
        while let Some(id) = pending.pop() {
            if !seen.insert(id) {
                continue;
            }
            let node = self.node(id);
            visit(id, node);
            self.children(node, &mut pending);
        }
    }

    /// What a node needs, in the order in which it is written.
    pub(crate) fn parts(&self, node: Node) -> Vec<NodeId> {
        let mut parts = Vec::new();
        self.children(node, &mut parts);
        parts.reverse();
        parts
    }

    fn children(&self, node: Node, into: &mut Vec<NodeId>) {
        match node {
            Node::Constant(_)
            | Node::Pattern(_)
            | Node::Slot(_)
            | Node::Record(_)
            | Node::Local(_)
            | Node::LocalField(..)
            | Node::Decision(..)
            | Node::LocalRecord(..)
            | Node::Parameter(_)
            | Node::Now => {}
            Node::Call(_, operands)
            | Node::Script(_, operands)
            | Node::And(operands)
            | Node::Or(operands)
            | Node::Choice(operands)
            | Node::AnyOf(operands, _)
            | Node::InRange { operands, .. }
            | Node::LookUp { operands, .. } => {
                into.extend(self.operands(operands).iter().rev());
            }
            Node::Coalesce(a, b) => into.extend([b, a]),
            Node::Presence(inner, _)
            | Node::InSet(inner, ..)
            | Node::NumberText(inner)
            | Node::MemberText(inner, _) => into.push(inner),
            Node::Comprehension(index) => {
                if let Some(inner) = self.comprehensions.get(index as usize) {
                    into.extend(inner.body.iter().chain(&inner.filter));
                    into.push(inner.list);
                }
            }
        }
    }
}

impl Policy {
    /// The rules that set a decision, and those that override them.
    pub(crate) fn rules_behind(&self, decision: DecisionId) -> BTreeSet<RuleId> {
        let rules = self.rules.iter().enumerate();
        let mut behind: BTreeSet<_> = rules
            .clone()
            .filter(|(_, rule)| rule.sets.iter().any(|(own, _)| *own == decision))
            .map(|(at, _)| RuleId::at(at))
            .collect();
        loop {
            let before = behind.len();
            for (at, rule) in rules.clone() {
                if rule.overrides.iter().any(|target| behind.contains(target)) {
                    behind.insert(RuleId::at(at));
                }
            }
            if behind.len() == before {
                return behind;
            }
        }
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
    pub(crate) fn nodes(&self) -> Vec<NodeId> {
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
