//! A single value of the input, as it is before anybody has looked at its type.

use std::borrow::Cow;

use super::money::ObjectKeys;
use rulebook_lang::model::{Cell, Date, Duration, Number, Period, Time};
use rulebook_lang::scalar::Physical;

/// A single value of the input, before anybody has looked at its type.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Raw<'a> {
    /// Null, or nothing.
    Null,
    /// True or false.
    Bool(bool),
    /// A number whose exact value has been read.
    Number(Number),
    /// The digits of a number, as they are written, and the number if it has been read.
    Digits(&'a str, Option<Number>),
    /// A text, which may stand for a value of a type without literals.
    Text(&'a str),
    /// A day of the calendar, in no zone.
    Date(Date),
    /// An instant, the same everywhere.
    Time(Time),
    /// An exact length of time.
    Duration(Duration),
    /// A length of time in months, whose days the calendar says.
    Period(Period),
    /// An object with an amount and a currency.
    Money(Amount<'a>, &'a str),
    /// Any other object, by its keys.
    Object(ObjectKeys<'a>),
    /// A list, whatever is in it.
    List,
}

/// The amount of an object that stands for money.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Amount<'a> {
    /// One whose exact value has been read.
    Number(Number),
    /// Its digits, as a number or as a text.
    Digits(&'a str),
}

impl<'a> Raw<'a> {
    /// An object, by what it has under the keys of an amount and its currency, and by its other keys.
    pub(super) fn of_object(
        amount: Option<Amount<'a>>,
        currency: Option<&'a str>,
        others: &'a [Cow<'a, str>],
    ) -> Self {
        match (amount, currency) {
            (Some(amount), Some(currency)) if others.is_empty() => Self::Money(amount, currency),
            _ => Self::Object(ObjectKeys {
                amount: amount.is_some(),
                currency: currency.is_some(),
                others,
            }),
        }
    }

    /// The columns that hold such values, of those that types tell apart.
    #[inline]
    pub(super) fn physical(&self) -> Option<Physical> {
        Some(match self {
            Self::Text(_) => Physical::Texts,
            Self::Date(_) => Physical::Dates,
            Self::Time(_) => Physical::Times,
            Self::Duration(_) => Physical::Durations,
            Self::Period(_) => Physical::Months,
            _ => return None,
        })
    }

    /// The cell of a value that is one already.
    pub(super) fn cell(&self) -> Option<Cell> {
        Some(match self {
            Self::Date(date) => Cell::Date(*date),
            Self::Time(time) => Cell::Time(*time),
            Self::Duration(length) => Cell::Duration(*length),
            Self::Period(period) => Cell::Period(*period),
            _ => return None,
        })
    }

    /// The value in words.
    pub(super) fn described(&self) -> String {
        match self {
            Self::Null => "null".into(),
            Self::Bool(value) => format!("{value}"),
            Self::Number(number) => format!("the number {number}"),
            Self::Digits(digits, _) => format!("the number {}", shortened(digits)),
            Self::Text(text) => format!("the text \"{}\"", shortened(text)),
            Self::Date(date) => format!("the date {date}"),
            Self::Time(time) => format!("the time {time}"),
            Self::Duration(duration) => format!("the duration {duration}"),
            Self::Period(period) => format!("the period {period}"),
            Self::Money(Amount::Number(amount), currency) => {
                format!("the amount {amount} {}", shortened(currency))
            }
            Self::Money(Amount::Digits(amount), currency) => {
                format!("the amount {} {}", shortened(amount), shortened(currency))
            }
            Self::Object(_) => "an object".into(),
            Self::List => "a list".into(),
        }
    }
}

/// A text of others, short enough for a message.
pub(super) fn shortened(text: &str) -> String {
    const SHOWN: usize = 40;
    match text.char_indices().nth(SHOWN) {
        Some((end, _)) => format!("{}…", text.get(..end).unwrap_or("")),
        None => text.to_string(),
    }
}
