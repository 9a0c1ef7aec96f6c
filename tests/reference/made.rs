//! What functions give that make values of others: remainders, powers, shares, and texts.

use rulebook_lang::model::{Date, Time};
use unicode_normalization::UnicodeNormalization as _;

use super::expression::{fault, number};
use super::functions::{exact, text, url};
use super::{Exact, Fault, Reference, Value, decimal};

/// The unit with so many digits after the point, in steps of the ninth.
fn unit(digits: u32) -> i128 {
    i128::pow(10, 9 - digits)
}

fn remainder(value: &Exact, piece: &Exact) -> Result<Value, Fault> {
    if piece.is_zero() {
        return fault("division-by-zero");
    }
    let times = value.over(piece).and_then(|times| times.rounded(decimal::ONE, "floor"));
    let pieces = times.and_then(|times| Exact::of(times).times(piece));
    number(pieces.and_then(|pieces| value.plus(&pieces.negative())))
}

fn power(base: &Exact, exponent: &Exact) -> Result<Value, Fault> {
    let Some(count) = (-1000..=1000).find(|count| *exponent == Exact::whole(*count)) else {
        return fault("bad-argument");
    };
    let mut product = Exact::whole(1);
    for _ in 0..count.abs() {
        match product.times(base) {
            Some(larger) => product = larger,
            None => return fault("overflow"),
        }
    }
    match count < 0 {
        false => Ok(Value::Number(product)),
        true if product.is_zero() => fault("division-by-zero"),
        true => number(Exact::whole(1).over(&product)),
    }
}

/// Whoever lacks most of what is his due gets the next unit, of equal ones the last.
fn allocated(total: &Exact, weights: &[Value], digits: u32) -> Result<Value, Fault> {
    let unit = unit(digits);
    let weights: Vec<_> = weights.iter().map(exact).collect();
    let zero = Exact::of(0);
    let whole = total.rounded(unit, "half-even").map(Exact::of);
    if whole.as_ref() != Some(total) || weights.iter().any(|weight| **weight < zero) {
        return fault("bad-argument");
    }
    let sum = weights.iter().fold(zero.clone(), |sum, weight| sum.plus_unbounded(weight));
    if sum.is_zero() {
        return fault("bad-argument");
    }
    let size = if *total < zero { total.negative() } else { total.clone() };
    let due: Vec<_> =
        weights.iter().map(|weight| size.times_unbounded(weight).over_unbounded(&sum)).collect();
    let mut parts: Vec<_> = due.iter().map(|due| due.rounded(unit, "down").unwrap()).collect();
    let lacks =
        |parts: &[i128], at: usize| due[at].plus_unbounded(&Exact::of(parts[at]).negative());
    while Exact::of(parts.iter().sum()) < size {
        let at =
            (0..parts.len()).reduce(|best, at| match lacks(&parts, at) < lacks(&parts, best) {
                true => best,
                false => at,
            });
        parts[at.unwrap()] += unit;
    }
    let sign = if *total < zero { -1 } else { 1 };
    Ok(Value::List(parts.into_iter().map(|part| Value::Number(Exact::of(sign * part))).collect()))
}

fn sliced(value: &str, from: &Exact, to: &Exact) -> Result<Value, Fault> {
    let letters: Vec<char> = value.chars().collect();
    let place = |exact: &Exact| {
        let whole = exact.units().filter(|units| units % decimal::ONE == 0 && *units != 0)?;
        let place = whole / decimal::ONE;
        Some(if place < 0 { letters.len() as i128 + place + 1 } else { place })
    };
    let (Some(from), Some(to)) = (place(from), place(to)) else { return fault("bad-argument") };
    let places = 1..=letters.len() as i128;
    let kept = letters.iter().zip(places).filter(|(_, at)| (from..=to).contains(at));
    Ok(Value::Text(kept.map(|(letter, _)| letter).collect()))
}

/// A day as `%d/%m/%Y` or `%d.%m.%Y` writes it at the start of a text.
fn day(text: &str) -> Option<Date> {
    let part = |from: usize, to: usize| text.get(from..to)?.parse::<i16>().ok();
    let month = i8::try_from(part(3, 5)?).ok()?;
    Date::new(part(6, 10)?, month, i8::try_from(part(0, 2)?).ok()?).ok()
}

fn optional(text: Option<String>) -> Value {
    text.map_or(Value::Missing, Value::Text)
}

impl Reference<'_> {
    /// The value of such a function; `minor` are the digits of the currency of its first argument.
    pub(super) fn made(
        &self,
        name: &str,
        values: &[Value],
        minor: u32,
    ) -> Option<Result<Value, Fault>> {
        Some(match (name, values) {
            ("mod", [a, b]) => remainder(exact(a), exact(b)),
            ("power", [a, b]) => power(exact(a), exact(b)),
            ("allocate", [total, Value::List(weights)]) => allocated(exact(total), weights, minor),
            ("slice", [a, from]) => sliced(text(a), exact(from), &Exact::whole(-1)),
            ("slice", [a, from, to]) => sliced(text(a), exact(from), exact(to)),
            ("split", [_, b]) if text(b).is_empty() => fault("bad-argument"),
            ("split", [a, b]) => {
                let parts = text(a).split(text(b)).map(|part| Value::Text(part.into()));
                Ok(Value::List(parts.collect()))
            }
            ("replace", [_, old, _]) if text(old).is_empty() => fault("bad-argument"),
            ("replace", [a, old, new]) => {
                let parts: Vec<_> = text(a).split(text(old)).collect();
                Ok(Value::Text(parts.join(text(new))))
            }
            ("join", [Value::List(items), between]) => {
                let items: Vec<_> = items.iter().map(text).collect();
                Ok(Value::Text(items.join(text(between))))
            }
            ("normalise", [a]) => Ok(Value::Text(text(a).nfkc().collect())),
            ("fold", [a]) => {
                let plain: String = text(a).nfkd().collect();
                let folded = caseless::default_case_fold_str(&plain);
                Ok(Value::Text(folded.nfkc().collect()))
            }
            ("number", [a]) => Ok(decimal::read(text(a))
                .filter(|_| !text(a).is_empty())
                .map_or(Value::Missing, |units| Value::Number(Exact::of(units)))),
            ("date", [a @ Value::Text(_), _]) => {
                Ok(day(text(a)).map_or(Value::Missing, Value::Date))
            }
            ("time", [a @ Value::Text(_), _]) => {
                let clock = |from: usize| text(a).get(from..from + 2)?.parse::<i8>().ok();
                let time = day(text(a)).and_then(|day| {
                    let time = jiff::civil::Time::new(clock(11)?, clock(14)?, 0, 0).ok()?;
                    Time::of_local(day.to_datetime(time), &self.zone)
                });
                Ok(time.map_or(Value::Missing, Value::Time))
            }
            ("query", [a]) => Ok(optional(url(a).query().map(Into::into))),
            ("query", [a, name]) => {
                let url = url(a);
                let mut pairs = url.query_pairs().filter(|(known, _)| known == text(name));
                Ok(optional(pairs.next().map(|(_, value)| value.into_owned())))
            }
            ("fragment", [a]) => Ok(optional(url(a).fragment().map(Into::into))),
            ("port", [a]) => {
                let port = url(a).port_or_known_default().map(i128::from);
                Ok(port.map_or(Value::Missing, |port| Value::Number(Exact::whole(port))))
            }
            ("below", [a, root]) => {
                let (host, root) = (text(a), text(root));
                let below = host == root || host.ends_with(&format!(".{root}"));
                Ok(Value::Bool(below && !root.is_empty()))
            }
            _ => return None,
        })
    }
}
