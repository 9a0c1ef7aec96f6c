//! The results of scenarios, told to people and programs.

use serde::Serialize;

use crate::Stop;
use crate::paint;
use crate::screen::Text;
use crate::wrap::explanation;
use rulebook_lang::figures::{count, counted};
use rulebook_tools::scenario::{Mismatch, Ran};

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
        if let Some(text) = &result.case.explanation {
            out += explanation(text, "  │ ");
        }
        out.blank();
    }
    let failed = failures().count();
    if failed > SHOWN {
        writeln!(out, "… and {} more failed; `--format json` tells all", count(failed - SHOWN));
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
    mismatches: &'r [Mismatch],
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
