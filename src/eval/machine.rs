//! Evaluates nodes on a row. This is the only place that says what a node does.

use crate::lang::kernel::{self, Context, Problem};
use crate::model::{List, Number, Store, Time, Value};
use crate::program::{Comprehension, ComprehensionKind, Node, NodeId, Operands, Program};

/// A problem at a node.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NodeFault {
    /// Where.
    pub node: NodeId,
    /// What.
    pub problem: Problem,
}

/// The most operands of a kernel.
const MAX_OPERANDS: usize = 4;

/// What expressions may read while one rule of one record is judged.
#[derive(Debug)]
pub struct Machine<'r> {
    program: &'r Program,
    row: &'r Store,
    now: Time,
    /// The date used: it picks the values of parameters.
    dated: Time,
    variables: Vec<Value<'r>>,
}

impl<'r> Machine<'r> {
    /// A machine for a row at a time; parameters are as of `dated`.
    pub fn new(program: &'r Program, row: &'r Store, now: Time, dated: Time) -> Self {
        Self { program, row, now, dated, variables: Vec::new() }
    }

    /// Sets the date that picks the values of parameters.
    pub fn date(&mut self, dated: Time) {
        self.dated = dated;
    }

    /// Whether a condition holds.
    ///
    /// # Errors
    /// The first problem on the way.
    pub fn test(&mut self, id: NodeId) -> Result<bool, NodeFault> {
        Ok(self.value(id)?.is_true())
    }

    /// The value of a node.
    ///
    /// # Errors
    /// The first problem on the way.
    pub fn value(&mut self, id: NodeId) -> Result<Value<'r>, NodeFault> {
        Ok(match self.program.node(id) {
            Node::Constant(cell) => self.program.constants.value(cell),
            Node::Pattern(index) => match self.program.patterns.get(index as usize) {
                Some(pattern) => Value::Pattern(pattern),
                None => Value::Missing,
            },
            Node::Slot(slot) => self.row.get(slot),
            Node::Local(variable) => self.variable(variable),
            Node::LocalField(variable, offset) => match self.variable(variable) {
                Value::Record(record) => record.field(offset),
                _ => Value::Missing,
            },
            Node::Parameter(parameter) => self
                .parameter(parameter.index())
                .map_err(|problem| NodeFault { node: id, problem })?,
            Node::Now => Value::Time(self.now),
            Node::Call(kernel, operands) => self.call(id, kernel, operands)?,
            Node::And(operands) => {
                for operand in self.program.operands(operands) {
                    if !self.test(*operand)? {
                        return Ok(Value::Bool(false));
                    }
                }
                Value::Bool(true)
            }
            Node::Or(operands) => {
                for operand in self.program.operands(operands) {
                    if self.test(*operand)? {
                        return Ok(Value::Bool(true));
                    }
                }
                Value::Bool(false)
            }
            Node::Coalesce(first, second) => match self.value(first)? {
                Value::Missing => self.value(second)?,
                value => value,
            },
            Node::Choice(operands) => self.choice(operands)?,
            Node::Presence(operand, present) => {
                Value::Bool(self.value(operand)?.is_missing() != present)
            }
            Node::AnyOf(operands, negated) => self.any_of(operands, negated)?,
            Node::InSet(operand, set, negated) => match self.value(operand)? {
                Value::Text(text) => {
                    let set = self.program.sets.get(set as usize);
                    Value::Bool(set.is_some_and(|set| set.contains(text.as_ref())) != negated)
                }
                _ => Value::Bool(negated),
            },
            Node::InRange { operands, closed, negated } => {
                Value::Bool(self.in_range(id, operands, closed)? != negated)
            }
            Node::Comprehension(index) => self.comprehension(id, index)?,
            Node::NumberText(operand) => match self.value(operand)? {
                Value::Number(number) => Value::Text(number.to_string().into()),
                other => other,
            },
            Node::MemberText(operand, members) => match self.value(operand)? {
                Value::Member(position) => {
                    let members = self.program.members.get(members as usize);
                    let name = members.and_then(|members| members.member(position));
                    Value::Text(name.unwrap_or_default().into())
                }
                other => other,
            },
        })
    }

    fn variable(&self, index: u32) -> Value<'r> {
        self.variables.get(index as usize).cloned().unwrap_or(Value::Missing)
    }

    fn parameter(&self, index: usize) -> Result<Value<'r>, Problem> {
        let Some(parameter) = self.program.parameters.get(index) else { return Ok(Value::Missing) };
        let begun = parameter
            .values
            .partition_point(|(from, _)| from.is_none_or(|from| from <= self.dated));
        match begun.checked_sub(1).and_then(|last| parameter.values.get(last)) {
            Some((_, cell)) => Ok(self.program.constants.value(*cell)),
            None => Err(Problem::NoValueYet(parameter.name.clone())),
        }
    }

    fn context(&self) -> Context<'r> {
        Context { zone: &self.program.zone }
    }

    fn call(
        &mut self,
        id: NodeId,
        kernel: kernel::Kernel,
        operands: Operands,
    ) -> Result<Value<'r>, NodeFault> {
        let mut values = [const { Value::Missing }; MAX_OPERANDS];
        let operands = self.program.operands(operands);
        for (value, operand) in values.iter_mut().zip(operands) {
            *value = self.value(*operand)?;
        }
        let values = values.get(..operands.len()).unwrap_or_default();
        kernel(values, &self.context()).map_err(|problem| NodeFault { node: id, problem })
    }

    fn choice(&mut self, operands: Operands) -> Result<Value<'r>, NodeFault> {
        let mut operands = self.program.operands(operands);
        while let [condition, value, rest @ ..] = operands {
            if self.test(*condition)? {
                return self.value(*value);
            }
            operands = rest;
        }
        match operands {
            [otherwise] => self.value(*otherwise),
            _ => Ok(Value::Missing),
        }
    }

    fn any_of(&mut self, operands: Operands, negated: bool) -> Result<Value<'r>, NodeFault> {
        let Some((value, items)) = self.program.operands(operands).split_first() else {
            return Ok(Value::Bool(negated));
        };
        let value = self.value(*value)?;
        for item in items {
            if self.value(*item)?.same(&value) {
                return Ok(Value::Bool(!negated));
            }
        }
        Ok(Value::Bool(negated))
    }

    fn in_range(
        &mut self,
        id: NodeId,
        operands: Operands,
        closed: bool,
    ) -> Result<bool, NodeFault> {
        let [value, low, high] = self.program.operands(operands) else { return Ok(false) };
        let value = self.value(*value)?;
        let fault = |problem| NodeFault { node: id, problem };
        let low = self.value(*low)?;
        if kernel::order(&value, &low, &self.context()).map_err(fault)?.is_lt() {
            return Ok(false);
        }
        let high = self.value(*high)?;
        let order = kernel::order(&value, &high, &self.context()).map_err(fault)?;
        Ok(order.is_lt() || (closed && order.is_eq()))
    }

    fn comprehension(&mut self, id: NodeId, index: u32) -> Result<Value<'r>, NodeFault> {
        let Some(inner) = self.program.comprehensions.get(index as usize) else {
            return Ok(Value::Missing);
        };
        let Value::List(list) = self.value(inner.list)? else { return Ok(Value::Missing) };
        let depth = inner.variable as usize;
        // An argument of a function may stand within a comprehension of its body that uses the same
        // number: the variables of that one come back afterwards.
        let outer: Vec<_> = self.variables.drain(depth.min(self.variables.len())..).collect();
        let result = self.over(id, inner, list);
        self.variables.truncate(depth);
        self.variables.extend(outer);
        result
    }

    fn over(
        &mut self,
        id: NodeId,
        inner: &Comprehension,
        list: List<'r>,
    ) -> Result<Value<'r>, NodeFault> {
        let depth = inner.variable as usize;
        let fault = |problem| NodeFault { node: id, problem };
        let mut count = 0_u64;
        let mut best: Option<Value<'r>> = None;
        for element in list.iter() {
            self.variables.truncate(depth);
            self.variables.push(element);
            if let Some(filter) = inner.filter
                && !self.test(filter)?
            {
                continue;
            }
            count += 1;
            let Some(body) = inner.body else { continue };
            let value = self.value(body)?;
            match inner.kind {
                ComprehensionKind::Any if value.is_true() => return Ok(Value::Bool(true)),
                ComprehensionKind::All if !value.is_true() => return Ok(Value::Bool(false)),
                ComprehensionKind::Any | ComprehensionKind::All | ComprehensionKind::Count => {}
                ComprehensionKind::Sum => {
                    best = Some(match best {
                        Some(sum) => kernel::add(&[sum, value], &self.context()).map_err(fault)?,
                        None => value,
                    });
                }
                ComprehensionKind::Min | ComprehensionKind::Max => {
                    let better = match &best {
                        Some(best) => {
                            let order =
                                kernel::order(&value, best, &self.context()).map_err(fault)?;
                            order.is_lt() == (inner.kind == ComprehensionKind::Min) && order.is_ne()
                        }
                        None => true,
                    };
                    if better {
                        best = Some(value);
                    }
                }
            }
        }
        Ok(match inner.kind {
            ComprehensionKind::Any => Value::Bool(false),
            ComprehensionKind::All => Value::Bool(true),
            ComprehensionKind::Count => Value::Number(Number::from(count)),
            ComprehensionKind::Sum => {
                best.unwrap_or_else(|| self.program.constants.value(inner.zero))
            }
            ComprehensionKind::Min | ComprehensionKind::Max => best.unwrap_or(Value::Missing),
        })
    }
}
