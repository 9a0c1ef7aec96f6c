//! Records judged by all sides of some simulations, in one pass over the inputs.

use std::sync::Arc;

use serde_json::value::{RawValue, to_raw_value};

use super::super::args::CompareArgs;
use super::super::block::{Block, Entry, Told};
use super::super::eval::threads;
use super::super::input::{Inputs, MANY_ROWS, Readers};
use super::super::past::{Known, Past};
use super::super::pipeline::{self, Pieces, Worker};
use super::super::progress::Progress;
use super::super::replay::Replay;
use super::super::{Stop, json};
use super::flips::{FlipFile, FlipTaker};
use super::unusable;
use rulebook::batch::Rows;
use rulebook::{Decision, Policy, Rejection};
use rulebook::{Evaluation, inside::Counts};
use rulebook_core::facts::InputError;
use rulebook_lang::model::{Json, Number};
use rulebook_tools::simulate::{Impact, Plan, Simulation, Trial};

/// What each plan comes to. All have the same baseline, or none. `flips` takes the records that are
/// decided otherwise by the first.
pub(crate) fn impacts(
    plans: &[Plan],
    args: &CompareArgs,
    mut flips: Option<FlipFile>,
) -> Result<Vec<Impact>, Stop> {
    let trials: Vec<_> = sides(plans).collect();
    let history = args.history.history.is_some();
    let reads = |trial: &&Trial| trial.policy().counters().next().is_some();
    if history && !trials.iter().any(reads) {
        let why = "`--history` holds what counters count, and this policy reads none";
        return Err(Stop::Unusable(why.into()));
    }
    let policies: Vec<_> = trials.iter().map(|trial| trial.policy().clone()).collect();
    let readers = Readers { policies: &policies, named: true, rows: MANY_ROWS };
    let inputs =
        Inputs::open(&args.input.files, &args.input.reading, readers, trials.iter().any(reads))?;
    let size = inputs.size();
    let threads = threads(args.threads, size);
    let replays = replays(&trials, args, &inputs, threads)?;
    let worker = || {
        let judges = trials.iter().zip(&replays).map(|(trial, replay)| Side {
            evaluation: trial.policy().evaluation(),
            policy: trial.policy().clone(),
            replay: replay.clone(),
            values: Vec::new(),
            errors: Vec::new(),
        });
        let simulations = plans.iter().map(Simulation::new).collect();
        let taker = flips.as_ref().map(FlipFile::taker);
        Comparer { sides: judges.collect(), simulations, taker }
    };
    let workers = (0..threads).map(|_| worker()).collect();
    let mut progress = Progress::new(size, "");
    let workers = pipeline::run(inputs.filling()?, workers, |block: &mut Block| {
        progress.add(block.size);
        flips.as_mut().map_or(Ok(()), |file| file.write(&mut block.told))
    })?;
    progress.finish();
    inputs.unchanged()?;
    let mut all: Vec<_> = plans.iter().map(Simulation::new).collect();
    for worker in workers {
        for (all, own) in all.iter_mut().zip(worker.simulations) {
            all.merge(own);
        }
    }
    let impacts = all.into_iter().map(|simulation| simulation.finish().map_err(unusable));
    let impacts = impacts.collect::<Result<_, _>>()?;
    flips.map_or(Ok(()), FlipFile::finish)?;
    Ok(impacts)
}

/// The baseline, if there is one, and each candidate.
fn sides(plans: &[Plan]) -> impl Iterator<Item = &Trial> {
    let baseline = plans.first().and_then(Plan::baseline);
    baseline.into_iter().chain(plans.iter().map(Plan::candidate))
}

/// The values of counters for each side. Sides that count alike share them.
fn replays(
    trials: &[&Trial],
    args: &CompareArgs,
    inputs: &Inputs,
    threads: usize,
) -> Result<Vec<Option<Arc<Replay>>>, Stop> {
    let mut known: Vec<(u64, Arc<Replay>)> = Vec::new();
    let mut replays = Vec::new();
    for policy in trials.iter().map(|trial| trial.policy()) {
        let Some(compiled) = policy.compiled().filter(|policy| !policy.counters.is_empty()) else {
            replays.push(None);
            continue;
        };
        let print = policy.program().counting_fingerprint(compiled);
        if let Some((_, replay)) = known.iter().find(|(own, _)| *own == print) {
            replays.push(Some(replay.clone()));
            continue;
        }
        // Nothing is added to a history: what did not happen must not count later.
        let past = args.history.history.as_deref();
        let open = |path| Past::open(path, policy.program(), inputs, Known::OnlyRead);
        let past = past.map(open).transpose()?;
        let own = Readers { policies: std::slice::from_ref(policy), named: true, rows: MANY_ROWS };
        let replay = Replay::of(own, inputs, inputs.size(), threads, past.as_ref())?;
        let replay = Arc::new(replay);
        known.push((print, replay.clone()));
        replays.push(Some(replay));
    }
    Ok(replays)
}

/// One side of a thread.
struct Side {
    policy: Policy,
    evaluation: Evaluation,
    /// The values of counters.
    replay: Option<Arc<Replay>>,
    values: Vec<Number>,
    /// What is wrong with the record at hand.
    errors: Vec<InputError>,
}

impl Side {
    /// Judges a record, for which `decide` has the evaluation and the values of counters.
    fn judge<'e>(
        &'e mut self,
        record: u64,
        decide: impl FnOnce(&'e mut Evaluation, Counts<'_>) -> Result<&'e Decision, Rejection>,
    ) {
        let counts = match &self.replay {
            Some(replay) => replay
                .values(&self.policy, record, &mut self.values)
                .map(|()| Counts::Given(&self.values)),
            None => Ok(Counts::History),
        };
        let judged = counts.and_then(|counts| {
            let decided = decide(&mut self.evaluation, counts);
            decided.map(drop).map_err(|Rejection { errors }| errors)
        });
        self.errors = judged.err().unwrap_or_default();
    }

    fn judged(&self) -> Result<&Decision, &[InputError]> {
        match self.errors.as_slice() {
            [] => Ok(self.evaluation.decision()),
            errors => Err(errors),
        }
    }
}

/// One who judges records by all sides.
struct Comparer {
    /// The baseline, if there is one, and the candidate of each simulation.
    sides: Vec<Side>,
    simulations: Vec<Simulation>,
    /// Who takes what is decided otherwise.
    taker: Option<FlipTaker>,
}

impl Comparer {
    fn compare(&mut self, record: u64, entry: &Entry, text: &[u8], told: &mut Told) {
        for side in &mut self.sides {
            match &entry.broken {
                None => side.judge(record, |own, counts| own.decide_counted(text, counts)),
                Some(error) => side.errors = vec![error.as_ref().clone()],
            }
        }
        self.add(record, &|| json::on_one_line(text), told);
    }

    /// The same for a row of columns; `rows` are those of each side.
    fn compare_row(&mut self, record: u64, rows: &[Rows<'_>], row: usize, told: &mut Told) {
        for (side, rows) in self.sides.iter_mut().zip(rows) {
            side.judge(record, |own, counts| own.decide_row_counted(rows, row, counts));
        }
        let object = || to_raw_value(&rows.last()?.object(row)).ok();
        self.add(record, &object, told);
    }

    /// Adds what the sides have made of a record; `input` gives the record, where it is told.
    fn add(&mut self, record: u64, input: &dyn Fn() -> Option<Box<RawValue>>, told: &mut Told) {
        let input = || input().unwrap_or_else(|| RawValue::NULL.to_owned());
        let value = || Json::read(input().get()).unwrap_or_default();
        let baselines = self.sides.len() - self.simulations.len();
        let (baseline, candidates) = self.sides.split_at(baselines);
        let baseline = baseline.first();
        for (simulation, candidate) in self.simulations.iter_mut().zip(candidates) {
            let judged = baseline.map(Side::judged);
            let is_changed = simulation.add(record, value, judged, candidate.judged());
            if let (Some(taker), true) = (&mut self.taker, is_changed) {
                taker.take(record, simulation, candidate.evaluation.decision(), input(), told);
            }
        }
    }
}

impl Worker<Block> for Comparer {
    fn work(&mut self, block: &mut Block, _: &mut Pieces<'_, Block>) -> Result<(), Stop> {
        let mut told = std::mem::take(&mut block.told);
        for batch in block.batches()?.into_iter().flatten() {
            let batch = batch?;
            // Every side judges every record, so that each has its rows.
            let rows = batch.opened()?;
            for (record, row) in batch.records(block) {
                self.compare_row(record, &rows, row, &mut told);
            }
        }
        let is_text = block.rows.is_none();
        for (record, entry) in (block.first..).zip(&block.entries) {
            if is_text || entry.broken.is_some() {
                self.compare(record, entry, block.text_of(entry), &mut told);
            }
        }
        if let Some(taker) = &mut self.taker {
            taker.end_block(&mut told)?;
        }
        block.told = told;
        // Memory must not grow with the records.
        self.simulations.iter().try_for_each(|simulation| simulation.check().map_err(unusable))
    }
}
