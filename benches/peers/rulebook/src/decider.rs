//! Rulebook's interface as the comparison uses it; the only place to change when that changes.

use rulebook::{Decision, Evaluation, Policy, Record, Rulebook};
use rulebook_core::eval::State;
use rulebook_core::program::{DecisionId, RuleId};
use workload::{Hits, Input, Outcomes};

const FITS: &str = "the workload fits its record";

/// The only policy of the rulebook in a folder.
pub fn folder(path: &str) -> Policy {
    only_policy(&Rulebook::load(path).unwrap_or_else(|error| panic!("{error}")))
}

/// The only policy of a rulebook of one text.
pub fn text(text: &str) -> Policy {
    let rulebook = Rulebook::from_sources([("rules.policy", text)]);
    only_policy(&rulebook.unwrap_or_else(|error| panic!("{error}")))
}

fn only_policy(rulebook: &Rulebook) -> Policy {
    let name = rulebook.policies().next().expect("there is a policy");
    // A fixed time, so that nobody asks the clock.
    let now = "2024-09-12T00:00:00Z".parse().expect("this is a time");
    rulebook.policy(name).expect("it is in the rulebook").at(now)
}

/// A record in slots, kept.
pub fn read(policy: &Policy, json: &str) -> Record {
    policy.read(json).expect(FITS)
}

/// A: the three decisions, in memory that is used again.
pub struct Checkout {
    evaluation: Evaluation,
    decisions: [DecisionId; 3],
}

impl Checkout {
    /// The numbers of the decisions are looked up once.
    pub fn new(policy: &Policy) -> Self {
        let compiled = policy.compiled();
        let decision = |name| compiled.decision(name).expect("the policy makes this decision");
        let decisions = ["refund", "payment", "link"].map(decision);
        Self { evaluation: policy.evaluation(), decisions }
    }

    /// From the bytes of JSON.
    pub fn of_json(&mut self, json: &[u8]) -> Outcomes {
        outcomes(self.decisions, self.evaluation.decide_json(json).expect(FITS))
    }

    /// From a struct that serialises.
    pub fn of_struct(&mut self, input: &Input) -> Outcomes {
        outcomes(self.decisions, self.evaluation.decide(input).expect(FITS))
    }

    /// From a record in slots.
    pub fn of_record(&mut self, record: &Record) -> Outcomes {
        outcomes(self.decisions, self.evaluation.decide_read(record).expect(FITS))
    }
}

fn outcomes(decisions: [DecisionId; 3], decision: &Decision) -> Outcomes {
    let outcome = |id| decision.outcome_of(id).expect("every decision has an outcome");
    let [refund, payment, link] = decisions.map(outcome);
    Outcomes::named(refund, payment, link)
}

/// B: the numbers of the rules that fire, in memory that is used again.
pub fn hits(evaluation: &mut Evaluation, record: &Record) -> Hits {
    numbers(evaluation.decide_read(record).expect(FITS).fired_rules())
}

/// B without what the index found: every rule is evaluated for itself, one after another.
pub fn hits_one_by_one(policy: &Policy, evaluation: &mut Evaluation, record: &Record) -> Hits {
    let decision = evaluation.decide_read(record).expect(FITS);
    let rules = policy.compiled().rules.ids();
    numbers(rules.filter(|rule| decision.state(*rule) == State::Fired))
}

fn numbers(rules: impl Iterator<Item = RuleId>) -> Hits {
    rules.map(|rule| rule.index() as u64).collect()
}
