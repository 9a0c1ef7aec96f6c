//! The files of a run under all their names: nothing is written that is read, or written twice.

use std::collections::{HashMap, HashSet};
use std::ffi::OsString;
use std::fs::{self, Metadata};
use std::path::{Path, PathBuf};

use crate::StreamError;
use crate::input;
use crate::place::is_lent;
use rulebook::Files;
use rulebook_base::visible::visible_path;

/// What a run reads and writes. It is looked at before anything is opened for writing.
#[derive(Default)]
pub struct Distinct {
    reads: Vec<Used>,
    writes: Vec<Used>,
}

/// A file, and what names it.
struct Used {
    by: &'static str,
    path: PathBuf,
}

impl Distinct {
    /// The files of a rulebook, which lies in a folder or is a single policy file, whose paths begin at
    /// its folder.
    pub fn rulebook(&mut self, path: &Path, files: &Files) {
        let folder = match path.is_dir() {
            true => Some(path),
            false => path.parent(),
        };
        let folder = folder.unwrap_or(Path::new(""));
        self.read("the rulebook", files.sources().iter().map(|(_, file)| folder.join(&file.path)));
    }

    /// Files that are read, and what names them.
    pub fn read(&mut self, by: &'static str, paths: impl IntoIterator<Item = PathBuf>) {
        self.reads.extend(paths.into_iter().map(|path| Used { by, path }));
    }

    /// Inputs, none of which may be given twice.
    ///
    /// # Errors
    /// When one is, by whatever name.
    pub fn inputs(&mut self, by: &'static str, names: &[PathBuf]) -> Result<(), StreamError> {
        let mut paths_by_identity: HashMap<Identity, PathBuf> = HashMap::new();
        let mut paths: Vec<PathBuf> = Vec::new();
        let mut named: HashSet<PathBuf> = HashSet::new();
        for input::Found { path, .. } in input::files(names, None)? {
            let first = match named.contains(&path) {
                true => Some(path.clone()),
                false => Identity::read(&path)
                    .and_then(|identity| paths_by_identity.insert(identity, path.clone())),
            };
            if let Some(first) = first {
                let again = match first == path {
                    true => String::new(),
                    false => format!(", also as {}", shown(&path)),
                };
                return Err(StreamError::Unusable(format!(
                    "{} is given twice{again}",
                    shown(&first)
                )));
            }
            named.insert(path.clone());
            paths.push(path);
        }
        // Of a workbook a sheet may be named.
        self.read(by, paths.iter().map(|path| input::parted(path).0));
        Ok(())
    }

    /// A file that is written, if it is, and what names it.
    pub fn writes(&mut self, by: &'static str, path: Option<&Path>) {
        self.writes.extend(path.map(|path| Used { by, path: path.to_path_buf() }));
    }

    /// A history, if one is kept, and what SQLite writes beside it.
    pub fn history(&mut self, by: &'static str, path: Option<&Path>) {
        let Some(path) = path else { return };
        for ending in ["", "-journal", "-wal", "-shm"] {
            let mut path = path.to_path_buf().into_os_string();
            path.push(ending);
            self.writes(by, Some(Path::new(&path)));
        }
    }

    /// Makes sure that what is written is of its own.
    ///
    /// # Errors
    /// When two names stand for one file.
    pub fn check(self) -> Result<(), StreamError> {
        let identified = |used: Used| Some((Identity::of(&used.path)?, used));
        let mut written: Vec<_> = self.writes.into_iter().filter_map(identified).collect();
        // What a shell has opened for us.
        let by = "standard output";
        let shell = stream_of(&std::io::stdout()).filter(Metadata::is_file);
        let shell = shell.as_ref().and_then(Identity::of_metadata);
        written.extend(shell.map(|identity| (identity, Used { by, path: PathBuf::new() })));
        let mut rest = written.as_slice();
        while let Some(((identity, used), others)) = rest.split_last() {
            if let Some((_, other)) = others.iter().find(|(other, _)| other == identity) {
                return Err(refused(other, used));
            }
            rest = others;
        }
        if written.is_empty() {
            return Ok(());
        }
        for read in &self.reads {
            let Some(identity) = Identity::read(&read.path) else { continue };
            if let Some((_, used)) = written.iter().find(|(written, _)| *written == identity) {
                return Err(refused(used, read));
            }
        }
        Ok(())
    }
}

fn refused(first: &Used, second: &Used) -> StreamError {
    let path = [&first.path, &second.path].into_iter().find(|path| !path.as_os_str().is_empty());
    let path = path.map(|path| format!(", {}", shown(path))).unwrap_or_default();
    StreamError::Unusable(format!("{} and {} name the same file{path}", first.by, second.by))
}

fn shown(path: &Path) -> String {
    match path == Path::new("-") {
        true => "standard input".to_string(),
        false => visible_path(path),
    }
}

/// What tells a file from all others, however it is named.
#[derive(PartialEq, Eq, Hash)]
enum Identity {
    /// The device and the number of a file that is there.
    #[cfg(unix)]
    Node(u64, u64),
    /// The folder and the name.
    Name(PathBuf, OsString),
}

impl Identity {
    /// Nothing where it does not matter how many use it, such as a terminal or `/dev/null`.
    fn of(path: &Path) -> Option<Self> {
        if path == Path::new("-") {
            return stream_of(&std::io::stdin()).as_ref().and_then(Self::of_metadata);
        }
        let Ok(there) = fs::metadata(path) else { return Self::of_name(path) };
        if is_character_device(&there) {
            return None;
        }
        match Self::of_name(path)? {
            // It may well be what standard output is.
            Self::Name(folder, name) if is_lent(&folder) => Some(Self::Name(folder, name)),
            _ => Self::of_metadata(&there).or_else(|| Self::of_name(&path.canonicalize().ok()?)),
        }
    }

    /// The same of something that is read: of what the system lends, such as `/dev/stdin`, the file that a
    /// shell has opened.
    fn read(path: &Path) -> Option<Self> {
        let lent = path != Path::new("-")
            && matches!(Self::of_name(path), Some(Self::Name(folder, _)) if is_lent(&folder));
        match fs::metadata(path) {
            Ok(there) if lent => Self::of_metadata(&there),
            _ => Self::of(path),
        }
    }

    #[cfg(unix)]
    fn of_metadata(there: &Metadata) -> Option<Self> {
        use std::os::unix::fs::MetadataExt;
        (!is_character_device(there)).then(|| Self::Node(there.dev(), there.ino()))
    }

    #[cfg(not(unix))]
    fn of_metadata(_: &Metadata) -> Option<Self> {
        None
    }

    fn of_name(path: &Path) -> Option<Self> {
        let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
        let folder = folder.unwrap_or(Path::new("."));
        let folder = folder.canonicalize().unwrap_or_else(|_| folder.to_path_buf());
        let mut name = path.file_name()?.to_os_string();
        // There, two names that differ by case alone mostly stand for one file.
        if cfg!(any(windows, target_os = "macos")) {
            name = name.to_string_lossy().to_lowercase().into();
        }
        Some(Self::Name(folder, name))
    }
}

#[cfg(unix)]
fn is_character_device(there: &Metadata) -> bool {
    std::os::unix::fs::FileTypeExt::is_char_device(&there.file_type())
}

#[cfg(not(unix))]
fn is_character_device(_: &Metadata) -> bool {
    false
}

/// What a stream of this process is connected to.
#[cfg(unix)]
fn stream_of(stream: &impl std::os::fd::AsFd) -> Option<Metadata> {
    fs::File::from(stream.as_fd().try_clone_to_owned().ok()?).metadata().ok()
}

#[cfg(not(unix))]
fn stream_of<S>(_: &S) -> Option<Metadata> {
    None
}
