//! A row group of a Parquet file whose large pages are read in slices.

use std::sync::Arc;

use parquet::arrow::arrow_reader::{ArrowReaderMetadata, RowGroups};
use parquet::column::page::{PageIterator, PageReader};
use parquet::errors::{ParquetError, Result as ParquetResult};
use parquet::file::metadata::{ParquetMetaData, RowGroupMetaData};
use parquet::file::reader::SerializedPageReader;

use super::guarded::Guarded;
use super::pages::{Fault, LARGE, can_slice, counts_itself, heads};
use super::slices::Slices;
use super::stored::Stored;
use crate::input::bytes::Original;

/// One row group.
pub(super) struct Group<'t> {
    pub(super) file: &'t Arc<Original>,
    pub(super) metadata: &'t ArrowReaderMetadata,
    pub(super) group: &'t RowGroupMetaData,
}

impl RowGroups for Group<'_> {
    fn num_rows(&self) -> usize {
        usize::try_from(self.group.num_rows()).unwrap_or_default()
    }

    fn column_chunks(&self, leaf: usize) -> ParquetResult<Box<dyn PageIterator>> {
        let lost = || ParquetError::General("a column is not there".into());
        let column = self.group.columns().get(leaf).ok_or_else(lost)?;
        let rows = self.num_rows();
        let heads = heads(self.file, column, rows as u64).map_err(|fault| match fault {
            Fault::Damaged(why) | Fault::TooLarge(why) => ParquetError::General(why.into()),
        })?;
        let sliced = heads.iter().any(|head| head.inflated > LARGE && can_slice(head, column));
        let reader: Box<dyn PageReader> = match sliced {
            true => Box::new(Slices::new(self.file, column, rows, &heads)?),
            false => {
                let stored = Arc::new(Stored(self.file.clone()));
                Box::new(SerializedPageReader::new(stored, column, rows, None)?)
            }
        };
        let guarded = heads.iter().any(counts_itself);
        let reader: Box<dyn PageReader> = match guarded {
            true => Box::new(Guarded::new(reader, column)),
            false => reader,
        };
        Ok(Box::new(Pages(Some(reader))))
    }

    fn row_groups(&self) -> Box<dyn Iterator<Item = &RowGroupMetaData> + '_> {
        Box::new(std::iter::once(self.group))
    }

    fn metadata(&self) -> &ParquetMetaData {
        self.metadata.metadata()
    }
}

/// The pages of a column of the one row group.
struct Pages(Option<Box<dyn PageReader>>);

impl Iterator for Pages {
    type Item = ParquetResult<Box<dyn PageReader>>;

    fn next(&mut self) -> Option<Self::Item> {
        self.0.take().map(Ok)
    }
}

impl PageIterator for Pages {}
