//! Texts with braces: the words as they are, and the values and forms of words that stand in braces.

use std::borrow::Cow;

use super::build::{Builder, unquoted};
use crate::ast::{Form, Name, Piece, Template};
use crate::matched::Part;
use rulebook_base::source::Span;

impl Builder {
    /// A text whose `{…}` are expressions.
    pub(super) fn template<'s>(&mut self, part: Part<'_, 's>) -> Template<'s> {
        let span = self.span(part);
        // The mark of a text that is a value stands before it.
        let (text, mark) = match part.text().strip_prefix('$') {
            Some(text) => (text, 1),
            None => (part.text(), 0),
        };
        let inner = unquoted(text);
        let offset = span.start as usize + 1 + mark;
        // Each brace may part the text before it from what stands in it.
        let mut pieces = Vec::with_capacity(2 * inner.matches('{').count() + 1);
        let (mut text, mut at) = (Cow::Borrowed(""), 0);
        while let Some(rest) = inner.get(at..).filter(|rest| !rest.is_empty()) {
            if rest.starts_with("{{") || rest.starts_with("}}") {
                text += rest.get(..1).unwrap_or("");
                at += 2;
            } else if rest.starts_with('{') {
                let Some(end) = rest.find('}') else {
                    self.bad_text(
                        offset + at,
                        1,
                        "this `{` is not closed",
                        "write `{{` for a brace",
                    );
                    break;
                };
                if !text.is_empty() {
                    pieces.push(Piece::Text(std::mem::take(&mut text)));
                }
                let inner = rest.get(1..end).unwrap_or("");
                pieces.push(self.in_braces(inner, offset + at + 1));
                at += end + 1;
            } else if rest.starts_with('}') {
                self.bad_text(offset + at, 1, "this `}` closes nothing", "write `}}` for a brace");
                at += 1;
            } else {
                let brace = rest.bytes().position(|byte| matches!(byte, b'{' | b'}'));
                let end = brace.unwrap_or(rest.len());
                text += self.unescape(rest.get(..end).unwrap_or(""), offset + at);
                at += end;
            }
        }
        if !text.is_empty() {
            pieces.push(Piece::Text(text));
        }
        Template { pieces, span }
    }

    /// What stands in braces, from a place on: a value, or the words that go with a number.
    fn in_braces<'s>(&mut self, inner: &'s str, at: usize) -> Piece<'s> {
        let Some(end) = next_form(inner, 0) else {
            return Piece::Value(self.embedded(inner, at));
        };
        let value = self.embedded(inner.get(..end).unwrap_or(""), at);
        let (mut forms, mut start) = (Vec::new(), end);
        while let Some(rest) = inner.get(start + 1..).filter(|rest| !rest.is_empty()) {
            let end = next_form(inner, start + 1).unwrap_or(inner.len());
            let colon = start + 1 + rest.find(':').unwrap_or(0);
            let written = inner.get(start + 1..colon).unwrap_or("");
            let name = written.trim();
            let begins = start + 1 + (written.len() - written.trim_start().len());
            let words = inner.get(colon + 1..end).unwrap_or("").trim();
            let span = Span::new(self.id, at + begins, at + begins + name.len());
            let name = Name { text: name, span };
            forms.push(Form { name, words: self.unescape(words, at + colon + 1) });
            start = end;
        }
        Piece::Counted(value, forms)
    }
}

/// Where the next comma stands that begins a form: `, one:`. Within brackets there is none.
fn next_form(inner: &str, from: usize) -> Option<usize> {
    let mut depth = 0_usize;
    for (at, byte) in inner.bytes().enumerate().skip(from) {
        match byte {
            b'(' | b'[' => depth += 1,
            b')' | b']' => depth = depth.saturating_sub(1),
            b',' if depth == 0 => {
                let rest = inner.get(at + 1..)?.trim_start();
                let end = rest.find(|c: char| !c.is_ascii_lowercase()).unwrap_or(rest.len());
                if end > 0 && rest.get(end..)?.trim_start().starts_with(':') {
                    return Some(at);
                }
            }
            _ => {}
        }
    }
    None
}
