//! Words of bits to the decisions about the rows that have them.

use std::collections::hash_map::Entry;
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
/// How many bits tell a recent one from the others: few enough that all stay in the nearest cache.
const RECENT: u32 = 9;

/// The classes so far.
#[derive(Debug, Clone, Default)]
pub(super) struct Classes {
    /// For each word, what it leads to from what the words before it led to.
    steps: Vec<Step>,
    /// The class at each place to which the last word leads; nothing where its rows have to be judged
    /// one by one.
    classes: Vec<Option<Class>>,
    /// What was decided about each class.
    decisions: Vec<Option<Decision>>,
}

/// What one word leads to.
#[derive(Debug, Clone)]
struct Step {
    known: FxHashMap<(u32, u64), u32>,
    /// Some that were looked up, each where its words say: place, word, and where they lead.
    recent: Vec<(u32, u64, u32)>,
}

impl Default for Step {
    fn default() -> Self {
        let nowhere = (u32::MAX, 0, 0);
        Self { known: FxHashMap::default(), recent: vec![nowhere; 1 << RECENT] }
    }
}

impl Step {
    /// Where a word leads from a place; `None` for a new one if there are too many.
    #[inline]
    fn next(&mut self, place: u32, word: u64) -> Option<u32> {
        /// Spreads what differs in a few bits; 2 to the 64th by the golden ratio.
        const SPREAD: u64 = 0x9e37_79b9_7f4a_7c15;
        let spread = (word ^ u64::from(place).rotate_left(32)).wrapping_mul(SPREAD);
        let at = (spread >> (u64::BITS - RECENT)) as usize;
        match self.recent.get(at) {
            Some((from, by, to)) if (*from, *by) == (place, word) => Some(*to),
            _ => {
                let to = self.look_up(place, word)?;
                if let Some(recent) = self.recent.get_mut(at) {
                    *recent = (place, word, to);
                }
                Some(to)
            }
        }
    }

    fn look_up(&mut self, place: u32, word: u64) -> Option<u32> {
        let next = u32::try_from(self.known.len()).ok()?;
        let is_full = self.known.len() >= MOST;
        match self.known.entry((place, word)) {
            Entry::Occupied(known) => Some(*known.get()),
            Entry::Vacant(_) if is_full => None,
            Entry::Vacant(new) => Some(*new.insert(next)),
        }
    }
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
                self.steps.push(Step::default());
            }
            place = self.steps.get_mut(at)?.next(place, word)?;
        }
        let at = place as usize;
        if at >= self.classes.len() {
            let decision = decide().filter(|decision| is_told(order, decision));
            let class = NonZeroU32::new(place + 1).map(Class).filter(|_| decision.is_some());
            self.classes.resize(at + 1, None);
            self.decisions.resize(at + 1, None);
            if let (Some(known), Some(own)) = (self.classes.get_mut(at), self.decisions.get_mut(at))
            {
                (*known, *own) = (class, decision.map(Decision::without_record));
            }
        }
        self.classes.get(at).copied().flatten()
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
