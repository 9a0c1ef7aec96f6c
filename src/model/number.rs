//! Exact decimals: 38 digits, nine of them after the point.

use std::fmt::{self, Write};
use std::num::IntErrorKind;
use std::str::FromStr;

use thiserror::Error;

/// How many units make 1: nine digits after the point.
const SCALE: i128 = 1_000_000_000;
/// Digits after the point.
const DIGITS: u32 = 9;
/// The largest number of units: 38 nines.
const MAX_UNITS: i128 = 10_i128.pow(38) - 1;
/// No two decimals below this, of at most 15 digits, are nearest to the same float: the float
/// that is nearest to one prints as it.
const EXACT: u64 = 10_u64.pow(15);
/// The digits after the point that 15 digits leave room for: how many units the last one counts,
/// and how many of it make 1.
const LAST_DIGITS: [(u64, f64); 4] =
    [(1, 1e9), (1_000, 1e6), (1_000_000, 1e3), (1_000_000_000, 1.0)];
/// The powers of ten that a digit behind the point counts.
const POWERS: [u64; 10] =
    [1, 10, 100, 1_000, 10_000, 100_000, 1_000_000, 10_000_000, 100_000_000, 1_000_000_000];
/// The bytes of the longest number: a sign, 29 digits, a point and nine digits.
const LONGEST: usize = 40;

/// An exact decimal with up to 29 digits before the point and nine after it.
///
/// Addition and comparison are exact. Multiplication and division round half to even at the
/// ninth digit. Nothing wraps around: a result out of range is `None`.
///
/// A fixed point was chosen over the existing decimal crates because the language wants half-even
/// rounding, refusal instead of rounding on entry, and a comparison that is one machine comparison.
///
/// ```
/// use rulebook::model::Number;
/// let a: Number = "4.8".parse()?;
/// assert!(a > Number::from(4));
/// assert_eq!(a.checked_mul("0.5".parse()?).map(|n| n.to_string()), Some("2.4".to_string()));
/// # Ok::<(), rulebook::model::NumberError>(())
/// ```
// Without the alignment of an `i128`, a cell takes 24 bytes and not 32.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
#[repr(Rust, packed(8))]
pub struct Number(i128);

/// Why a text is no number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum NumberError {
    /// The text does not have the form of a number.
    #[error("this is not a number")]
    Malformed,
    /// There are more than nine significant digits after the point.
    #[error("a number has at most 9 digits after the point")]
    TooManyDecimals,
    /// There are more than 29 digits before the point.
    #[error("a number has at most 29 digits before the point")]
    TooLarge,
}

impl Number {
    /// Zero.
    pub const ZERO: Self = Self(0);
    /// One.
    pub const ONE: Self = Self(SCALE);
    /// The smallest positive number, 0.000000001.
    pub const STEP: Self = Self(1);

    fn from_units(units: i128) -> Option<Self> {
        (-MAX_UNITS..=MAX_UNITS).contains(&units).then_some(Self(units))
    }

    /// The sum, or `None` on overflow.
    pub fn checked_add(self, other: Self) -> Option<Self> {
        self.0.checked_add(other.0).and_then(Self::from_units)
    }

    /// The difference, or `None` on overflow.
    pub fn checked_sub(self, other: Self) -> Option<Self> {
        self.0.checked_sub(other.0).and_then(Self::from_units)
    }

    /// The product, rounded half to even at the ninth digit, or `None` on overflow.
    pub fn checked_mul(self, other: Self) -> Option<Self> {
        let units = match self.0.checked_mul(other.0) {
            Some(product) => divide_half_even(product, SCALE),
            None => wide::mul_div(self.0, other.0, SCALE)?,
        };
        Self::from_units(units)
    }

    /// The quotient, rounded half to even at the ninth digit, or `None` on overflow or division
    /// by zero.
    pub fn checked_div(self, other: Self) -> Option<Self> {
        if other.0 == 0 {
            return None;
        }
        let units = match self.0.checked_mul(SCALE) {
            Some(scaled) => divide_half_even(scaled, other.0),
            None => wide::mul_div(self.0, SCALE, other.0)?,
        };
        Self::from_units(units)
    }

    /// The number with its sign turned.
    #[must_use]
    pub fn negate(self) -> Self {
        Self(-self.0)
    }

    /// The number without its sign.
    #[must_use]
    pub fn abs(self) -> Self {
        Self(self.0.abs())
    }

    /// Rounded half to even to `digits` after the point; more than nine leave it as it is. `None`
    /// on overflow.
    pub fn checked_round(self, digits: u32) -> Option<Self> {
        let step = Self::step(digits);
        Self::from_units(divide_half_even(self.0, step) * step)
    }

    /// The largest whole number that is not larger, or `None` on overflow.
    pub fn checked_floor(self) -> Option<Self> {
        Self::from_units(self.0.div_euclid(SCALE) * SCALE)
    }

    /// The smallest whole number that is not smaller, or `None` on overflow.
    pub fn checked_ceil(self) -> Option<Self> {
        self.negate().checked_floor().map(Self::negate)
    }

    fn step(digits: u32) -> i128 {
        10_i128.pow(DIGITS.saturating_sub(digits))
    }

    /// The whole number if there is nothing after the point and it fits.
    pub fn to_i64(self) -> Option<i64> {
        let (whole, part) = self.parts();
        let whole = i128::try_from(whole).ok()?;
        let whole = i64::try_from(if self.0 < 0 { -whole } else { whole }).ok()?;
        (part == 0).then_some(whole)
    }

    /// What stands before the point and, in units, behind it; both without the sign.
    fn parts(self) -> (u128, u64) {
        // The machine divides 64 bits at once, and 128 only step by step.
        const ONE: u64 = 10_u64.pow(DIGITS);
        let units = self.0.unsigned_abs();
        match u64::try_from(units) {
            Ok(units) => (u128::from(units / ONE), units % ONE),
            Err(_) => (units / u128::from(ONE), (units % u128::from(ONE)) as u64),
        }
    }

    /// The number of steps of [`Number::STEP`], or the nearest number that an `i64` holds.
    pub(crate) fn clamped_units(self) -> i64 {
        i64::try_from(self.0).unwrap_or(if self.0 < 0 { i64::MIN } else { i64::MAX })
    }

    /// The nearest float if it prints as exactly this decimal, else `None`.
    pub fn to_exact_f64(self) -> Option<f64> {
        if let Ok(units) = u64::try_from(self.0.unsigned_abs()) {
            let fits = |(step, _): &(u64, f64)| units % step == 0 && units / step < EXACT;
            if let Some((step, power)) = LAST_DIGITS.into_iter().find(fits) {
                let float = (units / step) as f64 / power;
                return Some(if self.0 < 0 { -float } else { float });
            }
        }
        let float = self.text().as_str().parse::<f64>().ok()?;
        (Self::from_f64(float) == Ok(self)).then_some(float)
    }

    /// The decimal that the float prints as, in its shortest form.
    ///
    /// # Errors
    /// When the float is infinite or NaN, or prints with more digits than a number has.
    pub fn from_f64(float: f64) -> Result<Self, NumberError> {
        let magnitude = float.abs();
        let fits = |(_, power): &(u64, f64)| magnitude * power < EXACT as f64;
        if let Some((step, power)) = LAST_DIGITS.into_iter().find(fits) {
            let digits = (magnitude * power + 0.5) as u64;
            if digits as f64 / power == magnitude {
                let units = i128::from(digits) * i128::from(step);
                return Ok(Self(if float < 0.0 { -units } else { units }));
            }
        }
        if !float.is_finite() {
            return Err(NumberError::Malformed);
        }
        // Rust prints the shortest digits that read back as the same float.
        Self::from_printed(format_args!("{float:e}"))
    }

    /// The decimal that the float prints as, in its shortest form; a float of single precision
    /// prints shorter than its double.
    ///
    /// # Errors
    /// When the float is infinite or NaN, or prints with more digits than a number has.
    pub fn from_f32(float: f32) -> Result<Self, NumberError> {
        if !float.is_finite() {
            return Err(NumberError::Malformed);
        }
        Self::from_printed(format_args!("{float:e}"))
    }

    /// The number that a text begins with, and its length, if it has few digits and no exponent.
    /// Anything else is left to the general way, as is a text that ends too soon to tell.
    #[inline]
    pub(crate) fn leading(text: &[u8]) -> Option<(Self, usize)> {
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

    fn from_printed(float: fmt::Arguments<'_>) -> Result<Self, NumberError> {
        let mut text = Printed::default();
        text.write_fmt(float).map_err(|_| NumberError::Malformed)?;
        text.as_str().parse()
    }

    /// The decimal text with at least `digits` after the point: `59.00`.
    pub fn to_fixed(self, digits: u32) -> String {
        let mut text = self.to_string();
        let decimals = text.find('.').map_or(0, |at| text.len() - at - 1);
        if digits > 0 && decimals == 0 {
            text.push('.');
        }
        text.extend(std::iter::repeat_n('0', (digits as usize).saturating_sub(decimals)));
        text
    }
}

/// `numerator / denominator`, rounded half to even.
fn divide_half_even(numerator: i128, denominator: i128) -> i128 {
    let quotient = numerator / denominator;
    let rest = numerator % denominator;
    let twice = rest.unsigned_abs() * 2;
    let round_up = match twice.cmp(&denominator.unsigned_abs()) {
        std::cmp::Ordering::Less => false,
        std::cmp::Ordering::Equal => quotient % 2 != 0,
        std::cmp::Ordering::Greater => true,
    };
    match (round_up, (numerator < 0) == (denominator < 0)) {
        (false, _) => quotient,
        (true, true) => quotient + 1,
        (true, false) => quotient - 1,
    }
}

mod wide {
    //! Products beyond 128 bits, for the rare operands that need them.

    /// `a * b / c` rounded half to even, or `None` if the result leaves 127 bits.
    pub(super) fn mul_div(a: i128, b: i128, c: i128) -> Option<i128> {
        let negative = (a < 0) ^ (b < 0) ^ (c < 0);
        let (high, low) = mul(a.unsigned_abs(), b.unsigned_abs());
        let (quotient, rest) = div(high, low, c.unsigned_abs())?;
        let half = c.unsigned_abs() - rest;
        let up = rest > half || (rest == half && quotient % 2 == 1);
        let magnitude = i128::try_from(quotient.checked_add(u128::from(up))?).ok()?;
        Some(if negative { -magnitude } else { magnitude })
    }

    /// The 256-bit product as its high and low halves.
    fn mul(a: u128, b: u128) -> (u128, u128) {
        const LOW: u128 = u64::MAX as u128;
        let (a1, a0, b1, b0) = (a >> 64, a & LOW, b >> 64, b & LOW);
        let (mid1, mid2) = (a1 * b0, a0 * b1);
        let (mid, carry_mid) = mid1.overflowing_add(mid2);
        let (low, carry_low) = (a0 * b0).overflowing_add(mid << 64);
        let high = a1 * b1 + (mid >> 64) + (u128::from(carry_mid) << 64) + u128::from(carry_low);
        (high, low)
    }

    /// Quotient and rest of a 256-bit number, bit by bit; `None` if the quotient is too large.
    fn div(high: u128, low: u128, divisor: u128) -> Option<(u128, u128)> {
        if high >= divisor {
            return None;
        }
        let (mut rest, mut quotient) = (high, 0_u128);
        for bit in (0..128).rev() {
            let overflow = rest >> 127 == 1;
            rest = (rest << 1) | ((low >> bit) & 1);
            quotient <<= 1;
            if overflow || rest >= divisor {
                rest = rest.wrapping_sub(divisor);
                quotient |= 1;
            }
        }
        Some((quotient, rest))
    }
}

impl From<i64> for Number {
    fn from(whole: i64) -> Self {
        Self(i128::from(whole) * SCALE)
    }
}

impl From<u64> for Number {
    fn from(whole: u64) -> Self {
        Self(i128::from(whole) * SCALE)
    }
}

impl From<i32> for Number {
    fn from(whole: i32) -> Self {
        Self::from(i64::from(whole))
    }
}

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

impl Number {
    fn text(self) -> Backwards {
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

/// The bytes of a number, written from the last to the first.
struct Backwards {
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

    fn as_str(&self) -> &str {
        let bytes = self.bytes.get(self.start..).unwrap_or_default();
        std::str::from_utf8(bytes).unwrap_or_default()
    }
}

/// What a float prints as with an exponent, at most 24 bytes.
#[derive(Default)]
struct Printed {
    bytes: [u8; 24],
    length: usize,
}

impl Printed {
    fn as_str(&self) -> &str {
        self.bytes
            .get(..self.length)
            .and_then(|bytes| std::str::from_utf8(bytes).ok())
            .unwrap_or("")
    }
}

impl Write for Printed {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        let end = self.length + text.len();
        self.bytes.get_mut(self.length..end).ok_or(fmt::Error)?.copy_from_slice(text.as_bytes());
        self.length = end;
        Ok(())
    }
}

impl fmt::Debug for Number {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{self}")
    }
}

impl serde::Serialize for Number {
    /// A JSON number where a double prints as exactly this decimal, else a string.
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        if let Some(whole) = self.to_i64() {
            return serializer.serialize_i64(whole);
        }
        match self.to_exact_f64() {
            Some(float) => serializer.serialize_f64(float),
            None => serializer.collect_str(self),
        }
    }
}
