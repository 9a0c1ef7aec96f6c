//! Finds a value between two others, as simple a one as there is.

use super::Constant;
use rulebook_lang::model::{
    Date, Duration, Number, Period, Rational, Time, TimeOfDay, Type, add_days, version_between,
};
use rulebook_lang::scalar::Kind;

/// A value of a type that lies between two, or before the only one, or behind it; `None` where
/// there is none.
pub fn between(ty: &Type, low: Option<&Constant>, high: Option<&Constant>) -> Option<Constant> {
    if *ty.required() == Type::Version {
        let text = |constant: &'_ Constant| constant.text().map(str::to_string);
        let (low, high) = (low.and_then(text), high.and_then(text));
        return version_between(low.as_deref(), high.as_deref()).map(Constant::Text);
    }
    let found = match (low, high) {
        (None, None) => any(ty),
        (Some(low), high) => above(ty, low, high),
        (None, Some(high)) => below(ty, high),
    };
    found.filter(|found| is_value(ty, found))
}

/// Whether a constant is a value of a type that its cells hold: a clock does not show every length of time.
pub fn is_value(ty: &Type, constant: &Constant) -> bool {
    match (ty.required(), constant) {
        (Type::TimeOfDay, Constant::Duration(length)) => TimeOfDay::holds(*length),
        _ => true,
    }
}

fn any(ty: &Type) -> Option<Constant> {
    Some(match ty.required().kind() {
        Some(Kind::Date) => Constant::Date(Date::constant(2024, 1, 1)),
        Some(Kind::Time) => Constant::Time(Time::UNIX_EPOCH),
        Some(Kind::Duration) => Constant::Duration(Duration::ZERO),
        Some(Kind::Period) => Constant::Period(Period::default()),
        _ => Constant::Number(Number::ZERO),
    })
}

fn below(ty: &Type, high: &Constant) -> Option<Constant> {
    let day = steps().next()?;
    Some(match high {
        Constant::Fraction(high) => {
            let below = high.below();
            Constant::Number(below.checked_floor().unwrap_or(below))
        }
        Constant::Number(high) => {
            let whole = high.checked_ceil()?.checked_sub(Number::ONE);
            Constant::Number(whole.or_else(|| high.checked_sub(Number::STEP))?)
        }
        Constant::Date(high) => Constant::Date(add_days(*high, -1)?),
        Constant::Time(high) => Constant::Time(high.checked_sub(day)?),
        Constant::Duration(high) => steps()
            .filter_map(|step| high.checked_sub(step).map(Constant::Duration))
            .find(|below| is_value(ty, below))?,
        Constant::Period(high) => Constant::Period(Period::of_months(high.months.checked_sub(1)?)),
        _ => return None,
    })
}

fn above(ty: &Type, low: &Constant, high: Option<&Constant>) -> Option<Constant> {
    Some(match (low, high) {
        (Constant::Number(_) | Constant::Fraction(_), high) => numeric_above(low, high)?,
        (Constant::Date(low), high) => {
            let next = add_days(*low, 1)?;
            let fits = !matches!(high, Some(Constant::Date(high)) if next >= *high);
            Constant::Date(fits.then_some(next)?)
        }
        (Constant::Time(low), high) => {
            let mut all = steps().filter_map(|step| low.checked_add(step));
            let high = match high {
                Some(Constant::Time(high)) => Some(*high),
                _ => None,
            };
            Constant::Time(all.find(|time| high.is_none_or(|high| *time < high))?)
        }
        (Constant::Duration(low), high) => {
            let mut all = steps().filter_map(|step| low.checked_add(step));
            let high = match high {
                Some(Constant::Duration(high)) => Some(*high),
                _ => None,
            };
            let fits = |length: &Duration| {
                high.is_none_or(|high| *length < high) && is_value(ty, &Constant::Duration(*length))
            };
            Constant::Duration(all.find(fits)?)
        }
        (Constant::Period(low), high) => {
            let next = Period::of_months(low.months.checked_add(1)?);
            let fits = !matches!(high, Some(Constant::Period(high)) if next >= *high);
            Constant::Period(fits.then_some(next)?)
        }
        _ => return None,
    })
}

/// A number where one lies there, else the fraction in the middle.
fn numeric_above(low: &Constant, high: Option<&Constant>) -> Option<Constant> {
    let rational = |constant: &Constant| constant.to_value()?.rational();
    let (exact_low, exact_high) = (rational(low)?, high.and_then(rational));
    // No number lies between a fraction and the largest number below it.
    let first_not_below = |end: Rational| match end {
        Rational::Number(number) => Some(number),
        Rational::Fraction(fraction) => fraction.below().checked_add(Number::STEP),
    };
    let number = number_above(exact_low.below(), exact_high.and_then(first_not_below));
    number.map(Constant::Number).or_else(|| {
        let both = exact_low.checked_add(exact_high?)?;
        let middle = both.checked_div(Rational::Number(Number::from(2)))?;
        Constant::from_value(&middle.into())
            .filter(|_| exact_low < middle && Some(middle) < exact_high)
    })
}

/// The number with the fewest digits behind the point.
fn number_above(low: Number, high: Option<Number>) -> Option<Number> {
    let fits = |number: &Number| low < *number && high.is_none_or(|high| *number < high);
    let ten = Number::from(10);
    let mut power = Number::ONE;
    for _ in 0..=9 {
        let whole = low.checked_mul(power).and_then(Number::checked_floor);
        let next = whole.and_then(|whole| whole.checked_add(Number::ONE));
        let next = next.and_then(|next| next.checked_div(power));
        if let Some(next) = next.filter(fits) {
            return Some(next);
        }
        power = power.checked_mul(ten)?;
    }
    low.checked_add(Number::STEP).filter(fits)
}

/// Lengths of time, from a day down to the shortest.
fn steps() -> impl Iterator<Item = Duration> {
    let seconds = [86_400, 3_600, 60, 1].into_iter().map(Duration::from_secs);
    seconds.chain([Duration::from_nanos(1)])
}
