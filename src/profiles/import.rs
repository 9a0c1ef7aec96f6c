//! Profiles on their way from a file into a table.

use super::error::{DuplicateProfile, ProfileError};
use super::report::ProfileReport;
use super::table::{ProfilePlace, Table, Taken};
use rulebook_core::facts::InputError;
use rulebook_core::program::{Layout, ProfileRecord, Program};
use rulebook_lang::model::Store;

/// Takes the profiles of one record, one by one.
pub(super) struct Import<'r> {
    program: &'r Program,
    /// The record whose profiles are read.
    pub(super) profile: &'r ProfileRecord,
    /// Those that are kept.
    pub(super) table: &'r mut Table,
    /// Where a profile is read before it is kept.
    scratch: &'r mut Store,
    report: ProfileReport,
    duplicates: Vec<DuplicateProfile>,
}

impl<'r> Import<'r> {
    pub(super) fn new(
        program: &'r Program,
        profile: &'r ProfileRecord,
        table: &'r mut Table,
        scratch: &'r mut Store,
    ) -> Self {
        let (report, duplicates) = Default::default();
        Self { program, profile, table, scratch, report, duplicates }
    }

    /// Reads one profile and keeps it under its key. `name` is the key under which it stands, where
    /// it stands under one.
    pub(super) fn take(
        &mut self,
        place: ProfilePlace,
        name: Option<&str>,
        read: impl FnOnce(&Program, &Layout, &mut Store) -> Result<(), Vec<InputError>>,
    ) {
        self.scratch.reset(0);
        let errors = read(self.program, &self.profile.layout, self.scratch).err();
        let errors = errors.unwrap_or_default();
        match self.table.keep((self.program, self.profile), self.scratch, place, name, errors) {
            Taken::Good => self.report.good += 1,
            Taken::Bad(bad) => self.report.bad.push(bad),
            Taken::Twice(twice) => self.duplicates.push(twice),
        }
    }

    /// What is told of them all.
    ///
    /// # Errors
    /// When several have the same key.
    pub(super) fn finish(self) -> Result<ProfileReport, ProfileError> {
        let Self { profile, report, duplicates, .. } = self;
        match duplicates.is_empty() {
            true => Ok(report),
            false => {
                let record = profile.layout.record.to_string();
                Err(ProfileError::Duplicates { record, duplicates })
            }
        }
    }
}
