//! Draws diagnostics as text with the source under them, or as JSON.

use std::borrow::Cow;
use std::ops::Range;

use annotate_snippets::renderer::DecorStyle;
use annotate_snippets::{AnnotationKind, Group, Level, Renderer, Snippet};
use serde::Serialize;

use super::{Diagnostic, Found, Label, Severity};
use crate::source::{FileId, SourceFile, Sources};
use crate::visible::{visible, visible_lines, visible_source};

/// Whether the rendered text carries terminal colours.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Style {
    /// Without colours: for files, tests and errors.
    Plain,
    /// With the ANSI colours of a terminal.
    Coloured,
}

/// How much of a very long line is drawn on each side of a label, in bytes.
const WINDOW: usize = 200;

/// Draws every diagnostic with its source lines, one blank line between two.
pub fn render_text(sources: &Sources, diagnostics: &[Diagnostic], style: Style) -> String {
    let renderer = match style {
        Style::Plain => Renderer::plain(),
        Style::Coloured => Renderer::styled(),
    };
    let renderer = renderer.decor_style(DecorStyle::Unicode);
    let mut text = String::new();
    for diagnostic in diagnostics {
        text.push_str(&draw(&renderer, sources, diagnostic));
        text.push_str("\n\n");
    }
    text
}

fn draw(renderer: &Renderer, sources: &Sources, diagnostic: &Diagnostic) -> String {
    let level = match diagnostic.severity {
        Severity::Error => Level::ERROR,
        Severity::Warning => Level::WARNING,
    };
    let title = level.primary_title(visible(&diagnostic.message)).id(diagnostic.code.name());
    let mut group = Group::with_title(title);
    let mut places = Vec::new();
    for (file, labels) in by_file(diagnostic) {
        if let Some(source) = sources.get(file) {
            let path = sources.path(file);
            let (snippet, place) = snippet(source, &visible(&path), &labels);
            group = group.element(snippet);
            places.extend(place);
        }
    }
    for help in &diagnostic.help {
        group = group.element(Level::HELP.message(visible_lines(help)));
    }
    let drawn = renderer.render(&[group]);
    places.into_iter().fold(drawn, |drawn, place| drawn.replacen(&place.drawn, &place.meant, 1))
}

/// Where a snippet says that it stands, and where it does.
struct Place {
    drawn: String,
    meant: String,
}

/// The labels file by file, the main label's file first.
fn by_file(diagnostic: &Diagnostic) -> Vec<(FileId, Vec<(&Label, bool)>)> {
    let mut files: Vec<(FileId, Vec<(&Label, bool)>)> = Vec::new();
    for (index, label) in diagnostic.labels.iter().enumerate() {
        let entry = (label, index == 0);
        match files.iter_mut().find(|(file, _)| *file == label.span.file) {
            Some((_, labels)) => labels.push(entry),
            None => files.push((label.span.file, vec![entry])),
        }
    }
    files
}

/// Only the lines under the labels go to the renderer, so that a large file costs nothing.
///
/// Where a line is cut, or hidden characters are written out, the renderer counts what it is given: the
/// place that it tells is then to be changed for the one that is meant.
fn snippet<'a>(
    source: &'a SourceFile,
    path: &str,
    labels: &[(&'a Label, bool)],
) -> (Snippet<'a, annotate_snippets::Annotation<'a>>, Option<Place>) {
    let window = window(
        &source.text,
        labels.iter().map(|(label, _)| drawn(&source.text, label.span.range())),
    );
    let cut = source.text.get(window.clone()).unwrap_or("");
    let line = source.line_column(window.start).0;
    let written = visible_source(cut);
    // Where a byte of the source stands once what was hidden is written out.
    let place = |byte: usize| written.place(byte);
    let snippet = Snippet::source(written.text.clone()).path(path.to_string());
    let mut snippet = snippet.line_start(line).fold(true);
    let mut told = None;
    for (label, primary) in labels {
        let kind = if *primary { AnnotationKind::Primary } else { AnnotationKind::Context };
        let range = drawn(&source.text, label.span.range());
        let start = range.start.clamp(window.start, window.end) - window.start;
        let end = range.end.clamp(window.start, window.end) - window.start;
        let (start, end) = (place(start), place(end.max(start)));
        if told.is_none() {
            let before = written.text.get(..start).unwrap_or("");
            let drawn = before.rsplit('\n').next().unwrap_or("").chars().count() + 1;
            let (line, _) = source.line_column(range.start);
            told = Some(Place {
                drawn: format!("{path}:{line}:{drawn}"),
                meant: format!("{path}:{}", source.place(range.start)),
            });
        }
        let mut annotation = kind.span(start..end);
        if !label.text.is_empty() {
            annotation = annotation.label(visible(&label.text));
        }
        snippet = snippet.annotation(annotation);
    }
    (snippet, told.filter(|place| place.drawn != place.meant))
}

/// The part of a range that is drawn: whole characters, and only the start of a very long one.
fn drawn(text: &str, range: Range<usize>) -> Range<usize> {
    let start = text.floor_char_boundary(range.start.min(text.len()));
    let end = text.ceil_char_boundary(range.end.min(text.len())).max(start);
    let first_line = text.get(start..end).and_then(|range| range.find('\n')).unwrap_or(end - start);
    match first_line > 2 * WINDOW {
        true => start..text.floor_char_boundary(start + 2 * WINDOW),
        false => start..end,
    }
}

/// The bytes of the whole lines under the ranges, cut near the ranges where a line is very long.
fn window(text: &str, ranges: impl Iterator<Item = Range<usize>>) -> Range<usize> {
    let (start, end) = ranges
        .fold((usize::MAX, 0), |(start, end), range| (start.min(range.start), end.max(range.end)));
    let start = text.floor_char_boundary(start.min(text.len()));
    let end = text.ceil_char_boundary(end.min(text.len())).max(start);
    let before = text.get(..start).unwrap_or("");
    let after = text.get(end..).unwrap_or("");
    let line_start = before.rfind('\n').map_or(0, |at| at + 1);
    let line_end = after.find('\n').map_or(text.len(), |at| end + at);
    let line_end = end + after.get(..line_end - end).unwrap_or("").trim_end_matches('\r').len();
    let near_start = text.ceil_char_boundary(start.saturating_sub(WINDOW));
    let near_end = text.floor_char_boundary((end + WINDOW).min(text.len()));
    let first = if start - line_start > WINDOW { near_start } else { line_start };
    let last = if line_end - end > WINDOW { near_end } else { line_end };
    first..last
}

#[derive(Serialize)]
struct JsonDiagnostic<'a> {
    code: &'static str,
    severity: &'static str,
    message: &'a str,
    labels: Vec<JsonLabel<'a>>,
    help: &'a [String],
}

#[derive(Serialize)]
struct JsonLabel<'a> {
    file: Cow<'a, str>,
    line: usize,
    column: usize,
    start: u32,
    end: u32,
    text: &'a str,
}

/// The diagnostics as a JSON array, with lines and columns counted from 1 and bytes from 0.
pub fn render_json(sources: &Sources, diagnostics: &[Diagnostic]) -> String {
    render_json_of(&[Found { sources, diagnostics }])
}

/// What was found in several rulebooks as one JSON array, as [`render_json`] writes it.
pub fn render_json_of(found: &[Found<'_>]) -> String {
    let rows = found.iter().flat_map(|Found { sources, diagnostics }| {
        diagnostics.iter().map(|diagnostic| json_row(sources, diagnostic))
    });
    // A list of plain strings and numbers always serialises.
    serde_json::to_string_pretty(&rows.collect::<Vec<_>>()).unwrap_or_default()
}

fn json_row<'a>(sources: &'a Sources, diagnostic: &'a Diagnostic) -> JsonDiagnostic<'a> {
    JsonDiagnostic {
        code: diagnostic.code.name(),
        severity: diagnostic.severity.name(),
        message: &diagnostic.message,
        labels: diagnostic.labels.iter().map(|label| json_label(sources, label)).collect(),
        help: &diagnostic.help,
    }
}

fn json_label<'a>(sources: &'a Sources, label: &'a Label) -> JsonLabel<'a> {
    let (line, column) = sources.line_column(label.span);
    JsonLabel {
        file: sources.path(label.span.file),
        line,
        column,
        start: label.span.start,
        end: label.span.end,
        text: &label.text,
    }
}
