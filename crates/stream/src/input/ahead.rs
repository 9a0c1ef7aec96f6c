//! What has to be unpacked or decoded, read ahead by a thread of its own, so that who fills blocks need not wait.

use std::io::{self, BufRead, ErrorKind, Read};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::thread;

use rulebook_base::contain::{Panicked, contained};

/// How many bytes are handed over at once, and how many times as many may wait.
const CHUNK: usize = 1 << 18;
const WAITING: usize = 3;

/// A reader whose bytes are read ahead. The thread begins with the first that is asked for.
pub(super) struct Ahead {
    from: From,
    chunk: Vec<u8>,
    given: usize,
    /// Told where an archive ends before its end; then nothing more comes, and that is no error.
    cut: Arc<AtomicBool>,
}

enum From {
    /// Nothing has been asked for.
    Start(Box<dyn FnOnce() -> io::Result<Box<dyn Read + Send>> + Send>),
    Thread {
        chunks: Receiver<io::Result<Vec<u8>>>,
        empty: SyncSender<Vec<u8>>,
    },
    End,
}

impl Ahead {
    /// Reads what `open` opens, and tells by `cut` where that breaks off.
    pub(super) fn new(
        open: impl FnOnce() -> io::Result<Box<dyn Read + Send>> + Send + 'static,
        cut: Arc<AtomicBool>,
    ) -> Self {
        Self { from: From::Start(Box::new(open)), chunk: Vec::new(), given: 0, cut }
    }

    /// Has the next chunk at hand, which is empty at the end.
    fn next(&mut self) -> io::Result<()> {
        self.given = 0;
        self.chunk.clear();
        if matches!(self.from, From::Start(_))
            && let From::Start(open) = std::mem::replace(&mut self.from, From::End)
        {
            self.from = start(open)?;
        }
        let From::Thread { chunks, empty } = &self.from else { return Ok(()) };
        let spent = std::mem::take(&mut self.chunk);
        // At the end nobody takes it back.
        let _ = empty.try_send(spent);
        match chunks.recv() {
            Ok(Ok(chunk)) => {
                self.chunk = chunk;
                return Ok(());
            }
            Ok(Err(error)) if error.kind() != ErrorKind::UnexpectedEof => return Err(error),
            Ok(Err(_)) => self.cut.store(true, Ordering::Relaxed),
            Err(_) => {}
        }
        self.from = From::End;
        Ok(())
    }
}

/// Begins to read.
fn start(open: Box<dyn FnOnce() -> io::Result<Box<dyn Read + Send>> + Send>) -> io::Result<From> {
    let (hand_over, chunks) = sync_channel(WAITING);
    let (empty, spent) = sync_channel(WAITING + 2);
    thread::Builder::new().spawn(move || {
        let read = contained(|| {
            let mut reader = open()?;
            loop {
                let mut chunk = spent.try_recv().unwrap_or_default();
                let ended = fill(&mut *reader, &mut chunk);
                let is_empty = chunk.is_empty();
                if !is_empty && hand_over.send(Ok(chunk)).is_err() {
                    return Ok(());
                }
                if ended? || is_empty {
                    return Ok(());
                }
            }
        });
        let error = match read {
            Ok(Ok(())) => return,
            Ok(Err(error)) => error,
            Err(Panicked) => io::Error::new(ErrorKind::InvalidData, "it is damaged"),
        };
        // Where nobody listens any more, the run has ended already.
        let _ = hand_over.send(Err(error));
    })?;
    Ok(From::Thread { chunks, empty })
}

/// Fills a chunk with what there is, at least a byte; whether the end was reached. What was read before an
/// error stays.
fn fill(reader: &mut dyn Read, chunk: &mut Vec<u8>) -> io::Result<bool> {
    chunk.resize(CHUNK, 0);
    let mut filled = 0;
    let ended = loop {
        match reader.read(chunk.get_mut(filled..).unwrap_or_default()) {
            Ok(0) => break Ok(filled < CHUNK),
            Ok(read) => filled += read,
            Err(error) if error.kind() == ErrorKind::Interrupted => {}
            Err(error) => break Err(error),
        }
        // Who sends little at a time waits for what comes of it.
        if filled >= CHUNK / 4 {
            break Ok(false);
        }
    };
    chunk.truncate(filled);
    ended
}

impl BufRead for Ahead {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        if self.given == self.chunk.len() {
            self.next()?;
        }
        Ok(self.chunk.get(self.given..).unwrap_or_default())
    }

    fn consume(&mut self, bytes: usize) {
        self.given = self.chunk.len().min(self.given + bytes);
    }
}

impl Read for Ahead {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let there = self.fill_buf()?;
        let given = there.len().min(into.len());
        if let (Some(into), Some(there)) = (into.get_mut(..given), there.get(..given)) {
            into.copy_from_slice(there);
        }
        self.consume(given);
        Ok(given)
    }
}
