//! Lines of cells for CSV and TSV files, whoever fills them.

use std::borrow::Cow;
use std::io::{self, Write};

use crate::options::CellForm;
use rulebook_lang::model::{Number, parse_duration};

/// How cells are written.
#[derive(Clone, Copy)]
pub struct Cells {
    /// The byte between them.
    pub delimiter: u8,
    /// How texts stand in them.
    pub form: CellForm,
}

/// Writes cells one after another.
pub struct CellWriter<W: Write> {
    writer: csv::Writer<W>,
    form: CellForm,
    /// Memory for a text that is written differently.
    text: String,
}

impl Cells {
    /// Writes lines of such cells.
    pub fn writer<W: Write>(self, into: W) -> CellWriter<W> {
        let writer = csv::WriterBuilder::new().delimiter(self.delimiter).from_writer(into);
        CellWriter { writer, form: self.form, text: String::new() }
    }
}

impl<W: Write> CellWriter<W> {
    /// Writes a number, a date or a name of ours.
    ///
    /// # Errors
    /// When writing fails.
    pub fn plain(&mut self, cell: &str) -> io::Result<()> {
        Ok(self.writer.write_field(cell)?)
    }

    /// Writes a text that may be anybody's.
    ///
    /// # Errors
    /// When writing fails.
    pub fn text(&mut self, cell: &str) -> io::Result<()> {
        if self.form == CellForm::Safe && is_formula(cell) {
            self.text.clear();
            self.text.push('\'');
            self.text.push_str(cell);
            return Ok(self.writer.write_field(&self.text)?);
        }
        self.plain(cell)
    }

    /// Ends a line.
    ///
    /// # Errors
    /// When writing fails.
    pub fn end(&mut self) -> io::Result<()> {
        Ok(self.writer.write_record(None::<&[u8]>)?)
    }

    /// Hands on what has been written.
    ///
    /// # Errors
    /// When that fails.
    pub fn flush(&mut self) -> io::Result<()> {
        self.writer.flush()
    }
}

/// The head of a column: amounts stand without their currency, which its name tells.
pub fn headed<'n>(name: &'n str, currency: Option<&str>) -> Cow<'n, str> {
    currency.map_or(name.into(), |currency| format!("{name} ({currency})").into())
}

/// Whether a spreadsheet may run a text: OWASP lists by what such texts begin. One that is no more than a
/// number or a duration (`-PT48H`) runs nothing.
fn is_formula(text: &str) -> bool {
    let begins = |c: char| {
        matches!(c, '=' | '+' | '-' | '@' | '\t' | '\r' | '\n' | '＝' | '＋' | '－' | '＠')
    };
    let is_duration = || text.starts_with("-P") && parse_duration(text).is_some();
    text.starts_with(begins) && text.parse::<Number>().is_err() && !is_duration()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests fail by panicking")]

    use super::*;

    fn line(form: CellForm, texts: &[&str]) -> String {
        let mut out = Vec::new();
        let mut cells = Cells { delimiter: b',', form }.writer(&mut out);
        texts.iter().for_each(|text| cells.text(text).unwrap());
        cells.end().unwrap();
        cells.flush().unwrap();
        drop(cells);
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn texts_that_a_spreadsheet_would_run_are_texts() {
        let texts = [
            "=1+1", "+1+1", "-2+3", "@SUM(A1)", "\tx", "\rx", "＝1", "a=b", "-5", "-12.50", "'x",
            "-PT48H", "-P1", "",
        ];
        let safe = "'=1+1,'+1+1,'-2+3,'@SUM(A1),'\tx,\"'\rx\",'＝1,a=b,-5,-12.50,'x,-PT48H,'-P1,\n";
        assert_eq!(line(CellForm::Safe, &texts), safe);
        let exact = "=1+1,+1+1,-2+3,@SUM(A1),\tx,\"\rx\",＝1,a=b,-5,-12.50,'x,-PT48H,-P1,\n";
        assert_eq!(line(CellForm::Exact, &texts), exact);
    }
}
