//! The bytes of an input: a file, which may be read anywhere and as often as one likes, or a stream,
//! which is read once.

use std::fs::{File, Metadata};
use std::io::{self, BufRead, BufReader, ErrorKind, Read};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::SystemTime;

use memchr::memchr_iter;

use crate::StreamError;
use rulebook_base::file::{self, Refused};
use rulebook_base::visible::visible_path;

/// How many bytes are asked for at once.
const AT_ONCE: usize = 1 << 16;

/// The bytes of an input, with its name.
pub(crate) struct Source {
    path: PathBuf,
    from: From,
}

enum From {
    File(Arc<Original>),
    /// Nothing once it has been read.
    Stream(Mutex<Option<Box<dyn BufRead + Send>>>),
}

/// A file, and how it looked when it was opened. All reads say where they read, so that several
/// threads may do so at once.
pub(crate) struct Original {
    file: File,
    pub(crate) size: u64,
    modified: Option<SystemTime>,
}

impl Source {
    /// Opens a file, or standard input for `-`; a stream is copied into a file without a name, if
    /// that is wanted.
    pub(crate) fn open(path: &Path, copied: bool) -> Result<Self, StreamError> {
        let unreadable =
            |error| StreamError::Unusable(format!("cannot read {}: {error}", visible_path(path)));
        let path = path.to_path_buf();
        if path == Path::new("-") {
            return Self::of_stream(path, Box::new(BufReader::new(io::stdin())), copied);
        }
        if let Some(stream) = file::given(&path).map_err(unreadable)? {
            return Self::of_stream(
                path,
                Box::new(BufReader::with_capacity(AT_ONCE, stream)),
                copied,
            );
        }
        let (file, metadata) = file::open(&path).map_err(|error| match Refused::of(&error) {
            Some(Refused::NoFile("a folder")) => StreamError::Unusable(format!(
                "{} is a folder, not a file of records",
                visible_path(&path)
            )),
            Some(Refused::NoFile(_)) => {
                crate::Refusal::NoFile { input: visible_path(&path), why: error.to_string() }.into()
            }
            _ => unreadable(error),
        })?;
        let original = Arc::new(Original::new(file, &metadata));
        Ok(Self { path, from: From::File(original) })
    }

    fn of_stream(
        path: PathBuf,
        mut stream: Box<dyn BufRead + Send>,
        copied: bool,
    ) -> Result<Self, StreamError> {
        if !copied {
            return Ok(Self { path, from: From::Stream(Mutex::new(Some(stream))) });
        }
        let failed =
            |error| StreamError::Unusable(format!("cannot copy {}: {error}", visible_path(&path)));
        let mut copy = tempfile::tempfile().map_err(failed)?;
        io::copy(&mut stream, &mut copy).map_err(failed)?;
        let metadata = copy.metadata().map_err(failed)?;
        let original = Arc::new(Original::new(copy, &metadata));
        Ok(Self { path, from: From::File(original) })
    }

    pub(crate) fn path(&self) -> &Path {
        &self.path
    }

    /// What people call the input.
    pub(crate) fn name(&self) -> String {
        match self.path == Path::new("-") {
            true => "standard input".to_string(),
            false => visible_path(&self.path),
        }
    }

    /// The file, unless it is a stream that was not copied.
    pub(crate) fn file(&self) -> Option<&Arc<Original>> {
        match &self.from {
            From::File(file) => Some(file),
            From::Stream(_) => None,
        }
    }

    /// All bytes from the start; of a stream only once.
    pub(crate) fn reader(&self) -> Box<dyn BufRead + Send> {
        match &self.from {
            From::File(file) => Box::new(BufReader::with_capacity(AT_ONCE, file.read_from(0))),
            From::Stream(stream) => {
                let mut stream = stream.lock().unwrap_or_else(PoisonError::into_inner);
                stream.take().unwrap_or_else(|| Box::new(io::empty()))
            }
        }
    }

    pub(crate) fn failed(&self, error: impl std::fmt::Display) -> StreamError {
        StreamError::Unusable(format!("cannot read {}: {error}", self.name()))
    }

    /// Makes sure that a file still is as it was opened: what was read of it is then of one piece.
    pub(crate) fn unchanged(&self) -> Result<(), StreamError> {
        let From::File(file) = &self.from else { return Ok(()) };
        let now = file.file.metadata().map_err(|error| self.failed(error))?;
        if now.len() == file.size && now.modified().ok() == file.modified {
            return Ok(());
        }
        let name = self.name();
        Err(StreamError::Unusable(format!(
            "{name} changed while it was read, so nothing is written"
        )))
    }
}

impl Original {
    fn new(file: File, metadata: &Metadata) -> Self {
        Self { file, size: metadata.len(), modified: metadata.modified().ok() }
    }

    /// The bytes from an offset on.
    pub(crate) fn read_from(self: &Arc<Self>, offset: u64) -> ReadFrom {
        ReadFrom { file: self.clone(), offset }
    }

    #[cfg(unix)]
    fn read_at(&self, into: &mut [u8], offset: u64) -> io::Result<usize> {
        std::os::unix::fs::FileExt::read_at(&self.file, into, offset)
    }

    #[cfg(windows)]
    fn read_at(&self, into: &mut [u8], offset: u64) -> io::Result<usize> {
        std::os::windows::fs::FileExt::seek_read(&self.file, into, offset)
    }
}

/// Reads a file from some place on, whoever else reads it.
pub(crate) struct ReadFrom {
    file: Arc<Original>,
    offset: u64,
}

impl Read for ReadFrom {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let read = self.file.read_at(into, self.offset)?;
        self.offset += read as u64;
        Ok(read)
    }
}

/// How many lines end in a text.
pub(crate) fn breaks(bytes: &[u8]) -> u64 {
    memchr_iter(b'\n', bytes).count() as u64
}

/// What has been read and not been taken, at least a byte unless the text ends.
pub(super) fn filled(reader: &mut dyn BufRead) -> io::Result<&[u8]> {
    loop {
        match reader.fill_buf() {
            Ok(_) => break,
            Err(error) if error.kind() == ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
    // What has been filled is there at once.
    reader.fill_buf()
}
