//! What a record may take of work: lists are looked up in as fast as they are long, what would take too
//! long is a fault of its own, and everybody finds the same one.

use std::sync::Arc;

use arrow_json::ReaderBuilder;
use arrow_json::reader::infer_json_schema;
use rulebook::batch::Wanted;
use rulebook::{Decision, Policy, Rulebook};
use rulebook_core::eval::explain::explain;
use serde_json::{Value, json};

use super::batches;

const RECORD: &str = "record Order { id: text  note: text?  tags: list of text  ids: list of text  sizes: list of number }\n";

fn rulebook(rules: &str) -> Rulebook {
    let policy = format!(
        "{RECORD}
         fn costly(size: number) -> number from \"costly.rhai\"
         policy p for Order {{
           decide d: no < maybe < yes by strictest otherwise no
           decide many: number by largest otherwise 0
           rule nobody {{ when id == \"nobody\" then d = maybe, many = 1 }}
           {rules}
         }}"
    );
    let script = "fn costly(size) { let sum = 0; for i in 0..20000 { sum += 1; } sum }";
    Rulebook::from_sources([("p.policy", policy.as_str()), ("costly.rhai", script)]).unwrap()
}

fn policy(rules: &str) -> Policy {
    rulebook(rules).policy("p").unwrap()
}

fn decide(rules: &str, record: &Value) -> Decision {
    policy(rules).decide_json(record.to_string()).unwrap()
}

/// A record whose lists have so many elements; none of `tags` is one of `ids`.
fn record(tags: usize, ids: usize) -> Value {
    let texts = |of: &str, count| (0..count).map(|at| format!("{of}{at}")).collect::<Vec<_>>();
    let sizes: Vec<usize> = (0..tags).collect();
    json!({"id": "o", "tags": texts("tag", tags), "ids": texts("id", ids), "sizes": sizes})
}

fn outcomes(decision: &Decision) -> Value {
    serde_json::to_value(decision).unwrap()["decisions"].clone()
}

/// The faults of rules.
fn faults(decision: &Decision) -> Vec<(String, &'static str)> {
    let faults = decision.faults().into_iter();
    let named = faults.filter_map(|fault| Some((fault.rule?.to_string(), fault.code)));
    named.collect()
}

#[test]
fn looking_up_takes_as_long_as_the_lists_are() {
    // Gone through, these would be more than a billion comparisons.
    let rules = "
        rule any { when any(t in tags: t in ids) then d = yes }
        rule count { then many = count(t in tags where t not in ids) }
        rule sizes { when any(s in sizes: (s + 0.5) in sizes) then d = yes }";
    let decision = decide(rules, &record(30_000, 30_000));
    assert_eq!(faults(&decision), []);
    assert_eq!(outcomes(&decision), json!({"d": "no", "many": 30_000}));
}

/// Lists that are gone through, that are hashed after a while, and of several kinds.
#[test]
fn looking_up_finds_what_is_there() {
    let rules = "
        rule texts { then many = 1_000_000 * count(t in tags where t in ids)
                               + 1_000 * count(s in sizes where s / 3 in sizes)
                               + count(t in tags where lower(t) not in tags) }";
    let policy = policy(rules);
    for length in [0_usize, 1, 7, 15, 16, 17, 40, 200] {
        let tags: Vec<String> = (0..length).map(|at| format!("{at}")).collect();
        let ids: Vec<String> = (0..length).map(|at| format!("{}", at * 2)).collect();
        let sizes: Vec<usize> = (0..length).collect();
        let record = json!({"id": "o", "tags": tags, "ids": ids, "sizes": sizes});
        let shared = length.div_ceil(2) * 1_000_000 + length.div_ceil(3) * 1_000;
        let decision = policy.decide_json(record.to_string()).unwrap();
        assert_eq!(outcomes(&decision)["many"], json!(shared), "{length}");
        assert_eq!(faults(&decision), []);
    }
}

#[test]
fn what_takes_too_long_is_a_fault() {
    let long = record(4_000, 10);
    let wider = record(2_000, 10);
    let wide = json!({"id": "o", "note": "ab".repeat(200_000), "tags": [], "ids": [], "sizes": []});
    for (rule, record) in [
        (
            "when any(a in tags: any(b in tags: a != b and starts_with(b, \"x\"))) then d = yes",
            &long,
        ),
        ("when any(a in sizes: sum(b in sizes: a * b) < 0) then d = yes", &long),
        (
            "when all(a in tags: count(b in ids where any(c in tags: c == a and c == b)) == 0) then d = yes",
            &long,
        ),
        ("when any(s in sizes: costly(s) < 0) then d = yes", &long),
        ("then many = len([b for a in tags for b in tags])", &long),
        ("when any(a in sizes: len(distinct([b + a for b in sizes])) < 0) then d = yes", &wider),
        ("then many = max(a in sizes: max(b in sizes: a - b) ?? 0) ?? 0", &long),
        ("when matches(note ?? \"\", \"(?:[ab]{0,50}a){10}z\") then d = yes", &wide),
    ] {
        // What surely wins is decided all the same.
        let both = format!("rule r {{ {rule} }} rule sure {{ when id == \"sure\" then d = yes }}");
        let policy = policy(&both);
        let decision = policy.decide_json(record.to_string()).unwrap();
        assert_eq!(faults(&decision), [("r".to_string(), "work-limit")], "{rule}");
        if rule.ends_with("d = yes") {
            assert_eq!(outcomes(&decision)["d"], json!(null), "{rule}");
            let mut sure = record.clone();
            sure["id"] = json!("sure");
            let decision = policy.decide_json(sure.to_string()).unwrap();
            assert_eq!(outcomes(&decision)["d"], json!("yes"), "{rule}");
        }
    }
}

/// Functions that use an argument twice, called one within the other: each doubles what the call takes.
#[test]
fn calls_within_calls_are_counted() {
    let nested = |times| {
        let call = (0..times).fold("len(tags)".to_string(), |call, _| format!("twice({call})"));
        let policy = format!(
            "{RECORD} fn twice(n: number) -> number = min(n, n)
             policy p for Order {{ decide n: number by first  rule r {{ then {call} }} }}"
        );
        let rulebook = Rulebook::from_sources([("p.policy", policy)]).unwrap();
        rulebook.policy("p").unwrap().decide_json(record(3, 0).to_string()).unwrap()
    };
    assert_eq!(outcomes(&nested(10)), json!({"n": 3}));
    assert_eq!(faults(&nested(40)), [("r".to_string(), "work-limit")]);
}

/// Rules that each take a good part of what a record may: from some rule on there is none left.
const RULES: &str = "
    rule cheap  { when len(tags) > 3 then d = maybe }
    rule first  { when any(a in tags: any(b in tags: a == \"x\" and b == \"y\")) then d = yes }
    rule second { when any(a in tags: any(b in tags: a == \"x\" and b == \"z\")) then d = yes }
    rule third  { when any(a in tags: a == \"x\") then d = yes }
    rule last   { when id == \"o\" then d = maybe }
    rule value  { then many = count(a in tags where a == \"x\") }";

#[test]
fn the_rules_of_a_policy_share_what_a_record_may_take() {
    let short = decide(RULES, &record(300, 0));
    assert_eq!(faults(&short), []);
    let rulebook = rulebook(RULES);
    let policy = rulebook.policy("p").unwrap();
    let decision = policy.decide_json(record(900, 0).to_string()).unwrap();
    let limited: Vec<_> = faults(&decision);
    let expected = ["second", "third", "value"].map(|rule| (rule.to_string(), "work-limit"));
    assert_eq!(limited, expected);
    // Explaining looks at each rule anew, and says of it what judging said.
    let told = explain(&decision, rulebook.sources());
    for rule in &told.rules {
        let faulted = ["second", "third"].contains(&rule.rule.as_str());
        let state = format!("{:?}", rule.status);
        assert_eq!(state.to_lowercase().contains("fault"), faulted, "{}: {state}", rule.rule);
    }
}

#[test]
fn a_batch_finds_the_faults_that_rows_find() {
    let rows: Vec<String> = [3, 300, 900, 300, 900, 900, 20]
        .iter()
        .map(|count| record(*count, 2).to_string())
        .collect();
    let text = rows.join("\n");
    let (schema, _) = infer_json_schema(text.as_bytes(), None).unwrap();
    let mut reader = ReaderBuilder::new(Arc::new(schema)).build(text.as_bytes()).unwrap();
    let batch = reader.next().unwrap().unwrap();
    let policy = policy(RULES);
    let counts =
        batches::compare(&policy, &batch, Wanted { rules: true, reasons: true, elements: false })
            .unwrap();
    assert_eq!(counts.decided, rows.len());
}

/// What took too many steps is quoted to explain it, and not looked at again.
#[test]
fn explanations_are_bounded() {
    let rules: String = (0..8)
        .map(|at| {
            let inner = format!("count(y in sizes where y + {at} > x * 2) > {at}");
            format!("rule r{at} {{ when count(x in sizes where {inner}) > 3000 and id == \"o\" then d = yes }}\n")
        })
        .collect();
    let rulebook = rulebook(&rules);
    let policy = rulebook.policy("p").unwrap();
    let decision = policy.decide_json(record(900, 0).to_string()).unwrap();
    let told = explain(&decision, rulebook.sources());
    let limited = faults(&decision).len();
    assert!((3..8).contains(&limited), "{limited}");
    let faulted: Vec<_> =
        told.rules.iter().filter(|rule| format!("{:?}", rule.status) == "Faulted").collect();
    assert_eq!(faulted.len(), limited);
    for rule in faulted {
        assert!(
            rule.clauses.iter().all(|clause| clause.condition.holds.is_none()),
            "{}",
            rule.rule
        );
        let told = rule.clauses.iter().filter(|clause| clause.condition.fault.is_some()).count();
        assert_eq!((rule.clauses.len(), told), (2, 1), "{}", rule.rule);
    }
    let unmet = told.rules.iter().find(|rule| rule.rule == "r0").unwrap();
    assert_eq!(unmet.clauses[0].condition.holds, Some(false));
}

/// What several rules ask for is worked out once: each of these would take all the steps of a record if it were
/// worked out for every rule.
#[test]
fn what_many_rules_ask_for_is_worked_out_once() {
    let many = |rule: &dyn Fn(usize) -> String| (0..80).map(rule).collect::<String>();
    let script = |at: usize| {
        format!(
            "rule s{at} {{ when costly(count(t in tags)) > {at} then many = costly(count(t in tags)) because \"{{costly(count(t in tags))}}\" }}\n"
        )
    };
    let list = |at: usize| {
        format!(
            "rule l{at} {{ when count(t in tags where t != note ?? id) > {at} then many = 1 }}\n"
        )
    };
    let within = |_: usize| {
        "rule w { when any(s in sizes: s < 0 and s < count(t in tags where t != id)) or any(s in sizes: s > costly(3)) then many = 2 }\n".to_string()
    };
    for (rules, wanted) in [
        (many(&script), json!({"d": "no", "many": 20_000})),
        (many(&list), json!({"d": "no", "many": 1})),
        (within(0), json!({"d": "no", "many": 0})),
    ] {
        let decision = decide(&rules, &record(20_000, 1));
        assert_eq!(faults(&decision), []);
        assert_eq!(outcomes(&decision), wanted);
        assert!(decision.reasons().iter().all(|reason| !reason.is_empty()));
    }
}

/// So is the fault of something that has no value: every rule that asks for it tells the same one.
#[test]
fn what_has_no_value_has_none_for_all_that_ask() {
    let rules = "
        rule a { when 100 / count(t in tags where t == id) + count(s in sizes) * 3 > 5 then d = yes }
        rule b { when 100 / count(t in tags where t == id) + count(s in sizes) * 3 > 6 then d = maybe }";
    let told = faults(&decide(rules, &record(3, 3)));
    assert_eq!(told, [("a".into(), "division-by-zero"), ("b".into(), "division-by-zero")]);
}

/// A rule with a date of its own reads parameters by that date, whoever asked before.
#[test]
fn what_is_as_of_a_date_is_worked_out_for_each() {
    let policy = "
        record Order { id: text  at: date  paid: date  amount: number }
        parameter rate: number { from 2024-01-01: 2  from 2024-03-01: 3 }
        fn charge(amount: number) -> number = (amount * rate + 2) / 2 * rate
        policy p for Order dated by at {
          decide first: number by first
          decide second: number by first
          decide third: number by first
          rule a { when charge(amount) > 0 then first = charge(amount) }
          rule b { dated by paid when charge(amount) > 0 then second = charge(amount) }
          rule c { when charge(amount) > 0 then third = charge(amount) }
        }";
    let policy = Rulebook::from_sources([("p.policy", policy)]).unwrap().policy("p").unwrap();
    let mut evaluation = policy.evaluation();
    for (at, paid, wanted) in [
        ("2024-02-01", "2024-04-01", json!({"first": 22, "second": 48, "third": 22})),
        ("2024-04-01", "2024-02-01", json!({"first": 48, "second": 22, "third": 48})),
        ("2024-04-01", "2024-04-01", json!({"first": 48, "second": 48, "third": 48})),
    ] {
        let record = json!({"id": "o", "at": at, "paid": paid, "amount": 10});
        let decision = evaluation.decide_json(record.to_string()).unwrap();
        assert_eq!(outcomes(decision), wanted);
    }
}
