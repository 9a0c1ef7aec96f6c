//! The results of scenarios for build servers, in the XML of JUnit.

use super::expect::Mismatch;
use super::run::CaseResult;
use crate::markup::{self, Markup, html};
use rulebook_base::visible::visible;

/// The result of a scenario, and where that is written.
#[derive(Debug, Clone)]
pub struct Ran {
    /// Its file, as it is shown.
    pub file: String,
    /// Its line, from 1 on.
    pub line: usize,
    /// What came of it.
    pub case: CaseResult,
}

/// A suite of tests named like the rulebook, with a case for each scenario.
pub fn junit(rulebook: &str, results: &[Ran]) -> String {
    let failed = results.iter().filter(|result| !result.case.mismatches.is_empty()).count();
    let suite = html! {
        testsuite name=(visible(rulebook)) tests=(results.len()) failures=(failed) {
            "\n"
            @for result in results { "  " (junit_case(result)) "\n" }
        }
    };
    markup::document(&suite)
}

/// Readers of XML take line ends in attributes for blanks, so these are told as what they are.
fn junit_case(result: &Ran) -> Markup {
    let case = &result.case;
    let why = case.explanation.as_deref().unwrap_or_default();
    let message = |mismatch: &Mismatch| {
        let Mismatch { what, expected, got } = mismatch;
        format!("{what}: expected {expected}, got {got}")
    };
    html! {
        testcase classname=(visible(&case.policy)) name=(visible(&case.name)) file=(visible(&result.file))
            line=(result.line) {
            @for mismatch in &case.mismatches {
                "\n    " failure message=(visible(&message(mismatch))) { (why) }
            }
            @if !case.mismatches.is_empty() { "\n  " }
        }
    }
}
