//! What people call something, by language.

use super::same_language_tag;

/// What people call something, by the languages in which somebody has said it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Titles(Vec<(String, String)>);

impl Titles {
    /// Titles with the tag of the language before each; the first stands in for languages that have none.
    pub fn of(titles: Vec<(String, String)>) -> Self {
        Self(titles)
    }

    /// The title in a language, or in one of its family; another one where there is none, and nothing where
    /// nobody has given any.
    pub fn in_language(&self, tag: &str) -> Option<&str> {
        let of = |tag: &str, is: fn(&str) -> &str| {
            self.0.iter().find(|(language, _)| same_language_tag(is(language), is(tag)))
        };
        let found = of(tag, |tag| tag).or_else(|| of(tag, family)).or(self.0.first());
        found.map(|(_, title)| title.as_str())
    }

    /// Whether there is one.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

/// The part of a language tag that names the language.
fn family(tag: &str) -> &str {
    tag.split('-').next().unwrap_or(tag)
}

#[cfg(test)]
mod tests {
    use super::Titles;

    #[test]
    fn the_first_stands_in_for_languages_without_one() {
        let of = |titles: &[(&str, &str)]| {
            let titles = titles.iter().map(|(tag, title)| (tag.to_string(), title.to_string()));
            Titles::of(titles.collect())
        };
        let titles = of(&[("en", "Toys"), ("zh-Hans", "玩具")]);
        let told = ["en", "zh-hans", "zh", "fr"].map(|tag| titles.in_language(tag));
        assert_eq!(told, [Some("Toys"), Some("玩具"), Some("玩具"), Some("Toys")]);
        assert_eq!(of(&[]).in_language("en"), None);
    }
}
