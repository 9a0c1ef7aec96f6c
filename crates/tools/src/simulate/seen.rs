//! What came of the record at hand, in memory that is used again for the next.

use super::count::is_change;
use super::flips::Move;
use super::outcome::{Fallen, Names};
use super::plan::Inner;
use rulebook::Decision;
use rulebook_lang::model::Number;

#[derive(Debug, Clone, Default)]
pub(super) struct Seen {
    /// What the fields that are added up hold.
    pub(super) amounts: Vec<Option<Number>>,
    /// How each decision falls by the candidate.
    pub(super) after: Vec<Fallen>,
    /// How each fell by the baseline; nothing where there is none.
    before: Vec<Fallen>,
}

impl Seen {
    pub(super) fn read(&mut self, plan: &Inner, baseline: Option<&Decision>, candidate: &Decision) {
        self.amounts.clear();
        self.amounts.extend(plan.sums.iter().map(|place| place.amount(candidate)));
        fill(&plan.names, candidate, &mut self.after);
        match baseline {
            Some(baseline) => fill(&plan.names, baseline, &mut self.before),
            None => self.before.clear(),
        }
    }

    /// How each decision fell by the baseline, if there is one, and by the candidate.
    pub(super) fn pairs(&self) -> impl Iterator<Item = (Option<&Fallen>, &Fallen)> + Clone {
        self.after.iter().enumerate().map(|(at, to)| (self.before.get(at), to))
    }

    /// The decisions that fall otherwise.
    pub(super) fn moves<'s>(&'s self, plan: &'s Inner) -> impl Iterator<Item = Move<'s>> + Clone {
        let pairs = plan.names.iter().zip(self.pairs());
        pairs.filter_map(|(names, (from, to))| {
            let from = from.filter(|from| is_change(from, to))?;
            Some((names.decision.as_str(), from, to))
        })
    }
}

fn fill(names: &[Names], decision: &Decision, into: &mut Vec<Fallen>) {
    into.resize_with(names.len(), Fallen::default);
    for (names, fallen) in names.iter().zip(into) {
        names.read(decision, fallen);
    }
}
