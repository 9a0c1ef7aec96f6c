//! What is found out once for a record: each policy that others read is judged when something first reads
//! it, and costly expressions are worked out when something first asks for them.

use std::sync::{Arc, Mutex, OnceLock};

use super::fallen::Fallen;
use super::fault::NodeFault;
use super::judgement::Judgement;
use super::once::{Kept, Memory};
use super::times::Times;
use super::workspace::Workspace;
use crate::ids::{IdVec, OnceId};
use crate::program::{DecisionId, Policy, PolicyId, Program, Row};
use rulebook_lang::model::{Cell, Store, Time, Value};

/// What has been found out about one record: the policies that others read, as far as they have been
/// judged, and values of expressions.
#[derive(Debug, Default)]
pub struct Readings {
    /// By the number of the policy, up to the last that is read.
    all: Vec<ReadPolicy>,
    once: Memory,
    /// The times of the record, where several policies judge it together.
    times: Option<Times>,
}

#[derive(Debug, Default)]
struct ReadPolicy {
    judged: OnceLock<Box<JudgedPolicy>>,
    /// What it has decided so far, while it is judged, for rules of its own that read that.
    fallen: OnceLock<Fallen>,
    /// The memory of an earlier record.
    spare: Mutex<Option<Box<JudgedPolicy>>>,
    /// What it decided about each element of a list, where somebody goes through all of them.
    elements: OnceLock<Box<JudgedElements>>,
    spare_elements: Mutex<Option<Box<JudgedElements>>>,
}

/// A policy that has been judged because another reads it.
#[derive(Debug, Default)]
pub(super) struct JudgedPolicy {
    pub(super) judgement: Judgement,
    /// The whole value of each decision; `None` for a fault.
    decisions: IdVec<DecisionId, Option<Cell>>,
    pub(super) workspace: Workspace,
    /// Those by which the policy's index finds rules.
    pub(super) keys: Vec<i64>,
}

/// The elements of a list that a policy has judged because another one goes through them.
#[derive(Debug, Default)]
pub(super) struct JudgedElements {
    /// The record, in which each element stood once where the rules read it. Behind it lies for each what was
    /// decided, whether that has a fault, and the element itself.
    pub(super) row: Store,
    /// All of them.
    pub(super) list: Cell,
    pub(super) judged: JudgedPolicy,
    pub(super) readings: Readings,
    pub(super) places: Vec<u32>,
}

impl ReadPolicy {
    fn forget(&mut self) {
        self.forget_judged();
        if let Ok(Some(spare)) = self.spare.get_mut() {
            spare.workspace.left = None;
        }
        if let (Some(mut judged), Ok(spare)) = (self.elements.take(), self.spare_elements.get_mut())
        {
            judged.forget();
            *spare = Some(judged);
        }
    }

    /// Forgets what it decided about the record, or the element at hand.
    fn forget_judged(&mut self) {
        self.fallen.get_mut().into_iter().for_each(Fallen::forget);
        if let (Some(judged), Ok(spare)) = (self.judged.take(), self.spare.get_mut()) {
            *spare = Some(judged);
        }
    }
}

impl Clone for Readings {
    /// Room for the same policies, none of them judged.
    fn clone(&self) -> Self {
        let all = self.all.iter().map(|_| ReadPolicy::default()).collect();
        Self { all, ..Self::default() }
    }
}

/// What is for those that read nothing of others.
static NOTHING: Readings = Readings { all: Vec::new(), once: Memory::none(), times: None };

impl Readings {
    /// No room, for expressions that read no decisions.
    pub(crate) fn none() -> &'static Self {
        &NOTHING
    }

    /// Room for what a policy reads; expressions are worked out anew each time, since the record may
    /// become another one.
    pub fn of(policy: &Policy) -> Self {
        Self::with(policy.reads.iter().copied())
    }

    /// Room for some policies, and for what they read.
    pub fn with(policies: impl IntoIterator<Item = PolicyId>) -> Self {
        let last = policies.into_iter().max();
        let mut readings = Self::default();
        readings.all.resize_with(last.map_or(0, |last| last.index() + 1), ReadPolicy::default);
        readings
    }

    /// Whether a policy finds out anything here.
    #[inline]
    pub fn serve(policy: &Policy) -> bool {
        policy.once > 0 || !policy.reads.is_empty()
    }

    /// Forgets what was found out about the last record, for another one that a policy is to judge;
    /// keeps the memory.
    #[inline]
    pub fn reset(&mut self, policy: &Policy) {
        // Most policies read no other, and have nothing costly.
        if Self::serve(policy) {
            self.forget(policy);
        }
    }

    /// The same for those that a decision has; anew where none are there, or a copy of the last decision has them.
    pub(crate) fn renew(readings: &mut Option<Arc<Self>>, policy: &Policy) {
        match readings.as_mut().and_then(Arc::get_mut) {
            Some(readings) => readings.reset(policy),
            None => {
                let mut fresh = Self::of(policy);
                fresh.reset(policy);
                *readings = Some(Arc::new(fresh));
            }
        }
    }

    /// Forgets all that was found out; keeps the memory.
    pub fn clear(&mut self) {
        self.all.iter_mut().for_each(ReadPolicy::forget);
        self.once.forget();
    }

    fn forget(&mut self, policy: &Policy) {
        self.make_room(policy.reads.last().map_or(0, |last| last.index() + 1));
        for id in &policy.reads {
            self.all.get_mut(id.index()).into_iter().for_each(ReadPolicy::forget);
        }
        self.once.reset(policy.once as usize);
    }

    /// Forgets what depends on the element of a list that was judged last, for the next one of the same record.
    pub fn next_element(&mut self, program: &Program, policy: &Policy) {
        let of_element = |slot: u32| policy.elements.as_ref().is_some_and(|own| own.holds(slot));
        if policy.dated.is_some_and(of_element) {
            // Every time may be another one.
            self.forget(policy);
            return;
        }
        for id in policy.reads.iter().filter(|id| program.policies[**id].elements.is_some()) {
            self.all.get_mut(id.index()).into_iter().for_each(ReadPolicy::forget_judged);
        }
        self.once.forget_those(|once| program.once[OnceId::at(once)].of_element);
    }

    fn make_room(&mut self, policies: usize) {
        if self.all.len() < policies {
            self.all.resize_with(policies, ReadPolicy::default);
        }
    }

    /// The value of an expression that is worked out once, if it has been.
    pub(super) fn kept(&self, once: OnceId) -> Option<&Kept> {
        self.once.kept(once.index())
    }

    /// A decision of a policy that has fallen while that is judged; `None` within for a fault. Any store
    /// reads what is plain.
    #[inline]
    pub(super) fn fallen<'r>(
        &'r self,
        policy: PolicyId,
        decision: DecisionId,
        store: &'r Store,
    ) -> Option<Option<Value<'r>>> {
        self.all.get(policy.index())?.fallen.get()?.value(decision, store)
    }

    /// Keeps a decision of a policy that has fallen, for rules of its own; `None` for a fault.
    pub(super) fn fall(
        &self,
        (policy, decisions): (PolicyId, usize),
        decision: DecisionId,
        (cell, results): (Option<Cell>, &Store),
    ) {
        let Some(reading) = self.all.get(policy.index()) else { return };
        reading.fallen.get_or_init(|| Fallen::of(decisions)).keep(decision, cell, results);
    }

    /// Keeps the value of an expression that is worked out once, where there is room for it.
    pub(super) fn keep(&self, once: OnceId, date: Time, value: &Result<Value<'_>, NodeFault>) {
        self.once.keep(once.index(), date, value);
    }

    /// The steps that judging them has taken on this record.
    pub fn steps(&self) -> u64 {
        let judged = self.all.iter().filter_map(|reading| reading.judged.get());
        let elements = self.all.iter().filter_map(|reading| reading.elements.get());
        let steps = judged.map(|judged| judged.workspace.steps);
        steps.chain(elements.map(|elements| elements.steps())).fold(0, u64::saturating_add)
    }

    /// A policy on a record, which `judge` judges if nobody has asked for it yet.
    pub(super) fn judged(
        &self,
        policy: PolicyId,
        judge: impl FnOnce(&mut JudgedPolicy),
    ) -> Option<&JudgedPolicy> {
        let reading = self.all.get(policy.index());
        debug_assert!(
            reading.is_some(),
            "there is room for every policy that the one at hand reads"
        );
        let reading = reading?;
        Some(reading.judged.get_or_init(|| {
            let spare = reading.spare.lock().ok().and_then(|mut spare| spare.take());
            let mut judged = spare.unwrap_or_default();
            judged.workspace.steps = 0;
            judge(&mut judged);
            judged
        }))
    }

    /// What a policy decided about each element of a list, which `judge` judges if nobody has asked yet.
    pub(super) fn elements(
        &self,
        policy: PolicyId,
        judge: impl FnOnce(&mut JudgedElements),
    ) -> Option<&JudgedElements> {
        let reading = self.all.get(policy.index())?;
        Some(reading.elements.get_or_init(|| {
            let spare = reading.spare_elements.lock().ok().and_then(|mut spare| spare.take());
            let mut judged = spare.unwrap_or_default();
            judge(&mut judged);
            judged
        }))
    }

    /// The judgement of a policy, if it has been judged, and the keys by which its index found rules.
    pub(crate) fn judgement(&self, policy: PolicyId) -> Option<(&Judgement, &[i64])> {
        let judged = self.all.get(policy.index())?.judged.get()?;
        Some((&judged.judgement, &judged.keys))
    }
}

/// Several policies that judge one record after another together: what one finds out serves the others, and
/// each policy is judged once for a record. Those whose times differ find out for themselves.
#[derive(Debug, Default)]
pub struct Together {
    /// Those of the record at hand, and behind them memory of earlier ones.
    rooms: Vec<Arc<Readings>>,
    /// How many are of the record at hand.
    taken: usize,
    clock: Option<Time>,
    /// The record at hand, as policies without counters read it.
    rows: Vec<(Arc<str>, Arc<Row>)>,
    /// What they hold between two records.
    nothing: Arc<Row>,
}

impl Together {
    /// Begins with another record. All that judged the last one have given back what they shared.
    pub fn begin(&mut self) {
        (self.taken, self.clock) = (0, None);
        self.rows.clear();
    }

    /// The record at hand as a policy reads it, if another one has read the same.
    pub fn row(&self, policy: &Policy) -> Option<&Arc<Row>> {
        let mut rows = self.rows.iter().filter(|_| reads_as_others(policy));
        rows.find(|(record, _)| *record == policy.layout.record).map(|(_, row)| row)
    }

    /// Keeps the record at hand as a policy has read it, for others.
    pub fn keep_row(&mut self, policy: &Policy, row: &Arc<Row>) {
        if reads_as_others(policy) {
            self.rows.push((policy.layout.record.clone(), row.clone()));
        }
    }

    /// The row of those that have given back what they shared.
    pub fn nothing(&self) -> &Arc<Row> {
        &self.nothing
    }

    /// The time by the clock: the same for all that judge the record.
    pub(crate) fn clock(&mut self, clock: impl FnOnce() -> Time) -> Time {
        *self.clock.get_or_insert_with(clock)
    }

    /// What is shared by those that judge the record at such times.
    pub(crate) fn room(&mut self, program: &Program, times: Times) -> Arc<Readings> {
        let alike = |room: &&Arc<Readings>| {
            room.times
                .is_some_and(|other| (other.now, other.in_force) == (times.now, times.in_force))
        };
        if let Some(room) = self.rooms.iter().take(self.taken).find(alike) {
            return room.clone();
        }
        if self.rooms.len() == self.taken {
            self.rooms.push(Arc::default());
        }
        let Some(place) = self.rooms.get_mut(self.taken) else { return Arc::default() };
        self.taken += 1;
        // Somebody may have kept a decision with all that it was made of.
        if Arc::get_mut(place).is_none() {
            *place = Arc::default();
        }
        if let Some(room) = Arc::get_mut(place) {
            room.clear();
            room.make_room(program.policies.len());
            room.once.reset(program.once.len());
            room.times = Some(times);
        }
        place.clone()
    }
}

/// Whether a record is the same for a policy as for others: what counters say is filled in for each, and
/// profiles are joined as of its date.
fn reads_as_others(policy: &Policy) -> bool {
    policy.counters.is_empty() && !policy.layout.in_time
}

impl JudgedPolicy {
    /// The value of a decision; `None` for a fault.
    pub(super) fn value(&self, decision: DecisionId) -> Option<Value<'_>> {
        let cell = self.decisions[decision]?;
        Some(self.judgement.results.value(cell))
    }

    /// Takes what was judged for the values of the decisions of a policy.
    pub(super) fn take_values(&mut self, policy: &Policy) {
        let Self { judgement, decisions, .. } = self;
        decisions.items_mut().clear();
        for id in policy.decisions.ids() {
            decisions.push(judgement.whole_value(policy, id));
        }
    }
}

impl JudgedElements {
    /// The elements with what was decided.
    pub(super) fn list(&self) -> Value<'_> {
        self.row.value(self.list)
    }

    /// The steps that judging them has taken.
    pub(super) fn steps(&self) -> u64 {
        let JudgedPolicy { workspace, .. } = &self.judged;
        workspace.steps.saturating_add(self.readings.steps())
    }

    pub(super) fn forget(&mut self) {
        self.readings.clear();
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests fail by panicking")]

    use std::cell::Cell;

    use super::{Readings, Together};
    use crate::ids::PolicyId;

    #[test]
    fn a_policy_is_judged_once_for_a_record() {
        let mut readings = Readings::with([PolicyId(0), PolicyId(1)]);
        let judged = Cell::new(0);
        let judge = |id| {
            readings.judged(PolicyId(id), |_| judged.set(judged.get() + 1)).unwrap();
            judged.get()
        };
        assert_eq!([judge(0), judge(0), judge(1), judge(0), judge(1)], [1, 1, 2, 2, 2]);
        readings.clear();
        readings.judged(PolicyId(0), |_| judged.set(judged.get() + 1)).unwrap();
        assert_eq!(judged.get(), 3);
    }

    #[test]
    fn the_clock_is_asked_once_for_a_record() {
        let mut together = Together::default();
        let asked = Cell::new(0);
        let clock = |together: &mut Together| {
            together.clock(|| {
                asked.set(asked.get() + 1);
                second(asked.get())
            })
        };
        let first = clock(&mut together);
        assert_eq!(clock(&mut together), first);
        together.begin();
        assert_ne!(clock(&mut together), first);
    }

    fn second(second: i64) -> rulebook_lang::model::Time {
        rulebook_lang::model::Time::new(second, 0).unwrap()
    }
}
