//! Finds where the next definition or clause of a policy starts, so that a file is parsed piece by
//! piece and one slip does not hide the rest.

use std::borrow::Cow;

use super::letter;

pub(super) const DEFINITIONS: &[&str] =
    &["enum", "record", "parameter", "list", "fn", "table", "counter", "calendar", "policy"];
pub(super) const ITEMS: &[&str] =
    &["rule", "decide", "let", "announced", "on", "invariant", "measure"];
pub(super) const CLAUSES: &[&str] = &[
    "title",
    "source",
    "dated",
    "from",
    "until",
    "when",
    "unless",
    "overrides",
    "then",
    "require",
    "because",
];

/// How deep brackets, conditions and list types may nest.
pub(super) const MAX_DEPTH: usize = 64;

/// The start of the next line after `from` that begins a definition, or, within a policy, one of
/// the policy's items; the end of the text if there is none.
///
/// Definitions count at the start of a line only, so that a field named `list` is none.
pub(super) fn next_start(text: &str, from: usize, in_policy: bool) -> usize {
    let mut at = from;
    while let Some(newline) = text.get(at..).and_then(|rest| rest.find('\n')) {
        at += newline + 1;
        let line = text.get(at..).unwrap_or("");
        let indented = line.trim_start_matches([' ', '\t']);
        let is_definition = indented.len() == line.len() && begins(indented, DEFINITIONS);
        let is_item = in_policy && (begins(indented, ITEMS) || line.starts_with('}'));
        if is_definition || is_item {
            return at;
        }
    }
    text.len()
}

/// Whether a definition starts at the start of a line here.
pub(super) fn starts_definition(text: &str, at: usize) -> bool {
    let at_line_start = at == 0 || text.as_bytes().get(at - 1) == Some(&b'\n');
    at_line_start && begins(text.get(at..).unwrap_or(""), DEFINITIONS)
}

/// Whether a text begins with a word with which a definition, or an item of a policy, begins.
pub(super) fn starts_piece(text: &str, in_policy: bool) -> bool {
    let word = first_word(text);
    match in_policy {
        true => ["title", "source"].contains(&word) || ITEMS.contains(&word),
        false => DEFINITIONS.contains(&word),
    }
}

/// Whether a line begins with one of these words as a keyword: a field or a language may have the
/// same name, but nothing like a name behind it.
fn begins(line: &str, keywords: &[&str]) -> bool {
    let word = first_word(line);
    let rest = line.get(word.len()..).unwrap_or("").trim_start_matches([' ', '\t']);
    let fits = match word {
        "on" => rest.starts_with("fault"),
        "announced" => rest.starts_with(|c: char| c.is_ascii_digit()),
        // A name in quotes is told as one.
        _ => rest.starts_with(|c: char| c.is_alphabetic() || matches!(c, '_' | '"')),
    };
    fits && keywords.contains(&word)
}

pub(super) fn first_word(text: &str) -> &str {
    let end = text.find(|c| !letter::belongs(c)).unwrap_or(text.len());
    text.get(..end).unwrap_or("")
}

fn is_word(byte: u8) -> bool {
    WORD_BYTES[usize::from(byte)]
}

/// The bytes that words are made of, with all of letters beyond ASCII. Every byte of a policy is looked up
/// here.
static WORD_BYTES: [bool; 256] = {
    let mut table = [true; 256];
    let mut byte: u8 = 0;
    while byte < 128 {
        table[byte as usize] = byte.is_ascii_alphanumeric() || byte == b'_';
        byte += 1;
    }
    table
};

/// The keyword and the name that a broken piece seems to define.
pub(super) fn broken_name(piece: &str) -> Option<(&str, &str)> {
    let keyword = first_word(piece);
    if !DEFINITIONS.contains(&keyword) && !ITEMS.contains(&keyword) {
        return None;
    }
    let rest = piece.get(keyword.len()..)?.trim_start();
    let name = first_word(rest);
    (!name.is_empty()).then_some((keyword, name))
}

/// The place behind white space and comments.
pub(super) fn skip_trivia(text: &str, mut at: usize) -> usize {
    loop {
        let rest = text.get(at..).unwrap_or("");
        let trimmed = rest.trim_start_matches([' ', '\t', '\r', '\n']);
        at += rest.len() - trimmed.len();
        if !trimmed.starts_with("//") {
            return at;
        }
        at += trimmed.find('\n').unwrap_or(trimmed.len());
    }
}

/// The text with spaces in place of its comments, so that the grammar does not look for one behind
/// every token.
pub fn without_comments(text: &str) -> Cow<'_, str> {
    if !text.contains("//") {
        return Cow::Borrowed(text);
    }
    let bytes = text.as_bytes();
    let after = |at: usize| bytes.get(at..).unwrap_or(&[]).iter();
    let mut plain = String::with_capacity(text.len());
    let (mut at, mut copied) = (0, 0);
    while let Some(next) = after(at).position(|byte| matches!(byte, b'"' | b'/')) {
        at += next;
        if bytes.get(at) == Some(&b'"') {
            at = string_end(bytes, at);
        } else if bytes.get(at + 1) == Some(&b'/') {
            let length = after(at).position(|byte| *byte == b'\n').unwrap_or(bytes.len() - at);
            plain.push_str(text.get(copied..at).unwrap_or(""));
            plain.extend(std::iter::repeat_n(' ', length));
            at += length;
            copied = at;
        }
        at += 1;
    }
    plain.push_str(text.get(copied..).unwrap_or(""));
    Cow::Owned(plain)
}

/// The length of a text without the white space at its end.
pub(super) fn code_length(text: &str) -> usize {
    let last = text.bytes().rposition(|byte| !matches!(byte, b' ' | b'\t' | b'\r' | b'\n'));
    last.map_or(0, |last| last + 1)
}

/// The lines of `///` right above a place, without their slashes.
pub(super) fn docs_above(text: &str, at: usize) -> Vec<&str> {
    let before = text.get(..at).unwrap_or("");
    let line_start = before.rfind('\n').map_or(0, |newline| newline + 1);
    if !before.get(line_start..).unwrap_or("").trim().is_empty() {
        // The lines above belong to what starts this line.
        return Vec::new();
    }
    let mut docs: Vec<&str> = before
        .get(..line_start)
        .unwrap_or("")
        .lines()
        .rev()
        .map_while(|line| line.trim().strip_prefix("///"))
        .map(|line| line.strip_prefix(' ').unwrap_or(line))
        .collect();
    docs.reverse();
    docs
}

/// The word that starts at a place.
fn word_at(bytes: &[u8], at: usize) -> &[u8] {
    let rest = bytes.get(at..).unwrap_or(&[]);
    let length = rest.iter().position(|byte| !is_word(*byte)).unwrap_or(rest.len());
    rest.get(..length).unwrap_or(rest)
}

/// The first place where the text nests deeper than [`MAX_DEPTH`], before the parser's own
/// recursion could hurt.
pub(super) fn too_deep(text: &str) -> Option<usize> {
    let (mut brackets, mut words, mut lists) = (0_usize, 0_usize, 0_usize);
    let bytes = text.as_bytes();
    let (mut at, mut in_word) = (0, false);
    while let Some(byte) = bytes.get(at) {
        let was_in_word = std::mem::replace(&mut in_word, is_word(*byte));
        if in_word && was_in_word {
            at += 1;
            continue;
        }
        match byte {
            b' ' | b'\n' => {}
            // Only words that begin so are looked at whole.
            b'i' | b'e' | b'l' | b'o' => {
                let word = word_at(bytes, at);
                match word {
                    // `list of list of …` nests; lists one behind the other do not.
                    b"list" => lists += 1,
                    b"of" => {}
                    _ => lists = 0,
                }
                match word {
                    b"if" => words += 1,
                    b"else" => words = words.saturating_sub(1),
                    _ => {}
                }
                if words > MAX_DEPTH * 2 || lists > MAX_DEPTH {
                    return Some(at + word.len());
                }
            }
            _ if in_word => lists = 0,
            b'"' => at = string_end(bytes, at),
            b'/' if bytes.get(at + 1) == Some(&b'/') => {
                let rest = bytes.get(at..).unwrap_or(&[]);
                at += rest.iter().position(|byte| *byte == b'\n').unwrap_or(rest.len());
            }
            b'(' | b'[' => brackets += 1,
            b')' | b']' => brackets = brackets.saturating_sub(1),
            _ => {}
        }
        if brackets > MAX_DEPTH {
            return Some(at);
        }
        at += 1;
    }
    None
}

/// Whether a text closes a brace that it has not opened.
pub(super) fn closes_more(text: &str) -> bool {
    let bytes = text.as_bytes();
    let (mut at, mut open) = (0, 0_usize);
    while let Some(byte) = bytes.get(at) {
        match byte {
            b'"' => at = string_end(bytes, at),
            b'/' if bytes.get(at + 1) == Some(&b'/') => {
                at += text.get(at..).and_then(|rest| rest.find('\n')).unwrap_or(bytes.len() - at);
            }
            b'{' => open += 1,
            b'}' if open == 0 => return true,
            b'}' => open -= 1,
            _ => {}
        }
        at += 1;
    }
    false
}

/// The place of the closing quote, or of the end of the line.
pub(super) fn string_end(bytes: &[u8], open: usize) -> usize {
    let mut at = open + 1;
    loop {
        let rest = bytes.get(at..).unwrap_or(&[]);
        let next = rest.iter().position(|byte| matches!(byte, b'"' | b'\n' | b'\\'));
        let Some(next) = next else { return bytes.len() };
        at += next;
        if bytes.get(at) != Some(&b'\\') {
            return at;
        }
        at += 2;
    }
}
