//! `rulebook test --mutate`: the edits to a rulebook that no scenario notices.

use std::num::NonZeroUsize;

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use super::{TestArgs, TestFormat};
use crate::screen::{self, Text};
use crate::{Exit, Outcome, Stop, paint};
use rulebook::{Files, Rulebook};
use rulebook_lang::figures::{counted, share_reached};
use rulebook_tools::scenario::ScenarioFile;
use rulebook_tools::scenario::mutation::{Fate, Mutation, Tally, Trial, Tried, mutate};

/// Of a longer edit, only so many lines are shown.
const SHOWN_LINES: usize = 6;
/// What stands for lines that were dropped.
const DROPPED: &str = "(dropped)";

pub(super) fn run(
    args: &TestArgs,
    files: &Files,
    rulebook: &Rulebook,
    scenarios: &[ScenarioFile],
) -> Outcome {
    if let Some(name) = &args.policy {
        rulebook.policy(name).map_err(|error| Stop::Unusable(error.to_string()))?;
    }
    let bar = bar();
    let progress = |done: usize, all: usize| {
        bar.set_length(all as u64);
        bar.set_position(done as u64);
    };
    let threads = args.threads.or_else(|| std::thread::available_parallelism().ok());
    let trial = Trial {
        policy: args.policy.as_deref(),
        threads: threads.map_or(1, NonZeroUsize::get),
        progress: &progress,
    };
    let mutation = mutate(files, rulebook, scenarios, trial);
    bar.finish_and_clear();
    match args.format {
        TestFormat::Json => {
            let json = serde_json::to_string_pretty(&mutation).map_err(std::io::Error::from)?;
            exact!("{json}");
        }
        TestFormat::Text | TestFormat::Junit | TestFormat::Html => screen::print(&text(&mutation))?,
    }
    let killed = mutation.total.percent();
    match args.min_killed {
        Some(least) if killed < least => {
            let noticed = percent(&mutation.total);
            let why = format!("scenarios notice {noticed} of the edits, below {least}%");
            tell!("{} {why}", paint::error("failed:"));
            Ok(Exit::Failed)
        }
        _ => Ok(Exit::Done),
    }
}

/// A bar on standard error, if that is a terminal.
fn bar() -> ProgressBar {
    let bar = ProgressBar::with_draw_target(None, ProgressDrawTarget::stderr_with_hz(5));
    if let Ok(style) = ProgressStyle::with_template("{bar:30} {pos}/{len} edits, {eta} left") {
        bar.set_style(style);
    }
    bar
}

fn percent(tally: &Tally) -> String {
    share_reached(tally.killed, tally.killed + tally.alive)
}

fn text(mutation: &Mutation) -> Text {
    let mut out = Text::default();
    let mut within = ("", "");
    for place in survivors(mutation) {
        let Some(first) = place.first() else { continue };
        if within != (&first.file, &first.within) {
            within = (&first.file, &first.within);
            writeln!(out, "{}  {}", paint::strong(within.1), paint::faint(within.0));
        }
        survived(&place, &mut out);
    }
    let row = |name: &str, tally: &Tally, width| {
        let Tally { killed, alive, stillborn, equivalent } = tally;
        let share = match killed + alive {
            0 => "-".to_string(),
            _ => percent(tally),
        };
        let row = format!(
            "{name:width$} {killed:>8} {alive:>8} {share:>8} {stillborn:>11} {equivalent:>11}"
        );
        match alive {
            0 => row,
            _ => paint::warning(row),
        }
    };
    let kinds = mutation.kinds.iter().map(|by_kind| (by_kind.kind.name(), &by_kind.tally));
    let policies = mutation.policies.iter().map(|row| (row.policy.as_str(), &row.tally));
    let policies: Vec<_> = policies.chain([("all", &mutation.total)]).collect();
    let width = policies.iter().map(|(name, _)| name.len()).chain([12]).max().unwrap_or_default();
    let head = |what: &str| {
        let columns = format!(
            "{:>8} {:>8} {:>8} {:>11} {:>11}",
            "killed", "alive", "noticed", "stillborn", "equivalent"
        );
        paint::strong(format!("{what:width$} {columns}"))
    };
    writeln!(out, "{}", head("edit"));
    kinds.for_each(|(name, tally)| writeln!(out, "{}", row(name, tally, width)));
    out.blank();
    writeln!(out, "{}", head("policy"));
    policies.iter().for_each(|(name, tally)| writeln!(out, "{}", row(name, tally, width)));
    let Tally { killed, alive, .. } = mutation.total;
    out.blank();
    writeln!(
        out,
        "{}: {}, {}",
        counted(killed + alive, "edit"),
        paint::good(format!("{killed} noticed")),
        match alive {
            0 => "0 unnoticed".to_string(),
            alive => paint::error(format!("{alive} unnoticed")),
        }
    );
    out
}

/// The edits that went unnoticed, those of the same lines together.
fn survivors(mutation: &Mutation) -> Vec<Vec<&Tried>> {
    let mut places: Vec<Vec<&Tried>> = Vec::new();
    for mutant in mutation.mutants.iter().filter(|mutant| mutant.fate == Fate::Alive) {
        let lines = |tried: &Tried| {
            (&tried.file, &tried.within, tried.line, &tried.before)
                == (&mutant.file, &mutant.within, mutant.line, &mutant.before)
        };
        match places.iter_mut().find(|place| place.first().is_some_and(|first| lines(first))) {
            Some(place) => place.push(mutant),
            None => places.push(vec![mutant]),
        }
    }
    places
}

/// Lines as they are, and as they were edited without notice.
fn survived(place: &[&Tried], out: &mut Text) {
    let Some(first) = place.first() else { return };
    let mut margin = first.line.to_string();
    for (at, line) in first.before.lines().enumerate() {
        if at == SHOWN_LINES {
            writeln!(out, "{:>6} {}", "", paint::faint("⋯"));
            break;
        }
        writeln!(out, "{margin:>6} {}", paint::removed(format!("- {line}")));
        margin.clear();
    }
    let after = |edit: &Tried| match edit.after.as_str() {
        "" => DROPPED.to_string(),
        after => after.to_string(),
    };
    let length = |edit: &Tried| after(edit).chars().count();
    let width = place.iter().map(|edit| length(edit)).max().unwrap_or_default();
    for edit in place {
        let gap = " ".repeat(width - length(edit) + 2);
        let after = after(edit);
        let (before, changed, behind) = difference(&first.before, &after);
        writeln!(
            out,
            "{:>6} {}{}{}{gap}{}",
            "",
            paint::good(format!("+ {before}")),
            paint::added(changed),
            paint::good(behind),
            paint::faint(edit.kind.name())
        );
    }
    out.blank();
}

/// A text in three parts, of which only the middle one differs from another text.
fn difference<'t>(other: &str, text: &'t str) -> (&'t str, &'t str, &'t str) {
    let same =
        text.char_indices().zip(other.chars()).find(|((_, character), other)| character != other);
    let start = same.map_or(text.len().min(other.len()), |((at, _), _)| at);
    let (before, rest) = text.split_at_checked(start).unwrap_or((text, ""));
    let ends = rest.chars().rev().zip(other.get(start..).unwrap_or("").chars().rev());
    let behind = ends
        .take_while(|(character, other)| character == other)
        .map(|(character, _)| character.len_utf8())
        .sum();
    let (changed, behind) =
        rest.split_at_checked(rest.len().saturating_sub(behind)).unwrap_or((rest, ""));
    (before, changed, behind)
}
