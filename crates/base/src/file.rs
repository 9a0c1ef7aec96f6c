//! Files that others name, opened without waiting and read up to a bound; what is no file is refused.
//!
//! Whatever lies at a path may have been put there by a stranger: a pipe that nobody writes to, a device
//! without an end, a file of a terabyte. This is the only place that opens files to read them.

use std::fs::{self, File, Metadata, OpenOptions};
use std::io::{self, Read};
use std::path::Path;

use thiserror::Error;

/// Why something that is there is not read; an [`io::Error`] carries it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum Refused {
    /// It is no file.
    #[error("it is {0}, not a file")]
    NoFile(&'static str),
    /// It holds more bytes than this.
    #[error("it holds more than {}", bytes(*.0))]
    TooLong(u64),
    /// It is a link to something that is no part of the rulebook.
    #[error("it is a link that leads out of the rulebook's folder")]
    LeadsOut,
    /// It is a link where none is followed.
    #[error("it is a link, and links are not followed here")]
    Link,
    /// It lies elsewhere, and the rulebook is a stranger's.
    #[error("it lies outside of the rulebook's folder, and the rulebook is not trusted")]
    Outside,
    /// It is a database, and the rulebook is a stranger's.
    #[error("it is a database, and the rulebook is not trusted")]
    Database,
    /// The system does not let it be read.
    #[error("it cannot be read: {0}")]
    Unreadable(io::ErrorKind),
    /// The folder nests deeper than this.
    #[error("folders nest deeper than {0} here")]
    TooDeep(usize),
}

impl Refused {
    /// What to do instead, where that is not plain.
    pub fn help(self) -> Option<String> {
        match self {
            Self::Link | Self::LeadsOut => Some("put a copy in the place of the link".into()),
            _ => None,
        }
    }

    /// Why a file was refused, if that is what an error says.
    pub fn of(error: &io::Error) -> Option<Self> {
        error.get_ref()?.downcast_ref().copied()
    }
}

impl From<Refused> for io::Error {
    fn from(refused: Refused) -> Self {
        Self::other(refused)
    }
}

/// A number of bytes for people: `16 MB`.
pub fn bytes(count: u64) -> String {
    const UNITS: &[(u64, &str)] = &[(1 << 30, "GB"), (1 << 20, "MB"), (1 << 10, "kB")];
    let unit = UNITS.iter().find(|(size, _)| count >= *size && count.is_multiple_of(*size));
    unit.map_or_else(|| format!("{count} bytes"), |(size, name)| format!("{} {name}", count / size))
}

/// Opens a file to read it. Links are followed; pipes, devices, sockets and folders are refused, and
/// nobody waits for them.
///
/// # Errors
/// When it is no file, or cannot be opened.
pub fn open(path: &Path) -> io::Result<(File, Metadata)> {
    // Even to open a device may set something off, and to open a pipe lets go whoever writes to it.
    admit(&fs::metadata(path)?)?;
    let mut options = OpenOptions::new();
    options.read(true);
    #[cfg(unix)]
    {
        use rustix::fs::OFlags;
        use std::os::unix::fs::OpenOptionsExt;
        // What has become a pipe or a terminal meanwhile is not waited for either.
        let flags = OFlags::NONBLOCK | OFlags::NOCTTY;
        options.custom_flags(flags.bits().cast_signed());
    }
    let file = options.open(path)?;
    let metadata = file.metadata()?;
    admit(&metadata)?;
    Ok((file, metadata))
}

/// Opens the stream that a path such as `/dev/stdin` or `/dev/fd/63` stands for, as a shell names those that
/// it has opened itself; nothing where the path is another, or stands for a file.
///
/// # Errors
/// When it cannot be opened.
pub fn given(path: &Path) -> io::Result<Option<File>> {
    if !is_descriptor(path) || fs::metadata(path)?.is_file() {
        return Ok(None);
    }
    File::open(path).map(Some)
}

/// Whether a path, or the last of the links to which it leads, names a descriptor of this process.
fn is_descriptor(path: &Path) -> bool {
    let folders = ["/dev/fd", "/proc/self/fd"];
    let mut path = path.to_path_buf();
    // More links than these in a row are not followed by systems either.
    for _ in 0..40 {
        let parent = path.parent().and_then(Path::to_str).unwrap_or_default();
        if path == Path::new("/dev/stdin") || folders.contains(&parent) {
            return true;
        }
        let Ok(next) = fs::read_link(&path) else { return false };
        path = path.parent().unwrap_or(Path::new("")).join(next);
    }
    false
}

/// Reads a file of at most `limit` bytes.
///
/// # Errors
/// As [`open`]; also when it holds more.
pub fn read(path: &Path, limit: u64) -> io::Result<Vec<u8>> {
    let (file, metadata) = open(path)?;
    match metadata.len() > limit {
        true => Err(Refused::TooLong(limit).into()),
        // Some files hold more than they say, such as those of `/proc`.
        false => read_all(file, limit),
    }
}

/// Reads a file, or a stream that is [`given`], of at most `limit` bytes.
///
/// # Errors
/// As [`read`].
pub fn read_given(path: &Path, limit: u64) -> io::Result<Vec<u8>> {
    given(path)?.map_or_else(|| read(path, limit), |stream| read_all(stream, limit))
}

/// Reads what somebody hands over, of at most `limit` bytes.
///
/// # Errors
/// When it holds more, or cannot be read.
pub fn read_all(given: impl Read, limit: u64) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    given.take(limit.saturating_add(1)).read_to_end(&mut bytes)?;
    match bytes.len() as u64 > limit {
        true => Err(Refused::TooLong(limit).into()),
        false => Ok(bytes),
    }
}

fn admit(metadata: &Metadata) -> Result<(), Refused> {
    match metadata.is_file() {
        true => Ok(()),
        false => Err(Refused::NoFile(kind(metadata))),
    }
}

/// What lies somewhere, in a word.
fn kind(metadata: &Metadata) -> &'static str {
    #[cfg(unix)]
    {
        use std::os::unix::fs::FileTypeExt;
        let kind = metadata.file_type();
        if kind.is_fifo() {
            return "a pipe";
        }
        if kind.is_socket() {
            return "a socket";
        }
    }
    if metadata.is_dir() { "a folder" } else { "a device" }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests fail by panicking")]

    use super::*;

    #[test]
    fn numbers_of_bytes_are_told_in_the_largest_unit_that_fits() {
        assert_eq!(bytes(16 << 20), "16 MB");
        assert_eq!(bytes(2 << 30), "2 GB");
        assert_eq!(bytes((1 << 20) + 1), "1048577 bytes");
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn a_file_that_says_less_than_it_holds_is_read_up_to_the_bound() {
        let status = Path::new("/proc/self/status");
        assert_eq!(fs::metadata(status).unwrap().len(), 0);
        assert!(read(status, 1 << 16).unwrap().len() > 100);
        assert_eq!(Refused::of(&read(status, 100).unwrap_err()), Some(Refused::TooLong(100)));
    }
}
