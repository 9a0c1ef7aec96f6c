//! CSV to profiles: a line of field names, then a profile a line.

use std::borrow::Cow;
use std::sync::Arc;

use csv::{ByteRecord, ReaderBuilder};

use super::columns::{Columns, Value};
use super::import::Import;
use super::table::ProfilePlace;
use rulebook_base::source::without_mark;
use rulebook_core::facts::{InputCode, InputError, Joins, read_record};
use rulebook_core::program::ProfileRecord;

/// Bytes in memory can always be parted into cells.
const UNREADABLE: &str = "its lines cannot be parted into cells";

/// Reads all profiles of a text whose cells `delimiter` parts.
///
/// # Errors
/// Why it cannot be read as a whole.
pub(super) fn read(
    import: &mut Import<'_>,
    profile: &ProfileRecord,
    origin: &Arc<str>,
    bytes: &[u8],
    delimiter: u8,
) -> Result<(), String> {
    let mut reader =
        ReaderBuilder::new().delimiter(delimiter).flexible(true).from_reader(without_mark(bytes));
    let header = reader.byte_headers().map_err(|_| UNREADABLE)?.clone();
    let names: Vec<_> =
        header.iter().map(|name| String::from_utf8_lossy(name.trim_ascii())).collect();
    let columns = Columns::find(profile, &names)?;
    let mut record = ByteRecord::new();
    loop {
        match reader.read_byte_record(&mut record) {
            Ok(true) => {}
            Ok(false) => return Ok(()),
            Err(_) => return Err(UNREADABLE.into()),
        }
        let number = record.position().map_or(0, csv::Position::line);
        let place = ProfilePlace { origin: origin.clone(), noun: "line", number };
        let cells = cells(&record, names.len());
        import.take(place, None, |program, layout, row| match cells {
            Ok(cells) => read_record(program, layout, Joins::Later, &columns.row(&cells), row),
            Err(error) => Err(vec![error]),
        });
    }
}

/// The cells of a line, which has one for each column.
fn cells(record: &ByteRecord, columns: usize) -> Result<Vec<Value<'_>>, InputError> {
    let error = |code, message: String| InputError::new("", code, message);
    if record.len() != columns {
        let message = format!("{} cells stand below {columns} columns", record.len());
        return Err(error(InputCode::BadCsv, message));
    }
    let cell = |bytes| match std::str::from_utf8(bytes) {
        Ok("") => Ok(Value::Missing),
        Ok(text) => Ok(Value::Text(Cow::Borrowed(text))),
        Err(_) => Err(error(InputCode::BadEncoding, "the line is not UTF-8 text".to_string())),
    };
    record.iter().map(cell).collect()
}
