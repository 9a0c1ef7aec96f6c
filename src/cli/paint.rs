//! Colours; the stream that is printed to drops them where nobody wants any.

use std::fmt::Display;
use std::io::IsTerminal;

use crate::diagnostic::Style;

fn painted(code: &str, text: impl Display) -> String {
    format!("\u{1b}[{code}m{text}\u{1b}[0m")
}

/// An error.
pub(super) fn error(text: impl Display) -> String {
    painted("1;31", text)
}

/// A warning.
pub(super) fn warning(text: impl Display) -> String {
    painted("1;33", text)
}

/// Something good.
pub(super) fn good(text: impl Display) -> String {
    painted("32", text)
}

/// Something that is taken away.
pub(super) fn removed(text: impl Display) -> String {
    painted("31", text)
}

/// Something that is put in.
pub(super) fn added(text: impl Display) -> String {
    painted("1;4;32", text)
}

/// Something that matters little.
pub(super) fn faint(text: impl Display) -> String {
    painted("2", text)
}

/// A heading.
pub(super) fn strong(text: impl Display) -> String {
    painted("1", text)
}

/// The style for diagnostics; `anstream` strips the colours where they are not wanted.
pub(super) fn diagnostics() -> Style {
    Style::Coloured
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
