//! `rulebook sweep`: what every value of a parameter would do to records that are there.

mod args;
mod csv;
mod range;
mod text;

use super::Outcome;
use super::screen::{refuse_other_format, write_exact, write_or_print};
use super::simulate::{Sides, exit, impacts, unusable};
use rulebook_lang::figures::Speech;
use rulebook_stream::pretty;
use rulebook_tools::report;
use rulebook_tools::simulate::{Plan, Point, Sweep};

pub(super) use args::SweepArgs;
use args::SweepFormat;

pub(super) fn run(args: &SweepArgs) -> Outcome {
    let settings = range::settings(&args.set)?;
    let points = range::points(&settings)?;
    let sides = Sides::of(&args.compare, true)?;
    let baseline = sides.baseline()?;
    let plan = |set: &Vec<String>| {
        let (by, sums) = (&args.compare.by, &args.compare.sum);
        let plan = Plan::new(baseline.clone(), sides.candidate(set)?, by, sums, 0);
        Ok(plan.map_err(unusable)?.among(points.len()))
    };
    let plans = points.iter().map(plan).collect::<Result<Vec<_>, super::Stop>>()?;
    let mut distinct = sides.distinct()?;
    distinct.writes("`--output`", args.output.as_deref());
    distinct.check()?;
    refuse_other_format(args.output.as_deref(), args.format.content())?;
    let language = sides.language()?;
    let impacts = impacts(&plans, &args.compare, (None, &language))?;
    let exit = exit(&impacts);
    let ranges = settings.iter().filter(|setting| setting.is_range);
    let parameters: Vec<_> = ranges.map(|setting| setting.parameter.clone()).collect();
    let value = |set: &[(String, String)], name: &String| {
        let setting = set.iter().find(|(parameter, _)| parameter == name);
        setting.map(|(_, value)| value.clone()).unwrap_or_default()
    };
    let points = impacts.into_iter().map(|impact| Point {
        values: parameters.iter().map(|name| value(&impact.candidate.set, name)).collect(),
        impact,
    });
    let sweep = Sweep { points: points.collect(), parameters };
    let output = args.output.as_deref();
    let text = match args.format {
        SweepFormat::Text => {
            let text = text::text(&sweep, Speech::of(&language));
            return write_or_print(&text, output).map(|()| exit);
        }
        SweepFormat::Json => pretty(&sweep, args.json.stream())?,
        SweepFormat::Csv => csv::csv(&sweep, args.cells.stream())?,
        SweepFormat::Svg => report::curves(&sweep),
    };
    write_exact(&text, output)?;
    Ok(exit)
}
