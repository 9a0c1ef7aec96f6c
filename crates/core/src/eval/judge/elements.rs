//! What a policy decides about each element of a list, as those go through it that judge the record: each
//! element is judged once for a record.

use super::case::Case;
use super::judge_at;
use super::readings::{JudgedPolicy, Readings};
use super::state::time_in;
use super::times::Times;
use crate::ids::PolicyId;
use crate::program::{Keyed, Policy, Program};
use rulebook_lang::model::{Cell, Spot, Store, Value};

/// The elements of a list that a policy has judged because another one goes through them.
#[derive(Debug, Default)]
pub(super) struct JudgedElements {
    /// The record, in which each element stood once where the rules read it. Behind it lies for each what was
    /// decided, whether that has a fault, and the element itself.
    row: Store,
    /// All of them.
    list: Cell,
    judged: JudgedPolicy,
    readings: Readings,
    places: Vec<u32>,
}

impl JudgedElements {
    /// The elements with what was decided.
    pub(super) fn list(&self) -> Value<'_> {
        self.row.value(self.list)
    }

    /// The steps that judging them has taken.
    pub(super) fn steps(&self) -> u64 {
        let JudgedPolicy { workspace, .. } = &self.judged;
        workspace.steps.saturating_add(self.readings.steps())
    }

    /// Judges the elements of a record.
    pub(super) fn judge(
        &mut self,
        (program, row, times): (&Program, &Store, Times),
        policy: PolicyId,
    ) {
        let Self { row: own, list, judged, readings, places } = self;
        let policy = &program.policies[policy];
        own.copy_of(row);
        readings.reset(policy);
        judged.workspace.begin();
        *list = Cell::List { start: 0, end: 0 };
        let Some(elements) = &policy.elements else { return };
        elements.find(own, places);
        let all = own.begin_list();
        for (at, place) in places.iter().enumerate() {
            if at > 0 {
                readings.next_element(program, policy);
            }
            elements.take(own, (at, *place));
            let JudgedPolicy { judgement, workspace, keys, .. } = judged;
            let case = Case { program, policy, row: Keyed::by(policy, own, keys), readings };
            let date = policy.dated.and_then(|slot| time_in(program, own, slot));
            let times = times.of_others().of(date, || times.now);
            judge_at(&case, times, None, judgement, workspace);
            judged.take_values(policy);
            let cell = decided(policy, judged, own, (*place, elements.size));
            own.put(Spot::Element, cell);
        }
        *list = own.end_list(all);
    }

    pub(super) fn forget(&mut self) {
        self.readings.clear();
    }
}

/// Keeps what was decided about an element, and the element, one behind the other.
fn decided(
    policy: &Policy,
    judged: &JudgedPolicy,
    row: &mut Store,
    (place, size): (u32, u32),
) -> Cell {
    let count = policy.decisions.len();
    let none = std::iter::repeat_n(Cell::Missing, count * 2);
    let (start, _) = row.append(none);
    row.append_copy(place, size);
    for (slot, id) in (start..).zip(policy.decisions.ids()) {
        let value = judged.value(id);
        let has_fault = Cell::Bool(value.is_none());
        let cell = value.map(|value| row.import(&value)).unwrap_or_default();
        row.set(slot, cell);
        row.set(slot + u32::try_from(count).unwrap_or(u32::MAX), has_fault);
    }
    Cell::Record { start }
}
