//! `rulebook check`: every problem of a rulebook.

mod args;

use super::load::{drawn, each, refuse_unbuilt};
use super::screen::Text;
use super::{Exit, Outcome, paint, profiles, screen};
use rulebook::{Files, Inspection, Options, Rulebook};
use rulebook_base::diagnostic::{
    Code, Found, Severity, render_github, render_json_of, render_sarif,
};
use rulebook_lang::figures::counted;

pub(super) use args::CheckArgs;
use args::CheckFormat;

pub(super) fn run(args: &CheckArgs) -> Outcome {
    if let Some(code) = args.explain {
        screen::print(&explained(code))?;
        return Ok(Exit::Done);
    }
    let mut inspections = Vec::new();
    let mut text = Text::default();
    let rulebooks = args.rulebooks();
    for (path, files) in rulebooks.paths.iter().zip(each(&rulebooks)?) {
        let mut inspection = Rulebook::inspect(&files, &Options::new().in_depth());
        if let Some(rulebook) = &inspection.rulebook {
            inspection.diagnostics.extend(profiles::missing(
                path,
                rulebooks.trust.trust(),
                rulebook,
            ));
        }
        refuse_unbuilt(&inspection.diagnostics)?;
        if args.format == CheckFormat::Text {
            text += drawn(&inspection.sources, &inspection.diagnostics);
            writeln!(text, "{}", verdict(name_of(&files, &inspection), &inspection));
        }
        inspections.push(inspection);
    }
    let found: Vec<_> = inspections
        .iter()
        .map(|found| Found { sources: &found.sources, diagnostics: &found.diagnostics })
        .collect();
    match args.format {
        CheckFormat::Text => screen::print(&text)?,
        CheckFormat::Json => exact!("{}", render_json_of(&found)),
        CheckFormat::Github => screen::print_exact(&render_github(&found))?,
        CheckFormat::Sarif => exact!("{}", render_sarif(&found, env!("CARGO_PKG_VERSION"))),
    }
    let fails = |inspection: &Inspection| {
        inspection.has_errors() || (args.deny_warnings && !inspection.diagnostics.is_empty())
    };
    Ok(if inspections.iter().any(fails) { Exit::Failed } else { Exit::Done })
}

/// What a code means, at length.
fn explained(code: Code) -> Text {
    let mut text = Text::default();
    let severity = match code.default_severity() == Severity::Error {
        true => paint::error("error"),
        false => paint::warning("warning"),
    };
    writeln!(text, "{severity} {}: {}", code.name(), code.meaning());
    text.blank();
    let mut is_example = false;
    for line in code.explained().lines() {
        match line.strip_prefix("```") {
            Some(block) => {
                is_example = !is_example;
                if let Some((_, file)) = block.split_once(' ') {
                    writeln!(text, "  {file}");
                }
            }
            None if is_example => writeln!(text, "    {line}"),
            None => writeln!(text, "{line}"),
        }
    }
    text
}

/// The name in the settings, or that of the folder while they cannot be read.
fn name_of<'i>(files: &'i Files, inspection: &'i Inspection) -> &'i str {
    let rulebook = inspection.rulebook.as_ref();
    rulebook.map_or(files.name(), |rulebook| rulebook.name().name.as_str())
}

fn verdict(name: &str, inspection: &Inspection) -> String {
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
    let findings = inspection.rulebook.as_ref().map_or(&[][..], Rulebook::findings);
    let proved = findings.iter().filter(|finding| finding.is_proved()).count();
    if proved > 0 {
        found.push(format!("{} proved", counted(proved, "invariant")));
    }
    format!("{name}{size}: {}", found.join(", "))
}
