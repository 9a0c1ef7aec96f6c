//! Why records are rejected, each cause once: a few records in full as they come, and in the end how many each
//! cause has.

use std::collections::BTreeMap;

use super::paint;
use super::screen::Text;
use super::told::problem;
use rulebook_core::facts::InputError;
use rulebook_lang::figures::{Speech, phrases};
use rulebook_stream::Rejected;

/// So many records are told in full whatever is wrong with them.
const FIRST: u64 = 3;
/// So many in all, of which the later ones have a cause that none had before.
const EXAMPLES: u64 = 10;
/// So many problems of a record are told.
const PROBLEMS: usize = 12;
/// So many causes are told with their counts.
const CAUSES: usize = 20;

/// What is wrong with a record, wherever in its lists.
type Cause = (&'static str, String);

/// The records that have a cause in common.
struct Records {
    count: u64,
    /// The place of the first, and what is wrong with it.
    place: String,
    message: String,
}

/// What has been rejected so far. It holds as much as there are kinds of problems, however many records there are.
#[derive(Default)]
pub(super) struct Causes {
    rejected: u64,
    told: u64,
    by_cause: BTreeMap<Cause, Records>,
}

impl Causes {
    /// Counts a rejected record; what to tell of it, if it is one of the few that are told in full.
    pub(super) fn add(&mut self, rejected: &Rejected, speech: Speech<'_>) -> Option<Text> {
        let mut is_new = false;
        // A record with a problem in many places is still one record.
        let causes: BTreeMap<Cause, &InputError> = rejected
            .errors
            .iter()
            .rev()
            .map(|error| ((error.code, error.general_path()), error))
            .collect();
        for (cause, error) in causes {
            let records = self.by_cause.entry(cause).or_insert_with(|| {
                is_new = true;
                Records { count: 0, place: place(rejected, speech), message: error.message.clone() }
            });
            records.count += 1;
        }
        self.rejected += 1;
        let is_told = self.told < FIRST || (is_new && self.told < EXAMPLES);
        self.told += u64::from(is_told);
        is_told.then(|| example(rejected, speech))
    }

    /// How many records each cause has, where not every record has been told.
    pub(super) fn summary(&self, speech: Speech<'_>) -> Option<Text> {
        if self.rejected == self.told {
            return None;
        }
        let mut causes: Vec<_> = self.by_cause.iter().collect();
        causes.sort_by_key(|(_, records)| std::cmp::Reverse(records.count));
        let records = speech.records(self.rejected);
        let by_cause = speech.says(&phrases::BY_CAUSE, &[("records", &records)]);
        let rejected = paint::error(speech.word(&phrases::REJECTED));
        let mut text = Text::line(format_args!("{rejected} {by_cause}"));
        for ((code, path), records) in causes.iter().take(CAUSES) {
            let Records { count, place, message } = records;
            let records = speech.records(*count);
            let path = if path.is_empty() { speech.word(&phrases::WHOLE_RECORD) } else { path };
            let code = paint::faint(format!("({code})"));
            let first = speech.says(&phrases::FIRST_IN, &[("record", place)]);
            writeln!(text, "{records:>16}  {path}: {message} {code}{first}");
        }
        if let Some(rest @ [_, ..]) = causes.get(CAUSES..) {
            let rest = speech.count(rest.len() as u64);
            let more = speech.says(&phrases::MORE, &[("count", &rest)]);
            writeln!(text, "                  {more}");
        }
        Some(text)
    }
}

/// Where a record is.
fn place(rejected: &Rejected, speech: Speech<'_>) -> String {
    let Rejected { record, line, file, .. } = rejected;
    let line = line.map(|line| speech.says(&phrases::LINE, &[("number", &line)]));
    let parts: Vec<_> = file.iter().map(|file| file.to_string()).chain(line).collect();
    let record = speech.says(&phrases::RECORD, &[("number", record)]);
    match parts.as_slice() {
        [] => record,
        parts => format!("{record} ({})", parts.join(", ")),
    }
}

/// A rejected record with what is wrong with it.
fn example(rejected: &Rejected, speech: Speech<'_>) -> Text {
    let problems = match rejected.problems() {
        Some(problems) => speech.says(&phrases::PROBLEMS, &[("count", &problems)]),
        None => String::new(),
    };
    let mut text = Text::default();
    let title = paint::error(speech.word(&phrases::REJECTED));
    writeln!(text, "{title} {}{problems}", place(rejected, speech));
    let whole = speech.word(&phrases::WHOLE_RECORD);
    rejected.errors.iter().take(PROBLEMS).for_each(|error| problem(error, whole, &mut text));
    if let Some(rest @ [_, ..]) = rejected.errors.get(PROBLEMS..) {
        let rest = speech.count(InputError::total(rest));
        writeln!(text, "  {}", speech.says(&phrases::MORE, &[("count", &rest)]));
    }
    text
}
