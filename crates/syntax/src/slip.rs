//! Tells what stands where something else was expected, with help for slips that are easy to
//! recognise.

use pest::error::ErrorVariant;

use super::expected;
use super::grammar::Rule;
use super::recover::{CLAUSES, DEFINITIONS, ITEMS, first_word};
use rulebook_base::diagnostic::{Code, Diagnostic, did_you_mean};
use rulebook_base::source::{FileId, Span};

/// Signs of other languages, and what to write instead.
const SIGNS: &[(&str, &str)] = &[
    ("&&", "write `and`"),
    ("||", "write `or`"),
    ("!", "write `not`"),
    (":=", "write `=`"),
    ("?", "write `if … then … else …`"),
    ("'", "write texts in double quotes"),
    ("“", "write straight quotes: `\"`"),
    ("”", "write straight quotes: `\"`"),
    (";", "clauses need no `;`"),
    ("#", "comments start with `//`"),
    ("/*", "comments start with `//`"),
    ("--", "comments start with `//`"),
    ("..", "write `a ..= b`, which counts `b` in, or `a ..< b`, which does not"),
    ("between ", "write `x in low ..= high`"),
];

/// How much of a token a message shows, in characters.
const LONGEST_TOKEN: usize = 60;

const UNITS: &[&str] = &["seconds", "minutes", "hours", "days", "weeks", "months", "years"];
/// Words behind the start of a clause or a definition.
const OTHER_WORDS: &[&str] = &[
    "for",
    "amends",
    "of",
    "by",
    "otherwise",
    "where",
    "within",
    "assumed",
    "shadow",
    "warn",
    "else",
];

/// The diagnostic for what pest did not find at a place; `end` names the end of the text.
pub(super) fn describe(
    id: FileId,
    text: &str,
    at: usize,
    variant: &ErrorVariant<Rule>,
    end: &str,
) -> Diagnostic {
    let wanted = wanted(variant);
    let before = text.get(..at).unwrap_or("");
    let rest = text.get(at..).unwrap_or("");
    let (found, length) = found(rest, end);
    let message = match expected::sentence(wanted) {
        Some(wanted) => format!("expected {wanted}, found {found}"),
        None => format!("{found} does not fit here"),
    };
    let help = sign_help(before, rest)
        .or_else(|| number_help(before, rest, wanted))
        .or_else(|| name_help(before, rest, wanted))
        .or_else(|| word_help(rest, wanted));
    Diagnostic::new(Code::Syntax, Span::new(id, at, at + length), message).maybe_help(help)
}

/// What pest wanted to see.
pub(super) fn wanted(variant: &ErrorVariant<Rule>) -> &[Rule] {
    match variant {
        ErrorVariant::ParsingError { positives, .. } => positives,
        ErrorVariant::CustomError { .. } => &[],
    }
}

/// The token at the start of a text, in words, and its length.
fn found(rest: &str, end: &str) -> (String, usize) {
    let Some(first) = rest.chars().next() else { return (end.into(), 0) };
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
    let sign = SIGNS.iter().map(|(sign, _)| *sign).find(|sign| rest.starts_with(sign));
    let length = if is_word(first) {
        rest.find(|c| !is_word(c)).unwrap_or(rest.len())
    } else {
        sign.map_or(first.len_utf8(), str::len)
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

fn sign_help(before: &str, rest: &str) -> Option<String> {
    let is_before = before.trim_end().ends_with(" is");
    let help = if rest.starts_with('"') && closed_text(rest.lines().next()?).is_none() {
        "close the text with `\"` on the same line"
    } else if before.ends_with('<') && rest.starts_with('>') {
        "write `!=`"
    } else if is_before && rest.starts_with("not present") {
        "write `is missing`"
    } else if is_before && rest.starts_with("not missing") {
        "write `is present`"
    } else if is_before {
        "`is` tells only what is `present` or `missing`; write `==` or `!=`"
    } else if rest.starts_with(['$', '€', '£', '¥', '￥']) {
        "write the currency behind the number: `200 CNY`"
    } else {
        SIGNS.iter().find(|(sign, _)| rest.starts_with(sign))?.1
    };
    Some(help.into())
}

/// Help for what stands behind a number, or a number behind its unit.
fn number_help(before: &str, rest: &str, wanted: &[Rule]) -> Option<String> {
    let digit = |text: &str| text.starts_with(|c: char| c.is_ascii_digit());
    let word = first_word(rest);
    let last = before.trim_end();
    if digit(rest) {
        let start = last.rfind(|c: char| !c.is_ascii_alphanumeric()).map_or(0, |at| at + 1);
        let unit = last.get(start..)?;
        let is_type = wanted.contains(&Rule::assign);
        let code = !is_type && unit.len() == 3 && unit.bytes().all(|b| b.is_ascii_uppercase());
        return code.then(|| format!("write the currency behind the number: `{word} {unit}`"));
    }
    if !last.ends_with(|c: char| c.is_ascii_digit()) {
        return None;
    }
    if rest.starts_with(',') && digit(rest.get(1..)?) {
        return Some("write the number without `,`, such as `5_000`".into());
    }
    if rest.starts_with('.') && digit(rest.get(1..)?) {
        return Some("write days as `2024-08-09`".into());
    }
    if word == "percent" {
        return Some("write `%`".into());
    }
    if word.is_empty() || is_keyword(word) {
        return None;
    }
    let near = did_you_mean(word, UNITS.iter().copied().chain(keywords()));
    near.or_else(|| {
        Some(
            "a number may be followed by `days`, `hours` …, a currency such as `CNY`, or `%`"
                .into(),
        )
    })
}

/// Help where a name, or the members of an enum, are not well formed.
fn name_help(before: &str, rest: &str, wanted: &[Rule]) -> Option<String> {
    let first = rest.chars().next()?;
    let members = wanted.contains(&Rule::ellipsis) || wanted.contains(&Rule::members);
    let line = before.rfind('\n').map_or(before, |at| before.get(at..).unwrap_or(""));
    let help = if first.is_alphabetic() && !first.is_ascii() {
        "names are written with the letters a to z, digits and `_`; texts may be in any script"
    } else if members && first == '"' {
        "members are names without quotes, such as `fresh_food`"
    } else if members && first == '-' {
        "names are written with `_`, not with `-`"
    } else if members && (first == '<' || line.contains('<')) {
        "write `a < b < c` for members in an order, `a, b, c` for others"
    } else {
        return None;
    };
    Some(help.into())
}

/// Help where a word of the language is misspelt, or stands where it does not belong.
fn word_help(rest: &str, wanted: &[Rule]) -> Option<String> {
    let word = first_word(rest);
    let in_file = wanted.contains(&Rule::definition);
    let in_policy = wanted.contains(&Rule::policy_item);
    if in_file && rest.starts_with('}') {
        return Some("a `}` above closes more than it should".into());
    }
    if !is_keyword(word) {
        return did_you_mean(word, keywords());
    }
    if in_file && !DEFINITIONS.contains(&word) {
        return Some(format!("`{word}` stands within a `policy NAME for RECORD {{ … }}`"));
    }
    if in_policy && DEFINITIONS.contains(&word) {
        return Some(format!("`{word}` stands outside of policies"));
    }
    if in_policy && CLAUSES.contains(&word) {
        return Some(format!("`{word}` stands within a `rule NAME {{ … }}`"));
    }
    None
}

fn keywords() -> impl Iterator<Item = &'static str> {
    [DEFINITIONS, ITEMS, CLAUSES, OTHER_WORDS].into_iter().flatten().copied()
}

fn is_keyword(word: &str) -> bool {
    keywords().any(|keyword| keyword == word)
}
