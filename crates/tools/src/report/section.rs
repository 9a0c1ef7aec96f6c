//! The parts of the page behind its first lines: charts with their tables.

use crate::markup::{Markup, html};
use crate::simulate::{Grouping, Impact, Matrix, MeasureImpact, RuleCount, Side};

use super::chart::{self, Bar};
use super::html::{Cell, sum_heads, sums, table};
use super::sentences::name;
use rulebook_lang::figures::{NONE, counted};

/// No more bars are drawn than these; the table has all.
const MOST: usize = 12;
/// With more outcomes than this, flows from outcome to outcome cannot be distinguished.
const FLOWS: usize = 8;

/// A part of the page, below its title.
pub(super) fn section(id: &str, title: &str, parts: &Markup) -> Markup {
    html! {
        section id=(id) { "\n" h2 { (title) } "\n" (parts) } "\n"
    }
}

pub(super) fn heads<const N: usize>(names: [&str; N]) -> Vec<String> {
    names.map(str::to_string).to_vec()
}

/// What the policy measures, on both sides and for a year.
pub(super) fn measures(impact: &Impact) -> Markup {
    if impact.measures.is_empty() {
        return html! {};
    }
    let compared = impact.baseline.is_some();
    let mut head = heads(["Measure"]);
    if compared {
        head.extend(heads(["Baseline", "Candidate", "Difference", "Difference for a year"]));
    } else {
        head.extend(heads(["Value", "For a year"]));
    }
    let line = |measure: &MeasureImpact| {
        let unit = measure.unit.as_deref();
        let yearly = measure.yearly.as_ref();
        let mut row = vec![Cell::text(measure.title.as_deref().unwrap_or(&measure.name))];
        if compared {
            row.push(Cell::amount(measure.value.baseline, unit));
            row.push(Cell::amount(measure.value.candidate, unit));
            row.push(Cell::signed(measure.value.difference, unit));
            row.push(Cell::signed(yearly.and_then(|yearly| yearly.difference), unit));
        } else {
            row.push(Cell::amount(measure.value.candidate, unit));
            row.push(Cell::amount(yearly.and_then(|yearly| yearly.candidate), unit));
        }
        row
    };
    let rows: Vec<_> = impact.measures.iter().map(line).collect();
    let parts = html! {
        (table("Measures over all judged records", &head, &rows))
        @for measure in &impact.measures { (origins(measure, impact.noun())) }
    };
    section("measures", "Measures", &parts)
}

/// By whose authority a measure is reckoned, and where it is not.
fn origins(measure: &MeasureImpact, noun: &str) -> Markup {
    let said = measure.sources.iter().map(|source| format!("source: {source}"));
    let said = said.chain(measure.assumed.iter().map(|why| format!("assumed: {why}")));
    let faults: u64 = measure.faults.iter().sum();
    let faulted = (faults > 0).then(|| format!("no value for {}", counted(faults, noun)));
    let said: Vec<_> = said.chain(faulted).collect();
    html! {
        @if !said.is_empty() {
            p class="soft" { b { (measure.name) } " – " (said.join("; ")) } "\n"
        }
    }
}

/// Each decision: where records go, drawn and in a table.
pub(super) fn decisions(impact: &Impact) -> Markup {
    let part = |matrix: &Matrix| {
        let drawn = match impact.baseline {
            Some(_) if matrix.outcomes.len() <= FLOWS => chart::flows(matrix, impact.noun()),
            // Too many outcomes to stand beside each other: the largest moves say most.
            Some(_) => moves(matrix),
            None => {
                let bar = |name: &String| {
                    let records = matrix.cell(None, name).records;
                    Bar { name: name.clone(), part: records, whole: records }
                };
                let bars: Vec<_> = matrix.outcomes.iter().take(MOST).map(bar).collect();
                chart::bars(&matrix.decision, &bars)
            }
        };
        let total = matrix.totals.as_ref();
        let total = total.map(|total| super::number::change(total, matrix.unit.as_deref()));
        let parts = html! {
            (drawn)
            (cells(matrix, impact))
            @if let Some(total) = total { p { "The sum of all outcomes " (total) "." } "\n" }
        };
        section(&format!("decision-{}", matrix.decision), &matrix.decision, &parts)
    };
    html! { @for matrix in &impact.decisions { (part(matrix)) } }
}

/// The largest moves of a decision as bars.
fn moves(matrix: &Matrix) -> Markup {
    let bars = matrix.by_change().into_iter().filter(|cell| cell.is_change()).take(MOST);
    let bars = bars.map(|cell| Bar {
        name: format!("{} → {}", cell.from.as_deref().unwrap_or_default(), cell.to),
        part: cell.tally.records,
        whole: cell.tally.records,
    });
    let label = format!("{}: the largest moves", matrix.decision);
    chart::bars(&label, &bars.collect::<Vec<_>>())
}

/// A matrix as a table: a line for each way that records take.
fn cells(matrix: &Matrix, impact: &Impact) -> Markup {
    let compared = impact.baseline.is_some();
    let mut head = if compared { heads(["From", "To"]) } else { heads(["Outcome"]) };
    head.extend(heads([impact.nouns(), "Share"]));
    head.extend(sum_heads(&impact.sums));
    let rows = matrix.by_change().into_iter().map(|cell| {
        let from = compared.then(|| Cell::text(cell.from.as_deref().unwrap_or(NONE)));
        let mut row: Vec<_> = from.into_iter().collect();
        row.push(match cell.moved {
            true => Cell::text(&format!("{}, another value", cell.to)),
            false => Cell::text(&cell.to),
        });
        row.push(Cell::count(cell.tally.records));
        row.push(Cell::share(cell.tally.records, impact.judged));
        row.extend(sums(&cell.tally, &impact.sums));
        row
    });
    let rows: Vec<_> = rows.collect();
    table(&format!("{}: outcome by outcome", matrix.decision), &head, &rows)
}

/// The same by months and other fields.
pub(super) fn groupings(impact: &Impact) -> Markup {
    let compared = impact.baseline.is_some();
    let bar = |group: &crate::simulate::Group| Bar {
        name: group.value.clone().unwrap_or("none".into()),
        part: if compared { group.changed.records } else { group.all.records },
        whole: group.all.records,
    };
    let label = if compared { "records decided differently" } else { "records" };
    let part = |(at, grouping): (usize, &Grouping)| {
        let bars: Vec<_> = grouping.groups.iter().map(bar).collect();
        let (title, drawn) = match grouping.monthly {
            true => {
                let drawn = chart::months(label, &without_gaps(bars), impact.noun());
                (format!("By month ({})", grouping.field), drawn)
            }
            false => {
                let drawn = chart::bars(label, bars.get(..MOST).unwrap_or(&bars));
                (format!("By {}", grouping.field), drawn)
            }
        };
        section(&format!("by-{at}"), &title, &html! { (drawn) (groups(grouping, impact)) })
    };
    html! { @for grouping in impact.groupings.iter().enumerate() { (part(grouping)) } }
}

/// Months with those between them in which there are no records.
fn without_gaps(bars: Vec<Bar>) -> Vec<Bar> {
    let mut all: Vec<Bar> = Vec::new();
    for bar in bars {
        while let Some(next) = all.last().and_then(|last| month_after(&last.name))
            && next < bar.name
        {
            all.push(Bar { name: next, part: 0, whole: 0 });
        }
        all.push(bar);
    }
    all
}

/// `2017-01` for `2016-12`.
fn month_after(month: &str) -> Option<String> {
    let (year, number) = month.split_once('-')?;
    let (year, number): (u16, u16) = (year.parse().ok()?, number.parse().ok()?);
    let (year, number) = if number == 12 { (year + 1, 1) } else { (year, number + 1) };
    Some(format!("{year:04}-{number:02}"))
}

fn groups(grouping: &Grouping, impact: &Impact) -> Markup {
    let compared = impact.baseline.is_some();
    let mut head = vec![grouping.field.clone()];
    if compared {
        head.extend(heads(["Changed", "Share"]));
    }
    head.push(impact.nouns().into());
    head.extend(sum_heads(&impact.sums).into_iter().map(|name| match compared {
        true => format!("{name}, changed"),
        false => name,
    }));
    let rows = grouping.groups.iter().map(|group| {
        let mut row = vec![Cell::text(group.value.as_deref().unwrap_or("none"))];
        if compared {
            row.push(Cell::count(group.changed.records));
            row.push(Cell::share(group.changed.records, group.all.records));
        }
        row.push(Cell::count(group.all.records));
        let tally = if compared { &group.changed } else { &group.all };
        row.extend(sums(tally, &impact.sums));
        row
    });
    table(&format!("By {}", grouping.field), &head, &rows.collect::<Vec<_>>())
}

/// What each rule decides, and what would change without it.
pub(super) fn rules(impact: &Impact) -> Markup {
    if impact.rules.is_empty() {
        return html! {};
    }
    let compared = impact.baseline.is_some();
    let decided = |count: &Option<RuleCount>| count.as_ref().map_or(0, |c| c.decided.records);
    let bars: Vec<_> = impact
        .rules
        .iter()
        .filter(|rule| decided(&rule.candidate) > 0)
        .take(MOST)
        .map(|rule| Bar {
            name: rule.title.clone().unwrap_or_else(|| rule.rule.clone()),
            part: rule.candidate.as_ref().map_or(0, |count| count.alone.records),
            whole: decided(&rule.candidate),
        })
        .collect();
    let mut head = heads(["Rule"]);
    head.extend(compared.then(|| "Decided by the baseline".to_string()));
    head.extend(heads(["Decided", "Only it decided", "Dropping it would change"]));
    let rows = impact.rules.iter().map(|rule| {
        let mut row = vec![Cell::titled(rule.title.as_deref(), &rule.rule)];
        row.extend(compared.then(|| Cell::count(decided(&rule.baseline))));
        row.push(Cell::count(decided(&rule.candidate)));
        row.push(Cell::count(rule.candidate.as_ref().map_or(0, |count| count.alone.records)));
        row.push(Cell::count(most_changed(&rule.dropped)));
        row
    });
    let parts = html! {
        p class="soft" { "The records that a rule decided; dark, those that only it decided." } "\n"
        (chart::bars(&format!("{}s that each rule decided", impact.noun()), &bars))
        (table("Rules", &head, &rows.collect::<Vec<_>>()))
    };
    section("rules", "Rules", &parts)
}

/// The records that change in the decision that changes most.
fn most_changed(matrices: &[Matrix]) -> u64 {
    matrices.iter().map(|matrix| matrix.changed().records).max().unwrap_or(0)
}

/// Phases that only watch or warn.
pub(super) fn watched(impact: &Impact) -> Markup {
    if impact.watched.is_empty() {
        return html! {};
    }
    let head = heads(["Rule", "Phase", "Would have fired", "Enforcing it would change"]);
    let rows = impact.watched.iter().map(|watched| {
        vec![
            Cell::titled(watched.title.as_deref(), &watched.rule),
            Cell::text(&watched.effect),
            Cell::count(watched.fired.records),
            Cell::count(most_changed(&watched.enforced)),
        ]
    });
    let rows = table("Phases that are not enforced", &head, &rows.collect::<Vec<_>>());
    section("watched", "Only watched or warned of", &rows)
}

/// The rulebooks by name, version and digest; what they rejected, and why.
pub(super) fn sides(impact: &Impact) -> Markup {
    let sides = impact.baseline.iter().map(|side| ("Baseline", side));
    let sides = sides.chain([("Candidate", &impact.candidate)]);
    let parts = html! { @for (which, side) in sides { (about_side(which, side, impact)) } };
    section("sides", "Rulebooks and rejected records", &parts)
}

fn about_side(which: &str, side: &Side, impact: &Impact) -> Markup {
    let mut facts = Vec::new();
    if let Some(rulebook) = &side.rulebook {
        facts.push(("Rulebook", format!("{} {}", rulebook.name, rulebook.version)));
        facts.push(("Digest", rulebook.digest.clone()));
    }
    let dated = impact.span.is_some();
    let at = side.at.as_deref().or(dated.then_some("each record's own date"));
    facts.extend(at.map(|at| ("Judged as of", at.to_string())));
    facts.push(("Decided", counted(side.decided, impact.noun())));
    if side.faulted > 0 {
        facts.push(("With a fault", counted(side.faulted, impact.noun())));
    }
    facts.push(("Rejected", counted(side.rejected, "record")));
    let rows = side.rejections.iter().map(|count| {
        vec![
            Cell::count(count.records),
            Cell::text(&count.code),
            Cell::text(&count.path),
            Cell::text(&count.message),
            Cell::count(count.first),
        ]
    });
    let head = heads(["Records", "Error", "Field", "The first says", "First record"]);
    let caption = format!("{which}: why records were rejected");
    html! {
        h3 { (which) ": " (name(side)) } "\n"
        dl { "\n" @for (name, value) in facts { dt { (name) } dd { (value) } "\n" } } "\n"
        (table(&caption, &head, &rows.collect::<Vec<_>>()))
    }
}
