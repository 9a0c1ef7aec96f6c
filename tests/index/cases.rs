//! Random rules on single values, and records for them.

use proptest::prelude::*;
use rulebook::{Policy, Rulebook};
use serde_json::{Value, json};

const HEAD: &str = r#"
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
  app: version = "1.0"
  tags: list of text = []
  price: money
  tip: money?
}
parameter ceiling: number = 7
policy cases for Case dated by at {
  decide hits: number by all
  decide side: left | right by first otherwise right
  decide flag: bool by first
"#;

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
        1 => (comparison.clone(), 1..9_u32).prop_map(|(is, hours)| format!("waits {is} {hours} hours")),
        2 => (comparison.clone(), 0..12_u32, prop::sample::select(vec!["CNY", "JPY"]))
            .prop_map(|(is, n, code)| format!("price.currency == {code} and price {is} {n} {code}")),
        1 => (comparison.clone(), 0..12_u32).prop_map(|(is, n)| {
            format!("(tip is missing or tip.currency != CNY or tip {is} {n} CNY)")
        }),
        2 => (comparison, version()).prop_map(|(is, version)| format!("app {is} \"{version}\"")),
        1 => (version(), version()).prop_map(|(low, high)| format!("app in \"{low}\" ..< \"{high}\"")),
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

/// A version; some share a key with others.
fn version() -> impl Strategy<Value = String> {
    let all = [
        "2.0.9",
        "2.0.10",
        "2.0.10-beta",
        "2.0.10-rc",
        "2.0.10.1",
        "2.0.10.2",
        "2",
        "3000000.1",
        "3000000.2",
    ];
    prop::sample::select(all.map(String::from).to_vec())
}

/// The clauses of a rule between its braces.
pub(crate) fn rule() -> impl Strategy<Value = String> {
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

/// A record.
pub(crate) fn record() -> impl Strategy<Value = Value> {
    let texts = prop::sample::select(vec!["a", "b", "c", "d", "e", "f", "g", "h", "x"]);
    let kinds = prop::sample::select(vec!["toys", "books", "food", "other"]);
    let levels = prop::sample::select(vec!["low", "middle", "high"]);
    let score = prop::option::of(0..24_u32);
    let rest = (0..24_u32, 0..13_u32, 1..10_u32, any::<bool>(), 0..10_u32);
    (texts, kinds, levels, score, rest, version()).prop_map(|(shop, kind, level, score, rest, app)| {
        let (amount, count, day, urgent, hours) = rest;
        let score = score.map(|score| f64::from(score) / 2.0);
        json!({
            "at": format!("2024-03-0{day}T0{}:00:00Z", hours % 3 * 4), "shop": shop, "kind": kind,
            "level": level, "amount": f64::from(amount) / 2.0, "count": count, "score": score,
            "day": format!("2024-03-0{day}"), "urgent": urgent, "waits": format!("PT{hours}H"),
            "app": app,
            "tags": if urgent { vec!["x"] } else { vec![] },
            "price": {"amount": count, "currency": if hours < 6 { "CNY" } else { "JPY" }},
            "tip": (day < 6).then(|| format!("{amount} {}", if urgent { "CNY" } else { "USD" })),
        })
    })
}

/// A policy with rules that are told by their numbers.
pub(crate) fn policy(rules: &[String]) -> Policy {
    let mut text = HEAD.to_string();
    for (number, rule) in rules.iter().enumerate() {
        let side = if number % 3 == 0 { "left" } else { "right" };
        let flag = if number % 4 == 0 { ", flag = true" } else { "" };
        let require = if number % 5 == 4 { " require look within 3 days of at" } else { "" };
        text.push_str(&format!(
            "  rule r{number} {{ {rule} then hits = {number}, side = {side}{flag}{require} }}\n"
        ));
    }
    text.push_str("}\n");
    let book = Rulebook::from_sources([("cases.policy", text)]);
    book.unwrap_or_else(|error| panic!("{error}")).policy("cases").unwrap().replaying()
}

/// The day whose rules judge, unless each record's own date tells which are in force.
pub(crate) fn day() -> impl Strategy<Value = Option<u32>> {
    prop::option::weighted(0.3, 1..10_u32)
}

/// The policy that judges so.
pub(crate) fn as_of(policy: Policy, day: Option<u32>) -> Policy {
    match day {
        Some(day) => policy.replaying_as_of(format!("2024-03-0{day}T00:00:00Z").parse().unwrap()),
        None => policy,
    }
}
