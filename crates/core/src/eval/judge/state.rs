//! What becomes of a single rule: whether it is in force, covers the record, and holds.

use std::cell::Cell as Steps;

use super::case::Case;
use super::fault::NodeFault;
use super::judgement::Judgement;
use super::machine::Machine;
use super::times::Times;
use super::watch::Watch;
use super::work;
use crate::program::{Phase, Program, Rule, RuleId};
use rulebook_lang::hash::{BUCKETS, bucket};
use rulebook_lang::kernel::Problem;
use rulebook_lang::model::{Number, Rational, Rounding, Store, Time, Value};

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

/// What became of a rule, and its phase that is in force, if it has phases.
pub fn state_of(case: Case<'_>, judgement: &Judgement, id: RuleId) -> (State, Option<u16>) {
    state_within(case, judgement, id, &Steps::new(work::MOST))
}

/// The same within the steps that are left.
pub(crate) fn state_within(
    case: Case<'_>,
    judgement: &Judgement,
    id: RuleId,
    steps: &Steps<u64>,
) -> (State, Option<u16>) {
    let rule = &case.policy.rules[id];
    // What judging found no value for has none: there, the steps of the record were counted.
    if let Some(fault) = judgement.fault_of(id) {
        let phase = judgement.involved(id).and_then(|involved| involved.phase);
        return (State::Faulted(fault.clone()), phase);
    }
    let date = date_of(case.program, case.row.store, judgement.times, rule);
    state(&Machine::of(&case, judgement.times).counted(steps).dated(date), rule)
}

/// The date by which a rule is in force and reads parameters.
pub(crate) fn date_of(program: &Program, row: &Store, times: Times, rule: &Rule) -> Time {
    times.date_of(rule.dated.and_then(|slot| program.time_in(row, slot)))
}

/// What becomes of a rule at the machine's date, and its phase.
pub(crate) fn state<W: Watch>(machine: &Machine<'_, W>, rule: &Rule) -> (State, Option<u16>) {
    let Some(phase) = rule.phase_at(machine.date()) else { return (State::NotInForce, None) };
    let state = conditions(machine, rule, phase.and_then(|at| rule.phases.get(at)));
    let phase = phase.map(|at| u16::try_from(at).unwrap_or(u16::MAX));
    (state.unwrap_or_else(State::Faulted), phase)
}

fn conditions<W: Watch>(
    machine: &Machine<'_, W>,
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

/// Whether a phase covers the record.
///
/// # Errors
/// The first problem in its cohort or its `where`.
pub(crate) fn covers<W: Watch>(
    machine: &Machine<'_, W>,
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
pub(crate) fn cohort<W: Watch>(
    machine: &Machine<'_, W>,
    rule: &Rule,
    phase: &Phase,
) -> Result<Option<(u32, u32)>, NodeFault> {
    let Some((share, key)) = phase.cohort else { return Ok(None) };
    let Value::Text(text) = machine.value(key)? else { return Ok(Some((0, 0))) };
    let all = Rational::ZERO..=Rational::Number(Number::ONE);
    let threshold = match machine.value(share)?.rational() {
        Some(value) if all.contains(&value) => {
            let scaled = value.checked_mul(Rational::Number(Number::from(u64::from(BUCKETS))));
            scaled
                .and_then(|number| number.rounded_to(Number::ONE, Rounding::Floor)?.to_i64())
                .and_then(|number| u32::try_from(number).ok())
                .unwrap_or(0)
        }
        _ => {
            let problem = Problem::BadArgument("a share lies between 0% and 100%".into());
            return Err(NodeFault { node: share, problem });
        }
    };
    Ok(Some((bucket(&rule.salt, &text), threshold)))
}
