//! What came of the record at hand, in memory that is used again for the next.

use super::count::is_change;
use super::flips::Move;
use super::outcome::{Outcome, OutcomeNames};
use super::plan::Inner;
use rulebook::Decision;
use rulebook_lang::model::Number;

#[derive(Debug, Clone, Default)]
pub(super) struct Seen {
    /// What the fields that are added up hold.
    pub(super) amounts: Vec<Option<Number>>,
    /// What each decision comes to by the candidate.
    pub(super) after: Vec<Outcome>,
    /// The same by the baseline; nothing where there is none.
    before: Vec<Outcome>,
}

impl Seen {
    pub(super) fn read(&mut self, plan: &Inner, baseline: Option<&Decision>, candidate: &Decision) {
        self.amounts.clear();
        self.amounts.extend(plan.sums.iter().map(|field| field.amount(candidate)));
        fill(&plan.names, candidate, &mut self.after);
        match baseline {
            Some(baseline) => fill(&plan.names, baseline, &mut self.before),
            None => self.before.clear(),
        }
    }

    /// What each decision came to by the baseline, if there is one, and by the candidate.
    pub(super) fn pairs(&self) -> impl Iterator<Item = (Option<&Outcome>, &Outcome)> + Clone {
        self.after.iter().enumerate().map(|(at, to)| (self.before.get(at), to))
    }

    /// The decisions that come to another outcome.
    pub(super) fn moves<'s>(&'s self, plan: &'s Inner) -> impl Iterator<Item = Move<'s>> + Clone {
        let pairs = plan.names.iter().zip(self.pairs());
        pairs.filter_map(|(names, (from, to))| {
            let from = from.filter(|from| is_change(from, to))?;
            Some((names.decision.as_str(), from, to))
        })
    }
}

fn fill(names: &[OutcomeNames], decision: &Decision, into: &mut Vec<Outcome>) {
    into.resize_with(names.len(), Outcome::default);
    for (names, outcome) in names.iter().zip(into) {
        names.read(decision, outcome);
    }
}
