//! Coverage as one page that works without a network, on a phone, in light and dark.

use std::fmt::Write as _;

use super::coverage::{kinds, line_start, percent, share};
use super::marks::{self, Mark, MarkedFile};
use crate::cli::load::counted;
use crate::scenario::coverage::{Coverage, Shares, Status};

const STYLE: &str = include_str!("coverage.css");

/// The page.
pub(super) fn page(coverage: &Coverage) -> String {
    let files = marks::files(coverage);
    let mut out = String::new();
    let title = format!("Coverage of {}", escaped(&coverage.rulebook));
    let _ = write!(
        out,
        "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <title>{title}</title>\n<style>\n{STYLE}</style>\n</head>\n<body>\n\
         <input type=\"checkbox\" id=\"gaps\">\n<header>\n<h1>{title}</h1>\n\
         <p>{}</p>\n",
        counted(coverage.scenarios, "scenario")
    );
    let own = coverage.policies.iter();
    let mut rows: Vec<_> = own.map(|policy| (policy.policy.as_str(), policy.shares)).collect();
    if rows.len() != 1 {
        rows.push(("All policies", coverage.shares));
    }
    rows.iter().for_each(|(name, shares)| shares_of(coverage, name, shares, &mut out));
    out.push_str("<p class=\"legend\">");
    for status in [Status::Covered, Status::Half, Status::Uncovered] {
        let (class, sign, told) = (class(status), status.sign(), status.told());
        let _ = write!(out, "<span class=\"{class}\"><b>{sign}</b> {told}</span> ");
    }
    out.push_str("<label for=\"gaps\">only what is missing</label></p>\n</header>\n<main>\n");
    for (number, file) in files.iter().enumerate() {
        section(number, file, &mut out);
    }
    out.push_str("</main>\n</body>\n</html>\n");
    out
}

fn class(status: Status) -> &'static str {
    match status {
        Status::Covered => "covered",
        Status::Half => "half",
        Status::Uncovered => "uncovered",
    }
}

/// How much is covered of a policy, each kind with a bar.
fn shares_of(coverage: &Coverage, name: &str, shares: &Shares, out: &mut String) {
    let _ = write!(out, "<section class=\"shares\">\n<h2>{}</h2>\n", escaped(name));
    for (kind, told) in kinds(coverage) {
        let share = share(shares, kind);
        if share.of == 0 {
            let _ = writeln!(out, "<div><span>{told}</span> <small>none</small></div>");
            continue;
        }
        let _ = writeln!(
            out,
            "<div><span>{told}</span> <b>{}</b> <small>{}/{}</small>\
             <i class=\"bar\"><i class=\"{}\" style=\"width:{:.1}%\"></i></i></div>",
            percent(share),
            share.covered,
            share.of,
            class(share.status()),
            share.percent()
        );
    }
    out.push_str("</section>\n");
}

fn section(number: usize, file: &MarkedFile<'_>, out: &mut String) {
    let _ = write!(out, "<section class=\"file\">\n<h2>{}</h2>\n", escaped(file.path));
    let lines: Vec<_> = file.text.lines().collect();
    for run in file.runs() {
        if *run.start() > 1 {
            out.push_str(
                "<div class=\"line fine\"><span></span><span></span><code>⋯</code></div>\n",
            );
        }
        for line in run {
            let text = line.checked_sub(1).and_then(|at| lines.get(at)).copied().unwrap_or("");
            let status = file.status(line);
            let (class, sign, told) = match status {
                Some(status) => (class(status), status.sign().to_string(), status.told()),
                None => ("plain", String::new(), ""),
            };
            let fine = if matches!(status, None | Some(Status::Covered)) { " fine" } else { "" };
            let code = marked(file, line, text);
            let _ = writeln!(
                out,
                "<div class=\"line {class}{fine}\" id=\"f{number}l{line}\">\
                 <span class=\"sign\" title=\"{told}\">{sign}</span>\
                 <a href=\"#f{number}l{line}\">{line}</a><code>{code}</code></div>"
            );
            file.on(line)
                .filter(|mark| !mark.note.is_empty())
                .for_each(|mark| note(file, mark, out));
        }
    }
    out.push_str("</section>\n");
}

/// Below a line, what is missing of a place that begins on it.
fn note(file: &MarkedFile<'_>, mark: &Mark, out: &mut String) {
    let text = file.text.get(mark.span.range()).unwrap_or("");
    let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    let (class, sign) = (class(mark.status), mark.status.sign());
    let _ = writeln!(
        out,
        "<p class=\"note {class}\"><b>{sign}</b> <code>{}</code> {}</p>",
        escaped(&text),
        mark.note
    );
}

/// A line with its places underlined. Places lie within each other or apart, as expressions do.
fn marked(file: &MarkedFile<'_>, number: usize, line: &str) -> String {
    let start = line_start(file.text, number);
    let mut out = String::new();
    let (mut at, mut open): (usize, Vec<usize>) = (0, Vec::new());
    let mut go_to = |end: usize, out: &mut String| {
        out.push_str(&escaped(line.get(at..end).unwrap_or("")));
        at = at.max(end);
    };
    let place = |mark: &Mark| {
        let from = (mark.span.start as usize).max(start) - start;
        let to = (mark.span.end as usize).saturating_sub(start).min(line.len());
        (from < to).then_some((from, to))
    };
    for mark in &file.marks {
        let Some((from, to)) = place(mark) else { continue };
        while let Some(end) = open.pop_if(|end| *end <= from) {
            go_to(end, &mut out);
            out.push_str("</span>");
        }
        go_to(from, &mut out);
        let note = if mark.note.is_empty() { mark.status.told() } else { &mark.note };
        let _ = write!(out, "<span class=\"place {}\" title=\"{note}\">", class(mark.status));
        open.push(to);
    }
    while let Some(end) = open.pop() {
        go_to(end, &mut out);
        out.push_str("</span>");
    }
    go_to(line.len(), &mut out);
    out
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}
