//! Named values that were read, each once for the date by which it was, as deep as they go.

use super::{Explainer, NamedExplanation};
use crate::eval::judge::State;
use crate::eval::tell::{ConditionExplanation, ToldValue};
use crate::program::{Clause, DecisionId, Form, LetId, Named, NodeId, Policy, Rule};
use rulebook_lang::figures::phrases;
use rulebook_lang::model::{Time, Type};

/// A named value that was read, by what and as of which date.
#[derive(Debug, Clone)]
pub(super) struct Met {
    id: LetId,
    date: Time,
    reader: String,
}

impl Explainer<'_> {
    /// Notes the named values that a rule reads, as far as it was looked at: so many parts of `when`.
    pub(super) fn meet_lets(&self, rule: &Rule, state: &State, conditions: usize, date: Time) {
        let mut lets: Vec<LetId> = Vec::new();
        if *state != State::NotInForce {
            let filters = rule.filters.iter().flatten();
            let clauses = rule.clauses.iter().take(conditions);
            let unless = rule.exception.iter();
            let unless = unless.filter(|_| matches!(state, State::Excepted | State::Fired));
            let looked_at = filters.chain(clauses).chain(unless);
            lets.extend(looked_at.flat_map(|clause| &clause.lets));
        }
        if *state == State::Fired {
            lets.extend(&rule.lets);
        }
        self.meet_named(&lets, date, &rule.name);
    }

    /// Notes the named values that a decision reads where no rule gave it.
    pub(super) fn meet_default_lets(&self, policy: &Policy, id: DecisionId) {
        let date = self.decision.judgement().times.date();
        self.meet_named(&policy.default_lets[id], date, &policy.decisions[id].name);
    }

    fn meet_named(&self, lets: &[LetId], date: Time, reader: &str) {
        let met = lets.iter().map(|id| Met { id: *id, date, reader: reader.to_string() });
        self.met_lets.borrow_mut().extend(met);
    }

    /// The named values that were met, each followed by those that it reads in turn.
    pub(super) fn all_named(&self, policy: &Policy) -> Vec<NamedExplanation> {
        let mut told = Vec::new();
        for met in self.met_lets.take() {
            self.tell(policy, met, &mut told);
        }
        told.into_iter().map(|(_, explanation)| explanation).collect()
    }

    fn tell(
        &self,
        policy: &Policy,
        Met { id, date, reader }: Met,
        told: &mut Vec<((LetId, Time), NamedExplanation)>,
    ) {
        if let Some((_, named)) = told.iter_mut().find(|(key, _)| *key == (id, date)) {
            if !named.read_by.contains(&reader) {
                named.read_by.push(reader);
            }
            return;
        }
        let Some(named) = policy.named(id) else { return };
        let (explanation, looked_at) = self.named(policy, named, date, reader);
        told.push(((id, date), explanation));
        for id in looked_at {
            self.tell(policy, Met { id, date, reader: named.name.clone() }, told);
        }
    }

    /// A named value with what it was made of, and the named values that it read.
    fn named(
        &self,
        policy: &Policy,
        named: &Named,
        date: Time,
        reader: String,
    ) -> (NamedExplanation, Vec<LetId>) {
        let Named { name, title, ty, clause, .. } = named;
        let machine = self.decision.machine(date).counted(self.steps);
        let value = machine.value(clause.node);
        let fault = value.as_ref().err().map(|fault| fault.problem.to_string());
        let told = match &value {
            Ok(value) => self.shown_with_holidays((clause.node, value), ty, &machine),
            Err(_) => ToldValue::new(
                phrases::FAULT.in_language(&self.decision.language).to_string(),
                &None::<()>,
            ),
        };
        let condition = match ty {
            Type::Bool => self.condition(policy, clause, &machine),
            _ => {
                let values = self.values(policy, clause, &machine);
                ConditionExplanation { values, ..self.quote(clause) }
            }
        };
        let lets = looked_at(clause, condition.parts.len());
        let explanation = NamedExplanation {
            name: name.clone(),
            title: title.as_ref().map(|text| self.decision.render(text, date).to_string()),
            value: told,
            read_by: vec![reader],
            text: condition.text,
            fault,
            values: condition.values,
            joined: condition.joined,
            parts: condition.parts,
        };
        (explanation, lets)
    }

    /// The nodes of named values, for those who do not look into what is told as a step of its own. A name
    /// for a field alone is none of these.
    pub(super) fn steps_of(&self, policy: &Policy, lets: &[LetId]) -> Vec<NodeId> {
        let program = &self.decision.program;
        let nodes = lets.iter().filter_map(|id| Some(policy.named(*id)?.clause.node));
        nodes.filter(|node| !program.parts(program.node(*node)).is_empty()).collect()
    }
}

/// The named values that were read in a condition of which so many parts were looked at.
fn looked_at(clause: &Clause, parts: usize) -> Vec<LetId> {
    match &clause.form {
        Form::AllOf(clauses) if parts > 0 => {
            clauses.iter().take(parts).flat_map(|clause| clause.lets.iter().copied()).collect()
        }
        _ => clause.lets.clone(),
    }
}
