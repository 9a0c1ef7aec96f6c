//! Scripts that loop forever, allocate without end, throw or lie: the process lives on, stays small,
//! and accounts for every record.

use serde_json::{Value, json};

use crate::harness::{Folder, each, json_lines};

const POLICY: &str = r#"
record Order { id: text  at: time = 2024-08-20T10:00Z  kind: text  amount: CNY }

fn risk(kind: text, amount: CNY) -> number from "scripts/risk.rhai"

policy orders for Order dated by at {
  decide outcome: pass < review < reject by strictest otherwise pass
  rule risky { when risk(kind, amount) > 5 then review }
  rule large { when amount > 1000 CNY then reject }
}
"#;

const SCRIPT: &str = r#"
fn risk(kind, amount) {
  switch kind {
    "fine" => return 6,
    "forever" => loop { },
    "text" => { let s = "ab"; loop { s += s; } },
    "list" => { let l = [1]; loop { l.push(l); } },
    "nested" => { let l = []; loop { l = [l]; } },
    "map" => { let m = #{}; loop { m = #{ a: m, b: m }; } },
    "many" => { let l = []; for i in 0..1000 { l.push(i); } return l.map(|x| long(x)).len(); },
    "recursion" => return risk(kind, amount),
    "throw" => throw "no such risk",
    "type" => return "six",
    "money" => return amount,
    "nothing" => return (),
    _ => throw `no ${kind}`,
  }
}

fn long(x) { let s = `${x}`; for i in 0..12 { s += s; } s }
"#;

/// Each kind with the code of its fault, if it has one.
const KINDS: &[(&str, Option<&str>)] = &[
    ("fine", None),
    ("forever", Some("script-limit")),
    ("text", Some("script-limit")),
    ("list", Some("script-limit")),
    ("nested", Some("script-limit")),
    ("map", Some("script-limit")),
    ("many", Some("script-limit")),
    ("recursion", Some("script-limit")),
    ("throw", Some("script-fault")),
    ("type", Some("script-result")),
    ("money", Some("script-result")),
    ("nothing", Some("script-result")),
];

fn folder() -> Folder {
    Folder::new()
        .with("orders/orders.policy", POLICY)
        .with("orders/scripts/risk.rhai", SCRIPT)
        .with("orders/rulebook.yaml", "name: orders\nscripts: { operations: 8000, list: 1500 }")
}

/// Orders of all kinds, over and over, with one that is broken at the end of each round.
fn orders(rounds: usize) -> String {
    let round = |number: usize| {
        let good = KINDS.iter().map(move |(kind, _)| {
            // A decision that cannot be stricter does not need to know.
            let amount = if number.is_multiple_of(2) { 50 } else { 5000 };
            json!({ "id": format!("{kind}{number}"), "kind": kind, "amount": amount }).to_string()
        });
        good.chain(["{\"id\": 5}".to_string()])
    };
    (0..rounds).flat_map(round).collect::<Vec<_>>().join("\n")
}

#[test]
fn every_record_is_accounted_for() {
    const ROUNDS: usize = 4;
    let folder = folder().with("in.jsonl", orders(ROUNDS));
    for threads in ["1", "4"] {
        let run = folder.run("eval orders --policy orders --input in.jsonl --rejects bad.jsonl");
        let ran = run.args("--threads").arg(threads).exits(1);
        let lines = ran.lines();
        assert_eq!(lines.len(), ROUNDS * KINDS.len());
        assert_eq!(json_lines(&folder.read("bad.jsonl")).len(), ROUNDS);
        assert_eq!(lines.len() + ROUNDS, ROUNDS * (KINDS.len() + 1));
        for (number, line) in lines.iter().enumerate() {
            let (kind, code) = KINDS[number % KINDS.len()];
            let large = !(number / KINDS.len()).is_multiple_of(2);
            let outcome = match code {
                _ if large => json!("reject"),
                None => json!("review"),
                Some(_) => Value::Null,
            };
            assert_eq!(line["decisions"]["outcome"], outcome, "{kind}: {line}");
            let first = line.pointer("/faults/0/code").cloned().unwrap_or(Value::Null);
            assert_eq!(first, json!(code), "{kind}: {line}");
            let message = line.pointer("/faults/0/message").and_then(Value::as_str).unwrap_or("");
            assert!(code.is_none() || message.starts_with("scripts/risk.rhai:"), "{message}");
        }
    }
}

/// The same within 300 MB of addresses, which the binary, its threads and their stacks share.
#[cfg(target_os = "linux")]
#[test]
fn the_process_stays_small() {
    let folder = folder().with("in.jsonl", orders(2));
    let command = format!(
        "ulimit -v 300000; exec {} eval orders --policy orders --input in.jsonl --threads 2",
        env!("CARGO_BIN_EXE_rulebook")
    );
    let mut shell = std::process::Command::new("sh");
    let output = shell.current_dir(folder.path("")).args(["-c", &command]).output().unwrap();
    let told = String::from_utf8(output.stdout).unwrap();
    assert_eq!(told.lines().count(), 2 * KINDS.len(), "{output:?}", output = output.stderr);
    assert_eq!(output.status.code(), Some(1));
}

#[test]
fn check_draws_slips_in_the_script() {
    let folder =
        folder().with("orders/scripts/risk.rhai", "fn risk(kind, amount) {\n  let = 5;\n}");
    folder.run("check orders").exits(1).out_has("scripts/risk.rhai:2:7");
}

#[test]
fn a_single_policy_finds_its_scripts_beside_it() {
    let folder = folder();
    let input = json!({ "id": "o1", "kind": "fine", "amount": 5 }).to_string();
    let run = folder.run("eval orders/orders.policy --policy orders --input -").input(input);
    assert_eq!(each(&run.exits(0).lines(), "/decisions/outcome"), [json!("review")]);
}

#[test]
fn the_digest_covers_scripts() {
    let digest = |script: &str| {
        let folder = folder().with("orders/scripts/risk.rhai", script);
        let input = json!({ "id": "o1", "kind": "fine", "amount": 5 }).to_string();
        let run = folder.run("eval orders --policy orders --input -").input(input);
        each(&run.exits(0).lines(), "/rulebook/digest")
    };
    let one = digest("fn risk(kind, amount) { 1 }");
    assert_eq!(one, digest("fn risk(kind, amount) { 1 }"));
    assert_ne!(one, digest("fn risk(kind, amount) { 2 }"));
}

#[test]
fn explain_and_scenarios_run_scripts() {
    let test = "policy: orders\nscenarios:\n  - name: fine\n    with: { id: o1, kind: fine, amount: 5 }\n    expect: { outcome: review }\n  - name: throws\n    with: { id: o2, kind: throw, amount: 5000 }\n    expect: { outcome: reject }\n";
    let folder = folder().with("orders/tests/orders.yaml", test).with("in.jsonl", orders(1));
    folder.run("test orders").exits(0).out_has("2 passed");
    folder
        .run("explain orders --policy orders --input in.jsonl --record 0")
        .exits(0)
        .out_has("risk(kind, amount) is 6");
    folder
        .run("explain orders --policy orders --input in.jsonl --record 1")
        .exits(0)
        .out_has("takes more than 8000 operations");
}
