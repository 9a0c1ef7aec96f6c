//! What is told about rejected records, for people.

use std::time::Instant;

use super::causes::Causes;
use super::paint;
use super::progress::Progress;
use super::screen::{self, Text};
use rulebook_core::facts::InputError;
use rulebook_lang::figures::{Speech, count, counted};
use rulebook_stream::{Note, Observer, Pass, Rejected, StreamError};

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

/// What was found out about inputs, and how to say otherwise.
fn found_out(note: &Note) -> String {
    match note {
        Note::Encoding(name) => {
            format!("no UTF-8, and read as {name}; if that is not so, say `--encoding NAME`")
        }
        Note::SeemingEncoding(name) => {
            format!("some of it is no UTF-8; if all of it is {name}, say `--encoding {name}`")
        }
        Note::ListWithin(list) => format!(
            "it is one object with a list `{list}`; if the records stand there, say `--records {list}`"
        ),
        Note::Delimiter(delimiter) => {
            let delimiter = if *delimiter == '\t' { "tabs" } else { &format!("`{delimiter}`") };
            format!(
                "its cells are parted by {delimiter}; if that is not so, say `--delimiter CHARACTER`"
            )
        }
        Note::Sheet(sheet) => {
            format!("of its sheets only `{sheet}` fits, and was read (`--sheet NAME`)")
        }
        Note::HeaderLine(line) => {
            let lines = counted(*line - 1, "line");
            format!(
                "line {line} names the columns, and {lines} before it are passed over (`--header-line`)"
            )
        }
        _ => String::new(),
    }
}

impl Observer for Teller {
    fn note(&mut self, input: &str, more: usize, note: &Note) {
        let others = if more > 0 { format!(" (and {} more)", count(more)) } else { String::new() };
        tell!("{} {input}{others}: {}", paint::warning("note:"), found_out(note));
    }

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
