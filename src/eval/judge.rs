//! Judges one row by one policy: which rules fire, what overrides what, and what is decided.

use super::combine::{Conflict, Contribution, Fell, Mark, Outcome, Settled, Source, alike, settle};
use super::machine::{Machine, NodeFault};
use crate::lang::combiner::Combiner;
use crate::lang::hash::{BUCKETS, bucket};
use crate::lang::kernel::{Context, Problem};
use crate::model::{Cell, Number, Store, Time, Value, start_of_day};
use crate::program::{
    Decision, DecisionId, Effect, Entry, Index, NodeId, Phase, Policy, Program, Row, Rule, RuleId,
    Search, Set, Sets, zero_of,
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
    /// If it fired and was overridden: by which rule.
    pub overridden: Option<RuleId>,
    /// What it sets.
    sets: Sets,
    /// The position of the phase that is in force, if the rule has phases.
    pub phase: Option<u16>,
    /// What the rule does in its phase.
    pub effect: Effect,
    /// Whether it fired; otherwise its conditions have no value.
    pub fired: bool,
    /// Whether the index alone says that it fired.
    certain: bool,
    /// Whether it counts once overriding is settled.
    counts: Counts,
}

impl Involved {
    fn new(entry: &Entry) -> Self {
        let Entry { rule, phase, effect, sets, certain } = *entry;
        let (overridden, fired, counts) = (None, true, Counts::Yes);
        Self { rule, overridden, sets, phase, effect, fired, certain, counts }
    }
}

/// What a rule gives a decision.
#[derive(Debug, Clone, Copy)]
struct Given {
    decision: DecisionId,
    /// The position of the rule among those involved.
    involved: u32,
    value: Place,
}

/// Where the value of a decision lies.
#[derive(Debug, Clone, Copy)]
enum Place {
    /// Among what the index keeps.
    Index(u32),
    /// Among the computed values of the judgement.
    Computed(u32),
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
    /// What the rules that may count give, in text order.
    given: Vec<Given>,
    /// The values that are not the same for every record; `None` for a fault.
    computed: Vec<Option<Cell>>,
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
    order: Vec<u32>,
}

impl Judgement {
    fn reset(&mut self, now: Time, dated: Time) {
        (self.now, self.dated) = (now, dated);
        self.involved.clear();
        self.outcomes.clear();
        self.given.clear();
        self.computed.clear();
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

    /// What a rule gives each decision that it sets; `None` for a fault. A rule that does not count
    /// gives nothing.
    pub(super) fn given_by<'j>(
        &'j self,
        index: &'j Index,
        rule: RuleId,
    ) -> impl Iterator<Item = (DecisionId, Option<&'j Cell>)> {
        let at = self.involved.binary_search_by_key(&rule, |own| own.rule).ok();
        let at = at.and_then(|at| u32::try_from(at).ok()).unwrap_or(u32::MAX);
        let start = self.given.partition_point(|given| given.involved < at);
        let given = self.given.get(start..).unwrap_or_default().iter();
        let own = given.take_while(move |given| given.involved == at);
        own.map(|given| (given.decision, value_at(given.value, index, &self.computed)))
    }

    /// The values of an outcome, among [`Judgement::results`].
    pub fn values(&self, outcome: &Outcome) -> &[Cell] {
        self.settled.values(outcome.range)
    }

    /// The rules that gave an outcome, or whose faults (or disagreement) made it a fault.
    pub fn givers(&self, outcome: &Outcome) -> &[RuleId] {
        self.settled.rules(outcome.range)
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
    row: &Row,
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
    let involved = &mut judgement.involved;
    let mut certain = true;
    policy.index.search(row, now, date, &mut workspace.search, |entry| {
        certain &= entry.certain;
        involved.push(Involved::new(entry));
    });
    if !involved.is_sorted_by(|a, b| a.rule < b.rule) {
        involved.sort_unstable_by_key(|own| own.rule);
        involved.dedup_by_key(|own| own.rule);
    }
    let machine = Machine::new(program, row, now, dated);
    let mut judge = Judge { program, policy, machine, row, judgement, workspace };
    if !certain {
        judge.ascertain();
    }
    judge.run();
}

/// What became of a rule, and its phase that is in force, if it has phases.
pub fn state_of(
    program: &Program,
    policy: &Policy,
    row: &Row,
    judgement: &Judgement,
    rule: RuleId,
) -> (State, Option<u16>) {
    let Some(rule) = policy.rules.get(rule.index()) else { return (State::NotInForce, None) };
    let machine = Machine::new(program, row, judgement.now, judgement.dated);
    state(&machine.dated(date_of(program, row, judgement.dated, rule)), rule)
}

/// The date by which a rule is in force and reads parameters.
fn date_of(program: &Program, row: &Store, dated: Time, rule: &Rule) -> Time {
    rule.dated.and_then(|slot| time_in(program, row, slot)).unwrap_or(dated)
}

/// What becomes of a rule at the machine's date, and its phase.
fn state(machine: &Machine<'_>, rule: &Rule) -> (State, Option<u16>) {
    let Some(phase) = rule.phase_at(machine.date()) else { return (State::NotInForce, None) };
    let state = conditions(machine, rule, phase.and_then(|at| rule.phases.get(at)));
    let phase = phase.map(|at| u16::try_from(at).unwrap_or(u16::MAX));
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
    row: &'r Row,
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
        date_of(self.program, self.row, self.judgement.dated, rule)
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
            let same = alike(decision.combiner, first, second, results);
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
        let fell = settle(decision.combiner, contributions, results, &context, settled);
        fell.unwrap_or_else(|| self.otherwise(decision))
    }

    /// A decision where no rule counts.
    fn otherwise(&mut self, decision: &Decision) -> Fell {
        let Some(node) = decision.otherwise else {
            return match decision.combiner {
                Combiner::Total => self.whole(Source::Otherwise, zero_of(&decision.ty)),
                combiner if combiner.collects() => Source::Otherwise.into(),
                _ => Source::Undecided.into(),
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

fn value_at<'j>(place: Place, index: &'j Index, computed: &'j [Option<Cell>]) -> Option<&'j Cell> {
    match place {
        Place::Index(number) => index.set(number)?.value.as_ref(),
        Place::Computed(at) => computed.get(at as usize)?.as_ref(),
    }
}

fn index(length: usize) -> u32 {
    u32::try_from(length).unwrap_or(u32::MAX)
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
