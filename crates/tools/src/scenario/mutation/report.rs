//! What became of mutants, one by one and counted.

use std::collections::BTreeMap;

use serde::Serialize;

use super::TrialResult;
use super::mutant::{Mutant, MutantKind};
use rulebook::Rulebook;
use rulebook_base::source::Sources;

/// What became of the mutants of a rulebook.
#[derive(Debug, Clone, Serialize)]
pub struct Mutation {
    /// What its settings, or else its folder, call the rulebook.
    pub rulebook: String,
    /// How many scenarios the mutants were tried on.
    pub scenarios: usize,
    /// All mutants together, each counted once.
    pub total: Tally,
    /// The mutants that change each policy; one that changes several counts for each.
    pub policies: Vec<PolicyTally>,
    /// The mutants by the kind of their edit, kinds without any left out.
    pub kinds: Vec<KindTally>,
    /// Every mutant, in the order of the text.
    pub mutants: Vec<Tried>,
}

/// How many mutants came to what.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct Tally {
    /// Mutants that a scenario noticed, by failing.
    pub killed: usize,
    /// Mutants that no scenario noticed: every one passed.
    pub alive: usize,
    /// The edit made no rulebook; it does not count.
    pub stillborn: usize,
    /// The edit made the same rulebook; it does not count.
    pub equivalent: usize,
}

/// The mutants that change a policy.
#[derive(Debug, Clone, Serialize)]
pub struct PolicyTally {
    /// What the rulebook calls the policy.
    pub policy: String,
    /// What came of the mutants that change it.
    #[serde(flatten)]
    pub tally: Tally,
}

/// The mutants of one kind of edit.
#[derive(Debug, Clone, Serialize)]
pub struct KindTally {
    /// The kind of their edit.
    pub kind: MutantKind,
    /// What came of the mutants of this kind.
    #[serde(flatten)]
    pub tally: Tally,
}

/// A mutant and what became of it.
#[derive(Debug, Clone, Serialize)]
pub struct Tried {
    /// The kind of its edit.
    pub kind: MutantKind,
    /// The policies that decide otherwise by it; the one that was edited where it made no rulebook.
    pub policies: Vec<String>,
    /// The rule or the definition that was edited, such as `rule large`.
    pub within: String,
    /// The path of the file that was edited, seen from the rulebook.
    pub file: String,
    /// The line at which the edit begins, counted from 1.
    pub line: usize,
    /// The lines that it changes, as they are.
    pub before: String,
    /// The lines as they were edited.
    pub after: String,
    /// Whether a scenario noticed it.
    pub fate: Fate,
    /// The name of the scenario that noticed it first.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub killed_by: Option<String>,
}

/// What came of trying a mutant, by the usual words of mutation testing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Fate {
    /// A scenario failed, and so noticed it.
    Killed,
    /// Every scenario passed, so that nothing keeps this edit from happening.
    Alive,
    /// The edit made no rulebook: the checker refused it.
    Stillborn,
    /// It made a rulebook that decides alike.
    Equivalent,
}

impl Tally {
    fn add(&mut self, fate: Fate) {
        *match fate {
            Fate::Killed => &mut self.killed,
            Fate::Alive => &mut self.alive,
            Fate::Stillborn => &mut self.stillborn,
            Fate::Equivalent => &mut self.equivalent,
        } += 1;
    }

    /// The mutation score: the share of killed mutants among those that are killed or alive, in percent;
    /// of none, all are.
    pub fn percent(&self) -> f64 {
        match self.killed + self.alive {
            0 => 100.0,
            all => 100.0 * self.killed as f64 / all as f64,
        }
    }
}

/// A mutant as reports show it: the lines that it changes, before and after.
pub(super) fn tried(sources: &Sources, mutant: &Mutant, result: TrialResult) -> Tried {
    let span = mutant.span();
    let file = sources.get(span.file);
    let text = file.map_or("", |file| file.text.as_str());
    let with = mutant.edits.first().map_or("", |(_, with)| with.as_str());
    let (start, end) = (span.start as usize, span.end as usize);
    let line_start = text.get(..start).and_then(|t| t.rfind('\n')).map_or(0, |at| at + 1);
    // What ends with its line ends there.
    let last = if end > start && text.get(..end).is_some_and(|t| t.ends_with('\n')) {
        end - 1
    } else {
        end
    };
    let line_end = text.get(last..).and_then(|t| t.find('\n')).map_or(text.len(), |at| last + at);
    let part = |from: usize, to: usize| text.get(from..to).unwrap_or("");
    let after = format!("{}{with}{}", part(line_start, start), part(end, line_end));
    Tried {
        kind: mutant.kind,
        policies: result.policies,
        within: mutant.within.clone(),
        file: file.map(|file| file.path.clone()).unwrap_or_default(),
        line: sources.line_column(span).0,
        before: part(line_start, line_end).to_string(),
        after: after.trim_end().to_string(),
        fate: result.fate,
        killed_by: result.killed_by,
    }
}

/// Counts what became of mutants.
pub(super) fn report(rulebook: &Rulebook, scenarios: usize, mutants: Vec<Tried>) -> Mutation {
    let mut total = Tally::default();
    let mut policies: BTreeMap<&str, Tally> = BTreeMap::new();
    let mut kinds: BTreeMap<MutantKind, Tally> = BTreeMap::new();
    for mutant in &mutants {
        total.add(mutant.fate);
        kinds.entry(mutant.kind).or_default().add(mutant.fate);
        for policy in &mutant.policies {
            policies.entry(policy).or_default().add(mutant.fate);
        }
    }
    let policies = rulebook.policies().filter_map(|name| {
        let tally = *policies.get(name)?;
        Some(PolicyTally { policy: name.to_string(), tally })
    });
    let policies = policies.collect();
    let kinds = kinds.into_iter().map(|(kind, tally)| KindTally { kind, tally });
    Mutation {
        rulebook: rulebook.name().name.clone(),
        scenarios,
        total,
        policies,
        kinds: kinds.collect(),
        mutants,
    }
}
