//! Looks for a record that breaks an invariant: places are tried one by one, and what cannot break
//! it any more is passed over.

use std::cell::Cell as Steps;
use std::collections::{BTreeMap, BTreeSet};

use super::outcome::{Holds, Partial};
use super::space::{Fields, Place, Space, conditions};
use crate::eval::{Machine, Readings, Times, work};
use crate::program::{
    Claim, DecisionId, Invariant, Node, NodeId, Policy, PolicyId, Program, Rule, RuleId,
};
use rulebook_lang::kernel;
use rulebook_lang::model::{Cell, Store, Time, Value, Zone, start_of_day};

/// What the search for a record that breaks an invariant came to.
#[derive(Debug, Clone)]
pub(super) enum SearchResult {
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

/// Looks at one invariant of a policy, for which it may take so much work; returns how much it took.
pub(super) fn search(
    program: &Program,
    (id, policy, fields): (PolicyId, &Policy, &Fields),
    invariant: &Invariant,
    most: u64,
) -> (SearchResult, u64) {
    let mut space = Space::new(program, policy, fields, most);
    // What is gone through to find out what the claim is about, and to fill a record.
    space.take(policy.rules.len() + fields.len());
    if space.is_spent() {
        return (SearchResult::TooMuch, space.work);
    }
    if let Claim::Never(claim) = invariant.claim
        && contradicts_itself(&mut space, claim)
    {
        return (SearchResult::Proved, space.work);
    }
    let about = decisions_of(program, id, &invariant.claim);
    let decisions: BTreeSet<DecisionId> =
        about.iter().filter(|(of, _)| *of == id).map(|(_, decision)| *decision).collect();
    let mut rules: BTreeSet<RuleId> = BTreeSet::new();
    for decision in &decisions {
        rules.extend(policy.rules_behind(*decision));
    }
    let rules: Vec<RuleId> = rules.into_iter().collect();
    let mut ranked = rules.clone();
    ranked.sort_by_key(|id| (policy.ranks.get(id.index()).copied().unwrap_or(0), *id));
    let mut unseen = Vec::new();
    let mut places = Order::default();
    if let Some(when) = invariant.when {
        if !space.learn(when) {
            unseen.push(when);
        }
        places.add_node(&mut space, when);
    }
    for rule in rules.iter().map(|id| &policy.rules[*id]) {
        places.add_rule(&mut space, policy, rule);
        if space.is_spent() {
            return (SearchResult::TooMuch, space.work);
        }
        unseen.extend(conditions(rule).filter(|node| !space.is_exact(*node)));
        let cohorts = rule.phases.iter().filter_map(|phase| phase.cohort);
        unseen.extend(cohorts.map(|(_, key)| key));
        let sets = rule.sets.iter().filter(|(decision, _)| decisions.contains(decision));
        unseen.extend(worked_out(program, sets.map(|(_, node)| *node)));
    }
    for decision in &decisions {
        unseen.extend(worked_out(program, policy.without_rules(*decision)));
    }
    if let Claim::Never(claim) = invariant.claim {
        unseen.extend(learn_claim(&mut space, claim, id));
        places.add_node(&mut space, claim);
    }
    let read = about.into_iter().filter(|(of, _)| *of != id);
    let roots = invariant.when.into_iter().chain(nodes_behind(policy, &rules, &decisions));
    for (other, rules) in read_elsewhere(program, read.collect(), roots) {
        for rule in rules.iter().map(|id| &other.rules[*id]) {
            places.add_rule(&mut space, other, rule);
            if space.is_spent() {
                return (SearchResult::TooMuch, space.work);
            }
        }
    }
    let reads = policy.reads.iter().map(|id| &program.policies[*id]);
    let judging = reads.map(|read| read.rules.len()).sum::<usize>() + policy.rules.len();
    let mut search = Search {
        program,
        id,
        policy,
        invariant,
        rules,
        ranked,
        places: places.places,
        partial: Partial::new(space, id),
        judging,
        open: false,
    };
    let found = match &invariant.claim {
        Claim::Never(claim) => match search.never(0, *claim) {
            Some(broken) => SearchResult::Broken(vec![broken]),
            None if search.gives_up() => SearchResult::TooMuch,
            None if search.open => SearchResult::Open(unseen),
            None => SearchResult::Proved,
        },
        Claim::Independent(decision, slot) => {
            search.independent(*decision, &policy.layout.within(*slot), unseen)
        }
    };
    (found, search.partial.space.work)
}

/// Learns what a claim compares fields with; returns what of it is neither about fields that can be followed nor
/// about decisions of its own policy beside constants.
fn learn_claim(space: &mut Space<'_>, claim: NodeId, own: PolicyId) -> Vec<NodeId> {
    let program = space.program;
    let (mut unseen, mut pending) = (Vec::new(), vec![claim]);
    while let Some(id) = pending.pop() {
        match program.node(id) {
            Node::And(operands) | Node::Or(operands) => pending.extend(program.operands(operands)),
            Node::Call(kernel, operands) if kernel == kernel::NOT => {
                pending.extend(program.operands(operands));
            }
            _ if space.learn(id) => {}
            _ => {
                let mut is_seen = true;
                let mut decisions = 0;
                program.walk(id, &mut |_, node| match node {
                    Node::Decision(of, _) => {
                        is_seen &= of == own;
                        decisions += 1;
                    }
                    Node::Slot(_) | Node::Now => is_seen = false,
                    _ => {}
                });
                if !is_seen || decisions != 1 {
                    unseen.push(id);
                }
            }
        }
    }
    unseen
}

/// The nodes among some whose value depends on the record.
fn worked_out(
    program: &Program,
    nodes: impl IntoIterator<Item = NodeId>,
) -> impl Iterator<Item = NodeId> {
    nodes.into_iter().filter(|node| !matches!(program.node(*node), Node::Constant(_)))
}

/// All that has a say in some decisions: conditions, cohorts and values of rules, and the values where
/// no rule decides.
fn nodes_behind(
    policy: &Policy,
    rules: &[RuleId],
    decisions: &BTreeSet<DecisionId>,
) -> Vec<NodeId> {
    let mut nodes: Vec<NodeId> =
        decisions.iter().flat_map(|decision| policy.without_rules(*decision)).collect();
    for rule in rules.iter().map(|id| &policy.rules[*id]) {
        nodes.extend(conditions(rule));
        let sets = rule.sets.iter().filter(|(decision, _)| decisions.contains(decision));
        nodes.extend(sets.map(|(_, node)| *node));
        let cohorts = rule.phases.iter().filter_map(|phase| phase.cohort);
        nodes.extend(cohorts.flat_map(|(share, key)| [share, key]));
    }
    nodes
}

/// The rules that have a say in some decisions, and in those that some nodes read, by way of others too.
fn read_elsewhere(
    program: &Program,
    read: Vec<(PolicyId, DecisionId)>,
    roots: impl IntoIterator<Item = NodeId>,
) -> Vec<(&Policy, BTreeSet<RuleId>)> {
    let mut found: BTreeMap<PolicyId, BTreeSet<RuleId>> = BTreeMap::new();
    let (mut pending, mut visited) = (read, BTreeSet::new());
    let look = |node: NodeId, pending: &mut Vec<(PolicyId, DecisionId)>| {
        program.walk(node, &mut |_, node| {
            if let Node::Decision(of, decision) = node {
                pending.push((of, decision));
            }
        });
    };
    roots.into_iter().for_each(|node| look(node, &mut pending));
    while let Some((of, decision)) = pending.pop() {
        let policy = &program.policies[of];
        if !visited.insert((of, decision)) {
            continue;
        }
        let rules: Vec<RuleId> = policy.rules_behind(decision).into_iter().collect();
        for node in nodes_behind(policy, &rules, &[decision].into()) {
            look(node, &mut pending);
        }
        found.entry(of).or_default().extend(rules);
    }
    found.into_iter().map(|(of, rules)| (&program.policies[of], rules)).collect()
}

/// Whether a claim asks that a decision has two values at once.
fn contradicts_itself(space: &mut Space<'_>, claim: NodeId) -> bool {
    let program = space.program;
    let mut asked: BTreeMap<(PolicyId, DecisionId), Vec<Value<'_>>> = BTreeMap::new();
    let mut pending = vec![claim];
    while let Some(id) = pending.pop() {
        let (parts, lists) = match program.node(id) {
            Node::And(operands) => {
                pending.extend(program.operands(operands));
                continue;
            }
            Node::Call(kernel, operands) if kernel == kernel::EQUAL => (operands, false),
            Node::Call(kernel, operands) if kernel == kernel::CONTAINED => (operands, true),
            Node::AnyOf(operands, false) => (operands, false),
            _ => continue,
        };
        let parts = program.operands(parts);
        let Some((decision, values)) = parts.split_first() else { continue };
        let Node::Decision(policy, decision) = program.node(*decision) else { continue };
        let values = values.iter().map(|id| match program.constants.value(program.fixed(*id)?) {
            Value::List(list) if lists => Some(list.iter().collect()),
            value => Some(vec![value]),
        });
        let values: Option<Vec<Vec<Value<'_>>>> = values.collect();
        let Some(values) = values.map(|values| values.concat()) else { continue };
        let kept = asked.get(&(policy, decision)).map_or(1, Vec::len);
        space.take(values.len().saturating_mul(kept));
        if space.is_spent() {
            return false;
        }
        let within =
            |kept: &Value<'_>| values.iter().any(|value| may_be_one(value, kept, &program.zone));
        match asked.get_mut(&(policy, decision)) {
            Some(left) => left.retain(within),
            None => {
                asked.insert((policy, decision), values);
            }
        }
    }
    asked.values().any(Vec::is_empty)
}

/// Whether something may be equal to two values at once. A date is equal to the time at which it
/// begins, and in some zones two dates begin at one time.
fn may_be_one(a: &Value<'_>, b: &Value<'_>, zone: &Zone) -> bool {
    let instant = |value: &Value<'_>| match value {
        Value::Date(date) => Some(start_of_day(*date, zone)),
        Value::Time(time) => Some(Some(*time)),
        _ => None,
    };
    match (instant(a), instant(b)) {
        (Some(Some(a)), Some(Some(b))) => a == b,
        // Nobody knows when it begins.
        (Some(_), Some(_)) => true,
        _ => a.same(b),
    }
}

/// The decisions that a claim of a policy is about, of others too.
pub(super) fn decisions_of(
    program: &Program,
    policy: PolicyId,
    claim: &Claim,
) -> BTreeSet<(PolicyId, DecisionId)> {
    match claim {
        Claim::Independent(decision, _) => [(policy, *decision)].into(),
        Claim::Never(node) => {
            let mut decisions = BTreeSet::new();
            program.walk(*node, &mut |_, node| {
                if let Node::Decision(policy, decision) = node {
                    decisions.insert((policy, decision));
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
    added: BTreeSet<Place>,
}

impl Order {
    fn add(&mut self, space: &Space<'_>, place: Place) {
        if let Place::Slot(slot) = place {
            let Some(field) = space.fields.get(&slot) else { return };
            for parent in &field.parents {
                self.add(space, Place::Slot(*parent));
            }
        }
        if self.added.insert(place) {
            self.places.push(place);
        }
    }

    fn add_node(&mut self, space: &mut Space<'_>, node: NodeId) {
        for place in space.support(node).clone() {
            self.add(space, place);
        }
    }

    /// The places of the conditions of a policy's rule, and what they are compared with.
    fn add_rule(&mut self, space: &mut Space<'_>, policy: &Policy, rule: &Rule) {
        space.learn_rule(policy, rule);
        if !rule.phases.is_empty() || rule.until.is_some() {
            self.add(space, space.date_of(policy, rule));
        }
        for node in conditions(rule) {
            self.add_node(space, node);
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
    /// How many rules are looked at where a whole record is judged.
    judging: usize,
    /// Whether a record was passed that may break the invariant, as far as can be seen.
    open: bool,
}

impl<'p> Search<'p> {
    /// A record that breaks `never CLAIM`, among those whose first places are filled in.
    fn never(&mut self, at: usize, claim: NodeId) -> Option<(Store, Time)> {
        if self.gives_up() {
            return None;
        }
        if self.invariant.when.is_some_and(|when| self.partial.holds(when) == Holds::No) {
            return None;
        }
        let counts = self.partial.counts(&self.ranked);
        if !self.partial.may_be(claim, true, &counts) {
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
            self.partial.put(place, *choice);
            let found = self.never(at + 1, claim);
            if found.is_some() {
                return found;
            }
        }
        self.partial.take_back(place);
        None
    }

    fn gives_up(&self) -> bool {
        self.partial.space.is_spent()
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
    fn breaks(&mut self, claim: NodeId) -> bool {
        let when = self.invariant.when;
        self.judged(|machine| {
            let condition = when.map_or(Ok(true), |when| machine.test(when));
            matches!((condition, machine.test(claim)), (Ok(true), Ok(true)))
        })
    }

    /// What somebody finds out about the whole record; what that takes is work, too.
    fn judged<T>(&mut self, find: impl FnOnce(&Machine<'_>) -> T) -> T {
        let readings = Readings::with(self.policy.reads.iter().copied().chain([self.id]));
        let steps = Steps::new(work::MOST);
        let times = Times::at(self.now());
        let machine = Machine::new(self.program, &self.partial.store, &readings, times);
        let found = find(&machine.counted(&steps));
        let taken = (work::MOST - steps.get()).saturating_add(readings.steps());
        self.partial.space.take(self.judging);
        self.partial.space.take_steps(taken);
        self.partial.store.forget_made();
        found
    }

    /// Whether a decision depends on some slots.
    fn independent(
        &mut self,
        decision: DecisionId,
        slots: &[u32],
        unseen: Vec<NodeId>,
    ) -> SearchResult {
        let varied: Vec<Place> = slots.iter().map(|slot| Place::Slot(*slot)).collect();
        if !self.reads(decision, slots) {
            return SearchResult::Proved;
        }
        self.places.retain(|place| !varied.contains(place));
        let mut found = None;
        self.pairs(0, decision, &varied, &mut found);
        match found {
            Some(pair) => SearchResult::Broken(pair),
            None if self.gives_up() => SearchResult::TooMuch,
            None if unseen.is_empty() => SearchResult::Proved,
            None => SearchResult::Open(unseen),
        }
    }

    /// Whether anything that has a say in a decision reads one of some slots, by way of other decisions too.
    fn reads(&mut self, decision: DecisionId, slots: &[u32]) -> bool {
        let program = self.program;
        let (mut pending, mut visited) = (vec![(self.id, decision)], BTreeSet::new());
        while let Some((of, decision)) = pending.pop() {
            if !visited.insert((of, decision)) {
                continue;
            }
            let policy = &program.policies[of];
            let rules: Vec<RuleId> = policy.rules_behind(decision).into_iter().collect();
            let (mut is_read, mut is_dated, mut walked) = (false, false, rules.len());
            for node in nodes_behind(policy, &rules, &[decision].into()) {
                program.walk(node, &mut |_, node| {
                    walked += 1;
                    match node {
                        Node::Slot(slot) => is_read |= slots.contains(&slot),
                        Node::Decision(of, decision) => pending.push((of, decision)),
                        // What is decided about elements may depend on all of the record.
                        Node::Elements(_) => is_read = true,
                        Node::Parameter(_) | Node::Now => is_dated = true,
                        Node::LookUp { table, .. } => is_dated |= program.tables[table].is_dated(),
                        _ => {}
                    }
                });
            }
            let mut dates: Vec<Place> = Vec::new();
            for rule in rules.iter().map(|id| &policy.rules[*id]) {
                if is_dated || !rule.phases.is_empty() || rule.until.is_some() {
                    dates.push(self.partial.space.date_of(policy, rule));
                }
            }
            if is_dated {
                dates.extend(policy.dated.or(self.policy.dated).map(Place::Slot));
            }
            is_read |=
                dates.iter().any(|date| matches!(date, Place::Slot(slot) if slots.contains(slot)));
            self.partial.space.take(walked);
            if is_read {
                return true;
            }
        }
        false
    }

    /// Two records that differ in nothing but some places, and in a decision.
    fn pairs(
        &mut self,
        at: usize,
        decision: DecisionId,
        varied: &[Place],
        found: &mut Option<Vec<(Store, Time)>>,
    ) {
        if self.gives_up() || found.is_some() {
            return;
        }
        let Some(place) = self.places.get(at).copied() else {
            return self.compare(decision, varied, found);
        };
        for choice in self.partial.choices(place).iter() {
            self.partial.put(place, *choice);
            self.pairs(at + 1, decision, varied, found);
        }
        self.partial.take_back(place);
    }

    fn compare(
        &mut self,
        decision: DecisionId,
        varied: &[Place],
        found: &mut Option<Vec<(Store, Time)>>,
    ) {
        let mut first: Option<(String, Vec<(u32, Cell)>)> = None;
        for place in varied {
            for choice in self.partial.choices(*place).iter() {
                if self.gives_up() {
                    return;
                }
                self.partial.put(*place, *choice);
                self.partial.space.take(self.rules.len());
                let outcome = self.outcome(decision);
                match &first {
                    Some((before, others)) if *before != outcome => {
                        let record = (self.partial.store.clone(), self.now());
                        for (slot, cell) in others {
                            self.partial.store.set(*slot, *cell);
                        }
                        *found = Some(vec![(self.partial.store.clone(), self.now()), record]);
                        return;
                    }
                    Some(_) => {}
                    None => first = Some((outcome, self.partial.cells())),
                }
            }
        }
    }

    /// What a decision comes to on the record at hand, for comparing.
    fn outcome(&mut self, decision: DecisionId) -> String {
        let id = self.id;
        self.judged(|machine| match machine.decided(id, decision) {
            Some(value) => format!("{value:?}"),
            None => "fault".into(),
        })
    }
}
