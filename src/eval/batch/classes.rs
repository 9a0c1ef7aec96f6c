//! Words of bits to the decisions about the rows that have them.

use std::num::NonZeroU32;

use rustc_hash::FxHashMap;

use super::Order;
use crate::eval::Decision;
use crate::program::{NodeId, Program};

/// Rows that come to one decision.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct Class(NonZeroU32);

impl Class {
    /// Its number among the classes, counted from 0.
    pub(crate) fn index(self) -> usize {
        self.0.get() as usize - 1
    }
}

/// More classes than this are not remembered.
const MOST: usize = 1 << 13;

/// The classes so far.
#[derive(Debug, Clone, Default)]
pub(super) struct Classes {
    /// For each word, what it leads to from what the words before it led to.
    steps: Vec<FxHashMap<(u32, u64), u32>>,
    /// What was decided about each class; nothing where its rows have to be judged one by one.
    decisions: Vec<Option<Decision>>,
}

impl Classes {
    /// The class of a row with these words; `decide` decides about it if it is the first.
    pub(super) fn class(
        &mut self,
        words: impl Iterator<Item = u64>,
        order: Order<'_>,
        decide: impl FnOnce() -> Option<Decision>,
    ) -> Option<Class> {
        let mut place = 0;
        for (at, word) in words.enumerate() {
            if at >= self.steps.len() {
                self.steps.push(FxHashMap::default());
            }
            let steps = self.steps.get_mut(at)?;
            place = match steps.get(&(place, word)) {
                Some(next) => *next,
                None if steps.len() >= MOST => return None,
                None => {
                    let next = u32::try_from(steps.len()).ok()?;
                    steps.insert((place, word), next);
                    next
                }
            };
        }
        let at = place as usize;
        if at >= self.decisions.len() {
            let decision = decide().filter(|decision| is_told(order, decision));
            self.decisions.resize(at + 1, None);
            if let Some(place) = self.decisions.get_mut(at) {
                *place = decision.map(Decision::without_record);
            }
        }
        self.decisions.get(at)?.as_ref()?;
        NonZeroU32::new(place + 1).map(Class)
    }

    /// What was decided about a class.
    pub(super) fn decision(&self, class: Class) -> Option<&Decision> {
        self.decisions.get(class.index())?.as_ref()
    }
}

/// Whether the bits of a row can tell what a policy decides about it.
pub(super) fn is_sortable(order: Order<'_>) -> bool {
    let Order { program, policy, .. } = order;
    let otherwise = policy.decisions.iter().filter_map(|decision| decision.otherwise);
    let rescues = policy.on_fault.iter().map(|(_, node)| *node);
    !policy.layout.joins
        && policy.counters.is_empty()
        && otherwise.chain(rescues).all(|node| is_fixed(program, node))
}

/// Whether a decision would be the same for any record for which the same rules fire: the rules give
/// outcomes that no record changes, and no due times, each of which may lie beyond the calendar.
fn is_told(order: Order<'_>, decision: &Decision) -> bool {
    decision.fired_rules().all(|rule| {
        let rule = order.policy.rules.get(rule.index());
        rule.is_some_and(|rule| {
            rule.sets.iter().all(|(_, node)| is_fixed(order.program, *node))
                && rule.requires.iter().all(|require| require.within.is_none())
        })
    })
}

/// Whether a node has one value for all records.
fn is_fixed(program: &Program, node: NodeId) -> bool {
    program.fixed(node).is_some()
}
