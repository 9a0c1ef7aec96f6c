//! Columns of numbers and truth values without gaps: what all rows of a stretch leave of a word, in one
//! go.

use std::ops::Range;

use arrow_buffer::BooleanBuffer;

use crate::facts::columns::{Leaf, Values, Whole};
use crate::program::{Key, KeyId, Word};
use rulebook_lang::model::Number;

/// Memory to work in.
#[derive(Debug, Default)]
pub(super) struct Memory {
    pub(super) keys: Vec<Key>,
    wholes: Vec<i64>,
    units: Vec<f64>,
}

/// Takes out of a word of some rows what their values do not leave of it. `false` where nothing was
/// taken out, since some value has to be looked at by itself.
pub(super) fn keep(
    leaf: &Leaf<'_>,
    stretch: Range<usize>,
    (word, ids): (&Word, &[KeyId]),
    memory: &mut Memory,
    words: &mut [u64],
) -> bool {
    if leaf.nulls.is_some_and(|nulls| nulls.null_count() > 0) {
        return false;
    }
    match &leaf.values {
        Values::Whole(Whole::I64(values)) => {
            let values = values.get(stretch).unwrap_or_default();
            ids.iter().for_each(|id| word.keep_wholes(*id, values, words));
        }
        Values::Whole(values) => {
            memory.wholes.resize(stretch.len(), 0);
            values.each_with(stretch, &mut memory.wholes, |whole, value| *whole = value);
            ids.iter().for_each(|id| word.keep_wholes(*id, &memory.wholes, words));
        }
        Values::Double(values) => {
            let values = values.get(stretch).unwrap_or_default();
            if !Number::short_units(values, &mut memory.units) {
                return false;
            }
            ids.iter().for_each(|id| word.keep_units(*id, &memory.units, words));
        }
        Values::Bool(values) => {
            for id in ids {
                keep_truths(
                    values,
                    stretch.clone(),
                    [0, 1].map(|key| word.bits(&[(*id, key)])),
                    words,
                );
            }
        }
        _ => return false,
    }
    true
}

fn keep_truths(
    values: &BooleanBuffer,
    stretch: Range<usize>,
    [no, yes]: [u64; 2],
    words: &mut [u64],
) {
    let differ = no ^ yes;
    for (word, row) in words.iter_mut().zip(stretch) {
        // Nobody could guess which of the two it is, so that there is no branch.
        let all = u64::from(values.value(row)).wrapping_neg();
        *word &= no ^ (differ & all);
    }
}
