//! Judges one row by one policy: which rules fire, what overrides what, and what is decided.

use super::combine::{Contribution, Outcome, Source, alike, settle, uncertain};
use super::machine::{Machine, NodeFault};
use crate::lang::hash::{BUCKETS, bucket};
use crate::lang::kernel::{Context, Problem};
use crate::model::{Cell, Number, Store, Time, Value, start_of_day};
use crate::program::{
    Decision, DecisionId, Effect, NodeId, Phase, Policy, Program, Rule, RuleId, zero_of,
};

/// What became of a rule.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum State {
    /// Its first phase has not begun, or it has ended.
    NotInForce,
    /// Its phase does not cover the record: outside of the cohort, or `where` does not hold.
    NotCovered,
    /// `when` does not hold.
    Unmet,
    /// `when` holds, and so does `unless`.
    Excepted,
    /// It fired.
    Fired,
    /// Something in it has no value.
    Faulted(NodeFault),
}

/// Whether a rule counts as fired, as far as faults let one know.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Counts {
    No,
    Maybe,
    Yes,
}

/// With more faulted rules than this, no decision that they touch is looked at more closely.
const MAX_FAULTED: usize = 10;

/// What became of every rule and every decision.
#[derive(Debug, Clone)]
pub struct Judgement {
    /// The time of the evaluation.
    pub now: Time,
    /// The date used by rules that have none of their own.
    pub dated: Time,
    /// What became of each rule.
    pub states: Vec<State>,
    /// The phase of each rule that is in force, if it has phases.
    pub phases: Vec<Option<usize>>,
    /// For each rule that fired and was overridden, by which.
    pub overridden: Vec<Option<RuleId>>,
    /// Each decision; its values lie in `results`.
    pub outcomes: Vec<Outcome<Cell>>,
    /// What each rule that fired sets; `None` where that has no value.
    pub sets: Vec<(RuleId, DecisionId, Option<Cell>)>,
    /// The faults of rules outside of their conditions.
    pub faults: Vec<(RuleId, NodeFault)>,
    /// The values of outcomes and sets.
    pub results: Store,
}

/// The date that a slot of a row holds.
pub(crate) fn time_in(program: &Program, row: &Store, slot: u32) -> Option<Time> {
    match row.get(slot) {
        Value::Time(time) => Some(time),
        Value::Date(date) => start_of_day(date, &program.zone),
        _ => None,
    }
}

/// Judges a row. Without `now`, the record's own date is taken, or `clock` where it has none.
pub fn judge(
    program: &Program,
    policy: &Policy,
    row: &Store,
    now: Option<Time>,
    clock: Time,
) -> Judgement {
    let own = policy.dated.and_then(|slot| time_in(program, row, slot));
    let now = now.or(own).unwrap_or(clock);
    let dated = own.unwrap_or(now);
    let machine = Machine::new(program, row, now, dated);
    let count = policy.rules.len();
    let judgement = Judgement {
        now,
        dated,
        states: Vec::with_capacity(count),
        phases: Vec::with_capacity(count),
        overridden: vec![None; count],
        outcomes: Vec::with_capacity(policy.decisions.len()),
        sets: Vec::new(),
        faults: Vec::new(),
        results: Store::default(),
    };
    Judge { program, policy, row, machine, judgement }.run()
}

struct Judge<'r> {
    program: &'r Program,
    policy: &'r Policy,
    row: &'r Store,
    machine: Machine<'r>,
    judgement: Judgement,
}

impl<'r> Judge<'r> {
    fn run(mut self) -> Judgement {
        for rule in &self.policy.rules {
            let (state, phase) = self.rule(rule);
            self.judgement.states.push(state);
            self.judgement.phases.push(phase);
        }
        let counts = self.counts();
        let values = self.sets(&counts);
        let worlds = self.worlds();
        for position in 0..self.policy.decisions.len() {
            self.decide(DecisionId::at(position), &counts, &values, &worlds);
        }
        self.judgement
    }

    /// The date by which a rule is in force and reads parameters.
    fn date(&self, rule: &Rule) -> Time {
        let own = rule.dated.and_then(|slot| time_in(self.program, self.row, slot));
        own.unwrap_or(self.judgement.dated)
    }

    fn rule(&mut self, rule: &'r Rule) -> (State, Option<usize>) {
        let date = self.date(rule);
        let Some(phase) = rule.phase_at(date) else { return (State::NotInForce, None) };
        self.machine.date(date);
        let state = self.conditions(rule, phase.and_then(|at| rule.phases.get(at)));
        (state.unwrap_or_else(State::Faulted), phase)
    }

    fn conditions(&mut self, rule: &Rule, phase: Option<&Phase>) -> Result<State, NodeFault> {
        if let Some(phase) = phase
            && !covers(&mut self.machine, rule, phase)?
        {
            return Ok(State::NotCovered);
        }
        if !rule.when.map_or(Ok(true), |when| self.machine.test(when))? {
            return Ok(State::Unmet);
        }
        if rule.unless.map_or(Ok(false), |unless| self.machine.test(unless))? {
            return Ok(State::Excepted);
        }
        Ok(State::Fired)
    }

    fn effect(&self, at: usize) -> Effect {
        let rule = self.policy.rules.get(at);
        let phase = self.judgement.phases.get(at).copied().flatten();
        let phase = rule.zip(phase).and_then(|(rule, at)| rule.phases.get(at));
        phase.map_or(Effect::Enforce, |phase| phase.effect)
    }

    /// Which rules count once overriding is settled.
    fn counts(&mut self) -> Vec<Counts> {
        let mut counts: Vec<_> = self
            .judgement
            .states
            .iter()
            .map(|state| match state {
                State::Fired => Counts::Yes,
                State::Faulted(_) => Counts::Maybe,
                _ => Counts::No,
            })
            .collect();
        for id in &self.policy.order {
            let at = id.index();
            let own = counts.get(at).copied().unwrap_or(Counts::No);
            let Some(rule) = self.policy.rules.get(at) else { continue };
            if own == Counts::No || self.effect(at) != Effect::Enforce {
                continue;
            }
            for target in &rule.overrides {
                let Some(count) = counts.get_mut(target.index()) else { continue };
                let before = *count;
                *count = match own {
                    Counts::Yes => Counts::No,
                    _ => before.min(Counts::Maybe),
                };
                if before != Counts::No && own == Counts::Yes {
                    let fired = self.judgement.states.get(target.index()) == Some(&State::Fired);
                    if let Some(by) = self.judgement.overridden.get_mut(target.index()) {
                        *by = by.or(fired.then_some(*id));
                    }
                }
            }
        }
        counts
    }

    /// What every rule that may count sets.
    fn sets(&mut self, counts: &[Counts]) -> Vec<(RuleId, DecisionId, Option<Value<'r>>)> {
        let mut values = Vec::new();
        for (at, rule) in self.policy.rules.iter().enumerate() {
            if counts.get(at).is_none_or(|count| *count == Counts::No) {
                continue;
            }
            let id = RuleId::at(at);
            self.machine.date(self.date(rule));
            for (decision, node) in &rule.sets {
                let fired = self.judgement.states.get(at) == Some(&State::Fired);
                let value = self.set_value(id, *node, fired);
                if fired {
                    let cell = value.as_ref().map(|value| self.judgement.results.import(value));
                    self.judgement.sets.push((id, *decision, cell));
                }
                values.push((id, *decision, value));
            }
        }
        values
    }

    /// The value that a rule sets. Where its condition is a fault already, that one is told.
    fn set_value(&mut self, rule: RuleId, node: NodeId, fired: bool) -> Option<Value<'r>> {
        match self.machine.value(node) {
            Ok(value) => Some(value),
            Err(fault) => {
                if fired {
                    self.judgement.faults.push((rule, fault));
                }
                None
            }
        }
    }

    /// Which rules count, for every answer to the question which of the faulted rules fired; the
    /// first is that none did. Only the first where the answers are too many.
    fn worlds(&self) -> Vec<Vec<bool>> {
        let states = self.judgement.states.iter().enumerate();
        let mut worlds = vec![states.clone().map(|(_, state)| *state == State::Fired).collect()];
        let faulted: Vec<_> = states
            .filter(|(at, state)| {
                matches!(state, State::Faulted(_)) && self.effect(*at) == Effect::Enforce
            })
            .map(|(at, _)| at)
            .collect();
        for at in faulted.iter().filter(|_| faulted.len() <= MAX_FAULTED) {
            let mut others: Vec<Vec<bool>> = worlds.clone();
            for fired in others.iter_mut().filter_map(|world| world.get_mut(*at)) {
                *fired = true;
            }
            worlds.append(&mut others);
        }
        for world in &mut worlds {
            self.settle_overrides(world);
        }
        worlds
    }

    /// Takes the rules out of those that fired that others of them override.
    fn settle_overrides(&self, counts: &mut [bool]) {
        for id in &self.policy.order {
            let at = id.index();
            if !counts.get(at).is_some_and(|count| *count) || self.effect(at) != Effect::Enforce {
                continue;
            }
            for target in self.policy.rules.get(at).into_iter().flat_map(|rule| &rule.overrides) {
                if let Some(count) = counts.get_mut(target.index()) {
                    *count = false;
                }
            }
        }
    }

    fn decide(
        &mut self,
        id: DecisionId,
        counts: &[Counts],
        values: &[(RuleId, DecisionId, Option<Value<'r>>)],
        worlds: &[Vec<bool>],
    ) {
        let Some(decision) = self.policy.decisions.get(id.index()) else { return };
        self.machine.date(self.judgement.dated);
        let (otherwise, broken) = match self.otherwise(decision) {
            Ok(values) => (values, false),
            Err(_) => (None, true),
        };
        let context = Context { zone: &self.program.zone };
        let contributions: Vec<_> = values
            .iter()
            .filter(|(rule, own, _)| *own == id && self.effect(rule.index()) == Effect::Enforce)
            .map(|(rule, _, value)| Contribution { rule: *rule, value: value.clone() })
            .collect();
        let settle_in = |world: &Vec<bool>| {
            let counted = contributions
                .iter()
                .filter(|c| world.get(c.rule.index()).is_some_and(|count| *count))
                .cloned()
                .collect::<Vec<_>>();
            let mut outcome = settle(decision.combiner, &counted, otherwise.as_deref(), &context);
            if broken && outcome.source == Source::Undecided {
                outcome.source = Source::Fault;
            }
            outcome
        };
        let Some((first, rest)) = worlds.split_first() else { return };
        let mut outcome = settle_in(first);
        let maybe = contributions
            .iter()
            .filter(|c| counts.get(c.rule.index()) == Some(&Counts::Maybe))
            .map(|c| c.rule)
            .collect::<Vec<_>>();
        let could_change = match rest {
            [] => !maybe.is_empty(),
            rest => rest.iter().any(|w| !alike(decision.combiner, &outcome, &settle_in(w))),
        };
        if could_change {
            outcome = uncertain(maybe);
        }
        if outcome.source == Source::Fault {
            self.rescue(id, &mut outcome);
        }
        let values =
            outcome.values.iter().map(|value| self.judgement.results.import(value)).collect();
        self.judgement.outcomes.push(Outcome {
            values,
            source: outcome.source,
            rules: outcome.rules,
            conflict: outcome.conflict,
        });
    }

    /// The values of a decision where no rule fires.
    fn otherwise(&mut self, decision: &Decision) -> Result<Option<Vec<Value<'r>>>, NodeFault> {
        let Some(node) = decision.otherwise else {
            return Ok(match decision.combiner {
                crate::lang::combiner::Combiner::Total => {
                    Some(vec![self.program.constants.value(zero_of(&decision.ty))])
                }
                combiner if combiner.collects() => Some(Vec::new()),
                _ => None,
            });
        };
        Ok(Some(several(self.machine.value(node)?)))
    }

    /// Gives a decision that is a fault the value that the policy has for that.
    fn rescue(&mut self, id: DecisionId, outcome: &mut Outcome<Value<'r>>) {
        let Some((_, node)) = self.policy.on_fault.iter().find(|(known, _)| *known == id) else {
            return;
        };
        if let Ok(value) = self.machine.value(*node) {
            outcome.values = several(value);
            outcome.source = Source::OnFault;
        }
    }
}

/// A list as its elements, anything else as itself.
fn several(value: Value<'_>) -> Vec<Value<'_>> {
    match value {
        Value::List(list) => list.iter().collect(),
        single => vec![single],
    }
}

/// Whether a phase covers the record.
///
/// # Errors
/// The first problem in its cohort or its `where`.
pub(crate) fn covers(
    machine: &mut Machine<'_>,
    rule: &Rule,
    phase: &Phase,
) -> Result<bool, NodeFault> {
    if let Some((bucket, threshold)) = cohort(machine, rule, phase)?
        && bucket >= threshold
    {
        return Ok(false);
    }
    phase.filter.map_or(Ok(true), |filter| machine.test(filter))
}

/// The bucket that the record falls into, and the first bucket outside of the cohort.
///
/// # Errors
/// The first problem in the share or the key, or a share outside of 0% to 100%.
pub(crate) fn cohort(
    machine: &mut Machine<'_>,
    rule: &Rule,
    phase: &Phase,
) -> Result<Option<(u32, u32)>, NodeFault> {
    let Some((share, key)) = phase.cohort else { return Ok(None) };
    let Value::Text(text) = machine.value(key)? else { return Ok(Some((0, 0))) };
    let threshold = match machine.value(share)? {
        Value::Number(value) if (Number::ZERO..=Number::ONE).contains(&value) => {
            let scaled = value.checked_mul(Number::from(u64::from(BUCKETS)));
            scaled
                .and_then(|n| n.checked_floor()?.to_i64())
                .and_then(|n| u32::try_from(n).ok())
                .unwrap_or(0)
        }
        _ => {
            let problem = Problem::BadArgument("a share lies between 0% and 100%".into());
            return Err(NodeFault { node: share, problem });
        }
    };
    Ok(Some((bucket(&rule.salt, &text), threshold)))
}
