//! A sweep as one drawing: a panel for each thing that changes, with its curves.

use std::fmt::Write as _;

use super::number::amount;
use crate::document::{COLOURS, escaped};
use crate::model::Number;
use crate::simulate::{Amount, Curve, CurveOf, Sweep};

const WIDTH: f64 = 720.0;
/// The room of a panel, with its title and the names below it.
const PANEL: f64 = 270.0;
const LEFT: f64 = 110.0;
const RIGHT: f64 = 150.0;
const TOP: f64 = 44.0;
const BOTTOM: f64 = 48.0;
const HEAD: f64 = 64.0;
/// No more names stand below a panel.
const NAMES: usize = 10;
/// As many lines of a panel have a colour and a name of their own.
const LINES: usize = 6;

const STYLE: &str = "\
svg { background: var(--back); font: 13px system-ui, sans-serif; }\n\
text { fill: var(--text); }\n\
.title { font-size: 18px; font-weight: 600; }\n\
.name { font-weight: 600; }\n\
.soft { fill: var(--soft); font-size: 12px; }\n\
.axis { stroke: var(--line); }\n\
.baseline { stroke: var(--soft); stroke-dasharray: 5 4; }\n\
.curve { fill: none; stroke-width: 2.2; stroke-linejoin: round; }\n\
.s0 { stroke: var(--link); } .s1 { stroke: var(--warn); } .s2 { stroke: var(--enforce); }\n\
.s3 { stroke: var(--assumed); } .s4 { stroke: var(--shadow); } .s5 { stroke: var(--text); }\n\
.s6 { stroke: var(--line); }\n\
circle { fill: var(--back); stroke-width: 2; }\n";

/// A line of a panel: its name, where it is known by the baseline, and its values along the axis.
struct Line {
    name: String,
    baseline: Option<f64>,
    values: Vec<Option<f64>>,
    told: Vec<String>,
}

/// What is drawn together, over the same axis.
struct Panel {
    title: String,
    unit: Option<String>,
    lines: Vec<Line>,
}

/// The curves of a sweep as the text of one SVG file: over the values of the first parameter, with a
/// line for each combination of the others.
///
/// ```
/// use rulebook::report;
/// use rulebook::simulate::{Impact, Point, Sweep};
/// let point = |value: &str| Point { values: vec![value.into()], impact: Impact::default() };
/// let points = vec![point("4.5"), point("4.6")];
/// let drawing = report::curves(&Sweep { parameters: vec!["trusted_score".into()], points });
/// assert!(drawing.starts_with("<svg") && drawing.contains("trusted_score"));
/// ```
pub fn curves(sweep: &Sweep) -> String {
    let panels = panels(sweep);
    let height = HEAD + PANEL * panels.len() as f64;
    let mut out = String::new();
    // A text takes whatever is written.
    let _ = write!(
        out,
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {WIDTH} {height}\" \
         width=\"{WIDTH}\" height=\"{height}\" role=\"img\">\n<style>\n{COLOURS}{STYLE}</style>\n"
    );
    if let Some(impact) = sweep.points.first().map(|point| &point.impact) {
        let title = escaped(impact.title.as_deref().unwrap_or(&impact.policy));
        let judged = super::number::records(impact.judged);
        let over = escaped(&sweep.parameters.join(" and "));
        let baseline = impact.baseline.as_ref().map_or(String::new(), |side| {
            format!("; dashed: {}", escaped(super::words::name(side)))
        });
        let _ = writeln!(
            out,
            "<title>{title}</title>\n<text class=\"title\" x=\"16\" y=\"28\">{title}</text>\n\
             <text class=\"soft\" x=\"16\" y=\"48\">{judged}, over {over}{baseline}</text>"
        );
    }
    for (at, panel) in panels.iter().enumerate() {
        draw(panel, sweep, HEAD + PANEL * at as f64, &mut out);
    }
    out.push_str("</svg>\n");
    out
}

/// The values of the first parameter, in their order.
fn axis(sweep: &Sweep) -> Vec<&str> {
    let mut axis = Vec::new();
    for value in sweep.points.iter().filter_map(|point| point.values.first()) {
        if !axis.contains(&value.as_str()) {
            axis.push(value.as_str());
        }
    }
    axis
}

fn panels(sweep: &Sweep) -> Vec<Panel> {
    let mut panels: Vec<Panel> = Vec::new();
    let alone = sweep.parameters.len() == 1;
    let curves = sweep.curves();
    // Measures come first: they are what a policy is judged by.
    let rank = |curve: &&Curve| match curve.of {
        CurveOf::Measure => 0,
        CurveOf::Changed => 1,
        CurveOf::Decision(_) | CurveOf::Yearly => 2,
    };
    // A year is a multiple of the whole, and is drawn alike.
    let mut sorted: Vec<_> = curves.iter().filter(|curve| curve.of != CurveOf::Yearly).collect();
    // What no value changes needs no drawing, unless nothing changes at all.
    if sorted.iter().any(|curve| !curve.is_flat()) {
        let moving = sorted.iter().filter(|curve| !curve.is_flat());
        let moving: Vec<_> = moving.map(|curve| curve.of.clone()).collect();
        sorted.retain(|curve| !curve.is_flat() || is_beside(curve, &moving));
    }
    sorted.sort_by_key(rank);
    let mut last = None;
    for curve in sorted {
        let lines = lines(curve, sweep);
        match (&curve.of, panels.last_mut()) {
            // The outcomes of a decision stand together, where each has one line.
            (CurveOf::Decision(_), Some(panel))
                if alone && last == Some(&curve.of) && panel.unit == curve.unit =>
            {
                panel.lines.extend(lines);
            }
            (of, _) => {
                let title = match of {
                    CurveOf::Decision(decision) if curve.unit.is_none() && alone => {
                        format!("{decision}: records by outcome")
                    }
                    CurveOf::Decision(_) => curve.name.clone(),
                    _ => curve.title.clone(),
                };
                panels.push(Panel { title, unit: curve.unit.clone(), lines });
            }
        }
        last = Some(&curve.of);
    }
    panels
}

/// Whether a curve is an outcome of a decision of which another outcome is drawn.
fn is_beside(curve: &Curve, moving: &[CurveOf]) -> bool {
    matches!(curve.of, CurveOf::Decision(_)) && curve.unit.is_none() && moving.contains(&curve.of)
}

/// The lines of a curve: one for each combination of the parameters behind the first.
fn lines(curve: &Curve, sweep: &Sweep) -> Vec<Line> {
    let axis = axis(sweep);
    let mut lines: Vec<Line> = Vec::new();
    for (point, value) in sweep.points.iter().zip(&curve.values) {
        let (Some(first), Some(rest)) = (point.values.first(), point.values.get(1..)) else {
            continue;
        };
        let name = match rest {
            [] => curve.title.clone(),
            rest => rest.join(", "),
        };
        let at = match lines.iter().position(|line| line.name == name) {
            Some(at) => at,
            None => {
                let baseline = curve.baseline.map(f64_of);
                let (values, told) = (vec![None; axis.len()], vec![String::new(); axis.len()]);
                lines.push(Line { name, baseline, values, told });
                lines.len() - 1
            }
        };
        let place = axis.iter().position(|own| own == first);
        if let (Some(line), Some(place)) = (lines.get_mut(at), place) {
            if let Some(own) = line.values.get_mut(place) {
                *own = value.map(f64_of);
            }
            if let (Some(own), Some(value)) = (line.told.get_mut(place), value) {
                *own = amount(*value, curve.unit.as_deref());
            }
        }
    }
    lines
}

/// Drawings need no more digits than a float has.
fn f64_of(Amount(number): Amount) -> f64 {
    number.to_string().parse().unwrap_or_default()
}

fn draw(panel: &Panel, sweep: &Sweep, top: f64, out: &mut String) {
    let axis = axis(sweep);
    let (low, high) = scale(panel);
    let bottom = top + PANEL - BOTTOM;
    let y_of = |value: f64| {
        let share = (value - low) / (high - low);
        bottom - share * (PANEL - TOP - BOTTOM)
    };
    let step = (WIDTH - LEFT - RIGHT) / (axis.len().saturating_sub(1).max(1)) as f64;
    let x_of = |at: usize| LEFT + step * at as f64;
    let _ = writeln!(
        out,
        "<text class=\"name\" x=\"16\" y=\"{:.1}\">{}</text>",
        top + 24.0,
        escaped(&panel.title)
    );
    for value in [low, (low + high) / 2.0, high] {
        let y = y_of(value);
        let _ = writeln!(
            out,
            "<line class=\"axis\" x1=\"{LEFT}\" y1=\"{y:.1}\" x2=\"{:.1}\" y2=\"{y:.1}\"/>\
             <text class=\"soft\" x=\"{:.1}\" y=\"{:.1}\" text-anchor=\"end\">{}</text>",
            WIDTH - RIGHT,
            LEFT - 8.0,
            y + 4.0,
            escaped(&mark(value)),
        );
    }
    let every = axis.len().div_ceil(NAMES).max(1);
    for (at, name) in axis.iter().enumerate().filter(|(at, _)| at % every == 0) {
        let _ = writeln!(
            out,
            "<text class=\"soft\" x=\"{:.1}\" y=\"{:.1}\" text-anchor=\"middle\">{}</text>",
            x_of(at),
            bottom + 18.0,
            escaped(name)
        );
    }
    let mut names: Vec<(f64, usize, &str)> = Vec::new();
    for (number, line) in panel.lines.iter().enumerate() {
        let class = number.min(LINES);
        if let Some(y) = line.baseline.map(y_of) {
            let _ = writeln!(
                out,
                "<line class=\"baseline s{class}\" x1=\"{LEFT}\" y1=\"{y:.1}\" x2=\"{:.1}\" y2=\"{y:.1}\"/>",
                WIDTH - RIGHT
            );
        }
        let known = line.values.iter().enumerate().filter_map(|(at, value)| Some((at, (*value)?)));
        let places: Vec<_> = known.map(|(at, value)| (at, x_of(at), y_of(value))).collect();
        let path: Vec<_> = places.iter().map(|(_, x, y)| format!("{x:.1} {y:.1}")).collect();
        let _ = writeln!(out, "<path class=\"curve s{class}\" d=\"M{}\"/>", path.join("L"));
        for (at, x, y) in &places {
            let (value, told) = (axis.get(*at).copied().unwrap_or_default(), line.told.get(*at));
            let told = told.map_or("", String::as_str);
            let _ = writeln!(
                out,
                "<circle class=\"s{class}\" cx=\"{x:.1}\" cy=\"{y:.1}\" r=\"3\"><title>{}</title></circle>",
                escaped(&format!("{value}: {} {told}", line.name))
            );
        }
        if let (Some((_, _, y)), true) = (places.last(), number < LINES && panel.lines.len() > 1) {
            names.push((*y, class, &line.name));
        }
    }
    beside(names, bottom, out);
}

/// Names at the ends of lines, moved apart where lines end close to each other.
fn beside(mut names: Vec<(f64, usize, &str)>, bottom: f64, out: &mut String) {
    const APART: f64 = 16.0;
    names.sort_by(|a, b| b.0.total_cmp(&a.0));
    let mut last = bottom + APART;
    for (y, class, name) in names {
        last = y.min(last - APART);
        let shown: String = name.chars().take(18).collect();
        let more = if shown.len() < name.len() { "…" } else { "" };
        let x = WIDTH - RIGHT + 10.0;
        let _ = writeln!(
            out,
            "<line class=\"curve s{class}\" x1=\"{x:.1}\" y1=\"{last:.1}\" x2=\"{:.1}\" y2=\"{last:.1}\"/>\
             <text class=\"soft\" x=\"{:.1}\" y=\"{:.1}\">{}{more}</text>",
            x + 12.0,
            x + 18.0,
            last + 4.0,
            escaped(&shown)
        );
    }
}

/// From where to where a panel goes: zero belongs to it, so that small changes look small.
fn scale(panel: &Panel) -> (f64, f64) {
    let lines = panel.lines.iter();
    let all = lines.flat_map(|line| line.values.iter().chain([&line.baseline])).flatten();
    let (low, high) =
        all.fold((f64::MAX, f64::MIN), |(low, high), value| (low.min(*value), high.max(*value)));
    match (low, high) {
        (low, high) if low > high => (0.0, 1.0),
        (low, high) => {
            let (low, high) = (low.min(0.0), high.max(0.0));
            if high > low { (low, high) } else { (0.0, 1.0) }
        }
    }
}

/// A mark at an axis, short: `2.28 billion`.
fn mark(value: f64) -> String {
    let (scaled, word) = match value.abs() {
        size if size >= 1e9 => (value / 1e9, " billion"),
        size if size >= 1e6 => (value / 1e6, " million"),
        _ => (value, ""),
    };
    let digits = if scaled.fract() == 0.0 { 0 } else { 2 };
    let number: Option<Number> = format!("{scaled:.digits$}").parse().ok();
    let number = number.map(|number| amount(Amount(number), None));
    format!("{}{word}", number.unwrap_or_default())
}
