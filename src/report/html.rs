//! Tables that sort, and other pieces of a page.

use std::fmt::Write as _;

use crate::document::escaped;
use crate::simulate::{Amount, Tally};

use super::number;

/// A cell: what it shows, and what it sorts by where that is a number.
pub(super) struct Cell {
    shown: String,
    sorts: Option<String>,
}

impl Cell {
    /// Text, which sorts as such.
    pub(super) fn text(text: &str) -> Self {
        Self { shown: escaped(text), sorts: None }
    }

    /// A title with the name of what it is about below it.
    pub(super) fn titled(title: Option<&str>, name: &str) -> Self {
        let Some(title) = title else { return Self::text(name) };
        let (title, name) = (escaped(title), escaped(name));
        Self { shown: format!("{title}<br><span class=\"soft\">{name}</span>"), sorts: None }
    }

    /// A number of records.
    pub(super) fn count(count: u64) -> Self {
        Self { shown: number::count(count), sorts: Some(count.to_string()) }
    }

    /// A number, or an amount.
    pub(super) fn amount(value: Option<Amount>, unit: Option<&str>) -> Self {
        Self::number(number::known(value, unit), value)
    }

    /// A difference, with its sign.
    pub(super) fn signed(value: Option<Amount>, unit: Option<&str>) -> Self {
        Self::number(number::signed(value, unit), value)
    }

    /// What part of a whole it is.
    pub(super) fn share(part: u64, whole: u64) -> Self {
        let sorts = (part * 1_000_000).checked_div(whole).unwrap_or(0).to_string();
        Self { shown: escaped(&number::share(part, whole)), sorts: Some(sorts) }
    }

    fn number(shown: String, value: Option<Amount>) -> Self {
        let sorts = value.map_or("-1e99".to_string(), |value| value.to_string());
        Self { shown: escaped(&shown), sorts: Some(sorts) }
    }
}

/// The heads of the sums of a tally.
pub(super) fn sum_heads(sums: &[crate::simulate::SumField]) -> Vec<String> {
    sums.iter().map(|sum| sum.field.clone()).collect()
}

/// The sums of a tally as cells.
pub(super) fn sums(tally: &Tally, sums: &[crate::simulate::SumField]) -> Vec<Cell> {
    let amount = |(at, sum): (usize, &crate::simulate::SumField)| {
        let value = tally.sums.get(at).copied().unwrap_or_default();
        Cell::amount(Some(value), sum.unit.as_deref())
    };
    sums.iter().enumerate().map(amount).collect()
}

/// A table that scrolls by itself, and sorts where somebody asks for it.
pub(super) fn table(caption: &str, head: &[String], rows: &[Vec<Cell>], out: &mut String) {
    if rows.is_empty() {
        return;
    }
    let caption = escaped(caption);
    let _ = write!(
        out,
        "<div class=\"wide\" tabindex=\"0\" role=\"region\" aria-label=\"{caption}\">\
         <table><caption>{caption}</caption>\n<thead><tr>"
    );
    for (at, name) in head.iter().enumerate() {
        let number = rows.first().and_then(|row| row.get(at)).is_some_and(|c| c.sorts.is_some());
        let class = if number { " class=\"n\"" } else { "" };
        let name = escaped(name);
        let _ =
            write!(out, "<th scope=\"col\"{class}><button type=\"button\">{name}</button></th>");
    }
    out.push_str("</tr></thead>\n<tbody>\n");
    for row in rows {
        out.push_str("<tr>");
        for cell in row {
            let _ = match &cell.sorts {
                Some(by) => write!(out, "<td class=\"n\" data-by=\"{by}\">{}</td>", cell.shown),
                None => write!(out, "<td>{}</td>", cell.shown),
            };
        }
        out.push_str("</tr>\n");
    }
    out.push_str("</tbody></table></div>\n");
}
