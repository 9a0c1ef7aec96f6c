//! Builds decision tables: parts lines at their bars, and reads each cell by itself, so that one
//! slip does not hide the rest. The cells of a CSV file come here, too.

use super::ast::{Cell, CellKind, Column, ColumnKind, Grid, Name, Row, Table, TypeKind};
use super::build::Builder;
use super::grammar::Rule;
use super::matched::{Part, Parts};
use rulebook_base::diagnostic::{Code, Diagnostic};
use rulebook_base::source::Span;
use rulebook_lang::figures::counted;
use rulebook_lang::operator;

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
        let mut grid =
            Grid { columns, inputs, rows: Vec::new(), span: header.span, complete: true };
        for line in lines {
            let row = self.table_row(&grid, line);
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

    fn table_row<'s>(&mut self, grid: &Grid<'s>, line: TableLine<'s>) -> Option<Row<'s>> {
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
        let cells: Vec<_> = columns
            .filter_map(|((at, column), cell)| self.table_cell(column, *cell, at >= grid.inputs))
            .collect();
        (cells.len() == grid.columns.len()).then_some(Row { cells, span: line.span })
    }

    fn table_cell<'s>(
        &mut self,
        column: &Column<'s>,
        cell: CellText<'s>,
        is_output: bool,
    ) -> Option<Cell<'s>> {
        let (text, span) = self.trimmed(cell);
        if text.is_empty() || text == "-" {
            let (message, help) = match is_output {
                true => ("this output has no value", "write a value of the column's type"),
                false => ("this cell says nothing", "write `_` where any value will do"),
            };
            self.diagnostics.push(Diagnostic::new(Code::TableCell, span, message).help(help));
            return None;
        }
        if text == "_" && !is_output {
            return Some(Cell { kind: CellKind::Any, span });
        }
        let kind = match cell.csv && holds_texts(column) {
            true => self.csv_text(text, span, is_output)?,
            false => {
                let told = self.diagnostics.len();
                let kind = self.apart(Rule::table_cell, cell.text, cell.at, Builder::cell_kind);
                if kind.is_none() && holds_texts(column) && !text.contains(['"', '(']) {
                    for problem in self.diagnostics.iter_mut().skip(told) {
                        problem.help = vec![format!("texts stand in double quotes: `\"{text}\"`")];
                    }
                }
                kind??
            }
        };
        let is_value =
            matches!(&kind, CellKind::Among(items, false) if matches!(items.as_slice(), [_]));
        if is_output && !is_value {
            self.diagnostics.push(
                Diagnostic::new(Code::TableCell, span, "an output is one value").help(
                    grouped(text).unwrap_or_else(|| "write a value of the column's type".into()),
                ),
            );
            return None;
        }
        Some(Cell { kind, span })
    }

    fn cell_kind<'s>(&mut self, part: Part<'_, 's>) -> Option<CellKind<'s>> {
        let mut parts = part.parts();
        let negated = parts.next_of(Rule::unlike).is_some();
        let part = parts.next()?;
        match part.rule() {
            Rule::any_value => Some(CellKind::Any),
            Rule::presence => {
                Some(CellKind::Presence(part.parts().next_of(Rule::present).is_some()))
            }
            Rule::comparison => {
                let mut parts = part.parts();
                let sign = parts.next_of(Rule::comparison_sign)?;
                if sign.text() == "=" {
                    let message = "`=` gives a value; `==` compares";
                    self.diagnostics.push(
                        Diagnostic::new(Code::EqualsSign, self.span(sign), message)
                            .help("leave it out: a lone value is compared with"),
                    );
                    return None;
                }
                let operator = operator::binary(sign.text())?;
                Some(CellKind::Compare(operator, self.expression(parts.next()?)))
            }
            _ => {
                let items = part.parts().build(|item| Some(self.expression(item)));
                Some(CellKind::Among(items, negated))
            }
        }
    }

    /// The text of a cell without the space around it.
    fn trimmed<'s>(&self, cell: CellText<'s>) -> (&'s str, Span) {
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

/// What to write for a number whose digits are grouped by commas, such as `1,000 CNY`.
fn grouped(text: &str) -> Option<String> {
    let end = text.find(|c: char| !c.is_ascii_digit() && c != ',').unwrap_or(text.len());
    let (digits, behind) = text.split_at_checked(end)?;
    let mut groups = digits.split(',');
    let head = groups.next()?;
    let is_grouped = (1..=3).contains(&head.len())
        && digits.contains(',')
        && groups.all(|group| group.len() == 3)
        && !behind.contains(',');
    is_grouped
        .then(|| format!("digits are grouped by `_`: write `{}{behind}`", digits.replace(',', "_")))
}

/// Whether a column is declared to hold texts.
fn holds_texts(column: &Column<'_>) -> bool {
    match &column.kind {
        ColumnKind::Value(_, ty) => matches!(ty.kind, TypeKind::Named("text" | "url")),
        ColumnKind::From | ColumnKind::Until => false,
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
