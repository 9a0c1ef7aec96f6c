//! Numbers as data has them: with another sign before their decimals, signs between thousands, a mark beside them,
//! in percent. Nothing is guessed: a sign that is not stated is refused.

use crate::model::{Number, NumberError};

/// How numbers are written.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Figures {
    /// What stands before the decimals, if it is no point.
    pub decimal: Option<char>,
    /// What may stand between thousands.
    pub thousands: Option<char>,
    /// What may stand before a number or behind it.
    pub mark: Option<Box<str>>,
    /// They are so many hundredths, with the sign or without.
    pub percent: bool,
}

/// Why a text is no number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unread {
    /// It is written in another way.
    Malformed,
    /// It is a number that cannot be held.
    Number(NumberError),
}

impl From<NumberError> for Unread {
    fn from(error: NumberError) -> Self {
        match error {
            NumberError::Malformed => Self::Malformed,
            error => Self::Number(error),
        }
    }
}

/// So many bytes at most has a number that is written with signs.
const LONGEST: usize = 96;

impl Figures {
    /// Whether numbers are written as always.
    pub fn is_plain(&self) -> bool {
        *self == Self::default()
    }

    /// The number that a text is, rounded to so many digits if to any.
    ///
    /// # Errors
    /// Why it is none.
    pub fn read(&self, text: &str, digits: Option<u32>) -> Result<Number, Unread> {
        let (mut minus, mut rest) = (false, text.trim());
        if let Some(inner) = rest.strip_prefix('(').and_then(|rest| rest.strip_suffix(')')) {
            (minus, rest) = (true, inner.trim());
        }
        let mut is_marked = false;
        let mut is_percent = false;
        loop {
            let before = rest;
            if !minus {
                let signs = ['-', '−'];
                let bare = rest.strip_prefix(signs).or_else(|| rest.strip_suffix(signs));
                (minus, rest) = (bare.is_some(), bare.unwrap_or(rest).trim());
            }
            if let Some(mark) = self.mark.as_deref().filter(|_| !is_marked) {
                let bare = rest.strip_prefix(mark).or_else(|| rest.strip_suffix(mark));
                (is_marked, rest) = (bare.is_some(), bare.unwrap_or(rest).trim());
            }
            if self.percent && !is_percent {
                let bare = rest.strip_suffix('%');
                (is_percent, rest) = (bare.is_some(), bare.unwrap_or(rest).trim());
            }
            if rest.len() == before.len() {
                break;
            }
        }
        // A second sign before the digits would be read as theirs.
        if !rest.starts_with(|c: char| c.is_ascii_digit()) {
            return Err(Unread::Malformed);
        }
        let number = match self.decimal.is_none() && self.thousands.is_none() {
            true => number(rest, self.shifted(digits))?,
            false => {
                let mut room = [0; LONGEST];
                number(self.plain(rest, &mut room).ok_or(Unread::Malformed)?, self.shifted(digits))?
            }
        };
        let number = if minus { number.negate() } else { number };
        match self.percent {
            true => self.hundredth(number, digits),
            false => Ok(number),
        }
    }

    /// A number of the input that is one already.
    ///
    /// # Errors
    /// When its hundredth has too many digits.
    pub fn of_number(&self, number: Number, digits: Option<u32>) -> Result<Number, Unread> {
        match (self.percent, digits) {
            (true, digits) => self.hundredth(number, digits),
            (false, Some(digits)) => {
                number.checked_round(digits).ok_or(Unread::Number(NumberError::TooLarge))
            }
            (false, None) => Ok(number),
        }
    }

    /// A number of the input by its digits, of which it has more than most.
    ///
    /// # Errors
    /// Why it is none.
    pub fn of_digits(&self, written: &str, digits: Option<u32>) -> Result<Number, Unread> {
        let number = number(written, self.shifted(digits))?;
        if self.percent { self.hundredth(number, digits) } else { Ok(number) }
    }

    /// How numbers are written, in a sentence: "with `,` before its decimals".
    pub fn wanted(&self) -> String {
        let mut parts = Vec::new();
        match self.decimal {
            Some(sign) => parts.push(format!("with `{sign}` before its decimals")),
            None => parts.push("with a point before its decimals".to_string()),
        }
        parts.extend(self.thousands.map(|sign| format!("`{sign}` between thousands")));
        parts.extend(self.mark.as_ref().map(|mark| format!("`{mark}` beside it")));
        parts.extend(self.percent.then(|| "in percent".to_string()));
        match parts.split_last() {
            Some((last, rest)) if !rest.is_empty() => format!("{} and {last}", rest.join(", ")),
            _ => parts.concat(),
        }
    }

    fn point(&self) -> char {
        self.decimal.unwrap_or('.')
    }

    /// To how many digits a text is rounded: of what is in percent, two less are left.
    fn shifted(&self, digits: Option<u32>) -> Option<u32> {
        digits.map(|digits| if self.percent { 9 } else { digits })
    }

    fn hundredth(&self, number: Number, digits: Option<u32>) -> Result<Number, Unread> {
        let units = number.units();
        let exact = (units % 100 == 0).then(|| Number::from_units(units / 100)).flatten();
        match (exact, digits) {
            (Some(number), None) => Ok(number),
            (Some(number), Some(digits)) => {
                number.checked_round(digits).ok_or(Unread::Number(NumberError::TooLarge))
            }
            (None, Some(digits)) => {
                let hundredth = number.checked_div(Number::from(100_i64));
                let rounded = hundredth.and_then(|number| number.checked_round(digits));
                rounded.ok_or(Unread::Number(NumberError::TooLarge))
            }
            (None, None) => Err(Unread::Number(NumberError::TooManyDecimals)),
        }
    }

    /// The digits with a point before the decimals and nothing between thousands; nothing where a sign stands where
    /// none belongs.
    fn plain<'r>(&self, text: &str, room: &'r mut [u8; LONGEST]) -> Option<&'r str> {
        let (whole, decimals) = match text.split_once(self.point()) {
            Some((whole, decimals)) => (whole, Some(decimals)),
            None => (text, None),
        };
        let mut length = 0;
        let mut push = |byte: u8| {
            *room.get_mut(length)? = byte;
            length += 1;
            Some(())
        };
        let mut group = 0;
        let mut is_grouped = false;
        for c in whole.chars() {
            match c {
                '0'..='9' => {
                    push(c as u8)?;
                    group += 1;
                }
                c if self.thousands.is_some_and(|sign| is_same_sign(sign, c)) => {
                    // In India two digits stand between the signs, but for the last.
                    let fits =
                        if is_grouped { matches!(group, 2 | 3) } else { (1..=3).contains(&group) };
                    if !fits {
                        return None;
                    }
                    (is_grouped, group) = (true, 0);
                }
                _ => return None,
            }
        }
        if is_grouped && group != 3 {
            return None;
        }
        if let Some(decimals) = decimals {
            push(b'.')?;
            for byte in decimals.bytes() {
                push(Some(byte).filter(u8::is_ascii_digit)?)?;
            }
        }
        std::str::from_utf8(room.get(..length)?).ok()
    }
}

/// Whether a sign is the stated one: blanks of all widths are one, and so are apostrophes.
fn is_same_sign(stated: char, found: char) -> bool {
    match stated {
        ' ' => found.is_whitespace(),
        '\'' | '’' => matches!(found, '\'' | '’'),
        stated => stated == found,
    }
}

fn number(digits: &str, rounding: Option<u32>) -> Result<Number, NumberError> {
    match rounding {
        None => digits.parse(),
        Some(kept) => Number::read_rounded(digits, kept),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn figures(decimal: char, thousands: Option<char>, mark: &str, percent: bool) -> Figures {
        let mark = Some(mark).filter(|mark| !mark.is_empty()).map(Into::into);
        Figures { decimal: Some(decimal).filter(|sign| *sign != '.'), thousands, mark, percent }
    }

    fn read(figures: &Figures, text: &str) -> Option<String> {
        figures.read(text, None).ok().map(|number| number.to_string())
    }

    #[test]
    fn signs_are_those_that_are_stated() {
        let german = figures(',', Some('.'), "€", false);
        for (text, wanted) in [
            ("1.299,99", Some("1299.99")),
            ("1299,99", Some("1299.99")),
            ("1.299.000,5", Some("1299000.5")),
            ("-1.299,99", Some("-1299.99")),
            ("1.299,99-", Some("-1299.99")),
            ("(1.299,99 €)", Some("-1299.99")),
            ("€ 12", Some("12")),
            ("-€12", Some("-12")),
            ("€-12", Some("-12")),
            (",5", None),
            ("12.99", None),
            ("1.29,99", None),
            ("1,299.99", None),
            ("1.2999,5", None),
            ("12,5 %", None),
            ("$12", None),
            ("--12", None),
            ("€€12", None),
            ("12,5,5", None),
            ("", None),
            ("€", None),
            ("1e3", None),
        ] {
            assert_eq!(read(&german, text).as_deref(), wanted, "{text}");
        }
        let indian = figures('.', Some(','), "", false);
        assert_eq!(read(&indian, "12,34,567.50").as_deref(), Some("1234567.5"));
        assert_eq!(read(&indian, "12,34.50"), None);
        let french = figures(',', Some(' '), "", false);
        assert_eq!(read(&french, "1\u{202f}234,5").as_deref(), Some("1234.5"));
        let swiss = figures('.', Some('\''), "", false);
        assert_eq!(read(&swiss, "1’234.50").as_deref(), Some("1234.5"));
    }

    #[test]
    fn percents_are_hundredths() {
        let percent = figures('.', None, "", true);
        for (text, wanted) in [
            ("4.5%", Some("0.045")),
            ("4.5 %", Some("0.045")),
            ("-4.5", Some("-0.045")),
            ("4,5%", None),
        ] {
            assert_eq!(read(&percent, text).as_deref(), wanted, "{text}");
        }
        let third = percent.read("33.333333333", None);
        assert_eq!(third, Err(Unread::Number(NumberError::TooManyDecimals)));
        let third = percent.read("33.3333333333333", Some(4)).map(|number| number.to_string());
        assert_eq!(third.as_deref(), Ok("0.3333"));
    }
}
