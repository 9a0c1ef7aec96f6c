//! Sets of keys as ranges: what a condition on one value comes to once its constants are known.

use super::key::Key;

/// The keys at which a condition holds: closed ranges in order that do not touch.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Ranges(Vec<(Key, Key)>);

impl Ranges {
    /// From one key to another, both included; none where they stand the wrong way round.
    pub(super) fn between(low: Key, high: Key) -> Self {
        Self(if low <= high { vec![(low, high)] } else { Vec::new() })
    }

    pub(super) fn point(key: Key) -> Self {
        Self(vec![(key, key)])
    }

    pub(super) fn points(keys: impl IntoIterator<Item = Key>) -> Self {
        Self(keys.into_iter().map(|key| (key, key)).collect()).tidied()
    }

    /// Ranges in order, those that touch joined.
    fn tidied(mut self) -> Self {
        if self.0.len() > 1 {
            self.0.sort_unstable();
            self.0.dedup_by(|next, last| {
                let touch = next.0 <= last.1.saturating_add(1);
                if touch {
                    last.1 = last.1.max(next.1);
                }
                touch
            });
        }
        self
    }

    pub(super) fn union(mut self, other: &Self) -> Self {
        self.0.extend_from_slice(&other.0);
        self.tidied()
    }

    pub(super) fn intersection(&self, other: &Self) -> Self {
        let pairs = self.0.iter().flat_map(|a| other.0.iter().map(move |b| (a, b)));
        let common = pairs.map(|(a, b)| (a.0.max(b.0), a.1.min(b.1)));
        Self(common.filter(|(low, high)| low <= high).collect()).tidied()
    }

    /// Every key that is not among these.
    pub(super) fn complement(&self) -> Self {
        let mut gaps = Vec::with_capacity(self.0.len() + 1);
        let mut start = Some(Key::MIN);
        for (low, high) in &self.0 {
            if let Some(first) = start
                && first < *low
            {
                gaps.push((first, low.saturating_sub(1)));
            }
            start = high.checked_add(1);
        }
        gaps.extend(start.map(|first| (first, Key::MAX)));
        Self(gaps)
    }

    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = (Key, Key)> {
        self.0.iter().copied()
    }

    /// The keys themselves, where they are at most `most`.
    pub(super) fn as_points(&self, most: usize) -> Option<Vec<Key>> {
        let mut points = Vec::new();
        for (low, high) in &self.0 {
            for key in *low..=*high {
                if points.len() == most {
                    return None;
                }
                points.push(key);
            }
        }
        Some(points)
    }
}
