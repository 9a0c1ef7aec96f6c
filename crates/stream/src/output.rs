//! Decisions to standard output or a file, as JSON lines, JSON, a table, or columns.

mod csv;
mod parquet;

use std::io::{self, Write};
use std::path::Path;

use arrow_array::RecordBatch;
use arrow_schema::SchemaRef;
use serde::ser::{Serialize, SerializeStruct, Serializer};

use super::Stop;
use super::args::{CellForm, DecisionFormat, Numbers};
use super::aside::Aside;
use super::block::Told;
use super::screen::{self, Text};
use super::table::Tables;
use super::{json, paint};
use rulebook::Decision;

pub(super) use parquet::Encoded;

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
    (format, numbers): (DecisionFormat, Numbers),
    record: u64,
    decision: &Decision,
    into: &mut Vec<u8>,
) {
    let is_array = format == DecisionFormat::Json;
    if is_array {
        into.extend_from_slice(COMMA);
    }
    // A decision can always be written as JSON into memory.
    let _ = json::append(&Line { record, decision }, numbers, into);
    if !is_array {
        into.push(b'\n');
    }
}

/// Makes columns into what is written, in whatever thread.
#[derive(Clone)]
pub(super) enum Encoder {
    Parquet(parquet::Encoder),
    Csv(csv::Encoder),
}

impl Encoder {
    /// Adds the decisions about some records.
    pub(super) fn encode(&self, batch: RecordBatch, told: &mut Told) -> io::Result<()> {
        match self {
            Self::Parquet(encoder) => told.columns = Some(encoder.encode(batch)?),
            Self::Csv(encoder) => encoder.encode(&batch, &mut told.decisions)?,
        }
        Ok(())
    }
}

/// Nobody wants to see Parquet on a terminal.
pub(super) fn refuse_to_show_parquet(path: Option<&Path>) -> Result<(), Stop> {
    match path {
        None if paint::on_terminal() => {
            Err(Stop::Unusable("Parquet is nothing to look at; name a file with `--output`".into()))
        }
        _ => Ok(()),
    }
}

/// Where decisions go.
pub(super) struct Output {
    to: To,
    aside: Option<Aside>,
    format: DecisionFormat,
    cells: CellForm,
    rows: usize,
    tables: Tables,
    any: bool,
}

enum To {
    Text(Box<dyn Write + Send>),
    Parquet(Box<parquet::File>),
}

impl Output {
    /// Opens a file, or standard output. `schema` says which columns there will be, where decisions
    /// are written as columns.
    pub(super) fn open(
        path: Option<&Path>,
        format: DecisionFormat,
        cells: CellForm,
        rows: usize,
        schema: &SchemaRef,
    ) -> Result<Self, Stop> {
        let (file, aside) = path.map(Aside::create).transpose()?.unzip();
        // A table for people has colours, unless nobody wants any; JSON has none.
        let writer = match format {
            DecisionFormat::Table | DecisionFormat::Counts => screen::writer(file),
            _ => screen::exact_writer(file),
        };
        let mut output = Self {
            to: To::Text(writer),
            aside,
            format,
            cells,
            rows,
            tables: Tables::default(),
            any: false,
        };
        let begun = output.begin(schema);
        begun.map_err(|error| output.failed(error))?;
        Ok(output)
    }

    /// Writes what stands before all decisions.
    fn begin(&mut self, schema: &SchemaRef) -> io::Result<()> {
        match (self.encoder(), &mut self.to) {
            (Some(Encoder::Csv(encoder)), To::Text(writer)) => {
                let mut header = Vec::new();
                encoder.header(schema, &mut header)?;
                writer.write_all(&header)
            }
            (_, To::Text(writer)) if self.format == DecisionFormat::Parquet => {
                let writer = std::mem::replace(writer, Box::new(io::sink()));
                self.to = To::Parquet(Box::new(parquet::File::create(writer, schema)?));
                Ok(())
            }
            _ => Ok(()),
        }
    }

    /// What makes columns into what is written, if columns are.
    pub(super) fn encoder(&self) -> Option<Encoder> {
        match (&self.to, self.format) {
            (To::Parquet(file), _) => Some(Encoder::Parquet(file.encoder())),
            (_, DecisionFormat::Csv) => Some(Encoder::Csv(csv::Encoder::new(b',', self.cells))),
            (_, DecisionFormat::Tsv) => Some(Encoder::Csv(csv::Encoder::new(b'\t', self.cells))),
            _ => None,
        }
    }

    /// Adds the decisions of a block.
    pub(super) fn write(&mut self, told: &mut Told) -> Result<(), Stop> {
        self.add(told).map_err(|error| self.failed(error))
    }

    fn add(&mut self, told: &mut Told) -> io::Result<()> {
        let writer = match &mut self.to {
            To::Text(writer) => writer,
            To::Parquet(file) => {
                return told.columns.take().map_or(Ok(()), |rows| file.write(rows));
            }
        };
        let mut decisions = told.decisions.as_slice();
        if self.format == DecisionFormat::Table {
            self.tables.append(&mut told.tables, self.rows);
        }
        if self.format == DecisionFormat::Json
            && !self.any
            && let Some(behind_comma) = decisions.strip_prefix(COMMA)
        {
            writer.write_all(b"[\n")?;
            decisions = behind_comma;
        }
        self.any |= !decisions.is_empty();
        writer.write_all(decisions)
    }

    /// Why a write failed, with the name of the file if it is one.
    fn failed(&self, error: io::Error) -> Stop {
        match &self.aside {
            Some(aside) => aside.failed(&error),
            None => error.into(),
        }
    }

    /// Writes what is left, and `summary` at the end of a table; the file, if it is one, has yet to be
    /// completed.
    pub(super) fn finish(self, summary: &Text) -> Result<Option<Aside>, Stop> {
        let Self { to, aside, format, tables, any, .. } = self;
        let coloured = aside.is_none();
        let finished = match to {
            To::Parquet(file) => file.finish(),
            To::Text(mut writer) => match format {
                DecisionFormat::Table => {
                    let tables = tables.draw(coloured);
                    write!(writer, "{}{}", tables.as_str(), summary.as_str())
                }
                DecisionFormat::Counts => writer.write_all(summary.as_str().as_bytes()),
                DecisionFormat::Json if any => writer.write_all(b"\n]\n"),
                DecisionFormat::Json => writer.write_all(b"[]\n"),
                _ => Ok(()),
            }
            .and_then(|()| writer.flush()),
        };
        match (finished, aside) {
            (Ok(()), aside) => Ok(aside),
            (Err(error), Some(aside)) => Err(aside.failed(&error)),
            (Err(error), None) => Err(error.into()),
        }
    }
}
