//! A table or view of an SQLite database to profiles, a row each.

use std::path::Path;
use std::sync::Arc;

use rusqlite::types::ValueRef;
use rusqlite::{Connection, OpenFlags, Row};

use super::Reading;
use super::columns::{Columns, Value};
use super::table::Place;
use crate::diagnostic::did_you_mean;
use crate::facts::{Joins, read_record};
use crate::visible::visible_path;

/// Reads all rows of a table or view; without a name, of the one that is named like the record.
///
/// # Errors
/// Why it cannot be read as a whole.
pub(super) fn read(
    reading: &mut Reading<'_>,
    file: &Path,
    table: Option<&str>,
) -> Result<(), String> {
    let program = reading.program();
    let Some(profile) = program.profiles.get(reading.table) else { return Ok(()) };
    let table = table.unwrap_or(&profile.layout.record);
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let told = |error: rusqlite::Error| error.to_string();
    let database = Connection::open_with_flags(file, flags).map_err(told)?;
    let known = tables(&database).map_err(told)?;
    // SQLite does not tell upper from lower case in names.
    if !known.iter().any(|known| known.eq_ignore_ascii_case(table)) {
        let help = did_you_mean(table, known.iter().map(String::as_str))
            .unwrap_or_else(|| format!("it has {}", known.join(", ")));
        return Err(format!("there is no table or view `{table}` in it; {help}"));
    }
    let query = format!("SELECT * FROM \"{}\"", table.replace('"', "\"\""));
    let mut statement = database.prepare(&query).map_err(told)?;
    let names: Vec<_> = statement.column_names().map(ToString::to_string).collect();
    let columns = Columns::find(profile, &names)?;
    let origin: Arc<str> = format!("{}#{table}", visible_path(file)).into();
    let mut rows = statement.query([]).map_err(told)?;
    let mut number = 0;
    while let Some(row) = rows.next().map_err(told)? {
        number += 1;
        let cells = cells(row, names.len()).map_err(told)?;
        let place = Place { origin: origin.clone(), noun: "row", number };
        reading.take(place, None, |program, layout, into| {
            read_record(program, layout, Joins::Later, &columns.row(&cells), into)
        });
    }
    Ok(())
}

/// The names of all tables and views.
fn tables(database: &Connection) -> rusqlite::Result<Vec<String>> {
    let query = "SELECT name FROM sqlite_schema WHERE type IN ('table', 'view') ORDER BY name";
    let mut statement = database.prepare(query)?;
    statement.query_map([], |row| row.get(0))?.collect()
}

fn cells<'r>(row: &'r Row<'_>, columns: usize) -> rusqlite::Result<Vec<Value<'r>>> {
    let cell = |column| {
        Ok(match row.get_ref(column)? {
            ValueRef::Null => Value::Missing,
            ValueRef::Integer(value) => Value::Integer(value),
            ValueRef::Real(value) => Value::Real(value),
            ValueRef::Text(text) => Value::Text(String::from_utf8_lossy(text)),
            ValueRef::Blob(_) => Value::Blob,
        })
    };
    (0..columns).map(cell).collect()
}
