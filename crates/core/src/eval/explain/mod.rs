//! Why a decision fell: every rule, fired or not, the clause that failed, the values seen, and the
//! nearest change that would flip each decision. By the same machine that decided.

mod look_up;
mod text;

use std::cell::{Cell, OnceCell};
use std::sync::Arc;

use serde::Serialize;

use super::combine::{Conflict, Source};
use super::decision::{Decision, Fault, Verdict};
use super::machine::Machine;
use super::nearest::{self, OTHER, nearest_within};
use super::obligation::Obligation;
use super::render::display;
use super::report::{day_or_time, told_time};
use super::state::{State, cohort, covers, state_within};
use super::work;
use crate::program::{
    Clause, DecisionId, Effect, Element, FieldKind, Node, NodeId, Phase, Policy, Program, Rule,
    RuleId,
};
use rulebook_base::source::Sources;
use rulebook_lang::figures::Locale;
use rulebook_lang::kernel::Problem;
use rulebook_lang::model::{Type, Value};

/// Why a decision fell.
#[derive(Debug, Clone, Serialize)]
pub struct Explanation {
    /// The record's `id`, if it has one.
    pub id: Option<String>,
    /// The policy.
    pub policy: String,
    /// The time of the evaluation.
    pub now: String,
    /// The record's own date, which picks the rules in force.
    pub dated: String,
    /// The time that picks them instead, if one does.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub in_force: Option<String>,
    /// The decisions.
    pub decisions: Vec<DecisionExplanation>,
    /// Every rule, in text order.
    pub rules: Vec<RuleExplanation>,
}

/// Why one decision has its value.
#[derive(Debug, Clone, Serialize)]
pub struct DecisionExplanation {
    /// Its name.
    pub decision: String,
    /// Its value, for people.
    pub value: String,
    /// The rules that gave it, or whose faults (or disagreement) made it one; empty for
    /// `otherwise`.
    pub by: Vec<String>,
    /// Where it came from: `rules`, `otherwise`, `undecided`, `on-fault` or `fault`.
    pub given: &'static str,
    /// What happened, for a fault.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub fault: Option<&'static str>,
    /// The reason for `otherwise` or `on fault`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// The nearest single change that gives it another value.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub flips: Option<Flip>,
}

/// A single change and what it would lead to.
#[derive(Debug, Clone, Serialize)]
pub struct Flip {
    /// The field.
    pub path: String,
    /// Its value now, for people.
    pub from: String,
    /// The value that it would have.
    pub to: String,
    /// What would be decided then.
    pub decides: String,
}

/// What became of a rule, and why.
#[derive(Debug, Clone, Serialize)]
pub struct RuleExplanation {
    /// Its name.
    pub rule: String,
    /// Its title.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
    /// What became of it.
    pub status: Status,
    /// In words.
    pub told: String,
    /// The phase in force.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub phase: Option<PhaseExplanation>,
    /// The parts of `when` up to the first that does not hold.
    pub clauses: Vec<ClauseExplanation>,
    /// The rule that overrides it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub overridden_by: Option<String>,
    /// What it sets: decision and value.
    #[serde(serialize_with = "as_map")]
    pub sets: Vec<(String, String)>,
    /// What the look-ups in what it sets gave, and by which rows of their tables.
    #[serde(serialize_with = "as_map", skip_serializing_if = "Vec::is_empty")]
    pub looked_up: Vec<(String, String)>,
    /// What it requires, with due times.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub requires: Vec<String>,
    /// Why it fired.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
}

/// What became of a rule.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum Status {
    /// It fired and gave a decision.
    Fired,
    /// It fired, and others gave every decision that it sets.
    Outweighed,
    /// It fired, and another rule overrides it.
    Overridden,
    /// It fired in a `shadow` phase.
    Shadow,
    /// It fired in a `warn` phase.
    Warned,
    /// It has not begun, or has ended.
    NotInForce,
    /// Its phase does not cover the record.
    NotCovered,
    /// `when` does not hold.
    Unmet,
    /// `unless` holds.
    Excepted,
    /// Something in it has no value.
    Faulted,
}

/// The phase of a rule that is in force.
#[derive(Debug, Clone, Serialize)]
pub struct PhaseExplanation {
    /// When it began.
    pub from: String,
    /// `enforce`, `warn` or `shadow`.
    pub effect: &'static str,
    /// The record's bucket, `0` to `9999`, if the phase is for a share.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub bucket: Option<u32>,
    /// The first bucket outside of the share.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub below: Option<u32>,
    /// Whether `where` holds, if there is one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub filter: Option<bool>,
}

/// A part of a condition and what it came to.
#[derive(Debug, Clone, Serialize)]
pub struct ClauseExplanation {
    /// The condition as written.
    pub text: String,
    /// `when`, `unless` or `where`.
    pub clause: &'static str,
    /// Whether it holds; `None` for a fault, and where looking would take too many steps.
    pub holds: Option<bool>,
    /// The problem, for a fault.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub fault: Option<String>,
    /// The values seen, by path or parameter.
    #[serde(serialize_with = "as_map")]
    pub values: Vec<(String, String)>,
}

fn as_map<S: serde::Serializer>(
    pairs: &[(String, String)],
    serializer: S,
) -> Result<S::Ok, S::Error> {
    serializer.collect_map(pairs.iter().map(|(name, value)| (name, value)))
}

/// Explains a decision; `sources` are the texts of the rulebook that made it.
pub fn explain(decision: &Decision, sources: &Sources) -> Explanation {
    let policy = decision.policy();
    let explainer = Explainer {
        decision,
        sources,
        steps: Cell::new(MOST_STEPS),
        flip_steps: Cell::new(nearest::MOST_STEPS),
        obligations: OnceCell::new(),
        faults: OnceCell::new(),
    };
    let zone = &decision.program.zone;
    Explanation {
        id: decision.id(),
        policy: decision.policy_name().to_string(),
        now: told_time(decision.now(), zone),
        dated: told_time(decision.dated(), zone),
        in_force: decision.in_force().map(|time| told_time(time, zone)),
        decisions: policy.map(|policy| explainer.decisions(policy)).unwrap_or_default(),
        rules: policy.map(|policy| explainer.rules(policy)).unwrap_or_default(),
    }
}

/// The most steps that looking again at all rules of a decision may take: a second or two.
const MOST_STEPS: u64 = 10 * work::MOST;

struct Explainer<'d> {
    decision: &'d Decision,
    sources: &'d Sources,
    /// The steps that are left for looking at rules, and for changes to the record.
    steps: Cell<u64>,
    flip_steps: Cell<u64>,
    obligations: OnceCell<Vec<Obligation<'d>>>,
    faults: OnceCell<Vec<Fault<'d>>>,
}

impl<'d> Explainer<'d> {
    fn shown(&self, value: &Value<'_>, ty: &Type) -> String {
        let locale = Locale::of(&self.decision.language);
        match value {
            Value::Text(text) => format!("\"{text}\""),
            _ => display(value, ty, locale, &self.decision.program.zone),
        }
    }

    fn decisions(&self, policy: &Policy) -> Vec<DecisionExplanation> {
        let verdicts = self.decision.verdicts().enumerate();
        verdicts
            .map(|(at, (name, verdict))| {
                let outcome = self.decision.judgement.outcomes.get(at);
                let rules = outcome.map(|outcome| self.decision.judgement.givers(outcome));
                let by =
                    rules.unwrap_or_default().iter().filter_map(|id| policy.rules.get(id.index()));
                let by = by.map(|rule| rule.name.clone()).collect();
                let reason = self.decision.default_reasons().find(|(own, _)| *own == name);
                DecisionExplanation {
                    decision: name.to_string(),
                    value: self.told(&verdict),
                    by,
                    given: outcome.map_or(Source::Undecided, |outcome| outcome.fell.source).name(),
                    fault: outcome.and_then(|outcome| outcome.fell.conflict).map(Conflict::meaning),
                    reason: reason.map(|(_, reason)| reason),
                    flips: self.flip(policy, DecisionId::at(at)),
                }
            })
            .collect()
    }

    fn told(&self, verdict: &Verdict<'_>) -> String {
        self.decision.told(verdict)
    }

    fn flip(&self, policy: &Policy, id: DecisionId) -> Option<Flip> {
        let Decision { program, row, judgement, .. } = self.decision;
        let changes = nearest_within(program, (policy, id), row, judgement, &self.flip_steps);
        let change = changes.into_iter().next()?;
        let from = self.shown(&row.get(change.slot), &change.ty);
        let to = match change.any_other {
            true => "any other text".to_string(),
            false => self.shown(&change.row.value(change.to), &change.ty),
        };
        let row = Arc::new(change.row);
        let flipped = Decision { judgement: change.judgement, row, ..self.decision.clone() };
        let (_, verdict) = flipped.verdicts().nth(id.index())?;
        let mut decides = flipped.told(&verdict);
        // What is decided may be the very text that stands for all others.
        let is_other =
            |value: &Value<'_>| matches!(value, Value::Text(text) if text.contains(OTHER));
        let tells_other = match &verdict {
            Verdict::Value(value, _) => is_other(value),
            Verdict::Values(values, _) => values.iter().any(is_other),
            Verdict::Undecided | Verdict::Fault => false,
        };
        if change.any_other && tells_other {
            decides = decides.replace(OTHER, "that text");
        }
        Some(Flip { path: change.path, from, to, decides })
    }

    fn rules(&self, policy: &Policy) -> Vec<RuleExplanation> {
        let rules = policy.rules.iter().enumerate();
        rules.map(|(at, rule)| self.rule(policy, RuleId::at(at), rule)).collect()
    }

    fn rule(&self, policy: &Policy, id: RuleId, rule: &Rule) -> RuleExplanation {
        let judgement = &self.decision.judgement;
        let (state, phase) = self.state(id);
        let phase = phase.and_then(|at| rule.phases.get(usize::from(at)));
        let overridden_by = judgement.involved(id).and_then(|involved| involved.overridden);
        let overridden_by = overridden_by.and_then(|by| policy.rules.get(by.index()));
        let applied = self.decision.all_fired().find(|applied| applied.name() == rule.name);
        let date = self.decision.date_of(rule);
        let machine = self.decision.machine(date).counted(&self.steps);
        let is_dark = is_dark(judgement.fault_of(id).is_some(), &state);
        let status = match is_dark {
            true => Status::Unmet,
            false => self.status(id, rule, &state, overridden_by.is_some()),
        };
        let clauses = match &state {
            State::NotInForce => Vec::new(),
            State::Faulted(fault) if fault.problem == Problem::WorkLimit => {
                self.quoted(rule, phase, (!is_dark).then_some(fault.node))
            }
            _ => self.clauses(policy, rule, phase, &state, &machine),
        };
        let faults = self.faults.get_or_init(|| self.decision.faults());
        let fault = faults.iter().find(|fault| fault.rule == Some(rule.name.as_str()));
        let fault = fault.map(|fault| format!("fault: {}", fault.message));
        let sets = applied.into_iter().flat_map(|applied| applied.sets());
        let sets = sets.map(|(decision, value)| {
            let value = match value {
                Some(value) => self.shown(&value, &decision.ty),
                None => fault.clone().unwrap_or("fault".into()),
            };
            (decision.name.clone(), value)
        });
        RuleExplanation {
            rule: rule.name.clone(),
            title: rule.title.as_ref().map(|text| self.decision.render(text, date).to_string()),
            told: match is_dark {
                true => "does not fire; to tell why takes too many steps".into(),
                false => self.status_told(rule, status, &state),
            },
            status,
            phase: phase.map(|phase| self.phase(rule, phase, &machine)),
            clauses,
            overridden_by: overridden_by.map(|rule| rule.name.clone()),
            sets: sets.collect(),
            looked_up: match state {
                State::Fired => {
                    rule.sets.iter().flat_map(|(_, node)| self.look_ups(*node, &machine)).collect()
                }
                _ => Vec::new(),
            },
            requires: self.requires(rule),
            reason: applied.and_then(|applied| applied.reason()),
        }
    }

    /// What became of a rule, and its phase: what judging has found out is not looked at again.
    fn state(&self, id: RuleId) -> (State, Option<u16>) {
        let judgement = &self.decision.judgement;
        match (judgement.involved(id), self.decision.case()) {
            (Some(own), _) if own.fired => (State::Fired, own.phase),
            (_, Some(case)) => state_within(case, judgement, id, &self.steps),
            (_, None) => (State::NotInForce, None),
        }
    }

    /// The obligations that a rule brings about, with their due times.
    fn requires(&self, rule: &Rule) -> Vec<String> {
        let zone = &self.decision.program.zone;
        let obligations = self.obligations.get_or_init(|| self.decision.obligations());
        let own = obligations.iter().filter(|obligation| obligation.rule == rule.name);
        own.map(|obligation| match obligation.due {
            Some(due) => format!("{} by {}", obligation.name, told_time(due, zone)),
            None => obligation.name.to_string(),
        })
        .collect()
    }

    fn status(&self, id: RuleId, rule: &Rule, state: &State, overridden: bool) -> Status {
        match state {
            State::NotInForce => Status::NotInForce,
            State::NotCovered => Status::NotCovered,
            State::Unmet => Status::Unmet,
            State::Excepted => Status::Excepted,
            State::Faulted(_) => Status::Faulted,
            State::Fired if overridden => Status::Overridden,
            State::Fired => {
                match self.decision.judgement.involved(id).map(|involved| involved.effect) {
                    Some(Effect::Shadow) => Status::Shadow,
                    Some(Effect::Warn) => Status::Warned,
                    _ if self.decision.outweighed().any(|o| o.name() == rule.name) => {
                        Status::Outweighed
                    }
                    _ => Status::Fired,
                }
            }
        }
    }

    fn status_told(&self, rule: &Rule, status: Status, state: &State) -> String {
        let zone = &self.decision.program.zone;
        let date = self.decision.date_of(rule);
        match status {
            Status::Fired => "fired".into(),
            Status::Outweighed => "fired, but another outcome prevails".into(),
            Status::Overridden => "fired, but is overridden".into(),
            Status::Shadow => "fired in shadow: decides nothing".into(),
            Status::Warned => "warned: decides nothing yet".into(),
            Status::NotInForce => match (rule.until, rule.phases.first()) {
                (Some(until), _) if date >= until => {
                    format!("ended on {}", day_or_time(until, zone))
                }
                (_, Some(first)) => format!("begins on {}", day_or_time(first.from, zone)),
                _ => "not in force".into(),
            },
            Status::NotCovered => "not covered by the phase in force".into(),
            Status::Unmet => "`when` does not hold".into(),
            Status::Excepted => "`unless` holds".into(),
            Status::Faulted => match state {
                State::Faulted(fault) => format!("fault: {}", fault.problem),
                _ => "fault".into(),
            },
        }
    }

    fn phase(&self, rule: &Rule, phase: &Phase, machine: &Machine<'_>) -> PhaseExplanation {
        let drawn = cohort(machine, rule, phase).ok().flatten();
        PhaseExplanation {
            from: day_or_time(phase.from, &self.decision.program.zone),
            effect: phase.effect.name(),
            bucket: drawn.map(|(bucket, _)| bucket),
            below: drawn.map(|(_, below)| below),
            filter: phase.filter.and_then(|filter| machine.test(filter).ok()),
        }
    }

    /// The conditions in the order in which they were looked at, up to the one that settled it.
    fn clauses(
        &self,
        policy: &Policy,
        rule: &Rule,
        phase: Option<&Phase>,
        state: &State,
        machine: &Machine<'_>,
    ) -> Vec<ClauseExplanation> {
        let mut seen = Vec::new();
        if let Some(filter) = phase.and_then(|phase| phase.filter) {
            let clause = Clause { node: filter, span: self.decision.program.span(filter) };
            seen.push(self.clause(policy, clause, "where", machine));
        }
        let covered = match state {
            State::Faulted(_) => phase.is_none_or(|phase| covers(machine, rule, phase) == Ok(true)),
            other => *other != State::NotCovered,
        };
        if !covered {
            return seen;
        }
        for clause in &rule.clauses {
            let explained = self.clause(policy, *clause, "when", machine);
            let stops = explained.holds != Some(true);
            seen.push(explained);
            if stops {
                return seen;
            }
        }
        if let Some(exception) = rule.exception {
            seen.push(self.clause(policy, exception, "unless", machine));
        }
        seen
    }

    fn clause(
        &self,
        policy: &Policy,
        clause: Clause,
        word: &'static str,
        machine: &Machine<'_>,
    ) -> ClauseExplanation {
        let result = machine.test(clause.node);
        let is_dark = matches!(&result, Err(fault) if fault.problem == Problem::WorkLimit);
        if is_dark {
            // The rule has no such fault: it is looking again that takes too many steps.
            return self.quote(clause, word);
        }
        ClauseExplanation {
            holds: result.as_ref().ok().copied(),
            fault: result.err().map(|fault| fault.problem.to_string()),
            values: self.values(policy, clause.node, machine),
            ..self.quote(clause, word)
        }
    }

    /// A clause that is not looked at.
    fn quote(&self, clause: Clause, word: &'static str) -> ClauseExplanation {
        let text = self.sources.text(clause.span);
        let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
        ClauseExplanation { text, clause: word, holds: None, fault: None, values: Vec::new() }
    }

    /// The conditions of a rule that are too much to look at, the one with this fault with it.
    fn quoted(
        &self,
        rule: &Rule,
        phase: Option<&Phase>,
        fault: Option<NodeId>,
    ) -> Vec<ClauseExplanation> {
        let program = &self.decision.program;
        let filter = phase.and_then(|phase| phase.filter);
        let filter = filter.map(|node| (Clause { node, span: program.span(node) }, "where"));
        let clauses = rule.clauses.iter().map(|clause| (*clause, "when"));
        let exception = rule.exception.map(|clause| (clause, "unless"));
        let all = filter.into_iter().chain(clauses).chain(exception);
        all.map(|(clause, word)| {
            let mut has_fault = false;
            program.walk(clause.node, &mut |node, _| has_fault |= Some(node) == fault);
            let fault = has_fault.then(|| Problem::WorkLimit.to_string());
            ClauseExplanation { fault, ..self.quote(clause, word) }
        })
        .collect()
    }

    /// A call as its author wrote it.
    fn written(&self, id: NodeId, name: &str) -> String {
        let text = self.sources.text(self.decision.program.span(id));
        let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
        if text.is_empty() { format!("{name}(…)") } else { text }
    }

    /// The fields, parameters and scripts that a condition reads, with their values.
    fn values(
        &self,
        policy: &Policy,
        node: NodeId,
        machine: &Machine<'_>,
    ) -> Vec<(String, String)> {
        let program = &self.decision.program;
        let mut reads = Vec::new();
        program.walk(node, &mut |id, node| reads.push((id, node)));
        let mut values: Vec<(String, String)> = Vec::new();
        for (id, node) in reads {
            let (name, ty) = match node {
                Node::Slot(slot) => match field_at(program, policy, slot) {
                    Some(found) => found,
                    None => continue,
                },
                Node::Parameter(parameter) => match program.parameters.get(parameter.index()) {
                    Some(parameter) => (parameter.name.clone(), parameter.ty.clone()),
                    None => continue,
                },
                Node::Decision(policy, decision) => match program.decision(policy, decision) {
                    Some((_, read)) => (program.decision_path(policy, decision), read.whole_type()),
                    None => continue,
                },
                Node::Now => ("now".to_string(), Type::Time),
                Node::Script(index, _) => match program.scripts.get(index as usize) {
                    Some(function) => (self.written(id, &function.name), function.ty.clone()),
                    None => continue,
                },
                _ => continue,
            };
            let value = match machine.value(id) {
                Ok(Value::Bool(true)) if matches!(ty, Type::Record(_)) => "present".to_string(),
                Ok(value) => self.shown(&value, &ty),
                // The fault of the clause tells it.
                Err(_) => continue,
            };
            if !values.iter().any(|(known, _)| *known == name) {
                values.push((name, value));
            }
        }
        values.extend(self.look_ups(node, machine));
        values
    }
}

/// Whether it takes too many steps to tell what became of a rule that judging found no fault in.
fn is_dark(has_fault: bool, state: &State) -> bool {
    !has_fault && matches!(state, State::Faulted(fault) if fault.problem == Problem::WorkLimit)
}

/// The name and the type of the field, or of the counter, in a slot.
fn field_at(program: &Program, policy: &Policy, slot: u32) -> Option<(String, Type)> {
    let counter = policy.counter_at(program, slot);
    let mut found = counter.map(|counter| (counter.name.clone(), counter.ty.clone()));
    policy.layout.walk("", &mut |path, field| {
        if field.slot == slot {
            let ty = match &field.kind {
                FieldKind::Scalar(ty) => ty.clone(),
                FieldKind::Record(layout) => Type::Record(layout.record.clone()),
                FieldKind::List(element) => Type::List(Box::new(match element.as_ref() {
                    Element::Scalar(ty) => ty.clone(),
                    Element::Record(_) | Element::List(_) => Type::Unknown,
                })),
            };
            found = Some((path.to_string(), ty));
        }
    });
    found
}
