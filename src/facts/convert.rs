//! A single value of the input to a cell of its declared type.

use std::borrow::Cow;

use serde::Deserialize;
use serde_json::value::RawValue;

use super::Filler;
use crate::lang::function::parse_url;
use crate::model::{
    Cell, Currency, EnumType, Number, NumberError, Type, parse_date, parse_duration, parse_period,
    parse_time,
};

/// A single value of the input, before anybody has looked at its type.
#[derive(Debug, Clone, PartialEq)]
pub enum Raw<'a> {
    /// Null, or nothing.
    Null,
    /// True or false.
    Bool(bool),
    /// The digits of a number.
    Number(Cow<'a, str>),
    /// A whole number.
    Whole(i64),
    /// A text.
    Text(Cow<'a, str>),
    /// An object with an amount and a currency.
    Money(String, String),
    /// Any other object.
    Object,
    /// A list.
    List,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct MoneyObject<'a> {
    #[serde(borrow)]
    amount: &'a RawValue,
    #[serde(borrow)]
    currency: Cow<'a, str>,
}

impl<'a> Raw<'a> {
    /// The value that a token of JSON stands for; the token must be well formed.
    pub(super) fn from_json(token: &'a str) -> Self {
        match token.as_bytes().first() {
            Some(b'"') => match token.get(1..token.len().saturating_sub(1)) {
                Some(inner) if !inner.contains('\\') => Self::Text(Cow::Borrowed(inner)),
                _ => serde_json::from_str(token)
                    .map_or(Self::Null, |text: String| Self::Text(text.into())),
            },
            Some(b't') => Self::Bool(true),
            Some(b'f') => Self::Bool(false),
            Some(b'n') | None => Self::Null,
            Some(b'[') => Self::List,
            Some(b'{') => match serde_json::from_str::<MoneyObject<'_>>(token) {
                Ok(money) => {
                    let amount = match Self::from_json(money.amount.get()) {
                        Self::Number(digits) | Self::Text(digits) => digits.into_owned(),
                        _ => return Self::Object,
                    };
                    Self::Money(amount, money.currency.into_owned())
                }
                Err(_) => Self::Object,
            },
            Some(_) => Self::Number(Cow::Borrowed(token)),
        }
    }

    /// The value in words.
    pub(super) fn described(&self) -> String {
        match self {
            Self::Null => "null".into(),
            Self::Bool(value) => format!("{value}"),
            Self::Number(digits) => format!("the number {}", shortened(digits)),
            Self::Whole(value) => format!("the number {value}"),
            Self::Text(text) => format!("the text \"{}\"", shortened(text)),
            Self::Money(amount, currency) => format!("the amount {amount} {currency}"),
            Self::Object => "an object".into(),
            Self::List => "a list".into(),
        }
    }
}

fn shortened(text: &str) -> String {
    const SHOWN: usize = 40;
    match text.char_indices().nth(SHOWN) {
        Some((end, _)) => format!("{}…", text.get(..end).unwrap_or("")),
        None => text.to_string(),
    }
}

impl Filler<'_> {
    /// The cell for a value of a type; reports a value that does not fit.
    pub(super) fn convert(&mut self, ty: &Type, raw: &Raw<'_>) -> Option<Cell> {
        match (ty, raw) {
            (Type::Bool, Raw::Bool(value)) => Some(Cell::Bool(*value)),
            (Type::Number, Raw::Number(digits) | Raw::Text(digits)) => self.number(ty, raw, digits),
            (Type::Number | Type::Money(_), Raw::Whole(value)) => {
                Some(Cell::Number(Number::from(*value)))
            }
            (Type::Money(currency), _) => self.money(*currency, ty, raw),
            (Type::Text, Raw::Text(text)) => Some(self.row.add_text(text)),
            (Type::Date, Raw::Text(text)) => match parse_date(text) {
                Some(date) => Some(Cell::Date(date)),
                None => self.malformed("bad-date", raw, "a day of the calendar, `YYYY-MM-DD`"),
            },
            (Type::Time, Raw::Text(text)) => match parse_time(text, self.zone) {
                Some(time) => Some(Cell::Time(time)),
                None => {
                    self.malformed("bad-time", raw, "a time such as `2024-09-12T08:00:00+08:00`")
                }
            },
            (Type::Duration, Raw::Text(text)) => match parse_duration(text) {
                Some(duration) => Some(Cell::Duration(duration)),
                None => self.malformed("bad-duration", raw, "a duration such as `PT48H` or `P7D`"),
            },
            (Type::Period, Raw::Text(text)) => match parse_period(text) {
                Some(period) => Some(Cell::Period(period)),
                None => self.malformed("bad-period", raw, "months or years such as `P3M` or `P1Y`"),
            },
            (Type::Url, Raw::Text(text)) => match parse_url(text) {
                Some(_) => Some(self.row.add_text(text)),
                None => self.malformed("bad-url", raw, "an absolute web address"),
            },
            (Type::Enum(members), Raw::Text(text)) => self.member(members, text),
            _ => self.malformed("wrong-type", raw, &ty.described()),
        }
    }

    fn malformed(&mut self, code: &'static str, raw: &Raw<'_>, wanted: &str) -> Option<Cell> {
        self.error(code, format!("expected {wanted}, found {}", raw.described()));
        None
    }

    fn number(&mut self, ty: &Type, raw: &Raw<'_>, digits: &str) -> Option<Cell> {
        match digits.parse::<Number>() {
            Ok(number) => Some(Cell::Number(number)),
            Err(NumberError::Malformed) => self.malformed("wrong-type", raw, &ty.described()),
            Err(error) => {
                self.error("bad-number", format!("{error}: {}", raw.described()));
                None
            }
        }
    }

    fn money(&mut self, currency: Currency, ty: &Type, raw: &Raw<'_>) -> Option<Cell> {
        match raw {
            Raw::Number(digits) | Raw::Text(digits) => self.number(ty, raw, digits),
            Raw::Money(amount, code) if code == currency.code() => self.number(ty, raw, amount),
            Raw::Money(_, code) => {
                let message = format!("expected an amount in {currency}, found one in {code}");
                self.error("wrong-currency", message);
                None
            }
            _ => self.malformed("wrong-type", raw, &ty.described()),
        }
    }

    fn member(&mut self, members: &EnumType, text: &str) -> Option<Cell> {
        if let Some(position) = members.position(text) {
            return Some(Cell::Member(position));
        }
        if members.open {
            return Some(self.row.add_text(text));
        }
        let near = crate::diagnostic::nearest(text, members.members.iter().map(String::as_str));
        let help = match near {
            Some(near) => format!("did you mean `{near}`?"),
            None => format!("it takes {}", members.members.join(", ")),
        };
        self.error(
            "unknown-member",
            format!("\"{}\" is not allowed here; {help}", shortened(text)),
        );
        None
    }
}
