//! What an expression sees where it stands, and what is known to be present there.

use std::collections::BTreeMap;
use std::rc::Rc;

use super::presence::{self, Key};
use super::typed::{Expr, LetId, LocalId, Place, PolicyId, RecordId};
use rulebook_lang::model::{Currency, Date, Type};

/// The named values that an expression sees, by name; nothing for one that is wrong, which has been
/// reported.
pub(super) type Lets = Rc<BTreeMap<String, Option<LetId>>>;

/// Who reads counters, as far as that makes a difference.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) enum CounterReader {
    /// A function, or a value that is known at load.
    #[default]
    None,
    /// Another counter.
    Counter,
    /// A measure, which nobody counts anything for.
    Measure,
    /// A policy, and whether it says `dated by`.
    Policy {
        /// Whether it does.
        dated: bool,
    },
}

/// The names that an expression sees, and what is known to be present.
#[derive(Debug, Clone, Default)]
pub(super) struct Scope {
    /// The record whose fields are in scope.
    pub(super) record: Option<RecordId>,
    /// The policy in which the expression stands.
    pub(super) policy: Option<PolicyId>,
    /// The day on which the policy was published.
    pub(super) announced: Option<Date>,
    /// Who reads counters.
    pub(super) reader: CounterReader,
    /// Whether a value must be known at load.
    pub(super) constant: bool,
    /// The decisions of the policy, in a claim about them.
    pub(super) outcomes: Vec<(String, Type)>,
    /// The named values that stand there.
    pub(super) lets: Lets,
    pub(super) locals: Vec<(String, LocalId, Type)>,
    pub(super) present: Vec<Key>,
}

impl Scope {
    pub(super) fn add_local(&mut self, name: &str, local: LocalId, ty: Type) {
        self.locals.push((name.to_string(), local, ty));
    }

    /// Whether a place is known to be present.
    pub(super) fn knows(&self, place: &Place) -> bool {
        !self.present.is_empty() && self.present.contains(&presence::key(place))
    }

    /// Whether what an expression reads is known to be present.
    pub(super) fn knows_value(&self, expr: &Expr) -> bool {
        presence::key_of(expr).is_some_and(|key| self.present.contains(&key))
    }

    /// The currency of the money at a place, where the conditions before say it.
    pub(super) fn currency_of(&self, money: &Place) -> Option<Currency> {
        // What was said last holds where both were: nothing comes there.
        let mut said = self.present.iter().rev();
        let known = said.find_map(|known| presence::currency_in(known, money));
        known.and_then(Currency::at)
    }

    /// The scope of what follows a condition that held, or did not.
    pub(super) fn after(mut self, condition: &Expr, held: bool) -> Self {
        self.present.extend(presence::implied(condition, held));
        self
    }

    pub(super) fn local(&self, name: &str) -> Option<(LocalId, Type)> {
        let found = self.locals.iter().rev().find(|(local, ..)| local == name);
        found.map(|(_, local, ty)| (*local, ty.clone()))
    }
}
