//! What the expressions behind a decision do with the fields of a record: what each is held against, and
//! where the value of one is used in another way than in a test.

use std::collections::{BTreeSet, HashSet};

use crate::eval::judge::{Machine, When, date_of};
use crate::program::{DecisionId, Node, NodeId, Policy, PolicyId, Program};
use rulebook_lang::kernel::Known;
use rulebook_lang::model::{Store, Time, Value};

/// An operand of a test, which is held against the others.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) struct Held {
    /// The date for the values of parameters.
    pub(super) date: Time,
    /// The operand.
    pub(super) operand: NodeId,
    /// The test: a comparison, a membership, a look-up.
    pub(super) test: NodeId,
    /// Which of its operands it is.
    pub(super) at: usize,
}

/// What becomes of the value of a node.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum Way {
    /// It is true or false, or there or missing.
    Tested,
    /// It is an operand of a test.
    Held(NodeId, usize),
    /// Anything else: it becomes a part of an outcome, an argument of a function.
    Free,
}

/// What bears on a decision.
#[derive(Debug)]
pub(super) struct Uses<'r> {
    program: &'r Program,
    policy: &'r Policy,
    row: &'r Store,
    machine: Machine<'r>,
    /// The slots that are read.
    pub(super) slots: BTreeSet<u32>,
    /// The operands of tests.
    pub(super) held: Vec<Held>,
    /// The same, of those that are the value of a slot as it is.
    pub(super) tests: Vec<(u32, Held)>,
    /// The slots whose values are used in another way than in such tests.
    pub(super) free: BTreeSet<u32>,
    /// The dates at which rules begin or end, by the slots that are compared with them.
    pub(super) dates: Vec<(u32, Time)>,
    decisions: Vec<(PolicyId, DecisionId)>,
    seen: HashSet<(Time, NodeId, Way)>,
}

impl<'r> Uses<'r> {
    /// Those of a decision, and of the decisions of other policies that it depends on.
    pub(super) fn of(
        (program, policy, decision): (&'r Program, &'r Policy, DecisionId),
        row: &'r Store,
        machine: Machine<'r>,
    ) -> Self {
        let (slots, free) = Default::default();
        let (held, tests, dates, decisions, seen) = Default::default();
        let mut uses = Self {
            program,
            policy,
            row,
            machine,
            slots,
            held,
            tests,
            free,
            dates,
            decisions,
            seen,
        };
        uses.decision(policy, decision);
        let mut visited = BTreeSet::new();
        while let Some((policy, decision)) = uses.decisions.pop() {
            if visited.insert((policy, decision)) {
                uses.decision(&program.policies[policy], decision);
            }
        }
        uses
    }

    /// What the rules of a policy that bear on a decision of it look at.
    fn decision(&mut self, policy: &Policy, decision: DecisionId) {
        let Self { program, row, .. } = *self;
        let times = self.machine.times();
        let own = policy.dated.and_then(|slot| program.time_in(row, slot));
        let when = When { now: Some(times.now), in_force: times.in_force };
        let times = when.of(own, || times.now);
        for node in policy.without_rules(decision) {
            self.visit(times.date(), node, Way::Free);
        }
        for rule in policy.rules_behind(decision).iter().map(|id| &policy.rules[*id]) {
            let date = date_of(program, row, times, rule);
            let filters = rule.phases.iter().filter_map(|phase| phase.filter);
            for condition in filters.chain(rule.when).chain(rule.unless) {
                self.visit(date, condition, Way::Tested);
            }
            let cohorts = rule.phases.iter().filter_map(|phase| phase.cohort);
            let sets = rule.sets.iter().filter(|(set, _)| *set == decision).map(|(_, node)| *node);
            for node in cohorts.flat_map(|(share, key)| [share, key]).chain(sets) {
                self.visit(date, node, Way::Free);
            }
            if let Some(slot) = rule.dated_slot(policy) {
                let begun = rule.phases.iter().map(|phase| phase.from);
                self.dates.extend(begun.chain(rule.until).map(|date| (slot, date)));
            }
        }
    }

    fn visit(&mut self, date: Time, id: NodeId, way: Way) {
        if !self.seen.insert((date, id, way)) {
            return;
        }
        let program = self.program;
        let node = program.node(id);
        if self.is_test(node) {
            let mut operands = program.parts(node);
            if let Node::LookUp { table, .. } = node {
                // What rows ask and make of the inputs is held against nothing that is known here.
                for cell in operands.split_off(program.tables[table].arity().min(operands.len())) {
                    self.visit(date, cell, Way::Free);
                }
            }
            for (at, operand) in operands.into_iter().enumerate() {
                self.held.push(Held { date, operand, test: id, at });
                self.visit(date, operand, Way::Held(id, at));
            }
            return;
        }
        match node {
            Node::Slot(slot) => {
                self.slots.insert(slot);
                match way {
                    Way::Held(test, at) => {
                        self.tests.push((slot, Held { date, operand: id, test, at }));
                    }
                    Way::Free => {
                        self.free.insert(slot);
                    }
                    Way::Tested => {}
                }
            }
            Node::Record(slot, _) => {
                let within = self.policy.layout.within(slot);
                self.slots.extend(&within);
                self.free.extend(within);
            }
            Node::Decision(policy, decision) => self.decisions.push((policy, decision)),
            // An element has other values than the record: what its policy looks at is not followed.
            Node::Elements(policy) => {
                let read = program.slots_behind(policy);
                self.slots.extend(&read);
                self.free.extend(read);
            }
            Node::Coalesce(first, second) => {
                self.visit(date, first, way);
                self.visit(date, second, way);
            }
            Node::Choice(operands) => {
                let operands = program.operands(operands);
                for (at, operand) in operands.iter().enumerate() {
                    // Conditions and values in turn, then the value where no condition holds.
                    let is_condition = at % 2 == 0 && at + 1 < operands.len();
                    self.visit(date, *operand, if is_condition { Way::Tested } else { way });
                }
            }
            Node::MemberText(operand, _) => self.visit(date, operand, way),
            Node::And(_) | Node::Or(_) | Node::Presence(..) => {
                self.visit_all(date, node, Way::Tested)
            }
            node => self.visit_all(date, node, Way::Free),
        }
    }

    fn visit_all(&mut self, date: Time, node: Node, way: Way) {
        for part in self.program.parts(node) {
            self.visit(date, part, way);
        }
    }

    /// Whether a node holds its operands against each other, or against constants.
    fn is_test(&self, node: Node) -> bool {
        match node {
            Node::Call(kernel, _) => {
                matches!(kernel.known(), Some(Known::Compares(_) | Known::Contained(_)))
            }
            Node::AnyOf(..) | Node::InSet(..) | Node::InRange { .. } | Node::LookUp { .. } => true,
            _ => false,
        }
    }

    /// What an operand of a test is held against, and whether that was calculated.
    pub(super) fn against(&self, held: &Held) -> Vec<(Value<'r>, bool)> {
        let program = self.program;
        let node = program.node(held.test);
        let machine = self.machine.dated(held.date);
        let value = |id: &NodeId| {
            let calculated =
                program.fixed(*id).is_none() && !matches!(program.node(*id), Node::Slot(_));
            // A field holds numbers: those around the one that is nearest are tried.
            Some((machine.value(*id).ok()?.rounded(), calculated))
        };
        let operands = program.parts(node);
        match node {
            Node::LookUp { table, .. } => {
                let points = program.tables[table].points(held.at);
                points.map(|point| (point, false)).collect()
            }
            Node::InSet(_, set, _) => {
                let mut texts: Vec<_> = program.sets[set].iter().collect();
                texts.sort_unstable();
                texts.into_iter().map(|text| (Value::Text(text.into()), false)).collect()
            }
            // Of these the first operand is one of the others.
            Node::AnyOf(..) | Node::InRange { .. } => match held.at {
                0 => operands.iter().skip(1).filter_map(value).collect(),
                _ => operands.first().and_then(value).into_iter().collect(),
            },
            _ => {
                let others = operands.iter().enumerate().filter(|(at, _)| *at != held.at);
                let values = others.filter_map(|(_, operand)| value(operand));
                let items = |(value, calculated)| match value {
                    Value::List(list) => list.iter().map(|item| (item, calculated)).collect(),
                    value => vec![(value, calculated)],
                };
                values.flat_map(items).collect()
            }
        }
    }

    /// Whether what an operand of a test is held against is all there, and stays the same whatever the
    /// slot holds.
    pub(super) fn is_settled(&self, slot: u32, held: &Held) -> bool {
        let program = self.program;
        let node = program.node(held.test);
        if matches!(node, Node::LookUp { .. }) {
            return true;
        }
        let others = program.parts(node).into_iter().enumerate().filter(|(at, _)| *at != held.at);
        let mut others = others.map(|(_, operand)| operand);
        others.all(|operand| {
            let mut is_settled = true;
            program.walk(operand, &mut |_, node| {
                is_settled &= matches!(
                    node,
                    Node::Constant(_)
                        | Node::Parameter(_)
                        | Node::Slot(_)
                        | Node::Coalesce(..)
                        | Node::MemberText(..)
                ) && node != Node::Slot(slot);
            });
            is_settled
        })
    }

    /// The value of an operand.
    pub(super) fn value(&self, held: &Held) -> Option<Value<'r>> {
        self.machine.dated(held.date).value(held.operand).ok().map(Value::rounded)
    }

    /// The fields that a value is made of, by way of other policies' decisions too: those that are the
    /// value as they are, and the others.
    pub(super) fn parts(&self, value: NodeId) -> (BTreeSet<u32>, BTreeSet<u32>) {
        let program = self.program;
        let carried = self.carried(value);
        let (mut slots, mut visited) = (BTreeSet::new(), BTreeSet::new());
        let mut pending = vec![value];
        while let Some(root) = pending.pop() {
            program.walk(root, &mut |_, node| match node {
                Node::Slot(slot) if !carried.contains(&slot) => {
                    slots.insert(slot);
                }
                Node::Record(slot, _) => slots.extend(self.policy.layout.within(slot)),
                Node::Decision(id, decision) if visited.insert((id, decision)) => {
                    let rules = program.policies[id].rules.iter();
                    let sets = rules.flat_map(|rule| &rule.sets);
                    pending.extend(sets.filter(|(set, _)| *set == decision).map(|(_, node)| *node));
                }
                Node::Elements(policy) => slots.extend(program.slots_behind(policy)),
                _ => {}
            });
        }
        (carried, slots)
    }

    /// The slots whose value a node may be, as it is.
    fn carried(&self, value: NodeId) -> BTreeSet<u32> {
        let mut slots = BTreeSet::new();
        let mut pending = vec![value];
        while let Some(id) = pending.pop() {
            match self.program.node(id) {
                Node::Slot(slot) => {
                    slots.insert(slot);
                }
                Node::Coalesce(first, second) => pending.extend([first, second]),
                Node::Choice(operands) => {
                    let operands = self.program.operands(operands);
                    let values = operands.iter().skip(1).step_by(2).chain(operands.last());
                    pending.extend(values);
                }
                Node::MemberText(operand, _) => pending.push(operand),
                _ => {}
            }
        }
        slots
    }
}
