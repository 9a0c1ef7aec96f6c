//! Policies that judge each element of a list: the record with the element beside its fields.

use std::collections::BTreeMap;

use rulebook_lang::model::Time;
use rulebook_syntax::ast::{ItemKind, Policy, Subject};

use super::{Exact, Reference, Value};

impl Reference<'_> {
    /// The record as the rules of a policy see it, once for each element, and the element.
    pub(super) fn elements(&self, policy: &Policy, record: &Value) -> Vec<(Value, Value)> {
        let Subject::Elements(node) = &policy.subject else { panic!("it judges whole records") };
        let mut found = vec![record.clone()];
        for name in node.list.names.iter().skip(1) {
            let held = found.into_iter().flat_map(|value| match value {
                Value::Record(mut fields) => match fields.remove(name.text).unwrap() {
                    Value::List(items) => items,
                    Value::Missing => Vec::new(),
                    other => vec![other],
                },
                other => panic!("{other:?} has no field {}", name.text),
            });
            found = held.collect();
        }
        let Value::Record(fields) = record else { panic!("{record:?} is no record") };
        let seen = (1..).zip(found).map(|(position, element)| {
            let mut fields = fields.clone();
            fields.insert("position".into(), Value::Number(Exact::whole(position)));
            fields.insert(node.variable.text.to_string(), element.clone());
            (Value::Record(fields), element)
        });
        seen.collect()
    }

    /// The elements, each with what a policy decided about it.
    pub(super) fn decided_elements(
        &self,
        policy: &Policy,
        record: &Value,
        times: (Time, Option<Time>),
    ) -> Value {
        let elements = self.elements(policy, record).into_iter().map(|(record, element)| {
            let Value::Record(fields) = element else { panic!("{element:?} is no record") };
            let mut all: BTreeMap<String, Value> = fields;
            for item in &policy.items {
                let ItemKind::Decide(decide) = &item.kind else { continue };
                let (policy, name) = (policy.name.text, decide.name.text);
                let decided = self.decided(policy, name, &record, times);
                all.insert(name.to_string(), decided.unwrap_or_else(Value::Faulty));
            }
            Value::Record(all)
        });
        Value::List(elements.collect())
    }
}
