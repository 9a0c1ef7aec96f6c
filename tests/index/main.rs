//! What the index finds is what looking at every rule finds, however many rules there are.

#![allow(clippy::unwrap_used, clippy::panic, missing_docs, reason = "tests fail by panicking")]

mod cases;
mod classes;
use crate::batches as reference;

use cases::{as_of, day, policy, record, rule};
use proptest::prelude::*;
use rulebook::Decision;
use rulebook_core::eval::State;
use rulebook_core::program::RuleId;
use serde_json::json;

fn by_looking_at_every_rule(decision: &Decision, rules: usize) -> (Vec<RuleId>, Vec<RuleId>) {
    let states: Vec<_> = (0..rules).map(|at| decision.state(RuleId::at(at))).collect();
    let with = |is: fn(&State) -> bool| {
        let numbered = states.iter().enumerate();
        numbered.filter(|(_, state)| is(state)).map(|(at, _)| RuleId::at(at)).collect()
    };
    (with(|state| *state == State::Fired), with(|state| matches!(state, State::Faulted(_))))
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn the_index_finds_what_looking_at_every_rule_finds(
        rules in prop_oneof![
            prop::collection::vec(rule(), 1..64),
            prop::collection::vec(rule(), 65..300),
            prop::collection::vec(rule(), 600..900),
        ],
        records in prop::collection::vec(record(), 8),
        day in day(),
    ) {
        let policy = as_of(policy(&rules), day);
        let mut evaluation = policy.evaluation();
        for record in records {
            let record = record.to_string();
            let decision = evaluation.decide_json(&record).unwrap();
            let (fired, faulted) = by_looking_at_every_rule(decision, rules.len());
            prop_assert_eq!(decision.fired_rules().collect::<Vec<_>>(), fired, "{}", record);
            let broken = decision.judgement().broken.iter().map(|(rule, _)| *rule);
            prop_assert_eq!(broken.collect::<Vec<_>>(), faulted, "{}", record);
        }
    }
}

/// Many rules with ranges of one value only, whose segments are far more than what is stored.
#[test]
fn overlapping_ranges_are_told_apart_at_every_edge() {
    let ranges: Vec<_> = (0..400_u32).map(|n| (n * 7 % 400, n * 7 % 400 + 1 + n % 50)).collect();
    let rule = |(low, high): &(u32, u32)| format!("when count in {low} ..< {high}");
    let rules: Vec<_> = ranges.iter().map(rule).collect();
    let policy = policy(&rules);
    let mut evaluation = policy.evaluation();
    for count in 0..460_u32 {
        let record = json!({
            "at": "2024-03-01", "shop": "a", "kind": "toys", "level": "low", "amount": 1,
            "count": count, "day": "2024-03-01", "waits": "PT1H", "price": "1 CNY",
        });
        let decision = evaluation.decide_json(record.to_string()).unwrap();
        let fired: Vec<_> = decision.fired_rules().map(RuleId::index).collect();
        let holds = |(low, high): &(u32, u32)| (*low..*high).contains(&count);
        let expected: Vec<_> = (0..ranges.len()).filter(|at| holds(&ranges[*at])).collect();
        assert_eq!(fired, expected, "{count}");
    }
}

/// A number beyond what a key holds still stands on the right side of every constant.
#[test]
fn numbers_beyond_the_range_of_keys_compare_as_they_are() {
    let rules = [
        "when count > 9_000_000_000".to_string(),
        "when count > 90_000_000_000_000".to_string(),
        "when count < -9_000_000_000".to_string(),
        "when count == 90_000_000_000_001".to_string(),
    ];
    let policy = policy(&rules);
    let mut evaluation = policy.evaluation();
    let mut fired = |count: &str| {
        let record = format!(
            r#"{{"at": "2024-03-01", "shop": "a", "kind": "toys", "level": "low", "amount": 1,
                "count": "{count}", "day": "2024-03-01", "waits": "PT1H", "price": "1 CNY"}}"#
        );
        let decision = evaluation.decide_json(record).unwrap();
        decision.fired_rules().map(RuleId::index).collect::<Vec<_>>()
    };
    assert!(fired("9000000000").is_empty());
    assert_eq!(fired("9000000000.5"), [0]);
    assert_eq!(fired("90000000000001"), [0, 1, 3]);
    assert_eq!(fired("99999999999999999999999999999"), [0, 1]);
    assert_eq!(fired("-99999999999999999999999999999"), [2]);
}
