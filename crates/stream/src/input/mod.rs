//! All inputs of a run, one behind the other, as often as they are needed.

mod ahead;
pub(crate) mod bytes;
mod cut;
mod expand;
mod files;
mod format;
mod items;
mod large;
mod layers;
mod lost;
mod partition;
mod readers;
mod sheets;
mod splice;
mod survey;
mod text;
mod values;
mod way;

use std::collections::VecDeque;
use std::io::BufRead;
use std::sync::Arc;

use crate::block::Block;
use crate::columns;
use crate::observer::{Note, Observer};
use crate::options::{InputFormat, Inputs};
use crate::{Refusal, StreamError};
use bytes::Source;
use cut::cut_short;
use layers::Told;
use rulebook_base::digest::Digest;
use rulebook_core::settings::RecordPath;
use text::Text;

pub(crate) use files::{Found, files};
pub(crate) use large::KEPT;
#[cfg(feature = "parquet")]
pub(crate) use large::{LONGEST, entry, too_large};
#[cfg(feature = "parquet")]
pub(crate) use partition::Partition;
pub(crate) use readers::{FEW_ROWS, MANY_ROWS, MOST_ROWS, Readers, fitting};
pub(crate) use sheets::parted;

/// The inputs of a run, open.
pub(crate) struct Opened {
    inputs: Vec<Arc<Input>>,
}

struct Input {
    source: Source,
    kind: Kind,
    /// Where in documents the records stand.
    records: Option<RecordPath>,
    /// A list that stands in its only document, and may hold the records.
    list: Option<String>,
    /// The sheet that it is, where it was found among others.
    sheet: Option<String>,
    /// What the folders around it give to each of its objects, as JSON.
    fields: String,
}

/// How an input is read.
enum Kind {
    /// As text, whose format may be left to the first bytes.
    Text(Option<InputFormat>),
    Columns(columns::Opened),
}

/// An input that is being read.
enum Reading {
    Text(Box<Text>),
    Columns(columns::Reading),
}

impl Input {
    fn open(
        Found { path, partition }: Found,
        inputs: &Inputs,
        readers: Readers<'_>,
        again: bool,
    ) -> Result<Self, StreamError> {
        let (file, _) = sheets::parted(&path);
        let format = inputs.format.or_else(|| format::by_ending(&file));
        if format == Some(InputFormat::Xlsx) {
            let sheets::Opened { source, columns, found } = sheets::open(&path, inputs, readers)?;
            let kind = Kind::Columns(columns);
            let (records, list, fields) = (None, None, String::new());
            return Ok(Self { source, kind, records, list, sheet: found, fields });
        }
        // Files of columns are read from their end, and in several places at once.
        let is_parquet = format == Some(InputFormat::Parquet);
        let is_cells = matches!(format, Some(InputFormat::Csv | InputFormat::Tsv));
        let told = Told { encoding: inputs.form.encoding, may_be_guessed: is_cells };
        let source = Source::open(&path, again || is_parquet)?.told(told).within(partition);
        let kind = match format {
            Some(format) if is_parquet || is_cells => {
                Kind::Columns(columns::Opened::open(&source, format, &inputs.form, readers)?)
            }
            // Whoever may write only later is not waited for.
            format if source.file().is_none() => Kind::Text(format),
            None if source.start()?.starts_with(b"PAR1") => {
                return Err(Refusal::UnnamedParquet { input: source.name() }.into());
            }
            format => {
                source.start()?;
                Kind::Text(format)
            }
        };
        let records = inputs.form.records.clone();
        let list = match (&kind, &records) {
            (Kind::Text(format), None) if source.file().is_some() => {
                survey::list_within(&source, *format, readers)?
            }
            _ => None,
        };
        let fields = source.partition.json(readers.policies);
        Ok(Self { source, kind, records, list, sheet: None, fields })
    }

    /// What was found out about it that somebody may want to say otherwise.
    fn notes(&self) -> impl Iterator<Item = Note> {
        let encoding = self.source.guess().map(|(encoding, is_read)| match is_read {
            true => Note::Encoding(encoding.name()),
            false => Note::SeemingEncoding(encoding.name()),
        });
        let list = self.list.iter().map(|list| Note::ListWithin(list.clone()));
        let sheet = self.sheet.iter().map(|sheet| Note::Sheet(sheet.clone()));
        encoding.into_iter().chain(list).chain(sheet).chain(match &self.kind {
            Kind::Text(_) => Vec::new(),
            Kind::Columns(opened) => opened.notes(),
        })
    }

    fn start(&self) -> Result<Reading, StreamError> {
        Ok(match &self.kind {
            Kind::Text(format) => {
                let text = Text::of(&self.source, *format, self.records.as_ref())?;
                Reading::Text(Box::new(text))
            }
            Kind::Columns(opened) => Reading::Columns(opened.start(&self.source)?),
        })
    }
}

impl Reading {
    /// Puts the next records into a block; `false` at the end of the input. A block may turn out to
    /// have no records.
    fn fill(&mut self, block: &mut Block, source: &Source) -> Result<bool, StreamError> {
        block.clear();
        match self {
            Self::Text(text) => text.fill(block).map_err(|error| source.failed(error)),
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
        let paths = files::files(&inputs.files, inputs.format)?;
        let opened = paths.into_iter().map(|path| Input::open(path, inputs, readers, again));
        Ok(Self { inputs: opened.map(|input| input.map(Arc::new)).collect::<Result<_, _>>()? })
    }

    /// Tells what was found out about the inputs, each thing once.
    pub(crate) fn tell(&self, observer: &mut dyn Observer) {
        let mut told: Vec<(Note, &Input, usize)> = Vec::new();
        for input in &self.inputs {
            for note in input.notes() {
                match told.iter_mut().find(|(known, ..)| *known == note) {
                    Some((.., more)) => *more += 1,
                    None => told.push((note, input, 0)),
                }
            }
        }
        for (note, input, more) in told {
            observer.note(&input.source.name(), more, &note);
        }
    }

    /// The size of all inputs together, where it is known.
    pub(crate) fn size(&self) -> Option<u64> {
        self.inputs.iter().map(|input| input.source.size()).sum()
    }

    /// The SHA-256 of each input, in hexadecimal, with its name; an empty one has none.
    pub(crate) fn digests(&self) -> Result<Vec<(String, String)>, StreamError> {
        let mut digests = Vec::new();
        for source in self.inputs.iter().map(|input| &input.source) {
            let mut reader = source.reader()?;
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
        // Of many inputs only the one that is read holds anything. What a stream is, is seen before anything is
        // written.
        let begun = |input: &Arc<Input>| {
            let is_unknown =
                input.source.file().is_none() && matches!(input.kind, Kind::Text(None));
            let reading = is_unknown.then(|| input.start()).transpose()?;
            Ok((input.clone(), reading))
        };
        let mut inputs =
            self.inputs.iter().map(begun).collect::<Result<VecDeque<_>, StreamError>>()?;
        let mut records = 0;
        Ok(move |block: &mut Block| {
            while let Some((input, reading)) = inputs.front_mut() {
                let reader = match reading {
                    Some(reader) => reader,
                    None => reading.insert(input.start()?),
                };
                let mut any = reader.fill(block, &input.source)?;
                if let Some(packing) = input.source.take_cut() {
                    cut_short(packing, block);
                    any = true;
                }
                if !input.fields.is_empty() && matches!(input.kind, Kind::Text(_)) {
                    splice::put(&input.fields, block);
                }
                if any {
                    let path = input.source.path();
                    block.first = records;
                    block.file = several.then(|| Arc::<str>::from(path.to_string_lossy()));
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
