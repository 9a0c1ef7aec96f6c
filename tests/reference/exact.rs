//! Exact values the plain way: fractions of whole numbers of any length, always in lowest terms.

use std::cmp::Ordering;

use num_bigint::{BigInt, Sign};

use super::decimal;

/// A number or an amount, with all its digits.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Exact {
    numerator: BigInt,
    /// Above zero.
    denominator: BigInt,
}

fn power(digits: u32) -> BigInt {
    BigInt::from(10).pow(digits)
}

fn divisor(a: BigInt, b: BigInt) -> BigInt {
    if b == BigInt::ZERO { a } else { divisor(b.clone(), a % b) }
}

/// The whole number that is not larger.
fn floor(numerator: &BigInt, denominator: &BigInt) -> BigInt {
    let whole = numerator / denominator;
    if numerator % denominator < BigInt::ZERO { whole - 1 } else { whole }
}

impl Exact {
    fn new(numerator: BigInt, denominator: BigInt) -> Self {
        let (numerator, denominator) = match denominator.sign() {
            Sign::Minus => (-numerator, -denominator),
            _ => (numerator, denominator),
        };
        let common = divisor(denominator.clone(), numerator.clone());
        let common = if common.sign() == Sign::Minus { -common } else { common };
        Self { numerator: numerator / &common, denominator: denominator / common }
    }

    /// So many steps of the ninth decimal.
    pub(crate) fn of(units: i128) -> Self {
        Self::new(units.into(), decimal::ONE.into())
    }

    pub(crate) fn whole(whole: i128) -> Self {
        Self::new(whole.into(), 1.into())
    }

    /// A fraction as it is written: `1/3`, or `5e-40`.
    pub(crate) fn written(text: &str) -> Self {
        let whole = |text: &str| text.parse::<BigInt>().unwrap();
        match text.split_once("e-") {
            Some((digits, places)) => Self::new(whole(digits), power(places.parse().unwrap())),
            None => {
                let (numerator, denominator) = text.split_once('/').unwrap();
                Self::new(whole(numerator), whole(denominator))
            }
        }
    }

    pub(crate) fn is_zero(&self) -> bool {
        self.numerator == BigInt::ZERO
    }

    /// The steps of the ninth decimal where there is nothing behind it.
    pub(crate) fn units(&self) -> Option<i128> {
        let rounded = self.rounded(1, "half-even")?;
        (Self::of(rounded) == *self).then_some(rounded)
    }

    /// What is seen of it: the ninth decimal, rounded half to even.
    pub(crate) fn seen(&self) -> i128 {
        self.rounded(1, "half-even").unwrap()
    }

    /// The multiple of a step, in units, as a way of rounding says; `None` if it is no number.
    pub(crate) fn rounded(&self, step: i128, how: &str) -> Option<i128> {
        let (numerator, denominator) = (&self.numerator * decimal::ONE, &self.denominator * step);
        let below = floor(&numerator, &denominator);
        let rest = &numerator - &below * &denominator;
        let is_negative = numerator < BigInt::ZERO;
        let half = (&rest + &rest).cmp(&denominator);
        let up = match how {
            _ if rest == BigInt::ZERO => false,
            "half-even" => half.is_gt() || half.is_eq() && below.bit(0),
            "half-up" => half.is_gt() || half.is_eq() && !is_negative,
            "up" => !is_negative,
            "down" => is_negative,
            "floor" => false,
            "ceil" => true,
            other => panic!("there is no rounding {other}"),
        };
        let units = (below + i32::from(up)) * step;
        i128::try_from(units).ok().filter(|units| units.abs() <= decimal::LARGEST)
    }

    /// The value within bounds: exact if both parts are below 2 to the 127th, else with 38 significant
    /// digits, of which at most 76 stand after the point. `None` if the nearest number is too large.
    fn bounded(self) -> Option<Self> {
        let limit = BigInt::from(i128::MAX);
        let size = |part: &BigInt| part.magnitude().clone();
        let fits = size(&self.numerator) <= size(&limit) && self.denominator <= limit;
        let kept = if fits { self } else { self.significant() };
        kept.rounded(1, "half-even").map(|_| kept)
    }

    fn significant(self) -> Self {
        // The first power that brings 38 digits before the point.
        let reaches = |digits: &u32| {
            let scaled = self.numerator.magnitude() * power(*digits).magnitude();
            scaled >= self.denominator.magnitude() * power(37).magnitude()
        };
        let digits = (0..76).find(reaches).unwrap_or(76);
        let scaled = Self::new(self.numerator * power(digits), self.denominator);
        let below = floor(&scaled.numerator, &scaled.denominator);
        let rest = &scaled.numerator - &below * &scaled.denominator;
        let twice = &rest + &rest;
        let up = match twice.cmp(&scaled.denominator) {
            Ordering::Less => false,
            Ordering::Equal => below.bit(0),
            Ordering::Greater => true,
        };
        Self::new(below + i32::from(up), power(digits))
    }

    pub(crate) fn plus(&self, other: &Self) -> Option<Self> {
        self.plus_unbounded(other).bounded()
    }

    /// The sum, however many digits it has.
    pub(crate) fn plus_unbounded(&self, other: &Self) -> Self {
        let left = &self.numerator * &other.denominator;
        let right = &other.numerator * &self.denominator;
        Self::new(left + right, &self.denominator * &other.denominator)
    }

    pub(crate) fn negative(&self) -> Self {
        Self::new(-self.numerator.clone(), self.denominator.clone())
    }

    pub(crate) fn times(&self, other: &Self) -> Option<Self> {
        self.times_unbounded(other).bounded()
    }

    /// The product, however many digits it has.
    pub(crate) fn times_unbounded(&self, other: &Self) -> Self {
        let numerator = &self.numerator * &other.numerator;
        Self::new(numerator, &self.denominator * &other.denominator)
    }

    /// `None` also for a division by zero.
    pub(crate) fn over(&self, other: &Self) -> Option<Self> {
        if other.is_zero() { None } else { self.over_unbounded(other).bounded() }
    }

    /// A product of so many equal factors.
    pub(crate) fn to_the(&self, count: u32) -> Self {
        Self::new(self.numerator.pow(count), self.denominator.pow(count))
    }

    /// The quotient of a number that is not zero, however many digits it has.
    pub(crate) fn over_unbounded(&self, other: &Self) -> Self {
        let numerator = &self.numerator * &other.denominator;
        Self::new(numerator, &self.denominator * &other.numerator)
    }
}

impl PartialOrd for Exact {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Exact {
    fn cmp(&self, other: &Self) -> Ordering {
        (&self.numerator * &other.denominator).cmp(&(&other.numerator * &self.denominator))
    }
}
