//! Decisions about the elements of a list, each of which a policy judges.

use std::sync::Arc;

use super::decision::{Decision, name_of};
use crate::eval::judge::{Case, Readings, When, Workspace, judge};
use crate::program::PolicyId;
use rulebook_lang::model::Time;

/// The element of a list that a decision is about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Element {
    /// What rules call it: `line`.
    pub name: String,
    /// Its place among those that the record holds, counted from 1.
    pub position: usize,
    /// Its `id`, or else its first text that is always there; its position if it has neither.
    pub id: String,
}

impl Decision {
    /// Decides about an element of a list of the row, by its number and where it lies. What was found out
    /// about the record at the first one serves all others.
    #[doc(hidden)]
    pub fn make_element(
        &mut self,
        (number, place): (usize, u32),
        when: When,
        clock: impl FnOnce() -> Time,
        workspace: &mut Workspace,
    ) {
        self.leave();
        let Self { program, row, readings, .. } = self;
        let policy = &program.policies[self.policy];
        Arc::make_mut(row).take_element(policy, (number, place));
        if Readings::serve(policy) {
            match readings.as_mut().and_then(Arc::get_mut) {
                Some(readings) if number > 0 && self.element.is_some() => {
                    readings.next_element(program, policy);
                }
                _ => Readings::renew(readings, policy),
            }
        }
        let readings = readings.as_deref().unwrap_or(Readings::none());
        let case = Case { program, policy, row: row.keyed(), readings };
        if number == 0 {
            workspace.begin();
        }
        judge(case, (when, clock), &mut self.alone, workspace);
        self.element = Some(number);
    }

    /// What another policy decided about an element of a list that this one, or one that it read, goes
    /// through.
    pub(crate) fn of_element(&self, policy: PolicyId, number: usize) -> Option<Self> {
        let elements = self.program.policies[policy].elements.as_ref()?;
        let mut places = Vec::new();
        elements.find(&self.row, &mut places);
        let place = *places.get(number)?;
        let times = self.judgement().times;
        let (alone, readings) = Default::default();
        let mut decision = Self { policy, alone, readings, together: false, ..self.clone() };
        let now = || times.now;
        decision.make_element((number, place), times.of_others(), now, &mut Workspace::default());
        Some(decision)
    }

    /// The policy that decided.
    pub(crate) fn policy_id(&self) -> PolicyId {
        self.policy
    }

    /// How many elements there are of which a policy judges each.
    pub(crate) fn elements_of(&self, policy: PolicyId) -> usize {
        let mut places = Vec::new();
        let elements = self.program.policies[policy].elements.as_ref();
        elements.into_iter().for_each(|elements| elements.find(&self.row, &mut places));
        places.len()
    }

    /// The element of a list that it is about, where the policy judges each: `for each line in Order.lines`.
    pub fn element(&self) -> Option<Element> {
        let (elements, number) = self.policy().elements.as_ref().zip(self.element)?;
        let position = number + 1;
        let id = elements.id.map(|slot| self.row.get(slot)).and_then(name_of);
        let id = id.unwrap_or_else(|| position.to_string());
        Some(Element { name: elements.name.clone(), position, id })
    }
}
