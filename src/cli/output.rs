//! Decisions to standard output or a file, as JSON lines, JSON or a table.

use std::fs::{self, File};
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

use serde::ser::{Serialize, SerializeStruct, Serializer};

use super::Stop;
use super::args::DecisionFormat;
use super::table::Tables;
use crate::Decision;

/// A file that is written aside and takes its name only when it is complete.
pub(super) struct Aside {
    aside: PathBuf,
    path: PathBuf,
}

impl Aside {
    pub(super) fn create(path: &Path) -> Result<(File, Self), Stop> {
        let name = path.file_name().map(|name| name.to_string_lossy().into_owned());
        let aside = path.with_file_name(format!(".{}.partial", name.unwrap_or_default()));
        let file = File::create(&aside)
            .map_err(|error| Stop::Unusable(format!("cannot write {}: {error}", path.display())))?;
        Ok((file, Self { aside, path: path.to_path_buf() }))
    }

    pub(super) fn complete(self) -> Result<(), Stop> {
        fs::rename(&self.aside, &self.path).map_err(|error| {
            Stop::Unusable(format!("cannot write {}: {error}", self.path.display()))
        })
    }
}

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

/// Where decisions go.
pub(super) struct Output {
    writer: BufWriter<Box<dyn Write>>,
    aside: Option<Aside>,
    format: DecisionFormat,
    tables: Tables,
    any: bool,
}

impl Output {
    pub(super) fn open(
        path: Option<&Path>,
        format: DecisionFormat,
        rows: usize,
    ) -> Result<Self, Stop> {
        let (writer, aside): (Box<dyn Write>, _) = match path {
            Some(path) => {
                let (file, aside) = Aside::create(path)?;
                (Box::new(file), Some(aside))
            }
            None => (Box::new(anstream::stdout()), None),
        };
        let writer = BufWriter::with_capacity(1 << 16, writer);
        Ok(Self { writer, aside, format, tables: Tables::new(rows), any: false })
    }

    pub(super) fn add(&mut self, record: u64, decision: &Decision) -> Result<(), Stop> {
        let line = Line { record, decision };
        match self.format {
            DecisionFormat::Table => self.tables.add(record, decision),
            DecisionFormat::Jsonl => {
                serde_json::to_writer(&mut self.writer, &line).map_err(io::Error::from)?;
                self.writer.write_all(b"\n")?;
            }
            DecisionFormat::Json => {
                self.writer.write_all(if self.any { b",\n" } else { b"[\n" })?;
                serde_json::to_writer(&mut self.writer, &line).map_err(io::Error::from)?;
            }
        }
        self.any = true;
        Ok(())
    }

    /// Completes the output; `summary` ends a table.
    pub(super) fn finish(mut self, summary: &str) -> Result<(), Stop> {
        match self.format {
            DecisionFormat::Table => {
                let coloured = self.aside.is_none();
                write!(self.writer, "{}{summary}", self.tables.draw(coloured))?;
            }
            DecisionFormat::Json => {
                self.writer.write_all(if self.any { b"\n]\n" } else { b"[]\n" })?;
            }
            DecisionFormat::Jsonl => {}
        }
        self.writer.flush()?;
        drop(self.writer);
        self.aside.map_or(Ok(()), Aside::complete)
    }
}
