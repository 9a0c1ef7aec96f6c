//! Exact decimals the slow way: rows of decimal digits, added, subtracted and divided by hand.

use std::cmp::Ordering;

/// A number in steps of 0.000000001.
pub(crate) type Units = i128;

/// How many steps make 1.
pub(crate) const ONE: Units = 1_000_000_000;

/// The largest number: 38 nines.
pub(crate) const LARGEST: Units = 99_999_999_999_999_999_999_999_999_999_999_999_999;

/// Digits, the smallest place first, without zeros in the largest places.
type Digits = Vec<u8>;

fn digits_of(units: Units) -> Digits {
    let mut rest = units.unsigned_abs();
    let mut digits = Vec::new();
    while rest > 0 {
        digits.push(u8::try_from(rest % 10).unwrap());
        rest /= 10;
    }
    digits
}

fn trimmed(mut digits: Digits) -> Digits {
    while digits.last() == Some(&0) {
        digits.pop();
    }
    digits
}

/// The number that digits stand for, if it has at most 38 of them.
fn units_of(digits: &Digits, negative: bool) -> Option<Units> {
    if digits.len() > 38 {
        return None;
    }
    let size = digits.iter().rev().fold(0, |sum: Units, digit| sum * 10 + Units::from(*digit));
    Some(if negative { -size } else { size })
}

fn compare(a: &Digits, b: &Digits) -> Ordering {
    a.len().cmp(&b.len()).then_with(|| a.iter().rev().cmp(b.iter().rev()))
}

fn plus(a: &Digits, b: &Digits) -> Digits {
    let (mut sum, mut carry) = (Vec::new(), 0);
    for place in 0..a.len().max(b.len()) + 1 {
        let digit = a.get(place).unwrap_or(&0) + b.get(place).unwrap_or(&0) + carry;
        sum.push(digit % 10);
        carry = digit / 10;
    }
    trimmed(sum)
}

/// `a - b`, where `a` is not smaller.
fn minus(a: &Digits, b: &Digits) -> Digits {
    let (mut difference, mut borrowed) = (Vec::new(), 0);
    for (place, have) in a.iter().enumerate() {
        let take = b.get(place).unwrap_or(&0) + borrowed;
        borrowed = u8::from(*have < take);
        difference.push(have + 10 * borrowed - take);
    }
    trimmed(difference)
}

fn times(a: &Digits, b: &Digits) -> Digits {
    let mut product = Vec::new();
    for (place, digit) in b.iter().enumerate() {
        let mut row = vec![0; place];
        row.extend(a);
        for _ in 0..*digit {
            product = plus(&product, &row);
        }
    }
    product
}

/// Quotient and rest, as one divides on paper.
fn divided(a: &Digits, b: &Digits) -> (Digits, Digits) {
    let (mut quotient, mut rest) = (Vec::new(), Vec::new());
    for digit in a.iter().rev() {
        rest.insert(0, *digit);
        rest = trimmed(rest);
        let mut count = 0;
        while compare(&rest, b).is_ge() {
            rest = minus(&rest, b);
            count += 1;
        }
        quotient.insert(0, count);
    }
    (trimmed(quotient), rest)
}

/// `a * b / c`, rounded half to even; `None` where it has more than 38 digits.
fn scaled(a: Units, b: Units, c: Units) -> Option<Units> {
    let negative = [a, b, c].iter().filter(|units| **units < 0).count() % 2 == 1;
    let divisor = digits_of(c);
    let (mut quotient, rest) = divided(&times(&digits_of(a), &digits_of(b)), &divisor);
    let odd = quotient.first().is_some_and(|digit| digit % 2 == 1);
    let up = match compare(&plus(&rest, &rest), &divisor) {
        Ordering::Less => false,
        Ordering::Equal => odd,
        Ordering::Greater => true,
    };
    if up {
        quotient = plus(&quotient, &vec![1]);
    }
    units_of(&quotient, negative)
}

fn in_range(units: Units) -> Option<Units> {
    (-LARGEST..=LARGEST).contains(&units).then_some(units)
}

/// The sum.
pub(crate) fn add(a: Units, b: Units) -> Option<Units> {
    a.checked_add(b).and_then(in_range)
}

/// The difference.
pub(crate) fn subtract(a: Units, b: Units) -> Option<Units> {
    add(a, -b)
}

/// The product, rounded half to even at the ninth digit.
pub(crate) fn multiply(a: Units, b: Units) -> Option<Units> {
    scaled(a, b, ONE)
}

/// The quotient, rounded half to even at the ninth digit; `None` also for a division by zero.
pub(crate) fn divide(a: Units, b: Units) -> Option<Units> {
    if b == 0 { None } else { scaled(a, ONE, b) }
}

/// Rounded half to even to some digits after the point.
pub(crate) fn round(a: Units, digits: u32) -> Option<Units> {
    let step = Units::pow(10, 9 - digits);
    scaled(a, 1, step).and_then(|steps| steps.checked_mul(step)).and_then(in_range)
}

/// The largest whole number that is not larger.
pub(crate) fn floor(a: Units) -> Option<Units> {
    let mut whole = a / ONE * ONE;
    if whole > a {
        whole -= ONE;
    }
    in_range(whole)
}

/// The smallest whole number that is not smaller.
pub(crate) fn ceil(a: Units) -> Option<Units> {
    floor(-a).map(|units| -units)
}

/// The number that a text such as `-12.5` or `1e3` says, if it has at most nine decimals.
pub(crate) fn read(text: &str) -> Option<Units> {
    let (negative, text) = match text.strip_prefix('-') {
        Some(rest) => (true, rest),
        None => (false, text.strip_prefix('+').unwrap_or(text)),
    };
    let (mantissa, exponent) = text.split_once(['e', 'E']).unwrap_or((text, "0"));
    let (whole, part) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let mut digits: Digits = whole
        .chars()
        .chain(part.chars())
        .rev()
        .map(|c| c.to_digit(10).map(|d| d as u8))
        .collect::<Option<_>>()?;
    let mut shift = exponent.parse::<i64>().ok()? + 9 - i64::try_from(part.len()).ok()?;
    while shift > 0 && digits.iter().any(|digit| *digit != 0) && digits.len() < 200 {
        digits.insert(0, 0);
        shift -= 1;
    }
    while shift < 0 && !digits.is_empty() {
        if digits.remove(0) != 0 {
            return None;
        }
        shift += 1;
    }
    units_of(&trimmed(digits), negative)
}

/// The text of a number, with no more digits than it needs.
pub(crate) fn print(units: Units) -> String {
    let text = format!("{:010}", units.unsigned_abs());
    let (whole, part) = text.split_at(text.len() - 9);
    let sign = if units < 0 { "-" } else { "" };
    format!("{sign}{whole}.{part}").trim_end_matches('0').trim_end_matches('.').to_string()
}
