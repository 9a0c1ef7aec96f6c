//! All inputs of a run, one behind the other, as often as they are needed: files as they are, and what
//! can be read only once from a copy.

use std::collections::VecDeque;
use std::fs::File;
use std::io::{self, BufRead, BufReader, Seek};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use sha2::{Digest, Sha256};

use super::Stop;
use super::block::Block;
use super::input::{self, Input};

/// The inputs of a run.
pub(super) struct Inputs {
    inputs: Vec<(PathBuf, Option<File>)>,
}

impl Inputs {
    /// Takes inputs that are read once, or, if they are read `again`, makes sure that they can be:
    /// standard input, a pipe or a device is then read to its end, into a file without a name.
    pub(super) fn new(paths: &[PathBuf], again: bool) -> Result<Self, Stop> {
        let copied = |path: &PathBuf| {
            let is_file = path != Path::new("-") && path.metadata().is_ok_and(|m| !is_stream(&m));
            let copy = if again && !is_file { Some(copy_of(path)?) } else { None };
            Ok((path.clone(), copy))
        };
        Ok(Self { inputs: paths.iter().map(copied).collect::<Result<_, Stop>>()? })
    }

    /// The SHA-256 of each input, in hexadecimal, with its name; an empty one has none.
    pub(super) fn digests(&self) -> Result<Vec<(String, String)>, Stop> {
        let mut digests = Vec::new();
        for (path, copy) in &self.inputs {
            let mut reader = open_again(path, copy.as_ref())?;
            let (mut hasher, mut size) = (Sha256::new(), 0);
            loop {
                let bytes = reader.fill_buf().map_err(|error| {
                    Stop::Unusable(format!("cannot read {}: {error}", path.display()))
                })?;
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
                digests.push((digest, path.display().to_string()));
            }
        }
        Ok(digests)
    }

    /// Opens all inputs; what comes back fills one block after another until there are no more
    /// records.
    pub(super) fn filling(
        &self,
    ) -> Result<impl FnMut(&mut Block) -> Result<bool, Stop> + Send + 'static, Stop> {
        let several = self.inputs.len() > 1;
        let name = |path: &Path| several.then(|| Arc::from(path.display().to_string()));
        let open =
            |(path, copy): &(PathBuf, Option<File>)| Ok((open(path, copy.as_ref())?, name(path)));
        let mut inputs = self.inputs.iter().map(open).collect::<Result<VecDeque<_>, Stop>>()?;
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
}

/// Whether something is neither a file nor a folder, which `Input::open` refuses.
fn is_stream(metadata: &std::fs::Metadata) -> bool {
    !metadata.is_file() && !metadata.is_dir()
}

fn open(path: &Path, copy: Option<&File>) -> Result<Input, Stop> {
    Input::of(open_again(path, copy)?, path)
}

fn open_again(path: &Path, copy: Option<&File>) -> Result<Box<dyn BufRead + Send>, Stop> {
    let Some(copy) = copy else { return input::reader(path) };
    let mut copy = copy.try_clone()?;
    copy.rewind()?;
    Ok(Box::new(BufReader::with_capacity(1 << 16, copy)))
}

fn copy_of(path: &Path) -> Result<File, Stop> {
    let mut reader = input::reader(path)?;
    let mut copy = tempfile::tempfile()?;
    io::copy(&mut reader, &mut copy)
        .map_err(|error| Stop::Unusable(format!("cannot copy {}: {error}", path.display())))?;
    Ok(copy)
}
