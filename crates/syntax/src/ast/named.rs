//! The tree of a named value, as written.

use super::{Expr, Name, Origin, Texts, TypeExpr};
use rulebook_base::source::Span;

/// `let NAME: TYPE = E`, its title and its origins
#[derive(Debug, Clone)]
pub struct Let<'s> {
    /// What expressions read it by.
    pub name: Name<'s>,
    /// What it is of, where its author says so; it gives bare names of members their meaning.
    pub ty: Option<TypeExpr<'s>>,
    /// What it stands for.
    pub value: Expr<'s>,
    /// What people call it; its name where it has none.
    pub title: Option<Texts<'s>>,
    /// On whose authority it is so, and what is assumed in it; may be empty.
    pub origins: Vec<Origin<'s>>,
    /// From its word to its last token.
    pub span: Span,
}

impl<'s> Let<'s> {
    /// Calls `visit` with each name that its value reads and that means something outside of it: not with
    /// the variables of list forms.
    pub fn free_names(&self, visit: &mut dyn FnMut(&Name<'s>)) {
        self.value.free_names(&mut Vec::new(), visit);
    }
}
