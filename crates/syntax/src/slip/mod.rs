//! Tells what stands where something else was expected, with help for slips that are easy to
//! recognise.

mod around;
mod cell;
mod foreign;
mod head;
mod list;
mod number;
mod reading;
mod sign;
mod site;
mod word;

use crate::expected;
use crate::grammar::Rule;
use around::Around;
pub(super) use cell::sides;
pub use foreign::currency_of;
pub(super) use foreign::is_unit;
use rulebook_base::diagnostic::{Code, Diagnostic};
use rulebook_base::source::{FileId, Span};
pub(super) use site::Read;
use site::{Site, Slip};
pub(super) use word::is_keyword;

/// How much of a token a message shows, in characters.
const LONGEST_TOKEN: usize = 60;

/// The diagnostic for what pest did not find at a place.
pub(super) fn describe(
    id: FileId,
    text: &str,
    at: usize,
    wanted: &[Rule],
    read: Read,
) -> Diagnostic {
    let around = Around::new(text, at);
    let site = Site { text, around, read, wanted };
    let (found, length) = found(around.rest, read);
    let slip = slip(site);
    let message = slip.as_ref().and_then(|slip| slip.message.clone());
    let message = message.unwrap_or_else(|| match expected::sentence(wanted) {
        Some(wanted) => format!("expected {wanted}, found {found}"),
        None => format!("{found} does not fit here"),
    });
    let (start, end) = match &slip {
        Some(slip) => (at - slip.before, at + slip.length.unwrap_or(length) - slip.gap),
        None => (at, at + length),
    };
    Diagnostic::new(Code::Syntax, Span::new(id, start, end), message)
        .maybe_help(slip.map(|slip| slip.help))
}

/// The token at the start of a text, in words, and its length.
fn found(rest: &str, read: Read) -> (String, usize) {
    let Some(first) = rest.chars().next() else {
        let end = if read == Read::File { "the end of the file" } else { "nothing" };
        return (end.into(), 0);
    };
    if first == '\n' || first == '\r' {
        return ("the end of the line".into(), 0);
    }
    if first == '"' {
        let line = rest.lines().next().unwrap_or("");
        return match closed_text(line) {
            Some(length) => ("a text".into(), length),
            None => ("a text that is not closed".into(), line.len()),
        };
    }
    let is_word = |c: char| c.is_alphanumeric() || c == '_';
    let length = if is_word(first) {
        rest.find(|c| !is_word(c)).unwrap_or(rest.len())
    } else {
        foreign::row(foreign::SIGNS, rest).map_or(first.len_utf8(), |(_, length)| length)
    };
    let token = rest.get(..length).unwrap_or("");
    let shown = match token.char_indices().nth(LONGEST_TOKEN) {
        Some((end, _)) => format!("`{}…`", token.get(..end).unwrap_or("")),
        None => format!("`{token}`"),
    };
    (shown, length)
}

/// The length of the text in quotes at the start of a line, if it is closed there.
fn closed_text(line: &str) -> Option<usize> {
    let mut escaped = false;
    for (at, byte) in line.bytes().enumerate().skip(1) {
        match byte {
            b'"' if !escaped => return Some(at + 1),
            b'\\' => escaped = !escaped,
            _ => escaped = false,
        }
    }
    None
}

/// What is said of what stands at a place, by the first that knows it.
fn slip(site: Site) -> Option<Slip> {
    unclosed_text(site)
        .or_else(|| cell::whole(site))
        .or_else(|| head::elements(site))
        .or_else(|| word::behind_is(site))
        .or_else(|| word::behind_capitals(site))
        .or_else(|| word::behind_fixed(site))
        .or_else(|| reading::slip(site))
        .or_else(|| word::type_left_out(site))
        .or_else(|| number::slip(site))
        .or_else(|| sign::whole_sign(site))
        .or_else(|| sign::comparison_without_left(site))
        .or_else(|| sign::round_list(site))
        .or_else(|| word::at_start(site))
        .or_else(|| word::in_cell(site))
        .or_else(|| list::list(site))
        .or_else(|| sign::behind_operand(site))
        .or_else(|| sign::other_sign(site))
        .or_else(|| sign::marked_text(site))
        .or_else(|| sign::value_behind_text(site))
        .or_else(|| sign::sign(site))
        .or_else(|| word::without_else(site))
        .or_else(|| word::name(site))
        .or_else(|| word::word(site))
}

fn unclosed_text(site: Site) -> Option<Slip> {
    let rest = site.around.rest;
    let open = rest.starts_with('"') && closed_text(rest.lines().next()?).is_none();
    open.then(|| "close the text with `\"` on the same line".into())
}
