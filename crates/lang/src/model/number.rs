//! Exact decimals: 38 digits, nine of them after the point.

mod beyond;
mod digits;
mod fraction;
mod parts;
mod rational;
mod rounding;
mod shares;
mod total;
mod wide;
mod written;

use std::fmt::{self, Write as _};

use thiserror::Error;

pub use fraction::Fraction;
pub use rational::Rational;
pub use rounding::Rounding;
pub use shares::shares;
pub use total::Total;
pub use written::{is_number, serialize_digits};

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

/// An exact decimal with up to 29 digits before the point and nine after it.
///
/// Addition and comparison are exact. Multiplication and division round half to even at the
/// ninth digit; where policies calculate, that is left to [`Rational`]. Nothing wraps around: a
/// result out of range is `None`.
///
/// A fixed point was chosen over the existing decimal crates because the language wants half-even
/// rounding, refusal instead of rounding on entry, and a comparison that is one machine comparison.
///
/// ```
/// use rulebook_lang::model::Number;
/// let a: Number = "4.8".parse()?;
/// assert!(a > Number::from(4));
/// assert_eq!(a.checked_mul("0.5".parse()?).map(|n| n.to_string()), Some("2.4".to_string()));
/// # Ok::<(), rulebook_lang::model::NumberError>(())
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

    /// So many billionths; `None` beyond the largest number.
    #[doc(hidden)]
    pub fn from_units(units: i128) -> Option<Self> {
        (-MAX_UNITS..=MAX_UNITS).contains(&units).then_some(Self(units))
    }

    /// `mantissa` with the point moved `digits` places to the left; `None` where that is no number.
    #[doc(hidden)]
    pub fn from_scaled(mantissa: i128, digits: u32) -> Option<Self> {
        let units = match DIGITS.checked_sub(digits) {
            Some(zeros) => mantissa.checked_mul(10_i128.pow(zeros))?,
            None => {
                let step = 10_i128.checked_pow(digits - DIGITS)?;
                (mantissa % step == 0).then_some(mantissa / step)?
            }
        };
        Self::from_units(units)
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

    /// What the last of so many digits after the point counts; that of nine where there are more.
    #[doc(hidden)]
    pub fn last_of(digits: u32) -> Self {
        Self(Self::step(digits))
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

    /// The number of steps of [`Number::STEP`].
    #[doc(hidden)]
    pub fn units(self) -> i128 {
        self.0
    }

    /// The number of steps of [`Number::STEP`], or the nearest number that an `i64` holds.
    #[doc(hidden)]
    pub fn clamped_units(self) -> i64 {
        i64::try_from(self.0).unwrap_or(if self.0 < 0 { i64::MIN } else { i64::MAX })
    }

    /// The nearest float if it prints as exactly this decimal, else `None`.
    #[doc(hidden)]
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

    /// The decimal that the float is written as in JSON: the shortest one that reads back as the same
    /// float, of two such the nearer one, and of two as near the even one.
    ///
    /// # Errors
    /// When the float is infinite or NaN, or prints with more digits than a number has.
    #[inline]
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
        Self::from_long_f64(float)
    }

    /// The units of floats, as [`from_f64`](Self::from_f64) takes them, where all are below a million
    /// and have no digits behind the ninth: whole numbers that floats hold exactly. `false` where
    /// some of them are not such floats.
    #[doc(hidden)]
    pub fn short_units(floats: &[f64], units: &mut Vec<f64>) -> bool {
        /// What has no digits behind the point from here on; adding it rounds to whole numbers.
        const WHOLE: f64 = (1_u64 << 52) as f64;
        const MOST: f64 = 1e6;
        let [(_, power), ..] = LAST_DIGITS;
        units.clear();
        units.extend(floats.iter().map(|float| {
            let magnitude = (float.abs() * power + WHOLE) - WHOLE;
            magnitude.copysign(*float)
        }));
        let is_short =
            |(float, units): (&f64, &f64)| (*units / power == *float) & (float.abs() < MOST);
        floats.iter().zip(&*units).map(is_short).fold(true, |all, short| all & short)
    }

    /// The same for a float with more digits than can be told at a glance.
    #[cold]
    fn from_long_f64(float: f64) -> Result<Self, NumberError> {
        if !float.is_finite() {
            return Err(NumberError::Malformed);
        }
        zmij::Buffer::new().format_finite(float).parse()
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
        zmij::Buffer::new().format_finite(float).parse()
    }

    /// The decimal text with at least `digits` after the point: `59.00`.
    pub fn to_fixed(self, digits: u32) -> String {
        let mut text = String::new();
        self.write_fixed(digits, &mut text);
        text
    }

    /// Adds what [`to_fixed`](Self::to_fixed) gives.
    #[doc(hidden)]
    pub fn write_fixed(self, digits: u32, into: &mut String) {
        let start = into.len();
        // A text takes whatever is written.
        let _ = write!(into, "{self}");
        let written = into.get(start..).unwrap_or_default();
        let decimals = written.find('.').map_or(0, |at| written.len() - at - 1);
        if digits > 0 && decimals == 0 {
            into.push('.');
        }
        into.extend(std::iter::repeat_n('0', (digits as usize).saturating_sub(decimals)));
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

impl fmt::Debug for Number {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{self}")
    }
}
