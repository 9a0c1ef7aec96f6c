//! What the parts of a condition came to, each by itself: alternatives, what `not` stands before, and the
//! element of a list that settled it.

use std::cell::{Cell, RefCell};
use std::collections::HashMap;

use super::Explainer;
use super::clause::operands_of;
use crate::eval::judge::{Machine, Watch};
use crate::eval::tell::{ConditionExplanation, Joined, ToldValue};
use crate::program::{Clause, Each, Form, NodeId, Policy};
use rulebook_lang::kernel::Problem;
use rulebook_lang::model::{Type, Value};

impl Explainer<'_> {
    /// The parts of a condition, and what they are to each other.
    fn parts(
        &self,
        policy: &Policy,
        clause: &Clause,
        machine: &Machine<'_>,
    ) -> (Option<Joined>, Vec<ConditionExplanation>) {
        match &clause.form {
            Form::Test(_) => (None, Vec::new()),
            Form::OneOf(clauses) => (Some(Joined::Or), self.alternatives(policy, clauses, machine)),
            Form::AllOf(clauses) => (Some(Joined::And), self.row(policy, clauses, machine)),
            Form::Not(inner) => (Some(Joined::Not), vec![self.condition(policy, inner, machine)]),
            Form::Each(each) => match self.settling(policy, clause.node, each, machine) {
                Some(part) => {
                    (Some(if each.settled_by { Joined::Any } else { Joined::All }), vec![part])
                }
                None => (None, Vec::new()),
            },
        }
    }

    /// What a condition, or a part of one, came to.
    pub(super) fn condition(
        &self,
        policy: &Policy,
        clause: &Clause,
        machine: &Machine<'_>,
    ) -> ConditionExplanation {
        let result = machine.test(clause.node);
        if matches!(&result, Err(fault) if fault.problem == Problem::WorkLimit) {
            // The rule has no such fault: it is looking again that takes too many steps.
            return self.quote(clause);
        }
        let (joined, parts) = self.parts(policy, clause, machine);
        ConditionExplanation {
            holds: result.as_ref().ok().copied(),
            fault: result.err().map(|fault| fault.problem.to_string()),
            values: self.values(policy, clause, machine),
            joined,
            parts,
            ..self.quote(clause)
        }
    }

    /// What `or` joins. Behind what settles it nobody has looked, so that a fault there is none.
    fn alternatives(
        &self,
        policy: &Policy,
        clauses: &[Clause],
        machine: &Machine<'_>,
    ) -> Vec<ConditionExplanation> {
        let mut is_settled = false;
        let told = clauses.iter().map(|clause| {
            let mut part = self.condition(policy, clause, machine);
            if is_settled && part.fault.take().is_some() {
                (part.joined, part.parts) = (None, Vec::new());
            }
            is_settled |= part.holds != Some(false);
            part
        });
        told.collect()
    }

    /// What `and` joins, up to the part that settles it.
    fn row(
        &self,
        policy: &Policy,
        clauses: &[Clause],
        machine: &Machine<'_>,
    ) -> Vec<ConditionExplanation> {
        let mut parts = Vec::new();
        for clause in clauses {
            let part = self.condition(policy, clause, machine);
            let settles = part.holds != Some(true);
            parts.push(part);
            if settles {
                break;
            }
        }
        parts
    }

    /// The element that settled what is asked of a list, or that has a fault.
    fn settling(
        &self,
        policy: &Policy,
        node: NodeId,
        each: &Each,
        machine: &Machine<'_>,
    ) -> Option<ConditionExplanation> {
        let Ok(Value::List(list)) = machine.value(each.list) else { return None };
        let mut wanted = HashMap::new();
        want(&each.body, &mut wanted);
        let found = Found {
            explainer: self,
            comprehension: node,
            wanted: &wanted,
            entered: Cell::new(0),
            truths: RefCell::default(),
            values: RefCell::default(),
        };
        let result = machine.watched(&found).test(node);
        let fault = result.as_ref().err().map(|fault| fault.problem.to_string());
        if result.is_ok_and(|holds| holds != each.settled_by) {
            return None;
        }
        let item = (found.entered.get(), list.len());
        let part = self.of_element(policy, &each.body, &found, machine);
        // A filter may have the fault, or the list itself.
        (item.0 > 0).then_some(ConditionExplanation { item: Some(item), fault, ..part })
    }

    /// What is asked of an element, as the machine saw it.
    fn of_element(
        &self,
        policy: &Policy,
        clause: &Clause,
        found: &Found<'_, '_>,
        machine: &Machine<'_>,
    ) -> ConditionExplanation {
        let holds = found.truths.borrow().get(&clause.node).copied();
        let (joined, inner): (_, &[Clause]) = match &clause.form {
            Form::OneOf(clauses) => (Some(Joined::Or), clauses),
            Form::AllOf(clauses) => (Some(Joined::And), clauses),
            Form::Not(inner) => (Some(Joined::Not), std::slice::from_ref(inner.as_ref())),
            Form::Test(_) | Form::Each(_) => (None, &[]),
        };
        let operands = operands_of(&clause.form);
        let steps = self.steps_of(policy, &clause.lets);
        let mut values = self.reads(policy, clause.node, (&operands, &steps), machine);
        for operand in operands {
            let value = found.values.borrow().get(&operand.node).cloned();
            let name = self.written(operand.span);
            if let Some(value) = value
                && !values.iter().any(|(earlier, _)| *earlier == name)
            {
                values.push((name, value));
            }
        }
        let parts = inner.iter().map(|part| self.of_element(policy, part, found, machine));
        ConditionExplanation { holds, values, joined, parts: parts.collect(), ..self.quote(clause) }
    }
}

/// The nodes whose values tell what was asked of an element, with the types of those that are shown.
fn want<'c>(clause: &'c Clause, into: &mut HashMap<NodeId, Option<&'c Type>>) {
    into.entry(clause.node).or_default();
    for operand in operands_of(&clause.form) {
        into.insert(operand.node, Some(&operand.ty));
    }
    match &clause.form {
        Form::AllOf(clauses) | Form::OneOf(clauses) => {
            clauses.iter().for_each(|clause| want(clause, into));
        }
        Form::Not(inner) => want(inner, into),
        Form::Test(_) | Form::Each(_) => {}
    }
}

/// Notes what a machine finds for the element of a list that it has come to.
struct Found<'f, 'd> {
    explainer: &'f Explainer<'d>,
    comprehension: NodeId,
    wanted: &'f HashMap<NodeId, Option<&'f Type>>,
    /// How many elements it has come to.
    entered: Cell<usize>,
    truths: RefCell<HashMap<NodeId, bool>>,
    values: RefCell<HashMap<NodeId, ToldValue>>,
}

impl Watch for &Found<'_, '_> {
    fn saw(&self, node: NodeId, value: &Value<'_>) {
        let Some(ty) = self.wanted.get(&node) else { return };
        if let Value::Bool(truth) = value {
            self.truths.borrow_mut().insert(node, *truth);
        }
        if let Some(ty) = ty {
            self.values.borrow_mut().insert(node, self.explainer.shown(value, ty));
        }
    }

    fn entered(&self, comprehension: NodeId) {
        if comprehension == self.comprehension {
            self.entered.set(self.entered.get() + 1);
            self.truths.borrow_mut().clear();
            self.values.borrow_mut().clear();
        }
    }
}
