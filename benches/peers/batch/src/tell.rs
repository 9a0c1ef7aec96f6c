//! What was decided: counted, and if asked for written as columns of a Parquet file.

use std::collections::BTreeMap;
use std::fs::File;
use std::path::Path;
use std::sync::Arc;

use arrow::array::{ArrayRef, DictionaryArray, Int32Array, RecordBatch, StringArray};
use arrow::datatypes::{DataType, Field, Int32Type, Schema};
use parquet::arrow::ArrowWriter;
use parquet::basic::Compression;
use parquet::file::properties::WriterProperties;
use workload::Outcomes;

const DECISIONS: [&str; 3] = ["refund", "payment", "link"];

/// How often each outcome of each decision came up.
type Counts = [[u64; 4]; 3];

/// What a thread has decided.
pub struct Told {
    counts: Counts,
    writer: Option<ArrowWriter<File>>,
    names: [ArrayRef; 3],
}

impl Told {
    /// With a path, outcomes are written there, too.
    pub fn new(path: Option<&Path>) -> Self {
        let writer = path.map(|path| {
            let ty = DataType::Dictionary(DataType::Int32.into(), DataType::Utf8.into());
            let fields = DECISIONS.map(|name| Field::new(name, ty.clone(), false));
            let file = File::create(path).expect("the file can be created");
            let properties =
                WriterProperties::builder().set_compression(Compression::SNAPPY).build();
            ArrowWriter::try_new(file, Arc::new(Schema::new(fields.to_vec())), Some(properties))
                .expect("the schema can be written")
        });
        let names =
            Outcomes::NAMES.map(|names| Arc::new(StringArray::from_iter_values(names)) as ArrayRef);
        Self { counts: Counts::default(), writer, names }
    }

    /// Takes the outcomes of a batch by their numbers, decision by decision.
    pub fn tell(&mut self, outcomes: &[Vec<u8>; 3]) {
        for (counts, outcomes) in self.counts.iter_mut().zip(outcomes) {
            for outcome in outcomes {
                counts[usize::from(*outcome)] += 1;
            }
        }
        let Some(writer) = &mut self.writer else { return };
        let columns =
            DECISIONS.iter().zip(outcomes).zip(&self.names).map(|((name, keys), names)| {
                let keys = Int32Array::from_iter_values(keys.iter().copied().map(i32::from));
                let column = DictionaryArray::<Int32Type>::new(keys, names.clone());
                (*name, Arc::new(column) as ArrayRef, false)
            });
        let batch = RecordBatch::try_from_iter_with_nullable(columns);
        writer.write(&batch.expect("the columns fit together")).expect("they can be written");
    }

    /// Completes what is written.
    pub fn complete(self) -> Counts {
        if let Some(writer) = self.writer {
            writer.close().expect("the file can be completed");
        }
        self.counts
    }
}

/// Prints the counts of all threads by the names of the outcomes.
pub fn print(all: &[Counts]) {
    let named = DECISIONS.iter().enumerate().map(|(decision, name)| {
        let outcomes = Outcomes::NAMES[decision].iter().enumerate();
        let counts = outcomes.filter(|(_, name)| !name.is_empty()).map(|(outcome, name)| {
            (*name, all.iter().map(|counts| counts[decision][outcome]).sum())
        });
        (*name, counts.collect())
    });
    let named: BTreeMap<&str, BTreeMap<&str, u64>> = named.collect();
    println!("{}", serde_json::to_string(&named).expect("counts serialise"));
}
