//! Ranges of a text: operators between operands, and what is dropped with a thing.

use std::ops::Range;

/// The place of an operator, whose words stand behind `from`, maybe after comments.
pub(super) fn operator(text: &str, from: usize, symbol: &str) -> Option<Range<usize>> {
    let mut words = symbol.split(' ');
    let start = skip(text, from);
    let mut end = start + words.next()?.len();
    for word in words {
        end = skip(text, end) + word.len();
    }
    let written = text.get(start..end)?;
    written.split_whitespace().eq(symbol.split(' ')).then_some(start..end)
}

/// The next byte that is neither white space nor part of a comment.
pub(super) fn skip(text: &str, mut at: usize) -> usize {
    loop {
        let rest = text.get(at..).unwrap_or("");
        let trimmed = rest.trim_start();
        at += rest.len() - trimmed.len();
        if !trimmed.starts_with("//") {
            return at;
        }
        at += trimmed.find('\n').unwrap_or(trimmed.len());
    }
}

/// What is taken out with a thing: its whole lines if nothing else stands on them, else also the
/// white space behind it.
pub(super) fn removal(text: &str, range: Range<usize>) -> Range<usize> {
    let before = text.get(..range.start).unwrap_or("");
    let after = text.get(range.end..).unwrap_or("");
    let line_start = before.rfind('\n').map_or(0, |at| at + 1);
    let alone_before = before.get(line_start..).unwrap_or("").trim().is_empty();
    let line_end = after.find('\n').map_or(after.len(), |at| at + 1);
    let behind = after.get(..line_end).unwrap_or("").trim();
    if alone_before && (behind.is_empty() || behind.starts_with("//")) {
        return line_start..range.end + line_end;
    }
    let space = after.len() - after.trim_start_matches([' ', '\t']).len();
    range.start..range.end + space
}

/// For each item of a row that commas part, what is taken out with it.
pub(super) fn items(row: &[Range<usize>]) -> Vec<Range<usize>> {
    let with_comma = |(at, item): (usize, &Range<usize>)| match (row.get(at + 1), at.checked_sub(1))
    {
        (Some(next), _) => item.start..next.start,
        (None, Some(before)) => row.get(before).map_or(item.start, |before| before.end)..item.end,
        (None, None) => item.clone(),
    };
    row.iter().enumerate().map(with_comma).collect()
}

/// The lines of a list file that hold items.
pub(super) fn item_lines(text: &str) -> Vec<Range<usize>> {
    let mut lines = Vec::new();
    let mut at = 0;
    for line in text.split_inclusive('\n') {
        let end = at + line.len();
        let item = line.trim();
        if !item.is_empty() && !item.starts_with('#') {
            lines.push(at..end);
        }
        at = end;
    }
    lines
}

/// A longer row is data rather than wording: nobody writes a scenario for each of its items, but
/// some should show that it is looked at.
const LONG: usize = 10;

/// The items of a row that are worth an edit each: all of a short row, and the first, the middle
/// one and the last of a long one.
pub(super) fn sampled<T>(row: Vec<T>) -> impl Iterator<Item = T> {
    let count = row.len();
    let picked = move |at| count <= LONG || [0, count / 2, count - 1].contains(&at);
    row.into_iter().enumerate().filter(move |(at, _)| picked(*at)).map(|(_, item)| item)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_operator_is_found_behind_comments() {
        let text = "a // <\n  not\n in [b]";
        assert_eq!(operator(text, 1, "not in"), Some(9..16));
        assert_eq!(operator(text, 1, "in"), None);
    }

    #[test]
    fn what_stands_alone_takes_its_lines_with_it() {
        let text = "a\n  b  // why\nc";
        assert_eq!(removal(text, 4..5), 2..14);
        assert_eq!(removal("a b c", 2..3), 2..4);
    }

    #[test]
    fn an_item_takes_a_comma_with_it() {
        assert_eq!(items(&[1..2, 4..5, 7..8]), [1..4, 4..7, 5..8]);
    }

    #[test]
    fn three_items_stand_for_a_long_row() {
        assert_eq!(sampled((0..10).collect()).count(), 10);
        assert_eq!(sampled((0..11).collect()).collect::<Vec<_>>(), [0, 5, 10]);
    }
}
