//! The types of the language.

use std::borrow::Cow;
use std::fmt;
use std::sync::{Arc, OnceLock};

use rustc_hash::FxHashMap;

use super::{Currency, Titles};

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
    /// Days of the calendar, or working days of one.
    Days,
    /// A web address.
    Url,
    /// A version of software.
    Version,
    /// One of some names.
    Enum(Arc<EnumType>),
    /// Values of one type in order.
    List(Box<Type>),
    /// A record of the rulebook.
    Record(Arc<RecordType>),
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
    /// What the data has for each member, in the order written.
    pub members: Vec<String>,
    /// What policies write for each.
    names: Vec<MemberName>,
    /// What people call each; empty where nobody has said so of any.
    titles: Vec<Titles>,
    /// Whether the order of the members counts: `a < b < c`.
    pub ordered: bool,
    /// Whether other names are allowed: `a, b, ..`.
    pub open: bool,
    /// Whether the members are the calendars of the rulebook.
    pub of_calendars: bool,
    /// The position of each member, since every record looks its members up.
    positions: FxHashMap<Box<str>, u32>,
}

/// What policies write for a member of an enum.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum MemberName {
    /// A name, which may be another one than the data has.
    Bare(String),
    /// The text of the data, in quotes.
    Quoted,
}

/// A record, which is the same as another where it has the same name; its fields are known once all records
/// are.
#[derive(Debug)]
pub struct RecordType {
    name: Arc<str>,
    /// Whether the language has it by itself: a record of a rulebook may have the same name.
    of_language: bool,
    fields: OnceLock<Vec<(Box<str>, Type)>>,
}

impl RecordType {
    /// A record of which only the name is known yet.
    pub fn new(name: Arc<str>) -> Self {
        Self { name, of_language: false, fields: OnceLock::new() }
    }

    /// One that the language has by itself.
    pub fn of_language(name: Arc<str>) -> Self {
        Self { of_language: true, ..Self::new(name) }
    }

    /// Its name.
    pub fn name(&self) -> &Arc<str> {
        &self.name
    }

    /// Says which fields it has; what was said first stays.
    pub fn set_fields(&self, fields: impl IntoIterator<Item = (Box<str>, Type)>) {
        self.fields.get_or_init(|| fields.into_iter().collect());
    }

    /// Its fields in order, each behind the first of its slots.
    pub fn fields(&self) -> impl Iterator<Item = (u32, &str, &Type)> {
        let mut next = 0;
        self.fields.get().into_iter().flatten().map(move |(name, ty)| {
            let slot = next;
            next += ty.slots();
            (slot, name.as_ref(), ty)
        })
    }

    /// How many slots its fields take.
    pub fn size(&self) -> u32 {
        self.fields.get().into_iter().flatten().map(|(_, ty)| ty.slots()).sum()
    }
}

impl fmt::Display for RecordType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.name)
    }
}

impl PartialEq for RecordType {
    fn eq(&self, other: &Self) -> bool {
        self.name == other.name && self.of_language == other.of_language
    }
}

impl Eq for RecordType {}

impl EnumType {
    /// An enum without a name, of members that policies and the data call the same.
    pub fn new(members: Vec<String>, ordered: bool, open: bool) -> Self {
        let members = members.into_iter().map(|name| (MemberName::Bare(name.clone()), name));
        Self::named(members.collect(), ordered, open)
    }

    /// The calendars of a rulebook, as the type whose values they are.
    pub fn of_calendars(names: Vec<String>) -> Self {
        let name = Some("calendar".to_string());
        Self { name, of_calendars: true, ..Self::new(names, false, false) }
    }

    /// An enum without a name, of what policies write and what the data has for each member.
    pub fn named(members: Vec<(MemberName, String)>, ordered: bool, open: bool) -> Self {
        let (names, members): (Vec<_>, Vec<_>) = members.into_iter().unzip();
        let positions = (0..).zip(&members).map(|(at, text)| (text.as_str().into(), at)).collect();
        let (name, titles, of_calendars) = (None, Vec::new(), false);
        Self { name, members, names, titles, ordered, open, of_calendars, positions }
    }

    /// The same with what people call each member, in the order of the members.
    #[must_use]
    pub fn titled(self, titles: Vec<Titles>) -> Self {
        let is_said = titles.iter().any(|titles| !titles.is_empty());
        Self { titles: if is_said { titles } else { Vec::new() }, ..self }
    }

    /// What people call the member at a position, in a language; nothing where nobody has said so.
    pub fn title(&self, position: u32, language: &str) -> Option<&str> {
        self.titles.get(position as usize)?.in_language(language)
    }

    /// The position of a member that the data has.
    pub fn position(&self, member: &str) -> Option<u32> {
        self.positions.get(member).copied()
    }

    /// The position of a member that the data has in whatever letters. Of two that differ in their letters alone, nobody
    /// knows which is meant.
    pub fn position_alike(&self, member: &str) -> Option<u32> {
        let folded = |text: &str, other: &str| {
            let fold = |text: &str| text.chars().flat_map(char::to_lowercase).collect::<String>();
            match text.is_ascii() && other.is_ascii() {
                true => text.eq_ignore_ascii_case(other),
                false => fold(text) == fold(other),
            }
        };
        self.position(member).or_else(|| {
            let mut alike = (0..).zip(&self.members).filter(|(_, known)| folded(known, member));
            let (position, _) = alike.next()?;
            alike.next().is_none().then_some(position)
        })
    }

    /// What the data has for the member at a position.
    pub fn member(&self, position: u32) -> Option<&str> {
        self.members.get(position as usize).map(String::as_str)
    }

    /// The position of the member that a policy means by a bare name.
    pub fn position_of_name(&self, name: &str) -> Option<u32> {
        let is_named =
            |known: &MemberName| matches!(known, MemberName::Bare(known) if known == name);
        let position = self.names.iter().position(is_named)?;
        u32::try_from(position).ok()
    }

    /// The position of the member that a policy means by a text in quotes.
    pub fn position_of_quoted(&self, text: &str) -> Option<u32> {
        let position = self.position(text)?;
        (*self.names.get(position as usize)? == MemberName::Quoted).then_some(position)
    }

    /// What policies write for the member at a position.
    pub fn written(&self, position: u32) -> Cow<'_, str> {
        match self.names.get(position as usize) {
            Some(MemberName::Bare(name)) => Cow::Borrowed(name),
            _ => {
                let text = self.member(position).unwrap_or_default();
                let text = text.replace('\\', "\\\\").replace('"', "\\\"");
                Cow::Owned(format!("\"{}\"", text.replace('\n', "\\n").replace('\t', "\\t")))
            }
        }
    }

    /// What policies write for each member, in order.
    pub fn all_written(&self) -> Vec<Cow<'_, str>> {
        (0..).zip(&self.members).map(|(position, _)| self.written(position)).collect()
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

    /// How many slots a field of the type takes: one, and those of a record's own fields.
    fn slots(&self) -> u32 {
        match self.required() {
            Self::Record(record) => 1 + record.size(),
            _ => 1,
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
