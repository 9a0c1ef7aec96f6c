//! The pages of a column of a Parquet file: what the header of each says, held against what the file
//! says of the column, before any of them is read.

use std::io;
use std::sync::Arc;

use parquet::arrow::ProjectionMask;
use parquet::basic::Compression;
use parquet::file::metadata::{ColumnChunkMetaData, RowGroupMetaData};

use super::super::Stop;
use super::bytes::Original;
use super::compact::Compact;
use super::slices::{LARGE, can_slice};

/// The most bytes of a page that has to be held as a whole.
pub(super) const MOST_HELD: u64 = 256 << 20;
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
    pub(super) fn of(self, name: &str) -> Stop {
        Stop::Unusable(match self {
            Self::Damaged(why) => format!("{name}: the file is damaged: {why}"),
            Self::TooLarge(why) => format!("{name} cannot be read as Parquet: {why}"),
        })
    }
}

/// What the header of a page says.
#[derive(Debug, Clone, Default)]
pub(super) struct Head {
    /// Where the header starts, and the page behind it.
    pub(super) header: u64,
    pub(super) start: u64,
    /// How many bytes the page takes, and how many when it is inflated.
    pub(super) stored: u64,
    pub(super) inflated: u64,
    pub(super) checksum: Option<u32>,
    pub(super) kind: Kind,
    pub(super) values: u64,
    pub(super) rows: Option<u64>,
    pub(super) encoding: i64,
    pub(super) level_encoding: i64,
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
    /// Whether pages are to be read in slices.
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
        for head in heads(file, column, rows)?.iter().filter(|head| head.inflated > LARGE) {
            match can_slice(head, column) {
                true => checked.sliced = true,
                false if head.inflated > MOST_HELD => {
                    let why = "a page that can only be read as a whole takes more than 256 MB";
                    return Err(Fault::TooLarge(why));
                }
                false => {}
            }
            let own = head.rows.unwrap_or(head.values).min(rows);
            checked.rows = checked.rows.max(own);
        }
    }
    Ok(checked)
}

/// The headers of all pages of a column of a row group that has so many rows.
pub(super) fn heads(
    file: &Arc<Original>,
    column: &ColumnChunkMetaData,
    rows: u64,
) -> Result<Vec<Head>, Fault> {
    if rows == 0 {
        return Ok(Vec::new());
    }
    let wrong = |_| Fault::Damaged("a column lies outside of the file");
    let begin = column.dictionary_page_offset().unwrap_or(column.data_page_offset());
    let begin = u64::try_from(begin).map_err(wrong)?;
    let length = u64::try_from(column.compressed_size()).map_err(wrong)?;
    let end = begin.checked_add(length).filter(|end| *end <= file.size);
    let end = end.ok_or(Fault::Damaged("a column lies outside of the file"))?;
    let is_plain = column.compression() == Compression::UNCOMPRESSED;
    let is_list = column.column_descr().max_rep_level() > 0;
    let mut heads = Vec::new();
    let (mut at, mut values, mut told_rows) = (begin, 0_u64, Some(0_u64));
    while at < end {
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
                values = values.saturating_add(head.values);
                told_rows = told_rows.zip(head.rows).map(|(all, own)| all.saturating_add(own));
                if is_list && head.values > MOST_LISTED {
                    return Err(Fault::TooLarge(
                        "a page of lists holds more than 8 million values",
                    ));
                }
            }
            Kind::Dictionary if head.values > head.inflated => {
                return Err(Fault::Damaged("a dictionary has not the values that it says"));
            }
            _ => {}
        }
        heads.push(head);
    }
    let wanted = u64::try_from(column.num_values()).ok();
    let are_rows = is_list || values == rows;
    let are_told = told_rows.is_none_or(|told| told == rows);
    if wanted != Some(values) || !are_rows || !are_told {
        return Err(Fault::Damaged("a column has not the values that it says"));
    }
    Ok(heads)
}

fn head(file: &Arc<Original>, at: u64, end: u64) -> io::Result<Head> {
    let mut compact = Compact::new(file, at, end);
    let mut head = Head { header: at, deflated: true, ..Head::default() };
    let mut id = 0;
    while let Some(kind) = compact.field(&mut id)? {
        match (id, kind) {
            (1, Compact::WHOLE) => {
                head.kind = match compact.whole()? {
                    0 | 3 => Kind::Data,
                    2 => Kind::Dictionary,
                    _ => Kind::Other,
                }
            }
            (2, Compact::WHOLE) => head.inflated = compact.size()?,
            (3, Compact::WHOLE) => head.stored = compact.size()?,
            // The bits of the checksum stand there as a number with a sign.
            (4, Compact::WHOLE) => head.checksum = Some(compact.whole()? as u32),
            (5 | 7 | 8, Compact::STRUCT) => of_kind(&mut compact, id, &mut head)?,
            (_, kind) => compact.skip(kind)?,
        }
    }
    head.start = compact.at();
    Ok(head)
}

/// What the header says of a page of one kind.
fn of_kind(compact: &mut Compact, page: i64, head: &mut Head) -> io::Result<()> {
    let mut id = 0;
    let mut lengths = (0, 0);
    while let Some(kind) = compact.field(&mut id)? {
        match (page, id, kind) {
            (_, 1, Compact::WHOLE) => head.values = compact.size()?,
            (5 | 7, 2, Compact::WHOLE) | (8, 4, Compact::WHOLE) => {
                head.encoding = compact.whole()?;
            }
            (5, 3, Compact::WHOLE) => head.level_encoding = compact.whole()?,
            (8, 3, Compact::WHOLE) => head.rows = Some(compact.size()?),
            (8, 5, Compact::WHOLE) => lengths.0 = compact.size()?,
            (8, 6, Compact::WHOLE) => lengths.1 = compact.size()?,
            // A truth is its kind.
            (8, 7, 1 | 2) => head.deflated = kind == 1,
            (_, _, kind) => compact.skip(kind)?,
        }
    }
    if page == 8 {
        head.levels = Some(lengths);
    }
    Ok(())
}
