//! Folders and texts to the files of a rulebook.

use std::io::{self, Read};
use std::path::{Path, PathBuf};

use thiserror::Error;

use crate::bounds::{Trust, WORKBOOK};
use crate::folder::{Content, Entry, FolderReader};
use crate::include::{Disk, Texts};
use crate::workbook;
use rulebook_base::diagnostic::{Code, Diagnostic};
use rulebook_base::file::Refused;
use rulebook_base::source::{FileId, MARK, Sources, Span};
use rulebook_base::visible::{visible, visible_path};
use rulebook_core::settings::SETTINGS_FILE;
use rulebook_lang::figures::counted;

/// What a policy is called that is no file.
const GIVEN: &str = "standard input";

/// The folders of lists, tables and scripts that may lie beside a single policy file.
const BESIDE: &[&str] = &["lists", "tables", "scripts"];

/// Why there is no rulebook; `source()` of it is the error of the system, where there is one.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum LoadError {
    /// A file or folder cannot be read.
    #[error("cannot read {}: {error}", visible_path(path))]
    Unreadable {
        /// The file or folder, as it was named.
        path: PathBuf,
        /// What the system says about it.
        #[source]
        error: io::Error,
    },
    /// A file was named that is no file of policies, by what it is called.
    #[error("{} is no policy file; {help}", visible_path(path))]
    NoPolicyFile {
        /// The file, as it was named.
        path: PathBuf,
        /// What to name instead.
        help: String,
    },
    /// The files were read, but policies, settings or options have errors.
    #[error("the rulebook has {}\n\n{text}", counted(errors.len(), "error"))]
    Invalid {
        /// Each of them, in the order of the files; warnings are left out.
        errors: Vec<Diagnostic>,
        /// The same as people read them, drawn in the source without colours.
        text: String,
    },
}

impl LoadError {
    /// The same as what is wrong with one of many files or folders.
    pub(super) fn refused(self) -> Result<Refused, Self> {
        match self {
            Self::Unreadable { error, .. } => Ok(Refused::Unreadable(error.kind())),
            other => Err(other),
        }
    }
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
    /// The paths of files and folders that are there and may not be read.
    refused: Vec<(String, Refused)>,
    problems: Vec<Diagnostic>,
    trust: Trust,
    /// The paths of files that are not read, and seem to be meant, by how their names end.
    misnamed: Vec<String>,
    /// Whether there are more files than are read.
    cut: bool,
}

/// Whether a file is named almost like the settings.
fn is_settings(path: &str) -> bool {
    let stem = SETTINGS_FILE.trim_end_matches("yaml");
    path.to_ascii_lowercase().starts_with(stem)
}

/// What to name instead of a file that is no file of policies; nothing for one that may be.
fn refuse_name(path: &Path, name: &str) -> Option<String> {
    let small = name.to_ascii_lowercase();
    let stem = small.trim_end_matches(".txt").trim_end_matches(".policy");
    if name.ends_with(".policy") {
        None
    } else if is_settings(name) {
        let folder = visible_path(folder_of(path));
        let rest = match name == SETTINGS_FILE {
            true => String::new(),
            false => format!(", and let its settings be called `{SETTINGS_FILE}`"),
        };
        Some(format!("name the folder of the rulebook, `{folder}`{rest}"))
    } else if stem.len() < small.trim_end_matches(".txt").len() {
        let stem = name.get(..stem.len()).unwrap_or_default();
        Some(format!("rename it to `{}.policy`", visible(stem)))
    } else {
        Some("name a folder with policies, or a file whose name ends in `.policy`".into())
    }
}

impl Files {
    /// Reads a folder, or a single `.policy` file.
    ///
    /// Links within the folder are followed as long as they stay in it; `include` goes to the folders that
    /// it names, but not by links. Pipes, devices, and files that are far too long are refused.
    ///
    /// # Errors
    /// When the folder, its settings or a policy cannot be read. A file that is not UTF-8, one that may not be
    /// read, and one that policies name and that cannot be read, is a problem of the rulebook, reported with the
    /// others.
    pub fn read(path: &Path) -> Result<Self, LoadError> {
        Self::read_as(path, Trust::Colleague)
    }

    /// Reads the rulebook of somebody who is not trusted: no link is followed, nothing outside of the
    /// folder is read, and [`Rulebook::inspect`](crate::Rulebook::inspect) refuses files, rules and limits
    /// beyond narrow bounds. What remains is a bounded amount of work, but no bound of time: a service
    /// gives it a process that can be ended.
    ///
    /// ```
    /// use rulebook::{Files, Options, Rulebook};
    /// use std::path::Path;
    ///
    /// // This one includes rulebooks that lie beside it.
    /// let files = Files::read_untrusted(Path::new("policies/law/jd"))?;
    /// let inspection = Rulebook::inspect(&files, &Options::new());
    /// assert!(inspection.diagnostics.iter().any(|problem| problem.code.name() == "bad-include"));
    /// # Ok::<(), rulebook::LoadError>(())
    /// ```
    ///
    /// # Errors
    /// As [`Self::read`].
    pub fn read_untrusted(path: &Path) -> Result<Self, LoadError> {
        Self::read_as(path, Trust::Stranger)
    }

    /// Reads a folder of texts by colleagues or by strangers.
    ///
    /// # Errors
    ///
    /// Those of [`Files::read`] and [`Files::read_untrusted`].
    #[doc(hidden)]
    pub fn read_as(path: &Path, trust: Trust) -> Result<Self, LoadError> {
        let unreadable = |error| LoadError::Unreadable { path: path.to_path_buf(), error };
        // `.` and `..` have names only once they are resolved.
        let full = path.canonicalize().map_err(unreadable)?;
        let name = full.file_stem().map(|stem| stem.to_string_lossy().into_owned());
        let mut files = Self { name: name.unwrap_or_default(), trust, ..Self::default() };
        let mut reader = FolderReader::new(trust);
        let root = if full.is_dir() { path } else { folder_of(path) };
        files.sources.lie_in(&root.to_string_lossy());
        if full.is_dir() {
            for entry in reader.folder(path)? {
                files.add_entry("", entry, None);
            }
            files.misnamed = reader.take_misnamed();
            files.join(&mut Disk::new(path, full, trust, &mut reader))?;
            files.report_lacking();
        } else {
            let name = path.file_name().map(|name| name.to_string_lossy().into_owned());
            let name = name.unwrap_or_default();
            if let Some(help) = refuse_name(path, &name) {
                return Err(LoadError::NoPolicyFile { path: path.to_path_buf(), help });
            }
            match reader.content(path)? {
                Content::Bytes(bytes) => files.add_bytes(&name, bytes, None),
                Content::RefusedFile(refused) | Content::RefusedFolder(refused) => {
                    return Err(unreadable(refused.into()));
                }
            }
            files.read_beside(path, &mut reader);
            files.misnamed = reader.take_misnamed();
        }
        if let Some(why) = reader.full() {
            files.cut = true;
            let message = format!("the rulebook cannot be read whole: {why}");
            files.report(Diagnostic::placeless(Code::UnreadableFile, message));
        }
        Ok(files)
    }

    /// Reads a policy that somebody hands over; lists, tables and scripts lie beside `path`, which names no file.
    ///
    /// # Errors
    /// When it cannot be read, or is longer than a file of a rulebook may be.
    #[doc(hidden)]
    pub fn read_given(given: &mut dyn Read, path: &Path, trust: Trust) -> Result<Self, LoadError> {
        let unreadable = |error| LoadError::Unreadable { path: GIVEN.into(), error };
        let mut reader = FolderReader::new(trust);
        let bytes = reader.given(given).map_err(unreadable)?;
        let mut files = Self { name: GIVEN.into(), trust, ..Self::default() };
        files.sources.lie_in(&folder_of(path).to_string_lossy());
        files.add_bytes(GIVEN, bytes, None);
        files.read_beside(path, &mut reader);
        files.misnamed = reader.take_misnamed();
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
        let (outside, inside): (Vec<_>, Vec<_>) =
            texts.partition(|(path, _): &(String, String)| path.starts_with("../"));
        for (path, text) in inside {
            files.add(path, text, None);
        }
        // Texts that are at hand can be read.
        let _ = files.join(&mut Texts(outside));
        files
    }

    /// The same files under another name, that of a rulebook whose settings name none.
    #[must_use]
    #[doc(hidden)]
    pub fn named(mut self, name: impl Into<String>) -> Self {
        self.name = name.into();
        self
    }

    /// Adds what was found in a folder; in that of an included rulebook, with the place that includes it.
    pub(super) fn add_entry(&mut self, folder: &str, entry: Entry, included: Option<Span>) {
        let path = joined(folder, &entry.path);
        let refused = match entry.content {
            Content::Bytes(bytes) => return self.add_bytes(&path, bytes, included),
            Content::RefusedFile(refused) | Content::RefusedFolder(refused) => refused,
        };
        // What policies name is reported where they name it.
        let is_named = matches!(entry.content, Content::RefusedFile(_))
            && !path.ends_with(".policy")
            && path != joined(folder, SETTINGS_FILE);
        if !is_named {
            let message = format!("cannot read `{}`: {refused}", visible(&path));
            let problem = match included {
                Some(place) => Diagnostic::new(Code::UnreadableFile, place, message),
                None => Diagnostic::placeless(Code::UnreadableFile, message),
            };
            self.report(problem.maybe_help(refused.help()));
        }
        self.refused.push((path, refused));
    }

    /// Adds a file by its path; one of an included rulebook with the place that includes it.
    pub(super) fn add_bytes(&mut self, path: &str, bytes: Vec<u8>, included: Option<Span>) {
        if path.ends_with(WORKBOOK) {
            return self.add_workbook(path, bytes, included);
        }
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

    /// Adds the sheets of a workbook, each as a file that is named after both.
    fn add_workbook(&mut self, path: &str, bytes: Vec<u8>, included: Option<Span>) {
        match workbook::sheets(bytes, self.trust.bounds().of(path)) {
            Ok(sheets) => {
                for (sheet, text) in sheets {
                    self.add(format!("{path}#{sheet}"), text, included);
                }
            }
            Err(why) => {
                let message = format!("cannot read `{}`: {}", visible(path), visible(&why));
                self.report(Diagnostic::placeless(Code::UnreadableFile, message));
            }
        }
    }

    fn add(&mut self, path: String, text: String, included: Option<Span>) {
        let text = text.strip_prefix(MARK).map(str::to_string).unwrap_or(text);
        let id = self.sources.add_included(path.clone(), text, included);
        if path == SETTINGS_FILE {
            self.settings = Some(id);
        } else if path.ends_with(".policy") || path == GIVEN {
            self.policies.push(id);
        } else {
            self.others.push((path, id));
        }
    }

    /// The same files with another text in one of them.
    #[doc(hidden)]
    pub fn with_text(&self, file: FileId, text: String) -> Self {
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
    fn read_beside(&mut self, policy: &Path, reader: &mut FolderReader) {
        for beside in BESIDE {
            // What cannot be read is reported where a policy names it.
            let found = match reader.beside(folder_of(policy), beside) {
                Ok(found) => found,
                Err(error) => {
                    let refused = error.refused().ok();
                    self.refused.extend(refused.map(|refused| ((*beside).to_string(), refused)));
                    continue;
                }
            };
            for entry in found {
                match entry.content {
                    Content::Bytes(bytes) => self.add_bytes(&entry.path, bytes, None),
                    Content::RefusedFile(refused) | Content::RefusedFolder(refused) => {
                        self.refused.push((entry.path, refused));
                    }
                }
            }
        }
    }

    fn report_lacking(&mut self) {
        if self.policies.is_empty() && self.problems.is_empty() {
            let small = |path: &&String| path.to_ascii_lowercase().contains(".policy");
            let help = match self.misnamed.iter().find(small) {
                Some(path) => {
                    format!("`{}` is not read; let its name end in `.policy`", visible(path))
                }
                None => "`rulebook init DIR` writes a first rulebook".into(),
            };
            let message = "the folder holds no `.policy` file";
            self.problems.push(Diagnostic::placeless(Code::NoPolicies, message).help(help));
        }
        let is_refused = self.refused.iter().any(|(path, _)| path == SETTINGS_FILE);
        if self.settings.is_none() && !is_refused {
            self.problems.push(
                Diagnostic::placeless(
                    Code::MissingSettings,
                    format!("the folder has no {SETTINGS_FILE}; times read in UTC, texts in `en`"),
                )
                .help(
                    match self.misnamed.iter().find(|path| !path.contains('/') && is_settings(path))
                    {
                        Some(path) => {
                            format!("`{}` is not read; name it `{SETTINGS_FILE}`", visible(path))
                        }
                        None => format!("write one: `name: {}`", self.name),
                    },
                ),
            );
        }
    }

    /// A file that is not read, and that a path seems to mean.
    #[doc(hidden)]
    pub fn misnamed(&self, path: &str) -> Option<&str> {
        let found = self.misnamed.iter().find(|known| known.eq_ignore_ascii_case(path));
        found.map(String::as_str)
    }

    /// What the rulebook is called where its settings name none: its folder or file, without an ending.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The texts of all files, included ones too, by the numbers that diagnostics use.
    pub fn sources(&self) -> &Sources {
        &self.sources
    }

    /// The numbers of the policy files.
    #[doc(hidden)]
    pub fn policies(&self) -> impl Iterator<Item = FileId> {
        self.policies.iter().copied()
    }

    /// The number of the settings file.
    #[doc(hidden)]
    pub fn settings(&self) -> Option<FileId> {
        self.settings
    }

    /// The numbers of the policy files that are not included from another rulebook.
    #[doc(hidden)]
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
        self.others.iter().find(|(other, _)| other == path).map(|(_, id)| *id)
    }

    /// The file, neither policy nor settings, that another file of its rulebook names by this path.
    #[doc(hidden)]
    pub fn find(&self, from: FileId, path: &str) -> Option<FileId> {
        self.find_path(&joined(self.folder_of(from), path))
    }

    /// The paths by which a file may name those of its rulebook that are neither policy nor
    /// settings.
    #[doc(hidden)]
    pub fn others(&self, from: FileId) -> impl Iterator<Item = &str> {
        let folder = self.folder_of(from);
        let others = self.others.iter().filter(move |(_, id)| self.folder_of(*id) == folder);
        others.map(move |(path, _)| {
            let within = path.strip_prefix(folder).and_then(|path| path.strip_prefix('/'));
            within.unwrap_or(path)
        })
    }

    /// Why the file that another file of its rulebook names by this path may not be read, if it may not.
    pub(super) fn refusal(&self, from: FileId, path: &str) -> Option<Refused> {
        let path = joined(self.folder_of(from), path);
        let refused =
            self.refused.iter().find(|(refused, _)| Path::new(&path).starts_with(refused));
        refused.map(|(_, refused)| *refused)
    }

    /// How far the authors are trusted.
    #[doc(hidden)]
    pub fn trust(&self) -> Trust {
        self.trust
    }

    /// Whether there are more files than are read.
    pub(super) fn is_cut(&self) -> bool {
        self.cut
    }

    /// What is wrong with the files themselves.
    pub fn problems(&self) -> &[Diagnostic] {
        &self.problems
    }
}

/// A path within a folder of which only the part from the rulebook on is shown.
pub(super) fn joined(folder: &str, path: &str) -> String {
    if folder.is_empty() { path.to_string() } else { format!("{folder}/{path}") }
}

/// The folder that a file lies in.
pub(super) fn folder_of(file: &Path) -> &Path {
    let folder = file.parent().filter(|folder| !folder.as_os_str().is_empty());
    folder.unwrap_or(Path::new("."))
}
