//! What a change does, for people at a terminal: first in words, then in tables.

use super::super::grid::Grid;
use super::super::paint;
use super::super::screen::Text;
use super::super::wrap::explanation;
use super::matrix;
use rulebook_lang::figures::{NONE, are, count, counted, known, share, signed, sum};
use rulebook_tools::simulate::{
    Amount, Compared, DiffLine, Difference, Differing, Flip, Grouping, Impact, Matrix,
    MeasureImpact, Side, Tally,
};

/// More groups than this are told in JSON only.
const GROUPS: usize = 24;
/// More rules than this are not told line by line, and of each no more lines.
const TEXTS: usize = 10;
const LINES: usize = 24;
/// More moves than this are not told in words.
const MOVES: usize = 3;

/// All of it.
pub(super) fn text(impact: &Impact) -> Text {
    let impact = &impact.for_readers();
    let mut out = heading(impact);
    for matrix in &impact.decisions {
        out += matrix::decision(impact, matrix);
    }
    for grouping in &impact.groupings {
        out += groups(impact, grouping);
    }
    out += rules(impact);
    out += watched(impact);
    out += measures(impact);
    out += assumed(impact);
    for flip in &impact.flips {
        out += flipped(flip);
    }
    out
}

/// What changed, in a sentence or two.
fn heading(impact: &Impact) -> Text {
    let mut out = Text::default();
    let name = impact.title.as_deref().unwrap_or(&impact.policy);
    writeln!(out, "{}", paint::strong(name));
    if let Some(baseline) = &impact.baseline {
        writeln!(out, "  from {}", baseline.label);
        writeln!(out, "  to   {}", impact.candidate.label);
    }
    out += differs(impact);
    out.blank();
    if impact.baseline.is_some() {
        let share = share(impact.changed.records, impact.judged);
        let changed = impact.changed.records;
        let judged = counted(impact.judged, "record");
        let sentence = match changed {
            0 => format!("None of {judged} is decided otherwise."),
            _ => {
                let (records, are) = (count(changed), are(changed));
                format!("{records} of {judged} ({share}) {are} decided otherwise.")
            }
        };
        writeln!(out, "{}", paint::strong(sentence));
        for moves in impact.decisions.iter().filter_map(|matrix| moves(impact, matrix)) {
            writeln!(out, "  {moves}");
        }
    } else {
        let judged = impact.judged;
        writeln!(out, "{} {} judged.", counted(judged, "record"), are(judged));
    }
    if let Some(span) = &impact.span {
        writeln!(out, "They are of {} to {}.", span.from, span.until);
    }
    for side in impact.baseline.iter().chain([&impact.candidate]) {
        out += troubles(impact.records, side);
    }
    for field in impact.sums.iter().filter(|field| field.missing > 0) {
        let (field, missing) = (&field.field, count(field.missing));
        writeln!(out, "{missing} of them have no {field}, which counts as nothing.");
    }
    out.blank();
    out
}

/// In what the sides differ: times and parameters by their values, rules and definitions line by line.
fn differs(impact: &Impact) -> Text {
    let mut out = Text::default();
    let written = |difference: &&Difference| {
        matches!(difference.what, Differing::Rule | Differing::Definition)
    };
    for difference in impact.differs.iter().filter(|difference| !written(difference)) {
        let gone = |value: &Option<String>| value.clone().unwrap_or_else(|| "not there".into());
        let (before, after) = (gone(&difference.baseline), gone(&difference.candidate));
        writeln!(
            out,
            "  {}: {} → {}",
            difference.name,
            paint::removed(before),
            paint::added(after)
        );
    }
    let texts: Vec<_> = impact.differs.iter().filter(written).collect();
    for change in texts.iter().take(TEXTS) {
        writeln!(out, "  {} {}", change.title(), change.change());
        let lines = change.lines();
        for line in lines.iter().take(LINES) {
            match line {
                DiffLine::Both(text) => writeln!(out, "      {text}"),
                DiffLine::Gone(text) => {
                    writeln!(out, "    {}", paint::removed(format!("- {text}")))
                }
                DiffLine::New(text) => writeln!(out, "    {}", paint::added(format!("+ {text}"))),
                DiffLine::Rest => writeln!(out, "      …"),
            };
        }
        if lines.len() > LINES {
            writeln!(out, "      … and {} more lines", count(lines.len() - LINES));
        }
    }
    if texts.len() > TEXTS {
        writeln!(out, "  … and {} more; `--format json` has all", count(texts.len() - TEXTS));
    }
    out
}

/// What is assumed in the policy.
fn assumed(impact: &Impact) -> Text {
    if impact.assumptions.is_empty() {
        return Text::default();
    }
    let mut out = Text::line(format_args!("{}", paint::strong("assumed")));
    for assumption in &impact.assumptions {
        let set = if assumption.set { ", set for this run" } else { "" };
        let why = paint::faint(&assumption.why);
        writeln!(out, "  {} = {}{set}  {why}", assumption.parameter, assumption.value);
    }
    out.blank();
    out
}

/// The largest moves of a decision, in words.
fn moves(impact: &Impact, matrix: &Matrix) -> Option<String> {
    let mut cells: Vec<_> = matrix.cells.iter().filter(|cell| cell.is_change()).collect();
    cells.sort_by_key(|cell| std::cmp::Reverse(cell.tally.records));
    if cells.is_empty() {
        return None;
    }
    let moves = cells.iter().take(MOVES).map(|cell| {
        let from = cell.from.as_deref().unwrap_or_default();
        let sums = sums(impact, &cell.tally);
        let sums = if sums.is_empty() { String::new() } else { format!(" ({sums})") };
        match cell.moved {
            true => format!("{} to another value{sums}", count(cell.tally.records)),
            false => format!("{} from {from} to {}{sums}", count(cell.tally.records), cell.to),
        }
    });
    let moves: Vec<_> = moves.collect();
    let rest: u64 = cells.iter().skip(MOVES).map(|cell| cell.tally.records).sum();
    let rest = if rest > 0 { format!(", {} otherwise", count(rest)) } else { String::new() };
    Some(format!("{}: {}{rest}", matrix.decision, moves.join(", ")))
}

pub(crate) fn troubles(records: u64, side: &Side) -> Text {
    let mut out = Text::default();
    if side.rejected > 0 {
        let (rejected, all) = (count(side.rejected), counted(records, "record"));
        let line = format!("{}: {rejected} of {all} {} rejected", side.label, are(side.rejected));
        writeln!(out, "{}", paint::warning(line));
        for rejection in side.rejections.iter().take(3) {
            let place = if rejection.path.is_empty() { "record" } else { &rejection.path };
            let (count, message) = (count(rejection.records), &rejection.message);
            writeln!(out, "  {count} × {place}: {message} (first: record {})", rejection.first);
        }
    }
    if side.faulted > 0 {
        let line = format!("{}: {} with a fault", side.label, count(side.faulted));
        writeln!(out, "{}", paint::warning(line));
    }
    out
}

pub(super) fn compared(compared: &Compared, unit: Option<&str>) -> String {
    let [before, after, difference] = [compared.baseline, compared.candidate, compared.difference]
        .map(|amount| amount.map(|Amount(number)| number));
    match (before, difference) {
        (Some(_), Some(_)) => {
            let (from, to) = (known(before, unit), known(after, unit));
            format!("{from} → {to} ({})", signed(difference, unit))
        }
        _ => known(after, unit),
    }
}

fn groups(impact: &Impact, grouping: &Grouping) -> Text {
    let what = if grouping.monthly { "month of " } else { "" };
    let mut out =
        Text::line(format_args!("{}", paint::strong(format!("by {what}{}", grouping.field))));
    let compares = impact.baseline.is_some();
    let mut header = vec![grouping.field.clone(), "records".into()];
    if compares {
        header.extend(["otherwise".to_string(), "share".into()]);
    }
    header.extend(impact.sums.iter().map(|field| match compares {
        true => format!("{} otherwise", field.field),
        false => field.field.clone(),
    }));
    let mut grid = Grid::new(header);
    for group in grouping.groups.iter().take(GROUPS) {
        let value = group.value.clone().unwrap_or_else(|| NONE.into());
        let mut row = vec![value, count(group.all.records)];
        if compares {
            row.push(count(group.changed.records));
            row.push(share(group.changed.records, group.all.records));
        }
        row.extend(amounts(impact, if compares { &group.changed } else { &group.all }));
        grid.row(row);
    }
    out += grid.with_numbers(usize::MAX).draw();
    let more = grouping.groups.len().saturating_sub(GROUPS);
    if more > 0 {
        writeln!(out, "… and {} more; `--format json` has all", count(more));
    }
    out.blank();
    out
}

fn rules(impact: &Impact) -> Text {
    let compares = impact.baseline.is_some();
    let mut header = vec!["rule".to_string()];
    header.extend(compares.then(|| "decided before".to_string()));
    header.extend(["decided", "only it", "changes if dropped"].map(String::from));
    let mut grid = Grid::new(header);
    for rule in &impact.rules {
        let before = rule.baseline.as_ref().map(|count| count.decided.records);
        let after = rule.candidate.as_ref();
        let shown = |count: Option<u64>| count.map_or(NONE.to_string(), self::count);
        let mut row = vec![rule.rule.clone()];
        row.extend(compares.then(|| shown(before)));
        row.push(shown(after.map(|count| count.decided.records)));
        row.push(shown(after.map(|count| count.alone.records)));
        let dropped: Vec<_> = rule
            .dropped
            .iter()
            .map(|matrix| format!("{} {}", count(matrix.changed().records), matrix.decision))
            .collect();
        row.push(if dropped.is_empty() {
            "nothing".into()
        } else {
            dropped.join(&paint::line_break())
        });
        grid.row(row);
    }
    let mut out = Text::line(format_args!("{}", paint::strong("rules")));
    out += grid.with_numbers(usize::MAX).draw();
    out.blank();
    out
}

fn watched(impact: &Impact) -> Text {
    if impact.watched.is_empty() {
        return Text::default();
    }
    let mut out = Text::line(format_args!("{}", paint::strong("not enforced yet")));
    for rule in &impact.watched {
        let fired = counted(rule.fired.records, "record");
        writeln!(out, "  {} ({}) fired on {fired}", rule.rule, rule.effect);
        if rule.enforced.is_empty() {
            writeln!(out, "    enforcing it would change nothing");
        }
        for moves in rule.enforced.iter().filter_map(|matrix| moves(impact, matrix)) {
            writeln!(out, "    enforced, {moves}");
        }
    }
    out.blank();
    out
}

fn measures(impact: &Impact) -> Text {
    if impact.measures.is_empty() {
        return Text::default();
    }
    let mut out = Text::line(format_args!("{}", paint::strong("measures")));
    for measure in &impact.measures {
        out += one_measure(measure);
    }
    out.blank();
    out
}

fn one_measure(measure: &MeasureImpact) -> Text {
    let unit = measure.unit.as_deref();
    let name = measure.title.as_deref().unwrap_or(&measure.name);
    let value = compared(&measure.value, unit);
    let mut out = Text::line(format_args!("  {}: {value}", paint::strong(name)));
    if let Some(yearly) = &measure.yearly {
        writeln!(out, "    a year: {}", compared(yearly, unit));
    }
    for assumed in &measure.assumed {
        writeln!(out, "    {}", paint::faint(format!("assumed: {assumed}")));
    }
    let [before, after] = measure.faults;
    if before + after > 0 {
        let (before, after) = (counted(before, "record"), count(after));
        let line = format!("has no value for {before} before, {after} after");
        writeln!(out, "    {}", paint::warning(line));
    }
    out
}

fn flipped(flip: &Flip) -> Text {
    let name = flip.id.clone().unwrap_or_else(|| flip.record.to_string());
    let decisions = flip.decisions.iter().map(|decision| {
        format!(
            "{}: {} → {}",
            decision.decision,
            paint::removed(&decision.from),
            paint::added(&decision.to)
        )
    });
    let decisions: Vec<_> = decisions.collect();
    let name = paint::strong(format!("record {name}"));
    let mut out = Text::line(format_args!("{name} {}", decisions.join(", ")));
    for (word, text) in ["before", "after"].into_iter().zip(flip.differing_explanations()) {
        writeln!(out, "{}", paint::faint(word));
        out += explanation(&text, "  ");
    }
    out.blank();
    out
}

/// What the fields of some records add up to, on one line.
fn sums(impact: &Impact, tally: &Tally) -> String {
    amounts(impact, tally).join(", ")
}

pub(super) fn amounts(impact: &Impact, tally: &Tally) -> Vec<String> {
    let all = impact.sums.iter().zip(&tally.sums);
    all.map(|(field, Amount(amount))| sum(*amount, field.unit.as_deref())).collect()
}
