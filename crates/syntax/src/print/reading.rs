//! How fields are read, on one line.

use super::expression::{Shaper, path_text};
use super::{expression, text_literal};
use crate::ast::{Expr, Phrase, PhrasePiece, Reading, ReadingPart, Text};

/// How texts and values are written within it.
struct Writer<'w> {
    text: &'w dyn Fn(&Text) -> String,
    value: &'w dyn Fn(&Expr) -> String,
}

/// What stands behind `read`.
pub fn reading(reading: &Reading) -> String {
    let writer =
        Writer { text: &|text| text_literal(&text.value), value: &|value| expression(value) };
    writer.reading(reading)
}

impl Shaper<'_, '_> {
    /// What stands behind a field or the name of a record, with the blank before it.
    pub(super) fn reading_text(&self, reading: &Reading) -> String {
        let text = |text: &Text| self.written(text.span).to_string();
        let writer = Writer { text: &text, value: &|value| self.flat(value) };
        format!(" read {}", writer.reading(reading))
    }
}

impl Writer<'_> {
    fn reading(&self, reading: &Reading) -> String {
        let parts: Vec<_> = reading.parts.iter().map(|part| self.part(part)).collect();
        parts.join(", ")
    }

    fn part(&self, part: &ReadingPart) -> String {
        match part {
            ReadingPart::Words { texts, value } => {
                let texts: Vec<_> = texts.iter().map(self.text).collect();
                let value = value.as_ref().map_or("missing".to_string(), self.value);
                format!("{} as {value}", texts.join(" or "))
            }
            ReadingPart::Phrases(phrases) => {
                let phrases: Vec<_> = phrases.iter().map(|phrase| self.phrase(phrase)).collect();
                phrases.join(" or ")
            }
            ReadingPart::Otherwise(_) => "otherwise missing".to_string(),
        }
    }

    fn phrase(&self, phrase: &Phrase) -> String {
        let pieces = phrase.pieces.iter().map(|piece| match piece {
            PhrasePiece::Word(path) => path_text(path),
            PhrasePiece::Text(text) => (self.text)(text),
        });
        pieces.collect::<Vec<_>>().join(" ")
    }
}
