//! The letters of words.

use unicode_ident::is_xid_continue;

/// Whether a character may stand in a word: `word_char` of the grammar.
pub(crate) fn belongs(c: char) -> bool {
    match c {
        '_' => true,
        c if c.is_ascii() => c.is_ascii_alphanumeric(),
        c if is_wide(c) => false,
        c => is_xid_continue(c),
    }
}

/// What keyboards of East Asia draw wide, and forms of letters that stand beside it: no letter of a word.
pub(crate) fn is_wide(c: char) -> bool {
    matches!(c, '\u{fe70}'..='\u{ffff}')
}
