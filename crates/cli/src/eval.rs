//! `rulebook eval`: judges records and writes the decisions.

mod args;

use std::io::ErrorKind;

use super::load::{self, Manner};
use super::screen::{self, Text};
use super::told::Teller;
use super::{Exit, Outcome, Stop, paint, profiles, table, watch};
use rulebook::Policy;
use rulebook_base::visible::visible_path;
use rulebook_lang::figures::{Filling, Speech, phrases};
use rulebook_lang::model::Type;
use rulebook_stream::{Destination, Format, Judged, Run, StreamError, Totals, Wanted};

pub(super) use args::EvalArgs;
use args::Extra;

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
    let why = format!("the output was not read to its end, so {}", missing.join(", and "));
    (!missing.is_empty()).then_some(Stop::Unusable(why))
}

fn eval(args: &EvalArgs) -> Outcome {
    let files = load::files(&args.rulebook)?;
    let rulebook = load::rulebook(&files, &load::options(&args.judge)?)?;
    let (named, policies) = (&args.judge.profiles, &args.policies);
    let rulebook = profiles::join(named, &args.rulebook, &rulebook, policies)?;
    let policies = Manner::of(&args.judge, &rulebook)?.policies(&rulebook, &args.policies)?;
    let alarms = alarms(&args.fail_on, &policies)?;
    let mut distinct = load::distinct(&args.rulebook, &files);
    distinct.read("`--profile`", profiles::paths(named, &args.rulebook, &rulebook)?);
    distinct.inputs("`--input`", &args.input.files)?;
    distinct.history("`--history`", args.history.history.as_deref());
    distinct.writes("`--output`", args.output.as_deref());
    distinct.writes("`--rejects`", args.rejects.as_deref());
    distinct.check()?;
    let format = format(args)?;
    let output = match &args.output {
        Some(path) => Destination::File(path.clone()),
        None if is_for_people(format) => Destination::Stream(screen::writer()),
        None => Destination::Stream(screen::exact_writer()),
    };
    let inputs = args.input.inputs(&rulebook, &policies);
    let run = Run {
        named: !args.policies.is_empty(),
        format,
        numbers: args.json.stream(),
        cells: args.cells.stream(),
        wanted: wanted(args, format)?,
        rows: args.rows,
        rejects: args.rejects.clone(),
        history: args.history.history.clone(),
        again: args.again,
        alarms,
        threads: args.threads,
        ..Run::new(&rulebook, policies, inputs, output)
    };
    // Records are opened when the rulebook has been read.
    watch::end();
    let language = load::spoken(args.judge.lang.as_deref(), &rulebook);
    let mut teller = Teller::of(&language);
    let judged = run.judge(&mut teller)?;
    let text = text(&judged, teller.seconds(), args.output.is_none(), Speech::of(&language));
    let text = match args.output {
        Some(_) => text.without_colours(),
        None => text.as_str().to_string(),
    };
    let totals = judged.complete(&text)?;
    Ok(exit(&totals, args.rejects.is_some(), Speech::of(&language)))
}

/// How decisions are written: as the command line says, else as the ending of the output says.
fn format(args: &EvalArgs) -> Result<Format, Stop> {
    let named = args.format.map(|format| format.stream());
    let format = match &args.output {
        Some(path) => Format::of_file(path, named).map_err(StreamError::from)?,
        None if paint::on_terminal() => named.unwrap_or(Format::Table),
        None => named.unwrap_or(Format::Jsonl),
    };
    if format == Format::Parquet {
        screen::refuse_to_show_parquet(args.output.as_deref())?;
    }
    Ok(format)
}

fn is_for_people(format: Format) -> bool {
    matches!(format, Format::Table | Format::Counts)
}

/// What columns tell.
fn wanted(args: &EvalArgs, format: Format) -> Result<Wanted, Stop> {
    if !args.extras.is_empty() && !format.is_columns() {
        let why =
            "`--with` adds columns to Parquet, CSV and TSV; JSON tells rules and reasons anyway";
        return Err(Stop::Unusable(why.into()));
    }
    Ok(Wanted {
        rules: args.extras.contains(&Extra::Rules),
        reasons: args.extras.contains(&Extra::Reasons),
        elements: args.extras.contains(&Extra::Elements),
    })
}

/// Decisions and outcomes that fail the run.
fn alarms(texts: &[String], policies: &[Policy]) -> Result<Vec<(String, String)>, Stop> {
    let parse = |text: &String| {
        let wrong = |why: &str| Stop::Unusable(format!("`--fail-on {text}` {why}"));
        let (decision, outcome) =
            text.split_once('=').ok_or_else(|| wrong("must be DECISION=OUTCOME"))?;
        let type_of = |policy: &Policy| {
            let decisions = &policy.compiled().decisions;
            let found = decisions.iter().find(|named| named.name == decision);
            found.map(|found| found.ty.clone())
        };
        let mut types = policies.iter().filter_map(type_of).peekable();
        if types.peek().is_none() {
            return Err(wrong("names no decision of these policies"));
        }
        let allowed: Vec<_> = types.flat_map(outcomes).collect();
        match allowed.is_empty() || allowed.iter().any(|value| value == outcome) {
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

/// What people read of a run: its tables, its counts and a summary.
fn text(judged: &Judged, seconds: f64, coloured: bool, speech: Speech<'_>) -> Text {
    let mut text = table::tables(&judged.tables, coloured, speech);
    text += table::counts(&judged.outcomes, speech);
    writeln!(text, "{}", summary(&judged.totals, seconds, speech));
    text
}

/// How many records came to what, and how fast.
fn summary(totals: &Totals, seconds: f64, speech: Speech<'_>) -> String {
    let Totals { records, decided, rejected, faulted, unread, .. } = *totals;
    let rate = records as f64 / seconds.max(1e-9);
    let values: &Filling<'_> = &[
        ("records", &paint::strong(speech.records(records))),
        ("time", &told_seconds(seconds)),
        ("rate", &speech.count(rate as u64)),
        ("decided", &speech.count(decided)),
        ("rejected", &speech.count(rejected)),
    ];
    let mut parts = vec![speech.says(&phrases::JUDGED, values)];
    if faulted > 0 {
        let faulted = speech.says(&phrases::WITH_FAULT, &[("count", &speech.count(faulted))]);
        parts.push(paint::warning(faulted));
    }
    if unread > 0 {
        parts.push(speech.says(&phrases::BY_STATISTICS, &[("count", &speech.count(unread))]));
    }
    speech.joined(parts)
}

fn told_seconds(seconds: f64) -> String {
    if seconds < 1.0 { format!("{:.0} ms", seconds * 1e3) } else { format!("{seconds:.1} s") }
}

/// Tells why the run failed, if it did; `kept` says whether rejects are in a file.
fn exit(totals: &Totals, kept: bool, speech: Speech<'_>) -> Exit {
    let Totals { rejected, faulted, alarmed, again, .. } = *totals;
    if rejected > 0 && !kept {
        let rejected = speech.count(rejected);
        tell!("{}", speech.says(&phrases::KEPT_BY, &[("count", &rejected)]));
    }
    if again > 0 {
        let again = speech.count(again);
        tell!("{}", speech.says(&phrases::CAME_AGAIN, &[("count", &again)]));
    }
    if alarmed > 0 {
        let alarmed = speech.count(alarmed);
        tell!("{}", speech.says(&phrases::ALARMED, &[("count", &alarmed)]));
    }
    let failed = rejected > 0 || faulted > 0 || alarmed > 0;
    if failed { Exit::Failed } else { Exit::Done }
}
