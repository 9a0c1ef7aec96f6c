//! The letters of words.

use unicode_ident::is_xid_continue;

/// Whether a character may stand in a word: `word_char` of the grammar.
pub(crate) fn belongs(c: char) -> bool {
    match c {
        '_' => true,
        c if c.is_ascii() => c.is_ascii_alphanumeric(),
        '\u{fe70}'..='\u{ffff}' => false,
        c => is_xid_continue(c),
    }
}
