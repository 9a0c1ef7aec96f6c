//! The events of one counter under one key in the order of their times, and what a stretch of them comes to.

use std::sync::Arc;

use super::{Amount, Answer, HistoryError, Slide, Stretch};
use rulebook_lang::model::{Number, Time, Total};
use rulebook_lang::tally::Tally;

/// The events of one counter under one key. A history that keeps events elsewhere adds them to one, and asks it.
#[derive(Debug, Default)]
pub struct Series {
    /// When they happened, in order.
    times: Vec<Time>,
    /// What they add up to, each with those before, where they are added up.
    totals: Vec<Total>,
    /// What each adds, where that is looked at one by one.
    amounts: Vec<Amount>,
    /// Which record each is of, where records have keys.
    records: Vec<Arc<str>>,
    /// What those add up to that were forgotten.
    forgotten: Total,
    /// Rises where positions come to be those of other events.
    state: u64,
}

impl Series {
    /// Empties the series and keeps its memory.
    pub fn clear(&mut self) {
        self.times.clear();
        self.totals.clear();
        self.amounts.clear();
        self.records.clear();
        self.forgotten = Total::default();
        self.state += 1;
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.times.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.times.is_empty()
    }

    /// Adds an event, with the key of its record where records have keys: then all have.
    pub fn add(&mut self, tally: Tally, time: Time, amount: &Amount, record: Option<&Arc<str>>) {
        // Mostly the latest comes last.
        let at = match self.times.last() {
            Some(last) if *last > time => self.times.partition_point(|earlier| *earlier <= time),
            _ => self.times.len(),
        };
        self.state += u64::from(at < self.times.len());
        self.times.insert(at, time);
        if let Some(record) = record {
            self.records.insert(at.min(self.records.len()), record.clone());
        }
        match (tally, amount) {
            (Tally::Count, _) => {}
            (Tally::Sum | Tally::Average, Amount::Number(amount)) => {
                let total = self.total_before(at).plus(*amount);
                for later in self.totals.iter_mut().skip(at) {
                    *later = later.plus(*amount);
                }
                self.totals.insert(at, total);
            }
            (_, amount) => self.amounts.insert(at.min(self.amounts.len()), amount.clone()),
        }
    }

    fn total_before(&self, at: usize) -> Total {
        let last = at.checked_sub(1).and_then(|last| self.totals.get(last));
        last.copied().unwrap_or(self.forgotten)
    }

    /// The positions of the events in a stretch.
    fn range(&self, stretch: Stretch) -> (usize, usize) {
        let end = self.times.partition_point(|time| *time <= stretch.until);
        let before = self.times.get(..end).unwrap_or_default();
        (before.partition_point(|time| *time <= stretch.after), end)
    }

    /// Where the event of a record stands that happened then.
    fn position(&self, (time, record): (Time, &str)) -> Option<usize> {
        let start = self.times.partition_point(|other| *other < time);
        let same = self.times.iter().zip(&self.records).enumerate().skip(start);
        let mut same = same.take_while(|(_, (other, _))| **other == time);
        same.find(|(_, (_, other))| other.as_ref() == record).map(|(at, _)| at)
    }

    /// What the events of a stretch come to. `but` is a record that does not count, with its time: the one that
    /// asks, where it came before.
    ///
    /// # Errors
    /// When a sum has too many digits.
    pub fn answer(
        &self,
        tally: Tally,
        stretch: Stretch,
        but: Option<(Time, &str)>,
    ) -> Result<Answer, HistoryError> {
        self.answer_along(&mut Slide::default(), tally, stretch, but)
    }

    /// The same for whoever asks for one stretch after another by the same tally: where each goes on from the one
    /// before, no value is looked at twice.
    ///
    /// # Errors
    /// When a sum has too many digits.
    #[doc(hidden)]
    pub fn answer_along(
        &self,
        slide: &mut Slide,
        tally: Tally,
        stretch: Stretch,
        but: Option<(Time, &str)>,
    ) -> Result<Answer, HistoryError> {
        let (start, end) = self.range(stretch);
        let but = but.and_then(|but| self.position(but)).filter(|at| (start..end).contains(at));
        let count = (end - start - usize::from(but.is_some())) as u64;
        if count == 0 && tally.may_lack() {
            return Ok(None);
        }
        if matches!(tally, Tally::Distinct | Tally::Largest | Tally::Smallest) {
            slide.go_to(tally, (&self.amounts, self.state), (start, end));
        }
        let others = || {
            let counts = move |(at, _): &(usize, &Amount)| but != Some(*at);
            let amounts = self.amounts.iter().enumerate().take(end).skip(start);
            amounts.filter(counts).map(|(_, amount)| amount)
        };
        let best = slide.best().filter(|at| but != Some(*at)).and_then(|at| self.amounts.get(at));
        Ok(match tally {
            Tally::Count => Some(Amount::Number(Number::from(count))),
            Tally::Sum => Some(Amount::Number(self.sum((start, end), but)?)),
            Tally::Average => {
                let sum = self.sum((start, end), but)?;
                sum.checked_div(Number::from(count)).map(Amount::Number)
            }
            Tally::Largest => best.or_else(|| others().max()).cloned(),
            Tally::Smallest => best.or_else(|| others().min()).cloned(),
            Tally::Latest => others().next_back().cloned(),
            Tally::Distinct => {
                let distinct = slide.distinct(but.and_then(|at| self.amounts.get(at)));
                Some(Amount::Number(Number::from(distinct as u64)))
            }
        })
    }

    fn sum(
        &self,
        (start, end): (usize, usize),
        but: Option<usize>,
    ) -> Result<Number, HistoryError> {
        let between =
            |start: usize, end: usize| self.total_before(end).since(self.total_before(start));
        let own = but.map_or(Some(Number::ZERO), |at| between(at, at + 1));
        let sum = between(start, end).zip(own).and_then(|(sum, own)| sum.checked_sub(own));
        Ok(sum.ok_or("the sum has too many digits")?)
    }

    /// Forgets all up to a time.
    pub(super) fn forget(&mut self, until: Time) {
        let end = self.times.partition_point(|time| *time <= until);
        self.state += 1;
        if !self.totals.is_empty() {
            self.forgotten = self.total_before(end);
            self.totals.drain(..end);
        }
        self.amounts.drain(..end.min(self.amounts.len()));
        self.records.drain(..end.min(self.records.len()));
        self.times.drain(..end);
        self.times.shrink_to_fit();
        self.totals.shrink_to_fit();
        self.amounts.shrink_to_fit();
        self.records.shrink_to_fit();
    }
}
