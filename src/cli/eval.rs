//! `rulebook eval`: judges records and writes the decisions.

use std::time::Instant;

use serde::de::IgnoredAny;

use super::args::{DecisionFormat, EvalArgs};
use super::input::{Input, Record, total_size};
use super::load::{self, Manner, counted};
use super::output::Output;
use super::progress::Progress;
use super::rejects::Rejects;
use super::table::Tally;
use super::{Exit, Outcome, Stop, paint};
use crate::facts::InputError;
use crate::model::Type;
use crate::{Decision, Policy, Rejection};

pub(super) fn run(args: &EvalArgs) -> Outcome {
    let files = load::files(&args.rulebook)?;
    let rulebook = load::rulebook(&files, &load::options(&args.judge)?)?;
    let policies = Manner::of(&args.judge, &rulebook)?.policies(&rulebook, &args.policies)?;
    let alarms = alarms(&args.fail_on, &policies)?;
    if args.output.is_some() && args.output == args.rejects {
        return Err(Stop::Unusable("`--output` and `--rejects` name the same file".into()));
    }
    let format = args.format.unwrap_or(match args.output {
        None if paint::on_terminal() => DecisionFormat::Table,
        _ => DecisionFormat::Jsonl,
    });
    // All inputs are opened before anything is written.
    let inputs: Vec<_> =
        args.inputs.iter().map(|path| Input::open(path)).collect::<Result<_, _>>()?;
    let mut run = Run {
        policies,
        named: !args.policies.is_empty(),
        alarms,
        output: Output::open(args.output.as_deref(), format, args.rows)?,
        rejects: Rejects::open(args.rejects.as_deref())?,
        tally: Tally::default(),
        records: 0,
        decided: 0,
        faulted: 0,
        alarmed: 0,
    };
    let mut progress = Progress::new(total_size(&args.inputs));
    let started = started();
    for (path, mut input) in args.inputs.iter().zip(inputs) {
        let shown = path.display().to_string();
        let file = (args.inputs.len() > 1).then_some(shown.as_str());
        while let Some(record) = input.next()? {
            progress.add(record.size);
            run.record(record, file)?;
        }
    }
    progress.finish();
    run.finish(started.elapsed().as_secs_f64(), args.rejects.is_some())
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
            let decisions = policy.compiled().map_or([].as_slice(), |policy| &policy.decisions);
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

struct Run {
    policies: Vec<Policy>,
    /// Whether the user named the policies.
    named: bool,
    alarms: Vec<(String, String)>,
    output: Output,
    rejects: Rejects,
    tally: Tally,
    records: u64,
    decided: u64,
    faulted: u64,
    alarmed: u64,
}

impl Run {
    fn record(&mut self, record: Record, file: Option<&str>) -> Result<(), Stop> {
        let number = self.records;
        self.records += 1;
        let (bytes, result) = match record.content {
            Ok(bytes) => {
                let result = self.judge(&bytes);
                (bytes, result)
            }
            Err((bytes, error)) => (bytes, Err(vec![error])),
        };
        match result {
            Ok(decisions) => {
                self.decided += 1;
                for decision in &decisions {
                    self.faulted += u64::from(decision.has_faulted());
                    self.alarmed +=
                        u64::from(self.alarms.iter().any(|alarm| rings(decision, alarm)));
                    self.tally.add(decision);
                    self.output.add(number, decision)?;
                }
                Ok(())
            }
            Err(errors) => self.rejects.add(number, record.line, file, &errors, &bytes),
        }
    }

    /// The decisions of every policy that the record is for; one rejection rejects it as a whole.
    fn judge(&self, bytes: &[u8]) -> Result<Vec<Decision>, Vec<InputError>> {
        let all = self.named || self.policies.len() == 1;
        let fitting: Vec<_> = match all {
            true => self.policies.iter().collect(),
            false => fitting(&self.policies, bytes)?,
        };
        let decide = |policy: &&Policy| policy.decide(bytes);
        fitting.iter().map(decide).collect::<Result<_, _>>().map_err(|Rejection { errors }| errors)
    }

    fn finish(self, seconds: f64, kept: bool) -> Outcome {
        let Self { records, decided, faulted, alarmed, rejects, output, tally, .. } = self;
        let rejected = rejects.count;
        rejects.finish()?;
        let mut summary = tally.lines();
        let rate = records as f64 / seconds.max(1e-9);
        summary.push_str(&format!(
            "{} in {} ({rate:.0} a second): {decided} decided, {rejected} rejected",
            paint::strong(counted(usize::try_from(records).unwrap_or(usize::MAX), "record")),
            told_seconds(seconds),
        ));
        if faulted > 0 {
            summary.push_str(&format!(", {}", paint::warning(format!("{faulted} with a fault"))));
        }
        summary.push('\n');
        output.finish(&summary)?;
        if rejected > 0 && !kept {
            anstream::eprintln!("{rejected} rejected; `--rejects FILE` keeps them");
        }
        if alarmed > 0 {
            anstream::eprintln!("{alarmed} decided as `--fail-on` says");
        }
        let failed = rejected > 0 || faulted > 0 || alarmed > 0;
        Ok(if failed { Exit::Failed } else { Exit::Done })
    }
}

fn told_seconds(seconds: f64) -> String {
    if seconds < 1.0 { format!("{:.0} ms", seconds * 1e3) } else { format!("{seconds:.1} s") }
}

/// The policies whose record has all its required fields in an object.
fn fitting<'p>(policies: &'p [Policy], bytes: &[u8]) -> Result<Vec<&'p Policy>, Vec<InputError>> {
    use std::collections::HashMap;
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    let error = |code, message| vec![InputError { path: String::new(), code, message }];
    let keys: HashMap<String, IgnoredAny> = serde_json::from_slice(bytes)
        .map_err(|slip| error("bad-json", format!("this is not a JSON object: {slip}")))?;
    let fitting: Vec<_> =
        policies.iter().filter(|policy| policy.fits(keys.keys().map(String::as_str))).collect();
    if fitting.is_empty() {
        let names: Vec<_> = policies.iter().map(Policy::name).collect();
        let message = format!(
            "no policy takes a record with these fields; name one with `--policy` to learn why: {}",
            names.join(", ")
        );
        return Err(error("no-policy", message));
    }
    Ok(fitting)
}

fn rings(decision: &Decision, (name, outcome): &(String, String)) -> bool {
    decision.verdict(name).is_some_and(|verdict| {
        decision.outcome(name) == Some(outcome)
            || decision.told(&verdict) == *outcome
            || decision.truth(name).is_some_and(|truth| truth.to_string() == *outcome)
    })
}
