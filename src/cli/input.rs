//! Files of records to blocks of records, in order, whatever the format; what cannot be read of one
//! does not keep the others from being read.

use std::fs::File;
use std::io::{self, BufRead, BufReader, Read};
use std::path::{Path, PathBuf};

use memchr::{memchr_iter, memrchr};
use serde::de::{Deserializer, IgnoredAny, SeqAccess, Visitor};
use serde_json::value::RawValue;

use super::Stop;
use super::block::{Block, Entry};
use crate::diagnostic::Code;
use crate::facts::InputError;
use crate::source::FileId;
use crate::yaml::{self, NodeKind};

/// One record of an input that is read as a whole.
#[derive(Debug)]
struct Record {
    /// The line on which it starts, counted from 1.
    line: u64,
    /// Its bytes as JSON, or, where it is none, its text and what is wrong.
    content: Result<Vec<u8>, (Vec<u8>, InputError)>,
}

/// An open input.
pub(super) struct Input {
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
        records: std::vec::IntoIter<Record>,
    },
}

/// The size of all inputs together, where it is known.
pub(super) fn total_size(paths: &[PathBuf]) -> Option<u64> {
    paths
        .iter()
        .map(|path| std::fs::metadata(path).ok().filter(|m| m.is_file()).map(|m| m.len()))
        .sum()
}

fn unreadable(path: &Path, error: &io::Error) -> Stop {
    Stop::Unusable(format!("cannot read {}: {error}", path.display()))
}

/// Opens a file, or standard input for `-`.
pub(super) fn reader(path: &Path) -> Result<Box<dyn BufRead + Send>, Stop> {
    if path == Path::new("-") {
        return Ok(Box::new(BufReader::new(io::stdin())));
    }
    let file = File::open(path).map_err(|error| unreadable(path, &error))?;
    let is_folder = file.metadata().is_ok_and(|metadata| metadata.is_dir());
    if is_folder {
        return Err(Stop::Unusable(format!(
            "{} is a folder, not a file of records",
            path.display()
        )));
    }
    Ok(Box::new(BufReader::with_capacity(1 << 16, file)))
}

impl Input {
    /// Opens a file, or standard input for `-`, and finds out its format.
    pub(super) fn open(path: &Path) -> Result<Self, Stop> {
        Self::of(reader(path)?, path)
    }

    /// Takes what `path` names, and finds out its format.
    pub(super) fn of(mut reader: Box<dyn BufRead + Send>, path: &Path) -> Result<Self, Stop> {
        let ending = path.extension().map(|ending| ending.to_string_lossy().to_lowercase());
        match ending.as_deref() {
            Some("jsonl" | "ndjson") => Ok(Self::lines(reader, Vec::new())),
            Some("yaml" | "yml") => {
                let text = read_all(&mut reader, path)?;
                Ok(Self::whole(from_yaml(&text)))
            }
            _ => Self::sniff(reader, path),
        }
    }

    fn lines(reader: Box<dyn BufRead + Send>, rest: Vec<u8>) -> Self {
        Self { reader, mode: Mode::Lines { rest, line: 0 } }
    }

    fn whole(records: Vec<Record>) -> Self {
        Self { reader: Box::new(io::empty()), mode: Mode::Whole { records: records.into_iter() } }
    }

    /// A first line that is one JSON object means JSON lines; anything else is read as a whole.
    fn sniff(mut reader: Box<dyn BufRead + Send>, path: &Path) -> Result<Self, Stop> {
        let mut first = Vec::new();
        loop {
            let read = reader.read_until(b'\n', &mut first).map_err(|e| unreadable(path, &e))?;
            if read == 0 || !first.trim_ascii().is_empty() {
                break;
            }
        }
        let text = without_mark(&first).trim_ascii();
        let is_object = text.starts_with(b"{");
        if is_object && serde_json::from_slice::<IgnoredAny>(text).is_ok() {
            return Ok(Self::lines(reader, first));
        }
        reader.read_to_end(&mut first).map_err(|error| unreadable(path, &error))?;
        let records = from_json(&first);
        let broken_at_once = matches!(records.as_slice(), [Record { content: Err(_), .. }]);
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
fn fill_whole(records: &mut std::vec::IntoIter<Record>, block: &mut Block) -> bool {
    while !block.is_full()
        && let Some(Record { line, content }) = records.next()
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

fn read_all(reader: &mut dyn BufRead, path: &Path) -> Result<Vec<u8>, Stop> {
    let mut bytes = Vec::new();
    reader.read_to_end(&mut bytes).map_err(|error| unreadable(path, &error))?;
    Ok(bytes)
}

/// The bytes without a byte-order mark.
fn without_mark(bytes: &[u8]) -> &[u8] {
    bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes)
}

fn broken(code: &'static str, message: String, line: u64, text: &[u8]) -> Record {
    let error = InputError { path: String::new(), code, message };
    Record { line, content: Err((text.to_vec(), error)) }
}

/// The records of a whole JSON text: objects one behind the other, or arrays of them.
fn from_json(bytes: &[u8]) -> Vec<Record> {
    let bytes = without_mark(bytes);
    let text = match std::str::from_utf8(bytes) {
        Ok(text) => text,
        Err(error) => {
            let line = 1 + count_lines(bytes.get(..error.valid_up_to()).unwrap_or_default());
            let message = format!("the input is not UTF-8 text: {error}");
            return vec![broken("bad-encoding", message, line, bytes)];
        }
    };
    let mut lines = LineCounter { text, at: 0, line: 1 };
    let mut records = Vec::new();
    let mut stream = serde_json::Deserializer::from_str(text).into_iter::<&RawValue>();
    loop {
        let start = stream.byte_offset();
        match stream.next() {
            None => return records,
            Some(Ok(value)) if value.get().starts_with('[') => {
                let (elements, error) = elements(value.get());
                records.extend(elements.into_iter().map(|element| lines.record(element)));
                records.extend(error.map(|error| broken("bad-json", error, lines.line, b"")));
            }
            Some(Ok(value)) => records.push(lines.record(value)),
            Some(Err(error)) => {
                let rest = text.get(start..).unwrap_or("");
                let trimmed = rest.trim_start();
                let array = trimmed.starts_with('[');
                if array {
                    // What stands before the damage is whole.
                    let (whole, _) = elements(trimmed);
                    records.extend(whole.into_iter().map(|element| lines.record(element)));
                }
                let line = error.line() as u64;
                let tail = tail_of(
                    rest,
                    array.then_some(lines.at).filter(|at| *at > start).map(|at| at - start),
                );
                let message = format!("this is not JSON: {error}");
                records.push(broken("bad-json", message, line, tail.as_bytes()));
                return records;
            }
        }
    }
}

fn tail_of(rest: &str, from: Option<usize>) -> &str {
    rest.get(from.unwrap_or(0)..).unwrap_or(rest).trim_start_matches([',', ' ', '\n', '\r', '\t'])
}

fn count_lines(bytes: &[u8]) -> u64 {
    bytes.iter().filter(|byte| **byte == b'\n').count() as u64
}

/// Counts lines once over the whole text.
struct LineCounter<'t> {
    text: &'t str,
    at: usize,
    line: u64,
}

impl LineCounter<'_> {
    fn record(&mut self, value: &RawValue) -> Record {
        // A raw value lies within the text that it was read from.
        let start = (value.get().as_ptr() as usize).saturating_sub(self.text.as_ptr() as usize);
        let passed = self.text.as_bytes().get(self.at..start).unwrap_or_default();
        self.line += count_lines(passed);
        let line = self.line;
        self.line += count_lines(value.get().as_bytes());
        self.at = start + value.get().len();
        Record { line, content: Ok(value.get().as_bytes().to_vec()) }
    }
}

/// The elements of an array, as far as it is well formed, and what is wrong behind them.
fn elements(array: &str) -> (Vec<&RawValue>, Option<String>) {
    struct Elements<'e, 'de>(&'e mut Vec<&'de RawValue>);

    impl<'de> Visitor<'de> for Elements<'_, 'de> {
        type Value = ();

        fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
            f.write_str("an array")
        }

        fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<(), A::Error> {
            while let Some(element) = seq.next_element()? {
                self.0.push(element);
            }
            Ok(())
        }
    }

    let mut found = Vec::new();
    let mut deserializer = serde_json::Deserializer::from_str(array);
    let result = deserializer.deserialize_seq(Elements(&mut found));
    (found, result.err().map(|error| error.to_string()))
}

/// The records of a YAML text: one mapping, or a list of them.
fn from_yaml(bytes: &[u8]) -> Vec<Record> {
    let text = match std::str::from_utf8(without_mark(bytes)) {
        Ok(text) => text,
        Err(error) => {
            let message = format!("the input is not UTF-8 text: {error}");
            return vec![broken("bad-encoding", message, 1, bytes)];
        }
    };
    let line_of = |at: u32| 1 + count_lines(text.as_bytes().get(..at as usize).unwrap_or_default());
    let node = match yaml::parse(FileId(0), text, Code::BadScenario) {
        Ok(node) => node,
        Err(slip) => {
            let line = line_of(slip.span().map_or(0, |span| span.start));
            return vec![broken("bad-yaml", slip.message, line, text.as_bytes())];
        }
    };
    let nodes = match node.kind {
        NodeKind::List(items) => items,
        NodeKind::Null => Vec::new(),
        _ => vec![node],
    };
    let (mut line, mut at) = (1, 0);
    let record = |node: &yaml::Node| {
        // Records lie one behind the other, except for those that an alias repeats.
        let start = node.span.start as usize;
        match text.as_bytes().get(at..start) {
            Some(passed) => (line, at) = (line + count_lines(passed), start),
            None => (line, at) = (line_of(node.span.start), start),
        }
        let json = serde_json::to_vec(node).unwrap_or_default();
        Record { line, content: Ok(json) }
    };
    nodes.iter().map(record).collect()
}
