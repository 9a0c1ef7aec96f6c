//! Judges one row by one policy: which rules fire, what overrides what, and what is decided.

mod asked;
mod case;
mod combine;
pub mod counting;
mod elements;
mod fallen;
mod fault;
mod judgement;
mod machine;
mod made;
mod once;
mod readings;
mod stage;
mod state;
mod table;
mod times;
mod twist;
mod watch;
pub mod work;
mod workspace;

pub use case::Case;
pub use combine::{Conflict, Origin, Outcome, Resolution};
pub use fault::NodeFault;
pub use judgement::{Involved, Judgement};
pub use machine::Machine;
pub use readings::{Readings, Together};
pub use state::{State, state_of};
pub(crate) use state::{cohort, covers, date_of, state, state_within};
pub use times::{Times, When};
pub use twist::Twist;
pub use watch::{Unwatched, Watch};
pub use workspace::Workspace;

use std::sync::Arc;

use crate::ids::InvolvedId;
use crate::program::{
    Decision, DecisionId, Effect, Keyed, NodeId, Policy, PolicyId, Program, Rule, RuleId, Set,
    zero_of,
};
use combine::{Contribution, Mark, alike, combine};
use judgement::{Counts, Given, ValuePlace, value_at};
use rulebook_lang::fold::Nothing;
use rulebook_lang::kernel::Context;
use rulebook_lang::model::{Cell, Store, Time, Value};

/// With more faulted rules than this, no decision that they touch is looked at more closely.
const MAX_FAULTED: usize = 10;

/// Judges a row; the clock is asked where nothing else tells the time.
pub fn judge(
    case: Case<'_>,
    (when, clock): (When, impl FnOnce() -> Time),
    judgement: &mut Judgement,
    workspace: &mut Workspace,
) {
    let record_date = case.policy.dated.and_then(|slot| case.program.time_in(case.row.store, slot));
    let times = when.of(record_date, clock);
    judge_at(&case, times, None, judgement, workspace);
}

/// Judges a row as if one rule were another, at the times of an earlier judgement.
pub(crate) fn judge_again(
    case: &Case<'_>,
    first: &Judgement,
    twist: Twist,
    judgement: &mut Judgement,
    workspace: &mut Workspace,
) {
    if case.policy.stages.is_none() {
        return judge_at(case, first.times, Some(twist), judgement, workspace);
    }
    // What was decided the first time is not read again.
    let readings = Readings::of(case.policy);
    let case = Case { readings: &readings, ..*case };
    judge_at(&case, first.times, Some(twist), judgement, workspace);
}

/// The same at given times: the code is there once, whatever clock is asked.
fn judge_at(
    case: &Case<'_>,
    times: Times,
    twist: Option<Twist>,
    judgement: &mut Judgement,
    workspace: &mut Workspace,
) {
    let Case { program, policy, row, readings } = *case;
    judgement.reset(times);
    let date =
        |slot: Option<u32>| times.date_of(slot.and_then(|slot| program.time_in(row.store, slot)));
    let involved = &mut judgement.involved;
    let mut certain = true;
    policy.index.search(row, times.now, date, &mut workspace.search, |entry| {
        certain &= entry.certain;
        involved.push(Involved::new(entry));
    });
    if !involved.is_sorted_by(|a, b| a.rule < b.rule) {
        involved.sort_unstable_by_key(|involved| involved.rule);
        involved.items_mut().dedup_by_key(|involved| involved.rule);
    }
    let most = workspace.left.unwrap_or(work::MOST);
    let steps = std::cell::Cell::new(most);
    let machine = Machine::of(case, times).counted(&steps);
    let row = row.store;
    let mut judge = Judge { program, policy, machine, row, readings, judgement, workspace };
    if let Some(stages) = &policy.stages {
        judge.run_in_stages(stages, twist);
    } else {
        if !certain {
            judge.ascertain();
        }
        if let Some(twist) = twist {
            twist.apply(judge.judgement.involved.items_mut());
        }
        judge.run();
    }
    workspace.steps = workspace.steps.saturating_add(most - steps.get());
    if let Some(left) = &mut workspace.left {
        *left = steps.get();
    }
}

/// All that a policy decides about the elements of a list of a row, which one that judges the row goes through.
fn decided_elements<'r>(
    readings: &'r Readings,
    judged: (&'r Program, &'r Store, Times),
    policy: PolicyId,
) -> Value<'r> {
    let elements = readings.elements(policy, |elements| {
        elements.judge(judged, policy, |case, times, judgement, workspace| {
            judge_at(case, times, None, judgement, workspace);
        });
    });
    elements.map_or(Value::Missing, readings::JudgedElements::list)
}

/// The value of a decision that is read; `None` for a fault. It may be one of the policy at hand that has
/// fallen already; the first to read another policy has it judged.
fn decided<'r>(
    readings: &'r Readings,
    (program, row, times): (&'r Program, &'r Store, Times),
    (policy, decision): (PolicyId, DecisionId),
) -> Option<Value<'r>> {
    if let Some(fallen) = readings.fallen(policy, decision, row) {
        return fallen;
    }
    let judged = readings.judged(policy, |judged| {
        judge_read(readings, (program, row, times), policy, judged);
    });
    judged.and_then(|judged| judged.value(decision))
}

/// Judges a policy as others read it.
fn judge_read(
    readings: &Readings,
    (program, row, times): (&Program, &Store, Times),
    policy: PolicyId,
    judged: &mut readings::JudgedPolicy,
) {
    let policy = &program.policies[policy];
    let readings::JudgedPolicy { judgement, workspace, keys, .. } = judged;
    if policy.elements.is_some() && workspace.left.is_none() {
        workspace.begin();
    }
    let case = Case { program, policy, row: Keyed::by(policy, row, keys), readings };
    judge(case, (times.of_others(), || times.now), judgement, workspace);
    judged.take_values(policy);
}

/// Judges a policy as one of several that judge a record together: as those do that read it.
pub(crate) fn judge_together(
    (program, policy): (&Program, PolicyId),
    row: &Store,
    (when, clock): (When, impl FnOnce() -> Time),
    together: &mut Together,
) -> Arc<Readings> {
    let record_date = program.policies[policy].dated.and_then(|slot| program.time_in(row, slot));
    let times = when.of(record_date, || together.clock(clock));
    let readings = together.room(program, times);
    readings.judged(policy, |judged| {
        judge_read(&readings, (program, row, times), policy, judged);
    });
    readings
}

struct Judge<'r, 'j> {
    program: &'r Program,
    policy: &'r Policy,
    row: &'r Store,
    machine: Machine<'r>,
    readings: &'r Readings,
    judgement: &'j mut Judgement,
    workspace: &'j mut Workspace,
}

impl<'r> Judge<'r, '_> {
    fn run(&mut self) {
        self.settle_overrides();
        self.give();
        let worlds = self.worlds();
        for (id, decision) in self.policy.decisions.numbered() {
            let outcome = self.decide(id, decision, &worlds);
            self.judgement.outcomes.push(outcome);
        }
    }

    fn date(&self, rule: &Rule) -> Time {
        date_of(self.program, self.row, self.judgement.times, rule)
    }

    /// Evaluates the conditions of the rules found of which the index does not say all.
    fn ascertain(&mut self) {
        let mut involved = std::mem::take(&mut self.judgement.involved);
        involved.items_mut().retain_mut(|involved| {
            if involved.certain {
                return true;
            }
            let rule = &self.policy.rules[involved.rule];
            let (state, phase) = state(&self.machine.dated(self.date(rule)), rule);
            (involved.phase, involved.effect) = (phase, rule.effect(phase));
            match state {
                State::Fired => true,
                State::Faulted(fault) => {
                    (involved.fired, involved.counts) = (false, Counts::Maybe);
                    self.judgement.broken.push((involved.rule, fault));
                    true
                }
                _ => false,
            }
        });
        self.judgement.involved = involved;
    }

    #[inline]
    fn settle_overrides(&mut self) {
        self.workspace.order.clear();
        if !self.policy.ranks.is_empty() {
            self.settle_in_order();
        }
    }

    /// Settles which rules count. What overrides comes before what it overrides, so a rule is final
    /// when its turn comes.
    #[inline(never)]
    fn settle_in_order(&mut self) {
        let Self { policy, judgement, workspace, .. } = self;
        let order = &mut workspace.order;
        order.extend(judgement.involved.numbered().filter_map(|(id, involved)| {
            let overrides = &policy.rules[involved.rule].overrides;
            (involved.effect == Effect::Enforce && !overrides.is_empty()).then_some(id)
        }));
        order.sort_unstable_by_key(|id| policy.ranks[judgement.involved[*id].rule]);
        for id in &*order {
            let overriding = judgement.involved[*id];
            if overriding.counts == Counts::No {
                continue;
            }
            for target in &policy.rules[overriding.rule].overrides {
                let found =
                    judgement.involved.binary_search_by_key(target, |involved| involved.rule);
                let Some(target) = found.ok().and_then(|at| judgement.involved.get_mut(at)) else {
                    continue;
                };
                if overriding.counts == Counts::Maybe {
                    target.counts = target.counts.min(Counts::Maybe);
                } else if target.counts != Counts::No {
                    target.counts = Counts::No;
                    target.overridden = target.fired.then_some(overriding.rule);
                }
            }
        }
    }

    /// Collects what the rules that may count give.
    fn give(&mut self) {
        for id in self.judgement.involved.ids() {
            let involved = &self.judgement.involved[id];
            if involved.counts == Counts::No {
                continue;
            }
            let sets = involved.sets;
            for (number, set) in (sets.start..).zip(self.policy.index.sets(sets)) {
                let value = match set.value {
                    Some(_) => ValuePlace::Index(number),
                    None => self.compute(id, set),
                };
                self.judgement.given.push(Given { decision: set.decision, involved: id, value });
            }
        }
    }

    /// Computes what an involved rule sets. Where its condition is a fault already, that one is
    /// reported.
    fn compute(&mut self, id: InvolvedId, set: &Set) -> ValuePlace {
        let involved = self.judgement.involved[id];
        let date = self.date(&self.policy.rules[involved.rule]);
        let value = match self.machine.dated(date).value(set.node) {
            Ok(value) => Some(self.judgement.results.import(&value)),
            Err(fault) => {
                if involved.fired {
                    self.judgement.faults.push((involved.rule, fault));
                }
                None
            }
        };
        ValuePlace::Computed(self.judgement.computed.push(value))
    }

    /// Which of the involved rules count, for every answer to the question which of the faulted
    /// ones fired; the first is that none did, and is empty where nothing is in question. Only the
    /// first where the answers are too many.
    #[inline]
    fn worlds(&self) -> Vec<Vec<bool>> {
        match self.judgement.broken.is_empty() {
            true => Vec::new(),
            false => self.worlds_of_faults(),
        }
    }

    #[cold]
    fn worlds_of_faults(&self) -> Vec<Vec<bool>> {
        let involved = &self.judgement.involved;
        let mut worlds = vec![involved.iter().map(|involved| involved.fired).collect()];
        let faulted = involved.iter().enumerate();
        let faulted: Vec<_> = faulted
            .filter(|(_, involved)| involved.effect == Effect::Enforce)
            // In stages, there are also those that did not fire, or that nobody has looked at.
            .filter(|(_, involved)| self.judgement.fault_of(involved.rule).is_some())
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
            self.override_in(world);
        }
        worlds
    }

    /// Takes the rules out of those that fired that others of them override.
    fn override_in(&self, counts: &mut [bool]) {
        let involved = &self.judgement.involved;
        for id in &self.workspace.order {
            if counts.get(id.index()) != Some(&true) {
                continue;
            }
            for target in &self.policy.rules[involved[*id].rule].overrides {
                let found = involved.binary_search_by_key(target, |involved| involved.rule);
                if let Some(count) = found.ok().and_then(|at| counts.get_mut(at)) {
                    *count = false;
                }
            }
        }
    }

    // Both ways of judging come here once for each decision of each record.
    #[inline(always)]
    fn decide(&mut self, id: DecisionId, decision: &Decision, worlds: &[Vec<bool>]) -> Outcome {
        let start = self.judgement.parts.mark();
        let mut resolution = self.combine_in(id, decision, worlds.first());
        if !worlds.is_empty() && self.could_change(id, decision, start, resolution, worlds) {
            let maybe = self.in_question(id);
            self.judgement.parts.back_to(start);
            resolution = self.judgement.parts.fault(Conflict::Uncertain, maybe);
        }
        if resolution.origin == Origin::Fault {
            self.rescue(id, &mut resolution);
        }
        let range = (start, self.judgement.parts.mark());
        Outcome { resolution, range }
    }

    /// Whether a decision, which fell first as the values from `start` on say, falls otherwise for
    /// another answer to the question which of the faulted rules fired.
    fn could_change(
        &mut self,
        id: DecisionId,
        decision: &Decision,
        start: Mark,
        resolution: Resolution,
        worlds: &[Vec<bool>],
    ) -> bool {
        let rest = worlds.get(1..).unwrap_or_default();
        if rest.is_empty() {
            return !self.in_question(id).is_empty();
        }
        let end = self.judgement.parts.mark();
        rest.iter().any(|world| {
            let otherwise = self.combine_in(id, decision, Some(world));
            let Judgement { parts, results, .. } = &mut *self.judgement;
            let first = (resolution, parts.values((start, end)));
            let second = (otherwise, parts.values((end, parts.mark())));
            let same = alike(decision.combiner.fold(), first, second, results);
            parts.back_to(end);
            !same
        })
    }

    /// The rules that set a decision and of which nobody knows whether they count.
    fn in_question(&self, id: DecisionId) -> Vec<RuleId> {
        let given = self.judgement.given.iter().filter(|given| given.decision == id);
        let mut rules: Vec<_> = given
            .map(|given| &self.judgement.involved[given.involved])
            .filter(|involved| {
                involved.effect == Effect::Enforce && involved.counts == Counts::Maybe
            })
            .map(|involved| involved.rule)
            .collect();
        rules.dedup();
        rules
    }

    /// A decision as it falls if the rules count that a world says; those that surely do if there
    /// is only one answer.
    #[inline]
    fn combine_in(
        &mut self,
        id: DecisionId,
        decision: &Decision,
        world: Option<&Vec<bool>>,
    ) -> Resolution {
        let Judgement { involved, given, computed, results, parts, .. } = &mut *self.judgement;
        let given = given.iter().filter(|given| given.decision == id);
        let contributions = given.filter_map(|given| {
            let involved = &involved[given.involved];
            let counts = match world {
                None => involved.counts == Counts::Yes,
                Some(world) => world.get(given.involved.index()) == Some(&true),
            };
            (counts && involved.effect == Effect::Enforce).then(|| Contribution {
                rule: involved.rule,
                value: value_at(given.value, &self.policy.index, computed),
            })
        });
        let context = Context { zone: &self.program.zone, calendars: &self.program.calendars };
        let is_complete = || computed.iter().all(Option::is_some);
        let fold = decision.combiner.fold();
        let resolution =
            combine((fold, decision.joins), contributions, results, &context, parts, is_complete);
        resolution.unwrap_or_else(|| self.otherwise(decision))
    }

    /// A decision where no rule counts.
    fn otherwise(&mut self, decision: &Decision) -> Resolution {
        let Some(node) = decision.otherwise else {
            return match decision.combiner.fold().of_none() {
                Nothing::Zero => self.whole(Origin::Otherwise, zero_of(&decision.ty), decision),
                Nothing::Empty => Origin::Otherwise.into(),
                Nothing::Undecided => Origin::Undecided.into(),
            };
        };
        self.whole_node(Origin::Otherwise, node, decision).unwrap_or(Origin::Fault.into())
    }

    /// A decision of the value of a node outside of any rule.
    fn whole_node(
        &mut self,
        origin: Origin,
        node: NodeId,
        decision: &Decision,
    ) -> Result<Resolution, NodeFault> {
        if let Some(constant) = self.program.constant(node) {
            self.judgement.parts.values.push(*constant);
            return Ok(origin.into());
        }
        let value = self.machine.value(node)?;
        let cell = self.judgement.results.import(&value);
        Ok(self.whole(origin, cell, decision))
    }

    /// A decision of a whole value: where it collects, a list is its elements.
    fn whole(&mut self, origin: Origin, value: Cell, decision: &Decision) -> Resolution {
        let Judgement { results, parts, .. } = &mut *self.judgement;
        match value {
            Cell::List { start, end } if decision.combiner.collects() => {
                parts.values.extend((start..end).map(|at| results.cell(at)));
            }
            single => parts.values.push(single),
        }
        origin.into()
    }

    /// Gives a decision that is a fault the value that the policy has for that.
    fn rescue(&mut self, id: DecisionId, resolution: &mut Resolution) {
        let mut values = self.policy.on_fault.iter();
        let Some((_, node)) = values.find(|(decision, _)| *decision == id) else { return };
        let decision = &self.policy.decisions[id];
        if let Ok(rescued) = self.whole_node(Origin::OnFault, *node, decision) {
            resolution.origin = rescued.origin;
        }
    }
}
