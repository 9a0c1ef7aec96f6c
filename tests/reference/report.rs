//! What a policy says of a record: the decisions, what became of each rule, and what it owes.

use std::collections::{BTreeMap, BTreeSet};

use rulebook_lang::model::Time;
use rulebook_syntax::ast::{ClauseKind, Effect, Require, Subject};

use super::judge::{Case, Judged, Rule};
use super::{Fault, Reference, Value};

/// What became of a decision.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Verdict {
    /// Nothing set it, and there is no `otherwise`.
    Undecided,
    /// A fault and its code.
    Fault(String),
    /// A value, or several, each shown as a line; a set stands in order.
    Values(Vec<String>),
}

/// What a policy says of one record.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Report {
    /// Each decision, after `on fault`.
    pub(crate) verdicts: BTreeMap<String, Verdict>,
    /// What became of each rule: `fired`, `unmet`, `excepted`, `uncovered`, `not in force`, `fault`.
    pub(crate) states: BTreeMap<String, String>,
    /// The faults: the rule or decision, and the code.
    pub(crate) faults: BTreeSet<(String, String)>,
    /// What only has one meaning where no rule has a fault.
    pub(crate) lists: Option<Lists>,
}

/// Which rules did what.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Lists {
    /// The rules that gave a decision or that only require something.
    pub(crate) by: BTreeSet<String>,
    /// The rules that fired and were overridden.
    pub(crate) overridden: BTreeSet<String>,
    /// The rules in a shadow phase that fired.
    pub(crate) shadow: BTreeSet<String>,
    /// The rules in a warn phase that fired.
    pub(crate) warn: BTreeSet<String>,
    /// Rule, name and due time of each obligation.
    pub(crate) obligations: BTreeSet<(String, String, Option<Time>)>,
}

impl Reference<'_> {
    /// Judges a record, which must be well formed, at a time.
    pub(crate) fn judge(&self, policy: &str, input: &serde_json::Value, now: Time) -> Report {
        let policy = self.policy(policy);
        let Subject::Record(record) = &policy.subject else { panic!("it amends another") };
        let record = self.read_record(record.text, input);
        Case { reference: self, policy, record: &record, now, in_force: None, only: None }.report()
    }

    /// Judges each element of the list that a policy is for, in their order; by the rules in force at a time
    /// and as of its own date, where `as_of`.
    pub(crate) fn judge_each(
        &self,
        policy: &str,
        input: &serde_json::Value,
        at: Time,
        as_of: bool,
    ) -> Vec<Report> {
        let policy = self.policy(policy);
        let record = self.read_record(policy.subject.record().unwrap().text, input);
        let reports = self.elements(policy, &record).into_iter().map(|(record, _)| {
            let in_force = as_of.then_some(at);
            let (record, only) = (&record, None);
            let case = Case { reference: self, policy, record, now: at, in_force, only };
            let now = if as_of { case.own_date() } else { at };
            Case { now, ..case }.report()
        });
        reports.collect()
    }

    /// Judges a record by the rules in force at a time, otherwise as of its own date.
    pub(crate) fn judge_as_of(&self, policy: &str, input: &serde_json::Value, at: Time) -> Report {
        let policy = self.policy(policy);
        let Subject::Record(record) = &policy.subject else { panic!("it amends another") };
        let record = self.read_record(record.text, input);
        let (record, in_force) = (&record, Some(at));
        let case = Case { reference: self, policy, record, now: at, in_force, only: None };
        Case { now: case.own_date(), ..case }.report()
    }
}

impl<'r> Case<'r> {
    fn report(&self) -> Report {
        let judged = self.judged();
        let counted = self.counted(&judged);
        let mut faults = self.rule_faults(&judged, &counted);
        let (mut verdicts, mut by) = (BTreeMap::new(), BTreeSet::new());
        for decide in self.decides() {
            let name = &decide.name.text;
            let mut outcome = self.settled(decide, &judged, &counted);
            if let Err(code) = outcome.value.clone() {
                faults.insert((format!("decision {name}"), code.clone()));
                outcome.value = self.on_fault(decide).ok_or(code);
            } else {
                by.append(&mut outcome.by);
            }
            verdicts.insert(name.to_string(), outcome.verdict(decide));
        }
        let lists = (counted.len() == 1).then(|| self.lists(&judged, &counted[0], by));
        let states = judged.iter().map(|rule| {
            let state = rule.state.as_ref().map_or("fault", |state| *state);
            (rule.name.to_string(), state.to_string())
        });
        Report { verdicts, states: states.collect(), faults, lists }
    }

    fn rule_faults(
        &self,
        judged: &[Judged<'r>],
        counted: &[BTreeSet<usize>],
    ) -> BTreeSet<(String, String)> {
        let mut faults = BTreeSet::new();
        for (at, rule) in judged.iter().enumerate() {
            let mut add = |code: &Fault| {
                faults.insert((format!("rule {}", rule.name), code.clone()));
            };
            if let Err(code) = &rule.state {
                add(code);
                continue;
            }
            if !counted.iter().any(|counted| counted.contains(&at)) {
                continue;
            }
            rule.gives.values().filter_map(|value| value.as_ref().err()).for_each(&mut add);
            if rule.effect == Effect::Enforce {
                self.due(rule.rule).iter().filter_map(|(_, due)| due.as_ref().err()).for_each(add);
            }
        }
        faults
    }

    fn lists(
        &self,
        judged: &[Judged<'r>],
        counted: &BTreeSet<usize>,
        mut by: BTreeSet<String>,
    ) -> Lists {
        let names = |wanted: Effect| {
            let rules = counted.iter().map(|at| &judged[*at]).filter(|rule| rule.effect == wanted);
            rules.map(|rule| rule.name.to_string()).collect::<BTreeSet<_>>()
        };
        let mut obligations = BTreeSet::new();
        for rule in counted.iter().map(|at| &judged[*at]) {
            if rule.effect != Effect::Enforce {
                continue;
            }
            if rule.gives.is_empty() {
                by.insert(rule.name.to_string());
            }
            for (name, due) in self.due(rule.rule) {
                obligations.insert((rule.name.to_string(), name, due.ok().flatten()));
            }
        }
        let overridden = judged
            .iter()
            .enumerate()
            .filter(|(at, rule)| rule.state == Ok("fired") && !counted.contains(at));
        let overridden = overridden.map(|(_, rule)| rule.name.to_string()).collect();
        let (shadow, warn) = (names(Effect::Shadow), names(Effect::Warn));
        Lists { by, overridden, shadow, warn, obligations }
    }

    /// The obligations of a rule with their due times.
    fn due(&self, rule: Rule<'r>) -> Vec<(String, Result<Option<Time>, Fault>)> {
        let requires = rule.clauses.iter().filter_map(|clause| match &clause.kind {
            ClauseKind::Require(require) => Some(require),
            _ => None,
        });
        requires
            .map(|require| (require.name.text.to_string(), self.due_of(rule, require)))
            .collect()
    }

    fn due_of(&self, rule: Rule<'r>, require: &'r Require<'r>) -> Result<Option<Time>, Fault> {
        let env = self.rule_env(rule);
        if let Some(by) = &require.by {
            return match self.reference.eval(by, &env)? {
                Value::Date(date) => {
                    match rulebook_lang::model::end_of_day(date, &self.reference.zone) {
                        Some(end) => Ok(Some(end)),
                        None => Err("out-of-calendar".into()),
                    }
                }
                Value::Time(time) => Ok(Some(time)),
                other => panic!("{other:?} is no due time"),
            };
        }
        let Some(within) = &require.within else { return Ok(None) };
        let start = match &require.of {
            Some(of) => match self.reference.instant(&self.reference.eval(of, &env)?) {
                Some(start) => start,
                None => return Err("out-of-calendar".into()),
            },
            None => self.own_rule_date(rule),
        };
        let within = self.reference.eval(within, &env)?;
        match self.reference.add(Value::Time(start), within.clone())? {
            Value::Time(time) => self.reference.over(time, &within).map(Some),
            other => panic!("{other:?} is no due time"),
        }
    }
}
