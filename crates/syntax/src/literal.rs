//! Literals: from their text to the value that they stand for.

use super::ast::Literal;
use rulebook_lang::model::{self, Currency, Date, Duration, Number, Period, Time, Type, Zone};

/// The value that a literal stands for, of one of the types of the language.
#[derive(Debug, Clone, PartialEq)]
pub enum LiteralValue {
    /// `true`
    Bool(bool),
    /// `4.8` or `30%`
    Number(Number),
    /// `200 CNY`
    Money(Number, Currency),
    /// `"text"`
    Text(String),
    /// `2024-09-12`
    Date(Date),
    /// `2024-09-12T08:00+08:00`
    Time(Time),
    /// `22:00`, by how long a clock takes from midnight to it
    TimeOfDay(Duration),
    /// `7 days`
    Duration(Duration),
    /// `3 months`
    Period(Period),
    /// `20 calendar days`, or `7 us working days` with the name of the calendar
    Days(i32, Option<String>),
}

/// Why a literal stands for nothing.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum LiteralError {
    /// It has more digits than a number keeps.
    #[error("{0}")]
    Number(#[from] model::NumberError),
    /// The letters behind an amount are no currency of ISO 4217.
    #[error("`{0}` is not an ISO 4217 currency")]
    Currency(String),
    /// The day is not in the calendar.
    #[error("`{0}` is not a day of the calendar")]
    Date(String),
    /// The text has the form of a time, but no clock shows it.
    #[error("`{0}` is not a time")]
    Time(String),
    /// No clock shows it.
    #[error("`{0}` is not a time of day: those are `00:00` to `24:00`")]
    TimeOfDay(String),
    /// The number and the unit of a duration that is too long.
    #[error("`{0} {1}` is out of range")]
    Duration(String, String),
    /// A number of days of a calendar that is not whole, or too large.
    #[error("`{0}`: days of a calendar are counted whole")]
    PartialDays(String),
    /// The number and the unit of a period of months or years that is not whole.
    #[error("`{0} {1}`: months and years are counted whole")]
    PartialPeriod(String, String),
}

impl LiteralValue {
    /// The type of the language that the value has; of an amount, with its currency.
    pub fn ty(&self) -> Type {
        match self {
            Self::Bool(_) => Type::Bool,
            Self::Number(_) => Type::Number,
            Self::Money(_, currency) => Type::Money(*currency),
            Self::Text(_) => Type::Text,
            Self::Date(_) => Type::Date,
            Self::Time(_) => Type::Time,
            Self::TimeOfDay(_) => Type::TimeOfDay,
            Self::Duration(_) => Type::Duration,
            Self::Period(_) => Type::Period,
            Self::Days(..) => Type::Days,
        }
    }

    /// The value of a literal; times without an offset read in `zone`.
    ///
    /// # Errors
    /// When the literal has the right form but stands for nothing.
    pub fn of(literal: &Literal, zone: &Zone) -> Result<Self, LiteralError> {
        Ok(match literal {
            Literal::Bool(value) => Self::Bool(*value),
            Literal::Number(text) => Self::Number(number(text)?),
            Literal::Percent(text) => {
                let digits = text.trim_end_matches('%');
                // Two decimals fewer than a plain number, for the division by a hundred.
                let shifted = format!("{}e-2", digits.replace('_', ""));
                Self::Number(shifted.parse().map_err(LiteralError::Number)?)
            }
            Literal::Money(digits, code) => {
                let currency = Currency::from_code(code);
                let currency =
                    currency.ok_or_else(|| LiteralError::Currency((*code).to_string()))?;
                Self::Money(number(digits)?, currency)
            }
            Literal::Duration(digits, unit) => duration(digits, unit)?,
            Literal::Days(digits, calendar) => {
                let count = number(digits)?.to_i64().and_then(|count| i32::try_from(count).ok());
                let wrong = || LiteralError::PartialDays((*digits).to_string());
                let calendar = calendar.as_ref().map(|name| name.text.to_string());
                Self::Days(count.ok_or_else(wrong)?, calendar)
            }
            Literal::Date(text) => {
                let date = model::parse_date(text);
                Self::Date(date.ok_or_else(|| LiteralError::Date((*text).to_string()))?)
            }
            Literal::Time(text) => {
                let time = model::parse_time(text, zone);
                Self::Time(time.ok_or_else(|| LiteralError::Time((*text).to_string()))?)
            }
            Literal::TimeOfDay(text) => {
                let time_of_day = model::parse_time_of_day(text);
                let wrong = || LiteralError::TimeOfDay((*text).to_string());
                Self::TimeOfDay(time_of_day.ok_or_else(wrong)?)
            }
            Literal::Text(text) => Self::Text(text.value.to_string()),
        })
    }
}

fn number(text: &str) -> Result<Number, model::NumberError> {
    if text.contains('_') { text.replace('_', "").parse() } else { text.parse() }
}

fn duration(digits: &str, unit: &str) -> Result<LiteralValue, LiteralError> {
    let count = number(digits)?;
    let out_of_range = || LiteralError::Duration(digits.to_string(), unit.to_string());
    let seconds = match unit.trim_end_matches('s') {
        "second" => 1,
        "minute" => 60,
        "hour" => 3_600,
        "day" => 86_400,
        "week" => 604_800,
        calendar => {
            let months = if calendar == "year" { 12 } else { 1 };
            let count = count
                .to_i64()
                .ok_or_else(|| LiteralError::PartialPeriod(digits.to_string(), unit.to_string()))?;
            let months = count.checked_mul(months).and_then(|months| i32::try_from(months).ok());
            let months = months.ok_or_else(out_of_range)?;
            return Ok(LiteralValue::Period(Period::of_months(months)));
        }
    };
    let seconds = count.checked_mul(Number::from(seconds)).ok_or_else(out_of_range)?;
    let whole = seconds.to_i64().ok_or_else(out_of_range)?;
    Ok(LiteralValue::Duration(Duration::from_secs(whole)))
}
