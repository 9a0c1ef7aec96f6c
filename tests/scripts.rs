//! probe
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    missing_docs,
    reason = "tests fail by panicking"
)]
use rulebook::Rulebook;

fn told(body: &str) -> String {
    let policy = r#"
      record R { a: number  b: number = 2  m: CNY = 5 CNY }
      fn f(a: number, m: CNY) -> number from "scripts/f.rhai"
      policy p for R { decide d: number by first
        rule r { then f(a, m) } }"#;
    let rulebook = match Rulebook::from_sources([
        ("p.policy", policy.to_string()),
        ("scripts/f.rhai", format!("fn f(a, m) {{\n{body}\n}}")),
    ]) {
        Ok(rulebook) => rulebook,
        Err(error) => return error.to_string(),
    };
    let decision = rulebook.policy("p").unwrap().decide(r#"{"a": 1.5}"#).unwrap();
    let json = serde_json::to_value(&decision).unwrap();
    format!("{} {}", json["decisions"], json["faults"])
}

#[test]
fn probe() {
    for body in [
        "let x = [3.5,1,2.5]; x.sort(); x[0]",
        "let s = \"\"; for i in 0..1000 { s += \"aaaaaaaaaa\"; } let l = []; for i in 0..2000 { l.push(i); } l.map(|x| s0(x)).len()\n}\nfn s0(x) { let s = \"\"; for i in 0..20 { s += \"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\"; } s",
        "[m, 1].sort(); 1",
        "[1,2].map(|x| x + 0.5)[1]",
        "#{a: 1}.map(|k, v| 1); 1",
        "let x = []; x[0] = 1; 1",
        "let m2 = #{}; m2.a = 1; m2[\"b\"] = 2; m2.len()",
        "parse_json(\"{}\"); 1",
        "let x = \"abc\"; x[1]; x.len()",
        "a.to_string()",
        "(1..10).len()",
        "let f = |x| { throw 4; }; [1].map(f)",
    ] {
        println!("{body}\n    => {}", told(body));
    }
}
