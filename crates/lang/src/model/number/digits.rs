//! The digits of a number: from a text to units and back.

use std::fmt;
use std::num::IntErrorKind;
use std::str::FromStr;

use super::{DIGITS, MAX_UNITS, Number, NumberError, SCALE};

/// The powers of ten that a digit behind the point counts.
const POWERS: [u64; 10] =
    [1, 10, 100, 1_000, 10_000, 100_000, 1_000_000, 10_000_000, 100_000_000, 1_000_000_000];
/// The bytes of the longest number: a sign, 29 digits, a point and nine digits.
const LONGEST: usize = 40;

impl FromStr for Number {
    type Err = NumberError;

    /// Reads `-12.50`, `1e3` and the like: the form of a JSON number, a leading zero or `+` allowed.
    fn from_str(text: &str) -> Result<Self, NumberError> {
        let (negative, digits) = match text.as_bytes() {
            [b'-', rest @ ..] => (true, rest),
            [b'+', rest @ ..] => (false, rest),
            rest => (false, rest),
        };
        if let Some(units) = parse_short(digits) {
            return Ok(Self(if negative { -units } else { units }));
        }
        let (mantissa, exponent) = match digits.iter().position(|b| matches!(b, b'e' | b'E')) {
            Some(at) => (digits.get(..at), parse_exponent(digits.get(at + 1..))?),
            None => (Some(digits), 0),
        };
        let units = parse_mantissa(mantissa.unwrap_or_default(), exponent)?;
        Ok(Self(if negative { -units } else { units }))
    }
}

impl Number {
    /// The number that a text begins with, and its length, if it has few digits and no exponent.
    /// Anything else is left to the general way, as is a text that ends too soon to tell.
    #[inline]
    #[doc(hidden)]
    pub fn leading(text: &[u8]) -> Option<(Self, usize)> {
        let sign = usize::from(text.first() == Some(&b'-'));
        let (whole, mut length) = leading_digits(text.get(sign..)?)?;
        if length > 1 && text.get(sign) == Some(&b'0') {
            return None;
        }
        length += sign;
        let mut units = i128::from(whole) * SCALE;
        if text.get(length) == Some(&b'.') {
            let (part, digits) = leading_digits(text.get(length + 1..)?)?;
            length += 1 + digits;
            units += i128::from(part * POWERS.get((DIGITS as usize).checked_sub(digits)?)?);
        }
        if matches!(text.get(length), Some(b'e' | b'E')) {
            return None;
        }
        Some((Self(if sign == 1 { -units } else { units }), length))
    }

    /// The digits that matter, and no more.
    pub(super) fn text(self) -> Backwards {
        const HALF: u128 = 10_u128.pow(18);
        let mut text = Backwards { bytes: [0; LONGEST], start: LONGEST };
        let (whole, mut part) = self.parts();
        if part != 0 {
            let mut width = DIGITS as usize;
            while part % 10 == 0 {
                part /= 10;
                width -= 1;
            }
            text.put_digits(part, width);
            text.put(b'.');
        }
        match u64::try_from(whole) {
            Ok(whole) => text.put_digits(whole, 1),
            Err(_) => {
                text.put_digits((whole % HALF) as u64, 18);
                text.put_digits((whole / HALF) as u64, 1);
            }
        }
        if self.0 < 0 {
            text.put(b'-');
        }
        text
    }
}

/// The units of up to 18 digits with a point or 19 without one, which nearly every number is;
/// `None` leaves the text to the general way.
fn parse_short(digits: &[u8]) -> Option<i128> {
    if digits.len() > 19 {
        return None;
    }
    let (whole, rest) = take_digits(digits, 0)?;
    let (read, decimals) = match rest {
        [] => (whole, 0),
        [b'.', part @ ..] => match take_digits(part, whole)? {
            (read, []) => (read, part.len()),
            _ => return None,
        },
        _ => return None,
    };
    let power = POWERS.get((DIGITS as usize).checked_sub(decimals)?)?;
    Some(i128::from(read) * i128::from(*power))
}

/// The one to fifteen digits that a text begins with, and how many they are.
#[inline]
fn leading_digits(text: &[u8]) -> Option<(u64, usize)> {
    match eight_digits(text)? {
        (_, 0) => None,
        (first, 8) => match eight_digits(text.get(8..)?)? {
            (_, 8) => None,
            (others, count) => Some((first * POWERS.get(count)? + others, 8 + count)),
        },
        few => Some(few),
    }
}

/// The digits among the first eight bytes of a text, up to another byte, and how many they are.
///
/// The bytes are looked at together: a loop over digits costs most where it ends, since the
/// machine cannot foresee that.
#[inline]
fn eight_digits(text: &[u8]) -> Option<(u64, usize)> {
    const ONES: u64 = u64::MAX / 255;
    let word = u64::from_le_bytes(*text.first_chunk::<8>()?);
    // A digit has 3 in its upper half, and still has when 6 is added.
    let halves = (word & (ONES * 0xf0)) | ((word.wrapping_add(ONES * 6) & (ONES * 0xf0)) >> 4);
    let count = (halves ^ (ONES * 0x33)).trailing_zeros() / 8;
    // The digits move up behind leading zeros; then neighbours are joined three times.
    let digits = word.checked_shl(64 - 8 * count).unwrap_or(0) & (ONES * 0x0f);
    let pairs = (digits * 10 + (digits >> 8)) & 0x00ff_00ff_00ff_00ff;
    let fours = (pairs * 100 + (pairs >> 16)) & 0x0000_ffff_0000_ffff;
    Some(((fours * 10_000 + (fours >> 32)) & 0xffff_ffff, count as usize))
}

/// Reads at least one digit behind what is read already; gives what follows too.
#[inline]
fn take_digits(digits: &[u8], mut read: u64) -> Option<(u64, &[u8])> {
    let mut rest = digits;
    while let [digit @ b'0'..=b'9', others @ ..] = rest {
        read = read * 10 + u64::from(digit - b'0');
        rest = others;
    }
    (rest.len() < digits.len()).then_some((read, rest))
}

fn parse_exponent(digits: Option<&[u8]>) -> Result<i32, NumberError> {
    let text = digits.and_then(|bytes| std::str::from_utf8(bytes).ok());
    let text = text.ok_or(NumberError::Malformed)?;
    text.parse::<i32>().or_else(|error| match error.kind() {
        // Any exponent beyond is as good as these, and leaves zero as it is.
        IntErrorKind::PosOverflow => Ok(i32::MAX),
        IntErrorKind::NegOverflow => Ok(i32::MIN),
        _ => Err(NumberError::Malformed),
    })
}

impl Number {
    /// Reads a number of any length and rounds it half to even to so many digits after the point, at
    /// most nine.
    ///
    /// # Errors
    /// When the text is no number, or it is too large.
    #[doc(hidden)]
    pub fn read_rounded(text: &str, digits: u32) -> Result<Self, NumberError> {
        match text.parse::<Self>() {
            Ok(number) => number.checked_round(digits).ok_or(NumberError::TooLarge),
            Err(NumberError::TooManyDecimals) => read_long(text, digits.min(DIGITS)),
            Err(error) => Err(error),
        }
    }
}

/// A number with more digits than a number has, rounded half to even.
#[cold]
fn read_long(text: &str, digits: u32) -> Result<Number, NumberError> {
    let unsigned = text.strip_prefix(['-', '+']).unwrap_or(text);
    let (mantissa, exponent) = match unsigned.split_once(['e', 'E']) {
        Some((mantissa, exponent)) => (mantissa, parse_exponent(Some(exponent.as_bytes()))?),
        None => (unsigned, 0),
    };
    let (whole, part) = mantissa.split_once('.').unwrap_or((mantissa, "0"));
    let is_digits = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    if !is_digits(whole) || !is_digits(part) {
        return Err(NumberError::Malformed);
    }
    // How many of all digits stay; before the first one stand zeros.
    let kept = i64::try_from(whole.len()).unwrap_or(i64::MAX);
    let kept = kept.saturating_add(i64::from(exponent)).saturating_add(i64::from(digits));
    let mut all = whole.bytes().chain(part.bytes()).map(|digit| i128::from(digit - b'0'));
    let mut steps: i128 = 0;
    for _ in 0..kept {
        // There are more digits than are kept, since there are too many after the point.
        let digit = all.next().unwrap_or(0);
        let longer = steps.checked_mul(10).and_then(|steps| steps.checked_add(digit));
        steps = longer.ok_or(NumberError::TooLarge)?;
    }
    let first = if kept < 0 { 0 } else { all.next().unwrap_or(0) };
    let half = first.cmp(&5).then_with(|| all.any(|digit| digit > 0).cmp(&false));
    if half.is_gt() || (half.is_eq() && steps % 2 == 1) {
        steps += 1;
    }
    let units = steps.checked_mul(Number::last_of(digits).units()).ok_or(NumberError::TooLarge)?;
    let units = if text.starts_with('-') { -units } else { units };
    Number::from_units(units).ok_or(NumberError::TooLarge)
}

fn parse_mantissa(bytes: &[u8], exponent: i32) -> Result<i128, NumberError> {
    let mut units: i128 = 0;
    let mut decimals: i64 = 0;
    let (mut any, mut point, mut zeros) = (false, false, 0_u32);
    for byte in bytes {
        match byte {
            b'.' if !point && any => point = true,
            b'0'..=b'9' => {
                any = true;
                decimals += i64::from(point);
                let digit = i128::from(byte - b'0');
                // Zeros wait until a digit follows, so that trailing ones never count.
                if digit == 0 {
                    zeros += 1;
                    continue;
                }
                if units != 0 {
                    let shift = 10_i128.checked_pow(zeros).ok_or(NumberError::TooLarge)?;
                    units = units.checked_mul(shift).ok_or(NumberError::TooLarge)?;
                }
                zeros = 0;
                units = units.checked_mul(10).and_then(|units| units.checked_add(digit)).ok_or(
                    if point { NumberError::TooManyDecimals } else { NumberError::TooLarge },
                )?;
            }
            _ => return Err(NumberError::Malformed),
        }
    }
    if !any || bytes.ends_with(b".") {
        return Err(NumberError::Malformed);
    }
    if units == 0 {
        return Ok(0);
    }
    // The value is units * 10^(zeros - decimals + exponent); scale it to nine decimals.
    let power = i64::from(zeros) - decimals + i64::from(exponent) + i64::from(DIGITS);
    if power < 0 {
        return Err(NumberError::TooManyDecimals);
    }
    u32::try_from(power)
        .ok()
        .and_then(|power| 10_i128.checked_pow(power))
        .and_then(|factor| units.checked_mul(factor))
        .filter(|units| *units <= MAX_UNITS)
        .ok_or(NumberError::TooLarge)
}

impl fmt::Display for Number {
    /// Prints all digits that matter, no more: `4.8`, `59`, `-0.5`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.text().as_str())
    }
}

/// The bytes of a number, written from the last to the first.
pub(super) struct Backwards {
    bytes: [u8; LONGEST],
    start: usize,
}

impl Backwards {
    fn put(&mut self, byte: u8) {
        self.start = self.start.saturating_sub(1);
        if let Some(place) = self.bytes.get_mut(self.start) {
            *place = byte;
        }
    }

    /// At least `width` digits, with leading zeros.
    fn put_digits(&mut self, mut value: u64, width: usize) {
        let mut put = 0;
        while value > 0 || put < width {
            self.put(b'0' + (value % 10) as u8);
            value /= 10;
            put += 1;
        }
    }

    pub(super) fn as_str(&self) -> &str {
        let bytes = self.bytes.get(self.start..).unwrap_or_default();
        std::str::from_utf8(bytes).unwrap_or_default()
    }
}
