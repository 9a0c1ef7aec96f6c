//! Texts from data, policies and the file system into texts that are safe to show: what would move the
//! cursor, change the terminal, turn the direction of writing or begin a line is written out.

use std::borrow::Cow;
use std::fmt::Write as _;
use std::path::Path;

/// The text on one line, with every control made visible: `\n`, `\t`, `\u{1b}`, `\u{202e}`.
///
/// Whoever wrote an order, a policy or the name of a file shall not write lines of ours, wipe what stands
/// above, or turn an amount around. Letters, marks and joiners of every script stay as they are.
///
/// # Examples
/// ```
/// use rulebook_base::visible::visible;
///
/// assert_eq!(visible("o1\nrefund = yes"), "o1\\nrefund = yes");
/// assert_eq!(visible("\u{1b}[2J"), "\\u{1b}[2J");
/// assert_eq!(visible("订单 ١٢٣"), "订单 ١٢٣");
/// ```
pub fn visible(text: &str) -> Cow<'_, str> {
    written_out(text, is_hidden)
}

/// The same for a text that has lines of its own, such as a drawing: its line ends stay.
pub fn visible_lines(text: &str) -> Cow<'_, str> {
    written_out(text, |c| is_hidden(c) && c != '\n')
}

/// The same for a piece of source that is going to be drawn: its line ends stay, and its tabs, which the
/// drawing makes into spaces.
pub fn visible_source(text: &str) -> Drawn {
    let mut drawn = Drawn { text: String::with_capacity(text.len()), moved: Vec::new() };
    let mut at = 0;
    for line in text.split_inclusive('\n') {
        let end = line.len() - line.trim_end_matches('\n').trim_end_matches('\r').len();
        let (line, end) = line.split_at(line.len() - end.min(2));
        for c in line.chars() {
            at += c.len_utf8();
            match is_hidden(c) && c != '\t' {
                true => {
                    write_out(&mut drawn.text, c);
                    drawn.moved.push((at, drawn.text.len()));
                }
                false => drawn.text.push(c),
            }
        }
        at += end.len();
        drawn.text.push_str(end);
    }
    drawn
}

/// A piece of source that is going to be drawn.
pub struct Drawn {
    /// As it may be shown.
    pub text: String,
    /// Behind each character that is written out, where that is in the source and in the text.
    moved: Vec<(usize, usize)>,
}

impl Drawn {
    /// Where a byte of the source stands.
    pub fn place(&self, byte: usize) -> usize {
        let before = self.moved.partition_point(|(source, _)| *source <= byte);
        let moved = before.checked_sub(1).and_then(|last| self.moved.get(last));
        let (source, text) = moved.copied().unwrap_or_default();
        (text + byte - source).min(self.text.len())
    }
}

/// The same for a page: on it, line ends and tabs move nothing but what they stand in.
pub fn visible_page(text: &str) -> Cow<'_, str> {
    written_out(text, |c| is_hidden(c) && !matches!(c, '\n' | '\t'))
}

/// The path as it may be shown.
pub fn visible_path(path: &Path) -> String {
    visible(&path.to_string_lossy()).into_owned()
}

fn written_out(text: &str, is_hidden: impl Fn(char) -> bool + Copy) -> Cow<'_, str> {
    let Some(first) = text.find(is_hidden) else { return Cow::Borrowed(text) };
    let (clean, rest) = text.split_at(first);
    let mut out = String::with_capacity(text.len() + 16);
    out.push_str(clean);
    for c in rest.chars() {
        match is_hidden(c) {
            true => write_out(&mut out, c),
            false => out.push(c),
        }
    }
    Cow::Owned(out)
}

fn write_out(out: &mut String, c: char) {
    match c {
        '\n' => out.push_str("\\n"),
        '\r' => out.push_str("\\r"),
        '\t' => out.push_str("\\t"),
        c => {
            // A text takes whatever is written.
            let _ = write!(out, "\\u{{{:x}}}", u32::from(c));
        }
    }
}

/// Whether a character is seen only by what it does: controls (C0, DEL, C1), the ends of lines and
/// paragraphs, marks and overrides of direction, marks of interlinear notes, tags, the byte-order mark,
/// spaces, hyphens and letters that take no room, and what is no character. Joiners stay: words of many
/// scripts are spelled with them.
pub fn is_hidden(c: char) -> bool {
    c.is_control()
        // The last two of every plane.
        || u32::from(c) & 0xfffe == 0xfffe
        || matches!(
            c,
            '\u{ad}' | '\u{61c}' | '\u{115f}' | '\u{1160}' | '\u{200b}' | '\u{200e}' | '\u{200f}'
                | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{3164}'
                | '\u{fdd0}'..='\u{fdef}' | '\u{feff}' | '\u{ffa0}' | '\u{fff9}'..='\u{fffb}'
                | '\u{e0000}'..='\u{e007f}'
        )
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests fail by panicking")]
mod tests {
    use super::*;

    #[test]
    fn what_is_not_seen_is_written_out() {
        for c in ['\u{ad}', '\u{115f}', '\u{1160}', '\u{200b}', '\u{3164}', '\u{ffa0}'] {
            assert_eq!(visible(&format!("a{c}b")), format!("a\\u{{{:x}}}b", u32::from(c)));
        }
        for plane in 0..=16 {
            for last in [0xfffe, 0xffff] {
                let c = char::from_u32(plane << 16 | last).unwrap_or_default();
                assert_eq!(visible(&c.to_string()), format!("\\u{{{:x}}}", u32::from(c)));
            }
        }
        // Words are spelled with joiners, and with marks that stand alone.
        for text in ["می\u{200c}خواهم", "क्\u{200d}ष", "👩\u{200d}👧", "한글 ﾊﾝ", "\u{1fffd}"]
        {
            assert_eq!(visible(text), text);
        }
    }

    /// Each byte is found where it stands once what is hidden is written out.
    #[test]
    fn places_move_with_what_is_written_out() {
        let source = "a\rb\u{1b}c\td\r\ne\r";
        let drawn = visible_source(source);
        assert_eq!(drawn.text, "a\\rb\\u{1b}c\td\r\ne\r");
        for letter in ["a", "b", "c", "d", "e"] {
            let (from, to) =
                (source.find(letter).unwrap(), drawn.place(source.find(letter).unwrap()));
            // `b` of `\u{1b}` is none of the letters.
            let found = drawn.text.get(to..to + 1);
            assert_eq!(found, Some(letter), "{from} {to}");
        }
        // Behind a stray `\r` lies what stands behind it, and not within it.
        assert_eq!((drawn.place(2), drawn.place(1)), (3, 1));
        assert_eq!(drawn.place(source.len()), drawn.text.len());
    }
}
