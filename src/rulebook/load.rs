//! Folders and texts to the files of a rulebook.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use thiserror::Error;

use super::SETTINGS_FILE;
use super::include::{Disk, Texts};
use crate::diagnostic::{Code, Diagnostic};
use crate::source::{FileId, Sources, Span};
use crate::visible::visible_path;

/// Folders of a rulebook that hold no policies.
const OTHER_FOLDERS: &[&str] = &["tests", "data"];

/// How the names of policies, and of the files that they name, end.
const ENDINGS: &[&str] = &[".policy", ".txt", ".csv", ".rhai"];

/// The folders of lists, tables and scripts that may lie beside a single policy file.
const BESIDE: &[&str] = &["lists", "tables", "scripts"];

/// Why there is no rulebook.
#[derive(Debug, Error)]
pub enum LoadError {
    /// A file or folder cannot be read.
    #[error("cannot read {}: {error}", visible_path(path))]
    Unreadable {
        /// Which.
        path: PathBuf,
        /// Why.
        error: io::Error,
    },
    /// The policies have errors.
    #[error("the rulebook has {count} error{}\n\n{text}", if *count == 1 { "" } else { "s" })]
    Invalid {
        /// How many.
        count: usize,
        /// The errors, drawn in the source.
        text: String,
    },
}

/// The files of a rulebook, read but not yet understood.
#[derive(Debug, Clone, Default)]
pub struct Files {
    name: String,
    sources: Sources,
    policies: Vec<FileId>,
    settings: Option<FileId>,
    others: Vec<(String, FileId)>,
    /// The folders of the included rulebooks, each with the number of its first file.
    folders: Vec<(FileId, String)>,
    problems: Vec<Diagnostic>,
}

/// A file that has been read: its path within its rulebook, and its bytes.
pub(super) type Read = (String, Vec<u8>);

impl Files {
    /// Reads a folder, or a single `.policy` file.
    ///
    /// # Errors
    /// When a file or folder cannot be read. A file that is not UTF-8 is a problem of the
    /// rulebook, told with the others.
    pub fn read(path: &Path) -> Result<Self, LoadError> {
        let unreadable = |error| LoadError::Unreadable { path: path.to_path_buf(), error };
        let metadata = fs::metadata(path).map_err(unreadable)?;
        // `.` and `..` have names only once they are resolved.
        let full = path.canonicalize().map_err(unreadable)?;
        let name = full.file_stem().map(|stem| stem.to_string_lossy().into_owned());
        let mut files = Self { name: name.unwrap_or_default(), ..Self::default() };
        if metadata.is_file() {
            let name = path.file_name().map(|name| name.to_string_lossy().into_owned());
            files.add_bytes(&name.unwrap_or_default(), fs::read(path).map_err(unreadable)?, None);
            files.read_beside(path);
            return Ok(files);
        }
        for (relative, bytes) in read_folder(path)? {
            files.add_bytes(&relative, bytes, None);
        }
        files.join(&Disk::new(path, full))?;
        files.report_lacking();
        Ok(files)
    }

    /// Takes texts with their paths. A path that leads out of the rulebook's folder, such as
    /// `../base/a.policy`, is that of a rulebook that its settings include.
    pub fn from_texts<P, T>(texts: impl IntoIterator<Item = (P, T)>) -> Self
    where
        P: Into<String>,
        T: Into<String>,
    {
        let mut files = Self { name: "rulebook".into(), ..Self::default() };
        let texts = texts.into_iter().map(|(path, text)| (path.into(), text.into()));
        let (outside, own): (Vec<_>, Vec<_>) =
            texts.partition(|(path, _): &(String, String)| path.starts_with("../"));
        for (path, text) in own {
            files.add(path, text, None);
        }
        // Texts that are at hand can be read.
        let _ = files.join(&Texts(outside));
        files
    }

    /// The same files under another name, that of a rulebook whose settings name none.
    #[must_use]
    pub fn named(mut self, name: impl Into<String>) -> Self {
        self.name = name.into();
        self
    }

    /// Adds a file by its path; one of an included rulebook with the place that includes it.
    pub(super) fn add_bytes(&mut self, path: &str, bytes: Vec<u8>, included: Option<Span>) {
        match String::from_utf8(bytes) {
            Ok(text) => self.add(path.to_string(), text, included),
            Err(error) => {
                let at = error.utf8_error().valid_up_to();
                let text = String::from_utf8_lossy(error.as_bytes()).into_owned();
                let id = self.sources.add_included(path, text, included);
                self.problems.push(
                    Diagnostic::new(
                        Code::BadEncoding,
                        Span::new(id, at, at + 1),
                        format!("{path} is not UTF-8 text"),
                    )
                    .label("this byte does not belong to any character")
                    .help("save the file as UTF-8"),
                );
                // It stays known by name, so that nobody reports it as missing.
                self.others.push((path.to_string(), id));
            }
        }
    }

    fn add(&mut self, path: String, text: String, included: Option<Span>) {
        // A byte-order mark is no part of the text.
        let text = text.strip_prefix('\u{feff}').map(str::to_string).unwrap_or(text);
        let id = self.sources.add_included(path.clone(), text, included);
        if path == SETTINGS_FILE {
            self.settings = Some(id);
        } else if path.ends_with(".policy") {
            self.policies.push(id);
        } else {
            self.others.push((path, id));
        }
    }

    /// The same files with another text in one of them.
    pub(crate) fn with_text(&self, file: FileId, text: String) -> Self {
        let mut files = self.clone();
        files.sources.replace(file, text);
        files
    }

    /// Notes that the next files are those of an included rulebook.
    pub(super) fn begin_folder(&mut self, folder: &str) {
        let next = u32::try_from(self.sources.iter().count()).unwrap_or(u32::MAX);
        self.folders.push((FileId(next), folder.to_string()));
    }

    pub(super) fn report(&mut self, problem: Diagnostic) {
        self.problems.push(problem);
    }

    /// A single policy file may name lists, tables and scripts that lie beside it.
    fn read_beside(&mut self, policy: &Path) {
        let Some(folder) = policy.parent() else { return };
        let folder = if folder.as_os_str().is_empty() { Path::new(".") } else { folder };
        for beside in BESIDE {
            let files = folder.join(beside);
            // A file that cannot be read is reported where a policy names it.
            let found = if files.is_dir() { read_folder(&files) } else { continue };
            for (relative, bytes) in found.unwrap_or_default() {
                self.add_bytes(&format!("{beside}/{relative}"), bytes, None);
            }
        }
    }

    fn report_lacking(&mut self) {
        if self.policies.is_empty() && self.problems.is_empty() {
            self.problems.push(
                Diagnostic::placeless(Code::NoPolicies, "the folder holds no `.policy` file")
                    .help("`rulebook init DIR` writes a first rulebook"),
            );
        }
        if self.settings.is_none() {
            self.problems.push(
                Diagnostic::placeless(
                    Code::MissingSettings,
                    format!("the folder has no {SETTINGS_FILE}; times read in UTC, texts in `en`"),
                )
                .help(format!("write one: `name: {}`", self.name)),
            );
        }
    }

    /// The name of the folder or file.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The texts.
    pub fn sources(&self) -> &Sources {
        &self.sources
    }

    /// The numbers of the policy files.
    pub fn policies(&self) -> impl Iterator<Item = FileId> {
        self.policies.iter().copied()
    }

    /// The number of the settings file.
    pub fn settings(&self) -> Option<FileId> {
        self.settings
    }

    /// The numbers of the policy files that are not included from another rulebook.
    pub fn own_policies(&self) -> impl Iterator<Item = FileId> {
        self.policies().filter(|id| self.sources.included(*id).is_none())
    }

    /// The folder of the rulebook that a file belongs to; empty for the rulebook's own.
    fn folder_of(&self, file: FileId) -> &str {
        let begun = self.folders.partition_point(|(first, _)| *first <= file);
        let folder = begun.checked_sub(1).and_then(|last| self.folders.get(last));
        folder.map_or("", |(_, folder)| folder)
    }

    pub(super) fn find_path(&self, path: &str) -> Option<FileId> {
        self.others.iter().find(|(known, _)| known == path).map(|(_, id)| *id)
    }

    /// The file, neither policy nor settings, that another file of its rulebook names by this path.
    pub fn find(&self, from: FileId, path: &str) -> Option<FileId> {
        self.find_path(&joined(self.folder_of(from), path))
    }

    /// The paths by which a file may name those of its rulebook that are neither policy nor
    /// settings.
    pub fn others(&self, from: FileId) -> impl Iterator<Item = &str> {
        let folder = self.folder_of(from);
        let own = self.others.iter().filter(move |(_, id)| self.folder_of(*id) == folder);
        own.map(move |(path, _)| {
            let within = path.strip_prefix(folder).and_then(|path| path.strip_prefix('/'));
            within.unwrap_or(path)
        })
    }

    /// What is wrong with the files themselves.
    pub fn problems(&self) -> &[Diagnostic] {
        &self.problems
    }
}

/// A path within a folder of which only the part from the rulebook on is told.
pub(super) fn joined(folder: &str, path: &str) -> String {
    if folder.is_empty() { path.to_string() } else { format!("{folder}/{path}") }
}

/// The files of a rulebook's folder in the order of their paths.
pub(super) fn read_folder(folder: &Path) -> Result<Vec<Read>, LoadError> {
    let mut paths = Vec::new();
    collect(folder, &mut Vec::new(), &mut paths)?;
    paths.sort();
    let read = |path: &PathBuf| {
        let relative = path.strip_prefix(folder).unwrap_or(path).to_string_lossy();
        let bytes = fs::read(path);
        let bytes = bytes.map_err(|error| LoadError::Unreadable { path: path.clone(), error })?;
        Ok((relative.replace('\\', "/"), bytes))
    };
    paths.iter().map(read).collect()
}

/// The files of a rulebook's folder: settings, policies at any depth, and what these name.
/// `seen` holds the folders above, so that a link that leads back is not followed for ever.
fn collect(
    folder: &Path,
    seen: &mut Vec<PathBuf>,
    into: &mut Vec<PathBuf>,
) -> Result<(), LoadError> {
    let unreadable = |error| LoadError::Unreadable { path: folder.to_path_buf(), error };
    let real = folder.canonicalize().map_err(unreadable)?;
    if seen.contains(&real) {
        return Ok(());
    }
    seen.push(real);
    for entry in fs::read_dir(folder).map_err(unreadable)? {
        let path = entry.map_err(unreadable)?.path();
        let name = path.file_name().map(|name| name.to_string_lossy().into_owned());
        let name = name.unwrap_or_default();
        if name.starts_with('.') {
            continue;
        }
        if path.is_dir() {
            if !OTHER_FOLDERS.contains(&name.as_str()) {
                collect(&path, seen, into)?;
            }
        } else if name == SETTINGS_FILE || ENDINGS.iter().any(|ending| name.ends_with(ending)) {
            into.push(path);
        }
    }
    Ok(())
}
