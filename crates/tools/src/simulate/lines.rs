//! Two texts line by line.

use similar::{Algorithm, ChangeTag, capture_diff_slices, group_diff_ops};

use super::impact::{Difference, Differing};
use rulebook_lang::figures::{Speech, phrases};

/// No more lines are compared with each other than these; longer texts differ as a whole.
const MOST: usize = 10_000;
/// So many lines around a change are shown with it.
const AROUND: usize = 2;

/// A line of two texts that are compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DiffLine<'t> {
    /// It stands in both texts, near a change.
    Both(&'t str),
    /// It stands in that of the baseline only.
    Gone(&'t str),
    /// It stands in that of the candidate only.
    New(&'t str),
    /// Here lines are left out that stand in both.
    Rest,
}

impl Difference {
    /// What differs, for people: `rule small`, `fn capped`.
    pub fn title(&self, speech: Speech<'_>) -> String {
        match self.what {
            Differing::Rule => speech.says(&phrases::RULE_NAMED, &[("rule", &self.name)]),
            _ => self.name.clone(),
        }
    }

    /// How it differs, for people, where it is a rule or a definition.
    pub fn change(&self, speech: Speech<'_>) -> &'static str {
        speech.word(match (&self.baseline, &self.candidate) {
            (None, _) => &phrases::IS_NEW,
            (_, None) => &phrases::IS_GONE,
            _ => &phrases::IS_DIFFERENT,
        })
    }

    /// The lines of both texts, with those that differ marked, and a few around them.
    ///
    /// ```
    /// use rulebook_tools::simulate::{Difference, DiffLine};
    /// let difference = Difference {
    ///     baseline: Some("rule small {\n  when a\n  then yes\n}".into()),
    ///     candidate: Some("rule small {\n  when b\n  then yes\n}".into()),
    ///     ..Difference::default()
    /// };
    /// let lines = difference.lines();
    /// assert_eq!(lines[1..3], [DiffLine::Gone("  when a"), DiffLine::New("  when b")]);
    /// assert_eq!(lines.len(), 5);
    /// ```
    pub fn lines(&self) -> Vec<DiffLine<'_>> {
        let [before, after] = [&self.baseline, &self.candidate]
            .map(|text| text.as_deref().unwrap_or_default().lines().collect::<Vec<_>>());
        if before.len().max(after.len()) > MOST {
            return before
                .into_iter()
                .map(DiffLine::Gone)
                .chain(after.into_iter().map(DiffLine::New))
                .collect();
        }
        let changes = capture_diff_slices(Algorithm::Myers, &before, &after);
        let (mut lines, mut reached) = (Vec::new(), 0);
        for group in group_diff_ops(changes, AROUND) {
            let start = group.first().map_or(reached, |change| change.old_range().start);
            lines.extend((start > reached).then_some(DiffLine::Rest));
            lines.extend(
                group.iter().flat_map(|change| change.iter_changes(&*before, &*after)).map(
                    |change| match change.tag() {
                        ChangeTag::Equal => DiffLine::Both(change.value()),
                        ChangeTag::Delete => DiffLine::Gone(change.value()),
                        ChangeTag::Insert => DiffLine::New(change.value()),
                    },
                ),
            );
            reached = group.last().map_or(reached, |change| change.old_range().end);
        }
        lines.extend((reached < before.len()).then_some(DiffLine::Rest));
        lines
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rendered(before: &str, after: &str) -> String {
        let [baseline, candidate] = [before, after].map(|text| Some(text.replace(' ', "\n")));
        let difference = Difference { baseline, candidate, ..Difference::default() };
        let lines = difference.lines().into_iter().map(|line| match line {
            DiffLine::Both(text) => text.to_string(),
            DiffLine::Gone(text) => format!("-{text}"),
            DiffLine::New(text) => format!("+{text}"),
            DiffLine::Rest => "…".to_string(),
        });
        lines.collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn lines_that_differ_stand_among_their_neighbours() {
        assert_eq!(rendered("a b c", "a x c"), "a -b +x c");
        assert_eq!(rendered("a b c", "a c"), "a -b c");
        assert_eq!(rendered("a c", "a b c d"), "a +b c +d");
        assert_eq!(rendered("a b c d e f g h", "a b c d e f g x"), "… f g -h +x");
        assert_eq!(rendered("a b c d e f g", "x b c d e f y"), "-a +x b c … e f -g +y");
        assert_eq!(rendered("x 1 2 3 4 5 6", "y 1 2 3 4 5 6"), "-x +y 1 2 …");
    }

    #[test]
    fn what_one_side_alone_has_is_all_gone_or_all_new() {
        let alone = Difference { candidate: Some("a\nb".into()), ..Difference::default() };
        assert_eq!(alone.lines(), [DiffLine::New("a"), DiffLine::New("b")]);
    }
}
