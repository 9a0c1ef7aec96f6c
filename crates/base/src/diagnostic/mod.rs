//! Says what is wrong, where, and what to write instead.

mod code;
mod few;
mod github;
mod render;
mod sarif;

pub use code::{Code, Severity};
pub use few::Few;
pub use github::render_github;
pub use render::{Style, render_json, render_json_of, render_text};
pub use sarif::render_sarif;

use crate::source::{Sources, Span};

/// What was found in the files of one rulebook.
#[derive(Debug, Clone, Copy)]
pub struct Found<'f> {
    /// The files.
    pub sources: &'f Sources,
    /// What is wrong with them.
    pub diagnostics: &'f [Diagnostic],
}

/// A place in the source with a few words on it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Label {
    /// The range that is underlined.
    pub span: Span,
    /// What to note there; may be empty.
    pub text: String,
}

/// One problem: its code, the message, the places and the help.
///
/// The first label is the place where the problem is; the others explain it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Diagnostic {
    /// The stable name of this kind of problem.
    pub code: Code,
    /// Whether the rulebook may still be used.
    pub severity: Severity,
    /// What is wrong, in the author's words.
    pub message: String,
    /// Where; the first is the main place.
    pub labels: Vec<Label>,
    /// What to write instead, in the order in which it is shown; may be empty.
    pub help: Vec<String>,
}

impl Diagnostic {
    /// A diagnostic of this code at a place, with the code's own severity.
    #[doc(hidden)]
    pub fn new(code: Code, span: Span, message: impl Into<String>) -> Self {
        let label = Label { span, text: String::new() };
        Self { labels: vec![label], ..Self::placeless(code, message) }
    }

    /// A diagnostic that has no place in any file.
    #[doc(hidden)]
    pub fn placeless(code: Code, message: impl Into<String>) -> Self {
        let severity = code.default_severity();
        Self { code, severity, message: message.into(), labels: Vec::new(), help: Vec::new() }
    }

    /// Puts words on the main place.
    #[must_use]
    #[doc(hidden)]
    pub fn label(mut self, text: impl Into<String>) -> Self {
        if let Some(label) = self.labels.first_mut() {
            label.text = text.into();
        }
        self
    }

    /// Adds a place that explains the main one.
    #[must_use]
    #[doc(hidden)]
    pub fn also(mut self, span: Span, text: impl Into<String>) -> Self {
        self.labels.push(Label { span, text: text.into() });
        self
    }

    /// Adds advice on what to write instead.
    #[must_use]
    #[doc(hidden)]
    pub fn help(mut self, text: impl Into<String>) -> Self {
        self.help.push(text.into());
        self
    }

    /// Adds help if there is any.
    #[must_use]
    #[doc(hidden)]
    pub fn maybe_help(self, text: Option<String>) -> Self {
        match text {
            Some(text) => self.help(text),
            None => self,
        }
    }

    /// Whether this keeps the rulebook from being used.
    pub fn is_error(&self) -> bool {
        self.severity == Severity::Error
    }

    /// The main place, if there is one.
    pub fn span(&self) -> Option<Span> {
        self.labels.first().map(|label| label.span)
    }
}

/// Puts diagnostics in the order of their places and drops repeated ones.
pub fn sort(diagnostics: &mut Vec<Diagnostic>) {
    diagnostics.sort_by(|a, b| (a.span(), a.code.name()).cmp(&(b.span(), b.code.name())));
    diagnostics.dedup();
}

/// The candidate nearest in spelling to `name`, if one is near enough to be meant.
pub fn nearest<'a>(name: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let length = name.chars().count();
    // Longer names are not taken for each other because of more than three letters.
    let limit = (length / 3).clamp(1, 3);
    candidates
        .into_iter()
        .filter(|candidate| !candidate.is_empty() && *candidate != name)
        // Texts that differ so much in length are not worth a comparison.
        .filter(|candidate| candidate.chars().count().abs_diff(length) <= limit)
        .map(|candidate| match candidate.eq_ignore_ascii_case(name) {
            true => (0, candidate),
            false => (strsim::damerau_levenshtein(name, candidate), candidate),
        })
        .filter(|(distance, near)| *distance <= limit && is_like(name, near, *distance))
        .min()
        .map(|(_, candidate)| candidate)
}

/// Whether a name at such a distance may be meant by another: few get the first letter wrong, other than
/// by leaving it out or by turning it around with the next.
fn is_like(name: &str, candidate: &str, distance: usize) -> bool {
    const SHORT: usize = 5;
    let letters = |text: &str| {
        let mut letters: Vec<_> = text.chars().collect();
        letters.sort_unstable();
        letters
    };
    let begins_alike = name.chars().next() == candidate.chars().next();
    begins_alike
        || distance == 0
        || match name.chars().count() {
            0..3 => false,
            3..=SHORT => candidate.len() != name.len() || letters(name) == letters(candidate),
            _ => distance == 1,
        }
}

/// Help of the form "did you mean `x`?" where a near name exists.
pub fn did_you_mean<'a>(
    name: &str,
    candidates: impl IntoIterator<Item = &'a str>,
) -> Option<String> {
    nearest(name, candidates).map(|near| format!("did you mean `{near}`?"))
}
