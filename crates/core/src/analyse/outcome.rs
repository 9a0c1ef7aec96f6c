//! What may become of rules and decisions while only some places of a record are known.

use std::cell::Cell as Steps;
use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use super::space::{Place, Space, cell, conditions};
use crate::eval::{Machine, Readings, Times, work};
use crate::program::{
    DecisionId, Effect, FieldKind, Node, NodeId, Operands, Phase, Policy, PolicyId, Program, Rule,
    RuleId,
};
use rulebook_lang::fold::Possible;
use rulebook_lang::kernel::{self, Context, EQUAL, Kernel};
use rulebook_lang::model::{Cell, Store, Time, Value, start_of_day};

/// Whether something holds, as far as is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Holds {
    No,
    Perhaps,
    Yes,
}

impl Holds {
    fn not(self) -> Self {
        match self {
            Self::No => Self::Yes,
            Self::Perhaps => Self::Perhaps,
            Self::Yes => Self::No,
        }
    }
}

impl From<bool> for Holds {
    fn from(truth: bool) -> Self {
        if truth { Self::Yes } else { Self::No }
    }
}

/// A record of which some places are known; the others hold something that fits.
pub(super) struct Partial<'p> {
    pub(super) space: Space<'p>,
    /// The policy whose claim it is.
    own: PolicyId,
    pub(super) store: Store,
    pub(super) now: Time,
    /// The places that are known.
    pub(super) known: BTreeSet<Place>,
    /// The values to try for the places that were asked for, which the store keeps.
    choices: BTreeMap<Place, Rc<[Cell]>>,
    readings: Readings,
}

/// What a claim asks of a decision.
enum Test<'p> {
    /// That it is true.
    IsTrue,
    /// What an operator says of it and what stands behind it.
    Before(Kernel, NodeId),
    /// What an operator says of what stands before it and it.
    Behind(Kernel, NodeId),
    /// Whether it is one of these, or is not.
    Among(&'p [NodeId], bool),
}

/// What a decision may come to.
#[derive(Debug, Default)]
struct Outcomes {
    values: Vec<Cell>,
    /// Whether it may also be something that depends on the record.
    any: bool,
}

impl<'p> Partial<'p> {
    pub(super) fn new(space: Space<'p>, own: PolicyId) -> Self {
        let readings = Readings::of(space.policy);
        let (store, now, known) = (Store::default(), Time::UNIX_EPOCH, BTreeSet::new());
        let choices = BTreeMap::new();
        let mut partial = Self { space, own, store, now, known, choices, readings };
        partial.forget();
        partial
    }

    /// Puts something that fits into every place.
    fn forget(&mut self) {
        let layout = &self.space.policy.layout;
        self.store.reset(layout.size as usize);
        self.known.clear();
        let mut lists = Vec::new();
        layout.walk("", &mut |_, field| {
            if matches!(field.kind, FieldKind::List(_)) && !field.optional {
                lists.push(field.slot);
            }
        });
        for slot in lists {
            self.store.set(slot, Cell::List { start: 0, end: 0 });
        }
        let slots: Vec<u32> = self.space.fields.keys().copied().collect();
        for slot in slots {
            // Nothing is searched then.
            if self.space.is_spent() {
                return;
            }
            self.put_usual(slot);
        }
    }

    fn put_usual(&mut self, slot: u32) {
        let Some(field) = self.space.fields.get(&slot) else { return };
        let lacks = field.optional || field.parents.iter().any(|at| self.is_missing(*at));
        let choice =
            if lacks { None } else { self.all_choices(Place::Slot(slot)).first().copied() };
        self.store.set(slot, choice.unwrap_or_default());
    }

    fn is_missing(&self, slot: u32) -> bool {
        self.store.cell(slot) == Cell::Missing
    }

    /// The values to try for a place, given what is known: nothing is there within a record that
    /// is missing.
    pub(super) fn choices(&mut self, place: Place) -> Rc<[Cell]> {
        if let Place::Slot(slot) = place
            && let Some(field) = self.space.fields.get(&slot)
            && field.parents.iter().any(|at| self.is_missing(*at))
        {
            return [Cell::Missing].into();
        }
        self.all_choices(place)
    }

    fn all_choices(&mut self, place: Place) -> Rc<[Cell]> {
        if let Some(known) = self.choices.get(&place) {
            return known.clone();
        }
        let choices = self.space.choices(place);
        let cells: Rc<[Cell]> =
            choices.iter().map(|choice| cell(choice, &mut self.store)).collect();
        self.choices.insert(place, cells.clone());
        cells
    }

    /// Makes a place known.
    pub(super) fn put(&mut self, place: Place, choice: Cell) {
        self.space.take(self.space.fields.len());
        self.known.insert(place);
        match (place, choice) {
            (Place::Slot(slot), cell) => {
                self.store.set(slot, cell);
                self.fill(slot);
            }
            (Place::Now, Cell::Time(time)) => self.now = time,
            (Place::Now, _) => {}
        }
    }

    /// What stands in the fields.
    pub(super) fn cells(&self) -> Vec<(u32, Cell)> {
        self.space.fields.keys().map(|slot| (*slot, self.store.cell(*slot))).collect()
    }

    /// What lies within an optional record comes and goes with it.
    fn fill(&mut self, parent: u32) {
        let within = self.space.fields.iter().filter(|(_, field)| field.parents.contains(&parent));
        let within: Vec<u32> = within.map(|(slot, _)| *slot).collect();
        for slot in within {
            if !self.known.contains(&Place::Slot(slot)) {
                self.put_usual(slot);
            }
        }
    }

    /// Makes a place open again.
    pub(super) fn take_back(&mut self, place: Place) {
        self.known.remove(&place);
    }

    fn program(&self) -> &'p Program {
        self.space.program
    }

    fn policy(&self) -> &'p Policy {
        self.space.policy
    }

    /// Whether a condition holds.
    pub(super) fn holds(&mut self, id: NodeId) -> Holds {
        self.space.take(1);
        let program = self.program();
        match program.node(id) {
            Node::Constant(Cell::Bool(truth)) => truth.into(),
            Node::And(operands) => self.all(operands, Holds::No),
            Node::Or(operands) => self.all(operands, Holds::Yes),
            Node::Call(kernel, operands) if kernel == kernel::NOT => {
                match program.operands(operands) {
                    [operand] => self.holds(*operand).not(),
                    _ => Holds::Perhaps,
                }
            }
            _ => self.test(id),
        }
    }

    /// `and` is decided by the first operand that does not hold, `or` by the first that does.
    fn all(&mut self, operands: Operands, decides: Holds) -> Holds {
        let mut whole = decides.not();
        for operand in self.program().operands(operands) {
            match self.holds(*operand) {
                holds if holds == decides => return decides,
                Holds::Perhaps => whole = Holds::Perhaps,
                _ => {}
            }
        }
        whole
    }

    fn test(&mut self, id: NodeId) -> Holds {
        if !self.space.is_exact(id) || !self.space.support(id).is_subset(&self.known) {
            return Holds::Perhaps;
        }
        let (program, now) = (self.program(), self.now);
        let steps = Steps::new(work::MOST);
        let machine = Machine::new(program, &self.store, &self.readings, Times::at(now));
        let holds = machine.counted(&steps).test(id).map_or(Holds::Perhaps, Holds::from);
        self.space.take_steps(work::MOST - steps.get());
        holds
    }

    /// Whether a rule fires and decides, before others override it.
    fn fires(&mut self, rule: &Rule) -> Holds {
        self.space.take(1);
        let (phase, in_force) = match self.date(rule) {
            None if rule.phases.is_empty() && rule.until.is_none() => (None, Holds::Yes),
            None => (None, Holds::Perhaps),
            Some(date) => match rule.phase_at(date) {
                None => return Holds::No,
                Some(at) => (at.and_then(|at| rule.phases.get(at)), Holds::Yes),
            },
        };
        if phase.is_some_and(|phase| phase.effect != Effect::Enforce) {
            return Holds::No;
        }
        let covered = phase.map_or(Holds::Yes, |phase| self.covers(phase));
        let when = rule.when.map_or(Holds::Yes, |when| self.holds(when));
        let unless = rule.unless.map_or(Holds::Yes, |unless| self.holds(unless).not());
        in_force.min(covered).min(when).min(unless)
    }

    fn covers(&mut self, phase: &Phase) -> Holds {
        let drawn = if phase.cohort.is_some() { Holds::Perhaps } else { Holds::Yes };
        phase.filter.map_or(Holds::Yes, |filter| self.holds(filter)).min(drawn)
    }

    fn date(&self, rule: &Rule) -> Option<Time> {
        let place = self.space.date_of(self.space.policy, rule);
        if !self.known.contains(&place) {
            return None;
        }
        match place {
            Place::Now => Some(self.now),
            Place::Slot(slot) => match self.store.cell(slot) {
                Cell::Time(time) => Some(time),
                Cell::Date(date) => start_of_day(date, &self.program().zone),
                _ => None,
            },
        }
    }

    /// Which of the rules in question count, once overriding is settled; what overrides stands
    /// before what it overrides.
    pub(super) fn counts(&mut self, ranked: &[RuleId]) -> Vec<(RuleId, Holds)> {
        let policy = self.policy();
        let mut overridden: BTreeMap<RuleId, Holds> = BTreeMap::new();
        let mut counts: Vec<(RuleId, Holds)> = Vec::with_capacity(ranked.len());
        for id in ranked {
            let rule = &policy.rules[*id];
            let by_others = overridden.get(id).copied().unwrap_or(Holds::No);
            let own = self.fires(rule).min(by_others.not());
            self.space.take(rule.overrides.len());
            for target in &rule.overrides {
                let known = overridden.entry(*target).or_insert(Holds::No);
                *known = own.max(*known);
            }
            counts.push((*id, own));
        }
        counts.sort_unstable_by_key(|(id, _)| *id);
        counts
    }

    /// Whether a claim about decisions of the policy and fields of the record may come to what is wanted.
    pub(super) fn may_be(
        &mut self,
        claim: NodeId,
        wanted: bool,
        counts: &[(RuleId, Holds)],
    ) -> bool {
        let program = self.program();
        match program.node(claim) {
            // What has to be so of each, or may be so of any.
            node @ (Node::And(operands) | Node::Or(operands)) => {
                let operands = program.operands(operands);
                let mut may_be = |id: &NodeId| self.may_be(*id, wanted, counts);
                match matches!(node, Node::And(_)) == wanted {
                    true => operands.iter().all(&mut may_be),
                    false => operands.iter().any(&mut may_be),
                }
            }
            Node::Call(kernel, operands) if kernel == kernel::NOT => {
                program.operands(operands).iter().any(|id| self.may_be(*id, !wanted, counts))
            }
            node => match self.about_decision(node) {
                Some((decision, test)) => self.may_decide(decision, &test, wanted, counts),
                None => {
                    let holds = self.holds(claim);
                    holds != if wanted { Holds::No } else { Holds::Yes }
                }
            },
        }
    }

    /// What a node asks of a decision of the policy, if it asks of nothing else. How another policy decides
    /// is not followed.
    fn about_decision(&self, node: Node) -> Option<(DecisionId, Test<'p>)> {
        let program = self.program();
        let decision = |id: &NodeId| match program.node(*id) {
            Node::Decision(policy, id) if policy == self.own => Some(id),
            _ => None,
        };
        match node {
            Node::Decision(policy, id) if policy == self.own => Some((id, Test::IsTrue)),
            Node::Call(kernel, operands) => match program.operands(operands) {
                [left, right] => decision(left)
                    .map(|id| (id, Test::Before(kernel, *right)))
                    .or_else(|| decision(right).map(|id| (id, Test::Behind(kernel, *left)))),
                _ => None,
            },
            Node::AnyOf(operands, negated) => {
                let (value, items) = program.operands(operands).split_first()?;
                Some((decision(value)?, Test::Among(items, !negated)))
            }
            _ => None,
        }
    }

    /// Whether a decision may come to something of which a test says what is wanted.
    fn may_decide(
        &mut self,
        decision: DecisionId,
        test: &Test<'_>,
        wanted: bool,
        counts: &[(RuleId, Holds)],
    ) -> bool {
        let program = self.program();
        let outcomes = self.outcomes(decision, counts);
        if outcomes.any {
            return true;
        }
        let context = Context { zone: &program.zone, calendars: &program.calendars };
        let constant = |id: NodeId| match program.node(id) {
            Node::Constant(cell) => Some(program.constants.value(cell)),
            _ => None,
        };
        // What it comes to beside what depends on the record nobody knows, nor what has no value.
        let holds = |kernel: Kernel, values: [Option<Value<'_>>; 2]| match values {
            [Some(a), Some(b)] => kernel.run(&[a, b], &context).ok().map(|holds| holds.is_true()),
            _ => None,
        };
        let mut work = 0_usize;
        let mut may_be = |cell: &Cell| {
            let outcome = || Some(program.constants.value(*cell));
            work += 1;
            let found = match test {
                Test::IsTrue => Some(program.constants.value(*cell).is_true()),
                Test::Before(kernel, right) => holds(*kernel, [outcome(), constant(*right)]),
                Test::Behind(kernel, left) => holds(*kernel, [constant(*left), outcome()]),
                Test::Among(items, among) => {
                    work += items.len();
                    let equal = items.iter().map(|item| holds(EQUAL, [outcome(), constant(*item)]));
                    let equal: Option<Vec<bool>> = equal.collect();
                    equal.map(|equal| equal.contains(&true) == *among)
                }
            };
            found.is_none_or(|found| found == wanted)
        };
        let may_be = outcomes.values.iter().any(&mut may_be);
        self.space.take(work);
        may_be
    }

    /// What a decision may come to, if the rules count as told.
    fn outcomes(&mut self, id: DecisionId, counts: &[(RuleId, Holds)]) -> Outcomes {
        let (program, policy) = (self.program(), self.policy());
        let decision = &policy.decisions[id];
        self.space.take(counts.len());
        let given = counts.iter().filter(|(_, counts)| *counts != Holds::No);
        let given = given.filter_map(|(rule, counts)| {
            let rule = &policy.rules[*rule];
            let (_, node) = rule.sets.iter().find(|(own, _)| *own == id)?;
            let cell = match program.node(*node) {
                Node::Constant(cell) => Some(cell),
                _ => None,
            };
            Some((*counts, cell))
        });
        let given: Vec<(Holds, Option<Cell>)> = given.collect();
        let mut outcomes = Outcomes::default();
        let mut take = |cell: &Option<Cell>| match cell {
            Some(cell) => outcomes.values.push(*cell),
            None => outcomes.any = true,
        };
        let possible = given.iter().map(|(counts, cell)| Possible {
            value: cell.map(|cell| program.constants.value(cell)),
            surely: *counts == Holds::Yes,
        });
        let possible: Vec<_> = possible.collect();
        self.space.take(possible.len());
        let context = Context { zone: &program.zone, calendars: &program.calendars };
        match decision.combiner.fold().may_give(&possible, &context) {
            Some(places) => {
                let cells = places.into_iter().filter_map(|at| given.get(at));
                cells.for_each(|(_, cell)| take(cell));
            }
            None => take(&None),
        }
        if !possible.iter().any(|own| own.surely)
            && let Some(node) = decision.otherwise
        {
            match program.node(node) {
                Node::Constant(cell) => take(&Some(cell)),
                _ => take(&None),
            }
        }
        let rescue = policy.on_fault.iter().find(|(known, _)| *known == id);
        if let Some((_, node)) = rescue
            && self.may_fault(id, counts)
        {
            match program.node(*node) {
                Node::Constant(cell) => outcomes.values.push(cell),
                _ => outcomes.any = true,
            }
        }
        outcomes
    }

    /// Whether a rule that has a say in a decision may have no value.
    fn may_fault(&mut self, id: DecisionId, counts: &[(RuleId, Holds)]) -> bool {
        let policy = self.policy();
        if policy.decisions[id].combiner.fold().may_clash() {
            return true;
        }
        self.space.take(counts.len());
        counts.iter().any(|(rule, _)| {
            let rule = &policy.rules[*rule];
            let mut conditions = conditions(rule);
            let values = || rule.sets.iter().map(|(_, node)| *node);
            conditions.any(|node| !self.space.is_exact(node))
                || values().any(|node| !matches!(self.program().node(node), Node::Constant(_)))
        })
    }
}
