//! How often each outcome was decided.

use std::collections::BTreeMap;

use rulebook::{Decision, Verdict};
use rulebook_lang::model::Value;

/// How often each outcome was decided, by policy and decision.
#[derive(Default)]
pub(crate) struct Tally {
    policies: Vec<PolicyTally>,
}

#[derive(Default)]
struct PolicyTally {
    name: String,
    decisions: Vec<Counts>,
}

/// How often each outcome of one decision was decided.
#[derive(Default)]
struct Counts {
    name: String,
    /// Outcomes that have a number, with the words for them.
    numbered: Vec<(String, u64)>,
    /// Any others.
    others: BTreeMap<String, u64>,
}

/// The number of an outcome, where there are few; none for a text or a time.
fn number(verdict: &Verdict<'_>) -> Option<usize> {
    match verdict {
        Verdict::Undecided => Some(0),
        Verdict::Fault => Some(1),
        Verdict::Value(Value::Bool(truth), _) => Some(2 + usize::from(*truth)),
        Verdict::Value(Value::Member(position), _) => {
            usize::try_from(*position).ok().map(|at| 4 + at)
        }
        _ => None,
    }
}

impl Counts {
    fn add(&mut self, decision: &Decision, verdict: &Verdict<'_>, records: u64) {
        // Amounts and numbers are too many to count one by one.
        if matches!(verdict, Verdict::Value(Value::Number(_), _) | Verdict::Values(..)) {
            return;
        }
        let Some(number) = number(verdict) else {
            *self.others.entry(decision.told(verdict)).or_default() += records;
            return;
        };
        if number >= self.numbered.len() {
            self.numbered.resize(number + 1, Default::default());
        }
        if let Some((outcome, count)) = self.numbered.get_mut(number) {
            if *count == 0 {
                *outcome = decision.told(verdict);
            }
            *count += records;
        }
    }

    fn into_outcomes(self) -> impl Iterator<Item = (String, u64)> {
        self.numbered.into_iter().filter(|(_, count)| *count > 0).chain(self.others)
    }
}

impl Tally {
    /// Counts what a policy decided about some records; `policy` tells its place among those that
    /// judge.
    pub(crate) fn add(&mut self, policy: usize, decision: &Decision, records: u64) {
        if policy >= self.policies.len() {
            self.policies.resize_with(policy + 1, Default::default);
        }
        let Some(tallied) = self.policies.get_mut(policy) else { return };
        if tallied.decisions.is_empty() {
            tallied.name = decision.policy_name().to_string();
            let named =
                |(name, _): (&str, _)| Counts { name: name.to_string(), ..Counts::default() };
            tallied.decisions = decision.verdicts().map(named).collect();
        }
        for (counts, (_, verdict)) in tallied.decisions.iter_mut().zip(decision.verdicts()) {
            counts.add(decision, &verdict, records);
        }
    }
}

/// How often each outcome of a decision was decided.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OutcomeCounts {
    /// The policy.
    pub policy: String,
    /// The decision.
    pub decision: String,
    /// Each outcome with its records, the most frequent one first.
    pub outcomes: Vec<(String, u64)>,
}

/// What was counted in all, for each decision.
pub(crate) fn sums(tallies: impl IntoIterator<Item = Tally>) -> Vec<OutcomeCounts> {
    let mut sums: BTreeMap<_, BTreeMap<_, u64>> = BTreeMap::new();
    for policy in tallies.into_iter().flat_map(|tally| tally.policies) {
        for (at, counts) in policy.decisions.into_iter().enumerate() {
            let key = (policy.name.clone(), at, counts.name.clone());
            for (outcome, count) in counts.into_outcomes() {
                *sums.entry(key.clone()).or_default().entry(outcome).or_default() += count;
            }
        }
    }
    let counts = sums.into_iter().map(|((policy, _, decision), outcomes)| {
        let mut outcomes: Vec<_> = outcomes.into_iter().collect();
        outcomes.sort_by(|a, b| b.1.cmp(&a.1).then(a.0.cmp(&b.0)));
        OutcomeCounts { policy, decision, outcomes }
    });
    counts.collect()
}
