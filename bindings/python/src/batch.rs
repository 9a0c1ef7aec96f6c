//! Tables in, decisions and rejects as tables out, judged slice by slice on several threads.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};
use std::thread;

use arrow::datatypes::{Schema, SchemaRef};
use arrow::error::ArrowError;
use arrow::ffi_stream::RecordBatchStreamReader;
use arrow::pyarrow::FromPyArrow;
use arrow::record_batch::{RecordBatch, RecordBatchReader};
use pyo3::exceptions::PyTypeError;
use pyo3::prelude::*;
use rulebook::batch::{BatchError, Columns, DecidedBatch, OutcomeColumns, Rejects, Rows, Wanted};
use rulebook::inside::{Batches, Counts, Judged};
use rulebook::{Policy, Rejection};
use rulebook_core::history::Answer;
use rulebook_stream::Replay;

use crate::error::{self, SchemaError};
use crate::table::PyTable;

/// How many rows are judged in one go.
const SLICE: usize = 1 << 16;

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
    let refused = |error: rulebook::batch::SchemaError| SchemaError::new_err(error.to_string());
    let columns = policy.columns(&schema).map_err(refused)?;
    let outcomes = || OutcomeColumns::new(std::slice::from_ref(policy), wanted);
    let judged = py.detach(|| -> Result<_, String> {
        let slices = slices(batches).map_err(|error| error.to_string())?;
        let replay = counts.then(|| replay(policy, &columns, &slices)).transpose()?;
        // Each slice has dictionaries of its own, so that it does not matter who judges which.
        each(&slices, threads, |slice| match &replay {
            Some(replay) => counted((policy, &columns), outcomes(), slice, replay),
            None => policy.batches(&schema, wanted)?.decide(&slice.batch, slice.first),
        })
    });
    let judged = judged.map_err(error::Error::new_err)?;
    let (decisions, rejects) =
        judged.into_iter().map(|batch| (batch.outcomes, batch.rejects)).unzip();
    Ok((
        PyTable { schema: outcomes().schema().clone(), batches: decisions },
        PyTable { schema: Rejects::schema(), batches: rejects },
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

/// How many threads to work with: as many as the machine has, unless given.
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

/// Judges all slices; whoever is free takes the next, and the results keep the order of the input.
fn each(
    slices: &[Slice],
    threads: Option<usize>,
    judge: impl Fn(&Slice) -> Result<DecidedBatch, BatchError> + Sync,
) -> Result<Vec<DecidedBatch>, String> {
    let threads = threads_for(threads).min(slices.len());
    let next = AtomicUsize::new(0);
    let done = Mutex::new(Vec::with_capacity(slices.len()));
    let work = || {
        while let Some((at, slice)) =
            Some(next.fetch_add(1, Ordering::Relaxed)).and_then(|at| Some((at, slices.get(at)?)))
        {
            let judged = judge(slice);
            done.lock().unwrap_or_else(PoisonError::into_inner).push((at, judged));
        }
    };
    thread::scope(|scope| (0..threads).for_each(|_| drop(scope.spawn(work))));
    let mut done = done.into_inner().unwrap_or_else(PoisonError::into_inner);
    done.sort_by_key(|(at, _)| *at);
    let judged = done.into_iter().map(|(_, judged)| judged.map_err(|error| error.to_string()));
    judged.collect()
}

/// Decides about the rows of a slice, whose counts are known.
fn counted(
    (policy, columns): (&Policy, &Columns),
    mut outcomes: OutcomeColumns,
    slice: &Slice,
    replay: &Replay,
) -> Result<DecidedBatch, BatchError> {
    let mut rejects = Rejects::default();
    let values = |_: usize, row: usize, values: &mut Vec<Answer>| {
        replay.values(policy, slice.first + row as u64, values)
    };
    let mut batches = Batches::new(std::slice::from_ref(policy), [Some(columns.clone())].into());
    batches.judge(&slice.batch, Some(&values), |row, judged| {
        let record = slice.first + u64::from(row);
        match judged {
            Judged::Decided(mut decisions) => {
                outcomes.push_decided(record, &mut decisions, &mut |_| {});
            }
            Judged::Classed(stretch) => outcomes.push_stretch(record, stretch),
            Judged::Rejected(errors, _) => rejects.push(record, &errors),
        }
    })?;
    Ok(DecidedBatch { outcomes: outcomes.finish()?, rejects: rejects.finish()? })
}

/// Counts the rows of slices for a policy that judges them.
pub(crate) fn replay(
    policy: &Policy,
    columns: &Columns,
    slices: &[Slice],
) -> Result<Replay, String> {
    let opened = slices.iter().map(|slice| columns.rows(&slice.batch));
    let opened: Vec<Rows<'_>> =
        opened.collect::<Result<_, _>>().map_err(|error| error.to_string())?;
    let records = slices.iter().map(|slice| slice.batch.num_rows()).sum();
    let replay = Replay::of_records(policy, records, |record, row, key| {
        let at = slices.partition_point(|slice| slice.first <= record as u64).saturating_sub(1);
        match (slices.get(at), opened.get(at)) {
            (Some(slice), Some(rows)) => {
                policy.read_row(rows, record - slice.first as usize, row, key, Counts::Later)
            }
            _ => Err(Rejection { errors: Vec::new() }),
        }
    });
    replay.map_err(|error| error.to_string())
}
