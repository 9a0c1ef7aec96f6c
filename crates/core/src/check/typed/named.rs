//! Named values.

use std::sync::Arc;

use super::{Expr, PolicyId, RecordId, Text};
use rulebook_base::source::Span;
use rulebook_lang::model::Type;

/// A value under a name, which expressions read as if it stood there itself.
#[derive(Debug)]
pub struct Let {
    /// As expressions read it.
    pub name: String,
    /// What it is; optional where it may be missing.
    pub ty: Type,
    /// What it stands for.
    pub value: Arc<Expr>,
    /// What people call it.
    pub title: Option<Text>,
    /// The record whose fields it may read.
    pub record: RecordId,
    /// The policy in which it stands; nothing where all policies on the record read it.
    pub policy: Option<PolicyId>,
    /// How many values of other names stand one within the other in it.
    pub depth: usize,
    /// How many expressions with names it comes to, each written out where it is read.
    pub size: usize,
    /// Where its name stands.
    pub span: Span,
}
