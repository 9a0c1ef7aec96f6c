//! Where a sheet of cells names its columns, and what parts its cells: as it was told, or else the first line and
//! the character by which the names fit those who read it.

use csv_core::{ReadRecordResult, ReaderBuilder};

use super::lines::Lines;
use crate::Refusal;
use crate::StreamError;
use crate::observer::Note;
use rulebook_base::visible::visible;
use rulebook_core::facts::documents::without_mark;
use rulebook_core::settings::FileForm;

/// So many lines may stand before the one with the names.
const MOST_BEFORE: usize = 50;
/// What may part cells.
const DELIMITERS: &[u8] = b",;\t|";
/// So much of a line is shown.
const SHOWN: usize = 120;

/// Where the names of columns stand, and what parts them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Head {
    pub(super) delimiter: u8,
    /// The line, counted from 1; nothing where it is the first that is not empty.
    pub(super) line: Option<u64>,
}

impl Head {
    /// What is told of a file, with the character that usually parts such cells.
    pub(super) fn told(form: &FileForm, usual: u8) -> Self {
        Self { delimiter: form.delimiter.unwrap_or(usual), line: form.header_line }
    }

    /// The names of a head, where the beginning of the text shows all of them.
    pub(super) fn named(self, start: &[u8]) -> Option<Vec<String>> {
        let (_, text) =
            lines(start).find(|(line, _)| self.line.is_none_or(|told| told == *line))?;
        names(text, self.delimiter)
    }

    /// The first head by which `fits` takes the names, beside `told`, whose names do not fit; only what was
    /// not told may differ from it. `start` is how the text begins.
    pub(super) fn found(
        told: Self,
        form: &FileForm,
        start: &[u8],
        fits: impl Fn(&[String]) -> bool,
    ) -> Option<Self> {
        let lines =
            lines(start).filter(|(line, _)| form.header_line.is_none_or(|told| told == *line));
        for (line, text) in lines.take(MOST_BEFORE) {
            let others = DELIMITERS.iter().copied().filter(|other| *other != told.delimiter);
            let others = others.filter(|_| form.delimiter.is_none());
            for delimiter in std::iter::once(told.delimiter).chain(others) {
                if names(text, delimiter).is_some_and(|names| fits(&names)) {
                    return Some(Self { delimiter, line: Some(line) });
                }
            }
        }
        None
    }

    /// The same line, with the character by which it has the most names.
    pub(super) fn likely(self, form: &FileForm, start: &[u8]) -> Self {
        let line = lines(start).find(|(line, _)| self.line.is_none_or(|told| told == *line));
        let Some((_, text)) = line.filter(|_| form.delimiter.is_none()) else { return self };
        let count = |delimiter: u8| names(text, delimiter).map_or(0, |names| names.len());
        let others = DELIMITERS.iter().copied();
        let most = others.max_by_key(|other| (count(*other), *other == self.delimiter));
        let delimiter = most.filter(|most| count(*most) > count(self.delimiter));
        Self { delimiter: delimiter.unwrap_or(self.delimiter), ..self }
    }

    /// What was found out beside what is usual.
    pub(super) fn notes(self, form: &FileForm, usual: u8) -> Vec<Note> {
        let delimiter = (form.delimiter.is_none() && self.delimiter != usual)
            .then(|| Note::Delimiter(char::from(self.delimiter)));
        let line = self.line.filter(|line| form.header_line.is_none() && *line > 1);
        delimiter.into_iter().chain(line.map(Note::HeaderLine)).collect()
    }

    /// Why columns do not fit, with the names that were found.
    pub(super) fn refused(self, names: &[String], error: StreamError) -> StreamError {
        let mut found: String = names.join(", ").chars().take(SHOWN).collect();
        if names.iter().map(String::len).sum::<usize>() > SHOWN {
            found.push('…');
        }
        let parted = match (self.delimiter, names.len()) {
            (_, 1) => String::new(),
            (b'\t', _) => ", parted by tabs".to_string(),
            (other, _) => format!(", parted by `{}`", char::from(other)),
        };
        let line = self.line.unwrap_or(1);
        let found = format!("`{}` on line {line}{parted}", visible(&found));
        Refusal::Columns { refused: Box::new(error), found }.into()
    }
}

/// The lines of a text that are not empty, whole, with their numbers.
fn lines(text: &[u8]) -> impl Iterator<Item = (u64, &[u8])> {
    let lines = (1..).zip(without_mark(text).split_inclusive(|byte| *byte == b'\n'));
    lines.filter(|(_, line)| !line.trim_ascii().is_empty())
}

/// The names on a line, if they can be read.
fn names(line: &[u8], delimiter: u8) -> Option<Vec<String>> {
    // A name may hold line ends; such a head has to be the first line.
    let end = Lines::new(delimiter).next(line, true)?;
    let line = std::str::from_utf8(line.get(..end.text)?).ok()?;
    let mut reader = ReaderBuilder::new().delimiter(delimiter).build();
    let (mut text, mut ends) = (vec![0; line.len() + 1], vec![0; line.len() + 1]);
    let (_, _, written, ended) = reader.read_record(line.as_bytes(), &mut text, &mut ends);
    let room = text.get_mut(written..).zip(ends.get_mut(ended..))?;
    let (ReadRecordResult::Record, _, _, last) = reader.read_record(&[], room.0, room.1) else {
        return None;
    };
    let mut start = 0;
    let names = ends.get(..ended + last)?.iter().map(|end| {
        let name = text.get(start..*end).map(String::from_utf8_lossy).unwrap_or_default();
        start = *end;
        name.trim().to_string()
    });
    Some(names.collect())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests fail by panicking")]

    use super::*;

    fn found(text: &str, form: &FileForm) -> Option<(char, u64)> {
        let fits =
            |names: &[String]| ["id", "paid"].iter().all(|name| names.iter().any(|n| n == name));
        let head = Head::found(Head::told(form, b','), form, text.as_bytes(), fits)?;
        Some((head.delimiter.into(), head.line.unwrap()))
    }

    #[test]
    fn the_head_is_where_the_names_fit() {
        let form = FileForm::default();
        for (text, expected) in [
            ("id;paid\n", Some((';', 1))),
            ("Export, of May\n\nid,paid\n1,2", Some((',', 3))),
            ("\u{feff}from 1 to 3\r\nid\t\"paid\"\r\n", Some(('\t', 2))),
            ("a|b\nid|paid", Some(('|', 2))),
            ("id,price\n", None),
            ("", None),
        ] {
            assert_eq!(found(text, &form), expected, "{text:?}");
        }
        let told = FileForm { delimiter: Some(b'|'), ..FileForm::default() };
        assert_eq!(found("x\nid;paid\nid|paid", &told), Some(('|', 3)));
        let told = FileForm { header_line: Some(2), ..FileForm::default() };
        assert_eq!(found("id,paid\nx\nid,paid", &told), None);
    }

    #[test]
    fn a_head_that_does_not_fit_is_parted_where_it_has_the_most_names() {
        let form = FileForm::default();
        let likely = |text: &str| Head::told(&form, b',').likely(&form, text.as_bytes()).delimiter;
        assert_eq!(likely("a;b,c;d\n"), b';');
        assert_eq!(likely("one"), b',');
        assert_eq!(likely("a,b;c\n"), b',');
    }
}
