//! How fields are read.

use super::{Expr, Path, Text};
use rulebook_base::source::Span;

/// `read "-" as missing, "%d/%m/%Y" or iso, otherwise missing`
#[derive(Debug, Clone)]
pub struct Reading<'s> {
    /// What stands between the commas.
    pub parts: Vec<ReadingPart<'s>>,
    /// From `read` to the last token.
    pub span: Span,
}

/// What is said at once.
#[derive(Debug, Clone)]
pub enum ReadingPart<'s> {
    /// `"Y" or "yes" as true`
    Words {
        /// What the input has.
        texts: Vec<Text<'s>>,
        /// What it stands for; nothing for `missing`.
        value: Option<Expr<'s>>,
    },
    /// `"%d/%m/%Y" or iso`: words of the table of readings, tried in this order.
    Phrases(Vec<Phrase<'s>>),
    /// `otherwise missing`
    Otherwise(Span),
}

impl<'s> ReadingPart<'s> {
    /// What texts stand for.
    pub fn value(&self) -> Option<&Expr<'s>> {
        match self {
            Self::Words { value, .. } => value.as_ref(),
            Self::Phrases(_) | Self::Otherwise(_) => None,
        }
    }
}

/// `decimal ","`: a row of the table of readings.
#[derive(Debug, Clone)]
pub struct Phrase<'s> {
    /// Words and texts.
    pub pieces: Vec<PhrasePiece<'s>>,
    /// From the first to the last.
    pub span: Span,
}

/// A word or a text of a phrase.
#[derive(Debug, Clone)]
pub enum PhrasePiece<'s> {
    /// A word, or the path to another field.
    Word(Path<'s>),
    /// A text in quotes.
    Text(Text<'s>),
}
