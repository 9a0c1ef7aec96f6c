//! Files of JSON, JSON lines and YAML to blocks of records, in order; what cannot be read of one does
//! not keep the others from being read.

use std::io::{self, BufRead, Read};

use memchr::{memchr_iter, memrchr};
use serde::de::IgnoredAny;

use super::super::Stop;
use super::super::args::InputFormat;
use super::super::block::{Block, Entry};
use super::bytes::Source;
use crate::facts::documents::{Document, from_json, from_yaml, without_mark};

/// An open input.
pub(super) struct Text {
    reader: Box<dyn BufRead + Send>,
    mode: Mode,
}

enum Mode {
    Lines {
        /// What has been read and belongs to the next block.
        rest: Vec<u8>,
        /// How many lines have been read.
        line: u64,
    },
    Whole {
        records: std::vec::IntoIter<Document>,
    },
}

impl Text {
    /// Starts with the first record; the format may be left to the first bytes.
    pub(super) fn of(source: &Source, format: Option<InputFormat>) -> Result<Self, Stop> {
        let mut reader = source.reader();
        let opened = match format {
            Some(InputFormat::Jsonl) => Ok(Self::lines(reader, Vec::new())),
            Some(InputFormat::Yaml) => read_all(&mut reader).map(|text| {
                let records = from_yaml(&text, None).into_iter();
                Self::whole(records.map(|(_, record)| record).collect())
            }),
            _ => Self::sniff(reader),
        };
        opened.map_err(|error| source.failed(error))
    }

    fn lines(reader: Box<dyn BufRead + Send>, rest: Vec<u8>) -> Self {
        Self { reader, mode: Mode::Lines { rest, line: 0 } }
    }

    fn whole(records: Vec<Document>) -> Self {
        Self { reader: Box::new(io::empty()), mode: Mode::Whole { records: records.into_iter() } }
    }

    /// A first line that is one JSON object means JSON lines; anything else is read as a whole.
    fn sniff(mut reader: Box<dyn BufRead + Send>) -> io::Result<Self> {
        let mut first = Vec::new();
        loop {
            let read = reader.read_until(b'\n', &mut first)?;
            if read == 0 || !first.trim_ascii().is_empty() {
                break;
            }
        }
        if first.starts_with(b"PAR1") {
            let why = "it is a Parquet file; say so: `--input-format parquet`";
            return Err(io::Error::new(io::ErrorKind::InvalidData, why));
        }
        let text = without_mark(&first).trim_ascii();
        let is_object = text.starts_with(b"{");
        if is_object && serde_json::from_slice::<IgnoredAny>(text).is_ok() {
            return Ok(Self::lines(reader, first));
        }
        reader.read_to_end(&mut first)?;
        let records = from_json(&first);
        let broken_at_once = matches!(records.as_slice(), [Document { content: Err(_), .. }]);
        if is_object && broken_at_once && has_line_of_its_own(&first) {
            // Not one document: read line by line, so that one broken line costs only itself.
            return Ok(Self::lines(Box::new(io::Cursor::new(first)), Vec::new()));
        }
        Ok(Self::whole(records))
    }

    /// Puts the next records into a block; `false` at the end of the input. A block may turn out to
    /// have no records.
    pub(super) fn fill(&mut self, block: &mut Block) -> io::Result<bool> {
        block.clear();
        match &mut self.mode {
            Mode::Lines { rest, line } => fill_lines(&mut self.reader, rest, line, block),
            Mode::Whole { records } => Ok(fill_whole(records, block)),
        }
    }
}

/// Puts the lines that are there into a block, at least one: who writes a line and waits for the
/// decision gets it.
fn fill_lines(
    reader: &mut dyn BufRead,
    rest: &mut Vec<u8>,
    line: &mut u64,
    block: &mut Block,
) -> io::Result<bool> {
    block.append(rest);
    rest.clear();
    let mut searched = 0;
    let end = loop {
        let new = block.text().get(searched..).unwrap_or_default();
        if let Some(at) = memrchr(b'\n', new) {
            break searched + at + 1;
        }
        searched = block.text().len();
        match reader.read(block.room()) {
            // The last line may lack its end.
            Ok(0) => break searched,
            Ok(bytes) => block.take(bytes),
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    };
    rest.extend_from_slice(block.text().get(end..).unwrap_or_default());
    block.cut(end);
    block.size = end as u64;
    let mut entries = std::mem::take(&mut block.entries);
    let mut start = 0;
    let last = (end > 0 && !block.text().ends_with(b"\n")).then_some(end);
    for end in memchr_iter(b'\n', block.text()).chain(last) {
        *line += 1;
        let text = block.text().get(start..end).unwrap_or_default();
        if !without_mark(text).trim_ascii_start().is_empty() {
            let range = (start, start + text.trim_ascii_end().len());
            entries.push(Entry { line: *line, range, broken: None });
        }
        start = end + 1;
    }
    block.entries = entries;
    Ok(end > 0)
}

/// Puts records into a block until it is full.
fn fill_whole(records: &mut std::vec::IntoIter<Document>, block: &mut Block) -> bool {
    while !block.is_full()
        && let Some(Document { line, content }) = records.next()
    {
        let (text, broken) = match content {
            Ok(text) => (text, None),
            Err((text, error)) => (text, Some(Box::new(error))),
        };
        let range = block.append(&text);
        block.entries.push(Entry { line, range, broken });
    }
    block.size = block.text().len() as u64;
    !block.entries.is_empty()
}

/// Whether a line, not indented, is a whole object: then the text is meant as JSON lines, and not as
/// one object over several lines.
fn has_line_of_its_own(text: &[u8]) -> bool {
    let mut lines = text.split(|byte| *byte == b'\n').filter(|line| line.starts_with(b"{"));
    lines.any(|line| serde_json::from_slice::<IgnoredAny>(line).is_ok())
}

fn read_all(reader: &mut dyn BufRead) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    reader.read_to_end(&mut bytes)?;
    Ok(bytes)
}
