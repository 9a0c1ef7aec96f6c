//! What files of a site are called, and how links name them: the one way from a name to a path.

use std::collections::HashSet;

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_encode_byte, utf8_percent_encode};

/// What a link writes as it is.
const PLAIN: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'_').remove(b'.').remove(b'~');

/// Names that some systems keep for devices, with digits behind the last two.
const DEVICES: [&str; 6] = ["con", "prn", "aux", "nul", "com", "lpt"];

/// A name as one step of a path, whatever it holds. Letters and digits of every script stay, as do `_`
/// and `-`, and a `.` between them; everything else, and the first letter of a name that is kept for a
/// device, is written in percent, so that two names never make one step.
pub(super) fn step(name: &str) -> String {
    let last = name.char_indices().next_back().map_or(0, |(at, _)| at);
    let mut out = String::with_capacity(name.len());
    for (at, c) in name.char_indices() {
        let stays = match c {
            '_' | '-' => true,
            '.' => at > 0 && at < last,
            c => c.is_alphanumeric() && !(at == 0 && is_device(name)),
        };
        if stays {
            out.push(c);
        } else {
            out.extend(c.encode_utf8(&mut [0; 4]).bytes().map(percent_encode_byte));
        }
    }
    // A step that is empty would be none.
    if out.is_empty() { "%".into() } else { out }
}

/// Whether a name, without what stands behind a `.`, is that of a device.
fn is_device(name: &str) -> bool {
    let stem = name.split('.').next().unwrap_or(name).to_ascii_lowercase();
    let letters = stem.trim_end_matches(|c: char| c.is_ascii_digit());
    let digits = stem.len() - letters.len();
    DEVICES
        .iter()
        .position(|device| *device == letters)
        .is_some_and(|at| digits == usize::from(at > 3))
}

/// A step of a path, or a section of a page, as a link writes it.
pub(super) fn in_link(text: &str) -> String {
    utf8_percent_encode(text, PLAIN).to_string()
}

/// The file of a page, with an ending, and a section of it, as a link writes them.
pub(super) fn link(page: &str, ending: &str, section: Option<&str>) -> String {
    let section = section.map_or(String::new(), |section| format!("#{}", in_link(section)));
    format!("{}.{ending}{section}", in_link(&step(page)))
}

/// A name for a page that no other has, also where small and capital letters are one.
pub(super) fn distinct(name: &str, taken: &mut HashSet<String>) -> String {
    let mut page = name.to_string();
    let mut number = 2;
    while !taken.insert(page.to_lowercase()) {
        page = format!("{name}-{number}");
        number += 1;
    }
    page
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plain_names_stay_and_all_others_are_one_step() {
        for name in ["returns", "zh-Hans", "free_gifts_2024", "退货", "v1.2", "Console", "com"] {
            assert_eq!(step(name), name);
        }
        for (name, wanted) in [
            ("", "%"),
            (".", "%2E"),
            ("..", "%2E%2E"),
            ("de-/../../x", "de-%2F..%2F..%2Fx"),
            ("a\\b", "a%5Cb"),
            ("a%2Fb", "a%252Fb"),
            ("a b\n", "a%20b%0A"),
            ("end.", "end%2E"),
            ("con", "%63on"),
            ("NUL.txt", "%4EUL.txt"),
            ("com7", "%63om7"),
            ("\u{202e}x", "%E2%80%AEx"),
        ] {
            assert_eq!(step(name), wanted);
        }
    }

    #[test]
    fn links_lead_to_the_files() {
        assert_eq!(link("returns", "html", None), "returns.html");
        assert_eq!(link("退货", "md", Some("a b")), "%E9%80%80%E8%B4%A7.md#a%20b");
        assert_eq!(link("con", "html", None), "%2563on.html");
    }

    #[test]
    fn no_two_pages_are_one_file() {
        let mut taken = HashSet::new();
        let names = ["index", "Returns", "returns", "RETURNS", "index"];
        let pages = names.map(|name| distinct(name, &mut taken));
        assert_eq!(pages, ["index", "Returns", "returns-2", "RETURNS-3", "index-2"]);
    }
}
