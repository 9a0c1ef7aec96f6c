//! Encodings of texts: told by their names or by the first bytes, and read as UTF-8.

use std::io::{self, Read};

use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};
use encoding_rs::{Decoder, DecoderResult};

/// How many bytes are decoded at once.
const AT_ONCE: usize = 1 << 16;
/// What stands for bytes that have no meaning in their encoding: it has none in UTF-8 either, so that the
/// record in which they stand is refused.
const MEANINGLESS: u8 = 0xff;

/// An encoding of texts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Encoding(&'static encoding_rs::Encoding);

/// What the first bytes of a text say of its encoding.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sniffed {
    /// It is UTF-8, or may be.
    Utf8,
    /// A mark says so, or a zero in every other byte.
    Certain(Encoding),
    /// It is no UTF-8, and reads as this.
    Guessed(Encoding),
}

impl Encoding {
    /// The encoding of a name, such as `gbk`, `latin1` or `utf-16le`.
    ///
    /// # Errors
    /// Why there is none.
    pub fn named(name: &str) -> Result<Self, String> {
        let found = encoding_rs::Encoding::for_label_no_replacement(name.trim().as_bytes());
        found.map(Self).ok_or_else(|| {
            format!(
                "there is no encoding `{name}`; some are utf-8, utf-16, gbk, gb18030, big5, shift_jis, euc-kr, \
                 latin1, windows-1252, windows-1251"
            )
        })
    }

    /// Its name.
    pub fn name(self) -> &'static str {
        self.0.name()
    }

    /// Whether nothing has to be decoded.
    pub fn is_utf8(self) -> bool {
        self.0 == encoding_rs::UTF_8
    }

    /// The text in UTF-8. Bytes without a meaning are one byte that has none in UTF-8.
    pub fn decoded(self, inner: impl Read + Send + 'static) -> impl Read + Send + 'static {
        Decoded {
            inner,
            decoder: self.0.new_decoder(),
            read: Vec::new(),
            taken: 0,
            ended: false,
            text: Vec::new(),
            given: 0,
            done: false,
        }
    }
}

/// What the encoding of a text is that begins with these bytes; `whole` says whether they are all of it.
pub fn sniffed(bytes: &[u8], whole: bool) -> Sniffed {
    if let Some((encoding, _)) = encoding_rs::Encoding::for_bom(bytes) {
        let encoding = Encoding(encoding);
        return if encoding.is_utf8() { Sniffed::Utf8 } else { Sniffed::Certain(encoding) };
    }
    if let Some(encoding) = wide(bytes) {
        return Sniffed::Certain(Encoding(encoding));
    }
    if is_mostly_utf8(bytes, whole) {
        return Sniffed::Utf8;
    }
    let mut detector = EncodingDetector::new(Iso2022JpDetection::Deny);
    detector.feed(bytes, whole);
    let found = detector.guess(None, Utf8Detection::Deny);
    match found.decode_without_bom_handling_and_without_replacement(bytes) {
        None if whole => Sniffed::Utf8,
        _ => Sniffed::Guessed(Encoding(found)),
    }
}

/// UTF-16 without a mark: of each two bytes the same one is a zero in what is ASCII, as the first letter is.
fn wide(bytes: &[u8]) -> Option<&'static encoding_rs::Encoding> {
    // Letters beyond ASCII may have a zero in the other byte, and few do.
    const MOST: usize = 8;
    let bytes = bytes.get(..bytes.len().min(1 << 10)).unwrap_or_default();
    let zeros = |odd: usize| bytes.iter().skip(odd).step_by(2).filter(|byte| **byte == 0).count();
    let (even, odd) = (zeros(0), zeros(1));
    match bytes.first_chunk() {
        Some([1..=255, 0]) if odd > 1 && odd > even * MOST => Some(encoding_rs::UTF_16LE),
        Some([0, 1..=255]) if even > 1 && even > odd * MOST => Some(encoding_rs::UTF_16BE),
        _ => None,
    }
}

/// Whether a text is UTF-8, damaged in fewer places than it has letters beyond ASCII.
fn is_mostly_utf8(bytes: &[u8], whole: bool) -> bool {
    let (mut letters, mut damages) = (0, 0);
    for chunk in bytes.utf8_chunks() {
        letters += chunk.valid().chars().filter(|letter| !letter.is_ascii()).count();
        damages += usize::from(!chunk.invalid().is_empty());
    }
    // The last letter may have been cut.
    let is_cut = std::str::from_utf8(bytes).is_err_and(|error| error.error_len().is_none());
    let damages = damages - usize::from(!whole && damages == 1 && is_cut);
    damages == 0 || damages <= letters
}

/// A text in another encoding that is being read.
struct Decoded<R> {
    inner: R,
    decoder: Decoder,
    /// What was read, and how much of it has been decoded.
    read: Vec<u8>,
    taken: usize,
    ended: bool,
    /// What was decoded, and how much of it has been handed on.
    text: Vec<u8>,
    given: usize,
    /// Whether all has been decoded.
    done: bool,
}

impl<R: Read> Decoded<R> {
    /// Decodes more, at least a byte unless all has been decoded.
    fn decode(&mut self) -> io::Result<()> {
        self.text.clear();
        self.given = 0;
        while self.text.is_empty() && !self.done {
            if self.taken == self.read.len() && !self.ended {
                self.read.resize(AT_ONCE, 0);
                let read = loop {
                    match self.inner.read(&mut self.read) {
                        Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                        read => break read?,
                    }
                };
                self.read.truncate(read);
                (self.taken, self.ended) = (0, read == 0);
            }
            let rest = self.read.get(self.taken..).unwrap_or_default();
            let room = self.decoder.max_utf8_buffer_length_without_replacement(rest.len());
            self.text.resize(room.unwrap_or(AT_ONCE * 3), 0);
            let decoded =
                self.decoder.decode_to_utf8_without_replacement(rest, &mut self.text, self.ended);
            let (result, taken, written) = decoded;
            self.taken += taken;
            self.text.truncate(written);
            match result {
                DecoderResult::Malformed(..) => self.text.push(MEANINGLESS),
                DecoderResult::InputEmpty => self.done = self.ended,
                DecoderResult::OutputFull => {}
            }
        }
        Ok(())
    }
}

impl<R: Read> Read for Decoded<R> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        if self.given == self.text.len() && !self.done {
            self.decode()?;
        }
        let rest = self.text.get(self.given..).unwrap_or_default();
        let given = rest.len().min(into.len());
        if let (Some(into), Some(text)) = (into.get_mut(..given), rest.get(..given)) {
            into.copy_from_slice(text);
        }
        self.given += given;
        Ok(given)
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests fail by panicking")]

    use super::*;

    fn read(name: &str, bytes: &'static [u8]) -> Vec<u8> {
        let mut text = Vec::new();
        Encoding::named(name).unwrap().decoded(bytes).read_to_end(&mut text).unwrap();
        text
    }

    #[test]
    fn texts_are_read_in_their_encoding() {
        assert_eq!(read("latin1", b"caf\xe9"), "café".as_bytes());
        assert_eq!(read("gbk", b"\xb6\xa9\xb5\xa5"), "订单".as_bytes());
        assert_eq!(read("utf-16le", b"\xff\xfea\0b\0"), b"ab");
        assert_eq!(read("gbk", b""), b"");
        assert!(Encoding::named("gbkk").unwrap_err().contains("no encoding `gbkk`"));
    }

    #[test]
    fn what_has_no_meaning_stays_without_one() {
        assert_eq!(read("gbk", b"a\xffb\n\xb6"), b"a\xffb\n\xff");
        assert_eq!(read("utf-16le", b"a\0\0\xd8b\0c"), b"a\xffb\xff");
    }

    #[test]
    fn encodings_are_told_by_the_first_bytes() {
        let named = |name| Encoding::named(name).unwrap();
        assert_eq!(sniffed("ordinär".as_bytes(), true), Sniffed::Utf8);
        assert_eq!(sniffed(&"ordinär".as_bytes()[..6], false), Sniffed::Utf8);
        assert_eq!(sniffed(b"\xff\xfe1\0", true), Sniffed::Certain(named("utf-16le")));
        assert_eq!(sniffed(b"i\0d\0,\0", true), Sniffed::Certain(named("utf-16le")));
        assert_eq!(sniffed(b"\0i\0d\0,", true), Sniffed::Certain(named("utf-16be")));
        let chinese = b"id,paid\n\xb6\xa9\xb5\xa5\xd2\xbb,7\n\xb6\xa9\xb5\xa5\xb6\xfe,3\n";
        assert_eq!(sniffed(chinese, true), Sniffed::Guessed(named("gbk")));
        let western = b"id,city\n1,M\xfcnchen\n2,K\xf6ln\n3,D\xfcsseldorf\n";
        assert_eq!(sniffed(western, true), Sniffed::Guessed(named("windows-1252")));
        // One damaged letter among sound ones is damage.
        assert_eq!(sniffed(b"M\xc3\xbcnchen K\xf6ln", true), Sniffed::Utf8);
    }
}
