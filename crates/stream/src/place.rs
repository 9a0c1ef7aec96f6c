//! Where something is written to: a file in its folder, or a stream that is written to as it is.

use std::fs::{self, Metadata};
use std::io;
use std::path::{Path, PathBuf};

use crate::StreamError;
use rulebook_base::visible::visible_path;

/// A file that somebody named for writing, or the place for one, with its folder, which is there.
pub(crate) struct Place {
    /// Without links on its way.
    pub(crate) folder: PathBuf,
    /// The folder and the name of the file.
    pub(crate) path: PathBuf,
    /// The file that is there already.
    pub(crate) there: Option<Metadata>,
}

impl Place {
    /// Finds out what a path stands for; nothing for a stream: a pipe, a device, or what the system lends
    /// under `/dev` and `/proc`, such as `/dev/stdout`.
    ///
    /// # Errors
    /// When it is a folder, or a link to a file: what is behind a link may have been chosen by somebody
    /// else than who names it.
    pub(crate) fn of(path: &Path) -> Result<Option<Self>, StreamError> {
        let failed = |error: io::Error| unwritable(path, &error);
        let refused = |why: &str| {
            StreamError::Unusable(format!("cannot write {}: {why}", visible_path(path)))
        };
        let there = match fs::symlink_metadata(path) {
            Ok(there) => Some(there),
            Err(error) if error.kind() == io::ErrorKind::NotFound => None,
            Err(error) => return Err(failed(error)),
        };
        let Some(name) = path.file_name() else { return Err(refused("it is a folder")) };
        let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
        let folder = folder.unwrap_or(Path::new(".")).canonicalize().map_err(failed)?;
        if is_lent(&folder) {
            return Ok(None);
        }
        let behind = fs::metadata(path).ok();
        let is_link = there.as_ref().is_some_and(Metadata::is_symlink);
        match behind.as_ref().or(there.as_ref()).map(Metadata::file_type) {
            Some(kind) if kind.is_dir() => Err(refused("it is a folder")),
            Some(kind) if !kind.is_file() && !kind.is_symlink() => Ok(None),
            _ if is_link => Err(refused(
                "it is a link, and the file behind it may not be meant; name that file",
            )),
            _ => Ok(Some(Self { path: folder.join(name), folder, there })),
        }
    }
}

/// Whether what lies in a folder is no file of its own, but what the system has opened for somebody.
pub(crate) fn is_lent(folder: &Path) -> bool {
    cfg!(unix) && (folder == Path::new("/dev") || folder.starts_with("/proc"))
}

/// Why something cannot be written, with its name.
pub fn unwritable(path: &Path, error: &io::Error) -> StreamError {
    StreamError::Unusable(format!("cannot write {}: {error}", visible_path(path)))
}
