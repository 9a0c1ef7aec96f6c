//! Fields that records are given from outside, as JSON.

use crate::block::Block;
use rulebook_core::facts::documents::without_mark;

/// Puts fields at the start of each record of a block that is an object.
pub(super) fn put(json: &str, block: &mut Block) {
    let mut text = Vec::with_capacity(block.text().len() + block.entries.len() * (json.len() + 1));
    let mut entries = std::mem::take(&mut block.entries);
    for entry in &mut entries {
        let start = text.len();
        let record = block.text_of(entry);
        let object = without_mark(record).trim_ascii_start().strip_prefix(b"{");
        match object.filter(|_| entry.broken.is_none()) {
            Some(object) => {
                let is_empty = object.trim_ascii_start().starts_with(b"}");
                text.extend_from_slice(b"{");
                text.extend_from_slice(json.as_bytes());
                text.extend_from_slice(if is_empty { b"" } else { b"," });
                text.extend_from_slice(object);
            }
            None => text.extend_from_slice(record),
        }
        entry.range = (start, text.len());
    }
    block.cut(0);
    block.append(&text);
    block.entries = entries;
}
