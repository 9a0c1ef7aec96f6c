//! Folders and texts to the files of a rulebook.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use thiserror::Error;

use super::SETTINGS_FILE;
use crate::diagnostic::{Code, Diagnostic};
use crate::source::{FileId, Sources, Span};

/// Folders of a rulebook that hold no policies.
const OTHER_FOLDERS: &[&str] = &["tests", "data"];

/// Folders whose files a policy names: for lists, and for functions from scripts.
const NAMED_FOLDERS: &[&str] = &["lists", "scripts"];

/// The ends of the names of files that belong to a rulebook.
const ENDINGS: &[&str] = &[".policy", ".txt", ".rhai"];

/// Why there is no rulebook.
#[derive(Debug, Error)]
pub enum LoadError {
    /// A file or folder cannot be read.
    #[error("cannot read {}: {error}", path.display())]
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
    problems: Vec<Diagnostic>,
}

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
            files.add_file(path, &name.unwrap_or_default())?;
            files.read_beside(path);
            return Ok(files);
        }
        let mut paths = Vec::new();
        collect(path, &mut Vec::new(), &mut paths)?;
        paths.sort();
        for file in &paths {
            let relative = file.strip_prefix(path).unwrap_or(file);
            let relative = relative.to_string_lossy().replace('\\', "/");
            files.add_file(file, &relative)?;
        }
        files.report_lacking();
        Ok(files)
    }

    /// Takes texts with their paths.
    pub fn from_texts<P, T>(texts: impl IntoIterator<Item = (P, T)>) -> Self
    where
        P: Into<String>,
        T: Into<String>,
    {
        let mut files = Self { name: "rulebook".into(), ..Self::default() };
        for (path, text) in texts {
            files.add(path.into(), text.into());
        }
        files
    }

    fn add_file(&mut self, file: &Path, path: &str) -> Result<(), LoadError> {
        let bytes = fs::read(file)
            .map_err(|error| LoadError::Unreadable { path: file.to_path_buf(), error })?;
        match String::from_utf8(bytes) {
            Ok(text) => {
                self.add(path.to_string(), text);
            }
            Err(error) => {
                let at = error.utf8_error().valid_up_to();
                let text = String::from_utf8_lossy(error.as_bytes()).into_owned();
                let id = self.sources.add(path, text);
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
        Ok(())
    }

    fn add(&mut self, path: String, text: String) {
        // A byte-order mark is no part of the text.
        let text = text.strip_prefix('\u{feff}').map(str::to_string).unwrap_or(text);
        let id = self.sources.add(path.clone(), text);
        if path == SETTINGS_FILE {
            self.settings = Some(id);
        } else if path.ends_with(".policy") {
            self.policies.push(id);
        } else {
            self.others.push((path, id));
        }
    }

    /// A single policy file may name files that lie beside it, in folders of their own.
    fn read_beside(&mut self, policy: &Path) {
        let Some(folder) = policy.parent() else { return };
        let folder = if folder.as_os_str().is_empty() { Path::new(".") } else { folder };
        for beside in NAMED_FOLDERS {
            let beside = folder.join(beside);
            let mut paths = Vec::new();
            if !beside.is_dir() || collect(&beside, &mut Vec::new(), &mut paths).is_err() {
                continue;
            }
            paths.sort();
            for file in paths {
                let relative = file.strip_prefix(folder).unwrap_or(&file);
                let relative = relative.to_string_lossy().replace('\\', "/");
                // A file that cannot be read is reported where a policy names it.
                let _ = self.add_file(&file, &relative);
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

    /// The file with this path that is neither policy nor settings.
    pub fn find(&self, path: &str) -> Option<FileId> {
        self.others.iter().find(|(known, _)| known == path).map(|(_, id)| *id)
    }

    /// The paths of the files that are neither policy nor settings.
    pub fn others(&self) -> impl Iterator<Item = &str> {
        self.others.iter().map(|(path, _)| path.as_str())
    }

    /// What is wrong with the files themselves.
    pub fn problems(&self) -> &[Diagnostic] {
        &self.problems
    }
}

/// The files of a rulebook's folder: settings, policies at any depth, and what they
/// name: texts for lists and scripts.
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
