//! Any text is read, checked and described without a panic.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::LazyLock;

use proptest::prelude::*;
use proptest::sample::{Index, select};
use rulebook::{Files, Options, Rulebook};
use rulebook_base::diagnostic::{Style, render_text};
use rulebook_lang::function;
use rulebook_lang::operator::OPERATORS;

use super::cases;

/// Reads, checks and describes a text; anything but a panic will do.
fn survives(text: &str) {
    let files = Files::from_texts([("a.policy", text)]);
    let inspection = Rulebook::inspect(&files, &Options::new());
    render_text(&inspection.sources, &inspection.diagnostics, Style::Plain);
    assert_eq!(inspection.has_errors(), inspection.rulebook.is_none());
}

/// Words and signs of the language.
const WORDS: &[&str] = &[
    "enum",
    "record",
    "parameter",
    "list",
    "fn",
    "policy",
    "for",
    "dated",
    "by",
    "as",
    "of",
    "source",
    "url",
    "assumed",
    "from",
    "until",
    "title",
    "announced",
    "decide",
    "otherwise",
    "because",
    "rule",
    "when",
    "unless",
    "overrides",
    "then",
    "require",
    "within",
    "where",
    "on",
    "fault",
    "if",
    "else",
    "in",
    "is",
    "not",
    "and",
    "or",
    "present",
    "missing",
    "true",
    "false",
    "shadow",
    "warn",
    "now",
    "number",
    "text",
    "time",
    "date",
    "bool",
    "CNY",
    "days",
    "months",
    "first",
    "strictest",
    "total",
    "R",
    "p",
    "d",
    "a",
    "x",
    "退货",
    "1",
    "0.5",
    "30%",
    "2024-09-12",
    "2024-09-12T08:00Z",
    "\"text {a}\"",
    "\"{",
    "\"",
    "\\",
    "{",
    "}",
    "(",
    ")",
    "[",
    "]",
    ":",
    ",",
    "=",
    "==",
    "->",
    "?",
    "??",
    "|",
    "<",
    "..",
    "..<",
    "..=",
    "*",
    "-",
    "+",
    "/",
    ".",
    "//",
    "///",
    "\n",
    "\n}\n",
    "\u{feff}",
];

fn tokens() -> impl Strategy<Value = String> {
    let operators = OPERATORS.iter().map(|operator| operator.symbol);
    let functions = function::all().map(|function| function.name);
    let words: Vec<&str> = WORDS.iter().copied().chain(operators).chain(functions).collect();
    let piece = (select(words), select(vec![" ", " ", "\n", ""]));
    prop::collection::vec(piece, 0..60)
        .prop_map(|pieces| pieces.iter().map(|(word, gap)| format!("{word}{gap}")).collect())
}

/// The files of a shipped rulebook that `inspect` needs.
fn shipped(folder: &Path) -> Vec<(String, String)> {
    let mut files = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        if path.is_dir() && name == "lists" {
            let lists = shipped(&path);
            files.extend(lists.into_iter().map(|(list, text)| (format!("lists/{list}"), text)));
        } else if path.is_file() {
            files.push((name, fs::read_to_string(&path).unwrap()));
        }
    }
    files
}

/// The folders of the shipped rulebooks, at any depth.
fn folders(folder: &Path, into: &mut Vec<PathBuf>) {
    if folder.join("rulebook.yaml").is_file() {
        into.push(folder.into());
        return;
    }
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            folders(&path, into);
        }
    }
}

static FOLDERS: LazyLock<Vec<PathBuf>> = LazyLock::new(|| {
    let mut found = Vec::new();
    folders(&Path::new(env!("CARGO_MANIFEST_DIR")).join("policies"), &mut found);
    found
});

static SHIPPED: LazyLock<Vec<Vec<(String, String)>>> =
    LazyLock::new(|| FOLDERS.iter().map(|folder| shipped(folder)).collect());

#[derive(Debug, Clone)]
enum Mutation {
    Delete(Index, usize),
    Duplicate(Index, usize),
    Move(Index, usize, Index),
}

fn mutation() -> impl Strategy<Value = Mutation> {
    let length = prop_oneof![1_usize..4, 1_usize..40, 1_usize..400];
    prop_oneof![
        (any::<Index>(), length.clone()).prop_map(|(at, length)| Mutation::Delete(at, length)),
        (any::<Index>(), length.clone()).prop_map(|(at, length)| Mutation::Duplicate(at, length)),
        (any::<Index>(), length, any::<Index>())
            .prop_map(|(at, length, to)| Mutation::Move(at, length, to)),
    ]
}

/// Changes a row of characters.
fn mutate(text: &mut Vec<char>, mutation: &Mutation) {
    let range = |at: &Index, length: usize, size: usize| {
        let start = at.index(size);
        start..(start + length).min(size)
    };
    if text.is_empty() {
        return;
    }
    match mutation {
        Mutation::Delete(at, length) => {
            text.drain(range(at, *length, text.len()));
        }
        Mutation::Duplicate(at, length) => {
            let range = range(at, *length, text.len());
            let copy = text[range.clone()].to_vec();
            text.splice(range.end..range.end, copy);
        }
        Mutation::Move(at, length, to) => {
            let cut: Vec<char> = text.drain(range(at, *length, text.len())).collect();
            let to = if text.is_empty() { 0 } else { to.index(text.len()) };
            text.splice(to..to, cut);
        }
    }
}

proptest! {
    #![proptest_config(cases(256))]

    #[test]
    fn any_text_is_read_without_a_panic(text in "\\PC{0,200}") {
        survives(&text);
    }

    #[test]
    fn any_row_of_words_is_read_without_a_panic(text in tokens()) {
        survives(&text);
        survives(&format!("record R {{ a: number }}\npolicy p for R {{\n{text}\n}}"));
        survives(&format!(
            "record R {{ a: number? b: text }}
             policy p for R {{ decide d: bool by first rule r {{ when {text} then true }} }}"
        ));
    }
}

proptest! {
    #![proptest_config(cases(40))]

    #[test]
    fn a_damaged_policy_is_read_without_a_panic(
        which in any::<(Index, Index)>(),
        mutations in prop::collection::vec(mutation(), 1..4),
    ) {
        let mut files = which.0.get(&SHIPPED).clone();
        let policies: Vec<usize> =
            (0..files.len()).filter(|at| files[*at].0.ends_with(".policy")).collect();
        let (_, text) = &mut files[*which.1.get(&policies)];
        let mut characters: Vec<char> = text.chars().collect();
        mutations.iter().for_each(|mutation| mutate(&mut characters, mutation));
        *text = characters.into_iter().collect();
        let inspection = Rulebook::inspect(&Files::from_texts(files), &Options::new());
        render_text(&inspection.sources, &inspection.diagnostics, Style::Plain);
        prop_assert_eq!(inspection.has_errors(), inspection.rulebook.is_none());
    }
}

#[test]
fn deep_nesting_is_read_once() {
    // Whoever reads an argument twice needs longer than anybody lives for this.
    let (mut calls, mut choices) = ("n".to_string(), "n".to_string());
    for _ in 0..30 {
        calls = format!("f(n in [{calls}], 1)");
        choices = format!("(if n in [{choices}] then 1 else if n > 2 then 2 else {choices})");
        choices.truncate(4_000);
    }
    let open = "any(n in ".repeat(40);
    let arguments = "f(n in [".repeat(40);
    for expression in [calls, choices, open, arguments] {
        survives(&format!(
            "record R {{ n: number }}
             fn f(a: bool, b: number) -> number = b
             policy p for R {{ decide d: number by first rule r {{ then {expression} }} }}"
        ));
    }
}

#[test]
fn shipped_policies_have_no_errors() {
    for folder in FOLDERS.iter() {
        let inspection = Rulebook::inspect(&Files::read(folder).unwrap(), &Options::new());
        let text = render_text(&inspection.sources, &inspection.diagnostics, Style::Plain);
        assert!(!inspection.has_errors(), "{text}");
    }
}

/// Each pattern that takes too much by itself is told, as long as few have been tried; those for which
/// there is no room beside the others are told once.
#[test]
fn patterns_that_take_too_much_are_told() {
    let told = |patterns: &[String]| {
        let rules: String =
            patterns.iter().enumerate().fold(String::new(), |rules, (at, pattern)| {
                rules
                    + format!("rule r{at} {{ when matches(t, \"{pattern}\") then true }}\n")
                        .as_str()
            });
        let policy = format!(
            "record R {{ t: text }} policy p for R {{ decide d: bool by first otherwise false {rules} }}"
        );
        let files = rulebook::Files::from_texts([("p.policy", policy)]);
        let found = rulebook::Rulebook::inspect(&files, &rulebook::Options::new()).diagnostics;
        let found = found.into_iter().filter(|found| found.code.name() == "large-patterns");
        found.map(|found| found.message).collect::<Vec<_>>()
    };
    let alone = |at: usize| format!("a{at}\\\\w{{900}}");
    let message = "this pattern takes more than 16 MB of memory";
    assert_eq!(told(&[alone(1), alone(2)]), [message, message]);
    let many: Vec<_> = (0..200).map(alone).collect();
    assert_eq!(told(&many), [message; 4]);
}

/// Capitals make no other language of a tag, neither in the settings nor in a text.
#[test]
fn tags_of_languages_are_the_same_in_capitals() {
    let policy = "record R { t: text } policy p for R { decide d: bool by first otherwise false
        rule r { then true because en \"all\" zh-hant \"全部\" zh-hans \"都\" } }";
    let settings = "name: r\nlanguages: [en, zh-Hant, zh-Hans]";
    let files = Files::from_texts([("p.policy", policy), ("rulebook.yaml", settings)]);
    let inspection = Rulebook::inspect(&files, &Options::new());
    let told = render_text(&inspection.sources, &inspection.diagnostics, Style::Plain);
    assert!(!told.contains("language"), "{told}");
    let policy = inspection.rulebook.unwrap().policy("p").unwrap();
    for language in ["zh-Hans", "zh-hans", "ZH-HANS"] {
        let decision = policy.decide_json(r#"{"t": ""}"#).unwrap().in_language(language);
        let json = serde_json::to_string(&decision).unwrap();
        assert!(json.contains("都"), "{language}: {json}");
    }
    let twice = "record R { t: text } policy p for R { decide d: bool by first otherwise false
        rule r { then true because en \"all\" zh-hans \"都\" zh-Hans \"全\" } }";
    let files = Files::from_texts([("p.policy", twice), ("rulebook.yaml", settings)]);
    let inspection = Rulebook::inspect(&files, &Options::new());
    let told = render_text(&inspection.sources, &inspection.diagnostics, Style::Plain);
    assert!(told.contains("the text stands twice in `zh-Hans`"), "{told}");
}
