//! Charts as SVG: flows from outcome to outcome, and bars.

use std::fmt::Write as _;

use crate::document::escaped;
use crate::simulate::Matrix;

use super::number::{count, records};

/// Charts are as wide as a phone, and grow a little with the page.
const WIDTH: f64 = 400.0;
/// The height that all records share, in a chart of flows.
const HEIGHT: f64 = 180.0;
/// The room that an outcome takes at least, for its name.
const SLOT: f64 = 22.0;
const NODE: f64 = 8.0;

/// How many characters of a name there is room for beside a flow, and above a bar.
const NAMES: [usize; 2] = [24, 40];

/// A name as far as there is room for it; all of it stands in the table.
fn short(name: &str, room: usize) -> String {
    let mut shown: String = name.chars().take(room).collect();
    if shown.len() < name.len() {
        shown.push('…');
    }
    escaped(&shown)
}

fn f64_of(number: u64) -> f64 {
    // Charts need no more digits than a float has.
    number as f64
}

/// An outcome on one side of a chart of flows.
struct Place {
    name: String,
    records: u64,
    y: f64,
    /// Where the next flow begins or ends.
    next: f64,
}

/// How many records go from which outcome to which; those that change stand out.
pub(super) fn flows(matrix: &Matrix, out: &mut String) {
    let total: u64 = matrix.cells.iter().map(|cell| cell.tally.records).sum();
    if total == 0 {
        return;
    }
    let scale = HEIGHT / f64_of(total);
    let mut left = places(matrix, scale, |cell| cell.from.as_deref().unwrap_or_default());
    let mut right = places(matrix, scale, |cell| &cell.to);
    let height = [&left, &right].iter().map(|side| bottom(side, scale)).fold(0.0, f64::max);
    let decision = escaped(&matrix.decision);
    let _ = writeln!(
        out,
        "<svg class=\"chart\" viewBox=\"0 0 {WIDTH} {height:.1}\" role=\"img\" \
         aria-label=\"{decision}: from outcome to outcome\">"
    );
    // What changes is drawn over what stays.
    let mut cells: Vec<_> = matrix.cells.iter().collect();
    cells.sort_by_key(|cell| cell.is_change());
    for cell in cells {
        let wide = f64_of(cell.tally.records) * scale;
        let from = cell.from.as_deref().unwrap_or_default();
        let (Some(start), Some(end)) =
            (take(&mut left, from, wide), take(&mut right, &cell.to, wide))
        else {
            continue;
        };
        let class = if cell.is_change() { "moves" } else { "stays" };
        let (x1, x2, middle) = (NODE, WIDTH - NODE, WIDTH / 2.0);
        let wide = wide.max(1.5);
        let _ = writeln!(
            out,
            "<path class=\"{class}\" d=\"M{x1} {start:.1}C{middle} {start:.1} {middle} {end:.1} {x2} {end:.1}\" \
             stroke-width=\"{wide:.1}\"><title>{} → {}: {}</title></path>",
            escaped(from),
            escaped(&cell.to),
            records(cell.tally.records),
        );
    }
    for (side, x, text, anchor) in
        [(&left, 0.0, NODE + 5.0, "start"), (&right, WIDTH - NODE, WIDTH - NODE - 5.0, "end")]
    {
        for place in side {
            let high = (f64_of(place.records) * scale).max(1.5);
            let middle = place.y + high.max(SLOT) / 2.0 + 4.0;
            let (name, number, y) = (short(&place.name, NAMES[0]), count(place.records), place.y);
            let _ = writeln!(
                out,
                "<rect class=\"node\" x=\"{x}\" y=\"{y:.1}\" width=\"{NODE}\" height=\"{high:.1}\"/>\
                 <text x=\"{text}\" y=\"{middle:.1}\" text-anchor=\"{anchor}\">{name} {number}</text>"
            );
        }
    }
    out.push_str("</svg>\n");
}

fn places<'m>(
    matrix: &'m Matrix,
    scale: f64,
    side: impl Fn(&'m crate::simulate::Cell) -> &'m str,
) -> Vec<Place> {
    let mut places = Vec::new();
    let mut y = 2.0;
    for name in &matrix.outcomes {
        let own = matrix.cells.iter().filter(|cell| side(cell) == name);
        let records: u64 = own.map(|cell| cell.tally.records).sum();
        if records > 0 {
            places.push(Place { name: name.clone(), records, y, next: y });
            y += (f64_of(records) * scale).max(SLOT) + 6.0;
        }
    }
    places
}

fn bottom(places: &[Place], scale: f64) -> f64 {
    places.last().map_or(0.0, |last| last.y + (f64_of(last.records) * scale).max(SLOT) + 4.0)
}

/// The middle of the next flow of a width at an outcome.
fn take(places: &mut [Place], name: &str, wide: f64) -> Option<f64> {
    let place = places.iter_mut().find(|place| place.name == name)?;
    let middle = place.next + wide / 2.0;
    place.next += wide;
    Some(middle)
}

/// A line of a chart of bars: its name, the part that stands out, and all of it.
pub(super) struct Bar {
    pub(super) name: String,
    pub(super) part: u64,
    pub(super) whole: u64,
}

/// Bars below one another, each with its name above it.
pub(super) fn bars(label: &str, bars: &[Bar], out: &mut String) {
    const ROW: usize = 34;
    let most = bars.iter().map(|bar| bar.whole).max().unwrap_or(0);
    if most == 0 {
        return;
    }
    let height = bars.len() * ROW + 4;
    let _ = writeln!(
        out,
        "<svg class=\"chart\" viewBox=\"0 0 {WIDTH} {height}\" role=\"img\" aria-label=\"{}\">",
        escaped(label)
    );
    for (at, bar) in bars.iter().enumerate() {
        let y = at * ROW;
        let length = |number: u64| f64_of(number) / f64_of(most) * WIDTH;
        let told = match bar.part == bar.whole {
            true => count(bar.whole),
            false => format!("{} of {}", count(bar.part), count(bar.whole)),
        };
        let _ = writeln!(
            out,
            "<text x=\"0\" y=\"{}\">{}</text><text x=\"{WIDTH}\" y=\"{}\" text-anchor=\"end\">{told}</text>\
             <rect class=\"all\" x=\"0\" y=\"{}\" width=\"{:.1}\" height=\"10\" rx=\"2\"/>\
             <rect class=\"part\" x=\"0\" y=\"{}\" width=\"{:.1}\" height=\"10\" rx=\"2\"/>",
            y + 14,
            short(&bar.name, NAMES[1]),
            y + 14,
            y + 19,
            length(bar.whole),
            y + 19,
            length(bar.part),
        );
    }
    out.push_str("</svg>\n");
}

/// Bars side by side, such as months: the share that stands out in each.
pub(super) fn months(label: &str, bars: &[Bar], out: &mut String) {
    const HIGH: f64 = 120.0;
    let most = bars.iter().map(|bar| bar.part).max().unwrap_or(0);
    if most == 0 {
        return;
    }
    let step = WIDTH / f64_of(bars.len() as u64);
    let _ = writeln!(
        out,
        "<svg class=\"chart\" viewBox=\"0 0 {WIDTH} {}\" role=\"img\" aria-label=\"{}\">\
         <text x=\"0\" y=\"12\">up to {}</text>",
        HIGH + 38.0,
        escaped(label),
        records(most)
    );
    // A name for every bar where there is room, else for the first of several.
    let every = (bars.len() / 6).max(1);
    for (at, bar) in bars.iter().enumerate() {
        let x = step * f64_of(at as u64);
        let high = f64_of(bar.part) / f64_of(most) * HIGH;
        let y = 20.0 + HIGH - high;
        let name = escaped(&bar.name);
        let _ = writeln!(
            out,
            "<rect class=\"part\" x=\"{x:.1}\" y=\"{y:.1}\" width=\"{:.1}\" height=\"{high:.1}\">\
             <title>{name}: {} of {}</title></rect>",
            step * 0.8,
            count(bar.part),
            count(bar.whole),
        );
        // A name that would stick out is left out.
        if at % every == 0 && x < WIDTH - 45.0 {
            let _ = writeln!(
                out,
                "<text class=\"soft\" x=\"{x:.1}\" y=\"{}\">{name}</text>",
                HIGH + 34.0
            );
        }
    }
    out.push_str("</svg>\n");
}
