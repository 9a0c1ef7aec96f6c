//! The results of scenarios, told to people, programs and build servers.

use serde::Serialize;

use super::Ran;
use crate::cli::Stop;
use crate::cli::load::counted;
use crate::cli::paint;
use crate::cli::screen::Text;

/// So many failures are told one by one.
const SHOWN: usize = 50;

/// For people: what failed and why, then how many passed.
pub(super) fn text(results: &[Ran]) -> Text {
    let mut out = Text::default();
    let failures = || results.iter().filter(|result| !result.case.mismatches.is_empty());
    for result in failures().take(SHOWN) {
        let place = paint::faint(format!("{}:{}", result.file, result.line));
        writeln!(out, "{} {}  {place}", paint::error("failed"), paint::strong(&result.case.name));
        for mismatch in &result.case.mismatches {
            writeln!(out, "  {}", mismatch.what);
            writeln!(out, "    expected {}", paint::good(&mismatch.expected));
            let mut lines = mismatch.got.lines();
            writeln!(out, "    got      {}", paint::error(lines.next().unwrap_or_default()));
            lines.for_each(|line| writeln!(out, "    {}", paint::error(line)));
        }
        if let Some(explanation) = &result.case.explanation {
            for line in paint::explanation(explanation).lines() {
                writeln!(out, "  {} {line}", paint::faint("│"));
            }
        }
        out.blank();
    }
    let failed = failures().count();
    if failed > SHOWN {
        writeln!(out, "… and {} more failed; `--format json` tells all", failed - SHOWN);
        out.blank();
    }
    let passed = paint::good(format!("{} passed", results.len() - failed));
    let failed = match failed {
        0 => "0 failed".to_string(),
        failed => paint::error(format!("{failed} failed")),
    };
    writeln!(out, "{}: {passed}, {failed}", counted(results.len(), "scenario"));
    out
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

pub(super) fn print_json(results: &[Ran]) -> Result<(), Stop> {
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
    exact!("{json}");
    Ok(())
}

pub(super) fn print_junit(rulebook: &str, results: &[Ran]) -> Result<(), Stop> {
    let failed = results.iter().filter(|result| !result.case.mismatches.is_empty()).count();
    exact!("<?xml version=\"1.0\" encoding=\"UTF-8\"?>");
    exact!(
        "<testsuite name=\"{}\" tests=\"{}\" failures=\"{failed}\">",
        escaped(rulebook),
        results.len()
    );
    for result in results {
        let (class, name) = (escaped(&result.case.policy), escaped(&result.case.name));
        let place = format!("file=\"{}\" line=\"{}\"", escaped(&result.file), result.line);
        if result.case.mismatches.is_empty() {
            exact!("  <testcase classname=\"{class}\" name=\"{name}\" {place}/>");
            continue;
        }
        exact!("  <testcase classname=\"{class}\" name=\"{name}\" {place}>");
        for mismatch in &result.case.mismatches {
            let crate::scenario::Mismatch { what, expected, got } = mismatch;
            let message = escaped(&format!("{what}: expected {expected}, got {got}"));
            let why = escaped(result.case.explanation.as_deref().unwrap_or(""));
            exact!("    <failure message=\"{message}\">{why}</failure>");
        }
        exact!("  </testcase>");
    }
    exact!("</testsuite>");
    Ok(())
}

fn escaped(text: &str) -> String {
    // XML has no way to write most control characters.
    let text: String = text.chars().filter(|c| !c.is_control() || *c == '\n').collect();
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}
