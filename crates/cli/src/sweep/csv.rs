//! A sweep for spreadsheets: a line for each point, and behind them one for each point of each group.

use std::io;

use super::super::Stop;
use rulebook_lang::model::Currency;
use rulebook_stream::{CellForm, CellWriter, Cells, headed};
use rulebook_tools::simulate::{Amount, Curve, Sweep};

pub(super) fn csv(sweep: &Sweep, form: CellForm) -> Result<String, Stop> {
    let mut out = Vec::new();
    let mut writer = Cells { delimiter: b',', form }.writer(&mut out);
    write(sweep, &mut writer)?;
    writer.flush()?;
    drop(writer);
    Ok(String::from_utf8_lossy(&out).into_owned())
}

fn write(sweep: &Sweep, writer: &mut CellWriter<&mut Vec<u8>>) -> io::Result<()> {
    let curves = sweep.curves();
    let groupings = sweep.points.first().map_or([].as_slice(), |point| &point.impact.groupings);
    sweep.parameters.iter().try_for_each(|name| writer.plain(name))?;
    if !groupings.is_empty() {
        ["field", "value"].iter().try_for_each(|name| writer.plain(name))?;
    }
    writer.plain("records")?;
    curves.iter().try_for_each(|curve| writer.text(&headed(&curve.name, curve.unit.as_deref())))?;
    writer.end()?;
    let place = if groupings.is_empty() { None } else { Some(("", "")) };
    for (at, point) in sweep.points.iter().enumerate() {
        line(sweep, at, place, point.impact.judged, (&curves, &curves), writer)?;
    }
    for (number, grouping) in groupings.iter().enumerate() {
        for value in sweep.groups(number) {
            let (records, grouped) = sweep.curves_of(number, value);
            let place = Some((grouping.field.as_str(), value.unwrap_or_default()));
            for at in 0..sweep.points.len() {
                line(sweep, at, place, records, (&curves, &grouped), writer)?;
            }
        }
    }
    Ok(())
}

/// Writes the line of a point: the values of `valued` in the columns of `curves`.
fn line(
    sweep: &Sweep,
    at: usize,
    place: Option<(&str, &str)>,
    records: u64,
    (curves, valued): (&[Curve], &[Curve]),
    writer: &mut CellWriter<&mut Vec<u8>>,
) -> io::Result<()> {
    // The values of a range are numbers, though they may have a unit.
    let values = sweep.points.get(at).map(|point| point.values.as_slice()).unwrap_or_default();
    values.iter().try_for_each(|value| writer.plain(value))?;
    if let Some((field, value)) = place {
        writer.plain(field)?;
        writer.text(value)?;
    }
    writer.plain(&records.to_string())?;
    for curve in curves {
        let found = valued.iter().find(|valued| valued.name == curve.name);
        let value = found.and_then(|valued| valued.values.get(at).copied().flatten());
        let currency = curve.unit.as_deref().and_then(Currency::from_code);
        let digits = currency.map_or(0, Currency::minor_digits);
        writer.plain(&value.map_or(String::new(), |Amount(number)| number.to_fixed(digits)))?;
    }
    writer.end()
}
