//! The types of the language.

use std::sync::Arc;

use rustc_hash::FxHashMap;

use super::Currency;

/// The type of a value. What a scalar type is and does, says its row in `scalar.rs`.
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
    /// What a clock shows, on whatever day.
    TimeOfDay,
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
}
