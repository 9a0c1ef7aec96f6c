//! Lines for people that are wrapped at the width of the terminal; where output goes elsewhere, they stay
//! whole.

use comfy_table::{ColumnConstraint, ContentArrangement, Table, Width};

use super::grid::Grid;
use super::paint;
use super::screen::Text;

/// The least that words are wrapped to, however narrow the terminal is.
const LEAST: u16 = 20;

/// The columns of the terminal; `None` where the output goes elsewhere.
pub(super) fn terminal_width() -> Option<u16> {
    paint::on_terminal().then(|| Table::new().width()).flatten()
}

/// Columns side by side, each with what it is indented by, how wide it is, and its text; the last takes the
/// rest, and is wrapped where the width is known.
pub(super) fn laid_out(width: Option<u16>, columns: &[(u16, u16, &str)]) -> String {
    let arrangement = match width {
        Some(_) => ContentArrangement::Dynamic,
        None => ContentArrangement::Disabled,
    };
    let texts: Vec<_> = columns.iter().map(|(.., text)| *text).collect();
    let mut table = Grid::columns(&texts, arrangement);
    let mut taken = 0;
    for (column, (indent, wide, _)) in table.column_iter_mut().zip(columns) {
        column.set_padding((*indent, 0));
        let rest = width.map(|width| width.saturating_sub(taken + indent).max(LEAST));
        if let Some(wide) = rest.map(|rest| rest.min(*wide)) {
            column.set_constraint(ColumnConstraint::Absolute(Width::Fixed(wide + indent)));
            taken += wide + indent;
        }
    }
    table.to_string().lines().map(|line| line.trim_end().to_string() + "\n").collect()
}

/// An explanation, its marks in colour. What goes on in a next line stands where it began, behind its mark;
/// `before` stands before each line.
pub(super) fn explanation(text: &str, before: &str) -> Text {
    let taken = u16::try_from(before.chars().count()).unwrap_or(u16::MAX);
    let width = terminal_width().map(|width| width.saturating_sub(taken));
    let mut out = Text::default();
    for line in text.trim_end().lines() {
        let mark = line.trim_start().chars().next().unwrap_or(' ');
        for line in wrapped(line, width).lines() {
            let before = if line.is_empty() { before.trim_end() } else { before };
            writeln!(out, "{}{}", paint::faint(before), paint::marked(mark, line));
        }
    }
    out
}

/// A line of an explanation in as many as it needs.
fn wrapped(line: &str, width: Option<u16>) -> String {
    let text = line.trim_start();
    let indent = u16::try_from(line.len() - text.len()).unwrap_or(u16::MAX);
    if width.is_none() || text.is_empty() {
        return format!("{line}\n");
    }
    match text.split_once(' ') {
        Some((mark, rest)) if paint::is_mark(mark) => {
            laid_out(width, &[(indent, 1, mark), (1, u16::MAX, rest)])
        }
        _ => laid_out(width, &[(indent, u16::MAX, text)]),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_goes_on_stands_behind_its_mark() {
        let line = "  ✓ when the shop is one of those that have been told twice";
        let told = "  ✓ when the shop is one of\n    those that have been told\n    twice\n";
        assert_eq!(wrapped(line, Some(30)), told);
        assert_eq!(wrapped(line, None), format!("{line}\n"));
        assert_eq!(wrapped("      a is 1,  b is 2", Some(80)), "      a is 1,  b is 2\n");
        assert_eq!(wrapped("", Some(30)), "\n");
    }
}
