//! Warns of characters that a reader does not see, or takes for others, in all that a rulebook says.

use std::collections::HashMap;

use super::checker::Checker;
use rulebook_base::diagnostic::{Code, Diagnostic};
use rulebook_base::source::{FileId, Span};
use rulebook_base::visible::is_hidden;
use rulebook_syntax::foreign_words;
use unicode_security::{RestrictionLevel, RestrictionLevelDetection, skeleton};

/// Warns of them line by line, in comments too.
pub(super) fn warn(checker: &mut Checker) {
    let mut found = Vec::new();
    for (file, source) in checker.names.sources.iter() {
        // Most files hold nothing else: many bytes at a time are looked at.
        let plain = |byte: &u8| matches!(byte, b' '..=b'~' | b'\n' | b'\r' | b'\t');
        let all_plain = |bytes: &[u8]| bytes.iter().fold(true, |all, byte| all & plain(byte));
        if !source.text.as_bytes().chunks(64).all(all_plain) {
            look(file, &source.text, &mut found);
        }
    }
    look_alikes(checker, &mut found);
    checker.sink.diagnostics.append(&mut found);
}

/// Names that are drawn alike and mean different things.
fn look_alikes(checker: &Checker, found: &mut Vec<Diagnostic>) {
    let names = checker.names;
    let files = names.sources.iter().filter(|(_, source)| !source.text.is_ascii());
    let words = files.flat_map(|(file, source)| {
        foreign_words(&source.text)
            .map(move |(start, word)| (word, Span::new(file, start, start + word.len())))
    });
    let mut words = words.peekable();
    if words.peek().is_none() {
        return;
    }
    let drawn = |word: &str| skeleton(word).collect::<String>();
    let fields = names.checked.records.iter().flat_map(|record| &record.fields);
    let defined = names.named.keys().chain(fields.map(|field| &field.name));
    let mut first: HashMap<String, &str> = HashMap::new();
    for name in defined.filter(|name| name.is_ascii()) {
        first.insert(drawn(name), name);
    }
    for (word, span) in words {
        let other = *first.entry(drawn(word)).or_insert(word);
        if other != word {
            let message = format!("`{word}` and `{other}` look alike, and are different names");
            let help = "write both with the same letters, or give one of them another name";
            found.push(Diagnostic::new(Code::HiddenCharacters, span, message).help(help));
        }
    }
}

fn look(file: FileId, text: &str, found: &mut Vec<Diagnostic>) {
    let mut at = 0;
    for line in text.split_inclusive('\n') {
        if !line.is_ascii() || line.bytes().any(|byte| byte < b' ') {
            found.extend(hidden(file, line, at));
            found.extend(mixed(file, line, at));
            found.extend(loose_space(file, line, at));
        }
        at += line.len();
    }
}

/// The characters of a line that are not seen, from the first to the last.
fn hidden(file: FileId, line: &str, at: usize) -> Option<Diagnostic> {
    let body = line.trim_end_matches(['\n', '\r']);
    let hidden = |c: &char| is_hidden(*c) && *c != '\t';
    let places = body.char_indices().filter(|(_, c)| hidden(c));
    let places: Vec<_> = places.collect();
    let ((first, _), (last, end)) = (places.first()?, places.last()?);
    let span = Span::new(file, at + first, at + last + end.len_utf8());
    let mut codes: Vec<String> = Vec::new();
    for (_, c) in &places {
        let code = format!("U+{:04X}", u32::from(*c));
        if !codes.contains(&code) {
            codes.push(code);
        }
    }
    let message = match codes.as_slice() {
        [code] => format!("this line holds a character that is not seen: {code}"),
        codes => format!("this line holds characters that are not seen: {}", codes.join(", ")),
    };
    let help =
        "take out what is not seen: what is compared is another text than the one that is read";
    Some(Diagnostic::new(Code::HiddenCharacters, span, message).help(help))
}

/// The first word of a line that mixes Latin letters with such as are taken for them.
fn mixed(file: FileId, line: &str, at: usize) -> Option<Diagnostic> {
    let mut start = 0;
    for word in line.split_inclusive(|c: char| !c.is_alphabetic()) {
        let letters = word.trim_end_matches(|c: char| !c.is_alphabetic());
        if let Some(other) = taken_for_latin(letters) {
            let span = Span::new(file, at + start, at + start + letters.len());
            let message = format!(
                "`{letters}` holds a letter that is taken for another: its `{other}` is U+{:04X}",
                u32::from(other)
            );
            let help = "write all letters of a word in one script";
            return Some(Diagnostic::new(Code::HiddenCharacters, span, message).help(help));
        }
        start += word.len();
    }
    None
}

/// A letter of a word with Latin letters that is drawn like them. What is written together anyway, such as
/// Latin and Chinese, is quiet: it is "highly restrictive" by Unicode TR 39.
fn taken_for_latin(word: &str) -> Option<char> {
    let is_mixed = !word.is_ascii()
        && word.contains(|c: char| c.is_ascii_alphabetic())
        && !word.check_restriction_level(RestrictionLevel::HighlyRestrictive);
    let is_like = |c: &char| {
        let drawn = skeleton(c.encode_utf8(&mut [0; 4])).all(|c| c.is_ascii_alphabetic());
        !c.is_ascii() && drawn
    };
    word.chars().filter(|_| is_mixed).find(is_like)
}

/// A no-break space at an end of a text, where it is taken for nothing.
fn loose_space(file: FileId, line: &str, at: usize) -> Option<Diagnostic> {
    let space = |c: char| matches!(c, '\u{a0}' | '\u{202f}' | '\u{2007}');
    let mut places = line.char_indices().filter(|(_, c)| space(*c));
    let (place, c) = places.find(|(place, c)| {
        let before = line.get(..*place).unwrap_or("").trim_end_matches(space);
        let behind = line.get(place + c.len_utf8()..).unwrap_or("").trim_start_matches(space);
        let behind = behind.trim_end_matches(['\n', '\r']);
        before.is_empty() || behind.is_empty() || before.ends_with('"') || behind.starts_with('"')
    })?;
    let span = Span::new(file, at + place, at + place + c.len_utf8());
    let message = format!("a text begins or ends with a no-break space: U+{:04X}", u32::from(c));
    let help = "take it out; it is part of the text that is compared";
    Some(Diagnostic::new(Code::HiddenCharacters, span, message).help(help))
}
