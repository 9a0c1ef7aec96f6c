//! The bytes of an input: a file, which may be read anywhere and as often as one likes, or a stream,
//! which is read once.

use std::fs::{File, Metadata};
use std::io::{self, BufRead, BufReader, Cursor, ErrorKind, Read};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};
use std::time::SystemTime;

use memchr::memchr_iter;

use super::layers::{LOOKED_AT, Layers, Told};
use super::partition::Partition;
use crate::StreamError;
use rulebook_base::encoding::Encoding;
use rulebook_base::file::{self, Refused};
use rulebook_base::packed::{Kind, Packing};
use rulebook_base::visible::visible_path;

/// How many bytes are asked for at once.
const AT_ONCE: usize = 1 << 16;

/// The bytes of an input, with its name.
pub(crate) struct Source {
    path: PathBuf,
    from: From,
    told: Told,
    text: OnceLock<Text>,
    /// Whether each record is a line for itself, however many line ends stand in it.
    rows: bool,
    /// What the folders around it say of its records.
    pub(crate) partition: Partition,
    /// Whether an archive was read up to where it breaks off.
    cut: Arc<AtomicBool>,
}

/// What is known of the text of an input.
struct Text {
    /// What is taken off before anybody reads.
    layers: Layers,
    /// How it begins, as far as that was there when it was looked at.
    start: Vec<u8>,
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
        Ok(Self::of(path, From::File(original)))
    }

    fn of(path: PathBuf, from: From) -> Self {
        Self {
            path,
            from,
            told: Told::default(),
            text: OnceLock::new(),
            rows: false,
            partition: Partition::default(),
            cut: Arc::default(),
        }
    }

    fn of_stream(
        path: PathBuf,
        mut stream: Box<dyn BufRead + Send>,
        copied: bool,
    ) -> Result<Self, StreamError> {
        if !copied {
            return Ok(Self::of(path, From::Stream(Mutex::new(Some(stream)))));
        }
        let failed =
            |error| StreamError::Unusable(format!("cannot copy {}: {error}", visible_path(&path)));
        let mut copy = tempfile::tempfile().map_err(failed)?;
        io::copy(&mut stream, &mut copy).map_err(failed)?;
        let metadata = copy.metadata().map_err(failed)?;
        let original = Arc::new(Original::new(copy, &metadata));
        Ok(Self::of(path, From::File(original)))
    }

    /// The same, with what is told of its encoding.
    #[must_use]
    pub(crate) fn told(self, told: Told) -> Self {
        Self { told, ..self }
    }

    /// The same, with what the folders around it say.
    #[must_use]
    pub(crate) fn within(self, partition: Partition) -> Self {
        Self { partition, ..self }
    }

    /// Rows that have been read of something that is no text, as cells.
    ///
    /// # Errors
    /// When they cannot be written aside.
    pub(crate) fn of_rows(path: PathBuf, text: &str) -> Result<Self, StreamError> {
        let told = Told { encoding: Encoding::named("utf-8").ok(), may_be_guessed: false };
        let stream = Box::new(Cursor::new(text.as_bytes().to_vec()));
        let source = Self::of_stream(path, stream, true)?.told(told);
        Ok(Self { rows: true, ..source })
    }

    /// Whether each record is a line for itself.
    pub(crate) fn has_rows(&self) -> bool {
        self.rows
    }

    /// What is known of the text. Of a stream its first bytes are waited for.
    ///
    /// # Errors
    /// When it is no text, or cannot be read.
    fn text(&self) -> Result<&Text, StreamError> {
        if let Some(text) = self.text.get() {
            return Ok(text);
        }
        let (first, whole) = self.first().map_err(|error| self.failed(error))?;
        let layers = Layers::of(&first, whole, self.told).map_err(|why| self.failed(why))?;
        Ok(self.text.get_or_init(|| Text { layers, start: layers.start(first) }))
    }

    /// Makes sure that it is not packed: what is read in several places at once cannot be.
    ///
    /// # Errors
    /// When it is.
    pub(crate) fn refuse_packed(&self) -> Result<(), StreamError> {
        let (first, _) = self.first().map_err(|error| self.failed(error))?;
        match Kind::of(&first) {
            Some(Kind::Packed(packing)) => {
                let what = packing.described();
                Err(self.failed(format!("it is {what}; unpack it: Parquet is packed within")))
            }
            _ => Ok(()),
        }
    }

    /// The first bytes, and whether they are all; of a stream those that are there, at least so many as tell
    /// what it is.
    fn first(&self) -> io::Result<(Vec<u8>, bool)> {
        let mut first = Vec::new();
        match &self.from {
            From::File(file) => {
                file.read_from(0).take(LOOKED_AT as u64).read_to_end(&mut first)?;
                let whole = first.len() as u64 == file.size;
                Ok((first, whole))
            }
            From::Stream(stream) => {
                let mut stream = stream.lock().unwrap_or_else(PoisonError::into_inner);
                let Some(mut reader) = stream.take() else { return Ok((first, true)) };
                while Kind::may_begin(&first) {
                    let bytes = filled(&mut *reader)?;
                    let read = bytes.len();
                    if read == 0 {
                        break;
                    }
                    first.extend_from_slice(bytes);
                    reader.consume(read);
                }
                *stream = Some(Box::new(Cursor::new(first.clone()).chain(reader)));
                Ok((first, false))
            }
        }
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

    /// The size, where it is known and what is read has it too.
    pub(crate) fn size(&self) -> Option<u64> {
        let is_as_it_lies = self.text.get().is_none_or(|text| !text.layers.are_there());
        self.file().filter(|_| is_as_it_lies).map(|file| file.size)
    }

    /// Whether what was read last is an archive that breaks off; it is told once.
    pub(crate) fn take_cut(&self) -> Option<Packing> {
        let packing = self.text.get().and_then(|text| text.layers.packing());
        packing.filter(|_| self.cut.swap(false, Ordering::Relaxed))
    }

    /// What its encoding seems to be, where nobody tells, and whether it is read so.
    pub(crate) fn guess(&self) -> Option<(Encoding, bool)> {
        self.text.get().and_then(|text| text.layers.guess())
    }

    /// How the text begins: up to some length, and of a stream what is there first.
    ///
    /// # Errors
    /// When it is no text, or cannot be read.
    pub(crate) fn start(&self) -> Result<&[u8], StreamError> {
        self.text().map(|text| text.start.as_slice())
    }

    /// All of the text from the start; of a stream only once.
    ///
    /// # Errors
    /// When it is no text, or cannot be read.
    pub(crate) fn reader(&self) -> Result<Box<dyn BufRead + Send>, StreamError> {
        let layers = self.text()?.layers;
        Ok(layers.taken_off(self.raw(), self.cut.clone()))
    }

    fn raw(&self) -> Box<dyn BufRead + Send> {
        match &self.from {
            From::File(file) => Box::new(BufReader::with_capacity(AT_ONCE, file.read_from(0))),
            From::Stream(stream) => {
                let mut stream = stream.lock().unwrap_or_else(PoisonError::into_inner);
                stream.take().unwrap_or_else(|| Box::new(io::empty()))
            }
        }
    }

    /// Why it cannot be read, with its name.
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
