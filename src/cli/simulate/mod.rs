//! `rulebook simulate`: what a change would do to records that are there.

mod text;

use std::io::Write as _;
use std::path::Path;
use std::sync::Arc;

use super::args::{RulebookArgs, SimulateArgs, TextFormat};
use super::aside::Aside;
use super::block::{Block, Entry};
use super::eval::threads;
use super::input::{Inputs, Readers};
use super::load::{self, Manner};
use super::pipeline::Worker;
use super::progress::Progress;
use super::replay::Replay;
use super::{Exit, Outcome, Stop, pipeline, profiles, write_or_print};
use crate::batch::Rows;
use crate::facts::InputError;
use crate::model::Number;
use crate::report;
use crate::rulebook::{Counts, Evaluation};
use crate::simulate::{Impact, Plan, SimulateError, Simulation, Trial};
use crate::{Policy, Rejection};

pub(super) fn run(args: &SimulateArgs) -> Outcome {
    let plan = plan(args)?;
    let policies: Vec<_> = sides(&plan).map(|trial| trial.policy().clone()).collect();
    let counts = policies.iter().any(|policy| policy.counters().next().is_some());
    let readers = Readers { policies: &policies, named: true };
    let inputs = Inputs::open(&args.inputs, &args.reading, readers, counts)?;
    let size = inputs.size();
    let threads = threads(args.threads, size);
    let mut replays = Vec::new();
    for policy in &policies {
        let own = std::slice::from_ref(policy);
        let replay = match policy.counters().next() {
            Some(_) => {
                let own = Readers { policies: own, named: true };
                Some(Arc::new(Replay::of(own, &inputs, size, threads, None)?))
            }
            None => None,
        };
        replays.push(replay);
    }
    let worker = || {
        let judges = policies.iter().zip(&replays).map(|(policy, replay)| Side {
            evaluation: policy.evaluation(),
            policy: policy.clone(),
            replay: replay.clone(),
            values: Vec::new(),
            errors: Vec::new(),
        });
        Comparer { sides: judges.collect(), simulation: Simulation::new(&plan) }
    };
    let workers = (0..threads).map(|_| worker()).collect();
    let mut progress = Progress::new(size, "");
    let workers = pipeline::run(inputs.filling()?, workers, |block: &mut Block| {
        progress.add(block.size);
        Ok(())
    })?;
    progress.finish();
    inputs.unchanged()?;
    let mut all = Simulation::new(&plan);
    for worker in workers {
        all.merge(worker.simulation);
    }
    let impact = all.finish().map_err(unusable)?;
    tell(args, &impact)?;
    Ok(exit(&impact))
}

fn unusable(error: SimulateError) -> Stop {
    Stop::Unusable(error.to_string())
}

fn tell(args: &SimulateArgs, impact: &Impact) -> Result<(), Stop> {
    let text = match args.format {
        TextFormat::Text => text::text(impact),
        TextFormat::Json => {
            serde_json::to_string_pretty(impact).map_err(std::io::Error::from)? + "\n"
        }
    };
    write_or_print(&text, args.output.as_deref())?;
    let Some(path) = &args.report else { return Ok(()) };
    let (mut file, aside) = Aside::create(path)?;
    let written = file.write_all(report::page(impact).as_bytes());
    written.map_err(|e| Stop::Unusable(format!("cannot write {}: {e}", path.display())))?;
    aside.complete()
}

/// Rejected records and faults fail the run, as they do in `eval`.
fn exit(impact: &Impact) -> Exit {
    let mut sides = impact.baseline.iter().chain([&impact.candidate]);
    match sides.any(|side| side.rejected > 0 || side.faulted > 0) {
        true => Exit::Failed,
        false => Exit::Done,
    }
}

fn sides(plan: &Plan) -> impl Iterator<Item = &Trial> {
    plan.baseline().into_iter().chain([plan.candidate()])
}

/// What the arguments want to be compared.
fn plan(args: &SimulateArgs) -> Result<Plan, Stop> {
    let [first, second] = match args.at.as_slice() {
        [] => [None, None],
        [both] => [Some(both), Some(both)],
        [first, second] => [Some(first), Some(second)],
        _ => return Err(Stop::Unusable("`--at` compares two times, not more".into())),
    };
    let path = &args.rulebook.path;
    let compares = args.baseline.is_some() || args.at.len() == 2 || !args.set.is_empty();
    let candidate = trial(args, path, second, &args.set)?;
    let baseline = match (&args.baseline, compares) {
        (Some(path), _) => Some(trial(args, path, first, &[])?),
        (None, true) => Some(trial(args, path, first, &[])?),
        (None, false) => None,
    };
    Plan::new(baseline, candidate, &args.by, &args.sum, args.sample).map_err(unusable)
}

/// One side: a rulebook, the time at which it judges, and the parameters that are set in it.
fn trial(
    args: &SimulateArgs,
    path: &Path,
    at: Option<&String>,
    set: &[String],
) -> Result<Trial, Stop> {
    let own = RulebookArgs { path: path.to_path_buf() };
    let rulebook = load::rulebook(&load::files(&own)?, &load::settings(set)?)?;
    let names: Vec<_> = rulebook.policies().collect();
    let name = match (&args.policy, names.as_slice()) {
        (Some(name), _) => name.clone(),
        (None, [only]) => (*only).to_string(),
        (None, names) => {
            let names = names.join(" or --policy ");
            return Err(Stop::Unusable(format!("say which policy: --policy {names}")));
        }
    };
    let named = std::slice::from_ref(&name);
    let rulebook = profiles::join(&args.profiles, &own, &rulebook, named)?;
    let manner = Manner::new(("--at", at), args.lang.as_ref(), &rulebook)?;
    let policy = manner.policy(&rulebook, &name)?;
    let pairs = set.iter().filter_map(|text| text.split_once('='));
    let pairs = pairs.map(|(name, value)| (name.trim().into(), value.trim().into())).collect();
    let mut label: Vec<String> = vec![path.display().to_string()];
    label.extend(at.map(|at| format!("at {at}")));
    label.extend((!set.is_empty()).then(|| format!("with {}", set.join(", "))));
    let trial = Trial::new(&rulebook, policy, label.join(" ")).with(pairs);
    Ok(match at {
        Some(at) => trial.at(at.clone()),
        None => trial,
    })
}

/// One side of a thread.
struct Side {
    policy: Policy,
    evaluation: Evaluation,
    /// The values of counters, each side its own.
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
        decide: impl FnOnce(&'e mut Evaluation, Counts<'_>) -> Result<&'e crate::Decision, Rejection>,
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

    fn judged(&self) -> Result<&crate::Decision, &[InputError]> {
        match self.errors.as_slice() {
            [] => Ok(self.evaluation.decision()),
            errors => Err(errors),
        }
    }
}

/// One who judges records by both sides.
struct Comparer {
    /// The baseline, if there is one, and the candidate.
    sides: Vec<Side>,
    simulation: Simulation,
}

impl Comparer {
    fn compare(&mut self, record: u64, entry: &Entry, json: &[u8]) {
        for side in &mut self.sides {
            match &entry.broken {
                None => {
                    side.judge(record, |own, counts| own.decide_counted(json, counts));
                }
                Some(error) => side.errors = vec![error.as_ref().clone()],
            }
        }
        self.add(record, json);
    }

    /// The same for a row of columns.
    fn compare_row(&mut self, record: u64, rows: &[Rows<'_>], row: usize) {
        let mut json = Vec::new();
        for side in &mut self.sides {
            let Some(rows) = rows.iter().find(|rows| rows.are_for(&side.policy)) else { continue };
            side.judge(record, |own, counts| own.decide_row_counted(rows, row, counts));
            json.clear();
            // A row can always be written as JSON into memory.
            let _ = serde_json::to_writer(&mut json, &rows.object(row));
        }
        self.add(record, &json);
    }

    fn add(&mut self, record: u64, json: &[u8]) {
        match self.sides.as_slice() {
            [alone] => self.simulation.add(record, json, None, alone.judged()),
            [baseline, candidate] => {
                self.simulation.add(record, json, Some(baseline.judged()), candidate.judged());
            }
            _ => {}
        }
    }
}

impl Worker<Block> for Comparer {
    fn work(&mut self, block: &mut Block) -> Result<(), Stop> {
        let Some(batch) = block.batch()? else {
            for (record, entry) in (block.first..).zip(&block.entries) {
                self.compare(record, entry, block.text_of(entry));
            }
            return Ok(());
        };
        let rows = batch.opened()?;
        for (record, row) in batch.records(block) {
            self.compare_row(record, &rows, row);
        }
        for (record, entry) in (block.first..).zip(&block.entries) {
            if entry.broken.is_some() {
                self.compare(record, entry, block.text_of(entry));
            }
        }
        Ok(())
    }
}
