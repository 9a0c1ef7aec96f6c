//! Fractions: what calculations give that no number is.

use std::cmp::Ordering;
use std::fmt;

use super::parts::{Parts, short};
use super::{Number, Rounding, SCALE, beyond, wide};

/// A value with more digits than a [`Number`] has: the third of one, or the product of two numbers with
/// many digits. It never leaves a judgement: who tells it, [rounds](Self::rounded) it.
///
/// It is exact as long as its numerator and its denominator, in lowest terms, have up to 38 digits; what
/// has more is rounded half to even to 38 significant digits, of which at most 76 stand after the point.
/// No fraction is equal to a number, and none is too large to be rounded to one.
// As an enum, or with the alignment of an `i128`, a value would take more room.
#[derive(Clone, Copy)]
#[repr(Rust, packed(8))]
pub struct Fraction {
    numerator: i128,
    /// Below [`POWER`] it is what it says; else, how many digits the numerator has after the point.
    denominator: u128,
}

/// Marks a denominator that is a power of ten and too large to be written down.
const POWER: u128 = 1 << 127;

impl Fraction {
    /// A fraction that is no number, nor too large for one.
    pub(super) fn of(numerator: i128, denominator: u128) -> Self {
        Self { numerator, denominator }
    }

    /// The same with digits after the point instead of a denominator.
    pub(super) fn of_digits(numerator: i128, digits: u32) -> Self {
        Self { numerator, denominator: POWER | u128::from(digits) }
    }

    pub(super) fn parts(self) -> Parts {
        let Self { numerator, denominator } = self;
        if denominator & POWER == 0 {
            Parts { numerator, denominator, zeros: 0 }
        } else {
            let zeros = u32::try_from(denominator ^ POWER).unwrap_or_default();
            Parts { numerator, denominator: 1, zeros }
        }
    }

    pub(super) fn negate(self) -> Self {
        Self { numerator: -self.numerator, ..self }
    }

    pub(super) fn is_negative(self) -> bool {
        self.numerator < 0
    }

    /// How much longer than with numbers it takes to calculate with it, in steps of an evaluation.
    #[doc(hidden)]
    pub fn steps(self) -> u64 {
        if { self.denominator } > u128::from(u64::MAX) { 64 } else { 4 }
    }

    /// The nearest number, and of two as near the even one: how it leaves a judgement.
    pub fn rounded(self) -> Number {
        // What has no number near it was refused when it was made.
        self.rounded_to(Number::STEP, Rounding::HalfEven).unwrap_or_default()
    }

    /// The number that has the first nine of its digits behind the point: more follow.
    pub fn cut(self) -> Number {
        self.rounded_to(Number::STEP, Rounding::Down).unwrap_or_default()
    }

    /// The largest number that is smaller: the next one is larger than the fraction.
    pub fn below(self) -> Number {
        self.rounded_to(Number::STEP, Rounding::Floor).unwrap_or_default()
    }

    /// The multiple of a step that a way of rounding says; `None` on overflow, or where the step is not
    /// positive.
    pub(super) fn rounded_to(self, step: Number, rounding: Rounding) -> Option<Number> {
        let steps = u128::try_from(step.units()).ok().filter(|steps| *steps > 0)?;
        let parts = self.parts();
        let small = || {
            short([parts])?;
            let numerator = parts.numerator.checked_mul(SCALE)?;
            Parts::fitting(numerator, parts.denominator.checked_mul(steps)?)
        };
        let count = match small() {
            Some(parts) => rounding.whole(parts.numerator, parts.denominator),
            None => beyond::whole(parts, steps, rounding)?,
        };
        Number::from_units(count.checked_mul(step.units())?)
    }
}

/// The order of two fractions by their parts.
pub(super) fn order(a: Parts, b: Parts) -> Ordering {
    if a.zeros != 0 || b.zeros != 0 {
        return beyond::order(a, b);
    }
    let (left, right) = (b.denominator.cast_signed(), a.denominator.cast_signed());
    match (a.numerator.checked_mul(left), b.numerator.checked_mul(right)) {
        (Some(left), Some(right)) => left.cmp(&right),
        _ => {
            let signs = a.numerator.signum().cmp(&b.numerator.signum());
            let left = wide::mul(a.numerator.unsigned_abs(), b.denominator);
            let right = wide::mul(b.numerator.unsigned_abs(), a.denominator);
            let sizes = if a.numerator < 0 { right.cmp(&left) } else { left.cmp(&right) };
            signs.then(sizes)
        }
    }
}

impl PartialEq for Fraction {
    fn eq(&self, other: &Self) -> bool {
        order(self.parts(), other.parts()).is_eq()
    }
}

impl Eq for Fraction {}

impl fmt::Debug for Fraction {
    /// As it is written on paper: `1/3`, or with its digits after the point.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Parts { numerator, denominator, zeros } = self.parts();
        match zeros {
            0 => write!(f, "{numerator}/{denominator}"),
            zeros => write!(f, "{numerator}e-{zeros}"),
        }
    }
}

impl fmt::Display for Fraction {
    /// With as many digits as people follow: at most 18 after the point.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&beyond::to_decimal(self.parts(), 18))
    }
}
