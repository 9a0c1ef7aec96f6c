//! What is simulated: the sides, the fields to group by and to add up, and the measures.

use std::sync::Arc;

use super::fields::ScalarField;
use super::impact::{Elements, Side};
use super::outcome::OutcomeNames;
use super::{MAX_GROUPS, SimulateError};
use rulebook::{Policy, Rulebook};
use rulebook_core::program::{self, Measurement};
use rulebook_lang::model::Currency;

/// One way of judging the records.
#[derive(Debug, Clone)]
pub struct Trial {
    pub(super) rulebook: Rulebook,
    pub(super) policy: Policy,
    /// How results describe it; the counts are filled in at the end.
    pub(super) side: Side,
}

impl Trial {
    /// A policy of a rulebook, in the manner in which it judges: replaying, or by the rules of a time.
    pub fn new(rulebook: &Rulebook, policy: Policy, label: impl Into<String>) -> Self {
        let name = Some(rulebook.name().clone());
        let side = Side { label: label.into(), rulebook: name, ..Side::default() };
        Self { rulebook: rulebook.clone(), policy, side }
    }

    /// Notes the time by whose rules it judges.
    #[must_use]
    pub fn at(mut self, time: impl Into<String>) -> Self {
        self.side.at = Some(time.into());
        self
    }

    /// Notes the parameters that were set for it.
    #[must_use]
    pub fn with(mut self, set: Vec<(String, String)>) -> Self {
        self.side.set = set;
        self
    }

    /// The rulebook of its policy.
    pub fn rulebook(&self) -> &Rulebook {
        &self.rulebook
    }

    /// The policy that judges, in the manner that was given.
    pub fn policy(&self) -> &Policy {
        &self.policy
    }

    pub(super) fn compiled(&self) -> &program::Policy {
        self.policy.compiled()
    }

    /// Whether its records have dates, as of which they are judged.
    pub(super) fn is_dated(&self) -> bool {
        self.compiled().dated.is_some()
    }

    /// What it measures under a name.
    pub(super) fn measurement(&self, name: &str) -> Option<&Measurement> {
        let mut all = self.compiled().measurements.iter();
        all.find(|measurement| measurement.name == name)
    }
}

/// What is simulated. Cheap to clone, safe to share.
#[derive(Debug, Clone)]
pub struct Plan {
    pub(super) inner: Arc<Inner>,
}

#[derive(Debug, Clone)]
pub(super) struct Inner {
    pub(super) baseline: Option<Trial>,
    pub(super) candidate: Trial,
    pub(super) by: Vec<ScalarField>,
    pub(super) sums: Vec<ScalarField>,
    pub(super) sample: usize,
    /// Whether it is counted what each rule does.
    pub(super) rules: bool,
    /// How many groups a field may have.
    pub(super) most_groups: usize,
    /// The outcomes of each decision of the candidate, on both sides.
    pub(super) names: Vec<OutcomeNames>,
    /// The measures of either side, by name.
    pub(super) measures: Vec<String>,
}

impl Plan {
    /// Whether records have dates, as of which they are judged.
    pub fn is_dated(&self) -> bool {
        self.inner.candidate.is_dated()
    }

    /// Compares a candidate with a baseline, or shows the candidate alone. Records are grouped by
    /// the fields `by`, the fields `sums` are added up, and of the records that are decided
    /// otherwise `sample` are kept as examples.
    ///
    /// # Errors
    /// When the sides decide about different things, when a record has no such field, or the field holds
    /// nothing to group by or to add up.
    pub fn new(
        baseline: Option<Trial>,
        candidate: Trial,
        by: &[String],
        sums: &[String],
        sample: usize,
    ) -> Result<Self, SimulateError> {
        let mut inner = Inner {
            by: Vec::new(),
            sums: Vec::new(),
            names: Vec::new(),
            measures: Vec::new(),
            baseline,
            candidate,
            sample,
            rules: true,
            most_groups: MAX_GROUPS,
        };
        let policy = inner.candidate.compiled();
        let subjects =
            inner.baseline.as_ref().map(|trial| (subject(trial.compiled()), subject(policy)));
        if let Some((before, after)) = subjects.filter(|(before, after)| before != after) {
            let policy = policy.name.clone();
            return Err(SimulateError::UnlikeSubjects { policy, before, after });
        }
        let by = by.iter().map(|path| ScalarField::grouping(policy, path));
        let by = by.collect::<Result<_, _>>()?;
        let sums = sums.iter().map(|path| ScalarField::summed(policy, path));
        (inner.sums, inner.by) = (sums.collect::<Result<_, _>>()?, by);
        let compiled: Vec<_> = inner
            .baseline
            .iter()
            .chain([&inner.candidate])
            .map(|side| (side.rulebook.program(), side.compiled()))
            .collect();
        let names = OutcomeNames::of(&compiled);
        let mut measures: Vec<String> = Vec::new();
        for (_, policy) in compiled.iter().rev() {
            for measurement in &policy.measurements {
                if !measures.contains(&measurement.name) {
                    measures.push(measurement.name.clone());
                }
            }
        }
        (inner.names, inner.measures) = (names, measures);
        Ok(Self { inner: Arc::new(inner) })
    }

    /// As one of so many plans that are simulated side by side: rules and examples are left out, and
    /// all together have no more groups than four plans may have.
    #[must_use]
    pub fn among(mut self, plans: usize) -> Self {
        let inner = Arc::make_mut(&mut self.inner);
        (inner.rules, inner.sample) = (false, 0);
        inner.most_groups = (4 * MAX_GROUPS).div_ceil(plans.max(1)).min(MAX_GROUPS);
        self
    }

    /// What the candidate is compared with.
    pub fn baseline(&self) -> Option<&Trial> {
        self.inner.baseline.as_ref()
    }

    /// The fields by which records are grouped.
    pub fn by(&self) -> impl Iterator<Item = &str> {
        self.inner.by.iter().map(|field| field.path.as_str())
    }

    /// The fields that are added up.
    pub fn sums(&self) -> impl Iterator<Item = &str> {
        self.inner.sums.iter().map(|field| field.path.as_str())
    }

    /// The names of the decisions of the candidate, in the order of its policy.
    pub fn decisions(&self) -> impl Iterator<Item = &str> {
        self.inner.names.iter().map(|names| names.decision.as_str())
    }

    /// The currencies of the fields that are added up, where they are money.
    pub fn sum_currencies(&self) -> impl Iterator<Item = Option<String>> {
        self.inner.sums.iter().map(ScalarField::unit)
    }

    /// The currencies of the decisions, where they are money.
    pub fn decision_currencies(&self) -> impl Iterator<Item = Option<&str>> {
        let is_currency = |unit: &&str| Currency::from_code(unit).is_some();
        self.inner.names.iter().map(move |names| names.unit.as_deref().filter(is_currency))
    }

    /// Whether each element of a list is decided about by itself.
    pub fn has_elements(&self) -> bool {
        self.inner.candidate.compiled().elements.is_some()
    }

    /// The side that is tried.
    pub fn candidate(&self) -> &Trial {
        &self.inner.candidate
    }
}

/// What a policy decides about, in words.
fn subject(policy: &program::Policy) -> String {
    match &policy.elements {
        Some(elements) => format!("each element of {}", elements.path),
        None => "a record as a whole".to_string(),
    }
}

impl Inner {
    /// What is decided about one by one, where that are elements of a list.
    pub(super) fn elements(&self) -> Option<Elements> {
        let elements = self.candidate.compiled().elements.as_ref()?;
        Some(Elements { name: elements.name.clone(), list: elements.path.clone() })
    }

    /// The rules of both sides, and which side has each: those of the candidate first.
    pub(super) fn rules(&self) -> Vec<(&str, bool, bool)> {
        let names = |trial: Option<&'_ Trial>| -> Vec<String> {
            let policy = trial.map(Trial::compiled);
            policy.map_or_else(Vec::new, |p| p.rules.iter().map(|r| r.name.clone()).collect())
        };
        let (before, after) = (names(self.baseline.as_ref()), names(Some(&self.candidate)));
        let candidate = self.candidate.compiled().rules.iter();
        let baseline = self.baseline.as_ref().map(Trial::compiled);
        let baseline = baseline.into_iter().flat_map(|policy| &policy.rules);
        let gone = baseline.filter(|rule| !after.contains(&rule.name));
        let rules = candidate.map(|rule| (rule.name.as_str(), before.contains(&rule.name), true));
        rules.chain(gone.map(|rule| (rule.name.as_str(), true, false))).collect()
    }
}
