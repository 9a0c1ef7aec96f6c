//! Types as written.

use super::Name;
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

/// The members of an enum, defined by name or in the place of a type: `a | b`.
#[derive(Debug, Clone)]
pub struct Members<'s> {
    /// In the order of the text, which is that of `<` where they are ordered.
    pub names: Vec<Name<'s>>,
    /// Whether they stand in an order: `a < b`.
    pub ordered: bool,
    /// Whether other names are allowed: `..`.
    pub open: bool,
}
