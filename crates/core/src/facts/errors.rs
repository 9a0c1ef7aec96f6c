//! What is wrong with a record: the first problems of each kind one by one, the others counted.

use std::fmt;

use rustc_hash::FxHashMap;
use serde::Serialize;

use super::{InputCode, Path};
use rulebook_base::visible::visible;

/// What is wrong with one value of the input, or with many alike.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct InputError {
    /// Where, such as `order.items[2].amount`; empty for the whole record. Where it stands for several
    /// places, those of a list have no number: `order.items[].amount`.
    pub path: String,
    /// The stable name of this kind of error: that of an [`InputCode`].
    pub code: &'static str,
    /// What is wrong, in words. What is quoted of the input is on one line, its controls written out.
    pub message: String,
    /// For how many places this stands: more than one where a record has many problems of one kind.
    #[serde(skip_serializing_if = "is_one")]
    pub count: u64,
    /// Where it stands for several, the first of these.
    #[serde(skip)]
    first: Option<Box<First>>,
}

/// The first place of several that have a problem alike, and what is wrong there.
#[derive(Debug, Clone, PartialEq, Eq)]
struct First {
    path: String,
    message: String,
}

#[allow(clippy::trivially_copy_pass_by_ref, reason = "serde hands out references")]
fn is_one(count: &u64) -> bool {
    *count == 1
}

impl InputError {
    /// One problem at one place, with the controls in its texts made visible.
    #[doc(hidden)]
    pub fn new(path: impl AsRef<str>, code: InputCode, message: impl AsRef<str>) -> Self {
        let [path, message] =
            [path.as_ref(), message.as_ref()].map(|text| visible(text).into_owned());
        Self { path, code: code.code(), message, count: 1, first: None }
    }

    /// The same problem within something else: `path` stands around its own.
    #[must_use]
    #[doc(hidden)]
    pub fn within(mut self, path: &str) -> Self {
        let within = |inner: &mut String| {
            *inner = match inner.as_str() {
                "" => path.to_string(),
                inner => format!("{path}.{inner}"),
            };
        };
        within(&mut self.path);
        if let Some(first) = &mut self.first {
            within(&mut first.path);
        }
        self.counted()
    }

    /// The same problem with more to say about what is wrong, behind what is said.
    pub(super) fn adding(mut self, more: &str) -> Self {
        let more = visible(more);
        self.message.push_str(&more);
        if let Some(first) = &mut self.first {
            first.message.push_str(&more);
        }
        self.counted()
    }

    /// Says how many there are, and which is the first, where it stands for several.
    fn counted(mut self) -> Self {
        if let Some(first) = &self.first {
            let First { path, message } = &**first;
            self.message = format!("{} more like {path}: {message}", self.count);
        }
        self
    }

    /// The path without positions in lists: `items[3].price` as `items[].price`. Problems of one code
    /// there are of one kind.
    #[doc(hidden)]
    pub fn general_path(&self) -> String {
        general(&self.path)
    }

    /// How many problems some errors stand for.
    #[doc(hidden)]
    pub fn total(errors: &[Self]) -> u64 {
        errors.iter().map(|error| error.count).sum()
    }
}

impl fmt::Display for InputError {
    /// Prints `items[2].price: it is missing (missing-field)`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let place = if self.path.is_empty() { "record" } else { &self.path };
        write!(f, "{place}: {} ({})", self.message, self.code)
    }
}

fn general(path: &str) -> String {
    let mut within = false;
    let kept = path.chars().filter(|c| {
        within = match c {
            '[' => true,
            ']' => false,
            _ => within,
        };
        !within || *c == '['
    });
    kept.collect()
}

/// So many problems of one kind are reported one by one, and so many of a record.
const OF_A_KIND: usize = 5;
const OF_A_RECORD: usize = 100;

/// Collects what is wrong with a record. However much that is, what is kept is bounded by how many
/// fields are declared.
#[derive(Debug, Default)]
pub struct Errors {
    reported: Vec<InputError>,
    kinds: FxHashMap<(&'static str, String), ErrorKind>,
}

#[derive(Debug, Default)]
struct ErrorKind {
    /// How many are reported one by one.
    reported: usize,
    /// Where the one stands that counts the others.
    rest: Option<usize>,
}

impl Errors {
    /// Whether nothing is wrong so far.
    pub fn is_empty(&self) -> bool {
        self.reported.is_empty()
    }

    /// Adds a problem, or counts it.
    #[cold]
    pub fn push(&mut self, error: InputError) {
        let general = error.general_path();
        let kind = self.kinds.entry((error.code, general)).or_default();
        if let Some(rest) = kind.rest.and_then(|at| self.reported.get_mut(at)) {
            rest.count += error.count;
        } else if kind.reported < OF_A_KIND && self.reported.len() < OF_A_RECORD {
            kind.reported += 1;
            self.reported.push(error);
        } else {
            kind.rest = Some(self.reported.len());
            self.reported.push(error);
        }
    }

    /// Whether a problem at this place is reported.
    pub(super) fn reports(&self, path: &Path<'_>) -> bool {
        let (path, mut rests) =
            (path.to_string(), self.kinds.values().filter_map(|kind| kind.rest));
        self.reported.iter().any(|error| error.path == path)
            || rests.any(|at| {
                self.reported.get(at).is_some_and(|rest| rest.general_path() == general(&path))
            })
    }

    /// All that is wrong, in the order of the input; nothing where nothing is.
    pub fn finish(mut self) -> Result<(), Vec<InputError>> {
        for at in self.kinds.values().filter_map(|kind| kind.rest) {
            if let Some(rest) = self.reported.get_mut(at).filter(|rest| rest.count > 1) {
                let general = rest.general_path();
                let InputError { path, code, message, count, first } = rest.clone();
                let first =
                    first.unwrap_or_else(|| Box::new(First { path, message: message.clone() }));
                let first = Some(first);
                *rest = InputError { path: general, code, message, count, first }.counted();
            }
        }
        if self.reported.is_empty() { Ok(()) } else { Err(self.reported) }
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests fail by panicking")]
mod tests {
    use super::*;

    /// What was counted within each of many profiles is counted once more, and reported once.
    #[test]
    fn counts_of_counts_are_reported_once() {
        let mut all = Errors::default();
        for item in 0..8 {
            let mut within = Errors::default();
            for code in 0..10 {
                within.push(InputError::new(
                    format!("codes[{code}]"),
                    InputCode::WrongType,
                    "no number",
                ));
            }
            for error in within.finish().unwrap_err() {
                all.push(error.within(&format!("items[{item}].shop")).adding(" (profile `s`)"));
            }
        }
        let reported = all.finish().unwrap_err();
        assert_eq!(InputError::total(&reported), 80);
        for error in &reported {
            assert!(error.message.matches("more like").count() <= 1, "{error}");
        }
        let last = reported.last().unwrap();
        assert_eq!(last.path, "items[].shop.codes[]");
        let first = "more like items[0].shop.codes[5]: no number (profile `s`)";
        assert!(reported.iter().any(|error| error.message.ends_with(first)), "{reported:?}");
    }
}
