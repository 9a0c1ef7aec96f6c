//! Records and two ways of judging them, into what the change between them does.

use std::ops::Range;
use std::thread;

use pyo3::prelude::*;
use rulebook::batch::{Columns, Rows};
use rulebook::{Decision, Evaluation, Policy, Rejection};
use rulebook_core::facts::InputError;
use rulebook_lang::model::Json;
use rulebook_tools::simulate::{Impact, Judged, Plan, SimulateError, Simulation, Trial};

use crate::batch::{Slice, replayed, slices_of, threads_for};
use crate::error::{self, SchemaError};
use crate::record::{Given, json_of};
use crate::replay::Replayed;

/// How many records are read before they are judged.
const CHUNK: usize = 1 << 14;

/// The JSON of a record; where it holds what JSON cannot, what each side has to say against it.
struct Entry {
    json: Vec<u8>,
    errors: Vec<Vec<InputError>>,
}

impl Entry {
    fn decide<'e>(
        &self,
        side: usize,
        evaluation: &'e mut Evaluation,
    ) -> Result<&'e Decision, Rejection> {
        match self.errors.get(side) {
            Some(errors) if !errors.is_empty() => Err(Rejection { errors: errors.clone() }),
            _ => evaluation.decide_json(&self.json),
        }
    }
}

/// Judges all records by the sides of a plan.
pub(crate) fn simulate(
    plan: &Plan,
    records: &Bound<'_, PyAny>,
    threads: Option<usize>,
) -> PyResult<Impact> {
    let py = records.py();
    let sides: Vec<_> = plan.baseline().into_iter().chain([plan.candidate()]).collect();
    let policies: Vec<_> = sides.into_iter().map(Trial::policy).cloned().collect();
    let threads = threads_for(threads);
    let mut workers: Vec<_> = (0..threads).map(|_| Worker::new(plan, &policies)).collect();
    let table = slices_of(records)?;
    let counts = policies.iter().any(|policy| policy.counters().next().is_some());
    match &table {
        Some((schema, slices)) => {
            let columns = policies.iter().map(|policy| policy.columns(schema));
            let columns: Vec<_> = columns
                .collect::<Result<_, _>>()
                .map_err(|error| SchemaError::new_err(error.to_string()))?;
            let judged = py.detach(|| {
                let counted = counted(&policies, |side, policy| match columns.get(side) {
                    Some(columns) => replayed(policy, columns, slices),
                    None => Err("a side has no columns".to_string()),
                })?;
                slices.iter().try_for_each(|slice| {
                    each(&mut workers, slice.batch.num_rows(), |worker, rows| {
                        worker.add_rows(&columns, slice, rows, &counted)
                    })
                })
            });
            judged.map_err(error::Error::new_err)?;
        }
        None => {
            // Records that count each other are needed all at once.
            let chunk = if counts { usize::MAX } else { CHUNK };
            let (mut first, mut records) = (0, records.try_iter()?);
            loop {
                let entries = records.by_ref().take(chunk).map(|record| entry(&record?, &policies));
                let entries: Vec<_> = entries.collect::<PyResult<_>>()?;
                if entries.is_empty() {
                    break;
                }
                let judged = py.detach(|| {
                    let counted = counted(&policies, |side, policy| {
                        Replayed::of(policy, entries.len(), |evaluation, record| {
                            entries.get(record).map_or_else(
                                || Err(Rejection { errors: Vec::new() }),
                                |entry| entry.decide(side, evaluation),
                            )
                        })
                    })?;
                    each(&mut workers, entries.len(), |worker, rows| {
                        worker.add_entries(first, &entries, rows, &counted)
                    })
                });
                judged.map_err(error::Error::new_err)?;
                py.check_signals()?;
                first += entries.len() as u64;
            }
        }
    }
    let mut all = Simulation::new(plan);
    workers.into_iter().for_each(|worker| all.merge(worker.simulation));
    let impact = py.detach(|| all.finish());
    impact.map_err(|error: SimulateError| error::wrong(error.to_string()))
}

/// A record as JSON, and what is wrong with it where it cannot be written so.
fn entry(record: &Bound<'_, PyAny>, policies: &[Policy]) -> PyResult<Entry> {
    let (json, is_whole) = json_of(record)?;
    let errors = match is_whole {
        true => Vec::new(),
        false => policies
            .iter()
            .map(|policy| {
                let decided = policy.decide(&Given::new(record));
                decided.err().map_or_else(Vec::new, |rejection| rejection.errors)
            })
            .collect(),
    };
    Ok(Entry { json, errors })
}

/// For each policy that counts the records, what it decides about all of them.
fn counted(
    policies: &[Policy],
    replay: impl Fn(usize, &Policy) -> Result<Replayed, String>,
) -> Result<Vec<Option<Replayed>>, String> {
    let replays = policies
        .iter()
        .enumerate()
        .map(|(side, policy)| policy.counters().next().map(|_| replay(side, policy)).transpose());
    replays.collect()
}

/// Parts so many records among workers, in stretches one behind the other.
fn each(
    workers: &mut [Worker],
    records: usize,
    work: impl Fn(&mut Worker, Range<usize>) -> Result<(), String> + Sync,
) -> Result<(), String> {
    let share = records.div_ceil(workers.len().max(1)).max(1);
    thread::scope(|scope| {
        let work = &work;
        let starts = (0..records).step_by(share);
        let running: Vec<_> = workers
            .iter_mut()
            .zip(starts)
            .map(|(worker, start)| {
                scope.spawn(move || work(worker, start..records.min(start + share)))
            })
            .collect();
        let stopped = || Err("a thread has stopped".to_string());
        running.into_iter().try_for_each(|worker| worker.join().unwrap_or_else(|_| stopped()))
    })
}

/// One who judges records by all sides.
struct Worker {
    /// The baseline, if there is one, and the candidate.
    sides: Vec<Evaluation>,
    simulation: Simulation,
}

impl Worker {
    fn new(plan: &Plan, policies: &[Policy]) -> Self {
        let sides = policies.iter().map(Policy::evaluation).collect();
        Self { sides, simulation: Simulation::new(plan) }
    }

    fn add_entries(
        &mut self,
        first: u64,
        entries: &[Entry],
        rows: Range<usize>,
        counted: &[Option<Replayed>],
    ) -> Result<(), String> {
        let numbers = first + rows.start as u64..;
        for (record, entry) in numbers.zip(entries.get(rows).unwrap_or_default()) {
            let input = || serde_json::from_slice(&entry.json).unwrap_or_default();
            self.add(record, input, counted, |side, evaluation| entry.decide(side, evaluation));
        }
        Ok(())
    }

    fn add_rows(
        &mut self,
        columns: &[Columns],
        slice: &Slice,
        rows: Range<usize>,
        counted: &[Option<Replayed>],
    ) -> Result<(), String> {
        let opened = columns.iter().map(|columns| columns.rows(&slice.batch));
        let opened: Vec<Rows<'_>> =
            opened.collect::<Result<_, _>>().map_err(|error| error.to_string())?;
        for row in rows {
            let input = || {
                let object = opened.last().map(|rows| Json::of(&rows.object(row)));
                object.and_then(Result::ok).unwrap_or_default()
            };
            self.add(slice.first + row as u64, input, counted, |side, evaluation| {
                match opened.get(side) {
                    Some(rows) => evaluation.decide_row(rows, row),
                    None => Err(Rejection { errors: Vec::new() }),
                }
            });
        }
        Ok(())
    }

    /// Has all sides decide about a record, and counts.
    fn add(
        &mut self,
        record: u64,
        input: impl FnOnce() -> Json,
        counted: &[Option<Replayed>],
        decide: impl for<'e> Fn(usize, &'e mut Evaluation) -> Result<&'e Decision, Rejection>,
    ) {
        match self.sides.as_mut_slice() {
            [alone] => {
                let decided = once(counted, record, 0, alone, &decide);
                self.simulation.add(record, input, None, judged(&decided));
            }
            [baseline, candidate] => {
                let before = once(counted, record, 0, baseline, &decide);
                let after = once(counted, record, 1, candidate, &decide);
                self.simulation.add(record, input, Some(judged(&before)), judged(&after));
            }
            _ => {}
        }
    }
}

/// What a side decides about a record: what it has decided already, where records count each other.
fn once<'e>(
    counted: &'e [Option<Replayed>],
    record: u64,
    side: usize,
    evaluation: &'e mut Evaluation,
    decide: &impl for<'d> Fn(usize, &'d mut Evaluation) -> Result<&'d Decision, Rejection>,
) -> Result<&'e Decision, Rejection> {
    match counted.get(side) {
        Some(Some(replayed)) => replayed.decision(record),
        _ => decide(side, evaluation),
    }
}

fn judged<'d>(decided: &'d Result<&'d Decision, Rejection>) -> Judged<'d> {
    match decided {
        Ok(decision) => Ok(decision),
        Err(rejection) => Err(&rejection.errors),
    }
}
