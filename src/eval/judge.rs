//! Judges one row by one policy: which rules fire, what overrides what, and what is decided.

use super::combine::{Conflict, Contribution, Outcome, Settled, Source, alike, settle};
use super::machine::{Machine, NodeFault};
use crate::lang::combiner::Combiner;
use crate::lang::hash::{BUCKETS, bucket};
use crate::lang::kernel::{Context, Problem};
use crate::model::{Cell, Number, Store, Time, Value, start_of_day};
use crate::program::{
    Decision, DecisionId, Effect, Entry, Gift, NodeId, Phase, Policy, Program, Rule, RuleId,
    Search, zero_of,
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

/// A rule that fired, or that may have as far as its fault lets one know.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Involved {
    /// Which rule.
    pub rule: RuleId,
    /// The position of the phase that is in force, if the rule has phases.
    pub phase: Option<u32>,
    /// What the rule does in its phase.
    pub effect: Effect,
    /// Whether it fired; otherwise its conditions have no value.
    pub fired: bool,
    /// If it fired and was overridden: by which rule.
    pub overridden: Option<RuleId>,
    /// Whether it counts once overriding is settled.
    counts: Counts,
    entry: Entry,
}

/// Whether a rule counts as fired, as far as faults let one know.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Counts {
    No,
    Maybe,
    Yes,
}

/// What a rule sets.
#[derive(Debug, Clone, Copy)]
pub struct Set {
    /// The rule.
    pub rule: RuleId,
    /// The decision.
    pub decision: DecisionId,
    /// The value, among [`Judgement::results`]; `None` where it has none.
    pub value: Option<Cell>,
    /// The position of the rule among those involved.
    involved: u32,
}

/// With more faulted rules than this, no decision that they touch is looked at more closely.
const MAX_FAULTED: usize = 10;

/// Which rules fired on a record and what was decided. It can be used for one record after another,
/// and then needs no new memory.
#[derive(Debug, Clone, Default)]
pub struct Judgement {
    /// The time of the evaluation.
    pub now: Time,
    /// The date used by rules that have none of their own.
    pub dated: Time,
    /// The rules that fired or may have, in text order.
    pub involved: Vec<Involved>,
    /// Each decision, in the policy's order.
    pub outcomes: Vec<Outcome>,
    /// What the rules that count set, in text order.
    pub sets: Vec<Set>,
    /// The faults of conditions.
    pub broken: Vec<(RuleId, NodeFault)>,
    /// The faults of rules outside of their conditions.
    pub faults: Vec<(RuleId, NodeFault)>,
    /// The texts and lists of outcomes and sets.
    pub results: Store,
    /// The values and rules of the outcomes.
    pub(super) settled: Settled,
}

/// The memory that judging needs besides its result.
#[derive(Debug, Clone, Default)]
pub struct Workspace {
    search: Search,
    contributions: Vec<Contribution>,
    order: Vec<u32>,
}

impl Judgement {
    fn reset(&mut self, now: Time, dated: Time) {
        (self.now, self.dated) = (now, dated);
        self.involved.clear();
        self.outcomes.clear();
        self.sets.clear();
        self.broken.clear();
        self.faults.clear();
        self.results.reset(0);
        self.settled.clear();
    }

    /// The rule, if it fired or may have.
    pub fn involved(&self, rule: RuleId) -> Option<&Involved> {
        let at = self.involved.binary_search_by_key(&rule, |involved| involved.rule).ok()?;
        self.involved.get(at)
    }

    /// The values of an outcome, among [`Judgement::results`].
    pub fn values(&self, outcome: &Outcome) -> &[Cell] {
        self.settled.values(outcome)
    }

    /// The rules that gave an outcome, or whose faults (or disagreement) made it a fault.
    pub fn givers(&self, outcome: &Outcome) -> &[RuleId] {
        self.settled.rules(outcome)
    }
}

/// The date that a slot of a row holds.
pub(crate) fn time_in(program: &Program, row: &Store, slot: u32) -> Option<Time> {
    match row.cell(slot) {
        Cell::Time(time) => Some(time),
        Cell::Date(date) => start_of_day(date, &program.zone),
        _ => None,
    }
}

/// Judges a row. Without `now`, the record's own date is taken, or the clock where it has none.
pub fn judge(
    program: &Program,
    policy: &Policy,
    row: &Store,
    (now, clock): (Option<Time>, impl FnOnce() -> Time),
    judgement: &mut Judgement,
    workspace: &mut Workspace,
) {
    let own = policy.dated.and_then(|slot| time_in(program, row, slot));
    let now = now.or(own).unwrap_or_else(clock);
    let dated = own.unwrap_or(now);
    judgement.reset(now, dated);
    let date =
        |slot: Option<u32>| slot.and_then(|slot| time_in(program, row, slot)).unwrap_or(dated);
    policy.index.search(row, now, date, &mut workspace.search);
    let machine = Machine::new(program, row, now, dated);
    Judge { program, policy, machine, row, judgement, workspace }.run();
}

/// What became of a rule, and its phase that is in force, if it has phases.
pub fn state_of(
    program: &Program,
    policy: &Policy,
    row: &Store,
    judgement: &Judgement,
    rule: RuleId,
) -> (State, Option<u32>) {
    let Some(rule) = policy.rules.get(rule.index()) else { return (State::NotInForce, None) };
    let machine = Machine::new(program, row, judgement.now, judgement.dated);
    state(&machine.dated(date_of(program, row, judgement.dated, rule)), rule)
}

/// The date by which a rule is in force and reads parameters.
fn date_of(program: &Program, row: &Store, dated: Time, rule: &Rule) -> Time {
    rule.dated.and_then(|slot| time_in(program, row, slot)).unwrap_or(dated)
}

/// What becomes of a rule at the machine's date, and its phase.
fn state(machine: &Machine<'_>, rule: &Rule) -> (State, Option<u32>) {
    let Some(phase) = rule.phase_at(machine.date()) else { return (State::NotInForce, None) };
    let state = conditions(machine, rule, phase.and_then(|at| rule.phases.get(at)));
    let phase = phase.map(|at| u32::try_from(at).unwrap_or(u32::MAX));
    (state.unwrap_or_else(State::Faulted), phase)
}

fn conditions(
    machine: &Machine<'_>,
    rule: &Rule,
    phase: Option<&Phase>,
) -> Result<State, NodeFault> {
    if let Some(phase) = phase
        && !covers(machine, rule, phase)?
    {
        return Ok(State::NotCovered);
    }
    if !rule.when.map_or(Ok(true), |when| machine.test(when))? {
        return Ok(State::Unmet);
    }
    if rule.unless.map_or(Ok(false), |unless| machine.test(unless))? {
        return Ok(State::Excepted);
    }
    Ok(State::Fired)
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
    fn run(mut self) {
        self.fire();
        self.settle_overrides();
        self.sets();
        let worlds = self.worlds();
        for position in 0..self.policy.decisions.len() {
            self.decide(DecisionId::at(position), &worlds);
        }
    }

    fn date(&self, rule: &Rule) -> Time {
        date_of(self.program, self.row, self.judgement.dated, rule)
    }

    /// Finds the rules that fire, and those whose conditions fault.
    fn fire(&mut self) {
        for entry in self.workspace.search.found() {
            let mut involved = Involved {
                rule: entry.rule,
                phase: entry.phase,
                effect: entry.effect,
                fired: true,
                overridden: None,
                counts: Counts::Yes,
                entry: *entry,
            };
            if !entry.certain {
                let Some(rule) = self.policy.rules.get(entry.rule.index()) else { continue };
                let (state, phase) = state(&self.machine.dated(self.date(rule)), rule);
                involved.phase = phase;
                involved.effect = rule.effect(phase);
                match state {
                    State::Fired => {}
                    State::Faulted(fault) => {
                        involved.fired = false;
                        involved.counts = Counts::Maybe;
                        self.judgement.broken.push((entry.rule, fault));
                    }
                    _ => continue,
                }
            }
            self.judgement.involved.push(involved);
        }
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

    /// What every rule that may count sets.
    fn sets(&mut self) {
        for at in 0..self.judgement.involved.len() {
            let Some(involved) = self.judgement.involved.get(at).copied() else { continue };
            if involved.counts == Counts::No {
                continue;
            }
            for gift in self.policy.index.gifts(&involved.entry) {
                let value = match gift.value {
                    Some(cell) => Some(cell),
                    None => self.value(&involved, gift),
                };
                self.judgement.sets.push(Set {
                    rule: involved.rule,
                    decision: gift.decision,
                    value,
                    involved: u32::try_from(at).unwrap_or(u32::MAX),
                });
            }
        }
    }

    /// The value of an outcome that is not the same for every record. Where the rule's condition is
    /// a fault already, that one is told.
    fn value(&mut self, involved: &Involved, gift: &Gift) -> Option<Cell> {
        let rule = self.policy.rules.get(involved.rule.index())?;
        match self.machine.dated(self.date(rule)).value(gift.node) {
            Ok(value) => Some(self.judgement.results.import(&value)),
            Err(fault) => {
                if involved.fired {
                    self.judgement.faults.push((involved.rule, fault));
                }
                None
            }
        }
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

    fn decide(&mut self, id: DecisionId, worlds: &[Vec<bool>]) {
        let Some(decision) = self.policy.decisions.get(id.index()) else { return };
        let mut outcome = self.settle_in(id, decision, worlds.first());
        if !worlds.is_empty() {
            let rest = worlds.get(1..).unwrap_or_default();
            let maybe = self.in_question(id);
            let could_change = match rest {
                [] => !maybe.is_empty(),
                rest => rest.iter().any(|world| {
                    let other = self.settle_in(id, decision, Some(world));
                    let same = alike(decision.combiner, &outcome, &other, self.judgement);
                    self.judgement.settled.take_back(&other);
                    !same
                }),
            };
            if could_change {
                self.judgement.settled.take_back(&outcome);
                outcome = self.judgement.settled.fault(Conflict::Uncertain, maybe);
            }
        }
        if outcome.source == Source::Fault {
            self.rescue(id, &mut outcome);
        }
        self.judgement.outcomes.push(outcome);
    }

    /// The rules that set a decision and of which nobody knows whether they count.
    fn in_question(&self, id: DecisionId) -> Vec<RuleId> {
        let involved = |set: &Set| self.judgement.involved.get(set.involved as usize);
        let sets = self.judgement.sets.iter().filter(|set| set.decision == id);
        let maybe = sets.filter_map(involved).filter(|involved| {
            involved.effect == Effect::Enforce && involved.counts == Counts::Maybe
        });
        maybe.map(|involved| involved.rule).collect()
    }

    /// A decision as it falls if the rules count that a world says; those that surely do if there
    /// is only one answer.
    fn settle_in(
        &mut self,
        id: DecisionId,
        decision: &Decision,
        world: Option<&Vec<bool>>,
    ) -> Outcome {
        let Self { judgement, workspace, program, .. } = self;
        let contributions = &mut workspace.contributions;
        contributions.clear();
        for set in judgement.sets.iter().filter(|set| set.decision == id) {
            let at = set.involved as usize;
            let Some(involved) = judgement.involved.get(at) else { continue };
            let counts = match world {
                Some(world) => world.get(at) == Some(&true),
                None => involved.counts == Counts::Yes,
            };
            if counts && involved.effect == Effect::Enforce {
                contributions.push(Contribution { rule: set.rule, value: set.value });
            }
        }
        if contributions.is_empty() {
            return self.otherwise(decision);
        }
        let context = Context { zone: &program.zone };
        let Judgement { results, settled, .. } = &mut **judgement;
        settle(decision.combiner, contributions, results, &context, settled)
    }

    /// A decision where no rule counts.
    fn otherwise(&mut self, decision: &Decision) -> Outcome {
        let settled = &mut self.judgement.settled;
        let Some(node) = decision.otherwise else {
            return match decision.combiner {
                Combiner::Total => settled.outcome(Source::Otherwise, [zero_of(&decision.ty)]),
                combiner if combiner.collects() => settled.outcome(Source::Otherwise, []),
                _ => settled.outcome(Source::Undecided, []),
            };
        };
        match self.constant(node) {
            Ok(value) => self.whole(Source::Otherwise, value),
            Err(_) => self.judgement.settled.outcome(Source::Fault, []),
        }
    }

    /// The value of a node outside of any rule, kept among the results.
    fn constant(&mut self, node: NodeId) -> Result<Cell, NodeFault> {
        let value = self.machine.value(node)?;
        Ok(self.judgement.results.import(&value))
    }

    /// An outcome of a whole value: a list as its elements, anything else as itself.
    fn whole(&mut self, source: Source, value: Cell) -> Outcome {
        let Judgement { results, settled, .. } = &mut *self.judgement;
        match value {
            Cell::List { start, end } => {
                settled.outcome(source, (start..end).map(|at| results.cell(at)))
            }
            single => settled.outcome(source, [single]),
        }
    }

    /// Gives a decision that is a fault the value that the policy has for that.
    fn rescue(&mut self, id: DecisionId, outcome: &mut Outcome) {
        let mut values = self.policy.on_fault.iter();
        let Some((_, node)) = values.find(|(known, _)| *known == id) else { return };
        if let Ok(value) = self.constant(*node) {
            let rescued = self.whole(Source::OnFault, value);
            outcome.source = rescued.source;
            outcome.values = rescued.values;
        }
    }
}

/// Whether a phase covers the record.
///
/// # Errors
/// The first problem in its cohort or its `where`.
pub(crate) fn covers(machine: &Machine<'_>, rule: &Rule, phase: &Phase) -> Result<bool, NodeFault> {
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
    machine: &Machine<'_>,
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
