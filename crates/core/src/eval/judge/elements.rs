//! What a policy decides about each element of a list, as those go through it that judge the record: each
//! element is judged once for a record.

use super::case::Case;
use super::judgement::Judgement;
use super::readings::{JudgedElements, JudgedPolicy};
use super::times::Times;
use super::workspace::Workspace;
use crate::ids::PolicyId;
use crate::program::{Keyed, Policy, Program};
use rulebook_lang::model::{Cell, Spot, Store};

impl JudgedElements {
    /// Judges the elements of a record, each by `judge`, which judges a row at given times.
    pub(super) fn judge(
        &mut self,
        (program, row, times): (&Program, &Store, Times),
        policy: PolicyId,
        judge: impl Fn(&Case<'_>, Times, &mut Judgement, &mut Workspace),
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
            let date = policy.dated.and_then(|slot| program.time_in(own, slot));
            let times = times.of_others().of(date, || times.now);
            judge(&case, times, judgement, workspace);
            judged.take_values(policy);
            let cell = decided(policy, judged, own, (*place, elements.size));
            own.put(Spot::Element, cell);
        }
        *list = own.end_list(all);
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
    let (_, end) = row.append_copy(place, size);
    for (slot, id) in (start..).zip(policy.decisions.ids()) {
        let value = judged.value(id);
        let has_fault = Cell::Bool(value.is_none());
        let cell = value.map(|value| row.import(&value)).unwrap_or_default();
        row.set(slot, cell);
        row.set(slot + u32::try_from(count).unwrap_or(u32::MAX), has_fault);
    }
    Cell::Record { start, end }
}
