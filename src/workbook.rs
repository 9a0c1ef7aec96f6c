//! Sheets of workbooks as tables: each becomes a text as it would stand in a CSV file, line by line and cell by
//! cell, so that what is wrong is told by the sheet and the cell.

mod rows;

use std::io::{self, Cursor, Read};

use calamine::{DataRef, ExcelDateTime, Reader as _, Xlsx, XlsxError};
use rulebook_base::file::bytes as told_bytes;
use zip::ZipArchive;

pub use rows::Workbook;

/// The sheets of a workbook, each with its name and its text; a workbook that holds more than so many bytes is
/// refused, before and after it is unpacked.
///
/// # Errors
/// When it is no workbook, or too large; what is wrong with it.
pub(super) fn sheets(bytes: Vec<u8>, most: u64) -> Result<Vec<(String, String)>, String> {
    measure(&bytes, most)?;
    let mut workbook: Xlsx<_> = Xlsx::new(Cursor::new(bytes)).map_err(no_workbook)?;
    let mut sheets = Vec::new();
    for name in workbook.sheet_names() {
        let text =
            sheet(&mut workbook, &name, most).map_err(|why| format!("sheet `{name}`: {why}"))?;
        sheets.push((name, text));
    }
    Ok(sheets)
}

fn no_workbook(error: XlsxError) -> String {
    format!("it is no workbook of Excel: {error}")
}

fn too_large(most: u64) -> String {
    format!("it holds more than {}", told_bytes(most))
}

/// Makes sure that what is packed is not more than it may be: a small file may unpack to a very long one.
fn measure(bytes: &[u8], most: u64) -> Result<(), String> {
    let broken = |error: zip::result::ZipError| no_workbook(error.into());
    let mut archive = ZipArchive::new(Cursor::new(bytes)).map_err(broken)?;
    let mut left = most;
    for at in 0..archive.len() {
        let mut unpacked = archive.by_index(at).map_err(broken)?.take(left + 1);
        let size = io::copy(&mut unpacked, &mut io::sink());
        let size = size.map_err(|error| no_workbook(error.into()))?;
        left = left.checked_sub(size).ok_or_else(|| too_large(most))?;
    }
    Ok(())
}

/// A sheet as the text of a CSV file; its lines are the rows of the sheet, also those that are empty.
fn sheet(workbook: &mut Xlsx<Cursor<Vec<u8>>>, name: &str, most: u64) -> Result<String, String> {
    let told = |error: XlsxError| error.to_string();
    let mut cells = workbook.worksheet_cells_reader(name).map_err(told)?;
    let mut text = String::new();
    let mut currencies: Vec<Option<String>> = Vec::new();
    let (mut row, mut column, mut header) = (0, 0, None);
    while let Some(cell) = cells.next_cell().map_err(told)? {
        let value = cell.get_value();
        if matches!(value, DataRef::Empty) {
            continue;
        }
        let (next_row, next_column) = cell.get_position();
        while row < next_row {
            text.push('\n');
            (row, column) = (row + 1, 0);
        }
        while column < next_column {
            text.push(',');
            column += 1;
        }
        let place = next_column as usize;
        let is_heading = *header.get_or_insert(next_row) == next_row;
        let written = match is_heading {
            true => written(value, None)?,
            false => written(value, currencies.get(place).and_then(Option::as_deref))?,
        };
        if is_heading {
            currencies.resize(place, None);
            currencies.push(currency_of(&written).map(str::to_string));
        }
        push_cell(&mut text, &written);
        if text.len() as u64 > most {
            return Err(too_large(most));
        }
    }
    text.push('\n');
    Ok(text)
}

/// What a cell says as it is written in a policy. Numbers below a heading of money are amounts of its currency,
/// which a workbook keeps as a matter of looks.
fn written(cell: &DataRef<'_>, currency: Option<&str>) -> Result<String, String> {
    let amount = |number: String| match currency {
        None => number,
        Some(currency) => format!("{number} {currency}"),
    };
    Ok(match cell {
        DataRef::Empty => String::new(),
        DataRef::String(text) | DataRef::DateTimeIso(text) | DataRef::DurationIso(text) => {
            text.clone()
        }
        DataRef::SharedString(text) => (*text).to_string(),
        DataRef::Int(number) => amount(number.to_string()),
        DataRef::Float(number) => amount(decimal(*number)),
        DataRef::Bool(value) => value.to_string(),
        DataRef::DateTime(time) => instant(time),
        DataRef::Error(error) => return Err(format!("a cell holds the error {error}")),
    })
}

/// What a cell says as it would stand in a file.
fn told_cell(cell: &DataRef<'_>) -> String {
    match cell {
        DataRef::Error(error) => error.to_string(),
        cell => written(cell, None).unwrap_or_default(),
    }
}

/// A number with the 15 digits that workbooks show of it.
fn decimal(number: f64) -> String {
    let shown = format!("{number:.14e}").parse().unwrap_or(number);
    format!("{shown}")
}

/// A day, or a time of one; a length of time in seconds.
fn instant(time: &ExcelDateTime) -> String {
    if time.is_duration() {
        return format!("{} seconds", (time.as_f64() * 86_400.0).round());
    }
    let (year, month, day, hour, minute, second, _) = time.to_ymd_hms_milli();
    let date = format!("{year:04}-{month:02}-{day:02}");
    match (hour, minute, second) {
        (0, 0, 0) => date,
        _ => format!("{date}T{hour:02}:{minute:02}:{second:02}"),
    }
}

/// The currency of a heading such as `fee: CNY?`.
fn currency_of(heading: &str) -> Option<&str> {
    let (_, ty) = heading.rsplit_once(':')?;
    let code = ty.trim().trim_end_matches('?').trim_end();
    rulebook_lang::model::Currency::from_code(code).map(|_| code)
}

/// Adds a cell as CSV writes it; each row stays one line.
fn push_cell(text: &mut String, cell: &str) {
    let cell = cell.trim().replace(['\n', '\r'], " ");
    if cell.contains([',', '"', ';', '\t']) {
        text.push('"');
        text.push_str(&cell.replace('"', "\"\""));
        text.push('"');
    } else {
        text.push_str(&cell);
    }
}
