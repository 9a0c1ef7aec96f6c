//! Figures on a page: no line ends within an amount.

use crate::simulate::{Amount, Compared};
use rulebook_lang::figures;
use rulebook_lang::model::Number;

/// A number, or an amount of a currency.
pub(super) fn amount(Amount(number): Amount, unit: Option<&str>) -> String {
    on_one_line(&figures::sum(number, unit))
}

/// An amount that may not be there.
pub(super) fn optional(value: Option<Amount>, unit: Option<&str>) -> String {
    on_one_line(&figures::known(value.map(|Amount(number)| number), unit))
}

/// A difference, with its sign.
pub(super) fn signed(value: Option<Amount>, unit: Option<&str>) -> String {
    on_one_line(&figures::signed(value.map(|Amount(number)| number), unit))
}

fn on_one_line(figure: &str) -> String {
    figure.replace(' ', "\u{a0}")
}

/// By how much a number differs: `falls by CNY 4.00 from CNY 9.00 to CNY 5.00`.
pub(super) fn change(value: &Compared, unit: Option<&str>) -> String {
    let (Some(from), Some(to), Some(Amount(by))) =
        (value.baseline, value.candidate, value.difference)
    else {
        return format!("is {}", optional(value.candidate, unit));
    };
    if by == Number::ZERO {
        return format!("stays at {}", amount(to, unit));
    }
    let verb = if by < Number::ZERO { "falls" } else { "rises" };
    let (by, from, to) = (amount(Amount(by.abs()), unit), amount(from, unit), amount(to, unit));
    format!("{verb} by {by}, from {from} to {to}")
}
