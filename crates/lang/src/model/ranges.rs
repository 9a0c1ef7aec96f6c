//! Sets of keys as ranges: what a condition on one value comes to once its constants are known.

use smallvec::{SmallVec, smallvec};

/// A value as a number: the order of keys is that of values.
pub type Key = i64;

/// The keys at which a condition holds: closed ranges in order that do not touch, mostly one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ranges(SmallVec<[(Key, Key); 1]>);

impl Ranges {
    /// No keys.
    pub fn none() -> Self {
        Self(SmallVec::new())
    }

    /// From one key to another, both included; none where they stand the wrong way round.
    pub fn between(low: Key, high: Key) -> Self {
        Self((low <= high).then_some((low, high)).into_iter().collect())
    }

    /// One key.
    pub fn point(key: Key) -> Self {
        Self(smallvec![(key, key)])
    }

    /// Some keys, in any order.
    pub fn points(keys: impl IntoIterator<Item = Key>) -> Self {
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

    /// The keys that are in one of both.
    pub fn union(mut self, other: &Self) -> Self {
        self.0.extend_from_slice(&other.0);
        self.tidied()
    }

    /// The keys that are in both.
    pub fn intersection(&self, other: &Self) -> Self {
        let pairs = self.0.iter().flat_map(|a| other.0.iter().map(move |b| (a, b)));
        let common = pairs.map(|(a, b)| (a.0.max(b.0), a.1.min(b.1)));
        Self(common.filter(|(low, high)| low <= high).collect()).tidied()
    }

    /// Every key that is not among these.
    pub fn complement(&self) -> Self {
        let mut gaps = SmallVec::new();
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

    /// Whether any key is among both.
    pub fn meets(&self, other: &Self) -> bool {
        let mut rest = other.0.as_slice();
        self.0.iter().any(|(low, high)| {
            while let [(_, end), behind @ ..] = rest
                && end < low
            {
                rest = behind;
            }
            rest.first().is_some_and(|(start, _)| start <= high)
        })
    }

    /// Whether every key of another is among these.
    pub fn covers(&self, other: &Self) -> bool {
        other.0.iter().all(|(low, high)| {
            let after = self.0.partition_point(|(start, _)| start <= low);
            let range = after.checked_sub(1).and_then(|at| self.0.get(at));
            range.is_some_and(|(_, end)| high <= end)
        })
    }

    /// Whether there is no key.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The ranges in order, each from its first to its last key.
    pub fn iter(&self) -> impl Iterator<Item = (Key, Key)> {
        self.0.iter().copied()
    }

    /// The keys themselves, where they are at most `most`.
    pub fn as_points(&self, most: u64) -> Option<impl Iterator<Item = Key>> {
        let count = self.0.iter().try_fold(0_u64, |count, (low, high)| {
            count.checked_add(high.abs_diff(*low).checked_add(1)?)
        })?;
        (count <= most).then(|| self.0.iter().flat_map(|(low, high)| *low..=*high))
    }
}
