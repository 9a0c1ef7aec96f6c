//! What lists and records that expressions make mean, and what is made of the elements of lists.

use rulebook_syntax::ast::{Comprehension, DefinitionKind, Each, Expr, Name};

use super::expression::{Env, Local, fault};
use super::functions::exact;
use super::{Exact, Fault, Reference, Value, decimal};

/// A field of a record, which is missing where that is.
pub(super) fn field_of(value: Value, name: &str) -> Value {
    match value {
        Value::Record(fields) => fields[name].clone(),
        Value::Missing => Value::Missing,
        other => panic!("{other:?} has no field {name}"),
    }
}

/// The same, where it is no fault itself.
pub(super) fn read_of(value: Value, name: &str) -> Result<Value, Fault> {
    match field_of(value, name) {
        Value::Faulty(code) => Err(code),
        value => Ok(value),
    }
}

/// Whether units are a whole number other than zero.
fn is_place(units: &i128) -> bool {
    *units != 0 && units % decimal::ONE == 0
}

/// The value of a function of lists.
pub(super) fn of_lists(name: &str, values: &[Value]) -> Option<Result<Value, Fault>> {
    Some(Ok(match (name, values) {
        ("first", [Value::List(items)]) => items.first().cloned().unwrap_or(Value::Missing),
        ("last", [Value::List(items)]) => items.last().cloned().unwrap_or(Value::Missing),
        ("nth", [Value::List(items), place]) => {
            let Some(place) = exact(place).units().filter(is_place) else {
                return Some(fault("bad-argument"));
            };
            let place = place / decimal::ONE;
            let from_start = if place < 0 { items.len() as i128 + place } else { place - 1 };
            let at = usize::try_from(from_start).ok();
            at.and_then(|at| items.get(at)).cloned().unwrap_or(Value::Missing)
        }
        ("distinct", [Value::List(items)]) => {
            let mut different: Vec<Value> = Vec::new();
            for item in items {
                if !different.contains(item) {
                    different.push(item.clone());
                }
            }
            Value::List(different)
        }
        ("contains_any", [Value::List(items), Value::List(wanted)]) => {
            Value::Bool(wanted.iter().any(|item| items.contains(item)))
        }
        ("contains_all", [Value::List(items), Value::List(wanted)]) => {
            Value::Bool(wanted.iter().all(|item| items.contains(item)))
        }
        _ => return None,
    }))
}

impl Reference<'_> {
    /// What a form makes of the elements of a list.
    pub(super) fn comprehension<'r>(
        &'r self,
        node: &'r Comprehension<'r>,
        env: &Env<'r>,
    ) -> Result<Value, Fault> {
        let kind = node.kind.text;
        let Value::List(items) = self.present(&node.list, env)? else { panic!("no list") };
        let mut bodies: Vec<Value> = Vec::new();
        let mut sorted: Vec<(Value, Value)> = Vec::new();
        for item in items {
            let env = env.with(node.variable.text, item);
            if let Some(filter) = &node.filter
                && !self.holds(filter, &env)?
            {
                continue;
            }
            let body = match (&node.body, &node.order) {
                (Some(body), _) => self.present(body, &env)?,
                (None, Some(order)) => {
                    let key = self.present(&order.key, &env)?;
                    let Some((_, Local::Value(item))) = env.locals.last() else {
                        panic!("no item")
                    };
                    let behind = |(earlier, _): &(Value, Value)| {
                        let order_of_both = self.order(earlier, &key).unwrap();
                        if order.descending { order_of_both.is_lt() } else { order_of_both.is_gt() }
                    };
                    let at = sorted.iter().position(behind).unwrap_or(sorted.len());
                    sorted.insert(at, (key, item.clone()));
                    continue;
                }
                (None, None) => Value::Missing,
            };
            if (kind == "any" || kind == "all") && body == Value::Bool(kind == "any") {
                return Ok(body);
            }
            match bodies.pop_if(|_| kind == "sum") {
                Some(sum) => bodies.push(self.add(sum, body)?),
                None => bodies.push(body),
            }
        }
        Ok(match kind {
            "sorted" => Value::List(sorted.into_iter().map(|(_, item)| item).collect()),
            "any" => Value::Bool(false),
            "all" => Value::Bool(true),
            "count" => Value::Number(Exact::whole(bodies.len() as i128)),
            "sum" => bodies.pop().unwrap_or(Value::Number(Exact::of(0))),
            "min" | "max" => self.extreme(&bodies, kind == "max")?.unwrap_or(Value::Missing),
            other => panic!("there is no {other}"),
        })
    }

    /// What a list form makes, behind what it has made so far.
    pub(super) fn each<'r>(
        &'r self,
        body: &'r Expr<'r>,
        clauses: &'r [Each<'r>],
        env: &Env<'r>,
        made: &mut Vec<Value>,
    ) -> Result<(), Fault> {
        let Some((clause, further)) = clauses.split_first() else {
            made.push(self.present(body, env)?);
            return Ok(());
        };
        let Value::List(items) = self.present(&clause.list, env)? else { panic!("no list") };
        for item in items {
            let env = env.with(clause.variable.text, item);
            if clause.filter.as_ref().map_or(Ok(true), |filter| self.holds(filter, &env))? {
                self.each(body, further, &env, made)?;
            }
        }
        Ok(())
    }

    /// A record of the values of its fields, or their defaults.
    pub(super) fn record_made<'r>(
        &'r self,
        name: &str,
        entries: &'r [(Name<'r>, Expr<'r>)],
        env: &Env<'r>,
    ) -> Result<Value, Fault> {
        let Some(DefinitionKind::Record(record)) = self.definition(name) else {
            panic!("there is no record {name}")
        };
        let fields = record.fields.iter().map(|field| {
            let given = entries.iter().find(|(given, _)| given.text == field.name.text);
            let value = match (given, &field.default) {
                (Some((_, value)), _) => self.eval(value, env)?,
                (None, Some(default)) => self.constant(default),
                (None, None) => Value::Missing,
            };
            Ok((field.name.text.to_string(), value))
        });
        fields.collect::<Result<_, Fault>>().map(Value::Record)
    }
}
