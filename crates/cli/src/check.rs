//! `rulebook check`: every problem of a rulebook.

mod args;

use super::args::TextFormat;
use super::load::{drawn, files, refuse_unbuilt};
use super::{Exit, Outcome, paint, screen};
use rulebook::{Files, Inspection, Options, Rulebook};
use rulebook_base::diagnostic::{Severity, render_json};
use rulebook_lang::figures::counted;
use rulebook_tools::analyse;

pub(super) use args::CheckArgs;

pub(super) fn run(args: &CheckArgs) -> Outcome {
    let files = files(&args.rulebook)?;
    let mut inspection = Rulebook::inspect(&files, &Options::new());
    refuse_unbuilt(&inspection.diagnostics)?;
    let proved = analyse::prove(&mut inspection);
    match args.format {
        TextFormat::Json => {
            exact!("{}", render_json(&inspection.sources, &inspection.diagnostics));
        }
        TextFormat::Text => {
            let mut text = drawn(&inspection.sources, &inspection.diagnostics);
            let verdict = verdict(name_of(&files, &inspection), &inspection, proved);
            writeln!(text, "{verdict}");
            screen::print(&text)?;
        }
    }
    let fails =
        inspection.has_errors() || (args.deny_warnings && !inspection.diagnostics.is_empty());
    Ok(if fails { Exit::Failed } else { Exit::Done })
}

/// The name in the settings, or that of the folder while they cannot be read.
fn name_of<'i>(files: &'i Files, inspection: &'i Inspection) -> &'i str {
    let rulebook = inspection.rulebook.as_ref();
    rulebook.map_or(files.name(), |rulebook| rulebook.name().name.as_str())
}

fn verdict(name: &str, inspection: &Inspection, proved: usize) -> String {
    let of = |severity| inspection.diagnostics.iter().filter(|d| d.severity == severity).count();
    let (errors, warnings) = (of(Severity::Error), of(Severity::Warning));
    let mut found = Vec::new();
    if errors > 0 {
        found.push(paint::error(counted(errors, "error")));
    }
    if warnings > 0 {
        found.push(paint::warning(counted(warnings, "warning")));
    }
    if found.is_empty() {
        found.push(paint::good("no problems"));
    }
    let size = match &inspection.rulebook {
        Some(rulebook) => {
            let policies = &rulebook.program().policies;
            let rules: usize = policies.iter().map(|policy| policy.rules.len()).sum();
            let policies = counted(policies.len(), "policy");
            format!(" ({policies}, {})", counted(rules, "rule"))
        }
        None => String::new(),
    };
    if proved > 0 {
        found.push(format!("{} proved", counted(proved, "invariant")));
    }
    format!("{name}{size}: {}", found.join(", "))
}
