//! What somebody must do because of a decision, and until when.

use super::decision::{Applied, Decision};
use crate::eval::judge::NodeFault;
use crate::program::{Effect, NodeId, Require, RuleId};
use rulebook_lang::kernel;
use rulebook_lang::model::{self, Period, Time, Value};

/// Something that somebody must do now.
#[derive(Debug, Clone, PartialEq)]
pub struct Obligation<'d> {
    /// What has to be done, as the policy names it.
    pub name: &'d str,
    /// The rule that requires it.
    pub rule: &'d str,
    /// Until when; `None` where there is no limit, or where the limit is a fault.
    pub due: Option<Time>,
}

impl Decision {
    /// What somebody must do now, in the order of the rules that require it. Several rules may
    /// require the same thing, each until a time of its own.
    pub fn obligations(&self) -> Vec<Obligation<'_>> {
        let obligations = self.required().map(|(applied, require)| Obligation {
            name: &require.name,
            rule: applied.name(),
            due: self.due(&applied, require).ok().flatten(),
        });
        obligations.collect()
    }

    /// The due times that have no value.
    pub(super) fn due_faults(&self) -> impl Iterator<Item = (RuleId, NodeFault)> {
        self.required().filter_map(|(applied, require)| {
            Some((applied.involved.rule, self.due(&applied, require).err()?))
        })
    }

    /// What the rules that fired and decide require.
    fn required(&self) -> impl Iterator<Item = (Applied<'_>, &Require)> {
        let rules = self.fired(Effect::Enforce);
        rules
            .flat_map(|applied| applied.rule.requires.iter().map(move |require| (applied, require)))
    }

    fn due(&self, applied: &Applied<'_>, require: &Require) -> Result<Option<Time>, NodeFault> {
        let machine = self.machine(applied.date());
        let context =
            kernel::Context { zone: &self.program.zone, calendars: &self.program.calendars };
        if let Some(by) = require.by {
            // What is due by a day is in time until that is over.
            let end = match machine.value(by)? {
                Value::Date(date) => kernel::end_of_day(&Value::Date(date), &context),
                time => Ok(time),
            };
            return instant(end, by);
        }
        let Some(within) = require.within else { return Ok(None) };
        let start = match require.of {
            Some(of) => machine.value(of)?,
            None => Value::Time(applied.own_date().unwrap_or(self.dated())),
        };
        let start = match start {
            Value::Date(date) => model::start_of_day(date, &self.program.zone).map(Value::Time),
            other => Some(other),
        };
        let length = machine.value(within)?;
        let by_working_days = matches!(length, Value::Period(Period { calendar: Some(_), .. }));
        let moved = match start {
            Some(start) => kernel::add(&[start, length], &context),
            None => Err(kernel::Problem::OutOfCalendar),
        };
        // Working days are over with the end of the last.
        let moved = match moved {
            Ok(end) if by_working_days => kernel::end_of_day(&end, &context),
            moved => moved,
        };
        instant(moved, within)
    }
}

/// The instant that a limit comes to.
fn instant(
    value: Result<Value<'_>, kernel::Problem>,
    node: NodeId,
) -> Result<Option<Time>, NodeFault> {
    match value {
        Ok(Value::Time(time)) => Ok(Some(time)),
        Ok(_) => Ok(None),
        Err(problem) => Err(NodeFault { node, problem }),
    }
}
