//! What is wrong with a regular expression, in the words of those who write policies.

use regex_syntax::Error;
use regex_syntax::ast::{ErrorKind as Form, Span};
use regex_syntax::hir::ErrorKind as Meaning;

/// What is wrong with a pattern that cannot be compiled, and where.
pub(super) fn in_words(pattern: &str, error: &Error) -> String {
    let (words, span) = match error {
        Error::Parse(error) => (of_form(error.kind()), Some(*error.span())),
        Error::Translate(error) => (of_meaning(error.kind()), Some(*error.span())),
        _ => ("it cannot be used", None),
    };
    match span.and_then(|span| place(pattern, span)) {
        Some(place) => format!("{words}, {place}"),
        None => words.to_string(),
    }
}

fn place(pattern: &str, span: Span) -> Option<String> {
    const SHOWN: usize = 20;
    let before = pattern.get(..span.start.offset)?.chars().count();
    let piece: String =
        pattern.get(span.start.offset..span.end.offset)?.chars().take(SHOWN).collect();
    Some(match piece.as_str() {
        "" => format!("at character {}", before + 1),
        piece => format!("at character {}, `{piece}`", before + 1),
    })
}

fn of_form(kind: &Form) -> &'static str {
    match kind {
        Form::ClassUnclosed => "a `[` is not closed",
        Form::GroupUnclosed => "a `(` is not closed",
        Form::GroupUnopened => "a `)` closes nothing",
        Form::RepetitionMissing => "there is nothing to repeat",
        Form::RepetitionCountInvalid
        | Form::RepetitionCountDecimalEmpty
        | Form::RepetitionCountUnclosed
        | Form::DecimalEmpty
        | Form::DecimalInvalid => "a repetition is written `{2}`, `{2,}` or `{2,5}`",
        Form::ClassRangeInvalid => "a range ends before it begins",
        Form::ClassRangeLiteral => "a range goes from one character to another",
        Form::ClassEscapeInvalid => "this cannot stand within `[` and `]`",
        Form::EscapeHexEmpty | Form::EscapeHexInvalid | Form::EscapeHexInvalidDigit => {
            "a character by its number is written `\\x41` or `\\u{4E2D}`"
        }
        Form::EscapeUnexpectedEof => "a `\\` stands at the end",
        Form::EscapeUnrecognized => "there is no such escape",
        Form::FlagDanglingNegation
        | Form::FlagDuplicate { .. }
        | Form::FlagRepeatedNegation { .. }
        | Form::FlagUnexpectedEof
        | Form::FlagUnrecognized => "flags are written once, as in `(?i)` or `(?s-x)`",
        Form::GroupNameDuplicate { .. }
        | Form::GroupNameEmpty
        | Form::GroupNameInvalid
        | Form::GroupNameUnexpectedEof => "a group has a name of its own, as in `(?<NAME>…)`",
        Form::CaptureLimitExceeded => "there are too many groups",
        Form::NestLimitExceeded(_) => "its groups stand too deep in each other",
        Form::SpecialWordBoundaryUnclosed
        | Form::SpecialWordBoundaryUnrecognized
        | Form::SpecialWordOrRepetitionUnexpectedEof => {
            "the ends of words are `\\b`, `\\b{start}` and `\\b{end}`"
        }
        Form::UnicodeClassInvalid => "there is no such class of characters",
        Form::UnsupportedBackreference => "what a group has matched cannot be asked for again",
        Form::UnsupportedLookAround => "patterns cannot look ahead or behind",
        _ => "it is not well formed",
    }
}

fn of_meaning(kind: &Meaning) -> &'static str {
    match kind {
        Meaning::UnicodePropertyNotFound
        | Meaning::UnicodePropertyValueNotFound
        | Meaning::UnicodePerlClassNotFound => "there is no such class of characters",
        Meaning::InvalidUtf8 | Meaning::UnicodeNotAllowed => "it would match what is no text",
        _ => "it cannot be used",
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "tests fail by panicking")]
mod tests {
    use super::*;

    #[test]
    fn slips_are_told_with_their_place() {
        for (pattern, expected) in [
            ("中(a", "a `(` is not closed, at character 2, `(`"),
            ("a)", "a `)` closes nothing, at character 2, `)`"),
            ("[z-a]", "a range ends before it begins, at character 2, `z-a`"),
            ("a**\\q", "there is no such escape, at character 4, `\\q`"),
            ("\\p{Foo}", "there is no such class of characters, at character 1, `\\p{Foo}`"),
            ("(?=a)", "patterns cannot look ahead or behind, at character 1, `(?=`"),
            ("*", "there is nothing to repeat, at character 1"),
        ] {
            let error = regex_syntax::parse(pattern).unwrap_err();
            assert_eq!(in_words(pattern, &error), expected, "{pattern}");
        }
    }
}
