//! Calculations are those on paper: fractions of whole numbers of any length, within bounds that are the
//! same.

use proptest::prelude::*;
use proptest::sample::select;
use rulebook::Rulebook;
use rulebook_lang::model::{Number, Rational, Rounding};

use super::numbers::{any_units, number};
use super::{cases, decimal};
use crate::reference::Exact;

fn rational(units: i128) -> Rational {
    Rational::Number(number(units))
}

/// What the engine has, for the reference.
fn exact(rational: Rational) -> Exact {
    match rational {
        Rational::Number(number) => Exact::of(decimal::read(&number.to_string()).unwrap()),
        Rational::Fraction(fraction) => Exact::written(&format!("{fraction:?}")),
    }
}

/// Numbers as records have them: few digits, or any.
fn units() -> impl Strategy<Value = i128> {
    let few = (-1_000_000_i128..1_000_000, select(vec![1, 1_000, 10_000_000, decimal::ONE]))
        .prop_map(|(digits, step)| digits * step);
    prop_oneof![few, any_units()]
}

const WAYS: [(Rounding, &str); 6] = [
    (Rounding::HalfEven, "half-even"),
    (Rounding::HalfUp, "half-up"),
    (Rounding::Up, "up"),
    (Rounding::Down, "down"),
    (Rounding::Floor, "floor"),
    (Rounding::Ceiling, "ceil"),
];

proptest! {
    #![proptest_config(cases(2_000))]

    /// A chain of calculations comes to what it comes to on paper, wherever its values leave the bounds.
    #[test]
    fn chains_are_those_on_paper(
        first in units(),
        steps in proptest::collection::vec((select(vec!['+', '-', '*', '/']), units()), 1..12),
    ) {
        let (mut engine, mut paper) = (rational(first), Exact::of(first));
        let mut before = vec![(engine, paper.clone())];
        for (sign, operand) in steps {
            // Every third operand is a fraction, too.
            let (other, other_on_paper) = match operand % 3 {
                0 => before[usize::try_from(operand.unsigned_abs() % before.len() as u128).unwrap()].clone(),
                _ => (rational(operand), Exact::of(operand)),
            };
            let (next, on_paper) = match sign {
                '+' => (engine.checked_add(other), paper.plus(&other_on_paper)),
                '-' => (engine.checked_sub(other), paper.plus(&other_on_paper.negative())),
                '*' => (engine.checked_mul(other), paper.times(&other_on_paper)),
                _ => (engine.checked_div(other), paper.over(&other_on_paper)),
            };
            prop_assert_eq!(next.map(exact), on_paper.clone(), "{:?} {} {:?}", engine, sign, other);
            let (Some(next), Some(on_paper)) = (next, on_paper) else { break };
            prop_assert_eq!(next.cmp(&engine), on_paper.cmp(&paper));
            prop_assert_eq!(next.cmp(&other), on_paper.cmp(&other_on_paper));
            prop_assert_eq!(next.rounded(), number(on_paper.seen()));
            prop_assert_eq!(exact(next.abs()) == exact(next), on_paper >= Exact::of(0));
            (engine, paper) = (next, on_paper);
            before.push((engine, paper.clone()));
        }
    }

    /// What is divided and multiplied by one number is what it was.
    #[test]
    fn a_quotient_times_its_divisor_is_the_dividend(x in any_units(), y in any_units()) {
        prop_assume!(y != 0);
        let Some(quotient) = rational(x).checked_div(rational(y)) else { return Ok(()) };
        prop_assert_eq!(quotient.checked_mul(rational(y)), Some(rational(x)));
        prop_assert_eq!(rational(y).checked_mul(quotient), Some(rational(x)));
    }

    /// Parts of an amount by weights add up to it, in every order.
    #[test]
    fn parts_add_up_to_the_whole(
        total in 0_i128..10_000_000_000_000_000_000,
        weights in proptest::collection::vec(1_i128..1_000_000_000_000, 1..20),
    ) {
        let sum: i128 = weights.iter().sum();
        let part = |weight: &i128| {
            let share = rational(*weight).checked_div(rational(sum))?;
            rational(total).checked_mul(share)
        };
        let all = weights.iter().try_fold(Rational::ZERO, |all, weight| all.checked_add(part(weight)?));
        prop_assert_eq!(all, Some(rational(total)));
        let backwards =
            weights.iter().rev().try_fold(Rational::ZERO, |all, weight| part(weight)?.checked_add(all));
        prop_assert_eq!(backwards, Some(rational(total)));
    }

    /// Every way of rounding finds the multiple that it says.
    #[test]
    fn roundings_are_those_on_paper(
        x in units(),
        y in units(),
        step in prop_oneof![
            select(vec![1, 10_000_000, 50_000_000, decimal::ONE]),
            1_i128..5 * decimal::ONE,
        ],
        halves in any::<bool>(),
    ) {
        let value = match halves {
            // In the middle of two multiples, or on one.
            true => rational(x % 1_000 * step).checked_div(rational(2 * decimal::ONE)),
            false => rational(x).checked_div(rational(y)),
        };
        let Some(value) = value else { return Ok(()) };
        for (way, name) in WAYS {
            let rounded = value.rounded_to(number(step), way);
            prop_assert_eq!(rounded, exact(value).rounded(step, name).map(number), "{}", name);
        }
    }
}

/// What a policy decides about a record with a principal and a rate.
fn decided(rule: &str, record: &str) -> String {
    let product = |factor: &str, times: usize| vec![factor; times].join(" * ");
    let (year, all) = (product("of_a_month(r)", 12), product("of_a_year(r)", 30));
    let text = format!(
        "record Loan {{ principal: EUR  rate: number }}
         fn of_a_month(r: number) -> number = 1 + r
         fn of_a_year(r: number) -> number = {year}
         fn thirty_years(r: number) -> number = {all}
         policy loans for Loan {{ decide owed: EUR by first  rule all {{ then {rule} }} }}"
    );
    let rulebook = Rulebook::from_sources([("loans.policy", text)]).unwrap();
    let policy = rulebook.policy("loans").unwrap();
    policy.decide_json(record.as_bytes()).unwrap().money("owed").unwrap().0.to_string()
}

/// A loan of thirty years at a monthly rate: the factor has more than three thousand digits after the
/// point, and the payment is right to the last digit that is told.
#[test]
fn long_products_keep_their_digits() {
    let record = r#"{"principal": 1250000, "rate": 0.003654321}"#;
    let rate = Exact::of(3_654_321);
    let factor = Exact::whole(1).plus_unbounded(&rate).to_the(360);
    let owed = Exact::whole(1_250_000).times_unbounded(&factor);
    let product = decided("principal * thirty_years(rate)", record);
    assert_eq!(product, decimal::print(owed.seen()));
    let above_one = factor.plus_unbounded(&Exact::whole(-1));
    let payment = owed.times_unbounded(&rate).over_unbounded(&above_one);
    let rule = "principal * rate * thirty_years(rate) / (thirty_years(rate) - 1)";
    assert_eq!(decided(rule, record), decimal::print(payment.seen()));
}

#[test]
fn tiny_values_have_as_many_digits() {
    // A millionth twelve times has 72 digits after the point; more than 76 are not kept.
    let millionth = rational(1_000);
    let million = rational(1_000_000 * decimal::ONE);
    let product = |of: Rational, times: usize| {
        (0..times).try_fold(rational(decimal::ONE), |all, _| all.checked_mul(of))
    };
    let tiny = product(millionth, 12).unwrap();
    let back = (0..12).try_fold(tiny, |all, _| all.checked_mul(million)).unwrap();
    assert_eq!(back, rational(decimal::ONE));
    assert_eq!(product(millionth, 13), Some(Rational::ZERO));
    // What is rounded to a number is one.
    let tinier = product(rational(1), 5).unwrap();
    let near = millionth.checked_sub(tinier).unwrap();
    assert!(matches!(near, Rational::Number(_)) && near == millionth, "{near:?}");
    let largest = rational(decimal::LARGEST);
    assert_eq!(largest.checked_mul(largest), None);
    assert_eq!(largest.checked_add(tiny).map(Rational::rounded), Some(number(decimal::LARGEST)));
    assert_eq!(Number::STEP, number(1));
}
