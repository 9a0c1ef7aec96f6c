//! Notes which conditions an evaluation has shown to matter.

use std::cell::RefCell;
use std::collections::BTreeSet;

use rustc_hash::FxHashMap;

use super::plan::{ConditionId, Plan, Tree, TreeKind, WholeId};
use rulebook_core::eval::Watch;
use rulebook_core::ids::IdVec;
use rulebook_core::program::{NodeId, PolicyId, TableId};
use rulebook_lang::model::Value;

/// Looks on while rules are evaluated. A condition has been *shown* as true (or as false) when it
/// had that value and carried the outcome of its whole: along the way up to it, every `and` and
/// `or` came to the value of the part below, so that the outcome was its own.
#[derive(Debug)]
pub(super) struct Recorder<'p> {
    plan: &'p Plan,
    notes: RefCell<Notes>,
}

#[derive(Debug, Default)]
struct Notes {
    /// Counts the values that were seen.
    tick: u64,
    /// The last value of each node, and when it was seen.
    values: FxHashMap<NodeId, (bool, u64)>,
    /// When each whole came to its value last: what was seen before belongs to an evaluation
    /// before, such as that of another element of a list.
    ended: IdVec<WholeId, u64>,
    shown: IdVec<ConditionId, Shown>,
    /// The policy that is watched, and how often rows of tables matched in each.
    policy: Option<PolicyId>,
    rows: Matched,
    /// The policies of which a decision was read while it was watched.
    read: BTreeSet<PolicyId>,
}

/// How often rows matched, by policy, table and position.
pub(super) type Matched = FxHashMap<(PolicyId, TableId, u32), usize>;

/// How often a condition was looked at, and shown to matter as true and as false.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Shown {
    pub(super) looked_at: usize,
    pub(super) as_true: usize,
    pub(super) as_false: usize,
}

impl<'p> Recorder<'p> {
    pub(super) fn new(plan: &'p Plan) -> Self {
        let notes = Notes {
            ended: plan.wholes.iter().map(|_| 0).collect(),
            shown: plan.conditions.iter().map(|_| Shown::default()).collect(),
            ..Notes::default()
        };
        Self { plan, notes: RefCell::new(notes) }
    }

    /// Notes that a policy is watched from now on.
    pub(super) fn begin(&self, policy: PolicyId) {
        let notes = &mut *self.notes.borrow_mut();
        notes.policy = Some(policy);
        notes.read.clear();
    }

    /// The policies that the one that is watched has read since it is.
    pub(super) fn read(&self) -> BTreeSet<PolicyId> {
        self.notes.borrow().read.clone()
    }

    /// What was shown of each condition of the plan, and how often rows matched.
    pub(super) fn finish(self) -> (IdVec<ConditionId, Shown>, Matched) {
        let Notes { shown, rows, .. } = self.notes.into_inner();
        (shown, rows)
    }
}

impl Watch for &Recorder<'_> {
    fn saw(&self, node: NodeId, value: &Value<'_>) {
        let notes = &mut *self.notes.borrow_mut();
        notes.read.extend(self.plan.read(node));
        let Value::Bool(value) = value else { return };
        notes.tick += 1;
        notes.values.insert(node, (*value, notes.tick));
        let Some(whole) = self.plan.whole(node) else { return };
        let since = notes.ended[whole];
        notes.settle(&self.plan.wholes[whole].tree, since, true);
        notes.ended[whole] = notes.tick;
    }

    fn matched(&self, table: TableId, row: u32) {
        let notes = &mut *self.notes.borrow_mut();
        if let Some(policy) = notes.policy {
            *notes.rows.entry((policy, table, row)).or_default() += 1;
        }
    }
}

impl Notes {
    /// Notes what a part of a whole has shown; `carried` says whether its value was the outcome.
    fn settle(&mut self, tree: &Tree, since: u64, carried: bool) {
        // A part that was not looked at shows nothing: it is masked.
        let seen = self.values.get(&tree.node).filter(|(_, when)| *when > since);
        let Some((value, _)) = seen.copied() else { return };
        match &tree.kind {
            TreeKind::Row(parts) => {
                for part in parts {
                    let part_seen = self.values.get(&part.node).filter(|(_, when)| *when > since);
                    let agrees = part_seen.is_some_and(|(part_value, _)| *part_value == value);
                    self.settle(part, since, carried && agrees);
                }
            }
            TreeKind::Not(inner) => self.settle(inner, since, carried),
            TreeKind::Condition(id) => {
                let shown = &mut self.shown[*id];
                shown.looked_at += 1;
                shown.as_true += usize::from(carried && value);
                shown.as_false += usize::from(carried && !value);
            }
            TreeKind::Constant => {}
        }
    }
}
