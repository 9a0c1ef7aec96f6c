//! Names, and paths of names.

use rulebook_base::source::Span;

/// A name and where it stands.
#[derive(Debug, Clone)]
pub struct Name<'s> {
    /// The letters, as written; names are compared by them alone.
    pub text: &'s str,
    /// Where it stands: what a diagnostic about the name points at.
    pub span: Span,
}

/// `a.b.c`: a field within records, or a single name of whatever kind
#[derive(Debug, Clone)]
pub struct Path<'s> {
    /// The names from left to right.
    pub names: Vec<Name<'s>>,
    /// From the first name to the last.
    pub span: Span,
}
