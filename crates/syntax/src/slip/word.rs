//! Words and names of other languages, and words of the language that are misspelt or misplaced.

use super::around::Around;
use super::foreign::{self, row};
use super::sign::sign;
use super::site::{Read, Site, Slip};
use crate::grammar::Rule;
use crate::letter;
use crate::recover::{CLAUSES, DEFINITIONS, ITEMS, first_word};
use rulebook_base::diagnostic::did_you_mean;

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

/// What stands behind `is`, where only `present` and `missing` may.
pub(super) fn behind_is(site: Site) -> Option<Slip> {
    if site.around.word_before() != "is" {
        return None;
    }
    let before = site.around.before.trim_end().strip_suffix("is")?;
    let tested = Site { around: Around { before, ..site.around }, ..site };
    // A cell does not name what it is about.
    let fill = |help: &str, length| match site.read {
        Read::Cell => tested.fill(&help.replace("{a} ", ""), length),
        _ => tested.fill(help, length),
    };
    let help = match row(foreign::AFTER_IS, site.around.rest) {
        Some((help, length)) => fill(help, length),
        None => fill(
            "`is` tells only what is `present` or `missing`; write `{a} == {b}` or `{a} != {b}`",
            0,
        ),
    };
    Some(help.into())
}

/// What stands behind a word of the language in capitals, which is read as a name or a currency.
pub(super) fn behind_capitals(site: Site) -> Option<Slip> {
    let word = site.around.word_before();
    let capitals = foreign::CAPITALS.contains(&word) && !site.around.starts_line();
    capitals.then(|| {
        let small = word.to_ascii_lowercase();
        format!("write `{small}`: words of the language stand in small letters").into()
    })
}

/// What stands behind `fixed` where that is read as the name of a field.
pub(super) fn behind_fixed(site: Site) -> Option<Slip> {
    let trimmed = site.around.before.trim_end();
    let before = trimmed.strip_suffix("fixed")?;
    let is_whole = !before.ends_with(|c: char| c.is_alphanumeric() || c == '_');
    (is_whole && site.wants(Rule::colon)).then(|| Slip {
        help: "`fixed` stands behind the type: `placed_at: time fixed`".into(),
        message: Some("`fixed` does not fit here".into()),
        before: site.around.before.len() - before.len(),
        length: Some(0),
        gap: site.around.before.len() - trimmed.len(),
    })
}

/// What begins a definition, an item of a policy or a clause of a rule in other languages.
pub(super) fn at_start(site: Site) -> Option<Slip> {
    let rest = site.around.rest;
    let word = first_word(rest);
    let small = word.to_ascii_lowercase();
    let starts = |rule: Rule, words: &[&str]| site.wants(rule) && words.contains(&small.as_str());
    let ours = starts(Rule::clause, CLAUSES)
        || starts(Rule::definition, DEFINITIONS)
        || starts(Rule::policy_item, ITEMS);
    if ours && small != word {
        return Some(
            format!("write `{small}`: words of the language stand in small letters").into(),
        );
    }
    if site.wants(Rule::policy_item)
        && let Some(help) = named(word, rest)
    {
        return Some(help.into());
    }
    let begins = site.around.starts_line() || !site.wants(Rule::infix);
    let rows = if site.wants(Rule::clause) && begins {
        if let Some(help) = outcome(site, word, &small) {
            return Some(help.into());
        }
        foreign::CLAUSES
    } else if site.wants(Rule::policy_item) {
        if word == "otherwise" && first_word(rest.get(9..)?.trim_start()) == "because" {
            return Some("a value stands behind `otherwise`: `otherwise … because \"…\"`".into());
        }
        foreign::ITEMS
    } else if site.wants(Rule::definition) {
        foreign::DEFINITIONS
    } else if site.wants(Rule::clause) && small == "else" {
        foreign::CLAUSES
    } else if site.wants(Rule::measure) {
        foreign::TALLIES
    } else if site.wants(Rule::window) {
        foreign::WINDOWS
    } else {
        return None;
    };
    row(rows, rest).map(|(help, _)| help.into())
}

/// What gives a value a name in other languages, such as `total := price * pieces`.
fn named(word: &str, rest: &str) -> Option<String> {
    let behind = rest.get(word.len()..)?.lines().next()?.trim_start();
    let sign = [":=", "="].into_iter().find(|sign| behind.starts_with(sign))?;
    let value = Around { before: "", rest: behind }.right(sign.len());
    let is_name = !word.is_empty() && !is_keyword(word) && !behind.starts_with("==");
    is_name.then(|| format!("write `let {word} = {value}`"))
}

/// `:=` where a type was to come.
pub(super) fn type_left_out(site: Site) -> Option<Slip> {
    let types = [Rule::type_, Rule::base_type, Rule::type_name, Rule::list_type, Rule::in_place];
    let is_left_out = types.into_iter().any(|rule| site.wants(rule))
        && site.around.rest.starts_with('=')
        && site.around.before.trim_end().ends_with(':');
    is_left_out.then(|| "write `=` alone, or say the type: `: TYPE = …`".into())
}

/// What gives an outcome in other languages, such as `set fee to 5 USD`.
fn outcome(site: Site, word: &str, small: &str) -> Option<String> {
    if !foreign::OUTCOMES.contains(&small) {
        return None;
    }
    let behind = site.around.rest.get(word.len()..)?.lines().next()?.trim_start();
    let name = first_word(behind);
    let value = behind.get(name.len()..)?.trim_start();
    let sign = ["to ", "be ", ":=", "=", ":"].into_iter().find(|sign| value.starts_with(sign));
    Some(match sign {
        Some(sign) if !name.is_empty() => {
            let value = Around { before: "", rest: value }.right(sign.len());
            format!("write `then {name} = {value}`")
        }
        _ => format!("write `then {}`", Around { before: "", rest: behind }.right(0)),
    })
}

pub(super) fn in_cell(site: Site) -> Option<Slip> {
    if site.read != Read::Cell {
        return None;
    }
    let (help, length) = row(foreign::CELLS, site.around.rest)?;
    let values = site.around.right(length);
    let values = values.strip_prefix(['[', '(']).unwrap_or(values);
    let values = values.strip_suffix([']', ')']).unwrap_or(values);
    Some(help.replace("{b}", values).into())
}

/// An `if` that ends before its `else`.
pub(super) fn without_else(site: Site) -> Option<Slip> {
    let ends = site.wants(Rule::k_else) && sign(site).is_none();
    ends.then(|| "an `if` says what holds else: `if … then … else …`".into())
}

/// Help where a name, or the members of an enum, are not well formed.
pub(super) fn name(site: Site) -> Option<Slip> {
    let (rest, wanted) = (site.around.rest, site.wanted);
    let first = rest.chars().next()?;
    let members = wanted.contains(&Rule::ellipsis) || wanted.contains(&Rule::members);
    let line = site.around.line_before();
    let is_name = !site.wants(Rule::infix) && line.ends_with(letter::belongs);
    let help = if first.is_alphabetic() && !first.is_ascii() {
        "names are written with letters of any script in their usual form, digits and `_`".into()
    } else if wanted == [Rule::name] && first == '"' {
        let text = rest.get(1..)?.split('"').next()?;
        format!("names stand without quotes: `{}`", one_word(text))
    } else if first == '-' && (members || is_name) {
        let behind = rest.find(|c: char| !(letter::belongs(c) || c == '-'));
        let whole =
            format!("{}{}", site.around.word_before(), rest.get(..behind.unwrap_or(rest.len()))?);
        format!("names are written with `_`, not with `-`: `{}`", one_word(&whole))
    } else if members && (first == '<' || line.contains('<')) {
        "write `a < b < c` for members in an order, `a, b, c` for others".into()
    } else if let Some(help) = validity(site) {
        help
    } else if site.wants(Rule::known_by)
        && foreign::KEYS.contains(&first_word(rest).to_lowercase().as_str())
    {
        "a record that is known by fields of its own says so behind its name: `record NAME key id { … }`"
            .into()
    } else if wanted.iter().all(|rule| {
        matches!(
            rule,
            Rule::open_brace | Rule::known_by | Rule::validity | Rule::reading | Rule::k_read
        )
    }) && site.wants(Rule::open_brace)
        && first.is_alphabetic()
    {
        // `rule too large {`
        let head = line.trim_end().strip_suffix(site.around.word_before())?;
        let keyword = Around { before: head, rest: "" }.word_before();
        if !(DEFINITIONS.contains(&keyword) || ITEMS.contains(&keyword)) {
            return None;
        }
        let end = rest.find(['{', '\n']).unwrap_or(rest.len());
        let whole = format!("{} {}", site.around.word_before(), rest.get(..end)?.trim_end());
        format!("a name is one word: `{}`", one_word(&whole))
    } else {
        return None;
    };
    Some(help.into())
}

/// Help where a record says in other words, or at another place, between which of its fields it holds.
fn validity(site: Site) -> Option<String> {
    let behind_head = site.wants(Rule::validity)
        && foreign::VALIDITY.contains(&first_word(site.around.rest).to_lowercase().as_str());
    let among_fields = site.wanted == [Rule::colon]
        && foreign::VALIDITY.contains(&site.around.word_before())
        && ["from", "until", "to", "between"].contains(&first_word(site.around.rest));
    let within = site.wants(Rule::k_from) && site.around.word_before() == "valid"
        || site.wants(Rule::k_until)
            && ["to", "till", "through", "ends"].contains(&first_word(site.around.rest));
    let help = "behind its name a record says between which of its fields one holds: \
                `record NAME valid from since until ended { … }`";
    (behind_head || among_fields || within).then(|| help.into())
}

/// A text as a name.
fn one_word(text: &str) -> String {
    let word = |c: char| if c.is_alphanumeric() { c.to_ascii_lowercase() } else { '_' };
    text.chars().map(word).collect()
}

/// Help where a word of the language is misspelt, or stands where it does not belong.
pub(super) fn word(site: Site) -> Option<Slip> {
    let rest = site.around.rest;
    let word = first_word(rest);
    let in_file = site.wants(Rule::definition);
    let in_policy = site.wants(Rule::policy_item);
    let help = if in_file && rest.starts_with('}') {
        "a `}` above closes more than it should".into()
    } else if !is_keyword(word) {
        if site.read == Read::Cell {
            return None;
        }
        did_you_mean(word, keywords())?
    } else if in_file && !DEFINITIONS.contains(&word) {
        format!("`{word}` stands within a `policy NAME for RECORD {{ … }}`")
    } else if in_policy && DEFINITIONS.contains(&word) {
        format!("`{word}` stands outside of policies")
    } else if in_policy && CLAUSES.contains(&word) {
        format!("`{word}` stands within a `rule NAME {{ … }}`")
    } else {
        return None;
    };
    Some(help.into())
}

pub(super) fn keywords() -> impl Iterator<Item = &'static str> {
    [DEFINITIONS, ITEMS, CLAUSES, OTHER_WORDS].into_iter().flatten().copied()
}

pub(crate) fn is_keyword(word: &str) -> bool {
    keywords().any(|keyword| keyword == word)
}
