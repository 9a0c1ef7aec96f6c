//! The nearest single change to a record that would flip a decision.
//!
//! Candidates come from the program itself: the other members of an enum, both sides of every
//! threshold, the dates at which phases begin, presence and absence. Each is tried by judging the
//! changed record, so that what is shown is always true.

use std::cell::Cell as Steps;
use std::collections::{BTreeMap, BTreeSet};

use crate::eval::judge::{
    Case, Judgement, Machine, Origin, Outcome, Readings, Times, When, Workspace, judge, work,
};
use crate::program::{DecisionId, FieldKind, Node, NodeId, Policy, PolicyId, Program, Row};
use rulebook_lang::model::{Cell, Duration, Number, Store, Time, Type, Value, add_days};

/// A single change that gives a decision another value.
#[derive(Debug, Clone)]
pub struct Change {
    /// The slot of what changes.
    pub slot: u32,
    /// The field, as a path, or the counter.
    pub path: String,
    /// The type of its value.
    pub ty: Type,
    /// The value that it would have.
    pub to: Cell,
    /// Whether any other text would do.
    pub any_other: bool,
    /// The changed row, which holds `to`.
    pub row: Row,
    /// What would be decided then.
    pub judgement: Judgement,
    /// How far the change goes, for comparing.
    distance: f64,
}

/// The most steps that changes may take, all that are tried together: some seconds.
pub(super) const MOST_STEPS: u64 = 20 * work::MOST;

/// A text that no policy names.
pub(super) const OTHER: &str = "\u{1}";

/// The single changes that flip a decision, the nearest of each field first.
pub fn nearest_changes(
    program: &Program,
    policy: &Policy,
    row: &Row,
    judged: &Judgement,
    decision: DecisionId,
) -> Vec<Change> {
    nearest_within(program, (policy, decision), row, judged, &Steps::new(MOST_STEPS))
}

/// The same in as many steps as are left.
pub(super) fn nearest_within(
    program: &Program,
    (policy, decision): (&Policy, DecisionId),
    row: &Row,
    judged: &Judgement,
    steps: &Steps<u64>,
) -> Vec<Change> {
    let Some(before) = judged.outcomes.get(decision.index()) else { return Vec::new() };
    let readings = Readings::of(policy);
    let case = Case { program, policy, row: row.keyed(), readings: &readings };
    let machine = Machine::of(&case, judged.times).counted(steps);
    let mut search = Search { program, policy, row, machine, candidates: BTreeMap::new() };
    search.collect(decision);
    take(steps, readings.steps());
    // A judgement that finds nothing heavy to do still asks for the rules.
    let asking = policy.rules.len() as u64;
    let mut best: BTreeMap<u32, Change> = BTreeMap::new();
    let (mut workspace, mut readings) = (Workspace::default(), Readings::of(policy));
    let counting = counting_slots(program, policy);
    for (slot, cells) in std::mem::take(&mut search.candidates) {
        let Some((path, ty)) = search.field(slot) else { continue };
        // With another key or date, counters would have other values that nobody here knows.
        if search.lacks_parent(&path) || counting.contains(&slot) {
            continue;
        }
        for candidate in cells {
            if steps.get() == 0 {
                break;
            }
            let distance = search.distance(slot, &candidate);
            if best.get(&slot).is_some_and(|change| change.distance <= distance) {
                continue;
            }
            let mut changed = row.clone();
            changed.change(policy, slot, |store| candidate.store(store));
            let to = changed.cell(slot);
            // A rule's own date is part of the record; the clock stays where it was.
            let Times { now, in_force, .. } = judged.times;
            let when = When { now: policy.dated.is_none().then_some(now), in_force };
            let mut judgement = Judgement::default();
            readings.reset(policy);
            let case = Case { program, policy, row: changed.keyed(), readings: &readings };
            workspace.steps = 0;
            judge(case, (when, || now), &mut judgement, &mut workspace);
            take(steps, workspace.steps.saturating_add(readings.steps()).saturating_add(asking));
            let after = judgement.outcomes.get(decision.index());
            if after.is_some_and(|after| !same((judged, before), (&judgement, after))) {
                let any_other = candidate == Candidate::Text(OTHER.into());
                let (path, ty) = (path.clone(), ty.clone());
                best.insert(
                    slot,
                    Change { slot, path, ty, to, any_other, row: changed, judgement, distance },
                );
            }
        }
    }
    let mut changes: Vec<_> = best.into_values().collect();
    changes.sort_by(|a, b| a.distance.total_cmp(&b.distance).then(a.path.cmp(&b.path)));
    changes
}

fn take(steps: &Steps<u64>, taken: u64) {
    steps.set(steps.get().saturating_sub(taken));
}

/// The slots by which the counters of a policy count a record.
fn counting_slots(program: &Program, policy: &Policy) -> BTreeSet<u32> {
    let mut slots = BTreeSet::new();
    for counted in &policy.counters {
        let counter = &program.counters[counted.counter];
        slots.insert(counter.dated);
        program.walk(counter.key, &mut |_, node| {
            if let Node::Slot(slot) = node {
                slots.insert(slot);
            }
        });
    }
    slots
}

/// Whether two decisions have the same values; a fault is not the same as none.
fn same(
    (judgement, outcome): (&Judgement, &Outcome),
    (other_judgement, other_outcome): (&Judgement, &Outcome),
) -> bool {
    let faulted = |outcome: &Outcome| outcome.resolution.origin == Origin::Fault;
    let (xs, ys) = (judgement.values(outcome), other_judgement.values(other_outcome));
    xs.len() == ys.len()
        && faulted(outcome) == faulted(other_outcome)
        && xs
            .iter()
            .zip(ys)
            .all(|(x, y)| judgement.results.value(*x).same(&other_judgement.results.value(*y)))
}

/// A value to try.
#[derive(Debug, Clone, PartialEq)]
enum Candidate {
    Cell(Plain),
    Text(String),
}

/// A value that needs no store.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Plain {
    Missing,
    Bool(bool),
    Number(Number),
    Date(rulebook_lang::model::Date),
    Time(Time),
    Duration(Duration),
    Member(u32),
}

impl Candidate {
    fn store(&self, row: &mut Store) -> Cell {
        match self {
            Self::Text(text) => row.add_text(text),
            Self::Cell(Plain::Missing) => Cell::Missing,
            Self::Cell(Plain::Bool(value)) => Cell::Bool(*value),
            Self::Cell(Plain::Number(value)) => Cell::Number(*value),
            Self::Cell(Plain::Date(value)) => Cell::Date(*value),
            Self::Cell(Plain::Time(value)) => Cell::Time(*value),
            Self::Cell(Plain::Duration(value)) => Cell::Duration(*value),
            Self::Cell(Plain::Member(value)) => Cell::Member(*value),
        }
    }

    fn of(value: &Value<'_>) -> Option<Self> {
        Some(Self::Cell(match value {
            Value::Missing => Plain::Missing,
            Value::Bool(value) => Plain::Bool(*value),
            Value::Number(value) => Plain::Number(*value),
            Value::Date(value) => Plain::Date(*value),
            Value::Time(value) => Plain::Time(*value),
            Value::Duration(value) => Plain::Duration(*value),
            Value::Member(value) => Plain::Member(*value),
            Value::Text(text) => return Some(Self::Text(text.to_string())),
            _ => return None,
        }))
    }
}

struct Search<'r> {
    program: &'r Program,
    policy: &'r Policy,
    row: &'r Row,
    machine: Machine<'r>,
    candidates: BTreeMap<u32, Vec<Candidate>>,
}

/// What bears on a decision.
#[derive(Default)]
struct Influences {
    slots: BTreeSet<u32>,
    /// The dates at which rules begin or end, by the slots that are compared with them.
    dates: Vec<(u32, Time)>,
    /// Decisions of other policies that are read.
    decisions: Vec<(PolicyId, DecisionId)>,
}

impl Search<'_> {
    /// The path and type of the scalar field in a slot, or the name and type of the counter.
    fn field(&self, slot: u32) -> Option<(String, Type)> {
        let counter = self.program.counter_at(self.policy, slot);
        let mut found =
            counter.map(|counter| (counter.name.clone(), counter.ty.required().clone()));
        self.policy.layout.walk("", &mut |path, field| {
            if field.slot == slot
                && let FieldKind::Scalar(ty) = &field.kind
            {
                found = Some((path.to_string(), ty.clone()));
            }
        });
        found
    }

    /// The digits of the smallest coin of an amount; none for other fields.
    fn minor_digits(&self, slot: u32) -> usize {
        match self.field(slot) {
            Some((_, Type::Money(currency))) => currency.minor_digits() as usize,
            _ => 0,
        }
    }

    /// Whether a record that holds the field at a path is missing, so that the field cannot be
    /// changed alone.
    fn lacks_parent(&self, path: &str) -> bool {
        let mut lacks = false;
        self.policy.layout.walk("", &mut |parent, field| {
            let holds = path.strip_prefix(parent).is_some_and(|rest| rest.starts_with('.'));
            lacks |= holds && self.row.get(field.slot).is_missing();
        });
        lacks
    }

    fn is_optional(&self, slot: u32) -> bool {
        let mut optional = false;
        self.policy.layout.walk("", &mut |_, field| {
            optional |= field.slot == slot && field.optional;
        });
        optional
    }

    /// Everything worth trying for a decision, and for those of other policies that it depends on.
    fn collect(&mut self, decision: DecisionId) {
        let mut influences = Influences::default();
        self.of_decision(self.policy, decision, &mut influences);
        let mut visited = BTreeSet::new();
        while let Some((policy, decision)) = influences.decisions.pop() {
            if visited.insert((policy, decision)) {
                self.of_decision(&self.program.policies[policy], decision, &mut influences);
            }
        }
        for (slot, date) in influences.dates {
            self.add_time(slot, date);
        }
        for slot in influences.slots {
            self.of_slot(slot);
        }
    }

    /// What the rules of a policy that bear on a decision of it look at.
    fn of_decision(&mut self, policy: &Policy, decision: DecisionId, influences: &mut Influences) {
        let otherwise = policy.decisions[decision].otherwise;
        let mut roots: Vec<_> = otherwise.into_iter().collect();
        for rule in policy.rules_behind(decision).iter().map(|id| &policy.rules[*id]) {
            let phases = rule.phases.iter();
            let sets = rule.sets.iter().filter(|(set, _)| *set == decision).map(|(_, node)| *node);
            roots.extend(phases.clone().filter_map(|phase| phase.filter));
            roots.extend(rule.when.into_iter().chain(rule.unless).chain(sets));
            if let Some(slot) = rule.dated_slot(policy) {
                influences.dates.extend(phases.map(|phase| (slot, phase.from)));
                influences.dates.extend(rule.until.map(|until| (slot, until)));
            }
        }
        for root in roots {
            self.of_node(root, influences);
        }
    }

    /// What the values of a field's type offer by themselves.
    fn of_slot(&mut self, slot: u32) {
        let Some((_, ty)) = self.field(slot) else { return };
        let value = self.row.get(slot);
        match &ty {
            Type::Bool => {
                self.add(slot, Candidate::Cell(Plain::Bool(true)));
                self.add(slot, Candidate::Cell(Plain::Bool(false)));
            }
            Type::Enum(members) => {
                for position in 0..members.members.len() {
                    let position = u32::try_from(position).unwrap_or(u32::MAX);
                    self.add(slot, Candidate::Cell(Plain::Member(position)));
                }
            }
            Type::Text => self.add(slot, Candidate::Text(OTHER.into())),
            _ => {}
        }
        if self.is_optional(slot) && !value.is_missing() {
            self.add(slot, Candidate::Cell(Plain::Missing));
        }
    }

    /// What the comparisons within a node offer.
    fn of_node(&mut self, root: NodeId, influences: &mut Influences) {
        let mut nodes = Vec::new();
        self.program.walk(root, &mut |_, node| nodes.push(node));
        for node in nodes {
            match node {
                Node::Slot(slot) => {
                    influences.slots.insert(slot);
                }
                Node::Decision(policy, decision) => influences.decisions.push((policy, decision)),
                Node::Call(_, operands) => {
                    if let [left, right] = self.program.operands(operands) {
                        self.of_pair(*left, *right);
                        self.of_pair(*right, *left);
                    }
                }
                Node::InRange { operands, .. } => {
                    if let [value, low, high] = self.program.operands(operands) {
                        self.of_pair(*value, *low);
                        self.of_pair(*value, *high);
                    }
                }
                Node::InSet(operand, set, _) => {
                    let first = self.program.sets[set].iter().min();
                    if let (Node::Slot(slot), Some(first)) = (self.program.node(operand), first) {
                        self.add(slot, Candidate::Text(first.to_string()));
                    }
                }
                _ => {}
            }
        }
    }

    /// What a value compared with another offers to the fields that it is made of.
    fn of_pair(&mut self, left: NodeId, right: NodeId) {
        let Ok(wanted) = self.machine.value(right) else { return };
        let actual = self.machine.value(left).ok();
        if let Node::Slot(slot) = self.program.node(left) {
            if let Value::List(items) = &wanted {
                for item in items.iter().take(1) {
                    Candidate::of(&item)
                        .into_iter()
                        .for_each(|candidate| self.add(slot, candidate));
                }
            }
            for near in around(&wanted, &self.row.get(slot), self.minor_digits(slot)) {
                self.add(slot, near);
            }
            return;
        }
        let Some(actual) = actual else { return };
        for slot in self.parts(left) {
            let current = self.row.get(slot);
            for moved in shifted(&current, &actual, &wanted) {
                for near in around(&moved, &current, self.minor_digits(slot)) {
                    self.add(slot, near);
                }
            }
        }
    }

    /// The fields that a value is made of, by way of other policies' decisions too.
    fn parts(&self, value: NodeId) -> BTreeSet<u32> {
        let (mut slots, mut visited) = (BTreeSet::new(), BTreeSet::new());
        let mut pending = vec![value];
        while let Some(root) = pending.pop() {
            self.program.walk(root, &mut |_, node| match node {
                Node::Slot(slot) => {
                    slots.insert(slot);
                }
                Node::Decision(id, decision) if visited.insert((id, decision)) => {
                    let rules = self.program.policies[id].rules.iter();
                    let sets = rules.flat_map(|rule| &rule.sets);
                    pending.extend(sets.filter(|(set, _)| *set == decision).map(|(_, node)| *node));
                }
                _ => {}
            });
        }
        slots
    }

    fn add(&mut self, slot: u32, candidate: Candidate) {
        let fits = match (&candidate, self.field(slot)) {
            (Candidate::Cell(Plain::Missing), _) => self.is_optional(slot),
            (Candidate::Cell(Plain::Number(number)), Some((_, ty))) => {
                matches!(ty, Type::Number | Type::Money(_)) && self.may_be(slot, *number)
            }
            (Candidate::Cell(Plain::Date(_)), Some((_, ty))) => ty == Type::Date,
            (Candidate::Cell(Plain::Time(_)), Some((_, ty))) => ty == Type::Time,
            (Candidate::Cell(Plain::Duration(_)), Some((_, ty))) => ty == Type::Duration,
            (Candidate::Cell(Plain::Bool(_)), Some((_, ty))) => ty == Type::Bool,
            (Candidate::Cell(Plain::Member(_)), Some((_, ty))) => matches!(ty, Type::Enum(_)),
            (Candidate::Text(_), Some((_, ty))) => ty == Type::Text,
            (_, None) => false,
        };
        let candidates = self.candidates.entry(slot).or_default();
        if fits && !candidates.contains(&candidate) {
            candidates.push(candidate);
        }
    }

    /// Whether a number can stand in a slot: a count is whole, and not less than nothing.
    fn may_be(&self, slot: u32, number: Number) -> bool {
        match self.program.counter_at(self.policy, slot) {
            Some(counter) if !counter.adds_up() => number.to_i64().is_some_and(|count| count >= 0),
            _ => true,
        }
    }

    fn add_time(&mut self, slot: u32, time: Time) {
        let value = match self.field(slot) {
            Some((_, Type::Date)) => Value::Date(time.shown(&self.program.zone).0.date()),
            _ => Value::Time(time),
        };
        for near in around(&value, &self.row.get(slot), 0) {
            self.add(slot, near);
        }
    }

    /// How far a candidate lies from the field's own value: the share of a number that changes,
    /// months of time, and 1 for anything else.
    fn distance(&self, slot: u32, candidate: &Candidate) -> f64 {
        const MONTH: f64 = 30.0 * 86_400.0;
        match (candidate, self.row.get(slot)) {
            (Candidate::Cell(Plain::Number(to)), Value::Number(from)) => {
                let float = |number: Number| number.to_string().parse::<f64>().unwrap_or(f64::MAX);
                let (to, from) = (float(*to), float(from));
                (to - from).abs() / from.abs().max(to.abs()).max(1.0)
            }
            (Candidate::Cell(Plain::Time(to)), Value::Time(from)) => {
                to.duration_since(from).as_secs_f64().abs() / MONTH
            }
            (Candidate::Cell(Plain::Date(to)), Value::Date(from)) => {
                to.duration_since(from).as_secs_f64().abs() / MONTH
            }
            (Candidate::Cell(Plain::Duration(to)), Value::Duration(from)) => {
                (to.as_secs_f64() - from.as_secs_f64()).abs() / MONTH
            }
            (Candidate::Text(text), _) if text == OTHER => 1.1,
            (Candidate::Cell(Plain::Missing), _) | (_, Value::Missing) => 1.2,
            _ => 1.0,
        }
    }
}

/// A value and its neighbours one step to each side; the step suits both values, and is at most
/// one of `minor` digits.
fn around(value: &Value<'_>, current: &Value<'_>, minor: usize) -> Vec<Candidate> {
    let mut all = vec![Candidate::of(value)];
    match value {
        Value::Number(number) => {
            let decimals = |number: &Number| {
                number.to_string().split_once('.').map_or(0, |(_, decimals)| decimals.len())
            };
            let current_decimals = match current {
                Value::Number(current) => decimals(current),
                _ => 0,
            };
            let places = decimals(number).max(current_decimals).max(minor);
            let step =
                (0..places).try_fold(Number::ONE, |step, _| step.checked_div(Number::from(10)));
            if let Some(step) = step {
                let near = [number.checked_add(step), number.checked_sub(step)];
                all.extend(
                    near.map(|number| number.map(|number| Candidate::Cell(Plain::Number(number)))),
                );
            }
        }
        Value::Time(time) => {
            let second = Duration::from_secs(1);
            let near = [time.checked_add(second), time.checked_sub(second)];
            all.extend(near.map(|time| time.map(|time| Candidate::Cell(Plain::Time(time)))));
        }
        Value::Date(date) => {
            let near = [add_days(*date, 1), add_days(*date, -1)];
            all.extend(near.map(|date| date.map(|date| Candidate::Cell(Plain::Date(date)))));
        }
        Value::Duration(duration) => {
            let second = Duration::from_secs(1);
            let near = [duration.checked_add(second), duration.checked_sub(second)];
            all.extend(near.map(|duration| {
                duration.map(|duration| Candidate::Cell(Plain::Duration(duration)))
            }));
        }
        _ => {}
    }
    all.into_iter().flatten().collect()
}

/// A field's value moved so that what is made of it would meet what it is compared with, if it
/// enters with its own or with the opposite sign.
fn shifted<'v>(current: &Value<'v>, actual: &Value<'_>, wanted: &Value<'_>) -> Vec<Value<'v>> {
    match (current, actual, wanted) {
        (Value::Number(current), Value::Number(actual), Value::Number(wanted)) => {
            let Some(gap) = wanted.checked_sub(*actual) else { return Vec::new() };
            let both = [current.checked_add(gap), current.checked_sub(gap)];
            both.into_iter().flatten().map(Value::Number).collect()
        }
        (Value::Time(current), Value::Time(actual), Value::Time(wanted)) => {
            let gap = wanted.duration_since(*actual);
            let both = [current.checked_add(gap), current.checked_sub(gap)];
            both.into_iter().flatten().map(Value::Time).collect()
        }
        (Value::Time(current), Value::Duration(actual), Value::Duration(wanted)) => {
            let Some(gap) = wanted.checked_sub(*actual) else { return Vec::new() };
            let both = [current.checked_add(gap), current.checked_sub(gap)];
            both.into_iter().flatten().map(Value::Time).collect()
        }
        _ => Vec::new(),
    }
}
