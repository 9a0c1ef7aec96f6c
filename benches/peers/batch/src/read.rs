//! A Parquet file as batches, group by group, as fast as the crate gives them.

use std::fs::File;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use arrow::array::RecordBatch;
use arrow::datatypes::{DataType, Field, Schema};
use parquet::arrow::arrow_reader::{
    ArrowReaderMetadata, ArrowReaderOptions, ParquetRecordBatchReaderBuilder,
};
use parquet::basic::Encoding;

/// Fewer rows cost more for each batch, more no longer fit into the nearer caches.
const BATCH: usize = 8_192;

/// How columns of texts come.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Texts {
    /// As everybody reads them.
    Plain,
    /// As dictionaries where the file has nothing else, else as views of its pages.
    Dictionaries,
}

/// The row groups of a file, which several threads take one after another.
pub struct Groups {
    path: PathBuf,
    metadata: ArrowReaderMetadata,
    next: AtomicUsize,
}

impl Groups {
    pub fn open(path: &Path, texts: Texts) -> Self {
        let file = File::open(path).expect("the file can be opened");
        let mut metadata = ArrowReaderMetadata::load(&file, ArrowReaderOptions::new())
            .expect("the file is a Parquet file");
        if texts == Texts::Dictionaries {
            let options = ArrowReaderOptions::new().with_schema(Arc::new(preserving(&metadata)));
            metadata = ArrowReaderMetadata::try_new(metadata.metadata().clone(), options)
                .expect("a column of texts can be read as dictionary and as views");
        }
        Self { path: path.to_path_buf(), metadata, next: AtomicUsize::new(0) }
    }

    /// The batches of the row groups that nobody else has taken.
    pub fn batches(&self) -> impl Iterator<Item = RecordBatch> {
        let groups = self.metadata.metadata().num_row_groups();
        let taken =
            move || Some(self.next.fetch_add(1, Ordering::Relaxed)).filter(|group| *group < groups);
        std::iter::from_fn(taken).flat_map(move |group| {
            // A clone of one file would share its position with the other threads.
            let file = File::open(&self.path).expect("the file stays where it is");
            let metadata = self.metadata.clone();
            let reader = ParquetRecordBatchReaderBuilder::new_with_metadata(file, metadata)
                .with_row_groups(vec![group])
                .with_batch_size(BATCH)
                .build()
                .expect("the group can be read");
            reader.map(|batch| batch.expect("the pages can be read"))
        })
    }
}

/// The schema in which texts keep the dictionaries that they have in the file.
fn preserving(metadata: &ArrowReaderMetadata) -> Schema {
    let groups = metadata.metadata().row_groups();
    let fields = metadata.schema().fields().iter().enumerate().map(|(at, field)| {
        let ty = match field.data_type() {
            DataType::Utf8 => {
                let all = groups.iter().all(|group| {
                    let mask = group.column(at).page_encoding_stats_mask();
                    mask.is_some_and(|mask| mask.is_only(Encoding::RLE_DICTIONARY))
                });
                if all {
                    DataType::Dictionary(DataType::Int32.into(), DataType::Utf8.into())
                } else {
                    DataType::Utf8View
                }
            }
            other => other.clone(),
        };
        Field::new(field.name(), ty, field.is_nullable())
    });
    Schema::new(fields.collect::<Vec<_>>())
}
