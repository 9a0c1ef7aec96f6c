//! Records out of what stands around them in a document that is held as a whole: items of lists, each with what
//! it belongs to as its `parent`.

use std::io;

use super::large::{LONGEST_JSON, too_large};
use super::lost::{has, kind, not_there};
use super::text::Text;
use crate::block::Block;
use rulebook_core::facts::documents::{members, without_mark};
use rulebook_core::facts::{InputCode, InputError};
use rulebook_core::settings::Step;
use serde_json::value::RawValue;

/// The field under which an item has what it belongs to.
const PARENT: &str = "parent";

/// A text whose documents are gone through to records.
pub(super) struct Expanded {
    text: Box<Text>,
    /// From each document, or each item of the list that the text finds itself.
    steps: Vec<Step>,
    /// Whether what the text finds are items, to which what is found in them belongs.
    of_items: bool,
    documents: Block,
    /// Whether any document has been gone through.
    begun: bool,
}

impl Expanded {
    pub(super) fn new(text: Text, steps: Vec<Step>, of_items: bool) -> Self {
        Self { text: Box::new(text), steps, of_items, documents: Block::default(), begun: false }
    }

    /// Puts the records of the next documents into a block; `false` at the end. A block may turn out to have
    /// no records.
    ///
    /// # Errors
    /// When nothing can be read, and when the first document has no records where they are to stand.
    pub(super) fn fill(&mut self, block: &mut Block) -> io::Result<bool> {
        let Self { text, steps, of_items, documents, begun } = self;
        let any = text.fill(documents)?;
        block.size = documents.size;
        let mut entries = std::mem::take(&mut documents.entries);
        for entry in &mut entries {
            let is_first = !std::mem::replace(begun, true);
            if let Some(error) = entry.broken.take() {
                if is_first && error.code == InputCode::NoRecords.code() {
                    return Err(io::Error::other(error.message));
                }
                let range = block.append(documents.text_of(entry));
                block.enter(entry.line, range.0, Some(*error));
                continue;
            }
            let document = documents.text_of(entry);
            let json = std::str::from_utf8(without_mark(document)).unwrap_or_default();
            let (line, start) = (entry.line, block.entries.len());
            let mark = block.text().len();
            let mut give = |record: &[&str]| give(record, (block, line, mark));
            let expansion = Expansion { give: &mut give };
            let expanded = match json.is_empty() {
                true => Err(None),
                false => expansion.document(json, steps, *of_items),
            };
            let wrong = match expanded {
                Ok(()) => continue,
                Err(Some(error)) if is_first && error.code == InputCode::NoRecords.code() => {
                    return Err(io::Error::other(error.message));
                }
                Err(wrong) => wrong,
            };
            // It is one record that cannot be read; who reads it says why, unless that is known.
            block.entries.truncate(start);
            block.cut(mark);
            let range = block.append(document);
            if wrong.as_ref().is_some_and(|error| error.code == InputCode::RecordTooLarge.code()) {
                block.keep_start(range.0);
            }
            block.enter(line, range.0, wrong);
        }
        documents.entries = entries;
        Ok(any)
    }
}

/// Puts a record in pieces into a block; `false` where there would be too much.
fn give(record: &[&str], (block, line, mark): (&mut Block, u64, usize)) -> bool {
    let start = block.text().len();
    for piece in record {
        block.append(piece.as_bytes());
    }
    block.enter(line, start, None);
    block.text().len() - mark <= LONGEST_JSON * 2
}

/// Goes through one document.
struct Expansion<'g> {
    give: &'g mut dyn FnMut(&[&str]) -> bool,
}

/// What is wrong with a document; nothing where it is no JSON.
type Wrong = Option<InputError>;

impl Expansion<'_> {
    fn document(mut self, json: &str, steps: &[Step], is_item: bool) -> Result<(), Wrong> {
        self.walk(json, steps, (is_item.then_some((json, steps)), None), &mut Vec::new())
    }

    /// Goes on from a value. `item` is the item in which it stands, with the steps from there, and `above` the
    /// text of what that item belongs to.
    fn walk<'j>(
        &mut self,
        json: &'j str,
        steps: &'j [Step],
        (item, above): (Option<(&'j str, &'j [Step])>, Option<&str>),
        way: &mut Vec<String>,
    ) -> Result<(), Wrong> {
        let Some((step, rest)) = steps.split_first() else {
            let parent = item.filter(|(_, steps)| !steps.is_empty());
            let parent = parent.map(|(item, steps)| belonging(item, steps, above));
            let parent = parent.as_deref().or(above);
            return match items(json) {
                Some(items) => {
                    items?.into_iter().try_for_each(|item| self.record(item.get(), parent))
                }
                None => self.record(json, parent),
            };
        };
        match step {
            Step::Field(name) => {
                let found = match items(json) {
                    Some(items) => {
                        let at = name.parse::<usize>().ok();
                        at.and_then(|at| items.ok()?.get(at).copied())
                    }
                    None => members(json).and_then(|members| {
                        members.into_iter().find(|(key, _)| key == name).map(|(_, value)| value)
                    }),
                };
                let Some(found) = found else { return Err(Some(lacking(json, name, way))) };
                way.push(name.clone());
                self.walk(found.get(), rest, (item, above), way)
            }
            Step::Each => {
                let parent = item.map(|(item, steps)| belonging(item, steps, above));
                let parent = parent.as_deref().or(above);
                let items = match items(json) {
                    Some(items) => items?,
                    None => match members(json) {
                        Some(members) => members.into_iter().map(|(_, value)| value).collect(),
                        None => return Err(Some(no_list(json, way))),
                    },
                };
                items.into_iter().try_for_each(|item| {
                    self.walk(
                        item.get(),
                        rest,
                        (Some((item.get(), rest)), parent),
                        &mut way.clone(),
                    )
                })
            }
        }
    }

    fn record(&mut self, json: &str, parent: Option<&str>) -> Result<(), Wrong> {
        let object = json.trim_ascii_end().strip_suffix('}');
        let goes_on = match (object, parent) {
            (Some(object), Some(parent)) => {
                let is_empty = object.trim_ascii_end().ends_with('{');
                let comma = if is_empty { "" } else { "," };
                (self.give)(&[object, comma, "\"", PARENT, "\":", parent, "}"])
            }
            _ => (self.give)(&[json]),
        };
        if goes_on { Ok(()) } else { Err(Some(too_large(LONGEST_JSON))) }
    }
}

/// The items of a list; nothing where a value is none.
fn items(json: &str) -> Option<Result<Vec<&RawValue>, Wrong>> {
    json.trim_ascii_start().starts_with('[').then(|| serde_json::from_str(json).map_err(|_| None))
}

/// What items belong to that stand at the end of some steps: all but themselves, and what that belongs to.
fn belonging(item: &str, steps: &[Step], above: Option<&str>) -> String {
    let mut text = without(item, steps);
    if let (Some(above), Some(object)) = (above, text.strip_suffix('}')) {
        let comma = if object.ends_with('{') { "" } else { "," };
        text = format!("{object}{comma}\"{PARENT}\":{above}}}");
    }
    text
}

/// An object without what stands at the end of some steps.
fn without(json: &str, steps: &[Step]) -> String {
    let (Some((Step::Field(name), rest)), Some(members)) = (steps.split_first(), members(json))
    else {
        return json.to_string();
    };
    let is_last = !matches!(rest.first(), Some(Step::Field(_)));
    let mut text = String::from("{");
    for (key, value) in members {
        if key == *name && is_last {
            continue;
        }
        if text.len() > 1 {
            text.push(',');
        }
        text.push_str(&serde_json::Value::from(key.as_str()).to_string());
        text.push(':');
        match key == *name {
            true => text.push_str(&without(value.get(), rest)),
            false => text.push_str(value.get()),
        }
    }
    text.push('}');
    text
}

/// What is wrong with a document that does not have its records where they are to stand.
fn lacking(json: &str, name: &str, way: &[String]) -> InputError {
    let there = match (items(json), members(json)) {
        (Some(_), _) => "stands a list".to_string(),
        (None, Some(members)) => {
            let members = members.iter().map(|(key, value)| (key.as_str(), value.get().as_bytes()));
            has(members.map(|(key, value)| (key, value.first().copied())))
        }
        (None, None) => format!("stands {}", kind(json.bytes().next())),
    };
    not_there(name, way, &there)
}

fn no_list(json: &str, way: &[String]) -> InputError {
    not_there("*", way, &format!("stands {}", kind(json.bytes().next())))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests fail by panicking")]

    use rulebook_core::settings::RecordPath;

    use super::*;

    fn expanded(json: &str, path: &str, is_item: bool) -> Result<Vec<String>, String> {
        let path: RecordPath = path.parse().unwrap();
        let mut records = Vec::new();
        let mut give = |record: &[&str]| {
            records.push(record.concat());
            true
        };
        let done = Expansion { give: &mut give }.document(json, path.steps(), is_item);
        done.map_err(|wrong| wrong.map_or("no JSON".into(), |error| error.message))?;
        Ok(records)
    }

    #[test]
    fn items_come_with_what_they_belong_to() {
        let order = r#"{"id": 7, "ship": {"to": "x", "lines": [{"n": 1}, {}]}, "last": null}"#;
        let parent = r#""parent":{"id":7,"ship":{"to":"x"},"last":null}"#;
        assert_eq!(
            expanded(order, "ship.lines", true).unwrap(),
            [format!(r#"{{"n": 1,{parent}}}"#), format!("{{{parent}}}")]
        );
        assert_eq!(expanded(order, "ship.lines", false).unwrap(), [r#"{"n": 1}"#, "{}"]);
        let page = r#"{"p": 1, "a": [{"i": 1, "b": [{"c": [{}, 3]}]}, {"i": 2, "b": []}]}"#;
        assert_eq!(
            expanded(page, "a[*].b[*].c", false).unwrap(),
            [r#"{"parent":{"parent":{"i":1}}}"#, "3"]
        );
        assert_eq!(expanded(page, "a[0].b", false).unwrap(), [r#"{"c": [{}, 3]}"#]);
        assert_eq!(expanded(page, "a", false).unwrap().len(), 2);
        assert_eq!(expanded(r#"{"a": {"x": {"i": 1}}}"#, "a.*", false).unwrap(), [r#"{"i": 1}"#]);
    }

    #[test]
    fn what_is_not_there_is_told_with_what_is() {
        let page = r#"{"data": {"items": [], "next": null}}"#;
        assert_eq!(
            expanded(page, "data.orders", false).unwrap_err(),
            "there is no `orders` in `data`, where stand `items` (a list), `next` (null)"
        );
        assert_eq!(
            expanded(page, "orders", false).unwrap_err(),
            "there is no `orders` at its top, where stand `data` (an object)"
        );
        let wrong = expanded(r#"{"a": 1}"#, "a[*].b", false).unwrap_err();
        assert_eq!(
            wrong,
            "there is no list whose items could be gone through in `a`, where stands a number"
        );
    }
}
