//! What evaluators run: flat nodes, slots, rules and timelines. Names and types are gone, except
//! where they are told to people.

mod beside;
mod compile;
mod constant;
mod counter;
mod dates;
mod elements;
mod fingerprint;
mod index;
mod layout;
mod listing;
mod node;
mod policy;
mod profile;
mod row;
mod stages;
mod table;

use std::collections::{BTreeSet, HashSet};
use std::sync::Arc;

use rustc_hash::FxHashMap;

pub use crate::check::typed::{Citation, ComprehensionKind, Effect, Reckoning};
use crate::ids::IdVec;
pub use crate::ids::{
    CompiledCounterId, ComprehensionId, DecisionId, LetId, MadeId, MembersId, NodeId, OnceId,
    ParameterId, PatternId, PolicyId, ProfileId, RuleId, ScriptId, SetId, TableId,
};
use crate::script::{Border, Script, with_stack_of};
use crate::texts::TextSet;
use rulebook_base::diagnostic::did_you_mean;
use rulebook_base::source::Span;
use rulebook_lang::model::{Calendar, Cell, Pattern, Store, Type, Zone};

pub use crate::check::typed::Validity;
pub use beside::Told;
pub use compile::{Places, compile};
pub use constant::zero_of;
pub use counter::{Counted, Counter};
pub use elements::Elements;
pub use index::{Entry, Index, Search, Set, Sets};
#[cfg(feature = "batch")]
pub(crate) use index::{Key, KeyId, KeySource, UNREACHED, key};
#[cfg(feature = "batch")]
pub use index::{Sieve, Word};
pub use layout::{Element, Field, FieldKind, Layout};
pub use listing::listing;
pub use node::{Comprehension, MadeRecord, Node, Once, Operands};
pub use policy::{
    Claim, Clause, Compiled, Decision, Each, Form, Invariant, Measurement, Named, Operand, Overlay,
    Parameter, Phase, Piece, Policy, Printed, Require, Rule, Text, Variant,
};
pub use profile::{Join, ProfileRecord};
pub use row::{Keyed, Row};
pub use stages::Stages;
pub use table::Numbers;
pub use table::Table;

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
    pub(crate) nodes: IdVec<NodeId, Node>,
    /// The costly expressions that are worked out once for a record.
    pub once: IdVec<OnceId, Once>,
    /// Where each node was written.
    pub spans: IdVec<NodeId, Span>,
    /// The operands of nodes with several.
    pub operands: Vec<NodeId>,
    /// The texts and lists of constants.
    pub constants: Store,
    /// The regular expressions.
    pub patterns: IdVec<PatternId, Pattern>,
    /// The texts of larger lists.
    pub sets: IdVec<SetId, Arc<TextSet>>,
    /// The comprehensions.
    pub comprehensions: IdVec<ComprehensionId, Comprehension>,
    /// The records that expressions make.
    pub made: IdVec<MadeId, MadeRecord>,
    /// The expressions that take many steps as they are written, with how many they take.
    pub heavy: FxHashMap<NodeId, u64>,
    /// The functions that scripts define.
    pub scripts: IdVec<ScriptId, ScriptFunction>,
    /// The names of the members of enums that become text.
    pub members: IdVec<MembersId, Arc<rulebook_lang::model::EnumType>>,
    /// The parameters.
    pub parameters: IdVec<ParameterId, Parameter>,
    /// The calendars of working days.
    pub calendars: Vec<Calendar>,
    /// The decision tables.
    pub tables: IdVec<TableId, Table>,
    /// The records whose profiles are joined.
    pub profiles: IdVec<ProfileId, ProfileRecord>,
    /// The counters that policies read.
    pub counters: IdVec<CompiledCounterId, Counter>,
    /// The policies.
    pub policies: IdVec<PolicyId, Policy>,
}

impl Program {
    /// The node with this number.
    #[inline]
    pub fn node(&self, id: NodeId) -> Node {
        match self.nodes[id] {
            Node::Once(once) => self.once[once].node,
            node => node,
        }
    }

    /// The node with this number as it is evaluated: it may be one to work out once for a record.
    #[inline]
    pub(crate) fn step(&self, id: NodeId) -> Node {
        self.nodes[id]
    }

    /// The value of a node that is the same for every record and needs no store.
    pub fn constant(&self, id: NodeId) -> Option<&Cell> {
        match &self.nodes[id] {
            Node::Constant(cell) if cell.is_plain() => Some(cell),
            _ => None,
        }
    }

    /// The value of a constant, or of a parameter that never changes.
    pub fn fixed(&self, id: NodeId) -> Option<Cell> {
        match self.node(id) {
            Node::Constant(cell) => Some(cell),
            Node::Parameter(parameter) => match self.parameters[parameter].values.as_slice() {
                [(None, cell)] => Some(*cell),
                _ => None,
            },
            _ => None,
        }
    }

    /// Judges with a stack that suffices for every call of a script: a call that does not find one asks for
    /// its own, which takes longer than many a script.
    pub fn with_stack<T>(&self, judge: impl FnOnce() -> T) -> T {
        let needed = self.scripts.iter().map(|function| function.script.stack()).max();
        match needed {
            Some(needed) => with_stack_of(needed, judge),
            None => judge(),
        }
    }

    /// Where a node was written.
    pub fn span(&self, id: NodeId) -> Span {
        self.spans[id]
    }

    /// The operands in a range.
    pub fn operands(&self, range: Operands) -> &[NodeId] {
        let operands = self.operands.get(range.start as usize..range.end as usize);
        debug_assert!(operands.is_some(), "operands of another program");
        operands.unwrap_or_default()
    }

    /// A policy and its decision.
    pub fn decision(&self, policy: PolicyId, decision: DecisionId) -> (&Policy, &Decision) {
        let policy = &self.policies[policy];
        (policy, &policy.decisions[decision])
    }

    /// A decision as others read it: `policy.decision`.
    pub fn decision_path(&self, policy: PolicyId, decision: DecisionId) -> String {
        let (policy, decision) = self.decision(policy, decision);
        [&policy.name, ".", &decision.name].concat()
    }

    /// The policy with this name.
    pub fn policy(&self, name: &str) -> Option<PolicyId> {
        self.policies.iter().position(|policy| policy.name == name).map(PolicyId::at)
    }

    /// The counters that count the records that a policy judges, one for each digest: those of one
    /// digest share what they count.
    pub fn counters_of(&self, policy: &Policy) -> impl Iterator<Item = &Counter> {
        let record = policy.record.clone();
        let counters = self.counters.iter().enumerate();
        counters.filter_map(move |(at, counter)| {
            let mut before = self.counters.iter().take(at);
            let is_first = before.all(|other| other.digest != counter.digest);
            (is_first && counter.record == record).then_some(counter)
        })
    }

    /// The counter whose value lies in a slot of a policy's rows.
    pub fn counter_at(&self, policy: &Policy, slot: u32) -> Option<&Counter> {
        let counted = policy.counters.iter().find(|counted| counted.slot == slot)?;
        Some(&self.counters[counted.counter])
    }

    /// What to name instead of a policy that is not there.
    pub fn policy_help(&self, name: &str) -> String {
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
        self.walk_without(root, &[], visit);
    }

    /// The same, without some nodes and what only these need.
    pub fn walk_without(
        &self,
        root: NodeId,
        without: &[NodeId],
        visit: &mut dyn FnMut(NodeId, Node),
    ) {
        let mut pending = vec![root];
        let mut seen: HashSet<NodeId> = without.iter().copied().collect();
        while let Some(id) = pending.pop() {
            if seen.insert(id) {
                let node = self.node(id);
                visit(id, node);
                self.children(node, &mut pending);
            }
        }
    }

    /// What a node needs, in the order in which it is written.
    pub fn parts(&self, node: Node) -> Vec<NodeId> {
        let mut parts = Vec::new();
        self.children(node, &mut parts);
        parts.reverse();
        parts
    }

    /// The slots that a policy looks at, by way of those that it reads too.
    pub(crate) fn slots_behind(&self, policy: PolicyId) -> BTreeSet<u32> {
        let mut slots = BTreeSet::new();
        let read = self.policies[policy].reads.iter().copied();
        for policy in read.chain([policy]).map(|id| &self.policies[id]) {
            let dated = policy.rules.iter().filter_map(|rule| rule.dated_slot(policy));
            slots.extend(dated.chain(policy.dated));
            for root in policy.nodes() {
                self.walk(root, &mut |_, node| match node {
                    Node::Slot(slot) => drop(slots.insert(slot)),
                    Node::Record(slot, _) => slots.extend(policy.layout.within(slot)),
                    _ => {}
                });
            }
        }
        slots
    }

    fn children(&self, node: Node, into: &mut Vec<NodeId>) {
        match node {
            Node::Constant(_)
            | Node::Pattern(_)
            | Node::Slot(_)
            | Node::Record(..)
            | Node::Local(_)
            | Node::LocalField(..)
            | Node::Decision(..)
            | Node::Elements(_)
            | Node::ElementDecision(..)
            | Node::LocalRecord(..)
            | Node::Parameter(_)
            | Node::Now
            | Node::Once(_) => {}
            Node::Call(_, operands)
            | Node::Script(_, operands)
            | Node::And(operands)
            | Node::Or(operands)
            | Node::Choice(operands)
            | Node::Items(operands)
            | Node::Rows(_, operands)
            | Node::Made(_, operands)
            | Node::AnyOf(operands, _)
            | Node::InRange { operands, .. }
            | Node::LookUp { operands, .. } => {
                into.extend(self.operands(operands).iter().rev());
            }
            Node::Coalesce(a, b) => into.extend([b, a]),
            Node::Presence(inner, _)
            | Node::InSet(inner, ..)
            | Node::Try(inner)
            | Node::Field(inner, ..)
            | Node::NumberText(inner)
            | Node::MemberText(inner, _) => into.push(inner),
            Node::Comprehension(index) => {
                let inner = &self.comprehensions[index];
                into.extend(inner.body.iter().chain(&inner.filter));
                into.push(inner.list);
            }
        }
    }
}
