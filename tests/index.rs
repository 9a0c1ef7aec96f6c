//! What the index finds is what looking at every rule finds, however many rules there are.

#![allow(clippy::unwrap_used, clippy::panic, missing_docs, reason = "tests fail by panicking")]

use proptest::prelude::*;
use rulebook::eval::State;
use rulebook::program::RuleId;
use rulebook::{Decision, Policy, Rulebook};
use serde_json::{Value, json};

const HEAD: &str = r"
enum Level { low < middle < high }
enum Kind { toys, books, food, .. }
record Case {
  at: time
  shop: text
  kind: Kind
  level: Level
  amount: CNY
  count: number
  score: number?
  day: date
  urgent: bool = false
  waits: duration
  tags: list of text = []
}
parameter ceiling: number = 7
policy cases for Case dated by at {
  decide hits: number by all
";

/// A condition on single values, or one that has to be evaluated.
fn condition() -> impl Strategy<Value = String> {
    let comparison = prop::sample::select(vec!["==", "!=", "<", "<=", ">", ">="]);
    let shop = prop::sample::select(vec!["a", "b", "c", "d", "e", "f", "g", "h"]);
    let number = (0..12_u32, any::<bool>()).prop_map(|(n, half)| match half {
        true => format!("{n}.5"),
        false => n.to_string(),
    });
    let simple = prop_oneof![
        6 => shop.clone().prop_map(|shop| format!("shop == \"{shop}\"")),
        1 => (shop.clone(), shop.clone()).prop_map(|(a, b)| format!("shop in [\"{a}\", \"{b}\"]")),
        1 => shop.prop_map(|shop| format!("shop not in [\"{shop}\", \"x\"]")),
        4 => (comparison.clone(), number.clone()).prop_map(|(is, n)| format!("amount {is} {n} CNY")),
        3 => (comparison.clone(), number.clone()).prop_map(|(is, n)| format!("{n} {is} count")),
        1 => comparison.clone().prop_map(|is| format!("count {is} ceiling")),
        1 => (0..6_u32, 0..6_u32).prop_map(|(low, more)| format!("count in {low} ..< {}", low + more)),
        1 => (0..6_u32, 0..6_u32).prop_map(|(low, more)| format!("count not in {low} ..= {}", low + more)),
        2 => (comparison.clone(), number.clone())
            .prop_map(|(is, n)| format!("score is present and score {is} {n}")),
        1 => number.clone().prop_map(|n| format!("(score is missing or score > {n})")),
        1 => number.prop_map(|n| format!("(score ?? 3) < {n}")),
        1 => comparison.clone().prop_map(|is| format!("level {is} middle")),
        1 => prop::sample::select(vec!["kind == toys", "kind != books", "kind in [books, food]"])
            .prop_map(String::from),
        1 => (comparison.clone(), 1..9_u32).prop_map(|(is, day)| format!("day {is} 2024-03-0{day}")),
        1 => (comparison.clone(), 1..9_u32).prop_map(|(is, day)| format!("at {is} 2024-03-0{day}")),
        1 => (comparison, 1..9_u32).prop_map(|(is, hours)| format!("waits {is} {hours} hours")),
        1 => prop::sample::select(vec![
            "urgent", "not urgent", "\"x\" in tags", "starts_with(shop, \"a\")", "10 / count > 2",
        ])
        .prop_map(String::from),
    ];
    prop_oneof![
        5 => simple.clone(),
        1 => (simple.clone(), simple.clone()).prop_map(|(a, b)| format!("({a} or {b})")),
        1 => (simple.clone(), simple.clone()).prop_map(|(a, b)| format!("not ({a} or {b})")),
        1 => (simple.clone(), simple).prop_map(|(a, b)| format!("not ({a} and {b})")),
    ]
}

/// The clauses of a rule between its braces.
fn rule() -> impl Strategy<Value = String> {
    let timeline = prop_oneof![
        6 => Just(String::new()),
        2 => (1..9_u32).prop_map(|day| format!("from 2024-03-0{day}")),
        1 => (1..5_u32, 5..9_u32)
            .prop_map(|(a, b)| format!("from 2024-03-0{a} shadow from 2024-03-0{b} until 2024-03-09")),
        1 => (1..9_u32).prop_map(|day| format!("from 1500-01-01 until 2024-03-0{day}")),
        1 => (1..9_u32).prop_map(|day| format!("from 2024-03-0{day} for 50% by shop where count > 3")),
        // Where the count is above ten, the share is a fault, whatever `when` says.
        1 => Just("from 2024-03-02 for count / 10 by shop".to_string()),
    ];
    let when = prop::collection::vec(condition(), 1..4).prop_map(|all| all.join(" and "));
    let unless = prop::option::weighted(0.2, condition());
    (timeline, when, unless).prop_map(|(timeline, when, unless)| {
        let unless = unless.map(|unless| format!(" unless {unless}")).unwrap_or_default();
        format!("{timeline} when {when}{unless}")
    })
}

fn record() -> impl Strategy<Value = Value> {
    let texts = prop::sample::select(vec!["a", "b", "c", "d", "e", "f", "g", "h", "x"]);
    let kinds = prop::sample::select(vec!["toys", "books", "food", "other"]);
    let levels = prop::sample::select(vec!["low", "middle", "high"]);
    let score = prop::option::of(0..24_u32);
    let rest = (0..24_u32, 0..13_u32, 1..10_u32, any::<bool>(), 0..10_u32);
    (texts, kinds, levels, score, rest).prop_map(|(shop, kind, level, score, rest)| {
        let (amount, count, day, urgent, hours) = rest;
        let score = score.map(|score| f64::from(score) / 2.0);
        json!({
            "at": format!("2024-03-0{day}T0{}:00:00Z", hours % 3 * 4), "shop": shop, "kind": kind,
            "level": level, "amount": f64::from(amount) / 2.0, "count": count, "score": score,
            "day": format!("2024-03-0{day}"), "urgent": urgent, "waits": format!("PT{hours}H"),
            "tags": if urgent { vec!["x"] } else { vec![] },
        })
    })
}

fn policy(rules: &[String]) -> Policy {
    let mut text = HEAD.to_string();
    for (number, rule) in rules.iter().enumerate() {
        text.push_str(&format!("  rule r{number} {{ {rule} then {number} }}\n"));
    }
    text.push_str("}\n");
    let book = Rulebook::from_sources([("cases.policy", text)]);
    book.unwrap_or_else(|error| panic!("{error}")).policy("cases").unwrap().replaying()
}

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
    ) {
        let policy = policy(&rules);
        let mut evaluation = policy.evaluation();
        for record in records {
            let record = record.to_string();
            let decision = evaluation.decide(&record).unwrap();
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
            "count": count, "day": "2024-03-01", "waits": "PT1H",
        });
        let decision = evaluation.decide(record.to_string()).unwrap();
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
                "count": "{count}", "day": "2024-03-01", "waits": "PT1H"}}"#
        );
        let decision = evaluation.decide(record).unwrap();
        decision.fired_rules().map(RuleId::index).collect::<Vec<_>>()
    };
    assert!(fired("9000000000").is_empty());
    assert_eq!(fired("9000000000.5"), [0]);
    assert_eq!(fired("90000000000001"), [0, 1, 3]);
    assert_eq!(fired("99999999999999999999999999999"), [0, 1]);
    assert_eq!(fired("-99999999999999999999999999999"), [2]);
}
