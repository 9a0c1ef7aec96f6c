//! What to write instead of an amount, or a number, that is not taken as it stands. Nothing is guessed: what could be
//! read in two ways is refused, and whoever writes it says which is meant.

use std::borrow::Cow;

use super::raw::{Amount, shortened};
use rulebook_lang::model::{Currency, Number};

/// What an object has that stands where an amount is expected.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct ObjectKeys<'a> {
    /// Whether it has an `amount` that may be one.
    pub amount: bool,
    /// Whether it has a `currency` that may be one.
    pub currency: bool,
    /// The first of its other keys, and of those that hold something else or stand twice.
    pub others: &'a [Cow<'a, str>],
}

/// So many keys are named.
pub(super) const KEYS: usize = 4;

/// Keys by which services send amounts in the smallest unit of a currency.
const MINOR: &[&str] =
    &["value", "units", "cents", "centAmount", "minor_units", "unit_amount", "amount_minor"];

/// How an amount is written: in a currency, or in any.
fn forms(currency: Option<Currency>) -> String {
    let Some(currency) = currency else { return forms_of_any() };
    let digits = currency.minor_digits() as usize;
    let amount = if digits == 0 { "10".to_string() } else { format!("10.{}", "0".repeat(digits)) };
    format!(
        "an amount is `\"{amount}\"` or `{{\"amount\": \"{amount}\", \"currency\": \"{currency}\"}}`"
    )
}

/// How an amount in any currency is written.
pub(super) fn forms_of_any() -> String {
    "an amount is `{\"amount\": \"10.00\", \"currency\": \"CNY\"}` or `\"10.00 CNY\"`".to_string()
}

/// What to say of a number that stands where an amount in any currency is expected.
pub(super) fn without_currency() -> String {
    format!("a number has no currency; {}", forms_of_any())
}

/// The parts of an amount that is written with its currency behind it.
pub(super) fn written(text: &str) -> Option<(Amount<'_>, &str)> {
    let (amount, code) = text.split_once(' ')?;
    // Whether it is one, whoever reads it says.
    let is_code = code.len() == 3 && code.bytes().all(|c| c.is_ascii_alphabetic());
    (is_code && amount.parse::<Number>().is_ok()).then_some((Amount::Digits(amount), code))
}

/// The same where the field says how amounts are written: the currency may stand before the amount, too.
pub(super) fn coded(text: &str) -> Option<(&str, &str)> {
    let (code, amount) = parted(text.trim());
    code.filter(|_| !amount.is_empty()).map(|code| (amount, code))
}

/// What to write instead of an object.
pub(super) fn instead_of_object(currency: Option<Currency>, keys: ObjectKeys<'_>) -> String {
    let ObjectKeys { amount, currency: code, others } = keys;
    let odd = others.iter().find(|key| ["amount", "currency"].contains(&key.as_ref()));
    let named: Vec<_> = others.iter().map(|key| format!("`{}`", shortened(key))).collect();
    let named = named.join(", ");
    let but = |lacks: &str| match named.as_str() {
        "" => format!("there is no {lacks}"),
        named => format!("there is {named}, but no {lacks}"),
    };
    let why = match (odd, amount, code) {
        (Some(odd), ..) => format!("its `{odd}` is none, or stands twice"),
        (None, true, true) => format!("beside `amount` and `currency` there is {named}"),
        (None, true, false) => but("`currency`"),
        (None, false, true) => but("`amount`"),
        (None, false, false) => but("`amount` and no `currency`"),
    };
    let is_minor = others.iter().any(|key| MINOR.contains(&key.as_ref()));
    let unit = match currency {
        Some(currency) if is_minor && currency.minor_digits() > 0 => {
            format!(", in {currency} and not in its smallest unit")
        }
        None if is_minor => ", in the currency and not in its smallest unit".to_string(),
        _ => String::new(),
    };
    let declared = declared_keys(keys).map(|keys| format!(", or declare the field `read {keys}`"));
    format!("{why}; {}{unit}{}", forms(currency), declared.unwrap_or_default())
}

/// The keys of an object that has an amount and a currency by other names.
fn declared_keys(ObjectKeys { amount, currency, others }: ObjectKeys<'_>) -> Option<String> {
    let find = |known: bool, usual: &'static str, is_one: &dyn Fn(&str) -> bool| {
        let mut others =
            others.iter().map(AsRef::as_ref).filter(|key: &&str| !key.contains(['"', '\\']));
        if known { Some(usual) } else { others.find(|key| is_one(key)) }
    };
    let is_code = |key: &str| key.to_lowercase().contains("currency") || key == "code";
    let is_amount = |key: &str| key.to_lowercase().contains("amount") || MINOR.contains(&key);
    let amount_key = find(amount, "amount", &is_amount)?;
    let currency_key = find(currency, "currency", &is_code)?;
    // What is wrong with the usual names is not their names.
    let is_odd = |key: &str| others.iter().any(|other| other == key);
    let is_usual = amount && currency || is_odd("amount") || is_odd("currency");
    let minor =
        if MINOR.contains(&amount_key) && amount_key != "value" { ", minor units" } else { "" };
    (!is_usual).then(|| format!("amount \"{amount_key}\" currency \"{currency_key}\"{minor}"))
}

/// What to write instead of a text that is no amount; nothing where it is none in any form.
pub(super) fn instead_of_text(currency: Option<Currency>, text: &str) -> Option<String> {
    if !text.contains(char::is_numeric) {
        return None;
    }
    let (code, rest) = parted(text.trim());
    let Some(currency) = currency else {
        let code = code.map(str::to_ascii_uppercase);
        let code = code.as_deref().and_then(Currency::from_code);
        return Some(match code.zip(plain(rest)) {
            Some((code, plain)) => format!("write `\"{plain} {code}\"`"),
            None => forms_of_any(),
        });
    };
    Some(match (code.map(str::to_ascii_uppercase), plain(rest)) {
        (Some(code), Some(plain)) if code == currency.code() => format!(
            "write `\"{plain}\"`, or `{{\"amount\": \"{plain}\", \"currency\": \"{currency}\"}}`"
        ),
        (Some(code), Some(_)) if Currency::from_code(&code).is_some() => {
            format!("it is in {code}; {}", forms(Some(currency)))
        }
        (None, Some(plain)) => format!("write `\"{plain}\"`"),
        _ => forms(Some(currency)),
    })
}

/// What to write instead of a text that is no number, where that is plain.
pub(super) fn instead_of_number(text: &str) -> Option<String> {
    let text = text.trim();
    let plainly = plain(text).filter(|plain| plain != text).map(|plain| format!("write `{plain}`"));
    plainly.or_else(|| {
        let unit = unit_of(text)?;
        Some(format!("whether it is in `{unit}` for all records nobody knows; where it is, declare `read beside \"{unit}\"`"))
    })
}

/// The unit behind a number, or the sign before it.
fn unit_of(text: &str) -> Option<&str> {
    let is_unit =
        |c: char| !c.is_ascii_digit() && !matches!(c, '.' | ',' | '-' | '+' | '(' | ')' | '"');
    let ahead = text.trim_start_matches(is_unit);
    let behind = text.trim_end_matches(is_unit);
    let (unit, number) = match (ahead.len() < text.len(), behind.len() < text.len()) {
        (true, false) => (text.get(..text.len() - ahead.len())?, ahead),
        (false, true) => (text.get(behind.len()..)?, behind),
        _ => return None,
    };
    let is_short = unit.chars().count() <= 8 && !unit.contains('%');
    (is_short && number.parse::<Number>().is_ok()).then_some(unit.trim())
}

/// What to say of a currency that is not the one of the field.
pub(super) fn instead_of_currency(currency: Currency, found: &str) -> String {
    let tidy = found.trim().to_ascii_uppercase();
    if tidy == currency.code() {
        format!(
            "; currencies have capitals: write `{currency}`, or declare the field `read any case`"
        )
    } else if Currency::from_code(&tidy).is_none() {
        format!(", which is no currency; write its three letters, such as `{currency}`")
    } else {
        String::new()
    }
}

/// What to write instead of something that is no code of a currency.
pub(super) fn code_help(found: &str) -> String {
    match Currency::from_code(&found.trim().to_ascii_uppercase()) {
        Some(currency) => {
            format!(
                "currencies have capitals: write `{currency}`, or declare the field `read any case`"
            )
        }
        None => "that is no currency; write its three letters, such as `CNY`".to_string(),
    }
}

/// The letters of a currency before or behind an amount, and the amount.
fn parted(text: &str) -> (Option<&str>, &str) {
    let is_code = |code: &&str| code.len() == 3 && code.bytes().all(|c| c.is_ascii_alphabetic());
    let ahead = text.get(..3).filter(is_code).map(|code| (code, text.get(3..)));
    let behind = || {
        let at = text.len().checked_sub(3)?;
        text.get(at..).filter(is_code).map(|code| (code, text.get(..at)))
    };
    match ahead.or_else(behind) {
        Some((code, Some(rest))) => (Some(code), rest.trim()),
        _ => (None, text),
    }
}

/// The digits of a number that is written with another sign, with signs between thousands, or with a comma before
/// its decimals; nothing where it could be read in two ways.
fn plain(text: &str) -> Option<String> {
    let (minus, digits) = signed(text);
    let is_gap = |c: char| c.is_whitespace() || matches!(c, '\'' | '’' | '_');
    let digits: String = digits.chars().filter(|c| !is_gap(*c)).collect();
    let digits = with_point(&digits)?;
    let plain = if minus { format!("-{digits}") } else { digits };
    plain.parse::<Number>().is_ok().then_some(plain)
}

/// Whether a number is below zero, and the rest of it.
fn signed(text: &str) -> (bool, &str) {
    let within = |open, close| text.strip_prefix(open).and_then(|rest| rest.strip_suffix(close));
    if let Some(inner) = within('(', ')') {
        return (true, inner);
    }
    let minus = ['-', '−', '–'];
    match text.strip_prefix(minus).or_else(|| text.strip_suffix(minus)) {
        Some(rest) => (true, rest.trim()),
        None => (false, text.strip_prefix('+').unwrap_or(text)),
    }
}

/// Digits with a point before the decimals and nothing between thousands.
fn with_point(digits: &str) -> Option<String> {
    let (points, commas) = (digits.matches('.').count(), digits.matches(',').count());
    let (point, thousands) = match (points, commas) {
        (0, 0) => return Some(digits.to_string()),
        (_, 0) if points > 1 => (None, '.'),
        (_, 0) => return Some(digits.to_string()),
        (0, 1) => {
            // `1,000` may be a thousand, or one.
            let (whole, decimals) = digits.split_once(',')?;
            let is_open = decimals.len() == 3 && whole.len() <= 3 && !whole.starts_with('0');
            return (!is_open).then(|| format!("{whole}.{decimals}"));
        }
        (0, _) => (None, ','),
        (1, _) if digits.rfind('.') > digits.rfind(',') => (Some('.'), ','),
        (_, 1) if digits.rfind(',') > digits.rfind('.') => (Some(','), '.'),
        _ => return None,
    };
    let (whole, decimals) = match point {
        Some(point) => digits.split_once(point)?,
        None => (digits, ""),
    };
    let mut groups = whole.split(thousands);
    let first = groups.next().is_some_and(|first| (1..=3).contains(&first.len()));
    // In India two digits stand between the signs.
    let is_grouped = first && groups.all(|group| matches!(group.len(), 2 | 3));
    let whole = whole.replace(thousands, "");
    let point = if decimals.is_empty() { "" } else { "." };
    is_grouped.then(|| format!("{whole}{point}{decimals}"))
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "tests fail by panicking")]
mod tests {
    use super::*;

    #[test]
    fn what_can_be_read_in_one_way_only_is_written_out() {
        for (text, wanted) in [
            ("1,234.50", Some("1234.50")),
            ("1.234,50", Some("1234.50")),
            ("12,50", Some("12.50")),
            ("0,125", Some("0.125")),
            ("1 234.50", Some("1234.50")),
            ("1'234.50", Some("1234.50")),
            ("12,34,567.00", Some("1234567.00")),
            ("1,234,567", Some("1234567")),
            ("1.234.567", Some("1234567")),
            ("(12.50)", Some("-12.50")),
            ("12.50-", Some("-12.50")),
            ("−12.50", Some("-12.50")),
            ("+12.50", Some("12.50")),
            ("1,234", None),
            ("1,23,4.5", None),
            ("12.50", Some("12.50")),
            ("n/a", None),
            ("$12.50", None),
            ("", None),
        ] {
            assert_eq!(plain(text).as_deref(), wanted, "{text}");
        }
    }

    #[test]
    fn letters_of_a_currency_may_stand_on_either_side() {
        let yen = Currency::from_code("JPY").unwrap();
        let yen = Some(yen);
        let wanted = "write `\"1000\"`, or `{\"amount\": \"1000\", \"currency\": \"JPY\"}`";
        for text in ["JPY 1000", "1000 JPY", "1000jpy"] {
            assert_eq!(instead_of_text(yen, text).unwrap(), wanted, "{text}");
        }
        let other = instead_of_text(yen, "10.00 USD").unwrap();
        assert!(other.starts_with("it is in USD; an amount is"), "{other}");
        let sign = instead_of_text(yen, "¥1000").unwrap();
        assert!(sign.starts_with("an amount is `\"10\"` or"), "{sign}");
        assert_eq!(instead_of_text(yen, "n/a"), None);
    }
}
