//! `rulebook test --mutate`: the edits to a rulebook that no scenario notices.

use std::fmt::Write as _;
use std::num::NonZeroUsize;

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use crate::cli::args::{TestArgs, TestFormat};
use crate::cli::load::counted;
use crate::cli::{Exit, Outcome, Stop, paint, print};
use crate::scenario::ScenarioFile;
use crate::scenario::mutation::{Fate, Mutation, Tally, Trial, Tried, mutate};
use crate::{Files, Rulebook};

/// Of a longer edit, only so many lines are shown.
const SHOWN_LINES: usize = 6;

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
            print(&(json + "\n"))?;
        }
        TestFormat::Text | TestFormat::Junit | TestFormat::Html => print(&text(&mutation))?,
    }
    let killed = mutation.total.percent();
    match args.min_killed {
        Some(least) if killed < least => {
            let told = format!("scenarios notice {} of the edits, below {least}%", percent(killed));
            anstream::eprintln!("{} {told}", paint::error("failed:"));
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

fn percent(percent: f64) -> String {
    // Cut, so that it never looks better than it is.
    format!("{:.1}%", (percent * 10.0).floor() / 10.0)
}

fn text(mutation: &Mutation) -> String {
    let mut out = String::new();
    let survivors = mutation.mutants.iter().filter(|mutant| mutant.fate == Fate::Alive);
    let (mut file, mut within) = ("", "");
    for mutant in survivors {
        if file != mutant.file || within != mutant.within {
            (file, within) = (&mutant.file, &mutant.within);
            let _ = writeln!(out, "{}  {}", paint::strong(within), paint::faint(file));
        }
        survivor(mutant, &mut out);
    }
    let row = |name: &str, tally: &Tally, width| {
        let Tally { killed, alive, stillborn, equivalent } = tally;
        let share = match killed + alive {
            0 => "-".to_string(),
            _ => percent(tally.percent()),
        };
        let row = format!(
            "{name:width$} {killed:>8} {alive:>8} {share:>8} {stillborn:>11} {equivalent:>11}"
        );
        match alive {
            0 => row,
            _ => paint::warning(row),
        }
    };
    let kinds = mutation.kinds.iter().map(|own| (own.kind.name(), &own.tally));
    let policies = mutation.policies.iter().map(|own| (own.policy.as_str(), &own.tally));
    let policies: Vec<_> = policies.chain([("all", &mutation.total)]).collect();
    let width = policies.iter().map(|(name, _)| name.len()).chain([12]).max().unwrap_or_default();
    let head = |what: &str| {
        let columns = format!(
            "{:>8} {:>8} {:>8} {:>11} {:>11}",
            "killed", "alive", "noticed", "stillborn", "equivalent"
        );
        paint::strong(format!("{what:width$} {columns}"))
    };
    let _ = writeln!(out, "{}", head("edit"));
    kinds.for_each(|(name, tally)| out.push_str(&(row(name, tally, width) + "\n")));
    let _ = writeln!(out, "\n{}", head("policy"));
    policies.iter().for_each(|(name, tally)| out.push_str(&(row(name, tally, width) + "\n")));
    let Tally { killed, alive, .. } = mutation.total;
    let _ = writeln!(
        out,
        "\n{}: {}, {}",
        counted(killed + alive, "edit"),
        paint::good(format!("{killed} noticed")),
        match alive {
            0 => "0 unnoticed".to_string(),
            alive => paint::error(format!("{alive} unnoticed")),
        }
    );
    out
}

/// An edit that went unnoticed: the lines as they are, and as they were edited.
fn survivor(mutant: &Tried, out: &mut String) {
    let line = mutant.line.to_string();
    let mut margin = line.clone();
    let mut put = |sign: char, text: &str, paint: fn(&str) -> String| {
        for (at, text) in text.lines().enumerate() {
            if at == SHOWN_LINES {
                let _ = writeln!(out, "{:>6} {}", "", paint::faint("⋯"));
                break;
            }
            let _ = writeln!(out, "{margin:>6} {}", paint(&format!("{sign} {text}")));
            margin.clear();
        }
    };
    put('-', &mutant.before, |text| paint::removed(text));
    put('+', &mutant.after, |text| paint::good(text));
    let _ = writeln!(out, "{:>6} {}\n", "", paint::faint(mutant.kind.name()));
}
