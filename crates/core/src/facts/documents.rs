//! Texts that hold several objects, in JSON or YAML, to one JSON text for each.

use serde::de::{Deserializer, MapAccess, SeqAccess, Visitor};
use serde_json::value::RawValue;

use super::{InputCode, InputError};
use rulebook_base::source::FileId;
pub use rulebook_base::source::without_mark;
use rulebook_lang::yaml::{self, Node, NodeKind, Slip, SlipKind};

/// One object of a text.
#[derive(Debug)]
pub struct Document {
    /// The line on which it starts, counted from 1.
    pub line: u64,
    /// Its bytes as JSON, or, where it is none, its text and what is wrong.
    pub content: Result<Vec<u8>, (Vec<u8>, InputError)>,
}

fn broken(code: InputCode, message: String, line: u64, text: &[u8]) -> Document {
    let error = InputError::new("", code, message);
    Document { line, content: Err((text.to_vec(), error)) }
}

/// The records of a whole JSON text: objects one behind the other, or arrays of them.
pub fn from_json(bytes: &[u8]) -> Vec<Document> {
    let bytes = without_mark(bytes);
    let text = match std::str::from_utf8(bytes) {
        Ok(text) => text,
        Err(error) => {
            let line = 1 + count_lines(bytes.get(..error.valid_up_to()).unwrap_or_default());
            let message = format!("the input is not UTF-8 text: {error}");
            return vec![broken(InputCode::BadEncoding, message, line, bytes)];
        }
    };
    let mut lines = LineCounter { text, at: 0, line: 1 };
    let mut records = Vec::new();
    let mut stream = serde_json::Deserializer::from_str(text).into_iter::<&RawValue>();
    loop {
        let start = stream.byte_offset();
        match stream.next() {
            None => return records,
            Some(Ok(value)) if value.get().starts_with('[') => {
                let (elements, error) = elements(value.get());
                records.extend(elements.into_iter().map(|element| lines.record(element)));
                records
                    .extend(error.map(|error| broken(InputCode::BadJson, error, lines.line, b"")));
            }
            Some(Ok(value)) => records.push(lines.record(value)),
            Some(Err(error)) => {
                let rest = text.get(start..).unwrap_or("");
                let trimmed = rest.trim_start();
                let array = trimmed.starts_with('[');
                if array {
                    // What stands before the damage is whole.
                    let (whole, _) = elements(trimmed);
                    records.extend(whole.into_iter().map(|element| lines.record(element)));
                }
                let line = error.line() as u64;
                let tail = tail_of(
                    rest,
                    array.then_some(lines.at).filter(|at| *at > start).map(|at| at - start),
                );
                let message = format!("this is not JSON: {error}");
                records.push(broken(InputCode::BadJson, message, line, tail.as_bytes()));
                return records;
            }
        }
    }
}

fn tail_of(rest: &str, from: Option<usize>) -> &str {
    rest.get(from.unwrap_or(0)..).unwrap_or(rest).trim_start_matches([',', ' ', '\n', '\r', '\t'])
}

fn count_lines(bytes: &[u8]) -> u64 {
    bytes.iter().filter(|byte| **byte == b'\n').count() as u64
}

/// Counts lines once over the whole text.
struct LineCounter<'t> {
    text: &'t str,
    at: usize,
    line: u64,
}

impl LineCounter<'_> {
    fn record(&mut self, value: &RawValue) -> Document {
        // A raw value lies within the text that it was read from.
        let start = (value.get().as_ptr() as usize).saturating_sub(self.text.as_ptr() as usize);
        let passed = self.text.as_bytes().get(self.at..start).unwrap_or_default();
        self.line += count_lines(passed);
        let line = self.line;
        self.line += count_lines(value.get().as_bytes());
        self.at = start + value.get().len();
        Document { line, content: Ok(value.get().as_bytes().to_vec()) }
    }
}

/// The elements of an array, as far as it is well formed, and what is wrong behind them.
fn elements(array: &str) -> (Vec<&RawValue>, Option<String>) {
    struct Elements<'e, 'de>(&'e mut Vec<&'de RawValue>);

    impl<'de> Visitor<'de> for Elements<'_, 'de> {
        type Value = ();

        fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
            f.write_str("an array")
        }

        fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<(), A::Error> {
            while let Some(element) = seq.next_element()? {
                self.0.push(element);
            }
            Ok(())
        }
    }

    let mut found = Vec::new();
    let mut deserializer = serde_json::Deserializer::from_str(array);
    let result = deserializer.deserialize_seq(Elements(&mut found));
    (found, result.err().map(|error| error.to_string()))
}

/// The objects of a YAML text: one mapping or a list of them; or, where `owns` is given, a mapping of
/// them by name. Such a mapping is an object of its own if it has a single value of a name that
/// `owns`.
pub fn from_yaml(
    bytes: &[u8],
    owns: Option<&dyn Fn(&str) -> bool>,
) -> Vec<(Option<String>, Document)> {
    let text = match std::str::from_utf8(without_mark(bytes)) {
        Ok(text) => text,
        Err(error) => {
            let message = format!("the input is not UTF-8 text: {error}");
            return vec![(None, broken(InputCode::BadEncoding, message, 1, bytes))];
        }
    };
    let node = match yaml::read(FileId(0), text, yaml::LARGE) {
        Ok(node) => node,
        Err(slip) => {
            let line = 1 + count_lines(text.as_bytes().get(..slip.at).unwrap_or_default());
            return vec![(None, broken(code_of(slip.kind), slip.message, line, text.as_bytes()))];
        }
    };
    let by_name = |entries: &[(Node, Node)], owns: &dyn Fn(&str) -> bool| {
        !entries.iter().any(|(key, value)| {
            key.scalar().is_some_and(|name| owns(&name))
                && !matches!(value.kind, NodeKind::Map(_) | NodeKind::List(_))
        })
    };
    let nodes: Vec<_> = match node.kind {
        NodeKind::List(items) => items.into_iter().map(|item| (None, item)).collect(),
        NodeKind::Map(entries) if owns.is_some_and(|owns| by_name(&entries, owns)) => {
            entries.into_iter().map(|(key, value)| (key.scalar(), value)).collect()
        }
        NodeKind::Null => Vec::new(),
        _ => vec![(None, node)],
    };
    let mut lines = NodeLines { text, at: 0, line: 1 };
    let record = |(name, node): (Option<String>, Node)| {
        let (line, json) = lines.record(&node);
        (name, Document { line, content: Ok(json) })
    };
    nodes.into_iter().map(record).collect()
}

/// The objects of a piece of a YAML text that is read piece by piece: an item of a list or a document.
/// Each comes as JSON with its line, where that of the piece is `line`.
pub fn records_of_yaml(text: &[u8], line: u64) -> Result<Vec<(u64, Vec<u8>)>, Slip> {
    /// A record of more would take more memory than a thread is meant to.
    const RECORD: yaml::Size = yaml::Size { nodes: 500_000, aliased: 10_000 };
    let text = std::str::from_utf8(text).map_err(|error| Slip {
        kind: SlipKind::Encoding,
        message: format!("the record is not UTF-8 text: {error}"),
        at: error.valid_up_to(),
    })?;
    let node = yaml::read(FileId(0), text, RECORD)?;
    let mut lines = NodeLines { text, at: 0, line };
    Ok(match node.kind {
        NodeKind::List(items) => items.iter().map(|item| lines.record(item)).collect(),
        NodeKind::Null => Vec::new(),
        _ => vec![lines.record(&node)],
    })
}

/// The code of the error that a record has.
pub fn code_of(kind: SlipKind) -> InputCode {
    match kind {
        SlipKind::Twice => InputCode::DuplicateKey,
        SlipKind::Encoding => InputCode::BadEncoding,
        SlipKind::UnknownAnchor | SlipKind::Other => InputCode::BadYaml,
    }
}

/// Counts lines up to one node after another.
struct NodeLines<'t> {
    text: &'t str,
    at: usize,
    line: u64,
}

impl NodeLines<'_> {
    /// The line of a node, and the node as JSON.
    fn record(&mut self, node: &Node) -> (u64, Vec<u8>) {
        // Records lie one behind the other, except for those that an alias repeats.
        let start = node.span.start as usize;
        if let Some(passed) = self.text.as_bytes().get(self.at..start) {
            self.line += count_lines(passed);
            self.at = start;
        }
        (self.line, serde_json::to_vec(node).unwrap_or_default())
    }
}

/// The objects of a JSON text: an object, an array of them, several of either, or one object of them
/// by name. An object is one of its own if it has a single value of a name that `owns`.
pub fn named_from_json(
    bytes: &[u8],
    owns: impl Fn(&str) -> bool,
) -> Vec<(Option<String>, Document)> {
    let is_single =
        |(name, value): &(String, &RawValue)| owns(name) && !value.get().starts_with(['{', '[']);
    let text = std::str::from_utf8(without_mark(bytes)).unwrap_or_default();
    match members(text).filter(|members| !members.iter().any(is_single)) {
        Some(members) => {
            let mut lines = LineCounter { text, at: 0, line: 1 };
            members.into_iter().map(|(name, value)| (Some(name), lines.record(value))).collect()
        }
        None => from_json(bytes).into_iter().map(|document| (None, document)).collect(),
    }
}

/// The members of the one object that a text is.
pub fn members(text: &str) -> Option<Vec<(String, &RawValue)>> {
    struct Members;

    impl<'de> Visitor<'de> for Members {
        type Value = Vec<(String, &'de RawValue)>;

        fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
            f.write_str("an object")
        }

        fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
            let mut members = Vec::new();
            while let Some(member) = map.next_entry()? {
                members.push(member);
            }
            Ok(members)
        }
    }

    let mut deserializer = serde_json::Deserializer::from_str(text);
    let members = deserializer.deserialize_map(Members).ok()?;
    deserializer.end().ok()?;
    Some(members)
}
