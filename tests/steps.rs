//! Decisions that build on decisions: one policy of many steps decides as a chain of policies does.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    missing_docs,
    reason = "tests fail by panicking"
)]

use std::fmt::Write as _;

use rulebook::{Policy, Record, Rulebook};

/// How many steps stand one behind the other.
const STEPS: usize = 16;

/// Fares of a journey of so many legs, each from the one before: as one policy, and as one a leg.
fn books() -> (Rulebook, Rulebook) {
    let record = "record Journey { id: text, base: number }\n\n";
    let (mut one, mut rules) = (format!("{record}policy fares for Journey {{\n"), String::new());
    let mut chain = record.to_string();
    for leg in 0..STEPS {
        let (own, other) = match leg.checked_sub(1) {
            Some(before) => (format!("fare{before}"), format!("leg{before}.fare")),
            None => ("base".to_string(), "base".to_string()),
        };
        writeln!(one, "  decide fare{leg}: number by first otherwise 0").unwrap();
        writeln!(rules, "  rule dear{leg} {{ when base > 500 then fare{leg} = {own} + 7 }}")
            .unwrap();
        writeln!(rules, "  rule fair{leg} {{ when base <= 500 then fare{leg} = {own} + 1 }}")
            .unwrap();
        writeln!(
            chain,
            "policy leg{leg} for Journey {{\n  decide fare: number by first otherwise 0\n  \
             rule dear {{ when base > 500 then {other} + 7 }}\n  \
             rule fair {{ when base <= 500 then {other} + 1 }}\n}}"
        )
        .unwrap();
    }
    let load = |text: String| Rulebook::from_sources([("a.policy", text)]).unwrap();
    (load(format!("{one}{rules}}}\n")), load(chain))
}

fn records(policy: &Policy) -> Vec<Record> {
    let bases = (0..200).map(|at| format!(r#"{{"id":"{at}","base":{}}}"#, at * 5));
    bases.map(|json| policy.read(json).unwrap()).collect()
}

/// What a decision comes to on each record.
fn decided(policy: &Policy, decision: &str) -> Vec<String> {
    let (records, mut evaluation) = (records(policy), policy.evaluation());
    let decide = |record| evaluation.decide_read(record).unwrap().number(decision).unwrap();
    records.iter().map(decide).map(|number| number.to_string()).collect()
}

#[test]
fn one_policy_of_steps_decides_as_a_chain_of_policies() {
    let (one, chain) = books();
    let last = STEPS - 1;
    let by_one = decided(&one.policy("fares").unwrap(), &format!("fare{last}"));
    let by_chain = decided(&chain.policy(&format!("leg{last}")).unwrap(), "fare");
    assert_eq!(by_one, by_chain);
}

/// A name is seen through where it only compares fields with constants: the index knows as much as without.
#[test]
fn names_keep_the_index() {
    let head = "record Parcel { id: text, weight: number, town: text }\npolicy p for Parcel {\n  \
                decide step: look | pass by first otherwise pass\n";
    let written_out = "  rule a { when weight > 5 and town == \"x\" then look }\n  \
                       rule b { when weight > 9 and not (town == \"x\") then look }\n}\n";
    let named = "  let here = town == \"x\"\n  let heavy = weight > 5 and here\n  \
                 rule a { when heavy then look }\n  \
                 rule b { when weight > 9 and not here then look }\n}\n";
    let index = |rules: &str| {
        let rulebook = Rulebook::from_sources([("a.policy", format!("{head}{rules}"))]).unwrap();
        let policy = rulebook.policy("p").unwrap();
        let sorted = (0..20).map(|at| {
            let town = if at % 2 == 0 { "x" } else { "y" };
            let json = format!(r#"{{"id":"{at}","weight":{at},"town":"{town}"}}"#);
            policy.decide_json(json).unwrap().rules().map(|rule| rule.name().to_string()).collect()
        });
        let sorted: Vec<Vec<String>> = sorted.collect();
        (sorted, format!("{:?}", policy.compiled().index))
    };
    assert_eq!(index(named), index(written_out));
}
