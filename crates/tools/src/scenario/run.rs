//! Runs scenarios and keeps, for those that fail, expected beside got and the explanation.

use std::collections::BTreeMap;

use super::earlier::with_earlier;
use super::elements;
use super::expect::{Mismatch, same_names};
use super::read::{Expectation, Scenario, ScenarioFile};
use rulebook::{Files, Options, Rejection, Rulebook};
use rulebook_base::source::Span;
use rulebook_core::eval::Decision;
use rulebook_core::eval::explain::explain;
use rulebook_core::facts::InputError;
use rulebook_lang::model::Zone;

/// What came of one scenario; it passed if it has no mismatch.
#[derive(Debug, Clone)]
pub struct CaseResult {
    /// The policy that the scenario is about.
    pub policy: String,
    /// What the scenario calls itself.
    pub name: String,
    /// Where its name stands.
    pub span: Span,
    /// Every expectation that is not met; none if it passed.
    pub mismatches: Vec<Mismatch>,
    /// Why it was decided so, as `rulebook explain` says it; `None` if the scenario passed, or its record
    /// was rejected.
    pub explanation: Option<String>,
}

/// Runs the scenarios of a file.
pub fn run(files: &Files, rulebook: &Rulebook, scenarios: &ScenarioFile) -> Vec<CaseResult> {
    let mut variants = Variants::new(files, rulebook, Options::new());
    let run = |scenario: &Scenario| {
        let (mismatches, explanation) = match variants.with(&scenario.set) {
            Ok(rulebook) => run_one(rulebook, &scenarios.policy, scenario),
            Err(problem) => (vec![failure("set", "the parameters to fit", problem)], None),
        };
        CaseResult {
            policy: scenarios.policy.clone(),
            name: scenario.name.clone(),
            span: scenario.span,
            mismatches,
            explanation,
        }
    };
    scenarios.scenarios.iter().map(run).collect()
}

/// A rulebook with the values of parameters that scenarios give; each set is checked once.
pub(super) struct Variants<'f> {
    files: &'f Files,
    rulebook: &'f Rulebook,
    options: Options,
    compiled: BTreeMap<Vec<(String, String)>, Result<Rulebook, String>>,
}

impl<'f> Variants<'f> {
    /// The rulebook that `options` make of the files, to be varied.
    pub(super) fn new(files: &'f Files, rulebook: &'f Rulebook, options: Options) -> Self {
        Self { files, rulebook, options, compiled: BTreeMap::new() }
    }

    /// The rulebook with these parameters, or why they do not fit.
    pub(super) fn with(&mut self, set: &[(String, String)]) -> Result<&Rulebook, &str> {
        if set.is_empty() {
            return Ok(self.rulebook);
        }
        let variant = self.compiled.entry(set.to_vec()).or_insert_with(|| {
            let options = set.iter().fold(self.options.clone(), |options, (name, value)| {
                options.parameter(name.as_str(), value.as_str())
            });
            let variant = Rulebook::inspect(self.files, &options).into_rulebook();
            let variant = variant.map(|variant| variant.with_profiles_of(self.rulebook));
            variant.map_err(|error| error.to_string())
        });
        variant.as_ref().map_err(String::as_str)
    }
}

/// What a rulebook makes of a scenario's record: one decision, or one about each element of a list; `None` if
/// it has no such policy.
pub(super) fn judge(
    rulebook: &Rulebook,
    policy: &str,
    scenario: &Scenario,
) -> Option<Result<Vec<Decision>, Rejection>> {
    let policy = rulebook.policy(policy).ok()?;
    let policy = match scenario.now {
        Some(now) => policy.at(now),
        None => policy.replaying(),
    };
    let policy = with_earlier(&policy, scenario);
    Some(policy.and_then(|policy| policy.decide_each(&scenario.record)))
}

/// The expectations of a scenario that are not met.
pub(super) fn unmet<'s>(
    scenario: &'s Scenario,
    judged: &'s Result<Vec<Decision>, Rejection>,
    zone: &'s Zone,
) -> impl Iterator<Item = Mismatch> + 's {
    let (decisions, rejection) = (judged.as_ref().ok(), judged.as_ref().err());
    let compared = move |decisions: &'s Vec<Decision>| {
        scenario.expect.iter().flat_map(move |wanted| elements::compare(wanted, decisions, zone))
    };
    let refused = rejection.into_iter().flat_map(|rejection| rejected(scenario, rejection));
    decisions.into_iter().flat_map(compared).chain(refused)
}

fn run_one(
    rulebook: &Rulebook,
    policy: &str,
    scenario: &Scenario,
) -> (Vec<Mismatch>, Option<String>) {
    let Some(judged) = judge(rulebook, policy, scenario) else { return (Vec::new(), None) };
    let mismatches: Vec<_> = unmet(scenario, &judged, &rulebook.settings().zone).collect();
    let failed = judged.ok().filter(|_| !mismatches.is_empty()).into_iter().flatten();
    let failed = failed.filter(|decision| elements::concerns(&mismatches, decision));
    let explained = failed.map(|decision| explain(&decision, rulebook.sources()).to_text());
    let explanations: Vec<_> = explained.collect();
    (mismatches, (!explanations.is_empty()).then(|| explanations.join("\n")))
}

fn rejected(scenario: &Scenario, rejection: &Rejection) -> Vec<Mismatch> {
    let paths = scenario.expect.iter().find_map(|expectation| match expectation {
        Expectation::Rejected(paths) => Some(paths),
        _ => None,
    });
    match paths {
        Some(paths) => {
            let got = rejection.errors.iter().map(|error| error.path.as_str());
            same_names("rejected", paths, got).into_iter().collect()
        }
        None => {
            let errors =
                rejection.errors.iter().map(|error| format!("\n  {}", placed(scenario, error)));
            let got = format!("the record is rejected{}", errors.collect::<String>());
            vec![failure("record", "to be accepted", &got)]
        }
    }
}

/// What is wrong with a record, and the line of the field in the file of the scenario.
fn placed(scenario: &Scenario, error: &InputError) -> String {
    let earlier = error.path.strip_prefix("history[").and_then(|rest| rest.split_once(']'));
    let record = earlier.and_then(|(number, path)| {
        Some((scenario.history.get(number.parse::<usize>().ok()?)?, path))
    });
    let (record, path) = record.unwrap_or((&scenario.record, &error.path));
    format!("{error}, on line {}", scenario.lines.of_path(record, path))
}

fn failure(what: &str, expected: &str, got: &str) -> Mismatch {
    Mismatch { what: what.into(), expected: expected.into(), got: got.into() }
}
