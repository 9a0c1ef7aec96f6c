//! Functions of numbers, money and durations.

use super::Function;
use crate::kernel::{Context, Problem, negate, number, order};
use crate::model::{self, Value};
use crate::signature::Shape::{Date, Duration, Money, Number, Text, Time};
use crate::signature::{Signature, signature};

macro_rules! pairs {
    ($kernel:path) => {
        &[
            signature(&[Number, Number], Number, $kernel),
            signature(&[Money, Money], Money, $kernel),
            signature(&[Duration, Duration], Duration, $kernel),
            signature(&[Date, Date], Date, $kernel),
            signature(&[Time, Time], Time, $kernel),
        ]
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
        doc: "The smaller of two values.",
        example: "min(3, 5) == 3",
    },
    Function {
        name: "max",
        signatures: pairs!(max),
        doc: "The larger of two values.",
        example: "max(3 CNY, 5 CNY) == 5 CNY",
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
        signatures: &[
            signature(&[Number, Number], Number, round),
            signature(&[Number], Number, round),
            Signature { minor_digits: true, ..signature(&[Money], Money, round) },
        ],
        doc: "Rounded half to even: a number to that many digits (none: whole), money to its minor unit.",
        example: "round(2.345, 2) == 2.34 and round(2.5) == 2 and round(9.999 CNY) == 10 CNY",
    },
    Function {
        name: "floor",
        signatures: &[signature(&[Number], Number, floor)],
        doc: "The largest whole number that is not larger.",
        example: "floor(2.9) == 2",
    },
    Function {
        name: "ceil",
        signatures: &[signature(&[Number], Number, ceil)],
        doc: "The smallest whole number that is not smaller.",
        example: "ceil(2.1) == 3",
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
        [Value::Duration(value)] if value.is_negative() => negate(v, context),
        [Value::Duration(value)] => Ok(Value::Duration(*value)),
        _ => Err(Problem::Misfit),
    }
}

fn min<'v>(v: &[Value<'v>], context: &Context<'_>) -> Result<Value<'v>, Problem> {
    let [a, b] = v else { return Err(Problem::Misfit) };
    Ok(if order(b, a, context)?.is_lt() { b.clone() } else { a.clone() })
}

fn max<'v>(v: &[Value<'v>], context: &Context<'_>) -> Result<Value<'v>, Problem> {
    let [a, b] = v else { return Err(Problem::Misfit) };
    Ok(if order(b, a, context)?.is_gt() { b.clone() } else { a.clone() })
}

fn clamp<'v>(v: &[Value<'v>], context: &Context<'_>) -> Result<Value<'v>, Problem> {
    let [value, low, high] = v else { return Err(Problem::Misfit) };
    if order(low, high, context)?.is_gt() {
        return Err(Problem::BadArgument("`clamp` needs its low end below its high end".into()));
    }
    let raised = max(&[value.clone(), low.clone()], context)?;
    min(&[raised, high.clone()], context)
}

fn round<'v>(v: &[Value<'v>], _: &Context<'_>) -> Result<Value<'v>, Problem> {
    let (value, digits) = match v {
        [Value::Number(value)] => (value, model::Number::ZERO),
        [Value::Number(value), Value::Number(digits)] => (value, *digits),
        _ => return Err(Problem::Misfit),
    };
    let digits = digits.to_i64().and_then(|digits| u32::try_from(digits).ok());
    match digits {
        Some(digits) if digits <= 9 => number(value.checked_round(digits)),
        _ => Err(Problem::BadArgument("`round` takes 0 to 9 digits".into())),
    }
}

fn floor<'v>(v: &[Value<'v>], _: &Context<'_>) -> Result<Value<'v>, Problem> {
    let [Value::Number(value)] = v else { return Err(Problem::Misfit) };
    number(value.checked_floor())
}

fn ceil<'v>(v: &[Value<'v>], _: &Context<'_>) -> Result<Value<'v>, Problem> {
    let [Value::Number(value)] = v else { return Err(Problem::Misfit) };
    number(value.checked_ceil())
}

fn percent<'v>(v: &[Value<'v>], _: &Context<'_>) -> Result<Value<'v>, Problem> {
    let [Value::Number(value)] = v else { return Err(Problem::Misfit) };
    let hundredfold = value.checked_mul(model::Number::from(100)).ok_or(Problem::Overflow)?;
    Ok(Value::Text(format!("{hundredfold}%").into()))
}
