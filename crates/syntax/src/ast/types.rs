//! Types as written.

use std::borrow::Cow;

use super::{Name, Text, Texts};
use crate::print::text_literal;
use rulebook_base::source::Span;

/// A type as written; whether it exists is for the checker.
#[derive(Debug, Clone)]
pub struct TypeExpr<'s> {
    /// The type without its `?`.
    pub kind: TypeKind<'s>,
    /// Whether a `?` follows: the value may be missing.
    pub optional: bool,
    /// With its `?`.
    pub span: Span,
}

/// The ways to write a type.
#[derive(Debug, Clone)]
pub enum TypeKind<'s> {
    /// `number`, `CNY`, `Order`
    Named(&'s str),
    /// `list of T`
    List(Box<TypeExpr<'s>>),
    /// `a | b` or `a < b`
    InPlace(Members<'s>),
}

/// A member of an enum, which has a name, a text or both: `second_class as "Second Class"`.
#[derive(Debug, Clone)]
pub struct Member<'s> {
    /// What policies call it; without a name they write its text.
    pub name: Option<Name<'s>>,
    /// What the data has for it, where that is not its name.
    pub text: Option<Text<'s>>,
    /// What people call it.
    pub title: Option<Texts<'s>>,
}

impl Member<'_> {
    /// What the data has for it.
    pub fn data(&self) -> &str {
        match (&self.text, &self.name) {
            (Some(text), _) => &text.value,
            (None, Some(name)) => name.text,
            (None, None) => "",
        }
    }

    /// How policies write it where they mean it.
    pub fn written(&self) -> Cow<'_, str> {
        match &self.name {
            Some(name) => Cow::Borrowed(name.text),
            None => Cow::Owned(text_literal(self.data())),
        }
    }

    /// From its name to its text, or to its title.
    pub fn span(&self) -> Span {
        let spans = [
            self.name.as_ref().map(|name| name.span),
            self.text.as_ref().map(|text| text.span),
            self.title.as_ref().map(|title| title.span),
        ];
        spans.into_iter().flatten().reduce(Span::to).unwrap_or_default()
    }
}

/// The members of an enum, defined by name or in the place of a type: `a | b`.
#[derive(Debug, Clone)]
pub struct Members<'s> {
    /// In the order of the text, which is that of `<` where they are ordered.
    pub members: Vec<Member<'s>>,
    /// Whether they stand in an order: `a < b`.
    pub ordered: bool,
    /// Whether other names are allowed: `..`.
    pub open: bool,
}
