//! What a change does, for people at a terminal: first in words, then in tables.

use super::super::grid::Grid;
use super::super::paint;
use super::super::screen::Text;
use super::super::wrap::explanation;
use super::matrix;
use rulebook_lang::figures::{Filling, NONE, Speech, phrases};
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
pub(super) fn text(impact: &Impact, speech: Speech<'_>) -> Text {
    let impact = &impact.for_readers(speech);
    let mut out = heading(impact, speech);
    for matrix in &impact.decisions {
        out += matrix::decision(impact, matrix, speech);
    }
    for grouping in &impact.groupings {
        out += groups(impact, grouping, speech);
    }
    out += rules(impact, speech);
    out += watched(impact, speech);
    out += measures(impact, speech);
    out += assumed(impact, speech);
    for flip in &impact.flips {
        out += flipped(flip, speech);
    }
    out
}

/// How many of something there are, as phrases take it.
fn number(count: usize) -> u64 {
    u64::try_from(count).unwrap_or(u64::MAX)
}

/// What changed, in a sentence or two.
fn heading(impact: &Impact, speech: Speech<'_>) -> Text {
    let mut out = Text::default();
    let name = impact.title.as_deref().unwrap_or(&impact.policy);
    writeln!(out, "{}", paint::strong(name));
    if let Some(baseline) = &impact.baseline {
        let sides = [
            (&phrases::COMPARED_FROM, &baseline.label),
            (&phrases::COMPARED_TO, &impact.candidate.label),
        ];
        for (phrase, side) in sides {
            writeln!(out, "  {}", speech.says(phrase, &[("side", side)]));
        }
    }
    out += differs(impact, speech);
    out.blank();
    if impact.baseline.is_some() {
        let changed = impact.changed.records;
        let phrase = match changed {
            0 => &phrases::NONE_CHANGED,
            1 => &phrases::ONE_CHANGED,
            _ => &phrases::SEVERAL_CHANGED,
        };
        let (records, count) = (impact.counted(impact.judged, speech), speech.count(changed));
        let share = speech.share(changed, impact.judged);
        let values: &Filling<'_> = &[("records", &records), ("count", &count), ("share", &share)];
        writeln!(out, "{}", paint::strong(speech.says(phrase, values)));
        for moves in impact.decisions.iter().filter_map(|matrix| moves(impact, matrix, speech)) {
            writeln!(out, "  {moves}");
        }
    } else {
        let phrase = match impact.judged {
            1 => &phrases::ONE_JUDGED,
            _ => &phrases::ALL_JUDGED,
        };
        let records = impact.counted(impact.judged, speech);
        writeln!(out, "{}", speech.says(phrase, &[("records", &records)]));
    }
    if let Some(span) = &impact.span {
        let values: &Filling<'_> = &[("from", &span.from), ("until", &span.until)];
        writeln!(out, "{}", speech.says(&phrases::SPAN, values));
    }
    for side in impact.baseline.iter().chain([&impact.candidate]) {
        out += troubles(impact.records, side, speech);
    }
    for field in impact.sums.iter().filter(|field| field.missing > 0) {
        let missing = speech.count(field.missing);
        let values: &Filling<'_> = &[("count", &missing), ("field", &field.field)];
        writeln!(out, "{}", speech.says(&phrases::HAVE_NONE, values));
    }
    out.blank();
    out
}

/// In what the sides differ: times and parameters by their values, rules and definitions line by line.
fn differs(impact: &Impact, speech: Speech<'_>) -> Text {
    let mut out = Text::default();
    let written = |difference: &&Difference| {
        matches!(difference.what, Differing::Rule | Differing::Definition)
    };
    for difference in impact.differs.iter().filter(|difference| !written(difference)) {
        let gone = |value: &Option<String>| {
            value.clone().unwrap_or_else(|| speech.word(&phrases::NOT_THERE).into())
        };
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
        writeln!(out, "  {} {}", change.title(speech), change.change(speech));
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
            let more = speech.count(number(lines.len() - LINES));
            writeln!(out, "      {}", speech.says(&phrases::MORE_LINES, &[("count", &more)]));
        }
    }
    if texts.len() > TEXTS {
        writeln!(out, "  {}", more(texts.len() - TEXTS, speech));
    }
    out
}

/// That there is more of something.
pub(super) fn more(count: usize, speech: Speech<'_>) -> String {
    let count = speech.count(number(count));
    speech.says(&phrases::MORE_IN_JSON, &[("count", &count)])
}

/// What is assumed in the policy.
fn assumed(impact: &Impact, speech: Speech<'_>) -> Text {
    if impact.assumptions.is_empty() {
        return Text::default();
    }
    let mut out = Text::line(format_args!("{}", paint::strong(speech.word(&phrases::ASSUMED))));
    for assumption in &impact.assumptions {
        let set = if assumption.set { speech.word(&phrases::SET_FOR_THIS_RUN) } else { "" };
        let why = paint::faint(&assumption.why);
        writeln!(out, "  {} = {}{set}  {why}", assumption.parameter, assumption.value);
    }
    out.blank();
    out
}

/// The largest moves of a decision, in words.
fn moves(impact: &Impact, matrix: &Matrix, speech: Speech<'_>) -> Option<String> {
    let mut cells: Vec<_> = matrix.cells.iter().filter(|cell| cell.is_change()).collect();
    cells.sort_by_key(|cell| std::cmp::Reverse(cell.tally.records));
    if cells.is_empty() {
        return None;
    }
    let moves = cells.iter().take(MOVES).map(|cell| {
        let from = cell.from.as_deref().unwrap_or_default();
        let sums = amounts(impact, &cell.tally, speech).join(", ");
        let sums = if sums.is_empty() { String::new() } else { format!(" ({sums})") };
        let phrase = if cell.moved { &phrases::TO_ANOTHER } else { &phrases::FROM_TO };
        let count = speech.count(cell.tally.records);
        let values: &Filling<'_> = &[("count", &count), ("from", &from), ("to", &cell.to)];
        speech.says(phrase, values) + sums.as_str()
    });
    let moves: Vec<_> = moves.collect();
    let rest: u64 = cells.iter().skip(MOVES).map(|cell| cell.tally.records).sum();
    let rest = match rest {
        0 => String::new(),
        rest => speech.says(&phrases::REST, &[("count", &speech.count(rest))]),
    };
    Some(format!("{}: {}{rest}", matrix.decision, speech.joined(moves)))
}

pub(crate) fn troubles(records: u64, side: &Side, speech: Speech<'_>) -> Text {
    let mut out = Text::default();
    if side.rejected > 0 {
        let (rejected, all) = (speech.count(side.rejected), speech.records(records));
        let values: &Filling<'_> =
            &[("side", &side.label), ("count", &rejected), ("records", &all)];
        let phrase = match side.rejected {
            1 => &phrases::ONE_REJECTED,
            _ => &phrases::SEVERAL_REJECTED,
        };
        writeln!(out, "{}", paint::warning(speech.says(phrase, values)));
        for rejection in side.rejections.iter().take(3) {
            let place = match rejection.path.as_str() {
                "" => speech.word(&phrases::WHOLE_RECORD),
                path => path,
            };
            let count = speech.count(rejection.records);
            let values: &Filling<'_> = &[
                ("count", &count),
                ("place", &place),
                ("message", &rejection.message),
                ("record", &rejection.first),
            ];
            writeln!(out, "  {}", speech.says(&phrases::FIRST_REJECTED, values));
        }
    }
    if side.faulted > 0 {
        let faulted = speech.count(side.faulted);
        let values: &Filling<'_> = &[("side", &side.label), ("count", &faulted)];
        writeln!(out, "{}", paint::warning(speech.says(&phrases::SIDE_WITH_FAULT, values)));
    }
    out
}

pub(super) fn compared(compared: &Compared, unit: Option<&str>, speech: Speech<'_>) -> String {
    let [before, after, difference] = [compared.baseline, compared.candidate, compared.difference]
        .map(|amount| amount.map(|Amount(number)| number));
    match (before, difference) {
        (Some(_), Some(_)) => {
            let (from, to) = (speech.known(before, unit), speech.known(after, unit));
            format!("{from} → {to} ({})", speech.signed(difference, unit))
        }
        _ => speech.known(after, unit),
    }
}

fn groups(impact: &Impact, grouping: &Grouping, speech: Speech<'_>) -> Text {
    let by = if grouping.monthly { &phrases::GROUPED_BY_MONTH } else { &phrases::GROUPED_BY };
    let by = speech.says(by, &[("field", &grouping.field)]);
    let mut out = Text::line(format_args!("{}", paint::strong(by)));
    let compares = impact.baseline.is_some();
    let counted = match &impact.elements {
        Some(elements) => elements.list.clone(),
        None => speech.word(&phrases::HEAD_RECORDS).into(),
    };
    let mut header = vec![grouping.field.clone(), counted];
    if compares {
        let heads = [&phrases::HEAD_CHANGED, &phrases::HEAD_SHARE];
        header.extend(heads.map(|head| speech.word(head).to_string()));
    }
    header.extend(impact.sums.iter().map(|field| match compares {
        true => speech.says(&phrases::HEAD_FIELD_CHANGED, &[("field", &field.field)]),
        false => field.field.clone(),
    }));
    let mut grid = Grid::new(header);
    for group in grouping.groups.iter().take(GROUPS) {
        let value = group.value.clone().unwrap_or_else(|| speech.nothing().into());
        let mut row = vec![value, speech.count(group.all.records)];
        if compares {
            row.push(speech.count(group.changed.records));
            row.push(speech.share(group.changed.records, group.all.records));
        }
        row.extend(amounts(impact, if compares { &group.changed } else { &group.all }, speech));
        grid.row(row);
    }
    out += grid.with_numbers(usize::MAX).draw();
    let left = grouping.groups.len().saturating_sub(GROUPS);
    if left > 0 {
        writeln!(out, "{}", more(left, speech));
    }
    out.blank();
    out
}

fn rules(impact: &Impact, speech: Speech<'_>) -> Text {
    let compares = impact.baseline.is_some();
    let heads = [&phrases::HEAD_RULE].into_iter();
    let heads = heads.chain(compares.then_some(&phrases::HEAD_BEFORE));
    let heads = heads.chain([&phrases::HEAD_DECIDED, &phrases::HEAD_ALONE, &phrases::HEAD_DROPPED]);
    let header = heads.map(|head| speech.word(head).to_string()).collect();
    let mut grid = Grid::new(header);
    for rule in &impact.rules {
        let before = rule.baseline.as_ref().map(|count| count.decided.records);
        let after = rule.candidate.as_ref();
        let shown =
            |count: Option<u64>| count.map_or(NONE.to_string(), |count| speech.count(count));
        let mut row = vec![rule.rule.clone()];
        row.extend(compares.then(|| shown(before)));
        row.push(shown(after.map(|count| count.decided.records)));
        row.push(shown(after.map(|count| count.alone.records)));
        let dropped: Vec<_> = rule
            .dropped
            .iter()
            .map(|matrix| format!("{} {}", speech.count(matrix.changed().records), matrix.decision))
            .collect();
        row.push(if dropped.is_empty() {
            speech.nothing().into()
        } else {
            dropped.join(&paint::line_break())
        });
        grid.row(row);
    }
    let mut out = Text::line(format_args!("{}", paint::strong(speech.word(&phrases::RULES))));
    out += grid.with_numbers(usize::MAX).draw();
    out.blank();
    out
}

fn watched(impact: &Impact, speech: Speech<'_>) -> Text {
    if impact.watched.is_empty() {
        return Text::default();
    }
    let mut out =
        Text::line(format_args!("{}", paint::strong(speech.word(&phrases::NOT_ENFORCED))));
    for rule in &impact.watched {
        let fired = impact.counted(rule.fired.records, speech);
        let values: &Filling<'_> =
            &[("rule", &rule.rule), ("effect", &rule.effect), ("records", &fired)];
        writeln!(out, "  {}", speech.says(&phrases::FIRED_ON, values));
        if rule.enforced.is_empty() {
            writeln!(out, "    {}", speech.word(&phrases::ENFORCED_NOTHING));
        }
        for moves in rule.enforced.iter().filter_map(|matrix| moves(impact, matrix, speech)) {
            writeln!(out, "    {}", speech.says(&phrases::ENFORCED, &[("moves", &moves)]));
        }
    }
    out.blank();
    out
}

fn measures(impact: &Impact, speech: Speech<'_>) -> Text {
    if impact.measures.is_empty() {
        return Text::default();
    }
    let mut out = Text::line(format_args!("{}", paint::strong(speech.word(&phrases::MEASURES))));
    for measure in &impact.measures {
        out += one_measure(impact, measure, speech);
    }
    out.blank();
    out
}

fn one_measure(impact: &Impact, measure: &MeasureImpact, speech: Speech<'_>) -> Text {
    let unit = measure.unit.as_deref();
    let name = measure.title.as_deref().unwrap_or(&measure.name);
    let value = compared(&measure.value, unit, speech);
    let mut out = Text::line(format_args!("  {}: {value}", paint::strong(name)));
    if let Some(yearly) = &measure.yearly {
        let value = compared(yearly, unit, speech);
        writeln!(out, "    {}", speech.says(&phrases::YEARLY, &[("value", &value)]));
    }
    for assumed in &measure.assumed {
        let assumed = speech.says(&phrases::ASSUMED_WHY, &[("why", assumed)]);
        writeln!(out, "    {}", paint::faint(assumed));
    }
    let [before, after] = measure.faults;
    if before + after > 0 {
        let (before, after) = (impact.counted(before, speech), speech.count(after));
        let values: &Filling<'_> = &[("before", &before), ("after", &after)];
        let line = speech.says(&phrases::NO_VALUE, values);
        writeln!(out, "    {}", paint::warning(line));
    }
    out
}

fn flipped(flip: &Flip, speech: Speech<'_>) -> Text {
    let name = flip.name();
    let decisions = flip.decisions.iter().map(|decision| {
        format!(
            "{}: {} → {}",
            decision.decision,
            paint::removed(&decision.from),
            paint::added(&decision.to)
        )
    });
    let decisions: Vec<_> = decisions.collect();
    let name = paint::strong(speech.says(&phrases::RECORD, &[("number", &name)]));
    let mut out = Text::line(format_args!("{name} {}", decisions.join(", ")));
    for (word, text) in
        [&phrases::BEFORE, &phrases::AFTER].into_iter().zip(flip.differing_explanations())
    {
        writeln!(out, "{}", paint::faint(speech.word(word)));
        out += explanation(&text, "  ");
    }
    out.blank();
    out
}

/// What the fields of some records add up to.
pub(super) fn amounts(impact: &Impact, tally: &Tally, speech: Speech<'_>) -> Vec<String> {
    let all = impact.sums.iter().zip(&tally.sums);
    all.map(|(field, Amount(amount))| speech.sum(*amount, field.unit.as_deref())).collect()
}
