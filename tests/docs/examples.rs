//! Every example of a page is checked, judged or run as its block says.

use std::fs;
use std::sync::Arc;

use rulebook::{
    Decision, Files, Inspection, Options, ProfileFormat, Profiles, Rulebook, SETTINGS_FILE,
};
use rulebook_base::diagnostic::{Severity, Style, render_text};
use rulebook_base::source::Sources;
use rulebook_lang::function::{COMPREHENSIONS, TABLES};
use rulebook_lang::operator::{OPERATORS, PREFIXES};
use rulebook_tools::scenario;

use super::reference::{MISSING_EXAMPLE, PRESENT_EXAMPLE};
use super::{chapters, pages, shown};

/// A fenced block of a page.
struct Block {
    /// The page and the line of the fence, for messages.
    place: String,
    /// The first word behind the fence.
    language: String,
    /// What stands behind that.
    note: String,
    text: String,
}

fn blocks(page: &str, text: &str) -> Vec<Block> {
    let mut blocks = Vec::new();
    let mut open: Option<Block> = None;
    for (number, line) in (1..).zip(text.lines()) {
        match (&mut open, line.strip_prefix("```")) {
            (None, Some(info)) => {
                let (language, note) = info.trim().split_once(' ').unwrap_or((info.trim(), ""));
                open = Some(Block {
                    place: format!("{page}:{number}"),
                    language: language.to_string(),
                    note: note.trim().to_string(),
                    text: String::new(),
                });
            }
            (Some(_), Some(_)) => blocks.extend(open.take()),
            (Some(block), None) => {
                block.text.push_str(line);
                block.text.push('\n');
            }
            (None, None) => {}
        }
    }
    assert!(open.is_none(), "{page}: a block is not closed");
    blocks
}

/// What earlier blocks of a page mean for the later ones.
#[derive(Default)]
struct Page {
    /// Settings and lists.
    files: Vec<(String, String)>,
    policies: Vec<String>,
    /// A longer form of the policy that follows, which scenarios are run against as well.
    before: Option<String>,
    /// Profiles of a record; those that stand last count.
    profiles: Vec<(String, ProfileFormat, String)>,
    record: Option<String>,
    problems: Vec<String>,
}

impl Page {
    fn files_with(&self, policy: &str) -> Files {
        let own = ("example.policy".to_string(), policy.to_string());
        let own = (!policy.is_empty()).then_some(own);
        Files::from_texts(self.files.iter().cloned().chain(own))
    }

    fn inspect(&self, policy: &str) -> Inspection {
        Rulebook::inspect(&self.files_with(policy), &Options::new().in_depth())
    }

    fn problem(&mut self, block: &Block, message: &str) {
        self.problems.push(format!("{}: {message}", block.place));
    }

    fn take(&mut self, block: &Block) {
        match (block.language.as_str(), block.note.as_str()) {
            ("policy", "") => self.policy(block),
            ("policy", "before") => {
                self.policy(block);
                self.before = self.policies.pop();
            }
            ("policy", "error") => self.told(block, Severity::Error),
            ("policy", "warning") => self.told(block, Severity::Warning),
            ("expression", _) => self.expressions(block),
            (ending, note) if note.starts_with("profiles ") => {
                let format = ProfileFormat::from_ending(ending).unwrap();
                let record = note.trim_start_matches("profiles ").to_string();
                self.profiles.push((record, format, block.text.clone()));
            }
            ("yaml", path) if path == SETTINGS_FILE => {
                self.files.push((path.to_string(), block.text.clone()));
                let policy = self.policies.last().cloned().unwrap_or_default();
                let nothing = self.inspect(&policy);
                if nothing.has_errors() {
                    self.problem(block, &drawn(&nothing));
                }
            }
            ("text" | "rhai", path) if !path.is_empty() => {
                self.files.push((path.to_string(), block.text.clone()));
            }
            ("yaml", _) if block.text.lines().any(|line| line.starts_with("policy:")) => {
                self.scenarios(block);
            }
            ("json", "record") => self.record = Some(block.text.clone()),
            ("json", "result") => self.result(block),
            ("json", "statement") => self.statement(block),
            ("policy", note) => {
                self.problem(block, &format!("nothing is known of `{note}` policies"));
            }
            _ => {}
        }
    }

    fn policy(&mut self, block: &Block) {
        let inspection = self.inspect(&block.text);
        if inspection.has_errors() {
            self.problem(block, &format!("this should check\n{}", drawn(&inspection)));
        }
        self.policies.push(block.text.clone());
    }

    /// A policy whose first line names what it is told: `// error: code`.
    fn told(&mut self, block: &Block, severity: Severity) {
        let start = format!("// {}: ", severity.name());
        let Some(wanted) = block.text.lines().next().and_then(|line| line.strip_prefix(&start))
        else {
            return self.problem(block, &format!("the first line should be `{start}code`"));
        };
        let inspection = self.inspect(&block.text);
        let of_level = |d: &&rulebook_base::diagnostic::Diagnostic| d.severity == severity;
        let found = inspection.diagnostics.iter().filter(of_level);
        if !found.clone().any(|diagnostic| diagnostic.code.name() == wanted.trim()) {
            self.problem(block, &format!("`{wanted}` is not told\n{}", drawn(&inspection)));
        }
        if severity == Severity::Warning && inspection.has_errors() {
            self.problem(block, &format!("this should check\n{}", drawn(&inspection)));
        }
    }

    /// Each line is true.
    fn expressions(&mut self, block: &Block) {
        for expression in block.text.lines().filter(|line| !line.trim().is_empty()) {
            let policy = format!(
                "calendar us {{ weekend saturday, sunday holidays = [2024-12-25] }}\n\
                 record Nothing {{ id: text? }}\npolicy p for Nothing {{\n\
                 decide holds: bool by first\nrule r {{ then {expression} }}\n}}"
            );
            let inspection = self.inspect(&policy);
            let told = drawn(&inspection);
            let holds = inspection.rulebook.and_then(|rulebook| {
                rulebook.policy("p").ok()?.decide_json("{}").ok()?.truth("holds").ok()
            });
            if holds != Some(true) {
                self.problem(block, &format!("`{expression}` is not true: {holds:?}\n{told}"));
            }
        }
    }

    /// The last policy above that has this name.
    fn policy_named(&self, name: &str) -> Option<String> {
        let start = format!("policy {name} ");
        let mut policies = self.policies.iter().rev();
        let found = policies.find(|text| text.lines().any(|line| line.starts_with(&start)));
        found.cloned()
    }

    /// A rulebook with the profiles above that it joins.
    fn joined(&self, rulebook: &Rulebook) -> Rulebook {
        let mut profiles = Profiles::new(rulebook);
        for (at, (record, format, text)) in self.profiles.iter().enumerate() {
            let later = self.profiles.iter().skip(at + 1).any(|(other, ..)| other == record);
            let joins = rulebook.program().profiles.iter().any(|p| *p.layout.record == **record);
            if joins && !later {
                let read = profiles.read_text(record, *format, "the page", text.as_bytes());
                let bad = read.unwrap().bad;
                assert!(bad.is_empty(), "{bad:?}");
            }
        }
        rulebook.with_profiles(Arc::new(profiles))
    }

    fn scenarios(&mut self, block: &Block) {
        let named = block.text.lines().find_map(|line| line.strip_prefix("policy:"));
        let Some(policy) = named.and_then(|name| self.policy_named(name.trim())) else {
            return self.problem(block, "no policy of this name stands above");
        };
        for policy in self.before.take().into_iter().chain([policy]) {
            self.scenarios_of(block, &policy);
        }
    }

    fn scenarios_of(&mut self, block: &Block, policy: &str) {
        let files = self.files_with(policy);
        let inspection = Rulebook::inspect(&files, &Options::new());
        let Some(rulebook) = inspection.rulebook else { return };
        let mut sources = Sources::default();
        let id = sources.add(block.place.clone(), block.text.clone());
        let zone = &rulebook.settings().zone;
        let read = match scenario::read(id, &block.text, rulebook.program(), zone) {
            Ok(read) => read,
            Err(problems) => {
                let told = render_text(&sources, &problems, Style::Plain);
                return self.problem(block, &format!("this is no scenario file\n{told}"));
            }
        };
        let rulebook = self.joined(&rulebook);
        for case in scenario::run(&files, &rulebook, &read) {
            if !case.mismatches.is_empty() {
                self.problem(block, &format!("{}: {:#?}", case.name, case.mismatches));
            }
        }
    }

    /// What the last policy decides about the last record: about each element, where it judges them.
    fn decisions(&mut self, block: &Block) -> Option<(Rulebook, Vec<Decision>)> {
        let (Some(policy), Some(record)) = (self.policies.last(), &self.record) else {
            self.problem(block, "a policy and a record should stand above");
            return None;
        };
        let rulebook = self.inspect(policy).rulebook?;
        let name = rulebook.policies().next().unwrap_or_default().to_string();
        let policy = rulebook.policy(&name).unwrap().replaying();
        let decisions = policy.decide_each_json(record).unwrap();
        Some((rulebook, decisions))
    }

    fn json(&mut self, block: &Block) -> Option<serde_json::Value> {
        let parsed = serde_json::from_str(&block.text);
        if let Err(error) = &parsed {
            self.problem(block, &format!("this is not JSON: {error}"));
        }
        parsed.ok()
    }

    /// The decision about the last record calls for the statement that the block holds.
    fn statement(&mut self, block: &Block) {
        let Some((rulebook, decisions)) = self.decisions(block) else { return };
        let Some(wanted) = self.json(block) else { return };
        match rulebook.statements().statement(&decisions[0]) {
            Some(Ok(statement)) => {
                let got = serde_json::to_value(&statement).unwrap();
                if got != wanted {
                    let got = serde_json::to_string_pretty(&got).unwrap();
                    self.problem(block, &format!("the statement is another one:\n{got}"));
                }
            }
            Some(Err(errors)) => self.problem(block, &format!("the statement lacks: {errors:#?}")),
            None => self.problem(block, "the decision calls for no statement"),
        }
    }

    /// The last policy makes of the last record what the block says, the digest aside.
    fn result(&mut self, block: &Block) {
        let Some((_, decisions)) = self.decisions(block) else { return };
        let mut got = match decisions.as_slice() {
            [only] if only.element().is_none() => serde_json::to_value(only).unwrap(),
            each => serde_json::to_value(each).unwrap(),
        };
        let Some(mut wanted) = self.json(block) else { return };
        for result in [&mut got, &mut wanted] {
            let results = match result {
                serde_json::Value::Array(results) => results.iter_mut().collect(),
                result => vec![result],
            };
            for result in results {
                result["rulebook"]["digest"] = "…".into();
            }
        }
        if got != wanted {
            let got = serde_json::to_string_pretty(&got).unwrap();
            self.problem(block, &format!("the result is another one:\n{got}"));
        }
    }
}

fn drawn(inspection: &Inspection) -> String {
    render_text(&inspection.sources, &inspection.diagnostics, Style::Plain)
}

#[test]
fn every_example_is_true() {
    let mut problems = Vec::new();
    let mut policies = 0;
    let alone = pages().into_iter().map(|path| vec![path]);
    for together in alone.chain([chapters()]) {
        let mut page = Page::default();
        for path in together {
            let text = fs::read_to_string(&path).unwrap();
            for block in blocks(&shown(&path), &text) {
                page.take(&block);
            }
        }
        policies += page.policies.len();
        problems.append(&mut page.problems);
    }
    assert!(policies > 0, "the pages hold no policy");
    assert!(problems.is_empty(), "{}", problems.join("\n\n"));
}

#[test]
fn every_example_of_the_reference_is_true() {
    let mut page = Page::default();
    let operators = OPERATORS.iter().map(|row| row.example);
    let prefixes = PREFIXES.iter().map(|row| row.example);
    let functions = TABLES.iter().flat_map(|(_, rows)| rows.iter()).map(|row| row.example);
    let forms = COMPREHENSIONS.iter().map(|(.., example)| *example);
    let examples = operators.chain(prefixes).chain(functions).chain(forms);
    let text: Vec<_> = examples.chain([PRESENT_EXAMPLE, MISSING_EXAMPLE]).collect();
    page.expressions(&Block {
        place: "docs/reference.md".into(),
        language: "expression".into(),
        note: String::new(),
        text: text.join("\n"),
    });
    assert!(page.problems.is_empty(), "{}", page.problems.join("\n\n"));
}
