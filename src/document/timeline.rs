//! The dates of the rules of a policy, laid out along one line of time.

use crate::model::Time;
use crate::program::{Effect, Rule};

/// What is in force when.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Timeline {
    /// The days at which something changes, in order.
    pub days: Vec<String>,
    /// The rules that have dates.
    pub rows: Vec<Row>,
}

/// A rule along the line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    /// The name of the rule, which links lead to.
    pub rule: String,
    /// What the rule says, in short.
    pub title: String,
    /// Its phases.
    pub bars: Vec<Bar>,
}

/// A phase of a rule: from one of the days on, up to another or for good.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Bar {
    /// The position of the first day.
    pub from: usize,
    /// The position of the day on which it is over.
    pub until: Option<usize>,
    /// What the rule does.
    pub effect: Effect,
    /// Whether the phase covers only some records: a cohort, or `where`.
    pub partial: bool,
}

impl Timeline {
    /// The timeline of rules with their names and titles; `None` if none of them has a date.
    pub(super) fn of(
        rules: Vec<(&str, String, &Rule)>,
        day: impl Fn(Time) -> String,
    ) -> Option<Self> {
        let dates = rules
            .iter()
            .flat_map(|(.., rule)| rule.phases.iter().map(|phase| phase.from).chain(rule.until));
        let mut times: Vec<Time> = dates.collect();
        times.sort();
        times.dedup();
        let at = |time: Time| times.binary_search(&time).unwrap_or_default();
        let dated = rules.into_iter().filter(|(.., rule)| !rule.phases.is_empty());
        let rows = dated.map(|(name, title, rule)| {
            let ends = rule.phases.iter().skip(1).map(|phase| Some(phase.from));
            let ends = ends.chain([rule.until]);
            let bars = rule.phases.iter().zip(ends).map(|(phase, end)| Bar {
                from: at(phase.from),
                until: end.map(at),
                effect: phase.effect,
                partial: phase.cohort.is_some() || phase.filter.is_some(),
            });
            Row { rule: name.to_string(), title, bars: bars.collect() }
        });
        let rows: Vec<_> = rows.collect();
        let days = times.iter().map(|time| day(*time)).collect();
        (!rows.is_empty()).then_some(Self { days, rows })
    }
}
