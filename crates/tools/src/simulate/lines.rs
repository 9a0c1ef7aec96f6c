//! Two texts line by line.

use similar::{Algorithm, ChangeTag, capture_diff_slices, group_diff_ops};

use super::impact::{Difference, Differing};

/// No more lines are compared with each other than these; longer texts differ as a whole.
const MOST: usize = 10_000;
/// So many lines around a change are told with it.
const AROUND: usize = 2;

/// A line of a text that is told beside another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Line<'t> {
    /// It stands in both texts.
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
    pub fn told_name(&self) -> String {
        match self.what {
            Differing::Rule => format!("rule {}", self.name),
            _ => self.name.clone(),
        }
    }

    /// How it differs, for people, where it is a rule or a definition.
    pub fn told_change(&self) -> &'static str {
        match (&self.baseline, &self.candidate) {
            (None, _) => "is new",
            (_, None) => "is gone",
            _ => "is written otherwise",
        }
    }

    /// The lines of both texts, with those that differ marked, and a few around them.
    ///
    /// ```
    /// use rulebook_tools::simulate::{Difference, Line};
    /// let difference = Difference {
    ///     baseline: Some("rule small {\n  when a\n  then yes\n}".into()),
    ///     candidate: Some("rule small {\n  when b\n  then yes\n}".into()),
    ///     ..Difference::default()
    /// };
    /// let lines = difference.lines();
    /// assert_eq!(lines[1..3], [Line::Gone("  when a"), Line::New("  when b")]);
    /// assert_eq!(lines.len(), 5);
    /// ```
    pub fn lines(&self) -> Vec<Line<'_>> {
        let [before, after] = [&self.baseline, &self.candidate]
            .map(|text| text.as_deref().unwrap_or_default().lines().collect::<Vec<_>>());
        if before.len().max(after.len()) > MOST {
            return before
                .into_iter()
                .map(Line::Gone)
                .chain(after.into_iter().map(Line::New))
                .collect();
        }
        let changes = capture_diff_slices(Algorithm::Myers, &before, &after);
        let (mut lines, mut told) = (Vec::new(), 0);
        for group in group_diff_ops(changes, AROUND) {
            let start = group.first().map_or(told, |change| change.old_range().start);
            lines.extend((start > told).then_some(Line::Rest));
            lines.extend(
                group.iter().flat_map(|change| change.iter_changes(&*before, &*after)).map(
                    |change| match change.tag() {
                        ChangeTag::Equal => Line::Both(change.value()),
                        ChangeTag::Delete => Line::Gone(change.value()),
                        ChangeTag::Insert => Line::New(change.value()),
                    },
                ),
            );
            told = group.last().map_or(told, |change| change.old_range().end);
        }
        lines.extend((told < before.len()).then_some(Line::Rest));
        lines
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(before: &str, after: &str) -> String {
        let [baseline, candidate] = [before, after].map(|text| Some(text.replace(' ', "\n")));
        let difference = Difference { baseline, candidate, ..Difference::default() };
        let lines = difference.lines().into_iter().map(|line| match line {
            Line::Both(text) => text.to_string(),
            Line::Gone(text) => format!("-{text}"),
            Line::New(text) => format!("+{text}"),
            Line::Rest => "…".to_string(),
        });
        lines.collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn lines_that_differ_stand_among_their_neighbours() {
        assert_eq!(told("a b c", "a x c"), "a -b +x c");
        assert_eq!(told("a b c", "a c"), "a -b c");
        assert_eq!(told("a c", "a b c d"), "a +b c +d");
        assert_eq!(told("a b c d e f g h", "a b c d e f g x"), "… f g -h +x");
        assert_eq!(told("a b c d e f g", "x b c d e f y"), "-a +x b c … e f -g +y");
        assert_eq!(told("x 1 2 3 4 5 6", "y 1 2 3 4 5 6"), "-x +y 1 2 …");
    }

    #[test]
    fn what_one_side_alone_has_is_all_gone_or_all_new() {
        let alone = Difference { candidate: Some("a\nb".into()), ..Difference::default() };
        assert_eq!(alone.lines(), [Line::New("a"), Line::New("b")]);
    }
}
