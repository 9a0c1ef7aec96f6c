//! The file of a history: made whole, opened for one run, and refused if it is anything else.

use std::path::Path;

use rusqlite::config::DbConfig;
use rusqlite::{Connection, ErrorCode, OpenFlags};

use super::seal::{self, Sealed};
use crate::StreamError;
use crate::aside::Aside;
use crate::place::Place;
use rulebook_base::visible::visible_path;

/// What marks a database as a history: `Rbhi`.
const APPLICATION: i64 = 0x5262_6869;
/// How its tables are laid out.
const VERSION: i64 = 3;
/// The version before, in which no record was known by a key.
const BEFORE: i64 = 2;

const TABLES: &str = "
CREATE TABLE counters (id INTEGER PRIMARY KEY, digest TEXT NOT NULL, name TEXT NOT NULL);
-- Each with the digest of all that it added, and of that of the run before it.
CREATE TABLE runs (id INTEGER PRIMARY KEY, digest BLOB NOT NULL);
CREATE TABLE inputs (run INTEGER NOT NULL, digest TEXT NOT NULL, name TEXT NOT NULL);
-- In the order in which they are looked for: there is no index that may say something else. Times in
-- seconds since 1970 and nanoseconds; no amount means one; the place tells the events of a run apart.
CREATE TABLE events (
  counter INTEGER NOT NULL, key TEXT NOT NULL, seconds INTEGER NOT NULL, nanoseconds INTEGER NOT NULL,
  run INTEGER NOT NULL, place INTEGER NOT NULL, amount TEXT,
  PRIMARY KEY (counter, key, seconds, nanoseconds, run, place)
) WITHOUT ROWID;
";

/// The records that are known by keys of their own: under which key each counted first, when, and by which event.
const CAME: &str = "TABLE came (
  counter INTEGER NOT NULL, record TEXT NOT NULL, key TEXT NOT NULL, seconds INTEGER NOT NULL,
  nanoseconds INTEGER NOT NULL, run INTEGER NOT NULL, place INTEGER NOT NULL,
  PRIMARY KEY (counter, record)
) WITHOUT ROWID;
";

/// Opens a history for one run, within a transaction, and reads all of it to see that it is sound. If
/// the run adds to it, it is made where there is none, and nobody else adds anything meanwhile.
pub(super) fn open(path: &Path, adds: bool) -> Result<(Connection, Sealed), StreamError> {
    if !adds && !path.exists() {
        return Err(StreamError::Unusable(format!("there is no history {}", visible_path(path))));
    }
    let Some(place) = Place::of(path)? else {
        return Err(refused(path, "this is no file, and a history is kept in one"));
    };
    if place.there.is_none() {
        make(path)?;
    }
    // SQLite would not say why. Nothing is locked yet that closing the file could set free.
    let unreadable = |error| {
        StreamError::Unusable(format!("cannot read the history {}: {error}", visible_path(path)))
    };
    let (_, metadata) = rulebook_base::file::open(&place.path).map_err(unreadable)?;
    if metadata.len() == 0 {
        return Err(refused(
            path,
            "the file is empty, and no history: what was counted before is not in it; \
             to begin a new history, remove the file or name another",
        ));
    }
    let database = connect(&place.path, adds).map_err(|error| unusable(path, &error))?;
    let sealed = sealed(path, &database, adds)?;
    Ok((database, sealed))
}

/// Makes a history in which nothing is counted. It gets its name when it is complete; who is first if
/// several make it, does not matter.
fn make(path: &Path) -> Result<(), StreamError> {
    let (file, aside) = Aside::create(path)?;
    drop(file);
    let made = aside.aside().map_or(Ok(()), |aside| {
        let database = Connection::open_with_flags(aside, flags())?;
        // Nobody else knows of the file.
        database.execute_batch("PRAGMA journal_mode = MEMORY; PRAGMA synchronous = OFF; BEGIN")?;
        database.execute_batch(&tables(VERSION))?;
        database.pragma_update(None, "application_id", APPLICATION)?;
        database.pragma_update(None, "user_version", VERSION)?;
        database.execute_batch("COMMIT")?;
        database.close().map_err(|(_, error)| error)
    });
    made.map_err(|error| unusable(path, &error))?;
    aside.complete_new().map(drop)
}

/// The tables of a version.
fn tables(version: i64) -> String {
    match version {
        BEFORE => TABLES.to_string(),
        _ => format!("{TABLES}CREATE {CAME}"),
    }
}

fn flags() -> OpenFlags {
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    match cfg!(unix) {
        true => flags | OpenFlags::SQLITE_OPEN_NOFOLLOW,
        // Full paths do not always go without links there.
        false => flags,
    }
}

fn connect(path: &Path, adds: bool) -> rusqlite::Result<Connection> {
    let database = Connection::open_with_flags(path, flags())?;
    // Nothing that stands in the file is run.
    for (setting, is_on) in [
        (DbConfig::SQLITE_DBCONFIG_DEFENSIVE, true),
        (DbConfig::SQLITE_DBCONFIG_TRUSTED_SCHEMA, false),
        (DbConfig::SQLITE_DBCONFIG_ENABLE_TRIGGER, false),
        (DbConfig::SQLITE_DBCONFIG_ENABLE_VIEW, false),
    ] {
        database.set_db_config(setting, is_on)?;
    }
    // The folder is synced, too, when a run has been added.
    database.execute_batch("PRAGMA cell_size_check = ON; PRAGMA synchronous = EXTRA")?;
    database.execute_batch(if adds { "BEGIN IMMEDIATE" } else { "BEGIN" })?;
    Ok(database)
}

/// Makes sure that a database is a history, and that all in it is as runs have added it.
/// One of the version before is moved to this one, for good if the run adds to it.
fn sealed(path: &Path, database: &Connection, adds: bool) -> Result<Sealed, StreamError> {
    let failed = |error: rusqlite::Error| unusable(path, &error);
    let number = |query| database.query_row(query, [], |row| row.get::<_, i64>(0)).map_err(failed);
    if number("PRAGMA application_id")? != APPLICATION {
        return Err(refused(path, "this is an SQLite database, but no history"));
    }
    let version = number("PRAGMA user_version")?;
    if version != VERSION && version != BEFORE {
        return Err(refused(
            path,
            format!(
                "this is a history of version {version}, and this Rulebook takes version {VERSION}; \
                 judge the earlier inputs again with a new history"
            ),
        ));
    }
    let ours = || {
        let ours = Connection::open_in_memory()?;
        ours.execute_batch(&tables(version))?;
        schema(&ours)
    };
    let is_ours = ours().map_err(failed)? == schema(database).map_err(failed)?;
    let sealed = match is_ours {
        true => seal::verify(database, version == VERSION).map_err(failed)?,
        false => None,
    };
    let sealed = sealed.ok_or_else(|| damaged(path))?;
    if version == BEFORE {
        let moved = match adds {
            true => format!("CREATE {CAME} PRAGMA user_version = {VERSION};"),
            false => format!("CREATE TEMPORARY {CAME}"),
        };
        database.execute_batch(&moved).map_err(failed)?;
    }
    Ok(sealed)
}

/// Everything that is defined in a database.
fn schema(database: &Connection) -> rusqlite::Result<Vec<[Option<String>; 4]>> {
    let mut all = database.prepare("SELECT type, name, tbl_name, sql FROM sqlite_schema")?;
    let all = all.query_map([], |row| Ok([row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?]))?;
    all.collect()
}

pub(super) fn refused(path: &Path, why: impl std::fmt::Display) -> StreamError {
    StreamError::Unusable(format!("{}: {why}", visible_path(path)))
}

pub(super) fn damaged(path: &Path) -> StreamError {
    refused(
        path,
        "the history is damaged, or was changed by another program, and nothing is judged by it; put a \
         copy from before in its place, or judge the earlier inputs again with a new history",
    )
}

/// Why SQLite cannot use a history, in words of ours.
pub(super) fn unusable(path: &Path, error: &rusqlite::Error) -> StreamError {
    let shown = visible_path(path);
    StreamError::Unusable(match error.sqlite_error_code() {
        Some(ErrorCode::NotADatabase) => format!("{shown} is no history"),
        Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => {
            format!("{shown} is in use by another run")
        }
        Some(ErrorCode::DiskFull) => format!("cannot write the history {shown}: no space is left"),
        Some(ErrorCode::ReadOnly | ErrorCode::PermissionDenied) => {
            format!("cannot write the history {shown}: it is read-only")
        }
        Some(ErrorCode::CannotOpen) => format!("cannot open the history {shown}"),
        Some(ErrorCode::SystemIoFailure) => {
            format!("cannot use the history {shown}: it cannot be read, or not be written")
        }
        Some(ErrorCode::OutOfMemory) => format!("there is no memory to read the history {shown}"),
        _ => return damaged(path),
    })
}
