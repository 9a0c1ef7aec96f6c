//! Files that are written aside and take their names when they are complete and on the disk, also when
//! the run is interrupted.

use std::collections::BTreeSet;
use std::fs::{self, File, Metadata};
use std::hash::{BuildHasher, Hasher, RandomState};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};

use tempfile::{NamedTempFile, TempPath};

use crate::StreamError;
use crate::place::{Place, unwritable};
use rulebook_base::visible::visible_path;

/// The files of this process that are being written. Whoever holds them decides what becomes of
/// them: a file takes its name, or is removed, but never both.
static UNFINISHED: Mutex<BTreeSet<PathBuf>> = Mutex::new(BTreeSet::new());

fn unfinished() -> MutexGuard<'static, BTreeSet<PathBuf>> {
    UNFINISHED.lock().unwrap_or_else(PoisonError::into_inner)
}

/// A file that is written aside, under a name that nobody can guess and that was not there before, and
/// takes its own only when it is complete; otherwise nothing of it stays. A stream is written to as it
/// is.
pub(crate) struct Aside {
    /// The file as somebody named it.
    named: PathBuf,
    written: Option<Written>,
}

/// What has been written so far.
struct Written {
    file: File,
    /// Where it is written; nothing once it has its name.
    aside: Option<TempPath>,
    place: Place,
}

impl Aside {
    pub(crate) fn create(path: &Path) -> Result<(File, Self), StreamError> {
        let failed = |error: io::Error| unwritable(path, &error);
        let Some(place) = Place::of(path)? else {
            // What a shell has put there before stays.
            let stream = File::options().append(true).open(path).map_err(failed)?;
            return Ok((stream, Self { named: path.to_path_buf(), written: None }));
        };
        let mut unfinished = unfinished();
        let (file, aside) = beside(&place).map_err(failed)?.into_parts();
        unfinished.insert(aside.to_path_buf());
        drop(unfinished);
        let same = file.try_clone();
        // From here on it is removed if anything fails.
        let written = Some(Written { file, aside: Some(aside), place });
        Ok((same.map_err(failed)?, Self { named: path.to_path_buf(), written }))
    }

    /// Where the file is while it is written; nothing for a stream.
    pub(crate) fn aside(&self) -> Option<&Path> {
        self.written.as_ref().and_then(|written| written.aside.as_deref())
    }

    /// Why a write to the file failed, with its name.
    pub(crate) fn failed(&self, error: &io::Error) -> StreamError {
        unwritable(&self.named, error)
    }

    /// Gives the file its name, if no file has it; whether none had.
    pub(crate) fn complete_new(mut self) -> Result<bool, StreamError> {
        self.sync()?;
        match self.written.as_mut().map_or(Ok(()), |written| written.complete(false)) {
            Ok(()) => Ok(true),
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Ok(false),
            Err(error) => Err(self.failed(&error)),
        }
    }

    fn sync(&self) -> Result<(), StreamError> {
        let synced = self.written.as_ref().map_or(Ok(()), |written| written.file.sync_all());
        synced.map_err(|error| self.failed(&error))
    }
}

/// Gives files their names, once all are on the disk: none of them if one is not. If a name cannot be given,
/// the error says which file has its own already.
pub(crate) fn complete(files: impl IntoIterator<Item = Aside>) -> Result<(), StreamError> {
    let mut files: Vec<_> = files.into_iter().collect();
    files.iter().try_for_each(Aside::sync)?;
    let mut complete: Vec<String> = Vec::new();
    for file in &mut files {
        let Some(written) = &mut file.written else { continue };
        if let Err(error) = written.complete(true) {
            let failed = file.failed(&error);
            return Err(match complete.is_empty() {
                true => failed,
                // That one cannot be taken back.
                false => {
                    let complete = complete.join(" and ");
                    StreamError::Unusable(format!(
                        "{failed}; {complete} has been written all the same"
                    ))
                }
            });
        }
        complete.push(visible_path(&file.named));
    }
    Ok(())
}

/// Writes a whole file, or leaves it as it is.
///
/// # Errors
/// Why it cannot be written.
pub fn write(path: &Path, content: &[u8]) -> Result<(), StreamError> {
    let (mut file, aside) = Aside::create(path)?;
    file.write_all(content).map_err(|error| aside.failed(&error))?;
    drop(file);
    complete([aside])
}

impl Written {
    fn complete(&mut self, replaces: bool) -> io::Result<()> {
        let mut unfinished = unfinished();
        let Some(aside) = self.aside.take() else { return Ok(()) };
        let name = aside.to_path_buf();
        let placed = match replaces {
            true => aside.persist(&self.place.path),
            false => aside.persist_noclobber(&self.place.path),
        };
        if let Err(failed) = placed {
            self.aside = Some(failed.path);
            return Err(failed.error);
        }
        unfinished.remove(&name);
        drop(unfinished);
        // The name is as good as the folder that holds it. Not every system can tell of folders.
        let _ = File::options()
            .read(true)
            .open(&self.place.folder)
            .and_then(|folder| folder.sync_all());
        Ok(())
    }
}

impl Drop for Written {
    fn drop(&mut self) {
        if let Some(aside) = self.aside.take() {
            let mut unfinished = unfinished();
            let name = aside.to_path_buf();
            // The run has failed already, and tells why.
            let _ = aside.close();
            unfinished.remove(&name);
        }
    }
}

/// A new file in the folder of another, which it is to replace, or to which it is to give a name.
fn beside(place: &Place) -> io::Result<NamedTempFile> {
    // The standard library draws it from the system, so that it cannot be told from names before.
    let drawn = RandomState::new().build_hasher().finish();
    let prefix = format!(".rulebook-{drawn:016x}-");
    let mut builder = tempfile::Builder::new();
    builder.prefix(&prefix).suffix(".partial");
    let Some(there) = &place.there else {
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            // What the system lets through of it is what any new file has.
            builder.permissions(fs::Permissions::from_mode(0o666));
        }
        return builder.tempfile_in(&place.folder);
    };
    // Who may not write a file may not replace it.
    File::options().write(true).open(&place.path)?;
    let file = builder.tempfile_in(&place.folder)?;
    take_after(file.as_file(), there)?;
    Ok(file)
}

/// Gives a file the owner, as far as we may, and the mode of another.
#[cfg(unix)]
fn take_after(file: &File, other: &Metadata) -> io::Result<()> {
    use std::os::unix::fs::{MetadataExt, PermissionsExt, fchown};
    let metadata = file.metadata()?;
    if (metadata.uid(), metadata.gid()) != (other.uid(), other.gid()) {
        // Only few may give files away; a file of ours is then as good.
        let _ = fchown(file, Some(other.uid()), Some(other.gid()));
    }
    file.set_permissions(fs::Permissions::from_mode(other.permissions().mode() & 0o777))
}

#[cfg(not(unix))]
fn take_after(file: &File, other: &Metadata) -> io::Result<()> {
    file.set_permissions(other.permissions())
}

/// Holds every file of this process back from its name, for as long as this is kept.
pub struct Abandoned {
    _unfinished: MutexGuard<'static, BTreeSet<PathBuf>>,
}

/// Removes whatever this process is writing, in the midst of its runs, so that it can be ended.
pub fn abandon() -> Abandoned {
    let unfinished = unfinished();
    for aside in &*unfinished {
        let _ = fs::remove_file(aside);
    }
    Abandoned { _unfinished: unfinished }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests fail by panicking")]

    use super::*;

    #[test]
    fn if_only_the_second_name_cannot_be_given_the_first_is_told() {
        let folder = tempfile::tempdir().unwrap();
        let [one, two] = ["one", "two"].map(|name| folder.path().join(name));
        let files = [&one, &two].map(|path| Aside::create(path).unwrap().1);
        fs::create_dir_all(two.join("in its place")).unwrap();
        let error = complete(files).unwrap_err().to_string();
        let written = format!("; {} has been written all the same", visible_path(&one));
        assert!(error.contains("two: ") && error.ends_with(&written), "{error}");
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 2);
    }
}
