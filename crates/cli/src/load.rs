//! Loads rulebooks for commands and tells what is wrong with them.

use std::path::{Path, PathBuf};
use std::sync::Once;

use super::args::{JudgeArgs, RulebookArgs, RulebooksArgs, TrustArgs};
use super::screen::{self, Text};
use super::{Exit, Stop, paint, watch};
use rulebook::inside::Trust;
use rulebook::{Files, Inspection, LoadError, Options, Policy, Rulebook};
use rulebook_base::diagnostic::{Code, Diagnostic, Few, Style, render_text};
use rulebook_base::source::Sources;
use rulebook_lang::figures::{count, counted, is_spoken};
use rulebook_lang::model::{Time, parse_time};
use rulebook_stream::{Distinct, Feature, StreamError};

/// Why a rulebook that defines no policy can decide nothing.
pub(super) fn no_policy() -> Stop {
    Stop::Unusable("the rulebook defines no policy, so nothing can be decided by it".into())
}

/// What a run reads and writes, of which the files of a rulebook are known.
pub(super) fn distinct(args: &RulebookArgs, files: &Files) -> Distinct {
    let mut distinct = Distinct::default();
    distinct.rulebook(&args.path, files);
    distinct
}

/// Reads the files of a rulebook.
pub(super) fn files(args: &RulebookArgs) -> Result<Files, Stop> {
    read(&args.path, args.trust, Files::read_as)
}

/// Reads the files of each rulebook; `-` is a policy on standard input.
pub(super) fn each(args: &RulebooksArgs) -> Result<Vec<Files>, Stop> {
    let is_input = |path: &&PathBuf| path.as_os_str() == "-";
    if args.paths.iter().filter(is_input).count() > 1 {
        return Err(Stop::Unusable("standard input can be read only once".into()));
    }
    let given = |path: &Path, trust| Files::read_given(&mut std::io::stdin().lock(), path, trust);
    let each = args.paths.iter().map(|path| match is_input(&path) {
        true => read(path, args.trust, given),
        false => read(path, args.trust, Files::read_as),
    });
    each.collect()
}

fn read(
    path: &Path,
    trust: TrustArgs,
    read: impl Fn(&Path, Trust) -> Result<Files, LoadError>,
) -> Result<Files, Stop> {
    if let Some(most) = trust.untrusted {
        watch::begin(most);
    }
    read(path, trust.trust()).map_err(|error| match error {
        LoadError::Invalid { text, .. } => Stop::Several(text),
        unreadable => Stop::Unusable(unreadable.to_string()),
    })
}

/// The rulebook, or its errors on standard error.
pub(super) fn rulebook(files: &Files, options: &Options) -> Result<Rulebook, Stop> {
    let inspection = Rulebook::inspect(files, options);
    let Inspection { sources, diagnostics, rulebook } = inspection;
    match rulebook {
        Some(rulebook) => Ok(rulebook),
        None => {
            refuse_unbuilt(&diagnostics)?;
            let errors: Vec<_> = diagnostics.into_iter().filter(Diagnostic::is_error).collect();
            tell_diagnostics(&sources, &errors);
            tell!("{}", counted(errors.len(), "error"));
            let usage = errors.iter().all(|error| is_usage(error, &sources));
            Err(Stop::Told(if usage { Exit::Unusable } else { Exit::Failed }))
        }
    }
}

/// Refuses a rulebook with scripts where these are not built in.
pub(super) fn refuse_unbuilt(diagnostics: &[Diagnostic]) -> Result<(), Stop> {
    let lacks = diagnostics.iter().any(|diagnostic| diagnostic.code == Code::MissingFeature);
    if lacks { Err(StreamError::NotBuilt(Feature::Scripts).into()) } else { Ok(()) }
}

/// How many kinds of diagnostics are counted by themselves.
const KINDS: usize = 10;

/// Diagnostics as they are drawn for people: of very many, the first of each kind.
pub(super) fn drawn(sources: &Sources, diagnostics: &[Diagnostic]) -> Text {
    let few = Few::of(diagnostics);
    let mut text = Text::drawn(&render_text(sources, &few.told, Style::Coloured));
    if few.kinds.is_empty() {
        return text;
    }
    let more = count(diagnostics.len() - few.told.len());
    writeln!(text, "{more} more like these, {} in all:", count(diagnostics.len()));
    for (kind, of) in few.kinds.iter().take(KINDS) {
        writeln!(text, "{:>8} × {kind}", count(*of));
    }
    if few.kinds.len() > KINDS {
        writeln!(text, "         and {} other kinds", few.kinds.len() - KINDS);
    }
    writeln!(text, "`rulebook check --format json` tells each of them.");
    text.blank();
    text
}

/// Draws diagnostics on standard error.
pub(super) fn tell_diagnostics(sources: &Sources, diagnostics: &[Diagnostic]) {
    screen::tell(&drawn(sources, diagnostics));
}

/// Whether an error lies in what the command line sets, not in the rulebook.
fn is_usage(error: &Diagnostic, sources: &Sources) -> bool {
    let file = error.span().and_then(|span| sources.get(span.file));
    error.code == Code::UnknownParameter || file.is_some_and(|file| file.path.starts_with("--set "))
}

/// The options that `--set` gives.
pub(super) fn options(args: &JudgeArgs) -> Result<Options, Stop> {
    settings(&args.set)
}

/// The options that some `PARAMETER=VALUE` give.
pub(super) fn settings(set: &[String]) -> Result<Options, Stop> {
    set.iter().try_fold(Options::new(), |options, set| match set.split_once('=') {
        Some((name, value)) if !name.trim().is_empty() => {
            Ok(options.parameter(name.trim(), value.trim()))
        }
        _ => Err(Stop::Unusable(format!("`--set {set}` must be PARAMETER=VALUE"))),
    })
}

/// That a language has no words is told once, however many rulebooks are compared.
static UNSPOKEN: Once = Once::new();

/// The language that was asked for, if the rulebook has it.
pub(super) fn language(wanted: Option<&str>, rulebook: &Rulebook) -> Result<Option<String>, Stop> {
    let languages = &rulebook.settings().languages;
    let Some(wanted) = wanted else { return Ok(None) };
    match languages.iter().find(|language| language.eq_ignore_ascii_case(wanted)) {
        Some(language) => {
            if !is_spoken(language) {
                UNSPOKEN.call_once(|| {
                    let why = "to stand around texts; these are in English";
                    tell!("{} there are no words in `{language}` {why}", paint::warning("note:"));
                });
            }
            Ok(Some(language.clone()))
        }
        None => {
            let languages = languages.join(", ");
            let message = format!("the rulebook has no texts in `{wanted}`; it has {languages}");
            Err(Stop::Unusable(message))
        }
    }
}

/// Tells in which of the languages of pages what stands around texts is in English.
pub(super) fn note_unspoken<'l>(languages: impl IntoIterator<Item = &'l String>) {
    let unspoken: Vec<_> = languages.into_iter().filter(|language| !is_spoken(language)).collect();
    if !unspoken.is_empty() {
        let languages: Vec<_> = unspoken.iter().map(|language| format!("`{language}`")).collect();
        let languages = languages.join(", ");
        let why = "of pages to stand around texts; these are in English";
        tell!("{} there are no words in {languages} {why}", paint::warning("note:"));
    }
}

/// The language that screens speak: the one that was asked for, else the rulebook's first.
pub(super) fn spoken(wanted: Option<&str>, rulebook: &Rulebook) -> String {
    let first = rulebook.settings().languages.first().map(String::as_str);
    wanted.or(first).unwrap_or("en").to_string()
}

/// A time that an argument gives.
fn time(argument: &str, text: &str, rulebook: &Rulebook) -> Result<Time, Stop> {
    parse_time(text, &rulebook.settings().zone).ok_or_else(|| {
        let forms = "write 2024-09-12, or 2024-09-12T08:00:00+08:00";
        Stop::Unusable(format!("`{argument} {text}` is not a time; {forms}"))
    })
}

/// By what time records are judged.
enum Times {
    Record,
    Now(Time),
    InForce(Time),
}

/// How records are judged: by what time, in which language.
pub(super) struct Manner {
    times: Times,
    language: Option<String>,
}

impl Manner {
    pub(super) fn of(args: &JudgeArgs, rulebook: &Rulebook) -> Result<Self, Stop> {
        let now = args.now.as_ref().map(|text| time("--now", text, rulebook)).transpose()?;
        let language = self::language(args.lang.as_deref(), rulebook)?;
        Ok(Self { times: now.map_or(Times::Record, Times::Now), language })
    }

    /// By the rules in force at a time, else as of each record's own date.
    pub(super) fn as_of(
        at: Option<&String>,
        language: Option<&String>,
        rulebook: &Rulebook,
    ) -> Result<Self, Stop> {
        let at = at.map(|text| time("--at", text, rulebook)).transpose()?;
        let language = self::language(language.map(String::as_str), rulebook)?;
        Ok(Self { times: at.map_or(Times::Record, Times::InForce), language })
    }

    /// The policy with this name, judging in this manner.
    pub(super) fn policy(&self, rulebook: &Rulebook, name: &str) -> Result<Policy, Stop> {
        let policy = rulebook.policy(name).map_err(|error| Stop::Unusable(error.to_string()))?;
        let policy = match self.times {
            Times::Record => policy.replaying(),
            Times::Now(now) => policy.at(now),
            Times::InForce(time) => policy.replaying_as_of(time),
        };
        Ok(match &self.language {
            Some(language) => policy.in_language(language),
            None => policy,
        })
    }

    /// The policies with these names, or all.
    pub(super) fn policies(
        &self,
        rulebook: &Rulebook,
        names: &[String],
    ) -> Result<Vec<Policy>, Stop> {
        match names {
            [] if rulebook.policies().next().is_none() => Err(no_policy()),
            [] => rulebook.policies().map(|name| self.policy(rulebook, name)).collect(),
            names => names.iter().map(|name| self.policy(rulebook, name)).collect(),
        }
    }
}
