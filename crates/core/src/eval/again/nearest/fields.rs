//! The fields of a record and the counters beside them, by their slots, as far as a change to one can be
//! told: how each is called, what it holds, and whether anybody can change it.

use std::collections::{BTreeMap, BTreeSet};

use crate::program::{FieldKind, Layout, Node, Policy, PolicyId, Program, Row};
use rulebook_lang::model::Type;

/// A field that holds a single value, or a counter.
#[derive(Debug)]
pub(super) struct ChangedField {
    /// As it is called: a path, or the name of the counter.
    pub(super) path: String,
    pub(super) ty: Type,
    /// To how many digits its numbers are rounded as they are read.
    pub(super) digits: Option<u32>,
    pub(super) optional: bool,
    /// Whether it counts things: whole numbers, from nothing on.
    pub(super) counts: bool,
    /// The slots of the records that hold it. It cannot be changed alone where one of them is missing.
    pub(super) parents: Vec<u32>,
}

/// Which fields changes are told of.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Changeable {
    /// Those that are not `fixed`: no key, and nothing by which policies and rules are dated.
    #[default]
    Free,
    /// The fixed ones as well, but for keys: what lies behind another key nobody knows here.
    Any,
}

/// The fields that may be changed, by their slots.
pub(super) fn changed_fields(
    program: &Program,
    policy: &Policy,
    changeable: Changeable,
    row: &Row,
) -> BTreeMap<u32, ChangedField> {
    let mut walk =
        Walk { program, row, fields: BTreeMap::new(), keys: BTreeSet::new(), changeable };
    walk.layout(&policy.layout, "", (&[], false));
    walk.counters(policy);
    // With another date, other profiles would hold.
    walk.keys.extend(policy.dated.filter(|_| policy.layout.in_time));
    for key in &walk.keys {
        walk.fields.remove(key);
    }
    if changeable == Changeable::Free {
        for slot in own_slots(program, policy) {
            walk.fields.remove(&slot);
        }
    }
    walk.fields
}

/// The slots that say which record it is, and of when.
fn own_slots(program: &Program, policy: &Policy) -> BTreeSet<u32> {
    let read = policy.reads.iter().map(|id: &PolicyId| &program.policies[*id]);
    let policies = std::iter::once(policy).chain(read);
    let dates = policies.flat_map(|policy| {
        let rules = policy.rules.iter().filter_map(|rule| rule.dated);
        policy.dated.into_iter().chain(rules)
    });
    dates.chain(policy.id).collect()
}

struct Walk<'p> {
    program: &'p Program,
    row: &'p Row,
    fields: BTreeMap<u32, ChangedField>,
    /// The slots of keys.
    keys: BTreeSet<u32>,
    changeable: Changeable,
}

impl Walk<'_> {
    fn layout(&mut self, layout: &Layout, prefix: &str, (parents, is_fixed): (&[u32], bool)) {
        for field in layout.seen() {
            let path = format!("{prefix}{}", field.name);
            let is_fixed = is_fixed || field.fixed;
            match &field.kind {
                FieldKind::Scalar(_) | FieldKind::Read(..)
                    if is_fixed && self.changeable == Changeable::Free => {}
                FieldKind::Scalar(ty) | FieldKind::Read(ty, _) => {
                    let (ty, optional, parents) =
                        (ty.required().clone(), field.optional, parents.to_vec());
                    let (digits, counts) = (field.digits, false);
                    let changed = ChangedField { path, ty, digits, optional, counts, parents };
                    self.fields.insert(field.slot, changed);
                }
                FieldKind::Record(inner) => {
                    if let Some(join) = field.join {
                        // The key stands in the profile as well.
                        let key = inner.fields.get(self.program.profiles[join.profile].key);
                        self.keys.extend(key.map(|key| key.slot).into_iter().chain([join.key]));
                    }
                    let parents = [parents, &[field.slot]].concat();
                    self.layout(inner, &format!("{path}."), (&parents, is_fixed));
                    self.amount(inner, path);
                }
                FieldKind::List(_) => {}
            }
        }
    }

    /// The amount of money of any currency is called as the money is, and stays in its currency.
    fn amount(&mut self, layout: &Layout, path: String) {
        let money = layout.money(|slot| self.row.get(slot));
        let amount =
            layout.money_fields().and_then(|(amount, _)| self.fields.get_mut(&amount.slot));
        if let (Some((_, currency)), Some(amount)) = (money, amount) {
            (amount.path, amount.ty) = (path, Type::Money(currency));
        }
    }

    fn counters(&mut self, policy: &Policy) {
        for counted in &policy.counters {
            let counter = &self.program.counters[counted.counter];
            let field = ChangedField {
                path: counter.name.clone(),
                ty: counter.ty.required().clone(),
                digits: None,
                optional: false,
                counts: counter.tally.counts(),
                parents: Vec::new(),
            };
            self.fields.insert(counted.slot, field);
            // With another key or date, they would have other values that nobody here knows.
            self.keys.insert(counter.dated);
            let Self { program, keys, .. } = self;
            for (key, _) in &counter.keys {
                program.walk(*key, &mut |_, node| {
                    if let Node::Slot(slot) = node {
                        keys.insert(slot);
                    }
                });
            }
        }
    }
}
