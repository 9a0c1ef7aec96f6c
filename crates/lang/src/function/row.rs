//! A row of the tables of functions.

use crate::signature::Signature;

/// A function of the language.
#[derive(Debug)]
pub struct Function {
    /// Its name.
    pub name: &'static str,
    /// The ways to call it; the first that fits is taken.
    pub signatures: &'static [Signature],
    /// What it gives, in one sentence.
    pub doc: &'static str,
    /// An expression that is true.
    pub example: &'static str,
}
