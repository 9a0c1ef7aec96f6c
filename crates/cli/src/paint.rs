//! Colours, as marks that the screen makes into what a terminal understands, and drops where nobody wants
//! any.

use std::fmt::Display;
use std::hash::{BuildHasher, RandomState};
use std::io::IsTerminal;
use std::sync::LazyLock;

/// Each style with its mark: a noncharacter, which no text has that anybody hands to another, and behind it
/// the key of this run, which nobody can know. So a sequence for the terminal is ours only behind the
/// screen's door, and whatever drives a terminal in a line before that is somebody else's.
const STYLES: [(char, &str); 8] = [
    (END, "\u{1b}[0m"),
    (ERROR, "\u{1b}[1;31m"),
    (WARNING, "\u{1b}[1;33m"),
    (GOOD, "\u{1b}[32m"),
    (REMOVED, "\u{1b}[31m"),
    (ADDED, "\u{1b}[1;4;32m"),
    (FAINT, "\u{1b}[2m"),
    (STRONG, "\u{1b}[1m"),
];
const END: char = '\u{fdd0}';
const ERROR: char = '\u{fdd1}';
const WARNING: char = '\u{fdd2}';
const GOOD: char = '\u{fdd3}';
const REMOVED: char = '\u{fdd4}';
const ADDED: char = '\u{fdd5}';
const FAINT: char = '\u{fdd6}';
const STRONG: char = '\u{fdd7}';

const BREAK: char = '\u{fdd8}';

/// A character for private use.
static KEY: LazyLock<char> = LazyLock::new(|| {
    let random = u32::try_from(RandomState::new().hash_one(()) % 0xfff0).unwrap_or_default();
    char::from_u32(0x10_0000 + random).unwrap_or('\u{100000}')
});

/// What stands between two lines that we put in a cell of a table.
pub(super) fn line_break() -> String {
    String::from_iter([BREAK, *KEY])
}

/// The text before the first mark of a style, the sequence that this stands for, and the text behind it.
pub(super) fn at_mark(text: &str) -> Option<(&str, &'static str, &str)> {
    text.match_indices(*KEY).find_map(|(at, _)| {
        let (before, behind) = text.split_at(at);
        let mut plain = before.chars();
        let mark = plain.next_back()?;
        let (_, sequence) = STYLES.iter().find(|(style, _)| *style == mark)?;
        Some((plain.as_str(), *sequence, behind.strip_prefix(*KEY)?))
    })
}

fn painted(mark: char, text: impl Display) -> String {
    let key = *KEY;
    format!("{mark}{key}{text}{END}{key}")
}

/// An error.
pub(super) fn error(text: impl Display) -> String {
    painted(ERROR, text)
}

/// A warning.
pub(super) fn warning(text: impl Display) -> String {
    painted(WARNING, text)
}

/// Something good.
pub(super) fn good(text: impl Display) -> String {
    painted(GOOD, text)
}

/// Something that is taken away.
pub(super) fn removed(text: impl Display) -> String {
    painted(REMOVED, text)
}

/// Something that is put in.
pub(super) fn added(text: impl Display) -> String {
    painted(ADDED, text)
}

/// Something that matters little.
pub(super) fn faint(text: impl Display) -> String {
    painted(FAINT, text)
}

/// A heading.
pub(super) fn strong(text: impl Display) -> String {
    painted(STRONG, text)
}

/// Whether standard output is a terminal.
pub(super) fn on_terminal() -> bool {
    std::io::stdout().is_terminal()
}

/// Whether a word is a mark of explanations.
pub(super) fn is_mark(word: &str) -> bool {
    matches!(word, "●" | "◐" | "○" | "!" | "✓" | "✗" | "?")
}

/// A line of an explanation in the colour of its mark, if it has one.
pub(super) fn marked(mark: char, line: &str) -> String {
    match mark {
        '●' => strong(good(line)),
        '◐' => strong(warning(line)),
        '!' => error(line),
        '○' => faint(line),
        '✓' => good(line),
        '✗' => removed(line),
        _ => line.to_string(),
    }
}
