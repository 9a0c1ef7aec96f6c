//! A sweep as one drawing: a panel for each thing that changes, with its curves.

use super::chart::at;
use super::panel::{Panel, Series, axis, mark, marks, panels};
use crate::document::COLOURS;
use crate::markup::{self, Markup, html};
use crate::simulate::{Impact, Sweep};
use rulebook_lang::figures::Speech;

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
/// As many lines of a panel have a colour and a name each.
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
/// use rulebook_tools::report;
/// use rulebook_tools::simulate::{Impact, Point, Sweep};
/// let point = |value: &str| Point { values: vec![value.into()], impact: Impact::default() };
/// let points = vec![point("4.5"), point("4.6")];
/// let drawing = report::curves(&Sweep { parameters: vec!["trusted_score".into()], points });
/// assert!(drawing.starts_with("<svg") && drawing.contains("trusted_score"));
/// ```
pub fn curves(sweep: &Sweep) -> String {
    let sweep = &sweep.for_readers(Speech::of("en"));
    let panels = panels(sweep);
    let height = HEAD + PANEL * panels.len() as f64;
    let is_named = panels.iter().any(|panel| panel.lines.len() > 1);
    let right = WIDTH - if is_named { RIGHT[0] } else { RIGHT[1] };
    markup::drawing(&html! {
        svg xmlns="http://www.w3.org/2000/svg" viewBox={ "0 0 " (WIDTH) " " (height) }
            width=(WIDTH) height=(height) role="img" {
            "\n"
            (markup::style(&[COLOURS, STYLE]))
            @if let Some(point) = sweep.points.first() { (head(&point.impact, sweep)) }
            @for (number, panel) in panels.iter().enumerate() {
                (draw(panel, sweep, (HEAD + PANEL * number as f64, right)))
            }
        } "\n"
    })
}

/// What is drawn, and over what.
fn head(impact: &Impact, sweep: &Sweep) -> Markup {
    let title = impact.title.as_deref().unwrap_or(&impact.policy);
    html! {
        title { (title) } "\n"
        text class="title" x="16" y="28" { (title) } "\n"
        text class="soft" x="16" y="48" {
            (super::sentences::counted_of(impact, impact.judged)) ", over " (sweep.parameters.join(" and "))
            @if let Some(side) = &impact.baseline { "; dashed: " (super::sentences::name(side)) }
        } "\n"
    }
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

fn draw(panel: &Panel, sweep: &Sweep, (top, right): (f64, f64)) -> Markup {
    let marks = marks(panel);
    let range = (marks.first().copied().unwrap_or(0.0), marks.last().copied().unwrap_or(1.0));
    let frame = Frame { axis: axis(sweep), range, bottom: top + PANEL - BOTTOM, right };
    let alone = panel.lines.len() == 1;
    let lines = || panel.lines.iter().enumerate().map(|(number, line)| (number.min(LINES), line));
    let named = lines().filter(|(number, _)| *number < LINES && !alone);
    let ends = named.filter_map(|(class, line)| {
        Some((points(line, &frame).last()?.2, class, line.name.as_str()))
    });
    let ends: Vec<_> = ends.collect();
    let others = sweep.parameters.get(1..).filter(|rest| !rest.is_empty() && !ends.is_empty());
    html! {
        text class="name" x="16" y=(at(top + 24.0)) { (panel.title) } "\n"
        (grid(&frame, &marks, sweep))
        (baselines(panel, &frame))
        @for (class, line) in lines() { (curve(line, class, alone, &frame)) }
        @if let Some(rest) = others {
            text class="soft" x=(at(right + 12.0)) y=(at(top + 24.0)) {
                (shortened(&rest.join(", ")))
            } "\n"
        }
        (beside(ends, &frame))
    }
}

/// The lines of the marks, and the values below them with the name of their parameter.
fn grid(frame: &Frame<'_>, marks: &[f64], sweep: &Sweep) -> Markup {
    // Names take about seven pixels a character, and stand around their points.
    let longest = frame.axis.iter().map(|name| name.chars().count()).max().unwrap_or(0);
    let room = longest as f64 * 7.0 + 14.0;
    let apart = |every: &usize| frame.x(*every) - frame.x(0) >= room;
    let fewest = frame.axis.len().div_ceil(NAMES).max(1);
    let every = (fewest..=frame.axis.len()).find(apart).unwrap_or(frame.axis.len().max(1));
    html! {
        @for value in marks {
            @let y = frame.y(*value);
            line class=(if *value == 0.0 { "zero" } else { "axis" })
                x1=(LEFT) y1=(at(y)) x2=(at(frame.right)) y2=(at(y)) {}
            text class="soft" x=(at(LEFT - 8.0)) y=(at(y + 4.0)) text-anchor="end" { (mark(*value)) } "\n"
        }
        @for (number, name) in frame.axis.iter().enumerate().step_by(every) {
            text class="soft" x=(at(frame.x(number))) y=(at(frame.bottom + 18.0)) text-anchor="middle" {
                (name)
            } "\n"
        }
        @if let Some(parameter) = sweep.parameters.first() {
            text class="soft" x=(at((LEFT + frame.right) / 2.0)) y=(at(frame.bottom + 38.0))
                text-anchor="middle" { (parameter) } "\n"
        }
    }
}

/// How it is by the baseline: one dashed line, or one of each colour where lines differ in it.
fn baselines(panel: &Panel, frame: &Frame<'_>) -> Markup {
    let all: Vec<_> = panel.lines.iter().filter_map(|line| line.baseline).collect();
    let is_one = all.windows(2).all(|pair| pair.first() == pair.last());
    let mut drawn: Vec<(f64, String)> = Vec::new();
    for (number, line) in panel.lines.iter().enumerate() {
        let Some(value) = line.baseline else { continue };
        if drawn.iter().all(|(other, _)| *other != value) {
            let colour = if is_one { String::new() } else { format!(" s{}", number.min(LINES)) };
            drawn.push((value, colour));
        }
    }
    html! {
        @for (value, colour) in drawn {
            @let y = at(frame.y(value));
            line class={ "baseline" (colour) } x1=(LEFT) y1=(y) x2=(at(frame.right)) y2=(y) {} "\n"
        }
    }
}

/// The points of a line, which has none where it has no value: the position on the axis, and where
/// it is drawn.
fn points(line: &Series, frame: &Frame<'_>) -> Vec<(usize, f64, f64)> {
    let values = line.values.iter().enumerate().filter_map(|(at, value)| Some((at, (*value)?)));
    values.map(|(at, value)| (at, frame.x(at), frame.y(value))).collect()
}

/// A line with its points.
fn curve(line: &Series, class: usize, alone: bool, frame: &Frame<'_>) -> Markup {
    let points = points(line, frame);
    let (Some((_, first, _)), Some((_, last, _))) = (points.first(), points.last()) else {
        return html! {};
    };
    let path: Vec<_> = points.iter().map(|(_, x, y)| format!("{x:.1} {y:.1}")).collect();
    let path = path.join("L");
    let zero = frame.y(0.0);
    let radius = if frame.axis.len() > MARKED { 1.5 } else { 3.0 };
    let value = |at: usize| frame.axis.get(at).copied().unwrap_or_default();
    let text = |at: usize| line.texts.get(at).map_or("", String::as_str);
    html! {
        @if alone {
            path class="area" d={ "M" (at(*first)) " " (at(zero)) "L" (path) "L" (at(*last)) " " (at(zero)) "Z" } {}
            "\n"
        }
        path class={ "curve s" (class) } d={ "M" (path) } {} "\n"
        @for (number, x, y) in &points {
            circle class={ "s" (class) } cx=(at(*x)) cy=(at(*y)) r=(radius) {
                title { (value(*number)) ": " (line.name) " " (text(*number)) }
            } "\n"
        }
    }
}

/// Names at the ends of lines, moved apart where lines end close to each other.
fn beside(mut names: Vec<(f64, usize, &str)>, frame: &Frame<'_>) -> Markup {
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
    let x = frame.right + 12.0;
    html! {
        @for ((_, class, name), y) in names.into_iter().zip(places) {
            line class={ "curve s" (class) } x1=(at(x)) y1=(at(y)) x2=(at(x + 12.0)) y2=(at(y)) {}
            text class="soft" x=(at(x + 18.0)) y=(at(y + 4.0)) { title { (name) } (shortened(name)) } "\n"
        }
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
