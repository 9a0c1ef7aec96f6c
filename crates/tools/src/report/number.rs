//! Numbers as readers write them: with groups of digits, signs, currencies and shares.

use crate::simulate::{Amount, Compared};
use rulebook_lang::locale::Locale;
use rulebook_lang::model::{Currency, Number};

/// A number of records: `99,441`.
pub(super) fn count(count: u64) -> String {
    in_threes(&count.to_string())
}

/// The whole part of a number, parted where readers part it.
fn in_threes(digits: &str) -> String {
    let mut out = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

/// A number of records in words: `1 record`, `2 records`.
pub(super) fn records(number: u64) -> String {
    format!("{} record{}", count(number), if number == 1 { "" } else { "s" })
}

/// A number, or an amount of a currency; no line ends within it.
pub(super) fn amount(Amount(number): Amount, unit: Option<&str>) -> String {
    let Some(currency) = unit.and_then(Currency::from_code) else {
        let text = number.checked_round(4).unwrap_or(number).to_string();
        let (sign, digits) = text.strip_prefix('-').map_or(("", text.as_str()), |own| ("-", own));
        let (whole, rest) = digits.split_at(digits.find('.').unwrap_or(digits.len()));
        return format!("{sign}{}{rest}", in_threes(whole));
    };
    let mut out = String::new();
    // A text takes whatever is written.
    let _ = Locale::of("en").money(&mut out, number, currency);
    out.replace(' ', "\u{a0}")
}

/// An amount that may not be there.
pub(super) fn known(value: Option<Amount>, unit: Option<&str>) -> String {
    value.map_or("–".to_string(), |value| amount(value, unit))
}

/// A difference, with its sign.
pub(super) fn signed(value: Option<Amount>, unit: Option<&str>) -> String {
    let sign = match value {
        Some(Amount(number)) if number > Number::ZERO => "+",
        _ => "",
    };
    format!("{sign}{}", known(value, unit))
}

/// By how much a number differs: `falls by CNY 4.00 from CNY 9.00 to CNY 5.00`.
pub(super) fn change(value: &Compared, unit: Option<&str>) -> String {
    let (Some(from), Some(to), Some(Amount(by))) =
        (value.baseline, value.candidate, value.difference)
    else {
        return format!("is {}", known(value.candidate, unit));
    };
    if by == Number::ZERO {
        return format!("stays at {}", amount(to, unit));
    }
    let verb = if by < Number::ZERO { "falls" } else { "rises" };
    let (by, from, to) = (amount(Amount(by.abs()), unit), amount(from, unit), amount(to, unit));
    format!("{verb} by {by}, from {from} to {to}")
}

/// A share in percent with one digit, `0.0%` only where there is none.
pub(super) fn share(part: u64, whole: u64) -> String {
    let tenths = (part * 1000 + whole / 2).checked_div(whole).unwrap_or(0);
    match (part, tenths) {
        (0, _) => "0%".into(),
        (_, 0) => "<0.1%".into(),
        (_, tenths) => format!("{}.{}%", tenths / 10, tenths % 10),
    }
}
