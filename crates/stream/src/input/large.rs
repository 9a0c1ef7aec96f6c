//! Records that are too large, or cannot be read: what is kept of them, and what is told.

use crate::entry::Entry;
use rulebook_core::facts::{InputCode, InputError};

/// The most bytes of one record in YAML or CSV, which are taken apart: a quote that is left open makes
/// one of the whole file.
pub(crate) const LONGEST: usize = 16 << 20;
/// The same in JSON, which is read as it stands.
pub(crate) const LONGEST_JSON: usize = 64 << 20;

/// What is wrong with a record that is longer than any.
pub(crate) fn too_large(most: usize) -> InputError {
    let message = format!("the record takes more than {} MB; its start is kept", most >> 20);
    broken(InputCode::RecordTooLarge, message)
}

/// What is wrong with a record as a whole.
pub(crate) fn broken(code: InputCode, message: String) -> InputError {
    InputError::new("", code, message)
}

/// So much is kept of a record that is too large.
pub(crate) const KEPT: usize = 1 << 10;

/// A record on a line, which stands in its block with so many bytes, of which there may be so many at most.
pub(crate) fn entry(line: u64, start: usize, length: usize, most: usize) -> Entry {
    match length > most {
        true => {
            let broken = Some(Box::new(too_large(most)));
            Entry { line, range: (start, start + KEPT), broken }
        }
        false => Entry { line, range: (start, start + length), broken: None },
    }
}
