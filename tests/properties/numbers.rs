//! Numbers calculate, round, print and read as one does by hand.

use proptest::prelude::*;
use proptest::sample::select;
use rulebook::Rulebook;
use rulebook_lang::model::{Json, Number, NumberError, NumbersAsText};
use serde::Serialize;
use serde_json::json;

use super::{cases, decimal};

pub(super) fn number(units: i128) -> Number {
    decimal::print(units).parse().unwrap()
}

fn units(number: Number) -> i128 {
    decimal::read(&number.to_string()).unwrap()
}

/// Numbers of every size, those at the limit and those that round in the middle among them.
pub(super) fn any_units() -> impl Strategy<Value = i128> {
    let edge = select(vec![
        0,
        1,
        5,
        decimal::ONE / 2,
        decimal::ONE,
        decimal::LARGEST,
        decimal::LARGEST - 1,
    ]);
    let power = (0_u32..38, -3_i128..=3).prop_map(|(power, near)| i128::pow(10, power) + near);
    let size = prop_oneof![
        edge,
        power,
        0..1_000_000_000_000_i128,
        0..=decimal::LARGEST,
        (0_i128..1_000_000).prop_map(|halves| halves * decimal::ONE / 2),
    ];
    (size, any::<bool>()).prop_map(|(size, negative)| if negative { -size } else { size })
}

proptest! {
    #![proptest_config(cases(1_000))]

    #[test]
    fn arithmetic_is_that_done_by_hand(a in any_units(), b in any_units()) {
        let (x, y) = (number(a), number(b));
        prop_assert_eq!(x.checked_add(y).map(units), decimal::add(a, b));
        prop_assert_eq!(x.checked_sub(y).map(units), decimal::subtract(a, b));
        prop_assert_eq!(x.checked_mul(y).map(units), decimal::multiply(a, b));
        prop_assert_eq!(x.checked_div(y).map(units), decimal::divide(a, b));
        prop_assert_eq!(x.cmp(&y), a.cmp(&b));
        prop_assert_eq!(units(x.negate()), -a);
        prop_assert_eq!(units(x.abs()), a.abs());
    }

    #[test]
    fn small_products_and_quotients_round_half_to_even(
        a in -1_000_000_000_000_000_i128..1_000_000_000_000_000,
        b in -1_000_000_000_000_000_i128..1_000_000_000_000_000,
    ) {
        // Twice the exact result lies between the doubled neighbours of what was rounded.
        let product = units(number(a).checked_mul(number(b)).unwrap());
        let off = 2 * (a * b - product * decimal::ONE);
        prop_assert!(off.abs() < decimal::ONE || off.abs() == decimal::ONE && product % 2 == 0);
        prop_assume!(b != 0);
        let quotient = units(number(a).checked_div(number(b)).unwrap());
        let off = 2 * (a * decimal::ONE - quotient * b);
        prop_assert!(off.abs() < b.abs() || off.abs() == b.abs() && quotient % 2 == 0);
    }

    #[test]
    fn a_number_reads_back_as_printed(a in any_units()) {
        let text = number(a).to_string();
        prop_assert_eq!(units(text.parse().unwrap()), a);
        prop_assert_eq!(&text, &decimal::print(a));
        prop_assert!(!text.contains('.') || !text.ends_with('0'));
        let fixed = number(a).to_fixed(2);
        prop_assert_eq!(fixed.parse::<Number>(), Ok(number(a)));
        prop_assert!(fixed.split_once('.').is_some_and(|(_, part)| part.len() >= 2));
    }

    #[test]
    fn any_text_is_a_number_to_both_or_to_none(text in "[-+]?[0-9]{0,32}(\\.[0-9]{0,12})?([eE][-+]?[0-9]{1,2})?") {
        let by_hand = decimal::read(&text);
        match text.parse::<Number>() {
            Ok(number) => prop_assert_eq!(Some(units(number)), by_hand),
            Err(NumberError::Malformed) => {}
            Err(_) => prop_assert_eq!(by_hand, None),
        }
    }
}

/// Floats as records hold them, and any other.
fn any_float() -> impl Strategy<Value = f64> {
    prop_oneof![
        (-10_i64.pow(16)..10_i64.pow(16), 0_i32..12)
            .prop_map(|(n, power)| n as f64 / 10_f64.powi(power)),
        (-10_000_000_i64..10_000_000, 0_i32..4)
            .prop_map(|(n, power)| n as f64 / 10_f64.powi(power)),
        (any_units(), -2_i64..=2).prop_map(|(units, near)| {
            let float: f64 = decimal::print(units).parse().unwrap();
            f64::from_bits(float.to_bits().wrapping_add_signed(near))
        }),
        any::<f64>(),
    ]
}

/// Whether a float became the shortest decimal that reads back as it, which Rust prints, or that of two
/// of one length whose last digit is even: so JSON has it.
fn is_shortest(
    own: Result<Number, NumberError>,
    printed: &str,
    reads_back: impl Fn(&str) -> bool,
) -> bool {
    let finite = printed.trim_start_matches('-').starts_with(|first: char| first.is_ascii_digit());
    let wanted = if finite { printed.parse() } else { Err(NumberError::Malformed) };
    if own == wanted {
        return true;
    }
    let Ok(number) = own else { return false };
    let digits = number.to_string();
    let last = digits.trim_end_matches('0').bytes().last();
    reads_back(&digits) && digits.len() == printed.len() && last.is_some_and(|last| last % 2 == 0)
}

proptest! {
    #![proptest_config(cases(4_000))]

    #[test]
    fn a_float_is_the_decimal_that_it_prints_as(float in any_float()) {
        let single = float as f32;
        let (own, printed) = (Number::from_f64(float), float.to_string());
        prop_assert!(is_shortest(own, &printed, |digits| digits.parse() == Ok(float)), "{}", float);
        let (own, printed) = (Number::from_f32(single), single.to_string());
        prop_assert!(is_shortest(own, &printed, |digits| digits.parse() == Ok(single)), "{}", single);
    }

    #[test]
    fn a_decimal_is_a_float_only_if_that_prints_as_it(a in any_units(), digits in 0_u32..=9, float in any_float()) {
        let rounded = decimal::round(a, digits).map(number);
        for number in [Some(number(a)), rounded, Number::from_f64(float).ok()].into_iter().flatten() {
            let nearest: f64 = number.to_string().parse().unwrap();
            let exact = Number::from_f64(nearest) == Ok(number);
            prop_assert_eq!(number.to_exact_f64(), exact.then_some(nearest), "{}", number);
        }
    }
}

/// The value of a calculation with `n`, or the code of its fault.
fn calculated(expression: &str, n: &str) -> Result<String, String> {
    let text = format!(
        "record R {{ n: number }}
         policy p for R {{ decide d: number by first rule r {{ then {expression} }} }}"
    );
    let rulebook = Rulebook::from_sources([("a.policy", text)]).unwrap();
    let decision =
        rulebook.policy("p").unwrap().decide_json(json!({ "n": n }).to_string()).unwrap();
    match decision.number("d") {
        Ok(number) => Ok(number.to_string()),
        Err(_) => Err(decision.faults()[0].code.to_string()),
    }
}

proptest! {
    #![proptest_config(cases(256))]

    #[test]
    fn rounding_is_that_done_by_hand(a in any_units(), digits in 0_u32..=9) {
        let told = |units: Option<i128>| units.map(decimal::print).ok_or("overflow".to_string());
        let n = decimal::print(a);
        let rounded = calculated(&format!("round(n, {digits})"), &n);
        prop_assert_eq!(rounded, told(decimal::round(a, digits)));
        prop_assert_eq!(calculated("floor(n)", &n), told(decimal::floor(a)));
        prop_assert_eq!(calculated("ceil(n)", &n), told(decimal::ceil(a)));
    }
}

#[test]
fn rounding_beyond_38_digits_is_a_fault() {
    let largest = decimal::print(decimal::LARGEST);
    for expression in ["round(n)", "round(n, 8)", "ceil(n)", "floor(-n)"] {
        assert_eq!(calculated(expression, &largest), Err("overflow".into()), "{expression}");
    }
    assert_eq!(calculated("floor(n)", &largest), Ok("9".repeat(29)));
}

#[test]
fn a_number_has_at_most_38_digits() {
    let whole = "9".repeat(29);
    assert!(format!("{whole}.999999999").parse::<Number>().is_ok());
    assert_eq!(format!("{whole}9").parse::<Number>(), Err(NumberError::TooLarge));
    assert_eq!("0.0000000001".parse::<Number>(), Err(NumberError::TooManyDecimals));
    assert_eq!("0.0000000010".parse::<Number>(), Ok(Number::STEP));
    assert_eq!("1e28".parse::<Number>().unwrap().to_string().len(), 29);
    assert_eq!("1e29".parse::<Number>(), Err(NumberError::TooLarge));
    assert_eq!(number(decimal::LARGEST).checked_add(Number::STEP), None);
    assert_eq!(number(-decimal::LARGEST).checked_sub(Number::STEP), None);
    for text in ["", "-", ".5", "5.", "1e", "1_000", " 1", "1 ", "٣", "NaN", "0x10", "1.2.3"] {
        assert_eq!(text.parse::<Number>(), Err(NumberError::Malformed), "{text}");
    }
}

proptest! {
    #![proptest_config(cases(1_000))]

    #[test]
    fn json_has_the_digits(own in any_units()) {
        let (number, digits) = (number(own), decimal::print(own));
        prop_assert_eq!(serde_json::to_string(&number).unwrap(), digits.clone());
        // A value of `serde_json` has a double.
        let near = serde_json::to_value(number).unwrap().as_f64().unwrap();
        let nearest: f64 = digits.parse().unwrap();
        prop_assert!((near - nearest).abs() <= nearest.abs() * 1e-15, "{near} {nearest}");
        let json = Json::read(&digits).unwrap();
        prop_assert_eq!(&json, &Json::Number(digits.clone()));
        prop_assert_eq!(json.to_string(), digits.clone());
        let mut texts = Vec::new();
        let form = NumbersAsText(serde_json::ser::CompactFormatter);
        number.serialize(&mut serde_json::Serializer::with_formatter(&mut texts, form)).unwrap();
        prop_assert_eq!(String::from_utf8(texts).unwrap(), format!("\"{digits}\""));
    }

    #[test]
    fn a_double_is_the_number_that_json_has_for_it(bits in any::<u64>(), size in 0..60_i32) {
        // As many digits as a double has, behind the point or before it.
        let double = (bits >> 11) as f64 / 2_f64.powi(size);
        let written = serde_json::to_string(&double).unwrap();
        prop_assert_eq!(Number::from_f64(double), written.parse());
        let single = double as f32;
        prop_assert_eq!(Number::from_f32(single), serde_json::to_string(&single).unwrap().parse());
    }
}

#[test]
fn what_is_no_number_is_none_as_a_float_either() {
    for float in [f64::NAN, f64::INFINITY, f64::NEG_INFINITY] {
        assert_eq!(Number::from_f64(float), Err(NumberError::Malformed));
        assert_eq!(Number::from_f32(float as f32), Err(NumberError::Malformed));
    }
    assert_eq!(Number::from_f64(1e300), Err(NumberError::TooLarge));
    assert_eq!(Number::from_f64(1e-300), Err(NumberError::TooManyDecimals));
}

#[test]
fn json_that_nests_too_deep_is_refused() {
    let nested = |depth: usize| format!("{}{}", "[".repeat(depth), "]".repeat(depth));
    assert!(Json::read(&nested(100)).is_ok());
    assert!(Json::read(&nested(10_000)).is_err());
    assert!(Json::read("{").is_err());
}
