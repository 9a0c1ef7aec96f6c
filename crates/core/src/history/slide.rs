//! What is known of the values in a stretch of a series, kept for the next stretch that is asked for: where one goes on
//! from the other, each value comes in once and goes out once.

use std::cmp::Ordering;
use std::collections::VecDeque;

use rustc_hash::FxHashMap;

use super::Amount;
use rulebook_lang::tally::Tally;

/// The values between two positions of a series, for one who asks it again and again. It keeps its memory where that
/// becomes another series by `clear`.
#[derive(Debug, Default)]
pub struct Slide {
    start: usize,
    end: usize,
    /// Which state of the series the positions are of.
    state: u64,
    /// How often each value is there, where different ones are counted.
    counts: FxHashMap<Amount, usize>,
    /// The positions of values of which none behind them is better: the best comes first.
    best: VecDeque<usize>,
}

impl Slide {
    /// Goes to other positions of a series in some state.
    pub(super) fn go_to(
        &mut self,
        tally: Tally,
        (amounts, state): (&[Amount], u64),
        (start, end): (usize, usize),
    ) {
        let goes_on = self.state == state && (self.start..=self.end).contains(&start);
        if !goes_on || end < self.end {
            self.counts.clear();
            self.best.clear();
            (self.start, self.end, self.state) = (start, start, state);
        }
        for (at, amount) in amounts.iter().enumerate().take(end).skip(self.end) {
            self.enter(tally, at, amount, amounts);
        }
        for (at, amount) in amounts.iter().enumerate().take(start).skip(self.start) {
            self.leave(at, amount);
        }
        (self.start, self.end) = (start, end);
    }

    fn enter(&mut self, tally: Tally, at: usize, amount: &Amount, amounts: &[Amount]) {
        let better = match tally {
            Tally::Distinct => return *self.counts.entry(amount.clone()).or_default() += 1,
            Tally::Largest => Ordering::Greater,
            _ => Ordering::Less,
        };
        while let Some(last) = self.best.back().and_then(|last| amounts.get(*last))
            && last.cmp(amount) != better
        {
            self.best.pop_back();
        }
        self.best.push_back(at);
    }

    fn leave(&mut self, at: usize, amount: &Amount) {
        if let Some(count) = self.counts.get_mut(amount) {
            *count -= 1;
            if *count == 0 {
                self.counts.remove(amount);
            }
        }
        if self.best.front() == Some(&at) {
            self.best.pop_front();
        }
    }

    /// How many different values there are, without one.
    pub(super) fn distinct(&self, but: Option<&Amount>) -> usize {
        let alone = but.and_then(|amount| self.counts.get(amount)) == Some(&1);
        self.counts.len() - usize::from(alone)
    }

    /// Where the best of all values stands.
    pub(super) fn best(&self) -> Option<usize> {
        self.best.front().copied()
    }
}
