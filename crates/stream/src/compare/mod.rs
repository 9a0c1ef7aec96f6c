//! Records judged by all sides of some simulations, in one pass over the inputs.

mod flips;

use std::num::NonZeroUsize;
use std::path::Path;
use std::sync::Arc;

use serde_json::value::RawValue;

use crate::block::{Block, Record, Told};
use crate::input::{MANY_ROWS, Opened, Readers};
use crate::observer::{Observer, Pass};
use crate::options::{Inputs, Known};
use crate::past::Past;
use crate::pipeline::{self, Pieces, Worker, threads};
use crate::replay::Replay;
use crate::{Refusal, StreamError};
use flips::FlipTaker;
use rulebook::inside::Counts;
use rulebook::{Evaluation, Policy};
use rulebook_core::facts::InputError;
use rulebook_core::history::Answer;
use rulebook_lang::model::Json;
use rulebook_tools::simulate::{Impact, JudgedSide, Plan, SimulateError, Simulation, Trial};

pub use flips::FlipFile;
pub(crate) use flips::Names;

/// Records that are judged by the sides of simulations.
pub struct Comparison<'c> {
    /// What is compared. All have the same baseline, or none.
    pub plans: &'c [Plan],
    /// Which records.
    pub inputs: &'c Inputs,
    /// A file that keeps what earlier runs have counted. Nothing is added to it: what did not happen must
    /// not count later.
    pub history: Option<&'c Path>,
    /// How many threads judge; as many as the machine runs side by side, if not told.
    pub threads: Option<NonZeroUsize>,
}

impl Comparison<'_> {
    /// What each plan comes to. `flips` takes the records that are decided differently by the first.
    ///
    /// # Errors
    /// When an input cannot be read or changes meanwhile, and when a simulation asks for too much memory.
    pub fn run(
        &self,
        mut flips: Option<FlipFile>,
        observer: &mut dyn Observer,
    ) -> Result<Vec<Impact>, StreamError> {
        let trials: Vec<_> = sides(self.plans).collect();
        let reads = |trial: &&Trial| trial.policy().counters().next().is_some();
        if self.history.is_some() && !trials.iter().any(reads) {
            return Err(Refusal::NoCounters.into());
        }
        let policies: Vec<_> = trials.iter().map(|trial| trial.policy().clone()).collect();
        let readers = Readers { policies: &policies, named: true, rows: MANY_ROWS };
        let inputs = Opened::open(self.inputs, readers, trials.iter().any(reads))?;
        inputs.tell(observer);
        let size = inputs.size();
        let threads = threads(self.threads, size);
        let replays = self.replays(&policies, &inputs, threads, observer)?;
        let worker = || {
            let judges = policies.iter().zip(&replays).map(|(policy, replay)| Side {
                evaluation: policy.evaluation(),
                policy: policy.clone(),
                replay: replay.clone(),
                values: Vec::new(),
                errors: Vec::new(),
            });
            let simulations = self.plans.iter().map(Simulation::new).collect();
            let taker = flips.as_ref().map(FlipFile::taker);
            Comparer { sides: judges.collect(), simulations, taker }
        };
        let workers = (0..threads).map(|_| worker()).collect();
        observer.begin(Pass::Judging, size);
        let workers = pipeline::run(inputs.filling()?, workers, |block: &mut Block| {
            observer.advance(block.size)?;
            flips.as_mut().map_or(Ok(()), |file| file.write(&mut block.told))
        })?;
        observer.end();
        inputs.unchanged()?;
        let mut all: Vec<_> = self.plans.iter().map(Simulation::new).collect();
        for worker in workers {
            for (all, simulation) in all.iter_mut().zip(worker.simulations) {
                all.merge(simulation);
            }
        }
        let impacts = all.into_iter().map(|simulation| simulation.finish().map_err(unusable));
        let impacts = impacts.collect::<Result<_, _>>()?;
        flips.map_or(Ok(()), FlipFile::finish)?;
        Ok(impacts)
    }

    /// The values of counters for each side. Sides that count alike share them.
    fn replays(
        &self,
        policies: &[Policy],
        inputs: &Opened,
        threads: usize,
        observer: &mut dyn Observer,
    ) -> Result<Vec<Option<Arc<Replay>>>, StreamError> {
        let mut shared: Vec<(u64, Arc<Replay>)> = Vec::new();
        let mut replays = Vec::new();
        for policy in policies {
            let compiled = policy.compiled();
            if compiled.counters.is_empty() {
                replays.push(None);
                continue;
            }
            let print = policy.program().counting_fingerprint(compiled);
            if let Some((_, replay)) = shared.iter().find(|(fingerprint, _)| *fingerprint == print)
            {
                replays.push(Some(replay.clone()));
                continue;
            }
            let open = |path| Past::open(path, policy.program(), inputs, Known::OnlyRead);
            let past = self.history.map(open).transpose()?;
            let policies = std::slice::from_ref(policy);
            let readers = Readers { policies, named: true, rows: MANY_ROWS };
            let replay = Arc::new(Replay::of(readers, inputs, threads, past.as_ref(), observer)?);
            shared.push((print, replay.clone()));
            replays.push(Some(replay));
        }
        Ok(replays)
    }
}

fn unusable(error: SimulateError) -> StreamError {
    StreamError::Unusable(error.to_string())
}

/// The baseline, if there is one, and each candidate.
fn sides(plans: &[Plan]) -> impl Iterator<Item = &Trial> {
    let baseline = plans.first().and_then(Plan::baseline);
    baseline.into_iter().chain(plans.iter().map(Plan::candidate))
}

/// One side of a thread.
struct Side {
    policy: Policy,
    evaluation: Evaluation,
    /// The values of counters.
    replay: Option<Arc<Replay>>,
    values: Vec<Answer>,
    /// What is wrong with the record at hand.
    errors: Vec<InputError>,
}

impl Side {
    /// Judges a record; the side has a place among all.
    fn judge(&mut self, number: u64, place: usize, record: Record<'_>) {
        let counts = match &self.replay {
            Some(replay) => replay
                .values(&self.policy, number, &mut self.values)
                .map(|()| Counts::Given(&self.values)),
            None => Ok(Counts::History),
        };
        let judged = counts.and_then(|counts| match record {
            Record::Broken { error, .. } => Err(vec![error.clone()]),
            record => match record.decide(place, &mut self.evaluation, counts) {
                Some(decided) => decided.map(drop).map_err(|rejection| rejection.errors),
                // Every side judges every record.
                None => Ok(()),
            },
        });
        self.errors = judged.err().unwrap_or_default();
    }

    fn judged(&mut self) -> JudgedSide<'_> {
        JudgedSide::new(&mut self.evaluation, &self.errors)
    }
}

/// One who judges records by all sides.
struct Comparer {
    /// The baseline, if there is one, and the candidate of each simulation.
    sides: Vec<Side>,
    simulations: Vec<Simulation>,
    /// Who takes what is decided differently.
    taker: Option<FlipTaker>,
}

impl Comparer {
    fn compare(&mut self, number: u64, record: Record<'_>, told: &mut Told) {
        for (place, side) in self.sides.iter_mut().enumerate() {
            side.judge(number, place, record);
        }
        self.add(number, &|| record.to_json(), told);
    }

    /// Adds what the sides have made of a record; `input` gives the record, where it is told.
    fn add(&mut self, record: u64, input: &dyn Fn() -> Option<Box<RawValue>>, told: &mut Told) {
        let input = || input().unwrap_or_else(|| RawValue::NULL.to_owned());
        let value = || Json::read(input().get()).unwrap_or_default();
        let Self { sides, simulations, taker } = self;
        let mut sides: Vec<_> = sides.iter_mut().map(Side::judged).collect();
        Simulation::add_to_all(simulations, record, &value, &mut sides, |simulation, decision| {
            if let Some(taker) = taker {
                taker.take(record, simulation, decision, input(), told);
            }
        });
    }
}

impl Worker<Block> for Comparer {
    fn work(&mut self, block: &mut Block, _: &mut Pieces<'_, Block>) -> Result<(), StreamError> {
        let mut told = std::mem::take(&mut block.told);
        block.each(|number, record| self.compare(number, record, &mut told))?;
        if let Some(taker) = &mut self.taker {
            taker.end_block(&mut told)?;
        }
        block.told = told;
        // Memory must not grow with the records.
        self.simulations.iter().try_for_each(|simulation| simulation.check().map_err(unusable))
    }
}
