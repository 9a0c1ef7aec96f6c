//! Words of bits to the decisions about the rows that have them.

use std::collections::hash_map::Entry;
use std::num::NonZeroU32;

use rustc_hash::FxHashMap;

use super::order::Order;
use crate::eval::tell::Decision;
use crate::program::{NodeId, Program, Word};

/// Rows that come to one decision.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Class(NonZeroU32);

impl Class {
    /// Its number among the classes, counted from 0.
    pub fn index(self) -> usize {
        self.0.get() as usize - 1
    }
}

/// Where words lead.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) struct Place(NonZeroU32);

impl Place {
    /// Where all rows are before their first word.
    pub(super) const START: Self = Self(NonZeroU32::MIN);

    fn numbered(number: usize) -> Option<Self> {
        Some(Self(NonZeroU32::MIN.checked_add(u32::try_from(number).ok()?)?))
    }

    fn index(self) -> usize {
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
    /// What the rows are at each place to which the last word leads.
    classes: Vec<Known>,
    /// What was decided about each class.
    decisions: Vec<Option<Decision>>,
}

/// What is known of rows.
#[derive(Debug, Clone, Copy)]
enum Known {
    /// Nobody has asked.
    Nothing,
    /// They have to be judged one by one.
    Apart,
    /// They are of a class.
    Class(Class),
}

/// What one word leads to.
#[derive(Debug, Clone)]
struct Step {
    known: FxHashMap<(Place, u64), Place>,
    /// Some that were looked up, each where its words say: place, word, and where they lead.
    recent: Vec<(Place, u64, Option<Place>)>,
}

impl Default for Step {
    fn default() -> Self {
        // No row has such a word: it would not be sound.
        let nowhere = (Place::START, 0, None);
        Self { known: FxHashMap::default(), recent: vec![nowhere; 1 << RECENT] }
    }
}

impl Step {
    /// Where a word leads from a place; `None` for a new one if there are too many.
    #[inline]
    fn next(&mut self, place: Place, word: u64) -> Option<Place> {
        /// Spreads what differs in a few bits; 2 to the 64th by the golden ratio.
        const SPREAD: u64 = 0x9e37_79b9_7f4a_7c15;
        let spread = (word ^ u64::from(place.0.get()).rotate_left(32)).wrapping_mul(SPREAD);
        let at = (spread >> (u64::BITS - RECENT)) as usize;
        match self.recent.get(at) {
            Some((from, by, to)) if (*from, *by) == (place, word) => *to,
            _ => {
                let to = self.look_up(place, word);
                if let Some(recent) = self.recent.get_mut(at) {
                    *recent = (place, word, to);
                }
                to
            }
        }
    }

    fn look_up(&mut self, place: Place, word: u64) -> Option<Place> {
        let next = Place::numbered(self.known.len());
        let is_full = self.known.len() >= MOST;
        match self.known.entry((place, word)) {
            Entry::Occupied(known) => Some(*known.get()),
            Entry::Vacant(_) if is_full => None,
            Entry::Vacant(new) => Some(*new.insert(next?)),
        }
    }
}

impl Classes {
    /// The class of a row by all its words.
    pub(super) fn class(
        &mut self,
        words: impl Iterator<Item = u64>,
        order: Order<'_>,
        decide: impl FnOnce() -> Option<Decision>,
    ) -> Option<Class> {
        let mut place = Some(Place::START);
        for (at, (sieve, word)) in order.policy.index.sieve()?.words().iter().zip(words).enumerate()
        {
            self.step(at, (sieve, u64::MAX), &[word], std::slice::from_mut(&mut place));
        }
        self.at(place?, order, decide)
    }

    /// Goes on by one word for each of some rows, as far as words tell all about them; `constant` is
    /// what all rows have in common.
    pub(super) fn step(
        &mut self,
        at: usize,
        (sieve, constant): (&Word, u64),
        words: &[u64],
        places: &mut [Option<Place>],
    ) {
        if at >= self.steps.len() {
            self.steps.push(Step::default());
        }
        let Some(step) = self.steps.get_mut(at) else { return };
        for (place, word) in places.iter_mut().zip(words) {
            let word = word & constant;
            *place = place.filter(|_| sieve.is_told(word)).and_then(|own| step.next(own, word));
        }
    }

    /// The class at a place to which the last word leads; `decide` decides about it if it is new.
    #[inline]
    pub(super) fn at(
        &mut self,
        place: Place,
        order: Order<'_>,
        decide: impl FnOnce() -> Option<Decision>,
    ) -> Option<Class> {
        match self.classes.get(place.index()) {
            Some(Known::Class(class)) => Some(*class),
            Some(Known::Apart) => None,
            Some(Known::Nothing) | None => self.learn(place, order, decide),
        }
    }

    #[cold]
    fn learn(
        &mut self,
        place: Place,
        order: Order<'_>,
        decide: impl FnOnce() -> Option<Decision>,
    ) -> Option<Class> {
        let decision = decide().filter(|decision| is_told(order, decision));
        let class = decision.is_some().then_some(Class(place.0));
        let at = place.index();
        if at >= self.classes.len() {
            self.classes.resize(at + 1, Known::Nothing);
            self.decisions.resize(at + 1, None);
        }
        if let (Some(known), Some(own)) = (self.classes.get_mut(at), self.decisions.get_mut(at)) {
            *known = class.map_or(Known::Apart, Known::Class);
            *own = decision.map(Decision::without_record);
        }
        class
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
        let rule = &order.policy.rules[rule];
        rule.sets.iter().all(|(_, node)| is_fixed(order.program, *node))
            && rule.requires.iter().all(|require| require.within.is_none())
    })
}

/// Whether a node has one value for all records.
fn is_fixed(program: &Program, node: NodeId) -> bool {
    program.fixed(node).is_some()
}
