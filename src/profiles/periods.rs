//! When the profiles of one key hold, one behind the other.

use rulebook_lang::model::Time;

/// Between which times a profile holds.
#[derive(Debug, Clone, Copy)]
pub(super) struct Period {
    /// From when; ever since where nothing is said.
    pub(super) from: Option<Time>,
    /// Until when, without that time itself; without an end where nothing is said.
    pub(super) until: Option<Time>,
}

/// The profiles of one key by the times between which they hold.
#[derive(Debug, Default)]
pub(super) struct Periods {
    /// In the order of time, each with the number of its profile.
    periods: Vec<(Period, usize)>,
    /// One of which it cannot be told when it holds, so that it stands for all.
    unknown: Option<usize>,
}

impl Periods {
    /// Takes a profile in. `ends` says whether profiles tell their ends; else each holds until the next one.
    ///
    /// # Errors
    /// When there is one that holds at the same time: its number, and the first time at which both do.
    pub(super) fn insert(
        &mut self,
        period: Period,
        number: usize,
        ends: bool,
    ) -> Result<(), (usize, Option<Time>)> {
        let Period { from, until } = period;
        let at = self.periods.partition_point(|(other, _)| other.from < from);
        let before = at.checked_sub(1).and_then(|before| self.periods.get(before));
        let after = self.periods.get(at);
        if let Some((other, number)) = before
            && ends
            && other.until.is_none_or(|until| from.is_none_or(|from| until > from))
        {
            return Err((*number, from));
        }
        if let Some((other, number)) = after {
            let meets =
                ends && until.is_none_or(|until| other.from.is_none_or(|next| until > next));
            if other.from == from || meets {
                return Err((*number, other.from));
            }
        }
        self.periods.insert(at, (period, number));
        Ok(())
    }

    /// Takes in one of which it cannot be told when it holds.
    pub(super) fn insert_unknown(&mut self, number: usize) {
        self.unknown = self.unknown.or(Some(number));
    }

    /// The number of the profile that holds at a time.
    pub(super) fn at(&self, time: Time) -> Option<usize> {
        if self.unknown.is_some() {
            return self.unknown;
        }
        let behind =
            self.periods.partition_point(|(period, _)| period.from.is_none_or(|from| from <= time));
        let (period, number) = self.periods.get(behind.checked_sub(1)?)?;
        period.until.is_none_or(|until| time < until).then_some(*number)
    }

    /// The times between two profiles at which none holds.
    pub(super) fn gaps(&self) -> impl Iterator<Item = (Time, Time)> {
        let pairs = self.periods.iter().zip(self.periods.iter().skip(1));
        pairs.filter_map(|((before, _), (after, _))| {
            let gap = before.until.zip(after.from)?;
            (gap.0 < gap.1).then_some(gap)
        })
    }
}
