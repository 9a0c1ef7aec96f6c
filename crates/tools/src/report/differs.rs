//! In what the sides differ, and what is assumed.

use super::html::{Cell, table};
use super::section::{heads, section};
use crate::markup::{Markup, html};
use crate::simulate::{DiffLine, Difference, Differing, Impact, Side};
use rulebook_lang::figures::{NONE, Speech};

/// In what the sides differ: times and parameters in a table, rules and definitions line by line; and
/// what was set for the run.
pub(super) fn differs(impact: &Impact) -> Markup {
    let set = |side: &Side, which: &str| {
        let set = side.set.iter();
        let line = |(name, value): &(String, String)| {
            vec![Cell::text(which), Cell::text(name), Cell::text(value)]
        };
        set.map(line).collect::<Vec<_>>()
    };
    let mut rows = impact.baseline.as_ref().map_or(Vec::new(), |side| set(side, "baseline"));
    rows.extend(set(&impact.candidate, "candidate"));
    if rows.is_empty() && impact.differs.is_empty() {
        return html! {};
    }
    let written = |difference: &&Difference| {
        matches!(difference.what, Differing::Rule | Differing::Definition)
    };
    let values =
        impact.differs.iter().filter(|difference| !written(difference)).map(|difference| {
            let what = if difference.what == Differing::Time { "time" } else { "parameter" };
            let side = |value: &Option<String>| Cell::text(value.as_deref().unwrap_or(NONE));
            vec![
                Cell::text(what),
                Cell::text(&difference.name),
                side(&difference.baseline),
                side(&difference.candidate),
            ]
        });
    let head = heads(["What", "Name", "Baseline", "Candidate"]);
    let parts = html! {
        (table("In what the sides differ", &head, &values.collect::<Vec<_>>()))
        @for difference in impact.differs.iter().filter(written) { (text(difference)) }
        (table("Set for this run", &heads(["Side", "Parameter", "Value"]), &rows))
    };
    section("differs", "What was changed and set", &parts)
}

/// A rule or a definition that is written differently, line by line.
fn text(difference: &Difference) -> Markup {
    html! {
        details class="written" {
            summary { (difference.title(Speech::of("en"))) " " (difference.change(Speech::of("en"))) } "\n"
            pre class="lines" {
                @for line in difference.lines() {
                    @match line {
                        DiffLine::Both(text) => { "  " (text) }
                        DiffLine::Gone(text) => { del { "- " (text) } }
                        DiffLine::New(text) => { ins { "+ " (text) } }
                        DiffLine::Rest => { "  …" }
                    }
                    "\n"
                }
            } "\n"
        } "\n"
    }
}

/// The assumed parameters, with their values and reasons.
pub(super) fn assumed(impact: &Impact) -> Markup {
    if impact.assumptions.is_empty() {
        return html! {};
    }
    let rows = impact.assumptions.iter().map(|assumption| {
        let value = match assumption.set {
            true => format!("{}, set for this run", assumption.value),
            false => assumption.value.clone(),
        };
        vec![Cell::text(&assumption.parameter), Cell::text(&value), Cell::text(&assumption.why)]
    });
    let head = heads(["Parameter", "Value", "Why"]);
    let parts = html! {
        p class="soft" {
            "Nobody published these values. With " code { "--set PARAMETER=VALUE" }
            " the same is worked out for others."
        } "\n"
        (table("Assumed parameters that the policy reads", &head, &rows.collect::<Vec<_>>()))
    };
    section("assumed", "What is assumed", &parts)
}
