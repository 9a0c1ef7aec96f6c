//! Tables in, decisions and rejects as tables out, judged slice by slice on several threads.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;

use arrow::array::{ArrayRef, ListBuilder, StringBuilder, StructBuilder, UInt64Array};
use arrow::datatypes::{DataType, Field, Fields, Schema, SchemaRef};
use arrow::error::ArrowError;
use arrow::ffi_stream::RecordBatchStreamReader;
use arrow::pyarrow::FromPyArrow;
use arrow::record_batch::{RecordBatch, RecordBatchReader};
use pyo3::exceptions::PyTypeError;
use pyo3::prelude::*;
use rulebook::batch::{Columns, OutcomeColumns, Rows, Wanted};
use rulebook::facts::InputError;
use rulebook::{Policy, Rejection};

use crate::error::{self, SchemaError};
use crate::replay::Replayed;
use crate::table::PyTable;

/// How many rows are judged in one go.
const SLICE: usize = 1 << 16;

/// What was made of one slice.
struct Judged {
    decisions: RecordBatch,
    rejects: RecordBatch,
}

/// A slice of the input, with the number of its first row.
pub(crate) struct Slice {
    pub(crate) first: u64,
    pub(crate) batch: RecordBatch,
}

/// Decides about every row of a table. Where the policy `counts` the rows, they are decided in the
/// order of their times, and each sees those before it.
pub(crate) fn decide_batch(
    policy: &Policy,
    table: &Bound<'_, PyAny>,
    wanted: Wanted,
    threads: Option<usize>,
    counts: bool,
) -> PyResult<(PyTable, PyTable)> {
    let py = table.py();
    let (schema, batches) = batches_of(table)?;
    let columns = policy.columns(&schema).map_err(|e| SchemaError::new_err(e.to_string()))?;
    let outcomes = OutcomeColumns::new(std::slice::from_ref(policy), wanted).schema().clone();
    let judged = py.detach(|| -> Result<_, String> {
        let slices = slices(batches).map_err(|error| error.to_string())?;
        let replayed = counts.then(|| replayed(policy, &columns, &slices)).transpose()?;
        let task = Task { policy, columns: &columns, wanted, replayed: replayed.as_ref() };
        task.all(&slices, threads)
    });
    let judged = judged.map_err(error::Error::new_err)?;
    let (decisions, rejects) = judged.into_iter().map(|own| (own.decisions, own.rejects)).unzip();
    Ok((
        PyTable { schema: outcomes, batches: decisions },
        PyTable { schema: reject_schema(), batches: rejects },
    ))
}

/// The names of the columns of a schema from which a policy reads its records.
pub(crate) fn columns_of(policy: &Policy, schema: &Bound<'_, PyAny>) -> PyResult<Vec<String>> {
    let schema = Schema::from_pyarrow_bound(schema)?;
    let columns = policy.columns(&schema).map_err(|e| SchemaError::new_err(e.to_string()))?;
    let fields = columns.columns().into_iter().filter_map(|at| schema.fields().get(at));
    Ok(fields.map(|field| field.name().clone()).collect())
}

/// The batches of a table as slices, with their schema; nothing where something is no table.
pub(crate) fn slices_of(table: &Bound<'_, PyAny>) -> PyResult<Option<(SchemaRef, Vec<Slice>)>> {
    if !table.hasattr("__arrow_c_stream__")? && !table.hasattr("__arrow_c_array__")? {
        return Ok(None);
    }
    let (schema, batches) = batches_of(table)?;
    let slices = table.py().detach(|| slices(batches));
    let slices = slices.map_err(|error| error::Error::new_err(error.to_string()))?;
    Ok(Some((schema, slices)))
}

/// How many threads to work with: as many as the machine has, unless told.
pub(crate) fn threads_for(threads: Option<usize>) -> usize {
    let threads = threads.or_else(|| thread::available_parallelism().ok().map(usize::from));
    threads.unwrap_or(1).max(1)
}

/// The batches of whatever exports columns.
#[allow(clippy::type_complexity, reason = "a schema and what it is of")]
fn batches_of(
    table: &Bound<'_, PyAny>,
) -> PyResult<(SchemaRef, Box<dyn Iterator<Item = Result<RecordBatch, ArrowError>> + Send>)> {
    if table.hasattr("__arrow_c_stream__")? {
        let reader = RecordBatchStreamReader::from_pyarrow_bound(table)?;
        return Ok((reader.schema(), Box::new(reader)));
    }
    if table.hasattr("__arrow_c_array__")? {
        let batch = RecordBatch::from_pyarrow_bound(table)?;
        return Ok((batch.schema(), Box::new(std::iter::once(Ok(batch)))));
    }
    let class = table.get_type().fully_qualified_name()?.to_string();
    Err(PyTypeError::new_err(format!(
        "a `{class}` has no columns of Arrow; pass a table of pyarrow, Polars, DuckDB or pandas 2.2"
    )))
}

fn slices(
    batches: impl Iterator<Item = Result<RecordBatch, ArrowError>>,
) -> Result<Vec<Slice>, ArrowError> {
    let (mut slices, mut first) = (Vec::new(), 0);
    for batch in batches {
        let batch = batch?;
        for start in (0..batch.num_rows()).step_by(SLICE) {
            let rows = SLICE.min(batch.num_rows() - start);
            slices.push(Slice { first, batch: batch.slice(start, rows) });
            first += rows as u64;
        }
    }
    Ok(slices)
}

/// What is to be done with slices.
struct Task<'t> {
    policy: &'t Policy,
    columns: &'t Columns,
    wanted: Wanted,
    /// What has been decided already, where rows count each other.
    replayed: Option<&'t Replayed>,
}

impl Task<'_> {
    /// Judges all slices; whoever is free takes the next, and the results keep the order of the input.
    fn all(&self, slices: &[Slice], threads: Option<usize>) -> Result<Vec<Judged>, String> {
        let threads = threads_for(threads).min(slices.len());
        let next = AtomicUsize::new(0);
        let done = Mutex::new(Vec::with_capacity(slices.len()));
        let work = || {
            while let Some((at, slice)) = Some(next.fetch_add(1, Ordering::Relaxed))
                .and_then(|at| Some((at, slices.get(at)?)))
            {
                let judged = self.judge(slice);
                done.lock().unwrap_or_else(PoisonError::into_inner).push((at, judged));
            }
        };
        thread::scope(|scope| (0..threads).for_each(|_| drop(scope.spawn(work))));
        let mut done = done.into_inner().unwrap_or_else(PoisonError::into_inner);
        done.sort_by_key(|(at, _)| *at);
        done.into_iter().map(|(_, judged)| judged).collect()
    }

    fn judge(&self, slice: &Slice) -> Result<Judged, String> {
        let rows = self.columns.rows(&slice.batch).map_err(|error| error.to_string())?;
        let mut outcomes = OutcomeColumns::new(std::slice::from_ref(self.policy), self.wanted);
        let mut rejects = Vec::new();
        let mut evaluation = self.policy.evaluation();
        for (row, record) in (0..slice.batch.num_rows()).zip(slice.first..) {
            let decided = match self.replayed {
                Some(replayed) => replayed.decision(record),
                None => evaluation.decide_row(&rows, row),
            };
            match decided {
                Ok(decision) => outcomes.push(record, [decision]),
                Err(rejection) => rejects.push((record, rejection.errors)),
            }
        }
        let decisions = outcomes.finish().map_err(|error| error.to_string())?;
        let rejects = reject_batch(&rejects).map_err(|error| error.to_string())?;
        Ok(Judged { decisions, rejects })
    }
}

/// Decides about the rows of slices in the order of their times.
pub(crate) fn replayed(
    policy: &Policy,
    columns: &Columns,
    slices: &[Slice],
) -> Result<Replayed, String> {
    let opened = slices.iter().map(|slice| columns.rows(&slice.batch));
    let opened: Vec<Rows<'_>> =
        opened.collect::<Result<_, _>>().map_err(|error| error.to_string())?;
    let records = slices.iter().map(|slice| slice.batch.num_rows()).sum();
    Replayed::of(policy, records, |evaluation, record| {
        let at = slices.partition_point(|slice| slice.first <= record as u64).saturating_sub(1);
        match (slices.get(at), opened.get(at)) {
            (Some(slice), Some(rows)) => evaluation.decide_row(rows, record - slice.first as usize),
            _ => Err(Rejection { errors: Vec::new() }),
        }
    })
}

fn error_fields() -> Fields {
    ["path", "code", "message"].map(|name| Field::new(name, DataType::Utf8, false)).to_vec().into()
}

fn reject_schema() -> SchemaRef {
    let item = Field::new_list_field(DataType::Struct(error_fields()), false);
    Arc::new(Schema::new(vec![
        Field::new("record", DataType::UInt64, false),
        Field::new("errors", DataType::List(Arc::new(item)), false),
    ]))
}

/// Rejected records by their numbers, each with all that is wrong with it.
fn reject_batch(rejects: &[(u64, Vec<InputError>)]) -> Result<RecordBatch, ArrowError> {
    let item = Field::new_list_field(DataType::Struct(error_fields()), false);
    let builder = StructBuilder::from_fields(error_fields(), rejects.len());
    let mut errors = ListBuilder::new(builder).with_field(item);
    for (_, all) in rejects {
        for error in all {
            let entry = errors.values();
            let texts = [error.path.as_str(), error.code, error.message.as_str()];
            for (at, text) in texts.into_iter().enumerate() {
                if let Some(column) = entry.field_builder::<StringBuilder>(at) {
                    column.append_value(text);
                }
            }
            entry.append(true);
        }
        errors.append(true);
    }
    let records = UInt64Array::from_iter_values(rejects.iter().map(|(record, _)| *record));
    let columns: Vec<ArrayRef> = vec![Arc::new(records), Arc::new(errors.finish())];
    RecordBatch::try_new(reject_schema(), columns)
}
