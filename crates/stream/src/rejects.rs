//! Rejected records: kept in a file, or told on standard error.

use std::fs::File;
use std::io::Write;
use std::path::Path;

use serde::Serialize;
use serde_json::value::RawValue;

use super::aside::Aside;
use super::screen::{self, Text};
use super::{Stop, json, paint};
use rulebook_core::facts::InputError;

/// Where a record stands in the input.
#[derive(Serialize)]
pub(super) struct Place<'r> {
    pub(super) record: u64,
    /// Its line, where the input has lines.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) line: Option<u64>,
    /// Its input, where there are several.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) file: Option<&'r str>,
}

#[derive(Serialize)]
struct Reject<'r> {
    #[serde(flatten)]
    place: &'r Place<'r>,
    /// How many problems there are, where `errors` does not tell each for itself.
    #[serde(skip_serializing_if = "Option::is_none")]
    problems: Option<u64>,
    errors: &'r [InputError],
    input: Kept,
}

/// The record as it came: JSON where it is JSON, else its text.
#[derive(Serialize)]
#[serde(untagged)]
enum Kept {
    Json(Box<RawValue>),
    Text(String),
}

/// Adds a line of JSON for the file that keeps rejects.
pub(super) fn keep(place: &Place<'_>, errors: &[InputError], input: &[u8], into: &mut Vec<u8>) {
    let input = match json::on_one_line(input) {
        Some(json) => Kept::Json(json),
        None => Kept::Text(String::from_utf8_lossy(input).into_owned()),
    };
    let reject = Reject { place, problems: several(errors), errors, input };
    // Texts and numbers can always be written as JSON into memory.
    let _ = serde_json::to_writer(&mut *into, &reject);
    into.push(b'\n');
}

/// Adds what people are told about a rejected record.
pub(super) fn tell(place: &Place<'_>, errors: &[InputError], into: &mut Vec<u8>) {
    let Place { record, line, file } = place;
    let line = line.map(|line| format!("line {line}"));
    let parts: Vec<_> = file.map(str::to_string).into_iter().chain(line).collect();
    let parts = match parts.as_slice() {
        [] => String::new(),
        parts => format!(" ({})", parts.join(", ")),
    };
    let problems = match several(errors) {
        Some(problems) => format!(": {problems} problems"),
        None => String::new(),
    };
    let mut text = Text::default();
    writeln!(text, "{} record {record}{parts}{problems}", paint::error("rejected:"));
    errors.iter().for_each(|error| problem(error, "record", &mut text));
    into.extend_from_slice(text.as_str().as_bytes());
}

/// How many problems there are, where not each is told for itself.
fn several(errors: &[InputError]) -> Option<u64> {
    let total = InputError::total(errors);
    (total > errors.len() as u64).then_some(total)
}

/// Adds the line that tells one problem of `whole`.
pub(super) fn problem(error: &InputError, whole: &str, text: &mut Text) {
    let InputError { path, code, message, .. } = error;
    let path = if path.is_empty() { whole } else { path };
    writeln!(text, "  {path}: {message} {}", paint::faint(format!("({code})")));
}

/// Where rejected records go: a file, or standard error.
pub(super) struct Rejects {
    file: Option<(File, Aside)>,
}

impl Rejects {
    pub(super) fn open(path: Option<&Path>) -> Result<Self, Stop> {
        Ok(Self { file: path.map(Aside::create).transpose()? })
    }

    pub(super) fn write(&mut self, rejects: &[u8]) -> Result<(), Stop> {
        match &mut self.file {
            Some((file, aside)) => {
                file.write_all(rejects).map_err(|error| aside.failed(&error))?;
            }
            // Who does not look at standard error does not mind.
            None => screen::tell_written(rejects),
        }
        Ok(())
    }

    /// The file, of which all has been written.
    pub(super) fn finish(self) -> Option<Aside> {
        self.file.map(|(_, aside)| aside)
    }
}
