//! Operators and functions mean in scripts what they mean in policies.

use proptest::prelude::*;
use rulebook::Policy;
use serde_json::{Value, json};

use super::{policy, told};

/// A policy in which rule `s` gives by a script what rule `p` gives by itself, for two values of the
/// given types.
fn beside(types: (&str, &str), operator: &str, result: &str) -> Policy {
    let (a, b) = types;
    policy(
        &format!(
            r#"record R {{ a: {a}  b: {b} }}
               fn f(a: {a}, b: {b}) -> {result} from "scripts/f.rhai"
               policy p for R {{
                 decide by_script: {result} by first
                 decide by_policy: {result} by first
                 rule s {{ then by_script = f(a, b) }}
                 rule p {{ then by_policy = a {operator} b }}
               }}"#
        ),
        &format!("fn f(a, b) {{ a {operator} b }}"),
    )
}

/// What each gave, and the message of its fault.
fn both(policy: &Policy, record: &Value) -> (Value, Value) {
    let decision = policy.decide_json(record.to_string()).unwrap();
    let json = serde_json::to_value(&decision).unwrap();
    let of = |name: &str, rule: &str| {
        let faults = json["faults"].as_array().unwrap();
        let fault = faults.iter().find(|fault| fault["rule"] == rule);
        let message = fault
            .and_then(|fault| fault["message"].as_str())
            .map(|message| message.trim_start_matches("scripts/f.rhai:1: ").to_string());
        json!([json["decisions"][name], message])
    };
    (of("by_script", "s"), of("by_policy", "p"))
}

/// Numbers of all sizes, as texts: whole ones, and with up to nine digits after the point.
fn number() -> impl Strategy<Value = String> {
    let digits = prop_oneof![
        "0|[1-9][0-9]{0,3}",
        "[1-9][0-9]{0,28}",
        "9223372036854775807|9223372036854775808|1",
    ];
    (any::<bool>(), digits, prop_oneof![Just(String::new()), "\\.[0-9]{1,9}"])
        .prop_map(|(minus, whole, rest)| format!("{}{whole}{rest}", if minus { "-" } else { "" }))
}

fn amount() -> impl Strategy<Value = String> {
    "[1-9][0-9]{0,6}(\\.[0-9]{1,2})?"
}

fn agree(types: (&str, &str), operators: &[(&str, &str)], records: &[Value]) {
    for (operator, result) in operators {
        let policy = beside(types, operator, result);
        for record in records {
            let (by_script, by_policy) = both(&policy, record);
            assert_eq!(by_script, by_policy, "{record} {operator}");
        }
    }
}

const ARITHMETIC: &[(&str, &str)] =
    &[("+", "number"), ("-", "number"), ("*", "number"), ("/", "number")];
const COMPARISONS: &[(&str, &str)] =
    &[("==", "bool"), ("!=", "bool"), ("<", "bool"), ("<=", "bool"), (">", "bool"), (">=", "bool")];

fn pairs(
    a: impl Strategy<Value = String>,
    b: impl Strategy<Value = String>,
) -> impl Strategy<Value = Vec<Value>> {
    let pair = (a, b, any::<u8>()).prop_map(|(a, b, same)| {
        // Equal ones are rare by chance. A length is no time.
        let b = if same < 20 && !b.starts_with('P') { a.clone() } else { b };
        json!({ "a": a, "b": b })
    });
    prop::collection::vec(pair, 100)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 8, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn numbers(records in pairs(number(), number())) {
        agree(("number", "number"), ARITHMETIC, &records);
        agree(("number", "number"), COMPARISONS, &records);
    }

    #[test]
    fn amounts(records in pairs(amount(), amount())) {
        let own = [("+", "CNY"), ("-", "CNY"), ("/", "number")];
        agree(("CNY", "CNY"), &own, &records);
        agree(("CNY", "CNY"), COMPARISONS, &records);
        agree(("CNY", "number"), &[("*", "CNY"), ("/", "CNY")], &records);
        agree(("number", "CNY"), &[("*", "CNY")], &records);
    }

    #[test]
    fn times(records in pairs(
        "20[0-9]{2}-0[1-9]-[12][0-8]T[01][0-9]:[0-5][0-9]:00Z",
        "20[0-9]{2}-0[1-9]-[12][0-8]T[01][0-9]:[0-5][0-9]:00Z",
    )) {
        agree(("time", "time"), &[("-", "duration")], &records);
        agree(("time", "time"), COMPARISONS, &records);
    }

    #[test]
    fn moved_times(records in pairs("20[0-9]{2}-0[1-9]-[12][0-8]", "P[1-9][0-9]?D")) {
        agree(("time", "duration"), &[("+", "time"), ("-", "time")], &records);
        agree(("date", "duration"), &[("+", "date"), ("-", "date")], &records);
    }
}

/// Calculations by hand: what a script gives for 1.5 and 5 CNY.
#[test]
fn calculations_are_exact() {
    let cases = [
        ("0.1 + 0.2", json!(0.3)),
        ("7 / 2", json!(3.5)),
        ("4 / 2", json!(2)),
        ("[10, 20, 30][4 / 2]", json!(30)),
        ("let x = 7; x /= 2; x", json!(3.5)),
        ("let x = 1; x += 0.5; x -= 1; x *= 4; x", json!(2)),
        ("9223372036854775807 + 1", json!(9_223_372_036_854_775_808_u64)),
        ("let x = 9223372036854775807; x += 1; x", json!(9_223_372_036_854_775_808_u64)),
        ("1 / 3", json!(0.333333333)),
        ("1_000.5 + 0x10", json!(1016.5)),
        ("-a", json!(-1.5)),
        ("b / money(2, \"CNY\")", json!(2.5)),
        ("b * 3 / b", json!(3)),
        ("if b > money(4.99, \"CNY\") { 1 } else { 2 }", json!(1)),
        ("round(a)", json!(2)),
        ("a.round()", json!(2)),
        ("round(2.345, 2)", json!(2.34)),
        ("max(a, 1) + min(2, 1) + abs(-3) + clamp(9, 1, 5)", json!(10.5)),
        ("round(money(1, \"CNY\") / 3) / money(0.33, \"CNY\")", json!(1)),
        ("days(7) / hours(12)", json!(14)),
        ("if days(1.5) == hours(36) { 1 } else { 2 }", json!(1)),
        ("if weeks(1) - minutes(1) < seconds(604800) { 1 } else { 2 }", json!(1)),
        ("days_between(date(\"2024-02-01\"), date(\"2024-03-01\"))", json!(29)),
        ("day(date(\"2024-01-31\") + months(1))", json!(29)),
        ("year(date(\"2024-02-29\") + years(1))", json!(2025)),
        ("hour(time(\"2024-09-12T08:00+08:00\"))", json!(0)),
        ("if time(\"2024-09-12T00:00Z\") == date(\"2024-09-12\") { 1 } else { 2 }", json!(1)),
        ("if date(time(\"2024-09-12T08:00Z\")) == date(\"2024-09-12\") { 1 } else { 2 }", json!(1)),
        ("len(upper(\"abc\")) + \"abcd\".len()", json!(7)),
        ("if \"food/fresh\".under(\"food\") { 1 } else { 2 }", json!(1)),
        ("if site(\"https://a.example.co.uk/x\") == \"example.co.uk\" { 1 } else { 2 }", json!(1)),
        ("bucket(\"m1\", \"salt\") - bucket(\"m1\", \"salt\")", json!(0)),
        ("if `${a} ${b} ${0.50}` == \"1.5 5.00 CNY 0.5\" { 1 } else { 2 }", json!(1)),
        ("if \"a\" + a + b == \"a1.55.00 CNY\" { 1 } else { 2 }", json!(1)),
        ("let s = \"n\"; s += 1; s += a; if s == \"n11.5\" { 1 } else { 2 }", json!(1)),
        ("if a == () { 1 } else { 2 }", json!(2)),
        ("if 1.5 in [1, a] { 1 } else { 2 }", json!(1)),
        ("[3, 0.5, 1].contains(0.5) && [a] == [1.5]; 1", json!(1)),
        ("let l = [3.5, 1, 2.25]; l.sort(); l[0] + l[1] * 10", json!(23.5)),
        ("let l = [\"b\", \"a\"]; l.sort(); if l[0] == \"a\" { 1 } else { 2 }", json!(1)),
        ("[1, 2.5].map(|x| x * 2)[1]", json!(5)),
        ("[1, 2.5, 4].filter(|x| x > 1.5).len()", json!(2)),
        ("[1, 2.5].reduce(|sum, x| sum + x, 0)", json!(3.5)),
        ("switch \"gold\" { \"silver\" => 1, \"gold\" | \"platinum\" => 2.5, _ => 3 }", json!(2.5)),
        ("try { throw 1 } catch (e) { return e + 0.5; }", json!(1.5)),
        ("let i = 0; while i < 10 { i += 2.5; } i", json!(10)),
        ("number(\"4.8\") + number(\"1\")", json!(5.8)),
        ("if type_of(a) == \"exact value\" && type_of(1) == \"number\" { 1 } else { 2 }", json!(1)),
    ];
    for (body, wanted) in cases {
        let (value, faults) = told(body);
        assert_eq!(value, wanted, "{body}: {faults}");
    }
}
