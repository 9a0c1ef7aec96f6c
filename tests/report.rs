//! The page about a simulation: everything is on it, nothing on it does harm, and it needs nothing
//! else. `.ci/check-report` looks at the page that this writes in a browser.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    missing_docs,
    reason = "tests fail by panicking"
)]

use std::fs;
use std::path::Path;

use rulebook_tools::report;
use rulebook_tools::simulate::{Cell, Flip, FlipExplanation, Impact, Tally};
use serde_json::json;

/// What nobody should see as a mark: it is in every text that an author or a record can give.
const HARM: &str = "<script>alert('&\"')</script>";

/// A simulation in which every part has something to say.
fn impact() -> Impact {
    let tally = |records: u64, sum: &str| json!({"records": records, "sums": [sum]});
    let cell = |from: &str, to: &str, records: u64, sum: &str| json!({"from": from, "to": to, "moved": false, "records": records, "sums": [sum]});
    let matrix = json!({
        "decision": format!("refund {HARM}"),
        "outcomes": ["support", "negotiate", "review", HARM],
        "cells": [
            cell("support", "support", 90_000, "9000000.5"),
            cell("support", "negotiate", 4_200, "512000"),
            cell("review", "review", 5_000, "900000"),
            cell("review", HARM, 241, "1000"),
        ],
        "totals": {"baseline": "10", "candidate": "12.5", "difference": "2.5"},
        "unit": "CNY",
    });
    let group = |value: &str, changed: u64| {
        let decisions = [&matrix];
        json!({"value": value, "all": tally(5_000, "70000"), "changed": tally(changed, "900"), "decisions": decisions})
    };
    let months = (1..=24).map(|month| {
        group(&format!("20{}-{:02}", 17 + month / 13, (month - 1) % 12 + 1), month * 37 % 400)
    });
    let count = |decided: u64| json!({"fired": tally(decided, "5"), "decided": tally(decided, "5"), "alone": tally(decided / 3, "5")});
    let rule = |name: &str, decided: u64| json!({"rule": name, "title": HARM, "baseline": count(decided / 2), "candidate": count(decided), "dropped": [matrix]});
    let side = |label: &str, set: &str| {
        json!({
            "label": label,
            "rulebook": {"name": HARM, "version": "1", "digest": "a".repeat(64)},
            "set": [["trusted_score", set]], "decided": 99_441, "faulted": 2, "rejected": 3,
            "rejections": [{"code": "wrong-type", "path": HARM, "message": HARM, "records": 3, "first": 17}],
        })
    };
    let told = |text: &str| json!({"explanation": {}, "text": format!("{text}\n{HARM}\n{}", "x".repeat(300))});
    let flip = json!({
        "record": 7, "id": HARM, "dated": "2018-01-02", "input": {"note": HARM},
        "decisions": [{"decision": "refund", "from": "support", "to": HARM}],
        "baseline": told("as before"), "candidate": told("as after"),
    });
    serde_json::from_value(json!({
        "policy": "refunds", "title": format!("Refunds {HARM}"),
        "baseline": side(HARM, "4.8"), "candidate": side("trusted_score=4.7", "4.7"),
        "differs": [
            {"what": "parameter", "name": HARM, "baseline": "4.8", "candidate": HARM},
            {"what": "rule", "name": HARM, "baseline": format!("rule r {{\n  {HARM}\n}}"), "candidate": "rule r {\n}"},
        ],
        "assumptions": [{"parameter": HARM, "value": HARM, "why": HARM, "set": true}],
        "records": 99_444, "judged": 99_441, "changed": tally(4_441, "513000"),
        "span": {"from": "2017-01-01", "until": "2018-12-31", "days": 730},
        "sums": [{"field": "order.amount", "unit": "CNY", "missing": 0}],
        "decisions": [matrix],
        "groupings": [
            {"field": "at", "monthly": true, "groups": months.collect::<Vec<_>>()},
            {"field": "category", "monthly": false,
             "groups": [group("toys", 4), group(HARM, 40), group(&"long_".repeat(40), 400)]},
        ],
        "rules": [rule("small", 12), rule(HARM, 3_000), rule("large", 200)],
        "watched": [{"rule": HARM, "title": HARM, "effect": "shadow", "fired": tally(9, "1"), "enforced": [matrix]}],
        "measures": [{
            "name": "cost", "title": format!("Cost {HARM}"), "kind": "sum", "unit": "CNY",
            "sources": [HARM], "assumed": [HARM], "faults": [0, 2],
            "value": {"baseline": "9", "candidate": "5", "difference": "-4"},
            "yearly": {"baseline": "4.5", "candidate": "2.5", "difference": "-2"},
        }],
        "flips": [flip],
    }))
    .unwrap()
}

#[test]
fn a_page_tells_everything_and_needs_nothing_else() {
    let page = report::page(&impact());
    fs::write(Path::new(env!("CARGO_TARGET_TMPDIR")).join("report.html"), &page).unwrap();
    for told in [
        "<strong>4,441</strong> of 99,441 records (4.5%) are decided differently.",
        "4,200 records go from <b>support</b> to <b>negotiate</b> (order.amount CNY\u{a0}512,000.00)",
        "falls by CNY\u{a0}4.00, from CNY\u{a0}9.00 to CNY\u{a0}5.00; for a year it falls by CNY\u{a0}2.00",
        "3 of 99,444 records could not be judged by both sides",
        "<del>-   &lt;script&gt;",
        "&lt;/script&gt;, set for this run</td>",
        "The sum of all outcomes rises by CNY\u{a0}2.50, from CNY\u{a0}10.00 to CNY\u{a0}12.50.",
        "<td class=\"n\" data-by=\"3000\">3,000</td>",
        &"a".repeat(64),
    ] {
        assert!(page.contains(told), "{told} is not in\n{page}");
    }
    assert_eq!(page.matches("<script>").count(), 1, "one script, ours");
    assert!(!page.contains(HARM) && page.contains("&lt;script&gt;alert"), "{page}");
    for elsewhere in ["src=", "http://", "https://", "@import", "url("] {
        assert!(!page.contains(elsewhere), "{elsewhere} in\n{page}");
    }
}

#[test]
fn without_a_baseline_the_candidate_alone_is_told() {
    let mut alone = impact();
    alone.baseline = None;
    for cell in alone.decisions.iter_mut().flat_map(|matrix| &mut matrix.cells) {
        cell.from = None;
    }
    let page = report::page(&alone);
    assert!(page.contains("<li>refund &lt;script&gt;"), "{page}");
    assert!(page.contains("90,000 records are <b>support</b>"), "{page}");
    assert!(!page.contains("decided differently.</p>"), "{page}");
}

#[test]
fn nothing_at_all_is_a_page_too() {
    let page = report::page(&Impact::default());
    assert!(page.contains("<h1></h1>") && page.ends_with("</html>\n"), "{page}");
}

#[test]
fn of_many_outcomes_the_largest_moves_are_drawn() {
    let mut impact = impact();
    let outcome = |at: usize| format!("outcome_{at}");
    let matrix = &mut impact.decisions[0];
    matrix.outcomes = (0..12).map(outcome).collect();
    matrix.cells = (0..12)
        .map(|at| Cell {
            from: Some(outcome(at)),
            to: outcome((at + at % 2) % 12),
            moved: false,
            tally: Tally { records: 10 + at as u64, sums: Vec::new() },
        })
        .collect();
    let page = report::page(&impact);
    assert!(!page.contains("from outcome to outcome"), "{page}");
    assert!(page.contains("the largest moves"), "{page}");
    // Those that change come first, the largest before the others.
    let first = page.split("outcome by outcome</caption>").nth(1).unwrap();
    let rows: Vec<_> = first.split("<tr><td>").skip(1).take(7).collect();
    let froms = [11, 9, 7, 5, 3, 1, 10].map(|at| format!("outcome_{at}</td>"));
    for (row, from) in rows.iter().zip(&froms) {
        assert!(row.starts_with(from), "{row} does not start with {from}");
    }
}

#[test]
fn examples_leave_out_what_neither_side_has_to_say() {
    let text = |rule: &str| {
        format!("p, dated today\n\n  d = a\n\n○ same: `when` does not hold\n  ✗ when b\n\n{rule}\n")
    };
    let told = |rule: &str| FlipExplanation { text: text(rule), ..FlipExplanation::default() };
    let flip = Flip {
        baseline: told("○ other: `when` does not hold"),
        candidate: told("● other: fired"),
        ..Flip::default()
    };
    let [before, after] = flip.differing_explanations();
    assert_eq!(before, "p, dated today\n\n  d = a\n\n○ other: `when` does not hold");
    assert_eq!(after, "p, dated today\n\n  d = a\n\n● other: fired");
    let page = report::page(&Impact { flips: vec![flip], ..Impact::default() });
    let every = page.find("<summary>every rule</summary>").unwrap();
    assert!(page.find("○ same").unwrap() > every, "{page}");
}
