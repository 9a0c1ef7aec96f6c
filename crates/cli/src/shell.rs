//! Words of commands as a shell takes them, so that a command that is printed runs as it stands.

use std::path::Path;

use rulebook_base::visible::visible;

/// A path as one word of a command. One that begins like an option is told from its folder.
pub(super) fn path(path: &Path) -> String {
    let bytes = path.as_os_str().as_encoded_bytes();
    match bytes.first() {
        Some(b'-') => word(&[b"./", bytes].concat()),
        _ => word(bytes),
    }
}

/// A text as one word.
pub(super) fn text(text: &str) -> String {
    word(text.as_bytes())
}

/// Bytes as one word. What cannot be shown is told by its digits, which shells read in `$'…'`.
fn word(bytes: &[u8]) -> String {
    let shown = std::str::from_utf8(bytes).ok().filter(|text| visible(text) == *text);
    match shown.map(shlex::try_quote) {
        Some(Ok(quoted)) => quoted.into_owned(),
        _ => {
            let digits = bytes.iter().map(|byte| match byte {
                b'\'' | b'\\' => format!("\\{}", char::from(*byte)),
                byte if byte.is_ascii_graphic() || *byte == b' ' => char::from(*byte).to_string(),
                byte => format!("\\{byte:03o}"),
            });
            format!("$'{}'", digits.collect::<String>())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_quoted_where_a_shell_would_part_or_read_them() {
        let quoted = ["shop", "my shop", "a$b", "-x", "it's", "店", "a\nb", ""];
        let quoted = quoted.map(|name| path(Path::new(name)));
        let wanted = ["shop", "'my shop'", "'a$b'", "./-x", "\"it's\"", "'店'", "$'a\\012b'", "''"];
        assert_eq!(quoted, wanted);
    }
}
