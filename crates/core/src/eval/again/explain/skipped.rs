//! The holidays that were skipped where working days were counted.

use super::Explainer;
use crate::eval::judge::Machine;
use crate::eval::tell::ToldValue;
use crate::program::{Node, NodeId};
use rulebook_lang::figures::{Locale, phrases};
use rulebook_lang::model::{Date, Period, Type, Value};

/// No more holidays are told than these.
const MOST: usize = 10;

impl Explainer<'_> {
    /// A value for people; of a day or a time that lies so many working days from another one, with the
    /// holidays between them.
    pub(super) fn shown_with_holidays(
        &self,
        (node, value): (NodeId, &Value<'_>),
        ty: &Type,
        machine: &Machine<'_>,
    ) -> ToldValue {
        let mut told = self.shown(value, ty);
        if matches!(value, Value::Date(_) | Value::Time(_)) {
            let skipped = self.skipped(node, machine);
            if !skipped.is_empty() {
                let days = self.days(&skipped);
                told.text =
                    self.says(&phrases::NOT_COUNTED, &[("value", &told.text), ("days", &days)]);
            }
        }
        told
    }

    /// The holidays behind which working days were counted on, in what a node is made of.
    fn skipped(&self, node: NodeId, machine: &Machine<'_>) -> Vec<Date> {
        let program = &self.decision.program;
        let mut skipped = Vec::new();
        if program.calendars.is_empty() {
            return skipped;
        }
        let day = |value: &Value<'_>| match value {
            Value::Date(date) => Some(*date),
            Value::Time(time) => time.local(&program.zone).map(|local| local.date()),
            _ => None,
        };
        program.walk(node, &mut |id, inner| {
            let Node::Call(_, operands) = inner else { return };
            let [start, length] = program.operands(operands) else { return };
            let Ok(Value::Period(Period { calendar: Some(calendar), .. })) = machine.value(*length)
            else {
                return;
            };
            let days = [machine.value(*start), machine.value(id)];
            let [Some(start), Some(end)] = days.map(|value| day(&value.ok()?)) else { return };
            let calendar = usize::try_from(calendar).ok().and_then(|at| program.calendars.get(at));
            let (from, to) = (start.min(end), start.max(end));
            skipped.extend(
                calendar.into_iter().flat_map(|calendar| calendar.holidays_between(from, to)),
            );
        });
        skipped.sort_unstable();
        skipped.dedup();
        skipped
    }

    fn days(&self, days: &[Date]) -> String {
        let locale = Locale::of(&self.decision.language);
        let told = days.iter().take(MOST).map(|day| {
            let mut text = String::new();
            // A text takes whatever is written.
            let _ = locale.date(&mut text, *day);
            text
        });
        let between = phrases::AND_NEXT.in_language(&self.decision.language);
        let rest = if days.len() > MOST { "…" } else { "" };
        told.collect::<Vec<_>>().join(between) + rest
    }
}
