//! Two texts line by line.

use super::impact::{Difference, Differing};

/// No more lines are compared with each other than these; longer texts differ as a whole.
const MOST: usize = 500;
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
    /// use rulebook::simulate::{Difference, Line};
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
        shortened(compared(&before, &after))
    }
}

/// All lines of both, each once where it stands in both in the same order.
fn compared<'t>(before: &[&'t str], after: &[&'t str]) -> Vec<Line<'t>> {
    let (gone, new) =
        (before.iter().copied().map(Line::Gone), after.iter().copied().map(Line::New));
    if before.is_empty() || after.is_empty() || before.len().max(after.len()) > MOST {
        return gone.chain(new).collect();
    }
    // How many lines can be told once, from each pair of places on.
    let mut common = vec![vec![0_usize; after.len() + 1]; before.len() + 1];
    let at = |common: &[Vec<usize>], a: usize, b: usize| {
        common.get(a).and_then(|row| row.get(b)).copied().unwrap_or(0)
    };
    for (a, old) in before.iter().enumerate().rev() {
        for (b, new) in after.iter().enumerate().rev() {
            let most = match old == new {
                true => at(&common, a + 1, b + 1) + 1,
                false => at(&common, a + 1, b).max(at(&common, a, b + 1)),
            };
            if let Some(place) = common.get_mut(a).and_then(|row| row.get_mut(b)) {
                *place = most;
            }
        }
    }
    let (mut a, mut b, mut lines) = (0, 0, Vec::new());
    loop {
        match (before.get(a), after.get(b)) {
            (Some(old), Some(new)) if old == new => {
                lines.push(Line::Both(old));
                (a, b) = (a + 1, b + 1);
            }
            (Some(old), new) if new.is_none() || at(&common, a + 1, b) >= at(&common, a, b + 1) => {
                lines.push(Line::Gone(old));
                a += 1;
            }
            (_, Some(new)) => {
                lines.push(Line::New(new));
                b += 1;
            }
            _ => return lines,
        }
    }
}

/// Without lines that are far from any that differs.
fn shortened(lines: Vec<Line<'_>>) -> Vec<Line<'_>> {
    let differs: Vec<_> = lines.iter().map(|line| !matches!(line, Line::Both(_))).collect();
    let mut out = Vec::new();
    for (at, line) in lines.into_iter().enumerate() {
        let near = differs.iter().skip(at.saturating_sub(AROUND)).take(2 * AROUND + 1);
        // Near the start there are fewer lines before this one.
        let missing = AROUND.saturating_sub(at);
        if near.take(2 * AROUND + 1 - missing).any(|differs| *differs) {
            out.push(line);
        } else if out.last() != Some(&Line::Rest) {
            out.push(Line::Rest);
        }
    }
    out
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
