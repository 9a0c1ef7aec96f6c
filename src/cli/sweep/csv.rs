//! A sweep for spreadsheets: a line for each point, and behind them one for each point of each group.

use std::io;

use super::super::Stop;
use crate::simulate::{Amount, Curve, Sweep};

pub(super) fn csv(sweep: &Sweep) -> Result<String, Stop> {
    let curves = sweep.curves();
    let groupings = sweep.points.first().map_or([].as_slice(), |own| &own.impact.groupings);
    let mut writer = csv::Writer::from_writer(Vec::new());
    let mut head = sweep.parameters.clone();
    if !groupings.is_empty() {
        head.extend(["field", "value"].map(String::from));
    }
    head.push("records".into());
    head.extend(curves.iter().map(|curve| curve.name.clone()));
    writer.write_record(&head).map_err(failed)?;
    let records: Vec<_> = sweep.points.iter().map(|point| point.impact.judged).collect();
    let place = if groupings.is_empty() { None } else { Some(("", "")) };
    for (at, records) in records.iter().enumerate() {
        writer.write_record(line(sweep, at, place, *records, &curves, &curves)).map_err(failed)?;
    }
    for (number, grouping) in groupings.iter().enumerate() {
        for value in sweep.groups(number) {
            let (records, own) = sweep.curves_of(number, value);
            let place = Some((grouping.field.as_str(), value.unwrap_or_default()));
            for at in 0..sweep.points.len() {
                let line = line(sweep, at, place, records, &curves, &own);
                writer.write_record(line).map_err(failed)?;
            }
        }
    }
    let bytes = writer.into_inner().map_err(|error| failed(error.into_error().into()))?;
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}

fn failed(error: csv::Error) -> Stop {
    Stop::Io(io::Error::from(error))
}

/// The line of a point: the values of `own` in the columns of `curves`.
fn line(
    sweep: &Sweep,
    at: usize,
    place: Option<(&str, &str)>,
    records: u64,
    curves: &[Curve],
    own: &[Curve],
) -> Vec<String> {
    let mut line = sweep.points.get(at).map(|point| point.values.clone()).unwrap_or_default();
    line.extend(place.into_iter().flat_map(|(field, value)| [field.into(), value.into()]));
    line.push(records.to_string());
    line.extend(curves.iter().map(|curve| {
        let own = own.iter().find(|own| own.name == curve.name);
        let value = own.and_then(|own| own.values.get(at).copied().flatten());
        value.map_or(String::new(), |Amount(number)| number.to_string())
    }));
    line
}
