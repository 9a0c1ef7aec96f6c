//! What scenarios exercise of a rulebook: rules, phases, defaults, and each condition both ways.

pub mod marks;
mod model;
mod page;
mod plan;
mod recorder;
mod report;

use rulebook::{Files, LoadError, Options, Rulebook};
use rulebook_core::eval::{Decision, Origin, State, watch_defaults, watch_rule};
use rulebook_core::ids::IdVec;
use rulebook_core::program::{DecisionId, PolicyId, Program, RuleId};

use super::read::ScenarioFile;
use super::run::{Variants, judge};
use plan::Plan;
use recorder::{Recorder, Shown};

pub use model::{
    ConditionCoverage, Coverage, DefaultCoverage, FunctionCoverage, Kind, PhaseCoverage,
    PolicyCoverage, RowCoverage, RuleCoverage, Share, Shares, SourcePlace, Status, TableCoverage,
};
pub use page::page;

/// Runs scenarios and reports what they exercise; joined fields are looked up where `rulebook`,
/// which the files make, does so.
///
/// A condition is covered by *masking MC/DC*: it was true in one evaluation and false in another,
/// and in both the outcome of the whole condition was its own. `docs/confidence.md` says it in
/// full.
///
/// # Errors
/// When the files make no rulebook.
pub fn cover(
    files: &Files,
    rulebook: &Rulebook,
    scenarios: &[ScenarioFile],
) -> Result<Coverage, LoadError> {
    let options = Options::new().each_place();
    let places = Rulebook::inspect(files, &options).into_rulebook()?;
    let rulebook = places.with_profiles_of(rulebook);
    let plan = Plan::of(rulebook.program());
    let recorder = Recorder::new(&plan);
    let mut counts = Counts::of(rulebook.program());
    let mut variants = Variants::new(files, &rulebook, options);
    for file in scenarios {
        let Some(policy) = rulebook.program().policy(&file.policy) else { continue };
        for scenario in &file.scenarios {
            counts.scenarios[policy] += 1;
            let Ok(rulebook) = variants.with(&scenario.set) else { continue };
            // What a policy reads decides the same record, and is exercised by it as well.
            let mut read = vec![policy];
            let mut at = 0;
            while let Some(policy) = read.get(at).copied() {
                at += 1;
                let name = &rulebook.program().policies[policy].name;
                let Some(Ok(decisions)) = judge(rulebook, name, scenario) else { continue };
                for decision in &decisions {
                    counts.add(policy, decision, &recorder);
                    for policy in recorder.read() {
                        if !read.contains(&policy) {
                            read.push(policy);
                        }
                    }
                }
            }
        }
    }
    let (shown, rows) = recorder.finish();
    Ok(report::report(&rulebook, &plan, &report::Recorded { shown, rows, counts }))
}

/// How often scenarios came upon each part of the policies.
#[derive(Debug)]
struct Counts {
    scenarios: IdVec<PolicyId, usize>,
    rules: IdVec<PolicyId, IdVec<RuleId, RuleCounts>>,
    defaults: IdVec<PolicyId, IdVec<DecisionId, DefaultCounts>>,
}

/// How many scenarios came upon a rule.
#[derive(Debug, Default, Clone)]
struct RuleCounts {
    fired: usize,
    phases: Vec<PhaseCounts>,
}

/// How many scenarios came upon a phase.
#[derive(Debug, Default, Clone)]
struct PhaseCounts {
    in_force: usize,
    fired: usize,
    cohort: Shown,
}

/// How many scenarios left a decision to `otherwise` and to `on fault`.
#[derive(Debug, Default, Clone)]
struct DefaultCounts {
    otherwise: usize,
    on_fault: usize,
}

impl Counts {
    fn of(program: &Program) -> Self {
        let rules = program.policies.iter().map(|policy| {
            let rules = policy.rules.iter();
            let phases = rules.map(|rule| vec![PhaseCounts::default(); rule.phases.len()]);
            phases.map(|phases| RuleCounts { fired: 0, phases }).collect()
        });
        let defaults = program
            .policies
            .iter()
            .map(|policy| policy.decisions.iter().map(|_| DefaultCounts::default()).collect());
        Self {
            scenarios: program.policies.iter().map(|_| 0).collect(),
            rules: rules.collect(),
            defaults: defaults.collect(),
        }
    }

    /// Adds what a policy decided in a scenario.
    fn add(&mut self, policy: PolicyId, decision: &Decision, recorder: &Recorder<'_>) {
        recorder.begin(policy);
        watch_defaults(decision, recorder);
        let rules = &mut self.rules[policy];
        for id in rules.ids() {
            let counts = &mut rules[id];
            let seen = watch_rule(decision, id, recorder);
            let fired = seen.state == State::Fired;
            counts.fired += usize::from(fired);
            let phase = seen.phase.map(usize::from);
            let Some(phase) = phase.and_then(|at| counts.phases.get_mut(at)) else { continue };
            phase.in_force += 1;
            phase.fired += usize::from(fired);
            if let Some(inside) = seen.in_cohort {
                phase.cohort.looked_at += 1;
                phase.cohort.as_true += usize::from(inside);
                phase.cohort.as_false += usize::from(!inside);
            }
        }
        for (origin, counts) in decision.origins().zip(&mut self.defaults[policy]) {
            counts.otherwise += usize::from(origin == Origin::Otherwise);
            counts.on_fault += usize::from(origin == Origin::OnFault);
        }
    }
}
