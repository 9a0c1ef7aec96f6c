//! Changes a rulebook by small edits, and finds which of them no scenario notices.

mod find;
mod literal;
mod mutant;
mod report;

use std::collections::{BTreeSet, HashMap, HashSet};
use std::hash::{DefaultHasher, Hash, Hasher};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use super::read::{Scenario, ScenarioFile};
use super::run::{Variants, judge, unmet};
use mutant::Mutant;
use rulebook::{Files, Options, Rulebook};
use rulebook_core::eval::Decision;

pub use mutant::MutantKind;
pub use report::{Fate, KindTally, Mutation, PolicyTally, Tally, Tried};

/// Which mutants are tried, by how many threads, and who is called on the way.
#[derive(Clone, Copy)]
pub struct Trial<'t> {
    /// Only the mutants that change this policy.
    pub policy: Option<&'t str>,
    /// How many threads try them; the result is the same for any number.
    pub threads: usize,
    /// Called after each with how many have been tried, and of how many.
    pub progress: &'t (dyn Fn(usize, usize) + Sync),
}

/// Tries every mutant of a rulebook on scenarios that pass: each is compiled, and the scenarios of
/// the policies that it changes run until one fails. `rulebook` is what the files make.
pub fn mutate(
    files: &Files,
    rulebook: &Rulebook,
    scenarios: &[ScenarioFile],
    trial: Trial<'_>,
) -> Mutation {
    let mutants = find::mutants(files);
    let bench = Bench::new(files, rulebook, scenarios);
    let (next, done) = (AtomicUsize::new(0), AtomicUsize::new(0));
    let work = || {
        let mut tried = Vec::new();
        loop {
            let at = next.fetch_add(1, Ordering::Relaxed);
            let Some(mutant) = mutants.get(at) else { return tried };
            tried.push((at, bench.try_one(mutant, trial.policy)));
            (trial.progress)(done.fetch_add(1, Ordering::Relaxed) + 1, mutants.len());
        }
    };
    let mut tried: Vec<_> = thread::scope(|scope| {
        let others: Vec<_> = (1..trial.threads).map(|_| scope.spawn(work)).collect();
        let mut tried = work();
        for other in others {
            match other.join() {
                Ok(more) => tried.extend(more),
                Err(panic) => std::panic::resume_unwind(panic),
            }
        }
        tried
    });
    tried.sort_by_key(|(at, _)| *at);
    let results = tried.into_iter().map(|(_, result)| result);
    let mut meanings = HashSet::new();
    let tried = mutants.iter().zip(results).filter_map(|(mutant, result)| {
        // Of several edits that come to the same policies the first one stands for all.
        let result = result.filter(|r| r.meaning.is_none_or(|meaning| meanings.insert(meaning)))?;
        Some(report::tried(files.sources(), mutant, result))
    });
    report::report(rulebook, bench.cases.len(), tried.collect())
}

/// What became of a mutant, and which policies it changes.
struct TrialResult {
    fate: Fate,
    /// Stands for what all policies say with the edit, where that is not what they said before.
    meaning: Option<u64>,
    killed_by: Option<String>,
    policies: Vec<String>,
}

/// A scenario and the rules that take part in it.
struct Case<'s> {
    policy: &'s str,
    scenario: &'s Scenario,
    rules: BTreeSet<String>,
}

/// What mutants are tried on.
struct Bench<'b> {
    files: &'b Files,
    rulebook: &'b Rulebook,
    cases: Vec<Case<'b>>,
    /// What each policy says unchanged.
    prints: HashMap<&'b str, u64>,
}

impl<'b> Bench<'b> {
    fn new(files: &'b Files, rulebook: &'b Rulebook, scenarios: &'b [ScenarioFile]) -> Self {
        let mut variants = Variants::new(files, rulebook, Options::new());
        let mut cases = Vec::new();
        for file in scenarios {
            for scenario in &file.scenarios {
                let judged = variants.with(&scenario.set).ok();
                let judged = judged.and_then(|rulebook| judge(rulebook, &file.policy, scenario));
                let decisions = judged.and_then(Result::ok).unwrap_or_default();
                let rules = decisions.iter().flat_map(part).collect();
                cases.push(Case { policy: &file.policy, scenario, rules });
            }
        }
        // A scenario with other parameters has the rulebook compiled once more.
        cases.sort_by_key(|case| !case.scenario.set.is_empty());
        let program = rulebook.program();
        let prints = program.policies.iter();
        let prints = prints.map(|policy| (policy.name.as_str(), program.fingerprint(policy)));
        Self { files, rulebook, cases, prints: prints.collect() }
    }

    /// Tries a mutant; `None` for one that does not change the policy asked for.
    fn try_one(&self, mutant: &Mutant, only: Option<&str>) -> Option<TrialResult> {
        let file = mutant.span().file;
        let text = self.files.sources().get(file).map_or("", |file| &file.text);
        let files = self.files.with_text(file, mutant.apply(text));
        let wanted = |policies: &[String]| {
            only.is_none_or(|only| policies.iter().any(|policy| policy == only))
        };
        let unborn = |fate| {
            let policies: Vec<_> = mutant.policy.iter().cloned().collect();
            wanted(&policies).then_some(TrialResult {
                fate,
                meaning: None,
                killed_by: None,
                policies,
            })
        };
        let Some(rulebook) = Rulebook::inspect(&files, &Options::new()).rulebook else {
            return unborn(Fate::Stillborn);
        };
        let rulebook = rulebook.with_profiles_of(self.rulebook);
        let program = rulebook.program();
        let (mut policies, mut meaning) = (Vec::new(), DefaultHasher::new());
        for policy in &program.policies {
            let print = program.fingerprint(policy);
            (&policy.name, print).hash(&mut meaning);
            if self.prints.get(policy.name.as_str()) != Some(&print) {
                policies.push(policy.name.clone());
            }
        }
        if policies.is_empty() {
            return unborn(Fate::Equivalent);
        }
        if !wanted(&policies) {
            return None;
        }
        let killed_by = self.killer(&files, &rulebook, mutant, &policies);
        let fate = if killed_by.is_some() { Fate::Killed } else { Fate::Alive };
        Some(TrialResult { fate, meaning: Some(meaning.finish()), killed_by, policies })
    }

    /// The scenario that notices a mutant. Those in which its rule takes part come first: they are
    /// the likely ones.
    fn killer(
        &self,
        files: &Files,
        rulebook: &Rulebook,
        mutant: &Mutant,
        policies: &[String],
    ) -> Option<String> {
        let rule = mutant.within.strip_prefix("rule ");
        let near = |case: &&Case<'_>| rule.is_some_and(|rule| case.rules.contains(rule));
        let concerned =
            || self.cases.iter().filter(|case| policies.iter().any(|p| p == case.policy));
        let mut variants = Variants::new(files, rulebook, Options::new());
        let mut fails = |case: &&Case<'_>| {
            let Ok(rulebook) = variants.with(&case.scenario.set) else { return true };
            let judged = judge(rulebook, case.policy, case.scenario);
            let zone = &rulebook.settings().zone;
            judged.is_some_and(|judged| unmet(case.scenario, &judged, zone).next().is_some())
        };
        let mut ordered = concerned().filter(near).chain(concerned().filter(|case| !near(case)));
        ordered.find(|case| fails(case)).map(|case| case.scenario.name.clone())
    }
}

/// The rules that fired.
fn part(decision: &Decision) -> BTreeSet<String> {
    let overridden = decision.overridden().map(|pair| pair.rule);
    let given = decision.rules().chain(decision.outweighed()).chain(overridden);
    let fired = given.chain(decision.shadow()).chain(decision.warnings());
    fired.map(|rule| rule.name().to_string()).collect()
}
