//! A simulation as one page for those who decide about the change: what it does in words first, then
//! charts, tables and examples. The page needs nothing else, and is made to be printed, too.

mod chart;
mod curve;
mod differs;
mod flip;
mod html;
mod number;
mod panel;
mod section;
mod sentences;

use crate::document::COLOURS;
use crate::markup::{Page, html};
use crate::simulate::Impact;
use rulebook_lang::figures::Speech;

pub use curve::curves;

const STYLES: &[&str] = &[COLOURS, include_str!("report.css")];
const SCRIPT: &str = include_str!("report.js");

/// The page about a simulation, as the text of one HTML file.
///
/// ```
/// use rulebook_tools::report;
/// use rulebook_tools::simulate::{Cell, Impact, Matrix, Side, Tally};
/// let refund = Matrix {
///     decision: "refund".into(),
///     outcomes: vec!["support".into(), "negotiate".into()],
///     cells: vec![Cell {
///         from: Some("support".into()),
///         to: "negotiate".into(),
///         tally: Tally { records: 4, sums: Vec::new() },
///         moved: false,
///     }],
///     ..Matrix::default()
/// };
/// let impact = Impact {
///     baseline: Some(Side::default()),
///     records: 4,
///     judged: 4,
///     decisions: vec![refund],
///     ..Impact::default()
/// };
/// let page = report::page(&impact);
/// assert!(page.contains("4 records go from <b>support</b> to <b>negotiate</b>"));
/// ```
pub fn page(impact: &Impact) -> String {
    let impact = &impact.for_readers(Speech::of("en"));
    let title = impact.title.as_deref().unwrap_or(&impact.policy);
    let body = html! {
        main {
            "\n"
            h1 { (title) } "\n"
            (sentences::lead(impact))
            (section::measures(impact))
            (section::decisions(impact))
            (section::groupings(impact))
            (section::rules(impact))
            (section::watched(impact))
            (flip::flips(impact))
            (differs::differs(impact))
            (differs::assumed(impact))
            (section::sides(impact))
        } "\n"
    };
    let title = format!("{title} – impact");
    Page { language: "en", title: &title, styles: STYLES, script: Some(SCRIPT), body }.to_text()
}
