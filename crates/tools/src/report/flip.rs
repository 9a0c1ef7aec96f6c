//! Records that are decided differently: each opens to both explanations, side by side.

use super::section::section;
use super::sentences::name;
use crate::markup::{Markup, html};
use crate::simulate::{Flip, Impact};

/// The examples.
pub(super) fn flips(impact: &Impact) -> Markup {
    if impact.flips.is_empty() {
        return html! {};
    }
    let baseline = impact.baseline.as_ref().map_or("baseline", name);
    let sides = [baseline, name(&impact.candidate)];
    let examples = html! { @for example in &impact.flips { (flip(example, sides)) } };
    section("flips", "Examples of what changes", &examples)
}

fn flip(flip: &Flip, [baseline, candidate]: [&str; 2]) -> Markup {
    let id = match (&flip.id, &flip.place) {
        (None, None) => format!("record {}", flip.record),
        _ => flip.name(),
    };
    let input = serde_json::to_string_pretty(&flip.input).unwrap_or_default();
    let [before, after] = flip.differing_explanations();
    let is_short =
        [&before, &after] != [flip.baseline.text.trim_end(), flip.candidate.text.trim_end()];
    html! {
        details class="flip" {
            summary {
                span { (id) } " "
                @if let Some(dated) = &flip.dated { span class="soft" { (dated) } " " }
                span {
                    @for (at, way) in flip.decisions.iter().enumerate() {
                        @if at > 0 { "; " }
                        (way.decision) ": " (way.from) " → " b { (way.to) }
                    }
                }
            } "\n"
            (two([(baseline, &before), (candidate, &after)]))
            @if is_short {
                details class="every" {
                    summary { "every rule" } "\n"
                    (two([(baseline, &flip.baseline.text), (candidate, &flip.candidate.text)]))
                } "\n"
            }
            details { summary { "the record" } pre { (input) } } "\n"
        } "\n"
    }
}

/// Two explanations, each below its name.
fn two(sides: [(&str, &str); 2]) -> Markup {
    html! {
        div class="two" {
            "\n"
            @for (name, text) in sides { div { h3 { (name) } pre { (text.trim_end()) } } "\n" }
        } "\n"
    }
}
