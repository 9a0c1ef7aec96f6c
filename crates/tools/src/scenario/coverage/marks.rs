//! What of a rulebook's texts is exercised, line by line, for those who draw it.

use std::collections::BTreeMap;

use super::model::{Coverage, PolicyCoverage, SourcePlace, Status};
use rulebook_base::source::{FileId, Span};

/// Lines without a mark that still are shown between two with one.
const SHOWN_BETWEEN: usize = 6;

/// The marks on one file.
#[derive(Debug)]
pub struct MarkedFile<'c> {
    /// Its path.
    pub path: &'c str,
    /// Its text.
    pub text: &'c str,
    /// Every place, by where it starts; of two the outer one first.
    pub marks: Vec<Mark>,
    /// The lines that are shown besides those with marks: where functions and policies begin.
    heads: Vec<usize>,
}

/// A place that is exercised, or is not.
#[derive(Debug, Clone)]
pub struct Mark {
    /// The line on which it begins, from 1 on.
    pub line: usize,
    /// Where it stands.
    pub span: Span,
    /// Whether it is exercised.
    pub status: Status,
    /// In words, what is missing; empty if nothing is.
    pub note: String,
}

/// Marks the files that hold something to exercise.
pub fn files(coverage: &Coverage) -> Vec<MarkedFile<'_>> {
    let mut places: BTreeMap<(FileId, u32, std::cmp::Reverse<u32>), Mark> = BTreeMap::new();
    let mut heads: BTreeMap<FileId, Vec<usize>> = BTreeMap::new();
    for policy in &coverage.policies {
        let begin = std::iter::once(&policy.place);
        for place in begin.chain(policy.functions.iter().map(|function| &function.place)) {
            heads.entry(place.span.file).or_default().push(place.line);
        }
        for mark in marks(policy) {
            // Several policies may call one function: what one of them shows is shown.
            let Span { file, start, end } = mark.span;
            let known = places.entry((file, start, std::cmp::Reverse(end)));
            let known = known.or_insert_with(|| mark.clone());
            if known.status < mark.status {
                *known = mark;
            }
        }
    }
    let mut files = Vec::new();
    for (id, file) in coverage.sources.iter() {
        let marks: Vec<_> = places.values().filter(|mark| mark.span.file == id).cloned().collect();
        if !marks.is_empty() {
            let heads = heads.remove(&id).unwrap_or_default();
            files.push(MarkedFile { path: &file.path, text: &file.text, marks, heads });
        }
    }
    files
}

impl MarkedFile<'_> {
    /// The lines that are worth showing, each run of them for itself; counted from 1.
    pub fn runs(&self) -> Vec<std::ops::RangeInclusive<usize>> {
        let mut lines: Vec<_> = self.marks.iter().map(|mark| mark.line).collect();
        lines.extend(&self.heads);
        lines.sort_unstable();
        let mut runs: Vec<std::ops::RangeInclusive<usize>> = Vec::new();
        for line in lines {
            match runs.last_mut() {
                Some(run) if line <= *run.end() + SHOWN_BETWEEN + 1 => {
                    *run = *run.start()..=line;
                }
                _ => runs.push(line..=line),
            }
        }
        runs
    }

    /// The marks that begin on a line.
    pub fn on(&self, line: usize) -> impl Iterator<Item = &Mark> {
        self.marks.iter().filter(move |mark| mark.line == line)
    }

    /// What a line is like as a whole: its worst mark.
    pub fn status(&self, line: usize) -> Option<Status> {
        self.on(line).map(|mark| mark.status).min()
    }
}

/// The byte at which a line begins.
pub fn line_start(text: &str, number: usize) -> usize {
    match number.checked_sub(2) {
        None => 0,
        Some(ends_before) => {
            text.match_indices('\n').nth(ends_before).map_or(text.len(), |(at, _)| at + 1)
        }
    }
}

fn marks(policy: &PolicyCoverage) -> Vec<Mark> {
    let mut marks = Vec::new();
    let mut mark = |place: &SourcePlace, status, note: &str| {
        let note = if status == Status::Covered { String::new() } else { note.to_string() };
        marks.push(Mark { line: place.line, span: place.span, status, note });
    };
    for rule in &policy.rules {
        mark(&rule.place, rule.status, "never fired");
        for phase in &rule.phases {
            let note = match phase.status {
                Status::Half => "in force, but the rule never fired in it",
                _ => "never in force",
            };
            mark(&phase.place, phase.status, note);
        }
    }
    for default in &policy.defaults {
        mark(&default.place, default.status, "never decided");
    }
    for row in policy.tables.iter().flat_map(|table| &table.rows) {
        mark(&row.place, row.status, "never matched");
    }
    for condition in policy.conditions() {
        let note = match (condition.looked_at, condition.as_true, condition.as_false) {
            (0, ..) => "never looked at",
            (_, 0, 0) => "looked at, but never settled the outcome",
            (_, _, 0) => "only shown as true",
            _ => "only shown as false",
        };
        mark(&condition.place, condition.status, note);
    }
    marks
}
