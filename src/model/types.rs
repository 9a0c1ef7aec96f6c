//! The types of the language.

use std::fmt;
use std::sync::Arc;

use rustc_hash::FxHashMap;

use super::Currency;

/// The type of a value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Type {
    /// `true` or `false`.
    Bool,
    /// An exact decimal.
    Number,
    /// An exact amount of one currency.
    Money(Currency),
    /// Text.
    Text,
    /// A day.
    Date,
    /// An instant.
    Time,
    /// An exact length of time.
    Duration,
    /// Months or years.
    Period,
    /// A web address.
    Url,
    /// One of some names.
    Enum(Arc<EnumType>),
    /// Values of one type in order.
    List(Box<Type>),
    /// A record by its name.
    Record(Arc<str>),
    /// A value that may be missing.
    Optional(Box<Type>),
    /// What is wrong already; fits everything, so that one mistake is reported once.
    Unknown,
}

/// The members of an enum.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EnumType {
    /// The name; `None` for one written in place.
    pub name: Option<String>,
    /// The names of the members, in the order written.
    pub members: Vec<String>,
    /// Whether the order of the members counts: `a < b < c`.
    pub ordered: bool,
    /// Whether other names are allowed: `a, b, ..`.
    pub open: bool,
    /// The position of each member, since every record looks its members up.
    positions: FxHashMap<Box<str>, u32>,
}

impl EnumType {
    /// An enum without a name.
    pub fn new(members: Vec<String>, ordered: bool, open: bool) -> Self {
        let positions = (0..).zip(&members).map(|(at, name)| (name.as_str().into(), at)).collect();
        Self { name: None, members, ordered, open, positions }
    }

    /// The position of a member.
    pub fn position(&self, member: &str) -> Option<u32> {
        self.positions.get(member).copied()
    }

    /// The member at a position.
    pub fn member(&self, position: u32) -> Option<&str> {
        self.members.get(position as usize).map(String::as_str)
    }
}

impl Type {
    /// The types that have a name of their own: bare words, unlike currencies, enums, records and lists.
    pub const NAMED: &[(&str, Self)] = &[
        ("bool", Self::Bool),
        ("number", Self::Number),
        ("text", Self::Text),
        ("date", Self::Date),
        ("time", Self::Time),
        ("duration", Self::Duration),
        ("period", Self::Period),
        ("url", Self::Url),
    ];

    /// The type as an optional; an optional stays what it is.
    #[must_use]
    pub fn optional(self) -> Self {
        match self {
            Self::Optional(_) | Self::Unknown => self,
            other => Self::Optional(Box::new(other)),
        }
    }

    /// The type without its `?`.
    pub fn required(&self) -> &Self {
        match self {
            Self::Optional(inner) => inner,
            other => other,
        }
    }

    /// Whether values may be missing.
    pub fn is_optional(&self) -> bool {
        matches!(self, Self::Optional(_))
    }

    /// Whether something about it is wrong already.
    pub fn is_unknown(&self) -> bool {
        match self {
            Self::Unknown => true,
            Self::List(inner) | Self::Optional(inner) => inner.is_unknown(),
            _ => false,
        }
    }

    /// Whether a value of type `other` may stand where this type is needed.
    pub fn accepts(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Unknown, _) | (_, Self::Unknown) => true,
            (Self::Optional(inner), Self::Optional(other)) => inner.accepts(other),
            (Self::Optional(inner), other) => inner.accepts(other),
            (Self::List(inner), Self::List(other)) => inner.accepts(other),
            (one, other) => one == other,
        }
    }

    /// The type in a sentence, with its article.
    pub fn described(&self) -> String {
        match self {
            Self::Bool => "a true-or-false value".into(),
            Self::Number => "a number".into(),
            Self::Money(currency) => format!("an amount in {currency}"),
            Self::Text => "a text".into(),
            Self::Date => "a date".into(),
            Self::Time => "a time".into(),
            Self::Duration => "a duration".into(),
            Self::Period => "a period (months or years)".into(),
            Self::Url => "a url".into(),
            Self::Enum(members) => match &members.name {
                Some(name) => format!("a `{name}`"),
                None => format!("one of {}", listed(&members.members)),
            },
            Self::List(inner) => format!("a list of {inner}"),
            Self::Record(name) => format!("a record `{name}`"),
            Self::Optional(inner) => format!("{} that may be missing", inner.described()),
            Self::Unknown => "unknown".into(),
        }
    }
}

fn listed(members: &[String]) -> String {
    let names: Vec<_> = members.iter().map(|name| format!("`{name}`")).collect();
    names.join(", ")
}

impl fmt::Display for Type {
    /// The type as it is written in a policy.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Bool => f.write_str("bool"),
            Self::Number => f.write_str("number"),
            Self::Money(currency) => write!(f, "{currency}"),
            Self::Text => f.write_str("text"),
            Self::Date => f.write_str("date"),
            Self::Time => f.write_str("time"),
            Self::Duration => f.write_str("duration"),
            Self::Period => f.write_str("period"),
            Self::Url => f.write_str("url"),
            Self::Enum(members) => match &members.name {
                Some(name) => f.write_str(name),
                None => {
                    f.write_str(&members.members.join(if members.ordered { " < " } else { " | " }))
                }
            },
            Self::List(inner) => write!(f, "list of {inner}"),
            Self::Record(name) => f.write_str(name),
            Self::Optional(inner) => write!(f, "{inner}?"),
            Self::Unknown => f.write_str("unknown"),
        }
    }
}
