//! Where values come from: a source, or somebody who assumed them.

use super::{Name, Text};
use rulebook_base::source::Span;

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
    /// What to cite, by language: the article of a law, the clause of a contract. No language means the
    /// rulebook's first.
    pub texts: Vec<(Option<Name<'s>>, Text<'s>)>,
    /// The address to read it at, if it has one.
    pub url: Option<Text<'s>>,
}

impl Source<'_> {
    /// From the first of its texts, or the language of that, to the last.
    pub fn span(&self) -> Span {
        let spans = self.texts.iter().map(|(language, text)| match language {
            Some(language) => language.span.to(text.span),
            None => text.span,
        });
        spans.reduce(Span::to).unwrap_or_default()
    }
}
