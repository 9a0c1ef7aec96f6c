//! YAML as a stream into blocks of records: the items of a list that no indentation holds, and the
//! documents between `---`, are told apart by how their lines begin, and each is read by itself.

use std::io::{self, BufRead};

use memchr::memchr;

use super::bytes::{breaks, filled};
use super::large::{LONGEST, broken, too_large};
use crate::block::Block;
use rulebook_core::facts::documents::{code_of, records_of_yaml, without_mark};
use rulebook_lang::yaml::{Slip, SlipKind};

/// So much text of records with anchors is kept, for records below them that refer to these.
const ANCHORED: usize = 16 << 10;
/// So often as much as a document has had so far may be read again for these, and so much in any case.
const AGAIN: u64 = 16;
const AGAIN_ANYWAY: u64 = 1 << 18;
/// Of a line so much is looked at at once.
const PIECE: usize = 1 << 16;

/// A YAML text that is being read.
pub(super) struct Items {
    reader: Box<dyn BufRead + Send>,
    /// A piece of a line, and whether the line begins with it.
    piece: Vec<u8>,
    begins: bool,
    /// Whether what comes of the line is a comment, in front of a document.
    passing: bool,
    /// How many lines have been read.
    line: u64,
    mode: Mode,
    /// The record at hand: its text as far as it is kept, its length, and its line.
    text: Vec<u8>,
    length: usize,
    first: u64,
    /// The records of the document at hand that define anchors.
    anchored: Vec<u8>,
    /// How many bytes the document at hand has had so far, and how many were read again.
    seen: u64,
    again: u64,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Mode {
    /// Nothing of a document has been seen.
    Before,
    /// Its items begin with a dash behind so many spaces.
    List(usize),
    Whole,
    End,
}

impl Items {
    pub(super) fn new(reader: Box<dyn BufRead + Send>) -> Self {
        let (piece, text, anchored) = (Vec::new(), Vec::new(), Vec::new());
        Self {
            reader,
            piece,
            begins: false,
            passing: false,
            line: 0,
            mode: Mode::Before,
            text,
            length: 0,
            first: 0,
            anchored,
            seen: 0,
            again: 0,
        }
    }

    /// Puts the next records into a block until it is full; `false` where there are no more.
    pub(super) fn fill(&mut self, block: &mut Block) -> io::Result<bool> {
        while !block.is_full() && self.mode != Mode::End {
            self.step(block)?;
        }
        block.size = block.text().len() as u64;
        Ok(!block.entries.is_empty() || self.mode != Mode::End)
    }

    /// Takes a piece of a line, and the record in front of it, if it ends there.
    fn step(&mut self, block: &mut Block) -> io::Result<()> {
        if !self.read()? {
            if self.mode == Mode::Before {
                self.forget();
            }
            self.record(block);
            self.mode = Mode::End;
            return Ok(());
        }
        if self.begins {
            self.passing = false;
            if let Some(beside) = marker(&self.piece).map(holds) {
                if self.mode == Mode::Before {
                    self.forget();
                }
                self.record(block);
                self.mode = Mode::Before;
                self.anchored.clear();
                (self.seen, self.again) = (0, 0);
                match beside {
                    // What stands beside the dashes is a document of its own kind.
                    Holds::Content => self.mode = Mode::Whole,
                    Holds::Comment => self.passing = true,
                    // Something may come behind what has been read of the line.
                    Holds::Space => return Ok(()),
                }
            } else if self.mode == Mode::Before && self.piece.starts_with(b"%") {
                self.passing = true;
            }
        }
        if self.passing {
            return Ok(());
        }
        self.seen += self.piece.len() as u64;
        if self.mode == Mode::Before {
            match holds(&self.piece) {
                Holds::Content if self.begins => {
                    self.mode = dash(&self.piece).map_or(Mode::Whole, Mode::List);
                }
                // The line is longer than what is looked at at once.
                Holds::Content => self.mode = Mode::Whole,
                Holds::Comment => {
                    self.forget();
                    self.passing = true;
                    return Ok(());
                }
                Holds::Space if self.piece.ends_with(b"\n") => {
                    self.forget();
                    return Ok(());
                }
                // How far a line is indented counts, if anything comes in it.
                Holds::Space => {}
            }
        }
        if self.begins
            && let Mode::List(column) = self.mode
            && dash(&self.piece) == Some(column)
        {
            self.record(block);
        }
        if self.length == 0 {
            self.first = self.line;
        }
        self.length += self.piece.len();
        if self.length <= LONGEST || self.text.is_empty() {
            self.text.extend_from_slice(&self.piece);
        }
        Ok(())
    }

    /// Forgets what turned out to be no part of any record.
    fn forget(&mut self) {
        self.text.clear();
        self.length = 0;
    }

    /// Reads up to the end of a line, or so much of it; `false` at the end.
    fn read(&mut self) -> io::Result<bool> {
        self.begins = self.line == 0 || self.piece.ends_with(b"\n");
        self.piece.clear();
        while self.piece.len() < PIECE && !self.piece.ends_with(b"\n") {
            let bytes = filled(&mut *self.reader)?;
            if bytes.is_empty() {
                break;
            }
            let end = memchr(b'\n', bytes).map_or(bytes.len(), |at| at + 1);
            let taken = end.min(PIECE - self.piece.len());
            self.piece.extend_from_slice(bytes.get(..taken).unwrap_or_default());
            self.reader.consume(taken);
        }
        if self.begins && !self.piece.is_empty() {
            self.line += 1;
            if self.line == 1 {
                let mark = self.piece.len() - without_mark(&self.piece).len();
                self.piece.drain(..mark);
                // A line that was nothing but the mark has been read all the same.
                return Ok(true);
            }
        }
        Ok(!self.piece.is_empty())
    }

    /// Puts the record at hand, if there is one, into a block.
    fn record(&mut self, block: &mut Block) {
        let (length, line) = (std::mem::take(&mut self.length), self.first);
        let text = std::mem::take(&mut self.text);
        if length == 0 {
            return;
        }
        if length > LONGEST {
            let start = block.text().len();
            block.append(&text);
            block.keep_start(start);
            block.enter(line, start, Some(too_large(LONGEST)));
            return;
        }
        let enter = |block: &mut Block, line, json: &[u8]| {
            let start = block.text().len();
            block.append(json);
            block.enter(line, start, None);
        };
        let slip = match records_of_yaml(&text, line) {
            Ok(records) => {
                records.iter().for_each(|(line, json)| enter(block, *line, json));
                if self.anchored.len() + text.len() <= ANCHORED && has_anchor(&text) {
                    self.anchored.extend_from_slice(&text);
                }
                return;
            }
            Err(slip) => slip,
        };
        let slip = match (slip.kind == SlipKind::UnknownAnchor, self.anchored.is_empty()) {
            (true, false) => match self.with_anchors(&text, line) {
                Ok(json) => return enter(block, line, &json),
                Err(slip) => slip,
            },
            _ => slip,
        };
        let start = block.text().len();
        block.append(text.trim_ascii_end());
        let line = line + breaks(text.get(..slip.at).unwrap_or_default());
        block.enter(line, start, Some(broken(code_of(slip.kind), slip.message)));
    }

    /// Reads a record that refers to anchors of earlier ones of its list.
    fn with_anchors(&mut self, text: &[u8], line: u64) -> Result<Vec<u8>, Slip> {
        self.again += self.anchored.len() as u64;
        if self.again > self.seen.saturating_mul(AGAIN).max(AGAIN_ANYWAY) {
            let kind = SlipKind::UnknownAnchor;
            let message = "this refers to an anchor of an earlier record, and so many have done so that \
                           what they refer to is not read again";
            return Err(Slip { kind, message: message.into(), at: 0 });
        }
        let all = [self.anchored.as_slice(), text].concat();
        match records_of_yaml(&all, line) {
            Ok(mut records) => Ok(records.pop().unwrap_or_default().1),
            Err(slip) => Err(Slip { at: slip.at.saturating_sub(self.anchored.len()), ..slip }),
        }
    }
}

/// What stands beside a marker at which a document ends.
fn marker(line: &[u8]) -> Option<&[u8]> {
    let rest = line.strip_prefix(b"---").or_else(|| line.strip_prefix(b"..."))?;
    matches!(rest.first(), None | Some(b' ' | b'\t' | b'\n' | b'\r')).then_some(rest)
}

/// What a line, or a piece of one, begins with, behind white space.
enum Holds {
    Space,
    Comment,
    Content,
}

fn holds(line: &[u8]) -> Holds {
    match line.trim_ascii_start().first() {
        None => Holds::Space,
        Some(b'#') => Holds::Comment,
        Some(_) => Holds::Content,
    }
}

/// The column of the dash with which a line begins.
fn dash(line: &[u8]) -> Option<usize> {
    let column = line.iter().take_while(|byte| **byte == b' ').count();
    let rest = line.get(column..)?.strip_prefix(b"-")?;
    matches!(rest.first(), None | Some(b' ' | b'\t' | b'\n' | b'\r')).then_some(column)
}

/// Whether a record may define an anchor.
fn has_anchor(text: &[u8]) -> bool {
    text.windows(3).any(|window| match window {
        [before, b'&', behind] => {
            (before.is_ascii_whitespace() || b"[{,".contains(before))
                && !behind.is_ascii_whitespace()
        }
        _ => false,
    })
}
