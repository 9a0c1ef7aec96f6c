//! Coverage as one page that works without a network, on a phone, in light and dark.

use super::marks::{self, Mark, MarkedFile, line_start};
use super::model::{Coverage, Shares, Status};
use crate::markup::{Markup, Page, html};
use rulebook_lang::figures::counted;

const STYLES: &[&str] = &[include_str!("coverage.css")];

/// The page.
pub fn page(coverage: &Coverage) -> String {
    let files = marks::files(coverage);
    let title = format!("Coverage of {}", coverage.rulebook);
    let own = coverage.policies.iter();
    let mut rows: Vec<_> = own.map(|policy| (policy.policy.as_str(), policy.shares)).collect();
    if rows.len() != 1 {
        rows.push(("All policies", coverage.shares));
    }
    let body = html! {
        input type="checkbox" id="gaps"; "\n"
        header {
            "\n"
            h1 { (title) } "\n"
            p { (counted(coverage.scenarios, "scenario")) } "\n"
            @for (name, shares) in &rows { (shares_of(coverage, name, shares)) }
            p class="legend" {
                @for status in [Status::Covered, Status::Half, Status::Uncovered] {
                    span class=(class(status)) { b { (status.sign()) } " " (status.meaning()) } " "
                }
                label for="gaps" { "only what is missing" }
            } "\n"
        } "\n"
        main {
            "\n"
            @for (number, file) in files.iter().enumerate() { (section(number, file)) }
        } "\n"
    };
    Page { language: "en", title: &title, styles: STYLES, script: None, body }.to_text()
}

fn class(status: Status) -> &'static str {
    match status {
        Status::Covered => "covered",
        Status::Half => "half",
        Status::Uncovered => "uncovered",
    }
}

/// How much is covered of a policy, each kind with a bar.
fn shares_of(coverage: &Coverage, name: &str, shares: &Shares) -> Markup {
    html! {
        section class="shares" {
            "\n"
            h2 { (name) } "\n"
            @for kind in coverage.kinds() {
                @let share = shares.of(kind);
                div {
                    span { (kind.name()) } " "
                    @if share.of == 0 {
                        small { "none" }
                    } @else {
                        b { (share.told()) } " "
                        small { (share.covered) "/" (share.of) }
                        // The width of a drawing is no style, which the page's policy would not apply.
                        i class="bar" {
                            svg class=(class(share.status())) width={ (format!("{:.1}", share.percent())) "%" } {}
                        }
                    }
                } "\n"
            }
        } "\n"
    }
}

fn section(number: usize, file: &MarkedFile<'_>) -> Markup {
    let lines: Vec<_> = file.text.lines().collect();
    let text =
        |line: usize| line.checked_sub(1).and_then(|at| lines.get(at)).copied().unwrap_or("");
    html! {
        section class="file" {
            "\n"
            h2 { (file.path) } "\n"
            @for run in file.runs() {
                @if *run.start() > 1 {
                    div class="line fine" { span {} span {} code { "⋯" } } "\n"
                }
                @for line in run {
                    (line_of(file, number, line, text(line))) "\n"
                    @for mark in file.on(line).filter(|mark| !mark.note.is_empty()) {
                        (note(file, mark)) "\n"
                    }
                }
            }
        } "\n"
    }
}

/// A line of a file, with its mark in the margin.
fn line_of(file: &MarkedFile<'_>, number: usize, line: usize, text: &str) -> Markup {
    let status = file.status(line);
    let (class, told) = status.map_or(("plain", ""), |status| (class(status), status.meaning()));
    let fine = if matches!(status, None | Some(Status::Covered)) { " fine" } else { "" };
    let id = format!("f{number}l{line}");
    html! {
        div class={ "line " (class) (fine) } id=(id) {
            span class="sign" title=(told) { @if let Some(status) = status { (status.sign()) } }
            a href={ "#" (id) } { (line) }
            code { (marked(file, line, text)) }
        }
    }
}

/// Below a line, what is missing of a place that begins on it.
fn note(file: &MarkedFile<'_>, mark: &Mark) -> Markup {
    let text = file.text.get(mark.span.range()).unwrap_or("");
    let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    html! {
        p class={ "note " (class(mark.status)) } { b { (mark.status.sign()) } " " code { (text) } " " (mark.note) }
    }
}

/// A line with its places underlined. Places lie within each other or apart, as expressions do.
fn marked(file: &MarkedFile<'_>, number: usize, line: &str) -> Markup {
    let start = line_start(file.text, number);
    let places = file.marks.iter().filter_map(|mark| {
        let from = (mark.span.start as usize).max(start) - start;
        let to = (mark.span.end as usize).saturating_sub(start).min(line.len());
        (from < to).then_some(Place { from, to, mark })
    });
    let places: Vec<_> = places.collect();
    underlined(line, 0..line.len(), &places)
}

/// A place on a line.
struct Place<'m> {
    from: usize,
    to: usize,
    mark: &'m Mark,
}

/// A part of a line, with the places in it; of two that begin together the outer one stands first.
fn underlined(line: &str, part: std::ops::Range<usize>, mut places: &[Place<'_>]) -> Markup {
    let plain = |from: usize, to: usize| line.get(from..to).unwrap_or("");
    let mut at = part.start;
    let mut parts = Vec::new();
    while let Some((place, rest)) = places.split_first() {
        let (from, to) = (place.from.max(at), place.to.min(part.end));
        let (inner, behind) = rest.split_at(rest.partition_point(|other| other.from < to));
        parts.push(html! {
            (plain(at, from))
            span class={ "place " (class(place.mark.status)) } title=(told(place.mark)) {
                (underlined(line, from..to, inner))
            }
        });
        (at, places) = (to, behind);
    }
    html! { @for part in parts { (part) } (plain(at, part.end)) }
}

fn told(mark: &Mark) -> &str {
    if mark.note.is_empty() { mark.status.meaning() } else { &mark.note }
}
