//! Files of profiles, recognised by their endings and else by their first bytes.

use std::io::Cursor;
use std::path::{Path, PathBuf};

use super::error::ProfileError;
use super::formats::{self, ProfileFormat};
use super::import::Import;
use crate::bounds::Trust;
use crate::folder::named;
use rulebook_base::encoding::{self, Sniffed};
use rulebook_base::file;
use rulebook_base::packed::{Packing, all_unpacked};
use rulebook_base::visible::visible_path;

/// The endings that SQLite databases have.
const DATABASES: &[&str] = &["sqlite", "sqlite3", "db", "db3"];

/// Who names a file.
#[derive(Debug, Clone, Copy)]
pub enum NamedBy<'n> {
    /// Whoever runs us.
    Operator,
    /// The settings of the rulebook in a folder, whose authors are trusted so far.
    Settings(&'n Path, Trust),
}

/// Reads all profiles of a file.
///
/// # Errors
/// Why it cannot be read as a whole.
pub(super) fn read(
    import: &mut Import<'_>,
    file: &Path,
    by: NamedBy<'_>,
) -> Result<(), ProfileError> {
    let shown = visible_path(file);
    let (path, table) = parted(file);
    let unreadable = |message: String| ProfileError::Unreadable { file: shown.clone(), message };
    let refused = |error: std::io::Error| unreadable(error.to_string());
    if let NamedBy::Settings(folder, trust) = by {
        let within = path.strip_prefix(folder).unwrap_or(&path);
        named(folder, within, trust).map_err(refused)?;
    }
    let ending = ending(&path);
    if table.is_some() || DATABASES.contains(&ending.as_str()) {
        return database(import, &path, (table.as_deref(), &shown), by);
    }
    let most = by.trust().bounds().profiles;
    let bytes = match by {
        NamedBy::Operator => file::read_given(&path, most),
        NamedBy::Settings(..) => file::read(&path, most),
    };
    let bytes = bytes.and_then(|bytes| text_of(bytes, most)).map_err(refused)?;
    if bytes.starts_with(b"SQLite format 3\0") {
        return database(import, &path, (None, &shown), by);
    }
    let format =
        ProfileFormat::from_ending(&ending).or_else(|| sniffed(&bytes)).ok_or_else(|| {
            unreadable(
                "its format is not known; name it .json, .jsonl, .yaml, .csv, .tsv or .sqlite"
                    .into(),
            )
        })?;
    formats::read(import, format, &shown, &bytes).map_err(unreadable)
}

impl NamedBy<'_> {
    fn trust(self) -> Trust {
        match self {
            Self::Operator => Trust::Colleague,
            Self::Settings(_, trust) => trust,
        }
    }
}

/// How the name of a file ends, before what says that it is packed.
fn ending(path: &Path) -> String {
    let of =
        |path: &Path| path.extension().map(|ending| ending.to_string_lossy().to_ascii_lowercase());
    let ending = of(path).unwrap_or_default();
    match path.file_stem().map(Path::new) {
        Some(stem) if Packing::ENDINGS.contains(&ending.as_str()) => of(stem).unwrap_or_default(),
        _ => ending,
    }
}

/// What a file holds: unpacked, and in UTF-8, if it is marked as something else.
fn text_of(bytes: Vec<u8>, most: u64) -> std::io::Result<Vec<u8>> {
    let bytes = all_unpacked(bytes, most)?;
    match encoding::sniffed(&bytes, true) {
        Sniffed::Certain(encoding) => file::read_all(encoding.decoded(Cursor::new(bytes)), most),
        Sniffed::Utf8 | Sniffed::Guessed(_) => Ok(bytes),
    }
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
fn database(
    import: &mut Import<'_>,
    file: &Path,
    (table, shown): (Option<&str>, &str),
    by: NamedBy<'_>,
) -> Result<(), ProfileError> {
    let unreadable = |message: String| ProfileError::Unreadable { file: shown.into(), message };
    if by.trust() == Trust::Stranger {
        return Err(unreadable(file::Refused::Database.to_string()));
    }
    // SQLite would wait for a pipe, and only say of others that it cannot open them.
    let (_, metadata) = file::open(file).map_err(|error| unreadable(error.to_string()))?;
    super::sqlite::read(import, file, metadata.len(), table).map_err(unreadable)
}

#[cfg(not(feature = "sqlite"))]
fn database(
    _: &mut Import<'_>,
    _: &Path,
    (_, shown): (Option<&str>, &str),
    _: NamedBy<'_>,
) -> Result<(), ProfileError> {
    Err(ProfileError::NoDatabases { file: shown.into() })
}
