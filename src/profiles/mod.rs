//! Files and values to profiles in memory, each read once into cells that records copy.

mod columns;
mod csv;
mod file;
mod formats;
#[cfg(feature = "sqlite")]
mod sqlite;
mod table;

use std::path::Path;
use std::sync::Arc;

use serde::Serialize;
use thiserror::Error;

use crate::{Rejection, Rulebook};
use rulebook_base::diagnostic::did_you_mean;
use rulebook_base::visible::visible;
use rulebook_core::facts::{
    InputError, Joins, Profile, ProfileKey, ProfileStore, StoreError, read_record,
};
use rulebook_core::program::{Layout, Program};
use rulebook_lang::model::Store;

pub use file::NamedBy;
pub use formats::ProfileFormat;
use table::{ProfilePlace, Table, Taken};

/// Profiles in memory, for the joined fields of one rulebook.
///
/// ```
/// use rulebook::{Profiles, Rulebook};
/// use serde_json::json;
/// use std::sync::Arc;
///
/// let rulebook = Rulebook::from_sources([("a.policy", "
///     record Shop { id: text  score: number }
///     record Order { id: text  shop_id: text  shop: Shop by shop_id }
///     policy trust for Order {
///       decide trusted: bool by first otherwise false
///       rule high_score { when shop.score >= 4.8 then true }
///     }")])?;
/// let mut profiles = Profiles::new(&rulebook);
/// profiles.insert("Shop", &json!({"id": "s1", "score": 4.9}))?;
///
/// let policy = rulebook.policy("trust")?.with_profiles(Arc::new(profiles));
/// let decision = policy.decide_json(r#"{"id": "o1", "shop_id": "s1"}"#)?;
/// assert_eq!(decision.truth("trusted"), Ok(true));
///
/// let rejection = policy.decide_json(r#"{"id": "o2", "shop_id": "s2"}"#).unwrap_err();
/// assert_eq!((rejection.errors[0].path.as_str(), rejection.errors[0].code), ("shop", "missing-profile"));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug)]
pub struct Profiles {
    program: Arc<Program>,
    /// One for each record that is joined, in the program's order.
    tables: Vec<Table>,
    /// Where a profile is read before it is kept.
    scratch: Store,
}

/// Why profiles are not taken; those that were taken before stay.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum ProfileError {
    /// No policy joins such a record.
    #[error("no policy joins a record `{}`{help}", visible(record))]
    UnknownRecord {
        /// The name that was given.
        record: String,
        /// A near name, or the names that there are, as the end of the sentence.
        help: String,
    },
    /// A file cannot be read, or not as the format that it seems to have.
    #[error("cannot read {}: {}", visible(file), visible(message))]
    Unreadable {
        /// The file, or what else the text is called.
        file: String,
        /// What is wrong with it as a whole.
        message: String,
    },
    /// A file is an SQLite database, and the library is built without its feature `sqlite`.
    #[error(
        "cannot read {}: SQLite databases are read only with the feature `sqlite`",
        visible(file)
    )]
    NoDatabases {
        /// The file.
        file: String,
    },
    /// Several profiles of one record have the same key: the first of each is kept.
    #[error("{}", duplicates_text(record, duplicates))]
    Duplicates {
        /// The record whose profiles they are.
        record: String,
        /// Each key that stands again, with both places.
        duplicates: Vec<DuplicateProfile>,
    },
    /// A value that was inserted is not as its record is declared.
    #[error(transparent)]
    Rejected(#[from] Rejection),
}

/// A key that two profiles of one record have.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DuplicateProfile {
    /// The key, as people write it.
    pub key: String,
    /// The place of the profile that is kept, such as `shops.csv line 3`.
    pub first: String,
    /// The place of the one that is not.
    pub again: String,
}

/// A profile that is not as its record is declared.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BadProfile {
    /// Its file with the line or row: `shops.csv line 3`.
    pub place: String,
    /// All that is wrong with it, with paths that start at the profile.
    pub errors: Vec<InputError>,
}

/// What was read of a file.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ProfileReport {
    /// How many profiles can be joined.
    pub good: usize,
    /// Those that cannot; a record that needs one of them is rejected.
    pub bad: Vec<BadProfile>,
}

impl Profiles {
    /// No profiles yet, for a rulebook. They also fit another one that declares their records in the
    /// same way, as where only parameters differ.
    pub fn new(rulebook: &Rulebook) -> Self {
        let program = rulebook.shared_program().clone();
        let tables = program.profiles.iter().map(|_| Table::default()).collect();
        Self { program, tables, scratch: Store::default() }
    }

    /// Adds one profile, any value that serialises as a struct or a map.
    ///
    /// # Errors
    /// When no policy joins such a record, when the value is not as the record is declared, or when
    /// its key is there already.
    pub fn insert<T: Serialize + ?Sized>(
        &mut self,
        record: &str,
        profile: &T,
    ) -> Result<(), ProfileError> {
        let table = self.table(record)?;
        let number = self.tables.get(table).map_or(0, |table| table.len() as u64) + 1;
        let place = ProfilePlace { origin: "inserted".into(), noun: "profile", number };
        let taken = self.take(table, place, None, |program, layout, row| {
            read_record(program, layout, Joins::Later, profile, row)
        });
        match taken {
            Taken::Good => Ok(()),
            Taken::Bad(bad) => Err(Rejection { errors: bad.errors }.into()),
            Taken::Twice(twice) => Err(duplicates(record, vec![twice])),
        }
    }

    /// Reads a file of profiles: JSON (an array, or an object by key), JSON lines, YAML, CSV with a
    /// line of field names, or, with the feature `sqlite`, an SQLite database with a table or view
    /// that is named like the record (`FILE#TABLE` names another).
    ///
    /// Several files may hold profiles of one record.
    ///
    /// # Errors
    /// When no policy joins such a record, when the file cannot be read as a whole, or when a key
    /// stands twice. A single profile that is wrong is none of these: the report lists it.
    pub fn read_file(
        &mut self,
        record: &str,
        file: impl AsRef<Path>,
    ) -> Result<ProfileReport, ProfileError> {
        self.read_file_named(record, file.as_ref(), NamedBy::Operator)
    }

    /// The same for a file that somebody names who may not name all.
    #[doc(hidden)]
    pub fn read_file_named(
        &mut self,
        record: &str,
        file: &Path,
        by: NamedBy<'_>,
    ) -> Result<ProfileReport, ProfileError> {
        let table = self.table(record)?;
        let mut import = Import::new(self, table);
        file::read(&mut import, file, by)?;
        import.finish(record)
    }

    /// Reads a text of profiles; `name` is what problems call it.
    ///
    /// # Errors
    /// As [`Self::read_file`].
    pub fn read_text(
        &mut self,
        record: &str,
        format: ProfileFormat,
        name: &str,
        text: &[u8],
    ) -> Result<ProfileReport, ProfileError> {
        let table = self.table(record)?;
        let mut import = Import::new(self, table);
        formats::read(&mut import, format, name, text)
            .map_err(|message| ProfileError::Unreadable { file: name.to_string(), message })?;
        import.finish(record)
    }

    /// How many profiles of a record there are, those that cannot be joined included.
    #[doc(hidden)]
    pub fn count(&self, record: &str) -> usize {
        let table = self.table(record).ok().and_then(|table| self.tables.get(table));
        table.map_or(0, Table::len)
    }

    fn table(&self, record: &str) -> Result<usize, ProfileError> {
        let records = self.program.profiles.iter().map(|profile| profile.layout.record.as_ref());
        records.clone().position(|name| name == record).ok_or_else(|| {
            let near = did_you_mean(record, records.clone());
            let all = records.map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ");
            let help = match (near, all.as_str()) {
                (Some(near), _) => format!("; {near}"),
                (None, "") => "; they join none".to_string(),
                (None, all) => format!("; they join {all}"),
            };
            ProfileError::UnknownRecord { record: record.to_string(), help }
        })
    }

    /// Reads one profile and keeps it under its key. `name` is the key under which it stands, where
    /// it stands under one.
    fn take(
        &mut self,
        table: usize,
        place: ProfilePlace,
        name: Option<&str>,
        read: impl FnOnce(&Program, &Layout, &mut Store) -> Result<(), Vec<InputError>>,
    ) -> Taken {
        let (Some(profile), Some(table)) =
            (self.program.profiles.get(table), self.tables.get_mut(table))
        else {
            // Tables are asked for by the numbers that the program gave them.
            return Taken::Good;
        };
        self.scratch.reset(0);
        let errors = read(&self.program, &profile.layout, &mut self.scratch).err();
        table.keep(profile, &self.scratch, place, name, errors.unwrap_or_default())
    }
}

impl ProfileStore for Profiles {
    fn profile(
        &self,
        record: &str,
        key: ProfileKey<'_>,
    ) -> Result<Option<Profile<'_>>, StoreError> {
        let profiles = self.program.profiles.iter();
        let mut tables = profiles.zip(&self.tables);
        let table = tables.find(|(profile, _)| profile.layout.record.as_ref() == record);
        Ok(table.and_then(|(profile, table)| table.find(profile, key)))
    }
}

/// Profiles on their way from a file into a table.
struct Import<'r> {
    profiles: &'r mut Profiles,
    table: usize,
    report: ProfileReport,
    duplicates: Vec<DuplicateProfile>,
}

impl<'r> Import<'r> {
    fn new(profiles: &'r mut Profiles, table: usize) -> Self {
        Self { profiles, table, report: ProfileReport::default(), duplicates: Vec::new() }
    }

    /// The record whose profiles are read.
    fn program(&self) -> Arc<Program> {
        self.profiles.program.clone()
    }

    fn take(
        &mut self,
        place: ProfilePlace,
        name: Option<&str>,
        read: impl FnOnce(&Program, &Layout, &mut Store) -> Result<(), Vec<InputError>>,
    ) {
        match self.profiles.take(self.table, place, name, read) {
            Taken::Good => self.report.good += 1,
            Taken::Bad(bad) => self.report.bad.push(bad),
            Taken::Twice(twice) => self.duplicates.push(twice),
        }
    }

    fn finish(self, record: &str) -> Result<ProfileReport, ProfileError> {
        match self.duplicates.is_empty() {
            true => Ok(self.report),
            false => Err(duplicates(record, self.duplicates)),
        }
    }
}

fn duplicates(record: &str, duplicates: Vec<DuplicateProfile>) -> ProfileError {
    ProfileError::Duplicates { record: record.to_string(), duplicates }
}

fn duplicates_text(record: &str, duplicates: &[DuplicateProfile]) -> String {
    const SHOWN: usize = 10;
    let mut text = format!("profiles of `{record}` have the same key");
    for DuplicateProfile { key, first, again } in duplicates.iter().take(SHOWN) {
        text.push_str(&format!("\n  {}", visible(&format!("{key}: {first} and {again}"))));
    }
    if duplicates.len() > SHOWN {
        text.push_str(&format!("\n  … and {} more", duplicates.len() - SHOWN));
    }
    text
}
