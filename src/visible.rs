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
/// use rulebook::visible::visible;
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
pub(crate) fn visible_source(text: &str) -> String {
    let line = |line: &str| {
        let end = line.len() - line.trim_end_matches('\n').trim_end_matches('\r').len();
        let (text, end) = line.split_at(line.len() - end.min(2));
        let text = written_out(text, |c| is_hidden(c) && c != '\t');
        text.into_owned() + end
    };
    text.split_inclusive('\n').map(line).collect()
}

/// The same for a page: on it, line ends and tabs move nothing but what they stand in.
pub(crate) fn visible_page(text: &str) -> Cow<'_, str> {
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
        match c {
            c if !is_hidden(c) => out.push(c),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            c => {
                // A text takes whatever is written.
                let _ = write!(out, "\\u{{{:x}}}", u32::from(c));
            }
        }
    }
    Cow::Owned(out)
}

/// Whether a character is seen only by what it does: controls (C0, DEL, C1), the ends of lines and
/// paragraphs, marks and overrides of direction, marks of interlinear notes, tags, the byte-order mark,
/// spaces, hyphens and letters that take no room, and what is no character. Joiners stay: words of many
/// scripts are spelled with them.
fn is_hidden(c: char) -> bool {
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
mod tests {
    use super::visible;

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
}
