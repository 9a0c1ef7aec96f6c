//! Remainders, powers, and amounts that are parted without losing a cent.

use super::Function;
use crate::kernel::{Context, Kernel, Problem, divide, multiply, subtract};
use crate::model::{self, List, Rational, Rounding, Value};
use crate::signature::Shape::{ListOf, Money, Number};
use crate::signature::{Signature, signature, signature_of};

pub(super) static FUNCTIONS: &[Function] = &[
    Function {
        name: "mod",
        signatures: &[
            signature(&[Number, Number], Number, remainder),
            signature(&[Money, Money], Money, remainder),
        ],
        doc: "What is left when the first is parted into pieces of the second, with the sign of the second.",
        example: "mod(17, 5) == 2 and mod(-1, 7) == 6 and mod(10.30 EUR, 0.50 EUR) == 0.30 EUR",
    },
    Function {
        name: "power",
        signatures: &[signature(&[Number, Number], Number, power)],
        doc: "The first, multiplied with itself as often as the second says, a whole number from -1000 to 1000; exact.",
        example: "power(1.1, 2) == 1.21 and power(2, -2) == 0.25",
    },
    Function {
        name: "allocate",
        signatures: &[
            Signature {
                minor_digits: true,
                ..signature_of(
                    &[Money, ListOf(&Number)],
                    ListOf(&Money),
                    Kernel::of(allocate, 8, true),
                )
            },
            Signature {
                minor_digits: true,
                ..signature_of(
                    &[Money, ListOf(&Money)],
                    ListOf(&Money),
                    Kernel::of(allocate, 8, true),
                )
            },
        ],
        doc: "The amount parted by weights, each part in whole minor units and all of them together the amount: \
              what is left over goes to the largest remainders, of equal ones to the last.",
        example: "sum(part in allocate(10 EUR, [1, 1, 1]): part) == 10 EUR and 3.34 EUR in allocate(10 EUR, [1, 1, 1])",
    },
];

fn whole(value: Rational, rounding: Rounding) -> Option<Rational> {
    value.rounded_to(model::Number::ONE, rounding).map(Rational::Number)
}

fn remainder<'v>(v: &[Value<'v>], context: &Context<'_>) -> Result<Value<'v>, Problem> {
    let [value, piece] = v else { return Err(Problem::Misfit) };
    let times = divide(v, context)?.rational().ok_or(Problem::Misfit)?;
    let times = whole(times, Rounding::Floor).ok_or(Problem::Overflow)?;
    let pieces = multiply(&[times.into(), piece.clone()], context)?;
    subtract(&[value.clone(), pieces], context)
}

/// The largest exponent, by which the work is bounded.
const MOST_FACTORS: u64 = 1000;

fn power<'v>(v: &[Value<'v>], _: &Context<'_>) -> Result<Value<'v>, Problem> {
    let [base, Value::Number(exponent)] = v else {
        return Err(Problem::BadArgument("`power` takes whole exponents".into()));
    };
    let base = base.rational().ok_or(Problem::Misfit)?;
    let exponent = exponent.to_i64().filter(|exponent| exponent.unsigned_abs() <= MOST_FACTORS);
    let exponent = exponent.ok_or_else(|| {
        Problem::BadArgument(format!(
            "`power` takes whole exponents from -{MOST_FACTORS} to {MOST_FACTORS}"
        ))
    })?;
    let one = Rational::Number(model::Number::ONE);
    let (mut product, mut square, mut rest) = (one, base, exponent.unsigned_abs());
    while rest > 0 {
        if rest % 2 == 1 {
            product = product.checked_mul(square).ok_or(Problem::Overflow)?;
        }
        rest /= 2;
        if rest > 0 {
            square = square.checked_mul(square).ok_or(Problem::Overflow)?;
        }
    }
    match exponent < 0 {
        false => Ok(product.into()),
        true if product == Rational::ZERO => Err(Problem::DivisionByZero),
        true => one.checked_div(product).map(Value::from).ok_or(Problem::Overflow),
    }
}

fn allocate<'v>(v: &[Value<'v>], _: &Context<'_>) -> Result<Value<'v>, Problem> {
    let [total, Value::List(weights), Value::Number(digits)] = v else {
        return Err(Problem::Misfit);
    };
    let unit = digits.to_i64().and_then(|digits| u32::try_from(digits).ok());
    let unit = model::Number::last_of(unit.ok_or(Problem::Misfit)?);
    let total = total.rational().ok_or(Problem::Misfit)?;
    let amount = total.rounded_to(unit, Rounding::HalfEven).ok_or(Problem::Overflow)?;
    if Rational::Number(amount) != total {
        return Err(bad("parts an amount that is rounded to its minor unit"));
    }
    let weights: Option<Vec<_>> = weights.iter().map(|weight| weight.rational()).collect();
    let weights = weights.ok_or(Problem::Misfit)?;
    if weights.iter().any(|weight| *weight < Rational::ZERO) {
        return Err(bad("takes no weights below zero"));
    }
    if weights.iter().all(|weight| *weight == Rational::ZERO) {
        return Err(bad("needs a weight above zero"));
    }
    let parts = model::shares(amount, unit, &weights).ok_or(Problem::Overflow)?;
    Ok(Value::List(List::made(parts.into_iter().map(Value::Number).collect())))
}

fn bad(what: &str) -> Problem {
    Problem::BadArgument(format!("`allocate` {what}"))
}
