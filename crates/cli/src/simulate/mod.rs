//! `rulebook simulate`: what a change would do to records that are there.

mod args;
mod matrix;
mod sides;
mod text;

use super::args::CompareArgs;
use super::screen::{
    exact_writer, refuse_misnamed, refuse_other_format, refuse_to_show_parquet, write_exact,
    write_or_print,
};
use super::told::Teller;
use super::{Exit, Outcome, Stop, watch};
use rulebook_lang::figures::Speech;
use rulebook_stream::{
    Comparison, Content, Destination, Feature, FlipFile, pretty, write_matrices,
};
use rulebook_tools::report;
use rulebook_tools::simulate::{Impact, Plan, SimulateError};

pub(super) use args::SimulateArgs;
use args::SimulateFormat;
pub(super) use sides::Sides;
pub(super) use text::troubles;

pub(super) fn run(args: &SimulateArgs) -> Outcome {
    if args.format == SimulateFormat::Parquet {
        Feature::Parquet.require()?;
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
    refuse_other_format(args.output.as_deref(), args.format.content())?;
    refuse_misnamed(args.report.as_deref(), Content::PAGE)?;
    let plan = Plan::new(baseline, candidate, &compare.by, &compare.sum, args.sample);
    let plan = plan.map_err(unusable)?;
    let create = |path| FlipFile::create(path, args.cells.stream(), args.json.stream(), &plan);
    let flips = args.flips.as_deref().map(create).transpose()?;
    let language = sides.language()?;
    let impacts = impacts(&[plan], compare, (flips, &language))?;
    for impact in &impacts {
        tell(args, impact, Speech::of(&language))?;
    }
    Ok(exit(&impacts))
}

pub(super) fn unusable(error: SimulateError) -> Stop {
    Stop::Unusable(error.to_string())
}

/// What each plan comes to, told in a language; `flips` takes the records that the first decides
/// differently.
pub(super) fn impacts(
    plans: &[Plan],
    args: &CompareArgs,
    (flips, language): (Option<FlipFile>, &str),
) -> Result<Vec<Impact>, Stop> {
    let Some(candidate) = plans.first().map(Plan::candidate) else { return Ok(Vec::new()) };
    let policies = std::slice::from_ref(candidate.policy());
    let comparison = Comparison {
        plans,
        inputs: &args.input.inputs(candidate.rulebook(), policies),
        history: args.history.history.as_deref(),
        threads: args.threads,
    };
    // Records are opened when the rulebooks have been read.
    watch::end();
    Ok(comparison.run(flips, &mut Teller::of(language))?)
}

fn tell(args: &SimulateArgs, impact: &Impact, speech: Speech<'_>) -> Result<(), Stop> {
    // Whoever reads the output may go away, and the page is there all the same.
    if let Some(path) = &args.report {
        write_exact(&report::page(impact), Some(path))?;
    }
    let output = args.output.as_deref();
    match args.format {
        SimulateFormat::Text => write_or_print(&text::text(impact, speech), output),
        SimulateFormat::Json => write_exact(&pretty(impact, args.json.stream())?, output),
        SimulateFormat::Parquet => {
            let file = output.map(|path| Destination::File(path.to_path_buf()));
            let destination = file.unwrap_or_else(|| Destination::Stream(exact_writer()));
            Ok(write_matrices(impact, destination)?)
        }
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
