//! Decisions to a stream or a file, as JSON lines, JSON, or columns; tables are kept for whoever draws them.

use std::io::{self, Write};
use std::path::PathBuf;

use serde::ser::{Serialize, SerializeStruct, Serializer};

use crate::aside::Aside;
use crate::block::Told;
use crate::columns::{Encoder, Schema, Writer};
use crate::options::{CellForm, Format, Numbers};
use crate::sample::Tables;
use crate::{StreamError, json};
use rulebook::Decision;

/// A decision with the number of its record before it.
struct NumberedDecision<'d> {
    record: u64,
    decision: &'d Decision,
}

impl Serialize for NumberedDecision<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut out = serializer.serialize_struct("Decision", 17)?;
        out.serialize_field("record", &self.record)?;
        self.decision.serialize_fields(&mut out)?;
        out.end()
    }
}

/// What stands between two decisions of an array.
const COMMA: &[u8] = b",\n";

/// Adds a decision as JSON: a line, or an element of an array with a comma before it.
pub(crate) fn tell_decision(
    (format, numbers): (Format, Numbers),
    record: u64,
    decision: &Decision,
    into: &mut Vec<u8>,
) {
    tell(&NumberedDecision { record, decision }, (format, numbers), into);
}

/// Adds a value as JSON: a line, or an element of an array with a comma before it.
pub(crate) fn tell(
    value: &impl Serialize,
    (format, numbers): (Format, Numbers),
    into: &mut Vec<u8>,
) {
    let is_array = format == Format::Json;
    if is_array {
        into.extend_from_slice(COMMA);
    }
    // What is told can always be written as JSON into memory.
    let _ = json::append(value, numbers, into);
    if !is_array {
        into.push(b'\n');
    }
}

/// Where decisions go.
pub enum Destination {
    /// A file, which is written aside and takes its name when it is whole.
    File(PathBuf),
    /// Whatever somebody has open, such as standard output.
    Stream(Box<dyn Write + Send>),
}

/// Decisions on their way to where they go.
pub(crate) struct Output {
    to: To,
    aside: Option<Aside>,
    format: Format,
    rows: usize,
    pub(crate) tables: Tables,
    any: bool,
}

enum To {
    Text(Box<dyn Write + Send>),
    Columns(Writer),
}

impl Output {
    /// Opens a file, or takes what is open. `schema` says which columns there will be, where decisions
    /// are written as columns; of tables, so many `rows` are kept.
    pub(crate) fn open(
        destination: Destination,
        format: Format,
        (cells, rows): (CellForm, usize),
        schema: Option<&Schema>,
    ) -> Result<Self, StreamError> {
        let (writer, aside): (Box<dyn Write + Send>, _) = match destination {
            Destination::File(path) => {
                let (file, aside) = Aside::create(&path)?;
                (Box::new(file), Some(aside))
            }
            Destination::Stream(writer) => (writer, None),
        };
        let to = match schema {
            Some(schema) => Writer::create(writer, format, cells, schema)
                .map(To::Columns)
                .map_err(|error| failed(aside.as_ref(), error))?,
            None => To::Text(writer),
        };
        Ok(Self { to, aside, format, rows, tables: Tables::default(), any: false })
    }

    /// What makes columns into what is written, if columns are.
    pub(crate) fn encoder(&self) -> Option<Encoder> {
        match &self.to {
            To::Columns(writer) => Some(writer.encoder()),
            To::Text(_) => None,
        }
    }

    /// Adds the decisions of a block.
    pub(crate) fn write(&mut self, told: &mut Told) -> Result<(), StreamError> {
        self.add(told).map_err(|error| failed(self.aside.as_ref(), error))
    }

    fn add(&mut self, told: &mut Told) -> io::Result<()> {
        let writer = match &mut self.to {
            To::Text(writer) => writer,
            To::Columns(writer) => return writer.write(told),
        };
        let mut decisions = told.decisions.as_slice();
        if self.format == Format::Table {
            self.tables.append(&mut told.tables, self.rows);
        }
        if self.format == Format::Json
            && !self.any
            && let Some(behind_comma) = decisions.strip_prefix(COMMA)
        {
            writer.write_all(b"[\n")?;
            decisions = behind_comma;
        }
        self.any |= !decisions.is_empty();
        writer.write_all(decisions)
    }

    /// Writes what is left, which of formats for people is `text`; the file, if it is one, has yet to be
    /// completed.
    pub(crate) fn finish(self, text: &str) -> Result<Option<Aside>, StreamError> {
        let Self { to, aside, format, any, .. } = self;
        let finished = match to {
            To::Columns(writer) => writer.finish(),
            To::Text(mut writer) => match format {
                Format::Table | Format::Counts => writer.write_all(text.as_bytes()),
                Format::Json if any => writer.write_all(b"\n]\n"),
                Format::Json => writer.write_all(b"[]\n"),
                _ => Ok(()),
            }
            .and_then(|()| writer.flush()),
        };
        match finished {
            Ok(()) => Ok(aside),
            Err(error) => Err(failed(aside.as_ref(), error)),
        }
    }
}

/// Why a write failed, with the name of the file if it is one.
fn failed(aside: Option<&Aside>, error: io::Error) -> StreamError {
    match aside {
        Some(aside) => aside.failed(&error),
        None => error.into(),
    }
}
