//! The decisions of other policies on the record that is judged: each of these policies is judged
//! when something first reads it, once for a record.

use std::sync::{Mutex, OnceLock};

use super::combine::Origin;
use super::judgement::Judgement;
use super::workspace::Workspace;
use crate::ids::IdVec;
use crate::program::{DecisionId, Policy, PolicyId};
use rulebook_lang::model::{Cell, Value};

/// The policies that others read, as far as they have been judged on one record.
#[derive(Debug, Default)]
pub struct Readings {
    /// By the number of the policy, up to the last that is read.
    all: Vec<ReadPolicy>,
}

#[derive(Debug, Default)]
struct ReadPolicy {
    judged: OnceLock<Box<JudgedPolicy>>,
    /// The memory of an earlier record.
    spare: Mutex<Option<Box<JudgedPolicy>>>,
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

impl ReadPolicy {
    fn forget(&mut self) {
        if let (Some(judged), Ok(spare)) = (self.judged.take(), self.spare.get_mut()) {
            *spare = Some(judged);
        }
    }
}

impl Clone for Readings {
    /// Room for the same policies, none of them judged.
    fn clone(&self) -> Self {
        Self { all: self.all.iter().map(|_| ReadPolicy::default()).collect() }
    }
}

/// What is for those that read nothing of others.
static NOTHING: Readings = Readings { all: Vec::new() };

impl Readings {
    /// No room, for expressions that read no decisions.
    pub(super) fn none() -> &'static Self {
        &NOTHING
    }

    /// Room for what a policy reads.
    pub fn of(policy: &Policy) -> Self {
        let mut readings = Self::default();
        readings.reset(policy);
        readings
    }

    /// Room for some policies, and for what they read.
    pub fn with(policies: impl IntoIterator<Item = PolicyId>) -> Self {
        let last = policies.into_iter().max();
        let mut readings = Self::default();
        readings.all.resize_with(last.map_or(0, |last| last.index() + 1), ReadPolicy::default);
        readings
    }

    /// Forgets what was read of the last record, for another one that a policy is to judge; keeps
    /// the memory.
    #[inline]
    pub fn reset(&mut self, policy: &Policy) {
        // Most policies read no other.
        if let Some(last) = policy.reads.last() {
            self.forget(policy, *last);
        }
    }

    /// Forgets all that was read; keeps the memory.
    pub fn clear(&mut self) {
        self.all.iter_mut().for_each(ReadPolicy::forget);
    }

    fn forget(&mut self, policy: &Policy, last: PolicyId) {
        if self.all.len() <= last.index() {
            self.all.resize_with(last.index() + 1, ReadPolicy::default);
        }
        for id in &policy.reads {
            self.all.get_mut(id.index()).into_iter().for_each(ReadPolicy::forget);
        }
    }

    /// How a policy judged the record, if something has read a decision of it.
    pub(crate) fn judgement(&self, policy: PolicyId) -> Option<&Judgement> {
        self.all.get(policy.index())?.judged.get().map(|judged| &judged.judgement)
    }

    /// The steps that judging them has taken on this record.
    pub fn steps(&self) -> u64 {
        let judged = self.all.iter().filter_map(|reading| reading.judged.get());
        judged.map(|judged| judged.workspace.steps).fold(0, u64::saturating_add)
    }

    /// The value of a decision of a policy on a record, which `judge` judges if nobody has asked for
    /// it yet; `None` for a fault.
    pub(super) fn value(
        &self,
        (policy, decision): (PolicyId, DecisionId),
        judge: impl FnOnce(&mut JudgedPolicy),
    ) -> Option<Value<'_>> {
        let reading = self.all.get(policy.index());
        debug_assert!(
            reading.is_some(),
            "there is room for every policy that the one at hand reads"
        );
        let reading = reading?;
        let judged = reading.judged.get_or_init(|| {
            let spare = reading.spare.lock().ok().and_then(|mut spare| spare.take());
            let mut judged = spare.unwrap_or_default();
            judged.workspace.steps = 0;
            judge(&mut judged);
            judged
        });
        let cell = judged.decisions[decision]?;
        Some(judged.judgement.results.value(cell))
    }
}

impl JudgedPolicy {
    /// Takes what was judged for the values of the decisions of a policy.
    pub(super) fn take_values(&mut self, policy: &Policy) {
        let Self { judgement, decisions, .. } = self;
        decisions.items_mut().clear();
        for (decision, outcome) in policy.decisions.iter().zip(&judgement.outcomes) {
            let values = judgement.parts.values(outcome.range);
            decisions.push(match (outcome.resolution.origin, decision.combiner.collects()) {
                (Origin::Fault, _) => None,
                (_, true) => {
                    let (start, end) = judgement.results.append(values.iter().copied());
                    Some(Cell::List { start, end })
                }
                (_, false) => Some(values.first().copied().unwrap_or_default()),
            });
        }
    }
}
