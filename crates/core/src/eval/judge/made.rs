//! Lists and records that expressions make.

use super::fault::NodeFault;
use super::machine::{Around, Machine, Scope};
use super::watch::Watch;
use crate::program::{Comprehension, ComprehensionKind, MadeId, MadeRecord, NodeId, Operands};
use rulebook_lang::kernel::{Problem, order};
use rulebook_lang::model::{List, Record, Value};

impl<'r, W: Watch> Machine<'r, W> {
    /// A list of the values of some operands.
    #[inline(never)]
    pub(super) fn items(
        &self,
        id: NodeId,
        operands: Operands,
        around: Around<'_, 'r>,
    ) -> Result<Value<'r>, NodeFault> {
        let length = self.program.operands(operands).len();
        around.work.make(length).map_err(|problem| NodeFault { node: id, problem })?;
        Ok(Value::List(List::made(self.each(operands, around).collect::<Result<_, _>>()?)))
    }

    /// A record of the values of its fields: one that is a record itself has its slots among those of
    /// the whole.
    #[inline(never)]
    pub(super) fn made(
        &self,
        id: NodeId,
        made: MadeId,
        operands: Operands,
        around: Around<'_, 'r>,
    ) -> Result<Value<'r>, NodeFault> {
        let made = &self.program.made[made];
        let size = made.size as usize;
        around.work.make(size).map_err(|problem| NodeFault { node: id, problem })?;
        record_of(made, self.each(operands, around))
    }

    /// Records of a list for each of their fields, element by element.
    #[inline(never)]
    pub(super) fn rows(
        &self,
        id: NodeId,
        made: MadeId,
        operands: Operands,
        around: Around<'_, 'r>,
    ) -> Result<Value<'r>, NodeFault> {
        let made = &self.program.made[made];
        let columns = self.each(operands, around).collect::<Result<Vec<_>, _>>()?;
        let count = match columns.first() {
            Some(Value::List(list)) => list.len(),
            _ => 0,
        };
        let slots = count.saturating_mul(made.size as usize + 1);
        around.work.make(slots).map_err(|problem| NodeFault { node: id, problem })?;
        let cell = |column: &Value<'r>, at: usize| match column {
            Value::List(list) => list.get(at).unwrap_or(Value::Missing),
            _ => Value::Missing,
        };
        let rows = (0..count).map(|at| record_of(made, columns.iter().map(|of| Ok(cell(of, at)))));
        Ok(Value::List(List::made(rows.collect::<Result<_, _>>()?)))
    }

    /// A field of a record that lies at no place, which may be a record itself of so many slots.
    #[inline(never)]
    pub(super) fn field(
        &self,
        id: NodeId,
        of: NodeId,
        (offset, size): (u32, Option<u32>),
        around: Around<'_, 'r>,
    ) -> Result<Value<'r>, NodeFault> {
        let Value::Record(record) = self.within(of, around)? else { return Ok(Value::Missing) };
        let value = match size {
            Some(size) => record.record(offset, size),
            None => record.field(offset),
        };
        around.work.copy(&value).map_err(|problem| NodeFault { node: id, problem })?;
        Ok(value)
    }

    /// The list that a comprehension makes.
    #[inline(never)]
    pub(super) fn listed(
        &self,
        id: NodeId,
        inner: &Comprehension,
        list: &List<'r>,
        around: Around<'_, 'r>,
    ) -> Result<Value<'r>, NodeFault> {
        let fault = |problem| NodeFault { node: id, problem };
        let mut values = Vec::new();
        let mut keys = Vec::new();
        for element in list.iter() {
            around.work.take(inner.steps).map_err(fault)?;
            around.work.copy(&element).map_err(fault)?;
            self.watch.entered(id);
            let scope = Scope { variable: inner.variable, value: &element, outer: around.scope };
            let around = Around { scope: Some(&scope), ..around };
            if let Some(filter) = inner.filter
                && !self.holds(filter, around)?
            {
                continue;
            }
            let Some(body) = inner.body else { continue };
            let value = self.within(body, around)?;
            let before = values.len();
            match (inner.kind, value) {
                (ComprehensionKind::Joined, Value::List(joined)) => values.extend(joined.iter()),
                (ComprehensionKind::Sorted { .. }, key) => {
                    keys.push(key);
                    values.push(element.clone());
                }
                (_, value) => values.push(value),
            }
            around.work.make(values.len() - before).map_err(fault)?;
        }
        if let ComprehensionKind::Sorted { descending } = inner.kind {
            values = self.sorted(values, &keys, descending, around).map_err(fault)?;
        }
        Ok(Value::List(List::made(values)))
    }

    /// Values in the order of their keys; those whose keys are alike keep theirs.
    fn sorted(
        &self,
        values: Vec<Value<'r>>,
        keys: &[Value<'r>],
        descending: bool,
        around: Around<'_, 'r>,
    ) -> Result<Vec<Value<'r>>, Problem> {
        let count = keys.len() as u64;
        around
            .work
            .take(count.saturating_mul(u64::from(count.checked_ilog2().unwrap_or(0)) + 1))?;
        let context = self.context();
        let mut problem = None;
        let mut pairs: Vec<_> = keys.iter().zip(values).collect();
        pairs.sort_by(|(one, _), (other, _)| {
            let (one, other) = if descending { (other, one) } else { (one, other) };
            order(one, other, &context).unwrap_or_else(|failed| {
                problem = Some(failed);
                std::cmp::Ordering::Equal
            })
        });
        match problem {
            Some(problem) => Err(problem),
            None => Ok(pairs.into_iter().map(|(_, value)| value).collect()),
        }
    }
}

/// A record of the values of its fields; those of a field that is a record itself lie behind it.
fn record_of<'r>(
    made: &MadeRecord,
    values: impl Iterator<Item = Result<Value<'r>, NodeFault>>,
) -> Result<Value<'r>, NodeFault> {
    let mut slots = Vec::with_capacity(made.size as usize);
    for (value, inner) in values.zip(&made.fields) {
        let value = value?;
        let end = slots.len() + 1 + inner.map_or(0, |inner| inner as usize);
        match (inner, value) {
            (Some(_), Value::Record(record)) => {
                slots.push(Value::Bool(true));
                slots.extend(record.slots());
            }
            (_, value) => slots.push(value),
        }
        slots.resize(end, Value::Missing);
    }
    Ok(Value::Record(Record::made(slots)))
}
