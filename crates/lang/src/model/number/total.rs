//! Running totals of numbers, which outgrow them.

use super::Number;

/// A sum of numbers that may be larger than a number: with 192 bits, no count of them overflows it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[repr(Rust, packed(8))]
pub struct Total {
    low: u128,
    high: i64,
}

impl Total {
    /// The total with a number added.
    #[must_use]
    pub fn plus(self, number: Number) -> Self {
        self.and(Self { low: number.0 as u128, high: if number.0 < 0 { -1 } else { 0 } })
    }

    /// The total of this one and another.
    #[must_use]
    pub fn and(self, other: Self) -> Self {
        let (low, carry) = { self.low }.overflowing_add(other.low);
        let high = self.high.wrapping_add(other.high).wrapping_add(i64::from(carry));
        Self { low, high }
    }

    /// What this total has more than an earlier one, unless that is too large for a number.
    pub fn since(self, earlier: Self) -> Option<Number> {
        let (low, borrow) = { self.low }.overflowing_sub(earlier.low);
        let high = self.high.wrapping_sub(earlier.high).wrapping_sub(i64::from(borrow));
        let units = low as i128;
        let fits = high == if units < 0 { -1 } else { 0 };
        fits.then(|| Number::from_units(units)).flatten()
    }
}

#[cfg(test)]
mod tests {
    use super::{Number, Total};
    use crate::model::number::MAX_UNITS;

    #[test]
    fn totals_outgrow_numbers_and_come_back() {
        let most = Number(MAX_UNITS);
        let mut total = Total::default();
        let mut totals = vec![total];
        for number in [most, most, most, most.negate(), most.negate(), most.negate(), Number::ONE] {
            total = total.plus(number);
            totals.push(total);
        }
        assert_eq!(totals[1].since(totals[0]), Some(most));
        assert_eq!(totals[2].since(totals[0]), None);
        assert_eq!(totals[3].since(totals[2]), Some(most));
        assert_eq!(totals[5].since(totals[3]), None);
        assert_eq!(totals[4].since(totals[3]), Some(most.negate()));
        assert_eq!(totals[7].since(totals[0]), Some(Number::ONE));
    }
}
