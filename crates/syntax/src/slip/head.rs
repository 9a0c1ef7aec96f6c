//! The head of a policy that judges each element of a list, as it is written elsewhere.

use super::site::{Site, Slip};

/// What other languages write before the name of an element, or behind it.
const WORDS: &[&str] = &["each", "every", "all", "any", "in", "of", "from"];

/// Help where the head of a policy names a list, and not as one is named here.
pub(super) fn elements(site: Site) -> Option<Slip> {
    let before = site.around.line_before();
    let rest = site.around.rest.lines().next()?;
    let line = format!("{before}{rest}");
    let (_, behind) = line.trim_start().strip_prefix("policy ")?.trim_start().split_once(' ')?;
    let behind = behind.trim_start();
    let named = ["foreach ", "for_each ", "forEach ", "for-each "];
    let each = named.iter().find_map(|word| behind.strip_prefix(word));
    let subject = each.or_else(|| behind.strip_prefix("for "))?;
    let words: Vec<&str> = subject
        .split([' ', '{', '(', ')'])
        .filter(|word| !word.is_empty())
        .take_while(|word| *word != "dated")
        .collect();
    let lists = each.is_some() || words.iter().any(|word| WORDS.contains(word));
    if !lists || words.len() < 2 && each.is_none() {
        return None;
    }
    let filters = ["where", "when", "if"].iter().any(|word| rest.trim_start().starts_with(word));
    let list = words.iter().find(|word| word.contains('.')).copied();
    if let Some(list) = list.filter(|_| filters) {
        let help = format!(
            "`for each … in {list}` judges all of them; a rule says which it is for, behind `when`"
        );
        return Some(help.into());
    }
    // `lines of Order`
    let turned = words.windows(3).find_map(|row| match row {
        [list, "of", record] if !WORDS.contains(list) => Some(format!("{record}.{list}")),
        _ => None,
    });
    let list = list.or(turned.as_deref()).unwrap_or("Order.lines");
    let at = words.iter().position(|word| ["in", "of", "from"].contains(word));
    let variable = at.and_then(|at| words.get(at.checked_sub(1)?)).copied();
    let variable = variable.filter(|word| !word.contains('.') && !WORDS.contains(word));
    let last = list.rsplit('.').next().unwrap_or("");
    let variable = variable.or_else(|| last.strip_suffix('s').filter(|word| !word.is_empty()));
    let variable = variable.unwrap_or("element");
    Some(
        format!("to decide about each element of a list, write `for each {variable} in {list}`")
            .into(),
    )
}
