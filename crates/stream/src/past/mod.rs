//! The history that lies in a file between runs: an SQLite database of what was counted, by which run
//! and out of which inputs.

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests fail by panicking")]
mod damage;
mod file;
mod seal;

use std::cell::RefCell;
use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use rusqlite::types::ValueRef;
use rusqlite::{Connection, OptionalExtension, Statement, params};

use crate::input::Opened;
use crate::options::Known;
use crate::{Refusal, StreamError};
use file::{refused, unusable};
use rulebook_base::visible::visible_path;
use rulebook_core::history::{Amount, Series};
use rulebook_core::program::{Counter, Program};
use rulebook_lang::model::{Number, Time};
use rulebook_lang::tally::Tally;
use seal::{Seal, Sealed};

/// A history in a file, open for one run.
pub(crate) struct Past {
    path: PathBuf,
    database: Connection,
    /// What was there when it was opened.
    before: Sealed,
    /// What this run and later ones have added does not count.
    run: i64,
    /// Whether this run adds to it.
    adds: bool,
    /// What this run has added.
    added: RefCell<Seal>,
}

impl Past {
    /// Opens a history for the records of some inputs, and makes one where there is none, unless nothing
    /// is to be added.
    ///
    /// # Errors
    /// When it is none, is damaged or in use, counted otherwise than the rulebook does, or has counted
    /// an input before.
    pub(crate) fn open(
        path: &Path,
        program: &Program,
        inputs: &Opened,
        known: Known,
    ) -> Result<Self, StreamError> {
        if program.counters.is_empty() {
            return Err(refused(path, "the rulebook has no counters to keep a history for"));
        }
        let adds = known == Known::Refused;
        let (database, before) = file::open(path, adds)?;
        let (path, added) = (path.to_path_buf(), RefCell::default());
        let mut past = Self { path, database, before, run: before.runs + 1, adds, added };
        past.admit_counters(program)?;
        let knows_records = program.counters.iter().all(|counter| !counter.known_by.is_empty());
        past.admit_inputs(inputs, known, knows_records)?;
        Ok(past)
    }

    fn failed(&self, error: &rusqlite::Error) -> StreamError {
        unusable(&self.path, error)
    }

    /// The name of its file as it is shown.
    fn shown(&self) -> String {
        visible_path(&self.path)
    }

    fn refused(&self, why: impl std::fmt::Display) -> StreamError {
        refused(&self.path, why)
    }

    /// Checks that all earlier runs have counted as the rulebook does.
    fn admit_counters(&self, program: &Program) -> Result<(), StreamError> {
        for Counter { name, digest, .. } in &program.counters {
            let find = |column: &str, value: &str| {
                let query = format!("SELECT id FROM counters WHERE {column} = ?");
                let found = self.database.query_row(&query, [value], |row| row.get::<_, i64>(0));
                found.optional().map_err(|error| self.failed(&error))
            };
            if find("digest", digest)?.is_some() {
                continue;
            }
            if self.before.runs > 0 {
                let why = match find("name", name)? {
                    Some(_) => "has another definition now than when earlier runs counted",
                    None => "was not counted by earlier runs",
                };
                return Err(self.refused(format!(
                    "counter `{name}` {why}; judge the earlier inputs again with a new history"
                )));
            }
            if self.adds {
                let insert = "INSERT INTO counters (digest, name) VALUES (?, ?)";
                let inserted = self.database.execute(insert, [digest, name]);
                inserted.map_err(|error| self.failed(&error))?;
            }
        }
        Ok(())
    }

    /// The runs that have counted inputs, by the digests of these.
    fn counted(&self) -> rusqlite::Result<HashMap<String, i64>> {
        // Of several runs, the first is the one in which it counted.
        let mut all = self.database.prepare("SELECT digest, run FROM inputs ORDER BY run DESC")?;
        all.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?.collect()
    }

    /// Finds out whether the inputs have been counted before, and by which run.
    fn admit_inputs(
        &mut self,
        inputs: &Opened,
        known: Known,
        knows_records: bool,
    ) -> Result<(), StreamError> {
        let digests = inputs.digests()?;
        let counted = self.counted().map_err(|error| self.failed(&error))?;
        let runs = || digests.iter().map(|(digest, _)| counted.get(digest).copied());
        let first = runs().flatten().min();
        match known {
            // Records that are known by keys of their own are known again wherever they stand.
            Known::Refused => self.add_inputs(&digests, &counted, knows_records)?,
            Known::JudgedAgain if first.is_none() || runs().any(|run| run != first) => {
                return Err(Refusal::OtherInputs { history: self.shown() }.into());
            }
            // Inputs that nobody has counted come behind all that is there.
            Known::JudgedAgain | Known::OnlyRead => self.run = first.unwrap_or(i64::MAX),
        }
        Ok(())
    }

    /// Notes inputs with their digests, each of which counts once.
    fn add_inputs(
        &self,
        digests: &[(String, String)],
        counted: &HashMap<String, i64>,
        knows_records: bool,
    ) -> Result<(), StreamError> {
        let mut own: HashMap<&str, &str> = HashMap::new();
        for (digest, name) in digests {
            if counted.contains_key(digest) && !knows_records {
                let (history, input) = (self.shown(), name.clone());
                return Err(Refusal::CountedAlready { history, input }.into());
            }
            if let Some(other) = own.insert(digest, name).filter(|_| !knows_records) {
                return Err(self.refused(format!(
                    "{name} holds the same as {other}, and would count twice; give one of them"
                )));
            }
            let insert = "INSERT INTO inputs (run, digest, name) VALUES (?, ?, ?)";
            let inserted = self.database.execute(insert, params![self.run, digest, name]);
            inserted.map_err(|error| self.failed(&error))?;
            let texts = [digest, name].map(|text| ValueRef::Text(text.as_bytes()));
            let row = [ValueRef::Integer(self.run)].into_iter().chain(texts);
            self.added.borrow_mut().add("inputs", row);
        }
        Ok(())
    }

    /// The events of a counter.
    pub(crate) fn events(&self, counter: &Counter) -> Result<Events<'_>, StreamError> {
        let find = "SELECT id FROM counters WHERE digest = ?";
        let id = self.database.query_row(find, [&counter.digest], |row| row.get(0)).optional();
        let prepare =
            |statement| self.database.prepare(statement).map_err(|error| self.failed(&error));
        Ok(Events {
            past: self,
            // Of a counter that nobody has counted there are no events.
            counter: id.map_err(|error| self.failed(&error))?.unwrap_or_default(),
            tally: counter.tally,
            keeps_texts: counter.keeps_texts(),
            load: prepare(
                "SELECT seconds, nanoseconds, amount, run, place FROM events WHERE counter = ? AND key = ? \
                 AND seconds BETWEEN ? AND ? AND run < ? ORDER BY seconds, nanoseconds",
            )?,
            came: prepare(
                "SELECT key, seconds, nanoseconds, run, place FROM came WHERE counter = ? AND record = ? \
                 AND run < ?",
            )?,
            come: prepare(
                "INSERT INTO came (run, counter, record, key, seconds, nanoseconds, place) \
                 VALUES (?, ?, ?, ?, ?, ?, ?)",
            )?,
            add: prepare(
                "INSERT INTO events (run, counter, key, seconds, nanoseconds, place, amount) \
                 VALUES (?, ?, ?, ?, ?, ?, ?)",
            )?,
        })
    }

    /// Keeps what the run has added. Without it, nothing of the run stays.
    pub(crate) fn commit(self) -> Result<(), StreamError> {
        if !self.adds {
            return Ok(());
        }
        let kept = seal::counters(&self.database).and_then(|counters| {
            let digest = self.added.borrow().digest(&self.before.last, &counters, self.run);
            let insert = "INSERT INTO runs (id, digest) VALUES (?, ?)";
            self.database.execute(insert, params![self.run, digest])?;
            self.database.execute_batch("COMMIT")
        });
        kept.map_err(|error| match self.failed(&error) {
            StreamError::Unusable(why) => StreamError::Unusable(format!(
                "{why}; what was decided is written, and nothing was counted"
            )),
            other => other,
        })
    }
}

/// The events of one counter.
pub(crate) struct Events<'p> {
    past: &'p Past,
    counter: i64,
    tally: Tally,
    keeps_texts: bool,
    load: Statement<'p>,
    came: Statement<'p>,
    come: Statement<'p>,
    add: Statement<'p>,
}

/// How an event of an earlier run is called: no record has a zero in its key.
fn called(run: i64, place: i64) -> String {
    format!("\0{run} {place}")
}

impl Events<'_> {
    /// The event of a record with a key of its own that an earlier run has counted: its key, when it happened, and
    /// how it is called.
    pub(crate) fn came(
        &mut self,
        record: &str,
    ) -> Result<Option<(String, Time, String)>, StreamError> {
        let past = self.past;
        let found = self.came.query_row(params![self.counter, record, past.run], |row| {
            Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?, row.get(4)?))
        });
        let found: Option<(String, i64, i32, i64, i64)> =
            found.optional().map_err(|error| past.failed(&error))?;
        let Some((key, seconds, nanoseconds, run, place)) = found else { return Ok(None) };
        let time = Time::new(seconds, nanoseconds);
        let time = time.ok_or_else(|| past.refused("a record in it has no time"))?;
        Ok(Some((key, time, called(run, place))))
    }

    /// Adds the events of a key between two times, both included, that earlier runs have counted; with what they
    /// are called, where records have keys.
    pub(crate) fn load(
        &mut self,
        key: &str,
        (from, until): (Time, Time),
        known: bool,
        into: &mut Series,
    ) -> Result<(), StreamError> {
        let past = self.past;
        let values = params![self.counter, key, from.as_second(), until.as_second(), past.run];
        let mut rows = self.load.query(values).map_err(|error| past.failed(&error))?;
        while let Some(row) = rows.next().map_err(|error| past.failed(&error))? {
            let read = || Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?, row.get(4)?));
            let read: rusqlite::Result<(i64, i32, Option<String>, i64, i64)> = read();
            let (seconds, nanoseconds, amount, run, place) =
                read.map_err(|error| past.failed(&error))?;
            let time = Time::new(seconds, nanoseconds);
            let amount = match amount {
                None => Some(Amount::Number(Number::ONE)),
                Some(text) if self.keeps_texts => Some(Amount::Text(text.into())),
                Some(number) => number.parse().ok().map(Amount::Number),
            };
            let (Some(time), Some(amount)) = (time, amount) else {
                return Err(past.refused("an event in it has no time or no amount"));
            };
            let record = known.then(|| Arc::from(called(run, place)));
            into.add(self.tally, time, &amount, record.as_ref());
        }
        Ok(())
    }

    /// Adds an event, with its amount where not each counts one, and the key by which its record is known where it
    /// is, if the run adds any.
    pub(crate) fn add(
        &mut self,
        key: &str,
        time: Time,
        amount: Option<&Amount>,
        record: Option<&str>,
    ) -> Result<(), StreamError> {
        if !self.past.adds {
            return Ok(());
        }
        let amount = amount.map(ToString::to_string);
        let mut added = self.past.added.borrow_mut();
        let [run, counter, seconds, nanoseconds, place] = [
            self.past.run,
            self.counter,
            time.as_second(),
            i64::from(time.subsec_nanosecond()),
            i64::try_from(added.rows()).unwrap_or(i64::MAX),
        ];
        let row = [
            ValueRef::Integer(run),
            ValueRef::Integer(counter),
            ValueRef::Text(key.as_bytes()),
            ValueRef::Integer(seconds),
            ValueRef::Integer(nanoseconds),
            ValueRef::Integer(place),
            amount.as_ref().map_or(ValueRef::Null, |amount| ValueRef::Text(amount.as_bytes())),
        ];
        added.add("events", row);
        if let Some(record) = record {
            let row = [
                ValueRef::Integer(run),
                ValueRef::Integer(counter),
                ValueRef::Text(record.as_bytes()),
                ValueRef::Text(key.as_bytes()),
                ValueRef::Integer(seconds),
                ValueRef::Integer(nanoseconds),
                ValueRef::Integer(place),
            ];
            added.add("came", row);
            let values = params![run, counter, record, key, seconds, nanoseconds, place];
            self.come.execute(values).map_err(|error| self.past.failed(&error))?;
        }
        let values = params![run, counter, key, seconds, nanoseconds, place, amount];
        self.add.execute(values).map(drop).map_err(|error| self.past.failed(&error))
    }
}
