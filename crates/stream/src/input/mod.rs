//! All inputs of a run, one behind the other, as often as they are needed.

mod bind;
mod bounds;
mod bytes;
mod compact;
mod csv;
mod footer;
mod format;
mod groups;
mod guarded;
mod items;
mod lines;
mod pages;
mod parquet;
mod slices;
mod text;
mod values;

use std::collections::VecDeque;
use std::io::BufRead;
use std::path::PathBuf;
use std::sync::Arc;

use sha2::{Digest, Sha256};

use super::Stop;
use super::args::{InputFormat, ReadingArgs};
use super::block::{Block, Entry, Rows};
use super::watch;
use bytes::Source;
use rulebook_core::facts::{InputCode, InputError};
use text::Text;

pub(super) use bind::{Bound, FEW_ROWS, MANY_ROWS, MOST_ROWS, Readers};
pub(super) use csv::Sheet;
pub(super) use format::files;
pub(super) use parquet::{Part, PartRows, Table};

/// The most bytes of one record in YAML or CSV, which are taken apart: a quote that is left open makes
/// one of the whole file.
const LONGEST: usize = 16 << 20;
/// The same in JSON, which is read as it stands.
const LONGEST_JSON: usize = 64 << 20;

/// What is wrong with a record that is longer than any.
fn too_large(most: usize) -> InputError {
    let message = format!("the record takes more than {} MB; its start is kept", most >> 20);
    broken(InputCode::RecordTooLarge, message)
}

fn broken(code: InputCode, message: String) -> InputError {
    InputError::new("", code, message)
}

/// So much is kept of a record that is too large.
const KEPT: usize = 1 << 10;

/// Keeps the start of a record that is too large.
fn keep_start(block: &mut Block, start: usize) {
    block.cut(start + KEPT);
}

/// A record on a line, which stands in its block with so many bytes, of which there may be so many at most.
fn entry(line: u64, start: usize, length: usize, most: usize) -> Entry {
    match length > most {
        true => {
            let broken = Some(Box::new(too_large(most)));
            Entry { line, range: (start, start + KEPT), broken }
        }
        false => Entry { line, range: (start, start + length), broken: None },
    }
}

/// The inputs of a run.
pub(super) struct Inputs {
    inputs: Vec<Input>,
}

struct Input {
    source: Source,
    kind: Kind,
}

/// How an input is read.
enum Kind {
    /// As text, whose format may be left to the first bytes.
    Text(Option<InputFormat>),
    Parquet(Arc<Table>),
    Csv(Arc<Sheet>),
}

/// An input that is being read.
enum Reading {
    Text(Text),
    Parquet(Arc<Table>, Box<dyn Iterator<Item = Part> + Send>),
    Csv(csv::Reading),
}

impl Input {
    fn open(
        path: PathBuf,
        args: &ReadingArgs,
        readers: Readers<'_>,
        again: bool,
    ) -> Result<Self, Stop> {
        let format = format::format(&path, args);
        // Files of columns are read from their end, and in several places at once.
        let source = Source::open(&path, again || format == Some(InputFormat::Parquet))?;
        let kind = match format {
            Some(InputFormat::Parquet) => Kind::Parquet(Arc::new(Table::open(&source, readers)?)),
            Some(InputFormat::Csv | InputFormat::Tsv) => {
                let delimiter = match (args.delimiter, format) {
                    (Some(delimiter), _) => delimiter,
                    (None, Some(InputFormat::Tsv)) => b'\t',
                    (None, _) => b',',
                };
                Kind::Csv(Arc::new(Sheet::open(&source, delimiter, readers)?))
            }
            format => Kind::Text(format),
        };
        Ok(Self { source, kind })
    }

    fn start(&self) -> Result<Reading, Stop> {
        Ok(match &self.kind {
            Kind::Text(format) => Reading::Text(Text::of(&self.source, *format)?),
            Kind::Parquet(table) => Reading::Parquet(table.clone(), Box::new(table.parts())),
            Kind::Csv(sheet) => Reading::Csv(sheet.start(&self.source)?),
        })
    }
}

impl Reading {
    /// Puts the next records into a block; `false` at the end of the input. A block may turn out to
    /// have no records.
    fn fill(&mut self, block: &mut Block) -> Result<bool, Stop> {
        block.clear();
        match self {
            Self::Text(text) => Ok(text.fill(block)?),
            Self::Parquet(table, parts) => {
                let Some(part) = parts.next() else { return Ok(false) };
                block.size = table.size_of(&part);
                block.rows = Some(Rows::Part(table.clone(), part));
                Ok(true)
            }
            Self::Csv(reading) => {
                let any = reading.fill(block)?;
                block.rows = Some(Rows::Cells(reading.sheet().clone()));
                Ok(any)
            }
        }
    }
}

impl Inputs {
    /// Opens all inputs, files and patterns for files, to be read once or, if they are read `again`,
    /// several times: standard input, a pipe or a device is then copied. The columns of those that
    /// have some are found for the policies that read them.
    ///
    /// # Errors
    /// When one cannot be read, or has not the columns that policies need.
    pub(super) fn open(
        names: &[PathBuf],
        args: &ReadingArgs,
        readers: Readers<'_>,
        again: bool,
    ) -> Result<Self, Stop> {
        // Records are opened when the rulebook has been read.
        watch::end();
        let paths = format::files(names)?;
        let inputs = paths.into_iter().map(|path| Input::open(path, args, readers, again));
        Ok(Self { inputs: inputs.collect::<Result<_, Stop>>()? })
    }

    /// The size of all inputs together, where it is known.
    pub(super) fn size(&self) -> Option<u64> {
        self.inputs.iter().map(|input| input.source.file().map(|file| file.size)).sum()
    }

    /// The SHA-256 of each input, in hexadecimal, with its name; an empty one has none.
    pub(super) fn digests(&self) -> Result<Vec<(String, String)>, Stop> {
        let mut digests = Vec::new();
        for Input { source, .. } in &self.inputs {
            let mut reader = source.reader();
            let (mut hasher, mut size) = (Sha256::new(), 0);
            loop {
                let bytes = reader.fill_buf().map_err(|error| source.failed(error))?;
                if bytes.is_empty() {
                    break;
                }
                hasher.update(bytes);
                let read = bytes.len();
                size += read;
                reader.consume(read);
            }
            let digest = hasher.finalize();
            let digest: String = digest.iter().map(|byte| format!("{byte:02x}")).collect();
            if size > 0 {
                digests.push((digest, source.path().to_string_lossy().into_owned()));
            }
        }
        Ok(digests)
    }

    /// Starts all inputs anew; what comes back fills one block after another until there are no more
    /// records.
    pub(super) fn filling(
        &self,
    ) -> Result<impl FnMut(&mut Block) -> Result<bool, Stop> + Send + 'static, Stop> {
        let several = self.inputs.len() > 1;
        let start = |input: &Input| {
            let path = input.source.path();
            let name = several.then(|| Arc::<str>::from(path.to_string_lossy()));
            Ok((input.start()?, name))
        };
        let mut inputs = self.inputs.iter().map(start).collect::<Result<VecDeque<_>, Stop>>()?;
        let mut records = 0;
        Ok(move |block: &mut Block| {
            while let Some((input, name)) = inputs.front_mut() {
                if input.fill(block)? {
                    block.first = records;
                    block.file.clone_from(name);
                    records += block.len();
                    return Ok(true);
                }
                inputs.pop_front();
            }
            Ok(false)
        })
    }

    /// Makes sure that no input has changed since it was opened: else what was read of it may be
    /// partly the one and partly the other.
    pub(super) fn unchanged(&self) -> Result<(), Stop> {
        self.inputs.iter().try_for_each(|input| input.source.unchanged())
    }
}
