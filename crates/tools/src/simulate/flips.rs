//! Records that are decided differently, kept as examples: the first of each cell of the matrices.

use std::collections::{BTreeMap, BTreeSet};

use super::count::entry;
use super::impact::{ElementPlace, Flip, FlipExplanation, Flipped};
use super::outcome::Outcome;
use super::plan::{Inner, Trial};
use rulebook::Decision;
use rulebook_core::eval::explain::explain;
use rulebook_core::eval::time_text;
use rulebook_lang::model::Json;

/// The examples so far, by what changed, and how many records of each kind there are. Records are of
/// one kind if matrices count them under the same names.
#[derive(Debug, Clone, Default)]
pub(super) struct Flips {
    cells: BTreeMap<String, (u64, Vec<Flip>)>,
    /// Memory for the kind of the record at hand.
    kind: String,
}

/// A decision of a record that comes to another outcome: its name, and the outcomes of both sides.
pub(super) type Move<'m> = (&'m str, &'m Outcome, &'m Outcome);

impl Flips {
    /// Adds a record, unless there are enough of its kind. Records come in their order.
    pub(super) fn add<'m>(
        &mut self,
        plan: &Inner,
        moves: impl Iterator<Item = Move<'m>> + Clone,
        (record, input): (u64, impl FnOnce() -> Json),
        (baseline, candidate): (&Decision, &Decision),
    ) {
        let Some(before) = &plan.baseline else { return };
        self.kind.clear();
        for (decision, from, to) in moves.clone() {
            // No name has such signs in it.
            for part in [decision, "\u{1f}", &from.name, "\u{1f}", &to.name, "\u{1e}"] {
                self.kind.push_str(part);
            }
        }
        entry(&mut self.cells, &self.kind, |(count, kept)| {
            *count += 1;
            if kept.len() < plan.sample {
                kept.push(Flip {
                    record,
                    id: candidate.id(),
                    place: ElementPlace::of(candidate),
                    dated: plan
                        .candidate
                        .is_dated()
                        .then(|| time_text(candidate.dated(), candidate.zone())),
                    decisions: moves.map(flipped).collect(),
                    input: input(),
                    baseline: explained(before, baseline),
                    candidate: explained(&plan.candidate, candidate),
                });
            }
        });
    }

    pub(super) fn merge(&mut self, other: Self, sample: usize) {
        for (kind, (count, flips)) in other.cells {
            let (total, kept) = self.cells.entry(kind).or_default();
            *total += count;
            kept.extend(flips);
            kept.sort_by_key(Flip::order);
            kept.truncate(sample);
        }
    }

    /// So many examples: one of each kind in turn, the most frequent kind first.
    pub(super) fn spread(self, sample: usize) -> Vec<Flip> {
        let mut kinds: Vec<_> = self.cells.into_values().collect();
        kinds.sort_by_key(|(count, _)| std::cmp::Reverse(*count));
        let mut queues: Vec<_> = kinds.into_iter().map(|(_, flips)| flips.into_iter()).collect();
        let mut spread = Vec::new();
        let mut seen = BTreeSet::new();
        while spread.len() < sample {
            let before = spread.len();
            for flip in queues.iter_mut().filter_map(Iterator::next) {
                if spread.len() < sample && seen.insert(flip.order()) {
                    spread.push(flip);
                }
            }
            if spread.len() == before {
                break;
            }
        }
        spread
    }
}

fn flipped((decision, from, to): Move<'_>) -> Flipped {
    let [from, to] = [from, to].map(|outcome| outcome.text().to_string());
    Flipped { decision: decision.to_string(), from, to }
}

/// Why a side decides as it does.
fn explained(trial: &Trial, decision: &Decision) -> FlipExplanation {
    let mut explanation = explain(decision, trial.rulebook.sources());
    if !trial.is_dated() {
        // The time of the run says nothing of the record.
        explanation.dated.clear();
        explanation.now.clear();
    }
    let text = explanation.to_text();
    FlipExplanation { explanation: Json::of(&explanation).unwrap_or_default(), text }
}
