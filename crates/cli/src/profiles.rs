//! The profiles that `--profile` and `rulebook.yaml` name, read for the policies that join them.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use clap::Args as ClapArgs;

use super::args::RulebookArgs;
use super::screen::{self, Text};
use super::told::problem;
use super::{Stop, paint};
use rulebook::inside::{NamedBy, Trust};
use rulebook::{Policy, ProfileError, ProfileGap, ProfileReport, Profiles, Rulebook};
use rulebook_base::diagnostic::{Code, Diagnostic};
use rulebook_base::visible::visible_path;
use rulebook_core::settings::ProfileSetting;
use rulebook_lang::figures::counted;
use rulebook_stream::{Feature, StreamError};

/// How many bad profiles are told one by one.
const SHOWN: usize = 20;

/// Where the profiles of joined fields lie.
#[derive(Debug, ClapArgs)]
pub(super) struct ProfileArgs {
    /// Join profiles of a record from this file, instead of the one that `rulebook.yaml` names:
    /// JSON, JSON lines, YAML, CSV, or SQLite (`FILE#TABLE`); may be repeated
    #[arg(long = "profile", value_name = "RECORD=FILE")]
    pub(super) profiles: Vec<String>,
}

/// A file and whether the settings name it.
struct Named {
    path: PathBuf,
    by_settings: bool,
}

/// The files of each record, as the command line and else the settings name them.
struct Wanted<'r> {
    rulebook: &'r Rulebook,
    folder: &'r RulebookArgs,
    files: BTreeMap<String, Vec<Named>>,
}

impl<'r> Wanted<'r> {
    fn of(
        args: &ProfileArgs,
        rulebook: &'r Rulebook,
        folder: &'r RulebookArgs,
    ) -> Result<Self, Stop> {
        let mut files: BTreeMap<String, Vec<Named>> = BTreeMap::new();
        for text in &args.profiles {
            let (record, file) = text.split_once('=').unwrap_or_default();
            if record.trim().is_empty() || file.trim().is_empty() {
                return Err(Stop::Unusable(format!("`--profile {text}` must be RECORD=FILE")));
            }
            let named = Named { path: file.trim().into(), by_settings: false };
            files.entry(record.trim().to_string()).or_default().push(named);
        }
        for setting in &rulebook.settings().profiles {
            if let (Some(file), false) = (&setting.file, files.contains_key(&setting.record)) {
                let named = Named { path: folder.path.join(file), by_settings: true };
                files.insert(setting.record.clone(), vec![named]);
            }
        }
        Ok(Self { rulebook, folder, files })
    }

    /// Reads the files of the records that `policies` (or all) join, and those that the command line
    /// names.
    fn read(&self, policies: &[String]) -> Result<(Option<Profiles>, Vec<Read>), Stop> {
        let rulebook = self.rulebook;
        let named =
            |name: &&str| policies.is_empty() || policies.iter().any(|policy| policy == name);
        let policies = rulebook.policies().filter(named);
        let policies: Vec<_> = policies.filter_map(|name| rulebook.policy(name).ok()).collect();
        let joined: Vec<_> = policies.iter().flat_map(Policy::joined_records).collect();
        let mut profiles = Profiles::new(self.rulebook);
        let mut read = Vec::new();
        for (record, files) in &self.files {
            for Named { path, by_settings } in files {
                if *by_settings && !joined.iter().any(|joined| joined == record) {
                    continue;
                }
                let by = match by_settings {
                    true => NamedBy::Settings(&self.folder.path, self.folder.trust()),
                    false => NamedBy::Operator,
                };
                let report =
                    profiles.read_file_named(record, path, by).map_err(|error| match error {
                        ProfileError::NoDatabases { .. } => {
                            StreamError::NotBuilt(Feature::Sqlite).into()
                        }
                        error => Stop::Several(message(&error, *by_settings)),
                    })?;
                read.push(Read { record: record.clone(), path: path.clone(), report });
            }
            tell_gaps(record, &profiles.gaps(record), rulebook);
        }
        Ok(((!read.is_empty()).then_some(profiles), read))
    }
}

/// What is wrong with the files of profiles that the settings of a rulebook name, as a whole.
pub(super) fn missing(folder: &Path, trust: Trust, rulebook: &Rulebook) -> Vec<Diagnostic> {
    let settings = rulebook.settings().profiles.iter();
    let problem = |setting: &ProfileSetting| {
        let path = folder.join(setting.file.as_ref()?);
        let mut profiles = Profiles::new(rulebook);
        let by = NamedBy::Settings(folder, trust);
        match profiles.read_file_named(&setting.record, &path, by) {
            Ok(_) | Err(ProfileError::NoDatabases { .. }) => None,
            Err(error) => {
                let message =
                    format!("the profiles of `{}` cannot be had: {error}", setting.record);
                let help = "put them there, name another file, or leave the name to `--profile`";
                Some(Diagnostic::new(Code::BadSettings, setting.span, message).help(help))
            }
        }
    };
    settings.filter_map(problem).collect()
}

/// Tells of the times at which no profile of a key holds.
fn tell_gaps(record: &str, gaps: &[ProfileGap], rulebook: &Rulebook) {
    let zone = &rulebook.program().zone;
    for ProfileGap { key, from, until } in gaps.iter().take(SHOWN) {
        let (from, until) = (from.told(zone), until.told(zone));
        tell!("gap: no profile of {record} with the key {key} holds from {from} until {until}");
    }
    if gaps.len() > SHOWN {
        tell!("… and {} more", counted(gaps.len() - SHOWN, "gap"));
    }
}

/// Tells, once, of records of the past that are joined with profiles of today.
pub(super) fn tell_timeless(rulebook: &Rulebook, policy: &Policy) {
    if policy.compiled().dated.is_none() {
        return;
    }
    let joined = policy.joined_records();
    let profiles = rulebook.program().profiles.iter();
    let mut timeless = profiles.filter(|profile| {
        profile.validity.is_none() && joined.contains(&profile.layout.record.as_ref())
    });
    if let Some(profile) = timeless.next() {
        let record = &profile.layout.record;
        tell!(
            "profiles of {record} are those of today, also for records of the past: say between which \
             fields one holds, `record {record} valid from … {{`"
        );
    }
}

/// What was read of one file.
struct Read {
    record: String,
    path: PathBuf,
    report: ProfileReport,
}

fn message(error: &ProfileError, by_settings: bool) -> String {
    match error {
        ProfileError::UnknownRecord { .. } => format!("`--profile`: {error}"),
        ProfileError::Unreadable { .. } if by_settings => {
            format!("{error}\n`profiles` in rulebook.yaml names this file")
        }
        _ => error.to_string(),
    }
}

/// The files of profiles that the command line and else the settings name; of a database also that
/// without its table.
pub(super) fn paths(
    args: &ProfileArgs,
    folder: &RulebookArgs,
    rulebook: &Rulebook,
) -> Result<Vec<PathBuf>, Stop> {
    let files = Wanted::of(args, rulebook, folder)?.files.into_values().flatten();
    let whole_and_part = |Named { path, .. }: Named| {
        let part = path.to_str().and_then(|text| text.rsplit_once('#'));
        let part = part.map(|(path, _)| PathBuf::from(path));
        part.into_iter().chain([path])
    };
    Ok(files.flat_map(whole_and_part).collect())
}

/// The rulebook with the profiles that these policies (or all of its) join; tells on standard error
/// which are bad.
pub(super) fn join(
    args: &ProfileArgs,
    folder: &RulebookArgs,
    rulebook: &Rulebook,
    policies: &[String],
) -> Result<Rulebook, Stop> {
    let (profiles, read) = Wanted::of(args, rulebook, folder)?.read(policies)?;
    read.iter().for_each(tell);
    Ok(match profiles {
        Some(profiles) => rulebook.with_profiles(Arc::new(profiles)),
        None => rulebook.clone(),
    })
}

fn tell(read: &Read) {
    let ProfileReport { good, bad } = &read.report;
    if bad.is_empty() {
        return;
    }
    for bad in bad.iter().take(SHOWN) {
        let mut text = Text::default();
        writeln!(text, "{} {}", paint::error("bad profile:"), bad.place);
        bad.errors.iter().for_each(|error| problem(error, "profile", &mut text));
        screen::tell(&text);
    }
    if bad.len() > SHOWN {
        tell!("… and {} more", counted(bad.len() - SHOWN, "bad profile"));
    }
    tell!(
        "{}: {} of {} can be joined, {} bad; records that need one of these are rejected",
        visible_path(&read.path),
        counted(*good, "profile"),
        read.record,
        bad.len()
    );
}
