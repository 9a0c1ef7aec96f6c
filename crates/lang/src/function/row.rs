//! A row of the tables of functions.

use crate::signature::{Shape, Signature};

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

impl Function {
    /// Whether some argument has a shape.
    pub fn takes(&self, shape: Shape) -> bool {
        self.signatures.iter().any(|signature| signature.parameters.contains(&shape))
    }

    /// Whether the argument at a position has a shape.
    pub fn takes_at(&self, at: usize, shape: Shape) -> bool {
        self.signatures.iter().any(|signature| signature.parameters.get(at) == Some(&shape))
    }
}
