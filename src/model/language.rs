//! Language tags.

use oxilangtag::LanguageTag;

/// Whether a text is a language tag of BCP 47 that begins with a language, as policies write it: in two or
/// three small letters.
pub(crate) fn is_language_tag(text: &str) -> bool {
    LanguageTag::parse(text).is_ok_and(|tag| {
        let language = tag.primary_language();
        (2..=3).contains(&language.len()) && language.bytes().all(|b| b.is_ascii_lowercase())
    })
}

/// Whether two tags are the same: capitals and small letters make no difference in them.
pub(crate) fn same_language_tag(a: &str, b: &str) -> bool {
    a.eq_ignore_ascii_case(b)
}

/// What to write instead of a text that is no language tag.
pub(crate) fn language_tag_help(text: &str) -> String {
    let near = LanguageTag::parse_and_normalize(&text.replace('_', "-"));
    match near.map(LanguageTag::into_inner) {
        Ok(near) if is_language_tag(&near) => format!("write `{near}`"),
        _ => "write a tag of BCP 47, such as `zh`, `pt-BR` or `zh-Hans`".into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tags_are_those_of_bcp_47() {
        for tag in
            ["en", "zh", "zh-Hans", "zh-hans-CN", "pt-BR", "es-419", "yue", "de-1996", "de-x-shop"]
        {
            assert!(is_language_tag(tag), "{tag}");
        }
        for text in [
            "",
            "e",
            "EN",
            "english",
            "de-",
            "de-/../../x",
            "de_DE",
            "de-\u{e4}",
            "x-own",
            "de-1",
            "de DE",
        ] {
            assert!(!is_language_tag(text), "{text}");
        }
    }
}
