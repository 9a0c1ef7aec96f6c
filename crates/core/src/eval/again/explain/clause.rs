//! The conditions of a rule, as written, with what they came to and the values that they read.

use std::sync::Arc;

use super::Explainer;
use crate::eval::judge::{Machine, State, covers};
use crate::eval::tell::{ClauseExplanation, ConditionExplanation, ToldValue};
use crate::program::{
    Clause, Element, FieldKind, Form, Node, NodeId, Operand, Phase, Policy, Rule,
};
use rulebook_base::source::Span;
use rulebook_lang::figures::phrases;
use rulebook_lang::kernel::Problem;
use rulebook_lang::model::{RecordType, Type, Value};

impl Explainer<'_> {
    /// The conditions in the order in which they were looked at, up to the one that settled it.
    pub(super) fn clauses(
        &self,
        policy: &Policy,
        rule: &Rule,
        phase: Option<&Phase>,
        state: &State,
        machine: &Machine<'_>,
    ) -> Vec<ClauseExplanation> {
        let mut seen = Vec::new();
        if let Some(filter) = filter_of(rule, phase) {
            seen.push(self.clause(policy, filter, "where", machine));
        }
        let covered = match state {
            State::Faulted(_) => phase.is_none_or(|phase| covers(machine, rule, phase) == Ok(true)),
            other => *other != State::NotCovered,
        };
        if !covered {
            return seen;
        }
        for clause in &rule.clauses {
            let explained = self.clause(policy, clause, "when", machine);
            let stops = explained.condition.holds != Some(true);
            seen.push(explained);
            if stops {
                return seen;
            }
        }
        if let Some(exception) = &rule.exception {
            seen.push(self.clause(policy, exception, "unless", machine));
        }
        seen
    }

    fn clause(
        &self,
        policy: &Policy,
        clause: &Clause,
        word: &'static str,
        machine: &Machine<'_>,
    ) -> ClauseExplanation {
        ClauseExplanation { clause: word, condition: self.condition(policy, clause, machine) }
    }

    /// A condition that is not looked at.
    pub(super) fn quote(&self, clause: &Clause) -> ConditionExplanation {
        ConditionExplanation { text: self.written(clause.span), ..ConditionExplanation::default() }
    }

    /// What stands at a place, on one line.
    pub(super) fn written(&self, span: Span) -> String {
        self.sources.text(span).split_whitespace().collect::<Vec<_>>().join(" ")
    }

    /// The conditions of a rule that are too much to look at, the one with this fault with it.
    pub(super) fn quoted(
        &self,
        rule: &Rule,
        phase: Option<&Phase>,
        fault: Option<NodeId>,
    ) -> Vec<ClauseExplanation> {
        let program = &self.decision.program;
        let filter = filter_of(rule, phase).map(|clause| (clause, "where"));
        let clauses = rule.clauses.iter().map(|clause| (clause, "when"));
        let exception = rule.exception.as_ref().map(|clause| (clause, "unless"));
        let all = filter.into_iter().chain(clauses).chain(exception);
        all.map(|(clause, word)| {
            let mut has_fault = false;
            program.walk(clause.node, &mut |node, _| has_fault |= Some(node) == fault);
            let fault = has_fault.then(|| Problem::WorkLimit.to_string());
            let condition = ConditionExplanation { fault, ..self.quote(clause) };
            ClauseExplanation { clause: word, condition }
        })
        .collect()
    }

    /// A call as its author wrote it.
    fn call(&self, id: NodeId, name: &str) -> String {
        let text = self.written(self.decision.program.span(id));
        if text.is_empty() { format!("{name}(…)") } else { text }
    }

    /// What a condition reads, and what it calculates from that, with the values.
    pub(super) fn values(
        &self,
        policy: &Policy,
        clause: &Clause,
        machine: &Machine<'_>,
    ) -> Vec<(String, ToldValue)> {
        let operands = operands_of(&clause.form);
        let steps = self.steps_of(policy, &clause.lets);
        let within = (operands.as_slice(), steps.as_slice());
        let mut values = self.reads(policy, clause.node, within, machine);
        for value in self.calculated([clause.node], within, machine) {
            if !values.iter().any(|(earlier, _)| *earlier == value.0) {
                values.push(value);
            }
        }
        values
    }

    /// What nodes look up in tables, and what their operands come to; without looking into some steps.
    pub(super) fn calculated(
        &self,
        nodes: impl IntoIterator<Item = NodeId>,
        (operands, steps): (&[&Operand], &[NodeId]),
        machine: &Machine<'_>,
    ) -> Vec<(String, ToldValue)> {
        let mut values: Vec<(String, ToldValue)> = Vec::new();
        for value in
            nodes.into_iter().flat_map(|node| self.look_ups(node, (operands, steps), machine))
        {
            if !values.iter().any(|(earlier, _)| *earlier == value.0) {
                values.push(value);
            }
        }
        for operand in operands {
            let name = self.written(operand.span);
            if values.iter().any(|(earlier, _)| *earlier == name) {
                continue;
            }
            // The fault of the clause says so.
            let Ok(value) = machine.value(operand.node) else { continue };
            let of = (operand.node, &value);
            values.push((name, self.shown_with_holidays(of, &operand.ty, machine)));
        }
        values
    }

    /// The fields, parameters, decisions and scripts that a node reads, with their values; without those
    /// that differ from element to element of a list, and without looking into some steps.
    pub(super) fn reads(
        &self,
        policy: &Policy,
        node: NodeId,
        (operands, steps): (&[&Operand], &[NodeId]),
        machine: &Machine<'_>,
    ) -> Vec<(String, ToldValue)> {
        let program = &self.decision.program;
        let reads = self.needed(node, steps, machine);
        let mut values: Vec<(String, ToldValue)> = Vec::new();
        for (id, node) in reads {
            let (name, ty) = match node {
                Node::Slot(slot) => {
                    let Some((name, value)) = self.field(policy, slot) else { continue };
                    if !values.iter().any(|(earlier, _)| *earlier == name) {
                        values.push((name, value));
                    }
                    continue;
                }
                Node::Parameter(parameter) => {
                    let parameter = &program.parameters[parameter];
                    (parameter.name.clone(), parameter.ty.clone())
                }
                Node::Decision(of, decision) => {
                    let (read_policy, read) = program.decision(of, decision);
                    // What the policy decides itself is told by its bare name, as its rules read it.
                    let name = match std::ptr::eq(read_policy, policy) {
                        true => read.name.clone(),
                        false => program.decision_path(of, decision),
                    };
                    (name, read.whole_type())
                }
                Node::Now => ("now".to_string(), Type::Time),
                Node::Script(script, _) => {
                    let is_operand = operands.iter().any(|operand| operand.node == id);
                    if is_operand || self.is_within_list(id) {
                        continue;
                    }
                    let function = &program.scripts[script];
                    (self.call(id, &function.name), function.ty.clone())
                }
                _ => continue,
            };
            let value = match machine.value(id) {
                Ok(value) => self.shown(&value, &ty),
                // The fault of the clause says so.
                Err(_) => continue,
            };
            if !values.iter().any(|(earlier, _)| *earlier == name) {
                values.push((name, value));
            }
        }
        values
    }

    /// The field, or the counter, in a slot, with its value.
    fn field(&self, policy: &Policy, slot: u32) -> Option<(String, ToldValue)> {
        let decision = self.decision;
        let slot = policy.layout.whole(slot);
        let value = decision.row().get(slot);
        let counter = decision.program.counter_at(policy, slot);
        let mut found =
            counter.map(|counter| (counter.name.clone(), self.shown(&value, &counter.ty)));
        policy.layout.walk("", &mut |path, field| {
            if field.slot == slot {
                let text = match (&field.kind, &value) {
                    (FieldKind::Scalar(ty) | FieldKind::Read(ty, _), value) => {
                        self.shown(value, ty).text
                    }
                    (FieldKind::Record(layout), Value::Bool(true)) if layout.money => {
                        self.shown(&decision.row().record(slot, layout.size), &Type::money()).text
                    }
                    (FieldKind::Record(_), Value::Bool(true)) => {
                        phrases::PRESENT.in_language(&decision.language).to_string()
                    }
                    (FieldKind::Record(layout), value) => {
                        let record = RecordType::new(layout.record.clone());
                        self.shown(value, &Type::Record(Arc::new(record))).text
                    }
                    (FieldKind::List(element), value) => {
                        let element = match element.as_ref() {
                            Element::Scalar(ty, _) | Element::Read(ty, _) => ty.clone(),
                            Element::Record(_) | Element::List(_) => Type::Unknown,
                        };
                        self.shown(value, &Type::List(Box::new(element))).text
                    }
                };
                found = Some((path.to_string(), decision.told_field(&field.kind, slot, text)));
            }
        });
        found
    }
}

/// Where the `where` of a phase of a rule was written.
fn filter_of<'r>(rule: &'r Rule, phase: Option<&Phase>) -> Option<&'r Clause> {
    let at =
        rule.phases.iter().position(|known| phase.is_some_and(|phase| std::ptr::eq(known, phase)));
    rule.filters.get(at?)?.as_ref()
}

/// What a condition is calculated from.
pub(super) fn operands_of(form: &Form) -> Vec<&Operand> {
    match form {
        Form::Test(operands) => operands.iter().collect(),
        Form::AllOf(clauses) | Form::OneOf(clauses) => {
            clauses.iter().flat_map(|clause| operands_of(&clause.form)).collect()
        }
        Form::Not(inner) => operands_of(&inner.form),
        Form::Each(each) => each.operands.iter().collect(),
    }
}
