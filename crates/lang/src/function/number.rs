//! Functions of numbers, money and durations.

use super::Function;
use crate::kernel::{Context, Problem, instant, multiply, negate, number, order};
use crate::model::{self, Rational, Rounding, Value};
use crate::signature::Shape::{
    Amount, Date, Duration, Money, Number, Text, Time, TimeOfDay, Unit, Version,
};
use crate::signature::{Signature, signature};

macro_rules! pairs {
    ($kernel:path) => {
        &[
            signature(&[Number, Number], Number, $kernel),
            signature(&[Money, Money], Money, $kernel),
            signature(&[Duration, Duration], Duration, $kernel),
            signature(&[Date, Date], Date, $kernel),
            signature(&[Time, Time], Time, $kernel),
            signature(&[Date, Time], Time, $kernel),
            signature(&[Time, Date], Time, $kernel),
            signature(&[TimeOfDay, TimeOfDay], TimeOfDay, $kernel),
            signature(&[Version, Version], Version, $kernel),
        ]
    };
}

/// Rounding to a number of digits, or to what is whole.
macro_rules! to_digits {
    ($kernel:path) => {
        &[
            signature(&[Number, Number], Number, $kernel),
            signature(&[Number], Number, $kernel),
            signature(&[Money, Number], Money, $kernel),
            Signature { minor_digits: true, ..signature(&[Money], Money, $kernel) },
        ]
    };
}

/// Rounding to what is whole.
macro_rules! to_whole {
    ($kernel:path) => {
        &[
            signature(&[Number], Number, $kernel),
            Signature { minor_digits: true, ..signature(&[Money], Money, $kernel) },
        ]
    };
}

/// Rounding to multiples of a step.
macro_rules! to_step {
    ($kernel:path) => {
        &[signature(&[Number, Number], Number, $kernel), signature(&[Money, Money], Money, $kernel)]
    };
}

pub(super) static FUNCTIONS: &[Function] = &[
    Function {
        name: "abs",
        signatures: &[
            signature(&[Number], Number, abs),
            signature(&[Money], Money, abs),
            signature(&[Duration], Duration, abs),
        ],
        doc: "The value without its sign.",
        example: "abs(-3) == 3",
    },
    Function {
        name: "min",
        signatures: pairs!(min),
        doc: "The smallest of two or more values; a date beside a time counts as its first instant.",
        example: "min(3, 5) == 3 and min(8, 5, 9) == 5",
    },
    Function {
        name: "max",
        signatures: pairs!(max),
        doc: "The largest of two or more values; a date beside a time counts as its first instant.",
        example: "max(3 CNY, 5 CNY) == 5 CNY and max(2024-09-12, 2024-09-13T08:00) == 2024-09-13T08:00",
    },
    Function {
        name: "clamp",
        signatures: &[
            signature(&[Number, Number, Number], Number, clamp),
            signature(&[Money, Money, Money], Money, clamp),
            signature(&[Duration, Duration, Duration], Duration, clamp),
        ],
        doc: "The first value, but not below the second and not above the third.",
        example: "clamp(2 CNY, 5 CNY, 50 CNY) == 5 CNY",
    },
    Function {
        name: "round",
        signatures: to_digits!(round),
        doc: "Rounded half to even: to that many digits after the point; without them a number to a whole one, money to its minor unit.",
        example: "round(2.345, 2) == 2.34 and round(2.5) == 2 and round(9.999 CNY) == 10 CNY",
    },
    Function {
        name: "round_half_up",
        signatures: to_digits!(round_half_up),
        doc: "Rounded as by `round`, but halves away from zero, as traders do.",
        example: "round_half_up(2.345, 2) == 2.35 and round_half_up(-2.5) == -3 and round_half_up(0.125 EUR) == 0.13 EUR",
    },
    Function {
        name: "round_up",
        signatures: to_digits!(round_up),
        doc: "Rounded as by `round`, but always away from zero.",
        example: "round_up(2.341, 2) == 2.35 and round_up(-2.1) == -3 and round_up(1.1 JPY) == 2 JPY",
    },
    Function {
        name: "round_down",
        signatures: to_digits!(round_down),
        doc: "Rounded as by `round`, but always towards zero: digits are cut off.",
        example: "round_down(2.349, 2) == 2.34 and round_down(-2.9) == -2 and round_down(1.2349 KWD) == 1.234 KWD",
    },
    Function {
        name: "floor",
        signatures: to_whole!(floor),
        doc: "The largest whole number, or whole number of minor units, that is not larger.",
        example: "floor(2.9) == 2 and floor(-0.019 EUR) == -0.02 EUR",
    },
    Function {
        name: "ceil",
        signatures: to_whole!(ceil),
        doc: "The smallest whole number, or whole number of minor units, that is not smaller.",
        example: "ceil(2.1) == 3 and ceil(0.011 EUR) == 0.02 EUR",
    },
    Function {
        name: "round_to",
        signatures: to_step!(round_to),
        doc: "The nearest multiple of a step; of two as near, the even one.",
        example: "round_to(10.13 CHF, 0.05 CHF) == 10.15 CHF and round_to(7, 5) == 5",
    },
    Function {
        name: "round_half_up_to",
        signatures: to_step!(round_half_up_to),
        doc: "The nearest multiple of a step; of two as near, the one further from zero.",
        example: "round_half_up_to(0.025 EUR, 0.05 EUR) == 0.05 EUR",
    },
    Function {
        name: "round_up_to",
        signatures: to_step!(round_up_to),
        doc: "The multiple of a step that is not nearer to zero.",
        example: "round_up_to(10.11 CHF, 0.05 CHF) == 10.15 CHF and round_up_to(10, 5) == 10",
    },
    Function {
        name: "round_down_to",
        signatures: to_step!(round_down_to),
        doc: "The multiple of a step that is not further from zero.",
        example: "round_down_to(10.14 CHF, 0.05 CHF) == 10.1 CHF",
    },
    Function {
        name: "convert",
        signatures: &[signature(&[Amount, Unit, Number], Money, convert)],
        doc: "An amount in another currency, by a rate: so much of that currency for one of its own. It is exact until it is rounded.",
        example: "convert(20 USD, CNY, 7.105) == 142.1 CNY",
    },
    Function {
        name: "percent",
        signatures: &[signature(&[Number], Text, percent)],
        doc: "The number as a text in percent.",
        example: "percent(0.3) == \"30%\"",
    },
];

fn abs<'v>(v: &[Value<'v>], context: &Context<'_>) -> Result<Value<'v>, Problem> {
    match v {
        [Value::Number(value)] => Ok(Value::Number(value.abs())),
        [Value::Fraction(value)] => Ok(Rational::Fraction(*value).abs().into()),
        [Value::Duration(value)] if value.is_negative() => negate(v, context),
        [Value::Duration(value)] => Ok(Value::Duration(*value)),
        _ => Err(Problem::Misfit),
    }
}

fn min<'v>(v: &[Value<'v>], context: &Context<'_>) -> Result<Value<'v>, Problem> {
    let [a, b] = v else { return Err(Problem::Misfit) };
    chosen(if order(b, a, context)?.is_lt() { [b, a] } else { [a, b] }, context)
}

fn max<'v>(v: &[Value<'v>], context: &Context<'_>) -> Result<Value<'v>, Problem> {
    let [a, b] = v else { return Err(Problem::Misfit) };
    chosen(if order(b, a, context)?.is_gt() { [b, a] } else { [a, b] }, context)
}

/// The first of two values; a date as its first instant where the other is a time.
fn chosen<'v>(
    [chosen, other]: [&Value<'v>; 2],
    context: &Context<'_>,
) -> Result<Value<'v>, Problem> {
    match (chosen, other) {
        (Value::Date(date), Value::Time(_)) => instant(*date, context).map(Value::Time),
        _ => Ok(chosen.clone()),
    }
}

fn clamp<'v>(v: &[Value<'v>], context: &Context<'_>) -> Result<Value<'v>, Problem> {
    let [value, low, high] = v else { return Err(Problem::Misfit) };
    if order(low, high, context)?.is_gt() {
        return Err(Problem::BadArgument("`clamp` needs its low end below its high end".into()));
    }
    let raised = max(&[value.clone(), low.clone()], context)?;
    min(&[raised, high.clone()], context)
}

/// Rounding to a number of digits, which follows the value or is that of whole numbers.
macro_rules! to_digits_kernels {
    ($($name:ident $rounding:ident)*) => {
        $(fn $name<'v>(v: &[Value<'v>], _: &Context<'_>) -> Result<Value<'v>, Problem> {
            rounded_to_digits(v, stringify!($name), Rounding::$rounding)
        })*
    };
}

to_digits_kernels! {
    round HalfEven
    round_half_up HalfUp
    round_up Up
    round_down Down
    floor Floor
    ceil Ceiling
}

/// Rounding to multiples of a step.
macro_rules! to_step_kernels {
    ($($name:ident $rounding:ident)*) => {
        $(fn $name<'v>(v: &[Value<'v>], _: &Context<'_>) -> Result<Value<'v>, Problem> {
            rounded_to_step(v, stringify!($name), Rounding::$rounding)
        })*
    };
}

to_step_kernels! {
    round_to HalfEven
    round_half_up_to HalfUp
    round_up_to Up
    round_down_to Down
}

fn rounded_to_digits<'v>(
    v: &[Value<'v>],
    name: &str,
    rounding: Rounding,
) -> Result<Value<'v>, Problem> {
    let (value, digits) = match v {
        [value] => (value, Some(0)),
        [value, Value::Number(digits)] => {
            (value, digits.to_i64().and_then(|digits| u32::try_from(digits).ok()))
        }
        [value, Value::Fraction(_)] => (value, None),
        _ => return Err(Problem::Misfit),
    };
    let value = value.rational().ok_or(Problem::Misfit)?;
    match digits {
        Some(digits) if digits <= 9 => {
            number(value.rounded_to(model::Number::last_of(digits), rounding))
        }
        _ => Err(Problem::BadArgument(format!("`{name}` takes 0 to 9 digits"))),
    }
}

fn rounded_to_step<'v>(
    v: &[Value<'v>],
    name: &str,
    rounding: Rounding,
) -> Result<Value<'v>, Problem> {
    let [value, step] = v else { return Err(Problem::Misfit) };
    let value = value.rational().ok_or(Problem::Misfit)?;
    match step {
        Value::Number(step) if *step > model::Number::ZERO => {
            number(value.rounded_to(*step, rounding))
        }
        Value::Number(_) => Err(Problem::BadArgument(format!("`{name}` needs a step above zero"))),
        _ => {
            let message = format!("`{name}` needs a step of at most 9 digits after the point");
            Err(Problem::BadArgument(message))
        }
    }
}

/// What is given is counted in one unit of its currency, the second value.
fn convert<'v>(v: &[Value<'v>], context: &Context<'_>) -> Result<Value<'v>, Problem> {
    let [amount, _, rate] = v else { return Err(Problem::Misfit) };
    multiply(&[amount.clone(), rate.clone()], context)
}

fn percent<'v>(v: &[Value<'v>], _: &Context<'_>) -> Result<Value<'v>, Problem> {
    let [value] = v else { return Err(Problem::Misfit) };
    let value = value.rational().ok_or(Problem::Misfit)?;
    let hundred = Rational::Number(model::Number::from(100));
    let hundredfold = value.checked_mul(hundred).ok_or(Problem::Overflow)?.rounded();
    Ok(Value::Text(format!("{hundredfold}%").into()))
}
