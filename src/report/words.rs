//! What a change does, in sentences.

use std::fmt::Write as _;

use crate::document::escaped;
use crate::simulate::{Cell, Impact, Matrix, Side};

use super::number::{amount, change, count, records, share};

/// No more flows of a decision are told in words than these.
const MOST: usize = 5;

/// The first lines of the page: who is compared, and what differs.
pub(super) fn lead(impact: &Impact, out: &mut String) {
    let candidate = escaped(name(&impact.candidate));
    let span = impact.span.as_ref().map_or(String::new(), |span| {
        let (from, until, days) = (escaped(&span.from), escaped(&span.until), count(span.days));
        format!(
            ", dated <span class=\"one\">{from}</span> to <span class=\"one\">{until}</span> ({days} days)"
        )
    });
    let judged = records(impact.judged);
    let (share, changed) =
        (escaped(&share(impact.changed.records, impact.judged)), count(impact.changed.records));
    let _ = match &impact.baseline {
        Some(baseline) => writeln!(
            out,
            "<p class=\"sides\"><b>{candidate}</b> compared with <b>{}</b>, on {judged}{span}.</p>\n\
             <p class=\"lead\"><strong>{changed}</strong> of {judged} ({share}) \
             {} decided otherwise.</p>",
            escaped(name(baseline)),
            if impact.changed.records == 1 { "is" } else { "are" },
        ),
        None => {
            writeln!(out, "<p class=\"sides\">{judged}{span}, judged by <b>{candidate}</b>.</p>")
        }
    };
    out.push_str("<ul class=\"lines\">\n");
    impact.decisions.iter().for_each(|matrix| flows(matrix, impact, out));
    for measure in &impact.measures {
        let unit = measure.unit.as_deref();
        let title = escaped(measure.title.as_deref().unwrap_or(&measure.name));
        let yearly = measure
            .yearly
            .as_ref()
            .map_or(String::new(), |yearly| format!("; for a year it {}", change(yearly, unit)));
        let _ = writeln!(
            out,
            "<li><b>{title}</b> {}{}.</li>",
            escaped(&change(&measure.value, unit)),
            escaped(&yearly)
        );
    }
    out.push_str("</ul>\n");
    left_out(impact, out);
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
fn flows(matrix: &Matrix, impact: &Impact, out: &mut String) {
    let compared = impact.baseline.is_some();
    let mut cells: Vec<_> =
        matrix.cells.iter().filter(|cell| cell.is_change() || !compared).collect();
    cells.sort_by_key(|cell| std::cmp::Reverse(cell.tally.records));
    let decision = escaped(&matrix.decision);
    if cells.is_empty() {
        let _ = writeln!(out, "<li>{decision}: every outcome stays.</li>");
    }
    for cell in cells.iter().take(MOST) {
        let _ = writeln!(out, "<li>{decision}: {}{}.</li>", flow(cell), sums(cell, impact));
    }
    if let Some(rest) = cells.get(MOST..).filter(|rest| !rest.is_empty()) {
        let number = rest.iter().map(|cell| cell.tally.records).sum();
        let ways = if number == 1 { "goes another way" } else { "go other ways" };
        let _ = writeln!(out, "<li>{decision}: {} {ways}.</li>", records(number));
    }
}

fn flow(cell: &Cell) -> String {
    let (number, to) = (records(cell.tally.records), escaped(&cell.to));
    let verb = |one, many| if cell.tally.records == 1 { one } else { many };
    match &cell.from {
        Some(_) if cell.moved => format!("{number} {} another value", verb("has", "have")),
        Some(from) => {
            let from = escaped(from);
            format!("{number} {} from <b>{from}</b> to <b>{to}</b>", verb("goes", "go"))
        }
        None => format!("{number} {} <b>{to}</b>", verb("is", "are")),
    }
}

fn sums(cell: &Cell, impact: &Impact) -> String {
    let told = impact.sums.iter().zip(&cell.tally.sums);
    let told = told.map(|(sum, value)| {
        escaped(&format!("{} {}", sum.field, amount(*value, sum.unit.as_deref())))
    });
    let told: Vec<_> = told.collect();
    if told.is_empty() { String::new() } else { format!(" ({})", told.join(", ")) }
}

/// The records that do not count above.
fn left_out(impact: &Impact, out: &mut String) {
    let missing = impact.records.saturating_sub(impact.judged);
    if missing > 0 {
        let _ = writeln!(
            out,
            "<p class=\"warning\">{} of {} could not be judged by both sides and {} left out: \
             <a href=\"#sides\">why</a>.</p>",
            count(missing),
            records(impact.records),
            if missing == 1 { "is" } else { "are" },
        );
    }
}
