//! Rulebook's interface as the comparison uses it; the only place to change when that changes.

use rulebook::eval::{Judgement, judge};
use rulebook::facts::read_json;
use rulebook::model::{Store, Time, Type, Value};
use rulebook::program;
use rulebook::{Decision, Policy, Rulebook};
use workload::{Hits, Input, Outcomes};

/// The only policy of a rulebook.
pub struct Decider {
    rulebook: Rulebook,
    policy: Policy,
    now: Time,
}

impl Decider {
    /// The rulebook in a folder.
    pub fn folder(path: &str) -> Self {
        Self::new(Rulebook::load(path).unwrap_or_else(|error| panic!("{error}")))
    }

    /// A rulebook of one text.
    pub fn text(text: &str) -> Self {
        let rulebook = Rulebook::from_sources([("rules.policy", text)]);
        Self::new(rulebook.unwrap_or_else(|error| panic!("{error}")))
    }

    fn new(rulebook: Rulebook) -> Self {
        let name = rulebook.policies().next().expect("there is a policy");
        // A fixed time, so that nobody asks the clock.
        let now = "2024-09-12T00:00:00Z".parse().expect("this is a time");
        let policy = rulebook.policy(name).expect("it is in the rulebook").at(now);
        Self { rulebook, policy, now }
    }

    /// A: from the bytes of JSON.
    pub fn outcomes_of_json(&self, json: &str) -> Outcomes {
        outcomes(&self.policy.decide(json).expect("the workload fits its record"))
    }

    /// A: from a struct that serialises.
    pub fn outcomes_of_struct(&self, input: &Input) -> Outcomes {
        outcomes(&self.policy.decide_record(input).expect("the workload fits its record"))
    }

    /// A record in slots, kept.
    pub fn read(&self, json: &str) -> Store {
        let mut record = Store::default();
        read_json(self.rulebook.program(), &self.compiled().layout, json.as_bytes(), &mut record)
            .expect("the workload fits its record");
        record
    }

    /// A: from a record in slots.
    pub fn outcomes_of_record(&self, record: &Store) -> Outcomes {
        let judgement = self.judge(record);
        let outcome = |at: usize| {
            let cell = judgement.outcomes[at].values[0];
            match (judgement.results.value(cell), &self.compiled().decisions[at].ty) {
                (Value::Member(position), Type::Enum(members)) => {
                    members.member(position).expect("the member exists")
                }
                other => panic!("{other:?} is no outcome"),
            }
        };
        Outcomes::named(outcome(0), outcome(1), outcome(2))
    }

    /// B: the numbers of the rules that fired.
    pub fn hits(&self, record: &Store) -> Hits {
        let judgement = self.judge(record);
        judgement.outcomes[0].rules.iter().map(|rule| rule.index() as u64).collect()
    }

    fn judge(&self, record: &Store) -> Judgement {
        judge(self.rulebook.program(), self.compiled(), record, Some(self.now), self.now)
    }

    fn compiled(&self) -> &program::Policy {
        self.policy.compiled().expect("the policy is compiled")
    }
}

fn outcomes(decision: &Decision) -> Outcomes {
    let outcome = |name| decision.outcome(name).expect("every decision has an outcome");
    Outcomes::named(outcome("refund"), outcome("payment"), outcome("link"))
}
