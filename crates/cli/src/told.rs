//! What is told about rejected records, for people.

use std::time::Instant;

use super::causes::Causes;
use super::paint;
use super::progress::Progress;
use super::screen::{self, Text};
use rulebook_core::facts::InputError;
use rulebook_lang::figures::Speech;
use rulebook_stream::{Observer, Pass, Rejected, StreamError};

/// Adds the line that tells one problem of `whole`.
pub(super) fn problem(error: &InputError, whole: &str, text: &mut Text) {
    let InputError { path, code, message, .. } = error;
    let path = if path.is_empty() { whole } else { path };
    writeln!(text, "  {path}: {message} {}", paint::faint(format!("({code})")));
}

/// Tells on standard error how a run goes on.
#[derive(Default)]
pub(super) struct Teller {
    progress: Option<Progress>,
    /// The language that is spoken.
    language: String,
    /// Since when records are judged.
    judging: Option<Instant>,
    causes: Causes,
}

impl Teller {
    /// Who speaks a language.
    pub(super) fn of(language: &str) -> Self {
        Self { language: language.to_string(), ..Self::default() }
    }

    /// For how many seconds records have been judged.
    pub(super) fn seconds(&self) -> f64 {
        self.judging.map_or(0.0, |judging| judging.elapsed().as_secs_f64())
    }
}

#[allow(clippy::disallowed_methods, reason = "the summary tells records a second")]
fn now() -> Instant {
    Instant::now()
}

impl Observer for Teller {
    fn begin(&mut self, pass: Pass, bytes: Option<u64>) {
        let what = if pass == Pass::Counting { "counting " } else { "" };
        self.progress = Some(Progress::new(bytes, what));
        self.judging = (pass == Pass::Judging).then(now);
    }

    fn advance(&mut self, bytes: u64) -> Result<(), StreamError> {
        self.progress.iter_mut().for_each(|progress| progress.add(bytes));
        Ok(())
    }

    fn end(&mut self) {
        self.progress.iter().for_each(Progress::finish);
        self.progress = None;
        self.causes.summary(Speech::of(&self.language)).iter().for_each(screen::tell);
    }

    fn rejected(&mut self, rejected: &Rejected) {
        // Who does not look at standard error does not mind.
        let told = self.causes.add(rejected, Speech::of(&self.language));
        told.iter().for_each(screen::tell);
    }
}
