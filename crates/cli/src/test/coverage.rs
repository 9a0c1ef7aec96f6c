//! `rulebook test --coverage`: what scenarios exercise, drawn on the text of the policies.

use super::{TestArgs, TestFormat};
use crate::screen::{Text, write_exact, write_or_print};
use crate::{Exit, Outcome, Stop, paint};
use rulebook::{Files, Rulebook};
use rulebook_base::visible::visible;
use rulebook_lang::figures::counted;
use rulebook_tools::scenario::ScenarioFile;
use rulebook_tools::scenario::coverage::marks::{self, MarkedFile, line_start};
use rulebook_tools::scenario::coverage::{Coverage, Status, cover, page};

pub(super) fn run(
    args: &TestArgs,
    files: &Files,
    rulebook: &Rulebook,
    scenarios: &[ScenarioFile],
) -> Outcome {
    let coverage =
        cover(files, rulebook, scenarios).map_err(|error| Stop::Several(error.to_string()))?;
    let output = args.output.as_deref();
    match args.format {
        TestFormat::Json => {
            let json = serde_json::to_string_pretty(&coverage).map_err(std::io::Error::from)?;
            write_exact(&(json + "\n"), output)?;
        }
        TestFormat::Html => write_exact(&page(&coverage), output)?,
        TestFormat::Text | TestFormat::Junit => write_or_print(&text(&coverage), output)?,
    }
    let wanted = args.min_coverage.iter().flat_map(|minimum| &minimum.0);
    let mut exit = Exit::Done;
    for (kind, least) in wanted {
        let share = coverage.shares.of(kind.counted());
        if share.percent() < *least {
            let name = kind.counted().name();
            let why = format!("coverage of {name} is {}, below {least}%", share.told());
            tell!("{} {why}", paint::error("failed:"));
            exit = Exit::Failed;
        }
    }
    Ok(exit)
}

fn text(coverage: &Coverage) -> Text {
    let mut out = Text::default();
    for file in marks::files(coverage) {
        draw(&file, &mut out);
    }
    summary(coverage, &mut out);
    out
}

fn painted(status: Status, text: &str) -> String {
    match status {
        Status::Covered => paint::good(text),
        Status::Half => paint::warning(text),
        Status::Uncovered => paint::error(text),
    }
}

fn draw(file: &MarkedFile<'_>, out: &mut Text) {
    writeln!(out, "{}", paint::strong(file.path));
    let lines: Vec<_> = file.text.lines().collect();
    let width = lines.len().to_string().len();
    let bar = paint::faint("│");
    for run in file.runs() {
        if *run.start() > 1 {
            writeln!(out, "  {:width$} {}", "", paint::faint("⋯"));
        }
        for number in run {
            let line = number.checked_sub(1).and_then(|at| lines.get(at)).copied().unwrap_or("");
            let status = file.status(number);
            let sign = status
                .map_or(" ".to_string(), |status| painted(status, &status.sign().to_string()));
            let number_shown = paint::faint(format!("{number:width$}"));
            writeln!(out, "{}", format!("{sign} {number_shown} {bar} {line}").trim_end());
            notes(file, number, line, &format!("  {:width$} {bar} ", ""), out);
        }
    }
    out.blank();
}

/// Below a line, what is missing of the places that begin on it.
fn notes(file: &MarkedFile<'_>, number: usize, line: &str, margin: &str, out: &mut Text) {
    let start = line_start(file.text, number);
    for mark in file.on(number).filter(|mark| !mark.note.is_empty()) {
        let from = (mark.span.start as usize).saturating_sub(start).min(line.len());
        let to = (mark.span.end as usize).saturating_sub(start).min(line.len());
        let chars = |from, to| line.get(from..to).map_or(0, |text| visible(text).chars().count());
        let (indent, length) = (chars(0, from), chars(from, to).max(1));
        let sign = if mark.status == Status::Half { "~" } else { "^" };
        let note = format!("{} {}", sign.repeat(length), mark.note);
        writeln!(out, "{margin}{}{}", " ".repeat(indent), painted(mark.status, &note));
    }
}

fn summary(coverage: &Coverage, out: &mut Text) {
    let policies = coverage.policies.iter();
    let mut rows: Vec<_> = policies.map(|policy| (policy.policy.as_str(), policy.shares)).collect();
    if rows.len() != 1 {
        rows.push(("all", coverage.shares));
    }
    let width = rows.iter().map(|(name, _)| name.len()).max().unwrap_or_default().max(6);
    let kinds: Vec<_> = coverage.kinds().collect();
    let heads: Vec<_> = kinds.iter().map(|kind| format!("{:>16}", kind.name())).collect();
    writeln!(out, "{}", paint::strong(format!("{:width$}{}", "policy", heads.concat())));
    for (name, shares) in rows {
        let mut line = format!("{name:width$}");
        for kind in &kinds {
            let share = shares.of(*kind);
            let cell = match share.of {
                0 => format!("{:>16}", "-"),
                of => format!("{:>9}{:>7}", format!("{}/{of}", share.covered), share.told()),
            };
            line.push_str(&painted(share.status(), &cell));
        }
        writeln!(out, "{line}");
    }
    let signs = [Status::Covered, Status::Half, Status::Uncovered].map(|status| {
        format!("{} {}", painted(status, &status.sign().to_string()), status.meaning())
    });
    out.blank();
    writeln!(out, "{}  {}", counted(coverage.scenarios, "scenario"), signs.join("  "));
}
