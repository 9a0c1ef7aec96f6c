//! Files of JSON, JSON lines and YAML to blocks of records, in order; what cannot be read of one does
//! not keep the others from being read.

use std::io::{self, BufRead, Cursor, Read};

use memchr::{memchr, memchr_iter, memrchr};
use serde::de::IgnoredAny;

use super::bytes::Source;
use super::bytes::filled;
use super::expand::Expanded;
use super::items::Items;
use super::large::{LONGEST_JSON, entry, too_large};
use super::values::Values;
use super::way::Way;
use crate::block::Block;
use crate::options::InputFormat;
use crate::{Refusal, StreamError};
use rulebook_core::facts::documents::without_mark;
use rulebook_core::settings::{RecordPath, Step};

/// So much of a text is looked at to tell its format.
const LOOKED_AT: usize = 1 << 20;

/// An open input.
pub(super) enum Text {
    Lines(Lines),
    Values(Values),
    Items(Items),
    Expanded(Expanded),
}

/// JSON lines.
pub(super) struct Lines {
    reader: Box<dyn BufRead + Send>,
    /// What has been read and belongs to the next block.
    rest: Vec<u8>,
    /// How many lines have been read.
    line: u64,
    /// Whether what comes belongs to a line that is longer than any record.
    passing: bool,
}

impl Text {
    /// Starts with the first record; the format may be left to the first bytes. `records` says where in
    /// documents the records stand.
    pub(super) fn of(
        source: &Source,
        format: Option<InputFormat>,
        records: Option<&RecordPath>,
    ) -> Result<Self, StreamError> {
        let reader = source.reader()?;
        let steps = records.map(RecordPath::steps).unwrap_or_default();
        let (names, behind) = parted(steps);
        if !names.is_empty() && !matches!(format, Some(InputFormat::Jsonl | InputFormat::Yaml)) {
            // A document may be longer than anything that is held.
            let values = Values::new(reader).on(Way::new(names, behind.is_some()));
            return Ok(Self::Values(values).expanded(behind.unwrap_or_default(), true));
        }
        let text = match format {
            Some(InputFormat::Jsonl) => Self::lines(reader, Vec::new()),
            Some(InputFormat::Yaml) => Self::Items(Items::new(reader)),
            _ => match Self::sniff(reader).map_err(|error| source.failed(error))? {
                Some(text) => text,
                None => return Err(Refusal::UnnamedParquet { input: source.name() }.into()),
            },
        };
        // The items at the top are found as they are without a way.
        let is_at_top = names.is_empty() && behind.is_some();
        Ok(text.expanded(if is_at_top { behind.unwrap_or_default() } else { steps }, is_at_top))
    }

    fn expanded(self, steps: &[Step], of_items: bool) -> Self {
        match steps {
            [] => self,
            steps => Self::Expanded(Expanded::new(self, steps.to_vec(), of_items)),
        }
    }

    fn lines(reader: Box<dyn BufRead + Send>, rest: Vec<u8>) -> Self {
        Self::Lines(Lines { reader, rest, line: 0, passing: false })
    }

    /// A first line that is one JSON object means JSON lines; anything else is read value by value.
    /// Nothing where it is Parquet.
    fn sniff(mut reader: Box<dyn BufRead + Send>) -> io::Result<Option<Self>> {
        let mut first = Vec::new();
        while look(&mut *reader, &mut first, LOOKED_AT)? && first.trim_ascii().is_empty() {}
        if first.starts_with(b"PAR1") {
            return Ok(None);
        }
        let is_object = without_mark(&first).trim_ascii().starts_with(b"{");
        if is_object {
            // It may be a record that is very long.
            end_line(&mut *reader, &mut first)?;
        }
        let text = without_mark(&first).trim_ascii();
        if is_object && serde_json::from_slice::<IgnoredAny>(text).is_ok() {
            return Ok(Some(Self::lines(reader, first)));
        }
        if is_object {
            let most = first.len() + LOOKED_AT;
            while look(&mut *reader, &mut first, most)? {}
            end_line(&mut *reader, &mut first)?;
            if !begins_with_value(&first) && has_line_of_its_own(&first) {
                // Not one document: read line by line, so that one broken line costs only itself.
                return Ok(Some(Self::lines(reader, first)));
            }
        }
        let text = without_mark(&first).to_vec();
        Ok(Some(Self::Values(Values::new(Box::new(Cursor::new(text).chain(reader))))))
    }

    /// Puts the next records into a block; `false` at the end of the input. A block may turn out to
    /// have no records.
    pub(super) fn fill(&mut self, block: &mut Block) -> io::Result<bool> {
        block.clear();
        match self {
            Self::Lines(lines) => lines.fill(block),
            Self::Values(values) => values.fill(block),
            Self::Items(items) => items.fill(block),
            Self::Expanded(expanded) => expanded.fill(block),
        }
    }
}

impl Lines {
    /// Puts the lines that are there into a block, at least one: who writes a line and waits for the
    /// decision gets it.
    fn fill(&mut self, block: &mut Block) -> io::Result<bool> {
        let Self { reader, rest, line, passing } = self;
        block.append(rest);
        rest.clear();
        let mut searched = 0;
        let end = loop {
            let new = block.text().get(searched..).unwrap_or_default();
            if *passing {
                if let Some(at) = memchr(b'\n', new) {
                    *passing = false;
                    rest.extend_from_slice(new.get(at + 1..).unwrap_or_default());
                }
                block.cut(0);
                block.append(rest);
                rest.clear();
                searched = 0;
            }
            let new = block.text().get(searched..).unwrap_or_default();
            if let Some(at) = memrchr(b'\n', new) {
                break searched + at + 1;
            }
            searched = block.text().len();
            if searched > LONGEST_JSON {
                // The line is the only one there.
                *line += 1;
                *passing = true;
                block.keep_start(0);
                block.enter(*line, 0, Some(too_large(LONGEST_JSON)));
                block.size = searched as u64;
                return Ok(true);
            }
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
                let length = text.trim_ascii_end().len();
                entries.push(entry(*line, start, length, LONGEST_JSON));
            }
            start = end + 1;
        }
        block.entries = entries;
        Ok(end > 0)
    }
}

/// The names with which a way begins, and what comes behind the first step to each item, if there is one.
fn parted(steps: &[Step]) -> (Vec<String>, Option<&[Step]>) {
    let at = steps.iter().position(|step| *step == Step::Each);
    let (names, rest) = steps.split_at(at.unwrap_or(steps.len()));
    let names = names.iter().filter_map(|step| match step {
        Step::Field(name) => Some(name.clone()),
        Step::Each => None,
    });
    (names.collect(), rest.split_first().map(|(_, behind)| behind))
}

/// Reads on up to the end of the line at hand, unless it is longer than any record.
fn end_line(reader: &mut dyn BufRead, into: &mut Vec<u8>) -> io::Result<()> {
    if !into.ends_with(b"\n") {
        let most = into.len() + LONGEST_JSON;
        look(reader, into, most)?;
    }
    Ok(())
}

/// Reads on up to the end of a line, as long as there are no more than so many bytes; `false` where there
/// is nothing to look at any more.
fn look(reader: &mut dyn BufRead, into: &mut Vec<u8>, most: usize) -> io::Result<bool> {
    loop {
        let bytes = filled(reader)?;
        if bytes.is_empty() || into.len() >= most {
            return Ok(false);
        }
        let found = memchr(b'\n', bytes);
        let taken = found.map_or(bytes.len(), |at| at + 1);
        into.extend_from_slice(bytes.get(..taken).unwrap_or_default());
        reader.consume(taken);
        if found.is_some() {
            return Ok(true);
        }
    }
}

/// Whether a text begins with a whole JSON value.
fn begins_with_value(text: &[u8]) -> bool {
    let values = serde_json::Deserializer::from_slice(without_mark(text));
    values.into_iter::<IgnoredAny>().next().is_some_and(|value| value.is_ok())
}

/// Whether a line, not indented, is a whole object: then the text is meant as JSON lines, and not as
/// one object over several lines.
fn has_line_of_its_own(text: &[u8]) -> bool {
    let mut lines = text.split(|byte| *byte == b'\n').filter(|line| line.starts_with(b"{"));
    lines.any(|line| serde_json::from_slice::<IgnoredAny>(line).is_ok())
}
