//! A timeline as a drawing: a row for each thing that has dates, a bar for each phase, told apart by
//! shape as well as by colour.

use super::block;
use super::path;
use super::timeline::{Bar, BarKind, Row, Timeline};
use crate::markup::{Markup, html};

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

/// Draws a timeline as a part of a page, with the patterns that its bars are filled with if the page has
/// none yet.
pub(super) fn inline(timeline: &Timeline, with_patterns: bool) -> Markup {
    let (width, height) = size(timeline);
    html! {
        svg class="timeline" width=(width) height=(height) viewBox={ "0 0 " (width) " " (height) } role="img" {
            "\n"
            @if with_patterns { (patterns()) }
            (lines(timeline))
        }
    }
}

/// What distinguishes bars without colour.
pub(super) fn patterns() -> Markup {
    html! {
        defs {
            pattern id="hatch" width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)" {
                line class="hatch" x1="0" y1="0" x2="0" y2="6" {}
            }
            pattern id="dots" width="6" height="6" patternUnits="userSpaceOnUse" {
                circle class="dot" cx="3" cy="3" r="1.6" {}
            }
        } "\n"
    }
}

/// The width and the height of a timeline.
pub(super) fn size(timeline: &Timeline) -> (usize, usize) {
    let width = x_of(timeline, Some(timeline.days.len())) - LEFT + REST;
    (width, HEAD + timeline.rows.len() * ROW + 6)
}

/// The marks of a timeline, from the upper left corner on.
pub(super) fn lines(timeline: &Timeline) -> Markup {
    let (width, height) = size(timeline);
    html! {
        @for (at, day) in timeline.days.iter().enumerate() {
            @let x = x_of(timeline, Some(at));
            line class="day" x1=(x) y1=(HEAD) x2=(x) y2=(height) {}
            text class="day" x=(x) y=(HEAD - 10) { (day) } "\n"
        }
        @for (number, row) in timeline.rows.iter().enumerate() {
            @let y = HEAD + number * ROW;
            (title(row, timeline, y + 18)) "\n"
            @for bar in &row.bars { (drawn(bar, timeline, y + 24, width)) "\n" }
        }
    }
}

fn title(row: &Row, timeline: &Timeline, y: usize) -> Markup {
    let x = row.bars.iter().map(|bar| x_of(timeline, bar.from)).min().unwrap_or(LEFT) + 3;
    let title = html! { text x=(x) y=(y) { (row.title) } };
    match row.linked {
        true => html! { a href={ "#" (path::in_link(&row.name)) } { (title) } },
        false => title,
    }
}

/// Where a day stands, or what has always been. There is room before the first day only where
/// something needs it.
fn x_of(timeline: &Timeline, day: Option<usize>) -> usize {
    let always = timeline.rows.iter().flat_map(|row| &row.bars).any(|bar| bar.from.is_none());
    day.map_or(LEFT, |day| LEFT + (day + usize::from(always)) * SPAN)
}

fn drawn(bar: &Bar, timeline: &Timeline, y: usize, width: usize) -> Markup {
    let x = x_of(timeline, bar.from);
    let day =
        |at: Option<usize>| at.and_then(|at| timeline.days.get(at)).map_or("…", String::as_str);
    let words = block::words(&bar.words);
    let class = bar.kind.name();
    if bar.kind == BarKind::Day {
        return html! {
            path class=(class) d={ "M" (x) " " (y) "l6 6l-6 6l-6 -6z" } {
                title { (day(bar.from)) " " (words) }
            }
        };
    }
    let end = bar.until.map_or(width, |until| x_of(timeline, Some(until)));
    // A phase for some is drawn lower than one for all.
    let height = if bar.partial { BAR / 2 } else { BAR };
    html! {
        rect class=(class) x=(x) y=(y + BAR - height) width=(end.saturating_sub(x + 2)) height=(height) rx="2" {
            title { (day(bar.from)) " – " (day(bar.until)) ": " (words) }
        }
    }
}
