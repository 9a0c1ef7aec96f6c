//! What the page about DMN and FEEL says of Rulebook is so.

use std::fs;

use rulebook::Rulebook;
use serde_json::json;

use super::root;

/// The cells of the rows below a table's head, without backticks.
fn rows(head: &str) -> Vec<Vec<String>> {
    let page = fs::read_to_string(root().join("docs/dmn.md")).unwrap();
    let below = page.lines().skip_while(|line| *line != head).skip(2);
    let rows: Vec<_> = below
        .take_while(|line| line.starts_with('|'))
        .map(|line| {
            let cells = line.trim_matches('|').split(" | ");
            cells.map(|cell| cell.trim_matches([' ', '`']).to_string()).collect()
        })
        .collect();
    assert!(!rows.is_empty(), "no table `{head}`");
    rows
}

/// Whether a rulebook has no errors, and its policy decides about a record without a fault.
fn decides(text: &str) {
    let rulebook = Rulebook::from_sources([("page.policy", text)]);
    let rulebook = rulebook.unwrap_or_else(|problems| panic!("{problems}\n{text}"));
    let record = json!({
        "a": 4.5, "b": null, "t": "xa", "at": "2024-09-12T08:00:00Z", "on": "2024-09-12", "xs": [1, 5],
        "flag": true
    });
    let policy = rulebook.policy("p").unwrap();
    let decision = policy.decide(&record).unwrap();
    let decision = serde_json::to_value(&decision).unwrap();
    assert_eq!(decision["faults"], json!([]), "{text}");
    assert_ne!(decision["decisions"]["out"], json!(null), "{text}");
}

const RECORD: &str = "record R { a: number  b: number?  t: text  at: time  on: date  xs: list of number  flag: bool }";

#[test]
fn cells_are_as_the_page_of_dmn_says() {
    for row in rows("| FEEL | column | cell |") {
        let [_, ty, cell] = row.as_slice() else { panic!("{row:?}") };
        let argument = match ty.as_str() {
            "number" => "a",
            "number?" => "b",
            "text" => "t",
            "bool" => "flag",
            "date" => "on",
            _ => "7 days",
        };
        decides(&format!(
            "{RECORD}\ntable c by first {{\n| own: {ty} | other: number || out: number |\n\
             | {cell} | _ || 1 |\n| _ | _ || 2 |\n}}\n\
             policy p for R {{ decide out: number by first  rule r {{ then c({argument}, a) }} }}"
        ));
    }
}

#[test]
fn expressions_are_as_the_page_of_dmn_says() {
    for row in rows("| FEEL | Rulebook | comes to |") {
        let [_, expression, ty] = row.as_slice() else { panic!("{row:?}") };
        decides(&format!(
            "{RECORD}\npolicy p for R dated by at {{ decide out: {ty} by first  \
             rule r {{ then {expression} }} }}"
        ));
    }
}
