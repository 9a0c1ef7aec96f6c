//! Looks for a record that breaks an invariant: places are tried one by one, and what cannot break
//! it any more is passed over.

use std::collections::{BTreeMap, BTreeSet};

use super::outcome::{Holds, Partial};
use super::space::{Place, Space, conditions};
use rulebook_core::eval::{Machine, Readings, Times};
use rulebook_core::program::{
    Claim, DecisionId, Invariant, Node, NodeId, Policy, PolicyId, Program, Rule, RuleId,
};
use rulebook_lang::kernel::Known;
use rulebook_lang::model::{Cell, Store, Time, Value, start_of_day};

/// What is known of an invariant.
#[derive(Debug, Clone)]
pub(super) enum Found {
    /// No record breaks it.
    Proved,
    /// This record breaks it at this time; for what must not matter, the second differs from the
    /// first in that alone.
    Broken(Vec<(Store, Time)>),
    /// No record was found that breaks it, but these conditions could not be seen through.
    Open(Vec<NodeId>),
    /// There was too much to try.
    TooMuch,
}

/// Looks at one invariant of a policy, for which it may take so much work; tells how much it took.
pub(super) fn search(
    program: &Program,
    (id, policy): (PolicyId, &Policy),
    invariant: &Invariant,
    most: u64,
) -> (Found, u64) {
    if let Claim::Never(claim) = invariant.claim
        && contradicts_itself(program, claim)
    {
        return (Found::Proved, 1);
    }
    let decisions = decisions_of(program, &invariant.claim);
    let mut rules: BTreeSet<RuleId> = BTreeSet::new();
    for decision in &decisions {
        rules.extend(policy.rules_behind(*decision));
    }
    let rules: Vec<RuleId> = rules.into_iter().collect();
    let mut ranked = rules.clone();
    ranked.sort_by_key(|id| (policy.ranks.get(id.index()).copied().unwrap_or(0), *id));
    let mut space = Space::new(program, policy);
    let mut unseen = Vec::new();
    let mut places = Order::default();
    if let Some(when) = invariant.when {
        if !space.learn(when) {
            unseen.push(when);
        }
        places.add_node(&mut space, when);
    }
    for rule in rules.iter().filter_map(|id| policy.rules.get(id.index())) {
        space.learn_rule(rule);
        if !rule.phases.is_empty() || rule.until.is_some() {
            places.add(&space, space.date_of(rule));
        }
        for node in conditions(rule) {
            if !space.is_exact(node) {
                unseen.push(node);
            }
            places.add_node(&mut space, node);
        }
        let own = rule.sets.iter().filter(|(decision, _)| decisions.contains(decision));
        let worked_out = own.filter(|(_, node)| !matches!(program.node(*node), Node::Constant(_)));
        unseen.extend(worked_out.map(|(_, node)| *node));
    }
    if let Claim::Never(claim) = invariant.claim {
        places.add_node(&mut space, claim);
    }
    let partial = Partial::new(space);
    let mut search = Search {
        program,
        id,
        policy,
        invariant,
        rules,
        ranked,
        places: places.places,
        partial,
        most,
        open: false,
    };
    let found = match &invariant.claim {
        Claim::Never(claim) => match search.never(0, *claim) {
            Some(broken) => Found::Broken(vec![broken]),
            None if search.gives_up() => Found::TooMuch,
            None if search.open => Found::Open(unseen),
            None => Found::Proved,
        },
        Claim::Independent(decision, slots) => search.independent(*decision, slots, unseen),
    };
    (found, search.partial.work)
}

/// Whether a claim asks that a decision has two values at once.
fn contradicts_itself(program: &Program, claim: NodeId) -> bool {
    let mut asked: BTreeMap<DecisionId, Vec<Value<'_>>> = BTreeMap::new();
    let mut pending = vec![claim];
    while let Some(id) = pending.pop() {
        let (parts, lists) = match program.node(id) {
            Node::And(operands) => {
                pending.extend(program.operands(operands));
                continue;
            }
            Node::Call(kernel, operands) if kernel.is(Known::Equal) => (operands, false),
            Node::Call(kernel, operands) if kernel.is(Known::Contained) => (operands, true),
            Node::AnyOf(operands, false) => (operands, false),
            _ => continue,
        };
        let parts = program.operands(parts);
        let Some((decision, values)) = parts.split_first() else { continue };
        let Node::Decision(_, decision) = program.node(*decision) else { continue };
        let values = values.iter().map(|id| match program.constants.value(program.fixed(*id)?) {
            Value::List(list) if lists => Some(list.iter().collect()),
            value => Some(vec![value]),
        });
        let values: Option<Vec<Vec<Value<'_>>>> = values.collect();
        let Some(values) = values.map(|values| values.concat()) else { continue };
        let within = |known: &Value<'_>| values.iter().any(|value| value.same(known));
        match asked.get_mut(&decision) {
            Some(left) => left.retain(within),
            None => {
                asked.insert(decision, values);
            }
        }
    }
    asked.values().any(Vec::is_empty)
}

/// The decisions that a claim is about.
pub(super) fn decisions_of(program: &Program, claim: &Claim) -> BTreeSet<DecisionId> {
    match claim {
        Claim::Independent(decision, _) => [*decision].into(),
        Claim::Never(node) => {
            let mut decisions = BTreeSet::new();
            program.walk(*node, &mut |_, node| {
                if let Node::Decision(_, decision) = node {
                    decisions.insert(decision);
                }
            });
            decisions
        }
    }
}

/// Places in the order in which they are tried, what lies around a place before it.
#[derive(Default)]
struct Order {
    places: Vec<Place>,
}

impl Order {
    fn add(&mut self, space: &Space<'_>, place: Place) {
        if let Place::Slot(slot) = place {
            let Some(field) = space.fields.get(&slot) else { return };
            for parent in &field.parents {
                self.add(space, Place::Slot(*parent));
            }
        }
        if !self.places.contains(&place) {
            self.places.push(place);
        }
    }

    fn add_node(&mut self, space: &mut Space<'_>, node: NodeId) {
        for place in space.support(node).clone() {
            self.add(space, place);
        }
    }
}

struct Search<'p> {
    program: &'p Program,
    id: PolicyId,
    policy: &'p Policy,
    invariant: &'p Invariant,
    rules: Vec<RuleId>,
    /// The same, what overrides before what it overrides.
    ranked: Vec<RuleId>,
    places: Vec<Place>,
    partial: Partial<'p>,
    /// How much work it may take.
    most: u64,
    /// Whether a record was passed that may break the invariant, as far as can be seen.
    open: bool,
}

impl<'p> Search<'p> {
    /// A record that breaks `never CLAIM`, among those whose first places are known.
    fn never(&mut self, at: usize, claim: NodeId) -> Option<(Store, Time)> {
        if self.gives_up() {
            return None;
        }
        if self.invariant.when.is_some_and(|when| self.partial.holds(when) == Holds::No) {
            return None;
        }
        let counts = self.partial.counts(&self.ranked);
        if !self.partial.may_hold(claim, &counts) {
            return None;
        }
        let Some(place) = self.places.get(at).copied() else {
            if self.breaks(claim) {
                return Some((self.partial.store.clone(), self.now()));
            }
            self.open = true;
            return None;
        };
        for choice in self.partial.choices(place).iter() {
            self.partial.put(place, choice);
            let found = self.never(at + 1, claim);
            if found.is_some() {
                return found;
            }
        }
        self.partial.take_back(place);
        None
    }

    fn gives_up(&self) -> bool {
        self.partial.work > self.most
    }

    /// The time of the evaluation: the record's own date where it has one.
    fn now(&self) -> Time {
        let slot = self.policy.dated.map(|slot| self.partial.store.cell(slot));
        match slot {
            Some(Cell::Time(time)) => time,
            Some(Cell::Date(date)) => {
                start_of_day(date, &self.program.zone).unwrap_or(self.partial.now)
            }
            _ => self.partial.now,
        }
    }

    /// Whether the whole record breaks the claim, by the one evaluator that there is.
    fn breaks(&self, claim: NodeId) -> bool {
        let readings = Readings::with(self.policy.reads.iter().copied().chain([self.id]));
        let now = self.now();
        let machine = Machine::new(self.program, &self.partial.store, &readings, Times::at(now));
        let condition = self.invariant.when.map_or(Ok(true), |when| machine.test(when));
        matches!((condition, machine.test(claim)), (Ok(true), Ok(true)))
    }

    /// Whether a decision depends on some slots.
    fn independent(&mut self, decision: DecisionId, slots: &[u32], unseen: Vec<NodeId>) -> Found {
        let own: Vec<Place> = slots.iter().map(|slot| Place::Slot(*slot)).collect();
        if !self.reads(decision, slots) {
            return Found::Proved;
        }
        self.places.retain(|place| !own.contains(place));
        let mut found = None;
        self.pairs(0, decision, &own, &mut found);
        match found {
            Some(pair) => Found::Broken(pair),
            None if self.gives_up() => Found::TooMuch,
            None if unseen.is_empty() => Found::Proved,
            None => Found::Open(unseen),
        }
    }

    /// Whether anything that has a say in a decision reads one of some slots.
    fn reads(&mut self, decision: DecisionId, slots: &[u32]) -> bool {
        let rules: Vec<&Rule> =
            self.rules.iter().filter_map(|id| self.policy.rules.get(id.index())).collect();
        let otherwise = self.policy.decisions.get(decision.index()).and_then(|d| d.otherwise);
        let on_fault = self.policy.on_fault.iter().filter(|(id, _)| *id == decision);
        let mut nodes: Vec<NodeId> =
            otherwise.into_iter().chain(on_fault.map(|(_, node)| *node)).collect();
        for rule in &rules {
            nodes.extend(conditions(rule));
            nodes.extend(rule.sets.iter().filter(|(id, _)| *id == decision).map(|(_, node)| *node));
            let cohorts = rule.phases.iter().filter_map(|phase| phase.cohort);
            nodes.extend(cohorts.flat_map(|(share, key)| [share, key]));
        }
        let dates = rules.iter().filter_map(|rule| match self.partial.space.date_of(rule) {
            Place::Slot(slot) if !rule.phases.is_empty() || rule.until.is_some() => Some(slot),
            _ => None,
        });
        let mut read: BTreeSet<u32> = dates.collect();
        for node in nodes {
            self.program.walk(node, &mut |_, node| match node {
                Node::Slot(slot) => {
                    read.insert(slot);
                }
                // What another policy decides may depend on all of the record.
                Node::Decision(..) => read.extend(slots),
                _ => {}
            });
        }
        slots.iter().any(|slot| read.contains(slot))
    }

    /// Two records that differ in nothing but some places, and in a decision.
    fn pairs(
        &mut self,
        at: usize,
        decision: DecisionId,
        own: &[Place],
        found: &mut Option<Vec<(Store, Time)>>,
    ) {
        if self.gives_up() || found.is_some() {
            return;
        }
        let Some(place) = self.places.get(at).copied() else {
            return self.compare(decision, own, found);
        };
        for choice in self.partial.choices(place).iter() {
            self.partial.put(place, choice);
            self.pairs(at + 1, decision, own, found);
        }
        self.partial.take_back(place);
    }

    fn compare(
        &mut self,
        decision: DecisionId,
        own: &[Place],
        found: &mut Option<Vec<(Store, Time)>>,
    ) {
        let mut first: Option<(String, (Store, Time))> = None;
        for place in own {
            for choice in self.partial.choices(*place).iter() {
                self.partial.put(*place, choice);
                self.partial.work += self.rules.len() as u64;
                let record = (self.partial.store.clone(), self.now());
                let outcome = self.outcome(decision);
                match &first {
                    Some((known, other)) if *known != outcome => {
                        *found = Some(vec![other.clone(), record]);
                        return;
                    }
                    Some(_) => {}
                    None => first = Some((outcome, record)),
                }
            }
        }
    }

    /// What a decision comes to on the record at hand, for comparing.
    fn outcome(&self, decision: DecisionId) -> String {
        let readings = Readings::with(self.policy.reads.iter().copied().chain([self.id]));
        let now = self.now();
        let machine = Machine::new(self.program, &self.partial.store, &readings, Times::at(now));
        match machine.decided(self.id, decision) {
            Some(value) => format!("{value:?}"),
            None => "fault".into(),
        }
    }
}
