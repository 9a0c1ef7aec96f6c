//! Signs and operators of other languages and keyboards.

use super::around::Around;
use super::foreign::{self, row};
use super::site::{Read, Site, Slip};
use crate::grammar::Rule;
use crate::recover::first_word;

/// How two values are compared, the longer signs first.
const COMPARISONS: &[&str] = &["<=", ">=", "==", "!=", "<", ">"];

/// A sign of another language, of which a part is one of ours and has been read.
pub(super) fn whole_sign(site: Site) -> Option<Slip> {
    let (sign, before) = site.around.sign();
    let known = foreign::WHOLE_SIGNS.iter().find(|(signs, _)| signs.contains(&sign.as_str()));
    let (_, help) = known?;
    let length = sign.len() - before;
    let start = site.around.before.get(..site.around.before.len() - before)?;
    let whole = Site { around: Around { before: start, ..site.around }, ..site };
    let message = Some(format!("`{sign}` is no operator"));
    Some(Slip { help: whole.fill(help, length), message, before, length: Some(length), gap: 0 })
}

/// A comparison behind `and` or `or` whose left side is left to the one before.
pub(super) fn comparison_without_left(site: Site) -> Option<Slip> {
    let around = site.around;
    let word = around.word_before();
    let sign = COMPARISONS.iter().find(|sign| around.rest.starts_with(**sign))?;
    if !["and", "or"].contains(&word) {
        return None;
    }
    let prior = around.before.rsplit(['{', '}']).next()?.trim_end().strip_suffix(word)?;
    let signs = COMPARISONS.iter().filter_map(|sign| Some((prior.rfind(sign)?, *sign)));
    let right = around.right(sign.len());
    let (at, first) = signs.max_by_key(|(at, sign)| (at + sign.len(), sign.len()))?;
    let left = Around { before: prior.get(..at)?, rest: "" }.left();
    let low = Around { before: "", rest: prior.get(at + first.len()..)? }.right(0);
    if site.read == Read::Cell {
        let help = format!(
            "a cell is one comparison or a range: `{low} ..= {right}` counts both ends in, \
             `{low} ..< {right}` leaves the high one out; other bounds take two columns"
        );
        return Some(help.into());
    }
    let is_value = left.starts_with(|c: char| c.is_ascii_digit() || c == '"');
    let named = if is_value { low } else { left };
    let help = format!("name it again: `{left} {first} {low} {word} {named} {sign} {right}`");
    Some(help.into())
}

/// Values in round brackets behind `in`.
pub(super) fn round_list(site: Site) -> Option<Slip> {
    let line = site.around.line_before();
    let open = line.rfind('(').filter(|_| site.around.rest.starts_with(','))?;
    let before = line.get(..open)?.trim_end();
    let value = before.strip_suffix("in").filter(|value| value.ends_with([' ', '\t']))?;
    let left = Around { before: value.trim_end().trim_end_matches(" not"), rest: "" }.left();
    let within = site.around.rest.lines().next()?.split(')').next()?;
    let not = if value.trim_end().ends_with(" not") { "not " } else { "" };
    let first = line.get(open + 1..)?;
    Some(format!("lists stand in square brackets: `{left} {not}in [{first}{within}]`").into())
}

/// What other languages write behind an operand.
pub(super) fn behind_operand(site: Site) -> Option<Slip> {
    let around = site.around;
    if !site.wants(Rule::infix) || !around.is_behind_operand() {
        return None;
    }
    if ["exists", "present", "defined"].contains(&around.left()) {
        return Some(format!("write `{} is present`", around.right(0)).into());
    }
    let asks = around.rest.chars().next().filter(|c| ['?', '？'].contains(c));
    if let Some(sign) = asks
        && around.number_before().is_none()
        && !around.rest.lines().next()?.contains(':')
    {
        return Some(site.misfit(sign.len_utf8(), site.fill("write `{a} is present`", 0)));
    }
    if foreign::begins(around.rest, "of") && around.line_before().trim_end().ends_with('%') {
        return Some(site.misfit(2, site.fill("write `{b} * {a}`", 2)));
    }
    if around.rest.starts_with('(')
        && let Some((receiver, method)) = around.left().rsplit_once('.')
    {
        if foreign::FORMS.contains(&method) {
            return Some(format!("write `{method}(x in {receiver}: …)`").into());
        }
        let taken = around.right(0).trim_start_matches('(').trim_end_matches(')').to_string();
        let taken = if taken.is_empty() { taken } else { format!(", {taken}") };
        let help =
            format!("what a function takes stands in its brackets: `{method}({receiver}{taken})`");
        return Some(help.into());
    }
    if around.rest.starts_with(',') && site.wants(Rule::clause) {
        if let Some(slip) = list_without_brackets(site) {
            return Some(slip);
        }
        return Some("conditions are joined by `and` or `or`; clauses need no `,`".into());
    }
    // A window of a counter has such words of its own.
    if site.wants(Rule::k_to) || site.wants(Rule::k_before) {
        return None;
    }
    site.behind(foreign::OPERATORS)
}

/// Values behind `in` without brackets.
fn list_without_brackets(site: Site) -> Option<Slip> {
    let first = site.around.left();
    let before = site.around.line_before().trim_end().strip_suffix(first)?.trim_end();
    let value = before.strip_suffix("in").filter(|value| value.ends_with([' ', '\t']))?;
    let not = if value.trim_end().ends_with(" not") { "not " } else { "" };
    let left = Around { before: value.trim_end().trim_end_matches(" not"), rest: "" }.left();
    let second = site.around.right(1);
    Some(format!("lists stand in square brackets: `{left} {not}in [{first}, {second}]`").into())
}

/// A sign of another keyboard.
pub(super) fn other_sign(site: Site) -> Option<Slip> {
    let rest = site.around.rest;
    let first = rest.chars().next()?;
    let full_width = |c: char| matches!(c, '\u{ff01}'..='\u{ff5e}');
    if full_width(first) {
        let length = match first.is_alphanumeric() {
            true => rest.find(|c| !full_width(c) || !c.is_alphanumeric()).unwrap_or(rest.len()),
            false => first.len_utf8(),
        };
        let written = rest.get(..length)?;
        let narrow: String = written.chars().filter_map(narrow).collect();
        let help = match narrow.as_str() {
            "\"" | "'" => "write straight quotes: `\"`".to_string(),
            "(" => "`（` and `）` are full-width: write `(` and `)`".to_string(),
            "[" => "`［` and `］` are full-width: write `[` and `]`".to_string(),
            "{" => "`｛` and `｝` are full-width: write `{` and `}`".to_string(),
            narrow => match row(foreign::SIGNS, narrow) {
                Some((help, _)) => help.to_string(),
                None => format!("`{written}` is full-width: write `{narrow}`"),
            },
        };
        let message = format!("`{written}` is no sign of the language");
        let message = (!first.is_alphanumeric()).then_some(message);
        return Some(Slip { help, message, before: 0, length: Some(length), gap: 0 });
    }
    let (_, ours) = foreign::OTHER_SIGNS.iter().find(|(sign, _)| *sign == first)?;
    let help = match *ours {
        " " => "write a plain space".to_string(),
        ours => format!("write `{ours}`"),
    };
    let message = format!("`{first}` is no sign of the language");
    Some(Slip { help, message: Some(message), before: 0, length: Some(first.len_utf8()), gap: 0 })
}

/// The sign of ASCII that a full-width one is drawn after.
fn narrow(c: char) -> Option<char> {
    char::from_u32(u32::from(c).checked_sub(0xfee0)?)
}

/// A text with another mark than ours before it.
pub(super) fn marked_text(site: Site) -> Option<Slip> {
    let is_marked = ["f", "F"].contains(&site.around.word_before());
    let help = "write `$\"…\"` for a text whose braces are filled";
    (is_marked && site.around.rest.starts_with('"')).then(|| help.into())
}

/// A text to which a value is added, where only texts may stand.
pub(super) fn value_behind_text(site: Site) -> Option<Slip> {
    let around = site.around;
    let is_text = around.line_before().trim_end().ends_with('"');
    if !is_text || site.wants(Rule::infix) || !around.rest.starts_with(['+', '&']) {
        return None;
    }
    let text = around.left().trim_end_matches('"');
    let value = around.right(1);
    let help = match text == "…" || value.starts_with('"') {
        true => {
            "a text is one text, and values stand within it in braces: `\"paid {paid}\"`".into()
        }
        false => format!("values stand within the text, in braces: `{text}{{{value}}}\"`"),
    };
    Some(help.into())
}

/// Signs that mean something anywhere.
pub(super) fn sign(site: Site) -> Option<Slip> {
    let rest = site.around.rest;
    if let Some((code, length)) = foreign::currency(rest, site.around.before, site.text) {
        let number = site.around.right(length);
        if number.starts_with(|c: char| c.is_ascii_digit()) {
            return Some(format!("write the currency behind the number: `{number} {code}`").into());
        }
    }
    if rest.starts_with('$') {
        let name = first_word(rest.trim_start_matches(['$', '{']));
        let name = if name.is_empty() { "amount" } else { name };
        return Some(format!("fields are named without a sign: `{name}`").into());
    }
    if rest.starts_with(';') && site.wants(Rule::comma) {
        return Some("values are parted by `,`".into());
    }
    if rest.strip_prefix('.').is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_digit())) {
        return Some(format!("write `0{}`", site.around.right(0)).into());
    }
    if let Some((help, _)) = row(foreign::SIGNS, rest) {
        return Some(help.into());
    }
    let is_operand = site.wants(Rule::path) || site.wants(Rule::bare_name);
    let (help, _) = row(foreign::OPERANDS, rest).filter(|_| is_operand)?;
    Some(help.into())
}
