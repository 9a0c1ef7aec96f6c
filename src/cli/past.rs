//! The history that lies in a file between runs: an SQLite database of what was counted, by which run
//! and out of which inputs.

use std::path::{Path, PathBuf};

use rusqlite::{Connection, OptionalExtension, Statement, params};

use super::Stop;
use super::input::Inputs;
use crate::history::Series;
use crate::model::{Number, Time};
use crate::program::{Counter, Program};
use crate::visible::visible_path;

/// What marks a database as a history: `Rbhi`.
const APPLICATION: i64 = 0x5262_6869;
/// How its tables are laid out.
const VERSION: i64 = 1;

const TABLES: &str = "
CREATE TABLE counters (id INTEGER PRIMARY KEY, digest TEXT NOT NULL UNIQUE, name TEXT NOT NULL);
CREATE TABLE runs (id INTEGER PRIMARY KEY);
CREATE TABLE inputs (run INTEGER NOT NULL, digest TEXT NOT NULL UNIQUE, name TEXT NOT NULL);
-- Times in seconds since 1970 and nanoseconds; no amount means one.
CREATE TABLE events (
  counter INTEGER NOT NULL, key TEXT NOT NULL, seconds INTEGER NOT NULL, nanoseconds INTEGER NOT NULL,
  amount TEXT, run INTEGER NOT NULL
);
CREATE INDEX events_in_order ON events (counter, key, seconds);
";

/// How inputs are taken that the history knows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Known {
    /// They would count twice, and are refused.
    Refused,
    /// They are judged as they were the first time, and nothing is added.
    JudgedAgain,
    /// Either way nothing is added.
    OnlyRead,
}

/// A history in a file, open for one run.
pub(super) struct Past {
    path: PathBuf,
    database: Connection,
    /// What this run and later ones have added does not count.
    run: i64,
    /// Whether this run adds to it.
    adds: bool,
}

impl Past {
    /// Opens a history for the records of some inputs, and makes one where there is none.
    ///
    /// # Errors
    /// When it is none, is in use, counted otherwise than the rulebook does, or has counted an input
    /// before.
    pub(super) fn open(
        path: &Path,
        program: &Program,
        inputs: &Inputs,
        known: Known,
    ) -> Result<Self, Stop> {
        let unusable = |error: rusqlite::Error| unusable(path, &error);
        if known == Known::OnlyRead && !path.exists() {
            return Err(Stop::Unusable(format!("there is no history {}", visible_path(path))));
        }
        let database = Connection::open(path).map_err(unusable)?;
        let mut past = Self { path: path.to_path_buf(), database, run: 0, adds: false };
        // Nobody else adds anything until this run has ended.
        past.execute(if known == Known::OnlyRead { "BEGIN" } else { "BEGIN IMMEDIATE" })?;
        past.prepare()?;
        past.admit_counters(program)?;
        past.admit_inputs(inputs, known)?;
        Ok(past)
    }

    fn failed(&self, error: &rusqlite::Error) -> Stop {
        unusable(&self.path, error)
    }

    fn refused(&self, why: impl std::fmt::Display) -> Stop {
        Stop::Unusable(format!("{}: {why}", visible_path(&self.path)))
    }

    fn execute(&self, statements: &str) -> Result<(), Stop> {
        self.database.execute_batch(statements).map_err(|error| self.failed(&error))
    }

    fn number(&self, query: &str) -> Result<i64, Stop> {
        let row = self.database.query_row(query, [], |row| row.get(0));
        row.map_err(|error| self.failed(&error))
    }

    /// Makes the tables of an empty database, and refuses one that is no history.
    fn prepare(&self) -> Result<(), Stop> {
        if self.number("SELECT count(*) FROM sqlite_schema")? == 0 {
            self.execute(TABLES)?;
            let marks =
                format!("PRAGMA application_id = {APPLICATION}; PRAGMA user_version = {VERSION}");
            return self.execute(&marks);
        }
        if self.number("PRAGMA application_id")? != APPLICATION {
            return Err(self.refused("this is an SQLite database, but no history"));
        }
        match self.number("PRAGMA user_version")? {
            VERSION => Ok(()),
            other => Err(self.refused(format!("version {other} of histories is not known here"))),
        }
    }

    /// Checks that all earlier runs have counted as the rulebook does.
    fn admit_counters(&self, program: &Program) -> Result<(), Stop> {
        if program.counters.is_empty() {
            return Err(self.refused("the rulebook has no counters to keep a history for"));
        }
        let is_new = self.number("SELECT count(*) FROM runs")? == 0;
        for Counter { name, digest, .. } in &program.counters {
            let find = |column: &str, value: &str| {
                let query = format!("SELECT id FROM counters WHERE {column} = ?");
                let found = self.database.query_row(&query, [value], |row| row.get::<_, i64>(0));
                found.optional().map_err(|error| self.failed(&error))
            };
            if find("digest", digest)?.is_some() {
                continue;
            }
            if !is_new {
                let why = match find("name", name)? {
                    Some(_) => "has another definition now than when earlier runs counted",
                    None => "was not counted by earlier runs",
                };
                return Err(self.refused(format!(
                    "counter `{name}` {why}; judge the earlier inputs again with a new history"
                )));
            }
            let insert = "INSERT INTO counters (digest, name) VALUES (?, ?)";
            let inserted = self.database.execute(insert, [digest, name]);
            inserted.map_err(|error| self.failed(&error))?;
        }
        Ok(())
    }

    /// Finds out whether the inputs have been counted before, and by which run.
    fn admit_inputs(&mut self, inputs: &Inputs, known: Known) -> Result<(), Stop> {
        let digests = inputs.digests()?;
        let mut runs = Vec::new();
        for (digest, name) in &digests {
            let query = "SELECT run FROM inputs WHERE digest = ?";
            let run = self.database.query_row(query, [digest], |row| row.get::<_, i64>(0));
            let run = run.optional().map_err(|error| self.failed(&error))?;
            if run.is_some() && known == Known::Refused {
                return Err(self.refused(format!(
                    "{name} has been counted already, and would count twice; \
                     `--again` judges it as the first time and counts nothing"
                )));
            }
            runs.push(run);
        }
        let first = runs.iter().flatten().min().copied();
        if known == Known::JudgedAgain && (first.is_none() || runs.iter().any(|run| *run != first))
        {
            return Err(
                self.refused("`--again` takes the inputs of one earlier run, and these are others")
            );
        }
        self.adds = known == Known::Refused;
        if !self.adds {
            // Inputs that nobody has counted come behind all that is there.
            self.run = first.unwrap_or(i64::MAX);
            return Ok(());
        }
        self.execute("INSERT INTO runs DEFAULT VALUES")?;
        self.run = self.database.last_insert_rowid();
        for (digest, name) in &digests {
            let insert = "INSERT INTO inputs (run, digest, name) VALUES (?, ?, ?)";
            let inserted = self.database.execute(insert, params![self.run, digest, name]);
            inserted.map_err(|error| self.failed(&error))?;
        }
        Ok(())
    }

    /// The events of a counter.
    pub(super) fn events(&self, counter: &Counter) -> Result<Events<'_>, Stop> {
        let find = "SELECT id FROM counters WHERE digest = ?";
        let id = self.database.query_row(find, [&counter.digest], |row| row.get(0));
        let prepare =
            |statement| self.database.prepare(statement).map_err(|error| self.failed(&error));
        Ok(Events {
            past: self,
            counter: id.map_err(|error| self.failed(&error))?,
            adds_up: counter.adds_up(),
            load: prepare(
                "SELECT seconds, nanoseconds, amount FROM events WHERE counter = ? AND key = ? \
                 AND seconds BETWEEN ? AND ? AND run < ? ORDER BY seconds, nanoseconds",
            )?,
            add: prepare(
                "INSERT INTO events (counter, key, seconds, nanoseconds, amount, run) \
                 VALUES (?, ?, ?, ?, ?, ?)",
            )?,
        })
    }

    /// Keeps what the run has added. Without it, nothing of the run stays.
    pub(super) fn commit(self) -> Result<(), Stop> {
        self.execute("COMMIT")
    }
}

/// The events of one counter.
pub(super) struct Events<'p> {
    past: &'p Past,
    counter: i64,
    adds_up: bool,
    load: Statement<'p>,
    add: Statement<'p>,
}

impl Events<'_> {
    /// Adds the events of a key between two times, both included, that earlier runs have counted.
    pub(super) fn load(
        &mut self,
        key: &str,
        (from, until): (Time, Time),
        into: &mut Series,
    ) -> Result<(), Stop> {
        let past = self.past;
        let values = params![self.counter, key, from.as_second(), until.as_second(), past.run];
        let mut rows = self.load.query(values).map_err(|error| past.failed(&error))?;
        while let Some(row) = rows.next().map_err(|error| past.failed(&error))? {
            let read = || Ok((row.get(0)?, row.get(1)?, row.get(2)?));
            let read: rusqlite::Result<(i64, i32, Option<String>)> = read();
            let (seconds, nanoseconds, amount) = read.map_err(|error| past.failed(&error))?;
            let time = Time::new(seconds, nanoseconds).ok();
            let amount = amount.map_or(Some(Number::ONE), |amount| amount.parse().ok());
            let (Some(time), Some(amount)) = (time, amount) else {
                return Err(past.refused("an event in it has no time or no amount"));
            };
            into.add(time, self.adds_up.then_some(amount));
        }
        Ok(())
    }

    /// Adds an event, with its amount where not each counts one, if the run adds any.
    pub(super) fn add(
        &mut self,
        key: &str,
        time: Time,
        amount: Option<Number>,
    ) -> Result<(), Stop> {
        if !self.past.adds {
            return Ok(());
        }
        let (seconds, nanoseconds) = (time.as_second(), time.subsec_nanosecond());
        let amount = amount.map(|amount| amount.to_string());
        let values = params![self.counter, key, seconds, nanoseconds, amount, self.past.run];
        self.add.execute(values).map(drop).map_err(|error| self.past.failed(&error))
    }
}

fn unusable(path: &Path, error: &rusqlite::Error) -> Stop {
    let path = visible_path(path);
    Stop::Unusable(match error.sqlite_error_code() {
        Some(rusqlite::ErrorCode::NotADatabase) => format!("{path} is no history"),
        Some(rusqlite::ErrorCode::DatabaseBusy) => format!("{path} is in use by another run"),
        _ => format!("cannot use the history {path}: {error}"),
    })
}
