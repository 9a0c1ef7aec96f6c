//! Pages of texts whose lengths stand in front of them, looked at before they are taken apart: who does
//! that trusts what they say of how many there are.

use parquet::basic::Encoding;
use parquet::column::page::{Page, PageMetadata, PageReader};
use parquet::errors::{ParquetError, Result as ParquetResult};
use parquet::file::metadata::ColumnChunkMetaData;

use super::pages::{MOST_HELD, TOO_LARGE};

/// So many numbers stand in a block at most; writers put some hundreds there.
const LARGEST_BLOCK: u64 = 1 << 16;

/// Reads the pages of a column.
pub(super) struct Guarded {
    inner: Box<dyn PageReader>,
    /// How deep values may be missing, and lie in lists.
    definition: u32,
    repetition: u32,
}

impl Guarded {
    pub(super) fn new(inner: Box<dyn PageReader>, column: &ColumnChunkMetaData) -> Self {
        let descriptor = column.column_descr();
        let level = |level: i16| u32::from(level.cast_unsigned());
        let definition = level(descriptor.max_def_level());
        let repetition = level(descriptor.max_rep_level());
        Self { inner, definition, repetition }
    }

    fn look(&self, page: &Page) -> ParquetResult<()> {
        let (encoding, count, values) = match page {
            Page::DataPage {
                buf,
                num_values,
                encoding,
                def_level_encoding,
                rep_level_encoding,
                ..
            } => {
                let rest = behind(buf, self.repetition, *rep_level_encoding, *num_values)?;
                let rest = behind(rest, self.definition, *def_level_encoding, *num_values)?;
                (encoding, num_values, rest)
            }
            Page::DataPageV2 {
                buf,
                num_values,
                encoding,
                def_levels_byte_len,
                rep_levels_byte_len,
                ..
            } => {
                let levels = u64::from(*def_levels_byte_len) + u64::from(*rep_levels_byte_len);
                let rest = usize::try_from(levels).ok().and_then(|levels| buf.get(levels..));
                (encoding, num_values, rest.ok_or_else(strange)?)
            }
            Page::DictionaryPage { .. } => return Ok(()),
        };
        let count = u64::from(*count);
        let mut rest = values;
        let total = match encoding {
            Encoding::DELTA_LENGTH_BYTE_ARRAY => sum(&mut rest, count)?,
            Encoding::DELTA_BYTE_ARRAY => {
                let shared = sum(&mut rest, count)?;
                shared.saturating_add(sum(&mut rest, count)?)
            }
            _ => 0,
        };
        // A text may repeat all of the one before.
        if total > MOST_HELD { Err(ParquetError::General(TOO_LARGE.into())) } else { Ok(()) }
    }
}

impl PageReader for Guarded {
    fn get_next_page(&mut self) -> ParquetResult<Option<Page>> {
        let page = self.inner.get_next_page()?;
        page.iter().try_for_each(|page| self.look(page))?;
        Ok(page)
    }

    fn peek_next_page(&mut self) -> ParquetResult<Option<PageMetadata>> {
        self.inner.peek_next_page()
    }

    fn skip_next_page(&mut self) -> ParquetResult<()> {
        self.inner.skip_next_page()
    }

    fn supports_deferred_dictionary(&self) -> bool {
        self.inner.supports_deferred_dictionary()
    }

    fn take_deferred_dictionary(&mut self) -> ParquetResult<Option<Page>> {
        self.inner.take_deferred_dictionary()
    }
}

impl Iterator for Guarded {
    type Item = ParquetResult<Page>;

    fn next(&mut self) -> Option<Self::Item> {
        self.get_next_page().transpose()
    }
}

fn strange() -> ParquetError {
    ParquetError::General("the lengths of texts cannot be made out".into())
}

/// What stands behind the levels of a page of the first kind.
fn behind(bytes: &[u8], highest: u32, encoding: Encoding, count: u32) -> ParquetResult<&[u8]> {
    if highest == 0 {
        return Ok(bytes);
    }
    let levels = match encoding {
        Encoding::RLE => {
            let length = bytes.first_chunk().ok_or_else(strange)?;
            u64::from(u32::from_le_bytes(*length)) + 4
        }
        // One behind the other, in as few bits as they need.
        _ => (u64::from(count) * u64::from(u32::BITS - highest.leading_zeros())).div_ceil(8),
    };
    usize::try_from(levels).ok().and_then(|levels| bytes.get(levels..)).ok_or_else(strange)
}

/// The sum of lengths that are written as differences, no more of them than `most`; what stands behind
/// them is left.
fn sum(bytes: &mut &[u8], most: u64) -> ParquetResult<u64> {
    let (block, parts) = (number(bytes)?, number(bytes)?);
    let (mut left, first) = (number(bytes)?, number(bytes)?);
    let part = block.checked_div(parts).ok_or_else(strange)?;
    let is_odd =
        !block.is_multiple_of(128) || !block.is_multiple_of(parts) || !part.is_multiple_of(32);
    if left > most || block == 0 || block > LARGEST_BLOCK || is_odd {
        return Err(strange());
    }
    let mut length = signed(first);
    let mut total = 0_u64;
    let mut add = |length: i64| {
        // They are numbers of 32 bits, of which none is below zero.
        let length = u64::try_from(i64::from(length as i32)).map_err(|_| strange())?;
        total = total.saturating_add(length);
        Ok::<_, ParquetError>(())
    };
    if left == 0 {
        return Ok(0);
    }
    add(length)?;
    left -= 1;
    while left > 0 {
        let least = signed(number(bytes)?);
        let parts = usize::try_from(parts).map_err(|_| strange())?;
        let (widths, rest) = bytes.split_at_checked(parts).ok_or_else(strange)?;
        *bytes = rest;
        for width in widths.iter().map(|width| u64::from(*width)) {
            if left == 0 {
                break;
            }
            if width > 32 {
                return Err(strange());
            }
            let size = usize::try_from(width * part / 8).map_err(|_| strange())?;
            // The last part may be cut where nothing is asked of it any more.
            let (numbers, rest) = bytes.split_at(size.min(bytes.len()));
            *bytes = rest;
            for at in 0..part.min(left) {
                let more = bits(numbers, at * width, width)?;
                length = length.wrapping_add(least).wrapping_add(more);
                add(length)?;
            }
            left = left.saturating_sub(part);
        }
    }
    Ok(total)
}

/// So many bits, from a place on.
fn bits(bytes: &[u8], at: u64, width: u64) -> ParquetResult<i64> {
    let (from, to) = (at / 8, (at + width).div_ceil(8));
    let range = usize::try_from(from).ok().zip(usize::try_from(to).ok());
    let bytes = range.and_then(|(from, to)| bytes.get(from..to)).ok_or_else(strange)?;
    let all = bytes.iter().rev().fold(0_u64, |all, byte| all << 8 | u64::from(*byte));
    Ok((all >> (at % 8) & ((1 << width) - 1)).cast_signed())
}

fn number(bytes: &mut &[u8]) -> ParquetResult<u64> {
    let mut number = 0;
    for shift in (0..64).step_by(7) {
        let (byte, rest) = bytes.split_first().ok_or_else(strange)?;
        *bytes = rest;
        number |= u64::from(byte & 0x7f) << shift;
        if *byte < 0x80 {
            return Ok(number);
        }
    }
    Err(strange())
}

fn signed(number: u64) -> i64 {
    (number >> 1).cast_signed() ^ -(number & 1).cast_signed()
}
