//! What crosses the border between a policy and a script: the types of arguments and results, laid
//! out as the values lie.

use std::sync::Arc;

use rulebook_lang::model::Type;

/// The type of an argument or a result of a script.
#[derive(Debug, Clone)]
pub enum Border {
    /// A value that is neither a list nor a record, and never missing.
    Single(Type),
    /// A value that may be missing.
    Optional(Box<Border>),
    /// Values of one type in order.
    List(Box<Border>),
    /// Named values, which a script sees as a map.
    Record(Arc<RecordBorder>),
}

/// The fields of a record, with those of nested records laid out among them.
#[derive(Debug)]
pub struct RecordBorder {
    /// The name of the record.
    pub name: Arc<str>,
    /// Whether it is money of any currency, which a script sees as an amount.
    pub money: bool,
    /// How many cells it takes.
    pub size: u32,
    /// The fields in order.
    pub fields: Vec<FieldBorder>,
}

/// A field of a record.
#[derive(Debug)]
pub struct FieldBorder {
    /// The key under which a script finds it.
    pub name: Box<str>,
    /// Where it lies, counted from the start of the outermost record. That cell of a nested record
    /// tells whether it is there; its fields have places of their own.
    pub offset: u32,
    /// The type of its value.
    pub border: Border,
}

impl Border {
    /// The type in a sentence, with its article.
    pub fn described(&self) -> String {
        match self {
            Self::Single(ty) => ty.described(),
            Self::Optional(inner) => format!("{} that may be missing", inner.described()),
            Self::List(_) => "a list".into(),
            Self::Record(record) if record.money => Type::money().described(),
            Self::Record(record) => format!("a record `{}`", record.name),
        }
    }
}
