//! Tables that sort, and other pieces of a page.

use crate::markup::{Markup, html};
use crate::simulate::{Amount, Tally};
use rulebook_lang::figures;

use super::number;

/// A cell: what it shows, and what it sorts by where that is a number.
pub(super) struct Cell {
    shown: Markup,
    sorts: Option<String>,
}

impl Cell {
    /// Text, which sorts as such.
    pub(super) fn text(text: &str) -> Self {
        Self { shown: html! { (text) }, sorts: None }
    }

    /// A title with the name of what it is about below it.
    pub(super) fn titled(title: Option<&str>, name: &str) -> Self {
        let Some(title) = title else { return Self::text(name) };
        Self { shown: html! { (title) br; span class="soft" { (name) } }, sorts: None }
    }

    /// A number of records.
    pub(super) fn count(count: u64) -> Self {
        Self { shown: html! { (figures::count(count)) }, sorts: Some(count.to_string()) }
    }

    /// A number, or an amount.
    pub(super) fn amount(value: Option<Amount>, unit: Option<&str>) -> Self {
        Self::number(number::optional(value, unit), value)
    }

    /// A difference, with its sign.
    pub(super) fn signed(value: Option<Amount>, unit: Option<&str>) -> Self {
        Self::number(number::signed(value, unit), value)
    }

    /// What part of a whole it is.
    pub(super) fn share(part: u64, whole: u64) -> Self {
        let sorts = (part * 1_000_000).checked_div(whole).unwrap_or(0).to_string();
        Self { shown: html! { (figures::share(part, whole)) }, sorts: Some(sorts) }
    }

    fn number(shown: String, value: Option<Amount>) -> Self {
        let sorts = value.map_or("-1e99".to_string(), |value| value.to_string());
        Self { shown: html! { (shown) }, sorts: Some(sorts) }
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
pub(super) fn table(caption: &str, head: &[String], rows: &[Vec<Cell>]) -> Markup {
    if rows.is_empty() {
        return html! {};
    }
    let is_number =
        |at: usize| rows.first().and_then(|row| row.get(at)).is_some_and(|c| c.sorts.is_some());
    html! {
        div class="wide" tabindex="0" role="region" aria-label=(caption) {
            table {
                caption { (caption) } "\n"
                thead {
                    tr {
                        @for (at, name) in head.iter().enumerate() {
                            th scope="col" class=[is_number(at).then_some("n")] {
                                button type="button" { (name) }
                            }
                        }
                    }
                } "\n"
                tbody {
                    "\n"
                    @for row in rows {
                        tr {
                            @for cell in row {
                                td class=[cell.sorts.is_some().then_some("n")] data-by=[cell.sorts.as_ref()] {
                                    (cell.shown)
                                }
                            }
                        } "\n"
                    }
                }
            }
        } "\n"
    }
}
