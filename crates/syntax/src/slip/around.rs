//! What stands around a place in a text: the operands, the number, the sign that it is a part of.

use crate::recover::first_word;

/// Signs that operators are made of.
const SIGNS: &[char] = &['<', '>', '=', '!', '&', '|', '~', '*', '^'];
/// The longest text that is shown as an operand, in bytes.
const LONGEST: usize = 40;
/// Stands for an operand that cannot be told.
const UNTOLD: &str = "…";

/// A place in a text.
#[derive(Clone, Copy)]
pub(super) struct Around<'s> {
    /// All that stands before it.
    pub(super) before: &'s str,
    /// All that stands behind it.
    pub(super) rest: &'s str,
}

impl<'s> Around<'s> {
    pub(super) fn new(text: &'s str, at: usize) -> Self {
        Self { before: text.get(..at).unwrap_or(""), rest: text.get(at..).unwrap_or("") }
    }

    /// What stands before it on its line.
    pub(super) fn line_before(self) -> &'s str {
        self.before.rsplit('\n').next().unwrap_or("")
    }

    /// Whether nothing else stands before it on its line.
    pub(super) fn starts_line(self) -> bool {
        self.line_before().trim().is_empty()
    }

    /// The word right before it.
    pub(super) fn word_before(self) -> &'s str {
        let line = self.line_before().trim_end();
        let start = line.rfind(|c: char| !is_word(c)).map_or(0, |at| at + char_length(line, at));
        line.get(start..).unwrap_or("")
    }

    /// The last line before it that holds anything, up to its end.
    fn last_line(self) -> &'s str {
        self.before.trim_end().rsplit('\n').next().unwrap_or("")
    }

    /// Whether what stands before it ends like an operand does.
    pub(super) fn is_behind_operand(self) -> bool {
        let ends = |c: char| is_word(c) || matches!(c, ')' | ']' | '"' | '%');
        self.last_line().ends_with(ends)
    }

    /// The number that ends right before it, without its gap.
    pub(super) fn number_before(self) -> Option<&'s str> {
        let line = self.line_before().trim_end();
        let in_number = |c: char| c.is_ascii_digit() || matches!(c, '.' | '_');
        let start = line.rfind(|c: char| !in_number(c)).map_or(0, |at| at + char_length(line, at));
        let number = line.get(start..)?;
        let is_name = line.get(..start)?.ends_with(is_word);
        let is_number = number.starts_with(|c: char| c.is_ascii_digit()) && !number.ends_with('.');
        (is_number && !is_name).then_some(number)
    }

    /// The operand that ends before it.
    pub(super) fn left(self) -> &'s str {
        let line = self.last_line();
        shown(line.get(operand_start(line)..).unwrap_or(""))
    }

    /// The operand that starts so many bytes behind it.
    pub(super) fn right(self, skipped: usize) -> &'s str {
        let line = self.rest.get(skipped..).unwrap_or("").lines().next().unwrap_or("").trim_start();
        shown(line.get(..operand_end(line)).unwrap_or(""))
    }

    /// The whole sign that stands at the place, of which some may stand before it, and how much does.
    pub(super) fn sign(self) -> (String, usize) {
        let before = self.before.len() - self.before.trim_end_matches(SIGNS).len();
        let behind = self.rest.len() - self.rest.trim_start_matches(SIGNS).len();
        let start = self.before.get(self.before.len() - before..).unwrap_or("");
        (format!("{start}{}", self.rest.get(..behind).unwrap_or("")), before)
    }
}

fn is_word(c: char) -> bool {
    c.is_ascii_alphanumeric() || c == '_'
}

fn char_length(text: &str, at: usize) -> usize {
    text.get(at..).and_then(|rest| rest.chars().next()).map_or(1, char::len_utf8)
}

/// An operand as help shows it.
fn shown(operand: &str) -> &str {
    if operand.is_empty() || operand.len() > LONGEST { UNTOLD } else { operand }
}

/// Where the operand starts with which a line ends.
fn operand_start(line: &str) -> usize {
    let bytes = line.as_bytes();
    let open = match line.chars().next_back() {
        Some('"') => {
            return line.get(..line.len() - 1).and_then(|text| text.rfind('"')).unwrap_or(0);
        }
        Some(close @ (')' | ']')) => opening(bytes, close == ')'),
        _ => line.len(),
    };
    let head = line.get(..open).unwrap_or("");
    let in_path = |c: char| is_word(c) || matches!(c, '.' | '%');
    let start = head.rfind(|c: char| !in_path(c)).map_or(0, |at| at + char_length(head, at));
    let word = head.get(start..).unwrap_or("");
    // The number of `200 CNY` or `7 days` belongs to it.
    let is_unit = word.bytes().all(|byte| byte.is_ascii_uppercase()) && word.len() == 3
        || super::foreign::is_unit(word);
    let before = head.get(..start).unwrap_or("").trim_end();
    let number = Around { before, rest: "" }.number_before();
    match number {
        Some(number) if is_unit => before.len() - number.len(),
        _ => start,
    }
}

/// Where the bracket opens that the last byte closes.
fn opening(bytes: &[u8], round: bool) -> usize {
    let (open, close) = if round { (b'(', b')') } else { (b'[', b']') };
    let mut depth = 0_usize;
    for (at, byte) in bytes.iter().enumerate().rev() {
        if *byte == close {
            depth += 1;
        } else if *byte == open {
            depth = depth.saturating_sub(1);
            if depth == 0 {
                return at;
            }
        }
    }
    0
}

/// Where the operand ends with which a line starts.
fn operand_end(line: &str) -> usize {
    let Some(first) = line.chars().next() else { return 0 };
    match first {
        '"' => line.get(1..).and_then(|text| text.find('"')).map_or(0, |at| at + 2),
        '(' | '[' => closing(line, 0),
        '0'..='9' => {
            let in_number = |c: char| is_word(c) || matches!(c, '.' | '-' | ':' | '%');
            let end = line.find(|c: char| !in_number(c)).unwrap_or(line.len());
            let behind = line.get(end..).unwrap_or("");
            let gap = behind.len() - behind.trim_start().len();
            let unit = first_word(behind.trim_start());
            let is_code = unit.len() == 3 && unit.bytes().all(|byte| byte.is_ascii_uppercase());
            if is_code || super::foreign::is_unit(unit) { end + gap + unit.len() } else { end }
        }
        _ => {
            let end = line.find(|c: char| !is_word(c) && c != '.').unwrap_or(line.len());
            match line.get(end..) {
                Some(rest) if end > 0 && rest.starts_with('(') => closing(line, end),
                _ => end,
            }
        }
    }
}

/// Where the bracket closes that opens at a byte.
fn closing(line: &str, open: usize) -> usize {
    let mut depth = 0_usize;
    for (at, byte) in line.bytes().enumerate().skip(open) {
        match byte {
            b'(' | b'[' => depth += 1,
            b')' | b']' => {
                depth = depth.saturating_sub(1);
                if depth == 0 {
                    return at + 1;
                }
            }
            _ => {}
        }
    }
    0
}
