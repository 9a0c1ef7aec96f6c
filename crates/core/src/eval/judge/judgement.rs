//! Which rules fired on a record and what was decided.

use super::combine::{Origin, Outcome, OutcomeParts};
use super::fault::NodeFault;
use super::times::Times;
use crate::ids::{ComputedId, IdVec, InvolvedId};
use crate::program::{DecisionId, Effect, Entry, Index, Policy, RuleId, Sets};
use rulebook_lang::model::{Cell, Store};

/// A rule that fired, or that may have as far as its fault lets one know.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Involved {
    /// The rule, among those of the policy that judges.
    pub rule: RuleId,
    /// If it fired and was overridden: by which rule.
    pub overridden: Option<RuleId>,
    /// What it sets, among what the index keeps.
    pub(super) sets: Sets,
    /// The position of the phase that is in force, if the rule has phases.
    pub phase: Option<u16>,
    /// What the rule does in its phase.
    pub effect: Effect,
    /// Whether it fired; otherwise its conditions have no value.
    pub fired: bool,
    /// Whether the index alone says that it fired.
    pub(super) certain: bool,
    /// Whether it counts once overriding is settled.
    pub(super) counts: Counts,
}

impl Involved {
    pub(super) fn new(entry: &Entry) -> Self {
        let Entry { rule, phase, effect, sets, certain } = *entry;
        let (overridden, fired, counts) = (None, true, Counts::Yes);
        Self { rule, overridden, sets, phase, effect, fired, certain, counts }
    }
}

/// What a rule gives a decision.
#[derive(Debug, Clone, Copy)]
pub(super) struct Given {
    pub(super) decision: DecisionId,
    /// The rule among those involved.
    pub(super) involved: InvolvedId,
    pub(super) value: ValuePlace,
}

/// Where the value of a decision lies.
#[derive(Debug, Clone, Copy)]
pub(super) enum ValuePlace {
    /// Among what the index keeps.
    Index(u32),
    /// Among the computed values of the judgement.
    Computed(ComputedId),
}

/// Whether a rule counts as fired, as far as faults let one know.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Counts {
    No,
    Maybe,
    Yes,
}

/// Which rules fired on a record and what was decided. It can be used for one record after another,
/// and then needs no new memory.
#[derive(Debug, Clone, Default)]
pub struct Judgement {
    /// The times by which the record is judged.
    pub times: Times,
    /// The rules that fired or may have, in text order.
    pub involved: IdVec<InvolvedId, Involved>,
    /// Each decision, in the policy's order.
    pub outcomes: Vec<Outcome>,
    /// What the rules that may count give, in text order.
    pub(super) given: Vec<Given>,
    /// The values that are not the same for every record; `None` for a fault.
    pub(super) computed: IdVec<ComputedId, Option<Cell>>,
    /// The faults of conditions.
    pub broken: Vec<(RuleId, NodeFault)>,
    /// The faults of rules outside of their conditions.
    pub faults: Vec<(RuleId, NodeFault)>,
    /// The texts and lists of outcomes and sets.
    pub results: Store,
    /// The values and rules of the outcomes.
    pub(super) parts: OutcomeParts,
}

impl Judgement {
    pub(super) fn reset(&mut self, times: Times) {
        self.times = times;
        self.involved.items_mut().clear();
        self.outcomes.clear();
        self.given.clear();
        self.computed.items_mut().clear();
        self.broken.clear();
        self.faults.clear();
        self.results.reset(0);
        self.parts.clear();
    }

    /// The rule, if it fired or may have.
    pub fn involved(&self, rule: RuleId) -> Option<&Involved> {
        let at = self.involved.binary_search_by_key(&rule, |involved| involved.rule).ok()?;
        self.involved.get(at)
    }

    /// Why nobody knows whether a rule fired, if nobody does.
    pub(crate) fn fault_of(&self, rule: RuleId) -> Option<&NodeFault> {
        self.broken.iter().find(|(id, _)| *id == rule).map(|(_, fault)| fault)
    }

    /// What a rule gives each decision that it sets; `None` for a fault. A rule that does not count
    /// gives nothing.
    pub(crate) fn given_by<'j>(
        &'j self,
        index: &'j Index,
        rule: RuleId,
    ) -> impl Iterator<Item = (DecisionId, Option<&'j Cell>)> {
        let id = self
            .involved
            .binary_search_by_key(&rule, |involved| involved.rule)
            .ok()
            .map(InvolvedId::at);
        let start = id
            .map_or(self.given.len(), |id| self.given.partition_point(|given| given.involved < id));
        let given = self.given.iter().skip(start);
        let by_rule = given.take_while(move |given| Some(given.involved) == id);
        by_rule.map(|given| (given.decision, value_at(given.value, index, &self.computed)))
    }

    /// Whether no rule that counts sets a decision but this one.
    pub(crate) fn is_alone(&self, rule: RuleId, decision: DecisionId) -> bool {
        let given = self.given.iter().filter(|given| given.decision == decision);
        let mut others = given.map(|given| &self.involved[given.involved]).filter(|involved| {
            involved.effect == Effect::Enforce
                && involved.counts != Counts::No
                && involved.rule != rule
        });
        others.next().is_none()
    }

    /// The values of an outcome, among [`Judgement::results`].
    pub fn values(&self, outcome: &Outcome) -> &[Cell] {
        self.parts.values(outcome.range)
    }

    /// The whole value of a decision that has fallen; `None` for a fault.
    pub(super) fn whole_value(&mut self, policy: &Policy, id: DecisionId) -> Option<Cell> {
        let outcome = self.outcomes.get(id.index())?;
        let values = self.parts.values(outcome.range);
        match (outcome.resolution.origin, policy.decisions[id].combiner.collects()) {
            (Origin::Fault, _) => None,
            (_, true) => {
                let (start, end) = self.results.append(values.iter().copied());
                Some(Cell::List { start, end })
            }
            (_, false) => Some(values.first().copied().unwrap_or_default()),
        }
    }

    /// The rules that gave an outcome, or whose faults (or disagreement) made it a fault.
    pub fn givers(&self, outcome: &Outcome) -> &[RuleId] {
        self.parts.rules(outcome.range)
    }
}

pub(super) fn value_at<'j>(
    place: ValuePlace,
    index: &'j Index,
    computed: &'j IdVec<ComputedId, Option<Cell>>,
) -> Option<&'j Cell> {
    match place {
        ValuePlace::Index(number) => index.set(number)?.value.as_ref(),
        ValuePlace::Computed(id) => computed[id].as_ref(),
    }
}
