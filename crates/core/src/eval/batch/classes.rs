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

/// The words of some rows as far as they have been read: rows whose words were the same share one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) struct Prefix(NonZeroU32);

impl Prefix {
    /// What all rows share before their first word.
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
    /// For each word, the prefixes that it makes of those of the words before it.
    steps: Vec<Step>,
    /// Whether the rows are of a class, by all of their words.
    classes: Vec<Membership>,
    /// What was decided about each class.
    decisions: Vec<Option<Decision>>,
}

/// Whether rows with the same words are of a class.
#[derive(Debug, Clone, Copy)]
enum Membership {
    /// Nobody has asked.
    Unasked,
    /// They have to be judged one by one.
    Apart,
    /// They are of a class.
    Class(Class),
}

/// The prefixes that end with one of the words.
#[derive(Debug, Clone)]
struct Step {
    transitions: FxHashMap<(Prefix, u64), Prefix>,
    /// Some that were looked up, each where its words say: prefix, word, and the prefix with both.
    recent: Vec<(Prefix, u64, Option<Prefix>)>,
}

impl Default for Step {
    fn default() -> Self {
        // No row has such a word: it would not be sound.
        let unused = (Prefix::START, 0, None);
        Self { transitions: FxHashMap::default(), recent: vec![unused; 1 << RECENT] }
    }
}

impl Step {
    /// The prefix longer by a word; `None` for a new one if there are too many.
    #[inline]
    fn next(&mut self, prefix: Prefix, word: u64) -> Option<Prefix> {
        /// Spreads what differs in a few bits; 2 to the 64th by the golden ratio.
        const SPREAD: u64 = 0x9e37_79b9_7f4a_7c15;
        let spread = (word ^ u64::from(prefix.0.get()).rotate_left(32)).wrapping_mul(SPREAD);
        let at = (spread >> (u64::BITS - RECENT)) as usize;
        match self.recent.get(at) {
            Some((from, by, to)) if (*from, *by) == (prefix, word) => *to,
            _ => {
                let to = self.look_up(prefix, word);
                if let Some(recent) = self.recent.get_mut(at) {
                    *recent = (prefix, word, to);
                }
                to
            }
        }
    }

    fn look_up(&mut self, prefix: Prefix, word: u64) -> Option<Prefix> {
        let next = Prefix::numbered(self.transitions.len());
        let is_full = self.transitions.len() >= MOST;
        match self.transitions.entry((prefix, word)) {
            Entry::Occupied(entry) => Some(*entry.get()),
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
        let mut prefix = Some(Prefix::START);
        for (at, (sieve, word)) in order.policy.index.sieve()?.words().iter().zip(words).enumerate()
        {
            self.step(at, (sieve, u64::MAX), &[word], std::slice::from_mut(&mut prefix));
        }
        self.at(prefix?, order, decide)
    }

    /// Goes on by one word for each of some rows, as far as words tell all about them; `constant` is
    /// what all rows have in common.
    pub(super) fn step(
        &mut self,
        at: usize,
        (sieve, constant): (&Word, u64),
        words: &[u64],
        prefixes: &mut [Option<Prefix>],
    ) {
        if at >= self.steps.len() {
            self.steps.push(Step::default());
        }
        let Some(step) = self.steps.get_mut(at) else { return };
        for (prefix, word) in prefixes.iter_mut().zip(words) {
            let word = word & constant;
            *prefix = prefix.filter(|_| sieve.is_told(word)).and_then(|from| step.next(from, word));
        }
    }

    /// The class of the rows with these words; `decide` decides about it if it is new.
    #[inline]
    pub(super) fn at(
        &mut self,
        prefix: Prefix,
        order: Order<'_>,
        decide: impl FnOnce() -> Option<Decision>,
    ) -> Option<Class> {
        match self.classes.get(prefix.index()) {
            Some(Membership::Class(class)) => Some(*class),
            Some(Membership::Apart) => None,
            Some(Membership::Unasked) | None => self.learn(prefix, order, decide),
        }
    }

    #[cold]
    fn learn(
        &mut self,
        prefix: Prefix,
        order: Order<'_>,
        decide: impl FnOnce() -> Option<Decision>,
    ) -> Option<Class> {
        let decision = decide().filter(|decision| follows_from_rules(order, decision));
        let class = decision.is_some().then_some(Class(prefix.0));
        let at = prefix.index();
        if at >= self.classes.len() {
            self.classes.resize(at + 1, Membership::Unasked);
            self.decisions.resize(at + 1, None);
        }
        if let (Some(membership), Some(kept)) =
            (self.classes.get_mut(at), self.decisions.get_mut(at))
        {
            *membership = class.map_or(Membership::Apart, Membership::Class);
            *kept = decision.map(Decision::without_record);
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
fn follows_from_rules(order: Order<'_>, decision: &Decision) -> bool {
    decision.fired_rules().all(|rule| {
        let rule = &order.policy.rules[rule];
        rule.sets.iter().all(|(_, node)| is_fixed(order.program, *node))
            && rule.requires.iter().all(|require| require.limits().next().is_none())
    })
}

/// Whether a node has one value for all records.
fn is_fixed(program: &Program, node: NodeId) -> bool {
    program.fixed(node).is_some()
}
