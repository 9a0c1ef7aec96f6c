//! A sweep for people at a terminal: a line for each point, and bars that make a curve of them.

use super::super::grid::Grid;
use super::super::paint;
use super::super::screen::Text;
use rulebook_lang::figures::{Filling, NONE, Speech, phrases};
use rulebook_lang::model::Number;
use rulebook_tools::simulate::{Amount, Curve, CurveOf, Sweep};

/// The room for the bars of a curve.
const BARS: usize = 24;
/// More groups than this are told in JSON and CSV only.
const GROUPS: usize = 24;
/// More points than this do not fit beside each other.
const COLUMNS: usize = 12;

/// All of it.
pub(super) fn text(sweep: &Sweep, speech: Speech<'_>) -> Text {
    let sweep = &sweep.for_readers(speech);
    let curves = sweep.curves();
    let mut out = heading(sweep, speech);
    let (decisions, rest): (Vec<_>, Vec<_>) =
        curves.iter().partition(|curve| curve.of.decision().is_some());
    // A year is a multiple of the whole, and moves as it does.
    let rest = rest.into_iter().filter(|curve| curve.of != CurveOf::Yearly);
    let (alike, moving): (Vec<_>, Vec<_>) =
        rest.partition(|curve| curve.of == CurveOf::Measure && curve.is_flat());
    out += points(sweep, &moving, speech);
    let mut alike: Vec<_> = alike.iter().map(|curve| unchanged(curve, speech)).collect();
    for decision in names(&decisions) {
        let is_of = |curve: &&&Curve| curve.of.decision() == Some(decision);
        let curves: Vec<_> = decisions.iter().filter(is_of).copied().collect();
        if curves.iter().all(|curve| curve.is_flat()) {
            alike.push(decision.to_string());
            continue;
        }
        writeln!(out, "{}", paint::strong(decision));
        out += outcomes(sweep, &curves, speech);
    }
    if !alike.is_empty() {
        let line = speech.says(&phrases::SAME_EVERYWHERE, &[("names", &speech.joined(alike))]);
        writeln!(out, "{}", paint::faint(line));
        out.blank();
    }
    let groupings = sweep.points.first().map_or([].as_slice(), |point| &point.impact.groupings);
    for (at, grouping) in groupings.iter().enumerate() {
        let by = if grouping.monthly { &phrases::CHANGED_BY_MONTH } else { &phrases::CHANGED_BY };
        let title = speech.says(by, &[("field", &grouping.field)]);
        writeln!(out, "{}", paint::strong(title));
        out += groups(sweep, at, &grouping.field, speech);
    }
    out
}

/// What is swept over, and what is wrong with records.
fn heading(sweep: &Sweep, speech: Speech<'_>) -> Text {
    let Some(impact) = sweep.points.first().map(|point| &point.impact) else {
        return Text::default();
    };
    let name = impact.title.as_deref().unwrap_or(&impact.policy);
    let mut out = Text::line(format_args!("{}", paint::strong(name)));
    if let Some(baseline) = &impact.baseline {
        let side = speech.says(&phrases::COMPARED_WITH, &[("side", &baseline.label)]);
        writeln!(out, "  {side}");
    }
    let fixed = impact.candidate.set.iter().filter(|(name, _)| !sweep.parameters.contains(name));
    for (name, value) in fixed {
        let values: &Filling<'_> = &[("name", name), ("value", value)];
        writeln!(out, "  {}", speech.says(&phrases::SET_TO, values));
    }
    let (records, points) = (impact.counted(impact.judged, speech), sweep.points.len());
    let span = impact.span.as_ref().map(|span| {
        let values: &Filling<'_> = &[("from", &span.from), ("until", &span.until)];
        format!(" {}", speech.says(&phrases::SPAN, values))
    });
    let span = span.unwrap_or_default();
    out.blank();
    let values: &Filling<'_> = &[("records", &records), ("points", &points)];
    let phrase = match impact.judged {
        1 => &phrases::ONE_AT_EACH_POINT,
        _ => &phrases::AT_EACH_POINT,
    };
    writeln!(out, "{}{span}", speech.says(phrase, values));
    let sides = sweep.points.iter().map(|point| (&point.impact, &point.impact.candidate));
    let baseline = impact.baseline.iter().map(|side| (impact, side));
    for (impact, side) in baseline.chain(sides) {
        out += super::super::simulate::troubles(impact.records, side, speech);
    }
    out.blank();
    out
}

/// The names of the decisions, in their order.
fn names<'c>(curves: &[&'c Curve]) -> Vec<&'c str> {
    let mut names: Vec<_> = curves.iter().filter_map(|curve| curve.of.decision()).collect();
    names.dedup();
    names
}

/// A measure that no point moves, with its value.
fn unchanged(curve: &Curve, speech: Speech<'_>) -> String {
    format!("{} ({})", curve.title, value(curve, 0, speech))
}

/// What changes, and the measures. Bars make a curve of the first measure that changes, else of the
/// records that do.
fn points(sweep: &Sweep, curves: &[&Curve], speech: Speech<'_>) -> Text {
    let measures = curves.iter().filter(|curve| curve.of == CurveOf::Measure);
    let drawn_by = measures.into_iter().find(|curve| !curve.is_flat()).or(curves.first());
    let Some(drawn_by) = drawn_by else { return Text::default() };
    let bars = bars(drawn_by);
    let mut head = sweep.parameters.clone();
    let mut place = 0;
    for curve in curves {
        head.push(match curve.of {
            CurveOf::Changed => {
                let head = speech.word(&phrases::HEAD_CHANGED);
                curve.name.replace("changed", head).replace(' ', &paint::line_break())
            }
            _ => wrapped(&title(curve, speech)),
        });
        if curve.name == "changed" {
            head.push(speech.word(&phrases::HEAD_SHARE).into());
        }
        if curve.name == drawn_by.name {
            place = head.len();
            head.push(String::new());
        }
    }
    let mut grid = Grid::new(head);
    let mut add = |mut row: Vec<String>, bar: &str, cells: &dyn Fn(&Curve) -> Vec<String>| {
        row.extend(curves.iter().flat_map(|curve| cells(curve)));
        row.insert(place.min(row.len()), bar.to_string());
        grid.row(row);
    };
    if curves.iter().any(|curve| curve.baseline.is_some()) {
        add(baseline_row(sweep, speech), "", &|curve| match curve.name.as_str() {
            "changed" => vec![NONE.into(), NONE.into()],
            _ if curve.of == CurveOf::Changed => vec![NONE.into()],
            _ => vec![amount(curve.baseline, curve.unit.as_deref(), speech)],
        });
    }
    for (at, point) in sweep.points.iter().enumerate() {
        let bar = bars.get(at).map_or("", String::as_str);
        let share = speech.share(point.impact.changed.records, point.impact.judged);
        add(point.values.clone(), bar, &|curve| match curve.name.as_str() {
            "changed" => vec![value(curve, at, speech), share.clone()],
            _ => vec![value(curve, at, speech)],
        });
    }
    let mut out = grid.with_numbers(place).draw();
    out.blank();
    out
}

/// What a curve tells of.
fn title(curve: &Curve, speech: Speech<'_>) -> String {
    match &curve.of {
        CurveOf::Total(decision) => speech.says(&phrases::ADDED_UP, &[("decision", decision)]),
        _ => curve.title.clone(),
    }
}

/// A title on several lines, so that its column stays narrow.
fn wrapped(title: &str) -> String {
    const WIDE: usize = 20;
    let (mut out, mut wide) = (String::new(), 0);
    for word in title.split(' ') {
        let more = word.chars().count() + 1;
        let breaks = wide > 0 && wide + more > WIDE;
        match (breaks, wide) {
            (true, _) => out.push_str(&paint::line_break()),
            (false, 0) => {}
            (false, _) => out.push(' '),
        }
        out.push_str(word);
        wide = if breaks { more } else { wide + more };
    }
    out
}

/// The outcomes of a decision.
fn outcomes(sweep: &Sweep, curves: &[&Curve], speech: Speech<'_>) -> Text {
    let mut head = sweep.parameters.clone();
    head.extend(curves.iter().map(|curve| wrapped(&title(curve, speech))));
    let mut grid = Grid::new(head);
    if curves.iter().any(|curve| curve.baseline.is_some()) {
        let mut row = baseline_row(sweep, speech);
        let amounts =
            curves.iter().map(|curve| amount(curve.baseline, curve.unit.as_deref(), speech));
        row.extend(amounts);
        grid.row(row);
    }
    for (at, point) in sweep.points.iter().enumerate() {
        let mut row = point.values.clone();
        row.extend(curves.iter().map(|curve| value(curve, at, speech)));
        grid.row(row);
    }
    let mut out = grid.with_numbers(usize::MAX).draw();
    out.blank();
    out
}

/// How many records of each group change at each point.
fn groups(sweep: &Sweep, grouping: usize, field: &str, speech: Speech<'_>) -> Text {
    if sweep.points.len() > COLUMNS {
        let mut out = Text::line(format_args!("  {}", speech.word(&phrases::TOO_MANY_POINTS)));
        out.blank();
        return out;
    }
    let mut head = vec![field.to_string(), speech.word(&phrases::HEAD_RECORDS).into()];
    head.extend(sweep.points.iter().map(|point| point.values.join(&paint::line_break())));
    let mut grid = Grid::new(head);
    let values = sweep.groups(grouping);
    for value in values.iter().take(GROUPS) {
        let (records, curves) = sweep.curves_of(grouping, *value);
        let mut row = vec![value.unwrap_or(speech.nothing()).to_string(), speech.count(records)];
        let changed = curves.first();
        row.extend(
            (0..sweep.points.len())
                .map(|at| changed.map_or(String::new(), |curve| self::value(curve, at, speech))),
        );
        grid.row(row);
    }
    let more = values.len().saturating_sub(GROUPS);
    let mut out = grid.with_numbers(usize::MAX).draw();
    if more > 0 {
        let count = speech.count(u64::try_from(more).unwrap_or(u64::MAX));
        writeln!(out, "{}", speech.says(&phrases::MORE_IN_CSV, &[("count", &count)]));
    }
    out.blank();
    out
}

/// The first cells of the line that tells how it is by the baseline.
fn baseline_row(sweep: &Sweep, speech: Speech<'_>) -> Vec<String> {
    let mut row = vec![speech.word(&phrases::BASELINE).to_string()];
    row.extend(sweep.parameters.iter().skip(1).map(|_| String::new()));
    row
}

fn value(curve: &Curve, at: usize, speech: Speech<'_>) -> String {
    amount(curve.values.get(at).copied().flatten(), curve.unit.as_deref(), speech)
}

fn amount(value: Option<Amount>, unit: Option<&str>, speech: Speech<'_>) -> String {
    speech.known(value.map(|Amount(value)| value), unit)
}

/// A bar for each value of a curve, from zero on; eighths of a column tell small differences.
fn bars(curve: &Curve) -> Vec<String> {
    const EIGHTHS: [&str; 8] = ["", "▏", "▎", "▍", "▌", "▋", "▊", "▉"];
    let size = |value: &Option<Amount>| value.map_or(Number::ZERO, |Amount(value)| value.abs());
    let most = curve.values.iter().map(size).max().unwrap_or(Number::ZERO);
    let bar = |value: &Option<Amount>| {
        let eighths = i64::try_from(BARS * 8).ok().map(Number::from)?;
        let long = size(value).checked_mul(eighths)?.checked_div(most)?;
        let long = usize::try_from(long.checked_round(0)?.to_i64()?).ok()?;
        let sign = if value.is_some_and(|Amount(value)| value < Number::ZERO) { "-" } else { "" };
        let rest = EIGHTHS.get(long % 8).copied().unwrap_or_default();
        Some(format!("{sign}{}{rest}", "█".repeat(long / 8)))
    };
    curve.values.iter().map(|value| bar(value).unwrap_or_default()).collect()
}
