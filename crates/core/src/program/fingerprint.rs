//! What a policy says, as one number: equal numbers mean equal decisions, wherever it is written.

use std::collections::HashMap;
use std::hash::{DefaultHasher, Hash, Hasher};

use super::{Counter, Node, NodeId, Piece, Policy, Program, Text};
use rulebook_lang::model::Cell;

impl Program {
    /// A number that two policies share if they decide alike, with the same reasons: names of
    /// rules and the order of the text count, places in it do not. It holds within one process.
    pub fn fingerprint(&self, policy: &Policy) -> u64 {
        let mut printer = Printer { program: self, nodes: HashMap::new() };
        let mut hash = DefaultHasher::new();
        let read = policy.reads.iter().map(|id| &self.policies[*id]);
        for policy in [policy].into_iter().chain(read) {
            printer.policy(policy, &mut hash);
        }
        hash.finish()
    }

    /// A number that two policies share if the same records count for both, to the same values. It
    /// holds within one process.
    pub fn counting_fingerprint(&self, policy: &Policy) -> u64 {
        let mut printer = Printer { program: self, nodes: HashMap::new() };
        let mut hash = DefaultHasher::new();
        printer.record(policy, &mut hash);
        let places = policy.counters.iter().map(|counted| counted.counter);
        places.collect::<Vec<_>>().hash(&mut hash);
        for counter in self.counters.iter().filter(|counter| counter.record == policy.record) {
            let slots = counter.known_by.iter().map(|(slot, _)| *slot).collect::<Vec<_>>();
            (&counter.name, counter.dated, counter.tally, slots).hash(&mut hash);
            for (key, _) in &counter.keys {
                printer.node(*key).hash(&mut hash);
            }
            printer.maybe(counter.filter, &mut hash);
            printer.maybe(counter.value.as_ref().map(|(value, _)| *value), &mut hash);
        }
        hash.finish()
    }
}

struct Printer<'p> {
    program: &'p Program,
    nodes: HashMap<NodeId, u64>,
}

impl Printer<'_> {
    fn policy(&mut self, policy: &Policy, hash: &mut DefaultHasher) {
        (&policy.name, policy.dated).hash(hash);
        policy.elements.as_ref().map(|elements| (&elements.path, &elements.lists)).hash(hash);
        self.program.calendars.hash(hash);
        self.record(policy, hash);
        for decision in &policy.decisions {
            (&decision.name, decision.given_type().to_string()).hash(hash);
            format!("{:?}", decision.combiner).hash(hash);
            self.maybe(decision.otherwise, hash);
            self.text(decision.because.as_ref(), hash);
        }
        for rule in &policy.rules {
            (&rule.name, &rule.salt, rule.dated, rule.until, &rule.overrides).hash(hash);
            for phase in &rule.phases {
                (phase.from, phase.effect).hash(hash);
                self.maybe(phase.cohort.map(|(share, _)| share), hash);
                self.maybe(phase.cohort.map(|(_, key)| key), hash);
                self.maybe(phase.filter, hash);
            }
            self.maybe(rule.when, hash);
            self.maybe(rule.unless, hash);
            rule.sets.len().hash(hash);
            for (decision, node) in &rule.sets {
                (decision, self.node(*node)).hash(hash);
            }
            rule.requires.len().hash(hash);
            for require in &rule.requires {
                require.name.hash(hash);
                self.maybe(require.within, hash);
                self.maybe(require.of, hash);
                self.maybe(require.by, hash);
            }
            self.text(rule.because.as_ref(), hash);
        }
        for (decision, node) in &policy.on_fault {
            (decision, self.node(*node)).hash(hash);
        }
        self.text(policy.fault_reason.as_ref(), hash);
    }

    /// What is read of a record and of counters.
    fn record(&self, policy: &Policy, hash: &mut DefaultHasher) {
        policy.layout.walk("", &mut |path, field| {
            (path, field.slot, field.optional).hash(hash);
            field.default.map(|cell| self.cell(cell)).hash(hash);
        });
        for counted in &policy.counters {
            let Counter { name, digest, window, .. } = &self.program.counters[counted.counter];
            (counted.slot, name, digest, window).hash(hash);
        }
    }

    fn maybe(&mut self, node: Option<NodeId>, hash: &mut DefaultHasher) {
        node.map(|node| self.node(node)).hash(hash);
    }

    fn text(&mut self, text: Option<&Text>, hash: &mut DefaultHasher) {
        for variant in text.iter().flat_map(|text| &text.variants) {
            variant.language.hash(hash);
            for piece in &variant.pieces {
                match piece {
                    Piece::Text(text) => text.hash(hash),
                    Piece::Value((node, _), printed) => (self.node(*node), printed).hash(hash),
                }
            }
        }
    }

    fn cell(&self, cell: Cell) -> String {
        super::constant::shown(&self.program.constants.value(cell))
    }

    fn node(&mut self, id: NodeId) -> u64 {
        if let Some(known) = self.nodes.get(&id) {
            return *known;
        }
        let program = self.program;
        let mut hash = DefaultHasher::new();
        let node = program.node(id);
        std::mem::discriminant(&node).hash(&mut hash);
        match node {
            Node::Constant(cell) => self.cell(cell).hash(&mut hash),
            Node::Pattern(id) => program.patterns[id].as_str().hash(&mut hash),
            Node::Slot(slot) | Node::Record(slot, _) => slot.hash(&mut hash),
            Node::Local(variable) => variable.hash(&mut hash),
            Node::LocalField(variable, offset) | Node::LocalRecord(variable, offset, _) => {
                (variable, offset).hash(&mut hash);
            }
            Node::Field(_, offset, _) => offset.hash(&mut hash),
            Node::Made(id, _) | Node::Rows(id, _) => program.made[id].record.hash(&mut hash),
            Node::Script(id, _) => {
                let function = &program.scripts[id];
                (function.script.fingerprint(), function.ty.to_string()).hash(&mut hash);
            }
            // What is decided there is part of the whole.
            Node::Decision(policy, decision) => {
                program.decision_path(policy, decision).hash(&mut hash);
            }
            Node::Elements(policy) => program.policies[policy].name.hash(&mut hash),
            Node::ElementDecision(variable, policy, decision) => {
                (variable, program.decision_path(policy, decision)).hash(&mut hash);
            }
            Node::Parameter(id) => {
                let parameter = &program.parameters[id];
                parameter.name.hash(&mut hash);
                for (from, cell) in &parameter.values {
                    (from, self.cell(*cell)).hash(&mut hash);
                }
            }
            Node::Call(kernel, _) => kernel.hash(&mut hash),
            Node::Presence(_, flag) | Node::AnyOf(_, flag) => flag.hash(&mut hash),
            Node::InSet(_, set, negated) => {
                let mut items: Vec<_> = program.sets[set].iter().collect();
                items.sort_unstable();
                (items, negated).hash(&mut hash);
            }
            Node::InRange { closed, negated, .. } => (closed, negated).hash(&mut hash),
            Node::Comprehension(id) => {
                let inner = &program.comprehensions[id];
                (inner.kind, inner.variable).hash(&mut hash);
                (inner.filter.is_some(), inner.body.is_some()).hash(&mut hash);
                self.cell(inner.zero).hash(&mut hash);
            }
            Node::MemberText(_, members) => {
                program.members[members].members.hash(&mut hash);
            }
            Node::LookUp { table, output, .. } => {
                output.hash(&mut hash);
                program.tables[table].content(&program.constants).hash(&mut hash);
            }
            Node::Now
            | Node::Once(_)
            | Node::And(_)
            | Node::Or(_)
            | Node::Coalesce(..)
            | Node::Try(_)
            | Node::Choice(_)
            | Node::Items(_)
            | Node::NumberText(_) => {}
        }
        let mut parts: Vec<_> =
            program.parts(node).into_iter().map(|part| self.node(part)).collect();
        if let (Node::AnyOf(..), Some((_, items))) = (node, parts.split_first_mut()) {
            // Which constant stands first, or twice, does not matter.
            let operands = program.parts(node);
            let is_constant = |id: &NodeId| matches!(program.node(*id), Node::Constant(_));
            if operands.into_iter().skip(1).all(|id| is_constant(&id)) {
                items.sort_unstable();
                parts.dedup();
            }
        }
        parts.hash(&mut hash);
        let print = hash.finish();
        self.nodes.insert(id, print);
        print
    }
}
