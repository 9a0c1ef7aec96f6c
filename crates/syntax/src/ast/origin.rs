//! Where values come from: a source, or somebody who assumed them.

use super::Text;

/// Who says so: a source that can be read, or somebody who assumed it.
#[derive(Debug, Clone)]
pub enum Origin<'s> {
    /// `source "…" url "…"`
    Source(Source<'s>),
    /// `assumed "why"`
    Assumed(Text<'s>),
}

/// `source "…" url "…"`
#[derive(Debug, Clone)]
pub struct Source<'s> {
    /// What to cite: the article of a law, the clause of a contract.
    pub text: Text<'s>,
    /// The address to read it at, if it has one.
    pub url: Option<Text<'s>>,
}
