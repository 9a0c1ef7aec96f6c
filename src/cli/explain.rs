//! `rulebook explain`: why a record is decided as it is.

use super::args::{ExplainArgs, TextFormat};
use super::block::{Batch, Block};
use super::distinct::Distinct;
use super::eval::threads;
use super::input::{Inputs, MANY_ROWS, Readers};
use super::load::{self, Manner, counted};
use super::past::{Known, Past};
use super::rejects::problem;
use super::replay::Replay;
use super::screen::{self, Text};
use super::{Exit, Outcome, Stop, json, paint, profiles};
use crate::eval::explain::explain;
use crate::facts::keys;
use crate::rulebook::Counts;
use crate::visible::visible_path;
use crate::{Decision, Policy, Rejection, Rulebook};

pub(super) fn run(args: &ExplainArgs) -> Outcome {
    let files = load::files(&args.rulebook)?;
    let rulebook = load::rulebook(&files, &load::options(&args.judge)?)?;
    let (named, policies) = (&args.judge.profiles, args.policy.as_slice());
    let rulebook = profiles::join(named, &args.rulebook, &rulebook, policies)?;
    let paths = std::slice::from_ref(&args.input);
    let mut distinct = Distinct::of(&args.rulebook, &files);
    distinct.read("`--profile`", profiles::paths(named, &args.rulebook, &rulebook)?);
    distinct.inputs(paths)?;
    distinct.history(&args.history);
    distinct.check()?;
    let manner = Manner::of(&args.judge, &rulebook)?;
    let all = manner.policies(&rulebook, &[])?;
    let history = args.history.history.as_deref();
    let again = all.iter().any(reads_counters) || history.is_some();
    let judging = match &args.policy {
        Some(name) => vec![manner.policy(&rulebook, name)?],
        None => all,
    };
    let readers = Readers { policies: &judging, named: args.policy.is_some(), rows: MANY_ROWS };
    let inputs = Inputs::open(paths, &args.reading, readers, again)?;
    let open = |path| Past::open(path, rulebook.program(), &inputs, Known::OnlyRead);
    let past = history.map(open).transpose()?;
    let record = record(args, &inputs)?;
    let policy = match judging.as_slice() {
        [only] => only,
        several => first_fitting(several, &rulebook, &record)?,
    };
    let mut values = Vec::new();
    let counts = match reads_counters(policy) {
        true => {
            let size = inputs.size();
            let replay = Replay::of(readers, &inputs, size, threads(None, size), past.as_ref())?;
            let counted = replay.values(policy, args.record, &mut values);
            counted.map(|()| Counts::Given(&values))
        }
        false => Ok(Counts::History),
    };
    let decided = match counts {
        Ok(counts) => decide(policy, &record, counts)?,
        Err(errors) => Err(Rejection { errors }),
    };
    let decision = match decided {
        Ok(decision) => decision,
        Err(rejection) => {
            let mut text =
                Text::line(format_args!("{} the record is rejected", paint::error("rejected:")));
            rejection.errors.iter().for_each(|error| problem(error, "record", &mut text));
            screen::tell(&text);
            return Ok(Exit::Failed);
        }
    };
    let explanation = explain(&decision, rulebook.sources());
    match args.format {
        TextFormat::Text => {
            let mut text = Text::default();
            for line in paint::explanation(&explanation.to_text()).trim_end().lines() {
                writeln!(text, "{line}");
            }
            screen::print(&text)?;
        }
        TextFormat::Json => {
            let json = json::pretty(&explanation, args.json.numbers)?;
            exact!("{}", json.trim_end());
        }
    }
    Ok(Exit::Done)
}

fn reads_counters(policy: &Policy) -> bool {
    policy.counters().next().is_some()
}

/// The record that was asked for.
enum Record {
    Json(Vec<u8>),
    /// The row with this number.
    Row(Batch, usize),
}

fn decide(
    policy: &Policy,
    record: &Record,
    counts: Counts<'_>,
) -> Result<Result<Decision, Rejection>, Stop> {
    let mut evaluation = policy.evaluation();
    Ok(match record {
        Record::Json(json) => evaluation.decide_counted(json, counts).cloned(),
        Record::Row(batch, row) => match batch.opened()?.iter().find(|rows| rows.are_for(policy)) {
            Some(rows) => evaluation.decide_row_counted(rows, *row, counts).cloned(),
            None => return Err(Stop::Broken("a policy lost its columns".into())),
        },
    })
}

fn record(args: &ExplainArgs, inputs: &Inputs) -> Result<Record, Stop> {
    let mut fill = inputs.filling()?;
    let mut block = Block::default();
    let mut passed = 0;
    while fill(&mut block)? {
        if args.record - passed < block.len() {
            return within(&mut block, args.record);
        }
        passed += block.len();
    }
    let number = usize::try_from(passed).unwrap_or(usize::MAX);
    let shown = match args.input.as_os_str() == "-" {
        true => "standard input".to_string(),
        false => visible_path(&args.input),
    };
    Err(Stop::Unusable(match number {
        0 => format!("{shown} has no records"),
        _ => {
            format!("{shown} has {}; there is no record {}", counted(number, "record"), args.record)
        }
    }))
}

/// The record with a number that a block has.
fn within(block: &mut Block, record: u64) -> Result<Record, Stop> {
    for batch in block.batches()?.into_iter().flatten() {
        let batch = batch?;
        let found = batch.records(block).find(|(number, _)| *number == record);
        if let Some((_, row)) = found {
            return Ok(Record::Row(batch, row));
        }
    }
    let entry = usize::try_from(record - block.first).ok().and_then(|at| block.entries.get(at));
    match entry {
        Some(entry) => match &entry.broken {
            None => Ok(Record::Json(block.text_of(entry).to_vec())),
            Some(error) => {
                let message = format!("record {record} (line {}): {}", entry.line, error.message);
                tell!("{} {message}", paint::error("rejected:"));
                Err(Stop::Told(Exit::Failed))
            }
        },
        None => Err(Stop::Broken(format!("record {record} is lost"))),
    }
}

/// The first policy that the record is for.
fn first_fitting<'p>(
    policies: &'p [Policy],
    rulebook: &Rulebook,
    record: &Record,
) -> Result<&'p Policy, Stop> {
    let keys = match record {
        Record::Json(json) => keys(json).unwrap_or_default(),
        Record::Row(..) => Vec::new(),
    };
    let fits = |(place, policy): &(usize, &Policy)| match record {
        Record::Json(_) => policy.fits(keys.iter().map(String::as_str)),
        Record::Row(batch, _) => batch.bound.get(*place).is_some_and(Option::is_some),
    };
    let names: Vec<_> = rulebook.policies().collect();
    let none =
        || Stop::Unusable(format!("say which policy: --policy {}", names.join(" or --policy ")));
    let fitting = policies.iter().enumerate().find(fits);
    fitting.map(|(_, policy)| policy).ok_or_else(none)
}
