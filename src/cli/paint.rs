//! Colours, as marks that the screen makes into what a terminal understands, and drops where nobody wants
//! any.

use std::fmt::Display;
use std::io::IsTerminal;

/// Each style with its mark. Marks are noncharacters, which no text has that anybody hands to another: so
/// a sequence for the terminal is never ours before the screen has made it, and always somebody else's.
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

/// The first mark in a text: where it stands, and the sequence that it stands for.
pub(super) fn first_mark(text: &str) -> Option<(usize, char, &'static str)> {
    let (at, mark) = text.char_indices().find(|(_, c)| (END..=STRONG).contains(c))?;
    let (_, sequence) = STYLES.iter().find(|(own, _)| *own == mark)?;
    Some((at, mark, sequence))
}

fn painted(mark: char, text: impl Display) -> String {
    format!("{mark}{text}{END}")
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

/// An explanation, its marks in colour.
pub(super) fn explanation(text: &str) -> String {
    let paint_line = |line: &str| {
        let trimmed = line.trim_start();
        match trimmed.chars().next() {
            Some('●') => strong(good(line)),
            Some('◐') => strong(warning(line)),
            Some('!') => error(line),
            Some('○') => faint(line),
            Some('✓') => good(line),
            Some('✗') => removed(line),
            _ => line.to_string(),
        }
    };
    text.lines().map(|line| paint_line(line) + "\n").collect()
}
