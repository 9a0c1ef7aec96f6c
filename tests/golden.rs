//! What policy authors read, word for word: diagnostics, listings, formatted policies, decisions
//! and explanations.
//!
//! Each case is `golden/KIND/NAME.policy` (or a folder `NAME`) beside `NAME.expected`. Beside it
//! may stand `NAME.yaml` (its `rulebook.yaml`), `NAME.txt` (its `lists/NAME.txt`) and `NAME.jsonl`
//! (its records) and `NAME.json` (the profiles that they join, by record); the folders in a folder
//! `NAME.beside` lie beside the rulebook's own, as `../FOLDER`, where it may include them. After a
//! change that is meant, `UPDATE_EXPECTED=1 cargo test --test engine golden`
//! writes what is now told; review it as its reader would.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    missing_docs,
    reason = "tests fail by panicking"
)]

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use rulebook::{Decision, Files, Options, Policy, Profiles, Rejection, Rulebook};
use rulebook_base::diagnostic::{Code, Style, render_text};
use rulebook_base::source::FileId;
use rulebook_core::eval::explain::explain;
use rulebook_core::history::MemoryHistory;
use rulebook_core::program::listing;
use rulebook_syntax::{parse, print};
use rulebook_tools::document;
use snapbox::Data;
use snapbox::report::{Palette, write_diff};

const KINDS: &[&str] = &["syntax", "check", "listing", "format", "decide", "explain", "document"];

/// Codes that no text of a case can bring about, each with the reason.
const NOT_FROM_TEXTS: &[(Code, &str)] = &[
    (Code::MissingSettings, "told of a folder without settings"),
    (Code::BadEncoding, "the texts of a case are UTF-8"),
    (Code::BadScenario, "told of scenario files, which are no part of the rulebook's texts"),
    (Code::MissingFeature, "told by a library without scripts"),
    (Code::TableSearch, "told of tables whose rows overlap in thousands of ways"),
    (Code::UnknownParameter, "told of a parameter that the caller sets"),
];

/// One input and where its expected output stands.
struct Case {
    /// The folder of its kind.
    folder: PathBuf,
    name: String,
}

impl Case {
    fn file(&self, extension: &str) -> PathBuf {
        self.folder.join(format!("{}.{extension}", self.name))
    }

    fn companion(&self, extension: &str) -> Option<String> {
        fs::read_to_string(self.file(extension)).ok()
    }

    fn policy(&self) -> String {
        fs::read_to_string(self.file("policy")).expect("a case has a policy")
    }

    /// The texts of the rulebook with their paths.
    fn texts(&self) -> Vec<(String, String)> {
        let mut texts = Vec::new();
        let folder = self.folder.join(&self.name);
        if folder.is_dir() {
            collect(&folder, &folder, &mut texts);
            texts.sort();
        } else {
            texts.push((format!("{}.policy", self.name), self.policy()));
        }
        let beside = self.file("beside");
        if beside.is_dir() {
            let mut others = Vec::new();
            collect(&beside, &beside, &mut others);
            others.sort();
            texts.extend(others.into_iter().map(|(path, text)| (format!("../{path}"), text)));
        }
        texts.extend(self.companion("yaml").map(|text| ("rulebook.yaml".to_string(), text)));
        texts.extend(self.companion("txt").map(|text| (format!("lists/{}.txt", self.name), text)));
        texts
    }

    fn rulebook(&self) -> Rulebook {
        Rulebook::from_sources(self.texts())
            .unwrap_or_else(|error| panic!("{} does not load: {error}", self.name))
    }

    fn profiles(&self, rulebook: &Rulebook) -> Arc<Profiles> {
        let mut profiles = Profiles::new(rulebook);
        let given = self.companion("json").map(|text| serde_json::from_str(&text).unwrap());
        let given: serde_json::Map<String, serde_json::Value> = given.unwrap_or_default();
        for (record, given) in &given {
            for profile in given.as_array().unwrap() {
                profiles.insert(record, profile).unwrap();
            }
        }
        Arc::new(profiles)
    }

    /// What becomes of each record by each policy of the rulebook.
    fn judged(&self) -> Vec<(String, Policy, Result<Decision, Rejection>)> {
        let rulebook = self.rulebook();
        let records = self.companion("jsonl").expect("the case has records in a `.jsonl` file");
        let profiles = self.profiles(&rulebook);
        // Each policy has seen the records above.
        let policy = |name| {
            let history = Arc::new(MemoryHistory::new());
            let policy = rulebook.policy(name).unwrap().replaying();
            policy.with_profiles(profiles.clone()).with_history(history)
        };
        let policies: Vec<_> = rulebook.policies().map(policy).collect();
        let mut evaluations: Vec<_> = policies.iter().map(Policy::evaluation).collect();
        let mut judged = Vec::new();
        for record in records.lines().filter(|line| !line.trim().is_empty()) {
            for (policy, evaluation) in policies.iter().zip(&mut evaluations) {
                let decided = evaluation.decide_json(record).cloned();
                if decided.is_ok() {
                    evaluation.remember().unwrap();
                }
                judged.push((record.to_string(), policy.clone(), decided));
            }
        }
        judged
    }
}

fn collect(root: &Path, folder: &Path, texts: &mut Vec<(String, String)>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            collect(root, &path, texts);
        } else {
            let relative = path.strip_prefix(root).unwrap().to_string_lossy().replace('\\', "/");
            texts.push((relative, fs::read_to_string(&path).unwrap()));
        }
    }
}

fn folder_of(kind: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden").join(kind)
}

/// The names of the files (or folders) of a kind that end in one of these.
fn names(kind: &str, ends: fn(&Path) -> bool) -> BTreeSet<String> {
    let entries = fs::read_dir(folder_of(kind)).unwrap().map(|entry| entry.unwrap().path());
    let names = entries.filter(|path| ends(path));
    names.map(|path| path.file_stem().unwrap().to_string_lossy().into_owned()).collect()
}

fn inputs(kind: &str) -> BTreeSet<String> {
    names(kind, |path| path.is_dir() || path.extension().is_some_and(|e| e == "policy"))
}

#[allow(clippy::disallowed_methods, reason = "only tests are told to rewrite by the environment")]
fn updates() -> bool {
    std::env::var("UPDATE_EXPECTED").is_ok_and(|value| value == "1")
}

/// Compares what every case of a kind tells with what is expected, and reports all differences.
fn compare(kind: &str, tell: fn(&Case) -> String) {
    let mut wrong = String::new();
    for name in inputs(kind) {
        let case = Case { folder: folder_of(kind), name };
        let told = tell(&case);
        if updates() {
            fs::write(case.file("expected"), &told).unwrap();
            continue;
        }
        match case.companion("expected") {
            Some(expected) if expected == told => {}
            Some(expected) => wrong.push_str(&difference(&case, expected, told)),
            None => {
                let _ = writeln!(
                    wrong,
                    "{kind}/{}.expected is missing; it would be\n{told}",
                    case.name
                );
            }
        }
    }
    assert!(wrong.is_empty(), "\n{wrong}\nIf this is meant, set UPDATE_EXPECTED=1 and review it.");
}

fn difference(case: &Case, expected: String, told: String) -> String {
    let mut text = String::new();
    let path = case.file("expected");
    let (expected, told) = (Data::text(expected), Data::text(told));
    let name = path.display();
    write_diff(&mut text, &expected, &told, Some(&name), Some(&"told now"), Palette::plain())
        .unwrap();
    text
}

fn diagnostics(case: &Case) -> String {
    let options = Options::new().in_depth();
    let inspection = Rulebook::inspect(&Files::from_texts(case.texts()), &options);
    render_text(&inspection.sources, &inspection.diagnostics, Style::Plain)
}

#[test]
fn slips_of_syntax_are_told_in_the_authors_words() {
    compare("syntax", diagnostics);
}

#[test]
fn slips_of_meaning_are_told_in_the_authors_words() {
    compare("check", diagnostics);
}

#[test]
fn programs_are_listed() {
    compare("listing", |case| listing(case.rulebook().program()));
}

#[test]
fn policies_are_formatted() {
    compare("format", |case| {
        let once = formatted(&case.policy());
        assert_eq!(formatted(&once), once, "{} changes when formatted again", case.name);
        once
    });
}

fn formatted(text: &str) -> String {
    let parsed = parse(FileId(0), text);
    assert!(parsed.diagnostics.is_empty(), "{:?}", parsed.diagnostics);
    print::format(text, &parsed.file)
}

#[test]
fn records_are_decided() {
    compare("decide", |case| {
        let digest = case.rulebook().name().digest.clone();
        let judged = case.judged();
        let told = judged.iter().map(|(record, _, result)| format!("{record}\n{}\n", json(result)));
        told.collect::<String>().replace(&digest, "[digest]")
    });
}

/// The decision, then its reasons in the other languages of the rulebook; or the rejection.
fn json(result: &Result<Decision, Rejection>) -> String {
    let decision = match result {
        Ok(decision) => decision,
        Err(rejection) => {
            return format!(
                "rejected {}\n",
                serde_json::to_string_pretty(&rejection.errors).unwrap()
            );
        }
    };
    let mut text = format!("decided {}\n", serde_json::to_string_pretty(decision).unwrap());
    for language in ["zh", "de"] {
        let own = decision.clone().reasons();
        let other = decision.clone().in_language(language).reasons();
        if own != other {
            let _ = writeln!(text, "{language}: {}", other.join("\n    "));
        }
    }
    text
}

#[test]
fn decisions_are_explained() {
    compare("explain", |case| {
        let rulebook = case.rulebook();
        let judged = case.judged();
        let told = judged.iter().map(|(record, _, result)| match result {
            Ok(decision) => {
                format!("{record}\n\n{}\n\n", explain(decision, rulebook.sources()).to_text())
            }
            Err(rejection) => format!("{record}\n\n{rejection}\n\n\n"),
        });
        told.collect()
    });
}

#[test]
fn rulebooks_are_written_about() {
    compare("document", |case| {
        let editions = document::editions(&case.rulebook(), &[]);
        let files = document::files(&editions, document::Format::Markdown);
        let mut told = String::new();
        for file in files {
            // The digest names the text that is read here anyway.
            let words = ["Digest", "摘要", "Prüfsumme", "Empreinte", "Huella"];
            let digests = words.map(|word| format!("- **{word}"));
            let lines = file.text.lines();
            let lines = lines
                .filter(|line| digests.iter().all(|digest| !line.starts_with(digest.as_str())));
            let text: Vec<_> = lines.collect();
            let _ = write!(told, "===== {}\n\n{}\n\n", file.path, text.join("\n").trim_end());
        }
        told
    });
}

#[test]
fn nothing_is_expected_without_an_input() {
    for kind in KINDS {
        let inputs = inputs(kind);
        let orphans: Vec<_> = names(kind, |path| path.is_file())
            .into_iter()
            .filter(|name| !inputs.contains(name))
            .collect();
        assert!(orphans.is_empty(), "golden/{kind} has no input for {orphans:?}");
    }
}

#[test]
fn every_code_is_told_somewhere() {
    let mut told = String::new();
    for kind in ["syntax", "check"] {
        for name in inputs(kind) {
            told.push_str(
                &Case { folder: folder_of(kind), name }.companion("expected").unwrap_or_default(),
            );
        }
    }
    for code in Code::ALL {
        let shown = told.contains(&format!("[{}]", code.name()));
        let excepted = NOT_FROM_TEXTS.iter().any(|(known, _)| known == code);
        assert!(shown || excepted, "no case tells `{}`", code.name());
        assert!(!(shown && excepted), "`{}` is told, so it is no exception", code.name());
    }
}
