//! What each run added to a history in one digest, by which a history is known to be as it was left.

use rulebook_base::digest;
use rusqlite::types::ValueRef;
use rusqlite::{Connection, Row};

pub(super) type Digest = [u8; 32];

/// Rows summed up, in whatever order they come. No two are the same, so that none takes another away.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Seal {
    rows: u64,
    sum: Digest,
}

impl Seal {
    /// Adds a row of a table.
    pub(super) fn add<'v>(&mut self, table: &str, values: impl IntoIterator<Item = ValueRef<'v>>) {
        let mut hasher = digest::Digest::default();
        let mut part = |kind: u8, bytes: &[u8]| {
            hasher.add([kind]);
            hasher.add((bytes.len() as u64).to_le_bytes());
            hasher.add(bytes);
        };
        part(0, table.as_bytes());
        for value in values {
            match value {
                ValueRef::Null => part(1, &[]),
                ValueRef::Integer(number) => part(2, &number.to_le_bytes()),
                ValueRef::Real(number) => part(3, &number.to_le_bytes()),
                ValueRef::Text(bytes) => part(4, bytes),
                ValueRef::Blob(bytes) => part(5, bytes),
            }
        }
        self.rows += 1;
        self.sum.iter_mut().zip(hasher.bytes()).for_each(|(sum, byte)| *sum ^= byte);
    }

    /// How many rows there are.
    pub(super) fn rows(&self) -> u64 {
        self.rows
    }

    /// The digest of a run that added these rows, behind a run with another digest.
    pub(super) fn digest(&self, before: &Digest, counters: &Self, run: i64) -> Digest {
        let mut hasher = digest::Digest::default();
        hasher.add(before);
        hasher.add(run.to_le_bytes());
        for seal in [counters, self] {
            hasher.add(seal.rows.to_le_bytes());
            hasher.add(seal.sum);
        }
        hasher.bytes()
    }
}

/// What is known of a sound history.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Sealed {
    pub(super) runs: i64,
    /// The digest of the last run.
    pub(super) last: Digest,
}

/// The rows that runs add, each with its run before its other columns.
const ADDED: [(&str, &str); 3] = [
    ("inputs", "SELECT run, digest, name FROM inputs"),
    ("events", "SELECT run, counter, key, seconds, nanoseconds, place, amount FROM events"),
    ("came", "SELECT run, counter, record, key, seconds, nanoseconds, place FROM came"),
];

/// The counters, which are the same for all runs.
pub(super) fn counters(database: &Connection) -> rusqlite::Result<Seal> {
    let mut seal = Seal::default();
    let mut all = database.prepare("SELECT id, digest, name FROM counters")?;
    let mut rows = all.query([])?;
    while let Some(row) = rows.next()? {
        seal.add("counters", values(row)?);
    }
    Ok(seal)
}

fn values<'r>(row: &'r Row<'_>) -> rusqlite::Result<Vec<ValueRef<'r>>> {
    (0..row.as_ref().column_count()).map(|column| row.get_ref(column)).collect()
}

/// Reads a history whole, which may know records by their keys; nothing if it is not as its runs left it.
pub(super) fn verify(
    database: &Connection,
    knows_records: bool,
) -> rusqlite::Result<Option<Sealed>> {
    // Whatever is looked for is found where it stands in the order.
    let order: String = database.query_row("PRAGMA integrity_check(1)", [], |row| row.get(0))?;
    let counters = counters(database)?;
    let mut runs = database.prepare("SELECT id, digest FROM runs ORDER BY id")?;
    let runs = runs.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?;
    let runs = runs.collect::<rusqlite::Result<Vec<(i64, Digest)>>>()?;
    let mut seals = vec![Seal::default(); runs.len()];
    let added = ADDED.iter().filter(|(table, _)| knows_records || *table != "came");
    for (table, query) in added {
        let mut all = database.prepare(query)?;
        let mut rows = all.query([])?;
        while let Some(row) = rows.next()? {
            let run: i64 = row.get(0)?;
            let seal = usize::try_from(run.wrapping_sub(1)).ok().and_then(|at| seals.get_mut(at));
            let Some(seal) = seal else { return Ok(None) };
            seal.add(table, values(row)?);
        }
    }
    let mut sealed = Sealed::default();
    for ((run, digest), seal) in runs.into_iter().zip(&seals) {
        sealed.runs += 1;
        sealed.last = seal.digest(&sealed.last, &counters, sealed.runs);
        if run != sealed.runs || digest != sealed.last {
            return Ok(None);
        }
    }
    // Counters come with the first run.
    let is_sound = order == "ok" && (sealed.runs > 0 || counters == Seal::default());
    Ok(is_sound.then_some(sealed))
}
