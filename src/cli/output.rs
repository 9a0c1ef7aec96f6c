//! Decisions to standard output or a file, as JSON lines, JSON or a table.

use std::io::{self, Write};
use std::path::Path;

use serde::ser::{Serialize, SerializeStruct, Serializer};

use super::Stop;
use super::args::DecisionFormat;
use super::aside::Aside;
use super::block::Told;
use super::json;
use super::table::Tables;
use crate::Decision;

/// A decision with the number of its record before it.
struct Line<'d> {
    record: u64,
    decision: &'d Decision,
}

impl Serialize for Line<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut out = serializer.serialize_struct("Decision", 15)?;
        out.serialize_field("record", &self.record)?;
        self.decision.serialize_fields(&mut out)?;
        out.end()
    }
}

/// What stands between two decisions of an array.
const COMMA: &[u8] = b",\n";

/// Adds a decision as JSON: a line, or an element of an array with a comma before it.
pub(super) fn tell_decision(
    format: DecisionFormat,
    record: u64,
    decision: &Decision,
    into: &mut Vec<u8>,
) {
    let is_array = format == DecisionFormat::Json;
    if is_array {
        into.extend_from_slice(COMMA);
    }
    // A decision can always be written as JSON into memory.
    let _ = json::append(&Line { record, decision }, into);
    if !is_array {
        into.push(b'\n');
    }
}

/// Where decisions go.
pub(super) struct Output {
    writer: Box<dyn Write>,
    aside: Option<Aside>,
    format: DecisionFormat,
    rows: usize,
    tables: Tables,
    any: bool,
}

impl Output {
    pub(super) fn open(
        path: Option<&Path>,
        format: DecisionFormat,
        rows: usize,
    ) -> Result<Self, Stop> {
        let (file, aside) = path.map(Aside::create).transpose()?.unzip();
        // A table for people has colours, unless nobody wants any; JSON has none.
        let writer: Box<dyn Write> = match (file, format) {
            (Some(file), DecisionFormat::Table | DecisionFormat::Counts) => {
                Box::new(anstream::StripStream::new(file))
            }
            (Some(file), _) => Box::new(file),
            (None, DecisionFormat::Table | DecisionFormat::Counts) => Box::new(anstream::stdout()),
            (None, _) => Box::new(io::stdout()),
        };
        Ok(Self { writer, aside, format, rows, tables: Tables::default(), any: false })
    }

    /// Adds the decisions of a block.
    pub(super) fn write(&mut self, told: &mut Told) -> Result<(), Stop> {
        let mut decisions = told.decisions.as_slice();
        if self.format == DecisionFormat::Table {
            self.tables.append(&mut told.tables, self.rows);
        }
        if self.format == DecisionFormat::Json
            && !self.any
            && let Some(behind_comma) = decisions.strip_prefix(COMMA)
        {
            self.writer.write_all(b"[\n")?;
            decisions = behind_comma;
        }
        self.any |= !decisions.is_empty();
        let written = self.writer.write_all(decisions);
        written.map_err(|error| self.failed(error))
    }

    /// Why a write failed, with the name of the file if it is one.
    fn failed(&self, error: io::Error) -> Stop {
        match &self.aside {
            Some(aside) => aside.failed(&error),
            None => error.into(),
        }
    }

    /// Completes the output; `summary` ends a table.
    pub(super) fn finish(mut self, summary: &str) -> Result<(), Stop> {
        match self.format {
            DecisionFormat::Table => {
                let coloured = self.aside.is_none();
                write!(self.writer, "{}{summary}", self.tables.draw(coloured))?;
            }
            DecisionFormat::Counts => write!(self.writer, "{summary}")?,
            DecisionFormat::Json => {
                self.writer.write_all(if self.any { b"\n]\n" } else { b"[]\n" })?;
            }
            DecisionFormat::Jsonl | DecisionFormat::Dsa => {}
        }
        self.writer.flush()?;
        drop(self.writer);
        self.aside.map_or(Ok(()), Aside::complete)
    }
}
