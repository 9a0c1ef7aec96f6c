//! `rulebook simulate`: what a change would do to records that are there.

mod cells;
mod flips;
mod judge;
mod matrix;
mod sides;
mod text;

use super::args::{SimulateArgs, SimulateFormat};
use super::output::refuse_to_show_parquet;
use super::screen::{write_exact, write_or_print};
use super::{Exit, Outcome, Stop, json};
use crate::report;
use crate::simulate::{Impact, Plan, SimulateError};

pub(super) use flips::FlipFile;
pub(super) use judge::impacts;
pub(super) use sides::Sides;
pub(super) use text::troubles;

pub(super) fn run(args: &SimulateArgs) -> Outcome {
    if args.format == SimulateFormat::Parquet {
        refuse_to_show_parquet(args.output.as_deref())?;
    }
    let sides = Sides::of(&args.compare, !args.set.is_empty())?;
    let (baseline, compare) = (sides.baseline()?, &args.compare);
    if baseline.is_none() && args.flips.is_some() {
        let why = "`--flips` needs something to compare with: `--set`, `--baseline` or two `--at`";
        return Err(Stop::Unusable(why.into()));
    }
    let candidate = sides.candidate(&args.set)?;
    let mut distinct = sides.distinct()?;
    distinct.writes("`--output`", args.output.as_deref());
    distinct.writes("`--report`", args.report.as_deref());
    distinct.writes("`--flips`", args.flips.as_deref());
    distinct.check()?;
    let plan = Plan::new(baseline, candidate, &compare.by, &compare.sum, args.sample);
    let plan = plan.map_err(unusable)?;
    let create = |path| FlipFile::create(path, args.cells.cells, args.json.numbers, &plan);
    let flips = args.flips.as_deref().map(create).transpose()?;
    let impacts = impacts(&[plan], compare, flips)?;
    for impact in &impacts {
        tell(args, impact)?;
    }
    Ok(exit(&impacts))
}

pub(super) fn unusable(error: SimulateError) -> Stop {
    Stop::Unusable(error.to_string())
}

fn tell(args: &SimulateArgs, impact: &Impact) -> Result<(), Stop> {
    // Whoever reads the output may go away, and the page is there all the same.
    if let Some(path) = &args.report {
        write_exact(&report::page(impact), Some(path))?;
    }
    let output = args.output.as_deref();
    match args.format {
        SimulateFormat::Text => write_or_print(&text::text(impact), output),
        SimulateFormat::Json => write_exact(&json::pretty(impact, args.json.numbers)?, output),
        SimulateFormat::Parquet => cells::write(impact, output),
    }
}

/// Rejected records and faults fail the run, as they do in `eval`.
pub(super) fn exit(impacts: &[Impact]) -> Exit {
    let sides = impacts.iter().flat_map(|impact| impact.baseline.iter().chain([&impact.candidate]));
    match sides.into_iter().any(|side| side.rejected > 0 || side.faulted > 0) {
        true => Exit::Failed,
        false => Exit::Done,
    }
}
