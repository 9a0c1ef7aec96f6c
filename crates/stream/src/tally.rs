//! How often each outcome was decided.

use std::collections::BTreeMap;

use crate::spread::{Spread, Values};
use rulebook::{Decision, Verdict};
use rulebook_lang::model::Value;

/// So many different values are told one by one; of more it is told what they have in common.
const FEW: usize = 12;

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
    values: Values,
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
        let Some(number) = number(verdict) else {
            return self.values.add(decision, verdict, records);
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
    /// What the values have in common that are too many to stand among the outcomes, and amounts.
    pub spread: Option<Spread>,
}

/// What was counted of one decision.
#[derive(Default)]
struct Sum {
    numbered: BTreeMap<String, u64>,
    values: Values,
}

/// What was counted in all, for each decision.
pub(crate) fn sums(tallies: impl IntoIterator<Item = Tally>) -> Vec<OutcomeCounts> {
    let mut sums: BTreeMap<_, Sum> = BTreeMap::new();
    for policy in tallies.into_iter().flat_map(|tally| tally.policies) {
        for (at, counts) in policy.decisions.into_iter().enumerate() {
            let sum = sums.entry((policy.name.clone(), at, counts.name)).or_default();
            for (outcome, count) in counts.numbered.into_iter().filter(|(_, count)| *count > 0) {
                *sum.numbered.entry(outcome).or_default() += count;
            }
            sum.values.merge(counts.values);
        }
    }
    let counts = sums.into_iter().map(|((policy, _, decision), sum)| {
        let (listed, spread) = sum.values.told(FEW);
        let mut outcomes: Vec<_> = sum.numbered.into_iter().chain(listed).collect();
        outcomes.sort_by(|a, b| b.1.cmp(&a.1).then(a.0.cmp(&b.0)));
        OutcomeCounts { policy, decision, outcomes, spread }
    });
    counts.collect()
}
