//! Files and values to profiles in memory, each read once into cells that records copy.

mod columns;
mod csv;
mod error;
mod file;
mod formats;
mod import;
mod periods;
mod report;
#[cfg(feature = "sqlite")]
mod sqlite;
mod table;

use std::path::Path;
use std::sync::Arc;

use serde::Serialize;

use crate::{Rejection, Rulebook};
use rulebook_core::facts::{Joins, Profile, ProfileKey, ProfileStore, StoreError, read_record};
use rulebook_core::program::{ProfileRecord, Program};
use rulebook_lang::model::{Store, Time};

pub use error::{DuplicateProfile, ProfileError};
pub use file::NamedBy;
pub use formats::ProfileFormat;
use import::Import;
pub use report::{BadProfile, ProfileGap, ProfileReport};
use table::{ProfilePlace, Table};

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
        let mut import = self.import(record)?;
        let number = import.table.len() as u64 + 1;
        let place = ProfilePlace { origin: "inserted".into(), noun: "profile", number };
        import.take(place, None, |program, layout, row| {
            read_record(program, layout, Joins::Later, profile, row)
        });
        match import.finish()?.bad.pop() {
            Some(bad) => Err(Rejection { errors: bad.errors }.into()),
            None => Ok(()),
        }
    }

    /// Says that the profiles of a record are all here, also if there are none: who asks for one of a record of which
    /// nothing was said is told so.
    ///
    /// # Errors
    /// When no policy joins such a record.
    pub fn complete(&mut self, record: &str) -> Result<(), ProfileError> {
        self.import(record).map(drop)
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
        let mut import = self.import(record)?;
        file::read(&mut import, file, by)?;
        import.finish()
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
        let mut import = self.import(record)?;
        formats::read(&mut import, format, name, text)
            .map_err(|message| ProfileError::Unreadable { file: name.to_string(), message })?;
        import.finish()
    }

    /// Where no profile of a record holds though some of its key do before and after, in the order of the keys.
    pub fn gaps(&self, record: &str) -> Vec<ProfileGap> {
        self.table(record).map(|(_, table)| table.gaps()).unwrap_or_default()
    }

    /// How many profiles of a record there are, those that cannot be joined included.
    #[doc(hidden)]
    pub fn count(&self, record: &str) -> usize {
        self.table(record).map_or(0, |(_, table)| table.len())
    }

    /// Takes in profiles of a record.
    fn import(&mut self, record: &str) -> Result<Import<'_>, ProfileError> {
        let Self { program, tables, scratch } = self;
        let mut tables = program.profiles.iter().zip(tables);
        match tables.find(|(profile, _)| profile.layout.record.as_ref() == record) {
            Some((profile, table)) => {
                table.is_given = true;
                Ok(Import::new(program, profile, table, scratch))
            }
            None => Err(ProfileError::unknown_record(program, record)),
        }
    }

    fn table(&self, record: &str) -> Option<(&ProfileRecord, &Table)> {
        let mut tables = self.program.profiles.iter().zip(&self.tables);
        tables.find(|(profile, _)| profile.layout.record.as_ref() == record)
    }
}

#[cold]
fn not_given(profile: &ProfileRecord) -> StoreError {
    let record = &profile.layout.record;
    format!(
        "nothing is given to look it up in (`--profile {record}=FILE`, `profiles` in rulebook.yaml, or `Profiles` in \
         a service)"
    )
    .into()
}

impl ProfileStore for Profiles {
    fn profile(
        &self,
        record: &str,
        key: ProfileKey<'_>,
    ) -> Result<Option<Profile<'_>>, StoreError> {
        match self.table(record) {
            Some((profile, table)) if !table.is_given => Err(not_given(profile)),
            Some((profile, _)) if profile.validity.is_some() => {
                Err("it was read for a rulebook in which profiles hold for a time".into())
            }
            found => Ok(found.and_then(|(profile, table)| table.find(profile, key, None))),
        }
    }

    fn profile_as_of(
        &self,
        record: &str,
        key: ProfileKey<'_>,
        time: Time,
    ) -> Result<Option<Profile<'_>>, StoreError> {
        match self.table(record) {
            Some((profile, table)) if !table.is_given => Err(not_given(profile)),
            Some((profile, _)) if profile.validity.is_none() => {
                Err("it was read for a rulebook in which profiles always hold".into())
            }
            found => Ok(found.and_then(|(profile, table)| table.find(profile, key, Some(time)))),
        }
    }
}
