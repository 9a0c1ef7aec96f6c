//! What is drawn of a sweep: panels, each with some lines over the values of the first parameter.

use super::number::amount;
use crate::simulate::{Amount, Curve, CurveOf, Sweep};
use rulebook_lang::model::Number;

/// What a line of a panel draws: its value by the baseline, where that has one, and its values along
/// the axis.
pub(super) struct Series {
    pub(super) name: String,
    pub(super) baseline: Option<f64>,
    pub(super) values: Vec<Option<f64>>,
    /// The values as readers write them.
    pub(super) texts: Vec<String>,
}

/// What is drawn together, over the same axis.
pub(super) struct Panel {
    pub(super) title: String,
    pub(super) lines: Vec<Series>,
}

/// The values of the first parameter, in their order.
pub(super) fn axis(sweep: &Sweep) -> Vec<&str> {
    let mut axis = Vec::new();
    for value in sweep.points.iter().filter_map(|point| point.values.first()) {
        if !axis.contains(&value.as_str()) {
            axis.push(value.as_str());
        }
    }
    axis
}

/// All that is worth drawing: first the measures, which are what a policy is judged by, then what
/// changes, then the decisions.
pub(super) fn panels(sweep: &Sweep) -> Vec<Panel> {
    let curves = sweep.curves();
    // A year is a multiple of the whole, and is drawn alike.
    let mut sorted: Vec<_> = curves.iter().filter(|curve| curve.of != CurveOf::Yearly).collect();
    // What no value changes needs no drawing, unless nothing changes at all. The outcomes of a
    // decision are drawn together, since they add up to all records.
    let moving = sorted.iter().filter(|curve| !curve.is_flat());
    let moving: Vec<_> = moving.map(|curve| curve.of.clone()).collect();
    if !moving.is_empty() {
        let outcomes = |curve: &Curve| matches!(curve.of, CurveOf::Decision(_));
        let is_beside = |curve: &Curve| outcomes(curve) && moving.contains(&curve.of);
        sorted.retain(|curve| !curve.is_flat() || is_beside(curve));
    }
    sorted.sort_by_key(|curve| match curve.of {
        CurveOf::Measure => 0,
        CurveOf::Changed => 1,
        CurveOf::Decision(_) | CurveOf::Total(_) | CurveOf::Yearly => 2,
    });
    let alone = sweep.parameters.len() == 1;
    let mut panels: Vec<Panel> = Vec::new();
    let mut last = None;
    for curve in sorted {
        let lines = lines(curve, sweep);
        match (&curve.of, panels.last_mut()) {
            // The outcomes of a decision stand together, where each has one line.
            (CurveOf::Decision(_), Some(panel)) if alone && last == Some(&curve.of) => {
                panel.lines.extend(lines);
            }
            _ => {
                let same = if lines.len() == 1 { whatever(sweep) } else { String::new() };
                panels.push(Panel { title: title(curve, alone) + same.as_str(), lines });
            }
        }
        last = Some(&curve.of);
    }
    panels
}

/// What is said where the parameters behind the first make no difference.
fn whatever(sweep: &Sweep) -> String {
    match sweep.parameters.get(1..) {
        Some(rest @ [_, ..]) => format!(", whatever {} is", rest.join(" and ")),
        _ => String::new(),
    }
}

fn title(curve: &Curve, alone: bool) -> String {
    let unit = curve.unit.as_ref().map_or(String::new(), |unit| format!(", {unit}"));
    match &curve.of {
        CurveOf::Decision(decision) if alone => format!("{decision}, records by outcome"),
        CurveOf::Decision(decision) => format!("{decision}: records that come to {}", curve.title),
        CurveOf::Changed if curve.name == "changed" => "Records decided differently".into(),
        _ => format!("{}{unit}", curve.title),
    }
}

/// The lines of a curve: one for each combination of the parameters behind the first. Lines that lie
/// on each other are one.
fn lines(curve: &Curve, sweep: &Sweep) -> Vec<Series> {
    let axis = axis(sweep);
    let mut lines: Vec<Series> = Vec::new();
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
                let (values, texts) = (vec![None; axis.len()], vec![String::new(); axis.len()]);
                lines.push(Series { name, baseline, values, texts });
                lines.len() - 1
            }
        };
        let place = axis.iter().position(|value| value == first);
        if let (Some(line), Some(place)) = (lines.get_mut(at), place) {
            if let Some(drawn) = line.values.get_mut(place) {
                *drawn = value.map(f64_of);
            }
            if let (Some(text), Some(value)) = (line.texts.get_mut(place), value) {
                *text = amount(*value, curve.unit.as_deref());
            }
        }
    }
    merged(lines)
}

fn merged(lines: Vec<Series>) -> Vec<Series> {
    let mut merged: Vec<Series> = Vec::new();
    for line in lines {
        match merged.iter_mut().find(|same| same.values == line.values) {
            Some(same) => same.name = format!("{} | {}", same.name, line.name),
            None => merged.push(line),
        }
    }
    merged
}

/// Drawings need no more digits than a float has.
fn f64_of(Amount(number): Amount) -> f64 {
    number.to_string().parse().unwrap_or_default()
}

/// Round numbers that the values of a panel lie between, from the least to the largest. Zero is one
/// of them, so that small changes look small.
pub(super) fn marks(panel: &Panel) -> Vec<f64> {
    let lines = panel.lines.iter();
    let all = lines.flat_map(|line| line.values.iter().chain([&line.baseline])).flatten();
    let (low, high) =
        all.fold((0.0_f64, 0.0_f64), |(low, high), value| (low.min(*value), high.max(*value)));
    if high <= low {
        return vec![0.0, 1.0];
    }
    let step = round_step((high - low) / 4.0);
    let (first, last) = ((low / step).floor() as i64, (high / step).ceil() as i64);
    (first..=last).map(|at| at as f64 * step).collect()
}

/// The least of 1, 2, 2.5 and 5 times a power of ten that is not below a step. Records are whole, so
/// there are no steps of 2.5.
fn round_step(least: f64) -> f64 {
    let power = 10_f64.powf(least.log10().floor());
    let quarter = if power > 1.0 { 2.5 } else { 5.0 };
    let times = [1.0, 2.0, quarter, 5.0, 10.0];
    // Floats are a little off, and such a little decides nothing here.
    let found = times.into_iter().find(|times| times * power >= least * (1.0 - 1e-9));
    found.unwrap_or(10.0) * power
}

/// A mark at an axis, short: `2.5 billion`.
pub(super) fn mark(value: f64) -> String {
    let (scaled, word) = match value.abs() {
        size if size >= 1e9 => (value / 1e9, " billion"),
        size if size >= 1e6 => (value / 1e6, " million"),
        _ => (value, ""),
    };
    let number: Option<Number> = format!("{scaled:.4}").parse().ok();
    let number = number.map(|number| amount(Amount(number), None));
    format!("{}{word}", number.unwrap_or_default())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::float_cmp, reason = "the numbers are small and whole")]

    use super::*;

    fn panel(values: &[f64]) -> Panel {
        let values = values.iter().copied().map(Some).collect();
        let line = Series { name: String::new(), baseline: None, values, texts: Vec::new() };
        Panel { title: String::new(), lines: vec![line] }
    }

    #[test]
    fn marks_are_round_and_hold_all_values() {
        assert_eq!(marks(&panel(&[13.0, 3.0])), [0.0, 5.0, 10.0, 15.0]);
        assert_eq!(marks(&panel(&[9.108e9])), [0.0, 2.5e9, 5e9, 7.5e9, 1e10]);
        assert_eq!(marks(&panel(&[-3.0, 5.0])), [-4.0, -2.0, 0.0, 2.0, 4.0, 6.0]);
        assert_eq!(marks(&panel(&[0.0, 0.0])), [0.0, 1.0]);
        assert_eq!(marks(&panel(&[400.0])), [0.0, 100.0, 200.0, 300.0, 400.0]);
    }

    #[test]
    fn marks_are_short() {
        let marked = [0.0, 2.5e9, 4e6, 7500.0, 0.25].map(mark);
        assert_eq!(marked, ["0", "2.5 billion", "4 million", "7,500", "0.25"]);
    }
}
