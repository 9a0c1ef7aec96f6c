//! Decisions to standard output or a file, as JSON lines, JSON or a table.

use std::fs::{self, File};
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

use serde::ser::{Serialize, SerializeStruct, Serializer};

use super::Stop;
use super::args::DecisionFormat;
use super::table::Tables;
use crate::Decision;

/// A file that is written aside and takes its name only when it is complete; otherwise nothing of
/// it stays. A pipe or a device is written to as it is.
pub(super) struct Aside {
    aside: Option<PathBuf>,
    path: PathBuf,
}

impl Aside {
    pub(super) fn create(path: &Path) -> Result<(File, Self), Stop> {
        let path = path.canonicalize().unwrap_or_else(|_| path.to_path_buf());
        let metadata = fs::metadata(&path).ok();
        if metadata.as_ref().is_some_and(|metadata| metadata.is_dir()) {
            return Err(Stop::Unusable(format!("cannot write {}: it is a folder", path.display())));
        }
        let is_special = metadata.is_some_and(|metadata| !metadata.is_file());
        let aside = (!is_special).then(|| {
            let name = path.file_name().map(|name| name.to_string_lossy().into_owned());
            path.with_file_name(format!(".{}.partial", name.unwrap_or_default()))
        });
        let file = match &aside {
            Some(aside) => File::create(aside),
            None => File::options().write(true).open(&path),
        };
        let file = file.map_err(|error| unwritable(&path, &error))?;
        Ok((file, Self { aside, path }))
    }

    pub(super) fn complete(mut self) -> Result<(), Stop> {
        match &self.aside {
            Some(aside) => {
                fs::rename(aside, &self.path).map_err(|error| unwritable(&self.path, &error))?;
            }
            None => return Ok(()),
        }
        self.aside = None;
        Ok(())
    }
}

impl Drop for Aside {
    fn drop(&mut self) {
        if let Some(aside) = &self.aside {
            // The run has failed already, and tells why.
            let _ = fs::remove_file(aside);
        }
    }
}

fn unwritable(path: &Path, error: &io::Error) -> Stop {
    Stop::Unusable(format!("cannot write {}: {error}", path.display()))
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
                let file: Box<dyn Write> = match format {
                    // A summary for people has colours, a file has none.
                    DecisionFormat::Table => Box::new(anstream::StripStream::new(file)),
                    DecisionFormat::Jsonl | DecisionFormat::Json => Box::new(file),
                };
                (file, Some(aside))
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
