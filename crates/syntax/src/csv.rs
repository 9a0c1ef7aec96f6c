//! Parts the text of a CSV file into the cells of a decision table, each with its place.

use std::borrow::Cow;

use super::ast::{Cell, CellKind, Expr, ExprKind, Grid, Literal, Name, Text};
use super::build::Builder;
use super::table::{CellText, TableLine};
use rulebook_base::diagnostic::{Code, Diagnostic};
use rulebook_base::source::{FileId, Span};

/// Parses a decision table that stands in a CSV file: the header's cells are written as in a policy
/// (`share: number`), and that of the first output begins with `||`. A text may stand without quotes.
/// What is wrong is reported beside what is well formed.
///
/// ```
/// use rulebook_base::source::FileId;
/// use rulebook_syntax::parse_table;
/// let (grid, diagnostics) = parse_table(FileId(0), "to: text,|| fee: CNY\nDE,9 CNY\n_,20 CNY\n");
/// assert!(diagnostics.is_empty());
/// assert_eq!(grid.map(|grid| grid.rows.len()), Some(2));
/// ```
pub fn parse_table(id: FileId, text: &str) -> (Option<Grid<'_>>, Vec<Diagnostic>) {
    let mut builder = Builder::new(id, 0);
    let mut lines = Lines { text, at: 0, separator: separator(text), id, problems: Vec::new() };
    let Some(mut header) = lines.next() else {
        builder.no_header(Span::new(id, 0, 0));
        return (None, builder.diagnostics);
    };
    drop_blank(&mut header.cells, 0);
    let width = header.cells.len();
    let is_output = |cell: &CellText| cell.text.trim_start().starts_with("||");
    let inputs = header.cells.iter().position(is_output);
    if let Some(cell) = inputs.and_then(|at| header.cells.get_mut(at)) {
        let mark = cell.text.find("||").map_or(0, |at| at + 2);
        (cell.text, cell.at) = (cell.text.get(mark..).unwrap_or(""), cell.at + mark);
    }
    let rows = lines.by_ref().map(|mut line| {
        drop_blank(&mut line.cells, width);
        TableLine { inputs, ..line }
    });
    let mut grid = builder.grid(std::iter::once(TableLine { inputs, ..header }).chain(rows));
    if let Some(grid) = &mut grid {
        grid.complete &= lines.problems.is_empty();
    }
    // What is wrong with lines stands before what is wrong with their cells.
    lines.problems.append(&mut builder.diagnostics);
    (grid, lines.problems)
}

/// Drops the cells behind the last that says anything, down to so many.
fn drop_blank(cells: &mut Vec<CellText<'_>>, width: usize) {
    while cells.len() > width && cells.last().is_some_and(|cell| cell.text.trim().is_empty()) {
        cells.pop();
    }
}

/// What parts the cells of a file: the first of what may part them that stands in its header outside of
/// quotes. Types hold none of it.
fn separator(text: &str) -> u8 {
    let mut is_quoted = false;
    let is_header =
        |line: &&str| line.contains(|c: char| !c.is_whitespace() && c != ',' && c != ';');
    let header = text.lines().find(is_header).unwrap_or("");
    let found = header.bytes().find(|byte| {
        is_quoted ^= *byte == b'"';
        !is_quoted && SEPARATORS.contains(byte)
    });
    found.unwrap_or(b',')
}

/// Stands behind what a cell accepts where it accepts a missing input as well.
const OR_MISSING: &str = " or missing";

/// What may part cells: spreadsheets write `;` where a comma stands in numbers.
const SEPARATORS: &[u8] = b",;\t";

/// The lines of a file that hold anything, one by one.
struct Lines<'s> {
    text: &'s str,
    at: usize,
    separator: u8,
    id: FileId,
    problems: Vec<Diagnostic>,
}

impl<'s> Iterator for Lines<'s> {
    type Item = TableLine<'s>;

    fn next(&mut self) -> Option<TableLine<'s>> {
        while self.at < self.text.len() {
            let start = self.at;
            let mut cells = Vec::new();
            loop {
                cells.push(self.cell());
                match self.text.as_bytes().get(self.at) {
                    Some(byte) if *byte == self.separator => self.at += 1,
                    _ => break,
                }
            }
            let span = Span::new(self.id, start, self.at);
            self.at += match self.text.get(self.at..) {
                Some(rest) if rest.starts_with("\r\n") => 2,
                _ => 1,
            };
            if cells.iter().any(|cell| !cell.text.trim().is_empty()) {
                return Some(TableLine { cells, inputs: None, span });
            }
        }
        None
    }
}

/// The word of a test such as `starts_with "A"`; empty where a cell is none.
fn test_name(text: &str) -> &str {
    let is_word = |c: char| c.is_ascii_alphanumeric() || c == '_';
    let end = text.find(|c| !is_word(c)).unwrap_or(text.len());
    let (word, behind) = text.split_at_checked(end).unwrap_or_default();
    let is_test = behind.trim_start().starts_with('"') && behind.starts_with(' ');
    if is_test { word } else { "" }
}

impl<'s> Lines<'s> {
    /// The cell at hand, without the quotes around it.
    fn cell(&mut self) -> CellText<'s> {
        let (text, at, separator) = (self.text, self.at, self.separator);
        let bytes = text.as_bytes();
        let rest = |from: usize| bytes.get(from..).unwrap_or_default();
        let ends = |byte: &u8| *byte == separator || matches!(byte, b'\n' | b'\r');
        let piece = |from: usize, to: usize| CellText {
            text: text.get(from..to).unwrap_or(""),
            at: from,
            csv: true,
        };
        let plain_end = at + rest(at).iter().position(ends).unwrap_or(rest(at).len());
        if bytes.get(at) != Some(&b'"') {
            self.at = plain_end;
            return piece(at, plain_end);
        }
        // A quote within a cell in quotes is written twice.
        let mut close = at + 1;
        loop {
            let Some(next) = rest(close).iter().position(|byte| *byte == b'"') else {
                let message = "this cell is not closed by a quote";
                let span = Span::new(self.id, at, plain_end);
                self.problems.push(Diagnostic::new(Code::TableCell, span, message));
                self.at = text.len();
                return piece(at + 1, text.len());
            };
            close += next;
            if bytes.get(close + 1) != Some(&b'"') {
                break;
            }
            close += 2;
        }
        let end =
            close + 1 + rest(close + 1).iter().position(ends).unwrap_or(rest(close + 1).len());
        if end > close + 1 {
            let span = Span::new(self.id, close + 1, end);
            let message = "this stands behind the closing quote of the cell";
            self.problems.push(
                Diagnostic::new(Code::TableCell, span, message)
                    .help("write a quote within a cell in quotes twice: `\"\"`"),
            );
        }
        self.at = end;
        piece(at + 1, close)
    }
}

impl Builder {
    /// What a cell of a column of texts says: in a CSV file texts may stand without quotes.
    pub(super) fn csv_text<'s>(
        &mut self,
        raw: &'s str,
        span: Span,
        is_output: bool,
    ) -> Option<CellKind<'s>> {
        let lone = |value: Cow<'s, str>| {
            let kind = ExprKind::Literal(Literal::Text(Text { value, span }));
            CellKind::Among(vec![Expr { span, kind }], false)
        };
        // Most say one text, which stays where it is.
        let says_more = raw.starts_with("not ") || raw.starts_with("is ");
        if !raw.contains(['"', ',']) && !says_more && !raw.ends_with(OR_MISSING) {
            return Some(lone(raw.into()));
        }
        let text = raw.replace("\"\"", "\"");
        let words: Vec<_> = text.split_whitespace().collect();
        match words.as_slice() {
            ["is", "missing"] if !is_output => return Some(CellKind::Presence(false)),
            ["is", "present"] if !is_output => return Some(CellKind::Presence(true)),
            _ => {}
        }
        let (negated, listed) = match text.strip_prefix("not ") {
            Some(rest) if !is_output => (true, rest),
            _ => (false, text.as_str()),
        };
        let literal = |value: String| {
            let text = Text { value: value.into(), span };
            Expr { span, kind: ExprKind::Literal(Literal::Text(text)) }
        };
        let test = if is_output { "" } else { test_name(listed) };
        let listed = listed.get(test.len()..).unwrap_or("");
        if is_output && !listed.starts_with('"') {
            return Some(lone(listed.to_string().into()));
        }
        if let Some(before) = raw.strip_suffix(OR_MISSING).filter(|_| !is_output) {
            let before = before.trim_end();
            let start = span.range().start;
            let span = Span::new(span.file, start, start + before.len());
            let kind = self.csv_text(before, span, is_output)?;
            return Some(CellKind::OrMissing(Box::new(Cell { kind, span })));
        }
        let (mut items, mut rest) = (Vec::new(), listed);
        loop {
            rest = rest.trim_start();
            let end = match rest.starts_with('"') {
                true => super::recover::string_end(rest.as_bytes(), 0) + 1,
                false => rest.find(',').unwrap_or(rest.len()),
            };
            let item = rest.get(..end).unwrap_or(rest).trim_end();
            let behind = rest.get(end..).unwrap_or("").trim_start();
            let quoted = item.strip_prefix('"').map(|item| item.strip_suffix('"').unwrap_or(item));
            let value = match quoted {
                Some(inner) => self.unescape(inner, span.start as usize).into_owned(),
                None => item.to_string(),
            };
            if item.is_empty() || !(behind.is_empty() || behind.starts_with(',')) {
                let message = "this is no list of texts";
                self.diagnostics.push(
                    Diagnostic::new(Code::TableCell, span, message)
                        .help("part texts by commas; one that holds a comma stands in quotes"),
                );
                return None;
            }
            items.push(literal(value));
            match behind.strip_prefix(',') {
                Some(behind) => rest = behind,
                None if test.is_empty() => return Some(CellKind::Among(items, negated)),
                None => {
                    // No quote stands before it, so that it is where it was written.
                    let at = text.len() - listed.len() - test.len();
                    let text = raw.get(at..at + test.len())?;
                    return Some(CellKind::Test(Name { text, span }, items, negated));
                }
            }
        }
    }
}
