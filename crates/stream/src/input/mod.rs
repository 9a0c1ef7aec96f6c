//! All inputs of a run, one behind the other, as often as they are needed.

pub(crate) mod bytes;
mod format;
mod items;
mod large;
mod readers;
mod text;
mod values;

use std::collections::VecDeque;
use std::io::BufRead;
use std::path::PathBuf;
use std::sync::Arc;

use crate::StreamError;
use crate::block::Block;
use crate::columns;
use crate::options::{InputFormat, Inputs};
use bytes::Source;
use rulebook_base::digest::Digest;
use text::Text;

pub(crate) use format::files;
pub(crate) use large::KEPT;
#[cfg(feature = "parquet")]
pub(crate) use large::{LONGEST, entry, too_large};
pub(crate) use readers::{FEW_ROWS, MANY_ROWS, MOST_ROWS, Readers, fitting};

/// The inputs of a run, open.
pub(crate) struct Opened {
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
    Columns(columns::Opened),
}

/// An input that is being read.
enum Reading {
    Text(Text),
    Columns(columns::Reading),
}

impl Input {
    fn open(
        path: PathBuf,
        inputs: &Inputs,
        readers: Readers<'_>,
        again: bool,
    ) -> Result<Self, StreamError> {
        let format = format::format(&path, inputs);
        // Files of columns are read from their end, and in several places at once.
        let source = Source::open(&path, again || format == Some(InputFormat::Parquet))?;
        let kind = match format {
            Some(format @ (InputFormat::Parquet | InputFormat::Csv | InputFormat::Tsv)) => {
                let delimiter = inputs.delimiter;
                Kind::Columns(columns::Opened::open(&source, format, delimiter, readers)?)
            }
            format => Kind::Text(format),
        };
        Ok(Self { source, kind })
    }

    fn start(&self) -> Result<Reading, StreamError> {
        Ok(match &self.kind {
            Kind::Text(format) => Reading::Text(Text::of(&self.source, *format)?),
            Kind::Columns(opened) => Reading::Columns(opened.start(&self.source)?),
        })
    }
}

impl Reading {
    /// Puts the next records into a block; `false` at the end of the input. A block may turn out to
    /// have no records.
    fn fill(&mut self, block: &mut Block) -> Result<bool, StreamError> {
        block.clear();
        match self {
            Self::Text(text) => Ok(text.fill(block)?),
            Self::Columns(reading) => reading.fill(block),
        }
    }
}

impl Opened {
    /// Opens all inputs, files and patterns for files, to be read once or, if they are read `again`,
    /// several times: standard input, a pipe or a device is then copied. The columns of those that
    /// have some are found for the policies that read them.
    ///
    /// # Errors
    /// When one cannot be read, or has not the columns that policies need.
    pub(crate) fn open(
        inputs: &Inputs,
        readers: Readers<'_>,
        again: bool,
    ) -> Result<Self, StreamError> {
        let paths = format::files(&inputs.files)?;
        let opened = paths.into_iter().map(|path| Input::open(path, inputs, readers, again));
        Ok(Self { inputs: opened.collect::<Result<_, StreamError>>()? })
    }

    /// The size of all inputs together, where it is known.
    pub(crate) fn size(&self) -> Option<u64> {
        self.inputs.iter().map(|input| input.source.file().map(|file| file.size)).sum()
    }

    /// The SHA-256 of each input, in hexadecimal, with its name; an empty one has none.
    pub(crate) fn digests(&self) -> Result<Vec<(String, String)>, StreamError> {
        let mut digests = Vec::new();
        for Input { source, .. } in &self.inputs {
            let mut reader = source.reader();
            let (mut digest, mut size) = (Digest::default(), 0);
            loop {
                let bytes = reader.fill_buf().map_err(|error| source.failed(error))?;
                if bytes.is_empty() {
                    break;
                }
                digest.add(bytes);
                let read = bytes.len();
                size += read;
                reader.consume(read);
            }
            if size > 0 {
                digests.push((digest.hex(), source.path().to_string_lossy().into_owned()));
            }
        }
        Ok(digests)
    }

    /// Starts all inputs anew; what comes back fills one block after another until there are no more
    /// records.
    pub(crate) fn filling(
        &self,
    ) -> Result<impl FnMut(&mut Block) -> Result<bool, StreamError> + Send + 'static, StreamError>
    {
        let several = self.inputs.len() > 1;
        let start = |input: &Input| {
            let path = input.source.path();
            let name = several.then(|| Arc::<str>::from(path.to_string_lossy()));
            Ok((input.start()?, name))
        };
        let mut inputs =
            self.inputs.iter().map(start).collect::<Result<VecDeque<_>, StreamError>>()?;
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
    pub(crate) fn unchanged(&self) -> Result<(), StreamError> {
        self.inputs.iter().try_for_each(|input| input.source.unchanged())
    }
}
