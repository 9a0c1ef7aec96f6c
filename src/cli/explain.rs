//! `rulebook explain`: why a record is decided as it is.

use super::args::{ExplainArgs, TextFormat};
use super::block::Block;
use super::input::Input;
use super::load::{self, Manner, counted};
use super::{Exit, Outcome, Stop, paint, profiles};
use crate::eval::explain::explain;
use crate::{Policy, Rulebook};

pub(super) fn run(args: &ExplainArgs) -> Outcome {
    let files = load::files(&args.rulebook)?;
    let rulebook = load::rulebook(&files, &load::options(&args.judge)?)?;
    let (named, policies) = (&args.judge.profiles, args.policy.as_slice());
    let rulebook = profiles::join(named, &args.rulebook, &rulebook, policies)?;
    let manner = Manner::of(&args.judge, &rulebook)?;
    let bytes = record(args)?;
    let policy = match &args.policy {
        Some(name) => manner.policy(&rulebook, name)?,
        None => first_fitting(&manner, &rulebook, &bytes)?,
    };
    let decision = match policy.decide(&bytes) {
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

/// The bytes of the record that was asked for.
fn record(args: &ExplainArgs) -> Result<Vec<u8>, Stop> {
    let mut input = Input::open(&args.input)?;
    let mut block = Block::default();
    let mut passed = 0;
    while input.fill(&mut block)? {
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

fn first_fitting(manner: &Manner, rulebook: &Rulebook, bytes: &[u8]) -> Result<Policy, Stop> {
    let policies = manner.policies(rulebook, &[])?;
    if let [only] = policies.as_slice() {
        return Ok(only.clone());
    }
    let keys: std::collections::BTreeMap<String, serde::de::IgnoredAny> =
        serde_json::from_slice(bytes).unwrap_or_default();
    let names: Vec<_> = rulebook.policies().collect();
    let none =
        || Stop::Unusable(format!("say which policy: --policy {}", names.join(" or --policy ")));
    let fitting = policies.into_iter().find(|policy| policy.fits(keys.keys().map(String::as_str)));
    fitting.ok_or_else(none)
}
