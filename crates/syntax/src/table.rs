//! Builds decision tables: parts lines at their bars, and each cell is read by itself, so that one
//! slip does not hide the rest. The lines of a CSV file come here, too.

use super::ast::{Column, ColumnKind, Grid, Name, Row, Table};
use super::build::Builder;
use super::cell::{Known, grouped};
use super::grammar::Rule;
use super::matched::{Part, Parts};
use rulebook_base::diagnostic::{Code, Diagnostic};
use rulebook_base::source::Span;
use rulebook_lang::figures::counted;

/// A line of a table, parted into its cells.
pub(super) struct TableLine<'s> {
    pub(super) cells: Vec<CellText<'s>>,
    /// How many cells stand before `||`, if it is there.
    pub(super) inputs: Option<usize>,
    pub(super) span: Span,
}

/// The text of a cell, and where it stands in the file.
#[derive(Clone, Copy)]
pub(super) struct CellText<'s> {
    pub(super) text: &'s str,
    pub(super) at: usize,
    /// Whether it is a cell of a CSV file, which has quotes of its own.
    pub(super) csv: bool,
}

impl Builder {
    /// A table whose name has been read.
    pub(super) fn table<'s>(
        &mut self,
        name: Name<'s>,
        mut parts: Parts<'_, 's>,
    ) -> Option<Table<'s>> {
        let combiner = self.take_name(&mut parts)?;
        let (mut origins, mut file, mut grid) = (Vec::new(), None, None);
        for part in parts {
            match part.rule() {
                Rule::table_file => {
                    file = Some(self.plain_text(part.parts().next_of(Rule::string)?));
                }
                Rule::table_rows => {
                    let lines: Vec<_> =
                        part.parts().filter_map(|line| self.table_line(line)).collect();
                    let lost = lines.len() < part.parts().count();
                    grid = match lines.is_empty() && !lost {
                        true => {
                            self.no_header(name.span);
                            None
                        }
                        false => self.grid(lines.into_iter()),
                    };
                    if let Some(grid) = &mut grid {
                        grid.complete &= !lost;
                    }
                }
                _ => origins.extend(self.origin(part)),
            }
        }
        Some(Table { name, combiner, origins, file, grid })
    }

    pub(super) fn no_header(&mut self, span: Span) {
        self.diagnostics.push(
            Diagnostic::new(Code::TableHeader, span, "this table has no header")
                .help("begin with its columns: `| share: number || pays: number |`"),
        );
    }

    /// The cells of a line such as `| <= 10% || 10% |`.
    fn table_line<'s>(&mut self, part: Part<'_, 's>) -> Option<TableLine<'s>> {
        let span = self.span(part);
        let (text, base) = (part.text(), span.start as usize);
        let Some(bars) = bars(text) else {
            self.diagnostics.push(
                Diagnostic::new(Code::TableRow, span, "a row of a table stands between bars")
                    .help("write `| <= 10% || 5 CNY |`, each row on a line of its own"),
            );
            return None;
        };
        let mut marks = bars.iter().enumerate().filter(|(_, (_, double))| *double);
        let inputs = marks.next().map(|(at, _)| at);
        if let Some((_, (at, _))) = marks.next() {
            let second = Span::new(self.id, base + at, base + at + 2);
            self.diagnostics.push(
                Diagnostic::new(Code::TableRow, second, "`||` stands twice in this row")
                    .help("`||` parts the inputs from the outputs; cells are parted by `|`"),
            );
            return None;
        }
        let cells = bars.windows(2).filter_map(|pair| match pair {
            [(from, double), (to, _)] => {
                let from = from + if *double { 2 } else { 1 };
                text.get(from..*to).map(|text| CellText { text, at: base + from, csv: false })
            }
            _ => None,
        });
        Some(TableLine { cells: cells.collect(), inputs, span })
    }

    /// The header and the rows of what has been parted into cells.
    pub(super) fn grid<'s>(
        &mut self,
        mut lines: impl Iterator<Item = TableLine<'s>>,
    ) -> Option<Grid<'s>> {
        let header = lines.next()?;
        let inputs = header.inputs.unwrap_or(header.cells.len());
        let columns: Vec<_> = (0..)
            .zip(&header.cells)
            .filter_map(|(at, cell)| self.table_column(*cell, at >= inputs))
            .collect();
        if columns.len() < header.cells.len() {
            return None;
        }
        if header.inputs.is_some_and(|inputs| inputs == header.cells.len()) {
            let message = "no output stands behind `||`";
            self.diagnostics.push(Diagnostic::new(Code::TableHeader, header.span, message));
            return None;
        }
        let notes = columns.iter().rev().take_while(|column| column.is_note()).count();
        let mut grid =
            Grid { columns, inputs, rows: Vec::new(), span: header.span, complete: true };
        let mut known = Known::default();
        for mut line in lines {
            // Spreadsheets leave out what stands empty at the end.
            let lacking = grid.columns.len().saturating_sub(line.cells.len());
            let end = CellText { text: "", at: line.span.end as usize, csv: true };
            if lacking <= notes && line.cells.iter().all(|cell| cell.csv) {
                line.cells.extend(std::iter::repeat_n(end, lacking));
            }
            let row = self.table_row(&grid, line, &mut known);
            grid.complete &= row.is_some();
            grid.rows.extend(row);
        }
        Some(grid)
    }

    fn table_column<'s>(&mut self, cell: CellText<'s>, is_output: bool) -> Option<Column<'s>> {
        let (text, span) = self.trimmed(cell);
        let dates = match text {
            "from" => Some(ColumnKind::From),
            "until" => Some(ColumnKind::Until),
            _ => None,
        };
        if let Some(kind) = dates {
            if is_output {
                let message = format!("`{text}` tells when a row is in force, and is no output");
                self.diagnostics.push(
                    Diagnostic::new(Code::TableHeader, span, message)
                        .help("put it before `||`, or give it a type if it is a value"),
                );
                return None;
            }
            return Some(Column { kind, span });
        }
        if text == "note" {
            return Some(Column { kind: ColumnKind::Note, span });
        }
        let is_word = text.chars().all(|c| c.is_alphanumeric() || c == '_');
        if is_word {
            let message = match text {
                "" => "this column has no name".to_string(),
                name => format!("column `{name}` has no type"),
            };
            let mut diagnostic = Diagnostic::new(Code::TableHeader, span, message)
                .help("write name and type, such as `share: number`");
            if !text.is_empty() {
                diagnostic = diagnostic.help(
                    "`|` parts columns; an enum is defined before it is used: `enum Kind { a, b }`",
                );
            }
            self.diagnostics.push(diagnostic);
            return None;
        }
        let kind = self.apart(Rule::table_column, cell.text, cell.at, |builder, part| {
            let mut parts = part.parts();
            let name = builder.take_name(&mut parts)?;
            Some(ColumnKind::Value(name, builder.ty(parts.next_of(Rule::type_)?)?))
        })??;
        Some(Column { kind, span })
    }

    fn table_row<'s>(
        &mut self,
        grid: &Grid<'s>,
        line: TableLine<'s>,
        known: &mut Known<'s>,
    ) -> Option<Row<'s>> {
        let outputs = grid.columns.len() - grid.inputs;
        let found = line.cells.len();
        let parted = line.inputs.map(|inputs| (inputs, found.saturating_sub(inputs)));
        let fits = match parted {
            Some(counts) => counts == (grid.inputs, outputs),
            None => outputs == 0 && found == grid.inputs,
        };
        if !fits {
            let message = match parted {
                None if outputs > 0 && line.cells.iter().all(|cell| !cell.csv) => {
                    "this row does not part its outputs from its inputs by `||`".to_string()
                }
                Some((inputs, outputs)) if outputs > 0 => format!(
                    "this row has {} and {}",
                    counted(inputs, "input"),
                    counted(outputs, "output")
                ),
                _ => format!("this row has {}", counted(found, "cell")),
            };
            let grouped = line.cells.windows(2).find_map(|pair| match pair {
                [head, tail] if head.csv && found > grid.columns.len() => {
                    grouped(&format!("{},{}", head.text.trim(), tail.text.trim_end()))
                }
                _ => None,
            });
            let help = grouped.unwrap_or_else(|| {
                format!(
                    "the header has {} and {}; `_` accepts any value",
                    counted(grid.inputs, "input"),
                    counted(outputs, "output")
                )
            });
            self.diagnostics.push(
                Diagnostic::new(Code::TableRow, line.span, message)
                    .also(grid.span, "the header stands here")
                    .help(help),
            );
            return None;
        }
        let columns = (0..).zip(&grid.columns).zip(&line.cells);
        let mut cells = Vec::with_capacity(grid.columns.len());
        cells.extend(columns.filter_map(|((at, column), cell)| {
            self.table_cell(column, *cell, at >= grid.inputs, known)
        }));
        (cells.len() == grid.columns.len()).then_some(Row { cells, span: line.span })
    }

    /// The text of a cell without the space around it.
    pub(super) fn trimmed<'s>(&self, cell: CellText<'s>) -> (&'s str, Span) {
        let lead = cell.text.len() - cell.text.trim_start().len();
        let text = cell.text.trim();
        // Nothing at all is drawn where it would stand.
        let (start, length) = match text {
            "" => (cell.at, cell.text.len()),
            text => (cell.at + lead, text.len()),
        };
        (text, Span::new(self.id, start, start + length))
    }
}

/// Where the bars of a line stand, and whether each is `||`; `None` unless it begins and ends with
/// one.
fn bars(line: &str) -> Option<Vec<(usize, bool)>> {
    let bytes = line.as_bytes();
    let mut bars = Vec::new();
    let (mut at, mut end) = (0, 0);
    while let Some(byte) = bytes.get(at) {
        let next = bytes.get(at + 1);
        let length = match byte {
            b'"' => super::recover::string_end(bytes, at) + 1 - at,
            b'|' => {
                bars.push((at, next == Some(&b'|')));
                if next == Some(&b'|') { 2 } else { 1 }
            }
            _ => 1,
        };
        if !byte.is_ascii_whitespace() {
            end = at + length;
        }
        at += length;
    }
    let ends = bars.last().is_some_and(|(last, double)| *last + 1 + usize::from(*double) == end);
    let begins = bars.first().is_some_and(|(first, _)| *first == 0);
    (begins && ends && bars.len() > 1).then_some(bars)
}
