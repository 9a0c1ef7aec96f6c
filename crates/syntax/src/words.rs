//! Words of policies: names in letters of any script, and keywords.

use unicode_normalization::{UnicodeNormalization as _, is_nfc};

use super::letter::belongs;
use super::print::tokens::{Piece, pieces};
use rulebook_base::diagnostic::{Code, Diagnostic};
use rulebook_base::source::{FileId, Span};

/// The words of a text with letters beyond ASCII, and where they stand: none of its comments and texts in
/// quotes.
pub fn foreign_words(text: &str) -> impl Iterator<Item = (usize, &str)> {
    let starts = pieces(text).filter_map(|piece| match piece {
        Piece::Token(start) => Some(start),
        Piece::Comment(_) => None,
    });
    starts.filter_map(|start| {
        let behind = text.get(start..)?;
        let word = behind.get(..behind.find(|c| !belongs(c)).unwrap_or(behind.len()))?;
        (!word.is_ascii()).then_some((start, word))
    })
}

/// Reports the words that are written in another form than NFC: they would look like others, and be none.
pub(crate) fn report_forms(id: FileId, text: &str, diagnostics: &mut Vec<Diagnostic>) {
    if text.is_ascii() {
        return;
    }
    for (start, word) in foreign_words(text).filter(|(_, word)| !is_nfc(word)) {
        let composed: String = word.nfc().collect();
        let message = format!("the letters of `{word}` are put together from parts");
        let help = format!("names are written in the usual form of Unicode (NFC): `{composed}`");
        let span = Span::new(id, start, start + word.len());
        diagnostics.push(Diagnostic::new(Code::Syntax, span, message).help(help));
    }
}
