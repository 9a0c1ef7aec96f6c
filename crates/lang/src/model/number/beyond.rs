//! Calculations whose numerators or denominators outgrow 128 bits: exact ones, then put into bounds.

use std::cmp::Ordering;

use num_bigint::{BigInt, BigUint, Sign};
use num_integer::Integer as _;

use super::parts::Parts;
use super::{Rounding, SCALE};

/// How many significant digits are kept of what is not exact.
const SIGNIFICANT: u32 = 38;
/// The most digits after the point.
const MOST_DIGITS: u32 = 2 * SIGNIFICANT;
/// The most digits before the point.
const MOST_WHOLE: u32 = 29;

/// The sum of two fractions; `None` on overflow, here and below.
pub(super) fn sum(a: Parts, b: Parts) -> Option<Parts> {
    let top = BigInt::from(a.numerator) * signed(bottom(b))
        + BigInt::from(b.numerator) * signed(bottom(a));
    bounded(top, bottom(a) * bottom(b))
}

/// The product of two fractions.
pub(super) fn product(a: Parts, b: Parts) -> Option<Parts> {
    bounded(BigInt::from(a.numerator) * b.numerator, bottom(a) * bottom(b))
}

/// The quotient of two fractions, the second of which is not zero.
pub(super) fn quotient(a: Parts, b: Parts) -> Option<Parts> {
    let numerator = BigInt::from(a.numerator) * signed(bottom(b)) * b.numerator.signum();
    bounded(numerator, bottom(a) * b.numerator.unsigned_abs())
}

/// The order of two fractions.
pub(super) fn order(a: Parts, b: Parts) -> Ordering {
    let left = BigInt::from(a.numerator) * signed(bottom(b));
    left.cmp(&(BigInt::from(b.numerator) * signed(bottom(a))))
}

/// How many times so many steps of the ninth digit go into a fraction, rounded; `None` beyond an `i128`.
pub(super) fn whole(parts: Parts, steps: u128, rounding: Rounding) -> Option<i128> {
    rounded(BigInt::from(parts.numerator) * SCALE, &(bottom(parts) * steps), rounding)
}

/// The decimal with at most so many digits after the point.
pub(super) fn to_decimal(parts: Parts, digits: u32) -> String {
    let numerator = BigInt::from(parts.numerator) * signed(power(digits));
    let (sign, size) = numerator.into_parts();
    let (whole, rest) = size.div_rem(&bottom(parts));
    let up = Rounding::HalfEven.is_away(false, whole.is_odd(), left(&rest, &bottom(parts)));
    let text = format!("{:0>1$}", whole + u32::from(up), digits as usize + 1);
    let (whole, part) = text.split_at(text.len() - digits as usize);
    let decimal = format!("{whole}.{part}");
    let decimal = decimal.trim_end_matches('0').trim_end_matches('.');
    format!("{}{decimal}", if sign == Sign::Minus { "-" } else { "" })
}

/// The denominator of a fraction with its zeros.
pub(super) fn bottom(parts: Parts) -> BigUint {
    BigUint::from(parts.denominator) * power(parts.zeros)
}

fn power(zeros: u32) -> BigUint {
    BigUint::from(10_u32).pow(zeros)
}

fn signed(size: BigUint) -> BigInt {
    BigInt::from(size)
}

/// A whole number rounded from a fraction.
fn rounded(numerator: BigInt, denominator: &BigUint, rounding: Rounding) -> Option<i128> {
    let (sign, size) = numerator.into_parts();
    let (whole, rest) = size.div_rem(denominator);
    let is_negative = sign == Sign::Minus;
    let up = rounding.is_away(is_negative, whole.is_odd(), left(&rest, denominator));
    let whole = i128::try_from(whole + u32::from(up)).ok()?;
    Some(if is_negative { -whole } else { whole })
}

/// How what is left of a division compares with one half of the divisor, if anything is.
fn left(rest: &BigUint, divisor: &BigUint) -> Option<Ordering> {
    (*rest != BigUint::ZERO).then(|| (rest * 2_u32).cmp(divisor))
}

/// A fraction within bounds: in lowest terms where these fit, else with 38 significant digits.
fn bounded(numerator: BigInt, denominator: BigUint) -> Option<Parts> {
    let (sign, mut size) = numerator.into_parts();
    let divisor = size.gcd(&denominator);
    size /= &divisor;
    let denominator = denominator / divisor;
    let signed = |size: i128| if sign == Sign::Minus { -size } else { size };
    if let (Ok(numerator), Ok(bottom)) = (i128::try_from(&size), i128::try_from(&denominator)) {
        return Parts::fitting(signed(numerator), bottom.unsigned_abs());
    }
    if size >= &denominator * power(MOST_WHOLE) {
        return None;
    }
    let (mut numerator, mut digits) = significant(size, &denominator)?;
    while digits > SIGNIFICANT && numerator % 10 == 0 && numerator != 0 {
        (numerator, digits) = (numerator / 10, digits - 1);
    }
    let numerator = signed(numerator);
    match 10_u128.checked_pow(digits).and_then(|power| Parts::fitting(numerator, power)) {
        Some(parts) => Some(parts),
        None => Some(Parts { numerator, denominator: 1, zeros: digits }),
    }
}

/// The significant digits of a fraction below the largest number, and how many stand after the point.
fn significant(numerator: BigUint, denominator: &BigUint) -> Option<(i128, u32)> {
    // A bit is three tenths of a digit, and a little more.
    let bits = i64::try_from(numerator.bits()).ok()? - i64::try_from(denominator.bits()).ok()?;
    let digits = i64::from(SIGNIFICANT) - bits * 3 / 10;
    let mut digits = u32::try_from(digits.clamp(0, i64::from(MOST_DIGITS))).ok()?;
    let (least, most) = (power(SIGNIFICANT - 1), power(SIGNIFICANT));
    loop {
        let (whole, rest) = (&numerator * power(digits)).div_rem(denominator);
        if whole >= most {
            digits = digits.checked_sub(1)?;
        } else if whole < least && digits < MOST_DIGITS {
            digits += 1;
        } else {
            let up = Rounding::HalfEven.is_away(false, whole.is_odd(), left(&rest, denominator));
            return Some((i128::try_from(whole + u32::from(up)).ok()?, digits));
        }
    }
}
