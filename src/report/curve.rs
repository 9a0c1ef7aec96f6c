//! A sweep as one drawing: a panel for each thing that changes, with its curves.

use std::fmt::Write as _;

use super::panel::{Line, Panel, axis, mark, marks, panels};
use crate::document::{COLOURS, escaped};
use crate::simulate::Sweep;

const WIDTH: f64 = 720.0;
/// The room of a panel, with its title and the names below it.
const PANEL: f64 = 290.0;
const LEFT: f64 = 110.0;
const TOP: f64 = 44.0;
const BOTTOM: f64 = 62.0;
const HEAD: f64 = 64.0;
/// The room right of the lines, where they have names and where they have none.
const RIGHT: [f64; 2] = [160.0, 30.0];
/// No more names stand below a panel.
const NAMES: usize = 10;
/// As many lines of a panel have a colour and a name of their own.
const LINES: usize = 6;
/// More points than this are not marked one by one.
const MARKED: usize = 40;

const STYLE: &str = "\
svg { background: var(--back); font: 13px system-ui, \"Noto Sans\", \"Noto Sans CJK SC\", sans-serif; }\n\
text { fill: var(--text); }\n\
.title { font-size: 18px; font-weight: 600; }\n\
.name { font-weight: 600; }\n\
.soft { fill: var(--soft); font-size: 12px; }\n\
.axis { stroke: var(--line); }\n\
.zero { stroke: var(--soft); }\n\
.baseline { stroke: var(--soft); stroke-width: 1.2; stroke-dasharray: 5 4; }\n\
.curve { fill: none; stroke-width: 2.2; stroke-linejoin: round; stroke-linecap: round; }\n\
.area { fill: var(--link); opacity: 0.1; }\n\
.s0 { stroke: var(--link); } .s1 { stroke: var(--warn); } .s2 { stroke: var(--enforce); }\n\
.s3 { stroke: var(--assumed); } .s4 { stroke: var(--shadow); } .s5 { stroke: var(--text); }\n\
.s6 { stroke: var(--line); }\n\
circle { fill: var(--back); stroke-width: 2; }\n";

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
    let is_named = panels.iter().any(|panel| panel.lines.len() > 1);
    let right = WIDTH - if is_named { RIGHT[0] } else { RIGHT[1] };
    for (at, panel) in panels.iter().enumerate() {
        draw(panel, sweep, (HEAD + PANEL * at as f64, right), &mut out);
    }
    out.push_str("</svg>\n");
    out
}

/// Where things of a panel lie.
struct Frame<'s> {
    axis: Vec<&'s str>,
    /// The least and the largest mark.
    range: (f64, f64),
    bottom: f64,
    right: f64,
}

impl Frame<'_> {
    fn x(&self, at: usize) -> f64 {
        let steps = self.axis.len().saturating_sub(1).max(1);
        LEFT + (self.right - LEFT) * at as f64 / steps as f64
    }

    fn y(&self, value: f64) -> f64 {
        let (low, high) = self.range;
        self.bottom - (value - low) / (high - low) * (PANEL - TOP - BOTTOM)
    }
}

fn draw(panel: &Panel, sweep: &Sweep, (top, right): (f64, f64), out: &mut String) {
    let marks = marks(panel);
    let range = (marks.first().copied().unwrap_or(0.0), marks.last().copied().unwrap_or(1.0));
    let frame = Frame { axis: axis(sweep), range, bottom: top + PANEL - BOTTOM, right };
    let _ = writeln!(
        out,
        "<text class=\"name\" x=\"16\" y=\"{:.1}\">{}</text>",
        top + 24.0,
        escaped(&panel.title)
    );
    grid(&frame, &marks, sweep, out);
    baselines(panel, &frame, out);
    let mut ends = Vec::new();
    for (number, line) in panel.lines.iter().enumerate() {
        let class = number.min(LINES);
        let end = curve(line, class, panel.lines.len() == 1, &frame, out);
        if number < LINES && panel.lines.len() > 1 {
            ends.extend(end.map(|y| (y, class, line.name.as_str())));
        }
    }
    if let (Some(rest @ [_, ..]), false) = (sweep.parameters.get(1..), ends.is_empty()) {
        let _ = writeln!(
            out,
            "<text class=\"soft\" x=\"{:.1}\" y=\"{:.1}\">{}</text>",
            right + 12.0,
            top + 24.0,
            escaped(&shortened(&rest.join(", ")))
        );
    }
    beside(ends, &frame, out);
}

/// The lines of the marks, and the values below them with the name of their parameter.
fn grid(frame: &Frame<'_>, marks: &[f64], sweep: &Sweep, out: &mut String) {
    for value in marks {
        let y = frame.y(*value);
        let _ = writeln!(
            out,
            "<line class=\"{}\" x1=\"{LEFT}\" y1=\"{y:.1}\" x2=\"{:.1}\" y2=\"{y:.1}\"/>\
             <text class=\"soft\" x=\"{:.1}\" y=\"{:.1}\" text-anchor=\"end\">{}</text>",
            if *value == 0.0 { "zero" } else { "axis" },
            frame.right,
            LEFT - 8.0,
            y + 4.0,
            escaped(&mark(*value)),
        );
    }
    let every = frame.axis.len().div_ceil(NAMES).max(1);
    for (at, name) in frame.axis.iter().enumerate().filter(|(at, _)| at % every == 0) {
        let _ = writeln!(
            out,
            "<text class=\"soft\" x=\"{:.1}\" y=\"{:.1}\" text-anchor=\"middle\">{}</text>",
            frame.x(at),
            frame.bottom + 18.0,
            escaped(name)
        );
    }
    if let Some(parameter) = sweep.parameters.first() {
        let _ = writeln!(
            out,
            "<text class=\"soft\" x=\"{:.1}\" y=\"{:.1}\" text-anchor=\"middle\">{}</text>",
            (LEFT + frame.right) / 2.0,
            frame.bottom + 38.0,
            escaped(parameter)
        );
    }
}

/// How it is by the baseline: one dashed line, or one of each colour where lines differ in it.
fn baselines(panel: &Panel, frame: &Frame<'_>, out: &mut String) {
    let mut drawn: Vec<f64> = Vec::new();
    let all: Vec<_> = panel.lines.iter().filter_map(|line| line.baseline).collect();
    let is_one = all.windows(2).all(|pair| pair.first() == pair.last());
    for (number, line) in panel.lines.iter().enumerate() {
        let Some(value) = line.baseline.filter(|value| !drawn.contains(value)) else { continue };
        drawn.push(value);
        let colour = if is_one { String::new() } else { format!(" s{}", number.min(LINES)) };
        let y = frame.y(value);
        let _ = writeln!(
            out,
            "<line class=\"baseline{colour}\" x1=\"{LEFT}\" y1=\"{y:.1}\" x2=\"{:.1}\" y2=\"{y:.1}\"/>",
            frame.right
        );
    }
}

/// A line with its points; where it ends.
fn curve(
    line: &Line,
    class: usize,
    alone: bool,
    frame: &Frame<'_>,
    out: &mut String,
) -> Option<f64> {
    let known = line.values.iter().enumerate().filter_map(|(at, value)| Some((at, (*value)?)));
    let places: Vec<_> = known.map(|(at, value)| (at, frame.x(at), frame.y(value))).collect();
    let (&(_, first, _), &(_, last, end)) = (places.first()?, places.last()?);
    let path: Vec<_> = places.iter().map(|(_, x, y)| format!("{x:.1} {y:.1}")).collect();
    let path = path.join("L");
    if alone {
        let zero = frame.y(0.0);
        let _ = writeln!(
            out,
            "<path class=\"area\" d=\"M{first:.1} {zero:.1}L{path}L{last:.1} {zero:.1}Z\"/>"
        );
    }
    let _ = writeln!(out, "<path class=\"curve s{class}\" d=\"M{path}\"/>");
    let radius = if frame.axis.len() > MARKED { 1.5 } else { 3.0 };
    for (at, x, y) in &places {
        let value = frame.axis.get(*at).copied().unwrap_or_default();
        let told = line.told.get(*at).map_or("", String::as_str);
        let _ = writeln!(
            out,
            "<circle class=\"s{class}\" cx=\"{x:.1}\" cy=\"{y:.1}\" r=\"{radius}\"><title>{}</title></circle>",
            escaped(&format!("{value}: {} {told}", line.name))
        );
    }
    Some(end)
}

/// Names at the ends of lines, moved apart where lines end close to each other.
fn beside(mut names: Vec<(f64, usize, &str)>, frame: &Frame<'_>, out: &mut String) {
    const APART: f64 = 16.0;
    names.sort_by(|a, b| b.0.total_cmp(&a.0));
    let mut places = Vec::new();
    let mut last = frame.bottom + APART;
    for (y, ..) in &names {
        last = y.min(last - APART);
        places.push(last);
    }
    // Those that were moved out at the top move the others down.
    let mut least = frame.bottom + TOP + BOTTOM - PANEL;
    for place in places.iter_mut().rev() {
        *place = place.max(least);
        least = *place + APART;
    }
    for ((_, class, name), y) in names.into_iter().zip(places) {
        let x = frame.right + 12.0;
        let _ = writeln!(
            out,
            "<line class=\"curve s{class}\" x1=\"{x:.1}\" y1=\"{y:.1}\" x2=\"{:.1}\" y2=\"{y:.1}\"/>\
             <text class=\"soft\" x=\"{:.1}\" y=\"{:.1}\"><title>{}</title>{}</text>",
            x + 12.0,
            x + 18.0,
            y + 4.0,
            escaped(name),
            escaped(&shortened(name))
        );
    }
}

/// A name as far as there is room for it.
fn shortened(name: &str) -> String {
    const MOST: usize = 19;
    match name.chars().nth(MOST) {
        Some(_) => name.chars().take(MOST - 1).chain(['…']).collect(),
        None => name.to_string(),
    }
}
