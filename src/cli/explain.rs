//! `rulebook explain`: why a record is decided as it is.

use super::args::{ExplainArgs, TextFormat};
use super::block::Block;
use super::eval::threads;
use super::input::Inputs;
use super::load::{self, Manner, counted};
use super::past::{Known, Past};
use super::replay::Replay;
use super::{Exit, Outcome, Stop, paint, profiles};
use crate::eval::explain::explain;
use crate::facts::InputError;
use crate::rulebook::Counts;
use crate::{Decision, Policy, Rejection, Rulebook};

pub(super) fn run(args: &ExplainArgs) -> Outcome {
    let files = load::files(&args.rulebook)?;
    let rulebook = load::rulebook(&files, &load::options(&args.judge)?)?;
    let (named, policies) = (&args.judge.profiles, args.policy.as_slice());
    let rulebook = profiles::join(named, &args.rulebook, &rulebook, policies)?;
    let manner = Manner::of(&args.judge, &rulebook)?;
    let all = manner.policies(&rulebook, &[])?;
    let paths = std::slice::from_ref(&args.input);
    let history = args.history.history.as_deref();
    let again = all.iter().any(reads_counters) || history.is_some();
    let inputs = Inputs::open(paths, &args.reading, again)?;
    let open = |path| Past::open(path, rulebook.program(), &inputs, Known::OnlyRead);
    let past = history.map(open).transpose()?;
    let bytes = record(args, &inputs)?;
    let policy = match &args.policy {
        Some(name) => manner.policy(&rulebook, name)?,
        None => first_fitting(&all, &rulebook, &bytes)?,
    };
    let decided = match reads_counters(&policy) {
        true => {
            let judging = if args.policy.is_some() { vec![policy.clone()] } else { all };
            let named = args.policy.is_some();
            let size = inputs.size();
            let threads = threads(None, size);
            let replay = Replay::of(&judging, named, &inputs, size, threads, past.as_ref())?;
            decide_counted(&policy, args.record, &bytes, &replay)
        }
        false => policy.decide(&bytes),
    };
    let decision = match decided {
        Ok(decision) => decision,
        Err(rejection) => {
            anstream::eprintln!("{} {rejection}", paint::error("rejected:"));
            return Ok(Exit::Failed);
        }
    };
    let explanation = explain(&decision, rulebook.sources());
    match args.format {
        TextFormat::Text => say!("{}", paint::explanation(&explanation.to_text()).trim_end()),
        TextFormat::Json => {
            let json = serde_json::to_string_pretty(&explanation).map_err(std::io::Error::from)?;
            say!("{json}");
        }
    }
    Ok(Exit::Done)
}

fn reads_counters(policy: &Policy) -> bool {
    policy.counters().next().is_some()
}

/// Decides about a record of a replay.
fn decide_counted(
    policy: &Policy,
    record: u64,
    json: &[u8],
    replay: &Replay,
) -> Result<Decision, Rejection> {
    let mut values = Vec::new();
    let counts = replay.values(policy, record, &mut values);
    counts.map_err(|errors: Vec<InputError>| Rejection { errors })?;
    let mut evaluation = policy.evaluation();
    evaluation.decide_counted(json, Counts::Given(&values)).cloned()
}

/// The bytes of the record that was asked for.
fn record(args: &ExplainArgs, inputs: &Inputs) -> Result<Vec<u8>, Stop> {
    let mut fill = inputs.filling()?;
    let mut block = Block::default();
    let mut passed = 0;
    while fill(&mut block)? {
        let at = usize::try_from(args.record - passed).ok();
        if let Some(entry) = at.and_then(|at| block.entries.get(at)) {
            return match &entry.broken {
                None => Ok(block.text_of(entry).to_vec()),
                Some(error) => {
                    let (number, line) = (args.record, entry.line);
                    let message = format!("record {number} (line {line}): {}", error.message);
                    anstream::eprintln!("{} {message}", paint::error("rejected:"));
                    Err(Stop::Told(Exit::Failed))
                }
            };
        }
        passed += block.entries.len() as u64;
    }
    let number = usize::try_from(passed).unwrap_or(usize::MAX);
    let shown = match args.input.as_os_str() == "-" {
        true => "standard input".to_string(),
        false => args.input.display().to_string(),
    };
    Err(Stop::Unusable(match number {
        0 => format!("{shown} has no records"),
        _ => {
            format!("{shown} has {}; there is no record {}", counted(number, "record"), args.record)
        }
    }))
}

fn first_fitting(policies: &[Policy], rulebook: &Rulebook, bytes: &[u8]) -> Result<Policy, Stop> {
    if let [only] = policies {
        return Ok(only.clone());
    }
    let keys: std::collections::BTreeMap<String, serde::de::IgnoredAny> =
        serde_json::from_slice(bytes).unwrap_or_default();
    let names: Vec<_> = rulebook.policies().collect();
    let none =
        || Stop::Unusable(format!("say which policy: --policy {}", names.join(" or --policy ")));
    let fitting = policies.iter().find(|policy| policy.fits(keys.keys().map(String::as_str)));
    fitting.cloned().ok_or_else(none)
}
