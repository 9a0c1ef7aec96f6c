//! What stands in a document that is one object, where nobody said where its records stand: a list may hold them.

use super::bytes::Source;
use super::readers::Readers;
use super::values::Ends;
use crate::options::InputFormat;
use crate::{Refusal, StreamError};
use rulebook::Policy;
use rulebook_core::facts::documents::{records_of_yaml, without_mark};

/// So deep lists are looked for.
const DEEPEST: usize = 3;
/// No name is longer.
const LONGEST_NAME: usize = 200;

/// A list of objects within a document, with the names of the fields of its first object.
struct List {
    way: String,
    names: Vec<String>,
}

/// The way to a list in the only document of an input, if nobody takes that document as a record, and the list
/// holds objects.
///
/// # Errors
/// When policies take the items of the list, so that these are meant.
pub(super) fn list_within(
    source: &Source,
    format: Option<InputFormat>,
    readers: Readers<'_>,
) -> Result<Option<String>, StreamError> {
    let start = without_mark(source.start()?).trim_ascii_start();
    let json;
    let start = match format {
        Some(InputFormat::Jsonl) => return Ok(None),
        Some(InputFormat::Yaml) => match records_of_yaml(start, 1).as_deref() {
            Ok([(_, record)]) => {
                json = record.clone();
                json.as_slice()
            }
            _ => return Ok(None),
        },
        _ => start,
    };
    if !start.starts_with(b"{") {
        return Ok(None);
    }
    let mut survey = Survey { text: start, at: 0, lists: Vec::new() };
    let mut names = Vec::new();
    survey.object("", 0, &mut names);
    let is_only = start.get(survey.at..).is_none_or(|rest| rest.trim_ascii().is_empty());
    let fits = |names: &[String]| {
        let fits = |policy: &Policy| policy.fits(names.iter().map(String::as_str));
        readers.policies.iter().any(fits)
    };
    if !is_only || fits(&names) {
        return Ok(None);
    }
    match survey.lists.iter().find(|list| fits(&list.names)) {
        Some(list) => {
            Err(Refusal::Envelope { input: source.name(), list: list.way.clone() }.into())
        }
        None => Ok(survey.lists.into_iter().next().map(|list| list.way)),
    }
}

/// Looks through a text, which may break off anywhere.
struct Survey<'t> {
    text: &'t [u8],
    at: usize,
    lists: Vec<List>,
}

impl Survey<'_> {
    fn next(&mut self) -> Option<u8> {
        let rest = self.text.get(self.at..)?;
        self.at += rest.len() - rest.trim_ascii_start().len();
        self.text.get(self.at).copied()
    }

    /// Goes behind a value; nothing where it breaks off.
    fn value(&mut self) -> Option<&[u8]> {
        let rest = self.text.get(self.at..)?;
        let end = Ends::default().find(rest);
        self.at += end.unwrap_or(rest.len());
        rest.get(..end?)
    }

    /// Goes through an object that comes next, whose names are taken; nothing where it breaks off.
    fn object(&mut self, way: &str, depth: usize, names: &mut Vec<String>) -> Option<()> {
        self.at += 1;
        loop {
            match self.next()? {
                b'}' => {
                    self.at += 1;
                    return Some(());
                }
                b',' => self.at += 1,
                b'"' => {
                    let name: String = serde_json::from_slice(self.value()?).ok()?;
                    if self.next()? != b':' {
                        return None;
                    }
                    self.at += 1;
                    self.member(way, depth, &name)?;
                    names.push(name);
                }
                _ => return None,
            }
        }
    }

    fn member(&mut self, way: &str, depth: usize, name: &str) -> Option<()> {
        // A name that cannot be written as it is would have to be put in brackets.
        let is_plain = name.len() <= LONGEST_NAME && !name.contains(['.', '[', '/', '$', '*']);
        let way = if way.is_empty() { name.to_string() } else { format!("{way}.{name}") };
        let is_deep = depth >= DEEPEST || !is_plain;
        match self.next()? {
            b'{' if !is_deep => self.object(&way, depth + 1, &mut Vec::new()),
            b'[' if !is_deep => {
                let start = self.at;
                self.at += 1;
                if self.next()? == b'{' {
                    let mut names = Vec::new();
                    let whole = self.object(&way, DEEPEST, &mut names);
                    self.lists.push(List { way, names });
                    whole?;
                }
                self.at = start;
                self.value().map(|_| ())
            }
            _ => self.value().map(|_| ()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_of_objects_are_found_in_what_is_there() {
        let text = br#"{"a": [1, {"x": 1}], "data": {"items": [{"id": 1, "b": [{}]}], "n": null}, "orders": [{"i":"#;
        let mut survey = Survey { text, at: 0, lists: Vec::new() };
        let mut names = Vec::new();
        assert!(survey.object("", 0, &mut names).is_none());
        assert_eq!(names, ["a", "data"]);
        let found: Vec<_> =
            survey.lists.iter().map(|list| (list.way.as_str(), list.names.len())).collect();
        assert_eq!(found, [("data.items", 2), ("orders", 0)]);
    }
}
