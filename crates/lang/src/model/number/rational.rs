//! Exact arithmetic: what sums, products and quotients are before anything rounds them.

use std::cmp::Ordering;

use num_integer::Integer as _;

use super::fraction::order;
use super::parts::{Parts, short};
use super::{Fraction, MAX_UNITS, Number, Rounding, SCALE, beyond, wide};

/// What calculations give: a number, or a fraction that no number is.
///
/// Sums, differences, products and quotients are exact within the bounds of a [`Fraction`]; `None` where
/// the result is larger than the largest number.
///
/// ```
/// use rulebook_lang::model::{Number, Rational};
/// let [two, three] = [2, 3].map(|whole| Rational::Number(Number::from(whole)));
/// let part = two.checked_div(three).ok_or("no quotient")?;
/// assert_eq!(part.rounded().to_string(), "0.666666667");
/// assert_eq!(part.checked_mul(three), Some(two));
/// # Ok::<(), &str>(())
/// ```
#[derive(Debug, Clone, Copy)]
pub enum Rational {
    /// What a number holds, always as one.
    Number(Number),
    /// Anything else.
    Fraction(Fraction),
}

/// A fraction with a denominator beyond this is put into lowest terms, so that the next calculation has
/// room; to do so always would take longer than what it spares.
const SHORT: u128 = u64::MAX as u128;

impl Rational {
    /// Zero.
    pub const ZERO: Self = Self::Number(Number::ZERO);

    /// A numerator above a denominator of at least one, neither beyond an `i128`.
    pub(super) fn of(numerator: i128, denominator: u128) -> Option<Self> {
        let (mut top, mut bottom) = (numerator, denominator);
        let is_large = match top.checked_mul(SCALE) {
            Some(scaled) => {
                let units = scaled / bottom.cast_signed();
                if units * bottom.cast_signed() == scaled {
                    return Number::from_units(units).map(Self::Number);
                }
                if bottom <= SHORT {
                    return Some(Self::Fraction(Fraction::of(top, bottom)));
                }
                false
            }
            None => true,
        };
        let divisor = top.unsigned_abs().gcd(&bottom);
        bottom /= divisor;
        top /= divisor.cast_signed();
        if SCALE.unsigned_abs().is_multiple_of(bottom) {
            let units = top.checked_mul(SCALE / bottom.cast_signed())?;
            return Number::from_units(units).map(Self::Number);
        }
        let fraction = Self::Fraction(Fraction::of(top, bottom));
        if is_large
            && top.unsigned_abs() / bottom >= MAX_UNITS.unsigned_abs() / SCALE.unsigned_abs()
        {
            fraction.rounded_to(Number::STEP, Rounding::HalfEven)?;
        }
        Some(fraction)
    }

    /// Parts within bounds.
    fn of_parts(parts: Parts) -> Option<Self> {
        match parts {
            Parts { numerator, denominator, zeros: 0 } => Self::of(numerator, denominator),
            Parts { numerator: 0, .. } => Some(Self::ZERO),
            Parts { numerator, zeros, .. } => {
                Some(Self::Fraction(Fraction::of_digits(numerator, zeros)))
            }
        }
    }

    /// What a calculation comes to: in 128 bits if all of it is within them, else in as many as it takes.
    fn calculated(
        [a, b]: [Parts; 2],
        small: impl FnOnce() -> Option<(i128, u128)>,
        large: fn(Parts, Parts) -> Option<Parts>,
    ) -> Option<Self> {
        let within = || {
            short([a, b])?;
            let (numerator, denominator) = small()?;
            Parts::fitting(numerator, denominator)
        };
        Self::of_parts(match within() {
            Some(parts) => parts,
            None => large(a, b)?,
        })
    }

    pub(super) fn parts(self) -> Parts {
        match self {
            Self::Number(number) => {
                Parts { numerator: number.units(), denominator: SCALE.unsigned_abs(), zeros: 0 }
            }
            Self::Fraction(fraction) => fraction.parts(),
        }
    }

    /// The sum, or `None` on overflow.
    pub fn checked_add(self, other: Self) -> Option<Self> {
        if let (Self::Number(a), Self::Number(b)) = (self, other) {
            return a.checked_add(b).map(Self::Number);
        }
        let (a, b) = (self.parts(), other.parts());
        let sum = || {
            if a.denominator == b.denominator {
                return Some((a.numerator.checked_add(b.numerator)?, a.denominator));
            }
            let left = a.numerator.checked_mul(b.denominator.cast_signed())?;
            let right = b.numerator.checked_mul(a.denominator.cast_signed())?;
            Some((left.checked_add(right)?, a.denominator.checked_mul(b.denominator)?))
        };
        Self::calculated([a, b], sum, beyond::sum)
    }

    /// The difference, or `None` on overflow.
    pub fn checked_sub(self, other: Self) -> Option<Self> {
        self.checked_add(other.negate())
    }

    /// The product, or `None` on overflow.
    #[inline]
    pub fn checked_mul(self, other: Self) -> Option<Self> {
        match (self, other) {
            (Self::Number(a), Self::Number(b)) => Self::product(a, b),
            _ => Self::product_of_parts(self.parts(), other.parts()),
        }
    }

    /// The product of two numbers.
    #[inline]
    pub(crate) fn product(a: Number, b: Number) -> Option<Self> {
        let Some(product) = a.units().checked_mul(b.units()) else {
            return Self::long_product(a, b);
        };
        let units = product / SCALE;
        if units * SCALE == product {
            return Number::from_units(units).map(Self::Number);
        }
        Some(Self::Fraction(Fraction::of(product, SCALE.unsigned_abs() * SCALE.unsigned_abs())))
    }

    #[cold]
    fn long_product(a: Number, b: Number) -> Option<Self> {
        let (high, low) = wide::mul(a.units().unsigned_abs(), b.units().unsigned_abs());
        // What is larger than that is larger than any number.
        let (size, rest) = wide::div(high, low, SCALE.unsigned_abs())?;
        if rest != 0 {
            let [a, b] = [a, b].map(|number| Self::Number(number).parts());
            return Self::of_parts(beyond::product(a, b)?);
        }
        let size = i128::try_from(size).ok()?;
        let is_negative = (a < Number::ZERO) != (b < Number::ZERO);
        Number::from_units(if is_negative { -size } else { size }).map(Self::Number)
    }

    fn product_of_parts(a: Parts, b: Parts) -> Option<Self> {
        let product = || {
            let numerator = a.numerator.checked_mul(b.numerator)?;
            Some((numerator, a.denominator.checked_mul(b.denominator)?))
        };
        Self::calculated([a, b], product, beyond::product)
    }

    /// The quotient, or `None` on overflow or division by zero.
    pub fn checked_div(self, other: Self) -> Option<Self> {
        if other.is_zero() {
            return None;
        }
        if let (Self::Number(a), Self::Number(b)) = (self, other) {
            let divisor = b.units().unsigned_abs();
            let numerator = if b < Number::ZERO { a.negate() } else { a };
            return Self::of(numerator.units(), divisor);
        }
        let (a, b) = (self.parts(), other.parts());
        let quotient = || {
            let numerator = a.numerator.checked_mul(b.denominator.cast_signed())?;
            let numerator = if b.numerator < 0 { numerator.checked_neg()? } else { numerator };
            Some((numerator, a.denominator.checked_mul(b.numerator.unsigned_abs())?))
        };
        Self::calculated([a, b], quotient, beyond::quotient)
    }

    /// The value with its sign turned.
    #[must_use]
    pub fn negate(self) -> Self {
        match self {
            Self::Number(number) => Self::Number(number.negate()),
            Self::Fraction(fraction) => Self::Fraction(fraction.negate()),
        }
    }

    /// The value without its sign.
    #[must_use]
    pub fn abs(self) -> Self {
        match self {
            Self::Number(number) => Self::Number(number.abs()),
            Self::Fraction(fraction) if fraction.is_negative() => self.negate(),
            fraction => fraction,
        }
    }

    fn is_zero(self) -> bool {
        matches!(self, Self::Number(Number::ZERO))
    }

    /// The nearest number, and of two as near the even one: how a value leaves a judgement.
    pub fn rounded(self) -> Number {
        match self {
            Self::Number(number) => number,
            Self::Fraction(fraction) => fraction.rounded(),
        }
    }

    /// The largest number that is not larger.
    pub fn below(self) -> Number {
        match self {
            Self::Number(number) => number,
            Self::Fraction(fraction) => fraction.below(),
        }
    }

    /// The multiple of a step that a way of rounding says; `None` on overflow, or where the step is not
    /// positive.
    pub fn rounded_to(self, step: Number, rounding: Rounding) -> Option<Number> {
        match self {
            Self::Number(number) => {
                let steps = u128::try_from(step.units()).ok().filter(|steps| *steps > 0)?;
                let count = rounding.whole(number.units(), steps);
                Number::from_units(count.checked_mul(step.units())?)
            }
            Self::Fraction(fraction) => fraction.rounded_to(step, rounding),
        }
    }
}

impl PartialEq for Rational {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other).is_eq()
    }
}

impl Eq for Rational {}

impl PartialOrd for Rational {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Rational {
    fn cmp(&self, other: &Self) -> Ordering {
        match (self, other) {
            (Self::Number(a), Self::Number(b)) => a.cmp(b),
            _ => order(self.parts(), other.parts()),
        }
    }
}
