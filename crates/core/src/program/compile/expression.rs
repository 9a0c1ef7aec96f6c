//! Typed expressions to nodes.

use std::sync::Arc;

use super::{Bound, Env, Lowering};
use crate::program::constant::add_constant;
use crate::program::layout::{Layout, Layouter, slot};
use crate::program::{Comprehension, MembersId, Node, NodeId, Operands, SetId, zero_of};

use crate::check::typed::{
    self, Body, Constant, DecisionId, Expr, Fields, Items, Kind, Place, PolicyId, RecordKind, Root,
    enum_of,
};
use rulebook_base::source::Span;
use rulebook_lang::kernel::{self, Context, Kernel};
use rulebook_lang::model::{Cell, Pattern, Type, Value};

/// Lists of texts with at least this many items are looked up in a set.
const SET_SIZE: usize = 8;

impl Lowering<'_, '_> {
    /// The cell of a constant; an equal text has the same.
    fn constant(&mut self, constant: &Constant) -> Cell {
        let Constant::Text(text) = constant else {
            return add_constant(&mut self.program.constants, constant);
        };
        if let Some(cell) = self.kept.texts.get(text.as_str()) {
            return *cell;
        }
        let cell = self.program.constants.add_text(text);
        self.kept.texts.insert(text.as_str().into(), cell);
        cell
    }

    fn pattern(&mut self, pattern: &Pattern) -> Node {
        let patterns = &mut self.program.patterns;
        let number = self
            .kept
            .patterns
            .entry(pattern.as_str().to_string())
            .or_insert_with(|| patterns.push(pattern.clone()));
        Node::Pattern(*number)
    }

    /// Lowers expressions one by one, then keeps them side by side as operands.
    pub(super) fn row<'e>(
        &mut self,
        exprs: impl IntoIterator<Item = &'e Expr>,
        env: &Env,
    ) -> Operands {
        let mark = self.pending.len();
        for expr in exprs {
            let id = self.lower(expr, env);
            self.pending.push(id);
        }
        self.side_by_side(mark)
    }

    /// Keeps the operands lowered since `mark` side by side.
    pub(super) fn side_by_side(&mut self, mark: usize) -> Operands {
        let start = u32::try_from(self.program.operands.len()).unwrap_or(u32::MAX);
        self.program.operands.extend(self.pending.drain(mark..));
        let end = u32::try_from(self.program.operands.len()).unwrap_or(u32::MAX);
        Operands { start, end }
    }

    pub(super) fn lower(&mut self, expr: &Expr, env: &Env) -> NodeId {
        let id = self.lower_anew(expr, env);
        self.written.note(expr.span, id);
        id
    }

    fn lower_anew(&mut self, expr: &Expr, env: &Env) -> NodeId {
        let node = match &expr.kind {
            Kind::Constant(Constant::Pattern(pattern)) => self.pattern(pattern),
            Kind::Constant(constant) => Node::Constant(self.constant(constant)),
            Kind::Place(place) => match self.record_named(&expr.ty) {
                Some(record) => return self.record_at(place, record, expr.span, env),
                None => return self.place(place, expr.span, env),
            },
            Kind::Decision(policy, decision) => {
                self.reads.insert(*policy);
                Node::Decision(*policy, *decision)
            }
            Kind::Let(id, value) => return self.named(*id, value),
            Kind::Elements(policy) => {
                self.reads.insert(*policy);
                Node::Elements(*policy)
            }
            Kind::Parameter(id) => Node::Parameter(*id),
            Kind::List(id) => Node::Constant(self.list(*id)),
            Kind::Counter(id) => Node::Slot(self.counter_slot(*id)),
            Kind::Now => Node::Now,
            Kind::Missing => Node::Constant(Cell::Missing),
            Kind::Call(signature, operands) => {
                return self.call(signature.kernel, operands, expr.span, env);
            }
            Kind::Not(operand) => {
                return self.call(kernel::NOT, [&**operand], expr.span, env);
            }
            Kind::InList(value, list, negated) => {
                if let Some(set) = self.text_set(list) {
                    let value = self.lower(value, env);
                    return self.add(Node::InSet(value, set, *negated), expr.span);
                }
                let kernel: Kernel =
                    if *negated { kernel::NOT_CONTAINED } else { kernel::CONTAINED };
                return self.call(kernel, [&**value, &**list], expr.span, env);
            }
            Kind::And(operands) => Node::And(self.row(operands, env)),
            Kind::Or(operands) => Node::Or(self.row(operands, env)),
            Kind::Coalesce(a, b) => Node::Coalesce(self.lower(a, env), self.lower(b, env)),
            Kind::Choice(branches, otherwise) => {
                let branches = branches.iter().flat_map(|(condition, value)| [condition, value]);
                Node::Choice(self.row(branches.chain([&**otherwise]), env))
            }
            Kind::Presence(inner, present) => {
                // The cell of a record says by itself whether it is there.
                let inner = match &inner.kind {
                    Kind::Place(place) => {
                        let id = self.place(place, inner.span, env);
                        self.written.note(inner.span, id);
                        id
                    }
                    _ => self.lower(inner, env),
                };
                Node::Presence(inner, *present)
            }
            Kind::AnyOf(value, items, negated) => {
                Node::AnyOf(self.row([&**value].into_iter().chain(items), env), *negated)
            }
            Kind::InRange(range) => {
                let operands = self.row([&range.value, &range.low, &range.high], env);
                Node::InRange { operands, closed: range.closed, negated: range.negated }
            }
            Kind::Apply(id, arguments) => return self.apply(*id, arguments, expr.span, env),
            Kind::LookUp(table, output, arguments) => self.look_up(*table, *output, arguments, env),
            Kind::Comprehension(inner) => return self.comprehension(inner, expr.span, env),
            Kind::Try(inner) => Node::Try(self.lower(inner, env)),
            Kind::Items(items) => return self.items(items, expr.span, env),
            Kind::Record(id, fields) => return self.made(*id, fields, expr.span, env),
            Kind::Rows(id, lists) => {
                let operands = self.row(lists, env);
                Node::Rows(self.made_record(*id), operands)
            }
            Kind::Field(of, position) => {
                if let Some(output) = self.output_of(of, *position, env) {
                    return output;
                }
                let of_record = self.record_named(&of.ty);
                let of = self.lower(of, env);
                return self.field(of, of_record, &[*position], expr.span);
            }
            Kind::Key(inner) => {
                let value = self.lower(inner, env);
                match enum_of(&inner.ty) {
                    Some(members) => {
                        let all = &mut self.program.members;
                        let known = all.iter().position(|known| known == members);
                        let known = known.map(MembersId::at);
                        let id = known.unwrap_or_else(|| all.push(members.clone()));
                        Node::MemberText(value, id)
                    }
                    None => Node::NumberText(value),
                }
            }
            Kind::Wrong => Node::Constant(Cell::Missing),
        };
        self.add(node, expr.span)
    }

    fn list(&mut self, id: typed::ListId) -> Cell {
        if let Some(cell) = self.kept.lists.get(&id) {
            return *cell;
        }
        let cells: Vec<_> = match &self.checked.lists[id].items {
            Items::Values(items) => items.iter().map(|item| self.constant(item)).collect(),
            Items::Texts(texts) => {
                texts.iter().map(|text| self.program.constants.add_text(text)).collect()
            }
        };
        let (start, end) = self.program.constants.append(cells);
        let cell = Cell::List { start, end };
        self.kept.lists.insert(id, cell);
        cell
    }

    fn place(&mut self, place: &Place, span: Span, env: &Env) -> NodeId {
        let Some(bound) = bound(place, env) else {
            return self.add(Node::Constant(Cell::Missing), span);
        };
        let node = match bound {
            Bound::Node(id, record, fields) => return self.field(id, record, &fields, span),
            Bound::Place(place) => slot(self.layout, &place).map(Node::Slot),
            Bound::Variable(variable, _, fields) if fields.is_empty() => {
                Some(Node::Local(variable))
            }
            Bound::Variable(variable, record, fields)
                if let Some((policy, decision)) = self.decided_at(record, &fields) =>
            {
                Some(Node::ElementDecision(variable, policy, decision))
            }
            Bound::Variable(variable, record, fields) => {
                let place = Place { root: Root::Record, fields };
                slot(&self.element_layout(record), &place)
                    .map(|offset| Node::LocalField(variable, offset))
            }
        };
        self.add(node.unwrap_or(Node::Constant(Cell::Missing)), span)
    }

    /// The decision about an element that some fields of a record lead to.
    fn decided_at(
        &self,
        record: typed::RecordId,
        fields: &[u32],
    ) -> Option<(PolicyId, DecisionId)> {
        let RecordKind::Decided(policy) = self.checked.records[record].kind else { return None };
        let [at] = fields else { return None };
        // Behind each decision the record has whether it has a fault, without a name.
        let fields = self.checked.records[record].fields.iter();
        let decisions = fields.take_while(|field| !field.name.is_empty()).count();
        let at = *at as usize;
        (at < decisions).then(|| (policy, DecisionId::at(at)))
    }

    pub(super) fn element_layout(&mut self, record: typed::RecordId) -> Layout {
        let record = &self.checked.records[record];
        let mut layouter = Layouter {
            checked: self.checked,
            constants: &mut self.program.constants,
            profiles: &mut self.program.profiles,
        };
        layouter.record(record, 0)
    }

    fn call<'e>(
        &mut self,
        kernel: Kernel,
        operands: impl IntoIterator<Item = &'e Expr>,
        span: Span,
        env: &Env,
    ) -> NodeId {
        let operands = self.row(operands, env);
        let node = Node::Call(kernel, operands);
        match self.fold(kernel, operands) {
            Some(folded) => {
                self.take_back(node);
                self.add(Node::Constant(folded), span)
            }
            None => self.add(node, span),
        }
    }

    /// The set of a constant list of texts, if it is long enough to be worth one.
    fn text_set(&mut self, list: &Expr) -> Option<SetId> {
        match &list.kind {
            Kind::Constant(Constant::List(items)) => self.set_of(items),
            Kind::List(id) => {
                if let Some(set) = self.kept.list_sets.get(id) {
                    return Some(*set);
                }
                let set = match &self.checked.lists[*id].items {
                    Items::Values(items) => self.set_of(items)?,
                    Items::Texts(texts) if texts.len() < SET_SIZE => return None,
                    Items::Texts(texts) => self.program.sets.push(texts.clone()),
                };
                self.kept.list_sets.insert(*id, set);
                Some(set)
            }
            _ => None,
        }
    }

    fn set_of(&mut self, items: &[Constant]) -> Option<SetId> {
        if items.len() < SET_SIZE {
            return None;
        }
        let texts = items.iter().map(|item| match item {
            Constant::Text(text) => Some(text.clone()),
            _ => None,
        });
        let texts: Vec<String> = texts.collect::<Option<_>>()?;
        let sets = &mut self.program.sets;
        Some(*self.kept.sets.entry(texts).or_insert_with_key(|texts| {
            sets.push(Arc::new(texts.iter().map(String::as_str).collect()))
        }))
    }

    /// The value of a kernel on constants; a fault is left for the evaluation to tell.
    fn fold(&mut self, kernel: Kernel, operands: Operands) -> Option<Cell> {
        let constants = &self.program.constants;
        let operands = self.program.operands(operands);
        let is_constant = |id: &NodeId| matches!(self.program.node(*id), Node::Constant(_));
        if !operands.iter().all(is_constant) {
            return None;
        }
        let values: Option<Vec<Value<'_>>> = operands
            .iter()
            .map(|id| match self.program.node(*id) {
                Node::Constant(Cell::List { .. }) => None,
                Node::Constant(cell) => Some(constants.value(cell)),
                _ => None,
            })
            .collect();
        let result = kernel
            .run(
                &values?,
                &Context { zone: &self.program.zone, calendars: &self.program.calendars },
            )
            .ok()?;
        let constant = Constant::from_value(&result)?;
        Some(self.constant(&constant))
    }

    fn apply(
        &mut self,
        id: typed::FunctionId,
        arguments: &[Expr],
        span: Span,
        env: &Env,
    ) -> NodeId {
        let function = &self.checked.functions[id];
        let body = match &function.body {
            Body::Expression(body) => body,
            Body::Script(Some(script)) => {
                return self.script(id, (function, script), arguments, span, env);
            }
            Body::Script(None) => return self.add(Node::Constant(Cell::Missing), span),
        };
        let mut inside = Env::new();
        for ((local, _), argument) in function.arguments.iter().zip(arguments) {
            let record = self.record_named(&argument.ty);
            // A record is handed on as the place where it lies.
            let bound = match (&argument.kind, record) {
                (Kind::Place(place), Some(_)) => {
                    bound(place, env).unwrap_or_else(|| Bound::Place(place.clone()))
                }
                _ => Bound::Node(self.lower(argument, env), record, Fields::new()),
            };
            inside.insert(*local, bound);
        }
        self.lower(body, &inside)
    }

    fn comprehension(&mut self, inner: &typed::Comprehension, span: Span, env: &Env) -> NodeId {
        let list = self.lower(&inner.list, env);
        let variable = self.depth;
        let record = match &inner.list.ty {
            Type::List(element) => self.record_named(element),
            _ => None,
        };
        let record = record.unwrap_or(typed::RecordId::at(0));
        let mut inside = env.clone();
        inside.insert(inner.variable, Bound::Variable(variable, record, Fields::new()));
        self.depth += 1;
        let filter = inner.filter.as_ref().map(|expr| self.lower(expr, &inside));
        let body = inner.body.as_ref().map(|expr| self.lower(expr, &inside));
        self.depth -= 1;
        let zero = zero_of(inner.body.as_ref().map_or(&Type::Number, |body| &body.ty));
        let compiled =
            Comprehension { kind: inner.kind, variable, list, filter, body, zero, steps: 0 };
        let id = self.program.comprehensions.push(compiled);
        self.add(Node::Comprehension(id), span)
    }
}

/// What a place stands for; nothing where its root is not known here.
pub(super) fn bound(place: &Place, env: &Env) -> Option<Bound> {
    match place.root {
        Root::Record => Some(Bound::Place(place.clone())),
        Root::Local(local) => env.get(&local).map(|bound| extend(bound, &place.fields)),
    }
}

fn extend(bound: &Bound, fields: &[u32]) -> Bound {
    match bound {
        Bound::Place(place) => {
            let mut place = place.clone();
            place.fields.extend_from_slice(fields);
            Bound::Place(place)
        }
        Bound::Variable(variable, record, own) => {
            let fields = own.iter().chain(fields).copied().collect();
            Bound::Variable(*variable, *record, fields)
        }
        Bound::Node(id, record, before) => {
            Bound::Node(*id, *record, before.iter().chain(fields).copied().collect())
        }
    }
}
