//! Ways of rounding.

use std::cmp::Ordering;

/// Which of the two multiples beside a value it is rounded to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Rounding {
    /// The nearer one; of two as near, the even one.
    HalfEven,
    /// The nearer one; of two as near, the one further from zero.
    HalfUp,
    /// The one further from zero.
    Up,
    /// The one nearer to zero.
    Down,
    /// The smaller one.
    Floor,
    /// The larger one.
    Ceiling,
}

impl Rounding {
    /// The whole number for a fraction whose denominator is at least one and no larger than an `i128`.
    #[inline]
    pub(super) fn whole(self, numerator: i128, denominator: u128) -> i128 {
        let divisor = denominator.cast_signed();
        let towards_zero = numerator / divisor;
        let rest = (numerator - towards_zero * divisor).unsigned_abs();
        let half = (rest * 2).cmp(&denominator);
        let is_odd = towards_zero % 2 != 0;
        let away = self.is_away(numerator < 0, is_odd, (rest != 0).then_some(half));
        match (away, numerator < 0) {
            (false, _) => towards_zero,
            (true, false) => towards_zero + 1,
            (true, true) => towards_zero - 1,
        }
    }

    /// Whether a value is rounded away from zero: by its sign, by whether the whole number towards zero is
    /// odd, and by how what is left compares with one half; `None` where nothing is left.
    pub(super) fn is_away(self, is_negative: bool, is_odd: bool, half: Option<Ordering>) -> bool {
        let Some(half) = half else { return false };
        match self {
            Self::HalfEven => half.is_gt() || (half.is_eq() && is_odd),
            Self::HalfUp => half.is_ge(),
            Self::Up => true,
            Self::Down => false,
            Self::Floor => is_negative,
            Self::Ceiling => !is_negative,
        }
    }
}
