//! Which rules fire and which of them count, where every rule with a fault is tried both ways.

use std::collections::{BTreeMap, BTreeSet};

use rulebook_lang::hash::bucket;
use rulebook_lang::model::Time;
use rulebook_syntax::ast::{
    Assignment, Clause, ClauseKind, Decide, Effect, Expr, ItemKind, Path, Phase, Policy, RulePath,
    Subject,
};

use super::expression::{Env, fault};
use super::functions::key;
use super::{Exact, Fault, Reference, Value, decimal};

/// One policy, one record, one time.
pub(super) struct Case<'r> {
    pub(super) reference: &'r Reference<'r>,
    pub(super) policy: &'r Policy<'r>,
    pub(super) record: &'r Value,
    pub(super) now: Time,
    /// The time by which rules are in force, if the record does not tell it.
    pub(super) in_force: Option<Time>,
    /// The only decision that is asked for, where it is read: what others need may need it in turn.
    pub(super) only: Option<&'r str>,
}

/// A rule and the policy or the overlay that holds it.
#[derive(Clone, Copy)]
pub(super) struct Rule<'r> {
    pub(super) owner: &'r Policy<'r>,
    pub(super) name: &'r str,
    pub(super) clauses: &'r [Clause<'r>],
}

impl<'r> Rule<'r> {
    /// The name in results.
    fn qualified(&self) -> String {
        match self.owner.subject {
            Subject::Record(_) | Subject::Elements(_) => self.name.to_string(),
            Subject::Policy(_) => format!("{}.{}", self.owner.name.text, self.name),
        }
    }

    /// Whether a path in one of the clauses means another rule.
    fn means(&self, path: &RulePath<'r>, other: &Rule<'r>) -> bool {
        let owner = path.policy.as_ref().map_or(self.owner.name.text, |name| name.text);
        let same_owner = owner == other.owner.name.text;
        match &path.rule {
            Some(name) => same_owner && name.text == other.name,
            None => same_owner && self.qualified() != other.qualified(),
        }
    }
}

/// The day on which a policy or an overlay was announced.
fn announced<'r>(policy: &'r Policy<'r>) -> Option<&'r Expr<'r>> {
    policy.items.iter().find_map(|item| match &item.kind {
        ItemKind::Announced(date) => Some(date),
        _ => None,
    })
}

/// What became of one rule.
pub(super) struct Judged<'r> {
    pub(super) name: String,
    pub(super) rule: Rule<'r>,
    pub(super) effect: Effect,
    pub(super) state: Result<&'static str, Fault>,
    /// What it gives each decision, as a line.
    pub(super) gives: BTreeMap<&'r str, Result<Value, Fault>>,
}

impl<'r> Case<'r> {
    fn env(&self, owner: &'r Policy<'r>, date: Time) -> Env<'r> {
        Env {
            record: Some(self.record),
            locals: Vec::new(),
            now: Some(self.now),
            in_force: self.in_force,
            date: Some(date),
            announced: announced(owner),
            owner: Some(owner),
        }
    }

    pub(super) fn rule_env(&self, rule: Rule<'r>) -> Env<'r> {
        self.env(rule.owner, self.rule_date(rule))
    }

    pub(super) fn policy_env(&self) -> Env<'r> {
        self.env(self.policy, self.policy_date())
    }

    /// The instant that a `dated by` names.
    fn dated(&self, path: &Path) -> Time {
        let mut value = self.record;
        if matches!(path.names.as_slice(), [name] if name.text == "now") {
            return self.now;
        }
        for name in &path.names {
            let Value::Record(fields) = value else { panic!("no record at {}", name.text) };
            value = &fields[name.text];
        }
        self.reference.instant(value).unwrap()
    }

    fn policy_date(&self) -> Time {
        self.in_force.unwrap_or_else(|| self.own_date())
    }

    pub(super) fn own_date(&self) -> Time {
        self.policy.dated_by.as_ref().map_or(self.now, |path| self.dated(path))
    }

    fn rule_date(&self, rule: Rule<'r>) -> Time {
        self.in_force.unwrap_or_else(|| self.own_rule_date(rule))
    }

    pub(super) fn own_rule_date(&self, rule: Rule<'r>) -> Time {
        let mut clauses = rule.clauses.iter();
        let date = clauses.find_map(|clause| match &clause.kind {
            ClauseKind::DatedBy(path) => Some(self.dated(path)),
            _ => None,
        });
        let overlay = || rule.owner.dated_by.as_ref().map(|path| self.dated(path));
        date.or_else(overlay).unwrap_or_else(|| self.own_date())
    }

    /// The rules that have a say in what is asked for.
    fn rules(&self) -> Vec<Rule<'r>> {
        let all: Vec<_> = self.all_rules().collect();
        let Some(only) = self.only else { return all };
        let mut behind: Vec<bool> = all.iter().map(|rule| self.sets(*rule, only)).collect();
        for _ in 0..all.len() {
            for at in 0..all.len() {
                let mut others = all.iter().zip(&behind).filter(|(_, behind)| **behind);
                behind[at] |= others.any(|(other, _)| self.overrides(all[at], *other));
            }
        }
        all.into_iter().zip(behind).filter(|(_, behind)| *behind).map(|(rule, _)| rule).collect()
    }

    fn sets(&self, rule: Rule<'r>, decision: &str) -> bool {
        rule.clauses.iter().any(|clause| match &clause.kind {
            ClauseKind::Then(sets) => sets.iter().any(|set| self.target(set) == decision),
            _ => false,
        })
    }

    /// The policy's own rules, then those of its overlays.
    fn all_rules(&self) -> impl Iterator<Item = Rule<'r>> {
        let overlays = self.reference.policies().filter(|other| {
            matches!(&other.subject, Subject::Policy(name) if name.text == self.policy.name.text)
        });
        [self.policy].into_iter().chain(overlays).flat_map(|owner| {
            owner.items.iter().filter_map(move |item| match &item.kind {
                ItemKind::Rule(rule) => {
                    Some(Rule { owner, name: rule.name.text, clauses: &rule.clauses })
                }
                _ => None,
            })
        })
    }

    pub(super) fn decides(&self) -> Vec<&'r Decide<'r>> {
        let decides = self.policy.items.iter().filter_map(|item| match &item.kind {
            ItemKind::Decide(decide) => Some(&**decide),
            _ => None,
        });
        decides.collect()
    }

    /// The decision that an assignment sets; the only one where it names none.
    pub(super) fn target(&self, assignment: &'r Assignment<'r>) -> &'r str {
        match &assignment.decision {
            Some(name) => name.text,
            None => self.decides()[0].name.text,
        }
    }

    fn instant_of(&self, owner: &'r Policy<'r>, expr: &'r Expr<'r>) -> Time {
        let env = Env { announced: announced(owner), ..Env::constant() };
        let value = self.reference.eval(expr, &env).unwrap();
        self.reference.instant(&value).unwrap()
    }

    /// The phase that the rule is in: `None` if it is not in force, `Some(None)` if always.
    fn phase(&self, rule: Rule<'r>) -> Option<Option<&'r Phase<'r>>> {
        let date = self.rule_date(rule);
        let mut found = None;
        let mut phases = 0;
        for clause in rule.clauses {
            match &clause.kind {
                ClauseKind::Until(end) if date >= self.instant_of(rule.owner, end) => return None,
                ClauseKind::Phase(phase) => {
                    phases += 1;
                    if self.instant_of(rule.owner, &phase.from) <= date {
                        found = Some(&**phase);
                    }
                }
                _ => {}
            }
        }
        if phases == 0 { Some(None) } else { found.map(Some) }
    }

    fn covers(&self, rule: Rule<'r>, phase: &'r Phase<'r>, env: &Env<'r>) -> Result<bool, Fault> {
        if let Some(cohort) = &phase.cohort {
            let subject = key(&self.reference.eval(&cohort.key, env)?);
            let Value::Number(share) = self.reference.eval(&cohort.share, env)? else {
                panic!("a share is a number")
            };
            if share < Exact::of(0) || share > Exact::whole(1) {
                return fault("bad-argument");
            }
            let buckets = share.times(&Exact::whole(10_000)).unwrap();
            let buckets = buckets.rounded(decimal::ONE, "floor").unwrap() / decimal::ONE;
            let salt = format!("{}.{}", rule.owner.name.text, rule.name);
            if i128::from(bucket(&salt, &subject)) >= buckets {
                return Ok(false);
            }
        }
        phase.filter.as_ref().map_or(Ok(true), |filter| self.reference.holds(filter, env))
    }

    fn state(&self, rule: Rule<'r>) -> Result<&'static str, Fault> {
        let Some(phase) = self.phase(rule) else { return Ok("not in force") };
        let env = self.rule_env(rule);
        if let Some(phase) = phase
            && !self.covers(rule, phase, &env)?
        {
            return Ok("uncovered");
        }
        for clause in rule.clauses {
            if let ClauseKind::When(condition) = &clause.kind
                && !self.reference.holds(condition, &env)?
            {
                return Ok("unmet");
            }
        }
        for clause in rule.clauses {
            if let ClauseKind::Unless(condition) = &clause.kind
                && self.reference.holds(condition, &env)?
            {
                return Ok("excepted");
            }
        }
        Ok("fired")
    }

    fn gives(&self, rule: Rule<'r>) -> BTreeMap<&'r str, Result<Value, Fault>> {
        let env = self.rule_env(rule);
        let mut gives = BTreeMap::new();
        for clause in rule.clauses {
            let ClauseKind::Then(assignments) = &clause.kind else { continue };
            for assignment in assignments {
                if self.only.is_some_and(|only| only != self.target(assignment)) {
                    continue;
                }
                let value = self.reference.eval(&assignment.value, &env);
                gives.insert(self.target(assignment), value);
            }
        }
        gives
    }

    pub(super) fn judged(&self) -> Vec<Judged<'r>> {
        let rules = self.rules().into_iter().map(|rule| {
            let effect = self.phase(rule).flatten().map_or(Effect::Enforce, |phase| phase.effect);
            let state = self.state(rule);
            let may_fire = matches!(state, Ok("fired") | Err(_));
            let gives = if may_fire { self.gives(rule) } else { BTreeMap::new() };
            Judged { name: rule.qualified(), rule, effect, state, gives }
        });
        rules.collect()
    }

    /// Whether `rule` counts if these rules fire: it fires, and no rule that counts overrides it.
    fn counts(&self, at: usize, judged: &[Judged<'r>], fired: &BTreeSet<usize>) -> bool {
        let overridden = (0..judged.len()).any(|other| {
            judged[other].effect == Effect::Enforce
                && self.overrides(judged[other].rule, judged[at].rule)
                && self.counts(other, judged, fired)
        });
        fired.contains(&at) && !overridden
    }

    fn overrides(&self, rule: Rule<'r>, other: Rule<'r>) -> bool {
        rule.clauses.iter().any(|clause| match &clause.kind {
            ClauseKind::Overrides(paths) => paths.iter().any(|path| rule.means(path, &other)),
            ClauseKind::OverridesAllBut(paths) => {
                let is_own = rule.owner.name.text == other.owner.name.text;
                let is_spared = paths.iter().any(|path| rule.means(path, &other));
                is_own && rule.name != other.name && !is_spared
            }
            _ => false,
        })
    }

    /// Every set of rules that may have fired; the first is the one in which no fault did.
    fn possibilities(judged: &[Judged<'r>]) -> Vec<BTreeSet<usize>> {
        let fired = (0..judged.len()).filter(|at| judged[*at].state == Ok("fired"));
        let mut possibilities = vec![fired.collect::<BTreeSet<_>>()];
        for (at, _) in judged.iter().enumerate().filter(|(_, rule)| rule.state.is_err()) {
            let without = possibilities.clone();
            possibilities.extend(without.into_iter().map(|mut fired| {
                fired.insert(at);
                fired
            }));
        }
        possibilities
    }

    /// The rules that count in each possibility.
    pub(super) fn counted(&self, judged: &[Judged<'r>]) -> Vec<BTreeSet<usize>> {
        let possibilities = Self::possibilities(judged);
        possibilities
            .iter()
            .map(|fired| (0..judged.len()).filter(|at| self.counts(*at, judged, fired)).collect())
            .collect()
    }
}
