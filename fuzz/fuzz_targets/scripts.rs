//! Any script compiles or is refused with its place; what compiles gives a value or a fault for any
//! record, the same each time, and comes to an end. A line of `===` parts the script from the record.

#![no_main]

use libfuzzer_sys::fuzz_target;
use rulebook_base::diagnostic::{Style, render_text};
use rulebook::{Files, Options, Rulebook};

const POLICY: &str = r#"
record Part { at: time, amount: CNY, note: text? }
record Order {
  id: text = "o"
  number: number = 1.5
  amount: CNY = 5 CNY
  day: date = 2024-08-20
  at: time = 2024-08-20T10:00Z
  length: duration = 7 days
  months: period = 3 months
  site: url?
  level: low | middle | high = low
  tags: list of text = ["a", "b"]
  parts: list of Part = []
  part: Part?
}
fn f(number: number, amount: CNY, tags: list of text, part: Part?) -> number from "scripts/f.rhai"
fn g(at: time, length: duration, level: low | middle | high) -> list of text from "scripts/f.rhai"
policy fuzz for Order dated by at {
  decide number: number by first
  decide texts: text by all
  rule f { then number = f(number, amount, tags, part) }
  rule g { when any(text in g(at, length, level): text == id) then texts = id }
}
"#;

/// Little enough that the worst script is over soon.
const SETTINGS: &str = "scripts: { operations: 2000, text: 2000, list: 500, map: 200 }";

fuzz_target!(|text: &str| {
    let (script, record) = text.split_once("\n===\n").unwrap_or((text, "{}"));
    // A script that defines only one of the functions is tried as well.
    let script = format!(
        "{script}\n{}{}",
        if script.contains("fn f(") { "" } else { "fn f(number, amount, tags, part) { 1 }\n" },
        if script.contains("fn g(") { "" } else { "fn g(at, length, level) { [] }\n" },
    );
    let files = [("a.policy", POLICY), ("scripts/f.rhai", &script), ("rulebook.yaml", SETTINGS)];
    let inspection = Rulebook::inspect(&Files::from_texts(files), &Options::new());
    render_text(&inspection.sources, &inspection.diagnostics, Style::Plain);
    let Some(rulebook) = inspection.rulebook else { return };
    let policy = rulebook.policy("fuzz").unwrap().replaying();
    for record in ["{}", record] {
        let Ok(decision) = policy.decide_json(record) else { continue };
        let told = serde_json::to_string(&decision).unwrap();
        assert_eq!(told, serde_json::to_string(&policy.decide_json(record).unwrap()).unwrap());
        assert!(!told.contains("it broke down"), "{told}");
    }
});
