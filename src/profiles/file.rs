//! Files of profiles, told apart by their endings and else by their first bytes.

use std::path::{Path, PathBuf};

use super::{ProfileFormat, Reading, text};
use crate::visible::visible_path;

/// The endings that SQLite databases have.
const DATABASES: &[&str] = &["sqlite", "sqlite3", "db", "db3"];

/// Reads all profiles of a file.
///
/// # Errors
/// The file and why it cannot be read as a whole.
pub(super) fn read(reading: &mut Reading<'_>, file: &Path) -> Result<(), (String, String)> {
    let shown = visible_path(file);
    let (path, table) = parted(file);
    let told = |message: String| (shown.clone(), message);
    if path.is_dir() {
        return Err(told("this is a folder".into()));
    }
    let ending = path.extension().map(|ending| ending.to_string_lossy().to_ascii_lowercase());
    let ending = ending.unwrap_or_default();
    if table.is_some() || DATABASES.contains(&ending.as_str()) {
        return database(reading, &path, table.as_deref()).map_err(told);
    }
    let bytes = std::fs::read(&path).map_err(|error| told(error.to_string()))?;
    if bytes.starts_with(b"SQLite format 3\0") {
        return database(reading, &path, None).map_err(told);
    }
    let format =
        ProfileFormat::from_ending(&ending).or_else(|| sniffed(&bytes)).ok_or_else(|| {
            told(
                "its format is not known; name it .json, .jsonl, .yaml, .csv, .tsv or .sqlite"
                    .into(),
            )
        })?;
    text::read(reading, format, &shown, &bytes).map_err(told)
}

/// The file and the table of `FILE#TABLE`, unless a file has that very name.
fn parted(file: &Path) -> (PathBuf, Option<String>) {
    let whole = (file.to_path_buf(), None);
    if file.exists() {
        return whole;
    }
    let text = file.to_string_lossy();
    match text.rsplit_once('#') {
        Some((path, table)) if !table.is_empty() => (path.into(), Some(table.to_string())),
        _ => whole,
    }
}

/// The format of a text that does not say so by its name.
fn sniffed(bytes: &[u8]) -> Option<ProfileFormat> {
    // Objects one behind the other, as JSON lines are, read as JSON too.
    matches!(bytes.trim_ascii_start().first()?, b'[' | b'{').then_some(ProfileFormat::Json)
}

#[cfg(feature = "sqlite")]
fn database(reading: &mut Reading<'_>, file: &Path, table: Option<&str>) -> Result<(), String> {
    // SQLite would only say that it cannot open it.
    std::fs::File::open(file).map_err(|error| error.to_string())?;
    super::sqlite::read(reading, file, table)
}

#[cfg(not(feature = "sqlite"))]
fn database(_: &mut Reading<'_>, _: &Path, _: Option<&str>) -> Result<(), String> {
    Err("SQLite databases are read only with the feature `sqlite`".into())
}
