//! Functions of texts by the names that Rhai has for them, beside those of the language.

use rhai::{Dynamic, Engine, ImmutableString};

use super::exact::number;
use super::meter::charge;
use super::operation::{Outcome, error};
use rulebook_lang::model::Number;

/// Gives an engine these functions.
pub(super) fn register(engine: &mut Engine) {
    engine.register_fn("parse_int", |text: &mut ImmutableString| whole(text));
    engine.register_fn("sub_string", |text: &mut ImmutableString, start: i64| {
        part(text, start, i64::MAX)
    });
    engine.register_fn("sub_string", |text: &mut ImmutableString, start: i64, length: i64| {
        part(text, start, length)
    });
    engine.register_fn(
        "index_of",
        |text: &mut ImmutableString, other: ImmutableString| -> Outcome<i64> {
            charge(text.len() as u64)?;
            let found = text.find(other.as_str()).and_then(|at| text.get(..at));
            Ok(found.map_or(-1, |before| i64::try_from(before.chars().count()).unwrap_or(i64::MAX)))
        },
    );
}

/// The whole number that a text is.
fn whole(text: &str) -> Outcome<Dynamic> {
    charge(text.len() as u64)?;
    let whole = text.trim().parse::<i64>();
    let whole = whole.map_err(|_| error(format!("\"{text}\" is no whole number")))?;
    Ok(number(Number::from(whole)))
}

/// Characters of a text: as many as asked for, or as there are, from one on; 0 is the first, -1 the last.
fn part(text: &str, start: i64, length: i64) -> Outcome<ImmutableString> {
    charge(text.len() as u64)?;
    let count = i64::try_from(text.chars().count()).unwrap_or(i64::MAX);
    let start = if start < 0 { start.saturating_add(count).max(0) } else { start };
    let (Ok(start), Ok(length)) = (usize::try_from(start), usize::try_from(length)) else {
        return Ok(ImmutableString::new());
    };
    Ok(text.chars().skip(start).take(length).collect::<String>().into())
}
