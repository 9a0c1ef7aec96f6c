//! Rejected records: kept in a file, or handed to whoever watches.

use std::fs::File;
use std::io::Write;
use std::path::Path;
use std::sync::Arc;

use serde::{Serialize, Serializer};
use serde_json::value::RawValue;

use crate::aside::Aside;
use crate::block::Told;
use crate::observer::{Observer, several};
use crate::{StreamError, json};
use rulebook_core::facts::InputError;

/// Where a record stands in the input.
#[derive(Serialize)]
pub(crate) struct Place<'r> {
    pub(crate) record: u64,
    /// Its line, where the input has lines.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) line: Option<u64>,
    /// Its input, where there are several.
    #[serde(skip_serializing_if = "Option::is_none", serialize_with = "text")]
    pub(crate) file: Option<&'r Arc<str>>,
}

fn text<S: Serializer>(text: &Option<&Arc<str>>, serializer: S) -> Result<S::Ok, S::Error> {
    text.map(|text| &**text).serialize(serializer)
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
pub(crate) fn keep(place: &Place<'_>, errors: &[InputError], input: &[u8], into: &mut Vec<u8>) {
    let input = match json::on_one_line(input) {
        Some(json) => Kept::Json(json),
        None => Kept::Text(String::from_utf8_lossy(input).into_owned()),
    };
    let reject = Reject { place, problems: several(errors), errors, input };
    // Texts and numbers can always be written as JSON into memory.
    let _ = serde_json::to_writer(&mut *into, &reject);
    into.push(b'\n');
}

/// Where rejected records go: a file, if there is one.
pub(crate) struct Rejects {
    file: Option<(File, Aside)>,
}

impl Rejects {
    pub(crate) fn open(path: Option<&Path>) -> Result<Self, StreamError> {
        Ok(Self { file: path.map(Aside::create).transpose()? })
    }

    pub(crate) fn write(
        &mut self,
        told: &Told,
        observer: &mut dyn Observer,
    ) -> Result<(), StreamError> {
        if let Some((file, aside)) = &mut self.file {
            file.write_all(&told.rejects).map_err(|error| aside.failed(&error))?;
        }
        told.rejected.iter().for_each(|rejected| observer.rejected(rejected));
        Ok(())
    }

    /// The file, of which all has been written.
    pub(crate) fn finish(self) -> Option<Aside> {
        self.file.map(|(_, aside)| aside)
    }
}
