//! The nearest single change to a record that would flip a decision.
//!
//! Candidates come from the program itself: the other members of an enum, both sides of every
//! threshold, the dates at which phases begin, presence and absence. Each is tried by judging the
//! changed record, so that what is shown is always true: what is said of any other text, too, is tried
//! with each that the policy can tell from others.

mod candidate;
mod drives;
mod fields;
mod texts;
mod uses;

use std::cell::Cell as Steps;
use std::collections::{BTreeMap, BTreeSet};

use crate::eval::judge::{
    Case, Judgement, Machine, Origin, Outcome, Readings, Times, When, Workspace, judge, work,
};
use crate::program::{DecisionId, Policy, Program, Row};
use candidate::{Candidate, Grain, Plain, moved};
use drives::{drives, is_by_the_same};
pub use fields::Changeable;
use fields::{ChangedField, changed_fields};
use rulebook_lang::model::{Cell, Type, Value};
use texts::Texts;
use uses::{Held, Uses};

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
    /// Whether any other value but its own would do.
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

/// From so many values of a table, the nearest to each side are tried.
const MOST_POINTS: usize = 16;

/// The single changes that flip a decision, the nearest of each field first.
pub fn nearest_changes(
    program: &Program,
    policy: &Policy,
    row: &Row,
    judged: &Judgement,
    decision: DecisionId,
) -> Vec<Change> {
    let (changeable, steps) = (Changeable::default(), Steps::new(MOST_STEPS));
    nearest_within(program, (policy, decision), (row, judged), (changeable, &steps))
}

/// The same for other fields, in as many steps as are left.
pub(super) fn nearest_within(
    program: &Program,
    (policy, decision): (&Policy, DecisionId),
    (row, judged): (&Row, &Judgement),
    (changeable, steps): (Changeable, &Steps<u64>),
) -> Vec<Change> {
    let Some(before) = judged.outcomes.get(decision.index()) else { return Vec::new() };
    let readings = Readings::of(policy);
    let case = Case { program, policy, row: row.keyed(), readings: &readings };
    let machine = Machine::of(&case, judged.times).counted(steps);
    let fields = changed_fields(program, policy, changeable, row);
    let uses = Uses::of((program, policy, decision), row, machine);
    let mut candidates = Candidates { program, row, fields: &fields, by_slot: BTreeMap::new() };
    candidates.collect(&uses);
    take(steps, readings.steps());
    let mut search = Search {
        program,
        policy,
        decision,
        row,
        judged,
        before,
        steps,
        drives: drives((program, policy, decision), judged.givers(before)),
        workspace: Workspace::default(),
        readings: Readings::of(policy),
    };
    let mut changes = Vec::new();
    for (slot, tried) in candidates.by_slot {
        let Some(field) = fields.get(&slot) else { continue };
        if field.parents.iter().any(|parent| row.get(*parent).is_missing()) {
            continue;
        }
        let texts = Texts::of((slot, field), &row.get(slot), &uses);
        changes.extend(search.nearest((slot, field), &tried, &texts));
    }
    changes.sort_by(|a, b| a.distance.total_cmp(&b.distance).then(a.path.cmp(&b.path)));
    changes
}

fn take(steps: &Steps<u64>, taken: u64) {
    steps.set(steps.get().saturating_sub(taken));
}

/// The values to try of each field.
struct Candidates<'c> {
    program: &'c Program,
    row: &'c Row,
    fields: &'c BTreeMap<u32, ChangedField>,
    by_slot: BTreeMap<u32, Vec<Candidate>>,
}

impl Candidates<'_> {
    /// Everything worth trying but for texts.
    fn collect(&mut self, uses: &Uses<'_>) {
        for held in &uses.held {
            self.of_held(uses, held);
        }
        for (slot, date) in &uses.dates {
            self.add_around(*slot, &Value::Time(*date), false);
        }
        for slot in &uses.slots {
            self.of_slot(*slot);
        }
    }

    /// What the values of a field's type offer by themselves.
    fn of_slot(&mut self, slot: u32) {
        let Some(field) = self.fields.get(&slot) else { return };
        // Texts are tried apart.
        self.by_slot.entry(slot).or_default();
        match &field.ty {
            Type::Bool => {
                self.add(slot, Plain::Bool(true).into());
                self.add(slot, Plain::Bool(false).into());
            }
            Type::Enum(members) => {
                let count = u32::try_from(members.members.len()).unwrap_or(u32::MAX);
                (0..count).for_each(|position| self.add(slot, Plain::Member(position).into()));
            }
            _ => {}
        }
        self.add(slot, Plain::Missing.into());
    }

    /// What an operand of a test is held against, for the fields that it is made of.
    fn of_held(&mut self, uses: &Uses<'_>, held: &Held) {
        let (carried, parts) = uses.parts(held.operand);
        let is_free = |slot: &u32| self.fields.contains_key(slot);
        if !carried.iter().chain(&parts).any(is_free) {
            return;
        }
        let mut wanted = uses.against(held);
        let actual = uses.value(held);
        if wanted.len() > MOST_POINTS {
            nearest_points(&mut wanted, actual.as_ref());
        }
        for (wanted, calculated) in wanted {
            for slot in &carried {
                self.add_around(*slot, &wanted, calculated);
            }
            let Some(actual) = &actual else { continue };
            for slot in &parts {
                let current = self.row.get(*slot);
                for moved in moved(&current, actual, &wanted, &self.program.zone) {
                    self.add_around(*slot, &moved, true);
                }
            }
        }
    }

    fn add_around(&mut self, slot: u32, value: &Value<'_>, calculated: bool) {
        let Some(field) = self.fields.get(&slot) else { return };
        let grain = Grain::of(field, &self.row.get(slot), &self.program.zone);
        for candidate in grain.around(value, &field.ty, calculated) {
            self.add(slot, candidate);
        }
    }

    fn add(&mut self, slot: u32, candidate: Candidate) {
        let Some(field) = self.fields.get(&slot) else { return };
        let may_be = match &candidate {
            Candidate::Cell(Plain::Number(number)) if field.counts => {
                number.to_i64().is_some_and(|count| count >= 0)
            }
            // Texts are tried apart.
            Candidate::Text(_) => false,
            _ => true,
        };
        let candidates = self.by_slot.entry(slot).or_default();
        if may_be && candidate.fits(&field.ty, field.optional) && !candidates.contains(&candidate) {
            candidates.push(candidate);
        }
    }
}

/// Keeps of many numbers, dates or lengths of time those nearest to what there is.
fn nearest_points(points: &mut Vec<(Value<'_>, bool)>, actual: Option<&Value<'_>>) {
    let Some(actual) = actual else { return };
    let order = |point: &Value<'_>| match (point, actual) {
        (Value::Number(point), Value::Number(actual)) => Some(point.cmp(actual)),
        (Value::Time(point), Value::Time(actual)) => Some(point.cmp(actual)),
        (Value::Date(point), Value::Date(actual)) => Some(point.cmp(actual)),
        (Value::Duration(point), Value::Duration(actual)) => Some(point.cmp(actual)),
        _ => None,
    };
    // Points of tables stand in their order.
    let mut orders = points.iter().map(|(point, _)| order(point));
    let at = orders.position(|order| order.is_some_and(|order| order.is_ge()));
    let at = at.unwrap_or(points.len());
    let (start, end) = (at.saturating_sub(MOST_POINTS / 2), at.saturating_add(MOST_POINTS / 2));
    points.truncate(end);
    points.drain(..start);
}

struct Search<'r> {
    program: &'r Program,
    policy: &'r Policy,
    decision: DecisionId,
    row: &'r Row,
    judged: &'r Judgement,
    before: &'r Outcome,
    steps: &'r Steps<u64>,
    /// The slots from which the outcome is calculated.
    drives: BTreeSet<u32>,
    workspace: Workspace,
    readings: Readings,
}

impl Search<'_> {
    /// The nearest change of a field that flips the decision.
    fn nearest(
        &mut self,
        field: (u32, &ChangedField),
        tried: &[Candidate],
        texts: &Texts,
    ) -> Option<Change> {
        let from = self.row.get(field.0);
        let mut best: Option<Change> = None;
        let others = tried.iter().chain(&texts.named).filter(|candidate| !candidate.is(&from));
        for candidate in others.clone() {
            let distance = candidate.distance(&from);
            if best.as_ref().is_none_or(|best| distance < best.distance) {
                best = self.with(field, candidate, distance).or(best);
            }
        }
        let Some(other) = &texts.other else { return best };
        let Some(mut change) = self.with(field, other, other.distance(&from)) else { return best };
        let mut named = others.filter(|candidate| !candidate.is_missing());
        change.any_other = named.all(|candidate| {
            let judged = self.with(field, candidate, change.distance);
            judged.is_some_and(|judged| self.is_same(&judged, &change))
        });
        match best {
            Some(best) if !change.any_other && best.distance <= change.distance => Some(best),
            _ => Some(change),
        }
    }

    /// What would be decided with another value of a field, if that flips the decision.
    fn with(
        &mut self,
        (slot, field): (u32, &ChangedField),
        candidate: &Candidate,
        distance: f64,
    ) -> Option<Change> {
        let Self { program, policy, row, judged, before, steps, .. } = *self;
        if steps.get() == 0 {
            return None;
        }
        let mut changed = row.clone();
        changed.change(policy, slot, |store| candidate.store(store));
        let to = changed.cell(slot);
        // The clock stays where it was, but where it is the record's own date.
        let Times { now, dated, in_force } = judged.times;
        let follows = policy.dated == Some(slot) && now == dated;
        let when = When { now: (!follows).then_some(now), in_force };
        let mut judgement = Judgement::default();
        self.readings.reset(policy);
        let case = Case { program, policy, row: changed.keyed(), readings: &self.readings };
        self.workspace.steps = 0;
        judge(case, (when, || now), &mut judgement, &mut self.workspace);
        // A judgement that finds nothing heavy to do still asks for the rules.
        let asking = policy.rules.len() as u64;
        let taken = self.workspace.steps.saturating_add(self.readings.steps());
        take(steps, taken.saturating_add(asking));
        let after = judgement.outcomes.get(self.decision.index())?;
        let is_calculated =
            self.drives.contains(&slot) && !matches!(field.ty, Type::Bool | Type::Enum(_));
        let flips = !same((judged, before), (&judgement, after))
            && after.resolution.origin != Origin::Fault
            && !(is_calculated && is_by_the_same((judged, before), (&judgement, after)));
        let (path, ty) = (field.path.clone(), field.ty.clone());
        flips.then(|| {
            let any_other = false;
            Change { slot, path, ty, to, any_other, row: changed, judgement, distance }
        })
    }

    /// Whether two changes lead to the same.
    fn is_same(&self, one: &Change, other: &Change) -> bool {
        let outcome =
            |change: &'_ Change| change.judgement.outcomes.get(self.decision.index()).cloned();
        match (outcome(one), outcome(other)) {
            (Some(first), Some(second)) => {
                same((&one.judgement, &first), (&other.judgement, &second))
            }
            _ => false,
        }
    }
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
        && xs.iter().zip(ys).all(|(x, y)| {
            let (x, y) = (judgement.results.value(*x), other_judgement.results.value(*y));
            x.rounded().same(&y.rounded())
        })
}
