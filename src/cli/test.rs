//! `rulebook test`: runs the scenarios of a rulebook.

use std::fs;
use std::path::{Path, PathBuf};

use serde::Serialize;

use super::args::{TestArgs, TestFormat};
use super::load::{self, counted};
use super::{Exit, Outcome, Stop, paint};
use crate::diagnostic::render_text;
use crate::scenario::{CaseResult, read, run as run_scenarios};
use crate::source::Sources;
use crate::{Files, Options, Rulebook};

pub(super) fn run(args: &TestArgs) -> Outcome {
    let files = load::files(&args.rulebook)?;
    let rulebook = load::rulebook(&files, &Options::new())?;
    let paths = scenario_files(&args.rulebook.path)?;
    if paths.is_empty() {
        let shown = args.rulebook.path.display();
        return Err(Stop::Unusable(format!(
            "{shown} has no scenarios; write them to tests/NAME.yaml"
        )));
    }
    let (results, broken) = run_files(&files, &rulebook, &paths, &args.filter)?;
    let failed = results.iter().filter(|result| !result.case.mismatches.is_empty()).count();
    match args.format {
        TestFormat::Text => print_text(&results)?,
        TestFormat::Json => print_json(&results)?,
        TestFormat::Junit => print_junit(rulebook.name().name.as_str(), &results)?,
    }
    if results.is_empty() && !broken && !args.filter.is_empty() {
        anstream::eprintln!("no scenario contains \"{}\"", args.filter);
    }
    Ok(if failed > 0 || broken || results.is_empty() { Exit::Failed } else { Exit::Done })
}

/// A scenario with its file.
struct Ran {
    file: String,
    line: usize,
    case: CaseResult,
}

fn run_files(
    files: &Files,
    rulebook: &Rulebook,
    paths: &[PathBuf],
    filter: &str,
) -> Result<(Vec<Ran>, bool), Stop> {
    let mut sources = Sources::default();
    let (mut results, mut slips) = (Vec::new(), Vec::new());
    for path in paths {
        let shown = path.display().to_string();
        let text = fs::read_to_string(path)
            .map_err(|error| Stop::Unusable(format!("cannot read {shown}: {error}")))?;
        let id = sources.add(shown.clone(), text.clone());
        match read(id, &text, rulebook.program(), &rulebook.settings().zone) {
            Ok(scenarios) => {
                // A filter that names the file takes all of it.
                let filter = if shown.contains(filter) { "" } else { filter };
                for case in run_scenarios(files, rulebook, &scenarios, filter) {
                    let (line, _) = sources.line_column(case.span);
                    results.push(Ran { file: shown.clone(), line, case });
                }
            }
            Err(found) => slips.extend(found),
        }
    }
    if !slips.is_empty() {
        anstream::eprint!("{}", render_text(&sources, &slips, paint::diagnostics()));
    }
    Ok((results, !slips.is_empty()))
}

/// The files of scenarios that belong to a rulebook.
pub(super) fn scenario_files(rulebook: &Path) -> Result<Vec<PathBuf>, Stop> {
    let folder = match rulebook.is_dir() {
        true => rulebook.join("tests"),
        false => rulebook.parent().unwrap_or(Path::new("")).join("tests"),
    };
    let Ok(entries) = fs::read_dir(&folder) else { return Ok(Vec::new()) };
    let mut paths = Vec::new();
    for entry in entries {
        let path = entry?.path();
        if path.extension().is_some_and(|ending| ending == "yaml" || ending == "yml") {
            paths.push(path);
        }
    }
    paths.sort();
    Ok(paths)
}

fn print_text(results: &[Ran]) -> Result<(), Stop> {
    for result in results.iter().filter(|result| !result.case.mismatches.is_empty()) {
        let place = paint::faint(format!("{}:{}", result.file, result.line));
        say!("{} {}  {place}", paint::error("failed"), paint::strong(&result.case.name));
        for mismatch in &result.case.mismatches {
            say!("  {}", mismatch.what);
            say!("    expected {}", paint::good(&mismatch.expected));
            say!("    got      {}", paint::error(&mismatch.got));
        }
        if let Some(explanation) = &result.case.explanation {
            for line in paint::explanation(explanation).lines() {
                say!("  {} {line}", paint::faint("│"));
            }
        }
        say!("");
    }
    let failed = results.iter().filter(|result| !result.case.mismatches.is_empty()).count();
    let passed = paint::good(format!("{} passed", results.len() - failed));
    let failed = match failed {
        0 => "0 failed".to_string(),
        failed => paint::error(format!("{failed} failed")),
    };
    say!("{}: {passed}, {failed}", counted(results.len(), "scenario"));
    Ok(())
}

#[derive(Serialize)]
struct JsonResult<'r> {
    file: &'r str,
    line: usize,
    policy: &'r str,
    name: &'r str,
    passed: bool,
    mismatches: &'r [crate::scenario::Mismatch],
    #[serde(skip_serializing_if = "Option::is_none")]
    explanation: Option<&'r str>,
}

fn print_json(results: &[Ran]) -> Result<(), Stop> {
    let rows: Vec<_> = results
        .iter()
        .map(|result| JsonResult {
            file: &result.file,
            line: result.line,
            policy: &result.case.policy,
            name: &result.case.name,
            passed: result.case.mismatches.is_empty(),
            mismatches: &result.case.mismatches,
            explanation: result.case.explanation.as_deref(),
        })
        .collect();
    let json = serde_json::to_string_pretty(&rows).map_err(std::io::Error::from)?;
    say!("{json}");
    Ok(())
}

fn print_junit(rulebook: &str, results: &[Ran]) -> Result<(), Stop> {
    let failed = results.iter().filter(|result| !result.case.mismatches.is_empty()).count();
    say!("<?xml version=\"1.0\" encoding=\"UTF-8\"?>");
    say!(
        "<testsuite name=\"{}\" tests=\"{}\" failures=\"{failed}\">",
        escaped(rulebook),
        results.len()
    );
    for result in results {
        let (class, name) = (escaped(&result.case.policy), escaped(&result.case.name));
        let place = format!("file=\"{}\" line=\"{}\"", escaped(&result.file), result.line);
        if result.case.mismatches.is_empty() {
            say!("  <testcase classname=\"{class}\" name=\"{name}\" {place}/>");
            continue;
        }
        say!("  <testcase classname=\"{class}\" name=\"{name}\" {place}>");
        for mismatch in &result.case.mismatches {
            let crate::scenario::Mismatch { what, expected, got } = mismatch;
            let message = escaped(&format!("{what}: expected {expected}, got {got}"));
            let why = escaped(result.case.explanation.as_deref().unwrap_or(""));
            say!("    <failure message=\"{message}\">{why}</failure>");
        }
        say!("  </testcase>");
    }
    say!("</testsuite>");
    Ok(())
}

fn escaped(text: &str) -> String {
    // XML has no way to write most control characters.
    let text: String = text.chars().filter(|c| !c.is_control() || *c == '\n').collect();
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}
