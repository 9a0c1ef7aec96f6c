//! A timeline as a drawing: a row for each rule, a bar for each phase, told apart by shape as well
//! as by colour.

use std::fmt::Write as _;

use super::html::escaped;
use super::timeline::{Bar, Timeline};

/// The width of a span between two days at which something changes. Spans are drawn alike, since
/// a week before a launch matters as much as a year after it.
const SPAN: usize = 124;
/// The room behind the last day, where what has no end goes on.
const REST: usize = 360;
const ROW: usize = 44;
const HEAD: usize = 30;
const BAR: usize = 12;

/// Draws a timeline.
pub(super) fn draw(timeline: &Timeline, out: &mut String) {
    let width = timeline.days.len() * SPAN + REST;
    let height = HEAD + timeline.rows.len() * ROW + 6;
    let _ = writeln!(
        out,
        "<div class=\"wide\"><svg class=\"timeline\" width=\"{width}\" height=\"{height}\" \
         viewBox=\"0 0 {width} {height}\" role=\"img\">"
    );
    out.push_str(PATTERNS);
    for (at, day) in timeline.days.iter().enumerate() {
        let x = x_of(at);
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
        let first = row.bars.first().map_or(0, |bar| x_of(bar.from));
        let _ = writeln!(
            out,
            "<a href=\"#{}\"><text x=\"{}\" y=\"{}\">{}</text></a>",
            row.rule,
            first + 3,
            y + 18,
            escaped(&row.title)
        );
        row.bars.iter().for_each(|bar| draw_bar(bar, timeline, y + 24, width, out));
    }
    out.push_str("</svg></div>\n");
}

const PATTERNS: &str = "\
<defs>\
<pattern id=\"hatch\" width=\"6\" height=\"6\" patternUnits=\"userSpaceOnUse\" \
patternTransform=\"rotate(45)\"><line class=\"hatch\" x1=\"0\" y1=\"0\" x2=\"0\" y2=\"6\"/></pattern>\
<pattern id=\"dots\" width=\"6\" height=\"6\" patternUnits=\"userSpaceOnUse\">\
<circle class=\"dot\" cx=\"3\" cy=\"3\" r=\"1.6\"/></pattern>\
</defs>\n";

fn x_of(day: usize) -> usize {
    day * SPAN + 8
}

fn draw_bar(bar: &Bar, timeline: &Timeline, y: usize, width: usize, out: &mut String) {
    let x = x_of(bar.from);
    let end = bar.until.map_or(width, x_of);
    // A phase for some is drawn lower than one for all.
    let height = if bar.partial { BAR / 2 } else { BAR };
    let class = bar.effect.name();
    let day = |at: usize| timeline.days.get(at).map_or("", String::as_str);
    let until = bar.until.map_or("…", day);
    let _ = writeln!(
        out,
        "<rect class=\"{class}\" x=\"{x}\" y=\"{}\" width=\"{}\" height=\"{height}\" rx=\"2\">\
         <title>{} – {}</title></rect>",
        y + BAR - height,
        end.saturating_sub(x + 2),
        escaped(day(bar.from)),
        escaped(until),
    );
}
