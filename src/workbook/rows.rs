//! Sheets of workbooks as files of records: each becomes a text of CSV, in which a row has a cell in every column.

use std::io::Cursor;

use calamine::{DataRef, Reader as _, Xlsx, XlsxError};

use super::{measure, no_workbook, told_cell, too_large};

/// A workbook whose sheets hold records.
pub struct Workbook {
    inner: Xlsx<Cursor<Vec<u8>>>,
    most: u64,
}

impl Workbook {
    /// Opens a workbook, which is refused if it holds more than so many bytes, packed or not.
    ///
    /// # Errors
    /// When it is none, or too large; what is wrong with it.
    pub fn open(bytes: Vec<u8>, most: u64) -> Result<Self, String> {
        measure(&bytes, most)?;
        let inner = Xlsx::new(Cursor::new(bytes)).map_err(no_workbook)?;
        Ok(Self { inner, most })
    }

    /// The names of its sheets.
    pub fn sheets(&self) -> Vec<String> {
        self.inner.sheet_names()
    }

    /// A sheet as CSV; each row of the sheet is one record of it.
    ///
    /// # Errors
    /// When it cannot be read, or is too large.
    pub fn csv(&mut self, sheet: &str) -> Result<String, String> {
        let width = self.width(sheet)?;
        let mut text = String::new();
        let (mut row, mut column) = (0, 0);
        let end = |text: &mut String, column: u32| {
            // A row without any cell is none.
            (column..if column > 0 { width } else { 0 }).for_each(|_| text.push(','));
            text.push('\n');
        };
        let most = self.most;
        self.each(sheet, |(next_row, next_column), value| {
            while row < next_row {
                end(&mut text, column);
                (row, column) = (row + 1, 0);
            }
            (column.max(1)..=next_column).for_each(|_| text.push(','));
            column = next_column + 1;
            push(&mut text, &told_cell(value));
            if text.len() as u64 > most { Err(too_large(most)) } else { Ok(()) }
        })?;
        end(&mut text, column);
        Ok(text)
    }

    /// How many columns there are.
    fn width(&mut self, sheet: &str) -> Result<u32, String> {
        let mut width = 0;
        self.each(sheet, |(_, column), _| {
            width = width.max(column + 1);
            Ok(())
        })?;
        Ok(width)
    }

    /// Hands over each cell that is not empty, row by row.
    fn each(
        &mut self,
        sheet: &str,
        mut take: impl FnMut((u32, u32), &DataRef<'_>) -> Result<(), String>,
    ) -> Result<(), String> {
        let told = |error: XlsxError| error.to_string();
        let mut cells = self.inner.worksheet_cells_reader(sheet).map_err(told)?;
        while let Some(cell) = cells.next_cell().map_err(told)? {
            if !matches!(cell.get_value(), DataRef::Empty) {
                take(cell.get_position(), cell.get_value())?;
            }
        }
        Ok(())
    }
}

/// Adds a cell as CSV has it.
fn push(text: &mut String, cell: &str) {
    if cell.contains([',', '"', '\n', '\r']) {
        text.push('"');
        text.push_str(&cell.replace('"', "\"\""));
        text.push('"');
    } else {
        text.push_str(cell);
    }
}
