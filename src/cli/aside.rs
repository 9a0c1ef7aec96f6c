//! Files that are written aside and take their names when they are complete, also when the run is
//! interrupted.

use std::collections::BTreeSet;
use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};

use super::{Exit, Stop, paint};

/// The files of this process that are being written. Whoever holds them decides what becomes of
/// them: a file takes its name, or is removed, but never both.
static UNFINISHED: Mutex<BTreeSet<PathBuf>> = Mutex::new(BTreeSet::new());

fn unfinished() -> MutexGuard<'static, BTreeSet<PathBuf>> {
    UNFINISHED.lock().unwrap_or_else(PoisonError::into_inner)
}

/// A file that is written aside and takes its name only when it is complete; otherwise nothing of
/// it stays. A pipe or a device is written to as it is.
pub(super) struct Aside {
    aside: Option<PathBuf>,
    path: PathBuf,
}

impl Aside {
    pub(super) fn create(path: &Path) -> Result<(File, Self), Stop> {
        let path = path.canonicalize().unwrap_or_else(|_| path.to_path_buf());
        let metadata = fs::metadata(&path).ok();
        if metadata.as_ref().is_some_and(|metadata| metadata.is_dir()) {
            return Err(Stop::Unusable(format!("cannot write {}: it is a folder", path.display())));
        }
        let is_special = metadata.is_some_and(|metadata| !metadata.is_file());
        let aside = (!is_special).then(|| {
            let name = path.file_name().map(|name| name.to_string_lossy().into_owned());
            path.with_file_name(format!(".{}.partial", name.unwrap_or_default()))
        });
        let file = match &aside {
            Some(aside) => {
                let mut unfinished = unfinished();
                let file = File::create(aside);
                if file.is_ok() {
                    unfinished.insert(aside.clone());
                }
                file
            }
            None => File::options().write(true).open(&path),
        };
        let file = file.map_err(|error| unwritable(&path, &error))?;
        Ok((file, Self { aside, path }))
    }

    /// Why a write to the file failed, with its name.
    pub(super) fn failed(&self, error: &io::Error) -> Stop {
        unwritable(&self.path, error)
    }

    pub(super) fn complete(mut self) -> Result<(), Stop> {
        let Some(aside) = &self.aside else { return Ok(()) };
        let mut unfinished = unfinished();
        fs::rename(aside, &self.path).map_err(|error| unwritable(&self.path, &error))?;
        unfinished.remove(aside);
        drop(unfinished);
        self.aside = None;
        Ok(())
    }
}

impl Drop for Aside {
    fn drop(&mut self) {
        if let Some(aside) = &self.aside {
            let mut unfinished = unfinished();
            // The run has failed already, and tells why.
            let _ = fs::remove_file(aside);
            unfinished.remove(aside);
        }
    }
}

fn unwritable(path: &Path, error: &io::Error) -> Stop {
    Stop::Unusable(format!("cannot write {}: {error}", path.display()))
}

/// Has an interrupted run remove what it has not finished before it exits. A process that was
/// started to ignore interruptions, as by `nohup`, goes on to do so.
pub(super) fn remove_when_interrupted() {
    let _ = ctrlc::try_set_handler(|| {
        leave(Exit::Interrupted, "interrupted");
    });
}

/// Ends the process in the midst of a run, without what it has not finished, and says why.
pub(super) fn leave(exit: Exit, why: &str) -> ! {
    // Nobody gives a file its name from here on.
    let unfinished = unfinished();
    for aside in &*unfinished {
        let _ = fs::remove_file(aside);
    }
    anstream::eprintln!("{} {why}", paint::error("error:"));
    std::process::exit(exit as i32);
}
