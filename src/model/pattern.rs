//! Regular expressions, compiled once at load, and what each takes of memory and of time.

mod words;

use std::convert::Infallible;
use std::sync::Arc;

use regex_automata::meta::Regex;
use regex_syntax::ast::{self, Ast, ClassSetItem};
use regex_syntax::hir::translate::Translator;
use regex_syntax::hir::{Hir, HirKind};

/// Why an expression is refused.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PatternError {
    /// What is wrong with it.
    Malformed(String),
    /// It takes more memory than there is for it.
    TooLarge,
}

/// A regular expression. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Pattern {
    text: Arc<str>,
    regex: Regex,
    width: u64,
}

impl Pattern {
    /// Compiles an expression as the language takes it, in so many bytes at most.
    ///
    /// # Errors
    /// What is wrong with the expression, or that it takes more.
    pub fn new(text: &str, most: usize) -> Result<Self, PatternError> {
        let parsed = parse(text, most)?;
        let config = Regex::config().nfa_size_limit(Some(most));
        let built = Regex::builder().configure(config).build_from_hir(&parsed);
        let regex = built.map_err(|error| match error.size_limit() {
            Some(_) => PatternError::TooLarge,
            None => PatternError::Malformed("it cannot be used".into()),
        })?;
        if regex.memory_usage() > most {
            return Err(PatternError::TooLarge);
        }
        let width = if is_of_words(&parsed) { 1 } else { width(&parsed).max(1) };
        Ok(Self { text: text.into(), regex, width })
    }

    /// Whether the expression matches somewhere in a text.
    pub fn is_match(&self, text: &str) -> bool {
        self.regex.is_match(text)
    }

    /// As it is written.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// The memory that it takes, in bytes.
    pub fn bytes(&self) -> usize {
        self.regex.memory_usage()
    }

    /// At how many places within the expression a search may be at once: each byte of a text takes
    /// it at most that many steps.
    pub fn width(&self) -> u64 {
        self.width
    }
}

/// What parsing takes of memory for each byte of an expression, and for each class of many letters in it.
const OF_A_BYTE: usize = 128;
const OF_A_CLASS: usize = 8 << 10;

/// Parses an expression in so many bytes at most, about: compiling it takes more than that.
fn parse(text: &str, most: usize) -> Result<Hir, PatternError> {
    let malformed = |error| PatternError::Malformed(words::in_words(text, &error));
    if text.len().saturating_mul(OF_A_BYTE) > most {
        return Err(PatternError::TooLarge);
    }
    let tree = ast::parse::Parser::new().parse(text).map_err(|error| malformed(error.into()))?;
    let Ok(classes) = ast::visit(&tree, Classes(0));
    if classes.saturating_mul(OF_A_CLASS) > most {
        return Err(PatternError::TooLarge);
    }
    Translator::new().translate(text, &tree).map_err(|error| malformed(error.into()))
}

/// Counts the classes that have names: most of these are of many letters.
struct Classes(usize);

impl ast::Visitor for Classes {
    type Output = usize;
    type Err = Infallible;

    fn finish(self) -> Result<usize, Infallible> {
        Ok(self.0)
    }

    fn visit_pre(&mut self, tree: &Ast) -> Result<(), Infallible> {
        self.0 += usize::from(matches!(tree, Ast::ClassUnicode(_) | Ast::ClassPerl(_)));
        Ok(())
    }

    fn visit_class_set_item_pre(&mut self, item: &ClassSetItem) -> Result<(), Infallible> {
        let is_named = matches!(item, ClassSetItem::Unicode(_) | ClassSetItem::Perl(_));
        self.0 += usize::from(is_named);
        Ok(())
    }
}

/// Whether an expression is a word, or some of which one has to be there: these are found by
/// searching for words.
fn is_of_words(hir: &Hir) -> bool {
    hir.properties().is_literal() || hir.properties().is_alternation_literal()
}

fn width(hir: &Hir) -> u64 {
    match hir.kind() {
        HirKind::Empty | HirKind::Look(_) => 0,
        HirKind::Literal(literal) => literal.0.len() as u64,
        HirKind::Class(_) => 1,
        HirKind::Repetition(again) => {
            let times = again.max.unwrap_or_else(|| again.min.max(1));
            width(&again.sub).saturating_mul(u64::from(times))
        }
        HirKind::Capture(capture) => width(&capture.sub),
        HirKind::Concat(parts) | HirKind::Alternation(parts) => {
            parts.iter().map(width).fold(0, u64::saturating_add)
        }
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests fail by panicking")]
mod tests {
    use super::*;

    const MOST: usize = 16 << 20;

    /// Parsing would take hundreds of megabytes, before anything is compiled.
    #[test]
    fn parsing_is_bounded() {
        for long in ["\\w".repeat(60_000), "[\\pL]".repeat(20_000), "a".repeat(300_000)] {
            assert_eq!(parse(&long, MOST).err(), Some(PatternError::TooLarge));
        }
        let words: Vec<String> = (0..5_000).map(|word| format!("word{word}")).collect();
        let pattern = Pattern::new(&words.join("|"), MOST).unwrap();
        assert!(pattern.is_match("some word4999 or other"));
        assert!(parse(&"\\w".repeat(500), MOST).is_ok());
        assert!(matches!(parse("(", MOST), Err(PatternError::Malformed(_))));
    }
}
