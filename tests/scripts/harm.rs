//! Scripts that want to do harm: each is a fault or is refused at load, on a small stack.

use std::thread;

use rulebook::Rulebook;
use serde_json::json;

use super::{fault, told, told_with};

/// Bodies that take too much.
const GREEDY: &[&str] = &[
    "loop { }",
    "while true { let x = 1; }",
    "do { } until false",
    "for i in 0..9223372036854775807 { }",
    "try { loop { } } catch { 1 }",
    "f(a, b)",
    "try { f(a, b) } catch { f(a, b) }",
    "let s = \"ab\"; loop { s += s; }",
    "let s = \"ab\"; loop { s = s + s; }",
    "let s = \"ab\"; loop { s = `${s}${s}`; }",
    "let s = \"ab\"; loop { s += a; }",
    "let l = [1]; loop { l.push(l); }",
    "let l = [1]; loop { l += l; }",
    "let l = [1]; loop { l = [l, l]; }",
    "let l = []; loop { l.push(1); }",
    "let l = [1]; loop { l.append(l); }",
    "let l = [1]; loop { l.insert(0, l); }",
    "let l = []; l.pad(1000000000, 1); l.len()",
    "let l = [1]; loop { l = l.map(|x| [x, x]); }",
    "let l = []; for i in 0..4000 { l.push(i); } l.map(|x| `${x}${x}${x}${x}${x}${x}${x}${x}`).len()",
    "let m = #{}; loop { m = #{ a: m, b: m }; }",
    "let m = #{}; let i = 0; loop { i += 1; m[`${i}`] = i; }",
    "let l = [1, 2]; l.reduce(|sum, x| { loop { } }, 0);",
    "let l = [1]; loop { l[0] = l; }",
    "let l = []; loop { let x = 1; l.push(#{ l: l }); }",
];

/// Bodies that fail in other ways.
const FAILING: &[&str] = &[
    "throw \"no\"",
    "throw #{ code: 5 }",
    "throw",
    "1 / 0",
    "1 % 0",
    "[1][5]",
    "[1][-5]",
    "\"abc\"[7]",
    "#{ a: 1 }.b",
    "b + money(1, \"USD\")",
    "b + 1",
    "b > 3",
    "b * b",
    "money(1, \"XYZ\")",
    "number(\"1.2345678901\")",
    "date(\"2024-02-30\")",
    "time(\"soon\")",
    "months(1.5)",
    "date(\"9999-12-31\") + days(1)",
    "2 ** 100",
    "9223372036854775807 * 9223372036854775807 * 9223372036854775807",
    "[b, a].sort(); 1",
    "a.unheard",
    "call(a)",
    "a.call()",
    "let f = |x| x; f.call()",
    "host(\"no address\")",
];

/// Bodies that no rulebook takes.
const REFUSED: &[&str] = &[
    "eval(\"1\")",
    "import \"x\" as x; 1",
    "let f = |x| x; loop { f = f.curry(f); }",
    "Fn(\"f\").call(a, b)",
    "curry(a, b)",
    "this",
    "[1, 2].map(|| this + 1)",
    "0xFFFFFFFFFFFFFFFF",
    "0x8000_0000_0000_0000 + 1",
    "[1, #{ a: 0b1111111111111111111111111111111111111111111111111111111111111111 }]",
    "-0o1777777777777777777777",
    "unknown + 1",
    "unheard(a)",
    "sleep(1000)",
    "timestamp()",
    "rand()",
    "open_file(\"/etc/passwd\")",
    "parse_json(\"{}\")",
    "exit(3)",
    "try { unheard(a) } catch { 1 }",
    "a.unheard()",
    "round(a, 1, 2)",
    "a.f(b)",
    "let limit = 3; [1, 2].filter(|x| x > limit).len()",
    "switch a { 1.5 => 1, _ => 2 }",
    "switch a { 1 | 2 => 1, _ => 2 }",
    "switch a { 0..5 => 1, _ => 2 }",
    "0.1234567891",
    "12345678901234567890123456789.123456789",
    "#{ a: 1, a: 2 }",
    "fn g() { 1 }",
    "let = 5",
    "(((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((1)))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))",
];

/// Expressions each of which costs far more than the few steps that it is: `l` is a list of 4,900
/// numbers, `m` one of 4,900 amounts, `r` one of 490 records, `n` one of 70 lists of 60 numbers each, and
/// `s` a text of 60,000 bytes.
const DEAR: &[&str] = &[
    "l == l",
    "l != l",
    "m == m",
    "r == r",
    "n == n",
    "let c = l",
    "let c = m",
    "let c = r",
    "let c = #{ l: l }",
    "-1 in l",
    "l.contains(-1)",
    "l.index_of(-1)",
    "l.index_of(-1, 3)",
    "n.index_of([-1])",
    "l.sort()",
    "m.sort_desc()",
    "l.order()",
    "m.order_desc()",
    "l.dedup()",
    "l.reverse()",
    "l.extract(0)",
    "[[1]].index_of(l.extract(0).extract(0).extract(0))",
    "l.len()",
    "l[7]",
    "l[7] = 8",
    "`${l}`",
    "l.to_string()",
    "print(m)",
    "l.filter(|x| x > 1)",
    "l.map(|x| x)",
    "l.reduce(|sum, x| sum + x, 0)",
    "l.some(|x| x < 0)",
    "l.sort(|a, b| a - b)",
    "for x in l { break; }",
    "l.insert(0, l.pop())",
    "l.splice(0, 1, [1])",
    "l.drain(0, 1); l.push(1)",
    "switch l { \"a\" => 1, _ => 2 }",
    "same(l)",
    "try { throw l } catch { }",
    "[l.len(), l.len()]",
    "s == s",
    "let c = s + \"c\"",
    "s[50000]",
    "s[50000] = 'c'",
    "upper(s)",
    "contains(s, \"abc\")",
    "`${s}${1}`",
    "for c in s { break; }",
    "for c in s.chars() { break; }",
    "[].pad(4900, 1)",
    "let c = [1]; c.pad(4900, [])",
    "\"\".pad(60000, 'c')",
    "let c = \"c\"; c.pad(60000, \"ab\")",
    "let c = \"\"; c.pad(60000, 'c')",
    "let c = \"aaaaaaaaaaaaaaaaaaaa\"; c.replace(\"a\", \"LONG\")",
    "let c = l + l.extract(0, 1)",
    "l += [1]; l.pop()",
    "l.append([1]); l.pop()",
    "let c = []; c.splice(0, 0, l)",
];

/// Expressions that cost what they seem to.
const CHEAP: &[&str] = &[
    "let c = 5 * 3 + 1",
    "let c = \"a short text\" + \"and another\"",
    "let c = [1, 2, 3]",
    "let c = #{ a: 1, b: \"b\" }.b",
    "let c = date(\"2024-09-12\") + days(3)",
    "1 in [1, 2, 3]",
    "upper(\"a\")",
];

/// Whether 200 rounds of an expression take more than 4,000 operations.
fn takes_too_much(expression: &str) -> bool {
    let policy = r#"record Item { x: number  y: number }
        record R { l: list of number  m: list of CNY  r: list of Item  n: list of list of number  s: text }
        fn f(l: list of number, m: list of CNY, r: list of Item, n: list of list of number, s: text) -> number
          from "scripts/f.rhai"
        policy p for R { decide d: number by first  rule once { then f(l, m, r, n, s) } }"#;
    let script = format!(
        "fn same(x) {{ x }}\nfn f(l, m, r, n, s) {{ for round in 0..200 {{ {expression}; }} 1 }}"
    );
    let settings = "name: dear\nscripts: { operations: 4000 }";
    let sources =
        [("p.policy", policy), ("scripts/f.rhai", script.as_str()), ("rulebook.yaml", settings)];
    let numbers: Vec<u32> = (0..4_900).collect();
    let records: Vec<_> = (0..490).map(|x| json!({"x": x, "y": 1})).collect();
    let nested = vec![(0..60).collect::<Vec<u32>>(); 70];
    let text = "ab".repeat(30_000);
    let record = json!({"l": numbers, "m": numbers, "r": records, "n": nested, "s": text});
    let rulebook = Rulebook::from_sources(sources).unwrap_or_else(|e| panic!("{e}"));
    let decision = rulebook.policy("p").unwrap().decide_json(record.to_string()).unwrap();
    let json = serde_json::to_value(&decision).unwrap();
    match json["faults"][0]["code"].as_str() {
        Some("script-limit") => true,
        Some(other) => panic!("{expression}: {other}: {json}"),
        None => false,
    }
}

#[test]
fn operations_count_by_what_they_cost() {
    for expression in DEAR {
        let expression = &expression.replace("LONG", &"b".repeat(500));
        assert!(takes_too_much(expression), "{expression}");
    }
    for expression in CHEAP {
        assert!(!takes_too_much(expression), "{expression}");
    }
}

/// What the functions do that are given to others counts, too.
#[test]
fn functions_within_functions_count() {
    let list = "let l = []; l.pad(1000, 1);";
    for call in
        ["filter(|x| x > 1)", "map(|x| x)", "reduce(|sum, x| sum + x, 0)", "some(|x| x > 1)"]
    {
        let told = |rounds: u32| told(&format!("{list} for i in 0..{rounds} {{ l.{call}; }} 7")).0;
        assert_eq!((told(5), told(100)), (json!(7), json!(null)), "{call}");
    }
}

#[test]
fn types_are_named_as_policies_name_them() {
    for (body, expected) in [
        ("0..5", "`f` gives a range, where a number is declared"),
        ("0..=5", "`f` gives a range, where a number is declared"),
        ("(0..5) + 1", "there is no function `+(range, number)`"),
        ("range(0, 9, 2)", "`f` gives a range, where a number is declared"),
        ("|x| x", "`f` gives a function, where a number is declared"),
        ("\"abc\".chars()", "`f` gives a row of characters, where a number is declared"),
        ("let l = [1]; l[range(0, 3, 1)]", ""),
        ("let x = 5; for y in x { } 1", ""),
        ("if 1..2 { 1 } else { 2 }", ""),
        ("#{}[0..2]", ""),
    ] {
        let (_, message) = fault(body);
        assert!(message.contains(expected), "{body}: {message}");
        assert!(!message.contains("::") && !message.contains("i64"), "{body}: {message}");
    }
}

/// Runs on a stack that is much smaller than any thread has by itself.
fn on_a_small_stack(run: impl FnOnce() + Send + 'static) {
    let thread = thread::Builder::new().stack_size(512 * 1024).spawn(run).unwrap();
    thread.join().unwrap();
}

#[test]
fn a_greedy_script_is_a_fault() {
    on_a_small_stack(|| {
        for body in GREEDY {
            let (code, message) = fault(body);
            assert_eq!(code, "script-limit", "{body}: {message}");
            assert!(message.starts_with("scripts/f.rhai:"), "{body}: {message}");
        }
    });
}

#[test]
fn a_failing_script_is_a_fault_with_its_line() {
    on_a_small_stack(|| {
        for body in FAILING {
            let (code, message) = fault(body);
            assert_eq!(code, "script-fault", "{body}: {message}");
            assert!(message.starts_with("scripts/f.rhai:2: "), "{body}: {message}");
        }
    });
}

#[test]
fn what_a_script_must_not_say_is_refused_at_load() {
    for body in REFUSED {
        let policy = r#"record R { a: number }
            fn f(a: number, b: number) -> number from "scripts/f.rhai"
            policy p for R { decide d: number by first  rule r { then f(a, a) } }"#;
        let script = format!("fn f(a, b) {{\n{body}\n}}");
        let sources = [("p.policy", policy), ("scripts/f.rhai", script.as_str())];
        let told = Rulebook::from_sources(sources).map(|_| ()).unwrap_err().to_string();
        assert!(told.contains("error[bad-script]") && told.contains("scripts/f.rhai:"), "{told}");
    }
}

/// As deep as lists and maps may be nested, everything that goes through all of it still ends.
#[test]
fn values_nest_as_deep_as_they_may() {
    const USES: &str = r#"
        let m = l; m.len();
        `${l}`.len();
        if l != l || !(l == l) || !(l in [(), l]) || ![l].contains(l) { return 2; }
        if [(), l].index_of(l) != 1 { return 3; }
        switch l { "a" => return 4, _ => 1 };
        #{ l: l }.to_json();
        [l].map(|x| x).len();
        try { throw l } catch (e) { return e.len(); }
    "#;
    on_a_small_stack(|| {
        for deep in [
            "let l = []; for i in 0..2400 { l = [l]; }",
            "let l = #{}; for i in 0..490 { l = #{ a: l }; }",
            "let l = []; for i in 0..300 { l = #{ a: [l] }; } for i in 0..900 { l = [l]; }",
        ] {
            // What is nested so deep takes more than a call may by default.
            let told =
                |body| told_with("scripts: { operations: 1000000 }", &format!("{deep} {body}"));
            assert_eq!(told(USES).0, 1, "{deep}");
            assert_eq!(told("l").1[0]["code"], "script-result");
            let thrown = told("throw l").1[0].clone();
            assert_eq!(thrown["code"], "script-fault");
            let message = thrown["message"].as_str().unwrap();
            assert!(message.len() < 200, "{message}");
        }
    });
}

/// Calls within each other, each of them from as deep within expressions and blocks as may be.
#[test]
fn calls_nest_as_deep_as_they_may() {
    let within = |open: &str, close: &str, times: usize| {
        format!("{}f(1, 1){}", open.repeat(times), close.repeat(times))
    };
    on_a_small_stack(move || {
        for (open, close) in [
            ("1 + (", ")"),
            ("[", "][0]"),
            ("-(", ")"),
            ("if true { ", " } else { 1 }"),
            ("{ ", " }"),
            ("max(1, ", ")"),
            ("#{ a: ", " }.a"),
            ("switch \"a\" { _ => ", " }"),
            ("loop { break ", "; }"),
            ("for x in 0..1 { ", " }"),
            ("try { ", " } catch { }"),
            ("`${", "}`"),
            ("[1].map(|x| ", ")[0]"),
            ("[1, 2].reduce(|x, y| ", ")"),
        ] {
            // As deep as is still taken.
            let script = |times| format!("fn f(a, b) {{ {} }}", within(open, close, times));
            let policy = r#"record R { a: number }
                fn f(a: number, b: number) -> number from "scripts/f.rhai"
                policy p for R { decide d: number by first  rule r { then f(a, a) } }"#;
            let load = |times| {
                let sources = [("p.policy", policy.to_string()), ("scripts/f.rhai", script(times))];
                Rulebook::from_sources(sources).ok()
            };
            let deepest = (1..40).rev().find_map(load).unwrap();
            let decision = deepest.policy("p").unwrap().decide_json(r#"{"a": 1}"#).unwrap();
            let json = serde_json::to_value(&decision).unwrap();
            // Some give another type as soon as the innermost call fails.
            let code = json["faults"][0]["code"].as_str().unwrap_or_default();
            assert!(code.starts_with("script-"), "{open}: {json}");
        }
    });
}

#[test]
fn nothing_is_printed_and_nothing_is_kept() {
    assert_eq!(told("print(a); debug(b); 7").0, 7);
    let body = "let seen = []; seen.push(a); seen.len()";
    assert_eq!(told(body).0, told(body).0);
}
