//! What lies around the text of an input, told by its first bytes: an archive, and an encoding.

use std::io::{self, BufRead, Cursor, Read};
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use super::ahead::Ahead;
use rulebook_base::encoding::{Encoding, Sniffed, sniffed};
use rulebook_base::packed::{Kind, Packing, unpacked, wrong};

/// So much of an input is looked at to tell what it is.
pub(super) const LOOKED_AT: usize = 1 << 20;
/// So much of a text is kept for whoever asks how it begins.
const START: usize = 1 << 16;
/// What begins a tar archive stands here.
const TAR: usize = 257;

/// What lies around a text.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Layers {
    packing: Option<Packing>,
    /// Its encoding, where it is not UTF-8.
    encoding: Option<Encoding>,
    /// What it seems to be, where it is no UTF-8, and was neither told nor marked.
    guess: Option<Encoding>,
}

/// What is told of the encoding of an input.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Told {
    pub(crate) encoding: Option<Encoding>,
    /// Whether a guess will do, as with cells: JSON and YAML are UTF-8 unless somebody says otherwise.
    pub(crate) may_be_guessed: bool,
}

impl Layers {
    /// What lies around a text that begins with these bytes, which may be all of it, in an encoding that
    /// may have been told.
    ///
    /// # Errors
    /// Where it is no text; what it is, and what to do.
    pub(super) fn of(first: &[u8], whole: bool, told: Told) -> Result<Self, String> {
        let packing = match Kind::of(first) {
            Some(Kind::Packed(packing)) => Some(packing),
            Some(Kind::Other(what, instead)) => return Err(format!("it is {what}; {instead}")),
            Some(Kind::Parquet) | None => None,
        };
        let Some(packing) = packing else { return Self::encoded(first, whole, told) };
        let what = packing.described();
        let mut text = Vec::new();
        let reader = unpacked(packing, Cursor::new(first.to_vec())).map_err(|e| e.to_string())?;
        // What is wrong with it is told where it is read.
        let is_read = reader.take(LOOKED_AT as u64).read_to_end(&mut text).is_ok();
        match Kind::of(&text) {
            Some(Kind::Parquet) => {
                Err(format!("it is {what} of a Parquet file; unpack it: Parquet is packed within"))
            }
            Some(Kind::Packed(_)) => {
                Err(format!("it is {what} of another archive; unpack it first"))
            }
            Some(Kind::Other(within, instead)) => {
                Err(format!("it is {what} of {within}; {instead}"))
            }
            None if text.get(TAR..).is_some_and(|text| text.starts_with(b"ustar")) => Err(format!(
                "it is {what} of several files (tar); unpack it and name what it holds"
            )),
            None => {
                let whole = whole && is_read && text.len() < LOOKED_AT;
                Ok(Self { packing: Some(packing), ..Self::encoded(&text, whole, told)? })
            }
        }
    }

    fn encoded(text: &[u8], whole: bool, told: Told) -> Result<Self, String> {
        let (encoding, guess) = match (told.encoding, sniffed(text, whole)) {
            (Some(encoding), _) | (None, Sniffed::Certain(encoding)) => (Some(encoding), None),
            (None, Sniffed::Utf8) => (None, None),
            (None, Sniffed::Guessed(guess)) => (told.may_be_guessed.then_some(guess), Some(guess)),
        };
        let encoding = encoding.filter(|encoding| !encoding.is_utf8());
        Ok(Self { packing: None, encoding, guess })
    }

    /// Whether there are any.
    pub(super) fn are_there(self) -> bool {
        self.packing.is_some() || self.encoding.is_some()
    }

    /// The archive.
    pub(super) fn packing(self) -> Option<Packing> {
        self.packing
    }

    /// What the encoding seems to be, and whether it is read so.
    pub(super) fn guess(self) -> Option<(Encoding, bool)> {
        self.guess.map(|guess| (guess, self.encoding.is_some()))
    }

    /// How a text begins, of which these are the first bytes as they lie.
    pub(super) fn start(self, first: Vec<u8>) -> Vec<u8> {
        let mut start = Vec::new();
        if !self.are_there() {
            start = first;
            start.truncate(START);
            return start;
        }
        // What is wrong with it is told where it is read.
        if let Ok(text) = self.open(Box::new(Cursor::new(first))) {
            let _ = text.take(START as u64).read_to_end(&mut start);
        }
        start
    }

    /// The text, read by a thread of its own; `cut` tells where an archive breaks off.
    pub(super) fn taken_off(
        self,
        inner: Box<dyn BufRead + Send>,
        cut: Arc<AtomicBool>,
    ) -> Box<dyn BufRead + Send> {
        if !self.are_there() {
            return inner;
        }
        Box::new(Ahead::new(move || self.open(inner), cut))
    }

    fn open(self, inner: Box<dyn BufRead + Send>) -> io::Result<Box<dyn Read + Send>> {
        let text: Box<dyn Read + Send> = match self.packing {
            Some(packing) => Box::new(Archive { packing, inner: unpacked(packing, inner)? }),
            None => inner,
        };
        Ok(match self.encoding {
            Some(encoding) => Box::new(encoding.decoded(text)),
            None => text,
        })
    }
}

/// What an archive holds; its errors say what is wrong with it.
struct Archive {
    packing: Packing,
    inner: Box<dyn Read + Send>,
}

impl Read for Archive {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        self.inner.read(into).map_err(|error| wrong(self.packing, error))
    }
}
