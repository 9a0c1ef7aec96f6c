//! What other languages do with lists and records: methods, positions, loops that give a list or ask of
//! each element, fields without the name of their record.

use super::foreign;
use super::site::{Site, Slip};
use crate::grammar::Rule;
use crate::recover::first_word;
use rulebook_lang::function;

/// Loops of other languages that begin with a word that is a name here, what stands before what they
/// give or ask, and what to write: `{v}` is the variable, `{a}` the list, `{b}` what stands behind.
const LOOPS: &[(&str, &str, &str)] = &[
    ("for", " return ", "write `[{b} for {v} in {a}]`"),
    ("some", " satisfies ", "write `any({v} in {a}: {b})`"),
    ("every", " satisfies ", "write `all({v} in {a}: {b})`"),
];

/// What is said of a slip in what is done with a list, or in how a record is made.
pub(super) fn list(site: Site) -> Option<Slip> {
    unnamed_record(site)
        .or_else(|| field_by_sign(site))
        .or_else(|| filter_by_if(site))
        .or_else(|| looped(site))
        .or_else(|| method(site))
        .or_else(|| position(site))
        .or_else(|| without_brackets(site))
}

/// `{ kind: "late" }`
fn unnamed_record(site: Site) -> Option<Slip> {
    let inner = site.around.rest.strip_prefix('{')?.trim_start();
    let field = first_word(inner);
    let behind = inner.get(field.len()..)?.trim_start();
    let is_value = !field.is_empty() && site.wants(Rule::expression);
    (is_value && behind.starts_with(':'))
        .then(|| format!("name the record before its fields: `Name {{ {field}: … }}`").into())
}

/// `Fee { kind = "late" }`
fn field_by_sign(site: Site) -> Option<Slip> {
    let field = first_word(site.around.rest);
    let behind = site.around.rest.get(field.len()..)?.trim_start();
    let is_given = behind.starts_with('=') && !behind.starts_with("==");
    let before = site.around.line_before().trim_end().strip_suffix('{')?.trim_end();
    let start = before.rfind(|c: char| !(c.is_alphanumeric() || c == '_')).map_or(0, |at| at + 1);
    let name = before.get(start..).filter(|name| name.starts_with(char::is_uppercase))?;
    (!field.is_empty() && is_given)
        .then(|| format!("fields take a `:`, as in `{name} {{ {field}: … }}`").into())
}

/// `x in xs if c`
fn filter_by_if(site: Site) -> Option<Slip> {
    let is_if =
        foreign::begins(site.around.rest, "if") && site.around.line_before().contains(" in ");
    (is_if && (site.wants(Rule::close_bracket) || site.wants(Rule::close_paren)))
        .then(|| "write `where` before what the elements must fit".into())
}

/// `some x in xs satisfies c`
fn looped(site: Site) -> Option<Slip> {
    let word = site.around.word_before();
    let (_, between, help) = LOOPS.iter().find(|(known, ..)| *known == word)?;
    let line = site.around.rest.lines().next()?;
    let variable = first_word(line);
    let list = line.get(variable.len()..)?.trim_start().strip_prefix("in ")?;
    let (list, behind) = list.split_once(between)?;
    let behind = behind.get(..end_of(behind)).unwrap_or(behind);
    let help = help.replace("{v}", variable).replace("{a}", list.trim());
    Some(help.replace("{b}", behind.trim()).into())
}

/// Where what a loop gives or asks ends on its line: at a bracket that closes another one, or at `then`.
fn end_of(line: &str) -> usize {
    let mut depth = 0_usize;
    for (at, c) in line.char_indices() {
        match c {
            '(' | '[' | '{' => depth += 1,
            ')' | ']' | '}' if depth == 0 => return at,
            ')' | ']' | '}' => depth -= 1,
            _ if line.get(at..).is_some_and(|rest| rest.starts_with(" then ")) => return at,
            _ => {}
        }
    }
    line.len()
}

/// `xs.map(…)`
fn method(site: Site) -> Option<Slip> {
    if !site.around.rest.starts_with('(') || !site.wants(Rule::infix) {
        return None;
    }
    let (list, method) = site.around.left().rsplit_once('.')?;
    let small = method.to_ascii_lowercase();
    let (_, help) = foreign::METHODS.iter().find(|(known, _)| known.contains(&small.as_str()))?;
    let taken = site.around.right(0).trim_start_matches('(').trim_end_matches(')');
    Some(help.replace("{a}", list).replace("{b}", taken).into())
}

/// `xs[0]`
fn position(site: Site) -> Option<Slip> {
    let inner = site.around.rest.strip_prefix('[')?;
    if !site.wants(Rule::infix) || !site.around.is_behind_operand() {
        return None;
    }
    let (at, _) = inner.split_once(']')?;
    let help = match at.trim() {
        "0" | "1" => "write `first({a})`".to_string(),
        "-1" => "write `last({a})`".to_string(),
        place if place.parse::<i64>().is_ok() => {
            format!(
                "write `nth({{a}}, {place})`; places are counted from 1, and from -1 at the end"
            )
        }
        _ => return None,
    };
    Some(site.misfit(at.len() + 2, site.fill(&help, 0)))
}

/// `distinct xs`
fn without_brackets(site: Site) -> Option<Slip> {
    let name = site.around.word_before();
    let is_name = site.around.rest.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_');
    let takes_one = |name: &str| {
        let function = function::find(name);
        function.is_some_and(|known| known.signatures.iter().any(|way| way.parameters.len() == 1))
    };
    let is_call = is_name && site.wants(Rule::infix) && takes_one(name);
    // A word that goes on with the sentence is no argument.
    let word = first_word(site.around.rest);
    let goes_on = site.around.left() != name || foreign::is_unit(word);
    (is_call && !goes_on).then(|| format!("write `{name}({})`", site.around.right(0)).into())
}
