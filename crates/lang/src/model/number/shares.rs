//! An amount parted by weights into whole steps, exactly, however large amount and weights are.

use num_bigint::BigUint;
use num_integer::Integer as _;

use super::{Number, Rational, SCALE, beyond};

/// The parts of an amount, a whole number of steps, by weights of which none is below zero: each as large as its
/// share allows, and one step more for each of the largest remainders, of equal ones the last. Together they are
/// the amount; `None` where no weight is above zero.
pub fn shares(amount: Number, step: Number, weights: &[Rational]) -> Option<Vec<Number>> {
    let steps = amount.units().checked_div(step.units())?;
    let whole = BigUint::from(steps.unsigned_abs());
    let weights = whole_weights(weights);
    let sum: BigUint = weights.iter().sum();
    if sum == BigUint::ZERO {
        return None;
    }
    let shares = weights.iter().map(|weight| (&whole * weight).div_rem(&sum));
    let (mut parts, remainders): (Vec<_>, Vec<_>) = shares.unzip();
    let left = whole - parts.iter().sum::<BigUint>();
    let mut order: Vec<usize> = (0..parts.len()).collect();
    order.sort_by(|a, b| remainders.get(*b).cmp(&remainders.get(*a)).then(b.cmp(a)));
    // Fewer steps are left than there are parts.
    for at in order.into_iter().take(usize::try_from(left).ok()?) {
        *parts.get_mut(at)? += 1_u32;
    }
    let part = |part: BigUint| {
        let units = i128::try_from(part).ok()?.checked_mul(step.units())?;
        Number::from_units(if steps < 0 { -units } else { units })
    };
    parts.into_iter().map(part).collect()
}

/// Weights as whole numbers that are to each other as they are.
fn whole_weights(weights: &[Rational]) -> Vec<BigUint> {
    let parts: Vec<_> = weights.iter().map(|weight| weight.parts()).collect();
    let is_short = weights.iter().all(|weight| matches!(weight, Rational::Number(_)));
    let common = match is_short {
        true => BigUint::from(SCALE.unsigned_abs()),
        false => {
            parts.iter().fold(BigUint::from(1_u32), |all, parts| all.lcm(&beyond::bottom(*parts)))
        }
    };
    let whole = parts.into_iter().map(|parts| match is_short {
        true => BigUint::from(parts.numerator.unsigned_abs()),
        false => &common / beyond::bottom(parts) * parts.numerator.unsigned_abs(),
    });
    whole.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parted(amount: &str, weights: &[&str]) -> Option<Vec<String>> {
        let number = |text: &str| text.parse::<Number>().unwrap_or_default();
        let weights: Vec<_> = weights.iter().map(|text| Rational::Number(number(text))).collect();
        let parts = shares(number(amount), number("0.01"), &weights)?;
        Some(parts.iter().map(Number::to_string).collect())
    }

    #[test]
    fn amounts_are_parted_without_a_step_too_few() {
        let told = |parts: &[&str]| Some(parts.iter().map(ToString::to_string).collect());
        assert_eq!(parted("10", &["1", "1", "1"]), told(&["3.33", "3.33", "3.34"]));
        assert_eq!(parted("-0.05", &["1", "0", "2"]), told(&["-0.02", "0", "-0.03"]));
        assert_eq!(parted("1", &["0", "0"]), None);
        let largest = "99999999999999999999999999999";
        assert_eq!(parted(largest, &["1", largest]), told(&["1", "99999999999999999999999999998"]));
        assert_eq!(parted("0", &["7", largest, "9"]), told(&["0", "0", "0"]));
    }

    #[test]
    fn weights_may_be_fractions() {
        let one = Rational::Number(Number::ONE);
        let third = one.checked_div(Rational::Number(Number::from(3_i64)));
        let weights: Vec<_> = third.into_iter().chain([one]).collect();
        let parts = shares(Number::from(1_i64), "0.01".parse().unwrap_or_default(), &weights);
        let parts = parts.unwrap_or_default();
        assert_eq!(parts.iter().map(Number::to_string).collect::<Vec<_>>(), ["0.25", "0.75"]);
    }
}
