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
pub(super) fn mul(a: u128, b: u128) -> (u128, u128) {
    const LOW: u128 = u64::MAX as u128;
    let (a1, a0, b1, b0) = (a >> 64, a & LOW, b >> 64, b & LOW);
    let (mid1, mid2) = (a1 * b0, a0 * b1);
    let (mid, carry_mid) = mid1.overflowing_add(mid2);
    let (low, carry_low) = (a0 * b0).overflowing_add(mid << 64);
    let high = a1 * b1 + (mid >> 64) + (u128::from(carry_mid) << 64) + u128::from(carry_low);
    (high, low)
}

/// Quotient and rest of a 256-bit number, bit by bit; `None` if the quotient is too large.
pub(super) fn div(high: u128, low: u128, divisor: u128) -> Option<(u128, u128)> {
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
