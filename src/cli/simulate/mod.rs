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
use super::{Exit, Outcome, Stop};
use crate::report;
use crate::simulate::{Impact, Plan, SimulateError};

pub(super) use flips::FlipFile;
pub(super) use judge::impacts;
pub(super) use sides::Sides;
pub(super) use text::{grouped, money, percent, troubles};

pub(super) fn run(args: &SimulateArgs) -> Outcome {
    let files = [("--output", &args.output), ("--report", &args.report), ("--flips", &args.flips)];
    for (at, (name, path)) in files.iter().enumerate() {
        let mut others = files.iter().take(at);
        if let Some((other, _)) = others.find(|(_, other)| path.is_some() && other == path) {
            return Err(Stop::Unusable(format!("`{other}` and `{name}` name the same file")));
        }
    }
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
    let plan = Plan::new(baseline, candidate, &compare.by, &compare.sum, args.sample);
    let plan = plan.map_err(unusable)?;
    let create = |path| FlipFile::create(path, args.cells.cells, &plan);
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
    let output = args.output.as_deref();
    match args.format {
        SimulateFormat::Text => write_or_print(&text::text(impact), output)?,
        SimulateFormat::Json => {
            let json = serde_json::to_string_pretty(impact).map_err(std::io::Error::from)?;
            write_exact(&(json + "\n"), output)?;
        }
        SimulateFormat::Parquet => cells::write(impact, output)?,
    }
    let Some(path) = &args.report else { return Ok(()) };
    write_exact(&report::page(impact), Some(path))
}

/// Rejected records and faults fail the run, as they do in `eval`.
pub(super) fn exit(impacts: &[Impact]) -> Exit {
    let sides = impacts.iter().flat_map(|impact| impact.baseline.iter().chain([&impact.candidate]));
    match sides.into_iter().any(|side| side.rejected > 0 || side.faulted > 0) {
        true => Exit::Failed,
        false => Exit::Done,
    }
}
