//! The pages of a column of a Parquet file: what the header of each says, held against what the file
//! says of the column, before any of them is read.

use std::io;
use std::sync::Arc;

use parquet::arrow::ProjectionMask;
use parquet::basic::{Compression, Type};
use parquet::file::metadata::{ColumnChunkMetaData, RowGroupMetaData};

use super::compact::{Compact, strange};
use crate::StreamError;
use crate::input::bytes::Original;

/// A page of more bytes is read in slices, where it can be.
pub(super) const LARGE: u64 = 1 << 23;
/// The most bytes of a page that has to be held as a whole.
pub(super) const MOST_HELD: u64 = 256 << 20;
/// What is said of a page that would take more.
pub(super) const TOO_LARGE: &str = "a page that can only be read as a whole takes more than 256 MB";
/// The most bytes of a value in a column whose values are all as long.
const LONGEST_FIXED: i32 = 4 << 10;
/// The most values of a page of lists, of which one may lie in a single row.
const MOST_LISTED: u64 = 1 << 23;

/// What is wrong with a file.
#[derive(Debug, Clone, Copy)]
pub(super) enum Fault {
    /// It is not as it was written.
    Damaged(&'static str),
    /// It asks for more than is held of any file.
    TooLarge(&'static str),
}

impl Fault {
    pub(super) fn of(self, name: &str) -> StreamError {
        StreamError::Unusable(match self {
            Self::Damaged(why) => format!("{name}: the file is damaged: {why}"),
            Self::TooLarge(why) => format!("{name} cannot be read as Parquet: {why}"),
        })
    }
}

/// What the header of a page says.
#[derive(Debug, Clone)]
pub(super) struct Head {
    /// Where the header starts, and the page behind it.
    pub(super) header: u64,
    pub(super) start: u64,
    /// How many bytes the page takes, and how many when it is inflated.
    pub(super) stored: u64,
    pub(super) inflated: u64,
    pub(super) checksum: Option<u32>,
    pub(super) kind: Kind,
    pub(super) told: Told,
}

/// What it says of what there is in the page.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Told {
    pub(super) values: u64,
    pub(super) rows: Option<u64>,
    pub(super) encoding: i32,
    pub(super) level_encoding: i32,
    /// The bytes of levels in front of the values of a second kind of page, and whether the values are
    /// deflated.
    pub(super) levels: Option<(u64, u64)>,
    pub(super) deflated: bool,
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) enum Kind {
    #[default]
    Other,
    Data,
    Dictionary,
}

/// What the pages of a row group ask of those who read it.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Checked {
    /// So many rows, at least, make a part: to read half of a large page is as much work as to read it.
    pub(super) rows: u64,
    /// Whether pages are to be read in slices, or to be looked at before they are read.
    pub(super) sliced: bool,
}

/// Holds the pages of those columns of a row group that are read against what the file says of them.
pub(super) fn check(
    file: &Arc<Original>,
    group: &RowGroupMetaData,
    mask: &ProjectionMask,
) -> Result<Checked, Fault> {
    let wrong = |_| Fault::Damaged("a row group has not as many rows as it says");
    let rows = u64::try_from(group.num_rows()).map_err(wrong)?;
    let mut checked = Checked::default();
    let read = (0..).zip(group.columns()).filter(|(leaf, _)| mask.leaf_included(*leaf));
    for (_, column) in read {
        if column.column_descr().type_length() > LONGEST_FIXED {
            return Err(Fault::TooLarge("a column has values of more than 4 kB each"));
        }
        each(file, column, rows, |head| {
            checked.sliced |= counts_itself(&head);
            if head.inflated > LARGE && can_slice(&head, column) {
                checked.sliced = true;
            } else if held(&head) > MOST_HELD {
                return Err(Fault::TooLarge(TOO_LARGE));
            }
            if head.inflated > LARGE {
                let page_rows = head.told.rows.unwrap_or(head.told.values).min(rows);
                checked.rows = checked.rows.max(page_rows);
            }
            Ok(())
        })?;
    }
    Ok(checked)
}

/// Whether a page can be handed on as many: it is one of values as they are, behind one level for each,
/// and deflated by something that inflates little by little.
pub(super) fn can_slice(head: &Head, column: &ColumnChunkMetaData) -> bool {
    const PLAIN: i32 = 0;
    const RLE: i32 = 3;
    let descriptor = column.column_descr();
    let inflates = matches!(
        column.compression(),
        Compression::UNCOMPRESSED
            | Compression::ZSTD(_)
            | Compression::GZIP(_)
            | Compression::BROTLI(_)
    );
    let levels = descriptor.max_def_level() == 0
        || head.told.levels.is_some_and(|(_, repetition)| repetition == 0)
        || (head.told.levels.is_none() && head.told.level_encoding == RLE);
    head.kind == Kind::Data
        && head.told.encoding == PLAIN
        && descriptor.max_rep_level() == 0
        && (0..=255).contains(&descriptor.max_def_level())
        && column.column_type() != Type::BOOLEAN
        && inflates
        && levels
}

/// Whether the values of a page tell how many they are once more: texts with their lengths in front.
pub(super) fn counts_itself(head: &Head) -> bool {
    const LENGTHS: i32 = 6;
    const PREFIXES: i32 = 7;
    head.kind == Kind::Data && matches!(head.told.encoding, LENGTHS | PREFIXES)
}

/// How many bytes are held of a page that is read as a whole, at most: some for each value, where those
/// are laid out before they are asked for.
fn held(head: &Head) -> u64 {
    let each = match head.kind {
        Kind::Dictionary => 16,
        _ if counts_itself(head) => 8,
        _ => 0,
    };
    head.told.values.saturating_mul(each).saturating_add(head.inflated)
}

/// The headers of all pages with values of a column of a row group that has so many rows.
pub(super) fn heads(
    file: &Arc<Original>,
    column: &ColumnChunkMetaData,
    rows: u64,
) -> Result<Vec<Head>, Fault> {
    let mut heads = Vec::new();
    each(file, column, rows, |head| {
        if head.kind != Kind::Other {
            heads.push(head);
        }
        Ok(())
    })?;
    Ok(heads)
}

/// Looks at the headers of all pages of such a column, one after another.
fn each(
    file: &Arc<Original>,
    column: &ColumnChunkMetaData,
    rows: u64,
    mut look: impl FnMut(Head) -> Result<(), Fault>,
) -> Result<(), Fault> {
    if rows == 0 {
        return Ok(());
    }
    let wrong = |_| Fault::Damaged("a column lies outside of the file");
    let begin = column.dictionary_page_offset().unwrap_or(column.data_page_offset());
    let begin = u64::try_from(begin).map_err(wrong)?;
    let length = u64::try_from(column.compressed_size()).map_err(wrong)?;
    let end = begin.checked_add(length).filter(|end| *end <= file.size);
    let end = end.ok_or(Fault::Damaged("a column lies outside of the file"))?;
    let is_plain = column.compression() == Compression::UNCOMPRESSED;
    let is_list = column.column_descr().max_rep_level() > 0;
    let wanted = u64::try_from(column.num_values()).ok();
    // One for each value, a dictionary, and one that is empty.
    let mut left = wanted.unwrap_or_default().saturating_add(2);
    let (mut at, mut values, mut counted_rows) = (begin, 0_u64, Some(0_u64));
    while at < end {
        left = left.checked_sub(1).ok_or(Fault::Damaged("a column has more pages than values"))?;
        let head =
            head(file, at, end).map_err(|_| Fault::Damaged("the header of a page is none"))?;
        at = head.start + head.stored;
        if at > end {
            return Err(Fault::Damaged("a page is longer than its column"));
        }
        if is_plain && head.stored != head.inflated {
            return Err(Fault::Damaged("a page has not the size that it says"));
        }
        match head.kind {
            Kind::Data => {
                values = values.saturating_add(head.told.values);
                counted_rows =
                    counted_rows.zip(head.told.rows).map(|(all, rows)| all.saturating_add(rows));
                if is_list && head.told.values > MOST_LISTED {
                    return Err(Fault::TooLarge(
                        "a page of lists holds more than 8 million values",
                    ));
                }
            }
            // A text has its length in front.
            Kind::Dictionary if head.told.values > head.inflated / least_width(column) => {
                return Err(Fault::Damaged("a dictionary has not the values that it says"));
            }
            _ => {}
        }
        look(head)?;
    }
    let are_rows = is_list || values == rows;
    let are_counted = counted_rows.is_none_or(|counted| counted == rows);
    if wanted != Some(values) || !are_rows || !are_counted {
        return Err(Fault::Damaged("a column has not the values that it says"));
    }
    Ok(())
}

/// How many bytes a value of a dictionary takes at least.
fn least_width(column: &ColumnChunkMetaData) -> u64 {
    match column.column_type() {
        Type::INT64 | Type::DOUBLE => 8,
        Type::INT96 => 12,
        Type::FIXED_LEN_BYTE_ARRAY => {
            u64::try_from(column.column_descr().type_length()).unwrap_or_default().max(1)
        }
        _ => 4,
    }
}

fn head(file: &Arc<Original>, at: u64, end: u64) -> io::Result<Head> {
    let mut compact = Compact::new(file, at, end);
    let mut sizes = [None; 2];
    let (mut page, mut checksum, mut id) = (None, None, 0);
    let mut told: [Option<Told>; 3] = [None; 3];
    while let Some(kind) = compact.field(&mut id)? {
        match (id, kind) {
            (1, Compact::WHOLE) => page = Some(compact.whole32()?),
            (2, Compact::WHOLE) => sizes[0] = Some(compact.size()?),
            (3, Compact::WHOLE) => sizes[1] = Some(compact.size()?),
            // The bits of the checksum stand there as a number with a sign.
            (4, Compact::WHOLE) => checksum = Some(compact.whole32()?.cast_unsigned()),
            (5, Compact::STRUCT) => told[0] = Some(of_kind(&mut compact, id)?),
            (7, Compact::STRUCT) => told[1] = Some(of_kind(&mut compact, id)?),
            (8, Compact::STRUCT) => told[2] = Some(of_kind(&mut compact, id)?),
            (6, Compact::STRUCT) => compact.skip(kind)?,
            // A library would read it as what it should be.
            (1..=8, _) => return Err(strange()),
            (_, kind) => compact.skip(kind)?,
        }
    }
    // What it says of pages of other kinds is not asked.
    let [data, dictionary, second] = told;
    let (kind, told) = match page {
        Some(0) => (Kind::Data, data),
        Some(1) => (Kind::Other, Some(Told::default())),
        Some(2) => (Kind::Dictionary, dictionary),
        Some(3) => (Kind::Data, second),
        _ => return Err(strange()),
    };
    let ([Some(inflated), Some(stored)], Some(told)) = (sizes, told) else {
        return Err(strange());
    };
    Ok(Head { header: at, start: compact.at(), stored, inflated, checksum, kind, told })
}

/// What the header says of a page of one kind.
fn of_kind(compact: &mut Compact, page: i16) -> io::Result<Told> {
    let mut told = Told { deflated: true, ..Told::default() };
    let mut id = 0;
    let mut lengths = (0, 0);
    while let Some(kind) = compact.field(&mut id)? {
        match (page, id, kind) {
            (_, 1, Compact::WHOLE) => told.values = compact.size()?,
            (5 | 7, 2, Compact::WHOLE) | (8, 4, Compact::WHOLE) => {
                told.encoding = compact.whole32()?;
            }
            (5, 3, Compact::WHOLE) => told.level_encoding = compact.whole32()?,
            (8, 3, Compact::WHOLE) => told.rows = Some(compact.size()?),
            (8, 5, Compact::WHOLE) => lengths.0 = compact.size()?,
            (8, 6, Compact::WHOLE) => lengths.1 = compact.size()?,
            (5, 4, Compact::WHOLE) | (8, 2, Compact::WHOLE) => drop(compact.whole32()?),
            // A truth is its kind.
            (8, 7, 1 | 2) => told.deflated = kind == 1,
            (7, 3, 1 | 2) => {}
            (5, 5, Compact::STRUCT) | (8, 8, Compact::STRUCT) => compact.skip(kind)?,
            (5, 1..=5, _) | (7, 1..=3, _) | (8, 1..=8, _) => return Err(strange()),
            (_, _, kind) => compact.skip(kind)?,
        }
    }
    if page == 8 {
        told.levels = Some(lengths);
    }
    Ok(told)
}
