//! JSON text to its tokens, one at a time and in place.

use std::borrow::Cow;

use rulebook_lang::model::Number;

/// The text is not JSON; the scanner keeps why.
#[derive(Debug)]
pub(super) struct Malformed;

/// Stands somewhere in a JSON text.
///
/// `serde_json` hands out a decimal as a float, which is not exact, or as a token that is to be read
/// again, and costs as much for what is skipped as for what is read. What is no JSON to one is none
/// to the other, and is reported in the same words.
#[derive(Debug)]
pub(super) struct Scanner<'a> {
    json: &'a str,
    at: usize,
    /// What is wrong, and behind which byte.
    fault: (Cow<'static, str>, usize),
}

impl<'a> Scanner<'a> {
    pub(super) fn new(json: &'a str) -> Self {
        Self { json, at: 0, fault: (Cow::Borrowed(""), 0) }
    }

    #[inline]
    fn byte(&self) -> Option<u8> {
        self.json.as_bytes().get(self.at).copied()
    }

    /// The next byte that is no space; it is not taken.
    #[inline]
    pub(super) fn peek(&mut self) -> Option<u8> {
        loop {
            match self.byte() {
                Some(b' ' | b'\n' | b'\r' | b'\t') => self.at += 1,
                other => return other,
            }
        }
    }

    /// Takes the byte that was peeked at, which begins an object or a list.
    pub(super) fn enter(&mut self) {
        self.at += 1;
    }

    /// Whether the object has another member, whose key comes next.
    #[inline(always)]
    pub(super) fn next_member(&mut self, first: &mut bool) -> Result<bool, Malformed> {
        let comma = !std::mem::replace(first, false);
        match self.peek() {
            Some(b',') if comma => self.at += 1,
            Some(b'"') if !comma => return Ok(true),
            Some(b'}') => {
                self.at += 1;
                return Ok(false);
            }
            Some(_) if comma => return self.unexpected("expected `,` or `}`"),
            Some(_) => return self.unexpected("key must be a string"),
            None => return self.unexpected("EOF while parsing an object"),
        }
        match self.peek() {
            Some(b'"') => Ok(true),
            Some(b'}') => self.unexpected("trailing comma"),
            Some(_) => self.unexpected("key must be a string"),
            None => self.unexpected("EOF while parsing a value"),
        }
    }

    /// Takes the next key with its colon if it is this one, which stands as it is between quotes.
    #[inline]
    pub(super) fn take_key(&mut self, key: &str) -> bool {
        let rest = self.json.as_bytes().get(self.at + 1..).unwrap_or_default();
        // Another key mostly begins with another letter, which is seen faster.
        let taken = rest.first() == key.as_bytes().first()
            && matches!(rest.strip_prefix(key.as_bytes()), Some([b'"', b':', ..]));
        if taken {
            self.at += key.len() + 3;
        }
        taken
    }

    /// The next key, its colon taken too.
    #[inline]
    pub(super) fn key(&mut self) -> Result<Cow<'a, str>, Malformed> {
        let key = self.text()?;
        self.colon()?;
        Ok(key)
    }

    #[inline]
    fn colon(&mut self) -> Result<(), Malformed> {
        match self.peek() {
            Some(b':') => {
                self.at += 1;
                Ok(())
            }
            Some(_) => self.unexpected("expected `:`"),
            None => self.unexpected("EOF while parsing an object"),
        }
    }

    /// Whether the list has another element, which comes next.
    pub(super) fn next_element(&mut self, first: &mut bool) -> Result<bool, Malformed> {
        let comma = !std::mem::replace(first, false);
        match self.peek() {
            Some(b']') => {
                self.at += 1;
                return Ok(false);
            }
            Some(b',') if comma => self.at += 1,
            Some(_) if comma => return self.unexpected("expected `,` or `]`"),
            Some(_) => return Ok(true),
            None => return self.unexpected("EOF while parsing a list"),
        }
        match self.peek() {
            Some(b']') => self.unexpected("trailing comma"),
            Some(_) => Ok(true),
            None => self.unexpected("EOF while parsing a value"),
        }
    }

    /// The text that comes next, borrowed unless it has escapes.
    #[inline]
    pub(super) fn text(&mut self) -> Result<Cow<'a, str>, Malformed> {
        let start = self.at;
        if self.quoted()? {
            return self.unescaped(start).map(Cow::Owned);
        }
        Ok(Cow::Borrowed(self.json.get(start + 1..self.at - 1).unwrap_or_default()))
    }

    /// Takes a text with its quotes; says whether it has escapes.
    #[inline(always)]
    fn quoted(&mut self) -> Result<bool, Malformed> {
        self.at = special(self.json.as_bytes(), self.at + 1);
        if self.byte() == Some(b'"') {
            self.at += 1;
            return Ok(false);
        }
        self.quoted_rest()
    }

    /// Takes the rest of a text that has escapes, or says what is wrong with it.
    #[cold]
    fn quoted_rest(&mut self) -> Result<bool, Malformed> {
        loop {
            match self.byte() {
                Some(b'"') => {
                    self.at += 1;
                    return Ok(true);
                }
                Some(b'\\') => {
                    self.at += 1;
                    self.escape()?;
                }
                Some(_) => {
                    return self.unexpected(
                        "control character (\\u0000-\\u001F) found while parsing a string",
                    );
                }
                None => return self.unexpected("EOF while parsing a string"),
            }
            self.at = special(self.json.as_bytes(), self.at);
        }
    }

    /// Takes what follows a backslash.
    fn escape(&mut self) -> Result<(), Malformed> {
        match self.byte() {
            Some(b'"' | b'\\' | b'/' | b'b' | b'f' | b'n' | b'r' | b't') => self.at += 1,
            Some(b'u') => match self.json.as_bytes().get(self.at + 1..self.at + 5) {
                Some(digits) if digits.iter().all(u8::is_ascii_hexdigit) => self.at += 5,
                Some(_) => return self.stop("invalid escape", self.at + 5),
                None => return self.stop("EOF while parsing a string", self.json.len()),
            },
            Some(_) => return self.unexpected("invalid escape"),
            None => return self.unexpected("EOF while parsing a string"),
        }
        Ok(())
    }

    /// The text that was just taken, with its escapes resolved.
    #[cold]
    fn unescaped(&mut self, start: usize) -> Result<String, Malformed> {
        let token = self.json.get(start..self.at).unwrap_or_default();
        serde_json::from_str(token).or_else(|error: serde_json::Error| {
            let place = format!(" at line {} column {}", error.line(), error.column());
            let what = error.to_string().replace(&place, "");
            self.stop(what, start + error.column())
        })
    }

    /// The digits of the number that comes next, as they are written, and the number if it is one
    /// of those that are read at once.
    #[inline]
    pub(super) fn number(&mut self) -> Result<(&'a str, Option<Number>), Malformed> {
        let start = self.at;
        let rest = self.json.as_bytes().get(start..).unwrap_or_default();
        let number = Number::leading(rest);
        match number {
            Some((_, length)) => self.at += length,
            None => self.long_number()?,
        }
        let digits = self.json.get(start..self.at).unwrap_or_default();
        Ok((digits, number.map(|(number, _)| number)))
    }

    /// Takes a number of any form.
    fn long_number(&mut self) -> Result<(), Malformed> {
        self.at += usize::from(self.byte() == Some(b'-'));
        match self.byte() {
            // There can be only one leading zero.
            Some(b'0') => {
                self.at += 1;
                if let Some(b'0'..=b'9') = self.byte() {
                    return self.unexpected("invalid number");
                }
            }
            _ => self.digits()?,
        }
        if let Some(b'.') = self.byte() {
            self.at += 1;
            self.digits()?;
        }
        if let Some(b'e' | b'E') = self.byte() {
            self.at += 1;
            self.at += usize::from(matches!(self.byte(), Some(b'+' | b'-')));
            self.digits()?;
        }
        Ok(())
    }

    /// Takes at least one digit.
    #[inline]
    fn digits(&mut self) -> Result<(), Malformed> {
        let start = self.at;
        while let Some(b'0'..=b'9') = self.byte() {
            self.at += 1;
        }
        if self.at == start { self.unexpected("invalid number") } else { Ok(()) }
    }

    fn word(&mut self, word: &str) -> Result<(), Malformed> {
        for expected in word.bytes() {
            match self.byte() {
                Some(byte) if byte == expected => self.at += 1,
                Some(_) => return self.unexpected("expected ident"),
                None => return self.unexpected("EOF while parsing a value"),
            }
        }
        Ok(())
    }

    /// Takes the value that comes next, however deep it nests.
    pub(super) fn skip(&mut self) -> Result<(), Malformed> {
        let mut nesting = Nesting::default();
        loop {
            let mut first = false;
            match self.peek() {
                Some(b'"') => {
                    self.quoted()?;
                }
                Some(b'-' | b'0'..=b'9') => {
                    self.number()?;
                }
                Some(bracket @ (b'{' | b'[')) => {
                    self.enter();
                    nesting.push(bracket == b'{');
                    first = true;
                }
                Some(b't') => self.word("true")?,
                Some(b'f') => self.word("false")?,
                Some(b'n') => self.word("null")?,
                Some(_) => return self.unexpected("expected value"),
                None => return self.unexpected("EOF while parsing a value"),
            }
            loop {
                let more = match nesting.innermost() {
                    None => return Ok(()),
                    Some(true) => {
                        self.next_member(&mut first)? && {
                            self.quoted()?;
                            self.colon()?;
                            true
                        }
                    }
                    Some(false) => self.next_element(&mut first)?,
                };
                if more {
                    break;
                }
                nesting.pop();
            }
        }
    }

    /// Nothing may follow.
    pub(super) fn end(&mut self) -> Result<(), Malformed> {
        match self.peek() {
            Some(_) => self.unexpected("trailing characters"),
            None => Ok(()),
        }
    }

    /// Stops at the next byte.
    #[cold]
    fn unexpected<T>(&mut self, what: &'static str) -> Result<T, Malformed> {
        self.stop(what, self.at + 1)
    }

    #[cold]
    fn stop<T>(&mut self, what: impl Into<Cow<'static, str>>, at: usize) -> Result<T, Malformed> {
        self.fault = (what.into(), at.min(self.json.len()));
        Err(Malformed)
    }

    /// What is wrong and where.
    pub(super) fn fault(&self) -> String {
        let (what, at) = &self.fault;
        placed(what, self.json.as_bytes(), *at)
    }
}

/// What is wrong behind a byte; within a single line, only the column tells something.
fn placed(what: &str, bytes: &[u8], at: usize) -> String {
    let before = bytes.get(..at).unwrap_or_default();
    let line = before.iter().filter(|byte| **byte == b'\n').count() + 1;
    let column = before.iter().rev().take_while(|byte| **byte != b'\n').count();
    match line {
        1 => format!("{what} at column {column}"),
        _ => format!("{what} at line {line} of the record, column {column}"),
    }
}

/// Where the next quote, backslash or control character stands, from a place on.
#[inline]
fn special(bytes: &[u8], mut at: usize) -> usize {
    // Most keys and texts end within the first sixteen bytes, so that the loop seldom turns.
    while let Some(chunk) = bytes.get(at..).and_then(|rest| rest.first_chunk::<16>()) {
        let both = u128::from_le_bytes(*chunk);
        let (low, high) = (marks(both as u64), marks((both >> 64) as u64));
        let marks = u128::from(low) | u128::from(high) << 64;
        if marks != 0 {
            return at + marks.trailing_zeros() as usize / 8;
        }
        at += 16;
    }
    special_near_end(bytes, at)
}

/// The same within the last bytes, one at a time.
#[cold]
fn special_near_end(bytes: &[u8], at: usize) -> usize {
    let is_special = |byte: &u8| matches!(byte, b'"' | b'\\' | 0..0x20);
    let rest = bytes.get(at..).unwrap_or_default();
    at + rest.iter().position(is_special).unwrap_or(rest.len())
}

/// Marks the highest bit of each of eight bytes that is a quote, a backslash or a control
/// character. A borrow may mark bytes above the first that is one, never one below it.
#[inline]
fn marks(word: u64) -> u64 {
    const ONES: u64 = u64::MAX / 255;
    let equal = |byte: u8| {
        let zero = word ^ (ONES * u64::from(byte));
        zero.wrapping_sub(ONES) & !zero
    };
    let control = word.wrapping_sub(ONES * 0x20) & !word;
    (control | equal(b'"') | equal(b'\\')) & (ONES << 7)
}

/// The objects and lists around a value, a bit for each: whether it is an object.
#[derive(Debug, Default)]
struct Nesting {
    bits: u64,
    depth: usize,
    /// Those further out, 64 at a time.
    outer: Vec<u64>,
}

impl Nesting {
    fn push(&mut self, object: bool) {
        if self.depth > 0 && self.depth.is_multiple_of(64) {
            self.outer.push(self.bits);
        }
        self.bits = self.bits << 1 | u64::from(object);
        self.depth += 1;
    }

    fn pop(&mut self) {
        self.bits >>= 1;
        self.depth = self.depth.saturating_sub(1);
        if self.depth > 0 && self.depth.is_multiple_of(64) {
            self.bits = self.outer.pop().unwrap_or_default();
        }
    }

    fn innermost(&self) -> Option<bool> {
        (self.depth > 0).then_some(self.bits & 1 == 1)
    }
}
