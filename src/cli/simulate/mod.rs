//! `rulebook simulate`: what a change would do to records that are there.

mod judge;
mod sides;
mod text;

use super::args::{SimulateArgs, TextFormat};
use super::{Exit, Outcome, Stop, write_or_print};
use crate::report;
use crate::simulate::{Impact, Plan, SimulateError};

pub(super) use judge::impacts;
pub(super) use sides::Sides;
pub(super) use text::{drawn, grouped, money, percent, table, troubles};

pub(super) fn run(args: &SimulateArgs) -> Outcome {
    let sides = Sides::of(&args.compare, !args.set.is_empty())?;
    let (baseline, compare) = (sides.baseline()?, &args.compare);
    let candidate = sides.candidate(&args.set)?;
    let plan = Plan::new(baseline, candidate, &compare.by, &compare.sum, args.sample);
    let impacts = impacts(&[plan.map_err(unusable)?], compare)?;
    for impact in &impacts {
        tell(args, impact)?;
    }
    Ok(exit(&impacts))
}

pub(super) fn unusable(error: SimulateError) -> Stop {
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
    write_or_print(&report::page(impact), Some(path))
}

/// Rejected records and faults fail the run, as they do in `eval`.
pub(super) fn exit(impacts: &[Impact]) -> Exit {
    let sides = impacts.iter().flat_map(|impact| impact.baseline.iter().chain([&impact.candidate]));
    match sides.into_iter().any(|side| side.rejected > 0 || side.faulted > 0) {
        true => Exit::Failed,
        false => Exit::Done,
    }
}
