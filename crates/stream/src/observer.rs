//! Whom a run tells on its way what is not written anywhere: how far it is, and what was rejected.

use std::fmt;
use std::sync::Arc;

use crate::StreamError;
use rulebook_core::facts::InputError;

/// What is done with the inputs at the moment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Pass {
    /// They are read for what counters count.
    Counting,
    /// They are judged.
    Judging,
}

/// Who watches a run, in the thread that called for it. `()` looks away.
pub trait Observer {
    /// Something was found out about an input, and so many more, that nobody has told. Whoever knows better
    /// can tell.
    fn note(&mut self, input: &str, more: usize, note: &Note) {
        let _ = (input, more, note);
    }

    /// The inputs are read from their start, of so many bytes in all where that is known.
    fn begin(&mut self, pass: Pass, bytes: Option<u64>) {
        let _ = (pass, bytes);
    }

    /// So many more bytes of them have been read and dealt with.
    ///
    /// # Errors
    /// Why the run is to end here, such as [`StreamError::Interrupted`].
    fn advance(&mut self, bytes: u64) -> Result<(), StreamError> {
        let _ = bytes;
        Ok(())
    }

    /// The inputs have been read to their end.
    fn end(&mut self) {}

    /// A record is rejected, which no file keeps; in the order of the records.
    fn rejected(&mut self, rejected: &Rejected) {
        let _ = rejected;
    }
}

impl Observer for () {}

/// What was found out about an input.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Note {
    /// It is no UTF-8, and was read as what it seems to be.
    Encoding(&'static str),
    /// It is no UTF-8, and seems to be this; it is read as UTF-8 all the same.
    SeemingEncoding(&'static str),
    /// It is one object that nobody takes as a record, and has this list of objects.
    ListWithin(String),
    /// Another character than the usual one parts its cells.
    Delimiter(char),
    /// This is the only one of its sheets whose columns fit.
    Sheet(String),
    /// The names of its columns stand on this line, and not on the first.
    HeaderLine(u64),
}

impl fmt::Display for Note {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Encoding(name) => write!(f, "it is no UTF-8, and was read as {name}"),
            Self::SeemingEncoding(name) => {
                write!(f, "some of it is no UTF-8; all of it may be {name}")
            }
            Self::ListWithin(list) => {
                write!(f, "it is one object with a list `{list}`, where the records may stand")
            }
            Self::Delimiter(delimiter) => write!(f, "its cells are parted by {delimiter:?}"),
            Self::Sheet(sheet) => write!(f, "of its sheets only `{sheet}` fits, and was read"),
            Self::HeaderLine(line) => write!(f, "line {line} names its columns"),
        }
    }
}

/// A record that breaks its declared types.
#[derive(Debug, Clone)]
pub struct Rejected {
    /// Its number, from 0 on over all inputs.
    pub record: u64,
    /// Its line, where the input has lines.
    pub line: Option<u64>,
    /// Its input, where there are several.
    pub file: Option<Arc<str>>,
    /// All that is wrong with it.
    pub errors: Vec<InputError>,
}

impl Rejected {
    /// How many problems there are, where not each is told for itself.
    pub fn problems(&self) -> Option<u64> {
        several(&self.errors)
    }

    /// About how much memory it takes.
    pub(crate) fn size(&self) -> usize {
        let texts = |error: &InputError| error.path.len() + error.message.len();
        let errors = self.errors.iter().map(|error| size_of::<InputError>() + texts(error));
        size_of::<Self>() + errors.sum::<usize>()
    }
}

/// How many problems some errors stand for, where that is more than there are.
pub(crate) fn several(errors: &[InputError]) -> Option<u64> {
    let total = InputError::total(errors);
    (total > errors.len() as u64).then_some(total)
}
