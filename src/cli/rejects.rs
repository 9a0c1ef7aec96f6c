//! Rejected records: kept in a file, or told on standard error.

use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::Path;

use serde::Serialize;
use serde_json::value::RawValue;

use super::output::Aside;
use super::{Stop, paint};
use crate::facts::InputError;

#[derive(Serialize)]
struct Reject<'r> {
    record: u64,
    line: u64,
    #[serde(skip_serializing_if = "Option::is_none")]
    file: Option<&'r str>,
    errors: &'r [InputError],
    input: Kept<'r>,
}

/// The record as it came: JSON where it is JSON, else its text.
#[derive(Serialize)]
#[serde(untagged)]
enum Kept<'r> {
    Json(&'r RawValue),
    Text(String),
}

/// Where rejected records go.
pub(super) struct Rejects {
    file: Option<(BufWriter<File>, Aside)>,
    /// How many there were.
    pub(super) count: u64,
}

impl Rejects {
    pub(super) fn open(path: Option<&Path>) -> Result<Self, Stop> {
        let file = match path {
            Some(path) => {
                let (file, aside) = Aside::create(path)?;
                Some((BufWriter::new(file), aside))
            }
            None => None,
        };
        Ok(Self { file, count: 0 })
    }

    /// Keeps a rejected record; `file` names its input where there are several.
    pub(super) fn add(
        &mut self,
        record: u64,
        line: u64,
        file: Option<&str>,
        errors: &[InputError],
        input: &[u8],
    ) -> Result<(), Stop> {
        self.count += 1;
        let Some((writer, _)) = &mut self.file else {
            tell(record, line, file, errors);
            return Ok(());
        };
        let json = serde_json::from_slice::<&RawValue>(input).ok();
        let input = match json {
            Some(json) => Kept::Json(json),
            None => Kept::Text(String::from_utf8_lossy(input).into_owned()),
        };
        serde_json::to_writer(&mut *writer, &Reject { record, line, file, errors, input })
            .map_err(std::io::Error::from)?;
        writer.write_all(b"\n")?;
        Ok(())
    }

    /// Completes the file.
    pub(super) fn finish(self) -> Result<(), Stop> {
        if let Some((mut writer, aside)) = self.file {
            writer.flush()?;
            drop(writer);
            aside.complete()?;
        }
        Ok(())
    }
}

fn tell(record: u64, line: u64, file: Option<&str>, errors: &[InputError]) {
    let file = file.map(|file| format!("{file}, ")).unwrap_or_default();
    anstream::eprintln!("{} record {record} ({file}line {line})", paint::error("rejected:"));
    for error in errors {
        let path = if error.path.is_empty() { "record" } else { error.path.as_str() };
        anstream::eprintln!(
            "  {path}: {} {}",
            error.message,
            paint::faint(format!("({})", error.code))
        );
    }
}
