//! A table or view of an SQLite database to profiles, a row each, with a bound on what that may take.
//!
//! A view is a program: it may have no end, or make of a few bytes a text of a gigabyte. Its steps and bytes
//! are counted, not its time, so that each machine takes and refuses the same databases. What is damaged
//! comes back as an error.

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use rusqlite::config::DbConfig;
use rusqlite::ffi::ErrorCode;
use rusqlite::limits::Limit;
use rusqlite::types::ValueRef;
use rusqlite::{Connection, Error, OpenFlags, Row};

use super::columns::{Columns, Value};
use super::import::Import;
use super::table::ProfilePlace;
use rulebook_base::diagnostic::did_you_mean;
use rulebook_base::file::bytes;
use rulebook_base::visible::visible_path;
use rulebook_core::facts::{Joins, read_record};

/// How many steps of SQLite's machine a small database may take, and how many more for each byte of the file.
/// A row of a table takes about one for each column.
const STEPS: u64 = 1_000_000;
const STEPS_A_BYTE: u64 = 16;
/// After how many steps they are counted.
const AT_ONCE: i32 = 1_000;
/// Bytes of a text or blob that is stored.
const STORED: i32 = 1 << 20;
/// Bytes of one that is made on the way: what a step costs grows with them, for some functions with their
/// square.
const MADE: i32 = 2 << 10;
/// Bytes of all rows that a small database may give, and how many more for each byte of the file.
const ROWS: u64 = 16 << 20;
const ROWS_A_BYTE: u64 = 16;
/// Bytes by which a cell counts, whatever it holds.
const SMALLEST: u64 = 16;

/// Reads all rows of a table or view; without a name, of the one that is named like the record. `size` is
/// that of the file.
///
/// # Errors
/// Why it cannot be read as a whole.
pub(super) fn read(
    import: &mut Import<'_>,
    file: &Path,
    size: u64,
    table: Option<&str>,
) -> Result<(), String> {
    let profile = import.profile;
    let table = table.unwrap_or(&profile.layout.record);
    let reason = |error: Error| reason(&error, table, STORED);
    let steps = STEPS.saturating_add(size.saturating_mul(STEPS_A_BYTE));
    let database = open(file, steps).map_err(reason)?;
    let tables = tables(&database).map_err(reason)?;
    // SQLite does not distinguish upper from lower case in names.
    if !tables.iter().any(|name| name.eq_ignore_ascii_case(table)) {
        let help = did_you_mean(table, tables.iter().map(String::as_str))
            .unwrap_or_else(|| format!("it has {}", tables.join(", ")));
        return Err(format!("there is no table or view `{table}` in it; {help}"));
    }
    let names = columns(&database, table).map_err(reason)?;
    let columns = Columns::find(profile, &names)?;
    let query = query(table, &names, &columns);
    let mut statement = database.prepare(&query).map_err(reason)?;
    let longest = if is_stored(&database, table).map_err(reason)? { STORED } else { MADE };
    database.set_limit(Limit::SQLITE_LIMIT_LENGTH, longest).map_err(reason)?;
    let reason = |error: Error| self::reason(&error, table, longest);
    let origin: Arc<str> = format!("{}#{table}", visible_path(file)).into();
    let mut rows = statement.query([]).map_err(reason)?;
    let most = ROWS.saturating_add(size.saturating_mul(ROWS_A_BYTE));
    let (mut number, mut taken) = (0, 0);
    while let Some(row) = rows.next().map_err(reason)? {
        number += 1;
        let cells = cells(row, names.len()).map_err(reason)?;
        taken += cells.iter().map(weight).sum::<u64>();
        if taken > most {
            return Err(without_end(table));
        }
        let place = ProfilePlace { origin: origin.clone(), noun: "row", number };
        import.take(place, None, |program, layout, into| {
            read_record(program, layout, Joins::Later, &columns.row(&cells), into)
        });
    }
    Ok(())
}

/// Opens a database so that what stands in it can do nothing but give rows, in so many steps.
fn open(file: &Path, steps: u64) -> rusqlite::Result<Connection> {
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let mut database = Connection::open_with_flags(file, flags)?;
    database.set_db_config(DbConfig::SQLITE_DBCONFIG_DEFENSIVE, true)?;
    database.set_db_config(DbConfig::SQLITE_DBCONFIG_TRUSTED_SCHEMA, false)?;
    // A column that is not there is an error, and not a text.
    database.set_db_config(DbConfig::SQLITE_DBCONFIG_DQS_DML, false)?;
    for (limit, most) in [
        (Limit::SQLITE_LIMIT_LENGTH, STORED),
        (Limit::SQLITE_LIMIT_SQL_LENGTH, STORED),
        (Limit::SQLITE_LIMIT_ATTACHED, 0),
        (Limit::SQLITE_LIMIT_LIKE_PATTERN_LENGTH, 100),
        (Limit::SQLITE_LIMIT_WORKER_THREADS, 0),
    ] {
        database.set_limit(limit, most)?;
    }
    let taken = AtomicU64::new(0);
    let at_once = u64::from(AT_ONCE.unsigned_abs());
    let handler = move || taken.fetch_add(at_once, Ordering::Relaxed) > steps;
    database.progress_handler(AT_ONCE, Some(handler))?;
    Ok(database)
}

/// The names of all tables and views.
fn tables(database: &Connection) -> rusqlite::Result<Vec<String>> {
    let query = "SELECT name FROM sqlite_schema WHERE type IN ('table', 'view') ORDER BY name";
    names(database, query, [])
}

/// The names of the columns that `SELECT *` would give. They are asked for as values: those of a statement
/// have to be UTF-8, or the reader of the database panics.
fn columns(database: &Connection, table: &str) -> rusqlite::Result<Vec<String>> {
    names(database, "SELECT name FROM pragma_table_xinfo(?1) WHERE hidden <> 1", [table])
}

/// Whether the rows of a table stand in the file as they are: nothing is calculated, as in views, virtual
/// tables and generated columns.
fn is_stored(database: &Connection, table: &str) -> rusqlite::Result<bool> {
    let kinds = "SELECT type FROM pragma_table_list(?1) WHERE schema = 'main'";
    let made = "SELECT name FROM pragma_table_xinfo(?1) WHERE hidden > 1";
    let kinds = names(database, kinds, [table])?;
    Ok(kinds == ["table"] && names(database, made, [table])?.is_empty())
}

fn names(
    database: &Connection,
    query: &str,
    params: impl rusqlite::Params,
) -> rusqlite::Result<Vec<String>> {
    let mut statement = database.prepare(query)?;
    let name = |row: &Row<'_>| {
        Ok(match row.get_ref(0)? {
            ValueRef::Text(name) => String::from_utf8_lossy(name).into_owned(),
            _ => String::new(),
        })
    };
    statement.query_map(params, name)?.collect()
}

/// Asks for the columns that fields are read from, and for nothing in place of the others.
fn query(table: &str, names: &[String], columns: &Columns<'_>) -> String {
    let quoted = |name: &str| format!("\"{}\"", name.replace('"', "\"\""));
    let cell = |(number, name): (usize, &String)| match columns.reads(number) {
        true => quoted(name),
        false => "NULL".to_string(),
    };
    let cells: Vec<_> = names.iter().enumerate().map(cell).collect();
    format!("SELECT {} FROM {}", cells.join(", "), quoted(table))
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

fn weight(cell: &Value<'_>) -> u64 {
    match cell {
        Value::Text(text) => SMALLEST + text.len() as u64,
        _ => SMALLEST,
    }
}

/// What went wrong, in the words of somebody who only has the file.
fn reason(error: &Error, table: &str, longest: i32) -> String {
    match error.sqlite_error_code() {
        Some(ErrorCode::NotADatabase) => "it is no SQLite database".into(),
        Some(ErrorCode::DatabaseCorrupt) => "the database is damaged".into(),
        Some(ErrorCode::OperationInterrupted) => without_end(table),
        Some(ErrorCode::TooBig) => {
            let most = bytes(u64::from(longest.unsigned_abs()));
            format!("a text in `{table}` holds more than {most}")
        }
        Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => {
            "somebody is writing to the database".into()
        }
        _ => error.to_string(),
    }
}

fn without_end(table: &str) -> String {
    format!("`{table}` takes more than a database of this size may; has it an end?")
}
