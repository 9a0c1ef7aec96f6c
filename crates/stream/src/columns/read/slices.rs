//! Pages of a Parquet file that are too large to be held: inflated little by little, and handed on as
//! many small ones.

use std::collections::VecDeque;
use std::io::{self, BufReader, Read};
use std::sync::Arc;

use bytes::Bytes;
use parquet::basic::{Compression, Encoding, Type};
use parquet::column::page::{Page, PageMetadata, PageReader};
use parquet::errors::{ParquetError, Result as ParquetResult};
use parquet::file::metadata::ColumnChunkMetaData;
use parquet::file::page_index::offset_index::PageLocation;
use parquet::file::reader::SerializedPageReader;

use super::pages::{Head, Kind, LARGE, MOST_HELD, can_slice};
use super::stored::Stored;
use crate::input::bytes::Original;

/// So many bytes, or values, make a small page.
const BYTES: usize = 1 << 20;
const VALUES: u64 = 1 << 16;

/// Reads the pages of a column, those that are too large in slices.
pub(super) struct Slices {
    file: Arc<Original>,
    column: ColumnChunkMetaData,
    /// The pages of values that are still to come.
    heads: VecDeque<Head>,
    /// Reads those that are small.
    inner: SerializedPageReader<Stored>,
    has_dictionary: bool,
    current: Option<Slicer>,
    /// The next slice, where it has been looked at.
    next: Option<(Page, usize)>,
}

impl Slices {
    /// The pages of a column without lists, of a row group with so many rows.
    pub(super) fn new(
        file: &Arc<Original>,
        column: &ColumnChunkMetaData,
        rows: usize,
        heads: &[Head],
    ) -> ParquetResult<Self> {
        let has_dictionary = heads.first().is_some_and(|head| head.kind == Kind::Dictionary);
        let data = heads.iter().filter(|head| head.kind == Kind::Data);
        let heads: VecDeque<_> = data.cloned().collect();
        let mut before = 0;
        let places = heads.iter().map(|head| {
            let first_row_index = before;
            before += i64::try_from(head.told.values)?;
            Ok(PageLocation {
                offset: i64::try_from(head.header)?,
                compressed_page_size: i32::try_from(head.start - head.header + head.stored)?,
                first_row_index,
            })
        });
        let places: ParquetResult<Vec<_>> = places.collect();
        let stored = Arc::new(Stored(file.clone()));
        let inner = SerializedPageReader::new(stored, column, rows, Some(places?))?;
        let (file, column) = (file.clone(), column.clone());
        Ok(Self { file, column, heads, inner, has_dictionary, current: None, next: None })
    }

    /// Looks at the next slice, if a large page is at hand or comes next.
    fn look(&mut self) -> ParquetResult<bool> {
        while self.next.is_none() {
            if let Some(slicer) = &mut self.current {
                self.next = slicer.slice()?;
                if self.next.is_some() {
                    break;
                }
                self.current = None;
            }
            let is_large = |head: &&Head| head.inflated > LARGE && can_slice(head, &self.column);
            if self.has_dictionary || self.heads.front().filter(is_large).is_none() {
                return Ok(false);
            }
            if let Some(head) = self.heads.pop_front() {
                self.inner.skip_next_page()?;
                self.current = Some(Slicer::new(&self.file, &self.column, &head)?);
            }
        }
        Ok(true)
    }

    fn pass_small(&mut self) {
        match self.has_dictionary {
            true => self.has_dictionary = false,
            false => drop(self.heads.pop_front()),
        }
    }
}

impl PageReader for Slices {
    fn get_next_page(&mut self) -> ParquetResult<Option<Page>> {
        if self.look()? {
            return Ok(self.next.take().map(|(page, _)| page));
        }
        self.pass_small();
        self.inner.get_next_page()
    }

    fn peek_next_page(&mut self) -> ParquetResult<Option<PageMetadata>> {
        if self.look()? {
            let rows = self.next.as_ref().map(|(_, rows)| *rows);
            return Ok(Some(PageMetadata { num_rows: rows, num_levels: rows, is_dict: false }));
        }
        self.inner.peek_next_page()
    }

    fn skip_next_page(&mut self) -> ParquetResult<()> {
        if self.look()? {
            self.next = None;
            return Ok(());
        }
        self.pass_small();
        self.inner.skip_next_page()
    }

    fn supports_deferred_dictionary(&self) -> bool {
        self.inner.supports_deferred_dictionary()
    }

    fn take_deferred_dictionary(&mut self) -> ParquetResult<Option<Page>> {
        self.inner.take_deferred_dictionary()
    }
}

impl Iterator for Slices {
    type Item = ParquetResult<Page>;

    fn next(&mut self) -> Option<Self::Item> {
        self.get_next_page().transpose()
    }
}

/// A large page that is being inflated.
struct Slicer {
    values: BufReader<Box<dyn Read + Send>>,
    /// How many inflated bytes are still to come.
    left: u64,
    /// How many values are still to come, absent ones with the others.
    count: u64,
    /// The level of a value that is there, and the levels of all that are to come.
    highest: u8,
    levels: Levels,
    /// How many bytes each value takes; nothing where each tells its own length.
    width: Option<usize>,
}

impl Slicer {
    fn new(file: &Arc<Original>, column: &ColumnChunkMetaData, head: &Head) -> ParquetResult<Self> {
        let stored = || file.read_from(head.start).take(head.stored);
        if let Some(wanted) = head.checksum {
            let mut hasher = crc32fast::Hasher::new();
            let mut reader = BufReader::with_capacity(1 << 16, stored());
            loop {
                let bytes = io::BufRead::fill_buf(&mut reader)?;
                if bytes.is_empty() {
                    break;
                }
                hasher.update(bytes);
                let read = bytes.len();
                io::BufRead::consume(&mut reader, read);
            }
            if hasher.finalize() != wanted {
                return Err(damaged(OTHER_SUM));
            }
        }
        let descriptor = column.column_descr();
        let highest = u8::try_from(descriptor.max_def_level())?;
        let (before, length) = match head.told.levels {
            // The levels stand in front, as they are.
            Some((definition, repetition)) => (definition + repetition, Some(definition)),
            None => (0, None),
        };
        let mut front = stored().take(before);
        let mut levels = Vec::new();
        if let Some(length) = length {
            levels = exactly(&mut front, length)?;
        }
        let behind = head.stored.saturating_sub(before);
        let deflated = BufReader::new(file.read_from(head.start + before).take(behind));
        let inflated = match column.compression() {
            _ if !head.told.deflated => Box::new(deflated) as Box<dyn Read + Send>,
            Compression::UNCOMPRESSED => Box::new(deflated),
            Compression::ZSTD(_) => Box::new(zstd::stream::read::Decoder::with_buffer(deflated)?),
            Compression::GZIP(_) => Box::new(flate2::bufread::MultiGzDecoder::new(deflated)),
            Compression::BROTLI(_) => Box::new(brotli::Decompressor::new(deflated, 1 << 12)),
            _ => return Err(damaged("this page cannot be sliced")),
        };
        let mut values = BufReader::with_capacity(1 << 16, inflated);
        let mut left = head.inflated.saturating_sub(before);
        if length.is_none() && highest > 0 {
            let mut length = [0; 4];
            values.read_exact(&mut length)?;
            let length = u64::from(u32::from_le_bytes(length));
            left = left.checked_sub(length + 4).ok_or_else(short)?;
            levels = exactly(&mut values, length)?;
        }
        let width = match column.column_type() {
            Type::BYTE_ARRAY => None,
            Type::INT32 | Type::FLOAT => Some(4),
            Type::INT64 | Type::DOUBLE => Some(8),
            Type::INT96 => Some(12),
            Type::FIXED_LEN_BYTE_ARRAY => Some(usize::try_from(descriptor.type_length())?),
            Type::BOOLEAN => return Err(damaged("this page cannot be sliced")),
        };
        let levels = Levels { bytes: levels.into(), run: None };
        Ok(Self { values, left, count: head.told.values, highest, levels, width })
    }

    /// The next small page with the number of its rows; nothing at the end.
    fn slice(&mut self) -> ParquetResult<Option<(Page, usize)>> {
        if self.count == 0 {
            return Ok(None);
        }
        let (mut values, mut levels, mut rows) = (Vec::new(), Runs::default(), 0);
        while self.count > 0 && values.len() < BYTES && rows < VALUES {
            let level = if self.highest > 0 { self.levels.next(self.highest)? } else { 0 };
            if level == self.highest {
                self.value(&mut values)?;
            }
            levels.add(level);
            rows += 1;
            self.count -= 1;
        }
        // More may be there than the header says, or less.
        if self.count == 0 && (self.left > 0 || self.values.read(&mut [0])? > 0) {
            return Err(short());
        }
        let mut bytes = Vec::new();
        if self.highest > 0 {
            let levels = levels.finish();
            bytes.extend_from_slice(&u32::try_from(levels.len())?.to_le_bytes());
            bytes.extend_from_slice(&levels);
        }
        bytes.append(&mut values);
        let page = Page::DataPage {
            buf: Bytes::from(bytes),
            num_values: u32::try_from(rows)?,
            encoding: Encoding::PLAIN,
            def_level_encoding: Encoding::RLE,
            rep_level_encoding: Encoding::RLE,
            statistics: None,
        };
        Ok(Some((page, usize::try_from(rows)?)))
    }

    fn value(&mut self, into: &mut Vec<u8>) -> ParquetResult<()> {
        let length = match self.width {
            Some(width) => width as u64,
            None => {
                let mut length = [0; 4];
                self.left = self.left.checked_sub(4).ok_or_else(short)?;
                self.values.read_exact(&mut length)?;
                into.extend_from_slice(&length);
                u64::from(u32::from_le_bytes(length))
            }
        };
        if length > MOST_HELD {
            return Err(damaged(TOO_LONG));
        }
        self.left = self.left.checked_sub(length).ok_or_else(short)?;
        let read = self.values.by_ref().take(length).read_to_end(into)?;
        if read as u64 == length { Ok(()) } else { Err(short()) }
    }
}

/// What the library says of a page with another checksum, to the word.
pub(super) const OTHER_SUM: &str = "Page CRC checksum mismatch";

/// What is said of a text that is longer than anything that is held.
pub(super) const TOO_LONG: &str = "a value takes more than 256 MB";

fn damaged(why: &str) -> ParquetError {
    ParquetError::General(why.into())
}

fn short() -> ParquetError {
    ParquetError::EOF("a page has not the size that it says".into())
}

/// So many bytes, which are only asked for as they come.
fn exactly(reader: &mut dyn Read, length: u64) -> ParquetResult<Vec<u8>> {
    if length > MOST_HELD {
        return Err(short());
    }
    let mut bytes = Vec::new();
    reader.take(length).read_to_end(&mut bytes)?;
    if bytes.len() as u64 == length { Ok(bytes) } else { Err(short()) }
}

/// Levels as they are written: runs of one, and groups of eight in bits.
struct Levels {
    bytes: Bytes,
    run: Option<Run>,
}

enum Run {
    Same(u8, u64),
    /// The levels in bits, how many bits of the first byte have been read, and how many levels are left.
    Bits(Bytes, u32, u64),
}

impl Levels {
    fn next(&mut self, highest: u8) -> ParquetResult<u8> {
        let width = u8::BITS - highest.leading_zeros();
        loop {
            match &mut self.run {
                Some(Run::Same(level, left)) if *left > 0 => {
                    *left -= 1;
                    return Ok(*level);
                }
                Some(Run::Bits(bytes, passed, left)) if *left > 0 => {
                    *left -= 1;
                    let two = [0, 1].map(|at| u16::from(bytes.get(at).copied().unwrap_or(0)));
                    let level = (two[0] | two[1] << 8) >> *passed & ((1 << width) - 1);
                    *passed += width;
                    if *passed >= 8 {
                        *passed -= 8;
                        let _ = bytes.split_to(1.min(bytes.len()));
                    }
                    return Ok(level.to_le_bytes()[0]);
                }
                _ => self.run = Some(self.begin(width)?),
            }
        }
    }

    fn begin(&mut self, width: u32) -> ParquetResult<Run> {
        let mut header = 0_u64;
        for shift in (0..35).step_by(7) {
            let byte = self.byte()?;
            header |= u64::from(byte & 0x7f) << shift;
            if byte < 0x80 {
                break;
            }
        }
        let count = header >> 1;
        if header & 1 == 0 {
            return if count > 0 { Ok(Run::Same(self.byte()?, count)) } else { Err(short()) };
        }
        let wanted = usize::try_from(count.saturating_mul(u64::from(width)))?;
        // The last group may be cut where its levels end.
        let bits = self.bytes.split_to(wanted.min(self.bytes.len()));
        let held = bits.len() as u64 * 8 / u64::from(width.max(1));
        if held == 0 { Err(short()) } else { Ok(Run::Bits(bits, 0, held.min(count * 8))) }
    }

    fn byte(&mut self) -> ParquetResult<u8> {
        let byte = self.bytes.first().copied().ok_or_else(short)?;
        let _ = self.bytes.split_to(1);
        Ok(byte)
    }
}

/// Levels to be written, as runs.
#[derive(Default)]
struct Runs {
    bytes: Vec<u8>,
    level: u8,
    count: u64,
}

impl Runs {
    fn add(&mut self, level: u8) {
        if level != self.level {
            self.end();
            self.level = level;
        }
        self.count += 1;
    }

    fn end(&mut self) {
        let mut header = self.count << 1;
        if header == 0 {
            return;
        }
        while header >= 0x80 {
            self.bytes.push(header.to_le_bytes()[0] | 0x80);
            header >>= 7;
        }
        self.bytes.extend([header.to_le_bytes()[0], self.level]);
        self.count = 0;
    }

    fn finish(mut self) -> Vec<u8> {
        self.end();
        self.bytes
    }
}
