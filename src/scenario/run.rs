//! Runs scenarios and keeps, for those that fail, expected beside got and the explanation.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::expect::{Mismatch, compare, same_names};
use super::read::{Expectation, Scenario, ScenarioFile};
use crate::eval::explain::explain;
use crate::facts::ProfileStore;
use crate::rulebook::{Files, Options, Rejection, Rulebook};
use crate::source::Span;

/// What came of one scenario.
#[derive(Debug, Clone)]
pub struct CaseResult {
    /// The policy.
    pub policy: String,
    /// The scenario's name.
    pub name: String,
    /// Where it is written.
    pub span: Span,
    /// Every expectation that is not met; none if it passed.
    pub mismatches: Vec<Mismatch>,
    /// Why the decision fell, for one that failed.
    pub explanation: Option<String>,
}

/// Reads the profiles that joined fields of a rulebook need; those of one rulebook do not fit
/// another, and a scenario that sets parameters is run by a rulebook of its own.
pub type ReadProfiles<'r> = &'r dyn Fn(&Rulebook) -> Result<Option<Arc<dyn ProfileStore>>, String>;

/// Runs the scenarios of a file whose names contain `filter`.
pub fn run(
    files: &Files,
    rulebook: &Rulebook,
    profiles: ReadProfiles<'_>,
    scenarios: &ScenarioFile,
    filter: &str,
) -> Vec<CaseResult> {
    let mut variants = BTreeMap::new();
    let wanted =
        |scenario: &&Scenario| scenario.name.contains(filter) || scenarios.policy.contains(filter);
    scenarios
        .scenarios
        .iter()
        .filter(wanted)
        .map(|scenario| {
            let variant = variants.entry(scenario.set.clone());
            let variant = variant.or_insert_with(|| {
                let rulebook = with_parameters(files, rulebook, &scenario.set)?;
                profiles(&rulebook).map(|profiles| (rulebook, profiles))
            });
            let (mismatches, explanation) = match variant {
                Ok((rulebook, profiles)) => {
                    run_one(rulebook, profiles.as_ref(), &scenarios.policy, scenario)
                }
                Err(problem) => (vec![failure("set", "the parameters to fit", problem)], None),
            };
            CaseResult {
                policy: scenarios.policy.clone(),
                name: scenario.name.clone(),
                span: scenario.span,
                mismatches,
                explanation,
            }
        })
        .collect()
}

fn with_parameters(
    files: &Files,
    rulebook: &Rulebook,
    set: &[(String, String)],
) -> Result<Rulebook, String> {
    if set.is_empty() {
        return Ok(rulebook.clone());
    }
    let options = set.iter().fold(Options::new(), |options, (name, value)| {
        options.parameter(name.as_str(), value.as_str())
    });
    Rulebook::inspect(files, &options).into_rulebook().map_err(|error| error.to_string())
}

fn run_one(
    rulebook: &Rulebook,
    profiles: Option<&Arc<dyn ProfileStore>>,
    policy: &str,
    scenario: &Scenario,
) -> (Vec<Mismatch>, Option<String>) {
    let Ok(policy) = rulebook.policy(policy) else { return (Vec::new(), None) };
    let policy = match scenario.now {
        Some(now) => policy.at(now),
        None => policy.replaying(),
    };
    let policy = match profiles {
        Some(profiles) => policy.with_profiles(profiles.clone()),
        None => policy,
    };
    let zone = &rulebook.settings().zone;
    match policy.decide_record(&scenario.record) {
        Ok(decision) => {
            let mismatches: Vec<_> =
                scenario.expect.iter().filter_map(|e| compare(e, &decision, zone)).collect();
            let failed = !mismatches.is_empty();
            let explanation = failed.then(|| explain(&decision, rulebook.sources()).to_text());
            (mismatches, explanation)
        }
        Err(rejection) => (rejected(scenario, &rejection), None),
    }
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
        None => vec![failure("record", "to be accepted", &rejection.to_string())],
    }
}

fn failure(what: &str, expected: &str, got: &str) -> Mismatch {
    Mismatch { what: what.into(), expected: expected.into(), got: got.into() }
}
