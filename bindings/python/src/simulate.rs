//! Records and two ways of judging them, into what the change between them does.

use std::ops::Range;
use std::thread;

use pyo3::prelude::*;
use rulebook::batch::{Columns, Rows};
use rulebook::inside::Counts;
use rulebook::{Decision, Evaluation, Policy, Rejection};
use rulebook_core::facts::InputError;
use rulebook_core::history::Answer;
use rulebook_core::program::Row;
use rulebook_lang::model::Json;
use rulebook_stream::Replay;
use rulebook_tools::simulate::{Impact, JudgedSide, Plan, SimulateError, Simulation, Trial};

use crate::batch::{Slice, replay, slices_of, threads_for};
use crate::error::{self, SchemaError};
use crate::record::{Given, json_of};

/// How many records are read before they are judged.
const CHUNK: usize = 1 << 14;

/// The JSON of a record; where it holds what JSON cannot, what each side has to say against it.
struct Entry {
    json: Vec<u8>,
    errors: Vec<Vec<InputError>>,
}

impl Entry {
    /// The JSON, if a side has nothing to say against it.
    fn json(&self, side: usize) -> Result<&[u8], Rejection> {
        match self.errors.get(side) {
            Some(errors) if !errors.is_empty() => Err(Rejection { errors: errors.clone() }),
            _ => Ok(&self.json),
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
                    Some(columns) => replay(policy, columns, slices),
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
                        let read = |record: usize, row: &mut Row, key: &mut String| {
                            let none = || Rejection { errors: Vec::new() };
                            let json = entries.get(record).ok_or_else(none)?.json(side)?;
                            policy.read_json(json, row, key, Counts::Later)
                        };
                        let replay = Replay::of_records(policy, entries.len(), read);
                        replay.map_err(|error| error.to_string())
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
                let decided = policy.decide_each(&Given::new(record));
                decided.err().map_or_else(Vec::new, |rejection| rejection.errors)
            })
            .collect(),
    };
    Ok(Entry { json, errors })
}

/// For each policy that counts the records, the values of its counters.
fn counted(
    policies: &[Policy],
    replay: impl Fn(usize, &Policy) -> Result<Replay, String>,
) -> Result<Vec<Option<Replay>>, String> {
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
    sides: Vec<(Policy, Evaluation)>,
    simulation: Simulation,
    /// The values of counters.
    values: Vec<Answer>,
}

impl Worker {
    fn new(plan: &Plan, policies: &[Policy]) -> Self {
        let sides = policies.iter().map(|policy| (policy.clone(), policy.evaluation())).collect();
        Self { sides, simulation: Simulation::new(plan), values: Vec::new() }
    }

    fn add_entries(
        &mut self,
        first: u64,
        entries: &[Entry],
        rows: Range<usize>,
        counted: &[Option<Replay>],
    ) -> Result<(), String> {
        let numbers = first + rows.start as u64..;
        for (record, entry) in numbers.zip(entries.get(rows).unwrap_or_default()) {
            let input = || serde_json::from_slice(&entry.json).unwrap_or_default();
            self.add(record, input, counted, |side, evaluation, counts| {
                evaluation.decide_counted(entry.json(side)?, counts)
            });
        }
        Ok(())
    }

    fn add_rows(
        &mut self,
        columns: &[Columns],
        slice: &Slice,
        rows: Range<usize>,
        counted: &[Option<Replay>],
    ) -> Result<(), String> {
        let opened = columns.iter().map(|columns| columns.rows(&slice.batch));
        let opened: Vec<Rows<'_>> =
            opened.collect::<Result<_, _>>().map_err(|error| error.to_string())?;
        for row in rows {
            let input = || {
                let object = opened.last().map(|rows| Json::of(&rows.object(row)));
                object.and_then(Result::ok).unwrap_or_default()
            };
            self.add(slice.first + row as u64, input, counted, |side, evaluation, counts| {
                match opened.get(side) {
                    Some(rows) => evaluation.decide_row_counted(rows, row, counts),
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
        input: impl Fn() -> Json,
        counted: &[Option<Replay>],
        decide: impl for<'e> Fn(
            usize,
            &'e mut Evaluation,
            Counts<'_>,
        ) -> Result<&'e Decision, Rejection>,
    ) {
        let Self { sides, simulation, values } = self;
        let mut errors = [None, None];
        for (at, ((policy, evaluation), errors)) in sides.iter_mut().zip(&mut errors).enumerate() {
            let counts = match counted.get(at) {
                Some(Some(replay)) => {
                    replay.values(policy, record, values).map(|()| Counts::Given(values))
                }
                _ => Ok(Counts::History),
            };
            let decided = counts.and_then(|counts| {
                decide(at, evaluation, counts).map(drop).map_err(|rejection| rejection.errors)
            });
            *errors = decided.err();
        }
        let judged = sides.iter_mut().zip(&errors).map(|((_, evaluation), errors)| {
            JudgedSide::new(evaluation, errors.as_deref().unwrap_or_default())
        });
        let mut judged: Vec<_> = judged.collect();
        let simulations = std::slice::from_mut(simulation);
        Simulation::add_to_all(simulations, record, &input, &mut judged, |_, _| {});
    }
}
