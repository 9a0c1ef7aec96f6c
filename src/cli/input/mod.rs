//! All inputs of a run, one behind the other, as often as they are needed.

mod bytes;
mod format;
mod text;

use std::collections::VecDeque;
use std::io::BufRead;
use std::path::PathBuf;
use std::sync::Arc;

use sha2::{Digest, Sha256};

use super::Stop;
use super::args::{InputFormat, ReadingArgs};
use super::block::Block;
use bytes::Source;
use text::Text;

/// The inputs of a run.
pub(super) struct Inputs {
    inputs: Vec<Input>,
}

struct Input {
    source: Source,
    format: Option<InputFormat>,
}

impl Inputs {
    /// Opens all inputs, files and patterns for files, to be read once or, if they are read `again`,
    /// several times: standard input, a pipe or a device is then copied.
    ///
    /// # Errors
    /// When one cannot be read.
    pub(super) fn open(names: &[PathBuf], args: &ReadingArgs, again: bool) -> Result<Self, Stop> {
        let open = |path: PathBuf| {
            let format = format::format(&path, args);
            Ok(Input { source: Source::open(&path, again)?, format })
        };
        let paths = format::files(names)?;
        Ok(Self { inputs: paths.into_iter().map(open).collect::<Result<_, Stop>>()? })
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
                digests.push((digest, source.path().display().to_string()));
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
        let start = |Input { source, format }: &Input| {
            let name = several.then(|| Arc::<str>::from(source.path().display().to_string()));
            Ok((Text::of(source, *format)?, name))
        };
        let mut inputs = self.inputs.iter().map(start).collect::<Result<VecDeque<_>, Stop>>()?;
        let mut records = 0;
        Ok(move |block: &mut Block| {
            while let Some((input, name)) = inputs.front_mut() {
                if input.fill(block)? {
                    block.first = records;
                    block.file.clone_from(name);
                    records += block.entries.len() as u64;
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
