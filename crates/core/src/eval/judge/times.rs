//! The times by which a record is judged.

use rulebook_lang::model::Time;

/// What is said from outside of the times by which records are judged.
#[derive(Debug, Clone, Copy, Default)]
pub struct When {
    /// The time of the evaluation; without one, each record's own date.
    pub now: Option<Time>,
    /// The time by which rules are in force and parameters have their values; without one, the dates
    /// that each record tells.
    pub in_force: Option<Time>,
}

/// The times by which one record is judged.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Times {
    /// The time of the evaluation.
    pub now: Time,
    /// The record's own date, or the time of the evaluation where it has none.
    pub dated: Time,
    /// The time by which rules are in force, where it is not the record that tells it.
    pub in_force: Option<Time>,
}

impl When {
    /// As of each record's own date.
    pub const RECORD: Self = Self { now: None, in_force: None };

    /// The times of a record with a date of its own; the clock is asked where nothing else tells.
    #[inline]
    pub fn of(self, record_date: Option<Time>, clock: impl FnOnce() -> Time) -> Times {
        let Self { now, in_force } = self;
        let now = now.or(record_date).or(in_force).unwrap_or_else(clock);
        Times { now, dated: record_date.unwrap_or(now), in_force }
    }
}

impl Times {
    /// One time for all.
    pub fn at(time: Time) -> Self {
        Self { now: time, dated: time, in_force: None }
    }

    /// The date by which rules are in force that have none of their own.
    #[inline]
    pub fn date(self) -> Time {
        self.date_of(None)
    }

    /// The date by which a rule is in force, if it has this one of its own.
    #[inline]
    pub fn date_of(self, rule_date: Option<Time>) -> Time {
        self.in_force.or(rule_date).unwrap_or(self.dated)
    }

    /// What is said of the times of another policy on the same record.
    #[inline]
    pub(crate) fn of_others(self) -> When {
        When { now: Some(self.now), in_force: self.in_force }
    }
}
