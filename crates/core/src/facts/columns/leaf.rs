//! The values of one column, opened once for a batch, each handed out as the input's single value.

use std::borrow::Cow;

use arrow_array::cast::AsArray;
use arrow_array::types::{
    Date32Type, Date64Type, Decimal32Type, Decimal64Type, Decimal128Type, Decimal256Type,
    DecimalType, DurationMicrosecondType, DurationMillisecondType, DurationNanosecondType,
    DurationSecondType, Float16Type, Float32Type, Float64Type, IntervalYearMonthType,
    TimestampMicrosecondType, TimestampMillisecondType, TimestampNanosecondType,
    TimestampSecondType,
};
use arrow_array::{
    Array, ArrayRef, LargeStringArray, PrimitiveArray, StringArray, StringViewArray,
};
use arrow_buffer::{BooleanBuffer, NullBuffer};
use arrow_schema::{DataType, IntervalUnit, TimeUnit};
use jiff::civil::DateTime;

use super::bind::Cells;
use super::fit::money;
use super::text;
use super::whole::Whole;
use crate::facts::{Amount, ObjectKeys, Raw};
use rulebook_lang::model::{Date, Duration, Number, Period, Time, Type, Zone};
use rulebook_lang::reading::Reading;
use rulebook_lang::scalar::Kind;

/// A column of single values.
#[derive(Debug)]
pub(crate) struct Leaf<'b> {
    pub(crate) nulls: Option<&'b NullBuffer>,
    pub(crate) values: Values<'b>,
    /// The type of the field, where the cells are texts that stand for values of it.
    pub(crate) texts: Option<&'b Type>,
    /// How the field says that it is read.
    reading: Option<&'b Reading>,
}

/// The values of a column.
#[derive(Debug)]
pub(crate) enum Values<'b> {
    Nothing,
    Bool(&'b BooleanBuffer),
    Whole(Whole<'b>),
    /// Yes and no, by 1 and 0.
    Bits(Whole<'b>),
    Half(&'b PrimitiveArray<Float16Type>),
    Single(&'b [f32]),
    Double(&'b [f64]),
    Decimal(Decimals<'b>, i8),
    Text(&'b StringArray),
    LargeText(&'b LargeStringArray),
    TextView(&'b StringViewArray),
    /// Days since 1970.
    Days(&'b [i32]),
    /// Milliseconds since 1970, for days.
    Milliseconds(&'b [i64]),
    /// Instants since 1970, so many to the second.
    Instant(&'b [i64], i64),
    /// What the clocks of the rulebook's zone show, as if it were UTC.
    Local(&'b [i64], i64),
    /// The same, for days.
    LocalDay(&'b [i64], i64),
    /// How late it is, so many to the second.
    Clock(Whole<'b>, i64),
    Duration(&'b [i64], i64),
    Months(&'b [i32]),
    /// Which of some values; these, and the array that holds them.
    Dictionary(Whole<'b>, Box<Leaf<'b>>, &'b ArrayRef),
    Money(Box<Leaf<'b>>, Box<Leaf<'b>>),
}

/// Decimals of any width, without their point.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Decimals<'b> {
    D32(&'b PrimitiveArray<Decimal32Type>),
    D64(&'b PrimitiveArray<Decimal64Type>),
    D128(&'b PrimitiveArray<Decimal128Type>),
    D256(&'b PrimitiveArray<Decimal256Type>),
}

impl<'b> Leaf<'b> {
    /// Opens the column of a field of a type. `None` for what [`fits`](super::fit::fits) refuses.
    pub(super) fn open(
        array: &'b dyn Array,
        ty: &'b Type,
        (cells, reading): (Cells, Option<&'b Reading>),
    ) -> Option<Self> {
        let values = Values::open(array, ty, (cells, reading))?;
        let texts = (cells == Cells::Texts).then_some(ty);
        Some(Self { nulls: array.nulls(), values, texts, reading })
    }

    /// A column without values.
    pub(crate) fn nothing() -> Self {
        Self { nulls: None, values: Values::Nothing, texts: None, reading: None }
    }

    fn is_null(&self, at: usize) -> bool {
        self.nulls.is_some_and(|nulls| at >= nulls.len() || nulls.is_null(at))
    }

    /// Whether there is no value in a row.
    pub(super) fn is_missing(&self, at: usize) -> bool {
        let is_empty = |text: &str| {
            let is_nothing = |reading: &Reading| matches!(reading.word(text), Some(None));
            self.texts.is_some_and(|ty| text::is_empty(text, ty))
                || self.reading.is_some_and(is_nothing)
        };
        self.is_null(at)
            || match &self.values {
                Values::Nothing => true,
                Values::Dictionary(keys, values, _) => {
                    keys.position(at).is_none_or(|at| values.is_missing(at))
                }
                Values::Text(texts) => is_empty(texts.value(at)),
                Values::LargeText(texts) => is_empty(texts.value(at)),
                Values::TextView(texts) => is_empty(texts.value(at)),
                _ => false,
            }
    }

    /// The text in a row of a column of texts.
    pub(crate) fn plain_text(&self, at: usize) -> Option<&'b str> {
        if self.is_null(at) {
            return None;
        }
        match &self.values {
            Values::Dictionary(keys, values, _) => values.plain_text(keys.position(at)?),
            Values::Text(texts) => Some(texts.value(at)),
            Values::LargeText(texts) => Some(texts.value(at)),
            Values::TextView(texts) => Some(texts.value(at)),
            _ => None,
        }
    }

    /// Hands out the value in a row, which the batch has.
    #[inline]
    pub(crate) fn visit(&self, at: usize, zone: &Zone, take: impl FnOnce(&Raw<'_>)) {
        if self.is_null(at) {
            return take(&Raw::Null);
        }
        match &self.values {
            Values::Dictionary(keys, values, _) => match keys.position(at) {
                Some(at) => values.visit(at, zone, take),
                None => take(&Raw::Null),
            },
            Values::Text(texts) => take(&self.text(texts.value(at))),
            Values::LargeText(texts) => take(&self.text(texts.value(at))),
            Values::TextView(texts) => take(&self.text(texts.value(at))),
            Values::Money(amount, currency) => {
                let mut take = Some(take);
                amount.visit_part(at, zone, &mut |amount| {
                    currency.visit_part(at, zone, &mut |currency| {
                        if let Some(take) = take.take() {
                            take(&money_of(amount, currency));
                        }
                    });
                });
            }
            values => match values.single(at, zone) {
                Ok(raw) => take(&raw),
                Err(Odd::Digits(digits)) => take(&Raw::Digits(&digits, None)),
                Err(Odd::Text(text)) => take(&Raw::Text(&text)),
            },
        }
    }

    /// The same for a part of a value, whatever takes it.
    pub(super) fn visit_part(&self, at: usize, zone: &Zone, take: &mut dyn FnMut(&Raw<'_>)) {
        self.visit(at, zone, take);
    }

    fn text<'t>(&self, text: &'t str) -> Raw<'t> {
        match self.texts {
            Some(ty) => text::raw(text, ty),
            None => Raw::Text(text),
        }
    }
}

impl<'b> Values<'b> {
    fn open(
        array: &'b dyn Array,
        ty: &'b Type,
        (cells, reading): (Cells, Option<&'b Reading>),
    ) -> Option<Self> {
        Some(match array.data_type() {
            DataType::Null => Self::Nothing,
            DataType::Boolean => Self::Bool(array.as_boolean_opt()?.values()),
            DataType::Float16 => Self::Half(array.as_primitive_opt()?),
            DataType::Float32 => Self::Single(array.as_primitive_opt::<Float32Type>()?.values()),
            DataType::Float64 => Self::Double(array.as_primitive_opt::<Float64Type>()?.values()),
            DataType::Decimal32(_, scale) => {
                Self::Decimal(Decimals::D32(array.as_primitive_opt()?), *scale)
            }
            DataType::Decimal64(_, scale) => {
                Self::Decimal(Decimals::D64(array.as_primitive_opt()?), *scale)
            }
            DataType::Decimal128(_, scale) => {
                Self::Decimal(Decimals::D128(array.as_primitive_opt()?), *scale)
            }
            DataType::Decimal256(_, scale) => {
                Self::Decimal(Decimals::D256(array.as_primitive_opt()?), *scale)
            }
            DataType::Utf8 => Self::Text(array.as_string_opt()?),
            DataType::LargeUtf8 => Self::LargeText(array.as_string_opt()?),
            DataType::Utf8View => Self::TextView(array.as_string_view_opt()?),
            DataType::Date32 => Self::Days(array.as_primitive_opt::<Date32Type>()?.values()),
            DataType::Date64 => {
                Self::Milliseconds(array.as_primitive_opt::<Date64Type>()?.values())
            }
            DataType::Timestamp(unit, zone) => {
                let (values, unit) = (timestamps(array, *unit)?, per_second(*unit));
                match (zone, ty) {
                    (Some(_), _) => Self::Instant(values, unit),
                    (None, ty) if ty.kind() == Some(Kind::Date) => Self::LocalDay(values, unit),
                    (None, _) => Self::Local(values, unit),
                }
            }
            DataType::Time32(unit) | DataType::Time64(unit) => {
                Self::Clock(Whole::of(array)?, per_second(*unit))
            }
            DataType::Int8 | DataType::UInt8 if ty.kind() == Some(Kind::Bool) => {
                Self::Bits(Whole::of(array)?)
            }
            DataType::Duration(unit) => Self::Duration(durations(array, *unit)?, per_second(*unit)),
            DataType::Interval(IntervalUnit::YearMonth) => {
                Self::Months(array.as_primitive_opt::<IntervalYearMonthType>()?.values())
            }
            DataType::Dictionary(..) => {
                let array = array.as_any_dictionary_opt()?;
                let values = Leaf::open(array.values().as_ref(), ty, (cells, reading))?;
                Self::Dictionary(Whole::of(array.keys())?, Box::new(values), array.values())
            }
            DataType::Struct(fields) => {
                let keys = reading.and_then(|reading| reading.keys.as_ref());
                let (amount, currency) = money(fields, keys)?;
                let array = array.as_struct_opt()?;
                let part = |at: usize, ty| {
                    Some(Box::new(Leaf::open(
                        array.columns().get(at)?.as_ref(),
                        ty,
                        (cells, None),
                    )?))
                };
                Self::Money(part(amount, &Type::Number)?, part(currency, &Type::Text)?)
            }
            _ => Self::Whole(Whole::of(array)?),
        })
    }

    /// A value that is no text.
    ///
    /// # Errors
    /// What cannot be held, as the input has it.
    #[inline]
    fn single(&self, at: usize, zone: &Zone) -> Result<Raw<'static>, Odd> {
        // Every position is one that the batch has.
        Ok(match self {
            Self::Bool(values) => Raw::Bool(values.value(at)),
            Self::Whole(values) => Raw::Number(whole(values.get(at).unwrap_or_default())),
            Self::Bits(values) => match values.get(at).unwrap_or_default() {
                bit @ (0 | 1) => Raw::Bool(bit == 1),
                other => Raw::Number(whole(other)),
            },
            Self::Clock(values, unit) => {
                let value = values.get(at).unwrap_or_default();
                return Err(Odd::Text(clock(value, *unit)));
            }
            Self::Half(values) => return single(values.value(at).to_f32()),
            Self::Single(values) => return single(value(values, at)),
            Self::Double(values) => {
                let value = value(values, at);
                let number = Number::from_f64(value);
                Raw::Number(number.map_err(|_| Odd::Digits(value.to_string()))?)
            }
            Self::Decimal(values, scale) => Raw::Number(values.number(at, *scale)?),
            Self::Days(values) => {
                let days = value(values, at);
                Raw::Date(date(days).ok_or_else(|| odd(days, "days since 1970"))?)
            }
            Self::Milliseconds(values) => {
                let value = value(values, at);
                Raw::Date(day(value, 1_000, "milliseconds since 1970")?)
            }
            Self::Instant(values, unit) => {
                let value = value(values, at);
                Raw::Time(instant(value, *unit).ok_or_else(|| odd(value, since(*unit)))?)
            }
            Self::Local(values, unit) => {
                let value = value(values, at);
                let time = local(value, *unit).and_then(|time| Time::of_local(time, zone));
                Raw::Time(time.ok_or_else(|| odd(value, since(*unit)))?)
            }
            Self::LocalDay(values, unit) => Raw::Date(day(value(values, at), *unit, since(*unit))?),
            Self::Duration(values, unit) => {
                let (seconds, rest) = parts(value(values, at), *unit);
                Raw::Duration(Duration::new(seconds, rest))
            }
            Self::Months(values) => Raw::Period(Period::of_months(value(values, at))),
            // Texts are handed out where they stand.
            _ => Raw::Null,
        })
    }
}

/// A value of a column that no field can hold.
enum Odd {
    /// A number.
    Digits(String),
    /// What is shown as a text.
    Text(String),
}

fn value<T: Copy + Default>(values: &[T], at: usize) -> T {
    values.get(at).copied().unwrap_or_default()
}

#[cold]
fn odd(value: impl std::fmt::Display, what: &str) -> Odd {
    Odd::Text(format!("{value} {what}"))
}

fn whole(value: i128) -> Number {
    // Eight bytes always fit.
    Number::from_scaled(value, 0).unwrap_or_default()
}

fn single(value: f32) -> Result<Raw<'static>, Odd> {
    Number::from_f32(value).map(Raw::Number).map_err(|_| Odd::Digits(value.to_string()))
}

pub(super) fn money_of<'r>(amount: &Raw<'r>, currency: &Raw<'r>) -> Raw<'r> {
    match (*amount, *currency) {
        (Raw::Number(amount), Raw::Text(code)) => Raw::Money(Amount::Number(amount), code),
        (Raw::Digits(amount, _) | Raw::Text(amount), Raw::Text(code)) => {
            Raw::Money(Amount::Digits(amount), code)
        }
        (Raw::Number(_) | Raw::Digits(..) | Raw::Text(_), _) => Raw::Object(ObjectKeys {
            amount: true,
            currency: false,
            others: &[Cow::Borrowed("currency")],
        }),
        _ => Raw::Object(ObjectKeys {
            amount: false,
            currency: matches!(currency, Raw::Text(_)),
            others: &[Cow::Borrowed("amount")],
        }),
    }
}

impl Decimals<'_> {
    /// The number in a row.
    ///
    /// # Errors
    /// Its digits, where these are more than a number has.
    fn number(&self, at: usize, scale: i8) -> Result<Number, Odd> {
        let mantissa = match self {
            Self::D32(values) => Some(i128::from(values.value(at))),
            Self::D64(values) => Some(i128::from(values.value(at))),
            Self::D128(values) => Some(values.value(at)),
            Self::D256(values) => values.value(at).to_i128(),
        };
        let number = mantissa.and_then(|mantissa| match u32::try_from(scale) {
            Ok(digits) => Number::from_scaled(mantissa, digits),
            Err(_) => {
                let step = 10_i128.checked_pow(u32::from(scale.unsigned_abs()))?;
                Number::from_scaled(mantissa.checked_mul(step)?, 0)
            }
        });
        number.ok_or_else(|| {
            Odd::Digits(match self {
                Self::D32(values) => digits(values, at),
                Self::D64(values) => digits(values, at),
                Self::D128(values) => digits(values, at),
                Self::D256(values) => digits(values, at),
            })
        })
    }
}

#[cold]
fn digits<T: DecimalType>(values: &PrimitiveArray<T>, at: usize) -> String {
    T::format_decimal(values.value(at), values.precision(), values.scale())
}

fn timestamps(array: &dyn Array, unit: TimeUnit) -> Option<&[i64]> {
    Some(match unit {
        TimeUnit::Second => array.as_primitive_opt::<TimestampSecondType>()?.values(),
        TimeUnit::Millisecond => array.as_primitive_opt::<TimestampMillisecondType>()?.values(),
        TimeUnit::Microsecond => array.as_primitive_opt::<TimestampMicrosecondType>()?.values(),
        TimeUnit::Nanosecond => array.as_primitive_opt::<TimestampNanosecondType>()?.values(),
    })
}

fn durations(array: &dyn Array, unit: TimeUnit) -> Option<&[i64]> {
    Some(match unit {
        TimeUnit::Second => array.as_primitive_opt::<DurationSecondType>()?.values(),
        TimeUnit::Millisecond => array.as_primitive_opt::<DurationMillisecondType>()?.values(),
        TimeUnit::Microsecond => array.as_primitive_opt::<DurationMicrosecondType>()?.values(),
        TimeUnit::Nanosecond => array.as_primitive_opt::<DurationNanosecondType>()?.values(),
    })
}

fn per_second(unit: TimeUnit) -> i64 {
    match unit {
        TimeUnit::Second => 1,
        TimeUnit::Millisecond => 1_000,
        TimeUnit::Microsecond => 1_000_000,
        TimeUnit::Nanosecond => 1_000_000_000,
    }
}

/// What a number of units is counted from, for an error.
fn since(unit: i64) -> &'static str {
    match unit {
        1 => "seconds since 1970",
        1_000 => "milliseconds since 1970",
        1_000_000 => "microseconds since 1970",
        _ => "nanoseconds since 1970",
    }
}

/// How late it is as a text; what no clock shows is shown as it is.
fn clock(value: i128, unit: i64) -> String {
    let (seconds, rest) = (value / i128::from(unit), value % i128::from(unit));
    let (hours, minutes) = (seconds / 3_600, seconds / 60 % 60);
    let mut text = format!("{hours:02}:{minutes:02}:{:02}", seconds % 60);
    if rest > 0 {
        let nanoseconds = rest * i128::from(1_000_000_000 / unit);
        text.push_str(format!(".{nanoseconds:09}").trim_end_matches('0'));
    }
    text
}

/// Seconds and, beside them, nanoseconds.
fn parts(value: i64, unit: i64) -> (i64, i32) {
    let rest = value.rem_euclid(unit) * (1_000_000_000 / unit);
    (value.div_euclid(unit), i32::try_from(rest).unwrap_or_default())
}

fn instant(value: i64, unit: i64) -> Option<Time> {
    let (seconds, rest) = parts(value, unit);
    Time::new(seconds, rest)
}

/// What clocks show when UTC is so late.
fn local(value: i64, unit: i64) -> Option<DateTime> {
    instant(value, unit)?.local(&Zone::UTC)
}

fn date(days: i32) -> Option<Date> {
    local(i64::from(days) * 86_400, 1).map(DateTime::date)
}

/// A day that is given by the midnight with which it begins.
fn day(value: i64, unit: i64, since: &str) -> Result<Date, Odd> {
    let time = local(value, unit).ok_or_else(|| odd(value, since))?;
    match time.time() == jiff::civil::Time::midnight() {
        true => Ok(time.date()),
        false => Err(Odd::Text(time.to_string())),
    }
}
