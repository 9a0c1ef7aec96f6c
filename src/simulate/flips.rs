//! Records that are decided otherwise, kept as examples: the first of each cell of the matrices.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value as Json;

use super::impact::{Flip, Flipped, Told};
use super::plan::{Inner, Trial};
use crate::Decision;
use crate::eval::explain::explain;
use crate::eval::told_time;

/// What changed, by the names under which matrices count it: decision, from and to.
pub(super) type Kind = Vec<(String, String, String)>;

/// The examples so far, by what changed, and how many records of each kind there are.
#[derive(Debug, Clone, Default)]
pub(super) struct Flips {
    cells: BTreeMap<Kind, (u64, Vec<Flip>)>,
}

impl Flips {
    /// Adds a record, unless there are enough of its kind. Records come in their order.
    pub(super) fn add(
        &mut self,
        plan: &Inner,
        (kind, changes): (Kind, Vec<Flipped>),
        record: u64,
        input: &[u8],
        (baseline, candidate): (&Decision, &Decision),
    ) {
        let Some(before) = &plan.baseline else { return };
        let (count, kept) = self.cells.entry(kind).or_default();
        *count += 1;
        if kept.len() < plan.sample {
            kept.push(Flip {
                record,
                id: candidate.id(),
                dated: told_time(candidate.dated(), candidate.zone()),
                decisions: changes,
                input: serde_json::from_slice(input).unwrap_or(Json::Null),
                baseline: told(before, baseline),
                candidate: told(&plan.candidate, candidate),
            });
        }
    }

    pub(super) fn merge(&mut self, other: Self, sample: usize) {
        for (kind, (count, flips)) in other.cells {
            let (total, kept) = self.cells.entry(kind).or_default();
            *total += count;
            kept.extend(flips);
            kept.sort_by_key(|flip| flip.record);
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
                if spread.len() < sample && seen.insert(flip.record) {
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

/// Why a side decides as it does.
fn told(trial: &Trial, decision: &Decision) -> Told {
    let explanation = explain(decision, trial.rulebook.sources());
    let text = explanation.to_text();
    Told { explanation: serde_json::to_value(&explanation).unwrap_or_default(), text }
}
