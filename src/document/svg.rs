//! A timeline as a drawing: a row for each thing that has dates, a bar for each phase, told apart by
//! shape as well as by colour.

use std::fmt::Write as _;

use super::block;
use super::html::escaped;
use super::timeline::{Bar, Kind, Row, Timeline};

/// The width of a span between two days at which something changes. Spans are drawn alike, since
/// a week before a launch matters as much as a year after it.
const SPAN: usize = 124;
/// The room behind the last day, where what has no end goes on.
const REST: usize = 360;
/// Where the first day stands.
const LEFT: usize = 8;
const ROW: usize = 44;
const HEAD: usize = 30;
const BAR: usize = 12;

/// Draws a timeline as a part of a page.
pub(super) fn draw(timeline: &Timeline, out: &mut String) {
    let (width, height) = size(timeline);
    let _ = writeln!(
        out,
        "<div class=\"wide\"><svg class=\"timeline\" width=\"{width}\" height=\"{height}\" \
         viewBox=\"0 0 {width} {height}\" role=\"img\">"
    );
    // What patterns a page has once, every drawing of it can use.
    if !out.contains(PATTERNS) {
        out.push_str(PATTERNS);
    }
    lines(timeline, out);
    out.push_str("</svg></div>\n");
}

pub(super) const PATTERNS: &str = "\
<defs>\
<pattern id=\"hatch\" width=\"6\" height=\"6\" patternUnits=\"userSpaceOnUse\" \
patternTransform=\"rotate(45)\"><line class=\"hatch\" x1=\"0\" y1=\"0\" x2=\"0\" y2=\"6\"/></pattern>\
<pattern id=\"dots\" width=\"6\" height=\"6\" patternUnits=\"userSpaceOnUse\">\
<circle class=\"dot\" cx=\"3\" cy=\"3\" r=\"1.6\"/></pattern>\
</defs>\n";

/// The width and the height of a timeline.
pub(super) fn size(timeline: &Timeline) -> (usize, usize) {
    let width = x_of(timeline, Some(timeline.days.len())) - LEFT + REST;
    (width, HEAD + timeline.rows.len() * ROW + 6)
}

/// The marks of a timeline, from the upper left corner on.
pub(super) fn lines(timeline: &Timeline, out: &mut String) {
    let (width, height) = size(timeline);
    for (at, day) in timeline.days.iter().enumerate() {
        let x = x_of(timeline, Some(at));
        let _ = writeln!(
            out,
            "<line class=\"day\" x1=\"{x}\" y1=\"{HEAD}\" x2=\"{x}\" y2=\"{height}\"/>\
             <text class=\"day\" x=\"{x}\" y=\"{}\">{}</text>",
            HEAD - 10,
            escaped(day)
        );
    }
    for (number, row) in timeline.rows.iter().enumerate() {
        let y = HEAD + number * ROW;
        title(row, timeline, y + 18, out);
        row.bars.iter().for_each(|bar| draw_bar(bar, timeline, y + 24, width, out));
    }
}

fn title(row: &Row, timeline: &Timeline, y: usize, out: &mut String) {
    let x = row.bars.iter().map(|bar| x_of(timeline, bar.from)).min().unwrap_or(LEFT) + 3;
    let title = escaped(&row.title);
    let _ = match row.linked {
        true => {
            let name = escaped(&row.name);
            writeln!(out, "<a href=\"#{name}\"><text x=\"{x}\" y=\"{y}\">{title}</text></a>")
        }
        false => writeln!(out, "<text x=\"{x}\" y=\"{y}\">{title}</text>"),
    };
}

/// Where a day stands, or what has always been. There is room before the first day only where
/// something needs it.
fn x_of(timeline: &Timeline, day: Option<usize>) -> usize {
    let always = timeline.rows.iter().flat_map(|row| &row.bars).any(|bar| bar.from.is_none());
    day.map_or(LEFT, |day| LEFT + (day + usize::from(always)) * SPAN)
}

fn draw_bar(bar: &Bar, timeline: &Timeline, y: usize, width: usize, out: &mut String) {
    let x = x_of(timeline, bar.from);
    let day = |at: Option<usize>| {
        let day = at.and_then(|at| timeline.days.get(at));
        escaped(day.map_or("…", String::as_str))
    };
    let words = escaped(&block::words(&bar.words));
    let class = bar.kind.name();
    if bar.kind == Kind::Day {
        let _ = writeln!(
            out,
            "<path class=\"{class}\" d=\"M{x} {y}l6 6l-6 6l-6 -6z\"><title>{} {words}</title></path>",
            day(bar.from)
        );
        return;
    }
    let end = bar.until.map_or(width, |until| x_of(timeline, Some(until)));
    // A phase for some is drawn lower than one for all.
    let height = if bar.partial { BAR / 2 } else { BAR };
    let _ = writeln!(
        out,
        "<rect class=\"{class}\" x=\"{x}\" y=\"{}\" width=\"{}\" height=\"{height}\" rx=\"2\">\
         <title>{} – {}: {words}</title></rect>",
        y + BAR - height,
        end.saturating_sub(x + 2),
        day(bar.from),
        day(bar.until),
    );
}
