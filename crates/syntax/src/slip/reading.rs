//! How fields are read, said as elsewhere or in another order.

use super::site::{Site, Slip};
use crate::grammar::Rule;
use crate::recover::first_word;

/// What stands in other languages before the form of a day.
const WORDS: &[&str] =
    &["format", "formatted", "parse", "parsed", "strptime", "pattern", "reads", "reading"];
/// What stands before `read`.
const BEFORE: &[&str] = &["rounded", "fixed", "by", "as"];

/// What is said of a field instead of `read`, or behind it.
pub(super) fn slip(site: Site) -> Option<Slip> {
    let rest = site.around.rest;
    let word = site.around.word_before();
    if rest.starts_with('"') && WORDS.contains(&word) && site.wants(Rule::colon) {
        let text = rest.lines().next()?;
        let text = text.get(..text.get(1..)?.find('"')? + 2)?;
        return Some(format!("write `read {text}` behind the type and the default").into());
    }
    if word == "otherwise" && first_word(rest) == "missing" {
        return Some("write a comma before it: `read …, otherwise missing`".into());
    }
    let reads = site.around.line_before().contains(" read ");
    let is_late = rest.starts_with('=') || BEFORE.contains(&first_word(rest));
    let is_field = site.wants(Rule::comma) || site.wants(Rule::colon);
    (reads && is_late && is_field).then(|| {
        "`read …` is the last that a field says: `amount: CNY = 0 CNY as \"paid\" read …`".into()
    })
}
