//! Why a decision fell: every rule, fired or not, the clause that failed, the values seen, and the
//! nearest change that would flip each decision. By the same machine that decided.

mod clause;
mod look_up;
mod named;
mod needed;
mod part;
mod read;
mod skipped;

use std::cell::{Cell, OnceCell, RefCell};

use super::nearest::{self, Changeable, nearest_within};
use crate::eval::judge::{Conflict, Machine, Origin, State, cohort, state_within, work};
use crate::eval::tell::{Cited, Decision, Element, Fault, Obligation, day_or_time, time_text};
pub use crate::eval::tell::{
    ClauseExplanation, ConditionExplanation, DecisionExplanation, ElementExplanation, Explanation,
    Flip, Joined, NamedExplanation, PhaseExplanation, ReadExplanation, RuleExplanation, Status,
    ToldValue,
};
use crate::program::{DecisionId, Effect, Phase, Policy, Rule, RuleId};
use named::Met;
use read::Reading;
use rulebook_base::source::Sources;
use rulebook_lang::figures::{Filling, Phrase, phrases};
use rulebook_lang::kernel::Problem;
use rulebook_lang::model::{Type, Value};

/// Explains a decision; `sources` are the texts of the rulebook that made it.
pub fn explain(decision: &Decision, sources: &Sources) -> Explanation {
    explain_with(decision, sources, Changeable::default())
}

/// The same with changes to these fields.
pub fn explain_with(decision: &Decision, sources: &Sources, changeable: Changeable) -> Explanation {
    let steps = Cell::new(MOST_STEPS);
    let changeable = Some(changeable);
    let explainer = Explainer { changeable, ..Explainer::of(decision, sources, &steps) };
    let policy = decision.policy();
    let zone = &decision.program.zone;
    let (decisions, rules) = (explainer.decisions(policy), explainer.rules(policy));
    let lets = explainer.all_named(policy);
    Explanation {
        id: decision.id(),
        element: element(decision),
        policy: decision.policy_name().to_string(),
        now: time_text(decision.now(), zone),
        dated: time_text(decision.dated(), zone),
        in_force: decision.in_force().map(|time| time_text(time, zone)),
        decisions,
        rules,
        lets,
        reads: explainer.all_reads(),
        language: decision.language.clone(),
    }
}

/// The element that a decision is about.
fn element(decision: &Decision) -> Option<ElementExplanation> {
    let Element { name, position, id } = decision.element()?;
    let elements = decision.elements_of(decision.policy_id());
    Some(ElementExplanation { element: id, position, elements, name })
}

/// The most steps that looking again at all rules of a decision may take: a second or two.
const MOST_STEPS: u64 = 10 * work::MOST;

struct Explainer<'d> {
    decision: &'d Decision,
    sources: &'d Sources,
    /// The steps that are left for looking at rules, and for changes to the record.
    steps: &'d Cell<u64>,
    flip_steps: Cell<u64>,
    /// Changes to which fields are told that would flip a decision; none are asked for without.
    changeable: Option<Changeable>,
    /// What was met that other policies decide, with what reads it.
    met: RefCell<Vec<Reading>>,
    /// The named values that were met.
    met_lets: RefCell<Vec<Met>>,
    obligations: OnceCell<Vec<Obligation<'d>>>,
    faults: OnceCell<Vec<Fault<'d>>>,
}

impl<'d> Explainer<'d> {
    fn of(decision: &'d Decision, sources: &'d Sources, steps: &'d Cell<u64>) -> Self {
        Self {
            decision,
            sources,
            steps,
            flip_steps: Cell::new(nearest::MOST_STEPS),
            changeable: None,
            met: RefCell::default(),
            met_lets: RefCell::default(),
            obligations: OnceCell::new(),
            faults: OnceCell::new(),
        }
    }

    /// A phrase of the language in which texts are read.
    fn says(&self, phrase: &Phrase, values: &Filling<'_>) -> String {
        phrase.fill(&self.decision.language, values)
    }

    fn shown(&self, value: &Value<'_>, ty: &Type) -> ToldValue {
        self.decision.told_value(value, ty)
    }

    fn decisions(&self, policy: &Policy) -> Vec<DecisionExplanation> {
        let verdicts = self.decision.verdicts().enumerate();
        verdicts
            .map(|(at, (name, verdict))| {
                let outcome = self.decision.judgement().outcomes.get(at);
                self.meet_defaults(policy, DecisionId::at(at));
                let rules = outcome.map(|outcome| self.decision.judgement().givers(outcome));
                let by = rules.unwrap_or_default().iter().map(|id| &policy.rules[*id]);
                let by = by.map(|rule| rule.name.clone()).collect();
                let reason =
                    self.decision.default_reasons().find(|(defaulted, _)| *defaulted == name);
                DecisionExplanation {
                    decision: name.to_string(),
                    value: self.decision.told_verdict(&verdict),
                    by,
                    given: outcome
                        .map_or(Origin::Undecided, |outcome| outcome.resolution.origin)
                        .name(),
                    fault: outcome
                        .and_then(|outcome| outcome.resolution.conflict)
                        .map(|conflict| meaning(conflict).in_language(&self.decision.language)),
                    reason: reason.map(|(_, reason)| reason),
                    flips: self.flip(policy, DecisionId::at(at)),
                }
            })
            .collect()
    }

    fn flip(&self, policy: &Policy, id: DecisionId) -> Option<Flip> {
        let bounds = (self.changeable?, &self.flip_steps);
        let Decision { program, row, .. } = self.decision;
        let judged = (&**row, self.decision.judgement());
        let changes = nearest_within(program, (policy, id), judged, bounds);
        let change = changes.into_iter().next()?;
        let from = self.shown(&row.get(change.slot), &change.ty);
        let mut to = self.shown(&change.row.value(change.to), &change.ty);
        if change.any_other {
            let phrase = match change.ty {
                Type::Url => &phrases::ANY_OTHER_ADDRESS,
                _ => &phrases::ANY_OTHER_TEXT,
            };
            to.text = self.says(phrase, &[]);
        }
        let flipped = self.decision.changed(change.row, change.judgement);
        let (_, verdict) = flipped.verdicts().nth(id.index())?;
        let decides = flipped.told_verdict(&verdict);
        Some(Flip { path: change.path, from, to, any_other: change.any_other, decides })
    }

    fn rules(&self, policy: &Policy) -> Vec<RuleExplanation> {
        policy.rules.numbered().map(|(id, rule)| self.rule(policy, id, rule)).collect()
    }

    fn rule(&self, policy: &Policy, id: RuleId, rule: &Rule) -> RuleExplanation {
        let judgement = &self.decision.judgement();
        let (state, phase) = self.state(id);
        let phase = phase.and_then(|at| rule.phases.get(usize::from(at)));
        let overridden_by = judgement.involved(id).and_then(|involved| involved.overridden);
        let overridden_by = overridden_by.map(|by| &policy.rules[by]);
        let applied = self.decision.all_fired().find(|applied| applied.name() == rule.name);
        let date = self.decision.date_of(rule);
        let machine = self.decision.machine(date).counted(self.steps);
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
        let fault =
            fault.map(|fault| self.says(&phrases::FAULT_OF, &[("problem", &fault.message)]));
        let sets = applied.into_iter().flat_map(|applied| applied.sets());
        let sets = sets.map(|(decision, value)| {
            let value = match value {
                Some(value) => self.decision.told_outcome(&value, &decision.given_type()),
                None => {
                    let fault = fault.clone();
                    let text = fault.unwrap_or_else(|| self.says(&phrases::FAULT, &[]));
                    ToldValue::new(text, &None::<()>)
                }
            };
            (decision.name.clone(), value)
        });
        let conditions = clauses.iter().filter(|clause| clause.clause == "when").count();
        self.meet_rule((policy, rule, phase), &state, conditions);
        self.meet_lets(rule, &state, conditions, date);
        RuleExplanation {
            rule: rule.name.clone(),
            title: rule.title.as_ref().map(|text| self.decision.render(text, date).to_string()),
            told: match is_dark {
                true => self.says(&phrases::TOO_MANY_STEPS, &[]),
                false => self.status_text(rule, status, &state, overridden_by),
            },
            status,
            phase: phase.map(|phase| self.phase(rule, phase, &machine)),
            clauses,
            overridden_by: overridden_by.map(|rule| rule.name.clone()),
            sets: sets.collect(),
            looked_up: match state {
                State::Fired => self.calculations(policy, rule, &machine),
                _ => Vec::new(),
            },
            requires: self.requires(rule),
            reason: applied.and_then(|applied| applied.reason()),
            sources: applied
                .into_iter()
                .flat_map(|applied| applied.sources())
                .map(|source| Cited(source, &self.decision.language).to_string())
                .collect(),
        }
    }

    /// What the outcomes of a rule are calculated from.
    fn calculations(
        &self,
        policy: &Policy,
        rule: &Rule,
        machine: &Machine<'_>,
    ) -> Vec<(String, ToldValue)> {
        let operands: Vec<_> = rule.operands.iter().collect();
        let steps = self.steps_of(policy, &rule.lets);
        self.calculated(rule.sets.iter().map(|(_, node)| *node), (&operands, &steps), machine)
    }

    /// What became of a rule, and its phase: what judging has found out is not looked at again.
    fn state(&self, id: RuleId) -> (State, Option<u16>) {
        let judgement = &self.decision.judgement();
        match judgement.involved(id) {
            Some(involved) if involved.fired => (State::Fired, involved.phase),
            _ => state_within(self.decision.case(), judgement, id, self.steps),
        }
    }

    /// The obligations that a rule brings about, with their due times.
    fn requires(&self, rule: &Rule) -> Vec<String> {
        let zone = &self.decision.program.zone;
        let obligations = self.obligations.get_or_init(|| self.decision.obligations());
        let required = obligations.iter().filter(|obligation| obligation.rule == rule.name);
        required
            .map(|obligation| match obligation.due {
                Some(due) => {
                    let time = time_text(due, zone);
                    self.says(&phrases::DUE, &[("what", &obligation.name), ("time", &time)])
                }
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
                match self.decision.judgement().involved(id).map(|involved| involved.effect) {
                    Some(Effect::Shadow) => Status::Shadow,
                    Some(Effect::Warn) => Status::Warned,
                    _ if self
                        .decision
                        .outweighed()
                        .any(|outweighed| outweighed.name() == rule.name) =>
                    {
                        Status::Outweighed
                    }
                    _ => Status::Fired,
                }
            }
        }
    }

    fn status_text(
        &self,
        rule: &Rule,
        status: Status,
        state: &State,
        overridden_by: Option<&Rule>,
    ) -> String {
        let zone = &self.decision.program.zone;
        let date = self.decision.date_of(rule);
        let day = |time| day_or_time(time, zone);
        let phrase = match status {
            Status::Fired => &phrases::FIRED,
            Status::Outweighed => &phrases::OUTWEIGHED,
            Status::Overridden => {
                let by = overridden_by.map(|rule| rule.name.as_str()).unwrap_or_default();
                return self.says(&phrases::OVERRIDDEN, &[("rule", &by)]);
            }
            Status::Shadow => &phrases::SHADOW,
            Status::Warned => &phrases::WARNED,
            Status::NotInForce => match (rule.until, rule.phases.first()) {
                (Some(until), _) if date >= until => {
                    return self.says(&phrases::ENDED, &[("day", &day(until))]);
                }
                (_, Some(first)) => {
                    return self.says(&phrases::BEGINS, &[("day", &day(first.from))]);
                }
                _ => &phrases::NOT_IN_FORCE,
            },
            Status::NotCovered => &phrases::NOT_COVERED,
            Status::Unmet => &phrases::UNMET,
            Status::Excepted => &phrases::EXCEPTED,
            Status::Faulted => match state {
                State::Faulted(fault) => {
                    return self.says(&phrases::FAULT_OF, &[("problem", &fault.problem)]);
                }
                _ => &phrases::FAULT,
            },
        };
        self.says(phrase, &[])
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
}

/// Whether it takes too many steps to tell what became of a rule that judging found no fault in.
fn is_dark(has_fault: bool, state: &State) -> bool {
    !has_fault && matches!(state, State::Faulted(fault) if fault.problem == Problem::WorkLimit)
}

/// What happened to a decision that is a fault.
fn meaning(conflict: Conflict) -> &'static Phrase {
    match conflict {
        Conflict::Uncertain => &phrases::UNCERTAIN,
        Conflict::Disagreement => &phrases::DISAGREEMENT,
        Conflict::Several => &phrases::SEVERAL,
        Conflict::Overflow => &phrases::OVERFLOW,
        Conflict::Otherwise => &phrases::OTHERWISE_FAULT,
    }
}
