//! What several sides make of one record: one decision each, or one about each element of a list of it.

use super::simulation::Simulation;
use rulebook::{Decision, Evaluation};
use rulebook_core::facts::InputError;
use rulebook_lang::model::Json;

/// One side that has read a record, or has rejected it.
#[derive(Debug)]
pub struct JudgedSide<'s> {
    /// What decides.
    pub evaluation: &'s mut Evaluation,
    /// What is wrong with the record; nothing where the side decides about it.
    pub errors: &'s [InputError],
    /// Whether it has a decision at hand.
    pub at_hand: bool,
}

impl<'s> JudgedSide<'s> {
    /// A side, before any of its decisions is at hand.
    pub fn new(evaluation: &'s mut Evaluation, errors: &'s [InputError]) -> Self {
        Self { evaluation, errors, at_hand: false }
    }

    fn rejects(&self) -> Option<&[InputError]> {
        (!self.errors.is_empty()).then_some(self.errors)
    }

    fn count(&self) -> usize {
        if self.errors.is_empty() { self.evaluation.count() } else { 0 }
    }

    fn decision(&self) -> Option<&Decision> {
        self.at_hand.then(|| self.evaluation.decision())
    }
}

impl Simulation {
    /// Adds a record to some simulations: their baseline, if they have one, comes first among the sides,
    /// then the candidate of each. `input` gives the record, and `changed` is told of each decision that is
    /// another one, with the simulation that found it.
    pub fn add_to_all(
        simulations: &mut [Self],
        record: u64,
        input: &dyn Fn() -> Json,
        sides: &mut [JudgedSide<'_>],
        mut changed: impl FnMut(&Self, &Decision),
    ) {
        let baselines = sides.len().saturating_sub(simulations.len());
        let (baseline, candidates) = sides.split_at(baselines);
        for (simulation, candidate) in simulations.iter_mut().zip(candidates) {
            let before = baseline.first().and_then(JudgedSide::rejects);
            simulation.begin(record, [before, candidate.rejects()]);
        }
        let decisions = sides.iter().map(JudgedSide::count).max().unwrap_or(0);
        for number in 0..decisions {
            for side in &mut *sides {
                side.at_hand = number < side.count() && side.evaluation.nth(number).is_some();
            }
            let (baseline, candidates) = sides.split_at(baselines);
            let before = baseline.first().map(JudgedSide::decision);
            for (simulation, candidate) in simulations.iter_mut().zip(candidates) {
                let after = candidate.decision();
                if simulation.decide(record, input, before, after) {
                    after.into_iter().for_each(|decision| changed(simulation, decision));
                }
            }
        }
    }
}
