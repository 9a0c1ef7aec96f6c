//! `rulebook explain`: why a record is decided as it is.

mod args;

use super::args::TextFormat;
use super::load::{self, Manner};
use super::screen::{self, Text};
use super::told::{Teller, problem};
use super::{Exit, Outcome, Stop, paint, profiles, watch, wrap};
use rulebook_core::eval::Changeable;
use rulebook_core::eval::explain::{Explanation, explain_with};
use rulebook_lang::figures::{Speech, phrases};
use rulebook_stream::{Found, MOST_ELEMENTS, Pick, Picked, Which};

pub(super) use args::ExplainArgs;

/// How many other records of one id are named.
const OTHERS: usize = 10;

pub(super) fn run(args: &ExplainArgs) -> Outcome {
    let files = load::files(&args.rulebook)?;
    let rulebook = load::rulebook(&files, &load::options(&args.judge)?)?;
    let (named, policies) = (&args.judge.profiles, args.policy.as_slice());
    let rulebook = profiles::join(named, &args.rulebook, &rulebook, policies)?;
    let paths = std::slice::from_ref(&args.input);
    let mut distinct = load::distinct(&args.rulebook, &files);
    distinct.read("`--profile`", profiles::paths(named, &args.rulebook, &rulebook)?);
    distinct.inputs("`--input`", paths)?;
    distinct.history("`--history`", args.history.history.as_deref());
    distinct.check()?;
    let policies = Manner::of(&args.judge, &rulebook)?.policies(&rulebook, policies)?;
    let inputs = args.reading.inputs(paths, &rulebook, &policies);
    // Records are opened when the rulebook has been read.
    watch::end();
    let pick = Pick {
        policies: &policies,
        named: args.policy.is_some(),
        inputs: &inputs,
        which: match &args.id {
            Some(id) => Which::Id(id),
            None => Which::Number(args.record),
        },
        element: args.element.as_deref(),
        history: args.history.history.as_deref(),
    };
    let language = load::spoken(args.judge.lang.as_deref(), &rulebook);
    let speech = Speech::of(&language);
    let rejected = || paint::error(speech.word(&phrases::REJECTED));
    let Found { record, others, picked } = pick.judge(&mut Teller::of(&language))?;
    if let Some(id) = args.id.as_ref().filter(|_| !others.is_empty()) {
        let named = others.iter().take(OTHERS);
        let mut listed: Vec<_> = named.map(|record| format!("`--record {record}`")).collect();
        if let Some(more) = others.len().checked_sub(OTHERS).filter(|more| *more > 0) {
            listed.push(speech.says(&phrases::MORE, &[("count", &speech.count(more as u64))]));
        }
        let others = listed.join(", ");
        tell!(
            "{} `{id}` names several records; this is record {record}, the others are {others}",
            paint::warning("note:")
        );
    }
    let decisions = match picked {
        Picked::Decided(decisions) => decisions,
        Picked::NoElement(count) => {
            let wanted = args.element.as_deref().unwrap_or_default();
            let message =
                format!("record {record} has no element `{wanted}`; its list holds {count}");
            return Err(Stop::Unusable(message));
        }
        Picked::Rejected(errors) => {
            let told = speech.word(&phrases::RECORD_REJECTED);
            let mut text = Text::line(format_args!("{} {told}", rejected()));
            let whole = speech.word(&phrases::WHOLE_RECORD);
            errors.iter().for_each(|error| problem(error, whole, &mut text));
            screen::tell(&text);
            return Ok(Exit::Failed);
        }
        Picked::Broken(line, error) => {
            let record = speech.says(&phrases::RECORD, &[("number", &record)]);
            let line = speech.says(&phrases::LINE, &[("number", &line)]);
            tell!("{} {record} ({line}): {}", rejected(), error.message);
            return Ok(Exit::Failed);
        }
        Picked::Nobody => {
            let names: Vec<_> = rulebook.policies().collect();
            let names = names.join(" or --policy ");
            return Err(Stop::Unusable(format!("say which policy: --policy {names}")));
        }
    };
    let changeable = if args.any_field { Changeable::Any } else { Changeable::Free };
    let judges_elements = decisions.iter().any(|decision| decision.element().is_some());
    let explained =
        decisions.iter().map(|decision| explain_with(decision, rulebook.sources(), changeable));
    let explanations: Vec<_> = explained.collect();
    match (args.format, explanations.as_slice()) {
        (TextFormat::Text, all) => {
            let texts: Vec<_> = all.iter().map(Explanation::to_text).collect();
            screen::print(&wrap::explanation(&texts.join("\n"), ""))?;
        }
        (TextFormat::Json, [explanation]) if !judges_elements => {
            let json = rulebook_stream::pretty(explanation, args.json.stream())?;
            exact!("{}", json.trim_end());
        }
        (TextFormat::Json, all) => {
            let json = rulebook_stream::pretty(&all, args.json.stream())?;
            exact!("{}", json.trim_end());
        }
    }
    if args.element.is_none() && judges_elements && decisions.len() == MOST_ELEMENTS {
        tell!(
            "{} these are the first {MOST_ELEMENTS} elements; `--element` shows any other",
            paint::warning("note:")
        );
    }
    Ok(Exit::Done)
}
