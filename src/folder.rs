//! The files in the folders of a rulebook, read within its bounds. What may not be read is reported, and never
//! waited for; links lead nowhere but to other places in the same folder.

use std::collections::BTreeSet;
use std::fs;
use std::io::{self, Read};
use std::path::{Component, Path, PathBuf};

use crate::bounds::{Bounds, Trust, WORKBOOK};
use crate::load::{LoadError, joined};
use rulebook_base::file::{self, Refused};
use rulebook_core::settings::SETTINGS_FILE;

/// Folders of a rulebook that hold no policies.
const OTHER_FOLDERS: &[&str] = &["tests", "data"];

/// How the names of policies, and of the files that they name, end.
const ENDINGS: &[&str] = &[".policy", ".txt", ".csv", WORKBOOK, ".rhai"];

/// Something in a folder, by its path from there.
#[derive(Debug)]
pub(super) struct Entry {
    pub(super) path: String,
    pub(super) content: Content,
}

/// What an entry is.
#[derive(Debug)]
pub(super) enum Content {
    /// What a file holds.
    Bytes(Vec<u8>),
    /// A file that is not read.
    RefusedFile(Refused),
    /// A folder whose files are not read.
    RefusedFolder(Refused),
}

/// Reads the folders of one rulebook: what one holds counts for the next.
#[derive(Debug)]
pub(super) struct FolderReader {
    trust: Trust,
    bytes: u64,
    files: usize,
    entries: usize,
    /// Why the rest is not read.
    full: Option<String>,
    /// The paths of files that are not read, and seem to be meant, by how their names end.
    misnamed: Vec<String>,
}

impl FolderReader {
    pub(super) fn new(trust: Trust) -> Self {
        Self { trust, bytes: 0, files: 0, entries: 0, full: None, misnamed: Vec::new() }
    }

    fn bounds(&self) -> &'static Bounds {
        self.trust.bounds()
    }

    /// The files of a rulebook's folder that are not read, and seem to be meant.
    pub(super) fn take_misnamed(&mut self) -> Vec<String> {
        std::mem::take(&mut self.misnamed)
    }

    /// Why there are files that have not been read, if there are.
    pub(super) fn full(self) -> Option<String> {
        self.full
    }

    /// The files of a folder in the order of their paths: settings, policies at any depth, and what
    /// these name.
    pub(super) fn folder(&mut self, folder: &Path) -> Result<Vec<Entry>, LoadError> {
        self.walk(folder, folder, &is_taken)
    }

    /// The files in a folder beside a policy that is a rulebook of its own, by paths from there.
    pub(super) fn beside(&mut self, folder: &Path, beside: &str) -> Result<Vec<Entry>, LoadError> {
        self.within(folder, beside, &is_taken)
    }

    /// What is taken of a folder that has a name of its own in a rulebook's, by paths from there.
    fn within(
        &mut self,
        folder: &Path,
        beside: &str,
        is_taken: &dyn Fn(&str, bool) -> bool,
    ) -> Result<Vec<Entry>, LoadError> {
        let path = folder.join(beside);
        if !path.is_dir() {
            return Ok(Vec::new());
        }
        let failed = |error| unreadable(&path, error);
        let root = folder.canonicalize().map_err(failed)?;
        if let Some(refused) = follow(&root, &path, self.trust).map_err(failed)? {
            let content = Content::RefusedFolder(refused);
            return Ok(vec![Entry { path: beside.into(), content }]);
        }
        let known = self.misnamed.len();
        let mut found = self.walk(folder, &path, is_taken)?;
        self.misnamed.iter_mut().skip(known).for_each(|path| *path = joined(beside, path));
        found.iter_mut().for_each(|entry| entry.path = joined(beside, &entry.path));
        Ok(found)
    }

    /// What is taken of a folder, by name and whether it is a folder; links stay within `root`.
    fn walk(
        &mut self,
        root: &Path,
        folder: &Path,
        is_taken: &dyn Fn(&str, bool) -> bool,
    ) -> Result<Vec<Entry>, LoadError> {
        let root = root.canonicalize().map_err(|error| unreadable(root, error))?;
        let mut walk =
            Walk { reader: self, root, is_taken, seen: BTreeSet::new(), found: Vec::new() };
        walk.enter(folder, "", 0)?;
        let mut found = walk.found;
        found.sort_by(|a, b| Path::new(&a.path).cmp(Path::new(&b.path)));
        Ok(found)
    }

    /// A policy that is handed over, and no file.
    pub(super) fn given(&mut self, given: &mut dyn Read) -> io::Result<Vec<u8>> {
        let bytes = file::read_all(given, self.bounds().of(".policy"))?;
        self.files += 1;
        self.bytes += bytes.len() as u64;
        Ok(bytes)
    }

    /// A file that was named, or found in a folder.
    pub(super) fn content(&mut self, path: &Path) -> Result<Content, LoadError> {
        let bounds = self.bounds();
        self.files += 1;
        if self.files > bounds.files {
            self.full = Some(format!("it has more than {} files", bounds.files));
        }
        let most = bounds.of(&path.to_string_lossy());
        let left = bounds.total.saturating_sub(self.bytes);
        match file::read(path, most.min(left)) {
            Ok(bytes) => {
                self.bytes += bytes.len() as u64;
                Ok(Content::Bytes(bytes))
            }
            Err(error) => match Refused::of(&error) {
                Some(Refused::TooLong(_)) if left < most => {
                    self.full = Some(bounds.total_text());
                    Ok(Content::RefusedFile(Refused::TooLong(left)))
                }
                Some(refused) => Ok(Content::RefusedFile(refused)),
                None => Err(unreadable(path, error)),
            },
        }
    }
}

/// Whether something of this name in a rulebook's folder is read.
fn is_taken(name: &str, is_folder: bool) -> bool {
    match is_folder {
        true => !OTHER_FOLDERS.contains(&name),
        false => name == SETTINGS_FILE || ends(name, ENDINGS),
    }
}

/// Whether a file that is not read is named almost like one that would be.
fn is_misnamed(name: &str, depth: usize) -> bool {
    let small = name.to_ascii_lowercase();
    let stem = SETTINGS_FILE.trim_end_matches("yaml");
    let rest = small.strip_prefix(stem).filter(|_| depth == 0);
    let is_settings = rest.is_some_and(|rest| ["yaml", "yml", "json", "toml"].contains(&rest));
    is_settings || ends(&small, ENDINGS) || small.ends_with(".policy.txt")
}

fn unreadable(path: &Path, error: io::Error) -> LoadError {
    LoadError::Unreadable { path: path.to_path_buf(), error }
}

fn ends(name: &str, endings: &[&str]) -> bool {
    endings.iter().any(|ending| name.ends_with(ending))
}

/// A way through one folder and those in it.
struct Walk<'w> {
    reader: &'w mut FolderReader,
    /// The folder, without links.
    root: PathBuf,
    is_taken: &'w dyn Fn(&str, bool) -> bool,
    /// The folders that have been read, so that a link that leads back is not followed for ever.
    seen: BTreeSet<PathBuf>,
    found: Vec<Entry>,
}

impl Walk<'_> {
    fn enter(&mut self, folder: &Path, path: &str, depth: usize) -> Result<(), LoadError> {
        let bounds = self.reader.bounds();
        let real = folder.canonicalize().map_err(|error| unreadable(folder, error))?;
        if !self.seen.insert(real) {
            return Ok(());
        }
        if depth > bounds.depth {
            self.refuse_folder(path, Refused::TooDeep(bounds.depth));
            return Ok(());
        }
        let mut entries = Vec::new();
        for entry in fs::read_dir(folder).map_err(|error| unreadable(folder, error))? {
            self.reader.entries += 1;
            if self.reader.entries > bounds.entries {
                let most = bounds.entries;
                self.reader.full = Some(format!("its folders have more than {most} entries"));
                return Ok(());
            }
            entries.push(entry.map_err(|error| unreadable(folder, error))?);
        }
        // Which of two links to one folder comes first shall not depend on the disk.
        entries.sort_by_key(fs::DirEntry::file_name);
        for entry in entries {
            if self.reader.full.is_some() {
                return Ok(());
            }
            self.take(&entry, path, depth)?;
        }
        Ok(())
    }

    fn take(&mut self, entry: &fs::DirEntry, above: &str, depth: usize) -> Result<(), LoadError> {
        let (name, full) = (entry.file_name().to_string_lossy().into_owned(), entry.path());
        if name.starts_with('.') {
            return Ok(());
        }
        let path = if above.is_empty() { name.clone() } else { format!("{above}/{name}") };
        let is_folder = match entry.file_type() {
            Ok(kind) if kind.is_symlink() => full.is_dir(),
            kind => kind.is_ok_and(|kind| kind.is_dir()),
        };
        if !(self.is_taken)(&name, is_folder) {
            if !is_folder && is_misnamed(&name, depth) {
                self.reader.misnamed.push(path);
            }
            return Ok(());
        }
        // What policies name does not keep the others from being read; without a policy there is no
        // rulebook.
        let is_needed = !is_folder && (name == SETTINGS_FILE || name.ends_with(".policy"));
        let refused = match follow(&self.root, &full, self.reader.trust) {
            Ok(refused) => refused,
            Err(error) if is_needed => return Err(unreadable(&full, error)),
            Err(error) => Some(Refused::Unreadable(error.kind())),
        };
        match (is_folder, refused) {
            (true, None) => {
                if let Err(error) = self.enter(&full, &path, depth + 1) {
                    self.refuse_folder(&path, error.refused()?);
                }
            }
            (true, Some(refused)) => self.refuse_folder(&path, refused),
            (false, refused) => {
                let content = match refused {
                    Some(refused) => Content::RefusedFile(refused),
                    None => match self.reader.content(&full) {
                        Ok(content) => content,
                        Err(error) if is_needed => return Err(error),
                        Err(error) => Content::RefusedFile(error.refused()?),
                    },
                };
                self.found.push(Entry { path, content });
            }
        }
        Ok(())
    }

    fn refuse_folder(&mut self, path: &str, refused: Refused) {
        self.found.push(Entry { path: path.into(), content: Content::RefusedFolder(refused) });
    }
}

/// Why a place in a folder that has no links above it is not gone to: it may be a link itself.
fn follow(root: &Path, path: &Path, trust: Trust) -> io::Result<Option<Refused>> {
    if !fs::symlink_metadata(path)?.is_symlink() {
        return Ok(None);
    }
    if trust == Trust::Stranger {
        return Ok(Some(Refused::Link));
    }
    Ok((!path.canonicalize()?.starts_with(root)).then_some(Refused::LeadsOut))
}

/// The place that a rulebook names by its path from the rulebook's folder: never through a link, and, if
/// the rulebook is a stranger's, never outside of it.
///
/// # Errors
/// When it is not there, or may not be reached.
pub fn named(folder: &Path, path: impl AsRef<Path>, trust: Trust) -> io::Result<PathBuf> {
    // The folder itself was named by whoever reads the rulebook, who may have used links.
    let root = folder.canonicalize()?;
    let mut place = root.clone();
    for part in path.as_ref().components() {
        match part {
            Component::CurDir => {}
            Component::ParentDir => {
                place.pop();
            }
            Component::Normal(_) | Component::RootDir | Component::Prefix(_) => {
                place.push(part);
                if fs::symlink_metadata(&place)?.is_symlink() {
                    return Err(Refused::Link.into());
                }
            }
        }
    }
    if trust == Trust::Stranger && !place.starts_with(&root) {
        return Err(Refused::Outside.into());
    }
    fs::symlink_metadata(&place)?;
    Ok(place)
}

/// The scenarios of a rulebook, that lie in `tests` within its folder or beside its only file: their paths
/// and texts.
///
/// # Errors
/// When one cannot be read, or may not be.
pub fn scenarios(rulebook: &Path, trust: Trust) -> Result<Vec<(PathBuf, Vec<u8>)>, LoadError> {
    let folder = if rulebook.is_dir() { rulebook } else { crate::load::folder_of(rulebook) };
    let mut reader = FolderReader::new(trust);
    let is_taken = |name: &str, is_folder: bool| !is_folder && ends(name, &[".yaml", ".yml"]);
    let files = reader.within(folder, "tests", &is_taken)?;
    let files = files.into_iter().map(|Entry { path, content }| {
        let path = folder.join(path);
        match content {
            Content::Bytes(bytes) => Ok((path, bytes)),
            Content::RefusedFile(refused) | Content::RefusedFolder(refused) => {
                Err(unreadable(&path, refused.into()))
            }
        }
    });
    let files = files.collect::<Result<_, _>>()?;
    match reader.full() {
        Some(why) => Err(unreadable(&folder.join("tests"), io::Error::other(why))),
        None => Ok(files),
    }
}
