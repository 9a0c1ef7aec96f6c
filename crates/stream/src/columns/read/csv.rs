//! CSV files into blocks of records, and the records of a block into columns of texts.

use std::io::{self, BufRead};
use std::sync::{Arc, Mutex, PoisonError};

use arrow_array::builder::StringBuilder;
use arrow_array::{ArrayRef, RecordBatch, RecordBatchOptions};
use arrow_schema::{ArrowError, DataType, Field, Schema};
use csv_core::{ReadRecordResult, ReaderBuilder};

use super::head::Head;
use super::lines::{End, Lines};
use crate::StreamError;
use crate::block::Block;
use crate::columns::bind::{Bound, union};
use crate::input::bytes::{Source, breaks};
use crate::input::{KEPT, LONGEST, Readers, entry, too_large};
use crate::observer::Note;
use rulebook::batch::Columns;
use rulebook_core::facts::documents::without_mark;
use rulebook_core::facts::{InputCode, InputError};
use rulebook_core::settings::FileForm;

/// A CSV file, opened for the policies that read it.
pub(crate) struct Sheet {
    name: String,
    head: Head,
    /// What was found out about it.
    pub(super) notes: Vec<Note>,
    /// How many cells each record has.
    width: usize,
    /// What the folders around the file say of each record, in columns behind them.
    constants: Vec<String>,
    /// Whether each record is a line for itself.
    has_rows: bool,
    /// The columns that any policy reads, and their names.
    read: Vec<usize>,
    schema: Arc<Schema>,
    pub(crate) bound: Bound,
    /// The file behind the line with the names.
    begun: Mutex<Option<Begun>>,
}

/// A file that has been read up to some place.
struct Begun {
    reader: Box<dyn BufRead + Send>,
    /// What has been read and belongs to the next block.
    rest: Vec<u8>,
    /// How many lines have been read.
    line: u64,
}

impl Sheet {
    /// Reads the names of the columns, and finds those that policies read.
    ///
    /// # Errors
    /// When there are none, and when they do not fit.
    pub(crate) fn open(
        source: &Source,
        (form, usual): (&FileForm, u8),
        readers: Readers<'_>,
    ) -> Result<Self, StreamError> {
        let name = source.name();
        let bind_all = |names: &[String]| {
            readers
                .bind(&name, |policy| Columns::of_texts(policy, names.iter().map(String::as_str)))
        };
        let partition = &source.partition;
        let added = |names: &[String]| {
            let fields = partition.fields().map(|(name, value)| (name.to_string(), value));
            let fields = fields.filter(|(name, _)| !names.contains(name));
            fields.map(|(name, value)| (name, value.unwrap_or_default().to_string())).unzip()
        };
        let bind = |names: &[String]| {
            let (others, _): (Vec<String>, Vec<String>) = added(names);
            bind_all(&[names, others.as_slice()].concat())
        };
        let told = Head::told(form, usual);
        let start = source.start()?;
        let fits = |names: &[String]| bind(names).is_ok();
        let head = match told.named(start) {
            // What the start does not show is read as it was told.
            Some(names) if !fits(&names) => Head::found(told, form, start, fits),
            _ => None,
        };
        let head = head.unwrap_or_else(|| told.likely(form, start));
        let (names, begun) = begin(source, head)?;
        let bound = bind(&names).map_err(|error| head.refused(&names, error))?;
        let read = union(&bound, Columns::columns);
        let width = names.len();
        let (others, constants) = added(&names);
        let names = [names, others].concat();
        let names: Vec<_> = read.iter().filter_map(|at| names.get(*at).cloned()).collect();
        let bound = bind_all(&names)?;
        let fields = names.iter().map(|name| Field::new(name, DataType::Utf8, false));
        let schema = Arc::new(Schema::new(fields.collect::<Vec<_>>()));
        // A file is begun anew by whoever reads it: of many, few are read at once.
        let begun = Mutex::new(source.file().is_none().then_some(begun));
        let notes = head.notes(form, usual);
        let has_rows = source.has_rows();
        Ok(Self { name, head, notes, width, constants, has_rows, read, schema, bound, begun })
    }

    /// Starts with the first record; a stream only once.
    pub(crate) fn start(self: &Arc<Self>, source: &Source) -> Result<Reading, StreamError> {
        let begun = self.begun.lock().unwrap_or_else(PoisonError::into_inner).take();
        let begun = match begun {
            Some(begun) => begun,
            None => begin(source, self.head)?.1,
        };
        Ok(Reading { sheet: self.clone(), begun })
    }

    /// Reads the records of a block as columns of texts; what is no record of this file is marked as
    /// broken.
    pub(crate) fn read(&self, block: &mut Block) -> Result<RecordBatch, StreamError> {
        let mut entries = std::mem::take(&mut block.entries);
        let mut columns: Vec<_> = self.read.iter().map(|_| StringBuilder::new()).collect();
        let mut cells = Cells::new(self.head.delimiter);
        let mut rows = 0;
        for entry in entries.iter_mut().filter(|entry| entry.broken.is_none()) {
            match cells.part(block.text_of(entry), self.width) {
                Ok(()) => {
                    rows += 1;
                    for (number, column) in self.read.iter().zip(&mut columns) {
                        let constant = number.checked_sub(self.width);
                        let constant = constant.and_then(|at| self.constants.get(at));
                        column.append_value(
                            constant.map_or_else(|| cells.get(*number), String::as_str),
                        );
                    }
                }
                Err(error) => entry.broken = Some(Box::new(error)),
            }
        }
        block.entries = entries;
        let columns = columns.iter_mut().map(|column| Arc::new(column.finish()) as ArrayRef);
        let options = RecordBatchOptions::new().with_row_count(Some(rows));
        RecordBatch::try_new_with_options(self.schema.clone(), columns.collect(), &options)
            .map_err(|error: ArrowError| StreamError::Broken(format!("{}: {error}", self.name)))
    }
}

/// A file from whose records blocks are filled.
pub(crate) struct Reading {
    sheet: Arc<Sheet>,
    begun: Begun,
}

impl Reading {
    pub(crate) fn sheet(&self) -> &Arc<Sheet> {
        &self.sheet
    }

    /// Puts the next records into a block, at least one; `false` at the end of the file.
    pub(crate) fn fill(&mut self, block: &mut Block) -> Result<bool, StreamError> {
        let Self { sheet, begun: Begun { reader, rest, line } } = self;
        block.clear();
        block.append(rest);
        rest.clear();
        let mut lines = Lines::new(sheet.head.delimiter);
        let mut entries = std::mem::take(&mut block.entries);
        let mut start = 0;
        let mut ended = false;
        while start == 0 && !ended {
            let read = more(reader, block).map_err(|error| unreadable(&sheet.name, &error))?;
            ended = read == 0;
            while let Some(End { text, behind, breaks }) = lines.next(block.text(), ended) {
                let record = (start, text);
                start = behind;
                let record_text = block.text().get(record.0..record.1).unwrap_or_default();
                // A line without any cell stands between records.
                if !record_text.iter().all(|byte| *byte == b' ') {
                    entries.push(entry(*line + 1, record.0, record.1 - record.0, LONGEST));
                }
                *line += if sheet.has_rows { 1 } else { breaks };
            }
            if start == 0 && !ended && block.text().len() > LONGEST {
                let first = *line + 1;
                let kept = block.text().get(..KEPT).unwrap_or_default().to_vec();
                let failed = |error| unreadable(&sheet.name, &error);
                let passed = pass(reader, &mut lines, block, line).map_err(failed)?;
                rest.extend_from_slice(block.text().get(passed.behind..).unwrap_or_default());
                block.cut(0);
                block.append(&kept);
                block.size = passed.bytes;
                block.entries = entries;
                let error = if lines.is_quoted() { open_quote() } else { too_large(LONGEST) };
                block.enter(first, 0, Some(error));
                return Ok(true);
            }
        }
        if ended
            && lines.is_quoted()
            && let Some(last) = entries.last_mut()
        {
            last.broken = Some(Box::new(open_quote()));
        }
        rest.extend_from_slice(block.text().get(start..).unwrap_or_default());
        block.cut(start);
        block.size = start as u64;
        block.entries = entries;
        Ok(start > 0)
    }
}

/// Reads on; how many bytes there were.
fn more(reader: &mut dyn BufRead, block: &mut Block) -> io::Result<usize> {
    loop {
        match reader.read(block.room()) {
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            read => {
                let read = read?;
                block.take(read);
                return Ok(read);
            }
        }
    }
}

/// Where what follows a record stands that was passed by, and how many bytes that took.
struct Passed {
    behind: usize,
    bytes: u64,
}

/// Passes the rest of a record by that is longer than any, and counts its lines.
fn pass(
    reader: &mut dyn BufRead,
    lines: &mut Lines,
    block: &mut Block,
    line: &mut u64,
) -> io::Result<Passed> {
    let mut bytes = 0;
    loop {
        // The last byte may count only with the next one, and its meaning depends on the one before.
        let gone = block.text().len().saturating_sub(2);
        let (passed, left) = block.text().split_at(gone);
        *line += breaks(passed);
        bytes += gone as u64;
        let left = left.to_vec();
        block.cut(0);
        block.append(&left);
        lines.pass(gone);
        let ended = more(reader, block)? == 0;
        if let Some(End { text, behind, .. }) = lines.next(block.text(), ended) {
            *line += breaks(block.text().get(..text).unwrap_or_default()) + 1;
            return Ok(Passed { behind, bytes: bytes + behind as u64 });
        }
        if ended {
            let behind = block.text().len();
            return Ok(Passed { behind, bytes: bytes + behind as u64 });
        }
    }
}

fn unreadable(name: &str, error: &io::Error) -> StreamError {
    StreamError::Unusable(format!("cannot read {name}: {error}"))
}

fn open_quote() -> InputError {
    broken("a quote that opens in this record is not closed, and the file ends in it".into())
}

/// Reads the names of the columns.
fn begin(source: &Source, head: Head) -> Result<(Vec<String>, Begun), StreamError> {
    let name = source.name();
    let mut reader = source.reader()?;
    let mut text = Vec::new();
    let mut lines = Lines::new(head.delimiter);
    let unusable = |why: &str| StreamError::Unusable(format!("{name}: {why}"));
    let mut start = 0;
    let mut line = 0;
    let failed = |error: io::Error| source.failed(error);
    for _ in 1..head.line.unwrap_or(1) {
        text.clear();
        reader.read_until(b'\n', &mut text).map_err(failed)?;
        line += 1;
    }
    text.clear();
    loop {
        let read = reader.read_until(b'\n', &mut text).map_err(failed)?;
        if line == 0 && start == 0 {
            let marked = text.len();
            let mark = marked - without_mark(&text).len();
            text.drain(..mark);
        }
        while let Some(End { text: end, behind, breaks }) = lines.next(&text, read == 0) {
            let names = text.get(start..end).unwrap_or_default();
            line += breaks;
            if names.trim_ascii().is_empty() {
                start = behind;
                continue;
            }
            let mut cells = Cells::new(head.delimiter);
            cells.split(names).map_err(|error| unusable(&error.message))?;
            let names = (0..cells.len()).map(|at| cells.get(at).trim().to_string()).collect();
            let rest = text.get(behind..).unwrap_or_default().to_vec();
            return Ok((names, Begun { reader, rest, line }));
        }
        if read == 0 {
            return Err(match (source.take_cut(), head.line) {
                (Some(packing), _) => {
                    let what = packing.described();
                    unusable(&format!("it is {what} that was cut short before its first record"))
                }
                (None, Some(line)) => unusable(&format!(
                    "line {line} is to name the columns, and there are none from there on"
                )),
                (None, None) => unusable("the file is empty; its first line must name the columns"),
            });
        }
        if text.len() > LONGEST {
            return Err(unusable("the line with the names of the columns is longer than 16 MB"));
        }
    }
}

fn broken(message: String) -> InputError {
    InputError::new("", InputCode::BadCsv, message)
}

/// The cells of one record.
struct Cells {
    reader: csv_core::Reader,
    text: Vec<u8>,
    ends: Vec<usize>,
    count: usize,
}

impl Cells {
    fn new(delimiter: u8) -> Self {
        let reader = ReaderBuilder::new().delimiter(delimiter).build();
        Self { reader, text: Vec::new(), ends: Vec::new(), count: 0 }
    }

    fn len(&self) -> usize {
        self.count
    }

    /// The text of a cell.
    fn get(&self, at: usize) -> &str {
        let start = at.checked_sub(1).and_then(|before| self.ends.get(before)).copied();
        let end = self.ends.get(at).copied().unwrap_or_default();
        let bytes = self.text.get(start.unwrap_or_default()..end).unwrap_or_default();
        // The whole record was looked at before.
        std::str::from_utf8(bytes).unwrap_or_default()
    }

    /// Parts a record into so many cells.
    fn part(&mut self, record: &[u8], width: usize) -> Result<(), InputError> {
        self.split(record)?;
        match self.count == width {
            true => Ok(()),
            false => {
                let cells = rulebook_lang::figures::counted(self.count, "cell");
                Err(broken(format!("this record has {cells}, and the first line names {width}")))
            }
        }
    }

    fn split(&mut self, record: &[u8]) -> Result<(), InputError> {
        if let Err(error) = std::str::from_utf8(record) {
            let at = error.valid_up_to() + 1;
            let message = format!("byte {at} of the record is no UTF-8");
            return Err(InputError::new("", InputCode::BadEncoding, message));
        }
        self.reader.reset();
        // No cell is longer than what it is written as, and each has a byte of its own.
        let room = record.len() + 1;
        if self.text.len() < room {
            self.text.resize(room, 0);
            self.ends.resize(room, 0);
        }
        let Self { reader, text, ends, count } = self;
        let (_, read, written, ended) = reader.read_record(record, text, ends);
        let room = text.get_mut(written..).zip(ends.get_mut(ended..));
        // What comes behind the record ends it.
        let last = room.map(|(text, ends)| reader.read_record(&[], text, ends));
        match last {
            Some((ReadRecordResult::Record, _, _, last)) if read == record.len() => {
                *count = ended + last;
                Ok(())
            }
            _ => Err(broken("this is no record of a CSV file".into())),
        }
    }
}
