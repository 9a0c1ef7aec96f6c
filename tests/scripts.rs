//! Functions from scripts: values come back as they went, operators mean what they mean in policies,
//! and whatever a script does, the caller gets a value or a fault.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    missing_docs,
    reason = "tests fail by panicking"
)]

#[path = "scripts/border.rs"]
mod border;
#[path = "scripts/harm.rs"]
mod harm;
#[path = "scripts/meaning.rs"]
mod meaning;
#[path = "scripts/unlike.rs"]
mod unlike;

use rulebook::{Policy, Rulebook};
use serde_json::{Value, json};

/// The policy `p` of a rulebook with one script, `scripts/f.rhai`.
fn policy(policy: &str, script: &str) -> Policy {
    policy_with("name: scripts", policy, script)
}

/// The same with settings of its own.
fn policy_with(settings: &str, policy: &str, script: &str) -> Policy {
    let sources = [("p.policy", policy), ("scripts/f.rhai", script), ("rulebook.yaml", settings)];
    Rulebook::from_sources(sources).unwrap_or_else(|e| panic!("{e}")).policy("p").unwrap()
}

/// What a function `f(a, b)` of a script gives for 1.5 and 5 CNY: the decision and the faults.
fn told(body: &str) -> (Value, Value) {
    told_with("name: scripts", body)
}

/// The same with settings of its own.
fn told_with(settings: &str, body: &str) -> (Value, Value) {
    let policy = policy_with(
        settings,
        r#"record R { a: number  b: CNY }
           fn f(a: number, b: CNY) -> number from "scripts/f.rhai"
           policy p for R { decide d: number by first  rule r { then f(a, b) } }"#,
        &format!("fn f(a, b) {{\n{body}\n}}"),
    );
    let decision = policy.decide_json(r#"{"a": 1.5, "b": 5}"#).unwrap();
    let json = serde_json::to_value(&decision).unwrap();
    (json["decisions"]["d"].clone(), json["faults"].clone())
}

/// The code and the message of the fault of `f`.
fn fault(body: &str) -> (String, String) {
    let (value, faults) = told(body);
    assert_eq!(value, json!(null), "{body}");
    let text = |key: &str| faults[0][key].as_str().unwrap_or_default().to_string();
    (text("code"), text("message"))
}

/// Whether money lies in the record, in a list of it, or in records of a list.
#[test]
fn money_of_any_currency_is_an_amount_to_a_script() {
    let policy = policy(
        r#"record Item { name: text  price: money }
           record R { id: text  paid: money  tips: list of money  first: Item  items: list of Item }
           fn f(paid: money, tips: list of money, first: Item, items: list of Item) -> CNY
             from "scripts/f.rhai"
           policy p for R {
             decide back: CNY by first
             rule r { then f(paid, tips, first, items) }
           }"#,
        "fn f(paid, tips, first, items) {
           let sum = paid + first.price;
           for tip in tips { sum += tip; }
           for item in items { sum += item.price; }
           sum
         }",
    );
    let decided = |tip: &str| {
        let record = json!({
            "id": "r", "paid": "5 CNY", "tips": [tip], "first": {"name": "a", "price": "0.25 CNY"},
            "items": [{"name": "b", "price": {"amount": "1.50", "currency": "CNY"}}],
        });
        serde_json::to_value(policy.decide_json(record.to_string()).unwrap()).unwrap()
    };
    let told = decided("2 CNY");
    assert_eq!(told["decisions"]["back"], json!({"amount": "8.75", "currency": "CNY"}), "{told}");
    assert_eq!(decided("2 USD")["faults"][0]["code"], "script-fault");
}
