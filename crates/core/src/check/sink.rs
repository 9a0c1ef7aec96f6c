//! Where checking reports what is wrong, and notes what is settled only when all has been looked at.

use std::collections::HashSet;

use super::alike::Alike;
use super::pattern::Patterns;
use super::typed::{Expr, Kind, LetId, LocalId, PolicyId};
use rulebook_base::diagnostic::{Code, Diagnostic};
use rulebook_base::source::Span;
use rulebook_lang::model::Type;

/// What is reported and noted.
#[derive(Default)]
pub(super) struct Sink {
    pub(super) diagnostics: Vec<Diagnostic>,
    /// The names that something reads.
    pub(super) used: HashSet<String>,
    /// The named values that something reads.
    pub(super) read_lets: HashSet<LetId>,
    /// The decisions by whose names rules of their policy read fields.
    pub(super) hidden_decisions: HashSet<(PolicyId, String)>,
    /// Where policies read decisions of others.
    pub(super) readings: Vec<DecisionReading>,
    /// Which arguments of look-ups in tables are always the same.
    pub(super) alike: Alike,
    pub(super) patterns: Patterns,
    /// How many locals there are.
    locals: u32,
}

/// Where a policy reads a decision of another.
pub(super) struct DecisionReading {
    /// Whether all that it decides about the elements of a list is gone through.
    pub(super) elements: bool,
    pub(super) by: PolicyId,
    pub(super) of: PolicyId,
    pub(super) span: Span,
}

/// What is wrong with something has been reported: whoever needs it has nothing more to say.
#[derive(Debug, Clone, Copy)]
pub(super) struct Wrong(());

impl Wrong {
    /// Of what something else reported, such as the parser, or whoever looked at a part of it.
    pub(super) fn reported() -> Self {
        Self(())
    }

    /// An expression that fits anywhere, so that what stands around it is looked at as well.
    pub(super) fn at(self, span: Span) -> Expr {
        Expr { span, ty: Type::Unknown, kind: Kind::Wrong }
    }
}

impl Sink {
    pub(super) fn report(&mut self, diagnostic: Diagnostic) {
        self.diagnostics.push(diagnostic);
    }

    pub(super) fn error(&mut self, code: Code, span: Span, message: impl Into<String>) {
        self.report(Diagnostic::new(code, span, message));
    }

    /// Reports why there is nothing to return.
    pub(super) fn wrong(&mut self, diagnostic: Diagnostic) -> Wrong {
        self.report(diagnostic);
        Wrong(())
    }

    /// Reports a name that is taken.
    pub(super) fn report_twice(&mut self, message: String, span: Span, first: Span) {
        self.report(
            Diagnostic::new(Code::DuplicateName, span, message)
                .also(first, "first defined here")
                .help("rename one of the two"),
        );
    }

    /// How many errors have been reported.
    pub(super) fn errors(&self) -> usize {
        self.diagnostics.iter().filter(|diagnostic| diagnostic.is_error()).count()
    }

    /// Notes that something reads what has this name.
    pub(super) fn mark_used(&mut self, name: &str) {
        if !self.used.contains(name) {
            self.used.insert(name.to_string());
        }
    }

    /// A local that nothing else is.
    pub(super) fn local(&mut self) -> LocalId {
        self.locals += 1;
        LocalId(self.locals)
    }
}
