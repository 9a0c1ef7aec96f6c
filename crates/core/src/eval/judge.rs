//! Judges one row by one policy: which rules fire, what overrides what, and what is decided.

use super::combine::{Conflict, Contribution, Fell, Mark, Outcome, Source, alike, settle};
use super::judgement::{Counts, Given, Involved, Judgement, Place, value_at};
use super::machine::{Machine, NodeFault};
use super::readings::Readings;
use super::retrial::Twist;
use super::state::{State, date_of, state, time_in};
use super::times::{Times, When};
use super::work;
use crate::program::{
    Decision, DecisionId, Effect, Keyed, NodeId, Policy, Program, Rule, RuleId, Search, Set,
    zero_of,
};
use rulebook_lang::fold::Nothing;
use rulebook_lang::kernel::Context;
use rulebook_lang::model::{Cell, Store, Time};

/// With more faulted rules than this, no decision that they touch is looked at more closely.
const MAX_FAULTED: usize = 10;

/// The memory that judging needs besides its result.
#[derive(Debug, Clone, Default)]
pub struct Workspace {
    search: Search,
    order: Vec<u32>,
    /// The steps taken by all that was judged so far.
    pub(super) steps: u64,
}

/// What is judged, and by what.
#[derive(Debug, Clone, Copy)]
pub struct Case<'r> {
    /// The rulebook.
    pub program: &'r Program,
    /// The policy of it that judges.
    pub policy: &'r Policy,
    /// The record.
    pub row: Keyed<'r>,
    /// Room for the decisions of other policies that the policy reads; nothing of another record
    /// may be in it.
    pub readings: &'r Readings,
}

impl<'r> Case<'r> {
    /// A machine for the record.
    pub(super) fn machine(&self, times: Times) -> Machine<'r> {
        Machine::new(self.program, self.row.store, self.readings, times)
    }

    /// The record's own date.
    pub(super) fn own_date(&self) -> Option<Time> {
        self.policy.dated.and_then(|slot| time_in(self.program, self.row.store, slot))
    }
}

/// Judges a row; the clock is asked where nothing else tells the time.
pub fn judge(
    case: Case<'_>,
    (when, clock): (When, impl FnOnce() -> Time),
    judgement: &mut Judgement,
    workspace: &mut Workspace,
) {
    let times = when.of(case.own_date(), clock);
    judge_at(&case, times, None, judgement, workspace);
}

/// Judges a row as if one rule were another, at the times of an earlier judgement.
pub(super) fn judge_again(
    case: &Case<'_>,
    first: &Judgement,
    twist: Twist,
    judgement: &mut Judgement,
    workspace: &mut Workspace,
) {
    judge_at(case, first.times, Some(twist), judgement, workspace);
}

/// The same at times that are known: once for every clock that is asked.
fn judge_at(
    case: &Case<'_>,
    times: Times,
    twist: Option<Twist>,
    judgement: &mut Judgement,
    workspace: &mut Workspace,
) {
    let Case { program, policy, row, .. } = *case;
    judgement.reset(times);
    let date =
        |slot: Option<u32>| times.date_of(slot.and_then(|slot| time_in(program, row.store, slot)));
    let involved = &mut judgement.involved;
    let mut certain = true;
    policy.index.search(row, times.now, date, &mut workspace.search, |entry| {
        certain &= entry.certain;
        involved.push(Involved::new(entry));
    });
    if !involved.is_sorted_by(|a, b| a.rule < b.rule) {
        involved.sort_unstable_by_key(|own| own.rule);
        involved.dedup_by_key(|own| own.rule);
    }
    let steps = std::cell::Cell::new(work::MOST);
    let machine = case.machine(times).counted(&steps);
    let mut judge = Judge { program, policy, machine, row: row.store, judgement, workspace };
    if !certain {
        judge.ascertain();
    }
    if let Some(twist) = twist {
        twist.apply(&mut judge.judgement.involved);
    }
    judge.run();
    workspace.steps = workspace.steps.saturating_add(work::MOST - steps.get());
}

struct Judge<'r, 'j> {
    program: &'r Program,
    policy: &'r Policy,
    row: &'r Store,
    machine: Machine<'r>,
    judgement: &'j mut Judgement,
    workspace: &'j mut Workspace,
}

impl<'r> Judge<'r, '_> {
    fn run(&mut self) {
        self.settle_overrides();
        self.give();
        let worlds = self.worlds();
        for position in 0..self.policy.decisions.len() {
            self.decide(DecisionId::at(position), &worlds);
        }
    }

    fn date(&self, rule: &Rule) -> Time {
        date_of(self.program, self.row, self.judgement.times, rule)
    }

    /// Evaluates the conditions of the rules found of which the index does not say all.
    fn ascertain(&mut self) {
        let mut involved = std::mem::take(&mut self.judgement.involved);
        involved.retain_mut(|own| {
            if own.certain {
                return true;
            }
            let Some(rule) = self.policy.rules.get(own.rule.index()) else { return false };
            let (state, phase) = state(&self.machine.dated(self.date(rule)), rule);
            (own.phase, own.effect) = (phase, rule.effect(phase));
            match state {
                State::Fired => true,
                State::Faulted(fault) => {
                    (own.fired, own.counts) = (false, Counts::Maybe);
                    self.judgement.broken.push((own.rule, fault));
                    true
                }
                _ => false,
            }
        });
        self.judgement.involved = involved;
    }

    /// Settles which rules count. What overrides comes before what it overrides, so a rule is final
    /// when its turn comes.
    fn settle_overrides(&mut self) {
        let Self { policy, judgement, workspace, .. } = self;
        let order = &mut workspace.order;
        order.clear();
        if policy.ranks.is_empty() {
            return;
        }
        order.extend((0_u32..).zip(&judgement.involved).filter_map(|(at, involved)| {
            let overrides = &policy.rules.get(involved.rule.index())?.overrides;
            (involved.effect == Effect::Enforce && !overrides.is_empty()).then_some(at)
        }));
        order.sort_unstable_by_key(|at| {
            let involved = judgement.involved.get(*at as usize);
            involved.and_then(|involved| policy.ranks.get(involved.rule.index()))
        });
        for at in &*order {
            let Some(own) = judgement.involved.get(*at as usize).copied() else { continue };
            let Some(rule) = policy.rules.get(own.rule.index()) else { continue };
            if own.counts == Counts::No {
                continue;
            }
            for target in &rule.overrides {
                let found = judgement.involved.binary_search_by_key(target, |known| known.rule);
                let Some(target) = found.ok().and_then(|at| judgement.involved.get_mut(at)) else {
                    continue;
                };
                if own.counts == Counts::Maybe {
                    target.counts = target.counts.min(Counts::Maybe);
                } else if target.counts != Counts::No {
                    target.counts = Counts::No;
                    target.overridden = target.fired.then_some(own.rule);
                }
            }
        }
    }

    /// Collects what the rules that may count give.
    fn give(&mut self) {
        for at in 0..self.judgement.involved.len() {
            let Some(own) = self.judgement.involved.get(at) else { continue };
            if own.counts == Counts::No {
                continue;
            }
            let (sets, involved) = (own.sets, index(at));
            for (number, set) in (sets.start..).zip(self.policy.index.sets(sets)) {
                let value = match set.value {
                    Some(_) => Place::Index(number),
                    None => self.compute(at, set),
                };
                self.judgement.given.push(Given { decision: set.decision, involved, value });
            }
        }
    }

    /// Computes what an involved rule sets. Where its condition is a fault already, that one is
    /// told.
    fn compute(&mut self, involved: usize, set: &Set) -> Place {
        let place = Place::Computed(index(self.judgement.computed.len()));
        let own = self.judgement.involved.get(involved).copied();
        let value = own.and_then(|own| {
            let rule = self.policy.rules.get(own.rule.index())?;
            match self.machine.dated(self.date(rule)).value(set.node) {
                Ok(value) => Some(self.judgement.results.import(&value)),
                Err(fault) => {
                    if own.fired {
                        self.judgement.faults.push((own.rule, fault));
                    }
                    None
                }
            }
        });
        self.judgement.computed.push(value);
        place
    }

    /// Which of the involved rules count, for every answer to the question which of the faulted
    /// ones fired; the first is that none did, and is empty where nothing is in question. Only the
    /// first where the answers are too many.
    fn worlds(&self) -> Vec<Vec<bool>> {
        let involved = &self.judgement.involved;
        if self.judgement.broken.is_empty() {
            return Vec::new();
        }
        let mut worlds = vec![involved.iter().map(|involved| involved.fired).collect()];
        let faulted = involved.iter().enumerate();
        let faulted: Vec<_> = faulted
            .filter(|(_, involved)| !involved.fired && involved.effect == Effect::Enforce)
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
        for at in &self.workspace.order {
            let at = *at as usize;
            let own = involved.get(at).filter(|_| counts.get(at) == Some(&true));
            let rule = own.and_then(|own| self.policy.rules.get(own.rule.index()));
            for target in rule.into_iter().flat_map(|rule| &rule.overrides) {
                let found = involved.binary_search_by_key(target, |known| known.rule);
                if let Some(count) = found.ok().and_then(|at| counts.get_mut(at)) {
                    *count = false;
                }
            }
        }
    }

    #[inline]
    fn decide(&mut self, id: DecisionId, worlds: &[Vec<bool>]) {
        let Some(decision) = self.policy.decisions.get(id.index()) else { return };
        let start = self.judgement.settled.mark();
        let mut fell = self.settle_in(id, decision, worlds.first());
        if !worlds.is_empty() && self.could_change(id, decision, start, fell, worlds) {
            let maybe = self.in_question(id);
            self.judgement.settled.back_to(start);
            fell = self.judgement.settled.fault(Conflict::Uncertain, maybe);
        }
        if fell.source == Source::Fault {
            self.rescue(id, &mut fell);
        }
        let range = (start, self.judgement.settled.mark());
        self.judgement.outcomes.push(Outcome { fell, range });
    }

    /// Whether a decision, which fell first as the values from `start` on say, falls otherwise for
    /// another answer to the question which of the faulted rules fired.
    fn could_change(
        &mut self,
        id: DecisionId,
        decision: &Decision,
        start: Mark,
        fell: Fell,
        worlds: &[Vec<bool>],
    ) -> bool {
        let rest = worlds.get(1..).unwrap_or_default();
        if rest.is_empty() {
            return !self.in_question(id).is_empty();
        }
        let end = self.judgement.settled.mark();
        rest.iter().any(|world| {
            let other = self.settle_in(id, decision, Some(world));
            let Judgement { settled, results, .. } = &mut *self.judgement;
            let first = (fell, settled.values((start, end)));
            let second = (other, settled.values((end, settled.mark())));
            let same = alike(decision.combiner.fold(), first, second, results);
            settled.back_to(end);
            !same
        })
    }

    /// The rules that set a decision and of which nobody knows whether they count.
    fn in_question(&self, id: DecisionId) -> Vec<RuleId> {
        let given = self.judgement.given.iter().filter(|given| given.decision == id);
        let mut rules: Vec<_> = given
            .filter_map(|given| self.judgement.involved.get(given.involved as usize))
            .filter(|own| own.effect == Effect::Enforce && own.counts == Counts::Maybe)
            .map(|own| own.rule)
            .collect();
        rules.dedup();
        rules
    }

    /// A decision as it falls if the rules count that a world says; those that surely do if there
    /// is only one answer.
    #[inline]
    fn settle_in(
        &mut self,
        id: DecisionId,
        decision: &Decision,
        world: Option<&Vec<bool>>,
    ) -> Fell {
        let Judgement { involved, given, computed, results, settled, .. } = &mut *self.judgement;
        let given = given.iter().filter(|given| given.decision == id);
        let contributions = given.filter_map(|given| {
            let at = given.involved as usize;
            let own = involved.get(at).filter(|own| own.effect == Effect::Enforce)?;
            let counts = match world {
                None => own.counts == Counts::Yes,
                Some(world) => world.get(at) == Some(&true),
            };
            counts.then(|| Contribution {
                rule: own.rule,
                value: value_at(given.value, &self.policy.index, computed),
            })
        });
        let context = Context { zone: &self.program.zone };
        let known = || computed.iter().all(Option::is_some);
        let fold = decision.combiner.fold();
        let fell = settle(fold, contributions, results, &context, settled, known);
        fell.unwrap_or_else(|| self.otherwise(decision))
    }

    /// A decision where no rule counts.
    fn otherwise(&mut self, decision: &Decision) -> Fell {
        let Some(node) = decision.otherwise else {
            return match decision.combiner.fold().of_none() {
                Nothing::Zero => self.whole(Source::Otherwise, zero_of(&decision.ty)),
                Nothing::Empty => Source::Otherwise.into(),
                Nothing::Undecided => Source::Undecided.into(),
            };
        };
        self.whole_node(Source::Otherwise, node).unwrap_or(Source::Fault.into())
    }

    /// A decision of the value of a node outside of any rule.
    fn whole_node(&mut self, source: Source, node: NodeId) -> Result<Fell, NodeFault> {
        if let Some(constant) = self.program.constant(node) {
            self.judgement.settled.values.push(*constant);
            return Ok(source.into());
        }
        let value = self.machine.value(node)?;
        let cell = self.judgement.results.import(&value);
        Ok(self.whole(source, cell))
    }

    /// A decision of a whole value: a list as its elements, anything else as itself.
    fn whole(&mut self, source: Source, value: Cell) -> Fell {
        let Judgement { results, settled, .. } = &mut *self.judgement;
        match value {
            Cell::List { start, end } => {
                settled.values.extend((start..end).map(|at| results.cell(at)));
            }
            single => settled.values.push(single),
        }
        source.into()
    }

    /// Gives a decision that is a fault the value that the policy has for that.
    fn rescue(&mut self, id: DecisionId, fell: &mut Fell) {
        let mut values = self.policy.on_fault.iter();
        let Some((_, node)) = values.find(|(known, _)| *known == id) else { return };
        if let Ok(rescued) = self.whole_node(Source::OnFault, *node) {
            fell.source = rescued.source;
        }
    }
}

fn index(length: usize) -> u32 {
    u32::try_from(length).unwrap_or(u32::MAX)
}
