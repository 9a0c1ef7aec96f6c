//! Evaluates nodes on a row. This is the only place that says what a node does.

use std::cell::Cell;

use super::asked::Asked;
use super::case::Case;
use super::fault::NodeFault;
use super::readings::Readings;
use super::table;
use super::times::Times;
use super::watch::{Unwatched, Watch};
use super::work::{MOST, Work};
use super::{decided, decided_elements};
use crate::program::{
    Comprehension, ComprehensionId, ComprehensionKind, DecisionId, Node, NodeId, Numbers, Once,
    OnceId, Operands, ParameterId, PolicyId, Program, ScriptId, TableId,
};
use crate::script::Returned;
use rulebook_lang::kernel::{self, Context, Problem};
use rulebook_lang::model::{List, Number, Store, Time, Value};

/// The most operands of a kernel.
const MAX_OPERANDS: usize = 4;

/// What expressions may read while one rule of one record is judged, and who looks on.
#[derive(Debug, Clone, Copy)]
pub struct Machine<'r, W = Unwatched> {
    pub(super) program: &'r Program,
    row: &'r Store,
    readings: &'r Readings,
    times: Times,
    /// The date used: it picks the values of parameters.
    date: Time,
    /// The steps left for the record; where nobody counts them, each expression has all.
    steps: Option<&'r Cell<u64>>,
    pub(super) watch: W,
}

/// The variable of a comprehension, within those of the comprehensions around it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Scope<'s, 'r> {
    pub(super) variable: u32,
    pub(super) value: &'s Value<'r>,
    pub(super) outer: Option<&'s Scope<'s, 'r>>,
}

/// What is around a node: the variables, and the work on the expression that it belongs to.
#[derive(Debug, Clone, Copy)]
pub(super) struct Around<'s, 'r> {
    pub(super) scope: Option<&'s Scope<'s, 'r>>,
    pub(super) work: &'s Work<'r>,
}

impl<'r> Machine<'r> {
    /// A machine for the record of a case.
    pub(crate) fn of(case: &Case<'r>, times: Times) -> Self {
        Self::new(case.program, case.row.store, case.readings, times)
    }

    /// A machine for a row; parameters are as of the date of rules that have none of their own.
    pub fn new(program: &'r Program, row: &'r Store, readings: &'r Readings, times: Times) -> Self {
        let (date, steps, watch) = (times.date(), None, Unwatched);
        Self { program, row, readings, times, date, steps, watch }
    }

    /// The same machine, whose expressions together may take no more steps than are left.
    pub fn counted(&self, steps: &'r Cell<u64>) -> Self {
        Self { steps: Some(steps), ..*self }
    }

    /// The same machine with somebody who looks on.
    pub(crate) fn watched<W: Watch>(&self, watch: W) -> Machine<'r, W> {
        let Self { program, row, readings, times, date, steps, .. } = *self;
        Machine { program, row, readings, times, date, steps, watch }
    }
}

impl<'r, W: Watch> Machine<'r, W> {
    /// The same machine with another date for the values of parameters.
    #[must_use]
    pub fn dated(&self, date: Time) -> Self {
        Self { date, ..*self }
    }

    /// The times by which the record is judged.
    pub(crate) fn times(&self) -> Times {
        self.times
    }

    /// The date for the values of parameters.
    pub(super) fn date(&self) -> Time {
        self.date
    }

    /// What a policy decides about the record; `None` for a fault. There must be room for it among
    /// the readings.
    pub fn decided(&self, policy: PolicyId, decision: DecisionId) -> Option<Value<'r>> {
        decided(self.readings, (self.program, self.row, self.times), (policy, decision))
    }

    /// Whether a condition holds.
    ///
    /// # Errors
    /// The first problem on the way.
    pub fn test(&self, id: NodeId) -> Result<bool, NodeFault> {
        Ok(self.value(id)?.is_true())
    }

    /// The value of a node.
    ///
    /// # Errors
    /// The first problem on the way.
    pub fn value(&self, id: NodeId) -> Result<Value<'r>, NodeFault> {
        let work = Work::of(self.steps.map_or(MOST, Cell::get));
        let value = match self.program.heavy.get(&id) {
            Some(steps) => {
                let taken = work.take(*steps).map_err(|problem| NodeFault { node: id, problem });
                taken.and_then(|()| self.within(id, Around { scope: None, work: &work }))
            }
            None => self.within(id, Around { scope: None, work: &work }),
        };
        if let Some(steps) = self.steps {
            steps.set(work.left());
        }
        value
    }

    pub(super) fn holds(&self, id: NodeId, around: Around<'_, 'r>) -> Result<bool, NodeFault> {
        Ok(self.within(id, around)?.is_true())
    }

    pub(super) fn within(
        &self,
        id: NodeId,
        around: Around<'_, 'r>,
    ) -> Result<Value<'r>, NodeFault> {
        let result = match self.program.step(id) {
            Node::Once(once) => self.once(id, once, around),
            node => self.evaluate(id, node, around),
        };
        if W::SEES
            && let Ok(value) = &result
        {
            self.watch.saw(id, value);
        }
        result
    }

    /// The value of an expression that is worked out the first time that anybody asks for it. Only what
    /// is as of another date, or cannot be kept, is worked out again.
    #[inline(never)]
    fn once(
        &self,
        id: NodeId,
        once: OnceId,
        around: Around<'_, 'r>,
    ) -> Result<Value<'r>, NodeFault> {
        let Once { node, dated, .. } = self.program.once[once];
        let kept = self.readings.kept(once);
        if let Some(kept) = kept.filter(|_| !W::SEES)
            && (!dated || kept.date() == self.date)
        {
            return kept.value();
        }
        let value = self.evaluate(id, node, around);
        if kept.is_none() {
            self.readings.keep(once, self.date, &value);
        }
        value
    }

    #[inline(always)]
    fn evaluate(
        &self,
        id: NodeId,
        node: Node,
        around: Around<'_, 'r>,
    ) -> Result<Value<'r>, NodeFault> {
        Ok(match node {
            Node::Constant(cell) => self.program.constants.value(cell),
            Node::Pattern(pattern) => Value::Pattern(&self.program.patterns[pattern]),
            Node::Slot(slot) => self.row.get(slot),
            Node::Local(variable) => local(variable, around).cloned().unwrap_or(Value::Missing),
            Node::LocalField(variable, offset) => match local(variable, around) {
                Some(Value::Record(record)) => record.field(offset),
                _ => Value::Missing,
            },
            Node::Decision(policy, decision) => return self.decision(id, policy, decision),
            Node::Elements(policy) => {
                decided_elements(self.readings, (self.program, self.row, self.times), policy)
            }
            Node::ElementDecision(variable, policy, decision) => {
                return self.element_decision(id, (policy, decision), local(variable, around));
            }
            Node::Record(slot, size) => self.row.record(slot, size),
            Node::LocalRecord(variable, offset, size) => match local(variable, around) {
                Some(Value::Record(record)) => record.record(offset, size),
                _ => Value::Missing,
            },
            Node::Script(index, operands) => return self.script(id, index, operands, around),
            Node::Parameter(parameter) => {
                self.parameter(parameter).map_err(|problem| NodeFault { node: id, problem })?
            }
            Node::Now => Value::Time(self.times.now),
            Node::Call(kernel, operands) => return self.call(id, kernel, operands, around),
            Node::And(operands) => {
                for operand in self.program.operands(operands) {
                    if !self.holds(*operand, around)? {
                        return Ok(Value::Bool(false));
                    }
                }
                Value::Bool(true)
            }
            Node::Or(operands) => {
                for operand in self.program.operands(operands) {
                    if self.holds(*operand, around)? {
                        return Ok(Value::Bool(true));
                    }
                }
                Value::Bool(false)
            }
            Node::Coalesce(first, second) => match self.within(first, around)? {
                Value::Missing => self.within(second, around)?,
                value => value,
            },
            Node::Try(operand) => match self.within(operand, around) {
                Err(fault) if fault.problem.is_answered() => Value::Missing,
                result => return result,
            },
            Node::Choice(operands) => return self.choice(operands, around),
            Node::Presence(operand, present) => {
                Value::Bool(self.within(operand, around)?.is_missing() != present)
            }
            Node::AnyOf(operands, negated) => return self.any_of(operands, negated, around),
            Node::InSet(operand, set, negated) => match self.within(operand, around)? {
                Value::Text(text) => {
                    Value::Bool(self.program.sets[set].contains(text.as_ref()) != negated)
                }
                _ => Value::Bool(negated),
            },
            Node::InRange { operands, closed, negated } => {
                Value::Bool(self.in_range(id, operands, closed, around)? != negated)
            }
            Node::LookUp { table, output, operands } => {
                return self.look_up(id, table, output, operands, around);
            }
            Node::Comprehension(index) => return self.comprehension(id, index, around),
            Node::Field(of, offset, size) => return self.field(id, of, (offset, size), around),
            Node::Items(operands) => return self.items(id, operands, around),
            Node::Rows(made, operands) => return self.rows(id, made, operands, around),
            Node::Made(made, operands) => return self.made(id, made, operands, around),
            Node::NumberText(operand) => match self.within(operand, around)? {
                Value::Number(number) => Value::Text(number.to_string().into()),
                Value::Fraction(fraction) => Value::Text(fraction.rounded().to_string().into()),
                other => other,
            },
            Node::MemberText(operand, members) => match self.within(operand, around)? {
                Value::Member(position) => {
                    let name = self.program.members[members].member(position);
                    Value::Text(name.unwrap_or_default().into())
                }
                other => other,
            },
            // What it stands for is at hand.
            Node::Once(once) => return self.once(id, once, around),
        })
    }

    fn decision(
        &self,
        id: NodeId,
        policy: PolicyId,
        decision: DecisionId,
    ) -> Result<Value<'r>, NodeFault> {
        self.decided(policy, decision).ok_or_else(|| {
            let path = self.program.decision_path(policy, decision);
            NodeFault { node: id, problem: Problem::FaultyDecision(path) }
        })
    }

    /// What a policy decided about an element, which stands before its fields: first the decisions, then
    /// whether each has a fault.
    fn element_decision(
        &self,
        id: NodeId,
        (policy, decision): (PolicyId, DecisionId),
        element: Option<&Value<'r>>,
    ) -> Result<Value<'r>, NodeFault> {
        let Some(Value::Record(element)) = element else { return Ok(Value::Missing) };
        let decisions = self.program.policies[policy].decisions.len();
        let has_fault = u32::try_from(decisions + decision.index()).unwrap_or(u32::MAX);
        if element.field(has_fault).is_true() {
            let path = self.program.decision_path(policy, decision);
            return Err(NodeFault { node: id, problem: Problem::FaultyDecision(path) });
        }
        Ok(element.field(decision.0))
    }

    fn parameter(&self, id: ParameterId) -> Result<Value<'r>, Problem> {
        let parameter = &self.program.parameters[id];
        let begun =
            parameter.values.partition_point(|(from, _)| from.is_none_or(|from| from <= self.date));
        match begun.checked_sub(1).and_then(|last| parameter.values.get(last)) {
            Some((_, cell)) => Ok(self.program.constants.value(*cell)),
            None => Err(Problem::NoValueYet(parameter.name.clone())),
        }
    }

    pub(super) fn context(&self) -> Context<'r> {
        Context { zone: &self.program.zone, calendars: &self.program.calendars }
    }

    fn call(
        &self,
        id: NodeId,
        kernel: kernel::Kernel,
        operands: Operands,
        around: Around<'_, 'r>,
    ) -> Result<Value<'r>, NodeFault> {
        let result = match self.program.operands(operands) {
            // Most kernels take two.
            [left, right] => {
                let values = [self.within(*left, around)?, self.within(*right, around)?];
                self.run(kernel, &values, around)
            }
            operands => {
                let mut values = [const { Value::Missing }; MAX_OPERANDS];
                for (value, operand) in values.iter_mut().zip(operands) {
                    *value = self.within(*operand, around)?;
                }
                let values = values.get(..operands.len()).unwrap_or_default();
                self.run(kernel, values, around)
            }
        };
        result.map_err(|problem| NodeFault { node: id, problem })
    }

    fn run(
        &self,
        kernel: kernel::Kernel,
        values: &[Value<'r>],
        around: Around<'_, 'r>,
    ) -> Result<Value<'r>, Problem> {
        // What is looked up for each element of a list is looked up often.
        if let ([item, Value::List(list)], Some(_)) = (values, around.scope)
            && let Some(found) = around.work.holds(list, item)?
        {
            return Ok(Value::Bool(found != (kernel == kernel::NOT_CONTAINED)));
        }
        if kernel.is_by_length() {
            match kernel.steps_for(values) {
                0 => {}
                steps => around.work.take(steps)?,
            }
        }
        let value = kernel.run(values, &self.context())?;
        match &value {
            Value::Fraction(fraction) => around.work.take(fraction.steps())?,
            Value::List(list) if list.is_made() => around.work.make(list.len())?,
            // An element of a list is copied.
            Value::Text(_) if matches!(values, [Value::List(_), ..]) => around.work.copy(&value)?,
            _ => {}
        }
        Ok(value)
    }

    /// The values of operands, one by one.
    pub(super) fn each(
        &self,
        operands: Operands,
        around: Around<'_, 'r>,
    ) -> impl Iterator<Item = Result<Value<'r>, NodeFault>> {
        self.program.operands(operands).iter().map(move |operand| self.within(*operand, around))
    }

    /// Calls a script. A list that it gives is kept with the row.
    fn script(
        &self,
        id: NodeId,
        script: ScriptId,
        operands: Operands,
        around: Around<'_, 'r>,
    ) -> Result<Value<'r>, NodeFault> {
        let function = &self.program.scripts[script];
        let values: Vec<_> = self.each(operands, around).collect::<Result<_, _>>()?;
        let (given, taken) = function.script.call(&values, &function.arguments, &function.result);
        let counted = around.work.take_call(taken, function.script.operations());
        match given.and_then(|given| counted.map(|()| given)) {
            Ok(Returned::Single(value)) => Ok(value),
            Ok(Returned::Kept(store, cell)) => Ok(self.row.keep(store).value(cell)),
            Err(problem) => Err(NodeFault { node: id, problem }),
        }
    }

    fn look_up(
        &self,
        id: NodeId,
        table: TableId,
        output: u32,
        operands: Operands,
        around: Around<'_, 'r>,
    ) -> Result<Value<'r>, NodeFault> {
        let (id_of_table, table) = (table, &self.program.tables[table]);
        let operands = self.program.operands(operands);
        let (inputs, cells) = operands.split_at_checked(table.arity()).unwrap_or((operands, &[]));
        let mut numbers = Numbers::new();
        for (input, operand) in inputs.iter().enumerate() {
            let value = self.within(*operand, around)?;
            numbers.push(table.number(input, &value));
        }
        numbers.extend(table.date_number(self.date));
        let constants = &self.program.constants;
        let matched = |row| self.watch.matched(id_of_table, row);
        if !table.is_plain() {
            let cell = |at: usize| match cells.get(at) {
                Some(cell) => self.within(*cell, around),
                None => Ok(Value::Missing),
            };
            let asked = Asked {
                table,
                output,
                numbers: &numbers,
                constants,
                context: &self.context(),
                row: self.row,
                cell: &cell,
                matched: &matched,
                node: id,
            };
            return asked.value();
        }
        table::value(table, output, &numbers, constants, &self.context(), matched)
            .map_err(|problem| NodeFault { node: id, problem })
    }

    fn choice(&self, operands: Operands, around: Around<'_, 'r>) -> Result<Value<'r>, NodeFault> {
        let mut operands = self.program.operands(operands);
        while let [condition, value, rest @ ..] = operands {
            if self.holds(*condition, around)? {
                return self.within(*value, around);
            }
            operands = rest;
        }
        match operands {
            [otherwise] => self.within(*otherwise, around),
            _ => Ok(Value::Missing),
        }
    }

    fn any_of(
        &self,
        operands: Operands,
        negated: bool,
        around: Around<'_, 'r>,
    ) -> Result<Value<'r>, NodeFault> {
        let Some((value, items)) = self.program.operands(operands).split_first() else {
            return Ok(Value::Bool(negated));
        };
        let value = self.within(*value, around)?;
        for item in items {
            if self.within(*item, around)?.same(&value) {
                return Ok(Value::Bool(!negated));
            }
        }
        Ok(Value::Bool(negated))
    }

    fn in_range(
        &self,
        id: NodeId,
        operands: Operands,
        closed: bool,
        around: Around<'_, 'r>,
    ) -> Result<bool, NodeFault> {
        let [value, low, high] = self.program.operands(operands) else { return Ok(false) };
        let value = self.within(*value, around)?;
        let fault = |problem| NodeFault { node: id, problem };
        let low = self.within(*low, around)?;
        if kernel::order(&value, &low, &self.context()).map_err(fault)?.is_lt() {
            return Ok(false);
        }
        let high = self.within(*high, around)?;
        let order = kernel::order(&value, &high, &self.context()).map_err(fault)?;
        Ok(order.is_lt() || (closed && order.is_eq()))
    }

    fn comprehension(
        &self,
        id: NodeId,
        comprehension: ComprehensionId,
        around: Around<'_, 'r>,
    ) -> Result<Value<'r>, NodeFault> {
        let inner = &self.program.comprehensions[comprehension];
        match self.within(inner.list, around)? {
            Value::List(list) if inner.kind.makes() => self.listed(id, inner, &list, around),
            Value::List(list) => self.over(id, inner, list, around),
            _ => Ok(Value::Missing),
        }
    }

    fn over(
        &self,
        id: NodeId,
        inner: &Comprehension,
        list: List<'r>,
        around: Around<'_, 'r>,
    ) -> Result<Value<'r>, NodeFault> {
        let fault = |problem| NodeFault { node: id, problem };
        let mut count = 0_u64;
        let mut folded: Option<Value<'r>> = None;
        let fold = inner.kind.fold();
        for element in list.iter() {
            around.work.take(inner.steps).map_err(fault)?;
            self.watch.entered(id);
            let scope = Scope { variable: inner.variable, value: &element, outer: around.scope };
            let around = Around { scope: Some(&scope), ..around };
            if let Some(filter) = inner.filter
                && !self.holds(filter, around)?
            {
                continue;
            }
            count += 1;
            let Some(body) = inner.body else { continue };
            let value = self.within(body, around)?;
            match (inner.kind, fold) {
                (ComprehensionKind::Any, _) if value.is_true() => return Ok(Value::Bool(true)),
                (ComprehensionKind::All, _) if !value.is_true() => return Ok(Value::Bool(false)),
                (_, None) => {}
                (_, Some(fold)) => {
                    folded = Some(match folded {
                        Some(so_far) => fold
                            .both([so_far, value], &self.context())
                            .map_err(|clash| fault(clash.into()))?,
                        None => value,
                    });
                    if let Some(Value::Fraction(fraction)) = &folded {
                        around.work.take(fraction.steps()).map_err(fault)?;
                    }
                }
            }
        }
        Ok(match inner.kind {
            ComprehensionKind::Any => Value::Bool(false),
            ComprehensionKind::All => Value::Bool(true),
            ComprehensionKind::Count => Value::Number(Number::from(count)),
            ComprehensionKind::Sum => {
                folded.unwrap_or_else(|| self.program.constants.value(inner.zero))
            }
            _ => folded.unwrap_or(Value::Missing),
        })
    }
}

/// The value of a variable. Of two with one number the inner one is meant: an argument of a function
/// may stand within a comprehension of its body that uses the same number.
fn local<'s, 'r>(variable: u32, around: Around<'s, 'r>) -> Option<&'s Value<'r>> {
    let mut scope = around.scope;
    while let Some(inner) = scope {
        if inner.variable == variable {
            return Some(inner.value);
        }
        scope = inner.outer;
    }
    None
}
