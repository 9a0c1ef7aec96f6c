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

/// The steps with which each element of a list began when it was judged behind those before it, by the policy
/// that judged them: an explanation has no more.
#[derive(Debug, Default)]
pub(crate) struct ElementBudgets(Vec<(PolicyId, Vec<u64>)>);

impl ElementBudgets {
    fn of(&mut self, decision: &Decision, policy: PolicyId) -> &[u64] {
        let known = self.0.iter().position(|(known, _)| *known == policy);
        let at = known.unwrap_or_else(|| {
            self.0.push((policy, begun(decision, policy)));
            self.0.len() - 1
        });
        self.0.get(at).map_or(&[], |(_, steps)| steps)
    }
}

fn begun(decision: &Decision, policy: PolicyId) -> Vec<u64> {
    let times = decision.judgement().times;
    let (mut each, mut workspace) = (decision.about_elements_of(policy), Workspace::default());
    workspace.begin();
    let places = decision.places_of(policy).into_iter().enumerate();
    let begun = places.map(|element| {
        let left = workspace.left();
        each.make_element(element, times.of_others(), || times.now, &mut workspace);
        left
    });
    begun.collect()
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
    /// through; `budgets` has the steps that each of them began with.
    pub(crate) fn of_element(
        &self,
        policy: PolicyId,
        number: usize,
        budgets: &mut ElementBudgets,
    ) -> Option<Self> {
        let place = *self.places_of(policy).get(number)?;
        let times = self.judgement().times;
        let mut decision = self.about_elements_of(policy);
        let mut workspace = Workspace::with_left(budgets.of(self, policy).get(number).copied());
        let now = || times.now;
        decision.make_element((number, place), times.of_others(), now, &mut workspace);
        Some(decision)
    }

    /// A decision that is to be about one element after another of the same record.
    fn about_elements_of(&self, policy: PolicyId) -> Self {
        let (alone, readings) = Default::default();
        Self { policy, alone, readings, together: false, ..self.clone() }
    }

    fn places_of(&self, policy: PolicyId) -> Vec<u32> {
        let mut places = Vec::new();
        let elements = self.program.policies[policy].elements.as_ref();
        elements.into_iter().for_each(|elements| elements.find(&self.row, &mut places));
        places
    }

    /// The policy that decided.
    pub(crate) fn policy_id(&self) -> PolicyId {
        self.policy
    }

    /// How many elements there are of which a policy judges each.
    pub(crate) fn elements_of(&self, policy: PolicyId) -> usize {
        self.places_of(policy).len()
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
