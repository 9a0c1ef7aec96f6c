//! What is decided: by the rules that count, for each possibility of which they are, and without any.

use std::collections::BTreeSet;

use rulebook_lang::model::Time;
use rulebook_syntax::ast::{Decide, Effect, ItemKind, TypeKind};

use super::expression::fault;
use super::judge::{Case, Judged};
use super::report::Verdict;
use super::{Exact, Fault, Reference, Value};

/// The outcome of one possibility: the whole value (missing where undecided) or the code of a fault,
/// and the rules that gave it.
#[derive(Clone)]
pub(super) struct Outcome {
    pub(super) value: Result<Value, Fault>,
    pub(super) by: BTreeSet<String>,
}

impl Outcome {
    pub(super) fn verdict(&self, decide: &Decide) -> Verdict {
        match &self.value {
            Ok(value) => several(decide.combiner.text, value),
            Err(code) => Verdict::Fault(code.clone()),
        }
    }
}

impl Reference<'_> {
    /// What a policy decides about a record that has been read; missing where it is undecided.
    pub(super) fn decided(
        &self,
        policy: &str,
        decision: &str,
        record: &Value,
        (now, in_force): (Time, Option<Time>),
    ) -> Result<Value, Fault> {
        let policy = self.policy(policy);
        let only = self.names_of(policy).find(|name| *name == decision);
        let case = Case { reference: self, policy, record, now, in_force, only };
        let judged = case.judged();
        let decides = case.decides();
        let decide = decides.iter().find(|decide| decide.name.text == decision).unwrap();
        let outcome = case.settled(decide, &judged, &case.counted(&judged));
        let rescued = outcome.value.or_else(|_| case.on_fault(decide).ok_or(()));
        rescued.or_else(|()| fault("faulty-decision"))
    }
}

impl<'r> Case<'r> {
    /// A decision before `on fault`: the same in every possibility, or uncertain.
    pub(super) fn settled(
        &self,
        decide: &'r Decide<'r>,
        judged: &[Judged<'r>],
        counted: &[BTreeSet<usize>],
    ) -> Outcome {
        let outcomes: Vec<_> =
            counted.iter().map(|counted| self.combined(decide, judged, counted)).collect();
        let first = outcomes[0].verdict(decide);
        match outcomes.iter().all(|outcome| outcome.verdict(decide) == first) {
            true => outcomes[0].clone(),
            false => Outcome { value: fault("uncertain"), by: BTreeSet::new() },
        }
    }

    /// The value of a decision if these rules count.
    fn combined(
        &self,
        decide: &'r Decide<'r>,
        judged: &[Judged<'r>],
        counted: &BTreeSet<usize>,
    ) -> Outcome {
        let enforced =
            counted.iter().map(|at| &judged[*at]).filter(|r| r.effect == Effect::Enforce);
        let given: Vec<(&str, &Result<Value, Fault>)> = enforced
            .filter_map(|rule| Some((rule.name.as_str(), rule.gives.get(decide.name.text)?)))
            .collect();
        let how = decide.combiner.text;
        let Some((first, _)) = given.split_first() else {
            return Outcome { value: self.otherwise(decide), by: BTreeSet::new() };
        };
        let everyone: BTreeSet<String> = given.iter().map(|(rule, _)| rule.to_string()).collect();
        let stop = |code: &str| Outcome { value: fault(code), by: BTreeSet::new() };
        let one = |value: &Value, by: BTreeSet<String>| Outcome { value: Ok(value.clone()), by };
        let values: Vec<&Value> =
            given.iter().filter_map(|(_, value)| value.as_ref().ok()).collect();
        let disagree = values.iter().any(|value| *value != values[0]);
        match (how, first.1) {
            ("first", Ok(value)) => return one(value, BTreeSet::from([first.0.to_string()])),
            ("only", _) if given.len() > 1 => return stop("several"),
            ("agreement", _) if disagree => return stop("disagreement"),
            _ if values.len() < given.len() => return stop("uncertain"),
            ("only" | "agreement", Ok(value)) => return one(value, everyone),
            _ => {}
        }
        // What is collected of lists is one list of all that they hold.
        let joined: Vec<Value>;
        let values = match (&decide.ty.kind, how) {
            (TypeKind::List(_), "all" | "union") => {
                let items = values.iter().flat_map(|value| match value {
                    Value::List(items) => items.clone(),
                    other => panic!("{other:?} is no list"),
                });
                joined = items.collect();
                joined.iter().collect()
            }
            _ => values,
        };
        match how {
            "all" => one(&Value::List(values.into_iter().cloned().collect()), everyone),
            "union" => {
                let mut different: Vec<Value> = Vec::new();
                for value in values {
                    if !different.contains(value) {
                        different.push(value.clone());
                    }
                }
                one(&Value::List(different), everyone)
            }
            "total" => {
                let mut total = values[0].clone();
                for value in &values[1..] {
                    match self.reference.add(total, (*value).clone()) {
                        Ok(sum) => total = sum,
                        Err(_) => return stop("overflow"),
                    }
                }
                one(&total, everyone)
            }
            _ => {
                let values: Vec<Value> = values.iter().map(|value| (*value).clone()).collect();
                let best = self.reference.extreme(&values, how != "smallest").unwrap().unwrap();
                let alike = given.iter().filter(|(_, value)| value.as_ref() == Ok(&best));
                one(&best, alike.map(|(rule, _)| rule.to_string()).collect())
            }
        }
    }

    /// The whole value where no rule counts.
    fn otherwise(&self, decide: &'r Decide<'r>) -> Result<Value, Fault> {
        match (&decide.otherwise, decide.combiner.text) {
            (Some(expr), _) => {
                let value = self.reference.eval(expr, &self.policy_env());
                value.or_else(|_| fault("otherwise"))
            }
            (None, "all" | "union") => Ok(Value::List(Vec::new())),
            (None, "total") => {
                let is_duration = matches!(&decide.ty.kind, TypeKind::Named(n) if *n == "duration");
                Ok(if is_duration { Value::Duration(0) } else { Value::Number(Exact::of(0)) })
            }
            (None, _) => Ok(Value::Missing),
        }
    }

    pub(super) fn on_fault(&self, decide: &'r Decide<'r>) -> Option<Value> {
        for item in &self.policy.items {
            let ItemKind::OnFault(on_fault) = &item.kind else { continue };
            for assignment in &on_fault.assignments {
                if self.target(assignment) == decide.name.text {
                    return self.reference.eval(&assignment.value, &self.policy_env()).ok();
                }
            }
        }
        None
    }
}

fn several(how: &str, value: &Value) -> Verdict {
    match value {
        Value::Missing => Verdict::Undecided,
        Value::List(items) if how == "all" || how == "union" => {
            let lines = items.iter().map(Value::shown).collect();
            Verdict::Values(if how == "union" { as_set(lines) } else { lines })
        }
        value => Verdict::Values(vec![value.shown()]),
    }
}

/// The different lines in order, since a union is a set.
pub(crate) fn as_set(lines: Vec<String>) -> Vec<String> {
    lines.into_iter().collect::<BTreeSet<_>>().into_iter().collect()
}
