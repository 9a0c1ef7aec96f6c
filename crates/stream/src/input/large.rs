//! Records that are too large, or cannot be read: what is kept of them, and what is told.

use serde::de::IgnoredAny;

use crate::block::Block;
use crate::entry::Entry;
use rulebook_base::packed::Packing;
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

/// Marks what an archive that breaks off leaves at the end of a block: its last record, unless that is whole,
/// else a record of which nothing is left.
pub(super) fn cut_short(packing: Packing, block: &mut Block) {
    let what = packing.described();
    let message =
        format!("the file is {what} that was cut short: what stood here and behind is lost");
    let error = broken(InputCode::CutShort, message);
    let line = block.entries.last().map_or(1, |entry| entry.line);
    let whole = match block.entries.last() {
        Some(last) => {
            let text = block.text_of(last);
            let is_ended = block.text().get(last.range.1..).is_some_and(|text| !text.is_empty());
            let is_closed = text.trim_ascii_end().ends_with(b"}");
            is_ended || (is_closed && serde_json::from_slice::<IgnoredAny>(text).is_ok())
        }
        None => true,
    };
    match block.entries.last_mut() {
        Some(last) if !whole => last.broken = Some(Box::new(error)),
        _ => block.enter(line, block.text().len(), Some(error)),
    }
}
