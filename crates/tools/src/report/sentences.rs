//! What a change does, in sentences.

use crate::markup::{Markup, html};
use crate::simulate::{Cell, Impact, Matrix, MeasureImpact, Side};

use super::number::{amount, change};
use rulebook_lang::figures::{are, count, counted, share};

/// No more flows of a decision are put into words than these.
const MOST: usize = 5;

/// The first lines of the page: who is compared, and what differs.
pub(super) fn lead(impact: &Impact) -> Markup {
    let judged = counted_of(impact, impact.judged);
    let span = html! {
        @if let Some(span) = &impact.span {
            ", dated " span class="one" { (span.from) } " to " span class="one" { (span.until) }
            " (" (count(span.days)) " days)"
        }
    };
    let changed = impact.changed.records;
    html! {
        @if let Some(baseline) = &impact.baseline {
            p class="sides" {
                b { (name(&impact.candidate)) } " compared with " b { (name(baseline)) } ", on "
                (judged) (span) "."
            } "\n"
            p class="lead" {
                strong { (count(changed)) } " of " (judged) " (" (share(changed, impact.judged)) ") "
                (are(changed)) " decided differently."
            } "\n"
        } @else {
            p class="sides" { (judged) (span) ", judged by " b { (name(&impact.candidate)) } "." } "\n"
        }
        ul class="lines" {
            "\n"
            @for matrix in &impact.decisions { (flows(matrix, impact)) }
            @for measure in &impact.measures { (moved(measure)) }
        } "\n"
        (left_out(impact))
    }
}

/// How many of what is judged there are, and where elements come from.
pub(super) fn counted_of(impact: &Impact, count: u64) -> String {
    match &impact.elements {
        Some(elements) => format!("{} of {}", counted(count, "element"), elements.list),
        None => counted(count, "record"),
    }
}

/// What becomes of a measure.
fn moved(measure: &MeasureImpact) -> Markup {
    let unit = measure.unit.as_deref();
    html! {
        li {
            b { (measure.title.as_deref().unwrap_or(&measure.name)) } " " (change(&measure.value, unit))
            @if let Some(yearly) = &measure.yearly { "; for a year it " (change(yearly, unit)) }
            "."
        } "\n"
    }
}

/// What to call a side.
pub(super) fn name(side: &Side) -> &str {
    match (side.label.as_str(), &side.rulebook) {
        ("", Some(rulebook)) => &rulebook.name,
        ("", None) => "the rulebook",
        (label, _) => label,
    }
}

/// The largest flows of a decision, a line each.
fn flows(matrix: &Matrix, impact: &Impact) -> Markup {
    let compared = impact.baseline.is_some();
    let mut cells: Vec<_> =
        matrix.cells.iter().filter(|cell| cell.is_change() || !compared).collect();
    cells.sort_by_key(|cell| std::cmp::Reverse(cell.tally.records));
    let rest = cells.get(MOST..).unwrap_or_default();
    let rest: u64 = rest.iter().map(|cell| cell.tally.records).sum();
    let decision = &matrix.decision;
    html! {
        @if cells.is_empty() {
            li { (decision) ": every outcome stays." } "\n"
        }
        @for cell in cells.iter().take(MOST) {
            li { (decision) ": " (flow(cell, impact)) (sums(cell, impact)) "." } "\n"
        }
        @if cells.len() > MOST {
            li {
                (decision) ": " (counted(rest, impact.noun())) " "
                @if rest == 1 { "goes another way" } @else { "go other ways" } "."
            } "\n"
        }
    }
}

fn flow(cell: &Cell, impact: &Impact) -> Markup {
    let records = cell.tally.records;
    let verb = |one, many| if records == 1 { one } else { many };
    html! {
        (counted(records, impact.noun())) " "
        @match &cell.from {
            Some(_) if cell.moved => { (verb("has", "have")) " another value" }
            Some(from) => { (verb("goes", "go")) " from " b { (from) } " to " b { (cell.to) } }
            None => { (are(records)) " " b { (cell.to) } }
        }
    }
}

fn sums(cell: &Cell, impact: &Impact) -> String {
    let texts = impact.sums.iter().zip(&cell.tally.sums);
    let texts =
        texts.map(|(sum, value)| format!("{} {}", sum.field, amount(*value, sum.unit.as_deref())));
    let texts: Vec<_> = texts.collect();
    if texts.is_empty() { String::new() } else { format!(" ({})", texts.join(", ")) }
}

/// The records that do not count above.
fn left_out(impact: &Impact) -> Markup {
    let rejected = impact.baseline.iter().chain([&impact.candidate]).map(|side| side.rejected);
    let missing = match impact.elements {
        // A record may have any number of elements.
        Some(_) => rejected.max().unwrap_or(0),
        None => impact.records.saturating_sub(impact.judged),
    };
    html! {
        @if missing > 0 {
            p class="warning" {
                (count(missing)) " of " (counted(impact.records, "record"))
                " could not be judged by both sides and "
                (are(missing)) " left out: " a href="#sides" { "why" } "."
            } "\n"
        }
    }
}
