//! What is left where an archive breaks off.

use serde::de::IgnoredAny;

use super::large::broken;
use crate::block::Block;
use rulebook_base::packed::Packing;
use rulebook_core::facts::InputCode;

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
