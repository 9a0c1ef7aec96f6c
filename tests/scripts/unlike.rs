//! What does not compare is a fault, never `false`.

use serde_json::json;

use super::{fault, told};

/// Values of unlike types, as a script writes them.
const VALUES: &[&str] = &[
    "5",
    "1.5",
    "\"9\"",
    "true",
    "b",
    "money(5, \"EUR\")",
    "date(\"2024-09-12\")",
    "days(7)",
    "months(3)",
    "[5]",
    "#{ a: 5 }",
    "(0..5)",
];

/// Those that compare with each other though they are not written alike.
fn are_alike(a: &str, b: &str) -> bool {
    let numbers = ["5", "1.5"];
    numbers.contains(&a) && numbers.contains(&b)
}

const OPERATORS: [&str; 6] = ["==", "!=", "<", "<=", ">", ">="];

#[test]
fn values_of_unlike_types_do_not_compare() {
    for (at, a) in VALUES.iter().enumerate() {
        for b in VALUES.iter().skip(at + 1).filter(|b| !are_alike(a, b)) {
            for operator in OPERATORS {
                for (a, b) in [(a, b), (b, a)] {
                    let body =
                        format!("let a = {a}; let b = {b}; if a {operator} b {{ 1 }} else {{ 2 }}");
                    let body = body
                        .replace("let b = b;", "")
                        .replace("let a = b;", "let a = money(5, \"CNY\");");
                    let (code, message) = fault(&body);
                    assert_eq!(code, "script-fault", "{body}: {message}");
                    assert!(message.contains("do not compare by `"), "{body}: {message}");
                }
            }
        }
    }
}

#[test]
fn a_missing_value_does_not_compare() {
    for operator in OPERATORS {
        for (a, b) in
            [("x", "5"), ("5", "x"), ("x", "\"\""), ("x", "x"), ("[1][0]", "x"), ("b", "x")]
        {
            let body = format!("let x = (); if {a} {operator} {b} {{ 1 }} else {{ 2 }}");
            let (code, message) = fault(&body);
            assert_eq!(code, "script-fault", "{body}: {message}");
            assert!(message.contains("what is missing does not compare"), "{body}: {message}");
        }
    }
    let (_, message) = fault("if a < () { 1 } else { 2 }");
    assert!(message.ends_with("ask first whether it is there: `value != ()`"), "{message}");
}

#[test]
fn whether_a_value_is_there_can_be_asked() {
    let cases = [
        ("let x = (); if x == () { 1 } else { 2 }", 1),
        ("let x = (); if x != () { 1 } else { 2 }", 2),
        ("if a == () { 1 } else { 2 }", 2),
        ("if \"\" != () && [] != () && b != () { 1 } else { 2 }", 1),
        ("let x = #{ a: () }; if x.a == () { 1 } else { 2 }", 1),
        ("let x = [1, ()]; if x == [1, ()] && x != [1, 2] { 1 } else { 2 }", 1),
        ("[1, ()].index_of(())", 1),
        ("[1, ()].filter(|x| x != ()).len()", 1),
    ];
    for (body, wanted) in cases {
        let (value, faults) = told(body);
        assert_eq!(value, json!(wanted), "{body}: {faults}");
    }
}

/// Members of an enum arrive as texts, and those have no order: the alphabet would be another one.
#[test]
fn texts_and_truth_values_have_no_order() {
    for operator in ["<", "<=", ">", ">="] {
        for (a, b) in [("\"pass\"", "\"review\""), ("true", "false"), ("\"pass\"[0]", "\"a\"")] {
            let (code, message) = fault(&format!("if {a} {operator} {b} {{ 1 }} else {{ 2 }}"));
            assert_eq!(code, "script-fault", "{message}");
            assert!(message.contains("do not compare by"), "{message}");
        }
    }
}

#[test]
fn what_compares_within_lists_compares_alike() {
    for body in [
        "if [1, \"a\"] == [1, 2] { 1 } else { 2 }",
        "if #{ a: 1 } != #{ a: \"1\" } { 1 } else { 2 }",
        "if \"1\" in [1, 2] { 1 } else { 2 }",
        "if \"1\" !in [1, 2] { 1 } else { 2 }",
        "[1, 2].index_of(\"2\")",
        "if [b].contains(5) { 1 } else { 2 }",
        "let l = [1, \"1\"]; l.dedup(); l.len()",
    ] {
        let (code, message) = fault(body);
        assert_eq!(code, "script-fault", "{body}: {message}");
        assert!(message.contains("do not compare by `==`"), "{body}: {message}");
    }
    for (body, wanted) in [
        ("if \"abc\"[0] == \"a\" && 'b' == \"b\" && 'a' != 'b' { 1 } else { 2 }", 1),
        ("if [1, 2.5] == [1, 2.5] && [1] != [1, \"a\"] { 1 } else { 2 }", 1),
        ("if #{ a: [b] } == #{ a: [b] } { 1 } else { 2 }", 1),
        ("let l = [1, 1, 2]; l.dedup(); l.len()", 2),
    ] {
        let (value, faults) = told(body);
        assert_eq!(value, json!(wanted), "{body}: {faults}");
    }
}

/// A function that is asked of items answers `true` or `false`.
#[test]
fn an_answer_is_true_or_false() {
    for call in ["filter", "retain", "drain", "some", "all", "find", "index_of"] {
        let (code, message) = fault(&format!("let l = [1, 2]; l.{call}(|x| x); 1"));
        assert_eq!(code, "script-fault", "{call}: {message}");
        let wanted = format!("`{call}` asks for `true` or `false`, and is given a number");
        assert!(message.contains(&wanted), "{call}: {message}");
    }
    for (body, wanted) in [
        ("[1, 2.5, 4].filter(|x| x > 1.5).len()", 2),
        ("[5, 6, 7].filter(|x, i| i > 0 && x < 7)[0]", 6),
        ("let l = [1, 2, 3]; let out = l.retain(|x| x > 1); l.len() * 10 + out.len()", 21),
        ("let l = [1, 2, 3]; let out = l.drain(|x| x > 1); l.len() * 10 + out.len()", 12),
        ("if [1, 2].some(|x| x == 2) && ![1].some(|x| x == 2) { 1 } else { 2 }", 1),
        ("if [1, 2].all(|x| x > 0) && ![1, 2].all(|x| x > 1) { 1 } else { 2 }", 1),
        ("[1, 2].find(|x| x > 1)", 2),
        ("if [1, 2].find(|x| x > 2) == () { 1 } else { 2 }", 1),
        ("[1, 2].index_of(|x| x > 1) + [1].index_of(|x| x > 1)", 0),
    ] {
        let (value, faults) = told(body);
        assert_eq!(value, json!(wanted), "{body}: {faults}");
    }
}

#[test]
fn a_missing_value_is_no_text() {
    for body in
        ["let x = (); let s = \"a\" + x; 1", "let s = \"a\"; s += (); 1", "let s = () + \"a\"; 1"]
    {
        let (code, message) = fault(body);
        assert_eq!(code, "script-fault", "{body}: {message}");
        assert!(message.contains("what is missing is no text"), "{body}: {message}");
    }
}

/// A shadow of what asks whether a value is there must not be written by hand.
#[test]
fn what_stands_for_nothing_is_refused() {
    let sources = [
        (
            "p.policy",
            "record R { a: number } fn f(a: number) -> bool from \"scripts/f.rhai\"\n policy p for R { decide d: bool by first rule r { then f(a) } }",
        ),
        ("scripts/f.rhai", "fn f(a) { a == '\\U0010FFFF' }"),
    ];
    let problems = rulebook::Rulebook::from_sources(sources).unwrap_err().to_string();
    assert!(problems.contains("not a character"), "{problems}");
}
