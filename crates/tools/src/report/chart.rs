//! Charts as SVG: flows from outcome to outcome, and bars.

use crate::markup::{Markup, html};
use crate::simulate::{Cell, Matrix};

use rulebook_lang::figures::{count, counted};

/// Charts are as wide as a phone, and grow a little with the page.
const WIDTH: f64 = 400.0;
/// The height that all records share, in a chart of flows.
const HEIGHT: f64 = 180.0;
/// The room that an outcome takes at least, for its name.
const SLOT: f64 = 22.0;
const NODE: f64 = 8.0;

/// How many characters of a name there is room for beside a flow, and above a bar.
const NAMES: [usize; 2] = [24, 40];

/// A name as far as there is room for it; all of it stands in the table. Characters from Hangul on, most of which
/// are as wide as they are high, take the room of two.
fn short(name: &str, room: usize) -> String {
    let wide = |c: char| if c < '\u{1100}' { 1 } else { 2 };
    let mut left = room;
    let fits = |(_, c): &(usize, char)| match left.checked_sub(wide(*c)) {
        Some(rest) => {
            left = rest;
            true
        }
        None => false,
    };
    let end = name.char_indices().take_while(fits).last().map_or(0, |(at, c)| at + c.len_utf8());
    match name.get(..end) {
        Some(shown) if end < name.len() => format!("{shown}…"),
        _ => name.to_string(),
    }
}

/// A place in a drawing: a tenth of a pixel is fine enough.
pub(super) fn at(place: f64) -> String {
    format!("{place:.1}")
}

/// A chart of a height, with what it is about for those who do not see it.
fn chart(label: &str, height: &str, marks: &Markup) -> Markup {
    html! {
        svg class="chart" viewBox={ "0 0 " (WIDTH) " " (height) } role="img" aria-label=(label) {
            "\n"
            (marks)
        } "\n"
    }
}

fn f64_of(number: u64) -> f64 {
    // Charts need no more digits than a float has.
    number as f64
}

/// An outcome on one side of a chart of flows.
struct FlowNode {
    name: String,
    records: u64,
    y: f64,
    /// Where the next flow begins or ends.
    next: f64,
}

/// How many records go from which outcome to which; those that change stand out.
pub(super) fn flows(matrix: &Matrix, noun: &str) -> Markup {
    let total: u64 = matrix.cells.iter().map(|cell| cell.tally.records).sum();
    if total == 0 {
        return html! {};
    }
    let scale = HEIGHT / f64_of(total);
    let mut left = nodes(matrix, scale, |cell| cell.from.as_deref().unwrap_or_default());
    let mut right = nodes(matrix, scale, |cell| &cell.to);
    let height = [&left, &right].iter().map(|side| bottom(side, scale)).fold(0.0, f64::max);
    // What changes is drawn over what stays.
    let mut cells: Vec<_> = matrix.cells.iter().collect();
    cells.sort_by_key(|cell| cell.is_change());
    let mut drawn = Vec::new();
    for cell in cells {
        let wide = f64_of(cell.tally.records) * scale;
        let from = cell.from.as_deref().unwrap_or_default();
        if let (Some(start), Some(end)) =
            (take(&mut left, from, wide), take(&mut right, &cell.to, wide))
        {
            drawn.push(flow(cell, noun, wide, (start, end)));
        }
    }
    let sides =
        [(&left, 0.0, NODE + 5.0, "start"), (&right, WIDTH - NODE, WIDTH - NODE - 5.0, "end")];
    let marks = html! {
        @for flow in drawn { (flow) "\n" }
        @for (side, x, text, anchor) in sides {
            @for node in side { (outcome(node, scale, [x, text], anchor)) "\n" }
        }
    };
    chart(&format!("{}: from outcome to outcome", matrix.decision), &at(height), &marks)
}

/// The records that go from an outcome to another, as a line from a height to a height.
fn flow(cell: &Cell, noun: &str, wide: f64, (start, end): (f64, f64)) -> Markup {
    let class = if cell.is_change() { "moves" } else { "stays" };
    let (x1, x2, middle) = (NODE, WIDTH - NODE, WIDTH / 2.0);
    let line = format!("M{x1} {start:.1}C{middle} {start:.1} {middle} {end:.1} {x2} {end:.1}");
    html! {
        path class=(class) d=(line) stroke-width=(at(wide.max(1.5))) {
            title {
                (cell.from.as_deref().unwrap_or_default()) " → " (cell.to) ": " (counted(cell.tally.records, noun))
            }
        }
    }
}

/// An outcome at its place, with its name beside it.
fn outcome(node: &FlowNode, scale: f64, [x, text]: [f64; 2], anchor: &str) -> Markup {
    let high = (f64_of(node.records) * scale).max(1.5);
    let middle = node.y + high.max(SLOT) / 2.0 + 4.0;
    html! {
        rect class="node" x=(x) y=(at(node.y)) width=(NODE) height=(at(high)) {}
        text x=(text) y=(at(middle)) text-anchor=(anchor) {
            (short(&node.name, NAMES[0])) " " (count(node.records))
        }
    }
}

fn nodes<'m>(matrix: &'m Matrix, scale: f64, side: impl Fn(&'m Cell) -> &'m str) -> Vec<FlowNode> {
    let mut nodes = Vec::new();
    let mut y = 2.0;
    for name in &matrix.outcomes {
        let cells = matrix.cells.iter().filter(|cell| side(cell) == name);
        let records: u64 = cells.map(|cell| cell.tally.records).sum();
        if records > 0 {
            nodes.push(FlowNode { name: name.clone(), records, y, next: y });
            y += (f64_of(records) * scale).max(SLOT) + 6.0;
        }
    }
    nodes
}

fn bottom(nodes: &[FlowNode], scale: f64) -> f64 {
    nodes.last().map_or(0.0, |last| last.y + (f64_of(last.records) * scale).max(SLOT) + 4.0)
}

/// The middle of the next flow of a width at an outcome.
fn take(nodes: &mut [FlowNode], name: &str, wide: f64) -> Option<f64> {
    let node = nodes.iter_mut().find(|node| node.name == name)?;
    let middle = node.next + wide / 2.0;
    node.next += wide;
    Some(middle)
}

/// A line of a chart of bars: its name, the part that stands out, and all of it.
pub(super) struct Bar {
    pub(super) name: String,
    pub(super) part: u64,
    pub(super) whole: u64,
}

/// Bars below one another, each with its name above it.
pub(super) fn bars(label: &str, bars: &[Bar]) -> Markup {
    const ROW: usize = 34;
    let most = bars.iter().map(|bar| bar.whole).max().unwrap_or(0);
    if most == 0 {
        return html! {};
    }
    let length = |number: u64| at(f64_of(number) / f64_of(most) * WIDTH);
    let figure = |bar: &Bar| match bar.part == bar.whole {
        true => count(bar.whole),
        false => format!("{} of {}", count(bar.part), count(bar.whole)),
    };
    let marks = html! {
        @for (at, bar) in bars.iter().enumerate() {
            @let y = at * ROW;
            text x="0" y=(y + 14) { (short(&bar.name, NAMES[1])) }
            text x=(WIDTH) y=(y + 14) text-anchor="end" { (figure(bar)) }
            rect class="all" x="0" y=(y + 19) width=(length(bar.whole)) height="10" rx="2" {}
            rect class="part" x="0" y=(y + 19) width=(length(bar.part)) height="10" rx="2" {} "\n"
        }
    };
    chart(label, &(bars.len() * ROW + 4).to_string(), &marks)
}

/// Bars side by side, such as months: the share that stands out in each.
pub(super) fn months(label: &str, bars: &[Bar], noun: &str) -> Markup {
    const HIGH: f64 = 120.0;
    /// The room that `2024-01` takes, and some beside it.
    const NAME: f64 = 56.0;
    /// Of so many months the first has its name.
    const EVERY: [usize; 5] = [1, 2, 3, 6, 12];
    let most = bars.iter().map(|bar| bar.part).max().unwrap_or(0);
    if most == 0 {
        return html! {};
    }
    let step = WIDTH / f64_of(bars.len() as u64);
    // A name for every bar where there is room, else for the first of several, or of some years.
    let room = |every: &usize| step * f64_of(*every as u64) >= NAME;
    let years = || (2..).map(|years| years * 12).find(|every| room(every));
    let every = EVERY.into_iter().find(|every| room(every)).or_else(years).unwrap_or(12);
    let marks = html! {
        text x="0" y="12" { "up to " (counted(most, noun)) } "\n"
        @for (number, bar) in bars.iter().enumerate() {
            @let x = step * f64_of(number as u64);
            @let high = f64_of(bar.part) / f64_of(most) * HIGH;
            rect class="part" x=(at(x)) y=(at(20.0 + HIGH - high)) width=(at(step * 0.8)) height=(at(high)) {
                title { (bar.name) ": " (count(bar.part)) " of " (count(bar.whole)) }
            } "\n"
            // A name that would stick out is left out.
            @if number % every == 0 && x <= WIDTH - NAME {
                text class="soft" x=(at(x)) y=(HIGH + 34.0) { (bar.name) } "\n"
            }
        }
    };
    chart(label, &(HIGH + 38.0).to_string(), &marks)
}
