//! The documentation is true: `docs/reference.md` is generated from the tables of the language, and
//! every example of `docs/*.md` and `README.md` is checked, judged or run as its block says.
//!
//! | block | must |
//! |---|---|
//! | `policy` | check without errors, as a file of its own |
//! | `policy error`, `policy warning` | be told with the code that its first comment names |
//! | `expression` | be true, each line |
//! | `yaml` with a `policy:` | run, against the last policy of that name above it |
//! | `yaml rulebook.yaml`, `text PATH`, `rhai PATH` | be readable; it stands beside the policies below it |
//! | `json record`, `json result` | lead by the last policy above from the one to the other |
//! | `json statement` | be the statement of reasons that the last record calls for |
//!
//! `UPDATE_EXPECTED=1 cargo test --test docs` writes the reference anew.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    missing_docs,
    reason = "tests fail by panicking"
)]

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use rulebook::analyse;
use rulebook::diagnostic::{Code, Severity, Style, render_text};
use rulebook::lang::combiner::{COMBINERS, COUNT, COUNT_DMN};
use rulebook::lang::function::{COMPREHENSIONS, TABLES};
use rulebook::lang::hash::{bucket, murmur3};
use rulebook::lang::operator::{Meaning, OPERATORS, PREFIXES, PRESENCE_PRECEDENCE};
use rulebook::lang::signature::Signature;
use rulebook::scenario;
use rulebook::settings::ScriptLimits;
use rulebook::source::Sources;
use rulebook::statement::field::{FIELDS, Kind, Need};
use rulebook::{
    Decision, Files, Inspection, Options, ProfileFormat, Profiles, Rulebook, SETTINGS_FILE,
};

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

// ---- the reference --------------------------------------------------------------------------

#[test]
fn the_reference_is_what_the_tables_say() {
    let path = root().join("docs/reference.md");
    let reference = reference();
    if wants_update() {
        fs::write(&path, &reference).unwrap();
    }
    let written = fs::read_to_string(&path).unwrap_or_default().replace("\r\n", "\n");
    let first = written.lines().zip(reference.lines()).position(|(a, b)| a != b);
    assert!(
        written == reference,
        "docs/reference.md differs from the tables, from line {} on; \
         `UPDATE_EXPECTED=1 cargo test --test docs` writes it anew",
        1 + first.unwrap_or_else(|| written.lines().count().min(reference.lines().count()))
    );
}

#[allow(clippy::disallowed_methods, reason = "the variable asks to rewrite what is expected")]
fn wants_update() -> bool {
    std::env::var("UPDATE_EXPECTED").is_ok_and(|value| value == "1")
}

fn reference() -> String {
    let mut out = String::from(REFERENCE_HEAD);
    operators(&mut out);
    functions(&mut out);
    combiners(&mut out);
    script_limits(&mut out);
    diagnostics(&mut out);
    out
}

const REFERENCE_HEAD: &str = "\
<!-- Generated from the tables of the language. `UPDATE_EXPECTED=1 cargo test --test docs` writes
     it anew; changes by hand are lost. -->

# Reference

What the language has, straight from the tables that the checker and the evaluator use. How it all
fits together is told in [the book](SUMMARY.md). Every example is true.
";

/// A piece of code in a cell of a table.
fn code(text: &str) -> String {
    format!("`{}`", text.replace('|', "\\|"))
}

fn row<const N: usize>(out: &mut String, cells: [&str; N]) {
    writeln!(out, "| {} |", cells.join(" | ")).unwrap();
}

fn head<const N: usize>(out: &mut String, cells: [&str; N]) {
    out.push('\n');
    row(out, cells);
    row(out, ["---"; N]);
}

fn operators(out: &mut String) {
    out.push_str("\n## Operators\n\nA larger number binds tighter.\n");
    head(out, ["operator", "binds", "does", "example"]);
    let mut rows: Vec<(u8, String, &str, &str)> = Vec::new();
    for operator in OPERATORS {
        rows.push((operator.precedence, code(operator.symbol), operator.doc, operator.example));
    }
    for prefix in PREFIXES {
        rows.push((prefix.precedence, prefix_name(prefix.symbol), prefix.doc, prefix.example));
    }
    let presence = [
        ("`is present`", "True when an optional is there.", PRESENT_EXAMPLE),
        ("`is missing`", "True when an optional is not there.", MISSING_EXAMPLE),
    ];
    for (name, doc, example) in presence {
        rows.push((PRESENCE_PRECEDENCE, name.to_string(), doc, example));
    }
    rows.sort_by_key(|(precedence, ..)| *precedence);
    for (precedence, name, doc, example) in rows {
        row(out, [&name, &precedence.to_string(), doc, &code(example)]);
    }
    operand_types(out);
}

const PRESENT_EXAMPLE: &str = "min(x in [1]: x) is present";
const MISSING_EXAMPLE: &str = "min(x in [1] where x > 1: x) is missing";

fn prefix_name(symbol: &str) -> String {
    if symbol.chars().all(char::is_alphabetic) {
        code(&format!("{symbol} x"))
    } else {
        code(&format!("{symbol}x"))
    }
}

/// The types of operands; operators that take the same share a row.
fn operand_types(out: &mut String) {
    out.push_str(TYPES_HEAD);
    head(out, ["operators", "operands", "result"]);
    let mut groups: Vec<(Vec<String>, Types)> = Vec::new();
    for operator in OPERATORS {
        let types = match &operator.meaning {
            Meaning::And | Meaning::Or => vec![("bool, bool".into(), "bool".into())],
            Meaning::Coalesce => vec![("any that may be missing, any".into(), "any".into())],
            Meaning::Range(_) => vec![(RANGE_ENDS.into(), "range".into())],
            Meaning::Kernel(signatures) => signatures.iter().map(types_of).collect(),
        };
        group(&mut groups, code(operator.symbol), types);
    }
    for prefix in PREFIXES {
        let types = prefix.signatures.iter().map(types_of).collect();
        group(&mut groups, prefix_name(prefix.symbol), types);
    }
    for (symbols, types) in groups {
        for (at, (operands, result)) in types.iter().enumerate() {
            let symbols = if at == 0 { symbols.join(" ") } else { String::new() };
            row(out, [&symbols, operands, result]);
        }
    }
}

const TYPES_HEAD: &str = "
### Types of operands

Nothing is converted. `money` is one currency on both sides; `any` is one single value on both
sides, and the elements of a `list` are of that type.
";

const RANGE_ENDS: &str = "two values that `<` compares with the tested one";

/// Operands and result, for each way to write an operator.
type Types = Vec<(String, String)>;

fn types_of(signature: &Signature) -> (String, String) {
    let operands: Vec<_> = signature.parameters.iter().map(|shape| shape.name()).collect();
    (operands.join(", "), signature.result.name().to_string())
}

fn group(groups: &mut Vec<(Vec<String>, Types)>, symbol: String, types: Types) {
    match groups.iter_mut().find(|(_, known)| *known == types) {
        Some((symbols, _)) => symbols.push(symbol),
        None => groups.push((vec![symbol], types)),
    }
}

fn functions(out: &mut String) {
    out.push_str("\n## Functions\n");
    for (heading, functions) in TABLES {
        write!(out, "\n### {heading}\n").unwrap();
        head(out, ["function", "gives", "example"]);
        for function in *functions {
            let signatures: Vec<_> =
                function.signatures.iter().map(|s| code(&s.described(function.name))).collect();
            row(out, [&signatures.join("<br>"), function.doc, &code(function.example)]);
        }
    }
    out.push_str("\n### Forms that look at the elements of a list\n");
    head(out, ["form", "gives", "example"]);
    for (name, doc, example) in COMPREHENSIONS {
        row(out, [&code(&form(name)), doc, &code(example)]);
    }
}

fn form(name: &str) -> String {
    match name {
        "any" | "all" => format!("{name}(x in list: condition)"),
        "count" => format!("{name}(x in list where condition)"),
        _ => format!("{name}(x in list where condition: value)"),
    }
}

fn combiners(out: &mut String) {
    out.push_str(
        "\n## Combiners\n\nDMN is the hit policy of a decision table that does the same.\n",
    );
    head(out, ["combiner", "DMN", "does"]);
    for combiner in COMBINERS {
        row(out, [&code(combiner.name), combiner.dmn, combiner.doc]);
    }
    let counted = "Of a table: the number of rows that match.";
    row(out, [&code(COUNT), COUNT_DMN, counted]);
}

fn script_limits(out: &mut String) {
    out.push_str(SCRIPT_LIMITS_HEAD);
    head(out, ["limit", "default", "at most", "counts"]);
    for (name, default, most, counts) in ScriptLimits::ALL {
        row(out, [&code(name), &default.to_string(), &most.to_string(), counts.trim()]);
    }
}

const SCRIPT_LIMITS_HEAD: &str = "
## Limits of scripts

What one call of a [script](scripts.md) may take. `rulebook.yaml` sets others under `scripts`.
";

fn diagnostics(out: &mut String) {
    out.push_str(DIAGNOSTICS_HEAD);
    for (severity, heading) in [(Severity::Error, "Errors"), (Severity::Warning, "Warnings")] {
        write!(out, "\n### {heading}\n").unwrap();
        head(out, ["code", "level", "means"]);
        for diagnostic in Code::ALL.iter().filter(|code| code.default_severity() == severity) {
            row(out, [&code(diagnostic.name()), severity.name(), diagnostic.meaning()]);
        }
    }
}

const DIAGNOSTICS_HEAD: &str = "
## Diagnostics

What `rulebook check` tells. Errors are errors always; the level of a warning can be set in
`rulebook.yaml`.
";

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

// ---- the examples ---------------------------------------------------------------------------

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
    /// Profiles of a record; those that stand last count.
    profiles: Vec<(String, ProfileFormat, String)>,
    record: Option<String>,
    problems: Vec<String>,
}

impl Page {
    fn files_with(&self, policy: &str) -> Files {
        let own = [("example.policy".to_string(), policy.to_string())];
        Files::from_texts(self.files.iter().cloned().chain(own))
    }

    fn inspect(&self, policy: &str) -> Inspection {
        let mut inspection = Rulebook::inspect(&self.files_with(policy), &Options::new());
        analyse::prove(&mut inspection);
        inspection
    }

    fn problem(&mut self, block: &Block, message: &str) {
        self.problems.push(format!("{}: {message}", block.place));
    }

    fn take(&mut self, block: &Block) {
        match (block.language.as_str(), block.note.as_str()) {
            ("policy", "") => self.policy(block),
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
        let of_level = |d: &&rulebook::diagnostic::Diagnostic| d.severity == severity;
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
                "record Nothing {{ id: text? }}\npolicy p for Nothing {{\n\
                 decide holds: bool by first\nrule r {{ then {expression} }}\n}}"
            );
            let inspection = self.inspect(&policy);
            let told = drawn(&inspection);
            let holds = inspection
                .rulebook
                .and_then(|rulebook| rulebook.policy("p").ok()?.decide("{}").ok()?.truth("holds"));
            if holds != Some(true) {
                self.problem(block, &format!("`{expression}` is not true: {holds:?}\n{told}"));
            }
        }
    }

    /// The last policy above that has this name.
    fn policy_named(&self, name: &str) -> Option<&String> {
        let start = format!("policy {name} ");
        let mut policies = self.policies.iter().rev();
        policies.find(|text| text.lines().any(|line| line.starts_with(&start)))
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

    /// What the last policy decides about the last record.
    fn decision(&mut self, block: &Block) -> Option<(Rulebook, Decision)> {
        let (Some(policy), Some(record)) = (self.policies.last(), &self.record) else {
            self.problem(block, "a policy and a record should stand above");
            return None;
        };
        let rulebook = self.inspect(policy).rulebook?;
        let name = rulebook.policies().next().unwrap_or_default().to_string();
        let decision = rulebook.policy(&name).unwrap().replaying().decide(record).unwrap();
        Some((rulebook, decision))
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
        let Some((rulebook, decision)) = self.decision(block) else { return };
        let Some(wanted) = self.json(block) else { return };
        match rulebook.statements().statement(&decision) {
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
        let Some((_, decision)) = self.decision(block) else { return };
        let mut got = serde_json::to_value(&decision).unwrap();
        let Some(mut wanted) = self.json(block) else { return };
        for result in [&mut got, &mut wanted] {
            result["rulebook"]["digest"] = "…".into();
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

/// The pages that stand by themselves.
fn pages() -> Vec<PathBuf> {
    let mut pages: Vec<_> = fs::read_dir(root().join("docs"))
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|ending| ending == "md"))
        .collect();
    pages.push(root().join("README.md"));
    pages.sort();
    pages
}

/// The chapters on the language in the order of the table of contents; later ones build on the
/// policies of earlier ones.
fn chapters() -> Vec<PathBuf> {
    let listed = linked(&fs::read_to_string(root().join("docs/SUMMARY.md")).unwrap());
    let chapters = listed.into_iter().filter(|link| link.starts_with("language/"));
    chapters.map(|link| root().join("docs").join(link)).collect()
}

/// Where the links of a page lead.
fn linked(text: &str) -> Vec<String> {
    let links = text.split("](").skip(1);
    links.map(|rest| rest.split(')').next().unwrap().to_string()).collect()
}

fn shown(path: &Path) -> String {
    path.strip_prefix(root()).unwrap_or(path).display().to_string()
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
fn the_table_of_contents_leads_to_every_page() {
    let listed = linked(&fs::read_to_string(root().join("docs/SUMMARY.md")).unwrap());
    let mut there: Vec<String> = Vec::new();
    for folder in ["docs", "docs/language"] {
        for entry in fs::read_dir(root().join(folder)).unwrap() {
            let path = entry.unwrap().path();
            let name = path.strip_prefix(root().join("docs")).unwrap().display().to_string();
            if name.ends_with(".md") && name != "SUMMARY.md" {
                there.push(name);
            }
        }
    }
    let mut listed_once = listed.clone();
    listed_once.sort_unstable();
    there.sort_unstable();
    assert_eq!(listed_once, there);
}

/// The name that a heading has in links.
fn anchor(heading: &str) -> String {
    let kept = heading.to_lowercase();
    let kept = kept.chars().filter(|c| c.is_alphanumeric() || matches!(c, ' ' | '-' | '_'));
    kept.map(|c| if c == ' ' { '-' } else { c }).collect()
}

#[test]
fn every_link_between_pages_leads_somewhere() {
    let mut broken = Vec::new();
    for path in pages().into_iter().chain(chapters()) {
        for link in linked(&fs::read_to_string(&path).unwrap()) {
            let (file, section) = link.split_once('#').unwrap_or((&link, ""));
            if file.contains("://") || !(file.is_empty() || file.ends_with(".md")) {
                continue;
            }
            let target = match file {
                "" => path.clone(),
                file => path.parent().unwrap().join(file),
            };
            let Ok(text) = fs::read_to_string(&target) else {
                broken.push(format!("{}: {link}", shown(&path)));
                continue;
            };
            let headings = text.lines().filter(|line| line.starts_with('#'));
            let mut anchors = headings.map(|line| anchor(line.trim_start_matches('#').trim()));
            if !section.is_empty() && !anchors.any(|known| known == section) {
                broken.push(format!("{}: {link}", shown(&path)));
            }
        }
    }
    assert!(broken.is_empty(), "{broken:#?}");
}

// ---- tables of the language page that repeat something --------------------------------------

fn language_page() -> String {
    let chapters = chapters().into_iter();
    chapters.map(|path| fs::read_to_string(path).unwrap()).collect::<Vec<_>>().join("\n")
}

/// The rows below a table's head, each as its cells without backticks.
fn rows_below<'t>(page: &'t str, head: &str) -> Vec<Vec<&'t str>> {
    let below = page.lines().skip_while(|line| *line != head).skip(2);
    let rows: Vec<_> = below
        .take_while(|line| line.starts_with('|'))
        .map(|line| {
            line.trim_matches('|').split(" | ").map(|c| c.trim_matches([' ', '`'])).collect()
        })
        .collect();
    assert!(!rows.is_empty(), "docs/language has no table `{head}`");
    rows
}

#[test]
fn the_language_page_tells_every_combiner_with_its_hit_policy() {
    let page = language_page();
    let told = rows_below(&page, "| combiner | DMN | what holds | outcomes |");
    let told: Vec<_> = told.iter().map(|cells| (cells[0], cells[1])).collect();
    let known: Vec<_> = COMBINERS.iter().map(|row| (row.name, row.dmn)).collect();
    assert_eq!(told, known);
}

#[test]
fn the_language_page_tells_every_lint() {
    let page = language_page();
    let mut told: Vec<_> =
        rows_below(&page, "| lint | warns when |").iter().map(|cells| cells[0]).collect();
    let lints = Code::ALL.iter().filter(|code| code.default_severity() == Severity::Warning);
    let mut known: Vec<_> = lints.map(|code| code.name()).collect();
    told.sort_unstable();
    known.sort_unstable();
    assert_eq!(told, known);
}

#[test]
fn the_cohorts_of_the_language_page_are_drawn_so() {
    let page = language_page();
    for cells in rows_below(&page, "| salt | key | hash | bucket |") {
        let [salt, key, hash, place] = cells[..] else { panic!("{cells:?}") };
        let got = (murmur3(salt, key).to_string(), bucket(salt, key).to_string());
        assert_eq!(got, (hash.to_string(), place.to_string()), "{salt}{key}");
    }
}

// ---- the fields of a statement of reasons -----------------------------------------------------

const FIELDS_HEAD: &str = "| field | takes | needed | says |\n| --- | --- | --- | --- |\n";

#[test]
fn the_page_on_statements_tells_every_field() {
    let path = root().join("docs/statements.md");
    let page = fs::read_to_string(&path).unwrap();
    let (above, _) = page.split_once(FIELDS_HEAD).expect("the page has the table");
    let mut wanted = format!("{above}{FIELDS_HEAD}");
    for field in FIELDS {
        let takes = match field.kind {
            Kind::Text(limit) => format!("a text of at most {limit} characters"),
            Kind::Choice(names) => {
                names.iter().map(|name| code(name)).collect::<Vec<_>>().join(" or ")
            }
            Kind::Choices(names) => {
                let names: Vec<_> = names.iter().map(|name| code(name)).collect();
                format!("some of {}", names.join(", "))
            }
            Kind::Date => "a day".into(),
            Kind::Unique => "a name that no other statement has".into(),
        };
        let needed = match field.need {
            Need::Always => "always".into(),
            Need::Restriction => "at least one of the four".into(),
            Need::Ground(ground) => format!("where `decision_ground` is {}", code(ground)),
        };
        row(&mut wanted, [&code(field.name), &takes, &needed, field.doc]);
    }
    if wants_update() {
        fs::write(&path, &wanted).unwrap();
    }
    assert_eq!(fs::read_to_string(&path).unwrap(), wanted);
}

// ---- the page about confidence --------------------------------------------------------------

#[test]
fn the_page_about_confidence_tells_every_kind_of_edit() {
    let page = fs::read_to_string(root().join("docs/confidence.md")).unwrap();
    let rows = scenario::mutation::Kind::ALL;
    let rows = rows.iter().map(|kind| format!("| `{}` | {} |\n", kind.name(), kind.doc()));
    let table = format!("| edit | what is changed |\n|---|---|\n{}\n", rows.collect::<String>());
    assert!(page.contains(&table), "docs/confidence.md should have\n{table}");
}
