//! Which rules fire and what is decided, where every rule with a fault is tried both ways.

use std::collections::{BTreeMap, BTreeSet};

use rulebook::lang::hash::bucket;
use rulebook::model::Time;
use rulebook::syntax::ast::{
    Assignment, Clause, ClauseKind, Decide, Effect, Expr, ItemKind, Path, Phase, Policy, Require,
    RulePath, Subject,
};

use super::expression::{Env, fault};
use super::functions::key;
use super::{Fault, Reference, Value, decimal};

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

/// One policy, one record, one time.
struct Case<'r> {
    reference: &'r Reference<'r>,
    policy: &'r Policy<'r>,
    record: &'r Value,
    now: Time,
    /// The time by which rules are in force, if the record does not tell it.
    in_force: Option<Time>,
}

/// A rule and the policy or the overlay that holds it.
#[derive(Clone, Copy)]
struct Rule<'r> {
    owner: &'r Policy<'r>,
    name: &'r str,
    clauses: &'r [Clause<'r>],
}

impl<'r> Rule<'r> {
    /// The name in results.
    fn told(&self) -> String {
        match self.owner.subject {
            Subject::Record(_) => self.name.to_string(),
            Subject::Policy(_) => format!("{}.{}", self.owner.name.text, self.name),
        }
    }

    /// Whether a path in one of the clauses means another rule.
    fn means(&self, path: &RulePath<'r>, other: &Rule<'r>) -> bool {
        let owner = path.policy.as_ref().map_or(self.owner.name.text, |name| name.text);
        let same_owner = owner == other.owner.name.text;
        match &path.rule {
            Some(name) => same_owner && name.text == other.name,
            None => same_owner && self.told() != other.told(),
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
struct Judged<'r> {
    name: String,
    rule: Rule<'r>,
    effect: Effect,
    state: Result<&'static str, Fault>,
    /// What it gives each decision, as a line.
    gives: BTreeMap<&'r str, Result<Value, Fault>>,
}

/// The outcome of one possibility: the whole value (missing where undecided) or the code of a fault,
/// and the rules that gave it.
#[derive(Clone)]
struct Outcome {
    value: Result<Value, Fault>,
    by: BTreeSet<String>,
}

impl Outcome {
    fn verdict(&self, decide: &Decide) -> Verdict {
        match &self.value {
            Ok(value) => several(decide.combiner.text, value),
            Err(code) => Verdict::Fault(code.clone()),
        }
    }
}

impl Reference<'_> {
    /// Judges a record, which must be well formed, at a time.
    pub(crate) fn judge(&self, policy: &str, input: &serde_json::Value, now: Time) -> Report {
        let policy = self.policy(policy);
        let Subject::Record(record) = &policy.subject else { panic!("it amends another") };
        let record = self.read_record(record.text, input);
        Case { reference: self, policy, record: &record, now, in_force: None }.report()
    }

    /// Judges a record by the rules in force at a time, otherwise as of its own date.
    pub(crate) fn judge_as_of(&self, policy: &str, input: &serde_json::Value, at: Time) -> Report {
        let policy = self.policy(policy);
        let Subject::Record(record) = &policy.subject else { panic!("it amends another") };
        let record = self.read_record(record.text, input);
        let case = Case { reference: self, policy, record: &record, now: at, in_force: Some(at) };
        Case { now: case.own_date(), ..case }.report()
    }

    /// What a policy decides about a record that has been read; missing where it is undecided.
    pub(super) fn decided(
        &self,
        policy: &str,
        decision: &str,
        record: &Value,
        (now, in_force): (Time, Option<Time>),
    ) -> Result<Value, Fault> {
        let case = Case { reference: self, policy: self.policy(policy), record, now, in_force };
        let judged = case.judged();
        let decides = case.decides();
        let decide = decides.iter().find(|decide| decide.name.text == decision).unwrap();
        let outcome = case.settled(decide, &judged, &case.counted(&judged));
        let rescued = outcome.value.or_else(|_| case.on_fault(decide).ok_or(()));
        rescued.or_else(|()| fault("faulty-decision"))
    }
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
        }
    }

    fn rule_env(&self, rule: Rule<'r>) -> Env<'r> {
        self.env(rule.owner, self.rule_date(rule))
    }

    fn policy_env(&self) -> Env<'r> {
        self.env(self.policy, self.policy_date())
    }

    /// The instant that a `dated by` names.
    fn dated(&self, path: &Path) -> Time {
        let mut value = self.record;
        for name in &path.names {
            let Value::Record(fields) = value else { panic!("no record at {}", name.text) };
            value = &fields[name.text];
        }
        self.reference.instant(value).unwrap()
    }

    fn policy_date(&self) -> Time {
        self.in_force.unwrap_or_else(|| self.own_date())
    }

    fn own_date(&self) -> Time {
        self.policy.dated_by.as_ref().map_or(self.now, |path| self.dated(path))
    }

    fn rule_date(&self, rule: Rule<'r>) -> Time {
        self.in_force.unwrap_or_else(|| self.own_rule_date(rule))
    }

    fn own_rule_date(&self, rule: Rule<'r>) -> Time {
        let mut clauses = rule.clauses.iter();
        let own = clauses.find_map(|clause| match &clause.kind {
            ClauseKind::DatedBy(path) => Some(self.dated(path)),
            _ => None,
        });
        let overlay = || rule.owner.dated_by.as_ref().map(|path| self.dated(path));
        own.or_else(overlay).unwrap_or_else(|| self.own_date())
    }

    /// The policy's own rules, then those of its overlays.
    fn rules(&self) -> impl Iterator<Item = Rule<'r>> {
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

    fn decides(&self) -> Vec<&'r Decide<'r>> {
        let decides = self.policy.items.iter().filter_map(|item| match &item.kind {
            ItemKind::Decide(decide) => Some(&**decide),
            _ => None,
        });
        decides.collect()
    }

    /// The decision that an assignment sets; the only one where it names none.
    fn target(&self, assignment: &'r Assignment<'r>) -> &'r str {
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
            if !(0..=decimal::ONE).contains(&share) {
                return fault("bad-argument");
            }
            let salt = format!("{}.{}", rule.owner.name.text, rule.name);
            if i128::from(bucket(&salt, &subject)) >= share * 10_000 / decimal::ONE {
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
                let value = self.reference.eval(&assignment.value, &env);
                gives.insert(self.target(assignment), value);
            }
        }
        gives
    }

    fn judged(&self) -> Vec<Judged<'r>> {
        let rules = self.rules().map(|rule| {
            let effect = self.phase(rule).flatten().map_or(Effect::Enforce, |phase| phase.effect);
            let state = self.state(rule);
            let may_fire = matches!(state, Ok("fired") | Err(_));
            let gives = if may_fire { self.gives(rule) } else { BTreeMap::new() };
            Judged { name: rule.told(), rule, effect, state, gives }
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
    fn counted(&self, judged: &[Judged<'r>]) -> Vec<BTreeSet<usize>> {
        let possibilities = Self::possibilities(judged);
        possibilities
            .iter()
            .map(|fired| (0..judged.len()).filter(|at| self.counts(*at, judged, fired)).collect())
            .collect()
    }

    /// A decision before `on fault`: the same in every possibility, or uncertain.
    fn settled(
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
        let known: Vec<&Value> =
            given.iter().filter_map(|(_, value)| value.as_ref().ok()).collect();
        let disagree = known.iter().any(|value| *value != known[0]);
        match (how, first.1) {
            ("first", Ok(value)) => return one(value, BTreeSet::from([first.0.to_string()])),
            ("only", _) if given.len() > 1 => return stop("several"),
            ("agreement", _) if disagree => return stop("disagreement"),
            _ if known.len() < given.len() => return stop("uncertain"),
            ("only" | "agreement", Ok(value)) => return one(value, everyone),
            _ => {}
        }
        match how {
            "all" => one(&Value::List(known.into_iter().cloned().collect()), everyone),
            "union" => {
                let mut different: Vec<Value> = Vec::new();
                for value in known {
                    if !different.contains(value) {
                        different.push(value.clone());
                    }
                }
                one(&Value::List(different), everyone)
            }
            "total" => {
                let mut total = known[0].clone();
                for value in &known[1..] {
                    match self.reference.add(total, (*value).clone()) {
                        Ok(sum) => total = sum,
                        Err(_) => return stop("overflow"),
                    }
                }
                one(&total, everyone)
            }
            _ => {
                let values: Vec<Value> = known.iter().map(|value| (*value).clone()).collect();
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
                let is_duration = matches!(&decide.ty.kind, rulebook::syntax::ast::TypeKind::Named(n) if *n == "duration");
                Ok(if is_duration { Value::Duration(0) } else { Value::Number(0) })
            }
            (None, _) => Ok(Value::Missing),
        }
    }

    fn on_fault(&self, decide: &'r Decide<'r>) -> Option<Value> {
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
        let Some(within) = &require.within else { return Ok(None) };
        let env = self.rule_env(rule);
        let start = match &require.of {
            Some(of) => match self.reference.instant(&self.reference.eval(of, &env)?) {
                Some(start) => start,
                None => return Err("out-of-calendar".into()),
            },
            None => self.own_rule_date(rule),
        };
        let within = self.reference.eval(within, &env)?;
        match self.reference.add(Value::Time(start), within)? {
            Value::Time(time) => Ok(Some(time)),
            other => panic!("{other:?} is no due time"),
        }
    }
}

fn several(how: &str, value: &Value) -> Verdict {
    match value {
        Value::Missing => Verdict::Undecided,
        Value::List(items) => {
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
