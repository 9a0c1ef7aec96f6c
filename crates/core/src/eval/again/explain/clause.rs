//! The conditions of a rule, as written, with what they came to and the values that they read.

use super::Explainer;
use crate::eval::judge::{Machine, State, covers};
use crate::eval::tell::ClauseExplanation;
use crate::program::{Clause, Element, FieldKind, Node, NodeId, Phase, Policy, Program, Rule};
use rulebook_lang::kernel::Problem;
use rulebook_lang::model::{Type, Value};

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
        if let Some(filter) = phase.and_then(|phase| phase.filter) {
            let clause = Clause { node: filter, span: self.decision.program.span(filter) };
            seen.push(self.clause(policy, clause, "where", machine));
        }
        let covered = match state {
            State::Faulted(_) => phase.is_none_or(|phase| covers(machine, rule, phase) == Ok(true)),
            other => *other != State::NotCovered,
        };
        if !covered {
            return seen;
        }
        for clause in &rule.clauses {
            let explained = self.clause(policy, *clause, "when", machine);
            let stops = explained.holds != Some(true);
            seen.push(explained);
            if stops {
                return seen;
            }
        }
        if let Some(exception) = rule.exception {
            seen.push(self.clause(policy, exception, "unless", machine));
        }
        seen
    }

    fn clause(
        &self,
        policy: &Policy,
        clause: Clause,
        word: &'static str,
        machine: &Machine<'_>,
    ) -> ClauseExplanation {
        let result = machine.test(clause.node);
        let is_dark = matches!(&result, Err(fault) if fault.problem == Problem::WorkLimit);
        if is_dark {
            // The rule has no such fault: it is looking again that takes too many steps.
            return self.quote(clause, word);
        }
        ClauseExplanation {
            holds: result.as_ref().ok().copied(),
            fault: result.err().map(|fault| fault.problem.to_string()),
            values: self.values(policy, clause.node, machine),
            ..self.quote(clause, word)
        }
    }

    /// A clause that is not looked at.
    fn quote(&self, clause: Clause, word: &'static str) -> ClauseExplanation {
        let text = self.sources.text(clause.span);
        let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
        ClauseExplanation { text, clause: word, holds: None, fault: None, values: Vec::new() }
    }

    /// The conditions of a rule that are too much to look at, the one with this fault with it.
    pub(super) fn quoted(
        &self,
        rule: &Rule,
        phase: Option<&Phase>,
        fault: Option<NodeId>,
    ) -> Vec<ClauseExplanation> {
        let program = &self.decision.program;
        let filter = phase.and_then(|phase| phase.filter);
        let filter = filter.map(|node| (Clause { node, span: program.span(node) }, "where"));
        let clauses = rule.clauses.iter().map(|clause| (*clause, "when"));
        let exception = rule.exception.map(|clause| (clause, "unless"));
        let all = filter.into_iter().chain(clauses).chain(exception);
        all.map(|(clause, word)| {
            let mut has_fault = false;
            program.walk(clause.node, &mut |node, _| has_fault |= Some(node) == fault);
            let fault = has_fault.then(|| Problem::WorkLimit.to_string());
            ClauseExplanation { fault, ..self.quote(clause, word) }
        })
        .collect()
    }

    /// A call as its author wrote it.
    fn written(&self, id: NodeId, name: &str) -> String {
        let text = self.sources.text(self.decision.program.span(id));
        let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
        if text.is_empty() { format!("{name}(…)") } else { text }
    }

    /// The fields, parameters and scripts that a condition reads, with their values.
    fn values(
        &self,
        policy: &Policy,
        node: NodeId,
        machine: &Machine<'_>,
    ) -> Vec<(String, String)> {
        let program = &self.decision.program;
        let mut reads = Vec::new();
        program.walk(node, &mut |id, node| reads.push((id, node)));
        let mut values: Vec<(String, String)> = Vec::new();
        for (id, node) in reads {
            let (name, ty) = match node {
                Node::Slot(slot) => match field_at(program, policy, slot) {
                    Some(found) => found,
                    None => continue,
                },
                Node::Parameter(parameter) => {
                    let parameter = &program.parameters[parameter];
                    (parameter.name.clone(), parameter.ty.clone())
                }
                Node::Decision(policy, decision) => {
                    let (_, read) = program.decision(policy, decision);
                    (program.decision_path(policy, decision), read.whole_type())
                }
                Node::Now => ("now".to_string(), Type::Time),
                Node::Script(script, _) => {
                    let function = &program.scripts[script];
                    (self.written(id, &function.name), function.ty.clone())
                }
                _ => continue,
            };
            let value = match machine.value(id) {
                Ok(Value::Bool(true)) if matches!(ty, Type::Record(_)) => "present".to_string(),
                Ok(value) => self.shown(&value, &ty),
                // The fault of the clause says so.
                Err(_) => continue,
            };
            if !values.iter().any(|(earlier, _)| *earlier == name) {
                values.push((name, value));
            }
        }
        values.extend(self.look_ups(node, machine));
        values
    }
}

/// The name and the type of the field, or of the counter, in a slot.
fn field_at(program: &Program, policy: &Policy, slot: u32) -> Option<(String, Type)> {
    let counter = program.counter_at(policy, slot);
    let mut found = counter.map(|counter| (counter.name.clone(), counter.ty.clone()));
    policy.layout.walk("", &mut |path, field| {
        if field.slot == slot {
            let ty = match &field.kind {
                FieldKind::Scalar(ty) => ty.clone(),
                FieldKind::Record(layout) => Type::Record(layout.record.clone()),
                FieldKind::List(element) => Type::List(Box::new(match element.as_ref() {
                    Element::Scalar(ty) => ty.clone(),
                    Element::Record(_) | Element::List(_) => Type::Unknown,
                })),
            };
            found = Some((path.to_string(), ty));
        }
    });
    found
}
