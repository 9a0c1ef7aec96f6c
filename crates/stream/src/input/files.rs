//! Which files are read: those that are named, that match patterns, and that lie in folders, in order.

use std::fs;
use std::path::{Path, PathBuf};

use super::format::by_ending;
use super::partition::Partition;
use crate::options::InputFormat;
use crate::{Refusal, StreamError};
use rulebook_base::visible::visible_path;
use rulebook_core::settings::SETTINGS_FILE;

/// Folders nest no deeper.
const DEEPEST: usize = 32;
/// So many files are taken of a folder.
const MOST: usize = 1_000_000;

/// A file of an input.
#[derive(Debug, Clone)]
pub(crate) struct Found {
    pub(crate) path: PathBuf,
    pub(crate) partition: Partition,
}

impl Found {
    fn plain(path: PathBuf) -> Self {
        Self { path, partition: Partition::default() }
    }
}

/// The files that names, patterns and folders stand for, in the order of the names; what a pattern or a
/// folder stands for comes by the alphabet.
///
/// # Errors
/// When a pattern is none, or no file matches it, and when a folder has no files of records.
pub(crate) fn files(
    names: &[PathBuf],
    format: Option<InputFormat>,
) -> Result<Vec<Found>, StreamError> {
    let mut files = Vec::new();
    for name in names {
        let pattern = name.to_str().filter(|text| text.contains(['*', '?', '[']));
        match pattern {
            // A file may be called like a pattern.
            Some(pattern) if !name.exists() => {
                files.extend(matching(pattern)?.into_iter().map(Found::plain));
            }
            _ if name.is_dir() => files.extend(files_of(name, format.is_some())?),
            _ => files.push(Found::plain(name.clone())),
        }
    }
    Ok(files)
}

fn matching(pattern: &str) -> Result<Vec<PathBuf>, StreamError> {
    let unusable = |why: String| Refusal::Pattern { pattern: pattern.to_string(), why };
    let paths = glob::glob(pattern).map_err(|_| {
        let forms = "`*` and `?` stand for characters, `[a-z]` for one, and `**/` for folders";
        unusable(format!("this is no pattern; {forms}"))
    })?;
    let paths: Result<Vec<_>, _> = paths.collect();
    let mut paths = paths.map_err(|error| {
        unusable(format!("cannot read {}: {}", visible_path(error.path()), error.error()))
    })?;
    // Folders are not meant by `data/*`.
    paths.retain(|path| !path.is_dir());
    if paths.is_empty() {
        return Err(unusable("no file matches this pattern".into()).into());
    }
    Ok(paths)
}

/// The files of a folder and of those in it, by the alphabet. What begins with a point or `_` is none of them,
/// nor is what has the ending of no format, unless the format was told.
///
/// # Errors
/// When a folder cannot be read, and when there is no such file.
fn files_of(folder: &Path, is_told: bool) -> Result<Vec<Found>, StreamError> {
    if folder.join(SETTINGS_FILE).exists() {
        let folder = visible_path(folder);
        let why = "is the folder of a rulebook, not one of records";
        return Err(StreamError::Unusable(format!("{folder} {why}")));
    }
    let mut files = Vec::new();
    walk(folder, 0, &mut files)?;
    files.retain(|path| is_told || by_ending(path).is_some());
    if files.is_empty() {
        let folder = visible_path(folder);
        let why = "is a folder without any file of records, as .jsonl, .csv or .parquet are";
        return Err(StreamError::Unusable(format!("{folder} {why}")));
    }
    let found = files.into_iter().map(|path| {
        let below = path.strip_prefix(folder).ok().and_then(Path::parent);
        let partition = Partition::of(below.unwrap_or(Path::new("")));
        Found { path, partition }
    });
    Ok(found.collect())
}

fn walk(folder: &Path, depth: usize, files: &mut Vec<PathBuf>) -> Result<(), StreamError> {
    let failed = |why: &dyn std::fmt::Display| {
        StreamError::Unusable(format!("cannot read {}: {why}", visible_path(folder)))
    };
    if depth > DEEPEST {
        return Err(failed(&format!("folders nest deeper than {DEEPEST} here")));
    }
    let entries = fs::read_dir(folder).map_err(|error| failed(&error))?;
    let entries: Result<Vec<_>, _> = entries.collect();
    let mut entries = entries.map_err(|error| failed(&error))?;
    entries.sort_by_key(fs::DirEntry::file_name);
    for entry in entries {
        if entry.file_name().to_string_lossy().starts_with(['.', '_']) {
            continue;
        }
        let path = entry.path();
        if path.is_dir() {
            walk(&path, depth + 1, files)?;
        } else if files.len() < MOST {
            files.push(path);
        } else {
            return Err(failed(&format!("it has more than {MOST} files")));
        }
    }
    Ok(())
}
