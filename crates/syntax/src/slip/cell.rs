//! Cells as other tables write them, and how they are written here.

use super::site::{Read, Site, Slip};

/// What is written in a cell as a whole, where that is plain.
pub(super) fn whole(site: Site) -> Option<Slip> {
    if site.read != Read::Cell {
        return None;
    }
    let text = site.text.trim();
    let help = open_range(text)
        .or_else(|| range_of_brackets(text))
        .or_else(|| unlike_of_brackets(text))
        .or_else(|| both_sides(text))
        .or_else(|| {
            let rest = text.strip_prefix('?')?.trim_start();
            (!rest.is_empty()).then(|| format!("a cell is about its column: write `{rest}`"))
        })?;
    Some(help.into())
}

/// `>7..21`: a comparison that goes on as a range.
fn open_range(text: &str) -> Option<String> {
    let sign = [">=", ">"].into_iter().find(|sign| text.starts_with(sign))?;
    let (low, high) = ends(text.get(sign.len()..)?)?;
    Some(match sign {
        ">" => format!("write `> {low} and <= {high}`"),
        _ => format!("write `{low} ..= {high}`, which counts `{high}` in"),
    })
}

/// `[7..21]`, `(7..21]`, `]7..21[`: ranges in brackets that say which ends belong to them.
fn range_of_brackets(text: &str) -> Option<String> {
    let inner = text.strip_prefix(['[', ']', '('])?.strip_suffix([']', '[', ')'])?;
    let (low, high) = ends(inner)?;
    let counts_low = text.starts_with('[');
    let counts_high = text.ends_with(']');
    Some(match (counts_low, counts_high) {
        (true, true) => format!("write `{low} ..= {high}`"),
        (true, false) => format!("write `{low} ..< {high}`"),
        (false, true) => format!("write `> {low} and <= {high}`"),
        (false, false) => format!("write `> {low} and < {high}`"),
    })
}

/// The ends of `7..21`.
fn ends(text: &str) -> Option<(&str, &str)> {
    let (low, high) = text.split_once("..")?;
    let high = high.trim_start_matches(['.', '=', '<']).trim();
    let low = low.trim();
    (!low.is_empty() && !high.is_empty()).then_some((low, high))
}

/// `not(5, 6)`
fn unlike_of_brackets(text: &str) -> Option<String> {
    let inner = text.strip_prefix("not")?.trim_start().strip_prefix('(')?.strip_suffix(')')?.trim();
    match range_of_brackets(inner) {
        Some(_) => {
            let (low, high) = ends(inner.get(1..inner.len() - 1)?)?;
            Some(format!("write `not {low} ..= {high}`"))
        }
        None => Some(format!("write `not {inner}`")),
    }
}

/// `< 5, > 10` or `< 5 or > 10`: two comparisons of which one must hold.
fn both_sides(text: &str) -> Option<String> {
    let (below, above) = text.split_once(',')?;
    sides(&[below, above])
}

/// What to write for two comparisons of which one must hold.
pub(crate) fn sides(comparisons: &[&str]) -> Option<String> {
    let [below, above] = comparisons else { return None };
    let low = below.trim().strip_prefix('<')?;
    let high = above.trim().strip_prefix('>')?;
    if low.starts_with(['=', '>']) || high.starts_with('=') {
        return Some("write two rows".into());
    }
    Some(format!("write what is left out: `not {} ..= {}`", low.trim(), high.trim()))
}
