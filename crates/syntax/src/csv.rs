//! Parts the text of a CSV file into the cells of a decision table, each with its place.

use super::ast::{CellKind, Expr, ExprKind, Grid, Literal, Text};
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
    let mut lines = lines(&mut builder, text).into_iter().peekable();
    let Some(header) = lines.peek_mut() else {
        builder.no_header(Span::new(id, 0, 0));
        return (None, builder.diagnostics);
    };
    let is_output = |cell: &CellText| cell.text.trim_start().starts_with("||");
    let inputs = header.cells.iter().position(is_output);
    if let Some(cell) = inputs.and_then(|at| header.cells.get_mut(at)) {
        let mark = cell.text.find("||").map_or(0, |at| at + 2);
        (cell.text, cell.at) = (cell.text.get(mark..).unwrap_or(""), cell.at + mark);
    }
    let broken = !builder.diagnostics.is_empty();
    let mut grid = builder.grid(lines.map(|line| TableLine { inputs, ..line }));
    if let Some(grid) = &mut grid {
        grid.complete &= !broken;
    }
    (grid, builder.diagnostics)
}

/// The lines that hold anything.
fn lines<'s>(builder: &mut Builder, text: &'s str) -> Vec<TableLine<'s>> {
    let mut lines = Vec::new();
    let mut at = 0;
    while at < text.len() {
        let start = at;
        let mut cells = Vec::new();
        loop {
            let (cell, end) = cell(builder, text, at);
            cells.push(cell);
            at = end;
            match text.as_bytes().get(at) {
                Some(b',') => at += 1,
                _ => break,
            }
        }
        let span = Span::new(builder.id, start, at);
        at += match text.get(at..) {
            Some(rest) if rest.starts_with("\r\n") => 2,
            _ => 1,
        };
        if cells.len() > 1 || cells.iter().any(|cell| !cell.text.trim().is_empty()) {
            lines.push(TableLine { cells, inputs: None, span });
        }
    }
    lines
}

/// The cell at a place, without the quotes around it, and where it ends.
fn cell<'s>(builder: &mut Builder, text: &'s str, at: usize) -> (CellText<'s>, usize) {
    let bytes = text.as_bytes();
    let rest = |from: usize| bytes.get(from..).unwrap_or_default();
    let ends = |byte: &u8| matches!(byte, b',' | b'\n' | b'\r');
    let piece = |from: usize, to: usize| CellText {
        text: text.get(from..to).unwrap_or(""),
        at: from,
        csv: true,
    };
    let plain_end = at + rest(at).iter().position(ends).unwrap_or(rest(at).len());
    if bytes.get(at) != Some(&b'"') {
        return (piece(at, plain_end), plain_end);
    }
    // A quote within a cell in quotes is written twice.
    let mut close = at + 1;
    loop {
        let Some(next) = rest(close).iter().position(|byte| *byte == b'"') else {
            let message = "this cell is not closed by a quote";
            let span = Span::new(builder.id, at, plain_end);
            builder.diagnostics.push(Diagnostic::new(Code::TableCell, span, message));
            return (piece(at + 1, text.len()), text.len());
        };
        close += next;
        if bytes.get(close + 1) != Some(&b'"') {
            break;
        }
        close += 2;
    }
    let end = close + 1 + rest(close + 1).iter().position(ends).unwrap_or(rest(close + 1).len());
    if end > close + 1 {
        let span = Span::new(builder.id, close + 1, end);
        let message = "this stands behind the closing quote of the cell";
        builder.diagnostics.push(
            Diagnostic::new(Code::TableCell, span, message)
                .help("write a quote within a cell in quotes twice: `\"\"`"),
        );
    }
    (piece(at + 1, close), end)
}

impl Builder {
    /// What a cell of a column of texts says: in a CSV file texts may stand without quotes.
    pub(super) fn csv_text<'s>(
        &mut self,
        raw: &str,
        span: Span,
        is_output: bool,
    ) -> Option<CellKind<'s>> {
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
        if is_output && !listed.starts_with('"') {
            return Some(CellKind::Among(vec![literal(listed.to_string())], false));
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
                None => return Some(CellKind::Among(items, negated)),
            }
        }
    }
}
