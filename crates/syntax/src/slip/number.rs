//! What stands behind a number: units, currencies, commas and dates as they are written elsewhere.

use super::around::Around;
use super::foreign;
use super::site::{Site, Slip};
use super::word::{is_keyword, keywords};
use crate::grammar::Rule;
use crate::recover::first_word;
use rulebook_base::diagnostic::did_you_mean;
use rulebook_lang::model::Currency;

const UNITS: &[&str] = &["seconds", "minutes", "hours", "days", "weeks", "months", "years"];

/// Words that stand for zeros.
const ZEROS: &[(&str, &str)] =
    &[("k", "_000"), ("thousand", "_000"), ("million", "_000_000"), ("万", "0_000")];

/// Help for what stands behind a number, or for a number behind its unit.
pub(super) fn slip(site: Site) -> Option<Slip> {
    let around = site.around;
    if is_digit(around.rest) {
        return number_behind(site);
    }
    let number = around.number_before()?;
    if let Some((help, length)) = clock(around, number) {
        return Some(match around.rest.starts_with(':') {
            true => site.no_number(number.len(), length, help),
            false => site.misfit(length, help),
        });
    }
    if let Some((help, length)) = comma(around, number) {
        return Some(site.no_number(number.len(), length, help));
    }
    if around.rest.starts_with('.') && is_digit(around.rest.get(1..)?) {
        return Some("write days as `2024-08-09`".into());
    }
    let behind = around.rest.get(1..).unwrap_or("").trim_start();
    if around.rest.starts_with('\'') && is_digit(behind) {
        let group = behind.find(|c: char| !c.is_ascii_digit()).unwrap_or(behind.len());
        let help = format!("digits are grouped by `_`: write `{number}_{}`", behind.get(..group)?);
        return Some(site.no_number(number.len(), 1 + group, help));
    }
    // `50 % 3` is meant as a remainder, `50 %` as a share.
    let next = first_word(behind);
    let ends = next.is_empty() && !behind.starts_with('(') || is_keyword(next);
    if around.rest.starts_with('%') && (ends || ["and", "or"].contains(&next)) {
        return Some(site.misfit(1, format!("write `{number}%`")));
    }
    if let Some((help, length)) = unit(site, number) {
        return Some(site.misfit(length, help));
    }
    if let Some((help, length)) = foreign::row(foreign::RANGES, around.rest)
        && is_digit(around.rest.get(length..)?.trim_start())
    {
        let help = help.replace("{a}", around.left()).replace("{b}", around.right(length));
        return Some(site.misfit(length, help));
    }
    let word = first_word(around.rest);
    if let Some(whole) = by_exponent(number, word) {
        let help = format!("write the number in full: `{whole}`");
        return Some(site.no_number(number.len(), word.len(), help));
    }
    let is_operator = foreign::row(foreign::OPERATORS, around.rest).is_some();
    if word.is_empty() || is_keyword(word) || is_operator {
        return None;
    }
    let near = did_you_mean(word, UNITS.iter().copied().chain(keywords()));
    let help = near.unwrap_or_else(|| {
        "a number may be followed by `days`, `hours` …, a currency such as `CNY`, or `%`".into()
    });
    Some(help.into())
}

/// The number that one with an exponent means, as `1.5e3` does.
fn by_exponent(number: &str, word: &str) -> Option<String> {
    let exponent: usize = word.strip_prefix(['e', 'E'])?.parse().ok()?;
    let (whole, fraction) = number.split_once('.').unwrap_or((number, ""));
    let zeros = exponent.checked_sub(fraction.len()).filter(|zeros| *zeros <= 12)?;
    let digits = format!("{whole}{fraction}{}", "0".repeat(zeros));
    Some(digits.trim_start_matches('0').to_string()).filter(|digits| !digits.is_empty())
}

fn is_digit(text: &str) -> bool {
    text.starts_with(|c: char| c.is_ascii_digit())
}

/// A number where none may stand: behind its currency, its month or a comma.
fn number_behind(site: Site) -> Option<Slip> {
    let around = site.around;
    let word = around.word_before();
    if let Some(date) = month_first(word, around.rest) {
        return Some(format!("write the day as `{date}`").into());
    }
    if let Some(number) = around.number_before() {
        let group = around.rest.find(|c: char| !c.is_ascii_digit()).unwrap_or(around.rest.len());
        let gap = around.before.len() - around.before.trim_end().len();
        if group != 3 || number.len() > 3 {
            return None;
        }
        let help = format!("digits are grouped by `_`: write `{number}_{}`", around.rest.get(..3)?);
        return Some(site.no_number(number.len() + gap, 3, help));
    }
    let is_type = site.wants(Rule::assign);
    if !is_type && word.len() == 3 && word.bytes().all(|byte| byte.is_ascii_uppercase()) {
        let number = around.right(0);
        let word = foreign::currency_of(word).unwrap_or(word);
        return Some(format!("write the currency behind the number: `{number} {word}`").into());
    }
    // A field takes a comma behind its default.
    let before = around.before.strip_suffix(',')?;
    let number = Around { before, rest: "" }.number_before()?;
    let rest = around.before.get(before.len()..)?.len() + around.rest.len();
    let rest = site.text.get(site.text.len() - rest..)?;
    let (help, length) = comma(Around { before, rest }, number)?;
    Some(site.no_number(number.len() + 1, length - 1, help))
}

/// What to write for a time of day that is written as elsewhere, `8:00` or `8 pm`, and how long it is behind
/// the place.
fn clock(around: Around, number: &str) -> Option<(String, usize)> {
    let hour: u32 = number.parse().ok()?;
    let rest = around.rest;
    let (minutes, behind) = match rest.strip_prefix(':') {
        Some(digits) => (digits.get(..2).filter(|two| is_digit(two))?, digits.get(2..)?),
        None => ("00", rest),
    };
    let minutes: u32 = minutes.parse().ok()?;
    let half = behind.trim_start();
    let small = half.get(..2).unwrap_or("").to_lowercase();
    let is_half = ["am", "pm"].contains(&small.as_str())
        && !half.get(2..)?.starts_with(|c: char| c.is_ascii_alphanumeric() || c == '_');
    let length = rest.len() - behind.len();
    let (hour, length) = match is_half {
        true if !(1..=12).contains(&hour) => return None,
        true => (hour % 12 + if small == "pm" { 12 } else { 0 }, rest.len() - half.len() + 2),
        false if length == 0 => return None,
        false => (hour, length),
    };
    let is_clock = hour < 24 && minutes < 60;
    is_clock.then(|| (format!("write the time of day as `{hour:02}:{minutes:02}`"), length))
}

/// What to write for a number with commas in it, and how long it is behind the place.
fn comma(around: Around, number: &str) -> Option<(String, usize)> {
    let in_number = |c: char| c.is_ascii_digit() || matches!(c, ',' | '.');
    let rest = around.rest;
    let is_within = around.before.ends_with(number) && is_digit(rest.strip_prefix(',')?);
    if !is_within {
        return None;
    }
    let end = rest.find(|c| !in_number(c)).unwrap_or(rest.len());
    let end = rest.get(..end)?.trim_end_matches([',', '.']).len();
    let whole = format!("{number}{}", rest.get(..end)?);
    let behind = rest.get(end..)?.lines().next()?.trim_start();
    let unit = first_word(behind);
    let is_unit = foreign::is_unit(unit) || Currency::from_code(unit).is_some();
    let unit = if is_unit { format!(" {unit}") } else { String::new() };
    let (before, fraction) = whole.split_once('.').unwrap_or((&whole, ""));
    let mut groups = before.split(',');
    let grouped = groups.next().is_some_and(|first| first.len() <= 3)
        && groups.all(|group| group.len() == 3)
        && !fraction.contains(',');
    let help = if grouped {
        format!("digits are grouped by `_`: write `{}{unit}`", whole.replace(',', "_"))
    } else {
        let shown = whole.replace('.', "_").replace(',', ".");
        format!("the decimal sign is a point: write `{shown}{unit}`")
    };
    Some((help, end))
}

/// The unit or the currency that is meant behind a number, and how long it is.
fn unit(site: Site, number: &str) -> Option<(String, usize)> {
    let rest = site.around.rest;
    let begins = |words: &[&str]| {
        let word = words.iter().filter(|word| foreign::begins(rest, word));
        word.map(|word| word.len()).max()
    };
    if let Some(date) = year_first(number, rest).or_else(|| day_first(number, rest)) {
        return Some((format!("write the day as `{date}`"), first_word(rest).len().max(3)));
    }
    if let Some((help, length)) = working_days(site, number) {
        return Some((help, length));
    }
    if let Some((length, unit)) =
        foreign::UNITS.iter().filter_map(|(words, unit)| Some((begins(words)?, unit))).max()
    {
        let unit = if number == "1" { unit.trim_end_matches('s') } else { unit };
        return Some((format!("write `{number} {unit}`"), length));
    }
    if let Some(length) = begins(&["percent", "per cent", "pct", "pc"]) {
        return Some((format!("write `{number}%`"), length));
    }
    if let Some((code, length)) = foreign::currency(rest, site.around.before, site.text) {
        return Some((format!("write `{number} {code}`"), length));
    }
    let word = first_word(rest);
    let code = word.to_ascii_uppercase();
    if code != word && Currency::from_code(&code).is_some() {
        return Some((format!("write `{number} {code}`"), word.len()));
    }
    let (zeros, length) = ZEROS.iter().find_map(|(word, zeros)| Some((zeros, begins(&[word])?)))?;
    let is_whole = !number.contains('.');
    is_whole.then(|| (format!("write the number in full: `{number}{zeros}`"), length))
}

/// What to write for days of which only some count, `2 business days` or `2 us business days`, and how long that is.
fn working_days(site: Site, number: &str) -> Option<(String, usize)> {
    let rest = site.around.rest;
    let working = |text: &str| {
        let words = foreign::WORKING.iter().filter(|word| foreign::begins(text, word));
        words.map(|word| word.len()).max()
    };
    let days = if number == "1" { "working day" } else { "working days" };
    let name = first_word(rest);
    let behind = rest.get(name.len()..)?.trim_start();
    if let (None, Some(length)) = (working(rest), working(behind).filter(|_| !name.is_empty())) {
        let length = rest.len() - behind.len() + length;
        return Some((format!("write `{number} {name} {days}`"), length));
    }
    let length = working(rest)?;
    let mut lines = site.text.lines().filter_map(|line| line.strip_prefix("calendar "));
    let help = match lines.next().map(|line| first_word(line.trim_start())) {
        Some(calendar) => format!("say whose working days: `{number} {calendar} {days}`"),
        None => format!(
            "say whose working days, by a calendar of the rulebook: `{number} us {days}` with `calendar us {{ \
             weekend saturday, sunday holidays from \"us.csv\" }}`; `{number} days` counts all days"
        ),
    };
    Some((help, length))
}

/// The number of a month that a word names.
fn month(word: &str) -> Option<usize> {
    let word = word.to_ascii_lowercase();
    let at = foreign::MONTHS.iter().position(|month| word.len() >= 3 && month.starts_with(&word));
    at.map(|at| at + 1)
}

/// The number with which a text starts, and what stands behind it.
fn leading(text: &str) -> Option<(u32, &str)> {
    let end = text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len());
    Some((text.get(..end)?.parse().ok()?, text.get(end..)?))
}

fn day(year: u32, month: usize, day: u32) -> Option<String> {
    let fits = (1..=9999).contains(&year) && (1..=12).contains(&month) && (1..=31).contains(&day);
    fits.then(|| format!("{year:04}-{month:02}-{day:02}"))
}

/// `August 16, 2024`
fn month_first(word: &str, rest: &str) -> Option<String> {
    let month = month(word)?;
    let (number, behind) = leading(rest)?;
    if number > 31 {
        return day(number, month, 1);
    }
    let behind = behind.trim_start_matches(|c: char| c.is_ascii_lowercase());
    let (year, _) = leading(behind.trim_start_matches([',', ' ']))?;
    day(year, month, number)
}

/// `16 August 2024`
fn day_first(number: &str, rest: &str) -> Option<String> {
    let rest =
        ["st ", "nd ", "rd ", "th "].iter().find_map(|end| rest.strip_prefix(end)).unwrap_or(rest);
    let rest = rest.trim_start_matches("of ");
    let word = first_word(rest);
    let month = month(word)?;
    let (year, _) = leading(rest.get(word.len()..)?.trim_start_matches([',', ' ', '.']))?;
    day(year, month, number.parse().ok()?)
}

/// `2024年8月16日`
fn year_first(number: &str, rest: &str) -> Option<String> {
    let (month, behind) = leading(rest.strip_prefix('年')?)?;
    let (number_of_day, _) = leading(behind.strip_prefix('月')?)?;
    day(number.parse().ok()?, usize::try_from(month).ok()?, number_of_day)
}
