//! `rulebook eval`: judges records and writes the decisions.

use std::io::ErrorKind;
use std::num::NonZeroUsize;
use std::sync::Arc;
use std::thread::available_parallelism;
use std::time::Instant;

use super::args::{DecisionFormat, EvalArgs, Extra};
use super::block::{self, Block};
use super::distinct::Distinct;
use super::input::{FEW_ROWS, Inputs, MOST_ROWS, Readers};
use super::judge::{self, Judge, Task};
use super::load::{self, Manner};
use super::output::{Output, refuse_to_show_parquet};
use super::past::{Known, Past};
use super::progress::Progress;
use super::rejects::Rejects;
use super::replay::Replay;
use super::teller::Totals;
use super::{Exit, Outcome, Stop, aside, paint, pipeline, profiles, tally};
use rulebook::batch::Wanted;
use rulebook::{Policy, Rulebook};
use rulebook_base::visible::visible_path;
use rulebook_lang::figures::{count, counted};
use rulebook_lang::model::Type;

pub(super) fn run(args: &EvalArgs) -> Outcome {
    eval(args).map_err(|stop| match &stop {
        Stop::Io(error) if error.kind() == ErrorKind::BrokenPipe => unread(args).unwrap_or(stop),
        _ => stop,
    })
}

/// What becomes of what else the run was to leave, if whoever reads its output goes away: no part of it
/// stays, and that is told.
fn unread(args: &EvalArgs) -> Option<Stop> {
    let history = args.history.history.as_ref().filter(|_| !args.again);
    let uncounted = history.map(|path| format!("nothing was counted in {}", visible_path(path)));
    let unwritten =
        args.rejects.as_ref().map(|path| format!("{} was not written", visible_path(path)));
    let missing: Vec<_> = uncounted.into_iter().chain(unwritten).collect();
    let told = format!("the output was not read to its end, so {}", missing.join(", and "));
    (!missing.is_empty()).then_some(Stop::Unusable(told))
}

fn eval(args: &EvalArgs) -> Outcome {
    let files = load::files(&args.rulebook)?;
    let rulebook = load::rulebook(&files, &load::options(&args.judge)?)?;
    let (named, policies) = (&args.judge.profiles, &args.policies);
    let rulebook = profiles::join(named, &args.rulebook, &rulebook, policies)?;
    let policies = Manner::of(&args.judge, &rulebook)?.policies(&rulebook, &args.policies)?;
    let alarms = alarms(&args.fail_on, &policies)?;
    let mut distinct = Distinct::of(&args.rulebook, &files);
    distinct.read("`--profile`", profiles::paths(named, &args.rulebook, &rulebook)?);
    distinct.inputs(&args.input.files)?;
    distinct.history(&args.history);
    distinct.writes("`--output`", args.output.as_deref());
    distinct.writes("`--rejects`", args.rejects.as_deref());
    distinct.check()?;
    let format = format(args)?;
    let wanted = wanted(args, format)?;
    if format == DecisionFormat::Dsa {
        refuse_unmapped(&rulebook, &policies)?;
    }
    // All inputs are opened before anything is written.
    let history = args.history.history.as_deref();
    let reads_counters = policies.iter().any(|policy| policy.counters().next().is_some());
    let counts = reads_counters || history.is_some();
    let rows = if judge::tells_rows(format, wanted) { FEW_ROWS } else { MOST_ROWS };
    let readers = Readers { policies: &policies, named: !args.policies.is_empty(), rows };
    let inputs = Inputs::open(&args.input.files, &args.input.reading, readers, counts)?;
    let size = inputs.size();
    let threads = threads(args.threads, size);
    let known = if args.again { Known::JudgedAgain } else { Known::Refused };
    let past = history.map(|path| Past::open(path, rulebook.program(), &inputs, known));
    let past = past.transpose()?;
    let replay = match counts {
        true => Some(Replay::of(readers, &inputs, size, threads, past.as_ref())?),
        false => None,
    };
    let replay = replay.map(Arc::new);
    let filling = inputs.filling()?;
    let outcomes = judge::outcome_columns(format, &policies, wanted);
    let mut output = Output::open(
        args.output.as_deref(),
        format,
        args.cells.cells,
        args.rows,
        outcomes.schema(),
    )?;
    let task = Task {
        named: readers.named,
        policies,
        replay,
        alarms,
        format,
        numbers: args.json.numbers,
        rows: args.rows,
        statements: rulebook.statements().clone(),
        keeps_rejects: args.rejects.is_some(),
        wanted,
        encoder: output.encoder(),
    };
    let mut rejects = Rejects::open(args.rejects.as_deref())?;
    let mut progress = Progress::new(size, "");
    let started = started();
    // Statements of reasons are made by one, who knows the names of all before.
    let judges = if format == DecisionFormat::Dsa { 1 } else { threads };
    let judges = (0..judges).map(|_| Judge::new(task.clone())).collect();
    let mut taken = 0;
    let judges = pipeline::run(filling, judges, |block: &mut Block| {
        progress.add(block.size);
        taken += block.len();
        rejects.write(&block.told.rejects)?;
        output.write(&mut block.told)
    })?;
    progress.finish();
    inputs.unchanged()?;
    let mut totals = Totals::default();
    let mut tallies = Vec::new();
    for judge in judges {
        totals += judge.teller.counts;
        tallies.push(judge.teller.tally);
    }
    totals.complete(taken)?;
    let mut told = tally::lines(tallies);
    writeln!(told, "{}", summary(&totals, started.elapsed().as_secs_f64()));
    // What was counted without being told would be lost: a run that ends in between is run again.
    let output = output.finish(&told)?;
    aside::complete(output.into_iter().chain(rejects.finish()))?;
    past.map_or(Ok(()), Past::commit)?;
    Ok(exit(&totals, args.rejects.is_some()))
}

/// How decisions are written: as the command line says, else as the ending of the output says.
fn format(args: &EvalArgs) -> Result<DecisionFormat, Stop> {
    let by_ending = args.output.as_deref().and_then(DecisionFormat::by_ending);
    let format = args.format.or(by_ending).unwrap_or(match args.output {
        None if paint::on_terminal() => DecisionFormat::Table,
        _ => DecisionFormat::Jsonl,
    });
    if format == DecisionFormat::Parquet {
        refuse_to_show_parquet(args.output.as_deref())?;
    }
    Ok(format)
}

/// What columns tell.
fn wanted(args: &EvalArgs, format: DecisionFormat) -> Result<Wanted, Stop> {
    if !args.extras.is_empty() && !format.is_columns() {
        let why =
            "`--with` adds columns to Parquet, CSV and TSV; JSON tells rules and reasons anyway";
        return Err(Stop::Unusable(why.into()));
    }
    Ok(Wanted {
        rules: args.extras.contains(&Extra::Rules),
        reasons: args.extras.contains(&Extra::Reasons),
    })
}

/// Statements of reasons need a mapping.
fn refuse_unmapped(rulebook: &Rulebook, policies: &[Policy]) -> Result<(), Stop> {
    let mut mappings = rulebook.statements().mappings().iter();
    match mappings.any(|mapping| policies.iter().any(|policy| policy.name() == mapping.policy)) {
        true => Ok(()),
        false => Err(Stop::Unusable(
            "`--format dsa` needs to know how decisions become statements; \
             add `dsa` to rulebook.yaml, as docs/statements.md shows"
                .into(),
        )),
    }
}

/// How many threads judge: no more than there are blocks to judge.
pub(super) fn threads(wanted: Option<NonZeroUsize>, size: Option<u64>) -> usize {
    let wanted = wanted.or_else(|| available_parallelism().ok()).map_or(1, usize::from);
    let blocks = size.map_or(u64::MAX, |size| size.div_ceil(block::SIZE as u64));
    wanted.min(usize::try_from(blocks).unwrap_or(usize::MAX)).max(1)
}

#[allow(clippy::disallowed_methods, reason = "the summary tells records a second")]
fn started() -> Instant {
    Instant::now()
}

/// Decisions and outcomes that fail the run.
fn alarms(texts: &[String], policies: &[Policy]) -> Result<Vec<(String, String)>, Stop> {
    let parse = |text: &String| {
        let wrong = |why: &str| Stop::Unusable(format!("`--fail-on {text}` {why}"));
        let (decision, outcome) =
            text.split_once('=').ok_or_else(|| wrong("must be DECISION=OUTCOME"))?;
        let type_of = |policy: &Policy| {
            let decisions = &policy.compiled().decisions;
            let known = decisions.iter().find(|known| known.name == decision);
            known.map(|known| known.ty.clone())
        };
        let mut types = policies.iter().filter_map(type_of).peekable();
        if types.peek().is_none() {
            return Err(wrong("names no decision of these policies"));
        }
        let allowed: Vec<_> = types.flat_map(outcomes).collect();
        match allowed.is_empty() || allowed.iter().any(|known| known == outcome) {
            true => Ok((decision.to_string(), outcome.to_string())),
            false => Err(wrong(&format!(
                "can never be met; `{decision}` is one of {}",
                allowed.join(", ")
            ))),
        }
    };
    texts.iter().map(parse).collect()
}

/// The outcomes of a decision, where they are few.
fn outcomes(ty: Type) -> Vec<String> {
    match ty {
        Type::Bool => vec!["true".into(), "false".into()],
        Type::Enum(members) if !members.open => members.members.clone(),
        _ => Vec::new(),
    }
}

/// How many records came to what, and how fast.
fn summary(totals: &Totals, seconds: f64) -> String {
    let Totals { records, decided, rejected, faulted, unread, .. } = *totals;
    let rate = records as f64 / seconds.max(1e-9);
    let mut summary = format!(
        "{} in {} ({} a second): {} decided, {} rejected",
        paint::strong(counted(records, "record")),
        told_seconds(seconds),
        count(rate as u64),
        count(decided),
        count(rejected),
    );
    if faulted > 0 {
        summary
            .push_str(&format!(", {}", paint::warning(format!("{} with a fault", count(faulted)))));
    }
    if unread > 0 {
        summary.push_str(&format!(", {} by statistics alone", count(unread)));
    }
    summary
}

fn told_seconds(seconds: f64) -> String {
    if seconds < 1.0 { format!("{:.0} ms", seconds * 1e3) } else { format!("{seconds:.1} s") }
}

/// Tells why the run failed, if it did; `kept` says whether rejects are in a file.
fn exit(totals: &Totals, kept: bool) -> Exit {
    let Totals { rejected, faulted, alarmed, .. } = *totals;
    if rejected > 0 && !kept {
        tell!("{} rejected; `--rejects FILE` keeps them", count(rejected));
    }
    if alarmed > 0 {
        tell!("{} decided as `--fail-on` says", count(alarmed));
    }
    let failed = rejected > 0 || faulted > 0 || alarmed > 0;
    if failed { Exit::Failed } else { Exit::Done }
}
