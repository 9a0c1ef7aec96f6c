//! YAML text to a tree in which every node knows its place and every number its digits.

use std::fmt;

use serde::de::{self, Deserialize, Deserializer, MapAccess, SeqAccess, Visitor};
use serde_yaml::Spanned;

use rulebook_base::contain::{Panicked, contained};
use rulebook_base::diagnostic::{Code, Diagnostic};
use rulebook_base::source::{FileId, Span};

/// A node of a YAML document.
#[derive(Debug, Clone)]
pub struct Node {
    /// What it holds.
    pub kind: NodeKind,
    /// Where it stands.
    pub span: Span,
}

/// What a node holds.
#[derive(Debug, Clone)]
pub enum NodeKind {
    /// `null`, `~` or nothing.
    Null,
    /// `true` or `false`.
    Bool(bool),
    /// A number as it is written.
    Number(String),
    /// Any other scalar.
    Text(String),
    /// A sequence.
    List(Vec<Node>),
    /// A mapping, in order.
    Map(Vec<(Node, Node)>),
}

/// Reads one document.
///
/// # Errors
/// A diagnostic of `code` at the place where the text is no YAML.
pub fn parse(file: FileId, text: &str, code: Code) -> Result<Node, Diagnostic> {
    read(file, text, LARGE).map_err(|slip| {
        let diagnostic = Diagnostic::new(code, Span::new(file, slip.at, slip.at), slip.message);
        match slip.kind {
            SlipKind::Other => {
                diagnostic.help("look here, and above for a `[`, `{` or quote that is not closed")
            }
            _ => diagnostic,
        }
    })
}

/// What is wrong with a text.
#[derive(Debug)]
pub struct Slip {
    /// Its kind.
    pub kind: SlipKind,
    /// In words for whoever wrote the text.
    pub message: String,
    /// The byte where it is seen.
    pub at: usize,
}

/// The kinds of what may be wrong that are told apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SlipKind {
    /// A key stands twice in one mapping.
    Twice,
    /// An alias of an anchor that stands nowhere before it.
    UnknownAnchor,
    /// The bytes are no UTF-8.
    Encoding,
    /// The text is malformed otherwise, or too large.
    Other,
}

/// How many nodes a text has at most, and how many of them may come from aliases.
#[derive(Debug, Clone, Copy)]
pub struct Size {
    /// The nodes it has at most.
    pub nodes: usize,
    /// Those of them that aliases repeat.
    pub aliased: usize,
}

/// Long texts are taken; what aliases blow up is not.
pub const LARGE: Size = Size { nodes: 100_000_000, aliased: 200_000 };

/// Reads one document of a limited size. Whatever the bytes are, a library that reads them does not end
/// the program.
///
/// # Errors
/// Where the text is no YAML.
pub fn read(file: FileId, text: &str, size: Size) -> Result<Node, Slip> {
    let read = contained(|| serde_yaml::from_str_with_options(text, options(size)));
    let raw: Result<Spanned<Raw>, _> = read.map_err(|Panicked| Slip {
        kind: SlipKind::Other,
        message: "this is not YAML".into(),
        at: 0,
    })?;
    let raw = raw.map_err(|error| {
        let place = error.location();
        let at = place.map_or(0, |place| offset(text, place.line(), place.column()));
        let (kind, message) = in_words(&error);
        Slip { kind, message, at }
    })?;
    Ok(convert(raw, file, text))
}

fn options(size: Size) -> serde_yaml::Options {
    /// Each level takes some of the stack, and a thread has little of it.
    const DEEPEST: usize = 100;
    let budget = serde_yaml::budget! {
        max_depth: DEEPEST,
        max_nodes: size.nodes,
        max_events: size.nodes.saturating_mul(2),
        max_total_scalar_bytes: 1 << 32,
    };
    serde_yaml::options! {
        // Only `true` and `false` are truths: `no` may be a country, an answer or a member.
        strict_booleans: true,
        // Not a number is a text here, which no numeric field takes.
        non_finite_float_policy: serde_yaml::options::NonFiniteFloatPolicy::PassThrough,
        budget: budget,
        alias_limits: serde_yaml::alias_limits! { max_total_replayed_events: size.aliased },
    }
}

/// What is wrong in our own words, where the reader's tell of its insides; else the first line of these.
fn in_words(error: &serde_yaml::Error) -> (SlipKind, String) {
    use serde_yaml::Error;
    let message = match error.without_snippet() {
        Error::AliasError { error, .. } => return in_words(error),
        Error::DuplicateMappingKey { key, .. } => {
            let what = key.as_ref().map_or("a key".into(), |key| format!("`{key}`"));
            return (SlipKind::Twice, format!("{what} stands twice"));
        }
        Error::UnknownAnchor { .. } => {
            return (SlipKind::UnknownAnchor, "this refers to an anchor that is not there".into());
        }
        Error::MultipleDocuments { .. } => {
            return (SlipKind::Other, "`---` begins another document, and one is read here".into());
        }
        Error::BinaryNotUtf8 { .. } | Error::InvalidBinaryBase64 { .. } => {
            return (SlipKind::Other, "binary values are not read; write the text itself".into());
        }
        other => other.to_string(),
    };
    let is_about = |parts: &[&str]| parts.iter().any(|part| message.contains(part));
    let message = if is_about(&["Depth", "recursion limit", "nesting"]) {
        "this nests too deeply to be read".into()
    } else if is_about(&["budget", "alias", "replay"]) {
        "this is too large to be read; aliases count as often as they are used".into()
    } else {
        let first = message.lines().next().unwrap_or_default();
        format!("this is not YAML: {}", first.split(" at line ").next().unwrap_or_default())
    };
    (SlipKind::Other, message)
}

/// The byte at a line and a column, both counted from 1.
fn offset(text: &str, line: u64, column: u64) -> usize {
    let mut at = 0;
    for (number, content) in (1..).zip(text.split_inclusive('\n')) {
        if number == line {
            let skip = usize::try_from(column.saturating_sub(1)).unwrap_or(0);
            let within: usize = content.chars().take(skip).map(char::len_utf8).sum();
            return (at + within).min(text.len());
        }
        at += content.len();
    }
    text.len()
}

#[derive(Debug)]
enum Raw {
    Null,
    Bool(bool),
    Number(String),
    Text(String),
    List(Vec<Spanned<Raw>>),
    Map(Vec<(Spanned<Raw>, Spanned<Raw>)>),
}

fn convert(raw: Spanned<Raw>, file: FileId, text: &str) -> Node {
    let place = raw.referenced;
    let (start, length) = match (place.span().byte_offset(), place.span().byte_len()) {
        (Some(start), Some(length)) => (start, length),
        _ => (offset(text, place.line(), place.column()) as u64, 0),
    };
    let start = usize::try_from(start).unwrap_or(0).min(text.len());
    let end = (start + usize::try_from(length).unwrap_or(0)).min(text.len());
    let kind = match raw.value {
        Raw::Null => NodeKind::Null,
        Raw::Bool(value) => NodeKind::Bool(value),
        Raw::Number(parsed) => {
            // The written digits are exact; an alias has none of its own.
            let defined = raw.defined.span();
            let written = defined.byte_offset().zip(defined.byte_len()).and_then(|(at, len)| {
                let at = usize::try_from(at).ok()?;
                text.get(at..at + usize::try_from(len).ok()?)
            });
            let digits =
                written.map(str::trim).filter(|w| crate::model::Number::read_rounded(w, 0).is_ok());
            NodeKind::Number(digits.map_or(parsed, str::to_string))
        }
        Raw::Text(value) => NodeKind::Text(value),
        Raw::List(items) => {
            NodeKind::List(items.into_iter().map(|item| convert(item, file, text)).collect())
        }
        Raw::Map(entries) => NodeKind::Map(
            entries
                .into_iter()
                .map(|(key, value)| (convert(key, file, text), convert(value, file, text)))
                .collect(),
        ),
    };
    Node { kind, span: Span::new(file, start, end) }
}

impl<'de> Deserialize<'de> for Raw {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(RawVisitor)
    }
}

struct RawVisitor;

impl<'de> Visitor<'de> for RawVisitor {
    type Value = Raw;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a value")
    }

    fn visit_bool<E>(self, value: bool) -> Result<Raw, E> {
        Ok(Raw::Bool(value))
    }

    fn visit_i64<E>(self, value: i64) -> Result<Raw, E> {
        Ok(Raw::Number(value.to_string()))
    }

    fn visit_u64<E>(self, value: u64) -> Result<Raw, E> {
        Ok(Raw::Number(value.to_string()))
    }

    fn visit_i128<E>(self, value: i128) -> Result<Raw, E> {
        Ok(Raw::Number(value.to_string()))
    }

    fn visit_u128<E>(self, value: u128) -> Result<Raw, E> {
        Ok(Raw::Number(value.to_string()))
    }

    fn visit_f64<E>(self, value: f64) -> Result<Raw, E> {
        Ok(match crate::model::Number::from_f64(value) {
            Ok(number) => Raw::Number(number.to_string()),
            Err(_) if value.is_finite() => Raw::Number(value.to_string()),
            // Not a number is a text here, which no numeric field takes.
            Err(_) => Raw::Text(value.to_string()),
        })
    }

    fn visit_str<E>(self, value: &str) -> Result<Raw, E> {
        Ok(Raw::Text(value.to_string()))
    }

    fn visit_unit<E>(self) -> Result<Raw, E> {
        Ok(Raw::Null)
    }

    fn visit_none<E>(self) -> Result<Raw, E> {
        Ok(Raw::Null)
    }

    fn visit_some<D: Deserializer<'de>>(self, deserializer: D) -> Result<Raw, D::Error> {
        Raw::deserialize(deserializer)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Raw, A::Error> {
        let mut items = Vec::new();
        while let Some(item) = seq.next_element()? {
            items.push(item);
        }
        Ok(Raw::List(items))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Raw, A::Error> {
        let mut entries = Vec::new();
        while let Some(entry) = map.next_entry()? {
            entries.push(entry);
        }
        Ok(Raw::Map(entries))
    }

    fn visit_bytes<E: de::Error>(self, _: &[u8]) -> Result<Raw, E> {
        Err(E::custom("binary values are not supported"))
    }
}

impl Node {
    /// The text of a scalar, however it is written.
    pub fn scalar(&self) -> Option<String> {
        match &self.kind {
            NodeKind::Bool(value) => Some(value.to_string()),
            NodeKind::Number(value) | NodeKind::Text(value) => Some(value.clone()),
            NodeKind::Null | NodeKind::List(_) | NodeKind::Map(_) => None,
        }
    }

    /// The entries of a mapping; none for anything else.
    pub fn entries(&self) -> &[(Node, Node)] {
        match &self.kind {
            NodeKind::Map(entries) => entries,
            _ => &[],
        }
    }

    /// The items of a list; none for anything else.
    pub fn items(&self) -> &[Node] {
        match &self.kind {
            NodeKind::List(items) => items,
            _ => &[],
        }
    }

    /// The value of a key of a mapping.
    pub fn get(&self, key: &str) -> Option<&Node> {
        let found = self.entries().iter().find(|(name, _)| name.scalar().as_deref() == Some(key));
        found.map(|(_, value)| value)
    }

    /// What the node is, in words.
    pub fn described(&self) -> &'static str {
        match self.kind {
            NodeKind::Null => "nothing",
            NodeKind::Bool(_) => "true or false",
            NodeKind::Number(_) => "a number",
            NodeKind::Text(_) => "a text",
            NodeKind::List(_) => "a list",
            NodeKind::Map(_) => "a mapping",
        }
    }

    /// This node with what another one names changed: mappings merge deeply, all else is replaced.
    #[must_use]
    pub fn merged(&self, change: &Node) -> Node {
        let (NodeKind::Map(base), NodeKind::Map(changes)) = (&self.kind, &change.kind) else {
            return change.clone();
        };
        let mut entries = base.clone();
        for (key, value) in changes {
            let name = key.scalar();
            match entries.iter_mut().find(|(key, _)| key.scalar() == name) {
                Some((_, old)) => *old = old.merged(value),
                None => entries.push((key.clone(), value.clone())),
            }
        }
        Node { kind: NodeKind::Map(entries), span: change.span }
    }
}

impl serde::Serialize for Node {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        use serde::ser::{SerializeMap, SerializeSeq};
        match &self.kind {
            NodeKind::Null => serializer.serialize_none(),
            NodeKind::Bool(value) => serializer.serialize_bool(*value),
            // What no other form holds is a text, which every numeric field takes.
            NodeKind::Number(value) => crate::model::serialize_digits(value, serializer),
            NodeKind::Text(value) => serializer.serialize_str(value),
            NodeKind::List(items) => {
                let mut list = serializer.serialize_seq(Some(items.len()))?;
                for item in items {
                    list.serialize_element(item)?;
                }
                list.end()
            }
            NodeKind::Map(entries) => {
                let mut map = serializer.serialize_map(Some(entries.len()))?;
                for (key, value) in entries {
                    map.serialize_entry(&key.scalar().unwrap_or_default(), value)?;
                }
                map.end()
            }
        }
    }
}
