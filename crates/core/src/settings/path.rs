//! Where within a document its records stand: a name, names with points, a JSON Pointer, or what those who know
//! JSONPath write for the same.

use std::fmt;
use std::str::FromStr;

/// A way from the top of a document to its records. What stands at its end is a record, or a list of them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RecordPath {
    /// As it was written.
    text: String,
    steps: Vec<Step>,
}

/// One step of a way.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Step {
    /// To the field of this name; in a list, to the item of this number from 0 on.
    Field(String),
    /// To each item of a list, or each field of an object.
    Each,
}

impl RecordPath {
    /// What is written.
    pub const FORMS: &str = "write a name such as `orders`, names with points (`data.items`), `/data/items`, or \
                             `orders[*].lines` for the lines of each order";

    /// The steps from the top on.
    pub fn steps(&self) -> &[Step] {
        &self.steps
    }
}

impl fmt::Display for RecordPath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

impl FromStr for RecordPath {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let steps = match text.strip_prefix('/') {
            Some(pointer) => pointed(pointer),
            None => walked(text.strip_prefix('$').unwrap_or(text), text.starts_with('$'))?,
        };
        match steps.iter().any(|step| *step == Step::Field(String::new())) || text.is_empty() {
            true => Err(format!("`{text}` lacks a name; {}", Self::FORMS)),
            false => Ok(Self { text: text.to_string(), steps }),
        }
    }
}

/// The steps of a JSON Pointer, in which `*` stands for each.
fn pointed(pointer: &str) -> Vec<Step> {
    let step = |part: &str| match part {
        "*" => Step::Each,
        part => Step::Field(part.replace("~1", "/").replace("~0", "~")),
    };
    pointer.split('/').map(step).collect()
}

/// The steps of names with points and of brackets; behind `$` a name has a point in front of it.
fn walked(text: &str, mut is_begun: bool) -> Result<Vec<Step>, String> {
    let refused = |what: &str| format!("{what}; {}", RecordPath::FORMS);
    let mut steps = Vec::new();
    let mut rest = text;
    while !rest.is_empty() {
        if rest.starts_with("..") || rest.starts_with("[?") {
            return Err(refused("the way to records is one of names, without `..` and conditions"));
        }
        if let Some(bracket) = rest.strip_prefix('[') {
            let (step, behind) = bracketed(bracket).ok_or_else(|| {
                refused("brackets hold `*`, a number from 0 on, or a name in quotes")
            })?;
            steps.push(step);
            rest = behind;
        } else {
            let name = match (rest.strip_prefix('.'), is_begun) {
                (Some(name), true) => name,
                (None, false) => rest,
                _ => return Err(refused("a point stands between two names")),
            };
            let end = name.find(['.', '[']).unwrap_or(name.len());
            let (name, behind) = name.split_at(end);
            steps.push(if name == "*" { Step::Each } else { Step::Field(name.to_string()) });
            rest = behind;
        }
        is_begun = true;
    }
    Ok(steps)
}

/// The step in a bracket that has been opened, and what stands behind the bracket.
fn bracketed(text: &str) -> Option<(Step, &str)> {
    if let Some(rest) = text.strip_prefix("*]") {
        return Some((Step::Each, rest));
    }
    let Some(quote) = text.chars().next().filter(|first| ['\'', '"'].contains(first)) else {
        let (number, rest) = text.split_once(']')?;
        number.parse::<u32>().ok()?;
        return Some((Step::Field(number.to_string()), rest));
    };
    let mut name = String::new();
    let mut letters = text.char_indices().skip(1);
    while let Some((at, letter)) = letters.next() {
        match letter {
            '\\' => name.push(letters.next()?.1),
            letter if letter == quote => {
                let rest = text.get(at + 1..)?.strip_prefix(']')?;
                return Some((Step::Field(name), rest));
            }
            letter => name.push(letter),
        }
    }
    None
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests fail by panicking")]

    use super::*;

    fn steps(text: &str) -> String {
        let path: RecordPath = text.parse().unwrap();
        let step = |step: &Step| match step {
            Step::Field(name) => format!("<{name}>"),
            Step::Each => "*".into(),
        };
        path.steps().iter().map(step).collect()
    }

    #[test]
    fn one_way_is_written_in_several() {
        for (text, expected) in [
            ("orders", "<orders>"),
            ("data.items", "<data><items>"),
            ("/data/items", "<data><items>"),
            ("$.data.items[*]", "<data><items>*"),
            ("$['line items'][0].a-b", "<line items><0><a-b>"),
            ("line items", "<line items>"),
            ("orders[*].lines", "<orders>*<lines>"),
            ("/orders/*/lines", "<orders>*<lines>"),
            ("/a~1b/m~0n", "<a/b><m~n>"),
            ("[\"a.b\"]", "<a.b>"),
            ("$", ""),
            ("*.lines", "*<lines>"),
        ] {
            assert_eq!(steps(text), expected, "{text}");
        }
    }

    #[test]
    fn what_is_no_way_says_what_to_write() {
        for text in
            ["", "a..b", "$..a", "$a", ".a", "a.", "[a]", "a[?b]", "a['b]", "a[-1]", "//a", "/"]
        {
            let wrong = text.parse::<RecordPath>().unwrap_err();
            assert!(wrong.contains("write a name such as `orders`"), "{text}: {wrong}");
        }
    }
}
