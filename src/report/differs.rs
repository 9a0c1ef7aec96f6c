//! In what the sides differ, and what is assumed.

use super::html::{Cell, table};
use super::section::{heads, section};
use crate::figures::NONE;
use crate::markup::{Markup, html};
use crate::simulate::{Difference, Differing, Impact, Line, Side};

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
    let written = |own: &&Difference| matches!(own.what, Differing::Rule | Differing::Definition);
    let values = impact.differs.iter().filter(|own| !written(own)).map(|own| {
        let what = if own.what == Differing::Time { "time" } else { "parameter" };
        let side = |value: &Option<String>| Cell::text(value.as_deref().unwrap_or(NONE));
        vec![Cell::text(what), Cell::text(&own.name), side(&own.baseline), side(&own.candidate)]
    });
    let head = heads(["What", "Name", "Baseline", "Candidate"]);
    let parts = html! {
        (table("In what the sides differ", &head, &values.collect::<Vec<_>>()))
        @for own in impact.differs.iter().filter(written) { (text(own)) }
        (table("Set for this run", &heads(["Side", "Parameter", "Value"]), &rows))
    };
    section("differs", "What was changed and set", &parts)
}

/// A rule or a definition that is written otherwise, line by line.
fn text(own: &Difference) -> Markup {
    html! {
        details class="written" {
            summary { (own.told_name()) " " (own.told_change()) } "\n"
            pre class="lines" {
                @for line in own.lines() {
                    @match line {
                        Line::Both(text) => { "  " (text) }
                        Line::Gone(text) => { del { "- " (text) } }
                        Line::New(text) => { ins { "+ " (text) } }
                        Line::Rest => { "  …" }
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
    let rows = impact.assumptions.iter().map(|own| {
        let value = match own.set {
            true => format!("{}, set for this run", own.value),
            false => own.value.clone(),
        };
        vec![Cell::text(&own.parameter), Cell::text(&value), Cell::text(&own.why)]
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
