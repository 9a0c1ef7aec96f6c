//! Every example in the tables of the language is checked, and is true.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    missing_docs,
    reason = "tests fail by panicking"
)]

use rulebook::{Files, Options, Rulebook};
use rulebook_lang::function::{self, COMPREHENSIONS, EACH, TABLES};
use rulebook_lang::operator::{OPERATORS, PREFIXES};
use rulebook_lang::reading::{ROWS, Row, Subject};
use rulebook_syntax::{parse, print};

/// Whether an expression is true where no record matters.
fn holds(expression: &str) -> bool {
    let text = format!(
        "calendar us {{ weekend saturday, sunday holidays = [2024-12-25] }}
record R {{ id: text }}
         policy p for R {{
           decide d: bool by first otherwise false
           rule r {{ when {expression} then true }}
         }}"
    );
    let rulebook = match Rulebook::from_sources([("a.policy", text)]) {
        Ok(rulebook) => rulebook,
        Err(error) => panic!("`{expression}` is refused: {error}"),
    };
    let policy = rulebook.policy("p").unwrap().at("2024-09-12T00:00:00Z".parse().unwrap());
    let decision = policy.decide_json(br#"{"id": "x"}"#).unwrap();
    let faults = decision.faults();
    assert!(faults.is_empty(), "`{expression}` is a fault: {faults:?}");
    decision.truth("d").unwrap()
}

/// Whether a word of a name or a symbol stands in an example.
fn shows(example: &str, symbol: &str) -> bool {
    let is_word = |c: char| c.is_alphanumeric() || c == '_';
    match symbol.chars().all(|c| is_word(c) || c == ' ') {
        true => example.match_indices(symbol).any(|(at, _)| {
            !example[..at].ends_with(is_word) && !example[at + symbol.len()..].starts_with(is_word)
        }),
        false => example.contains(symbol),
    }
}

#[test]
fn examples_of_operators_are_true() {
    let binary = OPERATORS.iter().map(|operator| (operator.symbol, operator.example));
    let prefix = PREFIXES.iter().map(|operator| (operator.symbol, operator.example));
    for (symbol, example) in binary.chain(prefix) {
        assert!(shows(example, symbol), "the example of `{symbol}` is `{example}`");
        assert!(holds(example), "the example of `{symbol}` is not true: `{example}`");
    }
}

#[test]
fn examples_of_functions_are_true() {
    for function in function::all() {
        let (name, example) = (function.name, function.example);
        assert!(shows(example, name), "the example of `{name}` is `{example}`");
        assert!(holds(example), "the example of `{name}` is not true: `{example}`");
    }
}

#[test]
fn examples_of_comprehensions_are_true() {
    for (name, _, example) in COMPREHENSIONS {
        assert!(shows(example, name), "the example of `{name}` is `{example}`");
        assert!(holds(example), "the example of `{name}` is not true: `{example}`");
    }
}

#[test]
fn a_list_of_each_element_is_what_its_example_says() {
    let (.., example) = EACH;
    assert!(holds(example), "{example}");
    assert!(!holds("first([x for x in [1, 2]]) is missing"));
}

#[test]
fn what_is_false_is_told_apart() {
    assert!(!holds("1 > 2"));
    assert!(holds("not (1 > 2)"));
}

#[test]
fn names_in_the_tables_are_unique_and_documented() {
    let mut names: Vec<_> = function::all().map(|function| function.name).collect();
    let count = names.len();
    names.sort_unstable();
    names.dedup();
    assert_eq!(names.len(), count);
    assert_eq!(TABLES.iter().map(|(_, functions)| functions.len()).sum::<usize>(), count);
    for function in function::all() {
        assert!(function.doc.ends_with('.'), "{}", function.name);
        assert!(!function.signatures.is_empty(), "{}", function.name);
    }
    for operator in OPERATORS {
        assert!(operator.doc.ends_with('.'), "{}", operator.symbol);
    }
}

#[test]
fn a_name_of_the_language_cannot_be_defined_again() {
    for function in function::all().filter(|function| function::is_reserved(function.name)) {
        let text = format!("fn {}(a: number) -> bool = a > 3", function.name);
        let files = Files::from_texts([("a.policy", text)]);
        let inspection = Rulebook::inspect(&files, &Options::new());
        assert!(inspection.has_errors(), "{} can be defined", function.name);
    }
}

#[test]
fn dots_behind_a_host_are_no_part_of_it() {
    for dots in ["", ".", "..", "..."] {
        let address = format!("\"https://Bad.example.com{dots}/item\"");
        assert!(holds(&format!("host({address}) == \"bad.example.com\"")), "{dots}");
        assert!(holds(&format!("site({address}) == \"example.com\"")), "{dots}");
    }
}

/// Every way of reading is taken as the table shows it, and printed so.
#[test]
fn examples_of_readings_are_taken() {
    for Row { pattern, subject, example, .. } in ROWS {
        let text = match subject {
            Subject::Records => format!("{example}\n"),
            _ => format!(
                "enum Status {{ open, shut }}\nrecord Order {{\n  time_zone: text\n  currency_code: currency\n  \
                 {example}\n}}\n"
            ),
        };
        let policy = "\npolicy p for Order {\n  decide d: bool by first otherwise false\n\n  rule r {\n    then true\n  }\n}\n";
        let text = format!("{text}{policy}");
        let loaded = Rulebook::from_sources([("a.policy", text.clone())]);
        assert!(loaded.is_ok(), "`{example}` is refused: {}", loaded.unwrap_err());
        let first = pattern.split(' ').find(|word| word.chars().all(char::is_lowercase));
        assert!(first.is_none_or(|word| example.contains(word)), "{pattern}: {example}");
        let parsed = parse(Default::default(), &text);
        let printed = print::format(&text, &parsed.file);
        assert!(printed.contains(example), "{printed}");
    }
}
