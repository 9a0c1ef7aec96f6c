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
mod words;

use std::fmt::Write as _;

use crate::document::{COLOURS, escaped};
use crate::simulate::Impact;

pub use curve::curves;

const STYLE: &str = include_str!("report.css");
const SCRIPT: &str = include_str!("report.js");

/// The page about a simulation, as the text of one HTML file.
///
/// ```
/// use rulebook::report;
/// use rulebook::simulate::{Cell, Impact, Matrix, Side, Tally};
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
    let title = impact.title.as_deref().unwrap_or(&impact.policy);
    let mut out = String::new();
    // A text takes whatever is written.
    let _ = write!(
        out,
        "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <link rel=\"icon\" href=\"data:,\">\n\
         <title>{0} – impact</title>\n<style>\n{COLOURS}{STYLE}</style>\n</head>\n<body>\n<main>\n\
         <h1>{0}</h1>\n",
        escaped(title),
    );
    words::lead(impact, &mut out);
    section::measures(impact, &mut out);
    section::decisions(impact, &mut out);
    section::groupings(impact, &mut out);
    section::rules(impact, &mut out);
    section::watched(impact, &mut out);
    flip::flips(impact, &mut out);
    differs::differs(impact, &mut out);
    differs::assumed(impact, &mut out);
    section::sides(impact, &mut out);
    let _ = write!(out, "</main>\n<script>\n{SCRIPT}</script>\n</body>\n</html>\n");
    out
}
