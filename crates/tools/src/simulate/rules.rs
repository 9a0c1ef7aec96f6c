//! What each rule did on the records of a simulation, and what dropping or enforcing it would change.

use std::collections::BTreeMap;

use super::SimulateError;
use super::count::{Count, MatrixCount, is_change, matrices, merge_all};
use super::impact::{RuleCount, RuleImpact, Watched};
use super::outcome::Outcome;
use super::plan::{Inner, Trial};
use rulebook::Decision;
use rulebook_core::eval::{Retrial, Twist};
use rulebook_core::program::{Effect, RuleId};
use rulebook_lang::model::Number;

/// What a rule did on one side.
#[derive(Debug, Clone, Default)]
struct Deeds {
    fired: Count,
    decided: Count,
    alone: Count,
}

/// What the rules of both sides did.
#[derive(Debug, Clone, Default)]
pub(super) struct Rules {
    sides: [BTreeMap<RuleId, Deeds>; 2],
    dropped: BTreeMap<RuleId, Vec<MatrixCount>>,
    watched: BTreeMap<(RuleId, &'static str), (Count, Vec<MatrixCount>)>,
    retrial: Retrial,
    /// Memory for what a decision would come to.
    other: Outcome,
}

impl Rules {
    /// Adds what the rules of a side did on a record.
    pub(super) fn add(&mut self, side: usize, decision: &Decision, amounts: &[Option<Number>]) {
        let Some(deeds) = self.sides.get_mut(side) else { return };
        for involved in &decision.judgement().involved {
            if !involved.fired || involved.effect != Effect::Enforce {
                continue;
            }
            let deeds = deeds.entry(involved.rule).or_default();
            deeds.fired.add(amounts);
            let (gave, alone) = decision.role(involved.rule);
            if gave {
                deeds.decided.add(amounts);
            }
            if alone {
                deeds.alone.add(amounts);
            }
        }
    }

    /// Adds what would be decided if each rule of the candidate that fired were another.
    pub(super) fn twist(
        &mut self,
        plan: &Inner,
        decision: &Decision,
        outcomes: &[Outcome],
        amounts: &[Option<Number>],
    ) {
        for involved in &decision.judgement().involved {
            if involved.overridden.is_some() {
                continue;
            }
            let (twist, into) = match involved.effect {
                Effect::Enforce => {
                    let into = self.dropped.entry(involved.rule).or_default();
                    (Twist::Without(involved.rule), into)
                }
                effect if involved.fired => {
                    let key = (involved.rule, effect.name());
                    let (fired, into) = self.watched.entry(key).or_default();
                    fired.add(amounts);
                    (Twist::Enforced(involved.rule), into)
                }
                _ => continue,
            };
            let judgement = decision.again(twist, &mut self.retrial);
            into.resize_with(plan.names.len(), MatrixCount::default);
            let verdicts = decision.verdict_refs(judgement).zip(&plan.names);
            for (((declared, verdict), names), (from, into)) in
                verdicts.zip(outcomes.iter().zip(into))
            {
                names.fill(verdict, &declared.ty, &mut self.other);
                if is_change(from, &self.other) {
                    into.add(Some(from), &self.other, amounts);
                }
            }
        }
    }

    pub(super) fn merge(&mut self, other: Self) {
        for (side, other) in self.sides.iter_mut().zip(other.sides) {
            for (rule, more) in other {
                let deeds = side.entry(rule).or_default();
                deeds.fired.merge(more.fired);
                deeds.decided.merge(more.decided);
                deeds.alone.merge(more.alone);
            }
        }
        for (rule, outcomes) in other.dropped {
            merge_all(self.dropped.entry(rule).or_default(), outcomes);
        }
        for (key, (count, outcomes)) in other.watched {
            let (fired, counts) = self.watched.entry(key).or_default();
            fired.merge(count);
            merge_all(counts, outcomes);
        }
    }

    /// Every rule of either side.
    pub(super) fn impacts(
        &self,
        plan: &Inner,
        sums: &[String],
        titles: impl Fn(usize, RuleId) -> Option<String>,
    ) -> Result<Vec<RuleImpact>, SimulateError> {
        let [before, after] = &self.sides;
        let find = |trial: Option<&Trial>, name: &str| {
            let policy = trial.map(Trial::compiled)?;
            policy.rules.iter().position(|rule| rule.name == name).map(RuleId::at)
        };
        let counted = |side: &BTreeMap<RuleId, Deeds>, id: RuleId| {
            let deeds = side.get(&id).cloned().unwrap_or_default();
            Ok(RuleCount {
                fired: deeds.fired.tally(sums)?,
                decided: deeds.decided.tally(sums)?,
                alone: deeds.alone.tally(sums)?,
            })
        };
        let all = plan.rules().into_iter().map(|(name, ..)| {
            let baseline = find(plan.baseline.as_ref(), name);
            let candidate = find(Some(&plan.candidate), name);
            let title = match (candidate, baseline) {
                (Some(id), _) => titles(1, id),
                (None, id) => id.and_then(|id| titles(0, id)),
            };
            let dropped = candidate.and_then(|id| self.dropped.get(&id));
            Ok(RuleImpact {
                rule: name.to_string(),
                title,
                baseline: baseline.map(|id| counted(before, id)).transpose()?,
                candidate: candidate.map(|id| counted(after, id)).transpose()?,
                dropped: match dropped {
                    Some(outcomes) => matrices(outcomes, &plan.names, sums, true)?,
                    None => Vec::new(),
                },
            })
        });
        all.collect()
    }

    /// The phases of the candidate that only watch or warn.
    pub(super) fn watched(
        &self,
        plan: &Inner,
        sums: &[String],
        titles: impl Fn(usize, RuleId) -> Option<String>,
    ) -> Result<Vec<Watched>, SimulateError> {
        let all = self.watched.iter().map(|((id, effect), (fired, outcomes))| {
            Ok(Watched {
                rule: plan.candidate.compiled().rules[*id].name.clone(),
                title: titles(1, *id),
                effect: (*effect).to_string(),
                fired: fired.tally(sums)?,
                enforced: matrices(outcomes, &plan.names, sums, true)?,
            })
        });
        all.collect()
    }
}
