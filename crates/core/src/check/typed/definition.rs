//! What is defined outside of policies, and all of a rulebook.

use std::sync::Arc;

use super::{Constant, Counter, Expr, Fields, Let, Policy, Stage, Table, Typed};
use crate::ids::{
    CounterId, FunctionId, IdVec, LetId, ListId, LocalId, ParameterId, PolicyId, RecordId, TableId,
};
use crate::script::Script;
use crate::texts::TextSet;
use rulebook_base::source::Span;
use rulebook_lang::model::{Calendar, Time, Type};
use rulebook_lang::reading::Reading;

/// A rulebook without names and type errors.
#[derive(Debug, Default)]
pub struct Checked {
    /// Every record.
    pub records: IdVec<RecordId, Record>,
    /// Every parameter.
    pub parameters: IdVec<ParameterId, Parameter>,
    /// Every list.
    pub lists: IdVec<ListId, List>,
    /// Every function.
    pub functions: IdVec<FunctionId, Function>,
    /// Every counter.
    pub counters: IdVec<CounterId, Counter>,
    /// Every calendar of working days.
    pub calendars: Vec<Calendar>,
    /// Every decision table.
    pub tables: IdVec<TableId, Table>,
    /// Every named value.
    pub lets: IdVec<LetId, Let>,
    /// Every policy.
    pub policies: IdVec<PolicyId, Policy>,
}

/// A record and its fields.
#[derive(Debug, Clone)]
pub struct Record {
    /// As policies and the settings name it.
    pub name: Arc<str>,
    /// Where its fields come from.
    pub kind: RecordKind,
    /// The fields in order.
    pub fields: Vec<Field>,
    /// The position of the field by which its profiles are found, if they are joined.
    pub profile_key: Option<u32>,
    /// The positions of the fields by which one is known from all others; may be none.
    pub key: Vec<u32>,
    /// Between which of its fields one holds as a profile; without it, always.
    pub validity: Option<Validity>,
    /// Where it is defined.
    pub span: Span,
}

/// The fields between which a profile holds, by their positions: dates or times.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Validity {
    /// From when it holds; ever since where the field is missing.
    pub from: u32,
    /// Until when; where the field is missing, without an end. Without a field, until the next one of its key.
    pub until: Option<u32>,
}

/// Where the fields of a record come from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RecordKind {
    /// They are declared.
    Declared,
    /// They are those of this record, and behind them the element of a list of it that a policy judges, and the
    /// place of that among all.
    Element(RecordId),
    /// They are the outputs of this table: what a row of it is where it is taken whole.
    Row(TableId),
    /// They are what a policy decided about an element, and behind that those of the element.
    Decided(PolicyId),
}

/// A field of a record.
#[derive(Debug, Clone)]
pub struct Field {
    /// As expressions read it and inputs write it.
    pub name: String,
    /// What its values are; optional where the input may leave it out.
    pub ty: Type,
    /// To how many digits after the point its numbers are rounded as they are read.
    pub digits: Option<u32>,
    /// The value where the input has none.
    pub default: Option<Constant>,
    /// Another name in the input.
    pub alias: Option<String>,
    /// How the input has it, where its declaration says so.
    pub reading: Option<Arc<Reading>>,
    /// The key of the profile that stands where the input has none: the positions of the fields
    /// that lead to it from the record that declares this field.
    pub join: Option<Fields>,
    /// Whether nobody can change it.
    pub fixed: bool,
}

/// A parameter and its values.
#[derive(Debug)]
pub struct Parameter<S: Stage = Typed> {
    /// As expressions read it, and whoever sets it from outside.
    pub name: String,
    /// What each of its values is.
    pub ty: Type,
    /// From when, and what, in the order of the dates; the first has no date if the value is fixed.
    pub values: Vec<(Option<Time>, S::Constant)>,
    /// Whether the author wrote it in percent.
    pub percent: bool,
    /// Whether somebody assumed the value.
    pub assumed: bool,
    /// Where it is defined.
    pub span: Span,
}

/// A list of constants under a name, which is what `in` looks values up in.
#[derive(Debug, Clone)]
pub struct List {
    /// As expressions read it.
    pub name: String,
    /// The type of an item.
    pub ty: Type,
    /// The values that it holds, in the order of the text.
    pub items: Items,
}

/// The values of a list.
#[derive(Debug, Clone)]
pub enum Items {
    /// Texts, each once: lists in files may be long.
    Texts(Arc<TextSet>),
    /// Any values.
    Values(Vec<Constant>),
}

impl Items {
    /// Those that are texts.
    pub fn texts(&self) -> impl Iterator<Item = &str> {
        let (texts, values) = match self {
            Self::Texts(texts) => (Some(texts), [].as_slice()),
            Self::Values(values) => (None, values.as_slice()),
        };
        let texts = texts.into_iter().flat_map(|texts| texts.iter());
        texts.chain(values.iter().filter_map(Constant::text))
    }
}

/// A function of the rulebook.
#[derive(Debug, Clone)]
pub struct Function {
    /// As it is called.
    pub name: String,
    /// The arguments in order.
    pub arguments: Vec<(LocalId, Type)>,
    /// The type of the result.
    pub result: Type,
    /// How the result comes from the arguments.
    pub body: Body,
}

/// What gives the result of a function.
#[derive(Debug, Clone)]
pub enum Body {
    /// What is evaluated with the arguments in scope.
    Expression(Expr),
    /// A function of a script; nothing where that is wrong.
    Script(Option<Script>),
}
